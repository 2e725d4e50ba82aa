"""Trials of a table that are longer than any, or more than can be analysed."""

import numpy as np
import pytest

from nof1.errors import InputError
from nof1.protocol.sizes import LONGEST_DAYS, MOST_WORK
from nof1.trial.data import MaskedPeriod
from nof1.trial.foreign.sizes import too_much
from support.foreign_tables import read_text
from support.trials import SCALES, trial


def alternating(n, days):
    """Return a trial of many short periods with a score on every day."""
    periods = tuple(
        MaskedPeriod(
            number=i + 1, cycle=i // 2 + 1, first_day=i * days + 1, last_day=(i + 1) * days
        )
        for i in range(n)
    )
    day = np.arange(1, n * days + 1)
    arms = tuple(i % 2 for i in range(n))
    return trial(periods, arms, day, np.full(len(day), 5.0), scale=SCALES["c_irls_daily"])


def test_periods_times_scores_may_be_so_many():
    n = int(MOST_WORK**0.5)
    assert list(too_much([alternating(n, 1)], lambda person: f"of {person}")) == []
    (fault,) = too_much([alternating(n + 2, 1)], lambda person: f"of {person}")
    assert fault.where.startswith("of ")
    assert f"{n + 2:,} scores in {n + 2:,} periods are more than can be analysed" in fault.what
    assert fault.mend.startswith("Analyse a part of the days at a time")


def test_days_beyond_any_trial_are_refused_before_they_are_laid_out(tmp_path):
    days = range(1, LONGEST_DAYS + 2, 100)
    rows = [f"{day},{'AB'[n % 2]},{n % 7}" for n, day in enumerate(days)]
    with pytest.raises(InputError) as caught:
        read_text(tmp_path, "\n".join(["day,treatment,score", *rows, ""]))
    assert f"{LONGEST_DAYS + 1:,} days are more than the {LONGEST_DAYS:,}" in str(caught.value)
