"""Lists of records in JSON: ``[{"date": ..., "score": ...}, ...]``, or one record a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from nof1.errors import Fault, ScoresError
from nof1.trial.tables.headers import trimmed
from nof1.trial.tables.table import Cell, DataTable, Notation, refuse_size
from nof1.trial.tables.texts import decoded

_MEND = "Export the scores as CSV, or as a list of records: one for each score, nothing nested."


def is_json(data: bytes) -> bool:
    """Return whether a file begins as JSON does."""
    start = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"{", b"[{", b"[ {", b"[\n", b"[\r\n", b"[]"))


def read_records(name: str, data: bytes, notation: Notation) -> DataTable:
    """Return the table that a list of records is: a row for each, numbered from 1.

    Raises
    ------
    ScoresError
        If the file is no JSON, or something else than records of plain values.
    """
    text, notes = decoded(name, data)
    records = _parsed(name, text)
    own = records[0] if isinstance(records, list) and records else records
    if isinstance(own, dict) and str(own.get("schema")).startswith("nof1."):
        records = own
    if not isinstance(records, list):
        raise ScoresError(Fault(name, f"this is JSON, but {_what_else(records)}", _mend(records)))
    faults = [
        Fault(f"{name}:row {number}", "this record is no list of names and plain values", _MEND)
        for number, record in enumerate(records, start=1)
        if not isinstance(record, dict)
        or not all(isinstance(value, str | int | float | None) for value in record.values())
    ]
    if faults or not records:
        raise ScoresError(faults[:1] or [Fault(name, "the list of records is empty", _MEND)])
    header = tuple(dict.fromkeys(key for record in records for key in record))
    refuse_size(name, len(records), len(header))
    rows = (
        (number, _row([record.get(key) for key in header]))
        for number, record in enumerate(records, start=1)
    )
    return DataTable(
        name=name,
        header=header,
        rows=tuple((number, cells) for number, cells in rows if any(c is not None for c in cells)),
        notes=notes,
        notation=notation,
    )


def _row(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return the cells of a row, texts stripped and empty ones as None."""
    kept = trimmed(cells)
    return (*kept, *[None] * (len(cells) - len(kept)))


def _parsed(name: str, text: str) -> Any:
    """Return what the text says, as a list where it has a record a line."""
    lines = [line for line in text.splitlines() if line.strip()]
    several = len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines)
    try:
        if several:
            return [_loaded(line) for line in lines]
        return _loaded(text)
    except (ValueError, RecursionError) as error:
        what = "this looks like JSON, but cannot be read as such"
        raise ScoresError(Fault(name, what, "Export it again, best as CSV.")) from error


def _loaded(text: str) -> Any:
    return json.loads(text, parse_constant=lambda _: None)


def _what_else(content: Any) -> str:
    if not isinstance(content, dict):
        return "no list of records"
    if isinstance(kind := content.get("resourceType"), str):
        return f"a FHIR {kind}, in which values lie nested"
    if isinstance(schema := content.get("schema"), str) and schema.startswith("nof1."):
        return f"one of nof1's own ({schema})"
    return (
        f"nested, with {', '.join(map(repr, list(content)[:3]))} at the top, and no list of records"
    )


def _mend(content: Any) -> str:
    schema = content.get("schema") if isinstance(content, dict) else None
    if isinstance(schema, str) and schema.startswith("nof1.contribution"):
        return "Pool it with `nof1 pool`, or give the table it was made from."
    return _MEND
