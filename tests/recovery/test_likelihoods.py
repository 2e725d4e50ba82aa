"""What the likelihoods beyond the Gaussian are for: known truths, drawn and found again."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nof1.inference.exact import quadrature
from nof1.inference.likelihoods import reweighting
from nof1.inference.likelihoods.reweighting import LIKELIHOODS, reweight
from nof1.model.model_input import model_input
from nof1.model.priors import point_priors
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan
from support.trials import simulated_trial

PLAN = AnalysisPlan()
#: A 0-10 diary near its floor: on the active arm most scores are 0.
FLOOR = Truth(level=2, effects=(-2,), half_life_days=1, sigma=1.2, phi=0.3, period_sd=0.1)


def given_for(data, plan=PLAN):
    return model_input(data, data.masked.series[0], plan)


def means(people, likelihood, n_draws=1000):
    """Gaussian and reweighted posterior means."""
    exact, other = [], []
    for given, solution in zip(people, quadrature.solve_many(people), strict=True):
        gaussian = solution.finest
        found = reweight(given, gaussian, LIKELIHOODS[likelihood], n_draws=n_draws)
        exact.append(gaussian.effect(1, 0).mean)
        other.append(found.weights @ found.draws.effects[:, 0])
    return np.array(exact), np.array(other)


def standard_error(values):
    return values.std(ddof=1) / len(values) ** 0.5


@pytest.mark.parametrize(
    ("n_people", "period_days"), [(16, 14), pytest.param(60, 28, marks=pytest.mark.slow)]
)
def test_the_floor_no_longer_hides_the_effect(n_people, period_days):
    rng = np.random.default_rng(7)
    people = [
        given_for(simulated_trial(FLOOR, rng, period_days=period_days, missing=0.05))
        for _ in range(n_people)
    ]
    plain = np.array(
        [one.score[one.arm == 1].mean() - one.score[one.arm == 0].mean() for one in people]
    )
    exact, rounded = means(people, "bounded")
    assert plain.mean() == pytest.approx(-1.5, abs=0.15)
    # The prior of the effect, N(0, 1.5^2), draws every mean a little towards 0.
    assert rounded.mean() == pytest.approx(-1.9, abs=3 * standard_error(rounded))
    assert abs(rounded.mean() + 2) < 0.35 * abs(exact.mean() + 2)
    assert abs(exact.mean() + 2) > 5 * standard_error(exact)


@pytest.mark.parametrize("n_people", [12, pytest.param(60, marks=pytest.mark.slow)])
def test_outliers_no_longer_cost_precision(n_people):
    """One score in twelve is thrown off by several SDs, more often upwards on the active arm."""
    rng = np.random.default_rng(8)
    truth = replace(FLOOR, level=6, effects=(-1.5,), sigma=0.7)
    people = []
    for _ in range(n_people):
        given = given_for(simulated_trial(truth, rng, period_days=14))
        off = rng.random(given.n) < np.where(given.arm == 1, 0.10, 0.04)
        people.append(replace(given, score=np.where(off, given.score + 4.0, given.score)))
    exact, heavy = means(people, "student-t")
    error = [np.mean((found + 1.5) ** 2) ** 0.5 for found in (exact, heavy)]
    assert error[1] < 0.75 * error[0]
    assert abs(heavy.mean() + 1.5) < abs(exact.mean() + 1.5)


def drawn_from_the_prior(rng, every_days):
    """A trial whose truth comes from the default priors, its scores rounded and clipped."""
    given = given_for(simulated_trial(FLOOR, rng, every_days=every_days, period_days=21))
    priors = point_priors(given)
    sigma = 0.0
    while sigma < priors.noise_floor:
        sigma = abs(stats.t(3).rvs(random_state=rng)) * priors.noise_scale
    half_life = priors.half_life
    component = rng.choice(len(half_life.shares), p=half_life.shares)
    truth = Truth(
        level=rng.normal(priors.level_mean, priors.level_sd),
        effects=(rng.normal(0, priors.effect_sd),),
        half_life_days=rng.exponential(half_life.means_days[component]),
        sigma=sigma,
        phi=rng.beta(2, 2),
        period_sd=abs(rng.normal(0, priors.period_scale)) * sigma,
        trend=rng.normal(0, priors.trend_sd),
    )
    data = simulated_trial(truth, rng, every_days=every_days, period_days=21, missing=0.1)
    return truth, given_for(data)


@pytest.mark.parametrize(
    ("n_people", "every_days"),
    [
        (30, 7),
        pytest.param(300, 7, marks=pytest.mark.slow),
        pytest.param(300, 2, marks=pytest.mark.slow),
    ],
)
def test_rounded_scores_are_calibrated(n_people, every_days, monkeypatch):
    """Over truths from the prior the posterior's distribution function is uniform at the truth."""
    # Fewer imputations than in earnest, for the time it takes: they move the weights alone.
    monkeypatch.setattr(reweighting, "IMPUTATIONS", 12)
    rng = np.random.default_rng(9)
    truths, people = zip(
        *(drawn_from_the_prior(rng, every_days) for _ in range(n_people)), strict=True
    )
    names = {"effect": [], "phi": [], "sigma": []}
    k_hats = []
    for truth, given, solution in zip(truths, people, quadrature.solve_many(people), strict=True):
        found = reweight(given, solution.finest, LIKELIHOODS["bounded"], n_draws=1000)
        k_hats.append(found.k_hat)
        for name, draws, value in (
            ("effect", found.draws.effects[:, 0], truth.effects[0]),
            ("phi", found.draws.phi, truth.phi),
            ("sigma", found.draws.sigma, truth.sigma),
        ):
            below = found.weights[draws < value].sum()
            names[name].append(below + rng.random() * found.weights[draws == value].sum())
    for name, ranks in names.items():
        assert stats.kstest(ranks, "uniform").pvalue > 0.002, name
        inside = np.mean(np.abs(np.array(ranks) - 0.5) < 0.4)
        assert abs(inside - 0.8) < 3.5 * (0.16 / n_people) ** 0.5, name
    assert np.mean(np.array(k_hats) < 0.7) > 0.94
