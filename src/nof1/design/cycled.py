"""Allocation sets made of cycles: every arm once in each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import batched, permutations

from nof1.design.arrangements import arrangement, arrangement_number
from nof1.design.numbered import NumberedSet, Order
from nof1.words.caution import Caution


@dataclass(frozen=True)
class CycledSet(NumberedSet):
    """A set made of cycles in which every arm occurs once.

    Attributes
    ----------
    n_arms, cycles : int
        Number of arms and of cycles.
    """

    n_arms: int
    cycles: int

    @property
    def n_periods(self) -> int:
        """Return the number of periods."""
        return self.n_arms * self.cycles

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """Return every order a cycle can have."""
        return tuple(permutations(range(self.n_arms)))

    @cached_property
    def _numbers(self) -> dict[Order, int]:
        return {order: number for number, order in enumerate(self.orders)}

    def _joined(self, numbers: Sequence[int]) -> Order:
        """Return the sequence whose cycles have these numbers in `orders`."""
        return tuple(arm for number in numbers for arm in self.orders[number])

    def _parted(self, sequence: Sequence[int]) -> tuple[int, ...] | None:
        """Return the number of each cycle's order, or None when one is not in `orders`."""
        cycles = tuple(batched(sequence, self.n_arms))
        if len(cycles) != self.cycles or any(cycle not in self._numbers for cycle in cycles):
            return None
        return tuple(self._numbers[cycle] for cycle in cycles)


class PairsSet(CycledSet):
    """Every cycle in an order of its own, all orders equally likely: ``(K!)^C`` sequences."""

    @property
    def size(self) -> int:
        """Return the number of sequences, exactly."""
        return math.prod([math.factorial(self.n_arms)] * self.cycles)

    def sequence(self, index: int) -> Order:
        """Return sequence number `index`: the cycles are its digits."""
        self._check(index)
        numbers = []
        for _ in range(self.cycles):
            index, number = divmod(index, len(self.orders))
            numbers.append(number)
        return self._joined(numbers[::-1])

    def index_of(self, sequence: Sequence[int]) -> int | None:
        """Return the number of `sequence`, or None."""
        numbers = self._parted(sequence)
        if numbers is None:
            return None
        index = 0
        for number in numbers:
            index = index * len(self.orders) + number
        return index

    def describe(self) -> Caution:
        """Return how the order was drawn."""
        return Caution.of("drawn-by-cycle", arms=self.n_arms)


class CounterbalancedSet(CycledSet):
    """Two arms; exactly half of the cycles in each of the two orders.

    Parameters
    ----------
    cycles : int
        Number of cycles, even.
    """

    def __init__(self, cycles: int) -> None:
        if cycles % 2:
            raise ValueError(f"{cycles} cycles cannot be halved")
        super().__init__(2, cycles)

    @property
    def size(self) -> int:
        """Return the number of sequences, exactly."""
        return math.comb(self.cycles, self.cycles // 2)

    def sequence(self, index: int) -> Order:
        """Return sequence number `index`."""
        self._check(index)
        return self._joined(arrangement(index, (self.cycles // 2,) * 2, None))

    def index_of(self, sequence: Sequence[int]) -> int | None:
        """Return the number of `sequence`, or None."""
        numbers = self._parted(sequence)
        if numbers is None or 2 * sum(numbers) != self.cycles:
            return None
        return arrangement_number(numbers, (self.cycles // 2,) * 2, None)

    def describe(self) -> Caution:
        """Return how the order was drawn."""
        return Caution.of("drawn-in-halves")


class LatinSet(CycledSet):
    """Every cycle a row of a Williams square, no row again before all have been used.

    A Williams square has K rows when K is even; when K is odd it is two squares, 2K rows. Within
    the cycles every arm follows every other equally often whenever all rows are used equally
    often, that is when the number of cycles is a multiple of the number of rows; with fewer cycles
    no order of a cycle occurs twice.

    Source: Williams 1949, Aust J Sci Res A 2:149.
    """

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """Return the rows of the Williams square."""
        return williams_rows(self.n_arms)

    @cached_property
    def _radices(self) -> tuple[int, ...]:
        """Return how many rows each cycle can still have."""
        n_rows = len(self.orders)
        return tuple(n_rows - cycle % n_rows for cycle in range(self.cycles))

    @property
    def size(self) -> int:
        """Return the number of sequences, exactly."""
        return math.prod(self._radices)

    def sequence(self, index: int) -> Order:
        """Return sequence number `index`."""
        self._check(index)
        choices = []
        for radix in reversed(self._radices):
            index, choice = divmod(index, radix)
            choices.append(choice)
        numbers, left = [], list[int]()
        for choice in reversed(choices):
            left = left or list(range(len(self.orders)))
            numbers.append(left.pop(choice))
        return self._joined(numbers)

    def index_of(self, sequence: Sequence[int]) -> int | None:
        """Return the number of `sequence`, or None."""
        numbers = self._parted(sequence)
        if numbers is None:
            return None
        index, left = 0, list[int]()
        for number, radix in zip(numbers, self._radices, strict=True):
            left = left or list(range(len(self.orders)))
            if number not in left:
                return None
            index = index * radix + left.index(number)
            left.remove(number)
        return index

    def describe(self) -> Caution:
        """Return how the order was drawn."""
        return Caution.of("drawn-by-williams", rows=len(self.orders), cycles=self.cycles)


def williams_rows(n_arms: int) -> tuple[Order, ...]:
    """Return the rows of a Williams square: every arm follows every other equally often.

    There are `n_arms` rows when it is even, and twice as many when it is odd.
    """
    first = [0]
    for step in range(1, n_arms):
        # 0, 1, K-1, 2, K-2, ...: all differences between neighbours are distinct modulo K.
        first.append((first[-1] + (step if step % 2 else -step)) % n_arms)
    rows = [tuple((arm + shift) % n_arms for arm in first) for shift in range(n_arms)]
    if n_arms % 2:
        rows += [row[::-1] for row in rows]
    return tuple(rows)
