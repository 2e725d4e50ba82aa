"""What a command has recorded so far: its last word when something fails afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from nof1.words.numbers import capitalised


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that something is done and stays.

    Attributes
    ----------
    where : Path
        The log, or the folder that was made.
    what : str
        What was done, for instance ``this was recorded``.
    text : str
        First 8 hex digits of the hash of the last entry; empty where none was written.
    then : str
        What to do, or not to do again.
    """

    where: Path
    what: str
    text: str
    then: str

    def __str__(self) -> str:
        """Return what to know when the command fails after all."""
        receipt = f", receipt {self.text}" if self.text else ""
        return f"{self.what} all the same{receipt}; {self.then}."

    @property
    def sentence(self) -> str:
        """Return the same as a sentence of its own."""
        return capitalised(str(self))

    @classmethod
    def of_entries(cls, log: Path, number: int, text: str) -> Receipt:
        """Return the receipt of entries in a log: their number, and the receipt of the last."""
        if number == 1:
            return cls(log, "this was recorded", text, "do not record it again")
        what = f"all {number} entries were recorded"
        return cls(log, what, text, "do not record them again")


_kept: ContextVar[list[Receipt] | None] = ContextVar("_kept", default=None)


@contextmanager
def receipts() -> Iterator[Sequence[Receipt]]:
    """Keep the receipts of everything recorded inside."""
    kept: list[Receipt] = []
    token = _kept.set(kept)
    try:
        yield kept
    finally:
        _kept.reset(token)


def keep(receipt: Receipt) -> None:
    """Keep a receipt: called as soon as the entries are in the log."""
    kept = _kept.get()
    if kept is not None:
        kept.append(receipt)
