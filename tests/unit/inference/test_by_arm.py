"""An SD for each arm: against integrals, against exact posteriors, and where it is taken."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, optimize, stats
from scipy.special import expit

from nof1.inference.analysis import analyse
from nof1.inference.checks.sensitivity import sensitivity
from nof1.inference.exact import quadrature
from nof1.inference.frequentist import reml
from nof1.inference.frequentist.gls import gls
from nof1.inference.json_result import analysis_object
from nof1.inference.likelihoods import by_arm
from nof1.inference.likelihoods.choosing import choose
from nof1.inference.likelihoods.draws import draw
from nof1.inference.likelihoods.reweighting import LIKELIHOODS, reweight
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.scales import Scale
from nof1.words.caution import sentence
from support.naive import naive_ar1
from support.trials import simulated_trial
from support.unequal import unequal_trial

PLAN, DECISION = AnalysisPlan(), Decision()
CALM = Truth(level=5, effects=(-0.5,), half_life_days=0, sigma=0.8, phi=0.3, period_sd=0.1)


def given_of(data, plan=PLAN):
    return model_input(data, data.masked.series[0], plan)


def calm(seed=1, truth=CALM, order=(0, 1, 1, 0), **options):
    return simulated_trial(
        truth, np.random.default_rng(seed), arm_of_period=order, rounded=False,
        **({"period_days": 10} | options),
    )  # fmt: skip


def some_draws(given, n=4):
    return draw(quadrature.solve(given).finest, n, np.random.default_rng(2))


def chosen(given):
    return choose(given, quadrature.solve(given).finest)


class TestLikelihood:
    @pytest.mark.parametrize("n_arms", [2, 3])
    def test_it_is_the_integral_over_every_factor(self, n_arms):
        truth = replace(CALM, effects=(-0.5,) * (n_arms - 1))
        order = (0, 1, 1, 0) if n_arms == 2 else (0, 1, 2, 2, 1, 0)
        given = given_of(calm(truth=truth, order=order, period_days=3))
        draws = some_draws(given)
        found = by_arm.log_likelihood(given, draws)
        for row in range(len(draws)):
            deviation = given.score - draws.expected[row]
            carried = np.concatenate([[0.0], draws.carried[row]])
            before = np.concatenate([[0.0], deviation[:-1]])
            free = deviation - carried * before
            sd = draws.sigma[row] * np.concatenate([[1.0], draws.spread[row]])
            total = stats.norm.logpdf(free, scale=sd)[given.arm == 0].sum()
            for arm in range(1, n_arms):
                on = given.arm == arm

                def height(t, on=on, free=free, sd=sd):
                    inside = stats.norm.logpdf(free[on], scale=sd[on] * np.exp(t)).sum()
                    return np.exp(inside + stats.norm.logpdf(t, scale=by_arm.LOG_SD) + 8)

                total += np.log(integrate.quad(height, -3.5, 3.5, limit=200)[0]) - 8
            assert found[row] == pytest.approx(total, abs=2e-3)

    def test_factors_are_drawn_from_their_posterior(self):
        given = given_of(unequal_trial(3))
        draws = some_draws(given, 2000)
        times = by_arm.factors(given, draws, np.random.default_rng(1))
        assert (times[:, 0] == 1).all()
        precision = by_arm.complete(given, draws, np.random.default_rng(1))[5]
        assert set(np.round(precision[given.arm == 1], 12)) == {round(times[5, 1] ** -2.0, 12)}
        assert set(precision[given.arm == 0]) == {1.0}

    def test_a_window_over_a_switch_counts_for_the_arm_it_is_mostly_on(self):
        given = given_of(
            simulated_trial(
                CALM, np.random.default_rng(1), period_days=10, every_days=7, recall_days=7
            )
        )
        arms = given.mainly_on
        straddling = given.arm < 0
        assert straddling.any()
        assert (arms[~straddling] == given.arm[~straddling]).all()
        share = given.period_share @ (np.array(given.arm_of_period) == 1)
        assert (arms[straddling] == (share[straddling] > 0.5)).all()

    def test_the_posterior_is_that_of_exact_posteriors_over_the_factor(self):
        """Reweighted draws against a sum over exact posteriors at known factors."""
        given = given_of(unequal_trial(4))
        steps = np.linspace(0.8, 3.6, 36)
        exact = quadrature.solve_many(
            [
                replace(given, innovation_precision=np.where(given.arm == 1, np.exp(-2 * t), 1.0))
                for t in steps
            ]
        )
        log_weights = np.array([one.finest.log_evidence for one in exact])
        log_weights += stats.norm.logpdf(steps, scale=by_arm.LOG_SD)
        evidence = np.log(np.exp(log_weights - log_weights.max()).sum() * (steps[1] - steps[0]))
        weights = np.exp(log_weights - log_weights.max())
        weights /= weights.sum()
        effects = [one.finest.effect(1, 0) for one in exact]
        mean = weights @ [one.mean for one in effects]
        sd = (weights @ [one.sd**2 + (one.mean - mean) ** 2 for one in effects]) ** 0.5
        found = reweight(given, quadrature.solve(given).finest, LIKELIHOODS["by-arm"])
        assert found.reliable
        draws = found.draws.effects[:, 0]
        assert found.weights @ draws == pytest.approx(mean, abs=0.1 * sd)
        assert (found.weights @ (draws - mean) ** 2) ** 0.5 == pytest.approx(sd, rel=0.1)
        assert found.log_evidence == pytest.approx(evidence + log_weights.max(), abs=0.15)

    def test_with_a_known_factor_the_exact_engine_is_plain_regression(self):
        """What the exact posteriors above rest on, written with dense matrices."""
        given = given_of(calm(period_days=4))
        precision = np.where(given.arm == 1, 0.25, 1.0)
        weighted = replace(given, innovation_precision=precision)
        nodes = quadrature.solve(weighted).finest.components()
        best = int(nodes.weights.argmax())
        correlation = naive_ar1(given.lag, nodes.phi[best])
        root = np.linalg.cholesky(correlation)
        # Innovations scaled by arm, carried on by the AR(1) that the scores have.
        scaled = (root / np.diag(root)) @ np.diag(np.diag(root) / np.sqrt(precision))
        cov = nodes.sigma[best] ** 2 * (
            scaled @ scaled.T + nodes.ratio[best] ** 2 * given.period_share @ given.period_share.T
        )
        x = np.column_stack([np.ones(given.n), given.trend, given.exposure(nodes.half_life[best])])
        prior = np.diag([2.5, 0.5, 1.5]) ** 2
        total = x @ prior @ x.T + cov
        gain = prior @ x.T @ np.linalg.inv(total)
        effect = (gain @ (given.score - 5.0))[2]
        assert nodes.means[best, 0] == pytest.approx(effect, abs=1e-6)


class TestChoice:
    @pytest.mark.parametrize("seed", range(3))
    def test_unequal_scatter_is_not_taken_for_outliers(self, seed):
        found = chosen(given_of(unequal_trial(seed)))
        assert found.likelihood == "by-arm"
        assert found.outliers == ()
        assert found.scatter.unequal
        assert found.scatter.sds["B"] > 3 * found.scatter.sds["A"]
        assert "on B and" in sentence(found.reason)

    def test_outliers_on_one_arm_are_not_taken_for_unequal_scatter(self):
        data = calm(order=(0, 1, 1, 0, 0, 1))
        series = data.masked.series[0]
        score = series.score.copy()
        score[[14, 27, 52]] += np.array([5.0, -5.0, 5.0])
        given = given_of(
            replace(data, masked=replace(data.masked, series=(replace(series, score=score),)))
        )
        assert chosen(given).likelihood == "student-t"

    def test_equal_scatter_asks_for_nothing(self):
        taken = [chosen(given_of(calm(seed))).likelihood for seed in range(6)]
        assert taken == ["gaussian"] * 6

    def test_three_arms_each_have_an_sd(self):
        truth = replace(CALM, effects=(0.0, 0.0))
        data = calm(truth=truth, order=(0, 1, 2, 2, 1, 0))
        series = data.masked.series[0]
        on_c = np.repeat(np.array(data.arm_of_period) == 2, 10)
        score = 5 + (series.score - 5) * np.where(on_c, 4.0, 1.0)
        wider = replace(
            series,
            score=score,
            scale=Scale(name="numeric", low=-20, high=30, step=0, better="lower"),
        )
        found = chosen(given_of(replace(data, masked=replace(data.masked, series=(wider,)))))
        assert found.likelihood == "by-arm"
        assert found.scatter.sds.keys() == {"A", "B", "C"}


class TestAnalysis:
    @pytest.fixture
    def found(self):
        data = unequal_trial(5)
        return analyse(data, data.masked.series[0], PLAN, DECISION)

    def test_the_verdict_rests_on_it_and_it_is_said(self, found):
        answer = found.primary.answer
        assert answer.likelihood == "by-arm"
        assert answer.sigma_by_arm["A"].mean == pytest.approx(0.3, abs=0.1)
        assert answer.sigma_by_arm["B"].mean == pytest.approx(2.5, abs=1.0)
        said = " | ".join(found.warnings)
        assert "normal with an SD for each arm" in said
        assert "likelihood and reml give each arm its own" in said
        content = json.loads(json.dumps(analysis_object(found), allow_nan=False))
        assert content["scatter"]["unequal"] is True
        assert content["scatter"]["sds"].keys() == {"A", "B"}

    def test_nearness_to_an_end_is_no_unequal_scatter(self):
        truth = replace(CALM, level=2.0, effects=(-2.5,), sigma=1.2, half_life_days=0)
        data = simulated_trial(truth, np.random.default_rng(1), period_days=14)
        found = analyse(data, data.masked.series[0], PLAN, DECISION, engines=("quadrature",))
        assert found.primary.answer.likelihood == "bounded"
        assert found.scatter.unequal
        assert not [one for one in found.warnings if "scatter unequally" in one]

    def test_answers_of_yes_and_no_have_no_scatter_of_their_own(self):
        given = given_of(calm())
        yes = (np.arange(given.n) % (3 + 4 * given.arm) == 0).astype(float)
        assert chosen(replace(given, score=yes, low=0.0, high=1.0, step=1.0)).scatter is None

    def test_a_plan_that_takes_them_as_equal_is_warned(self):
        data = unequal_trial(5)
        plan = AnalysisPlan(likelihood="gaussian")
        found = analyse(data, data.masked.series[0], plan, DECISION, engines=("quadrature",))
        assert "likelihood" not in found.primary.engines
        [said] = [one for one in found.warnings if "scatter unequally" in one]
        assert "--likelihood by-arm" in said

    def test_it_can_be_promised(self):
        data = calm(order=(0, 1, 1, 0, 0, 1), period_days=21)
        plan = AnalysisPlan(likelihood="by-arm")
        found = analyse(data, data.masked.series[0], plan, DECISION, engines=("quadrature",))
        assert sentence(found.primary.answer.reason) == "it was asked for"
        # Where SDs are equal the answer is the Gaussian one.
        exact = found.primary.fit("quadrature")
        assert found.primary.answer.estimate == pytest.approx(
            exact.estimate, abs=0.3 * exact.effect.sd
        )

    def test_it_is_the_last_row_of_the_sensitivity(self):
        data = unequal_trial(5)
        rows = sensitivity(data, data.masked.series[0], PLAN)
        assert rows[-1].label == "An SD of the scores for each arm"
        assert rows[-1].effect.mean != rows[0].effect.mean


class TestReml:
    def test_it_is_the_maximum_of_the_restricted_likelihood_by_dense_matrices(self):
        given = given_of(unequal_trial(4), AnalysisPlan(likelihood="by-arm"))
        found = reml.fit(given, 1, 0)
        x = reml.regressors(given, 0.0)
        arms = given.mainly_on

        def parts(log_factor, phi, ratio):
            root = np.linalg.cholesky(naive_ar1(given.lag, phi))
            scaled = root * np.exp(log_factor * (arms == 1))
            cov = scaled @ scaled.T + ratio**2 * given.period_share @ given.period_share.T
            inverse = np.linalg.inv(cov)
            gram = x.T @ inverse @ x
            b = np.linalg.solve(gram, x.T @ inverse @ given.score)
            rest = given.score - x @ b
            return cov, gram, b, rest @ inverse @ rest

        def lost(at):
            cov, gram, _, ssr = parts(at[0], expit(at[1]), np.exp(at[2]))
            df = given.n - x.shape[1]
            return 0.5 * (
                np.linalg.slogdet(cov)[1] + np.linalg.slogdet(gram)[1] + df * np.log(ssr / df)
            )

        best = optimize.minimize(lost, [2.0, -3.0, -1.0], method="Nelder-Mead").x
        _, gram, b, ssr = parts(best[0], expit(best[1]), np.exp(best[2]))
        variance = ssr / (given.n - x.shape[1])
        assert found.estimate == pytest.approx(b[1], abs=0.02)
        assert found.se == pytest.approx((variance * np.linalg.inv(gram)[1, 1]) ** 0.5, rel=0.02)
        sds = found.sigma_by_arm
        assert np.log(sds["B"] / sds["A"]) == pytest.approx(best[0], abs=0.02)

    def test_with_a_known_factor_it_is_generalised_least_squares(self):
        given = given_of(unequal_trial(6), AnalysisPlan(period_effects="none"))
        x = reml.regressors(given, 0.0)
        precision = np.where(given.arm == 1, 0.02, 1.0)
        found = gls(given.score, x, given.lag, None, precision)
        root = np.linalg.cholesky(naive_ar1(given.lag, found.phi)) / np.sqrt(precision)
        white = np.linalg.inv(root)
        plain = np.linalg.lstsq(white @ x, white @ given.score, rcond=None)[0]
        assert found.coefficients == pytest.approx(plain, abs=1e-8)
        ones = gls(given.score, x, given.lag, None, np.ones(given.n))
        assert ones.log_likelihood == gls(given.score, x, given.lag).log_likelihood

    def test_its_interval_holds_the_truth(self):
        held = 0
        for seed in range(20):
            given = given_of(unequal_trial(seed), AnalysisPlan(likelihood="by-arm"))
            values = reml.fit(given, 1, 0)
            held += values.ci_low <= 0 <= values.ci_high
        assert held >= 16


@pytest.mark.slow
def test_pymc_gives_the_same_posterior():
    from nof1.inference.sampled import likelihood_models

    given = given_of(unequal_trial(5))
    trace = likelihood_models.sample(given, "by-arm", progress=False)
    found, _ = likelihood_models.drawn(given, "by-arm", trace, 1, 0)
    exact = reweight(given, quadrature.solve(given).finest, LIKELIHOODS["by-arm"])
    mean = exact.weights @ exact.draws.effects[:, 0]
    sd = (exact.weights @ (exact.draws.effects[:, 0] - mean) ** 2) ** 0.5
    assert found.effect.mean() == pytest.approx(mean, abs=0.15 * sd)
    assert found.effect.std() == pytest.approx(sd, rel=0.15)


def test_a_trial_without_scores_on_an_arm_has_no_sd_there():
    data = unequal_trial(5)
    series = data.masked.series[0]
    on = np.repeat(np.array(data.arm_of_period), [20, 5, 5, 20, 20, 5])
    bare = replace(series, score=np.where(on == 1, np.nan, series.score))
    given = given_of(replace(data, masked=replace(data.masked, series=(bare,))))
    assert by_arm.scatter_by_arm(given, some_draws(given, 20)).sds.keys() == {"A"}
