"""Allocation sets: every sequence a draw could have given, counted exactly.

Each set numbers its sequences from 0 to ``size - 1`` without gaps, so that one uniform number is a
uniform sequence, however large the set is: nothing is drawn and thrown away.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import permutations

from nof1.design.allocation import AllocationSet
from nof1.design.arrangements import arrangement, arrangement_number, n_arrangements
from nof1.design.cycled import CounterbalancedSet, CycledSet, LatinSet, PairsSet
from nof1.design.numbered import NumberedSet, Order
from nof1.errors import Fault, ProtocolError
from nof1.protocol.protocol import Protocol
from nof1.words.caution import Caution

#: Counting with a run limit visits about this many states at most (a few seconds).
MOST_STATES = 300_000


@dataclass(frozen=True)
class CompleteSet(NumberedSet):
    """Any order with every arm equally often and no run of one arm longer than `max_run`.

    Attributes
    ----------
    n_arms, cycles : int
        Number of arms, and of periods of each arm.
    max_run : int or None
        Longest run of periods on one arm; None for no limit.

    Examples
    --------
    Two arms, two periods of each, numbered in alphabetical order:

    >>> drawn_from = CompleteSet(n_arms=2, cycles=2)
    >>> drawn_from.size, drawn_from.sequence(1), drawn_from.index_of((1, 0, 1, 0))
    (6, (0, 1, 0, 1), 4)
    """

    n_arms: int
    cycles: int
    max_run: int | None = None

    @property
    def n_periods(self) -> int:
        """Return the number of periods."""
        return self.n_arms * self.cycles

    @property
    def _counts(self) -> tuple[int, ...]:
        return (self.cycles,) * self.n_arms

    @property
    def _limit(self) -> int | None:
        """Return the run limit if it forbids anything."""
        return None if self.max_run is None or self.max_run >= self.cycles else self.max_run

    @cached_property
    def size(self) -> int:
        """Return the number of sequences, exactly."""
        return n_arrangements(self._counts, self._limit)

    def sequence(self, index: int) -> Order:
        """Return sequence number `index`, in alphabetical order of the sequences."""
        self._check(index)
        return arrangement(index, self._counts, self._limit)

    def index_of(self, sequence: Sequence[int]) -> int | None:
        """Return the number of `sequence`, or None."""
        if len(sequence) != self.n_periods:
            return None
        return arrangement_number(sequence, self._counts, self._limit)

    def describe(self) -> Caution:
        """Return how the order was drawn."""
        return Caution.of("drawn-from-all", cycles=self.cycles, max_run=self.max_run)


@dataclass(frozen=True)
class ExplicitSet(NumberedSet):
    """A list of sequences, each equally likely.

    Attributes
    ----------
    sequences : tuple of tuple of int
        Distinct sequences of one length over arms 0 to K - 1.

    Raises
    ------
    ProtocolError
        If the list is empty, a sequence stands in it twice, or lengths differ.
    """

    sequences: tuple[Order, ...]
    n_arms: int = field(init=False)

    def __post_init__(self) -> None:
        faults = [
            Fault(f"sequence {i}", what, mend)
            for i, sequence in enumerate(self.sequences, start=1)
            for wrong, what, mend in (
                (
                    sequence in self.sequences[: i - 1],
                    "stands in the list twice",
                    "List every sequence once.",
                ),
                (
                    len(sequence) != len(self.sequences[0]),
                    f"has {len(sequence)} periods, the first one {len(self.sequences[0])}",
                    "Give all sequences the same length.",
                ),
            )
            if wrong
        ]
        if not self.sequences:
            faults.append(Fault("allocation set", "is empty", "List at least one sequence."))
        if faults:
            raise ProtocolError(faults)
        object.__setattr__(self, "n_arms", 1 + max(map(max, self.sequences)))

    @cached_property
    def _numbers(self) -> dict[Order, int]:
        return {sequence: number for number, sequence in enumerate(self.sequences)}

    @property
    def n_periods(self) -> int:
        """Return the number of periods."""
        return len(self.sequences[0])

    @property
    def size(self) -> int:
        """Return the number of sequences."""
        return len(self.sequences)

    def sequence(self, index: int) -> Order:
        """Return sequence number `index`."""
        self._check(index)
        return self.sequences[index]

    def index_of(self, sequence: Sequence[int]) -> int | None:
        """Return the number of `sequence`, or None."""
        return self._numbers.get(tuple(sequence))

    def describe(self) -> Caution:
        """Return how the order was drawn."""
        return Caution.of("drawn-from-a-list", sequences=self.size)


@dataclass(frozen=True)
class VaryingSet(NumberedSet):
    """The sequences of another set in which not every cycle has the same order.

    With two arms those left out alternate strictly (ABAB.. or BABA..): the arm before is then
    always the other arm, and carryover cannot be told from the arms themselves.

    Attributes
    ----------
    base : PairsSet, CounterbalancedSet, CompleteSet or LatinSet
        The set to take from; cycles are groups of ``base.n_arms`` periods.
    """

    base: CycledSet | CompleteSet

    @property
    def n_arms(self) -> int:
        """Return the number of arms."""
        return self.base.n_arms

    @property
    def n_periods(self) -> int:
        """Return the number of periods."""
        return self.base.n_periods

    @cached_property
    def _left_out(self) -> tuple[int, ...]:
        """Return the numbers in `base` of the sequences left out, ascending."""
        numbers = (
            self.base.index_of(order * self.base.cycles)
            for order in permutations(range(self.base.n_arms))
        )
        return tuple(sorted(number for number in numbers if number is not None))

    @cached_property
    def _kept_before(self) -> tuple[int, ...]:
        """Return how many sequences are kept before each one left out."""
        return tuple(number - i for i, number in enumerate(self._left_out))

    @property
    def size(self) -> int:
        """Return the number of sequences, exactly."""
        return self.base.size - len(self._left_out)

    def sequence(self, index: int) -> Order:
        """Return sequence number `index`, stepping over the ones left out."""
        self._check(index)
        return self.base.sequence(index + bisect_right(self._kept_before, index))

    def index_of(self, sequence: Sequence[int]) -> int | None:
        """Return the number of `sequence`, or None."""
        number = self.base.index_of(sequence)
        if number is None or number in self._left_out:
            return None
        return number - bisect_right(self._left_out, number)

    def describe(self) -> Caution:
        """Return how the order was drawn."""
        base = self.base.describe()
        if not self._left_out:
            return base
        return Caution.of("drawn-without", base=base, left_out=len(self._left_out))


def allocation_set(protocol: Protocol) -> AllocationSet:
    """Return every sequence the draw of a protocol can give.

    When the plan of analysis models carryover and there are two cycles or more, sequences in which
    every cycle has the same order are left out.

    Raises
    ------
    ProtocolError
        If no sequence is left, or they are too many kinds to count.
    """
    design, n_arms = protocol.design, len(protocol.arms)
    base: CycledSet | CompleteSet
    match design.allocation:
        case "pairs":
            base = PairsSet(n_arms, design.cycles)
        case "counterbalanced":
            base = CounterbalancedSet(design.cycles)
        case "complete":
            base = CompleteSet(n_arms, design.cycles, design.max_run)
            _refuse_uncountable(base)
        case "latin":
            base = LatinSet(n_arms, design.cycles)
    if protocol.analysis.carryover == "none" or design.cycles < 2:
        return base
    varying = VaryingSet(base)
    if not varying.size:
        raise ProtocolError(
            Fault(
                "design.max_run",
                "only strictly alternating sequences are left, from which carryover cannot be "
                "estimated",
                "Allow longer runs, or set analysis.carryover to none.",
            )
        )
    return varying


def _refuse_uncountable(base: CompleteSet) -> None:
    """Raise a `ProtocolError` if counting with a run limit would take minutes."""
    if base.max_run is None or base.max_run >= base.cycles:
        return
    others = math.comb(base.cycles + base.n_arms - 1, base.n_arms - 1)
    if (base.cycles + 1) * base.max_run * others > MOST_STATES:
        raise ProtocolError(
            Fault(
                "design.max_run",
                f"{base.n_periods} periods of {base.n_arms} arms with a run limit are too many to "
                "count",
                "Leave max_run out, or take pairs.",
            )
        )
