"""The whole chain on an invented person, from the protocol to the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nof1 import demonstration
from nof1.design.passphrase import Passphrase
from nof1.errors import InputError
from nof1.files.replacing import new_folder, replace_files
from nof1.receipts import receipts
from nof1.reports.pages.printing import pack_pages
from nof1.trial.folder import open_trial, refuse_taken
from nof1.trial.locking import unseal
from nof1.workflow.analyse import analyse
from nof1.workflow.analyses import Analyses
from nof1.workflow.pages import print_trial
from nof1.workflow.progress import Tell, silent
from nof1.workflow.report import report
from nof1.workflow.result import ShownResult

_NOTHING = "Nothing of the demonstration is kept; mend that, then run it again."
#: The outcome whose truth is told.
_OUTCOME = "irls"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Demonstrated(ShownResult):
    """A whole trial of an invented person.

    Attributes
    ----------
    folder : Path
        Everything that was made.
    analyses : Analyses
        Every engine's answers.
    true_effect : float
        On the weekly score, in points.
    files : tuple of Path
        What is to be looked at.
    """

    folder: Path
    analyses: Analyses
    true_effect: float
    files: tuple[Path, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield from self.analyses.lines()
        yield ""
        effect = f"{self.true_effect:+g} points"
        yield f"The invented person's true effect on the weekly score: {effect}."
        yield ""
        yield "Look at"
        yield from (f"  {path}" for path in self.files)


def demo(out: Path | str = "nof1-demo", *, tell: Tell = silent) -> Demonstrated:
    """Run a whole trial of an invented person: design, print, pack, import, unseal, report.

    Parameters
    ----------
    out : path
        New folder for everything.
    tell : callable
        Told what is being done.

    Raises
    ------
    InputError
        If something is there already, or it cannot be written; nothing is kept then.
    """
    target = Path(out)
    refuse_taken(target)
    try:
        with receipts(), new_folder(target) as folder:
            made = _run(folder, tell)
    except InputError as error:  # whatever it says of the log, the log is gone as well
        raise InputError([replace(fault, mend=_NOTHING) for fault in error.faults]) from error
    files = tuple(target / path.relative_to(folder) for path in made.files)
    return replace(made, folder=target, files=files)


def _run(out: Path, tell: Tell) -> Demonstrated:
    """Run the whole chain in an empty folder."""
    folder, passphrase_file = out / "trial", out / "passphrase.txt"
    replace_files(out, {passphrase_file.name: f"{demonstration.PASSPHRASE}\n".encode()})

    tell("1/6  Drawing the order of the periods and sealing it (nof1 design)")
    trial = demonstration.start_demonstration(folder)
    tell("2/6  Printing the booklet, the clinician's pages and the calendar (nof1 print)")
    print_trial(folder)
    tell("3/6  Six months pass: an invented person keeps a diary (nof1 import, nof1 lock)")
    diary, diary_file = demonstration.write_diary(trial), out / "diary.csv"
    replace_files(out, {diary_file.name: diary.csv_text.encode()})
    entries = demonstration.fill_in(folder, diary_file, diary)
    tell(f"     {entries} entries in the log")
    tell("4/6  Opening the seal, verified against the commitment (nof1 unseal)")
    trial = open_trial(folder)
    allocation = unseal(
        trial,
        Passphrase(demonstration.PASSPHRASE),
        by="Dr A. Example",
        reason="The trial has ended.",
        now=demonstration.unsealing_time(trial),
    )
    tell("5/6  Making the packer's pages, as they were at the start (nof1 pack)")
    pack_pages(open_trial(folder), allocation, out / "packing")
    tell("6/6  Analysing with every engine and writing the reports (nof1 analyse, nof1 report)")
    reports = report(folder, tell=tell)
    return Demonstrated(
        folder=out,
        analyses=analyse(folder),
        true_effect=demonstration.TRUTH[_OUTCOME].effects[0],
        files=(folder / "print" / "participant.pdf", *reports.files),
    )
