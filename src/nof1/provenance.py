"""What makes a result repeatable: canonical JSON, digests, the version."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

#: Of nof1. Not by an import: what ``import nof1`` offers comes from floors far above this one.
VERSION: str = sys.modules["nof1"].__version__


def canonical_json(value: Any) -> str:
    """Return the one JSON text of `value`: sorted keys, no spaces, no NaN, plain UTF-8."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def sha256_hex(data: bytes | str) -> str:
    """Return the SHA-256 of `data` (text as UTF-8) as 64 hex digits."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def software() -> str:
    """Return the name and version printed on every page and in every result."""
    return f"nof1 {VERSION}"
