"""Independent draws from the exact posterior, all parameters of a draw together.

A grid's nodes carry the posterior of half-life, phi, period ratio and noise SD. A point is
proposed between the nodes: a node by its weight, then a place in the cells around it by a triangle
on every axis, so that the density of the proposals is the grid read off multilinearly. The
integrand is evaluated at the point itself, and the point kept with a probability in proportion to
the ratio of the exact density to the proposals' (rejection sampling: von Neumann 1951, NBS Applied
Mathematics Series 12, 36-38). Given the point all else is normal: the effects are drawn from their
posterior there, level, trend and covariates given the effects.

Of scores that are all alike, whose noise keeps its prior, the multilinear reading itself is drawn
from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import product
from math import log, pi

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.grid import LINEAR_RATIO, SHORTEST, log_truncated_half_t3
from nof1.inference.exact.integrand import Axes, Integrand, IntegratedNodes
from nof1.inference.exact.posterior import Posterior, Stack
from nof1.inference.exact.products import Products
from nof1.model.model_input import ModelInput
from nof1.model.priors import beta22_from_normal

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Points proposed at once, which bounds the memory.
CHUNK = 1000
#: Chunks of proposals for every chunk of draws that is still wanted.
AHEAD = 2.0
#: Place of the half-life among the axes of the grid.
HALF_LIFE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class JointDraws:
    """Independent draws of everything the scores depend on, arrays of shape (S,) if not stated.

    Attributes
    ----------
    effects : array, shape (S, k)
        Steady-state effect of every arm but the comparator, in points.
    half_life, half_life_rise : array
        Days; the same, unless the plan has two half-lives.
    phi : array
        Correlation at the usual spacing.
    sigma, sigma_period : array
        SD of a score and of period shifts, in points.
    trend : array
        Change over the whole trial, in points; 0 without a trend.
    slopes : array, shape (S, q)
        Change in points for one SD of each covariate.
    level : array, or None
        Expected score on the comparator in the middle of the trial, in points; None where it was
        not drawn.
    """

    effects: FloatArray
    half_life: FloatArray
    half_life_rise: FloatArray
    phi: FloatArray
    sigma: FloatArray
    sigma_period: FloatArray
    trend: FloatArray
    slopes: FloatArray
    level: FloatArray | None = None

    def steady_state(self, active: int, comparator: int) -> FloatArray:
        """Return the effect at full exposure of one arm against another, by number, in points."""
        arms = np.arange(1, self.effects.shape[1] + 1)
        return np.asarray(self.effects @ ((arms == active) * 1.0 - (arms == comparator)))

    def as_scheduled(self, inputs: ModelInput, active: int, comparator: int) -> FloatArray:
        """Return the mean difference that this schedule leaves, arms by number, in points."""
        exposure = inputs.exposure(self.half_life, self.half_life_rise)
        left = inputs.as_scheduled_weights(active, comparator) @ exposure
        return np.asarray(np.einsum("sk,sk->s", left, self.effects))


def draw_jointly(posterior: Posterior, n: int, rng: np.random.Generator) -> JointDraws:
    """Return independent draws from a posterior.

    Parameters
    ----------
    posterior : Posterior
        Of one person, under the Gaussian likelihood.
    n : int
        How many.
    rng : numpy.random.Generator
        Source of all randomness.
    """
    proposing = _Proposing.of(posterior.stack.subset(np.array([posterior.row])))
    points = proposing.propose(CHUNK, rng)
    lot = rng.random(CHUNK)
    while True:
        # The largest excess is found on the way: all points are held against it again.
        excess = points.excess
        kept = np.flatnonzero(np.log(lot) <= excess - excess.max())
        if len(kept) >= n:
            return proposing.completed(points.at(kept[:n]), rng)
        share = len(kept) / len(lot)
        more = min(int(AHEAD * (n - len(kept))), int(1.1 * (n - len(kept)) / share) + 50)
        for size in _chunks(more):
            points = points.followed_by(proposing.propose(size, rng))
            lot = np.append(lot, rng.random(size))


def _chunks(n: int) -> list[int]:
    """Return sizes of at most `CHUNK` that sum to n."""
    return [CHUNK] * (n // CHUNK) + ([n % CHUNK] if n % CHUNK else [])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Points:
    """Points between the nodes, arrays of shape (M,) if not stated.

    Attributes
    ----------
    half_life, half_life_rise, phi, ratio, sigma : arrays
        Days, days, correlation, period SD over noise SD, points.
    excess : array
        Log of the posterior's density over the proposals'.
    means, covariances : array, shape (M, k), (M, k, k)
        Of the effects, given the point.
    fixed_means, fixed_covariances : array, shape (M, m), (M, m, m)
        Of level, trend and covariates, given the point and all effects, which are 0 for the means.
    moved : array, shape (M, m, k)
        How far those means move with each effect.
    """

    half_life: FloatArray
    half_life_rise: FloatArray
    phi: FloatArray
    ratio: FloatArray
    sigma: FloatArray
    excess: FloatArray
    means: FloatArray
    covariances: FloatArray
    fixed_means: FloatArray
    fixed_covariances: FloatArray
    moved: FloatArray

    def at(self, index: IntArray) -> _Points:
        """Return some of the points."""
        return _Points(**{field.name: getattr(self, field.name)[index] for field in fields(self)})

    def followed_by(self, others: _Points) -> _Points:
        """Return these points and others."""
        return _Points(
            **{
                field.name: np.concatenate([getattr(self, field.name), getattr(others, field.name)])
                for field in fields(self)
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where points are: coordinates and values of the parameters, arrays of shape (M,).

    `below` says whose half-life lies below the grid's shortest one.
    """

    half_life: FloatArray
    rise: FloatArray
    phi_score: FloatArray
    phi: FloatArray
    ratio_score: FloatArray
    above_floor: FloatArray
    below: BoolArray

    @property
    def ratio(self) -> FloatArray:
        """Return the period SD over the noise SD."""
        return LINEAR_RATIO * np.sinh(self.ratio_score)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposing:
    """One person's grid as something to draw from.

    Attributes
    ----------
    stack : Stack
        Of one person.
    nodes : tuple of arrays
        Coordinates on the axes of phi, ratio, half-life, ratio of rise to fall, and noise SD.
    weights : array, shape (F, R, H, J, S)
        Posterior weights.
    share_below : float
        Share of the weights of the shortest half-life that stands for still shorter ones.
    density : array, shape (F, R, H, J, S)
        Of the proposals at the nodes, in all coordinates, without that share.
    density_below : array, shape (F, R, 1, J, S)
        Of that share, in days instead of log days.
    """

    stack: Stack
    nodes: tuple[FloatArray, ...]
    weights: FloatArray
    share_below: float
    density: FloatArray
    density_below: FloatArray

    @classmethod
    def of(cls, stack: Stack) -> _Proposing:
        """Return the grid of the only person of a stack."""
        grid = stack.grid
        nodes = (
            grid.phi_score[0],
            grid.ratio_score[0],
            grid.log_half_life[0],
            grid.log_rise,
            grid.noise[0],
        )
        weights = stack.weights[0].reshape(tuple(len(axis_nodes) for axis_nodes in nodes))
        share = _share_below(stack)
        above, below = weights.copy(), share * weights[:, :, :1]
        above[:, :, :1] -= below
        for axis, axis_nodes in enumerate(nodes):
            if len(axis_nodes) > 1:
                # The triangle over the end of an axis is folded back, and twice as high.
                per_unit = np.full(len(axis_nodes), 1.0 / (axis_nodes[1] - axis_nodes[0]))
                per_unit[[0, -1]] *= 2.0
                per_unit = per_unit.reshape([-1 if at == axis else 1 for at in range(5)])
                above *= per_unit
                below *= 1.0 if axis == HALF_LIFE else per_unit
        return cls(
            stack=stack,
            nodes=nodes,
            weights=weights,
            share_below=share,
            density=above,
            density_below=below * np.exp(-nodes[HALF_LIFE][0]),
        )

    def propose(self, m: int, rng: np.random.Generator) -> _Points:
        """Return m points proposed between the nodes, and what the posterior is there."""
        chosen = rng.choice(self.weights.size, m, p=self.weights.ravel())
        at = np.unravel_index(chosen, self.weights.shape)
        below = (at[HALF_LIFE] == 0) & (rng.random(m) < self.share_below)
        cells = [
            _cell(len(axis_nodes), index, rng)
            for axis_nodes, index in zip(self.nodes, at, strict=True)
        ]
        phi_score, ratio_score, log_half_life, log_rise, noise = (
            axis_nodes[first]
            + (axis_nodes[1] - axis_nodes[0] if len(axis_nodes) > 1 else 0.0) * share
            for axis_nodes, (first, share) in zip(self.nodes, cells, strict=True)
        )
        fixed = self.stack.integrand.plan.fixed_half_life_days
        half_life = np.exp(log_half_life) if fixed is None else np.full(m, fixed)
        shorter = np.exp(self.nodes[HALF_LIFE][0]) * (1.0 - rng.random(m))
        half_life = np.where(below, shorter, half_life)
        phi = beta22_from_normal(phi_score)
        place = _Place(
            half_life=half_life,
            rise=half_life * np.exp(log_rise),
            phi_score=phi_score,
            phi=phi,
            ratio_score=ratio_score,
            above_floor=np.exp(noise) / np.sqrt(1.0 - phi**2),
            below=below,
        )
        return self._evaluated(place, self._log_proposal(below, cells))

    def _log_proposal(
        self, below: BoolArray, cells: Sequence[tuple[IntArray, FloatArray]]
    ) -> FloatArray:
        """Return the log density of the proposals at points in given cells."""
        at_first = list(cells)
        at_first[HALF_LIFE] = np.zeros(len(below), dtype=np.int64), np.zeros(len(below))
        density = np.where(
            below, _multilinear(self.density_below, at_first), _multilinear(self.density, cells)
        )
        return np.log(density)

    def _evaluated(self, place: _Place, log_proposal: FloatArray) -> _Points:
        """Return points with the posterior there."""
        integrand, grid = self.stack.integrand, self.stack.grid
        sigma = integrand.priors.noise_floor + place.above_floor
        nodes = _nodes_at(integrand, place, sigma)
        m, k, q = len(sigma), integrand.n_effects, len(integrand.fixed_precision)
        log_target = nodes.log_likelihood.ravel() + _log_prior(integrand, place, sigma)
        log_target -= self.stack.log_evidence[0]
        covariances = np.moveaxis(nodes.fixed_covariances.reshape(q, q, m), -1, 0)
        crossed = nodes.crossed.reshape(m, k, q) / (sigma**2)[:, None, None]
        return _Points(
            half_life=place.half_life,
            half_life_rise=place.rise,
            phi=place.phi,
            ratio=place.ratio,
            sigma=sigma,
            excess=np.zeros(m) if grid.alike[0] else log_target - log_proposal,
            means=nodes.means.reshape(m, k),
            covariances=nodes.covariances.reshape(m, k, k),
            fixed_means=nodes.fixed_means.reshape(q, m).T,
            fixed_covariances=covariances,
            moved=-covariances @ np.swapaxes(crossed, 1, 2),
        )

    def completed(self, points: _Points, rng: np.random.Generator) -> JointDraws:
        """Return one draw of the effects, level, trend and covariates at each of some points."""
        integrand = self.stack.integrand
        effects = points.means + _normal(points.covariances, rng)
        fixed = points.fixed_means + np.einsum("sqk,sk->sq", points.moved, effects)
        fixed += _normal(points.fixed_covariances, rng)
        first = 2 if integrand.plan.trend == "linear" else 1
        return JointDraws(
            effects=effects,
            half_life=points.half_life,
            half_life_rise=points.half_life_rise,
            phi=points.phi,
            sigma=points.sigma,
            sigma_period=points.ratio * points.sigma,
            level=integrand.centre[0] + fixed[:, 0],
            trend=fixed[:, 1] if first == 2 else np.zeros(len(fixed)),
            slopes=fixed[:, first:],
        )


def _share_below(stack: Stack) -> float:
    """Return the share of the first half-life's weight that is of still shorter ones."""
    grid, integrand = stack.grid, stack.integrand
    first = float(grid.log_half_life[0, 0])
    if integrand.plan.fixed_half_life_days is not None or first > log(SHORTEST) + 1e-9:
        return 0.0
    below = float(integrand.priors.half_life.cdf(np.exp(first)))
    return below / float(np.exp(grid.half_life_weights[0, 0]))


def _cell(n: int, chosen: IntArray, rng: np.random.Generator) -> tuple[IntArray, FloatArray]:
    """Return, on an axis of n nodes, the node before each point and the share of the way on."""
    if n == 1:
        return chosen, np.zeros(len(chosen))
    place = np.abs(chosen + rng.triangular(-1.0, 0.0, 1.0, len(chosen)))
    place = (n - 1) - np.abs((n - 1) - place)
    first = np.minimum(place.astype(np.int64), n - 2)
    return first, place - first


def _multilinear(values: FloatArray, cells: Sequence[tuple[IntArray, FloatArray]]) -> FloatArray:
    """Return values at the nodes read off between them."""
    interpolated = np.zeros(len(cells[0][0]))
    axes = [(0, 1) if n > 1 else (0,) for n in values.shape]
    for corner in product(*axes):
        share = np.ones_like(interpolated)
        for n, step, (_, along) in zip(values.shape, corner, cells, strict=True):
            if n > 1:
                share *= along if step else 1.0 - along
        index = tuple(first + step for step, (first, _) in zip(corner, cells, strict=True))
        interpolated += share * values[index]
    return interpolated


def _nodes_at(integrand: Integrand, place: _Place, sigma: FloatArray) -> IntegratedNodes:
    """Return the Gaussian part at every point, each as if it were of a person of its own."""
    m, k, q = len(sigma), integrand.n_effects, integrand.columns[0].sums.shape[-1]
    rise = place.rise if integrand.plan.half_lives == "two" else None
    of_all = integrand.products([(place.half_life, rise)])
    (sums,) = of_all.sums
    static, crossed = sums[:, : q * q], sums[:, q * q : q * q + m * k * q]
    parts = (
        np.broadcast_to(static, (m, *static.shape)),
        np.swapaxes(crossed.reshape(len(sums), m, k * q), 0, 1),
        np.swapaxes(sums[:, q * q + m * k * q :].reshape(len(sums), m, k * k), 0, 1),
    )
    products = Products(
        lag=np.repeat(of_all.lag, m, axis=0),
        count=np.repeat(of_all.count, m, axis=0),
        sums=np.concatenate(parts, axis=2),
        exposures=tuple(exposure[None] for exposure in of_all.exposures[0]),
    )
    axes = Axes(phi=place.phi[:, None], ratio=place.ratio[:, None], sigma=sigma[:, None, None])
    return integrand.subset(np.zeros(m, dtype=np.int64)).at(axes, products)


def _log_prior(integrand: Integrand, place: _Place, sigma: FloatArray) -> FloatArray:
    """Return the log prior density in the coordinates of the axes, half-lives below in days."""
    priors, plan = integrand.priors, integrand.plan
    log_prior = -0.5 * (place.phi_score**2 + log(2.0 * pi))
    log_prior += log_truncated_half_t3(sigma, priors) + np.log(place.above_floor)
    if integrand.with_periods:
        scale = priors.period_scale
        log_prior += 0.5 * log(2.0 / pi) - log(scale) - 0.5 * (place.ratio / scale) ** 2
        log_prior += np.log(LINEAR_RATIO * np.cosh(place.ratio_score))
    if plan.fixed_half_life_days is not None:
        return np.asarray(log_prior)
    log_prior += np.log(priors.half_life.density(place.half_life))
    log_prior += np.where(place.below, 0.0, np.log(place.half_life))
    if plan.half_lives == "two":
        sd = priors.half_life_ratio_log_sd
        log_rise = np.log(place.rise / place.half_life)
        log_prior += -0.5 * (log_rise / sd) ** 2 - log(sd) - 0.5 * log(2.0 * pi)
    return np.asarray(log_prior)


def _normal(covariances: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return a draw of mean 0 for each of some covariances, shape (S, k, k)."""
    root = np.linalg.cholesky(covariances)
    return np.asarray(np.einsum("skl,sl->sk", root, rng.standard_normal(covariances.shape[:2])))
