"""What was given to be read: a trial folder, a file, or a DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nof1.trial.tables import DataTable

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
    from nof1.trial.tables import DataTable
    from nof1.trial.tables.frames import frame_table

    return data if isinstance(data, DataTable) else frame_table(data)


def each(values: object) -> tuple[str, ...]:
    """Return one name or several as several: texts, or numbers as they are written."""
    if values is None:
        return ()
    if isinstance(values, Iterable) and not isinstance(values, str):
        return tuple(map(str, values))
    return (str(values),)


def reasons(persons: str | Iterable[str] | Mapping[str, str] | None) -> Mapping[str, str]:
    """Return why each person is left out, by code; empty where only codes were given."""
    return persons if isinstance(persons, Mapping) else dict.fromkeys(each(persons), "")
