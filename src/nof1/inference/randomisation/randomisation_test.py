"""The randomisation test over exactly the set the sequence was drawn from, and its interval.

The statistic is the mean difference of period means within cycles; where a sequence of the set has
cycles without both arms, the difference of the means of all periods, or Welch's t of it when the
plan asks for the studentised statistic. Within cycles both are one test: a flip of signs leaves
the sum of squares of the cycle differences as it is, so that |t| grows with the mean difference,
and p-value and interval are the same. Two arms drawn anew in every cycle are counted exactly
however many the sequences; other sets are listed, or sampled when large.
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from nof1.design.allocation import AllocationSet
from nof1.design.cycled import PairsSet
from nof1.design.phases import PhasesSet
from nof1.design.sets import VaryingSet
from nof1.inference.fits import NotRun, PooledMeans, RandomisationFit
from nof1.inference.period_means import cycle_differences, period_means
from nof1.inference.randomisation.inversion import TIE, InvertedTest, allowed_at, linear, share
from nof1.inference.randomisation.phases import phase_extremes
from nof1.inference.randomisation.reallocation import (
    MeanDifference,
    Orders,
    comparable,
    every_cycle_has_both,
)
from nof1.inference.randomisation.sign_flips import MOST_CYCLES, Flips
from nof1.inference.randomisation.welch import welch_extremes
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ENGINE = RandomisationFit.engine


def fit(
    inputs: ModelInput, active: int, comparator: int, allocation_set: AllocationSet | None
) -> RandomisationFit | NotRun:
    """Return the randomisation p-value and the interval by inversion at its attainable level.

    Parameters
    ----------
    inputs : ModelInput
        Scores and design of one person.
    active, comparator : int
        Numbers of the arms compared; periods on other arms stay where they were.
    allocation_set : AllocationSet or None
        What the sequence was drawn from.

    Returns
    -------
    RandomisationFit or NotRun
        Of the difference as scheduled, in points. Not run when the sequence was not drawn at
        random.
    """
    if allocation_set is None:
        return NotRun(
            engine=ENGINE,
            why="the order was not drawn at random, or from what is not known; say --allocation",
        )
    if isinstance(allocation_set, PhasesSet):
        return _of_phases(inputs, active, allocation_set)
    if tuple(inputs.arm_of_period) not in allocation_set:
        return NotRun(engine=ENGINE, why="the order is not one that the draw could have given")
    flips = _flips(allocation_set, inputs, active, comparator)
    if flips is not None:
        return _counted(flips, inputs)
    orders = comparable(allocation_set, np.array(inputs.arm_of_period), active, comparator)
    if len(orders.sequences) < 2:
        return NotRun(engine=ENGINE, why="the draw could have given no other order of these arms")
    return _looked_at(orders, inputs, active, comparator)


def _flips(
    allocation_set: AllocationSet, inputs: ModelInput, active: int, comparator: int
) -> Flips | None:
    """Return the sign patterns of a set of two arms drawn by cycles; None for any other."""
    varying = isinstance(allocation_set, VaryingSet)
    base = allocation_set.base if isinstance(allocation_set, VaryingSet) else allocation_set
    if not isinstance(base, PairsSet) or base.n_arms != 2:
        return None
    differences = cycle_differences(inputs, active, comparator)
    if not 2 <= len(differences) <= MOST_CYCLES:
        return None
    scored = np.isfinite(period_means(inputs)).reshape(-1, 2).all(axis=1)
    first = np.array(inputs.arm_of_period).reshape(-1, 2)[scored, 0]
    alike = np.where(first == comparator, 1.0, -1.0)
    return Flips(
        differences=differences,
        copies=1 << int((~scored).sum()),
        left_out=(alike, -alike) if varying else (),
        tolerance=TIE * inputs.span,
    )


def _counted(flips: Flips, inputs: ModelInput) -> RandomisationFit | NotRun:
    """Return the test and its interval from exact counts."""
    if flips.always_extreme >= flips.size:
        return _every_order_as_extreme()
    allowed = allowed_at(inputs.plan.ci_level, flips.size, flips.always_extreme)
    low, high = flips.interval(allowed)
    outside = max(flips.extreme(low - flips.tolerance), flips.extreme(high + flips.tolerance))
    test = InvertedTest(
        p_value=share(flips.extreme(), flips.size),
        ci_low=low,
        ci_high=high,
        level=1.0 - outside / flips.size,
        min_p_value=flips.always_extreme / flips.size,
    )
    statistic = inputs.plan.randomisation_statistic
    return _fit(float(flips.differences.mean()), test, flips.size, statistic)


def _looked_at(
    orders: Orders, inputs: ModelInput, active: int, comparator: int
) -> RandomisationFit | NotRun:
    """Return the test from a list or a sample of sequences."""
    means, cycles = period_means(inputs), np.array(inputs.cycle_of_period)
    observed = np.array(inputs.arm_of_period)
    whole = every_cycle_has_both(orders.sequences, cycles, active, comparator)
    difference = MeanDifference(
        scored=np.isfinite(means),
        cycles=cycles if whole else None,
        active=active,
        comparator=comparator,
    )
    estimate = float(difference(observed[None], means)[0])
    if not np.isfinite(estimate):
        why = "no cycle has scores on both arms" if whole else "an arm has no scores"
        return NotRun(engine=ENGINE, why=why)
    tolerance = TIE * inputs.span
    statistic = inputs.plan.randomisation_statistic
    if statistic == "studentised" and not whole:
        studentised = welch_extremes(orders.sequences, means, observed, active, comparator)
        if studentised is None:
            return NotRun(
                engine=ENGINE,
                why="the studentised statistic needs two periods with scores on each arm, whose"
                " means differ",
            )
        extremes = studentised
    else:
        treated = (observed == active).astype(float)
        extremes = linear(
            difference(orders.sequences, means),
            difference(orders.sequences, treated),
            estimate,
            tolerance,
        )
    if extremes.always == extremes.n:
        return _every_order_as_extreme()
    test = extremes.inverted(inputs.plan.ci_level, tolerance)
    return _fit(estimate, test, orders.size, statistic, sampled=0 if orders.exact else extremes.n)


def _of_phases(
    inputs: ModelInput, active: int, allocation_set: PhasesSet
) -> RandomisationFit | NotRun:
    """Return the test of phases whose change points were drawn, on single scores."""
    if inputs.plan.randomisation_statistic == "studentised":
        return NotRun(engine=ENGINE, why="there is no studentised statistic for phases")
    if inputs.plan.drop_days:
        return NotRun(
            engine=ENGINE,
            why="which days are the first of a phase depends on the draw; they cannot be left out",
        )
    test = phase_extremes(inputs, active, allocation_set)
    if isinstance(test, str):
        return NotRun(engine=ENGINE, why=test)
    if test.extremes.always == test.extremes.n:
        return _every_order_as_extreme()
    pooled = PooledMeans(
        estimate=test.pooled_estimate, p_value=share(test.pooled.at_zero, test.pooled.n)
    )
    return _fit(
        test.estimate,
        test.extremes.inverted(inputs.plan.ci_level, TIE * inputs.span),
        allocation_set.size,
        "mean-of-phase-means",
        sampled=0 if test.exact else test.extremes.n,
        pooled_means=pooled,
    )


def _every_order_as_extreme() -> NotRun:
    return NotRun(
        engine=ENGINE, why="every order that could have been drawn is as extreme as this one"
    )


def _fit(
    estimate: float,
    test: InvertedTest,
    allocations: int,
    statistic: str,
    *,
    sampled: int = 0,
    pooled_means: PooledMeans | None = None,
) -> RandomisationFit:
    """Return the finished result; `sampled` counts the sequences of a sample, 0 for all."""
    p = test.p_value
    return RandomisationFit(
        estimate=estimate,
        **asdict(test),
        statistic=statistic,
        pooled_means=pooled_means,
        allocations=allocations,
        exact=not sampled,
        monte_carlo_se=float((p * (1.0 - p) / sampled) ** 0.5) if sampled else 0.0,
    )
