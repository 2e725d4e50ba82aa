"""Linear models with AR(1) noise by calendar gaps and random period shifts, many fits at once.

The likelihood is looked at on a grid of phi and the ratio of period SD to noise SD that all score
vectors of a design share. From its best node each one's maximum is closed in on by quadratic steps
on ever smaller squares: no derivative is needed, and no optimiser that could fail.
(Pinheiro & Bates 2000, doi:10.1007/b98882, section 5.3, for the restricted likelihood.)
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import atanh, log1p

import numpy as np
from numpy.typing import NDArray

from nof1.inference.frequentist.profile_likelihood import Profile, SharedProducts

FloatArray = NDArray[np.float64]

#: Largest autocorrelation and ratio of period SD to noise SD that are searched.
MOST_PHI, MOST_RATIO = 0.995, 20.0
#: Nodes of the grid, even on the axes.
NODES_PHI, NODES_RATIO = 24, 20
#: Half sides of the squares, in distances of the grid's nodes.
CLOSER = (1.0, 1 / 3, 1 / 9, 1 / 32)
#: So near its end of an axis an estimate lies on the boundary: its uncertainty is not carried.
BOUNDARY = 1e-3
#: Numbers in the largest array: so many score vectors are worked on together.
NUMBERS = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class GlsFit:
    """A linear model with AR(1) noise and period shifts, fitted to one or many score vectors.

    The leading axes are those of the scores.

    Attributes
    ----------
    coefficients : array, shape (..., p)
    covariance : array, shape (..., p, p)
        Of the coefficients at the fitted variances.
    phi : array, shape (...)
        Autocorrelation at the usual spacing.
    ratio : array, shape (...)
        Period SD over noise SD; 0 without period effects.
    sigma : array, shape (...)
        Noise SD in points.
    log_likelihood : array, shape (...)
        Restricted, or full when not restricted.
    df : array, shape (..., p)
        Satterthwaite's degrees of freedom, between 1 and n - p.
    """

    coefficients: FloatArray
    covariance: FloatArray
    phi: FloatArray
    ratio: FloatArray
    sigma: FloatArray
    log_likelihood: FloatArray
    df: FloatArray


def gls(
    y: FloatArray,
    x: FloatArray,
    lag: FloatArray,
    periods: FloatArray | None = None,
    precision: FloatArray | None = None,
    *,
    restricted: bool = True,
) -> GlsFit:
    """Return the fits of a linear model with AR(1) noise by calendar gaps and period shifts.

    Parameters
    ----------
    y : array, shape (n,) or (m, n)
        Scores in points: one vector, or many of the same design.
    x : array, shape (n, p)
        Regressors of full rank, the intercept first.
    lag : array, shape (n,)
        Distance to the score before, in usual spacings.
    periods : array, shape (n, n_periods), or None
        Share of every score in every period; None for no period effects.
    precision : array, shape (n,), or None
        What the precision of each score given the one before is multiplied by; None for ones.
    restricted : bool
        REML (default) or full maximum likelihood.
    """
    none = np.zeros((len(x), 0))
    columns = none if periods is None else periods
    design = SharedProducts(x, columns, lag, precision, restricted=restricted)
    axes = _Axes(design)
    scores = np.atleast_2d(y)
    together = max(1, NUMBERS // max(design.n, 9 * (design.k + design.p) * (design.p + 3)))
    parts = [
        _fitted(Profile(design, scores[i : i + together]), axes)
        for i in range(0, len(scores), together)
    ]
    whole = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(GlsFit)
    }
    leading = y.shape[:-1]
    return GlsFit(
        **{name: value.reshape((*leading, *value.shape[1:])) for name, value in whole.items()}
    )


class _Axes:
    """Where phi and the ratio are searched: atanh(phi), and log(1 + weight ratio^2), both from 0.

    `weight` is the sum of squared shares of a mean period, about its number of scores: on such an
    axis the likelihood is much alike for all designs. Without periods the second axis is a point.
    """

    def __init__(self, design: SharedProducts) -> None:
        share = design.columns[:, : design.k]
        self.weight = float((share**2).sum()) / design.k if design.k else 1.0
        most_ratio = MOST_RATIO if design.k else 0.0
        self.ends = atanh(MOST_PHI), log1p(self.weight * most_ratio**2)
        self.steps = self.ends[0] / (NODES_PHI - 1), self.ends[1] / (NODES_RATIO - 1)
        self.nodes = (
            np.linspace(0.0, self.ends[0], NODES_PHI),
            np.linspace(0.0, self.ends[1], NODES_RATIO if design.k else 1),
        )

    def phi(self, place: FloatArray) -> FloatArray:
        """Return phi at places on its axis; before its beginning, that of the beginning."""
        return np.tanh(np.maximum(place, 0.0))

    def ratio(self, place: FloatArray) -> FloatArray:
        """Return the ratio at places on its axis; before its beginning, that of the beginning."""
        return np.sqrt(np.expm1(np.maximum(place, 0.0)) / self.weight)

    def square(
        self, places: list[FloatArray], sides: list[FloatArray]
    ) -> tuple[FloatArray, FloatArray]:
        """Return phi and ratio on squares around places, shape (3, 3 or 1, m), by half sides."""
        steps = np.array([-1.0, 0.0, 1.0])[:, None]
        across = steps if len(self.nodes[1]) > 1 else steps[1:2]
        phi, ratio = (
            self.phi(places[0] + sides[0] * steps),
            self.ratio(places[1] + sides[1] * across),
        )
        grid = np.broadcast_arrays(phi[:, None], ratio[None])
        return grid[0], grid[1]


def _maximum(profile: Profile, axes: _Axes) -> list[FloatArray]:
    """Return the places on both axes where every score vector has its maximum."""
    grid = profile.on_grid(axes.phi(axes.nodes[0]), axes.ratio(axes.nodes[1]))
    best = np.unravel_index(grid.reshape(-1, grid.shape[-1]).argmax(axis=0), grid.shape[:2])
    places = [nodes[index] for nodes, index in zip(axes.nodes, best, strict=True)]
    for closer in CLOSER:
        sides = [np.array(closer * step) for step in axes.steps]
        places = [
            np.clip(place, side, end - side)
            for place, side, end in zip(places, sides, axes.ends, strict=True)
        ]
        phi, ratio = axes.square(places, sides)
        flat = (-1, phi.shape[-1])
        values = profile.at(phi.reshape(flat), ratio.reshape(flat)).reshape(phi.shape)
        places = [
            place + side * step
            for place, side, step in zip(places, sides, _to_the_top(values), strict=True)
        ]
    return places


def _fitted(profile: Profile, axes: _Axes) -> GlsFit:
    """Return the fits of the score vectors of one profile."""
    design, p = profile.design, profile.design.p
    places = _maximum(profile, axes)
    # A last square, with the estimate in its middle and as small as the nearness of 0 asks.
    sides = [
        np.where(place < BOUNDARY, CLOSER[-1] * step, np.minimum(CLOSER[-1] * step, place / 2))
        for place, step in zip(places, axes.steps, strict=True)
    ]
    phi, ratio = axes.square(places, sides)
    flat, middle = (-1, phi.shape[-1]), phi.shape[1] // 2
    values, solved = profile.solved(phi.reshape(flat), ratio.reshape(flat))
    values, solved = values.reshape(phi.shape), solved.reshape(p + 1, p + 1, *phi.shape)
    inside = (
        (places[0] > BOUNDARY) & (places[0] < axes.ends[0] - BOUNDARY),
        places[1] > BOUNDARY,
    )
    df = _satterthwaite(values, solved, inside, design)
    top = solved[:, :, 1, middle]
    variance = np.maximum(top[p, p], 0.0) / design.residual_df
    top[0, p] += profile.mean
    return GlsFit(
        coefficients=top[:p, p].T,
        covariance=np.moveaxis(top[:p, :p] * variance, -1, 0),
        phi=phi[1, middle],
        ratio=ratio[1, middle],
        sigma=variance**0.5,
        log_likelihood=values[1, middle] + 0.5 * float(np.log(design.precision).sum()),
        df=df,
    )


def _slopes(values: FloatArray) -> tuple[FloatArray, ...]:
    """Return both slopes, both curvatures and the mixed one, per half side of the square."""
    middle = values.shape[-2] // 2
    low, here, high = (values[..., i, middle, :] for i in range(3))
    slope, curvature = (high - low) / 2, high - 2 * here + low
    if not middle:
        zero = np.zeros_like(slope)
        return slope, zero, curvature, zero - 1.0, zero
    left, right = values[..., 1, 0, :], values[..., 1, 2, :]
    corners = values[..., 2, 2, :] - values[..., 2, 0, :] - values[..., 0, 2, :]
    mixed = (corners + values[..., 0, 0, :]) / 4
    return slope, (right - left) / 2, curvature, right - 2 * here + left, mixed


def _to_the_top(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the way to the top of the surface, in half sides of the square, not beyond it."""
    slope, across, curvature, curvature_across, mixed = _slopes(values)
    determinant = curvature * curvature_across - mixed**2
    peaked = (curvature < 0) & (curvature_across < 0) & (determinant > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        up = np.clip((across * mixed - slope * curvature_across) / determinant, -1.0, 1.0)
        sideways = np.clip(-(across + mixed * up) / curvature_across, -1.0, 1.0)
        up = np.clip(-(slope + mixed * sideways) / curvature, -1.0, 1.0)
    width = values.shape[1]
    best = values.reshape(-1, values.shape[-1]).argmax(axis=0)
    return (
        np.where(peaked, up, best // width - 1.0),
        np.where(peaked, sideways, best % width - float(width // 2)),
    )


def _satterthwaite(
    values: FloatArray,
    solved: FloatArray,
    inside: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    design: SharedProducts,
) -> FloatArray:
    """Return the degrees of freedom of every coefficient, between 1 and n - p, shape (m, p).

    They are 2 / Var(log SE^2), by the slopes of log SE^2 along the profile and the curvature of
    the profile itself; sigma adds 2 over its own degrees of freedom.
    """
    p = design.p
    variances = np.diagonal(solved[:p, :p]).transpose(3, 0, 1, 2) * solved[p, p]
    slope, across, *_ = _slopes(np.log(np.maximum(variances, 1e-300)))
    _, _, curvature, curvature_across, mixed = _slopes(values)
    slope, across = slope * inside[0], across * inside[1]
    curvature = np.where(inside[0], curvature, -1.0)
    curvature_across = np.where(inside[1], curvature_across, -1.0)
    mixed = np.where(inside[0] & inside[1], mixed, 0.0)
    determinant = curvature * curvature_across - mixed**2
    spread = 2 * slope * across * mixed - slope**2 * curvature_across - across**2 * curvature
    peaked = (curvature < 0) & (curvature_across < 0) & (determinant > 0)
    carried = np.divide(spread, determinant, out=np.full_like(spread, np.inf), where=peaked)
    return np.clip(2.0 / (2.0 / design.residual_df + carried), 1.0, design.n - p).T
