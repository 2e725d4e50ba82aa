"""Tables made elsewhere: the days on which a score was expected, whether or not it has a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from nof1.trial.data import MaskedPeriod
from nof1.trial.foreign.periods import PersonPeriods
from nof1.trial.foreign.rows import ScoreRow
from nof1.words.caution import Caution


def absent_days(days: Sequence[int], periods: Sequence[MaskedPeriod]) -> list[int]:
    """Return the days without a row on which the table's own rhythm would have one.

    A programme that writes a row for each answer writes none for a missing one. Rows that come
    every so many days tell the days that lack one: those of a period on whose like, counted from
    its first day, some period has a row. What no period has was never meant to be scored, and of
    rows that keep no rhythm nobody can tell.

    Parameters
    ----------
    days : sequence of int
        Days with a row, ascending.
    periods : sequence of MaskedPeriod
        In order of time.
    """
    gaps = sorted(following - day for day, following in pairwise(days))
    if not gaps:
        return []
    usual = gaps[len(gaps) // 2]
    own = [(period, [day for day in days if _within(day, period)]) for period in periods]
    if any((following - day) % usual for _, inside in own for day, following in pairwise(inside)):
        return []
    meant = {day - period.first_day for period, inside in own for day in inside}
    there = set(days)
    return [
        day
        for period, inside in own
        for day in range(period.first_day, period.last_day + 1)
        if day - period.first_day in meant
        and day not in there
        and (not inside or (day - inside[0]) % usual == 0)
    ]


def note_on_absent(
    expected: Iterable[int], rows: Iterable[ScoreRow], layout: PersonPeriods, arms: Sequence[str]
) -> list[Caution]:
    """Return how many expected days have no row, arm by arm, if any have none."""
    there = {row.day for row in rows}
    counts = Counter[int]()
    for day in expected:
        if day not in there:
            counts[_arm_on(day, layout)] += 1
    if not counts:
        return []
    by_arm = tuple((arms[arm], counts[arm]) for arm in sorted(counts))
    return [Caution.of("absent-rows", days=sum(counts.values()), arms=by_arm)]


def _arm_on(day: int, layout: PersonPeriods) -> int:
    return next(
        arm
        for period, arm in zip(layout.periods, layout.arm_of_period, strict=True)
        if _within(day, period)
    )


def _within(day: int, period: MaskedPeriod) -> bool:
    return period.first_day <= day <= period.last_day
