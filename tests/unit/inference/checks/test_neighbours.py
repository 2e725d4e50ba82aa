"""Neighbouring scores that move against each other: the test's moments, and what is said."""

import json
from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.analysis import analyse
from nof1.inference.cautions import on_neighbours
from nof1.inference.checks.neighbours import compare_neighbours, moments
from nof1.inference.frequentist.reml import regressors
from nof1.inference.json_result import analysis_object
from nof1.inference.result import Neighbours
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.words.caution import sentence
from support.trials import simulated_trial

PLAN, DECISION = AnalysisPlan(), Decision()
CALM = Truth(level=5, effects=(0.0,), half_life_days=0, sigma=1, phi=0.0)


def against(phi, rng, n):
    """Stationary noise of SD 1 whose neighbours have a correlation that may be negative."""
    noise = rng.standard_normal(n)
    for i in range(1, n):
        noise[i] = phi * noise[i - 1] + (1 - phi**2) ** 0.5 * noise[i]
    return noise


def data_of(phi=-0.5, seed=1, *, order=(0, 1, 1, 0), period_days=14):
    rng = np.random.default_rng(seed)
    data = simulated_trial(CALM, rng, arm_of_period=order, period_days=period_days, rounded=False)
    series = data.masked.series[0]
    score = 5 + against(phi, rng, len(series.score))
    return replace(data, masked=replace(data.masked, series=(replace(series, score=score),)))


def given_of(data, plan=PLAN):
    return model_input(data, data.masked.series[0], plan)


def found_in(data, plan=PLAN):
    return compare_neighbours(given_of(data, plan), 1, 0)


class TestMoments:
    def test_of_a_mean_alone_they_are_known(self):
        """Moran (1948, doi:10.1093/biomet/35.3-4.255): -1/n and (n-2)^2 / n^2 (n-1)."""
        n = 20
        mean, sd = moments(np.ones(n - 1, dtype=bool), np.full((n, 1), n**-0.5))
        assert mean == pytest.approx(-1 / n)
        assert sd**2 == pytest.approx((n - 2) ** 2 / (n**2 * (n - 1)))

    def test_they_are_those_of_simulated_residuals(self):
        given = given_of(data_of(0.0))
        x = np.column_stack([regressors(given, 0.0), given.period_share])
        hat = x @ np.linalg.pinv(x)
        rest = np.random.default_rng(3).standard_normal((40_000, given.n))
        rest = rest - rest @ hat
        r = (rest[:, 1:] * rest[:, :-1]).sum(axis=1) / (rest**2).sum(axis=1)
        found = found_in(data_of(0.0))
        assert found.expected == pytest.approx(r.mean(), abs=4 * r.std() / 200)
        one = given.score - hat @ given.score
        assert found.correlation == pytest.approx((one[1:] @ one[:-1]) / (one @ one))
        assert found.p_negative == pytest.approx(np.mean(r < found.correlation), abs=0.02)

    def test_they_are_those_of_dense_matrices(self):
        rng = np.random.default_rng(6)
        n, near = 30, rng.random(29) < 0.8
        basis = np.linalg.qr(rng.standard_normal((n, 4)))[0]
        a = np.diag(0.5 * near, 1) + np.diag(0.5 * near, -1)
        m = np.eye(n) - basis @ basis.T
        mean, sd = moments(near, basis)
        first, second = np.trace(m @ a), np.trace(m @ a @ m @ a)
        assert mean == pytest.approx(first / 26)
        assert sd**2 == pytest.approx((first**2 + 2 * second) / (26 * 28) - mean**2)

    def test_days_without_a_score_have_no_neighbours_across_them(self):
        data = data_of(-0.5)
        series = data.masked.series[0]
        score = np.where(series.day % 3 == 0, np.nan, series.score)
        thinned = replace(data, masked=replace(data.masked, series=(replace(series, score=score),)))
        given = given_of(thinned)
        x = np.column_stack([regressors(given, 0.0), given.period_share])
        rest = given.score - x @ np.linalg.pinv(x) @ given.score
        pairs = np.flatnonzero(np.diff(given.day) == 1)
        r = (rest[pairs] * rest[pairs + 1]).sum() / (rest**2).sum()
        assert found_in(thinned).correlation == pytest.approx(r)


class TestRates:
    def test_independent_scores_are_seldom_said_to_move_against_each_other(self):
        said = sum(found_in(data_of(0.0, seed)).against for seed in range(300))
        assert said <= 300 * 0.01 + 3 * (300 * 0.01 * 0.99) ** 0.5

    def test_a_clear_correlation_is_found(self):
        assert sum(found_in(data_of(-0.5, seed)).against for seed in range(60)) >= 50

    def test_a_positive_one_never(self):
        assert not any(found_in(data_of(0.5, seed)).against for seed in range(60))


class TestWidth:
    def test_long_periods_make_intervals_too_wide_and_daily_changes_too_narrow(self):
        assert found_in(data_of(-0.5)).too_wide > 1.3
        daily = data_of(-0.5, order=(0, 1) * 28, period_days=1)
        plan = AnalysisPlan(period_effects="none")
        assert found_in(daily, plan).too_wide < 0.8

    def test_it_is_that_of_the_whole_correlation_matrix(self):
        data = data_of(-0.5)
        series = data.masked.series[0]
        score = np.where(series.day % 5 == 0, np.nan, series.score)
        given = given_of(
            replace(data, masked=replace(data.masked, series=(replace(series, score=score),)))
        )
        found = compare_neighbours(given, 1, 0)
        phi = found.correlation - found.expected
        apart = np.abs(np.subtract.outer(given.day, given.day))
        weights = given.as_scheduled_weights(1, 0)
        variance = weights @ (np.sign(phi) ** apart * np.abs(phi) ** apart) @ weights
        assert found.too_wide == pytest.approx((weights @ weights / variance) ** 0.5)

    def test_it_is_what_the_variance_of_the_difference_says(self):
        """Against the spread of simulated differences, by the correlation that they have."""
        phi, rng = -0.5, np.random.default_rng(5)
        given = given_of(data_of(phi))
        weights = given.as_scheduled_weights(1, 0)
        noise = np.array([against(phi, rng, given.n) for _ in range(4000)])
        true = (weights @ weights) ** 0.5 / (noise @ weights).std()
        found = np.mean([found_in(data_of(phi, seed)).too_wide for seed in range(40)])
        assert found == pytest.approx(true, rel=0.15)


def test_it_is_said_with_what_the_models_make_of_it():
    data = data_of(-0.6)
    found = analyse(data, data.masked.series[0], PLAN, DECISION)
    [said] = [one for one in found.warnings if "against each other" in one]
    assert "phi is taken as 0 or more" in said
    assert "times too wide" in said
    content = json.loads(json.dumps(analysis_object(found), allow_nan=False))
    assert content["neighbours"]["against"] is True
    assert content["neighbours"]["correlation"] < -0.4


def test_what_is_not_found_is_not_said():
    one = Neighbours(correlation=-0.4, expected=-0.03, p_negative=0.001, too_wide=0.5)
    assert "2.0 times too narrow" in sentence(next(on_neighbours(one)))
    unsaid = sentence(next(on_neighbours(replace(one, too_wide=None))))
    assert unsaid.endswith("phi is taken as 0 or more.")
    assert list(on_neighbours(replace(one, p_negative=0.02))) == []
    assert list(on_neighbours(None)) == []


def test_too_few_scores_and_scores_without_scatter_tell_nothing():
    few = data_of(order=(0, 1), period_days=6)
    assert found_in(few) is None
    data = data_of()
    series = replace(data.masked.series[0], score=np.full(56, 4.0))
    assert found_in(replace(data, masked=replace(data.masked, series=(series,)))) is None
