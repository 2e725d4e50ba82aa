"""One invented diary in the forms in which people have theirs.

Restless legs, 0 to 10, over 56 days from Monday, 2 February 2026, on placebo (P) or magnesium (M)
for seven days each: P M M P P M M P. Three evenings were not scored. All numbers are invented.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

START = date(2026, 2, 2)
DAYS = tuple(START + timedelta(days=n) for n in range(56))
ARMS = tuple(arm for arm in "PMMPPMMP" for _ in range(7))
#: None where an evening was not scored.
SCORES: tuple[int | None, ...] = (
    6, 5, 5, 6, 4, 7, 6, 4, 3, None, 6, 7, 5, 6, 4, 6, 2, 4, 4, 3, 5, 6, None, 9, 7, 5, 7, 5,
    7, 5, 8, 5, 5, 7, 6, 3, 5, 2, 3, 3, None, 4, 5, 4, 5, 5, 3, 5, 4, 6, 6, 5, 7, 6, 6, 4,
)  # fmt: skip
NAMES = {"P": "placebo", "M": "magnesium"}
ROWS = tuple(zip(DAYS, (NAMES[arm] for arm in ARMS), SCORES, strict=True))


def at(day: date, n: int) -> datetime:
    """Return an evening's time on a day, another one each day."""
    return datetime(day.year, day.month, day.day, 20 + n % 3, 7 * n % 60, n % 60)


def text(rows: Iterable[Sequence[Any]], separator: str = ",") -> str:
    """Return rows as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()


def by_date(written: Callable[[date], str], separator: str = ",") -> str:
    """Return the diary with its dates written in some way."""
    rows = [(written(day), arm, score) for day, arm, score in ROWS]
    return text([("date", "treatment", "score"), *rows], separator)


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]], hidden: str = "") -> Path:
    """Write a workbook and return its path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
        if title == hidden:
            sheet.sheet_state = "hidden"
    book.active = len(sheets) - 1
    book.save(path)
    return path


def opendocument(path: Path, sheets: dict[str, str]) -> Path:
    """Write an OpenDocument spreadsheet with this XML in its tables, and return its path."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    style = (
        '<style:style style:name="gone" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    tables = "".join(
        f'<table:table table:name="{title.strip("*")}"'
        f"{" table:style-name='gone'" if '*' in title else ''}>{rows}</table:table>"
        for title, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:automatic-styles>{style}"
            f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def ods_cell(value: object) -> str:
    """Return a value as a cell of an OpenDocument spreadsheet."""
    match value:
        case None:
            return "<table:table-cell/>"
        case date():
            about = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case int() | float():
            about = f'office:value-type="float" office:value="{value}"'
        case _:
            about = 'office:value-type="string"'
    return f"<table:table-cell {about}><text:p>{value}</text:p></table:table-cell>"


def ods_row(*values: object) -> str:
    """Return a row of an OpenDocument spreadsheet."""
    return f"<table:table-row>{''.join(map(ods_cell, values))}</table:table-row>"
