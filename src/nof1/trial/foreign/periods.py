"""Tables made elsewhere: periods and cycles, as given or worked out from the treatments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nof1.read_only import ReadOnly
from nof1.trial.data import MaskedPeriod
from nof1.trial.foreign.arms import is_arm
from nof1.trial.foreign.cutting import ask_about_runs, cut_up, long_runs, told_by_cycles
from nof1.trial.foreign.cycles import Place, into_cycles
from nof1.trial.foreign.lengths import EqualPeriods
from nof1.trial.foreign.places import (
    Calendar,
    ask_about_pauses,
    common_grid,
    from_switch_to_switch,
    on_grid,
)
from nof1.trial.foreign.rows import FaultList, ScoreRow
from nof1.trial.foreign.stretches import (
    Occasion,
    PersonContext,
    Stretch,
    each_row,
    given_periods,
    occasions,
    usual_spacing,
)
from nof1.words.caution import Caution

#: Fewer rows than these have no rhythm that tells how long before the first one a trial began.
_RHYTHM_ROWS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPeriods:
    """The periods of one person.

    Attributes
    ----------
    periods : tuple of MaskedPeriod
        Numbered from 1, in order of time.
    arm_of_period : tuple of int
        Number of the arm, 0 for the comparator.
    notes : tuple of Caution
        What was worked out, a sentence each.
    arm_taken : mapping of int to int
        By study day, the arm that was taken where it was another than the period's.
    moved : int
        By how many days the table's own days are later here: the first period began before the
        first row.
    """

    periods: tuple[MaskedPeriod, ...]
    arm_of_period: tuple[int, ...]
    notes: tuple[Caution, ...]
    arm_taken: Mapping[int, int] = field(default_factory=ReadOnly)
    moved: int = 0

    @property
    def cycles(self) -> list[tuple[int, ...]]:
        """Return the arms of every cycle, in order of time."""
        arms: dict[int, list[int]] = {}
        for period, arm in zip(self.periods, self.arm_of_period, strict=True):
            arms.setdefault(period.cycle, []).append(arm)
        return [tuple(cycle) for cycle in arms.values()]


def lay_out(rows: Sequence[ScoreRow], asked: PersonContext, faults: FaultList) -> PersonPeriods:
    """Return the periods of one person.

    Parameters
    ----------
    rows : sequence of ScoreRow
        One person's rows, one at least on an arm.
    asked : PersonContext
        What is known beyond them.
    faults : FaultList
        Where contradictions are reported, and what nobody can tell.
    """
    days = occasions(rows, asked, faults)
    calendar = _calendar(days, asked)
    stretches, grid, notes = _stretches(days, calendar, asked, faults)
    if not stretches:
        return PersonPeriods(periods=(), arm_of_period=(), notes=())
    places, said = into_cycles(stretches, asked, faults)
    known = grid is not None
    if asked.gaps == "off":
        grid = None
    elif grid is None and asked.drawn != "daily":
        grid = common_grid(stretches, calendar, asked, faults)
    if grid is None:
        spans = from_switch_to_switch(places, calendar, asked, faults)
    else:
        spans = on_grid(places, grid, calendar, asked, faults)
    held = [(place, span) for place, span in zip(places, spans, strict=True) if span[0] <= span[1]]
    places, spans = [place for place, _ in held], [span for _, span in held]
    pauses = ask_about_pauses(places, spans, calendar, asked, faults)
    moved = max(0, 1 - spans[0][0])
    taken = dict.fromkeys(pauses, 0) | _taken(days, places, spans, asked, faults)
    on_days = _notes_on_switches(places, spans, days)
    if grid is not None:
        on_days = _notes_on_grid(days, spans, grid, known=known)
    return PersonPeriods(
        periods=tuple(
            MaskedPeriod(
                number=number, cycle=place.cycle, first_day=first + moved, last_day=last + moved
            )
            for number, (place, (first, last)) in enumerate(held, start=1)
        ),
        arm_of_period=tuple(place.arm for place in places),
        notes=(
            *notes,
            *said,
            *_notes_on_absent(places, asked),
            *on_days,
            *_note_on_moved(moved),
            *_notes_on_taken(taken, asked),
        ),
        arm_taken=ReadOnly({day + moved: arm for day, arm in taken.items()}),
        moved=moved,
    )


def _calendar(days: Sequence[Occasion], asked: PersonContext) -> Calendar:
    off = tuple(occasion.day for occasion in days if occasion.arm is None)
    first = next((occasion.day for occasion in days if occasion.arm is not None), 1)
    before = [day for day in off if day < first]
    lowest = before[-1] + 1 if before else 1
    if not before and not asked.counted and len(days) >= _RHYTHM_ROWS:
        # Dates do not tell how long before its first row a trial began: less than it took.
        lowest = 2 * first - days[-1].day
    return Calendar(
        off=off,
        spacing=usual_spacing([occasion.day for occasion in days]),
        lowest=min(lowest, first),
    )


def _stretches(
    days: Sequence[Occasion], calendar: Calendar, asked: PersonContext, faults: FaultList
) -> tuple[list[Stretch], EqualPeriods | None, list[Caution]]:
    """Return the days of each period, the grid they lie on if it is known, and what was told."""
    own = [occasion for occasion in days if occasion.arm is not None]
    if asked.drawn == "daily":
        return each_row(days), None, [Caution.of("period-for-each-row")]
    if asked.columns.period is not None or not own:
        return given_periods(days, asked, faults), None, []
    if isinstance(asked.period_days, int):
        return cut_up(days, asked.period_days, calendar, asked, faults)
    settled_otherwise = (
        asked.period_days == "runs" or asked.drawn == "phases" or asked.columns.cycle is not None
    )
    if not settled_otherwise and not calendar.off_between(own[0].day, own[-1].day):
        by_cycles = told_by_cycles(own, calendar, asked, faults)
        if by_cycles is not None:
            return by_cycles
    stretches = long_runs(days, calendar, asked, faults)
    if not settled_otherwise:
        ask_about_runs(stretches, own, calendar, asked, faults)
    return stretches, None, [Caution.of("periods-found", periods=len(stretches))]


def _taken(
    days: Sequence[Occasion],
    places: Sequence[Place],
    spans: Sequence[tuple[int, int]],
    asked: PersonContext,
    faults: FaultList,
) -> dict[int, int]:
    """Return the arm that was taken on days on which it was not the one assigned.

    A washout inside a period is a day on the comparator, which is what no arm means to the model.
    """
    assigned = {
        day: place.arm
        for place, (first, last) in zip(places, spans, strict=True)
        for day in range(first, last + 1)
    }
    taken: dict[int, int] = {}
    for occasion in days:
        if occasion.day not in assigned:
            continue
        arm = occasion.arm if asked.columns.taken in (None, asked.columns.treatment) else None
        if occasion.row.taken and not asked.as_taken:
            arm = _arm_taken(occasion.row, asked, faults)
        elif occasion.arm is None:
            arm = 0
        if arm is not None and arm != assigned[occasion.day]:
            taken[occasion.day] = arm
    return taken


def _arm_taken(row: ScoreRow, asked: PersonContext, faults: FaultList) -> int | None:
    """Return the arm that a row says was taken, 0 for none."""
    number_of = {arm.casefold(): number for number, arm in enumerate(asked.arms)}
    arm = number_of.get(row.taken.casefold())
    if arm is None and is_arm(row.taken):
        faults.add(
            row.number,
            asked.columns.taken,
            f"{row.taken} is none of the treatments {', '.join(asked.arms)}",
            "Write one of them, or washout for none.",
        )
    return 0 if arm is None else arm


def _notes_on_absent(places: Sequence[Place], asked: PersonContext) -> list[Caution]:
    """Return each period without a row."""
    return [
        Caution.of("absent-period", period=number, arm=asked.arms[place.arm])
        for number, place in enumerate(places, start=1)
        if place.stretch is None
    ]


def _notes_on_grid(
    days: Sequence[Occasion], spans: Sequence[tuple[int, int]], grid: EqualPeriods, *, known: bool
) -> list[Caution]:
    """Return that periods last longer than their rows."""
    rows = {occasion.day for occasion in days}
    if all(first in rows and last in rows for first, last in spans):
        return []
    if known:
        return [Caution.of("days-without-a-row")]
    return [Caution.of("equal-periods", days=grid.length, first=spans[0][0])]


def _notes_on_switches(
    places: Sequence[Place], spans: Sequence[tuple[int, int]], days: Sequence[Occasion]
) -> list[Caution]:
    """Return what became of days without a row at the ends of periods."""
    rows = [occasion.day for occasion in days]
    moved = max(
        (
            place.stretch.first - first
            for place, (first, _) in zip(places, spans, strict=True)
            if place.stretch is not None
        ),
        default=0,
    )
    notes = []
    if moved:
        notes.append(Caution.of("begun-before-rows", days=moved))
    kept = tuple(
        (place.stretch.last + 1, last)
        for place, (_, last) in zip(places, spans, strict=True)
        if place.stretch is not None and place.stretch.last < last
    )
    if kept:
        notes.append(Caution.of("days-before-a-switch", days=kept))
    gaps = tuple(
        (last + 1, following - 1)
        for (_, last), (following, _) in pairwise(spans)
        if last + 1 < following and not any(last < day < following for day in rows)
    )
    if gaps:
        notes.append(Caution.of("days-between", days=gaps))
    return notes


def _note_on_moved(moved: int) -> list[Caution]:
    """Return that days have other numbers than in the table, where they have."""
    if not moved:
        return []
    return [Caution.of("first-before-rows", day=1 + moved)]


def _notes_on_taken(taken: Mapping[int, int], asked: PersonContext) -> list[Caution]:
    """Return on how many days another arm was taken than assigned."""
    if not taken:
        return []
    counts = Counter(taken.values())
    by_arm = tuple((asked.arms[arm], n) for arm, n in sorted(counts.items()))
    return [Caution.of("other-taken", days=len(taken), arms=by_arm)]
