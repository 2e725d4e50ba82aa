"""Phases in a fixed order of arms whose change points are drawn (Onghena 1992)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from nof1.design.arrangements import arrangement, arrangement_number
from nof1.design.numbered import NumberedSet, Order
from nof1.words.caution import Caution


@dataclass(frozen=True)
class PhasesSet(NumberedSet):
    """Every choice of change points that leaves no phase shorter than `least`.

    Measurement occasions take the place of periods: a sequence has the arm of every occasion.
    With n occasions and k phases there are ``C(n - k least + k - 1, k - 1)`` sequences: the
    occasions to spare are shared out among the phases.

    Source: Onghena 1992, Behavioral Assessment 14:153.

    Attributes
    ----------
    phases : tuple of int
        Arm of every phase, no arm twice in a row, for instance (0, 1, 0, 1).
    days : tuple of int
        Study day of every measurement occasion, ascending.
    least : int
        Fewest occasions in a phase.

    Raises
    ------
    ValueError
        If the occasions are too few, or an arm follows itself.
    """

    phases: tuple[int, ...]
    days: tuple[int, ...]
    least: int

    def __post_init__(self) -> None:
        if self.spare < 0:
            raise ValueError(f"{len(self.days)} occasions are too few")
        if any(phase == following for phase, following in pairwise(self.phases)):
            raise ValueError("an arm follows itself")

    @property
    def n_arms(self) -> int:
        """Return the number of arms."""
        return 1 + max(self.phases)

    @property
    def n_periods(self) -> int:
        """Return the number of measurement occasions."""
        return len(self.days)

    @property
    def spare(self) -> int:
        """Return how many occasions can be shared out among the phases."""
        return len(self.days) - len(self.phases) * self.least

    @property
    def _counts(self) -> tuple[int, int]:
        """Return the spare occasions and the marks between the phases, which are arranged."""
        return self.spare, len(self.phases) - 1

    @property
    def size(self) -> int:
        """Return the number of sequences, exactly."""
        return math.comb(sum(self._counts), self._counts[1])

    def sequence(self, index: int) -> Order:
        """Return sequence number `index`."""
        self._check(index)
        marks = [i for i, letter in enumerate(arrangement(index, self._counts, None)) if letter]
        lengths = (
            after - before - 1 + self.least
            for before, after in pairwise((-1, *marks, sum(self._counts)))
        )
        return tuple(a for a, n in zip(self.phases, lengths, strict=True) for _ in range(n))

    def index_of(self, sequence: Sequence[int]) -> int | None:
        """Return the number of `sequence`, or None."""
        runs = [(arm, len(list(run))) for arm, run in groupby(sequence)]
        if len(sequence) != len(self.days) or tuple(arm for arm, _ in runs) != self.phases:
            return None
        if any(length < self.least for _, length in runs):
            return None
        word = [letter for _, length in runs for letter in (*[0] * (length - self.least), 1)]
        return arrangement_number(word[:-1], self._counts, None)

    def describe(self) -> Caution:
        """Return how the order was drawn."""
        return Caution.of("drawn-change-points", phases=len(self.phases), least=self.least)
