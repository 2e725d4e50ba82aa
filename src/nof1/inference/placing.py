"""Where the posterior is evaluated: the nodes of each person's grid, and the box around the mass.

Each parameter is put on an axis where its posterior is smooth and falls off fast on both sides,
where the equispaced trapezoid rule converges geometrically:

* half-life: its log. Below `SHORTEST` the exposure is the dose, so the likelihood is constant
  there and the first node stands for all nodes that would follow;
* phi: the standard normal score of its prior quantile;
* ratio of period SD to noise SD: its inverse hyperbolic sine, the integrand being even;
* noise SD: the log of its distance from the rounding floor, times sqrt(1 - phi**2), which makes
  it nearly independent of phi.

With two half-lives the first axis is that of the fall; the log of the ratio of rise to fall is a
fifth, whose box is its prior's.

The box is found by evaluating coarse grids, with no optimiser and no random numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import lgamma, log, pi
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nof1.inference.integrand import Axes, Integrand
from nof1.inference.products import Products
from nof1.model.priors import PointPriors, beta22_from_normal

FloatArray = NDArray[np.float64]


class Fineness(NamedTuple):
    """Nodes on the axes; those of the half-life are the slowest to converge."""

    half_life: int
    phi: int
    ratio: int
    noise: int
    rise: int = 7


#: The grid that finds the box, and the coarsest that answers are compared with.
PLACING = Fineness(10, 7, 6, 7, 9)
#: A node counts as mass when its marginal log density is within this of the highest.
DEPTH = 9.5
#: Half-life in days under which the exposure is the dose, to 1e-6.
SHORTEST = 0.05
#: Means of the prior's longest component that the half-life reaches at most.
LONGEST = 14.0
#: Normal scores of phi: where they are searched first, and at most.
SCORES, SCORE_LIMIT = 3.5, 4.7
#: Ratio of period SD to noise SD up to which its axis is about linear.
LINEAR_RATIO = 0.3
#: Passes in which the boxes settle, at most.
MOST_PASSES = 40
#: Least part of an interval by which a box reaches beyond its last node with mass.
LEAST_BEYOND = 1 / 3
#: SDs of the log ratio of rise to fall that are integrated over.
RISE_SDS = 3.7


#: Axes of a box.
NAMES = ("half_life", "phi", "noise", "ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Ends of the axes in their own coordinates, one row per person.

    Attributes
    ----------
    half_life, phi, noise : array, shape (B, 2)
    ratio : array, shape (B,)
        Upper end; the lower is 0.
    """

    half_life: FloatArray
    phi: FloatArray
    ratio: FloatArray
    noise: FloatArray

    def subset(self, index: NDArray[np.int64]) -> Box:
        """Return the boxes of some of the persons."""
        return Box(**{name: getattr(self, name)[index] for name in NAMES})

    def updated(self, index: NDArray[np.int64], other: Box) -> Box:
        """Return the boxes with those of some of the persons put anew."""
        found = {name: getattr(self, name).copy() for name in NAMES}
        for name, ends in found.items():
            ends[index] = getattr(other, name)
        return Box(**found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Nodes of each person's grid in coordinates and values, and their log prior weights.

    Attributes
    ----------
    log_half_life : array, shape (B, H)
        Of the fall; empty second axis of one node when it is fixed.
    log_rise : array, shape (J,)
        Log ratios of rise to fall; one zero when both have the same half-life.
    phi_score, ratio_score, noise : arrays, shape (B, F), (B, R), (B, S)
    axes : Axes
        Values of phi, ratio and sigma.
    half_life_weights : array, shape (B, H)
        Log prior density times spacing, as the others.
    rise_weights : array, shape (J,)
    phi_weights, ratio_weights : arrays, shape (B, F), (B, R)
    sigma_weights : array, shape (B, F, S)
    """

    log_half_life: FloatArray
    log_rise: FloatArray
    phi_score: FloatArray
    ratio_score: FloatArray
    noise: FloatArray
    axes: Axes
    half_life_weights: FloatArray
    rise_weights: FloatArray
    phi_weights: FloatArray
    ratio_weights: FloatArray
    sigma_weights: FloatArray

    def subset(self, index: NDArray[np.int64]) -> Grid:
        """Return the grids of some of the persons."""
        axes = self.axes
        return Grid(
            log_half_life=self.log_half_life[index],
            log_rise=self.log_rise,
            phi_score=self.phi_score[index],
            ratio_score=self.ratio_score[index],
            noise=self.noise[index],
            axes=Axes(phi=axes.phi[index], ratio=axes.ratio[index], sigma=axes.sigma[index]),
            half_life_weights=self.half_life_weights[index],
            rise_weights=self.rise_weights,
            phi_weights=self.phi_weights[index],
            ratio_weights=self.ratio_weights[index],
            sigma_weights=self.sigma_weights[index],
        )

    def posterior(self, log_likelihood: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the weight of every node, shape (B, F, R, H J, S), and the log evidence, (B,).

        Each person's weights sum to 1.
        """
        half_lives = self.half_life_weights[:, :, None] + self.rise_weights
        others = (
            self.phi_weights[:, :, None, None]
            + self.ratio_weights[:, None, :, None]
            + self.sigma_weights[:, :, None, :]
        )
        weights: FloatArray = log_likelihood + others[:, :, :, None, :]
        weights += half_lives.reshape(len(half_lives), 1, 1, -1, 1)
        top = weights.max(axis=(1, 2, 3, 4), keepdims=True)
        weights -= top
        np.exp(weights, out=weights)
        total = weights.sum(axis=(1, 2, 3, 4), keepdims=True)
        weights /= total
        return weights, np.asarray((top + np.log(total)).ravel())


def grid_in(integrand: Integrand, box: Box, n: Fineness) -> Grid:
    """Return the nodes of a grid and the log prior weight of each axis."""
    priors = integrand.priors
    log_half_life, half_life_weights = _half_life_axis(integrand, box, n.half_life)
    log_rise, rise_weights = _rise_axis(integrand, n.rise)
    score = _spread(box.phi, n.phi)
    phi = beta22_from_normal(score)
    phi_weights = -0.5 * (score**2 + log(2.0 * pi)) + _log_spacing(score)
    ratio_score, ratio, ratio_weights = _ratio_axis(integrand, box, n.ratio)
    noise = _spread(box.noise, n.noise)
    above_floor = np.exp(noise[:, None, :]) / np.sqrt(1.0 - phi**2)[:, :, None]
    sigma = priors.noise_floor + above_floor
    return Grid(
        log_half_life=log_half_life,
        log_rise=log_rise,
        phi_score=score,
        ratio_score=ratio_score,
        noise=noise,
        axes=Axes(phi=phi, ratio=ratio, sigma=sigma),
        half_life_weights=half_life_weights,
        rise_weights=rise_weights,
        phi_weights=phi_weights,
        ratio_weights=ratio_weights,
        sigma_weights=log_truncated_half_t3(sigma, priors)
        + np.log(above_floor)
        + _log_spacing(noise)[:, None],
    )


def half_lives_on(integrand: Integrand, grid: Grid) -> list[tuple[FloatArray, FloatArray | None]]:
    """Return each person's half-lives of fall and rise at the nodes, shapes (H J,).

    The rise is None where it has the same half-life.
    """
    fixed = integrand.plan.fixed_half_life_days
    if fixed is not None:
        return [(np.array([fixed]), None)] * len(grid.phi_score)
    falls = np.exp(grid.log_half_life)
    if len(grid.log_rise) == 1:
        return [(fall, None) for fall in falls]
    fall = np.repeat(falls, len(grid.log_rise), axis=1)
    rise = (falls[:, :, None] * np.exp(grid.log_rise)).reshape(fall.shape)
    return list(zip(fall, rise, strict=True))


def products_on(integrand: Integrand, grid: Grid) -> Products:
    """Return the sums of products at the half-lives of a grid."""
    return integrand.products(half_lives_on(integrand, grid))


def _spread(ends: FloatArray, n: int) -> FloatArray:
    """Return equispaced nodes from end to end, shape (B, n)."""
    return np.asarray(ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * np.linspace(0.0, 1.0, n))


def _log_spacing(nodes: FloatArray) -> FloatArray:
    return np.asarray(np.log(nodes[:, 1:2] - nodes[:, :1]))


def _half_life_axis(integrand: Integrand, box: Box, n: int) -> tuple[FloatArray, FloatArray]:
    """Return log half-lives and their log prior weights, shapes (B, n)."""
    if integrand.plan.fixed_half_life_days is not None:
        return np.zeros((len(box.ratio), 1)), np.zeros((len(box.ratio), 1))
    nodes = _spread(box.half_life, n)
    prior = integrand.priors.half_life
    weights = np.log(prior.density(np.exp(nodes))) + nodes + _log_spacing(nodes)
    # The nodes that would follow below the first, where the likelihood is that of the first: their
    # prior weight is summed by the Euler-Maclaurin formula.
    first, spacing = nodes[:, 0], nodes[:, 1] - nodes[:, 0]
    step = np.array([[-1e-4], [0.0], [1e-4]])
    before, here, after = prior.density(np.exp(first + step)) * np.exp(first + step)
    slope = (after - before) / 2e-4
    ends = here * spacing / 2.0 + slope * (spacing**2 / 12.0 - spacing**4 / 720.0)
    tail = np.log(prior.cdf(np.exp(first)) + ends)
    at_end = first <= log(SHORTEST) + 1e-9
    weights[:, 0] = np.where(at_end, tail, weights[:, 0])
    return nodes, weights


def own_share(integrand: Integrand, grid: Grid) -> FloatArray:
    """Return the log prior weight of the shortest half-life's node alone."""
    first, spacing = grid.log_half_life[:, 0], _log_spacing(grid.log_half_life)[:, 0]
    return np.asarray(np.log(integrand.priors.half_life.density(np.exp(first))) + first + spacing)


def _ratio_axis(
    integrand: Integrand, box: Box, n: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return coordinates, ratios and their log prior weights, shapes (B, n)."""
    if not integrand.with_periods:
        nothing = np.zeros((len(box.ratio), 1))
        return nothing, nothing, nothing
    scale = integrand.priors.period_scale
    score = _spread(np.stack([np.zeros_like(box.ratio), box.ratio], axis=1), n)
    ratio = LINEAR_RATIO * np.sinh(score)
    slope = np.log(LINEAR_RATIO * np.cosh(score))
    weights = 0.5 * log(2.0 / pi) - log(scale) - 0.5 * (ratio / scale) ** 2 + slope
    weights += _log_spacing(score)
    # The integrand is even: the trapezoid rule over both halves counts the first node once.
    weights[:, 0] -= log(2.0)
    return score, ratio, weights


def _rise_axis(integrand: Integrand, n: int) -> tuple[FloatArray, FloatArray]:
    """Return log ratios of rise to fall and their log prior weights, shapes (J,)."""
    if integrand.plan.half_lives == "one" or integrand.plan.fixed_half_life_days is not None:
        return np.zeros(1), np.zeros(1)
    sd = integrand.priors.half_life_ratio_log_sd
    scaled = np.linspace(-RISE_SDS, RISE_SDS, n)
    weights = -0.5 * scaled**2
    return sd * scaled, weights - np.log(np.exp(weights).sum())


def log_truncated_half_t3(value: FloatArray, priors: PointPriors) -> FloatArray:
    """Return the log density of the noise SD: a half-t with 3 df, cut off below at the floor."""
    scale, floor = priors.noise_scale, priors.noise_floor / priors.noise_scale
    x = floor / 3.0**0.5
    below = 2.0 / pi * (x / (1.0 + x**2) + float(np.arctan(x)))
    constant = log(2.0) + lgamma(2.0) - lgamma(1.5) - 0.5 * log(3.0 * pi) - log(scale)
    return np.asarray(constant - log(1.0 - below) - 2.0 * np.log1p((value / scale) ** 2 / 3.0))


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
    found = {name: getattr(box, name).copy() for name in NAMES}
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
        for name, ends in found.items():
            ends[active] = getattr(new, name)
        rest = np.flatnonzero(~_alike(box, new))
        if not len(rest):
            break
        active, box, on = active[rest], new.subset(rest), on[rest]
        if len(rest) < len(integrand.n):
            integrand, products = integrand.subset(rest), products.subset(rest)
    return Box(**found), moments


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
        one, other = getattr(a, name), getattr(b, name)
        length = one[:, 1:] - one[:, :1]
        alike &= (np.abs(one - other) < 0.125 * length).all(axis=1)
    return np.asarray(alike)
