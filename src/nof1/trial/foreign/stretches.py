"""Tables made elsewhere: days that belong together, one stretch for each period with a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from nof1.errors import Fault
from nof1.trial.foreign.cells import as_typed
from nof1.trial.foreign.columns import ColumnRoles
from nof1.trial.foreign.rows import FaultList, ScoreRow, has_score
from nof1.trial.foreign.writing import Gaps, Writing

#: A gap without rows this many days longer than usual, and more than twice as long, is asked about.
_LONG_GAP_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonContext:
    """What is known of one person's table beyond its rows.

    Attributes
    ----------
    arms : tuple of str
        The comparator first.
    columns : ColumnRoles
        Tells whether periods and cycles are given.
    where : str
        Table and person, for messages.
    recall_days : int
        Days a score looks back on.
    writing : Writing
        What the user says of periods, and of days without a row.
    drawn : {"pairs", "phases", "daily"} or None
        How the order was drawn, as far as it tells where periods lie.
    """

    arms: tuple[str, ...]
    columns: ColumnRoles
    where: str
    recall_days: int
    writing: Writing
    drawn: Literal["pairs", "phases", "daily"] | None

    @property
    def period_days(self) -> int | Literal["runs"] | None:
        """Return the length of every period, as the user says."""
        return self.writing.period_days

    @property
    def gaps(self) -> Gaps | None:
        """Return whose days without a row are, as the user says."""
        return self.writing.gaps

    @property
    def counted(self) -> bool:
        """Return whether the table counts its days itself, from the first of the trial on."""
        return self.columns.day is not None

    @property
    def as_taken(self) -> bool:
        """Return whether the treatment was said to be what was taken, not what was assigned."""
        return self.columns.taken == self.columns.treatment

    def refuse(self, faults: FaultList, what: str, mend: str) -> None:
        """Add a fault of the whole table."""
        faults.faults.append(Fault(self.where, what, mend))


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day with a row; its arm is None in washouts and the run-in."""

    row: ScoreRow
    arm: int | None

    @property
    def day(self) -> int:
        """Return the study day."""
        return self.row.day


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days with a row of one period.

    Attributes
    ----------
    arm : int
        As assigned.
    rows : tuple of Occasion
        In order of time, at least one.
    slot : int
        Place in the order of periods, from 0; one that has no row leaves its place free.
    """

    arm: int
    rows: tuple[Occasion, ...]
    slot: int

    @property
    def first(self) -> int:
        """Return the day of the first row."""
        return self.rows[0].day

    @property
    def last(self) -> int:
        """Return the day of the last row."""
        return self.rows[-1].day

    @property
    def number(self) -> int:
        """Return the number of the first row."""
        return self.rows[0].row.number

    @property
    def period(self) -> int | None:
        """Return the table's number of the period."""
        return self.rows[0].row.period

    @property
    def cycle(self) -> int | None:
        """Return the table's number of the cycle."""
        return self.rows[0].row.cycle


def occasions(rows: Sequence[ScoreRow], asked: PersonContext, faults: FaultList) -> list[Occasion]:
    """Return the days with a row, in order of time; rows of one day must agree.

    A row with neither a treatment nor a score says nothing, and is left to be a missing one.
    """
    number_of = {arm.casefold(): number for number, arm in enumerate(asked.arms)}
    first: dict[int, ScoreRow] = {}
    for row in rows:
        other = first.setdefault(row.day, row)
        for what in ("treatment", "taken", "period", "cycle"):
            here, there = getattr(row, what), getattr(other, what)
            if here != there:
                faults.add(
                    row.number,
                    None,
                    f"{what} {here or 'missing'} on day {row.day}, "
                    f"but {there or 'missing'} in row {other.number}",
                    "Give one day one treatment.",
                )
    scored = {row.day for row in rows if has_score(row)}
    return [
        Occasion(first[day], number_of.get(first[day].treatment.casefold()))
        for day in sorted(first)
        if first[day].treatment or day in scored
    ]


def usual_spacing(days: Sequence[int]) -> int:
    """Return the usual distance between rows, in days."""
    gaps = sorted(b - a for a, b in pairwise(days))
    return gaps[len(gaps) // 2] if gaps else 1


def is_long(gap: int, spacing: int) -> bool:
    """Return whether so many days from one row to the next are more than rows left out."""
    return gap > max(2 * spacing, spacing + _LONG_GAP_DAYS - 1)


def given_periods(
    days: Sequence[Occasion], asked: PersonContext, faults: FaultList
) -> list[Stretch]:
    """Return the periods of the table's own column; their numbers may start again in each cycle."""
    groups: dict[tuple[int | None, int], list[Occasion]] = {}
    latest: tuple[int | None, int] | None = None
    for occasion in days:
        if occasion.arm is None:
            continue
        row = occasion.row
        if row.period is None:
            faults.add(
                row.number,
                asked.columns.period,
                f"{row.treatment} is given, but no period",
                "Write the number of the period.",
            )
            continue
        key = (row.cycle, row.period)
        if key in groups and key != latest:
            assert latest is not None
            faults.add(
                row.number,
                asked.columns.period,
                f"period {row.period} goes on, but period {latest[1]} lies between",
                "Give every period a number of its own, or name the cycle column.",
            )
            continue
        groups.setdefault(key, []).append(occasion)
        latest = key
    slots = _slots(list(groups), len(asked.arms))
    off = [occasion.day for occasion in days if occasion.arm is None]
    if asked.columns.cycle is None:
        slots = _without_washouts(list(groups.values()), slots, off, asked, faults)
    return settled(zip(groups.values(), slots, strict=True), asked, faults)


def _slots(keys: Sequence[tuple[int | None, int]], n_arms: int) -> list[int]:
    """Return the place of each period; a number that is passed over is a period without a row."""
    numbers = [period for _, period in keys]
    if len({cycle for cycle, _ in keys}) > 1 and max(numbers, default=0) <= n_arms:
        # The numbers begin anew in each cycle.
        numbers = [(cycle or 0) * n_arms + period for cycle, period in keys]
    steps = [after - before for before, after in pairwise(numbers)]
    passed_over = sum(step - 1 for step in steps)
    if any(step < 1 for step in steps) or passed_over > len(keys):
        return list(range(len(keys)))
    # A trial's first period has the number 1: numbers that begin later are no missing periods.
    return [number - numbers[0] for number in numbers] if numbers else []


def _without_washouts(
    groups: Sequence[Sequence[Occasion]],
    slots: Sequence[int],
    off: Sequence[int],
    asked: PersonContext,
    faults: FaultList,
) -> list[int]:
    """Return the places of periods without the numbers that washouts bear.

    Where a number is passed over at every washout that the table writes, it is the washout's.
    Without cycles that hold them together, others are periods only when they are few; else they
    are asked about.
    """
    steps = [after - slot for slot, after in pairwise(slots)]
    washouts = [
        any(days_before[-1].day < day < following[0].day for day in off)
        for days_before, following in pairwise(groups)
    ]
    numbered = all(step > 1 for step, washout in zip(steps, washouts, strict=True) if washout)
    starts = [0]
    lacking: list[int] = []
    for group, step, washout in zip(groups, steps, washouts, strict=False):
        own = 1 if washout and numbered else step
        starts.append(starts[-1] + own)
        if own > 1 and group[0].row.period is not None:
            lacking += range(group[0].row.period + 1, group[0].row.period + own)
    if 6 * len(lacking) > starts[-1] + 1:
        shown = "period" + (" " if len(lacking) == 1 else "s ") + ", ".join(map(str, lacking))
        asked.refuse(
            faults,
            f"no row has the number of {shown}",
            "Write a row with it and the treatment, the score empty; or with washout for the "
            "treatment if it was none.",
        )
    return starts


def runs(days: Sequence[Occasion], may_go_on: Callable[[int, int], bool]) -> list[Stretch]:
    """Return the longest runs of days on one arm (and in one cycle, where given).

    Parameters
    ----------
    days : sequence of Occasion
    may_go_on : callable
        Told the days of two neighbouring rows on one arm; whether they belong to one run.
    """
    groups: list[list[Occasion]] = []
    before: Occasion | None = None
    for occasion in days:
        goes_on = (
            before is not None
            and before.arm == occasion.arm
            and before.row.cycle == occasion.row.cycle
            and may_go_on(before.day, occasion.day)
        )
        if occasion.arm is not None:
            if goes_on:
                groups[-1].append(occasion)
            else:
                groups.append([occasion])
        before = occasion
    return [Stretch(_arm(group[0]), tuple(group), slot) for slot, group in enumerate(groups)]


def each_row(days: Sequence[Occasion]) -> list[Stretch]:
    """Return a stretch for every row that is on an arm."""
    own = [occasion for occasion in days if occasion.arm is not None]
    return [Stretch(_arm(occasion), (occasion,), slot) for slot, occasion in enumerate(own)]


def settled(
    groups: Iterable[tuple[Sequence[Occasion], int]], asked: PersonContext, faults: FaultList
) -> list[Stretch]:
    """Return each group of days with its slot as a stretch on the arm it was assigned to.

    A group on two arms is a fault unless the table was said to hold what was taken: then it was
    assigned to the arm of most of its days.
    """
    stretches = []
    for group, slot in groups:
        counts = Counter(_arm(occasion) for occasion in group)
        (arm, most), *others = counts.most_common()
        if others and not asked.as_taken:
            _refuse_two_arms(group, arm, asked, faults)
        elif others and others[0][1] == most:
            tied = " and ".join(
                sorted(asked.arms[tied_arm] for tied_arm, n in counts.items() if n == most)
            )
            faults.add(
                group[0].row.number,
                asked.columns.treatment,
                f"the period that begins here has as many days on {tied}: nobody can tell which "
                "was assigned",
                "Name a column with the treatment that was assigned: --columns treatment=NAME.",
            )
        stretches.append(Stretch(arm, tuple(group), slot))
    return stretches


def _refuse_two_arms(
    group: Sequence[Occasion], arm: int, asked: PersonContext, faults: FaultList
) -> None:
    """Add a fault for each run of a period on another arm than on most of its days."""
    whose = "the same period" if group[0].row.period is None else f"period {group[0].row.period}"
    counts = Counter(_arm(occasion) for occasion in group)
    n_runs = sum(1 for _ in groupby(group, key=_arm))
    # One run on each arm, none much shorter than an equal share: so a whole cycle looks.
    even = 3 * len(counts) * min(counts.values()) > 2 * len(group)
    cycle = even and n_runs == len(counts)
    for other, run in groupby(group, key=_arm):
        if other == arm:
            continue
        own = list(run)
        upto = "" if len(own) == 1 else f" to row {own[-1].row.number}"
        treatment = asked.columns.treatment
        title = faults.table.header[treatment]
        shared = "most" if counts[other] < counts[arm] else "as many"
        wrong = "--period-days, or the cell" if isinstance(asked.period_days, int) else "the cell"
        mend = (
            f"If that is what was taken, add --columns {as_typed(f'taken={title}')}: the period "
            f"then counts as assigned to {asked.arms[arm]}, and these days as what was taken. "
            f"If not, correct {wrong}."
            if asked.columns.taken is None
            else "A period is assigned to one treatment: correct the treatment or the period."
        )
        if cycle and asked.columns.period is not None and asked.columns.cycle is None:
            named = faults.table.header[asked.columns.period]
            mend = (
                f"If {named} counts cycles, of one period on each treatment, write --columns "
                f"{as_typed(f'cycle={named}')}, and no period. {mend}"
            )
        faults.add(
            own[0].row.number,
            treatment,
            f"{asked.arms[other]}{upto}, but {shared} days of {whose} are on {asked.arms[arm]}",
            mend,
        )


def _arm(occasion: Occasion) -> int:
    """Return the arm of a day that is on one."""
    assert occasion.arm is not None
    return occasion.arm
