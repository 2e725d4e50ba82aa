"""What is beyond any trial: its length, its work, the ends of its scales, widths of its priors."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from nof1.protocol.sizes import LONGEST_DAYS, MOST_WORK, no_scale, too_long
from nof1.protocol.tables import Design, Priors


def test_a_trial_may_be_as_long_as_is_said_and_no_longer():
    assert too_long(LONGEST_DAYS, 20, LONGEST_DAYS) is None
    assert too_long(LONGEST_DAYS + 1, 2, 10) == (
        "2,001 days are more than the 2,000 that a trial may last"
    )
    assert too_long(400, 200, MOST_WORK // 200) is None
    assert too_long(401, 200, 401) == (
        "401 scores in 200 periods are more than can be analysed: their product may be 80,000"
    )


@pytest.mark.parametrize(
    ("low", "high", "why"),
    [
        (0, 10, None),
        (-1e9, 1e9, None),
        (10, 10, "low 10 must be below high 10"),
        (0, 2e9, "0 to 2e+09 is no scale; write ends within 1e+09"),
        (0, 1e-10, "0 to 1e-10 is no scale; write ends within 1e+09"),
        (float("nan"), 1, "low nan must be below high 1"),
    ],
)
def test_the_ends_of_a_scale_are_numbers_that_can_be_told_apart(low, high, why):
    assert no_scale(low, high) == why


def test_days_are_counted_from_the_run_in_to_the_last_period():
    design = Design(period_days=7, cycles=2, run_in_days=14, washout_days=3)
    assert design.days(2) == 14 + 4 * 7 + 3 * 3
    assert design.days(0) == 14


@pytest.mark.parametrize("name", ["level_sd", "effect_sd", "noise_scale", "trend_sd"])
def test_priors_of_no_width_are_refused(name):
    Priors(**{name: 1e-4})
    for width in (1e-300, 0.0, 1e300):
        with pytest.raises(ValidationError):
            Priors(**{name: width})
