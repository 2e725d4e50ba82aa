"""Scores of a morning that speak of the night before: the evidence, and what is said."""

from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.analysis import analyse
from nof1.inference.cautions import on_mornings
from nof1.inference.checks.mornings import STRONG, evidence_of_the_day_before
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Decision
from support.trials import simulated_trial

ORDER = (0, 1, 1, 0, 0, 1, 1, 0)


def data_of(seed, *, half_life=0.0, days_late=0, recall_days=1):
    """Eight periods of a week, an effect of -3, scores dated so many days late."""
    truth = Truth(level=6, effects=(-3.0,), half_life_days=half_life, sigma=1, phi=0.0)
    data = simulated_trial(
        truth, np.random.default_rng(seed), arm_of_period=ORDER, period_days=7, rounded=False
    )
    series = data.masked.series[0]
    late = np.concatenate([np.full(days_late, np.nan), series.score])[: len(series.score)]
    series = replace(series, score=late, recall_days=recall_days)
    return replace(data, masked=replace(data.masked, series=(series,)))


def evidence(data):
    return evidence_of_the_day_before(model_input(data, data.masked.series[0], AnalysisPlan()))


@pytest.mark.parametrize("seed", range(4))
def test_scores_dated_a_day_late_are_told_from_those_of_their_own_day(seed):
    own, late = evidence(data_of(seed)), evidence(data_of(seed, days_late=1))
    assert own < -STRONG
    assert late > STRONG


@pytest.mark.parametrize("half_life", [1.0, 3.0])
def test_carryover_is_not_taken_for_a_late_date(half_life):
    assert max(evidence(data_of(seed, half_life=half_life)) for seed in range(8)) < STRONG


def test_scores_that_look_back_on_more_than_a_day_are_not_asked():
    assert evidence(data_of(1, days_late=1, recall_days=7)) is None


def test_it_is_said_with_the_mend():
    data = data_of(1, days_late=1)
    said = analyse(data, data.masked.series[0], AnalysisPlan(), Decision()).warnings
    (found,) = (line for line in said if "the day before their own" in line)
    assert "--score-day before" in found
    assert not list(on_mornings(STRONG))
    assert not list(on_mornings(None))
