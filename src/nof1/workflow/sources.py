"""What was given to be read: a trial folder, a file, or a DataFrame."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nof1.trial.tables import DataTable
from nof1.trial.tables.frames import frame_table

#: What a call reads: a path, a DataFrame of any library, or columns by their names.
Data = Any


def source_of(data: Data) -> Path | DataTable:
    """Return a path, or the table that is in memory.

    Raises
    ------
    ScoresError
        If it is neither.
    """
    if isinstance(data, str | Path):
        return Path(data)
    return data if isinstance(data, DataTable) else frame_table(data)


def each(values: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return one name or several as several."""
    return (values,) if isinstance(values, str) else tuple(values or ())
