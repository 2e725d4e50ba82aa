"""Densities: shaded pale, and dark where a difference is better by enough to matter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.figures.drawing import INK

FloatArray = NDArray[np.float64]

PALE_SHADE = "#c4d0dd"


def with_edges(
    points: FloatArray, density: FloatArray, mcid: float | None
) -> tuple[FloatArray, FloatArray]:
    """Return the density with points at the MCID on either side, where the shade changes."""
    if mcid is None:
        return points, density
    inside = [edge for edge in (-mcid, mcid) if points[0] < edge < points[-1]]
    all_points = np.union1d(points, inside)
    return all_points, np.interp(all_points, points, density)


def is_meaningful(points: FloatArray, mcid: float | None, better: str) -> NDArray[np.bool_]:
    """Return which points are better by the MCID or more; none without an MCID."""
    if mcid is None:
        return np.zeros(points.shape, dtype=bool)
    return np.asarray(points <= -mcid if better == "lower" else points >= mcid)


def draw_density(
    axes: Any, points: FloatArray, density: FloatArray, dark: NDArray[np.bool_]
) -> None:
    """Draw a density, dark where asked."""
    axes.fill_between(points, density, color=PALE_SHADE, lw=0, zorder=2)
    axes.fill_between(points, density, where=dark, color=INK, lw=0, zorder=2)
    axes.plot(points, density, color=INK, lw=1.4, zorder=3)


def dense_reach(points: FloatArray, density: FloatArray, *within: float) -> tuple[float, float]:
    """Return the ends of the axis: all that has any density, and what else must be seen."""
    dense = points[density > 0.004 * density.max()]
    low, high = min(float(dense.min()), *within), max(float(dense.max()), *within)
    return low - 0.03 * (high - low), high + 0.03 * (high - low)
