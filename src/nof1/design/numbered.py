"""What every allocation set is: sequences numbered without gaps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from nof1.words.caution import Caution

Order = tuple[int, ...]


class NumberedSet(ABC):
    """A set whose sequences are numbered: numbering and its inverse are all a set has to give."""

    @property
    @abstractmethod
    def n_periods(self) -> int:
        """Return the number of periods."""

    @property
    @abstractmethod
    def size(self) -> int:
        """Return the number of sequences, exactly."""

    @abstractmethod
    def sequence(self, index: int) -> Order:
        """Return sequence number `index`, 0 <= index < size; every sequence has one number."""

    @abstractmethod
    def index_of(self, sequence: Sequence[int]) -> int | None:
        """Return the number of `sequence`, or None when the draw could not have given it."""

    @abstractmethod
    def describe(self) -> Caution:
        """Return how the order was drawn."""

    def __iter__(self) -> Iterator[Order]:
        """Yield every sequence once, in the order of their numbers."""
        return (self.sequence(index) for index in range(self.size))

    def __contains__(self, sequence: object) -> bool:
        """Return whether the draw could have given `sequence`."""
        return isinstance(sequence, Sequence) and self.index_of(sequence) is not None

    def _check(self, index: int) -> None:
        if not 0 <= index < self.size:
            raise IndexError(f"sequence {index} of {self.size}")
