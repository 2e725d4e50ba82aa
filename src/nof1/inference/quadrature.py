"""The primary Bayesian engine: the exact posterior by deterministic quadrature.

Four parameters are left when the Gaussian part is integrated out (see `integrand`). Each is put
on an axis where its posterior is smooth and falls off fast on both sides, where the equispaced
trapezoid rule converges geometrically:

* half-life: the standard normal score of its prior quantile, for each component of the prior on
  an axis of its own, since a mixture's quantile is steep between its modes;
* phi: the standard normal score of its prior quantile;
* ratio of period SD to noise SD: itself, the integrand being even;
* noise SD: the log of its distance from the rounding floor, times sqrt(1 - phi**2), which makes
  it nearly independent of phi.

A box around the mass is found by evaluating coarse grids, with no optimiser and no random
numbers. The answer is computed on ever finer grids until two agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nof1.inference.integrand import Axes, Integrand, log_half_t3
from nof1.inference.marginals import Axis, PosteriorGrid
from nof1.inference.mixture import Mixture
from nof1.inference.result import Fit
from nof1.inference.verdict import probabilities
from nof1.model.model_input import ModelInput
from nof1.model.priors import beta22_from_normal, exponential_from_normal

FloatArray = NDArray[np.float64]


class Fineness(NamedTuple):
    """Nodes on the axes; the half-life's, for each component of its prior, converges slowest."""

    half_life: int
    phi: int
    ratio: int
    noise: int


#: Grids, each finer than the one before.
LEVELS = (
    Fineness(15, 9, 8, 7),
    Fineness(21, 11, 10, 9),
    Fineness(29, 15, 13, 11),
    Fineness(41, 19, 17, 15),
    Fineness(55, 23, 21, 21),
)
#: Two levels agree when mean and interval ends differ by less than this share of the SD.
AGREEMENT = 0.005
#: The grid that finds the box.
PLACING = Fineness(7, 7, 6, 7)
#: A node counts as mass when its marginal log density is within this of the highest.
DEPTH = 10.5
#: Where normal scores start to be searched, and how far at most.
SCORES = (-3.5, 3.5)
SCORE_LIMITS = (-4.7, 4.7)
#: Nodes evaluated at once: bounds the memory.
CHUNK = 60_000
#: Probability that the components left out of the mixture have together, at most.
NEGLIGIBLE = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """The posterior of one person's trial on a grid.

    Attributes
    ----------
    given : ModelInput
        What was fitted.
    grid : PosteriorGrid
        Weights of the nodes and marginal posteriors of the four parameters.
    means : array, shape (n_components, k)
        Conditional means of the effects of the k active arms, in points.
    covariances : array, shape (n_components, k, k)
        Their conditional covariances.
    half_life_index : int array, shape (n_components,)
        Which half-life each component belongs to.
    weights : array, shape (n_components,)
        Sum to 1.
    """

    given: ModelInput
    grid: PosteriorGrid
    means: FloatArray
    covariances: FloatArray
    half_life_index: NDArray[np.int64]
    weights: FloatArray

    def _combination(self, weights: FloatArray) -> Mixture:
        """Return the posterior of a weighted sum of effects; weights have shape (n, k)."""
        means = np.einsum("nk,nk->n", weights, self.means)
        variances = np.einsum("nk,nkl,nl->n", weights, self.covariances, weights)
        floor = 1e-12 * self.given.span
        sds = np.sqrt(variances + floor**2)
        return Mixture(means=means, sds=sds, weights=self.weights)

    def effect(self, active: int, comparator: int) -> Mixture:
        """Return the posterior of the steady-state effect of one arm against another."""
        signs = _arm_signs(self.means.shape[1], active, comparator)
        return self._combination(np.broadcast_to(signs, self.means.shape))

    def as_scheduled(self, active: int, comparator: int) -> Mixture:
        """Return the posterior of the mean difference that this schedule leaves."""
        share = self.given.as_scheduled_weights(active, comparator) @ self.given.exposure(
            self.grid.half_life_values
        )
        return self._combination(share[self.half_life_index])


def _arm_signs(k: int, active: int, comparator: int) -> FloatArray:
    """Return the weights of the k effects in a contrast; arm 0 has no effect of its own."""
    arms = np.arange(1, k + 1)
    signs: FloatArray = (arms == active).astype(float) - (arms == comparator).astype(float)
    return signs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    """Ends of the axes, in their own coordinates; None when a parameter is fixed."""

    half_lives: tuple[tuple[float, float], ...] | None
    phi: tuple[float, float]
    ratio: float | None
    noise: tuple[float, float]


def posterior(given: ModelInput, fineness: Fineness) -> Posterior:
    """Return the posterior on a grid of the given fineness, placed around the mass."""
    integrand = Integrand(given)
    return _posterior_in(integrand, _place(integrand), fineness)


def fit(given: ModelInput, active: int, comparator: int) -> Fit:
    """Return the exact posterior of one contrast.

    Parameters
    ----------
    given : ModelInput
        Scores and design of one person.
    active, comparator : int
        Numbers of the arms compared.

    Returns
    -------
    Fit
        Of the steady-state effect in points, with ``error``: the largest difference in mean or
        interval end between the two finest levels, in points.
    """
    return summarise(solve(given), active, comparator)


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The finest posterior computed and the level before it, whose difference is the error."""

    finest: Posterior
    before: Posterior


def solve(given: ModelInput) -> Solution:
    """Return the posterior, escalating until two levels agree on every effect."""
    integrand = Integrand(given)
    box = _place(integrand)
    before = _posterior_in(integrand, box, LEVELS[0])
    finest = before
    for fineness in LEVELS[1:]:
        finest = _posterior_in(integrand, box, fineness)
        effects = range(1, given.dose.shape[1] + 1)
        if all(_gap(finest, before, arm, 0, given.plan.ci_level)[1] < AGREEMENT for arm in effects):
            break
        if fineness is not LEVELS[-1]:
            before = finest
    return Solution(finest=finest, before=before)


def _gap(
    fine: Posterior, coarse: Posterior, active: int, comparator: int, level: float
) -> tuple[float, float]:
    """Return the largest difference between two levels, in points and in posterior SDs."""
    one, other = fine.effect(active, comparator), coarse.effect(active, comparator)
    pairs = zip((one.mean, *one.interval(level)), (other.mean, *other.interval(level)), strict=True)
    gap = max(abs(a - b) for a, b in pairs)
    return gap, gap / one.sd


def summarise(solution: Solution, active: int, comparator: int) -> Fit:
    """Return the figures of one contrast from a posterior; see `fit`."""
    found = solution.finest
    given = found.given
    level = given.plan.ci_level
    effect = found.effect(active, comparator)
    scheduled = found.as_scheduled(active, comparator)
    low, high = effect.interval(level)
    scheduled_low, scheduled_high = scheduled.interval(level)
    values: dict[str, Any] = {
        "mean": effect.mean,
        "sd": effect.sd,
        "ci_low": low,
        "ci_high": high,
        "ci_level": level,
        **probabilities(effect.cdf, given.better, given.mcid),
        "as_scheduled": {
            "mean": scheduled.mean,
            "ci_low": scheduled_low,
            "ci_high": scheduled_high,
        },
        **found.grid.summaries(level),
        "error": _gap(found, solution.before, active, comparator, level)[0],
    }
    points = np.linspace(effect.mean - 5 * effect.sd, effect.mean + 5 * effect.sd, 161)
    return Fit(
        engine="quadrature",
        estimand="steady-state",
        values=values,
        density=(points, effect.pdf(points)),
    )


def _axes(integrand: Integrand, box: _Box, n: Fineness) -> tuple[Axes, PosteriorGrid]:
    """Return the nodes of a grid and the log prior weight of each axis."""
    given, priors = integrand.given, integrand.priors
    if box.half_lives is None:
        half_lives: tuple[Axis, ...] = (Axis.single(given.plan.fixed_half_life_days or 0.0),)
    else:
        prior = priors.half_life
        half_lives = tuple(
            _half_life_axis(np.linspace(*ends, n.half_life), mean, share)
            for ends, mean, share in zip(
                box.half_lives, prior.means_days, prior.shares, strict=True
            )
        )
    z = np.linspace(*box.phi, n.phi)
    phi = Axis(
        coordinate=z,
        values=beta22_from_normal(z),
        log_prior=-0.5 * z**2,
        transform=beta22_from_normal,
    )
    if box.ratio is None:
        ratio = Axis.single(0.0)
    else:
        r = np.linspace(0.0, box.ratio, n.ratio)
        ratio = Axis(
            coordinate=r,
            values=r,
            log_prior=-0.5 * (r / priors.period_scale) ** 2,
            transform=np.positive,
            even=True,
        )
    noise = np.linspace(*box.noise, n.noise)
    above_floor = np.exp(noise[None, :]) / np.sqrt(1.0 - phi.values[:, None] ** 2)
    sigma = priors.noise_floor + above_floor
    grid = PosteriorGrid(
        half_lives=half_lives,
        phi=phi,
        ratio=ratio,
        noise=noise,
        sigma=sigma,
        log_prior_noise=log_half_t3(sigma, priors.noise_scale) + np.log(above_floor),
        noise_floor=priors.noise_floor,
    )
    axes = Axes(half_life=grid.half_life_values, phi=phi.values, ratio=ratio.values, sigma=sigma)
    return axes, grid


def _half_life_axis(z: FloatArray, mean: float, share: float) -> Axis:
    return Axis(
        coordinate=z,
        values=exponential_from_normal(z, mean),
        log_prior=-0.5 * z**2 + np.log(share),
        transform=lambda scores: exponential_from_normal(scores, mean),
    )


def _chunks(axes: Axes) -> Iterator[slice]:
    """Yield slices of the phi axis small enough to evaluate at once."""
    per_phi = len(axes.half_life) * len(axes.ratio) * axes.sigma.shape[1]
    step = max(1, CHUNK // per_phi)
    for start in range(0, len(axes.phi), step):
        yield slice(start, start + step)


def _posterior_in(integrand: Integrand, box: _Box, fineness: Fineness) -> Posterior:
    axes, grid = _axes(integrand, box, fineness)
    log_weights, means, covariances = [], [], []
    for part in _chunks(axes):
        nodes = integrand.at(
            Axes(
                half_life=axes.half_life,
                phi=axes.phi[part],
                ratio=axes.ratio,
                sigma=axes.sigma[part],
            )
        )
        log_weights.append(nodes.log_likelihood)
        means.append(nodes.means)
        covariances.append(nodes.covariances)
    weighed = grid.weighed(np.concatenate(log_weights))
    weights = weighed.weights
    keep = weights > NEGLIGIBLE / weights.size
    kept = weights[keep]
    return Posterior(
        given=integrand.given,
        grid=weighed,
        means=np.concatenate(means)[keep],
        covariances=np.concatenate(covariances)[keep],
        half_life_index=np.broadcast_to(
            np.arange(len(axes.half_life))[None, :, None, None], weights.shape
        )[keep],
        weights=kept / kept.sum(),
    )


def _place(integrand: Integrand) -> _Box:
    """Return a box that holds the mass, found on coarse grids.

    Each pass keeps, on every axis, the stretch whose marginal density is within `DEPTH` of the
    highest, and one node more on either side; a stretch that touches the edge of the box is
    carried beyond it. So the box can move, grow and shrink, but never by more than a factor of
    three at once, which keeps it from collapsing on a wrong spot.
    """
    given, priors, span = integrand.given, integrand.priors, integrand.given.span
    start = np.log(max(float(np.std(given.score)) if given.n else 0.0, 1e-3 * span))
    estimated = given.plan.fixed_half_life_days is None
    box = _Box(
        half_lives=(SCORES,) * len(priors.half_life.shares) if estimated else None,
        phi=SCORES,
        ratio=4.0 * priors.period_scale if integrand.with_periods else None,
        noise=(start - 3.0, start + 2.0),
    )
    for _ in range(40):
        axes, grid = _axes(integrand, box, PLACING)
        new = _around(grid.weighed(integrand.at(axes).log_likelihood), box, integrand)
        settled = _alike(box, new)
        box = new
        if settled:
            break
    return box


def _around(grid: PosteriorGrid, box: _Box, integrand: Integrand) -> _Box:
    """Return the box around the mass that a coarse grid shows."""
    half_lives, ratio, span = None, None, integrand.given.span
    if box.half_lives is not None:
        density = grid.log_marginal(1)
        half_lives = tuple(
            _stretch(axis.coordinate, density[part], SCORE_LIMITS)
            for axis, part in zip(grid.half_lives, grid.half_life_slices(), strict=True)
        )
    if box.ratio is not None:
        limits = (-np.inf, 6.0 * integrand.priors.period_scale)
        ratio = max(_stretch(grid.ratio.coordinate, grid.log_marginal(2), limits)[1], 1e-3)
    noise_limits = (float(np.log(1e-7 * span)), float(np.log(30.0 * span)))
    return _Box(
        half_lives=half_lives,
        phi=_stretch(grid.phi.coordinate, grid.log_marginal(0), SCORE_LIMITS),
        ratio=ratio,
        noise=_stretch(grid.noise, grid.log_marginal(3), noise_limits),
    )


def _stretch(
    nodes: FloatArray, log_density: FloatArray, limits: tuple[float, float]
) -> tuple[float, float]:
    """Return the stretch of an axis that holds the mass, carried beyond an edge it touches."""
    spacing = nodes[1] - nodes[0]
    mass = np.flatnonzero(log_density > log_density.max() - DEPTH)
    first, last = mass[0], mass[-1]
    low = nodes[first] - spacing * (1.0 if first == 0 else _crossing(log_density, first, -1))
    high = nodes[last] + spacing * (
        1.0 if last == len(nodes) - 1 else _crossing(log_density, last, 1)
    )
    return max(float(low), limits[0]), min(float(high), limits[1])


def _crossing(log_density: FloatArray, inside: int, direction: int) -> float:
    """Return how far towards the next node the density falls to the depth, at least a third."""
    drop = log_density[inside] - log_density[inside + direction]
    excess = log_density[inside] - (log_density.max() - DEPTH)
    return max(1 / 3, float(excess / drop))


def _alike(a: _Box, b: _Box) -> bool:
    """Return whether every axis of two boxes differs by less than an eighth of its length."""
    return all(
        abs(p[i] - q[i]) < 0.125 * (p[1] - p[0])
        for p, q in zip(_stretches(a), _stretches(b), strict=True)
        for i in (0, 1)
    )


def _stretches(box: _Box) -> list[tuple[float, float]]:
    ratio = [] if box.ratio is None else [(0.0, box.ratio)]
    return [*(box.half_lives or ()), box.phi, *ratio, box.noise]
