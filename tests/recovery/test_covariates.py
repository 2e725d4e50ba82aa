"""A covariate that moves the scores: adjusting narrows the interval and stays unbiased."""

from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.exact import quadrature
from nof1.inference.frequentist import reml
from nof1.inference.sampled import nuts
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import Scale
from nof1.trial.data import DailyCovariate
from support.trials import simulated_trial

SCALE = Scale(name="numeric", low=0, high=40, step=0.001, better="lower")
TRUTH = Truth(level=20, effects=(-3.0,), half_life_days=0, sigma=2, phi=0.3, period_sd=0.4)
SLOPE = 0.8
PLAN = AnalysisPlan(carryover="none")


def pair(rng, plan=PLAN, *, missing=0.1):
    """Return one person's trial with and without its covariate, which moves the scores."""
    data = simulated_trial(
        TRUTH,
        rng,
        arm_of_period=(0, 1, 1, 0, 0, 1, 1, 0),
        period_days=14,
        scale=SCALE,
        rounded=False,
    )
    (series,) = data.masked.series
    heat = rng.normal(20, 4, len(series.day))
    series = replace(series, score=series.score + SLOPE * (heat - 20))
    known = rng.random(len(heat)) >= missing
    recorded = DailyCovariate(
        covariate="heat",
        title="Heat",
        unit="°C",
        value=dict(zip(series.day[known].tolist(), heat[known].tolist(), strict=True)),
    )
    masked = replace(data.masked, series=(series,), covariates=(recorded,))
    bare = replace(data, masked=replace(masked, covariates=()))
    return (
        model_input(replace(data, masked=masked), series, plan),
        model_input(bare, series, plan),
    )


def unbiased(found, truth):
    return abs(np.mean(found) - truth) < 4 * np.std(found) / len(found) ** 0.5


@pytest.mark.parametrize("engine", [reml, quadrature], ids=["reml", "quadrature"])
def test_an_engine_is_unbiased_covers_and_is_narrower(engine):
    rng = np.random.default_rng(8)
    estimates, widths, covered = [], [], []
    for _ in range(60):
        adjusted, plain = (engine.fit(given, 1, 0) for given in pair(rng))
        estimates.append(adjusted.estimate)
        covered.append(adjusted.ci_low < -3 < adjusted.ci_high)
        widths.append((adjusted.ci_high - adjusted.ci_low) / (plain.ci_high - plain.ci_low))
    assert unbiased(estimates, -3)
    assert np.mean(covered) >= 0.87
    assert np.median(widths) < 0.85


def test_the_slope_of_reml_is_unbiased():
    rng = np.random.default_rng(12)
    fits = [reml.fit(pair(rng)[0], 1, 0).covariates["heat"].change for _ in range(60)]
    assert unbiased([fit.estimate for fit in fits], SLOPE)
    assert np.mean([fit.ci_low < SLOPE < fit.ci_high for fit in fits]) >= 0.87


@pytest.mark.slow
def test_nuts_finds_the_slope_and_is_narrower():
    adjusted, plain = (nuts.fit(given, 1, 0, draws=300) for given in pair(np.random.default_rng(9)))
    heat = adjusted.covariates["heat"].change
    assert heat.ci_low < SLOPE < heat.ci_high
    assert adjusted.ci_low < -3 < adjusted.ci_high
    assert adjusted.effect.sd < 0.85 * plain.effect.sd


@pytest.mark.slow
def test_nuts_is_unbiased():
    rng = np.random.default_rng(10)
    fits = [nuts.fit(pair(rng)[0], 1, 0, draws=300) for _ in range(12)]
    off = np.array([(fit.estimate + 3) / fit.effect.sd for fit in fits])
    assert abs(off.mean()) < 4 / len(off) ** 0.5
    assert np.abs(off).max() < 3.5
