"""Tables made elsewhere without a period column: where one period ends and the next begins."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise, takewhile

from nof1.trial.foreign.cycles import complete
from nof1.trial.foreign.lengths import EqualPeriods, Starts, cut, cut_starts, few, fitting
from nof1.trial.foreign.places import WHAT_THEN, Calendar, days_named
from nof1.trial.foreign.rows import FaultList
from nof1.trial.foreign.stretches import Occasion, PersonContext, Stretch, is_long, runs, settled
from nof1.words.caution import Caution

#: Where the treatment changes within so many rows, there are no periods of several rows.
_DAILY_ROWS = 2

#: So many cycles that are complete with one length alone are no chance.
_TELLING_CYCLES = 3

_SAY_PERIODS = (
    "Name the period or cycle column with --columns, or say --period-days {days} if every period "
    "lasted {days} days, or --period-days runs if every one of these stretches was a period."
)


def cut_up(
    days: Sequence[Occasion],
    length: int,
    calendar: Calendar,
    asked: PersonContext,
    faults: FaultList,
) -> tuple[list[Stretch], EqualPeriods | None, list[Caution]]:
    """Return periods of one length, and the grid they lie on unless washouts part it."""
    stretches: list[Stretch] = []
    pieces = [
        list(own) for on, own in groupby(days, key=lambda occasion: occasion.arm is not None) if on
    ]
    grid: EqualPeriods | None = None
    for piece in pieces:
        lowest = max((day + 1 for day in calendar.off if day < piece[0].day), default=None)
        starts = cut_starts(piece, length, lowest or calendar.lowest, calendar.spacing)
        grid = _chosen(length, starts, calendar, asked, faults)
        base = stretches[-1].slot + 1 if stretches else 0
        groups = [(group, base + slot) for group, slot in cut(piece, grid)]
        stretches += settled(groups, asked, faults)
    note = Caution.of("periods-as-asked", days=length, periods=len(stretches))
    if not few(stretches[-1].slot + 1 - len(stretches), stretches[-1].slot + 1):
        stretches = [replace(stretch, slot=slot) for slot, stretch in enumerate(stretches)]
        return stretches, None, [note]
    return stretches, grid if len(pieces) == 1 else None, [note]


def told_by_cycles(
    own: Sequence[Occasion], calendar: Calendar, asked: PersonContext, faults: FaultList
) -> tuple[list[Stretch], EqualPeriods, list[Caution]] | None:
    """Return the periods of the one length with which every cycle has every arm once.

    One cycle or two may fall so by chance, so that fewer than three tell the length only where
    the order is known to have been drawn in pairs, or where a run is as short as one row, so that
    no other length divides them all.
    """
    shortest = min(len(list(run)) for _, run in groupby(own, key=lambda occasion: occasion.arm))
    # Rows a week apart tell no length that is not a number of weeks.
    span = own[-1].day - own[0].day + calendar.spacing
    lengths = range(calendar.spacing, span + 1, calendar.spacing)
    grids = fitting(
        own,
        lengths,
        calendar.lowest,
        calendar.spacing,
        lambda arms: complete(arms, len(asked.arms)),
    )
    if len(grids) != 1:
        return None
    (grid,) = grids
    stretches = settled(cut(own, grid), asked, faults)
    many = stretches[-1].slot + 1 >= _TELLING_CYCLES * len(asked.arms)
    if asked.drawn != "pairs" and not many and (shortest > 1 or grid.length > calendar.spacing):
        return None
    found_periods = stretches[-1].slot + 1
    note = Caution.of("periods-by-cycles", days=grid.length, periods=found_periods)
    return stretches, grid, [note]


def _chosen(
    length: int,
    starts: Starts,
    calendar: Calendar,
    asked: PersonContext,
    faults: FaultList,
) -> EqualPeriods:
    """Return the grid that begins where the days without a row say, or ask."""
    start = starts.chosen(asked.gaps, from_day_one=asked.counted and calendar.lowest == 1)
    if start is None:
        what = (
            f"periods of {length} days may begin between day {starts.low} and day {starts.high}: "
            "days between the rows have none"
        )
        asked.refuse(faults, what, WHAT_THEN)
    return EqualPeriods(starts.high if start is None else start, length)


def long_runs(
    days: Sequence[Occasion], calendar: Calendar, asked: PersonContext, faults: FaultList
) -> list[Stretch]:
    """Return a period for every run of days on one arm; ask about weeks without a row in it."""
    open_gaps: list[str] = []

    def may_go_on(day: int, following: int) -> bool:
        if not is_long(following - day, calendar.spacing):
            return True
        if asked.gaps is None:
            open_gaps.append(days_named(day + 1, following - 1))
        return asked.gaps != "off"

    stretches = runs(days, may_go_on)
    if open_gaps:
        what = f"the table has no row for {', '.join(open_gaps)}, with one treatment on both sides"
        asked.refuse(faults, what, WHAT_THEN)
    return stretches


def ask_about_runs(
    stretches: Sequence[Stretch],
    own: Sequence[Occasion],
    calendar: Calendar,
    asked: PersonContext,
    faults: FaultList,
) -> None:
    """Add a fault where runs on one arm are plainly not the periods of the trial.

    Two periods on one arm in a row look like one long one, and two days on a wrong kit like a
    period.
    """
    rows = [len(stretch.rows) for stretch in stretches]
    lengths = _lengths(stretches, calendar)
    days = 0
    if asked.drawn == "pairs" and 2 * max(lengths) >= 3 * min(lengths):
        days = _merged(own, lengths, calendar, asked) or min(lengths)
    elif (
        len(stretches) > 2
        and statistics.median(rows) > _DAILY_ROWS
        and not _by_arm(stretches, lengths)
    ):
        days = _merged(own, lengths, calendar, asked) or _interrupted(lengths)
    if days:
        what = (
            f"days in a row on one treatment last {_counted(lengths)} days: two periods on one "
            "treatment in a row cannot be told from one, nor a period from days on a wrong kit"
        )
        asked.refuse(faults, what, _SAY_PERIODS.format(days=days))


def _merged(
    own: Sequence[Occasion], lengths: Sequence[int], calendar: Calendar, asked: PersonContext
) -> int:
    """Return a length of which all runs are multiples, every arm equally often; 0 for none.

    The shortest run is one period; days without a row may have made it a little shorter or longer.
    Who dropped out may have left a period unfinished, which then does not count.
    """

    def balanced(arms: Sequence[int | None]) -> bool:
        counts = Counter(arm for arm in arms if arm is not None)
        merged = any(arm == following for arm, following in pairwise(arms))
        return merged and len(counts) == len(asked.arms) and len(set(counts.values())) == 1

    begin, end = own[0].day - calendar.spacing + 1, own[-1].day
    for length in range(3 * min(lengths) // 4 + 1, 5 * min(lengths) // 4 + 1):
        unfinished = end - (end - begin + 1) % length
        for days in (own, [occasion for occasion in own if occasion.day <= unfinished]):
            if fitting(days, [length], calendar.lowest, calendar.spacing, balanced):
                return length
    return 0


def _interrupted(lengths: Sequence[int]) -> int:
    """Return the usual length of runs when short ones in a row make up another; 0 for none."""
    usual, n = Counter(lengths).most_common(1)[0]
    if n < 2:
        return 0
    for first in range(len(lengths) - 2):
        short = list(takewhile(lambda length: length < usual, lengths[first:]))
        if any(sum(short[:k]) == usual for k in range(3, len(short) + 1, 2)):
            return usual
    return 0


def _lengths(stretches: Sequence[Stretch], calendar: Calendar) -> list[int]:
    """Return how many days every run lasts, up to the next one, a washout or a long gap."""
    lengths = []
    for stretch, following in pairwise(stretches):
        off = calendar.off_between(stretch.last, following.first)
        end = off[0] if off else following.first
        if is_long(end - stretch.last, calendar.spacing):
            end = stretch.last + calendar.spacing
        lengths.append(end - stretch.first)
    last = stretches[-1]
    return [*lengths, last.last - last.first + calendar.spacing]


def _by_arm(stretches: Sequence[Stretch], lengths: Sequence[int]) -> bool:
    """Return whether the runs of every arm, two at least, are of one length: a plan."""
    own: dict[int, list[int]] = {}
    for stretch, length in zip(stretches, lengths, strict=True):
        own.setdefault(stretch.arm, []).append(length)
    return all(len(each) > 1 and len(set(each)) == 1 for each in own.values())


def _counted(lengths: Sequence[int]) -> str:
    shown = [str(length) for length in lengths]
    return ", ".join(shown[:-1]) + f" and {shown[-1]}"
