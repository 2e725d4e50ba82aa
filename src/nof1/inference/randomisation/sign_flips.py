"""The randomisation test of cycles drawn anew, counted exactly without listing the orders.

With two arms whose order is drawn anew in every cycle, another sequence flips the sign of some of
the cycle differences. Flipping the subset F gives a sum at least as far from 0 as the observed one
exactly when the differences in F, or those outside it, add up to 0 or less (counted in the
direction of the observed sum). How many of the 2^C subsets do is counted by meeting in the middle:
the subset sums of either half of the cycles are listed in order, and for each sum of one half a
binary search counts the sums of the other. That takes 2^(C/2) steps instead of 2^C.
(Horowitz & Sahni 1974, doi:10.1145/321812.321823.)

The interval by inversion ends at subset means: seen from an effect below the mean difference, the
subset F is as extreme exactly when its mean is at most that effect, so that the lower end is the
subset mean of a known rank. (Hartigan 1969, doi:10.1080/01621459.1969.10501057.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Most cycles that are counted: each half then has 2^20 sums, and an interval takes two seconds.
MOST_CYCLES = 40
#: Values whose subset sums are had by one matrix product; lists of more are merged.
AT_ONCE = 10
#: Subset means that are listed and sorted to find the one of a rank.
LISTED = 2**12
#: Subsets of `AT_ONCE` values, one in each column: 1 where a value belongs to it.
_MEMBERS = ((np.arange(2**AT_ONCE) >> np.arange(AT_ONCE)[:, None]) & 1).astype(np.float64)


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

    Examples
    --------
    Three cycles that all point the same way: two of eight patterns are as extreme, p = 0.25.

    >>> flips = Flips(
    ...     differences=np.array([-2.0, -1.0, -3.0]), copies=1, left_out=(), tolerance=1e-9
    ... )
    >>> flips.extreme(), flips.size
    (2, 8)
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
        total = float(moved.sum())
        if abs(total) <= self.tolerance:
            return self.size
        oriented = moved if total > 0 else -moved
        count = 2 * self.copies * _n_at_most(oriented, self.tolerance / 2)
        return count - self._missed(moved, abs(total) - self.tolerance)

    def _missed(self, moved: FloatArray, reach: float) -> int:
        """Return how many sequences that the draw leaves out have a sum that far from 0."""
        return sum(abs(float(signs @ moved)) >= reach for signs in self.left_out)

    @property
    def _always_missed(self) -> int:
        return sum(abs(float(signs.sum())) == len(signs) for signs in self.left_out)

    @property
    def always_extreme(self) -> int:
        """Return how many sequences are as extreme whatever the scores: the observed one's kin."""
        return 2 * self.copies - self._always_missed

    def interval(self, allowed: int) -> tuple[float, float]:
        """Return the ends of the effects for which more than `allowed` sequences are as extreme.

        Parameters
        ----------
        allowed : int
            At least `always_extreme`, and fewer than half of all sequences.
        """
        return self._end(self.differences, allowed), 0.0 - self._end(-self.differences, allowed)

    def _end(self, differences: FloatArray, allowed: int) -> float:
        """Return the least effect for which more than `allowed` sequences are as extreme."""
        per_subset = 2 * self.copies
        rank = (allowed + self._always_missed) // per_subset + 1
        end = _subset_mean(differences, rank, self.tolerance)
        moved = differences - end
        missed = self._missed(moved, abs(float(moved.sum())) - self.tolerance)
        if missed > self._always_missed:
            # The sequences left out begin to miss before this end: it takes more of the others.
            end = _subset_mean(differences, (allowed + missed) // per_subset + 1, self.tolerance)
        return end


def _few_sums(values: FloatArray) -> FloatArray:
    """Return the sums of all subsets of at most `AT_ONCE` values."""
    return values @ _MEMBERS[: len(values), : 1 << len(values)]


def _sums(values: FloatArray) -> FloatArray:
    """Return the sums of all subsets of `values`, in order."""
    sums = _few_sums(values[:AT_ONCE])
    sums.sort()
    for value in values[AT_ONCE:]:
        sums = np.concatenate([sums, sums + value])
        sums.sort(kind="stable")  # merges the two runs, which are in order already
    return np.asarray(sums)


def _n_at_most(values: FloatArray, limit: float) -> int:
    """Return how many subsets of `values` have a sum of at most `limit`, the empty one included."""
    half = len(values) // 2
    other = _sums(values[half:])
    # Long lists are looked up faster in order, short ones are not worth the sorting.
    sums = _few_sums(values[:half]) if half <= AT_ONCE else _sums(values[:half])
    return int(other.searchsorted(limit - sums, side="right").sum())


def _subset_mean(values: FloatArray, rank: int, tolerance: float) -> float:
    """Return the mean of the subset of `rank`, the empty one being 1, in order of their means.

    `rank` is at least 2 and at most half the number of subsets.
    """
    low, high, n_high = _bracket(values, rank, tolerance)
    # When all that lie between are one and the same, any of them will do.
    most = LISTED if high - low <= tolerance else None
    means = _means_between(values, low, high, tolerance, most)
    return float(means[max(-len(means), rank - n_high - 1)])


def _bracket(values: FloatArray, rank: int, tolerance: float) -> tuple[float, float, int]:
    """Return effects on either side of a subset mean, and how many means the higher one reaches.

    Few subset means lie between, or no more than the tolerance. The share of subset means below an
    effect is nearly that of a normal distribution below
    ``sum(effect - values) / sqrt(sum((values - effect)^2))``, which makes for good guesses.
    """
    mean, sd, n = float(values.mean()), float(values.std()), len(values)
    low, high = float(values.min()) - tolerance, mean
    n_low, n_high = 1, _n_at_most(values - high, tolerance / 2)
    count, at, idle = n_high, 0.0, 0
    while n_high - n_low > LISTED and high - low > tolerance:
        # Aim a little past the rank, so that both sides close in.
        past = LISTED // 4 if count < rank else -LISTED // 4
        at += _z(rank + past, n) - _z(count, n) + (_z(rank, n) - _z(count, n)) / 32
        guess = mean + sd * at / max(n - at**2, 1.0) ** 0.5
        if idle > 1 or not low < guess < high:
            guess = (low + high) / 2
            at = -((n / (1.0 + (sd / (mean - guess)) ** 2)) ** 0.5)
        count, before = _n_at_most(values - guess, tolerance / 2), n_high - n_low
        if count < rank:
            low, n_low = guess, count
        else:
            high, n_high = guess, count
        idle = idle + 1 if n_high - n_low > before // 2 else 0
    return low, high, n_high


def _z(rank: int, n: int) -> float:
    """Return the normal quantile of a share of all subsets of n values, the lower half of them."""
    return float(ndtri(min(max(rank, 1) / 2.0**n, 0.5)))


def _means_between(
    values: FloatArray, low: float, high: float, tolerance: float, most: int | None
) -> FloatArray:
    """Return the subset means from `low` to `high`, and perhaps lower ones, in order.

    Parameters
    ----------
    most : int or None
        Stop after that many.
    """
    moved, half = values - high, len(values) // 2
    sums, sizes = _sums_and_sizes(moved[:half])
    other, other_size = _sums_and_sizes(moved[half:])
    begin = other.searchsorted(-len(values) * (high - low) - tolerance - sums, side="left")
    counts = other.searchsorted(tolerance / 2 - sums, side="right") - begin
    before = np.cumsum(counts) - counts
    if most is not None:
        counts = np.clip(most - before, 0, counts)
    row = np.repeat(np.arange(len(sums)), counts)
    column = np.arange(len(row)) + np.repeat(begin - before, counts)
    size = sizes[row] + other_size[column]
    some = size > 0
    return np.asarray(np.sort(high + (sums[row] + other[column])[some] / size[some]))


def _sums_and_sizes(values: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return what `_sums` does, and how many values each sum has."""
    sums = _few_sums(values[:AT_ONCE])
    for value in values[AT_ONCE:]:
        sums = np.concatenate([sums, sums + value])
    order = sums.argsort(kind="stable")
    return sums[order], np.bitwise_count(order).astype(np.int64)
