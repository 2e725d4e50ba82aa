"""Persons of tables, solved and turned into contributions where the work is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from nof1.pooling.contributing import Given, contributions
from nof1.pooling.contribution import Contribution, Level
from nof1.pooling.work import Here, Workplace

#: Persons in a stretch: few enough that all cores have work, and that progress shows.
STRETCH = 16
#: What of a table is pooled: cycle differences too, for the frequentist rows.
LEVEL: Level = "cycles"


def from_people(
    people: Sequence[Given], make_place: Callable[[Sequence[Any]], Workplace] = Here
) -> Iterator[Contribution]:
    """Yield a contribution of every person, in order.

    Parameters
    ----------
    people : sequence of Given
        With one outcome each.
    make_place : callable
        Where the work is done.

    Raises
    ------
    ScoresError
        If a person has no score to analyse.
    """
    stretches = [people[first : first + STRETCH] for first in range(0, len(people), STRETCH)]
    for found in make_place(stretches).stream(_contributions):
        yield from found


def _contributions(stretch: Sequence[Given]) -> list[Contribution]:
    return contributions(stretch, level=LEVEL)
