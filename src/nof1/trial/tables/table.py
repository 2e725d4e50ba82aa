"""A table as its cells are, and how its rows and cells are named in messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from nof1.errors import Fault, ScoresError
from nof1.read_only import ReadOnly
from nof1.words.caution import Caution

#: An Excel cell keeps its type; all cells of a CSV file are texts. None is an empty cell.
Cell = str | int | float | bool | date | None

DateOrder = Literal["dmy", "mdy", "ymd"]
DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)

#: Cells of a table, rows times columns, that are still read.
MOST_CELLS = 5_000_000
#: Faults shown before the rest is counted.
MOST_FAULTS = 50
#: Faults of one kind in one column that are shown one by one.
ONE_BY_ONE = 5

_ROW = re.compile(r":(?:row |\d+ rows \()(\d+)")
_PLACE = re.compile(r"(.*):row (\d+)((?:, column .*)?)", re.DOTALL)
_VALUE = re.compile(r"'[^']*'|\"[^\"]*\"|\d[\d.:-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """How a table is written, as far as somebody said so.

    Attributes
    ----------
    sheet : str or None
        Sheet of a workbook.
    date_order : {"dmy", "mdy", "ymd"} or None
        Order of day, month and year.
    decimal : {".", ","} or None
        The decimal mark; the other one of the two then parts thousands.
    timezone : ZoneInfo or None
        The clock of the person, by which times with a zone of their own become days.
    """

    sheet: str | None = None
    date_order: DateOrder | None = None
    decimal: Literal[".", ","] | None = None
    timezone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """A table with a header.

    Attributes
    ----------
    name : str
        File name, for messages.
    header : tuple of str
        Names of the columns as written; empty for a column without one.
    rows : tuple of (int, tuple of Cell)
        Row number as a spreadsheet shows it, and one cell per column; empty rows are left out.
    separator : str or None
        What parts the columns of a text file; None for a workbook.
    notes : tuple of Caution
        What was assumed while reading, a sentence each.
    notation : Notation
        What was told of how it is written.
    merged : mapping of (int, int) to str
        Row number and column of the cells that show what another cell holds, as merged cells of a
        workbook do, and the range they were merged to.
    unread : mapping of (int, int) to Fault
        Row number and column of the cells that hold an error, or a formula without a result:
        faults of whoever needs them.
    elsewhere : tuple of Fault
        Where else in the file the table may be, for who does not find it here.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    separator: str | None = None
    notes: tuple[Caution, ...] = ()
    notation: Notation = field(default_factory=Notation)
    merged: Mapping[tuple[int, int], str] = field(default_factory=ReadOnly)
    unread: Mapping[tuple[int, int], Fault] = field(default_factory=ReadOnly)
    elsewhere: tuple[Fault, ...] = ()


def refuse_size(name: str, rows: int, columns: int) -> None:
    """Raise if so many rows of so many columns are no table of scores.

    Raises
    ------
    ScoresError
        With both numbers.
    """
    if rows * columns > MOST_CELLS:
        what = f"{rows:,} rows of {columns:,} columns are more than any table of scores"
        raise ScoresError(Fault(name, what, "Copy the rows and columns that matter to a new one."))


def place(table: DataTable | str, row: int, column: str = "") -> str:
    """Return where a cell or a row is, for messages."""
    name = table if isinstance(table, str) else table.name
    return f"{name}:row {row}" + (f', column "{column}"' if column else "")


def unread(table: DataTable, columns: Iterable[int]) -> list[Fault]:
    """Return the faults of the cells in some columns whose content is not known."""
    wanted = set(columns)
    return [fault for (_, column), fault in table.unread.items() if column in wanted]


def plain(name: str) -> str:
    """Return the name of a column without what people write differently: case, blanks, dashes."""
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


def listed(faults: Iterable[Fault], name: str) -> list[Fault]:
    """Return the faults of a named table by row, those that stand in no row first.

    Many of one kind in one column become one that counts the rows; instead of those beyond the
    first 50 there is their number.
    """
    by_row = sorted(_gathered(list(dict.fromkeys(faults))), key=_row)
    if len(by_row) <= MOST_FAULTS:
        return by_row
    more = f"and {len(by_row) - MOST_FAULTS} more faults"
    return [*by_row[:MOST_FAULTS], Fault(name, more, "Mend these first.")]


def _row(fault: Fault) -> int:
    return int(row[1]) if (row := _ROW.search(fault.where)) else 0


def _gathered(faults: list[Fault]) -> list[Fault]:
    """Return the faults, many of one kind in one column as one."""
    kinds: dict[tuple[str, ...], list[Fault]] = {}
    for number, fault in enumerate(faults):
        match = _PLACE.fullmatch(fault.where)
        # What differs from cell to cell is the value, which is quoted or a number.
        kind = (
            (match[1], match[3], _VALUE.sub("", fault.what), _VALUE.sub("", fault.mend))
            if match
            else (str(number),)
        )
        kinds.setdefault(kind, []).append(fault)
    gathered: list[Fault] = []
    for alike in kinds.values():
        gathered += alike if len(alike) <= ONE_BY_ONE else [_as_one(sorted(alike, key=_row))]
    return gathered


def _as_one(alike: list[Fault]) -> Fault:
    """Return one fault for many of a kind."""
    first = alike[0]
    match = _PLACE.fullmatch(first.where)
    if match is None:
        return first
    rows = ", ".join(str(_row(fault)) for fault in alike[:3])
    whats = list(dict.fromkeys(fault.what for fault in alike))
    what = f"{'; '.join(whats[:3])}{'; and so on' if len(whats) > 3 else ''}"
    return Fault(f"{match[1]}:{len(alike)} rows ({rows}, ...){match[3]}", what, first.mend)


def nameless(where: str, cell: Cell) -> Fault:
    """Return the fault of a cell in a column without a name."""
    return Fault(
        where,
        f"the cell {cell!r} stands under no column name",
        "Name the column or empty the cell; where columns are parted by commas, write decimals "
        "with a point and put texts with commas in double quotes.",
    )
