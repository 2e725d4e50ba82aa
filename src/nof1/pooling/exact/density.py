"""A density known at equal steps: moments, tails, and the shortest interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

FloatArray = NDArray[np.float64]

#: Points between two nodes, for tails and intervals.
FINER = 40
#: Points of an average of several.
AVERAGED = 4001


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
        # Below 0 it continues evenly, so that it is level at 0.
        ends = ((1, 0.0), (2, 0.0)) if nodes[0] == 0.0 else "not-a-knot"
        points = np.linspace(nodes[0], nodes[-1], FINER * (len(nodes) - 1) + 1)
        return cls.at(points, np.exp(CubicSpline(nodes, logs, bc_type=ends)(points)))

    @classmethod
    def at(cls, points: FloatArray, density: FloatArray) -> Density:
        """Return the density with given heights at points close together."""
        pieces = 0.5 * (density[1:] + density[:-1]) * np.diff(points)
        total = pieces.sum()
        masses, middles = pieces / total, 0.5 * (points[1:] + points[:-1])
        mean = float(masses @ middles)
        return cls(
            points=points,
            cdf=np.concatenate([[0.0], np.cumsum(masses)]),
            density=density / total,
            mean=mean,
            sd=float(np.sqrt(masses @ (middles - mean) ** 2)),
        )

    @classmethod
    def averaged(cls, densities: Sequence[Density], shares: FloatArray) -> Density:
        """Return the density of a mixture of several."""
        if len(densities) == 1:
            return densities[0]
        low = min(density.points[0] for density in densities)
        high = max(density.points[-1] for density in densities)
        points = np.linspace(low, high, AVERAGED)
        heights = [
            share * np.interp(points, density.points, density.density, left=0.0, right=0.0)
            for density, share in zip(densities, shares, strict=True)
        ]
        return cls.at(points, np.sum(heights, axis=0))

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
