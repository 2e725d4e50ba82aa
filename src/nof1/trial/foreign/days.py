"""Tables made elsewhere: day numbers that start again, and numbers that are no days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from nof1.errors import Fault
from nof1.trial.foreign.cells import as_typed, cell_text
from nof1.trial.foreign.columns import ColumnRoles
from nof1.trial.foreign.rows import FaultList, ScoreRow
from nof1.trial.tables.table import DataTable, plain
from nof1.words.caution import Caution

_WEEK = 7

#: A period in which days start again may lack rows for so many days at its end.
_LAST_DAYS_LACKING = 2

#: Names of columns that count weeks, and of columns that count something else than days.
_WEEKS = {"week", "weeks", "week_number", "week_no", "wk", "woche"}
_VISITS = {
    *("visit", "session", "month", "measurement", "occasion", "timepoint", "time_point", "wave"),
}

#: Person, and what its day numbers start again in: a period, a cycle, a week.
_Group = tuple[str, int, int]


def count_days(
    rows: Sequence[ScoreRow],
    *,
    table: DataTable,
    columns: ColumnRoles,
    recall_days: int | None,
    faults: FaultList,
) -> tuple[list[ScoreRow], list[Caution]]:
    """Return the rows with days that go on from the first to the last, and what was worked out.

    Parameters
    ----------
    rows : sequence of ScoreRow
        With the numbers of the table, or its dates counted.
    table, columns
        The cells, and which column is which.
    recall_days : int or None
        Days a score looks back on, as the user says.
    faults : FaultList
        Where numbers that are no days are reported.
    """
    if columns.day is None or not rows:
        return list(rows), []
    if columns.day == columns.week:
        return _from_weeks(rows, table.header[columns.day])
    groups = _groups(rows, table, columns)
    if _starts_again(rows, groups):
        return _go_on(rows, groups, table, columns, faults)
    _refuse_weeks(rows, table, columns.day, recall_days, faults)
    return list(rows), []


def _from_weeks(rows: Sequence[ScoreRow], title: str) -> tuple[list[ScoreRow], list[Caution]]:
    """Return rows that are counted in weeks, each as of the last day of its week."""
    note = Caution.of("weeks-counted", column=title)
    return [replace(row, day=_WEEK * row.day) for row in rows], [note]


def _groups(rows: Sequence[ScoreRow], table: DataTable, columns: ColumnRoles) -> dict[int, _Group]:
    """Return what day numbers may start again in, by row number; nothing where nothing is told."""
    groups: dict[int, _Group] = {}
    for row in rows:
        if row.period is not None or row.cycle is not None:
            groups[row.number] = (row.person, row.cycle or 0, row.period or 0)
    if groups or columns.week is None:
        return groups
    weeks = {number: cell_text(cells[columns.week]) for number, cells in table.rows}
    return {
        row.number: (row.person, 0, int(weeks[row.number]))
        for row in rows
        if weeks[row.number].isdecimal()
    }


def _starts_again(rows: Sequence[ScoreRow], groups: Mapping[int, _Group]) -> bool:
    """Return whether day numbers start again in every period (cycle, week) of some person."""
    own: dict[str, dict[_Group, list[int]]] = {}
    for row in rows:
        if row.number in groups:
            group = groups[row.number]
            own.setdefault(row.person, {}).setdefault(group, []).append(row.day)
    return any(
        len(days) > 1
        and all(min(days[other]) <= max(days[week]) for week, other in pairwise(sorted(days)))
        for days in own.values()
    )


def _go_on(
    rows: Sequence[ScoreRow],
    groups: Mapping[int, _Group],
    table: DataTable,
    columns: ColumnRoles,
    faults: FaultList,
) -> tuple[list[ScoreRow], list[Caution]]:
    """Return rows whose days go on where those of the table start again in every period."""
    column = columns.day
    title = "" if column is None else table.header[column]
    if columns.date is not None:
        faults.faults.append(
            Fault(
                f'{table.name}, column "{title}"',
                f"{title} starts again from period to period",
                f"Add --columns {as_typed(f'date={table.header[columns.date]}')}, which counts by "
                "date.",
            )
        )
        return list(rows), []
    longest: dict[_Group, int] = {}
    for row in rows:
        group = groups.get(row.number)
        if group is None:
            mend = "Write in which period (or cycle) it is."
            faults.add(row.number, column, f"{title} starts again, so {row.day} tells no day", mend)
        else:
            longest[group] = max(row.day, longest.get(group, 1))
    most = max(longest.values())
    before: dict[_Group, int] = {}
    reached: dict[str, int] = {}
    for group in sorted(longest):
        before[group] = reached.get(group[0], 0)
        lacking = most - longest[group]
        lasts = longest[group] if lacking > _LAST_DAYS_LACKING else most
        reached[group[0]] = before[group] + lasts
    note = Caution.of("days-go-on", column=title, days=most, lacking=_LAST_DAYS_LACKING)
    counted = [
        replace(row, day=row.day + before[groups[row.number]])
        for row in rows
        if row.number in groups
    ]
    return counted, [note]


def _refuse_weeks(
    rows: Sequence[ScoreRow],
    table: DataTable,
    column: int,
    recall_days: int | None,
    faults: FaultList,
) -> None:
    """Add a fault when what was named as the day counts weeks, or visits, one by one."""
    title = table.header[column]
    own: dict[str, set[int]] = {}
    for row in rows:
        own.setdefault(row.person, set()).add(row.day)
    one_by_one = len(rows) > 1 and all(len(d) > max(d) - min(d) for d in own.values())
    looks_back = (recall_days or 1) > 1
    weeks = plain(title) in _WEEKS
    if not one_by_one or not (weeks or (plain(title) in _VISITS and looks_back)):
        return
    back = f", but a score looks back on {recall_days} days" if looks_back else ""
    faults.faults.append(
        Fault(
            f'{table.name}, column "{title}"',
            f"{title} goes up by one from row to row{back}: it is no number of days",
            f"Where it counts weeks, write --columns {as_typed(f'week={title}')}; else give a "
            "column of days.",
        )
    )
