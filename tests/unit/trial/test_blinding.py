"""When the order was drawn against a day whose time zone nobody knows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from nof1.trial.blinding import Guessed, guesses_note, timing
from nof1.words.caution import sentence

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("hours", "lies"),
    [
        (-15, "before"),
        (-14, "around"),  # on Kiritimati the day has begun
        (0, "around"),
        (24, "around"),
        (37, "around"),  # in the west of America it still is that day
        (38, "after"),
    ],
)
def test_a_moment_is_before_or_after_a_day_where_every_time_zone_agrees(hours, lies):
    moment = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hours)
    assert timing(moment, DAY) == lies


@pytest.mark.parametrize(
    ("right", "wrong", "expected", "beyond"),
    [(3, 3, 3.0, False), (4, 2, 3.0, True), (0, 0, 0.0, False), (2, 4, 2.0, False)],
)
def test_guesses_are_beyond_chance_when_more_are_right_than_the_draw_gives(
    right, wrong, expected, beyond
):
    found = Guessed(right=right, wrong=wrong, unsure=1, expected=expected)
    assert found.beyond_chance == beyond


def test_guesses_are_told_with_what_chance_gives():
    one = Guessed(right=1, wrong=0, unsure=0, expected=0.5)
    assert sentence(guesses_note("guesses", one)) == (
        "The person guessed the arm of 1 of 1 period right; guessing by chance gets 0.5 right on "
        "average."
    )
    unsure = Guessed(right=0, wrong=0, unsure=1, expected=0.0)
    assert sentence(guesses_note("guesses", unsure)) == (
        "The person was unsure of the arm in all of 1 guess."
    )
