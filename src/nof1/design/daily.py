"""An arm for every day: orders with few days in a row on one arm, counted exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from nof1.design.numbered import NumberedSet, Order
from nof1.words.caution import Caution

#: Counting visits about this many states at most (a second or two).
MOST_STATES = 300_000


class _State(NamedTuple):
    """The days left for each arm, the arm of the day before (-1 for none), and its days so far."""

    left: tuple[int, ...]
    last: int
    run: int


#: Every arm that may come next, in how many ways the order can go on from there, and the state.
_Steps = tuple[tuple[int, int, _State], ...]


@dataclass(frozen=True)
class DailySet(NumberedSet):
    """Every order of days with each arm a given number of times and no run longer than `most`.

    Days take the place of periods. A day whose arm nobody knows is not in the order; the days
    before it and those behind it are two stretches, and no run is counted across.

    The number of a sequence is the count of those before it in alphabetical order. The ways to
    complete a beginning depend on the days left for each arm and on the run it ends with alone,
    so they are counted from the end backwards.

    Attributes
    ----------
    counts : tuple of int
        Days on each arm.
    stretches : tuple of int
        Days in a row, stretch by stretch; as many in all as there are in `counts`.
    most : int
        Longest run of days on one arm.

    Raises
    ------
    ValueError
        If days and stretches differ in number, or the states are too many to count.
    """

    counts: tuple[int, ...]
    stretches: tuple[int, ...]
    most: int

    def __post_init__(self) -> None:
        if sum(self.counts) != sum(self.stretches):
            raise ValueError(f"{sum(self.counts)} days in stretches of {self.stretches}")
        if not countable(self.counts, self.most):
            raise ValueError("too many orders to count")

    @property
    def n_arms(self) -> int:
        """Return the number of arms."""
        return len(self.counts)

    @property
    def n_periods(self) -> int:
        """Return the number of days."""
        return sum(self.counts)

    @cached_property
    def _steps(self) -> dict[_State, _Steps]:
        """Return how the order can go on from every state that a beginning leads to."""
        begins = {0, *accumulate(self.stretches)}
        levels = [{_State(self.counts, -1, 0)}]
        for day in range(self.n_periods):
            fresh = day in begins
            levels.append({n for state in levels[-1] for _, n in self._next(state, fresh=fresh)})
        ways = dict.fromkeys(levels[-1], 1)
        steps: dict[_State, _Steps] = {}
        for day in range(self.n_periods - 1, -1, -1):
            fresh = day in begins
            for state in levels[day]:
                steps[state] = tuple(
                    (arm, ways[after], after)
                    for arm, after in self._next(state, fresh=fresh)
                    if ways[after]
                )
                ways[state] = sum(n for _, n, _ in steps[state])
        return steps

    def _next(self, state: _State, *, fresh: bool) -> list[tuple[int, _State]]:
        """Return every arm the next day can have, with the state after it."""
        steps = []
        for arm, n_left in enumerate(state.left):
            run = state.run + 1 if arm == state.last and not fresh else 1
            if n_left and run <= self.most:
                left = (*state.left[:arm], n_left - 1, *state.left[arm + 1 :])
                steps.append((arm, _State(left, arm, run)))
        return steps

    @cached_property
    def size(self) -> int:
        """Return the number of sequences, exactly."""
        return sum(n for _, n, _ in self._steps[_State(self.counts, -1, 0)])

    def sequence(self, index: int) -> Order:
        """Return sequence number `index`, in alphabetical order of the sequences."""
        self._check(index)
        state = _State(self.counts, -1, 0)
        order = []
        for _ in range(self.n_periods):
            for arm, n, after in self._steps[state]:
                if index < n:
                    order.append(arm)
                    state = after
                    break
                index -= n
        return tuple(order)

    def index_of(self, sequence: Sequence[int]) -> int | None:
        """Return the number of `sequence`, or None."""
        if len(sequence) != self.n_periods:
            return None
        state = _State(self.counts, -1, 0)
        index = 0
        for wanted in sequence:
            steps = self._steps[state]
            following = next((after for arm, _, after in steps if arm == wanted), None)
            if following is None:
                return None
            index += sum(n for arm, n, _ in steps if arm < wanted)
            state = following
        return index

    def of_two(self, sequence: Sequence[int], active: int, comparator: int) -> DailySet:
        """Return the orders of two arms, 0 for the comparator, that leave all others in place."""
        stretches: list[int] = []
        ends = list(accumulate(self.stretches))
        for end, length in zip(ends, self.stretches, strict=True):
            run = 0
            for arm in (*sequence[end - length : end], None):
                if arm in (active, comparator):
                    run += 1
                elif run:
                    stretches.append(run)
                    run = 0
        counts = (sequence.count(comparator), sequence.count(active))
        return DailySet(counts, tuple(stretches), self.most)

    def describe(self) -> Caution:
        """Return how the order was drawn."""
        return Caution.of("drawn-by-day", most=self.most)


def countable(counts: Sequence[int], most: int) -> bool:
    """Return whether the orders of so many days on each arm can be counted in seconds."""
    states = math.prod(n + 1 for n in counts) * len(counts) * min(most, max(counts, default=1))
    return states <= MOST_STATES
