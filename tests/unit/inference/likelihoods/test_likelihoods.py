"""Likelihoods beyond the Gaussian: against brute force, numerical integrals and each other."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import gammaln

from nof1.inference.draws_summary import quantiles
from nof1.inference.exact import quadrature
from nof1.inference.likelihoods import bounded, heavy_tails, reweighting
from nof1.inference.likelihoods.draws import Draws, draw, log_density
from nof1.inference.likelihoods.pareto import smoothed
from nof1.inference.likelihoods.reweighting import LIKELIHOODS, reweight
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import Scale
from support.naive import naive_ar1
from support.trials import SCALES, simulated_trial

PLAN = AnalysisPlan()
FLOOR = Truth(level=2, effects=(-2,), half_life_days=1, sigma=1.2, phi=0.4, period_sd=0.2)
MIDDLE = replace(FLOOR, level=6)


def given_for(truth=FLOOR, seed=1, plan=PLAN, **options):
    data = simulated_trial(truth, np.random.default_rng(seed), **options)
    return model_input(data, data.masked.series[0], plan)


def short(truth=FLOOR, seed=1, **options):
    """Seven to nine scores, unevenly spaced."""
    return given_for(truth, seed, every_days=19, missing=0.1, **options)


def some_draws(given, n=5, seed=3):
    return draw(quadrature.solve(given).finest, n, np.random.default_rng(seed))


def weekly():
    truth = Truth(level=20, effects=(-5,), half_life_days=3, sigma=4, phi=0.3, period_sd=1)
    scale = SCALES["c_irls_weekly"]
    return given_for(truth, every_days=7, recall_days=7, scale=scale, seed=5)


def assert_alike(one, other):
    """Two sets of draws of one posterior."""
    effects = [found.draws.effects[:, 0] for found in (one, other)]
    means = [found.weights @ effect for found, effect in zip((one, other), effects, strict=True)]
    sds = [
        (found.weights @ (effect - mean) ** 2) ** 0.5
        for found, effect, mean in zip((one, other), effects, means, strict=True)
    ]
    assert means[0] == pytest.approx(means[1], abs=0.1 * sds[1])
    assert sds[0] == pytest.approx(sds[1], rel=0.1)
    assert one.log_evidence == pytest.approx(other.log_evidence, abs=0.15)


def covariance_of(given, draws, row):
    return draws.sigma[row] ** 2 * naive_ar1(given.lag, draws.phi[row])


class TestDraws:
    @pytest.mark.parametrize(
        "plan",
        [
            PLAN,
            AnalysisPlan(half_lives="two"),
            AnalysisPlan(carryover="fixed:3", trend="none", period_effects="none"),
        ],
        ids=["default", "two half-lives", "fewer parameters"],
    )
    def test_have_the_moments_of_the_posterior(self, plan):
        given = given_for(MIDDLE, plan=plan, every_days=4)
        posterior = quadrature.solve(given).finest
        draws = draw(posterior, 4000, np.random.default_rng(2))
        effect = posterior.effect(1, 0)
        assert draws.effects[:, 0].mean() == pytest.approx(effect.mean, abs=0.06 * effect.sd)
        assert draws.effects[:, 0].std() == pytest.approx(effect.sd, rel=0.06)
        for name in ("phi", "sigma", "half_life"):
            exact = posterior.marginal(name)
            values = getattr(draws, name)
            assert values.mean() == pytest.approx(exact.mean, abs=0.02 * values.std() + 1e-9)
        weights = given.as_scheduled_weights(1, 0)
        scheduled = posterior.as_scheduled(1, 0)
        shares = weights @ given.exposure(draws.half_life, draws.half_life_rise)
        found = (shares * draws.effects).sum(axis=1)
        assert found.mean() == pytest.approx(scheduled.mean, abs=0.06 * scheduled.sd)

    def test_three_arms_have_the_covariance_of_the_posterior(self):
        truth = Truth(level=6, effects=(-1.0, -3.0), half_life_days=1, sigma=1, phi=0.3)
        given = given_for(truth, arm_of_period=(0, 1, 2, 2, 1, 0), period_days=14)
        posterior = quadrature.solve(given).finest
        draws = draw(posterior, 4000, np.random.default_rng(2))
        between = posterior.effect(2, 1)
        difference = draws.effects @ [-1.0, 1.0]
        assert difference.mean() == pytest.approx(between.mean, abs=0.06 * between.sd)
        assert difference.std() == pytest.approx(between.sd, rel=0.06)

    def test_density_equals_the_dense_one(self):
        given = short()
        precise = replace(given, innovation_precision=np.linspace(0.5, 2, given.n))
        draws = some_draws(given)
        found = log_density([given, precise], draws)
        for row in range(len(draws)):
            noise = stats.multivariate_normal(draws.expected[row], covariance_of(given, draws, row))
            assert found[0, row] == pytest.approx(noise.logpdf(given.score), abs=1e-9)
            rho = draws.phi[row] ** given.lag[1:]
            away = (given.score - draws.expected[row]) / draws.sigma[row]
            free = np.concatenate([away[:1], away[1:] - rho * away[:-1]])
            spread = np.concatenate([[1.0], np.sqrt(1 - rho**2)]) / np.sqrt(
                precise.innovation_precision
            )
            naive = stats.norm.logpdf(free, 0, spread).sum() - given.n * np.log(draws.sigma[row])
            assert found[1, row] == pytest.approx(naive, abs=1e-9)


class TestBounded:
    @pytest.mark.parametrize("truth", [FLOOR, MIDDLE, replace(FLOOR, level=11, sigma=3)])
    def test_probability_equals_that_of_a_box(self, truth):
        """The multivariate normal probability of all intervals, by scipy's own integration."""
        given = short(truth)
        draws = some_draws(given, 3)
        found = bounded.log_likelihood(given, draws)
        low, high = bounded.intervals(given)
        for row in range(len(draws)):
            box = stats.multivariate_normal.cdf(
                np.minimum(high, 99),
                draws.expected[row],
                covariance_of(given, draws, row),
                lower_limit=np.maximum(low, -99),
                maxpts=300_000,
                abseps=1e-14,
                releps=1e-5,
                rng=np.random.default_rng(1),
            )
            assert found[row] == pytest.approx(np.log(box), abs=0.01)

    def test_more_nodes_change_nothing(self):
        given = given_for(replace(FLOOR, phi=0.8, level=1))
        draws = some_draws(given, 40)
        found = bounded.log_likelihood(given, draws)
        finest, *_ = bounded._forward(given, draws, 64)
        assert found == pytest.approx(finest, abs=0.02)

    def test_small_steps_are_a_density(self):
        fine = Scale(name="numeric", low=0, high=10, step=1e-4, better="lower")
        given = given_for(MIDDLE, every_days=6, scale=fine)
        draws = some_draws(given, 50)
        gaussian = log_density([given], draws)[0] + given.n * np.log(given.step)
        assert bounded.log_likelihood(given, draws) == pytest.approx(gaussian, abs=1e-4)

    def test_intervals_reach_over_the_ends_alone(self):
        given = replace(short(), score=np.array([0.0, 1.0, 10.0]), low=0.0, high=10.0, step=1.0)
        low, high = bounded.intervals(given)
        assert low.tolist() == [-np.inf, 0.5, 9.5]
        assert high.tolist() == [0.5, 1.5, np.inf]

    def test_an_impossible_draw_has_no_probability_and_makes_no_noise(self):
        given = short()
        draws = some_draws(given)
        far = replace(draws, expected=draws.expected + 1e4)
        with np.errstate(all="raise", under="ignore"):
            assert (bounded.log_likelihood(given, far) < -1e4).all()

    def test_latent_values_lie_where_the_scores_say(self):
        given = given_for(every_days=3)
        draws = some_draws(given, 20)
        low, high = bounded.intervals(given)
        for latent in bounded.complete(given, draws, np.random.default_rng(1)):
            assert ((latent >= low) & (latent <= high)).all()

    def test_latent_values_have_their_conditional_mean(self):
        """Two scores at the floor, against a numerical integral over both latent values."""
        given = replace(
            short(),
            score=np.zeros(2),
            lag=np.array([0.0, 1.0]),
            innovation_precision=np.ones(2),
        )
        n = 20_000
        draws = Draws(
            half_life=np.zeros(n),
            half_life_rise=np.zeros(n),
            phi=np.full(n, 0.6),
            ratio=np.zeros(n),
            sigma=np.full(n, 1.5),
            carried=np.full((n, 1), 0.6),
            spread=np.full((n, 1), 0.8),
            expected=np.tile([1.0, 0.0], (n, 1)),
            effects=np.zeros((n, 1)),
            trend=np.zeros(n),
            slopes=np.zeros((n, 0)),
        )
        latent = np.array(bounded.complete(given, draws, np.random.default_rng(1)))
        noise = stats.multivariate_normal([1.0, 0.0], 2.25 * np.array([[1, 0.6], [0.6, 1]]))

        def over(weight):
            return integrate.dblquad(
                lambda b, a: weight(a, b) * noise.pdf([a, b]), -9, 0.5, -9, 0.5, epsabs=1e-6
            )[0]

        total = over(lambda _a, _b: 1.0)
        assert latent[:, 0].mean() == pytest.approx(over(lambda a, _b: a) / total, abs=0.04)
        assert latent[:, 1].mean() == pytest.approx(over(lambda _a, b: b) / total, abs=0.04)
        product = over(lambda a, b: a * b) / total
        assert (latent[:, 0] * latent[:, 1]).mean() == pytest.approx(product, rel=0.06)


class TestStudentT:
    def test_density_equals_scipys(self):
        given = short(MIDDLE)
        draws = some_draws(given)
        found = heavy_tails.log_likelihood(given, draws)
        for row in range(len(draws)):
            rho = draws.phi[row] ** given.lag[1:]
            away = given.score - draws.expected[row]
            centre = np.concatenate([[0.0], rho * away[:-1]])
            scale = draws.sigma[row] * np.concatenate([[1.0], np.sqrt(1 - rho**2)])
            naive = stats.t.logpdf(away, heavy_tails.NU, centre, scale).sum()
            assert found[row] == pytest.approx(naive, abs=1e-9)

    def test_precisions_mix_normal_distributions_into_it(self):
        """The mean over the prior of the precision of the normal density is the t density."""
        given = short(MIDDLE)
        draws = some_draws(given, 1)
        exact = heavy_tails.log_likelihood(given, draws)[0]
        rng = np.random.default_rng(1)
        precisions = rng.gamma(heavy_tails.NU / 2, 2 / heavy_tails.NU, (60_000, given.n))
        rho = draws.carried[0]
        away = (given.score - draws.expected[0]) / draws.sigma[0]
        free = np.concatenate([away[:1], (away[1:] - rho * away[:-1]) / draws.spread[0]])
        # Scores are independent given what carries on, so each may be averaged by itself.
        each = np.mean(stats.norm.pdf(free, 0, precisions**-0.5), axis=0)
        scale = np.log(draws.spread[0]).sum() + given.n * np.log(draws.sigma[0])
        assert np.log(each).sum() - scale == pytest.approx(exact, abs=0.1)

    def test_an_outlier_is_given_little_weight(self):
        given = given_for(MIDDLE, every_days=4)
        odd = replace(given, score=given.score + 6.0 * (np.arange(given.n) == 7))
        draws = some_draws(given, 400)
        precision = np.mean(heavy_tails.complete(odd, draws, np.random.default_rng(1)), axis=0)
        assert precision.argmin() == 7
        assert precision[7] < 0.3 < 0.7 < np.median(precision)


class TestReweighting:
    def test_both_roads_lead_to_the_same_posterior(self, monkeypatch):
        """Weekly scores in mid-scale, where plain reweighting is reliable as well."""
        given = weekly()
        gaussian = quadrature.solve(given).finest
        plain = reweight(given, gaussian, LIKELIHOODS["bounded"])
        monkeypatch.setattr(reweighting, "ROUNDS", 2)
        monkeypatch.setattr(reweighting.WeightedDraws, "settled", False)
        monkeypatch.setattr(
            reweighting.WeightedDraws, "reliable", property(lambda one: one.by == "imputation")
        )
        imputed = reweight(given, gaussian, LIKELIHOODS["bounded"])
        assert (plain.by, imputed.by) == ("reweighting", "imputation")
        assert_alike(plain, imputed)

    def test_heavy_tails_do_not_depend_on_the_imputations_drawn(self, monkeypatch):
        given = weekly()
        odd = replace(given, score=given.score + 15.0 * (np.arange(given.n) == 7))
        gaussian = quadrature.solve(odd).finest
        one = reweight(odd, gaussian, LIKELIHOODS["student-t"])
        monkeypatch.setattr(reweighting, "SEED", 99)
        other = reweight(odd, gaussian, LIKELIHOODS["student-t"])
        assert one.by == "imputation"
        assert one.log_evidence > gaussian.log_evidence + 1
        assert_alike(one, other)

    def test_tails_without_end_of_freedom_are_gaussian(self, monkeypatch):
        monkeypatch.setattr(heavy_tails, "NU", 1e5)
        constant = gammaln((1e5 + 1) / 2) - gammaln(1e5 / 2) - 0.5 * np.log(1e5 * np.pi)
        monkeypatch.setattr(heavy_tails, "_LOG_CONSTANT", constant)
        given = weekly()
        gaussian = quadrature.solve(given).finest
        found = reweight(given, gaussian, LIKELIHOODS["student-t"])
        assert found.by == "reweighting"
        assert found.log_evidence == pytest.approx(gaussian.log_evidence, abs=1e-2)

    @pytest.mark.parametrize("period_days", [10, 28])
    def test_many_scores_at_the_floor_are_no_obstacle(self, period_days):
        given = given_for(period_days=period_days)
        found = reweight(
            given, quadrature.solve(given).finest, LIKELIHOODS["bounded"], n_draws=1000
        )
        assert found.by == "imputation"
        assert found.reliable
        assert found.k_hat < 0.7
        assert found.ess > 300

    def test_same_input_same_bits(self):
        given = given_for(every_days=3)
        gaussian = quadrature.solve(given).finest
        one, other = (
            reweight(given, gaussian, LIKELIHOODS["bounded"], n_draws=500) for _ in range(2)
        )
        np.testing.assert_array_equal(one.weights, other.weights)
        np.testing.assert_array_equal(one.draws.expected, other.draws.expected)

    def test_heavy_weights_are_told_from_light_ones(self):
        rng = np.random.default_rng(1)
        light, k_light = smoothed(0.3 * rng.standard_normal(4000))
        heavy, k_heavy = smoothed(rng.exponential(1.0, 4000))
        assert light.sum() == pytest.approx(1)
        assert heavy.sum() == pytest.approx(1)
        assert k_light < 0.4
        # The weights exp(x) of exponential x are Pareto distributed with shape 1.
        assert k_heavy == pytest.approx(1.0, abs=0.25)

    @pytest.mark.parametrize("n", [60, 500, 4000])
    @pytest.mark.parametrize("heavy", [False, True])
    def test_weights_are_smoothed_as_by_arviz(self, n, heavy):
        from arviz_stats.base import array_stats

        rng = np.random.default_rng(n)
        log_weights = rng.exponential(1.3, n) if heavy else rng.standard_normal(n)
        weights, k_hat = smoothed(log_weights)
        theirs, their_k_hat = array_stats.psislw(-log_weights)
        assert k_hat == pytest.approx(float(their_k_hat), abs=1e-10)
        np.testing.assert_allclose(weights, np.exp(theirs), atol=1e-12)

    def test_a_tail_of_equal_weights_is_not_relied_on(self):
        weights, k_hat = smoothed(np.r_[np.zeros(400), np.ones(100)])
        assert k_hat == np.inf
        assert weights.sum() == pytest.approx(1)

    def test_what_would_take_too_long_is_not_begun(self):
        given = given_for()
        still = replace(given, score=9.0 * (given.arm == 1))
        gaussian = quadrature.solve(still).finest
        assert reweight(still, gaussian, LIKELIHOODS["bounded"]) is None

    @pytest.mark.parametrize(("even", "k_hat", "reliable"), [
        (0.99, 0.9, True), (0.8, 0.9, False), (0.8, 0.5, True), (0.05, 0.5, False),
    ])  # fmt: skip
    def test_weights_are_relied_on_with_a_light_tail_or_where_nearly_equal(
        self, even, k_hat, reliable
    ):
        draws = some_draws(short(), 400)
        found = reweighting.WeightedDraws(
            draws=draws, weights=np.full(400, 1 / 400), k_hat=k_hat, ess=even * 400,
            log_evidence=0.0, by="imputation",
        )  # fmt: skip
        assert found.reliable == reliable

    def test_equal_weights_stay_equal(self):
        weights, k_hat = smoothed(np.full(50, -3.0))
        assert weights.tolist() == [0.02] * 50
        assert k_hat == 0


def test_quantiles_of_weighted_draws():
    rng = np.random.default_rng(1)
    draws = rng.standard_normal(40_000)
    # Weighted by exp(x / 2) a standard normal distribution is moved to 1/2.
    weights = np.exp(draws / 2)
    found = quantiles(draws, weights / weights.sum(), (0.025, 0.5, 0.975))
    assert found == pytest.approx(stats.norm(0.5).ppf([0.025, 0.5, 0.975]), abs=0.05)
    assert quantiles(np.ones(3), np.full(3, 1 / 3), (0.1, 0.9)) == (1.0, 1.0)
