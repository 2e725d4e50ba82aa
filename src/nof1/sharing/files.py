"""Contributions in files: one as JSON, many as JSON lines or Parquet, read one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from nof1.errors import Fault, InputError
from nof1.protocol.faults import UNTOLD, protocol_faults
from nof1.sharing.contribution import SCHEMA, Contribution

#: Bytes of one contribution; one with 4,096 components of five effects has some five million.
LONGEST = 20_000_000
#: Rows of a Parquet file fetched at once.
AT_ONCE = 500
#: Faults of a kind that are shown one by one.
SHOWN = 10
#: What pydantic says of values of another kind than a contribution has.
_OF_THE_WRONG_FORM = {
    *("string_pattern_mismatch", "string_type", "float_parsing", "int_parsing"),
    *("dict_type", "list_type"),
}
_AS_SENT = "Put back the file as it was sent."
#: Header of a part made by ``nof1 pool --shard``.
PART = b"nof1.part/1"


def is_contributions(path: Path) -> bool:
    """Return whether a file holds contributions, by its name."""
    return path.suffix.lower() in (".json", ".jsonl", ".ndjson", ".parquet")


def read_contributions(paths: Sequence[Path]) -> Iterator[tuple[str, Contribution]]:
    """Yield where each contribution stands, and the contribution.

    Raises
    ------
    InputError
        After the last one, with file, line, field and mend of what is wrong: the first faults, and
        how many more there are.
    """
    faults: list[Fault] = []
    for path in paths:
        try:
            for where, content in _contents(path):
                try:
                    yield where, _validated(content)
                except ValidationError as error:
                    faults += contribution_faults(where, error)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(some(faults, "in these files"))


def some(faults: Sequence[Fault], kind: str) -> list[Fault]:
    """Return the first faults, and how many more there are of their kind."""
    rest = len(faults) - SHOWN
    if rest <= 0:
        return list(faults)
    return [*faults[:SHOWN], Fault("", f"and {rest} more faults {kind}", "")]


def contribution_faults(where: str, error: ValidationError) -> list[Fault]:
    """Return what is wrong with a contribution, field by field."""
    details = error.errors(include_url=False)
    if any(detail["type"] == "json_invalid" for detail in details):
        return [Fault(where, "is not JSON", _AS_SENT)]
    if any(
        detail["loc"] in ((), ("schema",)) and detail["type"] != "value_error" for detail in details
    ):
        return [Fault(where, f"is no contribution ({SCHEMA})", "Give files made by `nof1 share`.")]
    odd = [detail for detail in details if detail["type"] in _OF_THE_WRONG_FORM]
    return [
        *(
            Fault(
                f"{where}: {'.'.join(map(str, detail['loc']))}",
                f"{detail['input']!r:.40} has not the right form",
                _AS_SENT,
            )
            for detail in odd
        ),
        *(
            Fault(
                fault.where,
                fault.what.replace("a protocol", "a contribution"),
                _AS_SENT if fault.mend in ("", UNTOLD) else fault.mend,
            )
            for fault in protocol_faults(where, [detail for detail in details if detail not in odd])
        ),
    ]


def unreadable(path: Path, error: OSError) -> InputError:
    """Return the error for a file that the system does not let us read."""
    what = f"cannot be read: {error.strerror or error}"
    return InputError(Fault(str(path), what, "Check the file."))


def _validated(content: bytes | dict[str, Any]) -> Contribution:
    if isinstance(content, bytes):
        return Contribution.model_validate_json(content)
    return Contribution.model_validate(content)


def _contents(path: Path) -> Iterator[tuple[str, bytes | dict[str, Any]]]:
    """Yield where each contribution of a file stands, and what stands there."""
    if path.suffix.lower() == ".parquet":
        yield from _rows(path)
        return
    try:
        whole = path.suffix.lower() == ".json"
        with path.open("rb") as file:
            for number in count(1):
                line = file.read(LONGEST + 1) if whole else file.readline(LONGEST + 1)
                where = str(path) if whole else f"{path}:line {number}"
                if len(line) > LONGEST:
                    what = f"has more than the {LONGEST:,} bytes that one contribution may have"
                    raise InputError(Fault(where, what, _AS_SENT))
                if line.strip() and (number > 1 or PART not in line[:40]):
                    yield where, line
                if whole or not line:
                    return
    except OSError as error:
        raise unreadable(path, error) from error


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows of a Parquet file, in their order."""
    duckdb = load_duckdb(path)
    if not path.is_file():
        raise InputError(Fault(str(path), "there is no such file", "Check the name."))
    with duckdb.connect(config={"threads": 1}) as connection:
        try:
            cursor = connection.execute(
                "SELECT to_json(t)::VARCHAR FROM read_parquet(?) AS t", [str(path)]
            )
            number = 0
            while many := cursor.fetchmany(AT_ONCE):
                for (text,) in many:
                    number += 1
                    yield f"{path}:row {number}", _without_nulls(from_json(text))
        except duckdb.Error as error:
            what = f"cannot be read as Parquet: {str(error).splitlines()[0]}"
            raise InputError(Fault(str(path), what, "Check the file.")) from error


def _without_nulls(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a Parquet file as it was before.

    A column of maps has the keys of all rows; those that are null were not there.
    """
    for name in ("cycle_differences", "harms"):
        if isinstance(row.get(name), dict):
            row[name] = {key: value for key, value in row[name].items() if value is not None}
    return row


def load_duckdb(path: Path) -> Any:
    """Return the module that reads and writes Parquet.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        what = "Parquet files need DuckDB, which is not installed"
        raise InputError(Fault(str(path), what, "Run: pip install 'nof1[pool]'.")) from error
    return duckdb
