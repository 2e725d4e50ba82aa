"""Contributions in files: one as JSON, many as JSON lines or Parquet, read one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from nof1.errors import Fault, InputError
from nof1.pooling.contribution import SCHEMA, Contribution
from nof1.protocol.faults import protocol_faults

#: Rows of a Parquet file fetched at once.
AT_ONCE = 500
#: Faulty lines that are shown one by one.
SHOWN = 10
#: Header of a part made by ``nof1 pool --shard``.
PART = "nof1.part/1"


def is_contributions(path: Path) -> bool:
    """Return whether a file holds contributions, by its name."""
    return path.suffix.lower() in (".json", ".jsonl", ".ndjson", ".parquet")


def read_contributions(paths: list[Path]) -> Iterator[tuple[str, Contribution]]:
    """Yield where each contribution stands, and the contribution.

    Raises
    ------
    InputError
        With file, line, field and mend of what is wrong; after the last line, all faults at once.
    """
    faults: list[Fault] = []
    for where, text in chain.from_iterable(map(_texts, paths)):
        if not text.strip():
            continue
        try:
            yield where, Contribution.model_validate_json(text)
        except ValidationError as error:
            faults += contribution_faults(where, error)
            if len(faults) > SHOWN:
                break
    if faults:
        raise InputError(faults[:SHOWN])


def contribution_faults(where: str, error: ValidationError) -> list[Fault]:
    """Return what is wrong with a contribution, field by field."""
    found = error.errors(include_url=False)
    if any(one["type"] == "json_invalid" for one in found):
        return [Fault(where, "is not JSON", "Put back the file as it was sent.")]
    if any(one["loc"] == ("schema",) for one in found):
        return [Fault(where, f"is no contribution ({SCHEMA})", "Give files made by `nof1 share`.")]
    return [
        Fault(fault.where, fault.what.replace("a protocol", "a contribution"), fault.mend)
        for fault in protocol_faults(where, found)
    ]


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield where each contribution of a file stands, and its text."""
    if path.suffix.lower() == ".parquet":
        yield from _parquet_texts(path)
        return
    try:
        if path.suffix.lower() == ".json":
            yield str(path), path.read_text(encoding="utf-8")
            return
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if number > 1 or PART not in line[:40]:
                    yield f"{path}:line {number}", line
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(Fault(str(path), f"cannot be read: {what}", "Check the file.")) from error


def _parquet_texts(path: Path) -> Iterator[tuple[str, str]]:
    duckdb = load_duckdb(path)
    if not path.is_file():
        raise InputError(Fault(str(path), "there is no such file", "Check the name."))
    # One thread less is used than DuckDB would take for itself, and rows stay in their order.
    with duckdb.connect(config={"threads": 1}) as connection:
        try:
            rows = connection.execute(
                "SELECT to_json(t)::VARCHAR FROM read_parquet(?) AS t", [str(path)]
            )
        except duckdb.Error as error:
            what = f"cannot be read as Parquet: {str(error).splitlines()[0]}"
            raise InputError(Fault(str(path), what, "Check the file.")) from error
        number = 0
        while many := rows.fetchmany(AT_ONCE):
            for (text,) in many:
                number += 1
                yield f"{path}:row {number}", _without_nulls(text)


def _without_nulls(text: str) -> str:
    """Return a row of a Parquet file as it was before.

    A column of maps has the keys of all rows; those that are null were not there.
    """
    row: dict[str, Any] = json.loads(text)
    for name in ("cycle_differences", "harms"):
        if row.get(name) is not None:
            row[name] = {key: value for key, value in row[name].items() if value is not None}
    return json.dumps(row)


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
