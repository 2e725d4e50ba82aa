"""Tables made elsewhere: periods and cycles, as given or worked out from the treatments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nof1.trial.data import MaskedPeriod
from nof1.trial.foreign.columns import Columns
from nof1.trial.foreign.rows import FaultList, Row

#: A gap without rows this many days longer than usual, and more than twice as long, ends a run.
_BREAK_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The periods of one person.

    Attributes
    ----------
    periods : tuple of MaskedPeriod
        Numbered from 1, in order of time.
    arm_of_period : tuple of int
        Number of the arm, 0 for the comparator.
    notes : tuple of str
        What was worked out, a sentence each.
    """

    periods: tuple[MaskedPeriod, ...]
    arm_of_period: tuple[int, ...]
    notes: tuple[str, ...]

    @property
    def cycles(self) -> list[tuple[int, ...]]:
        """Return the arms of every cycle, in order of time."""
        arms: dict[int, list[int]] = {}
        for period, arm in zip(self.periods, self.arm_of_period, strict=True):
            arms.setdefault(period.cycle, []).append(arm)
        return [tuple(cycle) for cycle in arms.values()]


@dataclass(slots=True)
class _Stretch:
    """Days on one treatment, while they are gathered."""

    number: int
    label: str
    period: int | None
    cycle: int | None
    first_day: int
    last_day: int


def lay_out(
    rows: Sequence[Row],
    *,
    arms: tuple[str, ...],
    columns: Columns,
    recall_days: int,
    faults: FaultList,
) -> Layout:
    """Return the periods of one person.

    Parameters
    ----------
    rows : sequence of Row
        One person's rows.
    arms : tuple of str
        The comparator first; rows on other treatments belong to no period.
    columns : Columns
        Tells whether periods and cycles are given.
    recall_days : int
        Days a score looks back on.
    faults : FaultList
        Where contradictions are reported.
    """
    number_of = {arm.casefold(): number for number, arm in enumerate(arms)}
    days = _one_row_a_day(rows, faults)
    spacing = _spacing([row.day for row in days])
    known = [
        row if row.treatment.casefold() in number_of else replace(row, treatment="") for row in days
    ]
    if columns.period is not None:
        stretches = _given_periods(known, columns, faults)
    else:
        stretches = _runs(known, spacing)
    arm_of_period = tuple(number_of[stretch.label.casefold()] for stretch in stretches)
    notes = [] if columns.period is not None else [_note_on_runs(len(stretches))]
    if columns.cycle is not None:
        cycles = _given_cycles(stretches, columns, faults)
    else:
        cycles, note = _worked_out_cycles(arm_of_period, len(arms))
        notes.append(note)
    notes += _reach_back(stretches, [row.day for row in days], max(recall_days, spacing))
    notes += _note_on_gaps(stretches, [row.day for row in days])
    periods = tuple(
        MaskedPeriod(
            number=number,
            cycle=cycle,
            first_day=stretch.first_day,
            last_day=stretch.last_day,
        )
        for number, (stretch, cycle) in enumerate(zip(stretches, cycles, strict=True), start=1)
    )
    return Layout(periods=periods, arm_of_period=arm_of_period, notes=tuple(notes))


def _one_row_a_day(rows: Sequence[Row], faults: FaultList) -> list[Row]:
    """Return one row for each day, in order of time; rows of one day must agree."""
    first: dict[int, Row] = {}
    for row in rows:
        other = first.setdefault(row.day, row)
        for what in ("treatment", "period", "cycle"):
            here, there = getattr(row, what), getattr(other, what)
            if here != there:
                faults.add(
                    row.number,
                    None,
                    f"{what} {here or 'missing'} on day {row.day}, "
                    f"but {there or 'missing'} in row {other.number}",
                    "Give one day one treatment.",
                )
    return [first[day] for day in sorted(first)]


def _spacing(days: list[int]) -> int:
    """Return the usual distance between rows, in days."""
    gaps = sorted(b - a for a, b in pairwise(days))
    return gaps[len(gaps) // 2] if gaps else 1


def _given_periods(days: list[Row], columns: Columns, faults: FaultList) -> list[_Stretch]:
    """Return the periods of the table's own column; their numbers may start again in each cycle."""
    stretches: list[_Stretch] = []
    known: dict[tuple[int | None, int], _Stretch] = {}
    for row in days:
        if not row.treatment:
            continue
        if row.period is None:
            faults.add(
                row.number,
                columns.period,
                f"{row.treatment} is given, but no period",
                "Write the number of the period.",
            )
            continue
        stretch = known.get((row.cycle, row.period))
        if stretch is None:
            stretch = _begun(row)
            known[row.cycle, row.period] = stretch
            stretches.append(stretch)
        elif stretch is not stretches[-1]:
            faults.add(
                row.number,
                columns.period,
                f"period {row.period} goes on, but period {stretches[-1].period} lies between",
                "Give every period a number of its own, or name the cycle column.",
            )
        elif stretch.label.casefold() != row.treatment.casefold():
            faults.add(
                row.number,
                columns.treatment,
                f"{row.treatment}, but period {row.period} began with {stretch.label}",
                "A period has one treatment: correct the treatment or the period.",
            )
        stretch.last_day = row.day
    return stretches


def _runs(days: list[Row], spacing: int) -> list[_Stretch]:
    """Return the longest runs of rows on one treatment (and in one cycle, where given)."""
    stretches: list[_Stretch] = []
    longest_gap = max(2 * spacing, spacing + _BREAK_DAYS - 1)
    before = ""
    for row in days:
        goes_on = (
            before != ""
            and before.casefold() == row.treatment.casefold()
            and stretches[-1].cycle == row.cycle
            and row.day - stretches[-1].last_day <= longest_gap
        )
        if goes_on:
            stretches[-1].last_day = row.day
        elif row.treatment:
            stretches.append(_begun(row))
        before = row.treatment
    return stretches


def _begun(row: Row) -> _Stretch:
    return _Stretch(row.number, row.treatment, row.period, row.cycle, row.day, row.day)


def _given_cycles(stretches: list[_Stretch], columns: Columns, faults: FaultList) -> list[int]:
    """Return the cycle of every period, numbered from 1 in order of time."""
    number_of: dict[int | None, int] = {}
    before: _Stretch | None = None
    for stretch in stretches:
        if stretch.cycle is None:
            faults.add(
                stretch.number,
                columns.cycle,
                f"{stretch.label} is given, but no cycle",
                "Write the number of the cycle.",
            )
        elif before is not None and stretch.cycle != before.cycle and _goes_on(before, stretch):
            faults.add(
                stretch.number,
                columns.cycle,
                f"period {stretch.period} lies in cycle {before.cycle} and in cycle "
                f"{stretch.cycle}",
                "Give it one cycle, or the second part a number of its own.",
            )
        elif stretch.cycle in number_of and before is not None and before.cycle != stretch.cycle:
            faults.add(
                stretch.number,
                columns.cycle,
                f"cycle {stretch.cycle} goes on, but cycle {before.cycle} lies between",
                "Give every cycle a number of its own.",
            )
        number_of.setdefault(stretch.cycle, len(number_of) + 1)
        before = stretch
    return [number_of[stretch.cycle] for stretch in stretches]


def _goes_on(before: _Stretch, stretch: _Stretch) -> bool:
    """Return whether a stretch has the period number and treatment of the one before it."""
    return (
        stretch.period is not None
        and before.cycle is not None
        and (before.period, before.label.casefold()) == (stretch.period, stretch.label.casefold())
    )


def _worked_out_cycles(arms: tuple[int, ...], n_arms: int) -> tuple[list[int], str]:
    """Return the cycle of every period, and a sentence that says how it was found.

    From the first period on, the next `n_arms` periods are a cycle when every arm occurs once in
    them; otherwise the next period stands alone and the search goes on behind it.
    """
    cycles: list[int] = []
    alone: list[int] = []
    number = 0
    while len(cycles) < len(arms):
        number += 1
        begin = len(cycles)
        if len(set(arms[begin : begin + n_arms])) == n_arms:
            cycles += [number] * n_arms
        else:
            cycles.append(number)
            alone.append(begin + 1)
    note = (
        "Cycles were worked out: periods in a row in which every arm occurs once make a cycle "
        f"({number - len(alone)} found)."
    )
    if alone:
        note += f" In no complete cycle: period {_listed(alone)}."
    return cycles, note


def _reach_back(stretches: list[_Stretch], days: list[int], reach: int) -> list[str]:
    """Let every period begin before its first row, where scores do not come every day.

    A score speaks of the days before it, so a period begins `reach` - 1 days before its first
    row, but after the row before and not before day 1.
    """
    moved = 0
    for stretch in stretches:
        row_before = max((day for day in days if day < stretch.first_day), default=0)
        begin = max(stretch.first_day - reach + 1, row_before + 1)
        moved = max(moved, stretch.first_day - begin)
        stretch.first_day = begin
    if not moved:
        return []
    shown = "a day" if moved == 1 else f"{moved} days"
    return [f"Rows do not come every day: periods were taken to begin up to {shown} before theirs."]


def _note_on_runs(n_periods: int) -> str:
    return (
        "Periods were worked out: days in a row on one treatment make a period "
        f"({n_periods} found)."
    )


def _note_on_gaps(stretches: list[_Stretch], days: list[int]) -> list[str]:
    """Return a sentence on the days between periods that have no row."""
    gaps = []
    for one, following in pairwise(stretches):
        first, last = one.last_day + 1, following.first_day - 1
        if first <= last and not any(first <= day <= last for day in days):
            gaps.append(str(first) if first == last else f"{first} to {last}")
    if not gaps:
        return []
    return [f"Days without a row between periods count as on no arm: {', '.join(gaps)}."]


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
