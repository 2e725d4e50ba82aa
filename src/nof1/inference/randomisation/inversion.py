"""From the effects for which each sequence is as extreme to a p-value and an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Relative tolerance below which two statistics are a tie.
TIE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class InvertedTest:
    """A randomisation test with its interval; see `RandomisationFit`."""

    p_value: float
    ci_low: float
    ci_high: float
    level: float
    min_p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Extremes:
    """For which effects the sequences are at least as extreme as the observed one.

    Attributes
    ----------
    begin, end : array, shape (s,)
        Stretches of effect, in points; those of one sequence do not overlap.
    always : int
        Sequences that are as extreme whatever the effect, the observed one among them.
    at_zero : int
        Sequences that are as extreme when there is no effect, the observed one among them.
    n : int
        All sequences looked at.
    """

    begin: FloatArray
    end: FloatArray
    always: int
    at_zero: int
    n: int

    def inverted(self, level: float, tolerance: float) -> InvertedTest:
        """Return p-value and interval by inversion.

        Parameters
        ----------
        level : float
            Wanted; the interval has the nearest one that exists.
        tolerance : float
            Points below which two ends are a tie.
        """
        allowed = allowed_at(level, self.n, self.always)
        low, outside_low = self._lower(self.begin, self.end, allowed, tolerance)
        high, outside_high = self._lower(-self.end, -self.begin, allowed, tolerance)
        return InvertedTest(
            p_value=share(self.at_zero, self.n),
            ci_low=low,
            ci_high=0.0 - high,
            level=1.0 - max(outside_low, outside_high) / self.n,
            min_p_value=self.always / self.n,
        )

    def _lower(
        self, begin: FloatArray, end: FloatArray, allowed: int, tolerance: float
    ) -> tuple[float, int]:
        """Return the least effect with more than `allowed`, and the most there are below it."""
        begin, end = np.sort(begin), np.sort(end)
        over = end.searchsorted(begin - tolerance, side="left")
        reached = self.always + np.arange(1, len(begin) + 1) - over
        low = float(begin[int(np.argmax(reached > allowed))])
        below = reached[begin < low - tolerance]
        return low, int(below.max(initial=self.always))


def allowed_at(level: float, n: int, always: int) -> int:
    """Return how many of n sequences may be as extreme at an effect that is left out."""
    return max(int((1.0 - level) * n + 1e-9), always)


def share(extreme: int, n: int) -> float:
    """Return the p-value of a count that includes the observed sequence.

    Raises
    ------
    ArithmeticError
        If the count does not: a randomisation p-value of 0 is impossible.
    """
    if extreme < 1:
        raise ArithmeticError("the observed sequence was not counted as extreme")
    return extreme / n


def linear(scores: FloatArray, shares: FloatArray, estimate: float, tolerance: float) -> Extremes:
    """Return the extremes of a statistic that is linear in the scores.

    Subtracting an effect d of the active arm from the scores gives T_a - d c_a for a sequence a.
    It is at least as extreme as the observed one when |T_a - d c_a| >= |T - d|, which holds for d
    between (T - T_a) / (1 - c_a) and (T + T_a) / (1 + c_a).

    Parameters
    ----------
    scores : array, shape (n,)
        T_a of every sequence; one that cannot be computed (NaN) counts as extreme at every effect.
    shares : array, shape (n,)
        c_a: the statistic of the observed treatment indicator, between -1 and 1.
    estimate : float
        T of the observed sequence.
    tolerance : float
        Points below which two statistics are a tie.
    """
    down, up = 1.0 - shares, 1.0 + shares
    with np.errstate(invalid="ignore", divide="ignore"):
        roots = np.where(down > TIE, (estimate - scores) / down, np.nan)
        other = np.where(up > TIE, (estimate + scores) / up, np.nan)
    low, high = np.fmin(roots, other), np.fmax(roots, other)
    always = (
        ~np.isfinite(scores)
        | ((down <= TIE) & (np.abs(scores - estimate) <= tolerance))
        | ((up <= TIE) & (np.abs(scores + estimate) <= tolerance))
    )
    begin, end = low[~always], high[~always]
    n_always = int(always.sum())
    return Extremes(
        begin=begin,
        end=end,
        always=n_always,
        at_zero=n_always + int(((begin <= tolerance) & (end >= -tolerance)).sum()),
        n=len(scores),
    )
