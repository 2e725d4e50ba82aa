"""Small tables as other people make them, and reading them with everything left to be found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nof1.errors import ScoresError
from nof1.trial.data import TrialData
from nof1.trial.foreign.reading import ForeignTrials, read_foreign

ASKED_FOR_NOTHING: dict[str, Any] = {
    "columns": {},
    "active": (),
    "comparator": None,
    "scale": None,
    "better": None,
    "mcid": None,
    "recall_days": None,
    "allocation": None,
}


def write(folder: Path, text: str, name: str = "table.csv") -> Path:
    """Write a table and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def daily(order: str, length: int = 2, *, given: bool = True) -> str:
    """Return a table of one person: a letter per period, a score every day."""
    lines = ["day,period,cycle,treatment,score"] if given else ["day,treatment,score"]
    for period, arm in enumerate(order):
        for k in range(length):
            day = period * length + k + 1
            place = f"{period + 1},{period // 2 + 1}," if given else ""
            lines.append(f"{day},{place}{arm},{day % 7}")
    return "\n".join(lines) + "\n"


def read_found(path: Path, **asked: Any) -> ForeignTrials:
    """Read a table; what is not asked for is left to be found."""
    return read_foreign(path, **{**ASKED_FOR_NOTHING, **asked})


def read(path: Path, **asked: Any) -> list[TrialData]:
    """Return the trials of a table."""
    return list(read_found(path, **asked).trials)


def read_text(folder: Path, text: str, **asked: Any) -> TrialData:
    """Write and read a table of one person."""
    (trial,) = read(write(folder, text), **asked)
    return trial


def faults_of(folder: Path, text: str, **asked: Any) -> list[str]:
    """Return the messages a table gives instead of a trial."""
    with pytest.raises(ScoresError) as caught:
        read(write(folder, text), **asked)
    return [str(fault) for fault in caught.value.faults]


def columns_of(text: str) -> dict[str, list[object]]:
    """Return the columns of a table, whole numbers as numbers, as a data frame would have them."""
    header, *lines = [line.split(",") for line in text.splitlines()]
    return {
        name: [int(cell) if cell.isdecimal() else cell for cell in cells]
        for name, cells in zip(header, zip(*lines, strict=True), strict=True)
    }
