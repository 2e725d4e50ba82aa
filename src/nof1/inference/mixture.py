"""A posterior as a mixture of normal distributions: moments, tails and quantiles in closed form."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """A mixture of normal distributions.

    Attributes
    ----------
    means, sds, weights : float arrays, shape (n_components,)
        In points; the weights sum to 1.
    mean, sd : float
        Of the mixture, in points.
    """

    means: FloatArray
    sds: FloatArray
    weights: FloatArray

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
        scaled = self.weights / (self.sds * np.sqrt(2.0 * np.pi))
        # One point at a time: a table of all points and components would need much memory.
        return np.array(
            [
                scaled @ np.exp(-0.5 * ((point - self.means) / self.sds) ** 2)
                for point in np.asarray(points, dtype=float)
            ]
        )

    def quantile(self, probability: float) -> float:
        """Return the value below which `probability` lies, by bisection-guarded Newton steps."""
        reach = 40.0 * float(self.sds.max())
        low, high = float(self.means.min()) - reach, float(self.means.max()) + reach
        x = self.mean + self.sd * float(ndtri(probability))
        tolerance = 1e-10 * self.sd
        for _ in range(200):
            miss = self.cdf(x) - probability
            low, high = (low, x) if miss > 0 else (x, high)
            slope = float(self.pdf([x])[0])
            step = x - miss / slope if slope > 0 else low
            new = step if low < step < high else (low + high) / 2
            if abs(new - x) <= tolerance:
                return new
            x = new
        return x

    def interval(self, level: float) -> tuple[float, float]:
        """Return the central interval that holds `level` of the probability."""
        tail = (1.0 - level) / 2.0
        return self.quantile(tail), self.quantile(1.0 - tail)
