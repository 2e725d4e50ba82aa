"""Tables from a spreadsheet, as their cells are: CSV and Excel files of any common make."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from nof1.errors import Fault, ScoresError

#: An Excel cell keeps its type; all cells of a CSV file are texts. None is an empty cell.
Cell = str | int | float | bool | date | None

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n')
_ROW = re.compile(r":row (\d+)")

#: Faults shown before the rest is counted: one wrong column makes a fault in every row.
MOST_FAULTS = 50


#: What openpyxl raises on a damaged or protected workbook: errors of the archive, of the XML, and
#: of parts that are missing or hold something else than they should.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
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
        What parts the columns of a CSV file; None for a workbook.
    notes : tuple of str
        What was assumed while reading, a sentence each.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    separator: str | None = None
    notes: tuple[str, ...] = ()


def read_table(path: Path, *, sheet: str | None = None, first_sheet: bool = False) -> Table:
    """Return the table in a CSV file (comma, semicolon or tab) or an Excel workbook.

    Parameters
    ----------
    path : Path
        The file; what it is follows from its content, not from its name.
    sheet : str or None
        Sheet of the workbook; may be None when only one has content.
    first_sheet : bool
        Whether the first sheet with content is taken, and said, when several have some.

    Raises
    ------
    ScoresError
        If the file cannot be read as a table; names every row that is longer than the header.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ScoresError(
            Fault(str(path), f"cannot be read: {error.strerror}", "Check the name of the file.")
        ) from error
    if data.startswith(_OLE):
        raise ScoresError(
            Fault(str(path), "this is an old Excel file (.xls)", "Save it as .xlsx or as CSV.")
        )
    if data.startswith(_ZIP):
        return _read_workbook(path.name, data, sheet, first_sheet=first_sheet)
    if sheet is not None:
        raise ScoresError(Fault(str(path), "a CSV file has no sheets", "Leave out --sheet."))
    return _read_csv(path.name, data)


def place(table: Table | str, row: int, column: str = "") -> str:
    """Return where a cell or a row is, for messages."""
    name = table if isinstance(table, str) else table.name
    return f"{name}:row {row}" + (f', column "{column}"' if column else "")


def plain(name: str) -> str:
    """Return the name of a column without what people write differently: case, blanks, dashes."""
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


def listed(faults: Iterable[Fault], name: str) -> list[Fault]:
    """Return the faults of a named table by row, those that stand in no row first.

    Instead of those beyond the first 50 there is their number.
    """
    by_row = sorted(
        faults, key=lambda fault: int(row[1]) if (row := _ROW.search(fault.where)) else 0
    )
    if len(by_row) <= MOST_FAULTS:
        return by_row
    more = f"and {len(by_row) - MOST_FAULTS} more faults"
    return [*by_row[:MOST_FAULTS], Fault(name, more, "Mend these first.")]


def _header_and_rows(
    name: str, lines: Iterable[Sequence[Cell]]
) -> tuple[tuple[str, ...], tuple[tuple[int, tuple[Cell, ...]], ...]]:
    """Return header and rows from the lines; the first that is not empty is the header."""
    numbered = [
        (number, cells) for number, cells in enumerate(map(_trimmed, lines), start=1) if cells
    ]
    if len(numbered) < 2:
        raise ScoresError(
            Fault(
                name,
                "there is no row under a header" if numbered else "the file is empty",
                "Put the names of the columns in the first row, the scores below.",
            )
        )
    (_, titles), *body = numbered
    header = tuple("" if title is None else str(title) for title in titles)
    faults = [
        nameless(place(name, number), cell)
        for number, cells in body
        for cell in cells[len(header) :]
        if cell is not None
    ]
    if faults:
        raise ScoresError(listed(faults, name))
    rows = ((number, (*cells, *[None] * (len(header) - len(cells)))) for number, cells in body)
    return header, tuple(rows)


def nameless(where: str, cell: Cell) -> Fault:
    """Return the fault of a cell in a column without a name."""
    return Fault(
        where,
        f"the cell {cell!r} stands under no column name",
        "Name the column or empty the cell; where columns are parted by commas, write decimals "
        "with a point and put texts with commas in double quotes.",
    )


def _trimmed(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return the cells with texts stripped, empty ones as None, and none of these at the end."""
    stripped = [(cell.strip() or None) if isinstance(cell, str) else cell for cell in cells]
    while stripped and stripped[-1] is None:
        stripped.pop()
    return tuple(stripped)


def _read_csv(name: str, data: bytes) -> Table:
    text, notes = decoded(name, data)
    told = _SEPARATOR_LINE.match(text)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = told[1] if told else max(",;\t", key=_unquoted(first).count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ScoresError(
            Fault(name, f"not a table: {error}", "Save it again as CSV or as .xlsx.")
        ) from error
    header, rows = _header_and_rows(name, [[], *lines[1:]] if told else lines)
    return Table(name=name, header=header, rows=rows, separator=delimiter, notes=notes)


def _unquoted(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def decoded(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text in the bytes of a file, and what was assumed.

    Spreadsheets write UTF-8, UTF-16 or Windows' own encoding.
    """
    notes: tuple[str, ...] = ()
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            text = "\0"
        notes = (f"{name}: byte {error.start} is not UTF-8, so the file was read as Windows-1252.",)
    if "\0" in text:
        raise ScoresError(
            Fault(name, "this is not a text file", "Give a CSV file saved as UTF-8, or .xlsx.")
        )
    return text, notes


def _read_workbook(name: str, data: bytes, sheet: str | None, *, first_sheet: bool) -> Table:
    import openpyxl

    try:
        with warnings.catch_warnings():
            # Drop-down lists and styles that openpyxl leaves out hold no scores.
            warnings.simplefilter("ignore", UserWarning)
            values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(data))
    except DAMAGED as error:
        raise ScoresError(
            Fault(name, "this Excel file cannot be read", "Save it again as .xlsx or as CSV.")
        ) from error
    title, notes = _sheet_title(name, values, sheet, first_sheet=first_sheet)
    faults = [
        Fault(
            f"{name}:cell {cell.coordinate}",
            f"the formula {cell.value} has no result in the file",
            "Open and save the file in a spreadsheet program, or write the value.",
        )
        for line in formulas[title].iter_rows()
        for cell in line
        if cell.data_type == "f" and values[title][cell.coordinate].value is None
    ]
    if faults:
        raise ScoresError(faults)
    lines = [[_typed(cell) for cell in line] for line in values[title].iter_rows(values_only=True)]
    header, rows = _header_and_rows(f"{name}, sheet {title}" if notes else name, lines)
    return Table(name=name, header=header, rows=rows, notes=notes)


def _sheet_title(
    name: str, book: Any, sheet: str | None, *, first_sheet: bool
) -> tuple[str, tuple[str, ...]]:
    """Return the title of the sheet asked for, or of the one with content, and what was assumed."""
    titles = [s.title for s in book.worksheets]
    filled = [s.title for s in book.worksheets if any(c is not None for c in _first_cells(s))]
    if sheet is None and len(filled) == 1:
        return filled[0], ()
    if sheet is None and filled and first_sheet:
        others = ", ".join(filled[1:])
        return filled[0], (f"{name}: the sheet {filled[0]} was read; not read: {others}.",)
    if sheet in titles:
        return str(sheet), ()
    if sheet is not None:
        what, mend = f"there is no sheet {sheet!r}", f"Write one of {', '.join(titles)}."
    elif filled:
        what, mend = "several sheets have content", f"Add --sheet with one of {', '.join(filled)}."
    else:
        what, mend = "the workbook is empty", "Check that it was saved."
    raise ScoresError(Fault(name, what, mend))


def _first_cells(sheet: Any) -> Iterable[object]:
    return (cell for line in sheet.iter_rows(values_only=True) for cell in line)


def _typed(cell: Any) -> Cell:
    """Return an Excel cell as one of our types; the time of day of a date is dropped."""
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, str | int | float | date | None) else str(cell)
