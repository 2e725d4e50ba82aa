"""A log written anew by somebody who knows how: every line chained to the one before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nof1.provenance import canonical_json, sha256_hex

Line = dict[str, Any]


def chained(lines: Iterable[Line]) -> bytes:
    """Return a log of these lines, numbered and chained anew."""
    previous, text = "0" * 64, []
    for number, line in enumerate(lines, start=1):
        content = {name: value for name, value in line.items() if name != "hash"}
        content |= {"seq": number, "previous": previous}
        previous = sha256_hex(canonical_json(content))
        text.append(canonical_json({**content, "hash": previous}) + "\n")
    return "".join(text).encode()


def rewrite(folder: Path, change: Callable[[list[Line]], None]) -> None:
    """Change the lines of a trial's log and write its chain anew."""
    log = folder / "log.jsonl"
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    change(lines)
    log.write_bytes(chained(lines))


def rewrite_schedule(folder: Path, text: str) -> None:
    """Write another calendar and log its digest."""
    (folder / "schedule.csv").write_bytes(text.encode())
    rewrite(folder, lambda lines: lines[1]["body"].update(schedule_digest=sha256_hex(text)))
