"""What was given to be read: a trial folder, a file, or a DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nof1.errors import Fault, InputError

if TYPE_CHECKING:
    from nof1.trial.tables.table import DataTable

#: A treatment, as the table has it.
Label = str | float
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
    from nof1.trial.tables.frames import frame_table
    from nof1.trial.tables.table import DataTable

    return data if isinstance(data, DataTable) else frame_table(data)


def each(values: object) -> tuple[str, ...]:
    """Return one name or several as several: texts, or numbers as they are written."""
    if values is None:
        return ()
    if isinstance(values, Iterable) and not isinstance(values, str):
        return tuple(map(str, values))
    return (str(values),)


def label(value: object) -> str | None:
    """Return a treatment or a person as a table has it, numbers and yes or no as texts."""
    return None if value is None else str(value)


def pairs(option: str, values: Mapping[Any, Any] | None) -> dict[str, Any]:
    """Return what stands for what: names as texts, None left out.

    Raises
    ------
    InputError
        If it is no mapping.
    """
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        what = f"{values!r} is not a dictionary"
        raise InputError(Fault(option, what, 'Give a dictionary, {"NAME": VALUE, ...}.'))
    return {str(name): value for name, value in values.items() if value is not None}


def texts(option: str, values: Mapping[Any, Any] | None) -> dict[str, str]:
    """Return `pairs` of which both sides are texts.

    Raises
    ------
    InputError
        If it is no mapping.
    """
    return {name: str(value) for name, value in pairs(option, values).items()}


def ends(scale: Iterable[float] | None) -> Any:
    """Return two ends, of a list or an array too; what is none stays as it is, to be refused."""
    if scale is None or isinstance(scale, str):
        return scale
    try:
        return tuple(map(float, scale))
    except (TypeError, ValueError):
        return scale


def number(value: float | None) -> Any:
    """Return a number as the command line has it; what is none stays as it is, to be refused."""
    plain = isinstance(value, Real) and not isinstance(value, bool)
    return float(value) if plain and value is not None else value


def reasons(persons: str | Iterable[str] | Mapping[str, str] | None) -> Mapping[str, str]:
    """Return why each person is left out, by code; empty where only codes were given."""
    if isinstance(persons, Mapping):
        return texts("--exclude", persons)
    return dict.fromkeys(each(persons), "")
