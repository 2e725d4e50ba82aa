"""What the randomisation test of each pair of arms can reach, whatever the scores.

The test of two arms lets only these two change places
(`nof1.inference.randomisation.randomisation_test`): with three arms or more that is a small part
of all orders, and how small depends on the order drawn. Nobody may know that order, so best and
worst are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nof1.design.allocation import AllocationSet
from nof1.design.exchanges import n_exchanges
from nof1.protocol.protocol import Protocol
from nof1.trial.verifying import arm_ids

Sequences = NDArray[np.int64]

#: Sequences of a large set that are looked at.
N_LOOKED_AT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastFacts:
    """What the randomisation test of one pair of arms can reach.

    Attributes
    ----------
    active, comparator : str
        Ids of the arms; the second is another active when two actives are compared.
    n_sequences : int
        Orders the test compares: those that could have been drawn with all other arms in the same
        places. The most that any order drawn gives.
    smallest_p : float
        Smallest two-sided p, whatever the scores, over all orders that can be drawn; 1 when there
        is no test.
    interval_level : float
        Highest level an interval of that test can have: ``1 - smallest_p``.
    worst_n_sequences, worst_smallest_p, worst_interval_level : int, float, float
        The same when the draw gives the order that tells least; equal with two arms. Of a set
        too large to list, `N_LOOKED_AT` orders are looked at.
    """

    active: str
    comparator: str
    n_sequences: int
    smallest_p: float
    interval_level: float
    worst_n_sequences: int
    worst_smallest_p: float
    worst_interval_level: float


def contrast_facts(
    protocol: Protocol, drawn_from: AllocationSet, sequences: Sequences
) -> tuple[ContrastFacts, ...]:
    """Return the facts of every contrast that is reported, that of the primary question first.

    Parameters
    ----------
    protocol : Protocol
        Its arms.
    drawn_from : AllocationSet
        What the order is drawn from.
    sequences : int array, shape (n_sequences, n_periods)
        All sequences of the set, or some of a large one.
    """
    ids = arm_ids(protocol)
    whole = len(sequences) == drawn_from.size
    facts = []
    for active, comparator in _pairs(drawn_from.n_arms):
        if whole:
            tests = _counted(sequences, active, comparator)
        else:
            tests = _looked_at(drawn_from, sequences[:N_LOOKED_AT], active, comparator)
        best = min(tests, key=lambda test: test.smallest_p)
        worst = max(tests, key=lambda test: test.smallest_p)
        facts.append(
            ContrastFacts(
                active=ids[active],
                comparator=ids[comparator],
                n_sequences=best.n,
                smallest_p=best.smallest_p,
                interval_level=1.0 - best.smallest_p,
                worst_n_sequences=worst.n,
                worst_smallest_p=worst.smallest_p,
                worst_interval_level=1.0 - worst.smallest_p,
            )
        )
    return tuple(facts)


class _Test(NamedTuple):
    """How many sequences the test of one compares, and how many are as extreme in any case."""

    n: int
    tied: int

    @property
    def smallest_p(self) -> float:
        return self.tied / self.n


def _pairs(n_arms: int) -> Iterator[tuple[int, int]]:
    """Yield every contrast in the order in which results show them."""
    actives = range(1, n_arms)
    yield from ((active, 0) for active in actives)
    yield from ((b, a) for a, b in combinations(actives, 2))


def _counted(sequences: Sequences, active: int, comparator: int) -> set[_Test]:
    """Return the tests of all sequences of a set."""
    ours = (sequences == active) | (sequences == comparator)
    n = _n_alike(np.where(ours, -1, sequences))
    # As extreme whatever the scores: the sequence itself, and with the two arms swapped.
    first = sequences[np.arange(len(sequences)), ours.argmax(axis=1)][:, None]
    tied = _n_alike(np.where(ours, np.where(sequences == first, -1, -2), sequences))
    return {_Test(*both) for both in zip(n, tied, strict=True)}


def _n_alike(rows: Sequences) -> list[int]:
    """Return for every row how many rows are equal to it."""
    _, which, count = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    return [int(n) for n in count[which.ravel()]]


def _looked_at(
    drawn_from: AllocationSet, sequences: Sequences, active: int, comparator: int
) -> set[_Test]:
    """Return the tests of some sequences of a set too large to list."""
    tests = set()
    for row in sequences:
        swapped = np.select([row == comparator, row == active], [active, comparator], row)
        tests.add(
            _Test(
                n=n_exchanges(drawn_from, row.tolist(), active, comparator),
                tied=2 if tuple(swapped.tolist()) in drawn_from else 1,
            )
        )
    return tests
