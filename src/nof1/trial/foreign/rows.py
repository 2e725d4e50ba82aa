"""Tables made elsewhere: from the text of the cells to days, treatments and scores."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date

from nof1.errors import Fault
from nof1.trial.foreign.columns import Columns, Table

_EMPTY = {"", "na", "n/a", "nan", "null", "."}
_MISSING = _EMPTY | {"none", "missing", "-"}
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?")
_PARTED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_WHOLE = re.compile(r"[+-]?\d+(?:\.0+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table, read.

    Attributes
    ----------
    line : int
        Where it stands in the file.
    person : str
        Code of the person.
    day : int
        As in the table's day column; without one, 1 for the person's first date.
    treatment : str
        Label as written; empty when none is given.
    period, cycle : int or None
        As in the table.
    scores : tuple of (str, float)
        Outcome and points, NaN when missing.
    """

    line: int
    person: str
    day: int
    treatment: str
    period: int | None
    cycle: int | None
    scores: tuple[tuple[str, float], ...]


@dataclass(slots=True)
class FaultList:
    """The faults of one table, each with the row it stands in."""

    table: Table
    found: list[tuple[int, Fault]] = field(default_factory=list)

    def add(self, line: int, column: int | None, what: str, mend: str) -> None:
        """Add a fault of a row, or of one of its cells."""
        self.found.append((line, Fault(self.table.where(line, column), what, mend)))

    def in_order(self) -> list[Fault]:
        """Return the faults from the top of the table to its end."""
        return [fault for _, fault in sorted(self.found, key=lambda one: one[0])]


def read_rows(
    table: Table, columns: Columns, *, person: str, faults: FaultList
) -> tuple[list[Row], list[str]]:
    """Return the rows that could be read, in the order of the file, and what was assumed.

    Parameters
    ----------
    table : Table
        The cells.
    columns : Columns
        Which column is which.
    person : str
        Code of the person when the table has no such column.
    faults : FaultList
        Where every cell that cannot be read is reported.
    """
    people = {line: _person(line, cells, columns, person, faults) for line, cells in table.rows}
    days, notes = _days(table, columns, people, faults)
    rows = []
    for line, cells in table.rows:
        scores = _scores(table, line, cells, columns, faults)
        period = _whole(line, cells, columns.period, faults)
        cycle = _whole(line, cells, columns.cycle, faults)
        if line in days:
            rows.append(
                Row(
                    line=line,
                    person=people[line],
                    day=days[line],
                    treatment=_label(cells[columns.treatment]),
                    period=period,
                    cycle=cycle,
                    scores=scores,
                )
            )
    _check_twice(rows, columns, faults)
    return rows, notes


def treatments(table: Table, columns: Columns) -> list[str]:
    """Return the treatment of every row that has one, in the order of the file."""
    return [label for _, cells in table.rows if (label := _label(cells[columns.treatment]))]


def _person(
    line: int, cells: tuple[str, ...], columns: Columns, person: str, faults: FaultList
) -> str:
    """Return the code of the person in a row."""
    if columns.person is None:
        return person
    if not cells[columns.person]:
        faults.add(line, columns.person, "no person is named", "Write whose row this is.")
    return cells[columns.person]


def _label(text: str) -> str:
    """Return a treatment as written; "none" is one."""
    return "" if text.casefold() in _EMPTY else text


def _whole(line: int, cells: tuple[str, ...], column: int | None, faults: FaultList) -> int | None:
    """Return a cell as a whole number; None when it is empty, absent or faulty."""
    if column is None or cells[column].casefold() in _EMPTY:
        return None
    if _WHOLE.fullmatch(cells[column]):
        return int(float(cells[column]))
    faults.add(line, column, f"{cells[column]!r} is not a whole number", "Write 1, 2, 3, ...")
    return None


def _scores(
    table: Table, line: int, cells: tuple[str, ...], columns: Columns, faults: FaultList
) -> tuple[tuple[str, float], ...]:
    """Return outcome and points of every score in a row."""
    scores = []
    for column in columns.scores:
        outcome = table.header[column]
        if columns.outcome is not None:
            outcome = cells[columns.outcome]
            if not outcome:
                faults.add(line, columns.outcome, "no outcome is named", "Write which score it is.")
        scores.append((outcome, _points(cells[column], line, column, faults)))
    return tuple(scores)


def _points(text: str, line: int, column: int, faults: FaultList) -> float:
    """Return a score, NaN when it is missing or faulty."""
    if text.casefold() in _MISSING:
        return math.nan
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        if not faults.table.decimal_comma:
            faults.add(
                line, column, f"{text!r} has a decimal comma", f"Write {text.replace(',', '.')}."
            )
            return math.nan
        text = text.replace(",", ".")
    try:
        points = float(text)
    except ValueError:
        points = math.inf
    if math.isinf(points):
        faults.add(
            line, column, f"{text!r} is not a number", "Write a number, or nothing if missing."
        )
        return math.nan
    return points


def _days(
    table: Table, columns: Columns, people: dict[int, str], faults: FaultList
) -> tuple[dict[int, int], list[str]]:
    """Return the day number of every row that has one, and what was assumed."""
    if columns.day is None:
        return _days_by_date(_dates(table, columns.date, faults), {}, people), []
    days = {}
    for line, cells in table.rows:
        day = _whole(line, cells, columns.day, faults)
        if day is not None:
            days[line] = day
        elif cells[columns.day].casefold() in _EMPTY:
            faults.add(line, columns.day, "the day is missing", "Write the day number.")
    notes = _notes_on_dates(table, columns, days, people)
    lowest = min(days.values(), default=1)
    if lowest < 1:
        days = {line: day - lowest + 1 for line, day in days.items()}
        notes.append(f"Day {lowest} of the table is counted as day 1.")
    return days, notes


def _notes_on_dates(
    table: Table, columns: Columns, days: dict[int, int], people: dict[int, str]
) -> list[str]:
    """Return a sentence when the dates of a table do not move with its day numbers."""
    # Dates that cannot be read do no harm here: the day numbers count.
    dates = _dates(table, columns.date, FaultList(table))
    by_date = _days_by_date(dates, days, people)
    other = next((line for line in by_date if days.get(line, by_date[line]) != by_date[line]), None)
    if other is None or columns.day is None or columns.date is None:
        return []
    return [
        f"Days are counted by {table.header[columns.day]}; by {table.header[columns.date]}, row "
        f"{other} is day {by_date[other]}, not {days[other]}. --columns "
        f"date={table.header[columns.date]} counts by date."
    ]


def _days_by_date(
    dates: dict[int, date], written: dict[int, int], people: dict[int, str]
) -> dict[int, int]:
    """Return day numbers that keep the written number of each person's first date, else 1."""
    first: dict[str, int] = {}
    for line, when in dates.items():
        if people[line] not in first or when < dates[first[people[line]]]:
            first[people[line]] = line
    days = {}
    for line, when in dates.items():
        start = first[people[line]]
        days[line] = (when - dates[start]).days + written.get(start, 1)
    return days


def _dates(table: Table, column: int | None, faults: FaultList) -> dict[int, date]:
    """Return the date of every row that has one that can be read."""
    if column is None:
        return {}
    texts = {line: cells[column] for line, cells in table.rows}
    day_first = _day_stands_first(texts, column, faults)
    dates = {}
    for line, text in texts.items():
        numbers = _year_month_day(text, day_first)
        if numbers is None:
            # One fault for the whole column has been given when nobody can say which is the day.
            if not (day_first is None and _PARTED.fullmatch(text)):
                what = f"{text!r} is not a date" if text else "the date is missing"
                faults.add(line, column, what, "Write it as 2026-02-18.")
            continue
        try:
            dates[line] = date(*numbers)
        except ValueError:
            faults.add(line, column, f"there is no day {text}", "Correct the date.")
    return dates


def _year_month_day(text: str, day_first: bool | None) -> tuple[int, int, int] | None:
    """Return year, month and day as written, or None when the text is in neither form."""
    if iso := _ISO.fullmatch(text):
        return int(iso[1]), int(iso[2]), int(iso[3])
    parted = _PARTED.fullmatch(text)
    if parted is None or day_first is None:
        return None
    day, month = (parted[1], parted[3]) if day_first else (parted[3], parted[1])
    return int(parted[4]), int(month), int(day)


def _day_stands_first(texts: dict[int, str], column: int, faults: FaultList) -> bool | None:
    """Return whether dates such as 18/2/2026 begin with the day; None when it cannot be known."""
    parted = {line: found for line, text in texts.items() if (found := _PARTED.fullmatch(text))}
    # With dots the day is written first everywhere.
    day_first = [line for line, found in parted.items() if int(found[1]) > 12 or found[2] == "."]
    month_first = [line for line, found in parted.items() if int(found[3]) > 12]
    if day_first and month_first:
        faults.add(
            max(day_first[0], month_first[0]),
            column,
            f"{texts[day_first[0]]} (row {day_first[0]}) begins with the day, "
            f"{texts[month_first[0]]} (row {month_first[0]}) with the month",
            "Write all dates as 2026-02-18.",
        )
        return None
    if parted and not day_first and not month_first:
        line, found = next(iter(parted.items()))
        faults.add(
            line,
            column,
            f"{found[0]!r} may be day {found[1]} or month {found[1]}, and no other row tells",
            f"Write it as {found[4]}-{int(found[3]):02d}-{int(found[1]):02d} if the day is first.",
        )
        return None
    return bool(day_first)


def _check_twice(rows: list[Row], columns: Columns, faults: FaultList) -> None:
    """Add a fault for every second score of one outcome on one day."""
    seen: dict[tuple[str, int, str], int] = {}
    for row in rows:
        for outcome, _ in row.scores:
            first = seen.setdefault((row.person, row.day, outcome), row.line)
            if first != row.line:
                whose = f" of {row.person}" if columns.person is not None else ""
                faults.add(
                    row.line,
                    None,
                    f"day {row.day}{whose} already has a score for {outcome}, in row {first}",
                    "Keep one of the two.",
                )
