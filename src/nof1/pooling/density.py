"""A density known at equal steps: moments, tails, and the shortest interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

FloatArray = NDArray[np.float64]

#: Points between two nodes, for tails and intervals.
FINER = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """A density of something that is never negative.

    Attributes
    ----------
    points, cdf, density : array, shape (n,)
        Ascending points, the probability up to each, and the density there.
    mean, sd : float
    """

    points: FloatArray
    cdf: FloatArray
    density: FloatArray
    mean: float
    sd: float

    @classmethod
    def on(cls, nodes: FloatArray, heights: FloatArray) -> Density:
        """Return the density with given heights at nodes in equal steps; smooth between them."""
        logs = np.log(np.maximum(heights, heights.max() * 1e-12))
        slope = "not-a-knot"
        # Below 0 it continues evenly, so that it is level at 0.
        ends = ((1, 0.0), slope) if nodes[0] == 0.0 else slope
        spline = CubicSpline(nodes, logs, bc_type=ends if ends == slope else ((1, 0.0), (2, 0.0)))
        points = np.linspace(nodes[0], nodes[-1], FINER * (len(nodes) - 1) + 1)
        density = np.exp(spline(points))
        pieces = 0.5 * (density[1:] + density[:-1]) * np.diff(points)
        cdf = np.concatenate([[0.0], np.cumsum(pieces)])
        density, cdf = density / cdf[-1], cdf / cdf[-1]
        masses = np.diff(cdf)
        middles = 0.5 * (points[1:] + points[:-1])
        mean = float(masses @ middles)
        sd = float(np.sqrt(masses @ (middles - mean) ** 2))
        return cls(points=points, cdf=cdf, density=density, mean=mean, sd=sd)

    def quantile(self, probability: float) -> float:
        """Return the value below which `probability` lies."""
        return float(np.interp(probability, self.cdf, self.points))

    def shortest_interval(self, level: float) -> tuple[float, float]:
        """Return the shortest interval that holds `level` of the probability.

        Unlike a central one it can reach down to 0.
        """
        starts = np.linspace(0.0, 1.0 - level, 2001)
        low = np.interp(starts, self.cdf, self.points)
        high = np.interp(starts + level, self.cdf, self.points)
        best = int(np.argmin(high - low))
        return float(low[best]), float(high[best])

    def interval(self, level: float) -> tuple[float, float]:
        """Return the central interval that holds `level` of the probability."""
        return self.quantile((1.0 - level) / 2.0), self.quantile((1.0 + level) / 2.0)
