"""DataFrames of the bundled example of three persons, whose truths are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

THREE_PEOPLE = Path(__file__).parents[2] / "examples" / "three-people.csv"
#: What the table does not say of itself.
OPTIONS: dict[str, Any] = {
    "columns": {"score": "legs", "treatment": "condition"},
    "comparator": "usual",
    "scale": (0, 10),
    "mcid": 1,
    "allocation": "pairs",
}


def three_people() -> pd.DataFrame:
    """Return the table as pandas reads it."""
    return pd.read_csv(THREE_PEOPLE)


def of_person(person: str) -> pd.DataFrame:
    """Return one person's rows."""
    table = three_people()
    return table[table.person == person].reset_index(drop=True)
