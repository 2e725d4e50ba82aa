"""Truths drawn at random are recovered at the promised rates (simulation-based calibration).

The quick tests catch gross faults; the slow ones (`make test-slow`) see an interval that is a few
per cent too wide or too narrow.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nof1.design.cycled import PairsSet
from nof1.inference.exact import quadrature
from nof1.inference.exact.grid import Fineness
from nof1.inference.frequentist import paired, reml
from nof1.inference.randomisation import randomisation_test
from nof1.model.model_input import model_input
from nof1.model.priors import point_priors
from nof1.model.simulation import Truth, simulate_many
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import Scale
from support.trials import simulated_trial

PLAN = AnalysisPlan()
SCALE = Scale(name="numeric", low=0, high=40, step=0.001, better="lower")
DESIGNS = {
    "weekly": {"period_days": 28, "every_days": 7, "recall_days": 7},
    "daily": {"period_days": 14, "every_days": 1, "recall_days": 1},
}
GRID = Fineness(15, 9, 8, 7)


def orders(rng, cycles=3):
    while True:
        firsts = rng.integers(0, 2, cycles)
        if 0 < firsts.sum() < cycles:
            return tuple(int(x) for first in firsts for x in (first, 1 - first))


def drawn_from_the_prior(rng):
    priors = PLAN.priors
    span = SCALE.span
    mixture = rng.random() < priors.no_carryover_share
    mean = priors.no_carryover_mean_days if mixture else priors.half_life_median_days / np.log(2)
    sigma = abs(stats.t(3).rvs(random_state=rng)) * priors.noise_scale * span
    return Truth(
        level=20 + priors.level_sd * span * rng.standard_normal(),
        effects=(priors.effect_sd * span * rng.standard_normal(),),
        half_life_days=float(rng.exponential(mean)),
        sigma=float(sigma),
        phi=float(rng.beta(2, 2)),
        period_sd=float(sigma * priors.period_scale * abs(rng.standard_normal())),
        trend=priors.trend_sd * span * rng.standard_normal(),
    )


def ranks(design, n, seed):
    """Posterior probability below the truth of the effect, for n trials drawn from the prior."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(n):
        truth = drawn_from_the_prior(rng)
        data = simulated_trial(
            truth,
            rng,
            arm_of_period=orders(rng),
            missing=0.1,
            scale=SCALE,
            rounded=False,
            **DESIGNS[design],
        )
        given = model_input(data, data.masked.series[0], PLAN)
        found.append(quadrature.posterior(given, GRID).effect(1, 0).cdf(truth.effects[0]))
    return np.array(found)


def calibrated(found, errors=4.0):
    """Whether central intervals cover as promised, within so many standard errors."""
    for level in (0.5, 0.8, 0.9, 0.95):
        covered = np.mean(np.abs(found - 0.5) <= level / 2)
        assert abs(covered - level) <= errors * (level * (1 - level) / len(found)) ** 0.5, level
    assert stats.kstest(found, "uniform").pvalue > 1e-4


@pytest.mark.parametrize("design", DESIGNS)
def test_truths_from_the_prior_are_covered(design):
    calibrated(ranks(design, 150, seed=11))


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS)
def test_truths_from_the_prior_are_covered_closely(design):
    calibrated(ranks(design, 4000, seed=12))


def test_priors_of_the_simulation_are_those_of_the_model():
    """The calibration is only worth something if both sides use the same priors."""
    rng = np.random.default_rng(0)
    data = simulated_trial(drawn_from_the_prior(rng), rng, scale=SCALE, rounded=False)
    priors = point_priors(model_input(data, data.masked.series[0], PLAN))
    assert (priors.level_mean, priors.level_sd, priors.effect_sd) == (20, 10, 6)
    assert (priors.noise_scale, priors.trend_sd, priors.period_scale) == (5, 2, 0.5)


def without_effect(rng, design, cycles, phi, period_sd, plan, *, n=100):
    """A design with a fresh order, and the scores of n people on whom the arms act alike."""
    truth = Truth(
        level=20, effects=(0.0,), half_life_days=0, sigma=4, phi=phi, period_sd=4 * period_sd
    )
    firsts = rng.integers(0, 2, cycles)
    order = tuple(int(x) for first in firsts for x in (first, 1 - first))
    data = simulated_trial(
        truth, rng, arm_of_period=order, scale=SCALE, rounded=False, **DESIGNS[design]
    )
    series = data.masked.series[0]
    scores = simulate_many(
        data.masked.periods, order, series.day, series.recall_days, truth, rng, n
    )
    given = model_input(data, series, plan)
    return given, scores[:, np.isin(series.day, given.day)]


@pytest.mark.parametrize("period_sd", [0.0, 0.6])
@pytest.mark.parametrize("phi", [0.0, 0.6])
@pytest.mark.parametrize("design", DESIGNS)
def test_paired_and_randomisation_keep_their_error_rates(design, phi, period_sd):
    rng = np.random.default_rng(5)
    cycles, batches = 6, 30
    allocation_set = PairsSet(n_arms=2, cycles=cycles)
    by_t, by_flips = [], []
    for _ in range(batches):
        given, scores = without_effect(rng, design, cycles, phi, period_sd, PLAN)
        by_t.extend(paired.fit_many(scores, given, 1, 0).tests.p_value)
        by_flips.extend(
            randomisation_test.fit(replace(given, score=one), 1, 0, allocation_set).p_value
            for one in scores[:25]
        )
    for p in (np.array(by_t), np.array(by_flips)):
        assert np.mean(p <= 0.05) <= 0.05 + 4 * (0.05 * 0.95 / len(p)) ** 0.5


def test_reml_holds_without_period_shifts_and_is_known_to_fail_with_them():
    """Why it is a sensitivity analysis: shifts it cannot see make it too sure."""
    plan = AnalysisPlan(period_effects="none", trend="none")
    rates = []
    for period_sd in (0.0, 0.6):
        rng = np.random.default_rng(6)
        p = [
            reml.fit_many(scores, given, 1, 0).tests.p_value
            for given, scores in (
                without_effect(rng, "daily", 3, 0.3, period_sd, plan) for _ in range(30)
            )
        ]
        rates.append(np.mean(np.concatenate(p) <= 0.05))
    assert rates[0] < 0.07
    assert rates[1] > 0.2


def test_reml_with_period_effects_is_about_right_when_cycles_are_many():
    rng = np.random.default_rng(7)
    p = [
        reml.fit_many(scores, given, 1, 0).tests.p_value
        for given, scores in (without_effect(rng, "daily", 8, 0.3, 0.6, PLAN) for _ in range(10))
    ]
    assert 0.02 < np.mean(np.concatenate(p) <= 0.05) < 0.08
