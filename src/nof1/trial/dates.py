"""Dates as people write them: the order of day, month and year is found out, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import NamedTuple

from nof1.errors import Fault
from nof1.trial.clocks import CLOCK, Moment, local_days, read_clock
from nof1.trial.tables.table import Cell, DataTable, DateOrder, Notation, place
from nof1.words.caution import Caution

_REST = rf"(?:(?:,? |T| at ){CLOCK})?"
_MARK = r"(?P<mark> ?[-/.] ?)"
_YEAR_FIRST = re.compile(
    rf"(?P<a>\d{{4}}){_MARK}(?P<b>\d{{1,2}})(?P=mark)(?P<c>\d{{1,2}}){_REST}", re.ASCII
)
_YEAR_LAST = re.compile(
    rf"(?P<a>\d{{1,2}}){_MARK}(?P<b>\d{{1,2}})(?P=mark)(?P<c>\d{{4}}|\d\d){_REST}", re.ASCII
)
_COMPACT = re.compile(r"(?P<a>(?:19|20)\d\d)(?P<b>\d\d)(?P<c>\d\d)", re.ASCII)
_WEEKDAY = r"(?:[^\W\d]+\.?,? )?"
_DAY_MONTH = re.compile(
    rf"{_WEEKDAY}(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th|\.)?[- ]?(?:of )?(?P<m>[^\W\d]+)\.?,?[- ]?"
    rf"(?P<y>[0-9]{{4}}|[0-9]{{2}}){_REST}"
)
_MONTH_DAY = re.compile(
    rf"{_WEEKDAY}(?P<m>[^\W\d]+)\.?[- ]?(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,? "
    rf"(?P<y>[0-9]{{4}}){_REST}"
)
_YEAR_MONTH = re.compile(rf"(?P<y>[0-9]{{4}})[- ](?P<m>[^\W\d]+)\.?[- ](?P<d>[0-9]{{1,2}}){_REST}")
#: Months in English and German, by their first letters.
_MONTHS = (
    ("january", "januar", "jänner", "jan"),
    ("february", "februar", "feber", "feb"),
    ("march", "märz", "maerz", "mar", "mär", "mrz"),
    ("april", "apr"),
    ("may", "mai"),
    ("june", "juni", "jun"),
    ("july", "juli", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oktober", "oct", "okt"),
    ("november", "nov"),
    ("december", "dezember", "dec", "dez"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_WEEKDAYS = (
    ("monday", "mon", "montag", "mo"),
    ("tuesday", "tue", "tues", "dienstag", "di"),
    ("wednesday", "wed", "mittwoch", "mi"),
    ("thursday", "thu", "thur", "thurs", "donnerstag", "do"),
    ("friday", "fri", "freitag", "fr"),
    ("saturday", "sat", "samstag", "sonnabend", "sa"),
    ("sunday", "sun", "sonntag", "so"),
)
_WEEKDAY_NAMES = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
#: Day 0 of a spreadsheet's calendar, and the numbers of 2000-01-01 and 2100-01-01 in it.
_DAY_0 = date(1899, 12, 30)
_SERIAL = (36526, 73051)
_SERIAL_TEXT = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII)
#: Days from the first to the last of a column of plain numbers that are taken as dates.
_SERIAL_SPAN = 1500
_MEND = "Write the date as YYYY-MM-DD."
#: A word where a date belongs: perhaps a row that sums up the others.
_MEND_WORD = "Write the date as YYYY-MM-DD; delete a row that is no day's, such as a sum or mean."


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The dates of a column.

    Attributes
    ----------
    days : mapping of int to date
        By row number, of every row that has one.
    faults : tuple of Fault
        In the order of the rows.
    notes : tuple of Caution
        What was assumed, a sentence each.
    """

    days: Mapping[int, date]
    faults: tuple[Fault, ...]
    notes: tuple[Caution, ...] = ()


def column_dates(table: DataTable, column: int, *, required: bool = True) -> Dates:
    """Return the dates of a column, and its faults.

    Parameters
    ----------
    table : DataTable
        The table; it knows what was told of the order of its dates and of the person's clock.
    column : int
        Index of the column with the dates.
    required : bool
        Whether an empty cell is a fault.
    """
    title = table.header[column]
    places = {number: place(table, number, title) for number, _ in table.rows}
    cells = {places[number]: row[column] for number, row in table.rows if row[column] is not None}
    dates, faults, notes = read_dates(cells, table.notation, title)
    if required:
        faults += [
            Fault(where, "there is no date", "Write the date of the score.")
            for where in places.values()
            if where not in cells
        ]
    days = {number: dates[where] for number, where in places.items() if where in dates}
    return Dates(days=days, faults=tuple(faults), notes=tuple(notes))


def read_dates(
    cells: Mapping[str, Cell], notation: Notation, column: str = "date"
) -> tuple[dict[str, date], list[Fault], list[Caution]]:
    """Return the date in every cell of a column, a fault for every cell without one, and notes.

    Dates with the year first, with the name of the month, and a spreadsheet's own dates are taken
    as they are. Where the year comes last, day or month may come first: a number above 12 anywhere
    in the column tells which, or dots, before which the day stands first; else it must be told.

    Parameters
    ----------
    cells : mapping of str to Cell
        Cells by the place they stand in, in order; no empty ones.
    notation : Notation
        What was told of the order, and of the person's clock.
    column : str
        Name of the column, for what is said.

    Returns
    -------
    dates : dict of str to date
        By place.
    faults : list of Fault
        In the order of the cells.
    notes : list of Caution
        What was assumed.
    """
    if serials := _serials(cells):
        where, first = next(iter(serials.items()))
        said = Caution.of("serial-dates", column=column, number=cells[where], day=first)
        what = f"is no date such as {cells[where]}, a spreadsheet's number of {first}"
        others = [
            Fault(place, f"{cell!r} {what}", "Write it like the others.")
            for place, cell in cells.items()
            if place not in serials
        ]
        return serials, others, [said]
    texts = {where: cell for where, cell in cells.items() if isinstance(cell, str)}
    if (swapped := _swapped(cells, texts)) is not None:
        return {}, [swapped], []
    order, fault = notation.date_order, None
    if order is None:
        order, fault = _order(texts)
    if fault is None:
        fault = _named_year(texts)
    dates: dict[str, date] = {}
    moments: dict[str, Moment] = {}
    faults = [] if fault is None else [fault]
    for where, cell in cells.items():
        if isinstance(cell, date):
            dates[where] = cell
            continue
        moment = _moment(str(cell), order) if isinstance(cell, str | int) else None
        if moment is not None:
            moments[where] = moment
        elif fault is None or not _parts(str(cell)):
            # Elsewhere the one fault about the order speaks for the cell.
            wordy = not any(letter.isdigit() for letter in str(cell))
            faults.append(Fault(where, _complaint(cell, order), _MEND_WORD if wordy else _MEND))
    days, clock_faults, notes = local_days(moments, notation.timezone, column)
    dates |= days
    return {where: dates[where] for where in cells if where in dates}, faults + clock_faults, notes


def weekday(cell: Cell) -> int | None:
    """Return the number of the day of the week a cell names, Monday first; None for no such."""
    return _WEEKDAY_NAMES.get(cell.rstrip(".").casefold()) if isinstance(cell, str) else None


def only_weekdays(table: DataTable, column: int) -> bool:
    """Return whether a column names days of the week, and nothing else."""
    cells = [row[column] for _, row in table.rows if row[column] is not None]
    return bool(cells) and all(weekday(cell) is not None for cell in cells)


class _Parts(NamedTuple):
    """The numbers of a date with the year last, and the mark that parts them."""

    first: int
    mark: str
    second: int
    last: int


def _order(cells: Mapping[str, str]) -> tuple[DateOrder | None, Fault | None]:
    """Return the order of the dates with the year last, or why it cannot be told."""
    mend = "Add --date-order dmy or --date-order mdy."
    parted = {where: parts for where, cell in cells.items() if (parts := _parts(cell))}
    unclear = [where for where, parts in parted.items() if parts.first != parts.second]
    day_first = [where for where in unclear if parted[where].first > 12 >= parted[where].second]
    month_first = [where for where in unclear if parted[where].second > 12 >= parted[where].first]
    if not day_first and all(parted[where].mark != "." for where in month_first):
        # Where dates are written with dots, the day comes first.
        day_first = [where for where in unclear if parted[where].mark == "."]
    if day_first and month_first:
        return None, Fault(
            month_first[0],
            f"{cells[month_first[0]]!r} has the month first, but {cells[day_first[0]]!r} "
            f"({day_first[0]}) has the day first",
            "Write all dates in one order, best as YYYY-MM-DD.",
        )
    if (where := _year_may_be_first(parted)) is not None:
        return None, Fault(
            where,
            f"{cells[where]!r} may begin with the year",
            "Add --date-order ymd, --date-order dmy or --date-order mdy.",
        )
    if day_first or month_first or not unclear:
        return ("mdy" if month_first else "dmy"), None
    first, _, second, _ = parted[unclear[0]]
    return None, Fault(
        unclear[0],
        f"{cells[unclear[0]]!r} may be day {first} of month {second} or day {second} of month "
        f"{first}, and no date in the file tells which",
        mend,
    )


def _year_may_be_first(parted: Mapping[str, _Parts]) -> str | None:
    """Return where a date stands that may begin with a year of two digits: it changes least."""
    short = {where: parts for where, parts in parted.items() if parts.last < 100}
    firsts = {parts.first for parts in short.values()}
    lasts = {parts.last for parts in short.values()}
    return next(iter(short)) if len(lasts) > 1 and len(lasts) >= len(firsts) else None


def _named_year(cells: Mapping[str, str]) -> Fault | None:
    """Return the fault of dates with the month's name that may begin with the year: 26-Feb-02."""
    short = {
        where: _Parts(int(match["d"]), "-", 0, int(match["y"]))
        for where, cell in cells.items()
        if (match := _DAY_MONTH.fullmatch(cell)) and len(match["y"]) == 2
    }
    where = _year_may_be_first(short)
    if where is None:
        return None
    return Fault(where, f"{cells[where]!r} may begin with the year", _MEND)


def _parts(text: str) -> _Parts | None:
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return None
    return _Parts(int(match["a"]), match["mark"].strip(), int(match["b"]), int(match["c"]))


def _moment(text: str, order: DateOrder | None) -> Moment | None:
    """Return the day in a text, with its time of day and zone when it has them."""
    for pattern in (_YEAR_FIRST, _YEAR_LAST, _COMPACT, _DAY_MONTH, _MONTH_DAY, _YEAR_MONTH):
        match = pattern.fullmatch(text)
        numbers = _numbers(match, order) if match else None
        if match is None or numbers is None:
            continue
        day = _date(*numbers)
        clock = (time(), "")
        if match.groupdict().get("hour"):
            read = read_clock(match)
            if read is None:
                return None
            clock = read
        return None if day is None else Moment(day, *clock)
    return None


def _numbers(match: re.Match[str], order: DateOrder | None) -> tuple[int, int, int] | None:
    """Return year, month and day."""
    if "m" in match.groupdict():
        month = _MONTH.get(match["m"].casefold())
        return None if month is None else (_year(int(match["y"])), month, int(match["d"]))
    first, second, last = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) == 4:
        return first, second, last
    if order is None:
        return None
    if order == "ymd":
        return (2000 + first, second, last) if last < 100 else None
    return (_year(last), second, first) if order == "dmy" else (_year(last), first, second)


def _year(number: int) -> int:
    return 2000 + number if number < 100 else number


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _serials(cells: Mapping[str, Cell]) -> dict[str, date]:
    """Return the dates of a column whose cells are numbers of a spreadsheet's calendar.

    They are plainly dates when nearly all cells are, within a few years of this century.
    """
    numbers = {where: _serial(cell) for where, cell in cells.items()}
    serials = [number for number in numbers.values() if number is not None]
    if len(serials) < max(1, 0.8 * len(numbers)) or max(serials) - min(serials) > _SERIAL_SPAN:
        return {}
    return {where: _DAY_0 + timedelta(days=n) for where, n in numbers.items() if n is not None}


def _serial(cell: Cell) -> int | None:
    """Return a day of a spreadsheet's calendar, when a cell may be one."""
    if isinstance(cell, str):
        match = _SERIAL_TEXT.fullmatch(cell)
        number = int(match[1]) if match else 0
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        number = int(cell) if _SERIAL[0] <= cell < _SERIAL[1] else 0
    else:
        return None
    return number if _SERIAL[0] <= number < _SERIAL[1] else None


def _swapped(cells: Mapping[str, Cell], texts: Mapping[str, str]) -> Fault | None:
    """Return the fault of a column whose real dates a spreadsheet may have made by mistake.

    One that expects another order of day and month makes dates, with the two exchanged, of what it
    can read so, and leaves as text what has a number above 12 in the month's place.
    """
    parted = {where: parts for where, cell in texts.items() if (parts := _parts(cell))}
    left = [where for where, parts in parted.items() if max(parts.first, parts.second) > 12]
    real = {where: cell for where, cell in cells.items() if isinstance(cell, date)}
    if not real and len(left) == len(parted):
        # Another program may have written such real dates as texts with the year first.
        real = {
            where: moment.day
            for where, cell in texts.items()
            if _YEAR_FIRST.fullmatch(cell) and (moment := _moment(cell, None))
        }
    if not parted or not real or any(day.day > 12 for day in real.values()):
        return None
    text = (left or list(parted))[0]
    where, day = next(iter(real.items()))
    return Fault(
        text,
        f"{texts[text]!r} stands beside the date {day} ({where}): a spreadsheet that expects "
        "another order of day and month exchanges the two where it can and leaves the rest as text",
        "Open the original file again with this column as text, or write all dates as YYYY-MM-DD.",
    )


def _complaint(cell: Cell, order: DateOrder | None) -> str:
    if isinstance(cell, str) and _parts(cell) and order is not None:
        return f"{cell!r} is no date in the order {order}"
    return f"{cell!r} is no date"
