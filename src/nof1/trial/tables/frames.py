"""DataFrames of any library: the table that the same rows in a CSV file would be.

Cells become the texts that a CSV file holds, so that a DataFrame and its file are read by one and
the same reader: what is worked out, asked or refused of the one is so of the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np

from nof1.errors import Fault, ScoresError
from nof1.trial.tables.headers import trimmed
from nof1.trial.tables.table import DataTable, listed, place, refuse_size
from nof1.words.caution import Caution

if TYPE_CHECKING:
    import narwhals as nw

#: How a DataFrame is called in messages where it was given no name.
NAME = "data"
#: Missing values of pandas, by the name of their type: NaT is a datetime to Python.
_MISSING = ("NAType", "NaTType")
_MEND = 'Give text, numbers, dates or missing values; astype("str") makes text of most others.'


def frame_table(frame: Any, name: str = NAME) -> DataTable:
    """Return the table that a DataFrame is; the frame itself stays as it was.

    Rows are numbered from 0, as the libraries number them. A named index of pandas counts as a
    column, and an index of dates without a name as the column ``date``.

    Parameters
    ----------
    frame : DataFrame, or mapping of str to sequence
        Of pandas, polars, pyarrow or another library that narwhals knows; or the columns by name.
    name : str
        For messages; also the code of the person where no column names any.

    Raises
    ------
    ScoresError
        If it is no DataFrame; with every cell that holds no plain value.
    """
    columns, notes = _columns(frame, name)
    header = tuple(_title(name, title) for title, _ in columns)
    length = max((len(cells) for _, cells in columns), default=0)
    if not length:
        what = "there are no rows" if header else "there are no columns"
        raise ScoresError(Fault(name, what, "Give a row for each score."))
    refuse_size(name, length, len(header))
    texts, faults = [], []
    for title, (_, cells) in zip(header, columns, strict=True):
        own = [_text(cell) for cell in cells]
        texts.append(own)
        faults += [
            Fault(place(name, row, title), f"the cell holds {_kind(cell)}", _MEND)
            for row, cell in enumerate(own)
            if not isinstance(cell, str | None)
        ]
        if len(own) < length:
            what = f"the column {title!r} has {len(own)} cells, another has {length}"
            faults.append(Fault(name, what, "Give all columns one length."))
        if any(isinstance(cell, timedelta) for cell in cells):
            notes = (*notes, Caution.of("durations", file=name, columns=(title,)))
    if faults:
        raise ScoresError(listed(faults, name))
    rows = ((row, trimmed(cells)) for row, cells in enumerate(zip(*texts, strict=True)))
    return DataTable(
        name=name,
        header=header,
        rows=tuple(
            (row, (*cells, *[None] * (len(header) - len(cells)))) for row, cells in rows if cells
        ),
        separator=",",
        notes=notes,
    )


def _columns(
    frame: Any, name: str
) -> tuple[list[tuple[object, Sequence[Any]]], tuple[Caution, ...]]:
    """Return names and cells of all columns, and what was assumed."""
    import narwhals as nw

    if isinstance(frame, Mapping):
        return [(title, list(cells)) for title, cells in frame.items()], ()
    frame, notes = _with_index(frame, name)
    try:
        narrow = nw.from_native(frame)
    except nw.exceptions.DuplicateError as error:
        mend = "Give every column a name of its own."
        raise ScoresError(Fault(name, "two columns have the same name", mend)) from error
    except TypeError as error:
        what = f"a {type(frame).__name__} is neither a DataFrame nor the name of a file"
        mend = "Give a DataFrame, such as pandas.DataFrame(...), a table file or a trial folder."
        raise ScoresError(Fault(name, what, mend)) from error
    whole = narrow.collect() if isinstance(narrow, nw.LazyFrame) else narrow
    return [(column.name, _cells(column)) for column in whole.iter_columns()], notes


def _cells(column: nw.Series[Any]) -> list[Any]:
    """Return the cells of a column; single precision stays such, in which 1.1 is 1.1."""
    import narwhals as nw

    cells = column.to_list()
    if column.dtype != nw.Float32:
        return cells
    return [None if cell is None else np.float32(cell) for cell in cells]


def _with_index(frame: Any, name: str) -> tuple[Any, tuple[Caution, ...]]:
    """Return a frame of pandas with what its index says in columns, any other as it is."""
    import narwhals as nw

    if not nw.dependencies.is_pandas_dataframe(frame):
        return frame, ()
    named = [level for level in frame.index.names if level is not None]
    if named:
        fresh = [level for level in named if level not in frame.columns]
        return (frame.reset_index(level=fresh) if fresh else frame), ()
    kind = type(frame.index).__name__
    if kind not in ("DatetimeIndex", "PeriodIndex") or "date" in frame.columns:
        return frame, ()
    said = Caution.of("index-as-date", file=name)
    return frame.rename_axis("date").reset_index(), (said,)


def _title(name: str, column: object) -> str:
    """Return the name of a column as text."""
    if isinstance(column, tuple):
        shown = " and ".join(map(repr, column))
        what = f"the name of a column has several levels ({shown})"
        raise ScoresError(Fault(name, what, "Give each column one name, such as 'score'."))
    return "" if column is None or column != column else str(column).strip()


def _text(cell: Any) -> Any:
    """Return a cell as a CSV file has it, or as it is where it has none."""
    if isinstance(cell, np.float32):
        return None if np.isnan(cell) else str(cell)
    if isinstance(cell, np.generic):
        cell = cell.item()
    match cell:
        case None:
            return None
        case _ if type(cell).__name__ in _MISSING:
            return None
        case str():
            return cell
        case bool() | Integral():
            return str(cell)
        case Decimal() | Real():
            if cell != cell:
                return None
            return str(cell) if isinstance(cell, Decimal) else repr(float(cell))
        case datetime():
            return cell.isoformat(sep=" ")
        case timedelta():
            return repr(cell.total_seconds() / 3600)
        case date() | time():
            return cell.isoformat()
        case _ if type(cell).__name__ == "Period":
            return str(cell)
    return cell


def _kind(cell: Any) -> str:
    """Return what a cell holds that is no plain value, for messages."""
    return {
        "list": "a list",
        "dict": "a record",
        "tuple": "a tuple",
        "bytes": "bytes",
        "ndarray": "an array",
    }.get(type(cell).__name__, f"a {type(cell).__name__}")
