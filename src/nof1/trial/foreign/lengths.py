"""Tables made elsewhere: the length that all periods of a trial have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nof1.trial.foreign.stretches import Occasion, Stretch, is_long
from nof1.trial.foreign.writing import Gaps

#: Where a grid of periods may begin on so many days, a day more or less is no question.
_FEW_DAYS = 7


@dataclass(frozen=True, slots=True)
class EqualPeriods:
    """Periods of one length, one after the other, from a first day on."""

    start: int
    length: int

    def slot(self, day: int) -> int:
        """Return the number of a day's period, from 0."""
        return (day - self.start) // self.length

    def span(self, slot: int) -> tuple[int, int]:
        """Return the first and the last day of a period."""
        first = self.start + slot * self.length
        return first, first + self.length - 1


@dataclass(frozen=True, slots=True)
class Starts:
    """The days on which a grid may begin, all that the rows allow."""

    low: int
    high: int

    def chosen(self, gaps: Gaps | None, *, from_day_one: bool) -> int | None:
        """Return the day, or None when nobody can tell.

        Parameters
        ----------
        gaps : {"before", "after", "off"} or None
            Whose the days without a row are, as the user says.
        from_day_one : bool
            Whether the table counts its days from the first of the trial on.
        """
        if gaps == "after":
            return self.low
        if gaps == "before" or self.high - self.low < _FEW_DAYS:
            return self.high
        return 1 if from_day_one and self.low <= 1 <= self.high else None


def starts_of(stretches: Sequence[Stretch], length: int, lowest: int, reach: int) -> Starts | None:
    """Return where a grid of this length may begin; None when it does not hold all rows.

    Parameters
    ----------
    stretches : sequence of Stretch
        Each has to lie in its own slot.
    length : int
        Of every period, in days.
    lowest : int
        First day on which the first period can begin.
    reach : int
        Days that a row speaks of, as rows do not come more often.
    """
    low = max(stretch.last - (stretch.slot + 1) * length + 1 for stretch in stretches)
    high = min(stretch.first - stretch.slot * length for stretch in stretches)
    low = max(low, lowest)
    if low > high:
        return None
    # A row speaks of the days since the row before, so that its period began by then.
    return Starts(low, max(low, high - reach + 1))


def common_length(
    stretches: Sequence[Stretch], lowest: int, reach: int
) -> tuple[int, Starts] | None:
    """Return the length that all periods can have, and where their grid may begin.

    It is a distance of neighbouring periods, first row to first row or last to last, that makes a
    grid which holds all rows; of several the one that most neighbours have.
    """
    distances = Counter[int]()
    for stretch, following in pairwise(stretches):
        step = following.slot - stretch.slot
        for distance in (following.first - stretch.first, following.last - stretch.last):
            if distance % step == 0:
                distances[distance // step] += 1
    candidates = [
        (n, length, starts)
        for length, n in distances.most_common()
        if (starts := starts_of(stretches, length, lowest, reach)) is not None
    ]
    if not candidates or (len(candidates) > 1 and candidates[0][0] == candidates[1][0]):
        return None
    return candidates[0][1:]


def cut(days: Sequence[Occasion], grid: EqualPeriods) -> list[tuple[list[Occasion], int]]:
    """Return the days of each period of a grid that has any, with its slot."""
    groups: dict[int, list[Occasion]] = {}
    for occasion in days:
        groups.setdefault(grid.slot(occasion.day), []).append(occasion)
    return [(group, slot) for slot, group in groups.items()]


def few(absent: int, slots: int) -> bool:
    """Return whether so few periods lack all rows that they are no washouts between the others."""
    return 6 * absent <= slots


def cut_starts(days: Sequence[Occasion], length: int, lowest: int, reach: int) -> Starts:
    """Return the starts at which the fewest days of a grid's periods are on another arm.

    Of several stretches of such starts the last one: a trial begins with its first row.
    """
    mixed = {
        start: on_another_arm(days, EqualPeriods(start, length))
        for start in _range(days[0].day, length, lowest, reach)
    }
    least = min(mixed.values())
    high = max(start for start, n in mixed.items() if n == least)
    low = high
    while mixed.get(low - 1) == least:
        low -= 1
    return Starts(low, high)


def _range(first: int, length: int, lowest: int, reach: int) -> range:
    """Return the days on which a grid may begin whose first period has the first row."""
    last_start = max(lowest, first - reach + 1)
    return range(min(max(lowest, first - length + 1), last_start), last_start + 1)


def on_another_arm(days: Sequence[Occasion], grid: EqualPeriods) -> int:
    """Return how many days are on another arm than most days of their period."""
    return sum(
        len(group) - max(Counter(occasion.arm for occasion in group).values())
        for group, _ in cut(days, grid)
    )


def fitting(
    days: Sequence[Occasion],
    lengths: Iterable[int],
    lowest: int,
    reach: int,
    fits: Callable[[Sequence[int | None]], bool],
) -> list[EqualPeriods]:
    """Return the grids whose periods are on one arm each, in an order that `fits`.

    The first and the last period have rows in half of their days at least, and a long gap holds
    whole periods: otherwise any length would do that is long enough.

    Parameters
    ----------
    days : sequence of Occasion
        On arms, without a washout between.
    lengths : iterable of int
        To look at.
    lowest, reach : int
        As in `cut_starts`.
    fits : callable
        Told the arm of every period, None for one without a row.
    """
    grids = []
    begin, end = days[0].day - reach + 1, days[-1].day
    changes = [
        (occasion.day, after.day) for occasion, after in pairwise(days) if occasion.arm != after.arm
    ]
    for length in lengths:
        most = (length - 1) // 2
        starts = _range(days[0].day, length, max(lowest, begin - most), reach)
        start = _parting(changes, starts, length)
        if start is None:
            continue
        grid = EqualPeriods(start, length)
        if grid.span(grid.slot(end))[1] - end > most:
            continue
        arms = {slot: group[0].arm for group, slot in cut(days, grid)}
        slots = [arms.get(slot) for slot in range(max(arms) + 1)]
        gaps_hold_periods = all(
            grid.slot(following.day) - grid.slot(occasion.day) > 1
            for occasion, following in pairwise(days)
            if is_long(following.day - occasion.day, reach)
        )
        if gaps_hold_periods and few(slots.count(None), len(slots)) and fits(slots):
            grids.append(grid)
    return grids


def _parting(changes: Sequence[tuple[int, int]], starts: range, length: int) -> int | None:
    """Return the last start with which a period ends at every change of arm, None without one.

    Parameters
    ----------
    changes : sequence of (int, int)
        Days of the rows before and after each change.
    starts : range
        To look at.
    length : int
        Of the periods.
    """
    if not changes:
        return starts[-1]
    # Where one change lies leaves few starts: most lengths fail before any day is looked at.
    before, after = min(changes, key=lambda days: days[1] - days[0])
    few_starts = {
        start
        for day in range(before + 1, after + 1)
        for start in starts[(day - starts[0]) % length :: length]
    }
    for start in sorted(few_starts, reverse=True):
        if all((day - start) // length < (other - start) // length for day, other in changes):
            return start
    return None
