import numpy as np
import pytest

from nof1.calibration.scenarios import Cell, Situation
from nof1.calibration.truths import at_fixed_truth, from_priors, prior_truth
from nof1.model.priors import point_priors

WEEKLY = Situation("weekly", 3, 0.3, 0.3, 7.0)


def test_draws_are_from_the_default_priors():
    """The calibration is only worth something if both sides use the same priors."""
    rng = np.random.default_rng(1)
    priors = point_priors(from_priors("weekly", 3, 0.0, 1, rng).givens[0])
    draws = [prior_truth(priors, rng) for _ in range(8000)]
    half_life = np.array([one.half_life_days for one in draws])
    # 0.7 exponential with median 7 days and 0.3 exponential with mean 0.4 days.
    assert np.mean(half_life > 7) == pytest.approx(0.7 * 0.5, abs=0.02)
    assert np.mean(half_life < 0.4) == pytest.approx(
        0.3 * (1 - np.exp(-1)) + 0.7 * (1 - 2 ** (-0.4 / 7)), abs=0.02
    )
    effect = np.array([one.effects[0] for one in draws])
    assert (effect.mean(), effect.std()) == (pytest.approx(0, abs=0.3), pytest.approx(6, rel=0.03))
    phi = np.array([one.phi for one in draws])
    assert (phi.mean(), phi.var()) == (pytest.approx(0.5, abs=0.01), pytest.approx(0.05, rel=0.05))
    sigma = np.array([one.sigma for one in draws])
    assert np.median(sigma) == pytest.approx(5 * 0.7649, rel=0.04)  # half-t, 3 df, scale 40 / 8
    ratio = np.array([one.period_sd / one.sigma for one in draws])
    assert np.mean(ratio**2) == pytest.approx(0.25, rel=0.06)
    assert np.std([one.trend for one in draws]) == pytest.approx(2, rel=0.04)
    assert np.std([one.level for one in draws]) == pytest.approx(10, rel=0.04)


def test_people_alike_share_sequence_and_days_and_nothing_else():
    people = at_fixed_truth(Cell(WEEKLY, 1), 5, np.random.default_rng(2))
    scores = np.array([given.score for given in people.givens])
    assert scores.shape == (5, 24)
    assert len(np.unique(scores)) == scores.size
    assert len({given.arm_of_period for given in people.givens}) == 1
    assert people.givens[0].arm_of_period in people.allocation_set


def test_the_truth_is_that_of_the_cell():
    people = at_fixed_truth(Cell(WEEKLY, 2), 2, np.random.default_rng(3))
    truth = people.truths[1]
    assert (truth.effects, truth.half_life_days, truth.sigma) == ((-6.0,), 7.0, 4.0)
    assert truth.period_sd == pytest.approx(1.2)
    assert truth.trend == pytest.approx(1.2)


def test_a_third_of_the_scores_is_missing_where_it_should_be():
    cell = Cell(Situation("daily", 8, 0.3, 0.0, 0.0, missing=0.3), 0)
    [given, _] = at_fixed_truth(cell, 2, np.random.default_rng(4)).givens
    assert given.n_missing / (given.n + given.n_missing) == pytest.approx(0.3, abs=0.07)


def test_rounded_scores_are_whole_and_on_the_scale():
    cell = Cell(Situation("daily", 3, 0.3, 0.3, 0.0, rounded=True), 2)
    scores = at_fixed_truth(cell, 3, np.random.default_rng(5)).givens[0].score
    assert set(scores) <= set(range(11))
