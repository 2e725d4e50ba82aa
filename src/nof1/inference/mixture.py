"""A posterior as a mixture of normal distributions: moments, tails and quantiles in closed form."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Bins of the components' means and of their log SDs, over so many of their own SDs either way.
MEAN_BINS, SD_BINS, REACH = 16, 24, 3.5
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

    def summary(self, level: float) -> dict[str, float]:
        """Return mean and central interval under the names of the contract."""
        low, high = self.interval(level)
        return {"mean": self.mean, "ci_low": low, "ci_high": high}

    def _alone(self) -> Mixtures:
        return Mixtures(means=self.means[None], sds=self.sds[None], weights=self.weights[None])


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixtures:
    """The mixtures of several persons, with equal numbers of components.

    Attributes
    ----------
    means, sds, weights : float arrays, shape (B, n)
        Each person's weights sum to 1; a component of weight 0 has mean 0 and SD 1.
    level : float or None
        Of `ends`.
    ends : float array, shape (B, 2)
        Ends of each person's central interval; empty when none is known.
    """

    means: FloatArray
    sds: FloatArray
    weights: FloatArray
    level: float | None = None
    ends: FloatArray = field(default_factory=lambda: np.empty((0, 2)))

    def __getitem__(self, person: int) -> Mixture:
        """Return one person's."""
        filled = self.weights[person] > 0
        return Mixture(
            means=self.means[person, filled],
            sds=self.sds[person, filled],
            weights=self.weights[person, filled],
            known=() if self.level is None else (self.level, *self.ends[person].tolist()),
        )

    def with_interval(self, level: float) -> Mixtures:
        """Return the same with the ends of the central interval that holds `level`."""
        ends = self.quantiles([(1.0 - level) / 2.0, (1.0 + level) / 2.0])
        return replace(self, level=level, ends=ends)

    def moments(self) -> tuple[FloatArray, FloatArray]:
        """Return means and SDs, shape (B,)."""
        mean = np.einsum("bn,bn->b", self.weights, self.means)
        spread = self.sds**2 + (self.means - mean[:, None]) ** 2
        return mean, np.sqrt(np.einsum("bn,bn->b", self.weights, spread))

    def quantiles(self, probabilities: ArrayLike) -> FloatArray:
        """Return the values below which given shares lie, shape (B, q)."""
        wanted = np.asarray(probabilities, dtype=float)
        mean, sd = (one[:, None] for one in self.moments())
        m, s, w = (one[:, None, :] for one in (self.means, self.sds, self.weights))
        height = w / (s * SQRT_2_PI)
        reach = 40.0 * self.sds.max(axis=1, keepdims=True)
        shape = (len(self.means), len(wanted))
        low = np.broadcast_to(self.means.min(axis=1, keepdims=True) - reach, shape)
        high = np.broadcast_to(self.means.max(axis=1, keepdims=True) + reach, shape)
        x = mean + sd * ndtri(wanted)
        # Newton's steps, halving the bracket where they would leave it.
        for _ in range(MOST_STEPS):
            scaled = (x[..., None] - m) / s
            miss = (w * ndtr(scaled)).sum(axis=-1) - wanted
            slope = (height * np.exp(-0.5 * scaled**2)).sum(axis=-1)
            low, high = np.where(miss > 0, low, x), np.where(miss > 0, x, high)
            step = x - miss / np.maximum(slope, 1e-300)
            new = np.where((low <= step) & (step <= high), step, (low + high) / 2)
            moved, x = np.abs(new - x), new
            if (moved <= 1e-9 * sd).all():
                break
        return np.asarray(x)


def compressed(means: FloatArray, sds: FloatArray, weights: FloatArray) -> Mixtures:
    """Return mixtures with fewer components, of the same mean and SD.

    Components whose means and SDs are alike become one, with their weight, mean and SD. Both
    matter: bins of the means alone would make one normal distribution of narrow and wide ones.

    Parameters
    ----------
    means, sds, weights : float arrays, shape (B, n)
        Of B mixtures; each one's weights sum to 1.
    """
    mean = np.einsum("bn,bn->b", weights, means)[:, None]
    away = means - mean
    size = MEAN_BINS * SD_BINS
    bins = _binned(away, weights, MEAN_BINS) * SD_BINS + _binned(np.log(sds), weights, SD_BINS)
    flat, n = (bins + size * np.arange(len(means))[:, None]).ravel(), size * len(means)

    def summed(values: FloatArray) -> FloatArray:
        return np.bincount(flat, weights=values.ravel(), minlength=n).reshape(-1, size)

    weight = summed(weights)
    filled = weight > 0
    divisor = np.where(filled, weight, 1.0)
    centre = summed(weights * away) / divisor
    square = summed(weights * (sds**2 + away**2)) / divisor - centre**2
    least = sds.min(axis=1, keepdims=True) ** 2
    return Mixtures(
        means=np.where(filled, centre + mean, 0.0),
        sds=np.sqrt(np.where(filled, np.maximum(square, least), 1.0)),
        weights=weight,
    )


def _binned(values: FloatArray, weights: FloatArray, n: int) -> IntArray:
    """Return the bin of each value, the outer ones open; shapes (B, n)."""
    mean = np.einsum("bn,bn->b", weights, values)[:, None]
    away = values - mean
    sd = np.sqrt(np.einsum("bn,bn->b", weights, away**2))[:, None]
    place = away * (n / (2.0 * REACH) / np.maximum(sd, 1e-12 * np.abs(mean) + 1e-300)) + n / 2.0
    # What is clipped is not negative, so that cutting off the fraction is the floor.
    return np.asarray(np.clip(place, 0.0, n - 1.0).astype(np.int64))
