"""What a command has recorded so far: its last word when something fails afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that something is in a log.

    Attributes
    ----------
    log : Path
        The log.
    number : int
        How many entries were written.
    text : str
        First 8 hex digits of the hash of the last one.
    """

    log: Path
    number: int
    text: str

    def __str__(self) -> str:
        """Return what to know when the command fails after all."""
        them, were = ("it", "was") if self.number == 1 else ("them", "were")
        what = "this" if self.number == 1 else f"all {self.number} entries"
        return (
            f"{what} {were} recorded all the same, receipt {self.text}; do not record {them} again."
        )


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
