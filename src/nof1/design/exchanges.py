"""How many sequences of a set differ from one only in the places of two of its arms.

The randomisation test of two arms looks at exactly these: periods on other arms stay where they
were. They are counted, never listed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import batched, groupby

from nof1.design.allocation import AllocationSet
from nof1.design.arrangements import n_arrangements
from nof1.design.cycled import CounterbalancedSet, LatinSet, PairsSet
from nof1.design.numbered import Order
from nof1.design.sets import CompleteSet, VaryingSet

#: Stands for the places of the two arms.
_OURS = -1


def n_exchanges(drawn_from: AllocationSet, sequence: Sequence[int], arm: int, other: int) -> int:
    """Return how many sequences of a set leave all arms but two where they are, it included.

    Parameters
    ----------
    drawn_from : AllocationSet
        Any that `allocation_set` returns.
    sequence : sequence of int
        One of the set.
    arm, other : int
        The arms that may change places.
    """
    pair = (arm, other)
    if isinstance(drawn_from, VaryingSet):
        whole = n_exchanges(drawn_from.base, sequence, arm, other)
        return whole - _n_alike(drawn_from, sequence, pair)
    if isinstance(drawn_from, CompleteSet):
        return _n_in_runs(_others(sequence, pair), drawn_from.cycles, drawn_from.max_run)
    if isinstance(drawn_from, PairsSet):
        return 1 << drawn_from.cycles
    if isinstance(drawn_from, CounterbalancedSet):
        return drawn_from.size
    if isinstance(drawn_from, LatinSet):
        return _n_rows(drawn_from, sequence, pair)
    raise TypeError(f"the exchanges of a {type(drawn_from).__name__} are not counted")


def _others(sequence: Sequence[int], pair: tuple[int, int]) -> Order:
    return tuple(_OURS if arm in pair else arm for arm in sequence)


def _n_alike(varying: VaryingSet, sequence: Sequence[int], pair: tuple[int, int]) -> int:
    """Return how many exchanges have the same order in every cycle, so that they are left out."""
    base = varying.base
    first, *rest = batched(_others(sequence, pair), base.n_arms)
    if any(cycle != first for cycle in rest) or first.count(_OURS) != len(pair):
        return 0
    orders = []
    for arms in (pair, pair[::-1]):
        ours = iter(arms)
        orders.append(tuple(next(ours) if arm == _OURS else arm for arm in first))
    return sum(order * base.cycles in base for order in orders)


def _n_rows(latin: LatinSet, sequence: Sequence[int], pair: tuple[int, int]) -> int:
    """Return the ways to give every cycle a row of the square that has the others in place.

    No row is used again before all have been: rows are shared out anew in every round.
    """
    rows = Counter(_others(row, pair) for row in latin.orders)
    cycles = [_others(cycle, pair) for cycle in batched(sequence, latin.n_arms)]
    return math.prod(
        math.perm(rows[pattern], used)
        for part in batched(cycles, len(latin.orders))
        for pattern, used in Counter(part).items()
    )


def _n_in_runs(others: Order, each: int, max_run: int | None) -> int:
    """Return the ways to fill the free places with two arms, `each` times both, in short runs.

    Another arm ends every run, so that the stretches of free places are filled independently.
    """
    lengths = sorted(len(list(places)) for free, places in groupby(_free(others)) if free)
    ways = [1]  # by how many places the first arm has so far
    for length in lengths:
        here = [n_arrangements((k, length - k), max_run) for k in range(length + 1)]
        after = [0] * min(len(ways) + length, each + 1)
        for so_far, before in enumerate(ways):
            for k, more in enumerate(here[: len(after) - so_far]):
                after[so_far + k] += before * more
        ways = after
    return ways[each]


def _free(others: Order) -> list[bool]:
    return [arm == _OURS for arm in others]
