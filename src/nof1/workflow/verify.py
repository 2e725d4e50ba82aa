"""A third person's check of a trial folder, and what hashes prove put back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nof1.errors import Fault, TrialError
from nof1.reports.terminal.comparisons import comparison_lines
from nof1.trial.comparing import Comparison, Comparisons, compare
from nof1.trial.folder import Trial, open_trial
from nof1.trial.kept import KeptDigits
from nof1.trial.log import Entry
from nof1.trial.repairing import Repair
from nof1.trial.repairing import repair as repair_trial
from nof1.trial.verifying import seal_fault
from nof1.workflow.clock import present
from nof1.workflow.keys import opened_seal, opening_key
from nof1.workflow.notes import Notes
from nof1.workflow.progress import Tell, silent
from nof1.workflow.result import JsonResult


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Verified(JsonResult):
    """What agrees in a trial folder, what does not, and what nothing can show.

    Attributes
    ----------
    trial : Trial
        As opened.
    compared : Comparisons
        What was held against what.
    notes : tuple of str
        What opening the seal took.
    """

    trial: Trial
    compared: Comparisons
    notes: tuple[str, ...]

    @property
    def different(self) -> tuple[Comparison, ...]:
        """Return what did not agree."""
        return self.compared.different

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield f"Trial of {self.trial.schedule.participant}: {self.trial.protocol.title}"
        yield from comparison_lines(self.compared)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparisons as the JSON object of ``nof1 verify --json``."""
        return {
            "schema": "nof1.verify/1",
            "person": self.trial.schedule.participant,
            "entries": len(self.trial.entries),
            "head": self.trial.head,
            "different": bool(self.different),
            **self.compared.as_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Repaired(JsonResult):
    """What was put back in a trial folder, and what could not be.

    Attributes
    ----------
    folder : Path
        The trial folder.
    repairs : tuple of Repair
        What was put back.
    left : tuple of Fault
        What is damaged and could not be proven; it is as it was.
    """

    folder: Path
    repairs: tuple[Repair, ...]
    left: tuple[Fault, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows: what was put back."""
        for repair in self.repairs:
            yield f"{repair.file}: {repair.damage}. Put back: {repair.proof}."
            if repair.kept is not None:
                yield f"  as it was: {self.folder / repair.kept}"

    def to_dict(self) -> dict[str, Any]:
        """Return the repair as the JSON object of ``nof1 repair --json``."""
        return {
            "schema": "nof1.repair/1",
            "repaired": [asdict(repair) for repair in self.repairs],
            "left": [asdict(fault) for fault in self.left],
        }

    def last_entry(self) -> Entry:
        """Open the trial as it is now and return its last entry.

        Raises
        ------
        TrialError
            With what is still damaged.
        """
        if self.left:
            raise TrialError(self.left)
        opened = open_trial(self.folder)
        if fault := seal_fault(opened):  # of an early trial, whose log proves no seal
            raise TrialError(fault)
        return opened.entries[-1]


def verify(
    trial: Path | str,
    *,
    commitment: str | None = None,
    receipts: Sequence[str] = (),
    passphrase: str | None = None,
    passphrase_file: Path | str | None = None,
    identity: Path | str | None = None,
    tell: Tell = silent,
) -> Verified:
    """Compare a trial folder with itself, with its seal and with paper; nothing is written.

    Parameters
    ----------
    trial : path
        The trial folder.
    commitment : str or None
        Digits of the commitment, as printed at the foot of a page.
    receipts : sequence of str
        Receipts as written down.
    passphrase, passphrase_file, identity : str, path, path
        With one of them the seal is opened in memory; no arm is in the result.
    tell : callable
        Gets every note as it comes up.

    Raises
    ------
    InputError
        If a text is no such number.
    TrialError
        If the folder is damaged.
    SealError
        If the key does not open the seal.
    """
    notes, kept = Notes(tell), KeptDigits.read(commitment, list(receipts))
    opened = open_trial(Path(trial))
    allocation = None
    if not (passphrase is None and passphrase_file is None and identity is None):
        key = opening_key(passphrase, passphrase_file, identity, None)
        allocation = opened_seal(opened, key, tell=notes)
    compared = compare(opened, kept, opened=allocation)
    return Verified(trial=opened, compared=compared, notes=tuple(notes.texts))


def repair(trial: Path | str, *, cut_torn_end: bool = False) -> Repaired:
    """Put back what mail, editors or a cloud drive changed, where hashes prove it.

    Parameters
    ----------
    trial : path
        The trial folder.
    cut_torn_end : bool
        Whether a last line of the log that was cut off is left out; this is logged.

    Raises
    ------
    TrialError
        If the log, which proves the rest, cannot be proven; nothing was changed then.
    """
    folder = Path(trial)
    repairs, left = repair_trial(folder, cut_torn_end=cut_torn_end, now=present())
    return Repaired(folder=folder, repairs=repairs, left=left)
