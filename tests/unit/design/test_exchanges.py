"""Orders in which two arms change places: counted, and listed one by one."""

from __future__ import annotations

from itertools import combinations

import pytest

from nof1.design.cycled import CounterbalancedSet, LatinSet, PairsSet
from nof1.design.exchanges import n_exchanges
from nof1.design.sets import CompleteSet, ExplicitSet, VaryingSet

SETS = [
    PairsSet(2, 4),
    PairsSet(3, 3),
    CounterbalancedSet(4),
    CompleteSet(2, 4, 2),
    CompleteSet(3, 3),
    CompleteSet(3, 3, 1),
    CompleteSet(3, 2, 2),
    LatinSet(2, 3),
    LatinSet(3, 2),
    LatinSet(3, 4),
    LatinSet(4, 3),
]
SETS += [VaryingSet(one) for one in SETS]


@pytest.mark.parametrize("drawn_from", SETS, ids=repr)
def test_counting_agrees_with_a_list_of_all(drawn_from):
    listed = list(drawn_from)
    for sequence in listed[:: max(1, len(listed) // 25)]:
        for pair in combinations(range(drawn_from.n_arms), 2):
            alike = sum(
                all(a == b or (a in pair and b in pair) for a, b in zip(one, sequence, strict=True))
                for one in listed
            )
            assert n_exchanges(drawn_from, sequence, *pair) == alike


def test_sets_that_no_protocol_draws_from_are_not_counted():
    with pytest.raises(TypeError, match="ExplicitSet"):
        n_exchanges(ExplicitSet(((0, 1), (1, 0))), (0, 1), 0, 1)
