"""The primary Bayesian engine: the exact posterior by deterministic quadrature.

Half-life, phi, period SD and noise SD are left when the Gaussian part is integrated out (see
`integrand`). They are summed over the nodes of a grid, on axes where the trapezoid rule converges
geometrically, in a box around the mass (see `placing`). The answer is computed on ever finer
grids until two agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.box import PLACING, around, place
from nof1.inference.exact.grid import Box, Fineness, grid_in, products_on
from nof1.inference.exact.integrand import Integrand
from nof1.inference.exact.posterior import Posterior, Stack
from nof1.inference.fits import CovariateChange, QuadratureFit
from nof1.inference.summaries import Summary
from nof1.inference.verdict import chances_of
from nof1.model.model_input import ModelInput
from nof1.model.priors import point_priors
from nof1.words.caution import sentence

FloatArray = NDArray[np.float64]

#: Grids, each finer than the one before; the first is compared with the one that placed the box.
LEVELS = (
    Fineness(14, 10, 8, 8, 13),
    Fineness(20, 14, 11, 11, 13),
    Fineness(32, 20, 14, 16, 15),
    Fineness(64, 26, 22, 28, 15),
)
#: Two levels agree when mean and interval ends have moved by less than this share of the SD.
AGREEMENT = 0.03
#: Fewer scores hardly tell the noise: over so long an axis coarse grids may agree by chance.
FEW = 12
#: Share of the SD that is added to the error, for what two grids may have wrong in common.
IN_COMMON = 0.002
#: Nodes evaluated at once, about: more share NumPy's cost of a call, fewer fit into a cache.
CHUNK = 150_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """One person's posterior, and how far the two finest grids are apart.

    Attributes
    ----------
    finest : Posterior
        On the finest grid that was needed.
    errors : array, shape (k,)
        For every active arm's effect against the comparator, in points: the difference in the
        mean and twice that in the SD, which bounds how far interval ends have moved, and
        `IN_COMMON`.
    """

    finest: Posterior
    errors: FloatArray

    def error(self, active: int, comparator: int) -> float:
        """Return a bound of the numerical error of one contrast, in points."""
        return float(sum(self.errors[arm - 1] for arm in (active, comparator) if arm))


def posterior(inputs: ModelInput, fineness: Fineness) -> Posterior:
    """Return the posterior on a grid of the given fineness, placed around the mass."""
    integrand = Integrand([inputs])
    return Posterior(stack=_stack_in(integrand, place(integrand)[0], fineness), row=0)


def solve(inputs: ModelInput) -> Solution:
    """Return the posterior, escalating until two levels agree on every effect."""
    return solve_many([inputs])[0]


def solve_many(people: Sequence[ModelInput]) -> list[Solution]:
    """Return every person's posterior; those alike in plan and design are solved together.

    A posterior keeps its nodes, some megabytes: of thousands of people, solve and summarise some
    hundred at a time.

    Parameters
    ----------
    people : sequence of ModelInput
        Scores and designs.
    """
    groups: dict[Any, list[int]] = {}
    for index, inputs in enumerate(people):
        groups.setdefault(_kind(inputs), []).append(index)
    solutions: dict[int, Solution] = {}
    for indices in groups.values():
        size = _at_once(people[indices[0]], PLACING)
        for start in range(0, len(indices), size):
            part = indices[start : start + size]
            solutions |= zip(part, _solved([people[i] for i in part]), strict=True)
    return [solutions[index] for index in range(len(people))]


def _kind(inputs: ModelInput) -> tuple[Any, ...]:
    """Return what persons must have in common to be solved together."""
    k, q = inputs.dose.shape[1], inputs.covariates.shape[1]
    return inputs.plan, point_priors(inputs), inputs.span, k, q, inputs.n_periods


def _at_once(inputs: ModelInput, n: Fineness) -> int:
    """Return how many persons like the given one are evaluated at once."""
    rise = n.rise if inputs.plan.half_lives == "two" else 1
    nodes = n.half_life * rise * n.phi * n.ratio * n.noise
    k = int(inputs.dose.shape[1])
    return max(1, CHUNK // (nodes * k**2))


def _solved(people: Sequence[ModelInput]) -> list[Solution]:
    """Return the solutions of persons alike in plan and design."""
    integrand = Integrand(people)
    box, before = place(integrand)
    solutions: dict[int, Solution] = {}
    active = np.arange(len(people))
    for fineness in LEVELS:
        size = _at_once(people[0], fineness)
        for rows in np.split(active, range(size, len(active), size)):
            stack = _stack_in(integrand.subset(rows), box.subset(rows), fineness)
            moments = stack.nodes.moments(stack.weights)
            moved = np.abs(moments - before[rows]) @ np.array([1.0, 2.0])
            errors = moved + IN_COMMON * moments[..., 1]
            before[rows] = moments
            agree = (errors < AGREEMENT * moments[..., 1]).all(axis=1)
            agree &= (integrand.n[rows] >= FEW) | (fineness is not LEVELS[0])
            settled = np.flatnonzero(agree | (fineness is LEVELS[-1]))
            rest = np.flatnonzero(~agree)
            # A finer grid may show a peak that the coarse ones were blind to.
            seen = around(stack.integrand, stack.grid, stack.weights, box.subset(rows))
            box = box.updated(rows[rest], seen.subset(rest))
            part = stack if len(settled) == len(rows) else stack.subset(settled)
            for row, place_of in enumerate(settled.tolist()):
                posterior_of = Posterior(stack=part, row=row)
                solutions[int(rows[place_of])] = Solution(
                    finest=posterior_of, errors=errors[place_of]
                )
        active = np.array([row for row in active if row not in solutions], dtype=np.int64)
        if not len(active):
            break
    return [solutions[row] for row in range(len(people))]


def fit(inputs: ModelInput, active: int, comparator: int) -> QuadratureFit:
    """Return the exact posterior of one contrast.

    Parameters
    ----------
    inputs : ModelInput
        Scores and design of one person.
    active, comparator : int
        Numbers of the arms compared.
    """
    return drawable(solve(inputs), active, comparator)


def drawable(solution: Solution, active: int, comparator: int) -> QuadratureFit:
    """Return one contrast of a posterior, with its density for figures."""
    effect = solution.finest.effect(active, comparator)
    points = np.linspace(effect.mean - 5 * effect.sd, effect.mean + 5 * effect.sd, 161)
    density = (points, effect.pdf(points))
    return replace(summarise(solution, active, comparator), density=density)


def summarise(solution: Solution, active: int, comparator: int) -> QuadratureFit:
    """Return the figures of one contrast of a posterior, without a density."""
    finest = solution.finest
    inputs = finest.inputs
    level = inputs.plan.ci_level
    effect = finest.effect(active, comparator)
    why = inputs.unspoken(active, comparator, whole=True)

    def of(name: str) -> Summary:
        return finest.marginal(name).summary(level)

    def perhaps(name: str) -> Summary | None:
        return of(name) if name in finest.parameters else None

    return QuadratureFit(
        effect=effect.summary(level),
        chances=chances_of(effect.cdf, inputs.better, inputs.mcid),
        as_scheduled=None if why else finest.as_scheduled(active, comparator).summary(level),
        why_not_scheduled=sentence(why) if why else "",
        half_life=of("half_life"),
        half_life_rise=perhaps("half_life_rise"),
        phi=of("phi"),
        sigma=of("sigma"),
        sigma_period=of("sigma_period"),
        trend=perhaps("trend"),
        covariates=_covariates(finest, level),
        log_evidence=finest.log_evidence,
        error=solution.error(active, comparator),
    )


def _covariates(posterior: Posterior, level: float) -> dict[str, CovariateChange[Summary]]:
    """Return the change in points for one unit of each covariate; nothing without any."""
    return {
        adjustment.covariate: CovariateChange(
            title=adjustment.title,
            unit=adjustment.unit,
            change=slope.summary(level).over(adjustment.sd),
        )
        for adjustment, slope in zip(posterior.inputs.adjustments, posterior.slopes(), strict=True)
    }


def _stack_in(integrand: Integrand, box: Box, fineness: Fineness) -> Stack:
    grid = grid_in(integrand, box, fineness)
    products = products_on(integrand, grid)
    nodes = integrand.at(grid.axes, products)
    weights, log_evidence = grid.posterior(nodes.log_likelihood)
    return Stack(
        integrand=integrand,
        grid=grid,
        exposures=products.exposures,
        nodes=nodes,
        weights=weights,
        log_evidence=log_evidence,
    )
