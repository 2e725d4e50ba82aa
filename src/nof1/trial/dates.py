"""Dates as people write them: the order of day, month and year is found out, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

from nof1.errors import Fault
from nof1.trial.tables import Cell

DateOrder = Literal["dmy", "mdy", "ymd"]
DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)

_CLOCK = r"(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?Z?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_CLOCK}", re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_CLOCK}", re.ASCII)
_SHORT = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2})", re.ASCII)
_MEND = "Write the date as YYYY-MM-DD."


def read_dates(
    cells: Mapping[str, Cell], order: DateOrder | None
) -> tuple[dict[str, date], list[Fault]]:
    """Return the date in every cell of a column, and a fault for every cell without one.

    Dates with the year first, and Excel's own dates, are taken as they are. Where the year comes
    last, day or month may come first: a number above 12 anywhere in the column tells which, else
    it must be told.

    Parameters
    ----------
    cells : mapping of str to Cell
        Cells by the place they stand in, in order; no empty ones.
    order : {"dmy", "mdy", "ymd"} or None
        The order, when it was told.

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
        order, fault = _order(written)
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


def _order(cells: Mapping[str, str]) -> tuple[DateOrder | None, Fault | None]:
    """Return the order of the dates with the year last, or why it cannot be told."""
    parted = {where: parts for where, cell in cells.items() if (parts := _parts(cell))}
    day_first = next((where for where, (a, b) in parted.items() if a > 12 >= b), None)
    month_first = next((where for where, (a, b) in parted.items() if b > 12 >= a), None)
    if day_first and month_first:
        return None, Fault(
            month_first,
            f"{cells[month_first]!r} has the month first, but {cells[day_first]!r} ({day_first}) "
            "has the day first",
            "Write all dates in one order, best as YYYY-MM-DD.",
        )
    if day_first or month_first:
        return ("dmy" if day_first else "mdy"), None
    where = next((where for where, (a, b) in parted.items() if a != b), None)
    if where is None:
        return "dmy", None  # there is none, or day and month are the same number in all of them
    first, second = parted[where]
    return None, Fault(
        where,
        f"{cells[where]!r} may be day {first} of month {second} or day {second} of month {first}, "
        "and no date in the file tells which",
        "Add --date-order dmy or --date-order mdy.",
    )


def _parts(text: str) -> tuple[int, int] | None:
    """Return the first two numbers of a date with the year last."""
    match = _YEAR_LAST.fullmatch(text) or _SHORT.fullmatch(text)
    return (int(match[1]), int(match[3])) if match else None


def _numbers(text: str, order: DateOrder | None) -> tuple[int, int, int] | None:
    """Return year, month and day."""
    if match := _YEAR_FIRST.fullmatch(text):
        return int(match[1]), int(match[3]), int(match[4])
    match = _YEAR_LAST.fullmatch(text) or _SHORT.fullmatch(text)
    if match is None or order is None:
        return None
    first, second, last = int(match[1]), int(match[3]), int(match[4])
    short = len(match[4]) == 2
    if order == "ymd":
        return (2000 + first, second, last) if short else None
    year = 2000 + last if short else last
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
