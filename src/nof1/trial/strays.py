"""Rows whose day is so far from the others that it must be written wrongly."""

from __future__ import annotations

from collections.abc import Mapping

from nof1.errors import Fault
from nof1.trial.tables.table import DataTable, place

#: A gap in days that parts rows from others, one that no trial has, and what is still among them.
_GAP, _YEARS, _NEAR = 180, 1000, 31
_MEND_DATE = "Check the year; take the row out if it is a visit long before or after the trial."
_MEND_DAY = "Check the day."


def stray_days(
    table: DataTable,
    column: int,
    days: Mapping[int, int],
    people: Mapping[int, str],
    *,
    dated: bool,
) -> list[Fault]:
    """Return a fault for every row that lies too far from the other rows of its person.

    No trial has a gap of years; and a few rows that would lie among the others in another year have
    a wrong one.

    Parameters
    ----------
    table : DataTable
        The table.
    column : int
        Index of the column the days come from, dates or numbers.
    days : mapping of int to int
        Day by row number; the ordinal of a date.
    people : mapping of int to str
        Person by row number.
    dated : bool
        Whether the days come from dates, whose years can be wrong.
    """
    own: dict[str, list[int]] = {}
    for number in days:
        own.setdefault(people[number], []).append(number)
    return [
        Fault(place(table, number, table.header[column]), what, _MEND_DATE if dated else _MEND_DAY)
        for rows in own.values()
        for number, what in _strays({number: days[number] for number in rows}, dated=dated)
    ]


def _strays(days: Mapping[int, int], *, dated: bool) -> list[tuple[int, str]]:
    """Return the rows of one person that are far from the others, and what is wrong with each."""
    stretches: list[list[int]] = []
    last = 0
    for number in sorted(days, key=lambda number: days[number]):
        if not stretches or days[number] - last > _GAP:
            stretches.append([])
        stretches[-1].append(number)
        last = days[number]
    if len(stretches) < 2:
        return []
    main = max(stretches, key=len)
    first, end = days[main[0]], days[main[-1]]
    few = max(2, len(days) // 10)
    strays = []
    for stretch in stretches:
        for number in stretch if stretch is not main else ():
            away = first - days[number] if days[number] < first else days[number] - end
            years = round(away / 365.25) * (1 if days[number] < first else -1)
            moved = days[number] + round(years * 365.25)
            among = first - _NEAR <= moved <= end + _NEAR
            if away >= _YEARS or (dated and years and among and len(stretch) <= few):
                side = "before" if days[number] < first else "after"
                strays.append((number, f"this row is {away:,} days {side} the others"))
    return strays
