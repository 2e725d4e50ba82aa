"""A posterior as a mixture of normal distributions: moments, tails and quantiles in closed form."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from nof1.inference.summaries import Summary

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Bins of the components' means and of their log SDs, over so many of their own SDs either way.
MEAN_BINS, SD_BINS, REACH = 36, 18, 3.5
#: Weight under which a bin is left out.
NEGLIGIBLE = 1e-10
#: Share of a mixture's SD of the last of Newton's steps, whose error is about its square.
TOLERANCE = 1e-4
SQRT_2_PI = float(np.sqrt(2.0 * np.pi))
#: Newton steps towards a quantile, at most; each is kept inside a bracket.
MOST_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """A mixture of normal distributions.

    Attributes
    ----------
    means, sds, weights : float arrays, shape (n_components,)
        In points; the weights sum to 1.
    known : tuple of float
        Level and ends of an interval that is known already; empty when none is.
    mean, sd : float
        Of the mixture, in points.
    """

    means: FloatArray
    sds: FloatArray
    weights: FloatArray
    known: tuple[float, ...] = ()

    mean: float = field(init=False)
    sd: float = field(init=False)

    def __post_init__(self) -> None:
        mean = float(self.weights @ self.means)
        spread = self.sds**2 + (self.means - mean) ** 2
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "sd", float(np.sqrt(self.weights @ spread)))

    def cdf(self, point: float) -> float:
        """Return the probability of a value at or below `point`."""
        return float(self.weights @ ndtr((point - self.means) / self.sds))

    def pdf(self, points: ArrayLike) -> FloatArray:
        """Return the density at each of `points`."""
        scaled = (np.asarray(points, dtype=float)[..., None] - self.means) / self.sds
        return np.asarray(np.exp(-0.5 * scaled**2) @ (self.weights / (self.sds * SQRT_2_PI)))

    def quantile(self, probability: float) -> float:
        """Return the value below which `probability` lies."""
        return float(self._alone().quantiles([probability])[0, 0])

    def interval(self, level: float) -> tuple[float, float]:
        """Return the central interval that holds `level` of the probability."""
        if self.known and self.known[0] == level:
            return self.known[1], self.known[2]
        tail = (1.0 - level) / 2.0
        low, high = self._alone().quantiles([tail, 1.0 - tail])[0]
        return float(low), float(high)

    def summary(self, level: float) -> Summary:
        """Return mean, SD and central interval."""
        low, high = self.interval(level)
        return Summary(mean=self.mean, sd=self.sd, ci_low=low, ci_high=high, level=level)

    def _alone(self) -> Mixtures:
        starts = np.array([0, len(self.means)])
        return Mixtures(means=self.means, sds=self.sds, weights=self.weights, starts=starts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixtures:
    """The mixtures of several persons, one after another.

    Attributes
    ----------
    means, sds, weights : float arrays, shape (n,)
        Each person's weights sum to 1.
    starts : int array, shape (B + 1,)
        Where each person's components begin, and the end.
    level : float or None
        Of `ends`.
    ends : float array, shape (B, 2)
        Ends of each person's central interval; empty when none is known.
    """

    means: FloatArray
    sds: FloatArray
    weights: FloatArray
    starts: IntArray
    level: float | None = None
    ends: FloatArray = field(default_factory=lambda: np.empty((0, 2)))

    def __getitem__(self, person: int) -> Mixture:
        """Return one person's."""
        part = slice(self.starts[person], self.starts[person + 1])
        return Mixture(
            means=self.means[part],
            sds=self.sds[part],
            weights=self.weights[part],
            known=() if self.level is None else (self.level, *self.ends[person].tolist()),
        )

    def with_interval(self, level: float) -> Mixtures:
        """Return the same with the ends of the central interval that holds `level`."""
        ends = self.quantiles([(1.0 - level) / 2.0, (1.0 + level) / 2.0])
        return replace(self, level=level, ends=ends)

    def cdf(self, point: float) -> FloatArray:
        """Return the probability of values at or below `point`, shape (B,)."""
        return self._summed(self.weights * ndtr((point - self.means) / self.sds))

    def moments(self) -> tuple[FloatArray, FloatArray]:
        """Return means and SDs, shape (B,)."""
        mean = self._summed(self.weights * self.means)
        away = self.means - np.repeat(mean, np.diff(self.starts))
        return mean, np.sqrt(self._summed(self.weights * (self.sds**2 + away**2)))

    def _summed(self, values: FloatArray) -> FloatArray:
        """Return the sums over each person's components, along the last axis."""
        return np.asarray(np.add.reduceat(values, self.starts[:-1], axis=-1))

    def quantiles(self, probabilities: ArrayLike) -> FloatArray:
        """Return the values below which given shares lie, shape (B, q)."""
        wanted = np.asarray(probabilities, dtype=float)[:, None]
        mean, sd = self.moments()
        person = np.repeat(np.arange(len(mean)), np.diff(self.starts))
        height = self.weights / (self.sds * SQRT_2_PI)
        reach = 40.0 * np.maximum.reduceat(self.sds, self.starts[:-1])
        shape = (len(wanted), len(mean))
        low = np.broadcast_to(np.minimum.reduceat(self.means, self.starts[:-1]) - reach, shape)
        high = np.broadcast_to(np.maximum.reduceat(self.means, self.starts[:-1]) + reach, shape)
        x = mean + sd * ndtri(wanted)
        # Newton's steps, halving the bracket where they would leave it.
        for _ in range(MOST_STEPS):
            scaled = (x[:, person] - self.means) / self.sds
            miss = self._summed(self.weights * ndtr(scaled)) - wanted
            slope = self._summed(height * np.exp(-0.5 * scaled**2))
            low, high = np.where(miss > 0, low, x), np.where(miss > 0, x, high)
            step = x - miss / np.maximum(slope, 1e-300)
            new = np.where((low <= step) & (step <= high), step, (low + high) / 2)
            moved, x = np.abs(new - x), new
            if (moved <= TOLERANCE * sd).all():
                break
        return np.asarray(x.T)


def compressed(
    means: FloatArray, variances: FloatArray, weights: FloatArray, person: IntArray
) -> Mixtures:
    """Return mixtures with fewer components, of the same mean and SD.

    Components whose means and SDs are alike become one, with their weight, mean and SD. Both
    matter: bins of the means alone would make one normal distribution of narrow and wide ones.

    Parameters
    ----------
    means, variances, weights : float arrays, shape (n,)
        Components of all persons; each person's weights sum to 1.
    person : int array, shape (n,)
        From 0, in ascending order, nobody left out.
    """
    n, size = int(person[-1]) + 1, MEAN_BINS * SD_BINS
    starts, counts = _stretches(person)
    mean = np.add.reduceat(weights * means, starts)
    away = means - np.repeat(mean, counts)
    bins = _binned(away, weights, person, MEAN_BINS) * SD_BINS
    bins += _binned(np.log(variances), weights, person, SD_BINS) + size * person

    def summed(values: FloatArray) -> FloatArray:
        return np.bincount(bins, weights=values, minlength=size * n)

    weight = summed(weights)
    filled = np.flatnonzero(weight > NEGLIGIBLE)
    whose, weight = filled // size, weight[filled]
    centre = summed(weights * away)[filled] / weight
    square = summed(weights * (variances + away**2))[filled] / weight - centre**2
    least = np.minimum.reduceat(variances, starts)[whose]
    return Mixtures(
        means=centre + mean[whose],
        sds=np.sqrt(np.maximum(square, least)),
        weights=weight / np.bincount(whose, weights=weight)[whose],
        starts=np.searchsorted(whose, np.arange(n + 1)),
    )


def _binned(values: FloatArray, weights: FloatArray, person: IntArray, n: int) -> IntArray:
    """Return the bin of each value within its person's, the outer ones open."""
    starts, counts = _stretches(person)
    mean = np.add.reduceat(weights * values, starts)
    away = values - np.repeat(mean, counts)
    sd = np.sqrt(np.add.reduceat(weights * away**2, starts))
    scale = n / (2.0 * REACH) / np.maximum(sd, 1e-12 * np.abs(mean) + 1e-300)
    away *= np.repeat(scale, counts)
    away += n / 2.0
    np.minimum(away, n - 1.0, out=away)
    # Not negative, so that cutting off the fraction is the floor.
    return np.asarray(np.maximum(away, 0.0, out=away).astype(np.int64))


def _stretches(person: IntArray) -> tuple[IntArray, IntArray]:
    """Return where each person's components begin and how many there are."""
    counts = np.bincount(person)
    return np.cumsum(counts) - counts, counts
