"""The chain of a log: which fields an entry has, and the hash it follows and is followed by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nof1.provenance import canonical_json, sha256_hex

NO_PREVIOUS = "0" * 64
FIELDS = frozenset({"seq", "time", "kind", "body", "previous", "hash"})


def is_entry(value: object) -> bool:
    """Return whether a JSON value has the fields of an entry."""
    return (
        isinstance(value, dict)
        and value.keys() == FIELDS
        and isinstance(value["body"], dict)
        and isinstance(value["kind"], str)
    )


def hash_of(record: Mapping[str, Any]) -> str:
    """Return the hash an entry should have: SHA-256 of the canonical JSON of its other fields."""
    content = {field: value for field, value in record.items() if field != "hash"}
    return sha256_hex(canonical_json(content))


def hashes(log: bytes) -> list[str]:
    """Return the hash of every entry of a log whose chain has been verified."""
    return [json.loads(line)["hash"] for line in log.splitlines()]
