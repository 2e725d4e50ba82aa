"""Tidy tables of finished answers: for a DataFrame, and as CSV that R reads as it stands.

A `Column` says how its value is read off whatever a row is made of.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from nof1.errors import Fault, InputError
from nof1.files.reading import read_file
from nof1.files.replacing import replace_files

Backend = Literal["pandas", "polars", "pyarrow"]
Kind = Literal["text", "whole", "number"]
Value = str | int | float | None

#: Libraries of DataFrames in the order in which they are taken where none is named.
BACKENDS: tuple[Backend, ...] = ("pandas", "polars", "pyarrow")
#: How a missing value stands in a CSV file: R's word.
MISSING = "NA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column[Row]:
    """A column of a tidy table, whose rows are made of `Row`.

    Attributes
    ----------
    name : str
        Of the column.
    kind : {"text", "whole", "number"}
        What it holds.
    value : callable
        Returns its value in a row, None where the row has none.
    """

    name: str
    kind: Kind
    value: Callable[[Row], Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyTable:
    """Columns and rows, a cell for each column."""

    columns: tuple[Column[Any], ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def header(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(column.name for column in self.columns)

    def csv_lines(self) -> Iterator[str]:
        """Yield the lines of a CSV file, without their ends; numbers keep every digit."""
        yield _csv_line(self.header)
        for row in self.rows:
            yield _csv_line([MISSING if cell is None else _exact(cell) for cell in row])

    def frame(self, backend: Backend | None = None) -> Any:
        """Return a DataFrame.

        Parameters
        ----------
        backend : {"pandas", "polars", "pyarrow"} or None
            Whose; None for the first of them that is installed.

        Raises
        ------
        InputError
            If it is not installed, or none is.
        """
        import narwhals as nw

        chosen = _installed(backend)
        columns = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.columns)
        cells = dict(zip(self.header, map(list, columns), strict=True))
        kinds = {"text": nw.String, "whole": nw.Int64, "number": nw.Float64}
        schema: dict[str, Any] = {column.name: kinds[column.kind] for column in self.columns}
        if chosen == "pandas":
            # Its whole numbers have no place for what is missing.
            schema |= {
                name: nw.Float64
                for name, values in cells.items()
                if schema[name] == nw.Int64 and None in values
            }
        return nw.from_dict(cells, schema=schema, backend=chosen).to_native()


def write_tables(tables: Mapping[Path, TidyTable]) -> None:
    """Write CSV files into one folder, all of them or none, and never over another one.

    Parameters
    ----------
    tables : mapping of Path to TidyTable
        By the file each goes into.

    Raises
    ------
    InputError
        If something else has one of the names, or a file cannot be written.
    """
    contents = {
        path: "".join(f"{line}\n" for line in table.csv_lines()).encode()
        for path, table in tables.items()
    }
    what = "there is something else already, and it is kept"
    if faults := [
        Fault(str(path), what, "Choose another name, or move it away.")
        for path, content in contents.items()
        if path.exists() and not (path.is_file() and read_file(path) == content)
    ]:
        raise InputError(faults)
    (folder,) = {path.parent for path in contents}
    replace_files(folder, {path.name: content for path, content in contents.items()})


def table_of[Row](columns: Sequence[Column[Row]], rows: Iterable[Row]) -> TidyTable:
    """Return a table with a line for each row."""
    cells = tuple(tuple(column.value(row) for column in columns) for row in rows)
    return TidyTable(columns=tuple(columns), rows=cells)


def _exact(cell: str | float) -> str:
    """Return a cell as text from which the very same number is read."""
    return repr(cell) if isinstance(cell, float) else str(cell)


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _installed(backend: Backend | None) -> Backend:
    """Return the library to use.

    Raises
    ------
    InputError
        If there is none.
    """
    if backend is not None and backend not in BACKENDS:
        mend = f"Give one of {', '.join(BACKENDS)}."
        raise InputError(Fault("backend", f"there is no backend {backend!r}", mend))
    wanted = BACKENDS if backend is None else (backend,)
    for name in wanted:
        if find_spec(name) is not None:
            return name
    what = "no library of DataFrames is installed" if backend is None else "it is not installed"
    mend = " or ".join(f"`pip install {name}`" for name in wanted[:2])
    raise InputError(Fault(f"backend {backend}" if backend else "backend", what, f"Run {mend}."))
