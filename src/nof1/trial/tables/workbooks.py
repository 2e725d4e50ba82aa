"""Excel workbooks (.xlsx)."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from nof1.errors import Fault, ScoresError
from nof1.trial.tables.sheets import MOST_CELLS, Merged, Sheet
from nof1.trial.tables.table import Cell

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
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        what = f"the sheet {sheet.title} goes on to {sheet.dimensions.partition(':')[2]}"
        raise ScoresError(Fault(name, what, "Delete the empty rows and columns beside the table."))
    lines = list(sheet.iter_rows())
    return Sheet(
        title=sheet.title,
        hidden=sheet.sheet_state != "visible",
        lines=tuple(tuple(_typed(cell.value) for cell in line) for line in lines),
        merged=tuple(
            Merged(first_row=one.min_row, last_row=one.max_row, column=one.min_col, name=one.coord)
            for one in sheet.merged_cells.ranges
        ),
        durations=frozenset(
            at
            for line in lines
            for at, cell in enumerate(line)
            if isinstance(cell.value, timedelta)
        ),
        unread=MappingProxyType({} if formulas is None else _without_result(name, sheet, formulas)),
    )


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
        for line in formulas.iter_rows()
        for cell in line
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
