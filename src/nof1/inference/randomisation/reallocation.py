"""Other sequences that a draw could have given, listed or sampled, and the statistic of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nof1.design.allocation import AllocationSet
from nof1.design.cycled import CycledSet, PairsSet
from nof1.design.daily import DailySet
from nof1.design.sets import CompleteSet, VaryingSet

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Largest set that is listed; a larger one is sampled.
LISTED = 2**17
#: Sequences sampled from a larger set, the observed one besides.
SAMPLED = 20_000
#: A fixed seed: the same trial gives the same answer, to the bit.
SEED = 20_240_229


class Orders(NamedTuple):
    """The sequences a test looks at: all of `size` (`exact`), or the observed one and a sample."""

    sequences: IntArray
    size: int
    exact: bool


def comparable(
    allocation_set: AllocationSet, observed: IntArray, active: int, comparator: int
) -> Orders:
    """Return the sequences that leave the other arms in place, a sample if they are many."""
    ours = np.isin(observed, (active, comparator))
    if ours.all() or allocation_set.size <= LISTED:
        size = allocation_set.size
        drawn, exact = _picked(allocation_set)
        sequences = drawn[(drawn[:, ~ours] == observed[~ours]).all(axis=1)]
    else:
        exchanges = _exchanges(allocation_set, observed, active, comparator)
        size = exchanges.size
        drawn, exact = _picked(exchanges)
        sequences = np.tile(observed, (len(drawn), 1))
        sequences[:, ours] = np.array([comparator, active])[drawn]
        sequences = sequences[
            [tuple(sequence) in allocation_set for sequence in sequences.tolist()]
        ]
    if exact:
        return Orders(sequences, len(sequences), exact=True)
    return Orders(np.vstack([observed, sequences]), size, exact=False)


def _exchanges(
    allocation_set: AllocationSet, observed: IntArray, active: int, comparator: int
) -> PairsSet | CompleteSet | DailySet:
    """Return the orders that two arms of a set can have on their places, and perhaps some more.

    To draw from the whole set and keep what leaves the other arms in place would keep hardly any.
    """
    if isinstance(allocation_set, DailySet):
        return allocation_set.of_two(tuple(observed.tolist()), active, comparator)
    base = allocation_set.base if isinstance(allocation_set, VaryingSet) else allocation_set
    kind = PairsSet if isinstance(base, CycledSet) else CompleteSet
    return kind(n_arms=2, cycles=int(np.isin(observed, (active, comparator)).sum()) // 2)


def _picked(orders: AllocationSet) -> tuple[IntArray, bool]:
    """Return all sequences of a set, or a sample of a large one, and whether they are all."""
    if orders.size <= LISTED:
        return np.array(list(orders)), True
    generator = np.random.default_rng(SEED)
    picked = [orders.sequence(_below(generator, orders.size)) for _ in range(SAMPLED)]
    return np.array(picked), False


def _below(generator: np.random.Generator, size: int) -> int:
    """Return a uniform integer below a `size` of any magnitude."""
    words = (size.bit_length() + 31) // 32 + 1
    return sum(int(w) << (32 * i) for i, w in enumerate(generator.integers(0, 2**32, words))) % size


def every_cycle_has_both(
    sequences: IntArray, cycles: IntArray, active: int, comparator: int
) -> bool:
    """Return whether every sequence has each of the two arms once in every cycle."""
    return all(
        ((sequences[:, cycles == cycle] == arm).sum(axis=1) == 1).all()
        for cycle in np.unique(cycles)
        for arm in (active, comparator)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanDifference:
    """The mean difference between two arms, for many sequences at once.

    Attributes
    ----------
    scored : bool array, shape (n_periods,)
        Periods with scores; the others stay with their place in time.
    cycles : int array, shape (n_periods,), or None
        The difference is the mean of those within cycles; None for all periods together.
    active, comparator : int
        Numbers of the arms.
    """

    scored: NDArray[np.bool_]
    cycles: IntArray | None
    active: int
    comparator: int

    def __call__(self, sequences: IntArray, values: FloatArray) -> FloatArray:
        """Return one difference per sequence; NaN where one of the arms has no score."""
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
