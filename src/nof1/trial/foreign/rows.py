"""Tables made elsewhere: from the text of the cells to days, treatments and scores."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from nof1.errors import Fault
from nof1.trial.dates import Dates, column_dates
from nof1.trial.foreign.cells import EMPTY, MISSING, as_typed, cell_text
from nof1.trial.foreign.columns import ColumnRoles
from nof1.trial.foreign.named import note_on_names, numbers_of_names
from nof1.trial.numbers import Numbers, column_numbers
from nof1.trial.strays import stray_days
from nof1.trial.tables.table import DataTable, place
from nof1.words.caution import Caution
from nof1.words.numbers import truths

_WHOLE = re.compile(r"[+-]?\d{1,9}(?:\.0+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """One row of a table, read.

    Attributes
    ----------
    number : int
        Where it stands in the table, as a spreadsheet counts.
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
    taken : str
        Label of what was really taken, as written; empty when the table does not say.
    covariates : tuple of float
        In the order of the columns; yes is 1, no is 0, NaN when missing.
    """

    number: int
    person: str
    day: int
    treatment: str
    period: int | None
    cycle: int | None
    scores: tuple[tuple[str, float], ...]
    taken: str = ""
    covariates: tuple[float, ...] = ()


@dataclass(slots=True)
class FaultList:
    """The faults of one table, as they are found."""

    table: DataTable
    faults: list[Fault] = field(default_factory=list)

    def add(self, row: int, column: int | None, what: str, mend: str) -> None:
        """Add a fault of a row, or of one of its cells."""
        title = "" if column is None else self.table.header[column]
        self.faults.append(Fault(place(self.table, row, title), what, mend))


def read_rows(
    table: DataTable, columns: ColumnRoles, *, person: str, faults: FaultList
) -> tuple[list[ScoreRow], list[Caution]]:
    """Return the rows that could be read, in the order of the file, and what was assumed.

    Parameters
    ----------
    table : DataTable
        The cells.
    columns : ColumnRoles
        Which column is which.
    person : str
        Code of the person when the table has no such column.
    faults : FaultList
        Where every cell that cannot be read is reported.
    """
    texts = _texts(table)
    people = {
        number: _person(number, cells, columns, person, faults) for number, cells in texts.items()
    }
    days, notes = _days(table, columns, texts, people, faults)
    numbers = {
        column: column_numbers(table, column, words=MISSING) for column in columns.scores
    } | {
        column: column_numbers(table, column, words=MISSING | truths().keys())
        for column in columns.covariates
    }
    notes += [note for column in numbers.values() for note in column.notes]
    named = {
        column: numbers_of_names({n: cells[column] for n, cells in texts.items()}, people, days)
        for column in (columns.period, columns.cycle)
        if column is not None
    }
    notes += [
        note_on_names(table.header[column], [cells[column] for cells in texts.values()])
        for column, known in named.items()
        if known
    ]
    rows = []
    for number, cells in texts.items():
        scores = _scores(table, number, cells, columns, numbers, faults)
        covariates = tuple(
            _amount(cells[column], number, numbers[column], faults) for column in columns.covariates
        )
        period, cycle = (
            named[column].get(number)
            if column is not None and named[column]
            else _whole(number, cells, column, faults)
            for column in (columns.period, columns.cycle)
        )
        if number in days:
            rows.append(
                ScoreRow(
                    number=number,
                    person=people[number],
                    day=days[number],
                    treatment=_label(cells[columns.treatment]),
                    period=period,
                    cycle=cycle,
                    scores=scores,
                    taken="" if columns.taken is None else _label(cells[columns.taken]),
                    covariates=covariates,
                )
            )
    return rows, notes


def has_score(row: ScoreRow) -> bool:
    """Return whether a row has a score of any outcome."""
    return any(not math.isnan(score) for _, score in row.scores)


def treatments(table: DataTable, columns: ColumnRoles) -> list[str]:
    """Return the treatment of every row that has one, in the order of the file."""
    cells = (row[columns.treatment] for row in _texts(table).values())
    return [label for cell in cells if (label := _label(cell))]


def _texts(table: DataTable) -> dict[int, tuple[str, ...]]:
    """Return the cells of every row, by its number, as they would stand in a CSV file."""
    return {number: tuple(map(cell_text, cells)) for number, cells in table.rows}


def _person(
    number: int, cells: tuple[str, ...], columns: ColumnRoles, person: str, faults: FaultList
) -> str:
    """Return the code of the person in a row."""
    if columns.person is None:
        return person
    if not cells[columns.person]:
        faults.add(number, columns.person, "no person is named", "Write whose row this is.")
    return cells[columns.person]


def _label(text: str) -> str:
    """Return a treatment as written; "none" is one."""
    return "" if text.casefold() in EMPTY else " ".join(text.split())


def _whole(
    number: int, cells: tuple[str, ...], column: int | None, faults: FaultList
) -> int | None:
    """Return a cell as a whole number; None when it is empty, absent or faulty."""
    if column is None or cells[column].casefold() in EMPTY:
        return None
    if _WHOLE.fullmatch(cells[column]):
        return int(float(cells[column]))
    faults.add(number, column, f"{cells[column]!r} is not a whole number", "Write 1, 2, 3, ...")
    return None


def _scores(
    table: DataTable,
    number: int,
    cells: tuple[str, ...],
    columns: ColumnRoles,
    numbers: dict[int, Numbers],
    faults: FaultList,
) -> tuple[tuple[str, float], ...]:
    """Return outcome and points of every score in a row."""
    scores = []
    for column in columns.scores:
        outcome = table.header[column]
        if columns.outcome is not None:
            outcome = cells[columns.outcome]
            if not outcome:
                faults.add(
                    number, columns.outcome, "no outcome is named", "Write which score it is."
                )
        scores.append((outcome, _points(number, numbers[column], faults)))
    return tuple(scores)


def _points(number: int, numbers: Numbers, faults: FaultList) -> float:
    """Return the number in a row, NaN when it is missing or faulty."""
    match numbers.values.get(number, math.nan):
        case Fault() as fault:
            faults.faults.append(fault)
            return math.nan
        case points:
            return points


def _amount(text: str, number: int, numbers: Numbers, faults: FaultList) -> float:
    """Return the value of a covariate, NaN when it is missing or faulty."""
    truth = truths().get(text.casefold())
    return _points(number, numbers, faults) if truth is None else truth


def _days(
    table: DataTable,
    columns: ColumnRoles,
    texts: dict[int, tuple[str, ...]],
    people: dict[int, str],
    faults: FaultList,
) -> tuple[dict[int, int], list[Caution]]:
    """Return the day number of every row that has one, and what was assumed."""
    dates = None if columns.date is None else column_dates(table, columns.date)
    if columns.day is not None:
        return _days_by_number(table, columns, columns.day, texts, people, dates, faults)
    if dates is None or columns.date is None:
        return {}, []
    counted = [cells[columns.date] for cells in texts.values() if cells[columns.date]]
    if len(dates.faults) > 1 and all(_WHOLE.fullmatch(text) for text in counted):
        title = table.header[columns.date]
        faults.faults.append(
            Fault(
                f'{table.name}, column "{title}"',
                f"{counted[0]}, {counted[1]}, ... are numbers, no dates",
                f"If they count days, write --columns {as_typed(f'day={title}')}; if weeks, "
                f"{as_typed(f'week={title}')}.",
            )
        )
        return {}, []
    unreadable = 1 < len(counted) <= len(dates.faults)
    if unreadable and (other := _other_dates(table, columns)) is not None:
        title = table.header[other]
        faults.faults.append(
            Fault(
                f'{table.name}, column "{table.header[columns.date]}"',
                f"{counted[0]!r} is no date, nor is any below it; {title} has dates",
                f"Write --columns {as_typed(f'date={title}')}.",
            )
        )
        return {}, []
    faults.faults += dates.faults
    ordinals = {number: day.toordinal() for number, day in dates.days.items()}
    faults.faults += stray_days(table, columns.date, ordinals, people, dated=True)
    return _days_by_date(dates.days, {}, people), list(dates.notes)


def _other_dates(table: DataTable, columns: ColumnRoles) -> int | None:
    """Return another column that holds a date in every row, the first there is."""
    for column in range(len(table.header)):
        if column not in columns.used:
            dates = column_dates(table, column)
            if not dates.faults and len(set(dates.days.values())) > 1:
                return column
    return None


def _days_by_number(
    table: DataTable,
    columns: ColumnRoles,
    column: int,
    texts: dict[int, tuple[str, ...]],
    people: dict[int, str],
    dates: Dates | None,
    faults: FaultList,
) -> tuple[dict[int, int], list[Caution]]:
    """Return the day numbers of a column, and what was assumed."""
    days = {}
    for number, cells in texts.items():
        day = _whole(number, cells, column, faults)
        if day is not None:
            days[number] = day
        elif cells[column].casefold() in EMPTY:
            faults.add(number, column, "the day is missing", "Write the day number.")
    faults.faults += stray_days(table, column, days, people, dated=False)
    # Beside day numbers, dates that cannot be read do no harm.
    notes = (
        []
        if dates is None
        else _notes_on_dates(table, columns, days, _days_by_date(dates.days, days, people))
    )
    lowest = min(days.values(), default=1)
    if lowest < 1:
        days = {number: day - lowest + 1 for number, day in days.items()}
        notes.append(Caution.of("day-one", lowest=lowest))
    return days, notes


def _notes_on_dates(
    table: DataTable, columns: ColumnRoles, days: dict[int, int], by_date: dict[int, int]
) -> list[Caution]:
    """Return that the dates of a table do not move with its day numbers."""
    other = next(
        (number for number in by_date if days.get(number, by_date[number]) != by_date[number]), None
    )
    if other is None or columns.day is None or columns.date is None:
        return []
    return [
        Caution.of(
            "days-against-dates",
            days=table.header[columns.day],
            dates=table.header[columns.date],
            row=other,
            by_date=by_date[other],
            by_day=days[other],
        )
    ]


def _days_by_date(
    dates: Mapping[int, date], written: Mapping[int, int], people: dict[int, str]
) -> dict[int, int]:
    """Return day numbers that keep the written number of each person's first date, else 1."""
    first: dict[str, int] = {}
    for number, when in dates.items():
        if people[number] not in first or when < dates[first[people[number]]]:
            first[people[number]] = number
    days = {}
    for number, when in dates.items():
        start = first[people[number]]
        days[number] = (when - dates[start]).days + written.get(start, 1)
    return days
