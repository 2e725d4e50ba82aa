"""One suite for every engine: the same trial in, an answer of the same sign, scale and unit out."""

import numpy as np
import pytest

from nof1.design.cycled import PairsSet
from nof1.inference.exact import quadrature
from nof1.inference.fits import Fit, NotRun
from nof1.inference.frequentist import paired, reml
from nof1.inference.randomisation import randomisation_test
from nof1.inference.sampled import nuts
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan
from support.trials import simulated_trial, trial

PAIRS = PairsSet(n_arms=2, cycles=4)
ARMS = (0, 1, 1, 0, 0, 1, 1, 0)
FAST = {
    "randomisation": lambda given: randomisation_test.fit(given, 1, 0, PAIRS),
    "paired": lambda given: paired.fit(given, 1, 0),
    "reml": lambda given: reml.fit(given, 1, 0),
    "quadrature": lambda given: quadrature.fit(given, 1, 0),
}
ENGINES = FAST | {"nuts": lambda given: nuts.fit(given, 1, 0, draws=400)}


def given_with(effect, seed=6, **options):
    truth = Truth(level=5, effects=(effect,), half_life_days=0.5, sigma=1, phi=0.3, period_sd=0.2)
    data = simulated_trial(truth, np.random.default_rng(seed), arm_of_period=ARMS, **options)
    return model_input(data, data.masked.series[0], AnalysisPlan())


@pytest.fixture(scope="module")
def clear():
    given = given_with(-2.0)
    return {name: engine(given) for name, engine in ENGINES.items()}


@pytest.mark.parametrize("name", ENGINES)
def test_finds_a_clear_effect_in_points_active_minus_comparator(clear, name):
    fit = clear[name]
    assert isinstance(fit, Fit)
    assert fit.engine == name
    assert fit.estimate == pytest.approx(-2.0, abs=0.5)
    assert fit.ci_low < fit.estimate < fit.ci_high
    assert 0.5 < fit.level < 1


@pytest.mark.parametrize("name", ENGINES)
def test_says_which_estimand_it_answers(clear, name):
    expected = "steady-state" if name in ("quadrature", "nuts") else "as-scheduled"
    assert clear[name].estimand == expected
    if expected == "steady-state":
        assert clear[name].as_scheduled.mean == pytest.approx(-2.0, abs=0.5)


def test_sampling_agrees_with_the_exact_posterior(clear):
    exact, sampled = clear["quadrature"], clear["nuts"]
    error = exact.effect.sd / sampled.sampling.ess**0.5
    assert abs(exact.estimate - sampled.estimate) < 4 * error
    assert sampled.effect.sd == pytest.approx(exact.effect.sd, rel=0.12)
    for parameter in ("phi", "sigma"):
        one, other = getattr(exact, parameter), getattr(sampled, parameter)
        assert abs(one.mean - other.mean) < 0.05 * (one.ci_high - one.ci_low)
        assert other.sd == pytest.approx(one.sd, rel=0.12)
    assert sampled.sampling.rhat < 1.02


@pytest.mark.parametrize("name", FAST)
def test_scales_with_the_scores(name):
    """Scores and scale in other units give the same answer in those units."""
    truth = Truth(level=5, effects=(-1.5,), half_life_days=0.5, sigma=1, phi=0.3)
    data = simulated_trial(truth, np.random.default_rng(1), arm_of_period=ARMS)
    series = data.masked.series[0]
    tenfold = trial(
        data.masked.periods,
        data.arm_of_period,
        series.day,
        series.score * 10,
        scale=type(series.scale)(name="numeric", low=0, high=100, step=10, better="lower"),
    )
    one = FAST[name](model_input(data, series, AnalysisPlan()))
    ten = FAST[name](model_input(tenfold, tenfold.masked.series[0], AnalysisPlan()))
    for key in ("ci_low", "ci_high"):
        expected = pytest.approx(10 * getattr(one, key), rel=1e-6, abs=1e-6)
        assert getattr(ten, key) == expected


@pytest.mark.parametrize("name", FAST)
def test_answers_or_says_why_not_on_hardly_any_scores(name):
    given = given_with(-1.0, missing=0.99)
    result = FAST[name](given)
    assert isinstance(result, NotRun) or result.ci_low <= result.ci_high
    if isinstance(result, NotRun):
        assert len(result.why) > 10
