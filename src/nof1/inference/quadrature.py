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

A box around the mass is found on coarse grids (see `placing`). The answer is computed on ever
finer grids until two agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.inference.integrand import Axes, Integrand
from nof1.inference.marginals import PosteriorGrid
from nof1.inference.mixture import Mixture
from nof1.inference.placing import Box, Fineness, axes_in, place
from nof1.inference.result import Fit
from nof1.inference.verdict import probabilities
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]

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


def posterior(given: ModelInput, fineness: Fineness) -> Posterior:
    """Return the posterior on a grid of the given fineness, placed around the mass."""
    integrand = Integrand(given)
    return _posterior_in(integrand, place(integrand), fineness)


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
    box = place(integrand)
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


def _chunks(axes: Axes) -> Iterator[slice]:
    """Yield slices of the phi axis small enough to evaluate at once."""
    per_phi = len(axes.half_life) * len(axes.ratio) * axes.sigma.shape[1]
    step = max(1, CHUNK // per_phi)
    for start in range(0, len(axes.phi), step):
        yield slice(start, start + step)


def _posterior_in(integrand: Integrand, box: Box, fineness: Fineness) -> Posterior:
    axes, grid = axes_in(integrand, box, fineness)
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
