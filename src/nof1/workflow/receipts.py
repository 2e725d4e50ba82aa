"""What is said of an entry in the log, and of a correction."""

from __future__ import annotations

from nof1.errors import Fault
from nof1.trial.log import Entry


def receipt_said(entry: Entry) -> str:
    """Return the words to write down after something was recorded."""
    return f"Receipt {entry.receipt} (entry {entry.seq})."


def correction_fault() -> Fault:
    """Return the fault of giving only one of a correction and its reason."""
    return Fault("--correct", "a correction needs both --correct and --reason TEXT", "Add it.")
