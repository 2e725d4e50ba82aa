"""Tables made elsewhere: the cells of a CSV or Excel file, and which column is which."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from nof1.errors import Fault, ScoresError

#: What a table can say, and other names under which it is found without being told.
ROLES: dict[str, tuple[str, ...]] = {
    "person": ("id", "subject", "participant", "patient", "subject_id", "patient_id"),
    "day": ("study_day", "trial_day", "day_number"),
    "date": ("score_date",),
    "period": ("period_number",),
    "cycle": ("cycle_number", "pair"),
    "treatment": ("arm", "condition", "treat", "trt"),
    "outcome": ("measure",),
    "score": ("value", "y", "rating"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The cells of a file, as text.

    Attributes
    ----------
    name : str
        File name, for messages.
    header : tuple of str
        Names of the columns as written.
    rows : tuple of (int, tuple of str)
        Line or row number in the file, and one cell per column; rows without any text left out.
    decimal_comma : bool
        True when columns are not parted by commas, so that a comma in a number is a decimal one.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    decimal_comma: bool

    def where(self, line: int, column: int | None = None) -> str:
        """Return the place of a row or cell, for messages."""
        return f"{self.name}:{line}" + (
            f", column {self.header[column]}" if column is not None else ""
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Index of the column for each role; None when the table does not say."""

    person: int | None
    day: int | None
    date: int | None
    period: int | None
    cycle: int | None
    treatment: int
    outcome: int | None
    scores: tuple[int, ...]


def read_table(path: Path) -> Table:
    """Return the cells of a CSV file (comma, semicolon or tab; UTF-8) or of an Excel file.

    Raises
    ------
    ScoresError
        If the file cannot be read as such, has no rows, or a row has more cells than the header.
    """
    if not path.is_file():
        raise ScoresError(Fault(str(path), "there is no such file", "Check the path."))
    if path.suffix.lower() == ".xls":
        raise ScoresError(
            Fault(path.name, "the old Excel format cannot be read", "Save it as .xlsx or CSV.")
        )
    comma = False
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        lines = _excel_lines(path)
    else:
        lines, comma = _csv_lines(path)
    if len(lines) < 2:
        raise ScoresError(
            Fault(path.name, "there is no row under the header", "Give one row for every score.")
        )
    (_, header), *body = lines
    faults = [
        Fault(
            f"{path.name}:{line}",
            f"the row has {len(cells)} cells, the header {len(header)}",
            "Write decimals with a point; put texts that hold the separator in double quotes.",
        )
        for line, cells in body
        if len(cells) > len(header)
    ]
    if faults:
        raise ScoresError(faults)
    rows = tuple((line, cells + ("",) * (len(header) - len(cells))) for line, cells in body)
    return Table(name=path.name, header=header, rows=rows, decimal_comma=not comma)


def find_columns(table: Table, wanted: Mapping[str, str]) -> Columns:
    """Return the column of every role: as asked for, else by its own name, else by a known other.

    Parameters
    ----------
    table : Table
    wanted : mapping of str to str
        Role (a key of `ROLES`) to the name of the column; for ``score`` several, parted by ``+``.

    Raises
    ------
    ScoresError
        With every role that is unknown, missing or found twice.
    """
    faults = [
        Fault(
            f"--columns {role}={name}",
            f"{role!r} is nothing a table can say",
            f"Use one of {', '.join(ROLES)}.",
        )
        for role, name in wanted.items()
        if role not in ROLES
    ]
    found: dict[str, tuple[int, ...]] = {}
    for role, name in wanted.items():
        if role in ROLES:
            found[role] = _named(table, role, name, faults)
    for role, synonyms in ROLES.items():
        if role not in wanted:
            taken = {column for columns in found.values() for column in columns}
            found[role] = _guessed(table, role, synonyms, taken, faults)
    for role, other in (("day", "date"), ("date", "day")):
        if role in wanted and other not in wanted:
            found[other] = ()
    if not found["score"] and "outcome" not in wanted and "score" not in wanted:
        # "outcome" is also what some tables call the score itself.
        found["score"], found["outcome"] = found["outcome"], ()
    faults += _missing(table, wanted, found)
    if faults:
        raise ScoresError(faults)
    one = {role: columns[0] if columns else None for role, columns in found.items()}
    return Columns(
        person=one["person"],
        day=one["day"],
        date=one["date"],
        period=one["period"],
        cycle=one["cycle"],
        treatment=found["treatment"][0],
        outcome=one["outcome"],
        scores=found["score"],
    )


def _named(table: Table, role: str, name: str, faults: list[Fault]) -> tuple[int, ...]:
    """Return the columns asked for by name."""
    names = [name] if role != "score" or _matches(table, name) else name.split("+")
    found: list[int] = []
    for one in names:
        columns = _matches(table, one)
        if len(columns) == 1:
            found += columns
            continue
        what = "there is no such column" if not columns else "two columns have this name"
        faults.append(
            Fault(f"--columns {role}={one}", what, f"The columns are {', '.join(table.header)}.")
        )
    return tuple(found)


def _guessed(
    table: Table, role: str, synonyms: tuple[str, ...], taken: set[int], faults: list[Fault]
) -> tuple[int, ...]:
    """Return the one column that bears the role's name, or another name known for it."""
    for names in ((role,), synonyms):
        columns = [c for name in names for c in _matches(table, name) if c not in taken]
        if len(columns) > 1:
            faults.append(
                Fault(
                    table.name,
                    f"several columns may be the {role}: "
                    + ", ".join(table.header[column] for column in columns),
                    f"Say which with --columns {role}=NAME.",
                )
            )
        if columns:
            return (columns[0],)
    return ()


def _missing(
    table: Table, wanted: Mapping[str, str], found: Mapping[str, tuple[int, ...]]
) -> list[Fault]:
    """Return a fault for every role that must be there and is not."""
    faults = [
        Fault(
            table.name,
            f"no column is the {' or the '.join(roles)}",
            f"Say which with --columns {roles[-1]}=NAME; the columns are "
            f"{', '.join(table.header)}.",
        )
        for roles in (("treatment",), ("score",), ("day", "date"))
        if not any(found[role] or role in wanted for role in roles)
    ]
    if found["outcome"] and len(found["score"]) > 1:
        faults.append(
            Fault(
                table.name,
                f"there is an outcome column, {table.header[found['outcome'][0]]}, and more than "
                "one score column",
                "Name one score column.",
            )
        )
    return faults


def _matches(table: Table, name: str) -> list[int]:
    return [i for i, title in enumerate(table.header) if _plain(title) == _plain(name)]


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def _csv_lines(path: Path) -> tuple[list[tuple[int, tuple[str, ...]]], bool]:
    """Return the rows with their line numbers, and whether commas part the columns."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScoresError(
            Fault(path.name, f"byte {error.start} is not UTF-8", "Save the file as CSV UTF-8.")
        ) from error
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    lines = []
    begins = 1
    for cells in reader:
        lines.append((begins, cells))
        begins = reader.line_num + 1
    return _trimmed(lines), delimiter == ","


def _excel_lines(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    """Return the rows of the first sheet with their numbers."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            # Excel features that openpyxl leaves out (drop-down lists, styles) hold no scores.
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError) as error:
        raise ScoresError(
            Fault(path.name, "this is not an Excel file", "Save it as .xlsx or CSV.")
        ) from error
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        return _trimmed((number, map(_text, cells)) for number, cells in enumerate(rows, start=1))
    finally:
        book.close()


def _text(cell: object) -> str:
    """Return an Excel cell as it would stand in a CSV file."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)


def _trimmed(
    lines: Iterable[tuple[int, Iterable[str]]],
) -> list[tuple[int, tuple[str, ...]]]:
    """Return the lines that hold any text, without empty cells at their ends."""
    kept = []
    for number, raw in lines:
        cells = [cell.strip() for cell in raw]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            kept.append((number, tuple(cells)))
    return kept
