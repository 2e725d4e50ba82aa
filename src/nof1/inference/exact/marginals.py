"""Marginal posteriors of single parameters from the weights of trapezoid nodes.

Between nodes the log density is read off by a cubic through the four nearest nodes: it is close
to a parabola where a density itself is far from any polynomial.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nof1.inference.summaries import Summary

FloatArray = NDArray[np.float64]

#: Points between two nodes at which a distribution is tabulated.
BETWEEN = 12
#: Bins in which masses of a function of two parameters are collected.
COLLECTED = 256
#: Log density below the highest at which it is cut off.
DEEPEST = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Marginal:
    """The marginal posterior of one parameter.

    Attributes
    ----------
    mean : float
        Of the parameter.
    values, below : arrays, shape (n,)
        Values in ascending order and the probability below each.
    """

    mean: float
    values: FloatArray
    below: FloatArray

    def cdf(self, value: float) -> float:
        """Return the probability of a value at or below `value`."""
        return float(np.interp(value, self.values, self.below, left=0.0, right=1.0))

    def quantile(self, probability: float) -> float:
        """Return the value below which `probability` lies."""
        return float(np.interp(probability, self.below, self.values))

    @property
    def sd(self) -> float:
        """Return the SD of the tabulated distribution, even between two points."""
        mass = np.diff(self.below, prepend=0.0)
        before = np.concatenate([self.values[:1], self.values[:-1]])
        mean = float(mass @ (before + self.values)) / 2.0
        # Of an even distribution from a to b the mean square is (a^2 + a b + b^2) / 3.
        square = float(mass @ (before**2 + before * self.values + self.values**2)) / 3.0
        return float(max(square - mean**2, 0.0) ** 0.5)

    def summary(self, level: float) -> Summary:
        """Return mean, SD and central interval."""
        tail = (1.0 - level) / 2.0
        low, high = np.interp([tail, 1.0 - tail], self.below, self.values)
        return Summary(
            mean=self.mean, sd=self.sd, ci_low=float(low), ci_high=float(high), level=level
        )


def fixed_at(value: float) -> Marginal:
    """Return the distribution of a parameter that is known."""
    return Marginal(mean=value, values=np.full(2, value), below=np.array([0.0, 1.0]))


def fine_points(nodes: FloatArray, between: int = BETWEEN) -> FloatArray:
    """Return the points from first to last node at which a distribution is tabulated."""
    n = (len(nodes) - 1) * between
    return np.asarray(nodes[0] + (nodes[-1] - nodes[0]) * np.arange(n + 1) / n)


def tabulated(
    density: FloatArray,
    *,
    base: FloatArray | None = None,
    even: bool = False,
    between: int = BETWEEN,
) -> FloatArray:
    """Return the probability below each of the fine points, up to a factor.

    Parameters
    ----------
    density : array, shape (..., n)
        At the nodes; relative to `base` when that is given.
    base : array, shape (m,), or None
        A density at the fine points that multiplies what is read off between the nodes.
    even : bool
        The nodes start at 0 and stand for their mirror images too.
    between : int
        Points between two nodes, as for the fine points.

    Returns
    -------
    array, shape (..., m)
        Ascending from 0.
    """
    log_density = np.log(np.maximum(density, 1e-300))
    top = log_density.max()
    log_density = np.maximum(log_density - top, -DEEPEST)
    fine = np.exp(log_density @ _cubics(density.shape[-1], even, between))
    if base is not None:
        fine *= base
    below = np.zeros_like(fine)
    np.cumsum(fine[..., 1:] + fine[..., :-1], axis=-1, out=below[..., 1:])
    return np.asarray(below)


@lru_cache(maxsize=64)
def _cubics(n: int, even: bool, between: int) -> FloatArray:
    """Return what each of n nodes adds to the value read off at each fine point, shape (n, m)."""
    place = np.arange((n - 1) * between + 1) / between
    first = np.clip(np.floor(place).astype(int) - 1, -1 if even else 0, n - 4)
    coefficients = np.zeros((n, len(place)))
    for own in range(4):
        share = np.ones_like(place)
        for other in range(4):
            if other != own:
                share *= (place - first - other) / (own - other)
        np.add.at(coefficients, (np.abs(first + own), np.arange(len(place))), share)
    coefficients.setflags(write=False)
    return coefficients


def collected(
    values: FloatArray, masses: FloatArray, mean: float, *, low: float | None = None
) -> Marginal:
    """Return the distribution of scattered masses, collected in bins.

    Parameters
    ----------
    values, masses : arrays, shape (n,)
        Where the masses are.
    mean : float
        Of the parameter, known more exactly than from the bins.
    low : float or None
        Where the distribution begins; None for the least of the values.
    """
    low, high = float(values.min()) if low is None else low, float(values.max())
    width = (high - low) / COLLECTED
    place = (values - low) * (1.0 / width) - 0.5
    first = np.clip(place, 0.0, COLLECTED - 2.0).astype(np.int64)
    # A mass is shared between the two nearest bins, so that the steps become a smooth ramp.
    share = np.clip(place - first, 0.0, 1.0) * masses
    totals = np.bincount(first, weights=masses - share, minlength=COLLECTED)
    totals += np.bincount(first + 1, weights=share, minlength=COLLECTED)
    below = np.concatenate([[0.0], np.cumsum(totals)])
    bounds: FloatArray = low + width * np.arange(COLLECTED + 1.0)
    return Marginal(mean=mean, values=bounds, below=below / below[-1])
