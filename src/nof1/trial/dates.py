"""Dates as people write them: the order of day, month and year is found out, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple, get_args

from nof1.errors import Fault
from nof1.trial.tables import Cell, Table, place

DateOrder = Literal["dmy", "mdy", "ymd"]
DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)

_CLOCK = r"(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d\d:?\d\d)?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_CLOCK}", re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_CLOCK}", re.ASCII)
_SHORT = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2})", re.ASCII)
_MEND = "Write the date as YYYY-MM-DD."


def column_dates(
    table: Table,
    column: int,
    *,
    order: DateOrder | None = None,
    mend_order: str = _MEND,
    required: bool = True,
) -> tuple[dict[int, date], list[Fault]]:
    """Return the date of every row that has one, by row number, and the faults of the column.

    Parameters
    ----------
    table : Table
        The table.
    column : int
        Index of the column with the dates.
    order, mend_order
        As for `read_dates`.
    required : bool
        Whether an empty cell is a fault.
    """
    places = {number: place(table, number, table.header[column]) for number, _ in table.rows}
    cells = {places[number]: row[column] for number, row in table.rows if row[column] is not None}
    dates, faults = read_dates(cells, order, mend_order=mend_order)
    if required:
        faults += [
            Fault(where, "there is no date", "Write the date of the score.")
            for where in places.values()
            if where not in cells
        ]
    return {number: dates[where] for number, where in places.items() if where in dates}, faults


def read_dates(
    cells: Mapping[str, Cell], order: DateOrder | None, *, mend_order: str = _MEND
) -> tuple[dict[str, date], list[Fault]]:
    """Return the date in every cell of a column, and a fault for every cell without one.

    Dates with the year first, and Excel's own dates, are taken as they are. Where the year comes
    last, day or month may come first: a number above 12 anywhere in the column tells which, or
    dots, before which the day stands first; else it must be told.

    Parameters
    ----------
    cells : mapping of str to Cell
        Cells by the place they stand in, in order; no empty ones.
    order : {"dmy", "mdy", "ymd"} or None
        The order, when it was told.
    mend_order : str
        What to do when nobody can tell the order.

    Returns
    -------
    dates : dict of str to date
        By place.
    faults : list of Fault
        In the order of the cells.
    """
    written = {where: cell for where, cell in cells.items() if isinstance(cell, str)}
    fault = None
    if order is None:
        order, fault = _order(written, mend_order)
    dates: dict[str, date] = {}
    faults = [] if fault is None else [fault]
    for where, cell in cells.items():
        if isinstance(cell, date):
            dates[where] = cell
            continue
        numbers = _numbers(cell, order) if isinstance(cell, str) else None
        if numbers is None and fault is not None and isinstance(cell, str) and _parts(cell):
            continue  # the one fault about the order speaks for this cell
        day = _date(*numbers) if numbers else None
        if day is None:
            faults.append(Fault(where, _complaint(cell, order), _MEND))
        else:
            dates[where] = day
    return dates, faults


class _Parts(NamedTuple):
    """The numbers of a date with the year last, and the mark that parts them."""

    first: int
    mark: str
    second: int
    last: int


def _order(cells: Mapping[str, str], mend: str) -> tuple[DateOrder | None, Fault | None]:
    """Return the order of the dates with the year last, or why it cannot be told."""
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
        return None, Fault(where, f"{cells[where]!r} may begin with the year", mend)
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


def _parts(text: str) -> _Parts | None:
    match = _YEAR_LAST.fullmatch(text) or _SHORT.fullmatch(text)
    return _Parts(int(match[1]), match[2], int(match[3]), int(match[4])) if match else None


def _numbers(text: str, order: DateOrder | None) -> tuple[int, int, int] | None:
    """Return year, month and day."""
    if match := _YEAR_FIRST.fullmatch(text):
        return int(match[1]), int(match[3]), int(match[4])
    parts = _parts(text)
    if parts is None or order is None:
        return None
    first, _, second, last = parts
    if order == "ymd":
        return (2000 + first, second, last) if last < 100 else None
    year = 2000 + last if last < 100 else last
    return (year, second, first) if order == "dmy" else (year, first, second)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _complaint(cell: Cell, order: DateOrder | None) -> str:
    if isinstance(cell, str) and _parts(cell) and order is not None:
        return f"{cell!r} is no date in the order {order}"
    return f"{cell!r} is no date"
