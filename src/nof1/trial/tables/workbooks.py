"""Excel workbooks (.xlsx)."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from nof1.errors import Fault, ScoresError
from nof1.read_only import ReadOnly
from nof1.trial.tables.sheets import Merged, Sheet
from nof1.trial.tables.table import MOST_CELLS, Cell

#: What openpyxl raises on a damaged or protected workbook: errors of the archive, of the XML, and
#: of parts that are missing or hold something else than they should.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    expat.ExpatError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def read_workbook(name: str, data: bytes) -> list[Sheet]:
    """Return the sheets of a workbook.

    Raises
    ------
    ScoresError
        If it is damaged.
    """
    import openpyxl

    try:
        with warnings.catch_warnings():
            # Drop-down lists and styles that openpyxl leaves out hold no scores.
            warnings.simplefilter("ignore", UserWarning)
            values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(data)) if _has_formulas(data) else None
    except DAMAGED as error:
        raise ScoresError(
            Fault(name, "this Excel file cannot be read", "Save it again as .xlsx or as CSV.")
        ) from error
    return [
        _sheet(name, sheet, None if formulas is None else formulas[sheet.title])
        for sheet in values.worksheets
    ]


def _has_formulas(data: bytes) -> bool:
    """Return whether any sheet holds a formula; most hold none, and are read but once."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(
            re.search(rb"<(\w+:)?f[ >/]", archive.read(name))
            for name in archive.namelist()
            if name.startswith("xl/worksheets/")
        )


def _sheet(name: str, sheet: Any, formulas: Any | None) -> Sheet:
    """Return a sheet by the results of its formulas, which are None where there are none."""
    cells = {(cell.row, cell.column): cell.value for cell in _cells(sheet) if not _blank(cell)}
    last_row, last_column = (max((at[i] for at in cells), default=0) for i in (0, 1))
    if last_row * last_column > MOST_CELLS:
        from openpyxl.utils import get_column_letter

        what = f"the sheet {sheet.title} goes on to {get_column_letter(last_column)}{last_row}"
        raise ScoresError(Fault(name, what, "Delete what stands far from the table."))
    return Sheet(
        title=sheet.title,
        hidden=sheet.sheet_state != "visible",
        lines=tuple(
            tuple(_typed(cells.get((row, column))) for column in range(1, last_column + 1))
            for row in range(1, last_row + 1)
        ),
        merged=tuple(
            Merged(
                first_row=merged.min_row,
                last_row=merged.max_row,
                column=merged.min_col,
                name=merged.coord,
            )
            for merged in sheet.merged_cells.ranges
            if merged.min_row <= last_row and merged.min_col <= last_column
        ),
        durations=frozenset(
            column - 1 for (_, column), value in cells.items() if isinstance(value, timedelta)
        ),
        unread=ReadOnly(
            _errors(name, sheet)
            | ({} if formulas is None else _without_result(name, sheet, formulas))
        ),
    )


def _cells(sheet: Any) -> Iterable[Any]:
    """Return the cells that a sheet has.

    Walking through its rows would make every cell between them: gigabytes where the last row of a
    spreadsheet was given a colour.
    """
    cells: dict[tuple[int, int], Any] = sheet._cells
    return cells.values()


def _blank(cell: Any) -> bool:
    """Return whether a cell holds no value, but perhaps an error."""
    empty = isinstance(cell.value, str) and not cell.value.strip()
    return cell.value is None or empty or cell.data_type == "e"


def _errors(name: str, sheet: Any) -> dict[tuple[int, int], Fault]:
    """Return the faults of cells that show an error such as #N/A, by row and column."""
    return {
        (cell.row, cell.column - 1): Fault(
            f"{name}:cell {cell.coordinate}",
            f"the cell shows the error {cell.value}",
            "Mend its formula, or empty the cell if there is no value.",
        )
        for cell in _cells(sheet)
        if cell.data_type == "e"
    }


def _without_result(name: str, sheet: Any, formulas: Any) -> dict[tuple[int, int], Fault]:
    """Return the faults of formulas whose result was never worked out, by row and column.

    One that shows an empty text has a result, of type "str", though its value is None too.
    """
    return {
        (cell.row, cell.column - 1): Fault(
            f"{name}:cell {cell.coordinate}",
            f"the formula {cell.value} has no result in the file",
            "Open and save the file in a spreadsheet program, or write the value.",
        )
        for cell in list(_cells(formulas))
        if cell.data_type == "f"
        and sheet[cell.coordinate].value is None
        and sheet[cell.coordinate].data_type != "str"
    }


def _typed(cell: Any) -> Cell:
    """Return a cell as one of our types; the time of day of a date is dropped."""
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 3600
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, str | int | float | date | None) else str(cell)
