from __future__ import annotations

import numpy as np
import pytest

from nof1.inference.checks.carryover import summarise_carryover
from nof1.inference.checks.description import describe
from nof1.inference.result import Contrast, Verdict
from nof1.model.model_input import model_input
from nof1.model.priors import HalfLifePrior
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import IRLS
from support.stories import story
from support.trials import regular_periods, trial

SCALE_SCORES = np.array([10.0, 12.0, np.nan, 20.0, 22.0, 24.0, 11.0, 13.0])


@pytest.fixture
def small():
    """Four periods of a week, two scores a period, one missing."""
    day = np.array([4, 7, 11, 14, 18, 21, 25, 28])
    return trial(regular_periods(4, 7), (0, 1, 1, 0), day, SCALE_SCORES.copy(), scale=IRLS)


def test_scores_and_periods_are_described(small):
    found = describe(small, small.masked.series[0], AnalysisPlan())
    assert [one.day for one in found.scores] == [4, 7, 14, 18, 21, 25, 28]
    assert [one.period for one in found.scores] == [1, 1, 2, 3, 3, 4, 4]
    assert all(one.used for one in found.scores)
    assert [one.missing for one in found.periods] == [0, 1, 0, 0]
    assert [one.mean for one in found.periods] == [11.0, 20.0, 23.0, 12.0]
    assert [one.arm for one in found.periods] == ["A", "B", "B", "A"]
    assert found.periods[1].sd is None
    assert found.periods[0].sd == pytest.approx(2**0.5)


def test_scores_of_dropped_days_are_shown_and_not_used(small):
    found = describe(small, small.masked.series[0], AnalysisPlan(drop_days=4))
    assert [one.day for one in found.scores if not one.used] == [4, 18, 25]
    assert [one.mean for one in found.periods] == [12.0, 20.0, 24.0, 13.0]


def test_the_prior_interval_leaves_equal_tails():
    one = HalfLifePrior(means_days=(10.0,), shares=(1.0,))
    low, high = one.interval(0.9)
    assert low == pytest.approx(-10 * np.log(0.95))
    assert high == pytest.approx(-10 * np.log(0.05))
    two = HalfLifePrior(means_days=(10.0, 0.4), shares=(0.7, 0.3))
    days = np.linspace(0, 400, 400_001)
    low, high = two.interval(0.95)
    inside = (days >= low) & (days <= high)
    assert np.trapezoid(np.where(inside, two.density(days), 0), days) == pytest.approx(
        0.95, abs=2e-3
    )


def test_carryover_is_summarised_beside_its_prior():
    told = story("cannot-tell")
    found, fit = told.carryover, told.primary.primary.fit("quadrature")
    after = fit.half_life
    assert (found.mean, found.low, found.high) == (after.mean, after.ci_low, after.ci_high)
    assert found.prior_low < found.prior_mean < found.prior_high
    assert found.shares[0] == (0.0, pytest.approx(1.0))
    shares = [share for _, share in found.shares]
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize(("carryover", "days"), [("none", 0.0), ("fixed:7", 7.0)])
def test_a_fixed_half_life_has_neither_prior_nor_posterior(small, carryover, days):
    plan = AnalysisPlan(carryover=carryover)
    contrast = Contrast(active="B", comparator="A", engines={}, verdict=Verdict(code="cannot-tell"))
    found = summarise_carryover(model_input(small, small.masked.series[0], plan), contrast)
    assert found.fixed_days == days
    assert found.prior_mean is found.mean is found.narrowed is None
    assert len(found.shares) == 5
