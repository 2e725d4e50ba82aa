"""Tables made elsewhere: periods and cycles that bear names with a number, such as A1 and B1."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from nof1.trial.foreign.cells import EMPTY
from nof1.words.caution import Caution

#: A word and a number that counts; digits within the word, as in a date, are something else.
_NAME = re.compile(r"(?P<word>[^\W\d_][^\d]*)(?P<number>\d{1,3})")


def numbers_of_names(
    cells: Mapping[int, str], people: Mapping[int, str], days: Mapping[int, int]
) -> dict[int, int]:
    """Return by row the number of the period or cycle that a name stands for.

    Names that share one word, as "Period 3", say their number. Others, as A1, B1, A2, are numbered
    for each person in order of time.

    Parameters
    ----------
    cells, people : mapping of int to str
        By row what its cell says, and whose row it is.
    days : mapping of int to int
        The day of every row that has one.

    Returns
    -------
    dict of int to int
        Empty unless every cell that says something is such a name.
    """
    named = {row: text for row, text in cells.items() if text.casefold() not in EMPTY}
    parts = {row: _NAME.fullmatch(text.casefold()) for row, text in named.items()}
    matched = {row: part for row, part in parts.items() if part is not None}
    if len(matched) < len(named):
        return {}
    if len({part["word"].strip() for part in matched.values()}) == 1:
        return {row: int(part["number"]) for row, part in matched.items()}
    order: dict[str, dict[str, int]] = {}
    for row in sorted(matched, key=lambda row: (days.get(row, math.inf), row)):
        own = order.setdefault(people[row], {})
        own.setdefault(matched[row][0], len(own) + 1)
    return {row: order[people[row]][part[0]] for row, part in matched.items()}


def note_on_names(title: str, cells: Iterable[str]) -> Caution:
    """Return that names were numbered."""
    names = list(dict.fromkeys(text for text in cells if text.casefold() not in EMPTY))
    return Caution.of("names-numbered", column=title, names=tuple(names[:4]), more=len(names) > 4)
