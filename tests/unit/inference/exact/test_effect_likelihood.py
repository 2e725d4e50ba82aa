"""The likelihood of the effects: the posterior without its prior, whatever prior that was."""

from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.exact import quadrature
from nof1.inference.exact.effect_likelihood import effect_likelihood, rounded
from nof1.inference.exact.mixture import Mixture
from nof1.model.model_input import model_input
from nof1.model.priors import point_priors
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Priors
from nof1.scales import Scale
from support.dense_likelihood import dense_log_likelihood
from support.trials import simulated_trial

IRLS = Scale(name="numeric", low=0, high=40, step=1, better="lower")
TRUTH = Truth(level=22, effects=(-4.0,), half_life_days=3, sigma=4, phi=0.3, period_sd=1.0)
#: What merging components costs: a share of the posterior SD.
TOLERANCE = 0.01


def given_for(truth=TRUTH, plan=None, seed=1, **options):
    rng = np.random.default_rng(seed)
    options = {"scale": IRLS, "every_days": 7, "recall_days": 7, "missing": 0.1} | options
    data = simulated_trial(truth, rng, **options)
    return model_input(data, data.masked.series[0], plan or AnalysisPlan())


def under_prior(found, prior_sd, log_ratio=None):
    """Return the posterior of the first effect: the likelihood times a prior of all effects."""
    k = found.means.shape[1]
    precision = np.linalg.inv(found.covariances)
    covariance = np.linalg.inv(precision + np.eye(k) / prior_sd**2)
    pull = np.einsum("nkl,nl->nk", precision, found.means)
    means = np.einsum("nkl,nl->nk", covariance, pull)
    heights = found.log_weights + 0.5 * (
        (pull * means).sum(axis=1)
        - (pull * found.means).sum(axis=1)
        + np.linalg.slogdet(covariance)[1]
    )
    heights = heights + (0.0 if log_ratio is None else log_ratio)
    weights = np.exp(heights - heights.max())
    return Mixture(
        means=means[:, 0], sds=np.sqrt(covariance[:, 0, 0]), weights=weights / weights.sum()
    )


def assert_alike(found, expected):
    assert found.mean == pytest.approx(expected.mean, abs=TOLERANCE * expected.sd)
    assert found.sd == pytest.approx(expected.sd, rel=TOLERANCE)
    for end, reference in zip(found.interval(0.95), expected.interval(0.95), strict=True):
        assert end == pytest.approx(reference, abs=3 * TOLERANCE * expected.sd)


@pytest.mark.parametrize("effect_sd", [0.05, 0.15, 0.4])
def test_times_any_prior_it_is_the_posterior_under_that_prior(effect_sd):
    likelihood = effect_likelihood(quadrature.solve(given_for()).finest)
    plan = AnalysisPlan(priors=Priors(effect_sd=effect_sd))
    posterior = quadrature.solve(given_for(plan=plan)).finest.effect(1, 0)
    assert_alike(under_prior(likelihood, effect_sd * 40), posterior)


@pytest.mark.parametrize(("median", "share"), [(2.0, 0.3), (7.0, 0.8), (14.0, 0.1)])
def test_the_prior_of_the_half_life_can_be_exchanged(median, share):
    likelihood = effect_likelihood(quadrature.solve(given_for()).finest)
    priors = Priors(half_life_median_days=median, no_carryover_share=share)
    other = given_for(plan=AnalysisPlan(priors=priors))
    wanted = point_priors(other).half_life.density(likelihood.half_lives)
    had = likelihood.half_life_prior.density(likelihood.half_lives)
    posterior = quadrature.solve(other).finest.effect(1, 0)
    assert_alike(under_prior(likelihood, 6.0, np.log(wanted / had)), posterior)


@pytest.mark.parametrize(("middle", "spread"), [(4.0, 0.2), (2.5, 0.2), (6.0, 0.3), (1.5, 0.6)])
def test_the_prior_of_the_noise_can_be_exchanged(middle, spread):
    found = quadrature.solve(given_for()).finest
    likelihood = effect_likelihood(found)
    stack = found.stack
    sigma = np.broadcast_to(
        stack.grid.axes.sigma[0][:, None, None, :], stack.weights.shape[1:]
    ).ravel()
    # Every node of the grid by the ratio of the two densities of the log noise SD.
    log_t = -2 * np.log1p((sigma / (0.125 * 40)) ** 2 / 3) + np.log(sigma)
    ratio = np.exp(-0.5 * ((np.log(sigma / middle)) / spread) ** 2 - log_t)
    weights = stack.weights.ravel() * ratio
    posterior = Mixture(
        means=stack.nodes.means.ravel(),
        sds=np.sqrt(stack.nodes.covariances.ravel()),
        weights=weights / weights.sum(),
    )
    gains = likelihood.noise.log_ratio(np.array([np.log(middle)]), np.array([spread]), np.ones(1))
    got = under_prior(likelihood, 6.0, gains)
    # Components alike in all else hold some range of noise SDs.
    assert got.mean == pytest.approx(posterior.mean, abs=2 * TOLERANCE * posterior.sd)
    assert got.sd == pytest.approx(posterior.sd, rel=4 * TOLERANCE)


def test_it_tells_how_much_of_the_effect_the_schedule_leaves():
    given = given_for()
    found = quadrature.solve(given).finest
    likelihood = effect_likelihood(found)
    weights = given.as_scheduled_weights(1, 0)
    for share, half_life in zip(likelihood.scheduled, likelihood.half_lives, strict=True):
        assert share.item() == pytest.approx(
            float(weights @ given.exposure(half_life)[:, 0]), abs=0.02
        )


THREE = replace(TRUTH, effects=(-4.0, -2.0))


def test_several_arms_have_one_joint_likelihood():
    given = given_for(THREE, arm_of_period=(0, 1, 2, 2, 0, 1))
    found = quadrature.solve(given).finest
    likelihood = effect_likelihood(found)
    assert likelihood.means.shape[1] == 2
    assert_alike(under_prior(likelihood, 6.0), found.effect(1, 0))


@pytest.mark.parametrize(("arms", "sd"), [((1, 0), 6.0), ((2, 0), 6.0), ((2, 1), 6.0 * 2**0.5)])
def test_a_contrast_of_several_arms_times_its_prior_is_its_posterior(arms, sd):
    found = quadrature.solve(given_for(THREE, arm_of_period=(0, 1, 2, 2, 0, 1))).finest
    contrast = effect_likelihood(found).contrast(*arms, effect_sd=6.0)
    assert contrast.means.shape[1] == 1
    assert_alike(under_prior(contrast, sd), found.effect(*arms))


def test_the_contrast_of_two_arms_is_the_likelihood_itself():
    likelihood = effect_likelihood(quadrature.solve(given_for()).finest)
    assert likelihood.contrast(1, 0, effect_sd=6.0) is likelihood


@pytest.mark.parametrize(
    ("periods", "days", "seed", "arms"),
    [
        ((0, 1, 1, 0), 28, 0, (1, 0)),
        ((0, 1, 1, 0, 0, 1), 21, 1, (1, 0)),
        ((0, 1, 2, 2, 1, 0), 21, 5, (1, 0)),
        ((0, 1, 2, 2, 1, 0), 21, 5, (2, 1)),
    ],
)
def test_it_is_what_dense_matrices_and_plain_sums_give(periods, days, seed, arms):
    truth = THREE if 2 in periods else TRUTH
    given = given_for(truth, seed=seed, arm_of_period=periods, period_days=days)
    found = quadrature.solve(given).finest
    effect, sd = found.effect(*arms), found.stack.integrand.priors.effect_sd
    points = np.linspace(effect.mean - 6 * effect.sd, effect.mean + 6 * effect.sd, 49)
    expected = dense_log_likelihood(given, points, *arms)
    difference = effect_likelihood(found).contrast(*arms, sd).log_density(points[:, None])
    difference -= expected
    # It is known up to a constant, which the likeliest effects fix.
    likely = np.exp(expected)
    difference -= likely @ difference / likely.sum()
    assert np.abs(difference[expected > -4]).max() < 0.02
    assert np.abs(difference[expected > -10]).max() < 0.1


def test_a_fixed_half_life_is_no_half_life_to_exchange():
    likelihood = effect_likelihood(
        quadrature.solve(given_for(plan=AnalysisPlan(carryover="none"))).finest
    )
    assert likelihood.half_lives is None
    assert likelihood.half_life_prior is None


def test_it_is_known_up_to_a_constant_and_rounded_as_a_file_has_it():
    likelihood = effect_likelihood(quadrature.solve(given_for()).finest)
    assert likelihood.log_weights.max() == 0.0
    np.testing.assert_array_equal(likelihood.means, rounded(likelihood.means))
    assert len(likelihood.log_weights) < 400


def test_scores_that_say_little_leave_it_nearly_flat():
    given = given_for(arm_of_period=(0, 1), seed=3, period_days=7, every_days=7, missing=0.0)
    likelihood = effect_likelihood(quadrature.solve(given).finest)
    low, high = likelihood.log_density(np.array([[-20.0], [20.0]]))
    peak = likelihood.log_density(np.linspace(-40, 40, 81)[:, None]).max()
    assert peak - max(low, high) < 3.0
    assert_alike(under_prior(likelihood, 6.0), quadrature.solve(given).finest.effect(1, 0))
