"""Orders of single days, counted against their enumeration."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, permutations

import numpy as np
import pytest

from nof1.design.daily import DailySet, countable
from nof1.design.sets import CompleteSet
from nof1.inference.randomisation.reallocation import comparable
from nof1.words.caution import sentence


def enumerated(
    counts: tuple[int, ...], stretches: tuple[int, ...], most: int
) -> list[tuple[int, ...]]:
    """Return every order by looking at all permutations of the days."""
    letters = [arm for arm, n in enumerate(counts) for _ in range(n)]
    return sorted(
        order
        for order in set(permutations(letters))
        if all(
            len(list(run)) <= most
            for end, length in zip(np.cumsum(stretches).tolist(), stretches, strict=True)
            for _, run in groupby(order[end - length : end])
        )
    )


@pytest.mark.parametrize(
    ("counts", "stretches", "most"),
    [
        ((4, 4), (8,), 2),
        ((4, 4), (8,), 1),
        ((5, 3), (8,), 2),
        ((4, 4), (3, 5), 2),
        ((4, 4), (3, 1, 4), 1),
        ((3, 3, 2), (8,), 1),
        ((3, 3, 2), (4, 4), 2),
        ((6, 2), (8,), 1),
        ((2, 2), (4,), 9),
    ],
)
def test_orders_are_counted_and_numbered_as_by_enumeration(
    counts: tuple[int, ...], stretches: tuple[int, ...], most: int
) -> None:
    orders = enumerated(counts, stretches, most)
    daily = DailySet(counts, stretches, most)
    assert daily.size == len(orders)
    assert list(daily) == orders
    assert [daily.index_of(order) for order in orders] == list(range(len(orders)))


def test_an_order_with_a_long_run_is_none_of_them() -> None:
    daily = DailySet((3, 3), (6,), 2)
    assert (0, 0, 0, 1, 1, 1) not in daily
    assert (0, 0, 1, 1, 0, 1) in daily
    assert (0, 1) not in daily
    assert (0, 0, 1, 1, 0, 2) not in daily


def test_a_run_is_not_counted_over_a_day_that_nobody_knows() -> None:
    assert (0, 0, 0, 1, 1, 1) in DailySet((3, 3), (2, 2, 2), 2)


def test_equal_counts_are_the_complete_set_with_its_run_limit() -> None:
    daily, complete = DailySet((35, 35), (70,), 2), CompleteSet(2, 35, 2)
    assert daily.size == complete.size == 136050710238288
    assert daily.sequence(10**14) == complete.sequence(10**14)


def test_every_order_is_drawn_equally_often() -> None:
    daily = DailySet((3, 3), (6,), 2)
    generator = np.random.default_rng(20)
    drawn = Counter(daily.sequence(int(i)) for i in generator.integers(0, daily.size, 14_000))
    assert set(drawn) == set(enumerated((3, 3), (6,), 2))
    expected = 14_000 / daily.size
    chi_square = sum((n - expected) ** 2 / expected for n in drawn.values())
    # 13 degrees of freedom: 34.5 is passed once in a thousand times.
    assert len(drawn) == 14
    assert chi_square < 34.5


def test_two_of_three_arms_change_places_and_the_third_stays() -> None:
    counts, stretches, most = (4, 3, 3), (10,), 1
    daily = DailySet(counts, stretches, most)
    observed = daily.sequence(daily.size // 3)
    two = daily.of_two(observed, 2, 0)
    places = [i for i, arm in enumerate(observed) if arm in (0, 2)]
    filled = set()
    for order in two:
        whole = list(observed)
        for place, arm in zip(places, order, strict=True):
            whole[place] = (0, 2)[arm]
        filled.add(tuple(whole))
    listed = comparable(daily, np.array(observed), 2, 0)
    assert filled == {tuple(one) for one in listed.sequences.tolist()}
    assert len(filled) == two.size > 1


def test_a_large_set_of_three_arms_is_sampled_with_the_third_in_place() -> None:
    daily = DailySet((12, 12, 8), (32,), 2)
    observed = np.array(daily.sequence(daily.size // 7))
    orders = comparable(daily, observed, 1, 0)
    assert not orders.exact
    assert (orders.sequences[:, observed == 2] == 2).all()
    assert all(tuple(one) in daily for one in orders.sequences[:200].tolist())


def test_what_cannot_be_counted_is_refused() -> None:
    assert countable((180, 180), 2)
    assert not countable((180, 180, 180), 2)
    with pytest.raises(ValueError, match="too many"):
        DailySet((180, 180, 180), (540,), 2)
    with pytest.raises(ValueError, match="3 days in stretches"):
        DailySet((2, 1), (4,), 2)


def test_the_order_is_described() -> None:
    assert sentence(DailySet((2, 2), (4,), 2).describe()) == (
        "Every day had an arm of its own, each arm as often as it occurs here and at most 2 days "
        "in a row, in an order drawn from all such orders."
    )
    assert "at most one day in a row" in sentence(DailySet((2, 2), (4,), 1).describe())
