"""The allocation: the sequence drawn, and what proves when it was fixed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol as Interface

from nof1.words.caution import Caution


class AllocationSet(Interface):
    """Every sequence the draw could have given.

    A sequence is a tuple of arm numbers, 0 for the comparator, then the actives in protocol order;
    its length is the number of periods.
    """

    @property
    def n_arms(self) -> int:
        """Return the number of arms."""
        ...

    @property
    def n_periods(self) -> int:
        """Return the number of periods."""
        ...

    @property
    def size(self) -> int:
        """Return the number of sequences, exactly."""
        ...

    def sequence(self, index: int) -> tuple[int, ...]:
        """Return sequence number `index`, 0 <= index < size; every sequence has one number."""
        ...

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        """Yield every sequence once."""
        ...

    def __hash__(self) -> int:
        """Return the same number for the same set."""
        ...

    def __contains__(self, sequence: object) -> bool:
        """Return whether the draw could have given `sequence`."""
        ...

    def describe(self) -> Caution:
        """Return how the order was drawn."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The files an allocation was drawn for, each by the SHA-256 of its bytes, 64 hex digits.

    Attributes
    ----------
    protocol_file : str
        Of the frozen ``protocol.toml``.
    schedule_file : str
        Of ``schedule.csv``.
    """

    protocol_file: str
    schedule_file: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Allocation:
    """The sequence drawn and the table of kits. Its `repr` hides everything.

    Attributes
    ----------
    arms : tuple of str, length n_periods
        Arm id of each period, in order of time.
    kits : tuple of str, length n_periods
        Kit code of each period.
    seed : bytes, length 32
        Randomness of the operating system from which the sequence was drawn.
    salt : bytes, length 32
        Randomness that keeps the commitment from being guessed.
    bound : Bound or None
        The protocol and the schedule it is sealed with; None before there is a schedule, and in
        seals made before nof1 wrote them there.
    """

    arms: tuple[str, ...]
    kits: tuple[str, ...]
    seed: bytes
    salt: bytes
    bound: Bound | None = None

    def __repr__(self) -> str:
        """Return a text without the allocation, safe in logs and tracebacks."""
        return f"<Allocation of {len(self.kits)} periods, hidden>"
