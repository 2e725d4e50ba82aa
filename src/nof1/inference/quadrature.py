"""The primary Bayesian engine: the exact posterior by deterministic quadrature.

Half-life, phi, period SD and noise SD are left when the Gaussian part is integrated out (see
`integrand`). They are summed over the nodes of a grid, on axes where the trapezoid rule converges
geometrically, in a box around the mass (see `placing`). The answer is computed on ever finer
grids until two agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.inference.integrand import Integrand
from nof1.inference.placing import Box, Fineness, grid_in, place, products_on
from nof1.inference.posterior import Posterior, Stack
from nof1.inference.result import Fit
from nof1.inference.verdict import probabilities
from nof1.model.model_input import ModelInput
from nof1.model.priors import point_priors

FloatArray = NDArray[np.float64]

#: Grids, each finer than the one before.
LEVELS = (
    Fineness(11, 8, 5, 7, 7),
    Fineness(15, 11, 7, 9, 9),
    Fineness(22, 15, 10, 12, 11),
    Fineness(34, 20, 14, 16, 15),
    Fineness(60, 26, 20, 22, 21),
)
#: Two levels agree when mean and interval ends differ by less than this share of the SD.
AGREEMENT = 0.02
#: Nodes evaluated at once, about: what fits into a processor's cache.
CHUNK = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The finest posterior computed, and what the two finest grids say of each effect.

    Attributes
    ----------
    finest : Posterior
        On the finest grid that was needed.
    before : Posterior
        On the grid before.
    """

    finest: Posterior
    before: Posterior


def posterior(given: ModelInput, fineness: Fineness) -> Posterior:
    """Return the posterior on a grid of the given fineness, placed around the mass."""
    integrand = Integrand([given])
    return Posterior(stack=_stack_in(integrand, place(integrand), fineness), row=0)


def solve(given: ModelInput) -> Solution:
    """Return the posterior, escalating until two levels agree on every effect."""
    return solve_many([given])[0]


def solve_many(people: Sequence[ModelInput]) -> list[Solution]:
    """Return every person's posterior; those alike in plan and design are solved together.

    Parameters
    ----------
    people : sequence of ModelInput
        Scores and designs.
    """
    groups: dict[Any, list[int]] = {}
    for index, given in enumerate(people):
        groups.setdefault(_kind(given), []).append(index)
    found: dict[int, Solution] = {}
    for (*_, nodes), indices in groups.items():
        size = max(1, CHUNK // nodes)
        for start in range(0, len(indices), size):
            part = indices[start : start + size]
            found |= zip(part, _solved([people[i] for i in part]), strict=True)
    return [found[index] for index in range(len(people))]


def _kind(given: ModelInput) -> tuple[Any, ...]:
    """Return what persons must have in common to be solved together, and a grid's nodes last."""
    n, k = LEVELS[1], given.dose.shape[1]
    one = given.plan.half_lives == "one"
    nodes = n.half_life * n.phi * n.ratio * n.noise * (1 if one else n.rise) * k**2
    return (
        given.plan,
        point_priors(given),
        given.span,
        k,
        given.n_periods,
        given.covariates.shape[1],
        nodes,
    )


def _solved(people: Sequence[ModelInput]) -> list[Solution]:
    """Return the solutions of persons alike in plan and design."""
    integrand = Integrand(people)
    box = place(integrand)
    found: list[Solution | None] = [None] * len(people)
    active = np.arange(len(people))
    before = _stack_in(integrand, box, LEVELS[0])
    for fineness in LEVELS[1:]:
        finest = _stack_in(integrand, box, fineness)
        agree = gaps(finest, before)[1].max(axis=1) < AGREEMENT
        last = fineness is LEVELS[-1]
        for row in np.flatnonzero(agree | last).tolist():
            found[active[row]] = Solution(
                finest=Posterior(stack=finest, row=row), before=Posterior(stack=before, row=row)
            )
        rest = np.flatnonzero(~agree)
        if not len(rest) or last:
            break
        integrand, box, active = integrand.subset(rest), box.subset(rest), active[rest]
        before = finest.subset(rest)
    return [solution for solution in found if solution is not None]


def gaps(fine: Stack, coarse: Stack) -> FloatArray:
    """Return the largest differences between two grids in points and posterior SDs.

    Of mean and interval ends of every active arm's effect; shape (2, B, k).
    """
    found = []
    for one, other in zip(fine.effects, coarse.effects, strict=True):
        (mean, sd), (coarse_mean, _) = one.moments(), other.moments()
        ends = np.abs(one.ends - other.ends).max(axis=1)
        gap = np.maximum(np.abs(mean - coarse_mean), ends)
        found.append(np.stack([gap, gap / sd]))
    return np.stack(found, axis=-1)


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


def summarise(solution: Solution, active: int, comparator: int) -> Fit:
    """Return the figures of one contrast from a posterior; see `fit`."""
    found = solution.finest
    given = found.given
    level = given.plan.ci_level
    effect, scheduled = found.effect(active, comparator), found.as_scheduled(active, comparator)
    before = solution.before.effect(active, comparator)
    ends = effect.interval(level)
    differences = np.subtract((effect.mean, *ends), (before.mean, *before.interval(level)))
    values: dict[str, Any] = {
        "mean": effect.mean,
        "sd": effect.sd,
        "ci_low": ends[0],
        "ci_high": ends[1],
        "ci_level": level,
        **probabilities(effect.cdf, given.better, given.mcid),
        "as_scheduled": scheduled.summary(level),
        **{name: found.marginal(name).summary(level) for name in found.parameters},
        "log_evidence": found.log_evidence,
        "error": float(np.abs(differences).max()),
    }
    points = np.linspace(effect.mean - 5 * effect.sd, effect.mean + 5 * effect.sd, 161)
    return Fit(
        engine="quadrature",
        estimand="steady-state",
        values=values,
        density=(points, effect.pdf(points)),
    )


def _stack_in(integrand: Integrand, box: Box, fineness: Fineness) -> Stack:
    grid = grid_in(integrand, box, fineness)
    products = products_on(integrand, grid)
    nodes = integrand.at(grid.axes, products)
    log_weights = nodes.log_likelihood + grid.log_weights
    axes = tuple(range(1, log_weights.ndim))
    top = log_weights.max(axis=axes, keepdims=True)
    weights = np.exp(log_weights - top)
    total = weights.sum(axis=axes, keepdims=True)
    return Stack(
        integrand=integrand,
        grid=grid,
        exposures=products.exposures,
        nodes=nodes,
        weights=weights / total,
        log_evidence=(top + np.log(total)).ravel(),
    )
