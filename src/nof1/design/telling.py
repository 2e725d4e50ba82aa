"""What an opened period tells of the others: counted in the set the order was drawn from."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import batched, permutations

from nof1.design.allocation import AllocationSet
from nof1.design.arrangements import after, multinomial
from nof1.design.cycled import CounterbalancedSet, CycledSet, LatinSet, PairsSet
from nof1.design.numbered import Order
from nof1.design.sets import CompleteSet, VaryingSet

#: How many sequences have each arm, period by period.
Counts = tuple[tuple[int, ...], ...]
#: Least change of a chance that counts.
LEAST_SHIFT = 0.02
#: Beyond about so many steps (a second or two) a sample of so many orders is looked at instead.
_MOST_STEPS, _SAMPLE = 4_000_000, 400
#: Orders looked at to see what holds for all.
_ORDERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPeriods:
    """What is known of the periods that were not opened.

    Attributes
    ----------
    certain : tuple of int
        Numbers of periods that can hold one arm only.
    likelier : tuple of int
        Numbers of the other periods for which the chance of an arm is no longer that of the draw,
        by `LEAST_SHIFT` or more.
    """

    certain: tuple[int, ...] = ()
    likelier: tuple[int, ...] = ()


def told_by(drawn: AllocationSet, known: Mapping[int, int]) -> KnownPeriods:
    """Return what the arms of some periods tell of the others.

    Parameters
    ----------
    drawn : AllocationSet
        Every sequence the draw could have given.
    known : mapping of int to int
        Number of the arm by number of the period, from 1.
    """
    before, now = counts_at_draw(drawn), arm_counts(drawn, known)
    certain, likelier = [], []
    for period in range(1, drawn.n_periods + 1):
        first, then = before[period - 1], now[period - 1]
        if period in known or sum(map(bool, first)) == 1:
            continue
        if sum(map(bool, then)) == 1:
            certain.append(period)
        elif any(
            abs(b / sum(then) - a / sum(first)) >= LEAST_SHIFT
            for a, b in zip(first, then, strict=True)
        ):
            likelier.append(period)
    return KnownPeriods(certain=tuple(certain), likelier=tuple(likelier))


def told_by_one(drawn: AllocationSet) -> dict[int, KnownPeriods]:
    """Return for every period what opening it alone tells of the others, whatever it holds.

    Only what holds for every arm the period can have is called certain. Orders with a run limit
    can be of more kinds than are counted in a moment: from so many on, what is certain is read off
    a fixed sample of the set, and all else counts as likelier, as one period fewer is left for its
    arm.
    """
    known_by_period: dict[int, KnownPeriods] = {}
    known: dict[AllocationSet, dict[int, KnownPeriods]] = {}
    for part in _drawn_apart(drawn):
        if part not in known:
            known[part] = _told_by_sample(part) if _takes_long(part) else _told_by_each(part)
        first = len(known_by_period)
        for period, known_periods in known[part].items():
            known_by_period[first + period] = KnownPeriods(
                certain=tuple(first + other for other in known_periods.certain),
                likelier=tuple(first + other for other in known_periods.likelier),
            )
    return known_by_period


def told_ahead(drawn: AllocationSet, sequence: Sequence[int]) -> tuple[int, ...]:
    """Return the periods whose arm is certain from all those before, for whoever knows those.

    Parameters
    ----------
    drawn : AllocationSet
        Every sequence the draw could have given.
    sequence : sequence of int
        Number of the arm of every period.
    """
    periods, first = [], 0
    for part in _drawn_apart(drawn):
        own = sequence[first : first + part.n_periods]
        # With a run limit, counting every beginning can take minutes: what is left is enough.
        simple = part if not _takes_long(part) else CompleteSet(part.n_arms, own.count(own[0]))
        for period in range(2, part.n_periods + 1):
            known = {n: own[n - 1] for n in range(1, period)}
            if sum(map(bool, arm_counts(simple, known)[period - 1])) == 1:
                periods.append(first + period)
        first += part.n_periods
    return tuple(periods)


def always_told_ahead(drawn: AllocationSet) -> tuple[int, ...]:
    """Return the periods whose arm is certain from all those before, whatever the order is."""
    rng = random.Random(0)
    orders = [drawn.sequence(rng.randrange(drawn.size)) for _ in range(_ORDERS)]
    always = set.intersection(*(set(told_ahead(drawn, order)) for order in orders))
    return tuple(sorted(always))


def _drawn_apart(drawn: AllocationSet) -> list[AllocationSet]:
    """Return the parts of a set that are drawn independently of each other, in order of time."""
    if (
        isinstance(drawn, VaryingSet)
        and drawn.base.size - drawn.size < LEAST_SHIFT / 2 * drawn.size
    ):
        # So few orders are left out that no odds shift by what counts.
        drawn = drawn.base
    match drawn:
        case PairsSet():
            return [PairsSet(drawn.n_arms, 1)] * drawn.cycles
        case LatinSet():
            groups = batched(range(drawn.cycles), len(drawn.orders))
            return [LatinSet(drawn.n_arms, len(group)) for group in groups]
        case _:
            return [drawn]


def _told_by_each(drawn: AllocationSet) -> dict[int, KnownPeriods]:
    counts = counts_at_draw(drawn)
    known_by_period = {}
    for period in range(1, drawn.n_periods + 1):
        ways = [told_by(drawn, {period: arm}) for arm, n in enumerate(counts[period - 1]) if n]
        certain = set(ways[0].certain).intersection(*(way.certain for way in ways))
        touched = {other for way in ways for other in (*way.certain, *way.likelier)}
        known_by_period[period] = KnownPeriods(
            certain=tuple(sorted(certain)), likelier=tuple(sorted(touched - certain))
        )
    return known_by_period


def _takes_long(drawn: AllocationSet) -> bool:
    base = drawn.base if isinstance(drawn, VaryingSet) else drawn
    if not isinstance(base, CompleteSet) or base.max_run is None:
        return False
    kinds: int = (base.cycles + 1) ** base.n_arms * base.n_arms * base.max_run
    return kinds * base.n_periods**2 * base.n_arms > _MOST_STEPS


def _told_by_sample(drawn: AllocationSet) -> dict[int, KnownPeriods]:
    rng = random.Random(0)
    sample = [drawn.sequence(rng.randrange(drawn.size)) for _ in range(_SAMPLE)]
    known_by_period = {}
    for period in range(1, drawn.n_periods + 1):
        certain, others = set[int](), set(range(1, drawn.n_periods + 1)) - {period}
        for other in others:
            pairs = {(sequence[period - 1], sequence[other - 1]) for sequence in sample}
            if len(pairs) == len({arm for arm, _ in pairs}):
                certain.add(other)
        known_by_period[period] = KnownPeriods(
            certain=tuple(sorted(certain)), likelier=tuple(sorted(others - certain))
        )
    return known_by_period


@cache
def counts_at_draw(drawn: AllocationSet) -> Counts:
    """Return how many sequences have each arm in each period when nothing is known."""
    return arm_counts(drawn, {})


def arm_counts(drawn: AllocationSet, known: Mapping[int, int]) -> Counts:
    """Return how many sequences have each arm in each period, among those that agree with `known`.

    Parameters
    ----------
    drawn : AllocationSet
        Every sequence the draw could have given.
    known : mapping of int to int
        Number of the arm by number of the period, from 1.

    Returns
    -------
    tuple of tuple of int, shape (n_periods, n_arms)
        Exact, however large the set is.
    """
    match drawn:
        case PairsSet():
            return _in_cycles(drawn, known, [1] * drawn.cycles)
        case CounterbalancedSet():
            return _in_cycles(drawn, known, [drawn.cycles])
        case LatinSet():
            rows = len(drawn.orders)
            return _in_cycles(drawn, known, [len(b) for b in batched(range(drawn.cycles), rows)])
        case CompleteSet(max_run=None):
            return _shuffled(drawn, known)
        case CompleteSet():
            return _with_runs(drawn, known)
        case VaryingSet():
            orders = permutations(range(drawn.n_arms))
            left_out = [order * drawn.base.cycles for order in orders]
            gone = _listed(
                drawn, (sequence for sequence in left_out if sequence in drawn.base), known
            )
            return _combined(arm_counts(drawn.base, known), gone, -1)
        case _:
            return _listed(drawn, drawn, known)


def _agrees(sequence: Sequence[int], known: Mapping[int, int]) -> bool:
    return all(sequence[period - 1] == arm for period, arm in known.items())


def _listed(drawn: AllocationSet, sequences: Iterable[Order], known: Mapping[int, int]) -> Counts:
    counts = [[0] * drawn.n_arms for _ in range(drawn.n_periods)]
    for sequence in sequences:
        if _agrees(sequence, known):
            for row, arm in zip(counts, sequence, strict=True):
                row[arm] += 1
    return tuple(map(tuple, counts))


def _combined(counts: Counts, other: Counts, sign: int) -> Counts:
    return tuple(
        tuple(a + sign * b for a, b in zip(mine, theirs, strict=True))
        for mine, theirs in zip(counts, other, strict=True)
    )


# --- Sets made of cycles -------------------------------------------------------------------------


def _in_cycles(drawn: CycledSet, known: Mapping[int, int], groups: Sequence[int]) -> Counts:
    """Return the counts of a set whose cycles are drawn in groups, each group on its own."""
    possible = [
        [
            number
            for number, order in enumerate(drawn.orders)
            if _agrees(order, _of_cycle(known, cycle, drawn.n_arms))
        ]
        for cycle in range(drawn.cycles)
    ]
    by_order, first = [], 0
    for length in groups:
        by_order.append(_orders_in_group(drawn, possible[first : first + length]))
        first += length
    totals = [sum(group[0].values()) for group in by_order]
    counts = []
    for number, group in enumerate(by_order):
        others = math.prod(totals[:number] + totals[number + 1 :])
        for cycle in group:
            rows = [[0] * drawn.n_arms for _ in range(drawn.n_arms)]
            for order, n in cycle.items():
                for place, arm in enumerate(drawn.orders[order]):
                    rows[place][arm] += n * others
            counts += [tuple(row) for row in rows]
    return tuple(counts)


def _of_cycle(known: Mapping[int, int], cycle: int, n_arms: int) -> dict[int, int]:
    """Return what is known of one cycle, its places numbered from 1."""
    return {
        period - cycle * n_arms: arm
        for period, arm in known.items()
        if 0 < period - cycle * n_arms <= n_arms
    }


def _orders_in_group(drawn: CycledSet, possible: Sequence[Sequence[int]]) -> list[dict[int, int]]:
    """Return for every cycle of a group in how many ways it can have each order.

    A way is one choice of an order for every cycle. How often each order may occur depends on the
    set: any number of times, in half of the cycles, or once.
    """
    most: tuple[int, ...]
    if isinstance(drawn, CounterbalancedSet):
        most = (len(possible) // 2,) * 2
    elif isinstance(drawn, LatinSet):
        most = (1,) * len(drawn.orders)
    else:
        return [dict.fromkeys(possible[0], 1)]
    # Forward: ways to have used the orders so often; backward: ways to go on from there.
    forward: list[dict[Order, int]] = [{(0,) * len(most): 1}]
    for choices in possible:
        ways: dict[Order, int] = defaultdict(int)
        for used, n in forward[-1].items():
            for order in choices:
                if used[order] < most[order]:
                    ways[_one_more(used, order)] += n
        forward.append(ways)
    onward: dict[Order, int] = dict.fromkeys(forward[-1], 1)
    orders: list[dict[int, int]] = []
    for choices, before in zip(reversed(possible), reversed(forward[:-1]), strict=True):
        cycle, earlier = dict.fromkeys(choices, 0), defaultdict[Order, int](int)
        for used, n in before.items():
            for order in choices:
                more = onward.get(_one_more(used, order), 0) if used[order] < most[order] else 0
                cycle[order] += n * more
                earlier[used] += more
        orders.append(cycle)
        onward = earlier
    return orders[::-1]


def _one_more(used: Order, order: int) -> Order:
    return (*used[:order], used[order] + 1, *used[order + 1 :])


# --- Any order -----------------------------------------------------------------------------------


def _shuffled(drawn: CompleteSet, known: Mapping[int, int]) -> Counts:
    left = [drawn.cycles - sum(arm == other for other in known.values()) for arm in _arms(drawn)]
    if min(left) < 0:
        return ((0,) * drawn.n_arms,) * drawn.n_periods
    total = multinomial(left)
    free = tuple(
        multinomial([*left[:arm], n - 1, *left[arm + 1 :]]) if n else 0
        for arm, n in enumerate(left)
    )
    return tuple(
        free
        if period not in known
        else tuple(total if arm == known[period] else 0 for arm in _arms(drawn))
        for period in range(1, drawn.n_periods + 1)
    )


def _arms(drawn: CompleteSet) -> range:
    return range(drawn.n_arms)


def _with_runs(drawn: CompleteSet, known: Mapping[int, int]) -> Counts:
    """Return the counts where runs are limited: forward over the beginnings, then back."""
    start = ((drawn.cycles,) * drawn.n_arms, -1, 0)
    forward = [{start: 1}]
    choices = [
        (known[period],) if period in known else tuple(_arms(drawn))
        for period in range(1, drawn.n_periods + 1)
    ]
    for allowed in choices:
        ways: dict[tuple[Order, int, int], int] = defaultdict(int)
        for state, n in forward[-1].items():
            for arm in allowed:
                following = after(*state, arm, drawn.max_run)
                if following is not None:
                    ways[following] += n
        forward.append(ways)
    onward = dict.fromkeys(forward[-1], 1)
    counts = []
    for allowed, states in zip(reversed(choices), reversed(forward[:-1]), strict=True):
        row, earlier = [0] * drawn.n_arms, defaultdict[tuple[Order, int, int], int](int)
        for state, n in states.items():
            for arm in allowed:
                following = after(*state, arm, drawn.max_run)
                more = 0 if following is None else onward.get(following, 0)
                row[arm] += n * more
                earlier[state] += more
        counts.append(tuple(row))
        onward = earlier
    return tuple(reversed(counts))
