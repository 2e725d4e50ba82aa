"""Tables made elsewhere: the days on which periods begin and end, with or without rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nof1.trial.foreign.cycles import Place
from nof1.trial.foreign.lengths import EqualPeriods, common_length, starts_of
from nof1.trial.foreign.rows import FaultList
from nof1.trial.foreign.stretches import PersonContext, Stretch, is_long

#: So many days without a row inside a period may have been a pause.
_PAUSE_DAYS = 14

WHAT_THEN = (
    "Write a row for each of these days, with the treatment and an empty score, or say --gaps "
    "before, after or off: they were spent on the arm of the row before, of the row after, or "
    "on none."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What the rows of one person say of days.

    Attributes
    ----------
    off : tuple of int
        Days that the table says were on no arm, ascending.
    spacing : int
        Usual distance between rows, in days.
    lowest : int
        First day on which the first period can begin.
    """

    off: tuple[int, ...]
    spacing: int
    lowest: int

    def longest_free(self, first: int, last: int) -> tuple[int, int]:
        """Return the longest stretch of days without a row of a washout; (0, -1) for none."""
        washed = {day - back for day in self.off for back in range(self.spacing)}
        best, begin = (0, -1), first
        for day in range(first, last + 2):
            if day in washed or day > last:
                if day - begin > best[1] - best[0] + 1:
                    best = (begin, day - 1)
                begin = day + 1
        return best

    def off_between(self, first: int, last: int) -> list[int]:
        """Return the days on no arm between two others."""
        return [day for day in self.off if first < day < last]


def common_grid(
    stretches: Sequence[Stretch], calendar: Calendar, asked: PersonContext, faults: FaultList
) -> EqualPeriods | None:
    """Return the one length that all periods of a table have in common, and where they begin.

    None when they have none, or when no day between periods lacks a row. When they have one, but
    nobody can tell where it begins, that is a fault.
    """
    first, last = stretches[0].first, stretches[-1].last
    wanted = asked.period_days if isinstance(asked.period_days, int) else None
    lacking = any(
        following.first - stretch.last > calendar.spacing
        for stretch, following in pairwise(stretches)
    )
    if asked.gaps == "off" or calendar.off_between(first, last) or not (wanted or lacking):
        return None
    if wanted:
        own = starts_of(stretches, wanted, calendar.lowest, calendar.spacing)
        common = None if own is None else (wanted, own)
    else:
        common = common_length(stretches, calendar.lowest, calendar.spacing)
    if common is None:
        if wanted:
            what = f"no periods of {wanted} days hold the rows of the table's own periods"
            asked.refuse(faults, what, "Leave --period-days out: the periods are given.")
        return None
    length, starts = common
    start = starts.chosen(asked.gaps, from_day_one=asked.counted and calendar.lowest == 1)
    if start is None:
        what = (
            f"the table has no row for {_days_between(stretches)}, and periods of {length} days "
            f"may begin between day {starts.low} and day {starts.high}"
        )
        asked.refuse(faults, what, WHAT_THEN)
        return EqualPeriods(starts.high, length)
    long_before = is_long(first - start + 1, calendar.spacing)
    if long_before and not asked.counted and asked.gaps != "after":
        # Half a period before the first date is nothing that a date tells.
        return None
    return EqualPeriods(start, length)


def on_grid(
    places: Sequence[Place],
    grid: EqualPeriods,
    calendar: Calendar,
    asked: PersonContext,
    faults: FaultList,
) -> list[tuple[int, int]]:
    """Return the first and last day of every period of one length.

    The last one ends with its last row when a week and more of it has none: it was broken off.
    """
    spans = [grid.span(place.slot) for place in places]
    last = places[-1].stretch
    if last is not None and is_long(spans[-1][1] - last.last + calendar.spacing, calendar.spacing):
        spans[-1] = (spans[-1][0], last.last)
    open_gaps = []
    for index, (earlier, following) in enumerate(pairwise(places)):
        (begin, end), (begins, ends) = spans[index], spans[index + 1]
        if following.slot == earlier.slot + 1:
            continue
        if asked.gaps == "before":
            spans[index] = (begin, begins - 1)
        elif asked.gaps == "after":
            spans[index + 1] = (end + 1, ends)
        elif asked.gaps is None:
            open_gaps.append(days_named(end + 1, begins - 1))
    if open_gaps:
        what = f"the table has no row for {', '.join(open_gaps)}, and no cycle tells the treatment"
        asked.refuse(faults, what, WHAT_THEN)
    return [_clear_of(calendar, place, span) for place, span in zip(places, spans, strict=True)]


def _clear_of(calendar: Calendar, place: Place, span: tuple[int, int]) -> tuple[int, int]:
    """Return a period without the washouts at its ends."""
    if place.stretch is None:
        return span
    before = [day for day in calendar.off if day < place.stretch.first]
    after = [day for day in calendar.off if day > place.stretch.last]
    return (
        max([span[0], *(day + 1 for day in before)]),
        min([span[1], *(max(place.stretch.last, day - calendar.spacing) for day in after)]),
    )


def from_switch_to_switch(
    places: Sequence[Place], calendar: Calendar, asked: PersonContext, faults: FaultList
) -> list[tuple[int, int]]:
    """Return the first and last day of every period: each lasts until the next one begins.

    A row speaks of the days before it, as far as the table's rows are apart or a score looks
    back, so a period begins that many days before its first row, but after the row before. Days
    without a row that are more than that belong to the period before, unless the user says
    otherwise; of a long gap somebody has to say whose it is. A period without any row has the
    days between its neighbours.
    """
    reach = max(asked.recall_days, calendar.spacing)
    there = [place for place in places if place.stretch is not None]
    spans: dict[int, tuple[int, int]] = {}
    first = _stretch(there[0])
    before_first = [day for day in calendar.off if day < first.first]
    begin = max([min(first.first, calendar.lowest), first.first - reach + 1, *before_first[-1:]])
    if before_first and begin == before_first[-1]:
        begin += 1
    open_gaps = []
    for here, following in pairwise(there):
        earlier, later = _stretch(here), _stretch(following)
        begins = max(later.first - reach + 1, earlier.last + 1)
        ends = begins - 1
        absent = [place for place in places if here.slot < place.slot < following.slot]
        off = calendar.off_between(earlier.last, later.first)
        if off:
            begins = max(begins, off[-1] + 1)
            washout = off[0] - calendar.spacing + 1
            ends = earlier.last
            if not is_long(off[0] - earlier.last, calendar.spacing):
                ends = max(ends, washout - 1)
            if len(absent) == 1:
                spans[absent[0].slot] = calendar.longest_free(ends + 1, begins - 1)
        elif absent:
            ends = earlier.last
            if len(absent) == 1 and ends + 1 < begins:
                spans[absent[0].slot] = (ends + 1, begins - 1)
        elif asked.gaps == "after":
            begins, ends = earlier.last + 1, earlier.last
        elif asked.gaps == "off" or asked.drawn == "daily":
            ends = earlier.last
        elif asked.gaps is None and is_long(later.first - earlier.last, reach):
            open_gaps.append(days_named(earlier.last + 1, later.first - 1))
        spans[here.slot] = (begin, ends)
        begin = begins
    end = _stretch(there[-1]).last
    spans[there[-1].slot] = (begin, end)
    if places[-1].stretch is None:
        # The last cycle was broken off; its other period is as long as the one that was begun.
        spans[places[-1].slot] = (end + 1, end + (end - begin + 1))
    if open_gaps:
        what = f"the table has no row for {', '.join(open_gaps)}, between two periods"
        asked.refuse(faults, what, WHAT_THEN)
    return [spans.get(place.slot, (0, -1)) for place in places]


def ask_about_pauses(
    places: Sequence[Place],
    spans: Sequence[tuple[int, int]],
    calendar: Calendar,
    asked: PersonContext,
    faults: FaultList,
) -> list[int]:
    """Return the days of pauses inside periods; ask about those that nobody has explained.

    Weeks without a row are a pause unless no period has a row on these days of it: then the
    trial never meant to score them.
    """
    scored = {
        occasion.day - first
        for place, (first, _) in zip(places, spans, strict=True)
        if place.stretch is not None
        for occasion in place.stretch.rows
    }
    pauses: list[int] = []
    named = []
    for place, (begin, _) in zip(places, spans, strict=True):
        for occasion, following in pairwise(
            place.stretch.rows if place.stretch is not None else ()
        ):
            gap = range(occasion.day + 1, following.day)
            weeks = len(gap) >= _PAUSE_DAYS and len(gap) + 1 > 3 * calendar.spacing
            if weeks and any(day - begin in scored for day in gap):
                pauses += gap
                named.append(days_named(gap[0], gap[-1]))
    if named and asked.gaps is None:
        what = f"the table has no row for {', '.join(named)}, inside a period"
        asked.refuse(faults, what, WHAT_THEN)
    return pauses if asked.gaps == "off" else []


def days_named(first: int, last: int) -> str:
    """Return a stretch of days in words."""
    return f"day {first}" if first == last else f"days {first} to {last}"


def _days_between(stretches: Sequence[Stretch]) -> str:
    return ", ".join(
        days_named(stretch.last + 1, following.first - 1)
        for stretch, following in pairwise(stretches)
        if following.first - stretch.last > 1
    )


def _stretch(place: Place) -> Stretch:
    assert place.stretch is not None
    return place.stretch
