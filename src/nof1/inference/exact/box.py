"""The box around the mass of each person's posterior.

It is found by evaluating coarse grids, with no optimiser and no random numbers.
"""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.grid import (
    LINEAR_RATIO,
    NAMES,
    SHORTEST,
    Box,
    Fineness,
    Grid,
    grid_in,
    own_share,
    products_on,
)
from nof1.inference.exact.integrand import Integrand

FloatArray = NDArray[np.float64]

#: The grid that finds the box, and the coarsest that answers are compared with.
PLACING = Fineness(10, 7, 6, 7, 9)
#: A node counts as mass when its marginal log density is within this of the highest.
DEPTH = 9.5
#: Means of the prior's longest component that the half-life reaches at most.
LONGEST = 14.0
#: Normal scores of phi: where they are searched first, and at most.
SCORES, SCORE_LIMIT = 3.5, 4.7
#: Passes in which the boxes settle, at most.
MOST_PASSES = 40
#: Least part of an interval by which a box reaches beyond its last node with mass.
LEAST_BEYOND = 1 / 3


def _half_life_limits(integrand: Integrand) -> tuple[float, float]:
    """Return the least and the largest log half-life."""
    longest = log(LONGEST * max(integrand.priors.half_life.means_days))
    return log(SHORTEST), max(longest, log(SHORTEST) + 1.0)


def whole(integrand: Integrand) -> Box:
    """Return the boxes with which the search starts."""
    span, priors = integrand.span, integrand.priors
    spread = integrand.spread
    start = np.log(np.maximum(spread, 1e-3 * span))
    ones = np.ones((len(start), 1))
    return Box(
        half_life=ones * np.array(_half_life_limits(integrand)),
        phi=ones * np.array([-SCORES, SCORES]),
        ratio=np.full(len(start), np.arcsinh(4.0 * priors.period_scale / LINEAR_RATIO)),
        noise=start[:, None] + np.array([-1.5, 0.4]),
    )


def place(integrand: Integrand) -> tuple[Box, FloatArray]:
    """Return boxes that hold the mass, found on coarse grids, and what the last of these tell.

    That is mean and SD of every active arm's effect, shape (B, k, 2).

    Each pass keeps, on every axis, the stretch whose marginal density is within `DEPTH` of the
    highest, and a part of the next interval on either side; a stretch that touches the edge of
    the box is carried beyond it, by the length of the box where the density still rises there.
    So a box can move, grow and shrink, but not collapse on a wrong spot.
    """
    box = whole(integrand)
    arrays = {name: getattr(box, name).copy() for name in NAMES}
    moments = np.empty((len(box.ratio), integrand.n_effects, 2))
    active = np.arange(len(box.ratio))
    on, products = box.half_life, None
    for _ in range(MOST_PASSES):
        stale = _stale(on, box.half_life)
        on = np.where(stale[:, None], box.half_life, on)
        grid = grid_in(integrand, replace(box, half_life=on), PLACING)
        if products is None or stale.any():
            products = products_on(integrand, grid)
        nodes = integrand.at(grid.axes, products)
        weights = grid.posterior(nodes.log_likelihood)[0]
        moments[active] = nodes.moments(weights)
        new = around(integrand, grid, weights, box)
        for name, ends in arrays.items():
            ends[active] = getattr(new, name)
        rest = np.flatnonzero(~_alike(box, new))
        if not len(rest):
            break
        active, box, on = active[rest], new.subset(rest), on[rest]
        if len(rest) < len(integrand.n):
            integrand, products = integrand.subset(rest), products.subset(rest)
    return Box(**arrays), moments


def _stale(on: FloatArray, box: FloatArray) -> NDArray[np.bool_]:
    """Return whose half-lives must be put on new nodes: those are too far apart, or outside."""
    length = box[:, 1] - box[:, 0]
    outside = np.maximum(on[:, 0] - box[:, 0], box[:, 1] - on[:, 1])
    return np.asarray((length < 0.5 * (on[:, 1] - on[:, 0])) | (outside > 0.125 * length))


def around(integrand: Integrand, grid: Grid, weights: FloatArray, box: Box) -> Box:
    """Return the boxes around the mass that the weights of grids show."""
    by_phi_noise = weights.sum(axis=(2, 3))
    by_ratio_half_life = weights.sum(axis=(1, 4))
    half_life, ratio, span = box.half_life, box.ratio, integrand.span
    if grid.log_half_life.shape[1] > 1:
        mass = by_ratio_half_life.sum(axis=1).reshape(*grid.log_half_life.shape, -1).sum(axis=2)
        # The first node may stand for many: its density is what its neighbours compare with.
        mass[:, 0] *= np.exp(own_share(integrand, grid) - grid.half_life_weights[:, 0])
        half_life = _stretch(grid.log_half_life, mass, _half_life_limits(integrand))
    if integrand.with_periods:
        mass = by_ratio_half_life.sum(axis=2)
        mass[:, 0] *= 2.0
        limit = float(np.arcsinh(6.0 * integrand.priors.period_scale / LINEAR_RATIO))
        ratio = np.maximum(_stretch(grid.ratio_score, mass, (-np.inf, limit))[:, 1], 1e-3)
    noise_limits = (float(np.log(1e-7 * span)), float(np.log(30.0 * span)))
    return Box(
        half_life=half_life,
        phi=_stretch(grid.phi_score, by_phi_noise.sum(axis=2), (-SCORE_LIMIT, SCORE_LIMIT)),
        ratio=ratio,
        noise=_stretch(grid.noise, by_phi_noise.sum(axis=1), noise_limits),
    )


def _stretch(nodes: FloatArray, mass: FloatArray, limits: tuple[float, float]) -> FloatArray:
    """Return the stretches of an axis that hold the mass, carried beyond an edge they touch."""
    rows, n = np.arange(len(nodes)), nodes.shape[1]
    density = np.log(np.maximum(mass, 1e-300))
    excess = density - density.max(axis=1, keepdims=True) + DEPTH
    inside = excess > 0
    first, last = inside.argmax(axis=1), n - 1 - inside[:, ::-1].argmax(axis=1)
    spacing = nodes[:, 1] - nodes[:, 0]

    def beyond(edge: NDArray[np.int64], step: int) -> FloatArray:
        """Return how many intervals beyond an edge the density falls to the depth.

        It is continued as a parabola, from its curvature at the edge and its slope beyond it, or,
        at the end of the axis, before it.
        """
        at_end = (edge + step < 0) | (edge + step > n - 1)
        middle = np.clip(edge, 1, n - 2)
        drop = excess[rows, middle] - excess[rows, middle + step]
        rise = excess[rows, middle - step] - excess[rows, middle]
        bend = np.maximum(drop - rise, 0.0)
        slope = np.maximum(np.where(at_end, drop + bend / 2, drop - bend / 2), 0.0)
        here = excess[rows, edge]
        part = 2.0 * here / np.maximum(slope + np.sqrt(slope**2 + 2.0 * bend * here), 1e-9)
        # Where the density still rises at the end of the axis, the mass lies far beyond.
        rises = at_end & (here >= DEPTH)
        return np.asarray(np.where(rises, n - 1.0, np.clip(part, LEAST_BEYOND, 1.0)))

    low = nodes[rows, first] - spacing * beyond(first, -1)
    high = nodes[rows, last] + spacing * beyond(last, 1)
    return np.stack([np.maximum(low, limits[0]), np.minimum(high, limits[1])], axis=1)


def _alike(a: Box, b: Box) -> NDArray[np.bool_]:
    """Return whose boxes differ on every axis by less than an eighth of its length."""
    alike = np.abs(a.ratio - b.ratio) < 0.125 * a.ratio
    for name in NAMES[:-1]:
        values, other = getattr(a, name), getattr(b, name)
        length = values[:, 1:] - values[:, :1]
        alike &= (np.abs(values - other) < 0.125 * length).all(axis=1)
    return np.asarray(alike)
