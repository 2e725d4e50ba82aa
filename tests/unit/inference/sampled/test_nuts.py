from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.sampled import nuts
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan
from nof1.trial.data import DailyCovariate
from support.trials import simulated_trial

TWO = AnalysisPlan(half_lives="two")


def given_with(truth, plan=TWO, *, arm_of_period=(0, 1, 1, 0, 0, 1, 1, 0), **masked):
    """Return a simulated person's scores, some fields of the masked data replaced."""
    data = simulated_trial(truth, np.random.default_rng(1), arm_of_period=arm_of_period)
    data = replace(data, masked=replace(data.masked, **masked))
    return model_input(data, data.masked.series[0], plan)


@pytest.mark.parametrize(("fall", "rise"), [(1.0, 1.0), (3.0, 8.0), (0.0, 2.0), (2.0, 0.0)])
def test_its_exposure_is_that_of_the_model_for_every_dose(fall, rise):
    import pytensor.tensor as pt

    truth = Truth(level=5, effects=(-2.0, 1.0), half_life_days=1, sigma=0.5, phi=0.2)
    shares = np.random.default_rng(2).choice([0.0, 0.5, 1.0], 252, p=[0.2, 0.2, 0.6])
    given = given_with(
        truth,
        TWO.model_copy(update={"missed_doses": "as-taken"}),
        arm_of_period=(0, 1, 2, 2, 0, 1, 1, 2, 0),
        taken={day + 1: float(share) for day, share in enumerate(shares)},
    )
    found = nuts._exposure(given, pt.as_tensor_variable(fall), pt.as_tensor_variable(rise)).eval()
    np.testing.assert_allclose(found, given.exposure(fall, rise), atol=1e-12)


def test_tells_rise_from_fall_and_finds_a_slope_where_the_scores_do():
    truth = Truth(
        level=6, effects=(-3.0,), half_life_days=8, rise_days=1.5, sigma=0.5, phi=0.2, period_sd=0.1
    )
    heat = np.random.default_rng(3).normal(20, 4, 225)
    given = given_with(
        truth,
        covariates=(
            DailyCovariate(covariate="heat", title="Heat", unit="", value=dict(enumerate(heat))),
        ),
    )
    given = replace(given, score=given.score + 0.2 * (heat[given.day] - 20))
    values = nuts.fit(given, 1, 0, draws=250)
    slope = values.covariates["heat"].change
    assert slope.ci_low < 0.2 < slope.ci_high
    assert slope.ci_low > 0.1
    for found, days in ((values.half_life, 8), (values.half_life_rise, 1.5)):
        assert found.ci_low < days < found.ci_high
    assert values.half_life_rise.ci_high < values.half_life.ci_low
    assert values.ci_low < -3 < values.ci_high


def test_its_sampler_is_named_whatever_else_is_installed(monkeypatch):
    import pymc as pm

    asked = {}
    monkeypatch.setattr(pm, "sample", lambda **options: asked.update(options))
    truth = Truth(level=5, effects=(-2.0,), half_life_days=1, sigma=0.5, phi=0.2)
    given = given_with(truth, AnalysisPlan())
    nuts.sample(nuts.model(given), seed=3, draws=10, progress=False)
    assert (asked["nuts_sampler"], asked["random_seed"]) == ("pymc", 3)
    assert nuts.SAMPLER == "pymc"
