"""Lengths of periods that a table of rows may have."""

from __future__ import annotations

import numpy as np
import pytest

from nof1.trial.foreign.lengths import EqualPeriods, cut_starts, fitting, on_another_arm
from nof1.trial.foreign.rows import ScoreRow
from nof1.trial.foreign.stretches import Occasion


def rows(rng: np.random.Generator, spacing: int) -> list[Occasion]:
    """Return days of periods of one length, some without a row, now and then on a wrong arm."""
    length, periods = int(rng.choice([1, 2, 3, 7, 14])), int(rng.integers(2, 8))
    arms = rng.integers(0, 3, periods)
    first, present = int(rng.integers(1, 9)), rng.choice([0.5, 0.9, 1.0])
    return [
        Occasion(
            ScoreRow(
                number=place + 2,
                person="p",
                day=first + place,
                treatment="",
                period=None,
                cycle=None,
                scores=(),
            ),
            int(arms[place // length]) if rng.random() < 0.99 else 0,
        )
        for place in range(0, length * periods, spacing)
        if rng.random() < present or place == 0
    ]


@pytest.mark.parametrize("spacing", [1, 2, 7])
def test_the_lengths_that_fit_are_those_of_looking_at_every_day(spacing: int) -> None:
    rng, n_pure = np.random.default_rng(spacing), 0
    for _ in range(60):
        days = rows(rng, spacing)
        begin, end = days[0].day - spacing + 1, days[-1].day
        for length in range(spacing, end - begin + 2, spacing):
            most = (length - 1) // 2
            lowest = max(1, begin - most)
            grid = EqualPeriods(cut_starts(days, length, lowest, spacing).high, length)
            found = fitting(days, [length], 1, spacing, lambda arms: len(arms) > 0)
            pure = on_another_arm(days, grid) == 0
            n_pure += pure
            assert found in ([], [grid]) if pure else found == []
            if pure and end - begin + 1 == len(days) and grid.span(grid.slot(end))[1] - end <= most:
                assert found == [grid]
    assert n_pure > 60
