"""The randomisation test over exactly the set the sequence was drawn from, and its interval.

The statistic T is the mean difference of period means within cycles; where a sequence of the set
has cycles without both arms, the difference of the means of all periods. It is linear in the
scores, so subtracting an effect d of the active arm from the scores gives T_a - d c_a for a
sequence a, where c_a is the statistic of the observed treatment indicator. Sequence a is at least
as extreme as the observed one when |T_a - d c_a| >= |T - d|, which holds for d between
(T - T_a) / (1 - c_a) and (T + T_a) / (1 + c_a): one interval of d for each sequence. The p-value at
every d is a count of intervals, and the confidence interval follows from their sorted ends.
(Hartigan 1969, doi:10.1080/01621459.1969.10501057, for the case of sign flips.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nof1.design.allocation import AllocationSet
from nof1.design.cycled import CycledSet, PairsSet
from nof1.design.sets import CompleteSet, VaryingSet
from nof1.inference.period_means import cycle_differences, period_means
from nof1.inference.result import Fit, NotRun
from nof1.inference.sign_flips import MOST_CYCLES, Flips
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ENGINE = "randomisation"
#: Largest set that is enumerated; a larger one is counted by halves where that can be, or sampled.
ENUMERATED = 2**17
#: Sequences sampled from a larger set, the observed one besides.
SAMPLED = 20_000
#: Relative tolerance below which two statistics are a tie.
TIE = 1e-9


def fit(
    given: ModelInput, active: int, comparator: int, allocation_set: AllocationSet | None
) -> Fit | NotRun:
    """Return the randomisation p-value and the interval by inversion at its attainable level.

    Parameters
    ----------
    given : ModelInput
        Scores and design of one person.
    active, comparator : int
        Numbers of the arms compared; periods on other arms stay where they were.
    allocation_set : AllocationSet or None
        What the sequence was drawn from.

    Returns
    -------
    Fit or NotRun
        Of the difference as scheduled, in points. Not run when the sequence was not drawn at
        random.
    """
    observed = np.array(given.arm_of_period)
    if allocation_set is None:
        return NotRun(
            engine=ENGINE,
            why="the order was not drawn at random, or from what is not known; say --allocation",
        )
    if tuple(given.arm_of_period) not in allocation_set:
        return NotRun(engine=ENGINE, why="the order is not one that the draw could have given")
    flips = _flips(allocation_set, given, active, comparator)
    if flips is not None:
        return _counted(flips, given.plan.ci_level)
    means = period_means(given)
    compared = _comparable(allocation_set, given, active, comparator)
    if len(compared.orders) < 2:
        return NotRun(engine=ENGINE, why="the draw could have given no other order of these arms")
    cycles = np.array(given.cycle_of_period)
    whole = _every_cycle_has_both(compared.orders, cycles, active, comparator)
    statistic = _Statistic(means, cycles if whole else None, active, comparator)
    estimate = float(statistic(observed[None], means)[0])
    if not np.isfinite(estimate):
        return NotRun(
            engine=ENGINE,
            why="no cycle has scores on both arms"
            if whole
            else "there are no scores on one of the arms",
        )
    scores = statistic(compared.orders, means)
    shares = statistic(compared.orders, (observed == active).astype(float))
    low, high = _extreme_for(scores, shares, estimate, tolerance=TIE * given.span)
    if np.isinf(low).all():
        return NotRun(
            engine=ENGINE, why="every order that could have been drawn is as extreme as this one"
        )
    return Fit(
        engine=ENGINE,
        estimand="as-scheduled",
        values={
            "estimate": estimate,
            **_inverted(low, high, given.plan.ci_level, tolerance=TIE * given.span),
            "allocations": compared.of,
            "exact": compared.exact,
        },
    )


def _flips(
    allocation_set: AllocationSet, given: ModelInput, active: int, comparator: int
) -> Flips | None:
    """Return the sign patterns of a large set of two arms drawn by cycles; None for any other."""
    varying = isinstance(allocation_set, VaryingSet)
    base = allocation_set.base if isinstance(allocation_set, VaryingSet) else allocation_set
    if not isinstance(base, PairsSet) or base.n_arms != 2 or allocation_set.size <= ENUMERATED:
        return None
    differences = cycle_differences(given, active, comparator)
    if not 2 <= len(differences) <= MOST_CYCLES:
        return None
    scored = np.isfinite(period_means(given)).reshape(-1, 2).all(axis=1)
    first = np.array(given.arm_of_period).reshape(-1, 2)[scored, 0]
    alike = np.where(first == comparator, 1.0, -1.0)
    return Flips(
        differences=differences,
        copies=1 << int((~scored).sum()),
        left_out=(alike, -alike) if varying else (),
        tolerance=TIE * given.span,
    )


def _counted(flips: Flips, level: float) -> Fit:
    """Return the test and its interval from exact counts."""
    allowed = max(int((1.0 - level) * flips.size + 1e-9), flips.always_extreme)
    low, high = flips.interval(allowed)
    beyond = 1e-6 * max(float(np.ptp(flips.differences)), flips.tolerance)
    outside = max(flips.extreme(low - beyond), flips.extreme(high + beyond))
    return Fit(
        engine=ENGINE,
        estimand="as-scheduled",
        values={
            "estimate": float(flips.differences.mean()),
            "p_value": flips.extreme() / flips.size,
            "ci_low": low,
            "ci_high": high,
            "ci_level": 1.0 - outside / flips.size,
            "min_p_value": flips.always_extreme / flips.size,
            "allocations": flips.size,
            "exact": True,
        },
    )


class _Compared(NamedTuple):
    """The orders a test looks at: all of them (`exact`), or the observed one and a sample."""

    orders: IntArray
    of: int
    exact: bool


def _comparable(
    allocation_set: AllocationSet, given: ModelInput, active: int, comparator: int
) -> _Compared:
    """Return the sequences that leave the other arms in place, a sample if they are many."""
    observed = np.array(given.arm_of_period)
    ours = np.isin(observed, (active, comparator))
    if ours.all() or allocation_set.size <= ENUMERATED:
        most = allocation_set.size
        drawn, exact = _picked(allocation_set)
        orders = drawn[(drawn[:, ~ours] == observed[~ours]).all(axis=1)]
    else:
        exchanges = _exchanges(allocation_set, int(ours.sum()))
        most = exchanges.size
        drawn, exact = _picked(exchanges)
        orders = np.tile(observed, (len(drawn), 1))
        orders[:, ours] = np.array([comparator, active])[drawn]
        orders = orders[[tuple(order) in allocation_set for order in orders.tolist()]]
    if exact:
        return _Compared(orders, len(orders), exact=True)
    return _Compared(np.vstack([observed, orders]), most, exact=False)


def _exchanges(allocation_set: AllocationSet, n_places: int) -> PairsSet | CompleteSet:
    """Return the orders that two arms of a set can have on their places, and perhaps some more.

    To draw from the whole set and keep what leaves the other arms in place would keep hardly any.
    """
    base = allocation_set.base if isinstance(allocation_set, VaryingSet) else allocation_set
    kind = PairsSet if isinstance(base, CycledSet) else CompleteSet
    return kind(n_arms=2, cycles=n_places // 2)


def _picked(orders: AllocationSet) -> tuple[IntArray, bool]:
    """Return all orders of a set, or a sample of a large one, and whether they are all."""
    if orders.size <= ENUMERATED:
        return np.array(list(orders)), True
    # A fixed generator: the same trial gives the same answer, to the bit.
    generator = np.random.default_rng(20_240_229)
    picked = [orders.sequence(_below(generator, orders.size)) for _ in range(SAMPLED)]
    return np.array(picked), False


def _below(generator: np.random.Generator, size: int) -> int:
    """Return a uniform integer below a `size` of any magnitude."""
    words = (size.bit_length() + 31) // 32 + 1
    return sum(int(w) << (32 * i) for i, w in enumerate(generator.integers(0, 2**32, words))) % size


def _every_cycle_has_both(
    sequences: IntArray, cycles: IntArray, active: int, comparator: int
) -> bool:
    """Return whether every sequence has each of the two arms once in every cycle."""
    return all(
        ((sequences[:, cycles == cycle] == arm).sum(axis=1) == 1).all()
        for cycle in np.unique(cycles)
        for arm in (active, comparator)
    )


class _Statistic:
    """The mean difference of many sequences at once; `cycles` is None for all periods together."""

    def __init__(
        self, means: FloatArray, cycles: IntArray | None, active: int, comparator: int
    ) -> None:
        self.scored = np.isfinite(means)
        self.cycles = cycles
        self.active, self.comparator = active, comparator

    def __call__(self, sequences: IntArray, values: FloatArray) -> FloatArray:
        """Return one statistic per sequence; a missing period stays with its place in time."""
        groups = [self.scored]
        if self.cycles is not None:
            groups = [self.scored & (self.cycles == cycle) for cycle in np.unique(self.cycles)]
        total, used = np.zeros(len(sequences)), np.zeros(len(sequences))
        for group in groups:
            on = (sequences == self.active) & group
            off = (sequences == self.comparator) & group
            both = on.any(axis=1) & off.any(axis=1)
            filled = np.where(group, values, 0.0)
            with np.errstate(invalid="ignore", divide="ignore"):
                difference = (on @ filled) / on.sum(axis=1) - (off @ filled) / off.sum(axis=1)
            total[both] += difference[both]
            used += both
        return np.asarray(
            np.divide(total, used, out=np.full(len(sequences), np.nan), where=used > 0)
        )


def _extreme_for(
    scores: FloatArray, shares: FloatArray, estimate: float, tolerance: float
) -> tuple[FloatArray, FloatArray]:
    """Return, for each sequence, the effects at which it is at least as extreme as the observed.

    A statistic that cannot be computed (NaN) counts as extreme at every effect.
    """
    down, up = 1.0 - shares, 1.0 + shares
    with np.errstate(invalid="ignore", divide="ignore"):
        one = np.where(down > TIE, (estimate - scores) / down, np.nan)
        other = np.where(up > TIE, (estimate + scores) / up, np.nan)
    low = np.fmin(one, other)
    high = np.fmax(one, other)
    always = (
        ~np.isfinite(scores)
        | ((down <= TIE) & (np.abs(scores - estimate) <= tolerance))
        | ((up <= TIE) & (np.abs(scores + estimate) <= tolerance))
    )
    low[always], high[always] = -np.inf, np.inf
    return low, high


def _inverted(
    low: FloatArray, high: FloatArray, level: float, *, tolerance: float
) -> dict[str, float | bool]:
    """Return p-value and interval from the intervals of effect of all sequences."""
    n = len(low)
    p_value = float(((low <= tolerance) & (high >= -tolerance)).mean())
    always = int((np.isinf(low) & np.isinf(high)).sum())
    allowed = max(int((1.0 - level) * n + 1e-9), always)
    # An effect is inside when more than `allowed` sequences are at least as extreme.
    lower, upper = np.sort(low), np.sort(-high)
    ci_low, ci_high = float(lower[allowed]), float(-upper[allowed])
    outside = max(
        int((low < ci_low - tolerance).sum()), int((high > ci_high + tolerance).sum()), always
    )
    return {
        "p_value": p_value,
        "ci_low": ci_low,
        "ci_high": ci_high,
        "ci_level": 1.0 - outside / n,
        "min_p_value": always / n,
    }
