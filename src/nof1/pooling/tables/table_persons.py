"""Persons of tables, solved and turned into contributions where the work is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from nof1.pooling.exact.workplace import Here, Workplace
from nof1.sharing.contribution import Contribution, Level
from nof1.sharing.from_scores import PersonData, contributions

#: Persons in a stretch: few enough that all cores have work, and that progress shows.
STRETCH = 16
#: What of a table is pooled: cycle differences too, for the frequentist rows.
LEVEL: Level = "cycles"


def from_people(
    people: Sequence[PersonData], make_place: Callable[[Sequence[Any]], Workplace] = Here
) -> Iterator[Contribution]:
    """Yield a contribution of every person, in order.

    Parameters
    ----------
    people : sequence of PersonData
        With one outcome each.
    make_place : callable
        Where the work is done.

    Raises
    ------
    ScoresError
        If a person has no score to analyse.
    """
    stretches = [people[first : first + STRETCH] for first in range(0, len(people), STRETCH)]
    for part in make_place(stretches).stream(_contributions):
        yield from part


def _contributions(stretch: Sequence[PersonData]) -> list[Contribution]:
    return contributions(stretch, level=LEVEL)
