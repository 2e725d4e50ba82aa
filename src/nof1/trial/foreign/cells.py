"""Tables made elsewhere: what a single cell says."""

from __future__ import annotations

import re

from nof1.trial.tables.table import Cell

#: What stands in a cell that says nothing.
EMPTY = {"", "na", "n/a", "nan", "null", "."}
#: What stands in the cell of a score that is missing.
MISSING = EMPTY | {"none", "missing", "-", "--"}


def cell_text(cell: Cell) -> str:
    """Return a cell as it would stand in a CSV file."""
    match cell:
        case None:
            return ""
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)


def is_blank(cell: Cell) -> bool:
    """Return whether a cell says nothing, or that there is nothing."""
    return cell_text(cell).casefold() in EMPTY


def is_missing(text: str) -> bool:
    """Return whether a text says that there is no score."""
    return text.casefold() in MISSING


def as_typed(words: str) -> str:
    """Return words as they are typed behind an option: in quotes where a shell would part them."""
    return words if re.fullmatch(r"[\w.,:=+/@-]+", words) else f'"{words}"'
