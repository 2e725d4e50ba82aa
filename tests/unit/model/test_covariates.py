from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.analysis import analyse
from nof1.inference.frequentist import reml
from nof1.model.covariates import adjustments
from nof1.model.model_input import model_input
from nof1.model.priors import point_priors
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.trial.data import DailyCovariate
from support.naive import naive_ar1
from support.trials import simulated_trial

PLAN = AnalysisPlan()
TRUTH = Truth(level=5, effects=(-1.5,), half_life_days=0, sigma=1, phi=0.3)


def recorded(value, name="heat"):
    return DailyCovariate(covariate=name, title=name.title(), unit="°C", value=value)


def trial_with(*covariates, effect=0.0, **options):
    """Return a trial with covariates, the first of which adds to the scores of its days."""
    data = simulated_trial(TRUTH, np.random.default_rng(3), rounded=False, **options)
    (series,) = data.masked.series
    added = np.array([covariates[0].value.get(int(day), 0.0) for day in series.day])
    series = replace(series, score=series.score + effect * added)
    return replace(data, masked=replace(data.masked, series=(series,), covariates=covariates))


def given_with(*covariates, **options):
    data = trial_with(*covariates, **options)
    return model_input(data, data.masked.series[0], PLAN)


def naive(values, days, recall_days):
    """The mean of each window's recorded days, standardised over the scores that have one."""
    means = []
    for day in days:
        window = [values[d] for d in range(day - recall_days + 1, day + 1) if d in values]
        means.append(np.mean(window) if window else np.nan)
    means = np.array(means)
    return np.nan_to_num((means - np.nanmean(means)) / np.nanstd(means)), np.nanstd(means)


@pytest.mark.parametrize("recall_days", [1, 7])
def test_columns_are_window_means_in_sds_and_0_where_nothing_was_recorded(recall_days):
    rng = np.random.default_rng(1)
    values = {day: float(rng.normal()) for day in range(1, 80) if rng.random() < 0.6}
    days = np.arange(7, 90, 7)
    columns, (heat,) = adjustments([recorded(values)], days, recall_days)
    expected, sd = naive(values, days.tolist(), recall_days)
    np.testing.assert_allclose(columns[:, 0], expected, atol=1e-12)
    assert heat.sd == pytest.approx(sd)
    assert heat.missing == np.sum(expected == 0)
    assert heat.missing > 0
    assert (heat.covariate, heat.title, heat.unit) == ("heat", "Heat", "°C")


@pytest.mark.parametrize("value", [{}, {500: 1.0}, dict.fromkeys(range(1, 100), 0.1)])
def test_what_does_not_vary_over_the_scores_is_left_out(value):
    days = np.arange(7, 90, 7)
    columns, kept = adjustments([recorded(value)], days, 7)
    assert columns.shape == (12, 0)
    assert kept == ()


def test_the_prior_is_a_share_of_the_range_for_one_sd():
    given = given_with(recorded({1: 1.0, 2: 3.0}))
    assert given.covariates.shape == (given.n, 1)
    assert point_priors(given).covariate_sd == pytest.approx(0.5)


def test_reml_gives_the_change_for_one_unit():
    values = {day: float(x) for day, x in enumerate(np.random.default_rng(2).normal(20, 5, 169))}
    given = given_with(recorded(values), effect=0.3)
    fit = reml.fit(given, 1, 0)
    heat = fit.covariates["heat"].change
    assert heat.estimate == pytest.approx(0.3, abs=3 * heat.se)
    assert heat.se < 0.05
    # Generalised least squares with dense matrices and the covariate in its own units.
    raw = np.array([values[int(day)] for day in given.day])
    x = np.column_stack([np.ones(given.n), given.arm == 1, given.trend, raw])
    ratio = fit.sigma_period / fit.sigma
    noise = naive_ar1(given.lag, fit.phi)
    noise += ratio**2 * given.period_share @ given.period_share.T
    normal = x.T @ np.linalg.solve(noise, x)
    slope = np.linalg.solve(normal, x.T @ np.linalg.solve(noise, given.score))[3]
    assert heat.estimate == pytest.approx(slope, rel=1e-8)
    se = fit.sigma * np.linalg.inv(normal)[3, 3] ** 0.5
    assert heat.se == pytest.approx(se, rel=1e-8)


def test_a_covariate_that_is_the_treatment_is_refused_by_reml():
    on = [day for period in (2, 3, 6) for day in range(period * 28 - 27, period * 28 + 1)]
    value = {day: float(day in on) for day in range(1, 169)}
    fit = reml.fit(given_with(recorded(value)), 1, 0)
    assert fit.why == "a covariate goes with the arms, the trend or another covariate throughout"


def test_the_analysis_says_what_was_adjusted_for_and_what_could_not_be():
    heat = recorded({day: day % 5.0 for day in range(1, 169) if day % 3})
    data = trial_with(heat, recorded({}, "noise"))
    series = data.masked.series[0]
    found = analyse(data, series, PLAN, Decision(), engines=("paired", "reml"))
    said = " ".join(found.warnings)
    assert "Noise was not adjusted for: it was not recorded, or is the same" in said
    assert "Heat was not recorded for 56 of 168 scores; there it is taken at its mean." in said
    assert "The models are adjusted for Heat; randomisation and paired are not." in said
    unadjusted = replace(data, masked=replace(data.masked, covariates=()))
    plain = analyse(unadjusted, series, PLAN, Decision(), engines=("paired", "reml"))
    assert plain.primary.engines["paired"] == found.primary.engines["paired"]
    assert plain.primary.engines["reml"] != found.primary.engines["reml"]
    assert not plain.primary.engines["reml"].covariates
