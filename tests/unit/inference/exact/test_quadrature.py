"""The exact posterior against dense matrices, brute-force grids and its own finer levels."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from scipy import stats

from nof1.inference.exact import quadrature
from nof1.inference.exact.effect_likelihood import effect_likelihood
from nof1.inference.exact.grid import Fineness
from nof1.inference.exact.integrand import Axes, Integrand
from nof1.inference.exact.mixture import Mixture
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Priors
from nof1.scales import Scale
from support.naive import naive_coefficients, naive_log_prior, naive_node
from support.trials import SCALES, reference_trial, regular_periods, simulated_trial, trial

PLAN = AnalysisPlan()
FINE = Fineness(61, 27, 25, 23)


def given_for(data, plan=PLAN):
    return model_input(data, data.masked.series[0], plan)


def short_trial(seed=3, **options):
    truth = Truth(level=20, effects=(-5,), half_life_days=4, sigma=3, phi=0.4, period_sd=1, trend=1)
    settings = {
        "every_days": 7,
        "recall_days": 7,
        "period_days": 21,
        "scale": SCALES["c_irls_weekly"],
        "missing": 0.1,
        "mcid": 3.0,
    } | options
    return simulated_trial(truth, np.random.default_rng(seed), **settings)


def at_one_node(given, half_life, phi, ratio, sigma, rise=None):
    integrand = Integrand([given])
    half_lives = np.array([half_life]), None if rise is None else np.array([rise])
    axes = Axes(
        phi=np.array([[phi]]), ratio=np.array([[ratio]]), sigma=np.array([[[sigma]]], dtype=float)
    )
    return integrand.at(axes, integrand.products([half_lives]))


@pytest.mark.parametrize("data", [short_trial(), short_trial(every_days=5)])
@pytest.mark.parametrize("theta", [(0.1, 0.2, 0.0, 2.0), (3.0, 0.5, 0.4, 3.0), (30, 0.9, 2.0, 6.0)])
def test_node_equals_dense_matrices(data, theta):
    given = given_for(data)
    half_life, phi, ratio, sigma = theta
    nodes = at_one_node(given, half_life, phi, ratio, sigma)
    log_likelihood, mean, covariance = naive_node(given, *theta)
    assert nodes.log_likelihood.item() == pytest.approx(log_likelihood, abs=1e-9)
    assert nodes.means.ravel() == pytest.approx(mean, abs=1e-9)
    assert nodes.covariances[0, 0, 0, 0, 0] == pytest.approx(covariance, abs=1e-9)


def test_node_with_three_arms_equals_dense_matrices():
    truth = Truth(level=20, effects=(-5, -2), half_life_days=2, sigma=3, phi=0.4)
    data = simulated_trial(
        truth,
        np.random.default_rng(1),
        arm_of_period=(0, 1, 2, 2, 0, 1),
        every_days=2,
        period_days=14,
        scale=SCALES["c_irls_weekly"],
    )
    given = given_for(data)
    nodes = at_one_node(given, 2.0, 0.3, 0.5, 3.0)
    log_likelihood, mean, covariance = naive_node(given, 2.0, 0.3, 0.5, 3.0)
    assert nodes.log_likelihood.item() == pytest.approx(log_likelihood, abs=1e-9)
    assert nodes.means.ravel() == pytest.approx(mean, abs=1e-9)
    assert nodes.covariances[0, 0, 0, 0, 0] == pytest.approx(covariance, abs=1e-9)


def test_posterior_equals_brute_force_on_a_plain_grid():
    """Uniform nodes on the parameters' own scales, dense matrices, no placement, no mixture."""
    given = given_for(short_trial(period_days=14))
    half_lives = np.concatenate([np.geomspace(0.02, 2, 9), np.linspace(3, 60, 14)])
    phis, ratios = np.linspace(0.03, 0.97, 9), np.linspace(0, 2, 7)
    sigmas = np.geomspace(1.2, 12, 11)
    weights_h = np.gradient(half_lives)
    weights_s = np.gradient(sigmas)
    weights_r = np.where(ratios == 0, 0.5, 1.0)
    total = mean = square = 0.0
    for h, wh in zip(half_lives, weights_h, strict=True):
        for phi in phis:
            for r, wr in zip(ratios, weights_r, strict=True):
                for s, ws in zip(sigmas, weights_s, strict=True):
                    log_likelihood, m, v = naive_node(given, h, phi, r, s)
                    density = np.exp(log_likelihood + 60 + naive_log_prior(given, h, phi, r, s))
                    w = wh * wr * ws * density
                    total += w
                    mean += w * m[0]
                    square += w * (m[0] ** 2 + v[0, 0])
    mean, sd = mean / total, (square / total - (mean / total) ** 2) ** 0.5
    fine = quadrature.posterior(given, FINE)
    effect = fine.effect(1, 0)
    # What the plain sum leaves out: spacings, and the constants of two densities.
    spacings = np.log((phis[1] - phis[0]) * (ratios[1] - ratios[0]))
    half_normal = 0.5 * np.log(2 / np.pi) - np.log(0.5)
    floor = given.step / 12**0.5
    half_t = stats.t(3).logpdf(0) - stats.t(3).logsf(floor / 5) - np.log(5)
    evidence = np.log(total) - 60 + spacings + half_normal + half_t
    assert fine.log_evidence == pytest.approx(evidence, abs=0.05)
    # The plain grid is coarse: a few per cent of the posterior SD.
    assert effect.mean == pytest.approx(mean, abs=0.04 * sd)
    assert effect.sd == pytest.approx(sd, rel=0.04)


@pytest.mark.parametrize("name", ["c_irls_daily", "c_irls_weekly", "e_gauss_clean"])
def test_default_levels_agree_with_a_much_finer_grid(name):
    given = given_for(reference_trial(name, recall_days=7 if "weekly" in name else 1))
    fit = quadrature.fit(given, 1, 0)
    exact = quadrature.posterior(given, FINE).effect(1, 0)
    low, high = exact.interval(0.95)
    assert abs(fit.estimate - exact.mean) < 0.005 * exact.sd
    assert abs(fit.ci_low - low) < 0.01 * exact.sd
    assert abs(fit.ci_high - high) < 0.01 * exact.sd
    assert abs(fit.estimate - exact.mean) <= 2 * fit.error + 1e-9


def hard_cases():
    scale = SCALES["c_irls_daily"]
    day = np.arange(1, 169)
    periods, arms = regular_periods(6, 28), (0, 1, 1, 0, 0, 1)
    rng = np.random.default_rng(8)

    def of(score):
        return trial(periods, arms, day, np.asarray(score, dtype=float), scale=scale)

    hardly = np.full(168, np.nan)
    hardly[[3, 40]] = 5, 4
    one_missing = rng.integers(3, 8, 168).astype(float)
    one_missing[28:56] = np.nan
    step = np.where(np.repeat(arms, 28) == 1, 3.0, 7.0)
    return {
        "all equal": of(np.full(168, 6)),
        "hardly any": of(hardly),
        "one period missing": of(one_missing),
        "perfect step": of(step),
        "at the floor": of(np.zeros(168)),
        "white noise over the whole scale": of(rng.integers(0, 11, 168)),
        "a random walk": of(np.clip(5 + np.cumsum(rng.standard_normal(168)) / 2, 0, 10)),
    }


@pytest.mark.parametrize("case", hard_cases())
def test_hard_cases_are_exact_and_silent(case):
    given = given_for(hard_cases()[case])
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        fit = quadrature.fit(given, 1, 0)
    exact = quadrature.posterior(given, FINE).effect(1, 0)
    assert abs(fit.estimate - exact.mean) < 0.02 * exact.sd
    assert fit.effect.sd == pytest.approx(exact.sd, rel=0.03)
    assert fit.ci_low <= fit.estimate <= fit.ci_high


def test_few_scores_are_refined_until_the_error_is_small():
    fit = quadrature.fit(given_for(hard_cases()["hardly any"]), 1, 0)
    assert fit.error < quadrature.AGREEMENT * fit.effect.sd


def test_perfect_step_is_found():
    fit = quadrature.fit(given_for(hard_cases()["perfect step"]), 1, 0)
    assert fit.estimate == pytest.approx(-4, abs=0.2)
    assert fit.chances.better > 0.99


def all_alike(score, step):
    scale = replace(SCALES["c_irls_daily"], step=step)
    day = np.array([7, 14, 21, 28, 35, 42, 49, 56])
    scores = np.full(8, score, dtype=float)
    return given_for(trial(regular_periods(4, 14), (0, 1, 1, 0), day, scores, scale=scale))


def test_scores_all_alike_leave_the_prior_of_their_noise():
    """Phi, ratio, sigma drawn from their priors; dense matrices; half-lives by their evidence."""
    given = all_alike(2.0, 0.01)
    half_lives = np.geomspace(0.01, 120, 25)
    draws = stats.qmc.Halton(3, seed=1).random(600)
    phis, ratios = stats.beta(2, 2).ppf(draws[:, 0]), stats.halfnorm(scale=0.5).ppf(draws[:, 1])
    sigmas = stats.t(3).ppf(0.5 + draws[:, 2] / 2) * 1.25
    found = []
    for phi, ratio, sigma in zip(phis, ratios, sigmas, strict=True):
        rows = [naive_node(given, h, phi, ratio, sigma) for h in half_lives]
        prior = [naive_log_prior(given, h, 0.5, 0.0, 1.0) for h in half_lives]
        heights = np.array([row[0] for row in rows]) + prior + np.log(half_lives)
        weights = np.exp(heights - heights.max())
        means = np.array([row[1][0] for row in rows])
        squares = np.array([row[2][0, 0] for row in rows]) + means**2
        found.append((weights @ means, weights @ squares) / weights.sum())
    mean, square = np.mean(found, axis=0)
    sd = np.sqrt(square - mean**2)
    effect = quadrature.solve(given).finest.effect(1, 0)
    assert effect.mean == pytest.approx(mean, abs=0.02 * sd)
    assert effect.sd == pytest.approx(sd, rel=0.02)


@pytest.mark.parametrize("score", [0.0, 5.0])
def test_scores_all_alike_are_not_the_surer_the_finer_the_steps(score):
    coarse, fine = (
        quadrature.solve(all_alike(score, step)).finest.effect(1, 0) for step in (0.5, 1e-4)
    )
    assert fine.sd == pytest.approx(coarse.sd, rel=0.1)
    assert fine.sd > 0.7


def test_without_data_on_the_effect_the_prior_comes_back():
    data = trial(
        regular_periods(2, 28),
        (0, 1),
        np.array([1, 5, 9]),
        np.array([4.0, 5.0, 6.0]),
        scale=SCALES["c_irls_daily"],
    )
    effect = quadrature.posterior(given_for(data), FINE).effect(1, 0)
    assert effect.mean == pytest.approx(0, abs=1e-6)
    assert effect.sd == pytest.approx(1.5, rel=1e-6)


def test_same_input_same_bits():
    given = given_for(short_trial())
    assert quadrature.fit(given, 1, 0) == quadrature.fit(given, 1, 0)


def test_probabilities_partition():
    fit = quadrature.fit(given_for(short_trial()), 1, 0)
    assert fit.chances.better + fit.chances.worse == pytest.approx(1)
    parts = fit.chances.meaningful + fit.chances.trivial + fit.chances.meaningfully_worse
    assert parts == pytest.approx(1)


@settings(max_examples=15, deadline=None)
@for_all(st.integers(0, 10_000), st.floats(-8, 8))
def test_shifting_all_scores_changes_only_through_the_prior_of_the_level(seed, shift):
    """With the scale shifted along, nothing else may change."""
    data = short_trial(seed, rounded=False)
    series = data.masked.series[0]
    moved_scale = Scale(name="numeric", low=shift, high=40 + shift, step=1, better="lower")
    moved = trial(
        data.masked.periods,
        data.arm_of_period,
        series.day,
        series.score + shift,
        scale=moved_scale,
        recall_days=7,
    )
    grid = Fineness(15, 9, 8, 7)
    one = quadrature.posterior(given_for(data), grid).effect(1, 0)
    other = quadrature.posterior(given_for(moved), grid).effect(1, 0)
    assert other.mean == pytest.approx(one.mean, abs=1e-6)
    assert other.sd == pytest.approx(one.sd, rel=1e-6)


def test_swapping_the_arms_turns_the_sign_when_there_is_no_carryover():
    # The prior of the level on the comparator tells the arms apart, so it is made very wide.
    plan = AnalysisPlan(carryover="none", priors=Priors(level_sd=50))
    data = short_trial()
    swapped = trial(
        data.masked.periods,
        tuple(1 - arm for arm in data.arm_of_period),
        data.masked.series[0].day,
        data.masked.series[0].score,
        scale=SCALES["c_irls_weekly"],
        recall_days=7,
    )
    one = quadrature.fit(given_for(data, plan), 1, 0)
    other = quadrature.fit(given_for(swapped, plan), 1, 0)
    assert other.estimate == pytest.approx(-one.estimate, abs=1e-3 * one.effect.sd)


def test_mixture_quantiles_invert_the_distribution_function():
    rng = np.random.default_rng(4)
    mixture = Mixture(
        means=rng.normal(0, 3, 50), sds=rng.uniform(0.01, 2, 50), weights=np.full(50, 0.02)
    )
    for p in (1e-4, 0.025, 0.3, 0.975):
        assert mixture.cdf(mixture.quantile(p)) == pytest.approx(p, rel=1e-6)
    draws = rng.normal(
        mixture.means[rng.integers(0, 50, 200_000)], 0
    )  # only the means: a rough check of the mean
    assert mixture.mean == pytest.approx(draws.mean(), abs=0.05)
    points = np.linspace(-20, 20, 4001)
    assert np.trapezoid(mixture.pdf(points), points) == pytest.approx(1, abs=1e-3)
    one = Mixture(means=np.array([1.0]), sds=np.array([2.0]), weights=np.array([1.0]))
    assert one.interval(0.95) == pytest.approx(stats.norm(1, 2).interval(0.95))


def test_parameter_marginals_match_the_weighted_nodes_of_a_fine_grid():
    given = given_for(short_trial())
    found = quadrature.solve(given).finest
    fine = quadrature.posterior(given, FINE).components()
    values = {
        "half_life": fine.half_life,
        "phi": fine.phi,
        "sigma": fine.sigma,
        "sigma_period": fine.ratio * fine.sigma,
    }
    for name, value in values.items():
        marginal = found.marginal(name)
        points, index = np.unique(value, return_inverse=True)
        mass = np.bincount(index, weights=fine.weights)
        below = np.cumsum(mass) - mass / 2
        sd = float((fine.weights @ value**2 - (fine.weights @ value) ** 2) ** 0.5)
        assert marginal.mean == pytest.approx(fine.weights @ value, abs=0.01 * sd), name
        for tail in (0.025, 0.25, 0.5, 0.75, 0.975):
            quantile = float(np.interp(tail, below, points))
            assert marginal.quantile(tail) == pytest.approx(quantile, abs=0.08 * sd), (name, tail)
            assert marginal.cdf(marginal.quantile(tail)) == pytest.approx(tail, abs=1e-6)


def test_small_period_shifts_match_masses_spread_between_the_nodes():
    """A second way for the quantiles near 0, where few nodes are."""
    given = given_for(reference_trial("c_irls_daily"))
    stack = quadrature.posterior(given, Fineness(25, 15, 97, 13)).stack
    weights, score = stack.without_half_life[0], stack.grid.ratio_score[0]
    values, masses = [], []
    for node, coordinate in enumerate(score):
        spread = (np.arange(40) + 0.5) / 40 - 0.5 if node else (np.arange(40) + 0.5) / 80
        ratio = 0.3 * np.sinh(coordinate + spread * score[1])
        values.append((ratio[:, None, None] * stack.grid.axes.sigma[0]).ravel())
        masses.append(np.repeat(weights[None, :, node, :] / 40, 40, axis=0).ravel())
    value, mass = np.concatenate(values), np.concatenate(masses)
    order = np.argsort(value)
    found = quadrature.solve(given).finest.marginal("sigma_period")
    for tail in (0.005, 0.025, 0.1, 0.5, 0.975):
        exact = float(np.interp(tail, np.cumsum(mass[order]), value[order]))
        assert found.quantile(tail) == pytest.approx(exact, rel=0.08), tail


def test_effect_and_trend_are_the_weighted_dense_answers():
    given = given_for(short_trial())
    found = quadrature.posterior(given, Fineness(6, 5, 4, 5))
    nodes = found.components()
    dense = [
        naive_coefficients(given, *theta)
        for theta in zip(nodes.half_life, nodes.phi, nodes.ratio, nodes.sigma, strict=True)
    ]
    for place, mixture in ((1, found.marginal("trend")), (2, found.effect(1, 0))):
        means = np.array([mean[place] for _, mean, _ in dense])
        variances = np.array([covariance[place, place] for _, _, covariance in dense])
        mean = nodes.weights @ means
        sd = (nodes.weights @ (variances + (means - mean) ** 2)) ** 0.5
        assert mixture.mean == pytest.approx(mean, abs=1e-5 * sd)
        assert mixture.sd == pytest.approx(sd, rel=1e-5)


def test_likelihood_times_prior_is_the_posterior():
    for given in (given_for(short_trial()), given_for(hard_cases()["hardly any"])):
        found = quadrature.solve(given).finest
        effect, prior_sd = found.effect(1, 0), 0.15 * given.span
        points = np.linspace(-6 * prior_sd, 6 * prior_sd, 4001)
        log_density = effect_likelihood(found).log_density(points[:, None])
        log_density -= 0.5 * (points / prior_sd) ** 2
        density = np.exp(log_density - log_density.max())
        density /= np.trapezoid(density, points)
        mean = np.trapezoid(points * density, points)
        sd = np.trapezoid((points - mean) ** 2 * density, points) ** 0.5
        assert mean == pytest.approx(effect.mean, abs=0.002 * effect.sd)
        assert sd == pytest.approx(effect.sd, rel=0.002)
        below = np.interp(
            effect.interval(0.95), points, np.cumsum(density) * (points[1] - points[0])
        )
        assert below == pytest.approx([0.025, 0.975], abs=2e-3)


def test_two_half_lives_equal_dense_matrices():
    given = given_for(short_trial(), AnalysisPlan(half_lives="two"))
    nodes = at_one_node(given, 6.0, 0.3, 0.4, 3.0, rise=2.0)
    log_likelihood, mean, covariance = naive_coefficients(given, 6.0, 0.3, 0.4, 3.0, rise=2.0)
    assert nodes.log_likelihood.item() == pytest.approx(log_likelihood, abs=1e-9)
    assert nodes.means.item() == pytest.approx(mean[2], abs=1e-9)
    assert nodes.covariances.item() == pytest.approx(covariance[2, 2], abs=1e-9)


def test_two_half_lives_with_a_ratio_known_to_be_one_are_one():
    tight = Priors(half_life_ratio_log_sd=1e-4)
    one = quadrature.fit(given_for(short_trial()), 1, 0)
    two = quadrature.fit(
        given_for(short_trial(), AnalysisPlan(half_lives="two", priors=tight)), 1, 0
    )
    assert two.estimate == pytest.approx(one.estimate, abs=0.005 * one.effect.sd)
    assert two.half_life_rise.ci_high == pytest.approx(two.half_life.ci_high, rel=0.05)


def test_people_solved_together_get_the_answers_they_get_alone():
    """To the last bits: the order of summation in a matrix product may differ."""
    people = [given_for(short_trial(seed, missing=0.2)) for seed in range(5)]
    people.append(given_for(short_trial(9), AnalysisPlan(trend="none")))
    people.append(given_for(hard_cases()["hardly any"]))
    together = quadrature.solve_many(people)
    for given, solution in zip(people, together, strict=True):
        one = quadrature.fit(given, 1, 0)
        other = quadrature.summarise(solution, 1, 0)
        assert solution.finest.inputs is given
        for name in ("mean", "sd", "ci_low", "ci_high"):
            alone = getattr(one.effect, name)
            assert getattr(other.effect, name) == pytest.approx(alone, rel=1e-7, abs=1e-7)
        assert other.log_evidence == pytest.approx(one.log_evidence, rel=1e-7, abs=1e-7)


def test_covariates_are_adjusted_for():
    given = given_for(short_trial())
    rng = np.random.default_rng(0)
    covariate = rng.standard_normal((given.n, 1))
    disturbed = replace(given, score=given.score + 4.0 * covariate[:, 0], covariates=covariate)
    plain = quadrature.solve(replace(disturbed, covariates=covariate[:, :0])).finest.effect(1, 0)
    adjusted = quadrature.solve(disturbed).finest.effect(1, 0)
    assert adjusted.sd < 0.96 * plain.sd
    nodes = at_one_node(disturbed, 2.0, 0.3, 0.5, 3.0)
    log_likelihood, mean, _ = naive_coefficients(disturbed, 2.0, 0.3, 0.5, 3.0)
    assert nodes.log_likelihood.item() == pytest.approx(log_likelihood, abs=1e-9)
    assert nodes.means.item() == pytest.approx(mean[2], abs=1e-9)
