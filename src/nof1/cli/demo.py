"""``nof1 demo``: the whole chain on an invented person, from the protocol to the report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, note, say
from nof1.errors import InputError

_NOTHING = "Nothing of the demonstration is kept; mend that, then run it again."


@app.command("demo")
def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="New folder for everything.")
    ] = Path("nof1-demo"),
) -> None:
    """Run a whole trial of an invented person: design, print, pack, import, unseal, report.

    \b
    nof1 demo
    nof1 demo --out /tmp/nof1-demo
    """
    from nof1.files import new_folder
    from nof1.receipts import receipts
    from nof1.trial.folder import refuse_taken

    refuse_taken(out)
    try:
        with receipts(), new_folder(out) as folder:
            files = _run(folder)
    except InputError as error:  # whatever it says of the log, the log is gone as well
        raise InputError([replace(fault, mend=_NOTHING) for fault in error.faults]) from error
    say()
    say(f"The invented person's true effect on the weekly score: {_truth()} points.")
    say()
    say("Look at")
    for path in files:
        say(f"  {out / path.relative_to(folder)}")


def _run(out: Path) -> tuple[Path, ...]:
    """Run the whole chain in an empty folder and return the files to look at."""
    from nof1 import demonstration
    from nof1.design.passphrase import Passphrase
    from nof1.reports.pages import pack_pages, print_pages
    from nof1.trial.folder import open_trial
    from nof1.trial.locking import unseal
    from nof1.workflow.analyse import analyse
    from nof1.workflow.report import report

    folder, passphrase_file = out / "trial", out / "passphrase.txt"
    passphrase_file.write_text(demonstration.PASSPHRASE + "\n", encoding="utf-8")

    note("1/6  Drawing the order of the periods and sealing it (nof1 design)")
    trial = demonstration.start_demonstration(folder)
    note("2/6  Printing the booklet, the clinician's pages and the calendar (nof1 print)")
    print_pages(trial, folder / "print")
    note("3/6  Six months pass: an invented person keeps a diary (nof1 import, nof1 lock)")
    diary, diary_file = demonstration.write_diary(trial), out / "diary.csv"
    diary_file.write_text(diary.csv_text, encoding="utf-8")
    entries = demonstration.fill_in(folder, diary_file, diary)
    note(f"     {entries} entries in the log")
    note("4/6  Opening the seal, verified against the commitment (nof1 unseal)")
    trial = open_trial(folder)
    allocation = unseal(
        trial,
        Passphrase(demonstration.PASSPHRASE),
        by="Dr A. Example",
        reason="The trial has ended.",
        now=demonstration.unsealing_time(trial),
    )
    note("5/6  Making the packer's pages, as they were at the start (nof1 pack)")
    pack_pages(open_trial(folder), allocation, out / "packing")
    note("6/6  Analysing with every engine and writing the reports (nof1 analyse, nof1 report)")
    reports = report(folder, tell=note)
    for line in analyse(folder).lines():
        say(line)
    return (folder / "print" / "participant.pdf", *reports.files)


def _truth() -> str:
    from nof1.demonstration import TRUTH

    return f"{TRUTH['irls'].effects[0]:+g}"
