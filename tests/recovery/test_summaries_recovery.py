"""Averages of tables of summaries hold the truth as often as they promise."""

from __future__ import annotations

import numpy as np
import pytest

from nof1.pooling.analysis import Question, pool
from nof1.pooling.persons.members import members
from nof1.pooling.tables.summaries import PersonSummary, contributions_of
from nof1.sharing.contribution import SharedOutcome

OUTCOME = SharedOutcome(
    id="pain", unit="points", low=0, high=10, better="lower", recall_days=1, mcid=1
)
SERIES, PERSONS = 60, 12


def series(seed):
    """Return persons with two to four cycles each, around an average of -1."""
    rng = np.random.default_rng(seed)
    for number in range(PERSONS):
        cycles = 2 + number % 3
        mine = rng.normal(rng.normal(-1.0, 0.5), 1.0, cycles)
        yield PersonSummary(
            person=f"p{number}",
            estimate=float(mine.mean()),
            se=float(mine.std(ddof=1) / cycles**0.5),
            cycles=cycles,
            differences=None,
        )


@pytest.mark.slow
def test_averages_of_estimates_hold_the_truth_as_often_as_they_promise():
    inside = {"bayes": 0, "reml": 0}
    for seed in range(SERIES):
        found, _ = contributions_of(list(series(seed)), ("placebo", "drug"), OUTCOME)
        fit = pool(members([("x", one) for one in found], leave_out={}), Question(purpose="next"))
        inside["bayes"] += fit.bayes.mean.ci_low < -1.0 < fit.bayes.mean.ci_high
        inside["reml"] += fit.frequentist.reml.ci_low < -1.0 < fit.frequentist.reml.ci_high
    # Of 60 series 57 are expected; fewer than 52 or more than 60 has a chance below one in 100.
    assert all(52 <= n <= SERIES for n in inside.values()), inside
