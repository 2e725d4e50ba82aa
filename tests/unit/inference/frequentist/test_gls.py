"""Regression with AR(1) noise and period shifts: one fit, many fits, against dense matrices."""

from dataclasses import asdict, replace

import numpy as np
import pytest
from statsmodels.tsa.statespace.sarimax import SARIMAX

from nof1.inference.frequentist import gls as gls_module
from nof1.inference.frequentist import reml
from nof1.inference.frequentist.gls import gls
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan
from support.naive import naive_reml
from support.trials import reference_trial, simulated_trial


def truth_of(phi, period_sd):
    return Truth(level=5, effects=(-1,), half_life_days=0, sigma=1, phi=phi, period_sd=period_sd)


def test_full_likelihood_equals_statsmodels_with_gaps():
    """Same AR(1) model by Kalman filter, missing days included."""
    data = reference_trial("c_irls_daily")
    given = model_input(data, data.masked.series[0], AnalysisPlan())
    x = np.column_stack([np.ones(given.n), given.exposure(0.0)])
    ours = gls(given.score, x, given.lag, restricted=False)
    score = np.full(168, np.nan)
    score[given.day - 1] = given.score
    exog = np.column_stack([np.ones(168), given.dose])
    theirs = SARIMAX(score, exog=exog, order=(1, 0, 0)).fit(disp=False)
    assert ours.coefficients == pytest.approx(theirs.params[:2], abs=2e-3)
    assert ours.phi == pytest.approx(theirs.params[2], abs=2e-3)
    assert ours.log_likelihood == pytest.approx(theirs.llf, abs=1e-3)


def test_period_effects_equal_a_dense_restricted_likelihood():
    truth = Truth(level=5, effects=(-1,), half_life_days=0, sigma=1, phi=0.3, period_sd=1.2)
    data = simulated_trial(truth, np.random.default_rng(12), rounded=False, period_days=20)
    given = model_input(data, data.masked.series[0], AnalysisPlan())
    x = np.column_stack([np.ones(given.n), given.exposure(0.0)])
    found = gls(given.score, x, given.lag, given.period_share)

    def restricted(phi, ratio):
        time = np.cumsum(given.lag)
        v = phi ** np.abs(time[:, None] - time) + ratio**2 * (
            given.period_share @ given.period_share.T
        )
        inverse = np.linalg.inv(v)
        xx = x.T @ inverse @ x
        beta = np.linalg.solve(xx, x.T @ inverse @ given.score)
        rest = given.score - x @ beta
        n = given.n - 2
        s2 = rest @ inverse @ rest / n
        return (
            -0.5
            * (n * np.log(2 * np.pi * s2) + np.linalg.slogdet(v)[1] + np.linalg.slogdet(xx)[1] + n),
            beta,
            s2,
        )

    best, beta, s2 = restricted(found.phi, found.ratio)
    assert found.log_likelihood == pytest.approx(best, abs=1e-8)
    assert found.coefficients == pytest.approx(beta, abs=1e-8)
    assert found.sigma == pytest.approx(s2**0.5, rel=1e-8)
    assert found.ratio > 0.3
    for phi, ratio in ((0.01, 0), (0, 0.01), (-0.01, 0), (0, -0.01)):
        assert restricted(found.phi + phi, found.ratio + ratio)[0] < best


def test_satterthwaite_of_a_balanced_design_is_periods_minus_two():
    """Independent noise, large period shifts: the contrast has P - 2 degrees of freedom."""
    rng = np.random.default_rng(0)
    arms = np.repeat((0, 1, 1, 0, 0, 1, 1, 0), 10)
    period = np.repeat(np.eye(8), 10, axis=0)
    y = rng.standard_normal(80) + period @ (4 * rng.standard_normal(8))
    lag = np.ones(80) * 1e6  # days so far apart that nothing is correlated
    found = gls(y, np.column_stack([np.ones(80), arms]), lag, period)
    assert found.df[1] == pytest.approx(6, rel=0.05)


def test_scores_without_scatter_are_refused():
    data = simulated_trial(truth_of(0.3, 0.0), np.random.default_rng(3))
    given = model_input(data, data.masked.series[0], AnalysisPlan())
    exact = replace(given, score=np.where(given.arm == 1, 3.0, 5.0))
    assert "do not scatter" in reml.fit(exact, 1, 0).why


def test_one_period_on_each_arm_cannot_show_the_shifts_of_periods():
    truth = Truth(level=5, effects=(-1,), half_life_days=0, sigma=1, phi=0.3)
    data = simulated_trial(truth, np.random.default_rng(3), arm_of_period=(0, 1))
    series = data.masked.series[0]
    assert "too few periods" in reml.fit(model_input(data, series, AnalysisPlan()), 1, 0).why
    without = model_input(data, series, AnalysisPlan(period_effects="none"))
    assert reml.fit(without, 1, 0).df > 10


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize(
    ("seed", "phi", "period_sd", "every", "missing"),
    [
        (1, 0.5, 1.0, 1, 0.2),
        (2, 0.3, 0.0, 1, 0.0),
        (3, 0.7, 0.5, 7, 0.0),
        (4, 0.0, 0.6, 3, 0.3),
        (6, 0.8, 2.0, 2, 0.1),
    ],
)
def test_fit_equals_a_dense_likelihood_and_a_generic_optimiser(
    seed, phi, period_sd, every, missing, restricted
):
    data = simulated_trial(
        truth_of(phi, period_sd),
        np.random.default_rng(seed),
        period_days=21,
        every_days=every,
        missing=missing,
        recall_days=min(every, 3),
        rounded=False,
    )
    given = model_input(data, data.masked.series[0], AnalysisPlan())
    x = reml.regressors(given, 0.0)
    ours = gls(given.score, x, given.lag, given.period_share, restricted=restricted)
    theirs = naive_reml(given.score, x, given.lag, given.period_share, restricted=restricted)
    se = np.sqrt(np.diag(theirs["covariance"]))
    assert ours.log_likelihood == pytest.approx(theirs["log_likelihood"], abs=1e-5)
    assert ours.phi == pytest.approx(theirs["phi"], abs=2e-3)
    assert ours.ratio == pytest.approx(theirs["ratio"], abs=1e-2)
    assert (np.abs(ours.coefficients - theirs["coefficients"]) < 2e-3 * se).all()
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(se, rel=3e-3)
    assert ours.df == pytest.approx(theirs["df"], rel=0.03)


@pytest.mark.parametrize("with_periods", [True, False])
def test_many_fits_are_each_the_single_one(monkeypatch, with_periods):
    data = simulated_trial(
        truth_of(0.4, 0.5), np.random.default_rng(9), missing=0.2, period_days=14
    )
    given = model_input(data, data.masked.series[0], AnalysisPlan())
    x = reml.regressors(given, 0.0)
    periods = given.period_share if with_periods else None
    rng = np.random.default_rng(10)
    scores = 20 + rng.standard_normal((7, given.n)).cumsum(axis=1) / rng.integers(1, 9, (7, 1))
    # Two at a time, the last one alone.
    monkeypatch.setattr(gls_module, "NUMBERS", 2 * 9 * 81)
    many = gls(scores, x, given.lag, periods)
    for i, one in enumerate(scores):
        single = gls(one, x, given.lag, periods)
        for name in ("coefficients", "covariance", "phi", "ratio", "sigma", "log_likelihood", "df"):
            assert getattr(many, name)[i] == pytest.approx(
                getattr(single, name), rel=1e-7, abs=1e-9
            )


def test_many_contrasts_are_each_the_single_one():
    data = simulated_trial(truth_of(0.4, 0.5), np.random.default_rng(9), period_days=14)
    given = model_input(data, data.masked.series[0], AnalysisPlan())
    scores = np.random.default_rng(3).normal(5, 1, (4, given.n))
    many = reml.fit_many(scores, given, 1, 0)
    for i, one in enumerate(scores):
        single = reml.fit(replace(given, score=one), 1, 0)
        figures = {name: values[i] for name, values in asdict(many.tests).items()}
        figures |= {name: getattr(many, name)[i] for name in ("phi", "sigma", "sigma_period")}
        alone = {name: getattr(single, name) for name in figures}
        assert figures == pytest.approx(alone, rel=1e-7, abs=1e-9)


def test_many_contrasts_of_a_design_that_tells_nothing_are_refused():
    data = simulated_trial(truth_of(0.3, 0.0), np.random.default_rng(3), arm_of_period=(0, 1))
    given = model_input(data, data.masked.series[0], AnalysisPlan())
    with pytest.raises(ValueError, match="too few periods"):
        reml.fit_many(given.score[None], given, 1, 0)


def test_a_constant_added_to_all_scores_moves_the_level_alone():
    data = simulated_trial(truth_of(0.4, 0.5), np.random.default_rng(9))
    given = model_input(data, data.masked.series[0], AnalysisPlan())
    x = reml.regressors(given, 0.0)
    here = gls(given.score, x, given.lag, given.period_share)
    there = gls(given.score + 1000, x, given.lag, given.period_share)
    assert there.coefficients - here.coefficients == pytest.approx([1000, 0, 0], abs=1e-7)
    assert there.sigma == pytest.approx(here.sigma, rel=1e-9)


def test_the_variance_of_shifts_and_noise_is_recovered():
    """Many simulated trials of one design: estimates centre on the truth, intervals cover it."""
    rng = np.random.default_rng(12)
    data = simulated_trial(truth_of(0.4, 0.0), rng, arm_of_period=(0, 1, 1, 0) * 3, period_days=14)
    given = model_input(data, data.masked.series[0], AnalysisPlan(trend="none"))
    m = 1500
    noise = rng.standard_normal((m, given.n))
    for i in range(1, given.n):
        noise[:, i] = 0.4 * noise[:, i - 1] + (1 - 0.16) ** 0.5 * noise[:, i]
    shifts = 0.6 * rng.standard_normal((m, 12)) @ given.period_share.T
    found = reml.fit_many(5 - 1.0 * (given.arm == 1) + shifts + noise, given, 1, 0)
    tests = found.tests
    assert tests.estimate.mean() == pytest.approx(-1, abs=4 * tests.se.mean() / m**0.5)
    assert np.median(found.sigma_period) == pytest.approx(0.6, abs=0.05)
    assert found.phi.mean() == pytest.approx(0.4, abs=0.03)
    covered = ((tests.ci_low < -1) & (tests.ci_high > -1)).mean()
    assert covered == pytest.approx(0.95, abs=0.03)
