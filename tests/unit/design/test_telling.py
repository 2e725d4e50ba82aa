"""What an opened period tells of the others, against lists made by brute force."""

from __future__ import annotations

import random

import pytest

from nof1.design.cycled import CounterbalancedSet, LatinSet, PairsSet
from nof1.design.sets import CompleteSet, ExplicitSet, VaryingSet
from nof1.design.telling import (
    LEAST_SHIFT,
    KnownPeriods,
    always_told_ahead,
    arm_counts,
    told_ahead,
    told_by,
    told_by_one,
)

SETS = (
    PairsSet(2, 3),
    PairsSet(3, 2),
    VaryingSet(PairsSet(2, 2)),
    VaryingSet(PairsSet(2, 4)),
    VaryingSet(PairsSet(3, 2)),
    CounterbalancedSet(4),
    VaryingSet(CounterbalancedSet(4)),
    CompleteSet(2, 3),
    CompleteSet(2, 4, 2),
    CompleteSet(3, 2, 1),
    VaryingSet(CompleteSet(2, 3, 2)),
    LatinSet(3, 2),
    LatinSet(4, 5),
    VaryingSet(LatinSet(3, 2)),
    ExplicitSet(((0, 1, 0, 1), (1, 0, 0, 1), (0, 1, 1, 0))),
)


def by_hand(drawn, known):
    agree = [s for s in drawn if all(s[period - 1] == arm for period, arm in known.items())]
    return tuple(
        tuple(sum(s[i] == arm for s in agree) for arm in range(drawn.n_arms))
        for i in range(drawn.n_periods)
    )


@pytest.mark.parametrize("drawn", SETS, ids=repr)
def test_counts_are_those_of_the_list(drawn):
    rng = random.Random(3)
    true = drawn.sequence(rng.randrange(drawn.size))
    for opened in ((), (1,), (drawn.n_periods,), (1, 2), (2, 3, drawn.n_periods)):
        known = {period: true[period - 1] for period in opened}
        assert arm_counts(drawn, known) == by_hand(drawn, known)


@pytest.mark.parametrize("drawn", SETS, ids=repr)
def test_what_is_told_is_what_the_list_leaves(drawn):
    before = by_hand(drawn, {})
    true = drawn.sequence(drawn.size // 2)
    for opened in ((2,), (1, drawn.n_periods)):
        known = {period: true[period - 1] for period in opened}
        told, now = told_by(drawn, known), by_hand(drawn, known)
        for period in range(1, drawn.n_periods + 1):
            a, b = before[period - 1], now[period - 1]
            settled = sum(map(bool, a)) == 1
            certain = sum(map(bool, b)) == 1 and period not in known and not settled
            shifted = any(
                abs(x / sum(a) - y / sum(b)) >= LEAST_SHIFT for x, y in zip(a, b, strict=True)
            )
            assert (period in told.certain) == certain
            assert (period in told.likelier) == (shifted and period not in known and not certain)


def test_two_arms_a_cycle_tell_the_other_period_of_it_alone():
    told = told_by_one(PairsSet(2, 4))
    assert told[3] == KnownPeriods(certain=(4,))
    assert told[8] == KnownPeriods(certain=(7,))


def test_the_only_two_orders_that_vary_tell_everything():
    assert told_by_one(VaryingSet(PairsSet(2, 2)))[1] == KnownPeriods(certain=(2, 3, 4))


def test_orders_left_out_make_the_other_cycles_likelier():
    assert told_by_one(VaryingSet(PairsSet(2, 3)))[1] == KnownPeriods(
        certain=(2,), likelier=(3, 4, 5, 6)
    )


def test_any_order_tells_nothing_for_certain_until_few_are_left():
    drawn = CompleteSet(2, 3)
    assert told_by_one(drawn)[1] == KnownPeriods(likelier=(2, 3, 4, 5, 6))
    assert told_by(drawn, {1: 0, 2: 0, 3: 0}) == KnownPeriods(certain=(4, 5, 6))


def test_a_large_set_is_counted_at_once():
    told = told_by_one(VaryingSet(PairsSet(2, 60)))
    assert told[119].certain == (120,)
    assert told[119].likelier == ()
    assert told_by_one(VaryingSet(PairsSet(6, 20)))[120] == KnownPeriods(
        likelier=(115, 116, 117, 118, 119)
    )


@pytest.mark.parametrize("drawn", SETS, ids=repr)
def test_the_periods_told_ahead_are_those_the_list_settles(drawn):
    order = drawn.sequence(drawn.size // 2)
    settled = [
        n + 1
        for n in range(1, drawn.n_periods)
        if len({other[n] for other in drawn if other[:n] == order[:n]}) == 1
    ]
    assert told_ahead(drawn, order) == tuple(settled)


def test_a_cycle_of_two_tells_its_second_period_ahead():
    assert always_told_ahead(PairsSet(2, 3)) == (2, 4, 6)
    assert always_told_ahead(PairsSet(3, 2)) == (3, 6)
    assert always_told_ahead(CompleteSet(2, 3)) == (6,)


def test_long_orders_with_a_run_limit_are_told_by_a_sample():
    alternating, free = CompleteSet(2, 60, 1), CompleteSet(2, 60, 3)
    assert told_by_one(alternating)[7].certain == (*range(1, 7), *range(8, 121))
    assert told_by_one(free)[7] == KnownPeriods(likelier=(*range(1, 7), *range(8, 121)))
