"""What is missing, doubtful or tampered with in a trial, without any arm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nof1.reports.terminal.check import check_lines
from nof1.trial.checking import Check
from nof1.trial.checking import check as check_trial
from nof1.trial.comparing import WITH_PAPER, WITH_SEAL
from nof1.trial.folder import Trial, open_trial
from nof1.trial.kept import KeptDigits
from nof1.workflow.clock import present
from nof1.workflow.result import JsonResult


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TrialCheck(JsonResult):
    """The state of a trial.

    Attributes
    ----------
    trial : Trial
        As opened.
    check : Check
        What is missing and doubtful, and what was compared.
    """

    trial: Trial
    check: Check

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        return check_lines(self.trial, self.check)

    def to_dict(self) -> dict[str, Any]:
        """Return the check as the JSON object of ``nof1 check --json``."""
        return self.check.as_json()

    def refuse_difference(self) -> None:
        """Raise a `TrialError` if something differs from the seal or from paper."""
        self.check.compared.refuse_difference(self.trial, of=(*WITH_SEAL, *WITH_PAPER))


def check(
    trial: Path | str, *, commitment: str | None = None, receipts: Sequence[str] = ()
) -> TrialCheck:
    """Return what is missing, doubtful or tampered with, without any arm.

    Parameters
    ----------
    trial : path
        The trial folder.
    commitment : str or None
        Digits of the commitment, as printed at the foot of a page, to be compared.
    receipts : sequence of str
        Receipts as written down, to be compared.

    Raises
    ------
    InputError
        If a text is no such number.
    TrialError
        If the folder is damaged. What differs from paper is in the result; `refuse_difference`
        of it raises.
    """
    kept = KeptDigits.read(commitment, list(receipts))
    opened = open_trial(Path(trial))
    check = check_trial(opened, today=present().date(), kept=kept)
    return TrialCheck(trial=opened, check=check)
