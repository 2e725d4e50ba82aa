"""Doses that were not taken up to the end of a period: what a stop that nobody recorded leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.trial.data import TrialData

#: Fewest days in a row, up to a period's end, that are more than a dose forgotten.
FEWEST_DAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class UntakenEnd:
    """The end of a period on which no dose was taken.

    Attributes
    ----------
    period : int
        Number of the period.
    arm : str
        Id of its arm.
    first_day, last_day : int
        Study days, both inside; the last is that of the period.
    """

    period: int
    arm: str
    first_day: int
    last_day: int

    @property
    def days(self) -> int:
        """Return how many days."""
        return self.last_day - self.first_day + 1

    def scores_among(self, day: NDArray[np.int64]) -> int:
        """Return how many of these study days lie in it."""
        return int(((day >= self.first_day) & (day <= self.last_day)).sum())


def untaken_ends(data: TrialData) -> tuple[UntakenEnd, ...]:
    """Return the ends of periods on which it was recorded day by day that no dose was taken.

    Parameters
    ----------
    data : TrialData
        One person's trial, with arms.
    """
    ends = []
    for period, arm in zip(data.masked.periods, data.arm_of_period, strict=True):
        first = period.last_day + 1
        while first > period.first_day and data.masked.taken.get(first - 1) == 0:
            first -= 1
        if period.last_day - first + 1 >= FEWEST_DAYS:
            ends.append(
                UntakenEnd(
                    period=period.number,
                    arm=data.arms[arm],
                    first_day=first,
                    last_day=period.last_day,
                )
            )
    return tuple(ends)
