"""The randomisation test of many cycles, counted exactly without listing the orders.

With two arms whose order is drawn anew in every cycle, another sequence flips the sign of some of
the cycle differences. How many of the 2^C patterns have a sum at least as large as the observed
one is counted by meeting in the middle: the sums over either half of the cycles are listed in
order, and for each sum of one half a binary search counts the sums of the other half that reach.
That takes 2^(C/2) steps instead of 2^C. (Horowitz & Sahni 1974, doi:10.1145/321812.321823.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Most cycles that are counted: each half then has 2^16 sums, and an interval takes a second.
MOST_CYCLES = 32
#: Halvings of a stretch that ends where the test stops rejecting.
HALVINGS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """The sign patterns a draw could have given.

    Attributes
    ----------
    differences : array, shape (C,)
        Active minus comparator in every cycle with scores on both arms, in points.
    copies : int
        Sequences that show the same pattern on these cycles: 2 for every cycle without scores.
    left_out : tuple of arrays of 1 and -1, shape (C,)
        Patterns of sequences that the draw leaves out, relative to the observed one.
    tolerance : float
        Points below which two sums are a tie.
    """

    differences: FloatArray
    copies: int
    left_out: tuple[FloatArray, ...]
    tolerance: float

    @property
    def size(self) -> int:
        """Return the number of sequences."""
        return (self.copies << len(self.differences)) - len(self.left_out)

    def extreme(self, effect: float = 0.0) -> int:
        """Return how many sequences are at least as extreme as the observed one, it included.

        Parameters
        ----------
        effect : float
            Subtracted from every difference first, in points.
        """
        moved = self.differences - effect
        reach = abs(float(moved.sum())) - self.tolerance
        impossible = sum(abs(float(signs @ moved)) >= reach for signs in self.left_out)
        return self.copies * _patterns_reaching(np.abs(moved), reach) - impossible

    @property
    def always_extreme(self) -> int:
        """Return how many sequences are as extreme whatever the scores: the observed one's kin."""
        alike = sum(abs(float(signs.sum())) == len(signs) for signs in self.left_out)
        return 2 * self.copies - alike

    def interval(self, allowed: int) -> tuple[float, float]:
        """Return the ends of the effects for which more than `allowed` sequences are as extreme.

        On either side of the mean difference the count falls in steps as the effect moves away, so
        that each end is found by halving.
        """
        mean, spread = float(self.differences.mean()), float(np.ptp(self.differences))
        ends = []
        for direction in (-1.0, 1.0):
            near, far = mean, mean + direction * (2.0 * spread + self.tolerance)
            for _ in range(HALVINGS):
                middle = (near + far) / 2.0
                near, far = (middle, far) if self.extreme(middle) > allowed else (near, middle)
            ends.append(near)
        return ends[0], ends[1]


def _patterns_reaching(sizes: FloatArray, reach: float) -> int:
    """Return how many signed sums of `sizes` are at least `reach` away from 0."""
    if reach <= 0.0:
        return 1 << len(sizes)
    half = len(sizes) // 2
    one, other = _sums(sizes[:half]), _sums(sizes[half:])
    below = int(np.searchsorted(other, reach - one, side="left").sum())
    return 2 * (len(one) * len(other) - below)


def _sums(values: FloatArray) -> FloatArray:
    """Return the sums of all sign patterns of `values`, in order."""
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums - value, sums + value])
    sums.sort()
    return sums
