"""The same model, sampled by PyMC and integrated exactly, on twenty varied trials."""

from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.exact import quadrature
from nof1.inference.sampled import nuts
from nof1.model.covariates import Adjustment
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import Scale
from support.trials import simulated_trial

IRLS = Scale(name="numeric", low=0, high=40, step=1, better="lower")
DIARY = Scale(name="numeric", low=0, high=10, step=1, better="lower")
WEEKLY = {"scale": IRLS, "every_days": 7, "recall_days": 7, "mcid": 3.0}
DAILY = {"scale": DIARY, "every_days": 1, "recall_days": 1}
PAIRS = (0, 1, 1, 0, 0, 1)
PLANS = {
    "default": AnalysisPlan(),
    "no carryover": AnalysisPlan(carryover="none"),
    "half-life fixed": AnalysisPlan(carryover="fixed:5"),
    "no trend": AnalysisPlan(trend="none"),
    "no period shifts": AnalysisPlan(period_effects="none"),
    "first days dropped": AnalysisPlan(drop_days=5),
    "two half-lives": AnalysisPlan(half_lives="two"),
}


def weekly(seed, **truth):
    return (
        Truth(level=22, **{"effects": (-4,), "half_life_days": 3, "sigma": 4, "phi": 0.3, **truth}),
        {"period_days": 28, "arm_of_period": PAIRS, "missing": 0.1, **WEEKLY},
        seed,
    )


def daily(seed, **truth):
    return (
        Truth(level=5, **{"effects": (-1,), "half_life_days": 2, "sigma": 1, "phi": 0.4, **truth}),
        {"period_days": 14, "arm_of_period": PAIRS, "missing": 0.1, **DAILY},
        seed,
    )


CASES = {
    **{f"weekly, {name}": (weekly(1, period_sd=1.0), plan) for name, plan in PLANS.items()},
    **{f"daily, {name}": (daily(2, period_sd=0.3), plan) for name, plan in PLANS.items()},
    "daily, slow effect": (daily(3, half_life_days=14), PLANS["default"]),
    "daily, at once": (daily(4, half_life_days=0, effects=(-3,)), PLANS["default"]),
    "daily, strong correlation": (daily(5, phi=0.85), PLANS["default"]),
    "weekly, large shifts": (weekly(6, period_sd=5.0), PLANS["default"]),
    "daily, three arms": (daily(7, effects=(-1, -2)), PLANS["default"]),
    "daily, a covariate": (daily(8), PLANS["default"]),
}
PARAMETERS = ("half_life", "phi", "sigma", "sigma_period", "trend", "half_life_rise")


def given_for(name):
    (truth, options, seed), plan = CASES[name]
    if len(truth.effects) == 2:
        options = options | {"arm_of_period": (0, 1, 2, 2, 0, 1)}
    rng = np.random.default_rng(seed)
    data = simulated_trial(truth, rng, **options)
    given = model_input(data, data.masked.series[0], plan)
    if "covariate" not in name:
        return given
    covariate = rng.standard_normal((given.n, 1))
    covariate = (covariate - covariate.mean()) / covariate.std()
    return replace(
        given,
        covariates=covariate,
        adjustments=(Adjustment(covariate="noise", title="Noise", unit="dB", sd=2.0, missing=0),),
        score=given.score + 0.5 * covariate[:, 0],
    )


def test_there_are_twenty():
    assert len(CASES) == 20


def quantities(fit):
    """Return everything but the effect that a posterior tells of, by name."""
    told = {name: getattr(fit, name) for name in PARAMETERS}
    told |= {name: one.change for name, one in fit.covariates.items()}
    return {name: one for name, one in told.items() if one is not None}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_sampling_agrees_with_the_exact_posterior(name):
    given = given_for(name)
    exact = quadrature.fit(given, 1, 0)
    sampled = nuts.fit(given, 1, 0, seed=11)
    assert sampled.sampling.rhat < 1.02
    error = sampled.effect.sd / sampled.sampling.ess**0.5
    assert abs(exact.estimate - sampled.estimate) < 4 * error
    assert sampled.effect.sd == pytest.approx(
        exact.effect.sd, rel=4 / (sampled.sampling.ess / 4) ** 0.5
    )
    scheduled = sampled.as_scheduled.mean
    assert abs(exact.as_scheduled.mean - scheduled) < 4 * error
    for end in ("ci_low", "ci_high"):
        assert abs(getattr(exact, end) - getattr(sampled, end)) < 12 * error
    one, other = quantities(exact), quantities(sampled)
    assert one.keys() == other.keys()
    for name, found in one.items():
        # Long-tailed parameters: a share of the interval is what sampling can tell.
        width = max(found.ci_high - found.ci_low, 1e-9)
        assert abs(found.mean - other[name].mean) < 0.06 * width, name
        # The interval and the SD of a long tail hang on a few draws.
        if name in ("phi", "sigma"):
            assert other[name].sd == pytest.approx(found.sd, rel=0.12)
