"""What a file is, told from its content, and the table in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nof1.errors import Fault, ScoresError
from nof1.trial.tables.opendocument import read_opendocument
from nof1.trial.tables.records import is_json, read_records
from nof1.trial.tables.sheets import table_of
from nof1.trial.tables.table import DataTable, Notation
from nof1.trial.tables.texts import read_text
from nof1.trial.tables.workbooks import read_workbook

#: Bytes of a file, and of what a workbook unpacks to, that are still read: reading takes up to
#: forty times as much memory.
MOST_BYTES, MOST_UNPACKED = 16_000_000, 32_000_000

_AS_TABLE = "Save the table as .xlsx or as CSV."
_EXPORT = "Export the scores as CSV, or copy them into a table: a row for each score."

#: What files begin with that are no tables, what they are and what to do.
_OTHERS: tuple[tuple[tuple[bytes, ...], str, str], ...] = (
    ((b"\xd0\xcf\x11\xe0",), "this is an old Excel file (.xls)", "Save it as .xlsx or as CSV."),
    (
        (b"%PDF-",),
        "this is a PDF, a page and no table",
        "Copy the scores into a table (.xlsx or CSV).",
    ),
    ((b"PAR1",), "this is a Parquet file", _AS_TABLE),
    ((b"SQLite format 3",), "this is a database (SQLite)", _EXPORT),
    ((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf"), "this is a packed file", "Unpack it."),
    (
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"),
        "this is a picture",
        "Copy the scores into a table (.xlsx or CSV).",
    ),
    ((b"{\\rtf",), "this is a text document (RTF)", _AS_TABLE),
    ((b"$FL2", b"$FL3"), "this is an SPSS file", _AS_TABLE),
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_table(
    path: Path, notation: Notation | None = None, *, first_sheet: bool = False
) -> DataTable:
    """Return the table in a text file (CSV and its kin), workbook or list of JSON records.

    Parameters
    ----------
    path : Path
        The file; what it is follows from its content, not from its name.
    notation : Notation or None
        What was told of how it is written; None for nothing.
    first_sheet : bool
        Whether the first sheet with a table is taken, and said, when several sheets have content.

    Raises
    ------
    ScoresError
        If the file cannot be read as a table; names every row that is longer than the header.
    """
    notation = notation or Notation()
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ScoresError(
            Fault(str(path), f"cannot be read: {error.strerror}", "Check the name of the file.")
        ) from error
    if len(data) > MOST_BYTES:
        what = f"the file has more than the {MOST_BYTES / 1e6:.0f} MB that are read"
        raise ScoresError(Fault(str(path), what, "Give each person's rows in a file of their own."))
    _refuse_others(path, data)
    if data.startswith(b"PK\x03\x04"):
        kind = _archive(path.name, data)
        sheets = (read_workbook if kind == "xlsx" else read_opendocument)(path.name, data)
        return table_of(path.name, sheets, notation, first_sheet=first_sheet)
    if notation.sheet is not None:
        raise ScoresError(
            Fault(str(path), "the file is no workbook and has no sheets", "Leave out --sheet.")
        )
    if is_json(data):
        return read_records(path.name, data, notation)
    return read_text(path.name, data, notation)


def table_in(source: Path | DataTable, notation: Notation | None = None) -> DataTable:
    """Return the table in a file, of a workbook the first sheet that shows one, or one in memory.

    Raises
    ------
    ScoresError
        If there is none.
    """
    if isinstance(source, Path):
        return read_table(source, notation, first_sheet=True)
    notation = notation or source.notation
    if notation.sheet is not None:
        what = "the table is in memory and has no sheets"
        raise ScoresError(Fault(source.name, what, "Leave out --sheet."))
    return replace(source, notation=notation)


def _refuse_others(path: Path, data: bytes) -> None:
    """Refuse what is plainly no table, by what it begins with."""
    if data.startswith(b"\xd0\xcf\x11\xe0") and _ENCRYPTED in data:
        what = "this workbook is protected by a password"
        raise ScoresError(Fault(str(path), what, "Save it without the password."))
    for beginnings, what, mend in _OTHERS:
        if data.startswith(beginnings):
            raise ScoresError(Fault(str(path), what, mend))
    start = data[:400].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table")):
        raise ScoresError(Fault(str(path), "this is a web page (HTML)", _AS_TABLE))
    if start.startswith((b"<?xml", b"<!doctype")):
        raise ScoresError(Fault(str(path), "this is XML, an export for programs", _EXPORT))


def _archive(name: str, data: bytes) -> str:
    """Return which workbook a zip archive is: ``xlsx`` or ``ods``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            kind = archive.read("mimetype")[:100] if "mimetype" in archive.namelist() else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError) as error:
        raise ScoresError(
            Fault(name, "this workbook or archive is damaged", "Save it again as .xlsx or as CSV.")
        ) from error
    names = [member.filename for member in members]
    inner = _kind(names, kind)
    if inner not in ("xlsx", "ods"):
        raise ScoresError(Fault(name, *_what_else(names, inner)))
    # Pictures are not unpacked.
    read = sum(entry.file_size for entry in members if entry.filename.lower().endswith(".xml"))
    if read > MOST_UNPACKED:
        what = f"the workbook unpacks to {read / 1e6:,.0f} MB, more than any table of scores"
        raise ScoresError(Fault(name, what, "Copy the rows that matter into a new workbook."))
    return inner


def _kind(names: Sequence[str], mimetype: bytes) -> str:
    """Return what an archive with these members is."""
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        return "ods" if b"spreadsheet" in mimetype else "odt"
    if any(name.startswith("word/") for name in names):
        return "odt"
    return "numbers" if any(name.endswith(".iwa") for name in names) else "zip"


def _what_else(names: Sequence[str], kind: str) -> tuple[str, str]:
    """Return what an archive is that is no workbook we read, and what to do."""
    match kind:
        case "xlsb":
            return "this is a binary Excel file (.xlsb)", "Save it as .xlsx or as CSV."
        case "odt":
            return "this is a text document, no table", _AS_TABLE
        case "numbers":
            return "this is an Apple Numbers file", "Export it as .xlsx or as CSV."
    files = [name for name in names if not name.endswith("/")]
    shown = ", ".join(files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")
    return f"this is a zip archive with {shown or 'nothing'}", "Unpack it and give the table in it."
