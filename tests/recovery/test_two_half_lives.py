"""Truths with half-lives of rise and fall, and a covariate, drawn from the prior and recovered."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nof1.inference.exact import quadrature
from nof1.model.model_input import model_input
from nof1.model.priors import point_priors
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import Scale
from nof1.trial.data import DailyCovariate
from support.trials import simulated_trial

PLAN = AnalysisPlan(half_lives="two")
SCALE = Scale(name="numeric", low=0, high=40, step=0.001, better="lower")
DAYS = 140
#: Persons solved at once: a posterior with two half-lives takes some ten megabytes.
BATCH = 30
ORDERS = ((0, 1, 1, 0, 0, 1, 1, 0, 0, 1), (1, 0, 0, 1, 1, 0, 1, 0, 0, 1))


def drawn_from_the_prior(rng):
    priors, span = PLAN.priors, SCALE.span
    mixture = rng.random() < priors.no_carryover_share
    mean = priors.no_carryover_mean_days if mixture else priors.half_life_median_days / np.log(2)
    sigma = abs(stats.t(3).rvs(random_state=rng)) * priors.noise_scale * span
    fall = float(rng.exponential(mean))
    return Truth(
        level=20 + priors.level_sd * span * rng.standard_normal(),
        effects=(priors.effect_sd * span * rng.standard_normal(),),
        half_life_days=fall,
        rise_days=fall * float(np.exp(priors.half_life_ratio_log_sd * rng.standard_normal())),
        sigma=float(sigma),
        phi=float(rng.beta(2, 2)),
        period_sd=float(sigma * priors.period_scale * abs(rng.standard_normal())),
        trend=priors.trend_sd * span * rng.standard_normal(),
    )


def drawn_trial(rng, truth):
    """Return one person's scores, moved by a covariate whose slope is drawn from its prior."""
    data = simulated_trial(
        truth,
        rng,
        arm_of_period=ORDERS[rng.integers(2)],
        period_days=DAYS // 10,
        missing=0.1,
        scale=SCALE,
        rounded=False,
    )
    heat = DailyCovariate(
        covariate="heat",
        title="Heat",
        unit="",
        value=dict(enumerate(rng.normal(20, 4, DAYS).tolist(), start=1)),
    )
    data = replace(data, masked=replace(data.masked, covariates=(heat,)))
    given = model_input(data, data.masked.series[0], PLAN)
    slope = point_priors(given).covariate_sd * rng.standard_normal()
    return replace(given, score=given.score + slope * given.covariates[:, 0])


def ranks(n, seed):
    """Posterior probability below the truth of the effect and of both half-lives, shape (n, 3)."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(n // BATCH):
        truths = [drawn_from_the_prior(rng) for _ in range(BATCH)]
        solved = quadrature.solve_many([drawn_trial(rng, truth) for truth in truths])
        for truth, solution in zip(truths, solved, strict=True):
            posterior = solution.finest
            found.append(
                [
                    posterior.effect(1, 0).cdf(truth.effects[0]),
                    posterior.marginal("half_life").cdf(truth.half_life_days),
                    posterior.marginal("half_life_rise").cdf(truth.rise_days),
                ]
            )
    return np.array(found)


def calibrated(found, errors):
    """Whether central intervals cover as promised, within so many standard errors."""
    for level in (0.5, 0.8, 0.95):
        covered = np.mean(np.abs(found - 0.5) <= level / 2)
        assert abs(covered - level) <= errors * (level * (1 - level) / len(found)) ** 0.5, level
    assert stats.kstest(found, "uniform").pvalue > 1e-4


def test_effect_and_both_half_lives_are_covered():
    for found in ranks(60, seed=21).T:
        calibrated(found, errors=4)


@pytest.mark.slow
def test_effect_and_both_half_lives_are_covered_closely():
    effect, *half_lives = ranks(900, seed=22).T
    calibrated(effect, errors=3.5)
    for found in half_lives:
        # Grids are refined until the effect stands still, not the half-lives: their intervals are
        # a little too narrow, measured as 93 % at 95 % in 3,000 sets.
        for level in (0.5, 0.8, 0.95):
            assert abs(np.mean(np.abs(found - 0.5) <= level / 2) - level) < 0.06
