"""Which likelihood is taken, and how its answer stands beside the others."""

import json
from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.analysis import analyse
from nof1.inference.answering import answer
from nof1.inference.exact import quadrature
from nof1.inference.fits import LikelihoodFit, NotRun, NutsFit
from nof1.inference.json_result import analysis_object
from nof1.inference.likelihoods import reweighting
from nof1.inference.likelihoods.choosing import choose
from nof1.inference.sampled import likelihood_models, nuts
from nof1.inference.verdict import decide
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.trial.data import NOT_ANSWERED
from nof1.words.caution import sentence
from support.trials import graded_items, simulated_trial

PLAN, DECISION = AnalysisPlan(), Decision()
FLOOR = Truth(level=2, effects=(-2,), half_life_days=1, sigma=1.2, phi=0.3, period_sd=0.1)
MIDDLE = replace(FLOOR, level=6, sigma=0.8)


def simulated(truth, seed=2, **options):
    return simulated_trial(truth, np.random.default_rng(seed), period_days=14, **options)


def given_for(data, plan=PLAN):
    return model_input(data, data.masked.series[0], plan)


def chosen(given):
    return choose(given, quadrature.solve(given).finest)


def with_outliers(data, size=5.0):
    series = data.masked.series[0]
    score = series.score.copy()
    score[[10, 37, 61]] += size
    return with_series(data, replace(series, score=score))


def with_series(data, series):
    return replace(data, masked=replace(data.masked, series=(series,)))


class TestChoice:
    def test_scores_in_mid_scale_ask_for_nothing(self):
        assert chosen(given_for(simulated(MIDDLE))).likelihood == "gaussian"

    @pytest.mark.parametrize("sign", [1, -1])
    def test_a_crowded_end_asks_for_bounded(self, sign):
        given = given_for(simulated(FLOOR))
        given = replace(given, score=given.score if sign == 1 else 10 - given.score)
        found = chosen(given)
        assert found.likelihood == "bounded"
        share = 100 * np.mean(given.score == (0 if sign == 1 else 10))
        assert sentence(found.reason) == f"{share:.0f} % of the scores lie at an end of the scale"

    def test_scores_next_to_an_end_are_not_said_to_lie_at_it(self):
        given = given_for(simulated(FLOOR))
        given = replace(given, score=np.round(given.score), high=30.0)
        found = chosen(given)
        share = 100 * np.mean(given.score <= 2)
        assert share > 100 * np.mean(given.score == 0)
        assert (
            sentence(found.reason)
            == f"{share:.0f} % of the scores lie at an end of the scale or next to it"
        )

    def test_scores_all_alike_ask_for_nothing(self):
        given = given_for(simulated(FLOOR))
        assert chosen(replace(given, score=np.zeros(given.n))).likelihood == "gaussian"

    def test_an_end_that_was_guessed_is_no_end(self):
        given = replace(given_for(simulated(FLOOR)), scale_known=False)
        assert chosen(given).likelihood != "bounded"

    def test_two_values_are_yes_and_no_and_ask_for_nothing(self):
        given = given_for(simulated(MIDDLE))
        yes = (np.arange(given.n) % 3 == 0).astype(float)
        known = replace(given, score=yes, low=0.0, high=1.0, step=1.0)
        guessed = replace(given, score=yes, high=4.0, scale_known=False)
        for one in (known, guessed):
            assert sentence(chosen(one).reason) == "the scores take two values only"
        assert chosen(replace(given, score=yes)).likelihood == "bounded"

    def test_outliers_are_named_at_a_floor_too(self):
        given = given_for(simulated(FLOOR))
        assert chosen(given).outliers == ()
        odd = replace(given, score=np.where(given.day == 18, 10.0, given.score))
        found = chosen(odd)
        assert found.likelihood == "bounded"
        assert [(one.day, one.score) for one in found.outliers] == [(18, 10.0)]

    def test_the_score_after_an_outlier_is_none(self):
        data = simulated(replace(MIDDLE, phi=0.9, sigma=0.5))
        given = given_for(data)
        odd = replace(given, score=given.score + 8.0 * (given.day == 40))
        assert [one.day for one in chosen(odd).outliers] == [40]

    def test_exactly_a_tenth_at_an_end_is_not_crowded(self):
        given = given_for(
            simulated_trial(
                MIDDLE, np.random.default_rng(2), arm_of_period=(0, 1, 1, 0), period_days=20
            )
        )
        score = 5.0 + np.resize([0, 1, -1], given.n)
        number = np.arange(given.n)
        assert given.n == 80
        for at_end, crowded in ((8, False), (9, True)):
            some = replace(given, score=np.where(number < at_end, 0.0, score))
            assert (chosen(some).likelihood == "bounded") == crowded

    def test_outliers_ask_for_heavy_tails(self):
        found = chosen(given_for(with_outliers(simulated(MIDDLE), 4.0)))
        assert found.likelihood == "student-t"
        assert "log Bayes factor" in sentence(found.reason)
        assert any(f"day {day}" in sentence(found.reason) for day in (11, 38, 62))

    def test_what_is_asked_for_is_taken(self):
        for name in ("bounded", "student-t", "ordinal", "gaussian"):
            given = given_for(simulated(FLOOR), AnalysisPlan(likelihood=name))
            assert chosen(given).likelihood == name
            assert sentence(chosen(given).reason) == "it was asked for"


class TestAnswer:
    def test_is_none_where_normal_scores_will_do(self):
        given = given_for(simulated(MIDDLE))
        assert answer(given, quadrature.solve(given).finest) is None

    def test_says_what_it_needs_when_it_may_not_sample(self, monkeypatch):
        monkeypatch.setattr(reweighting, "LARGEST_K_HAT", -9.0)
        monkeypatch.setattr(reweighting, "EVEN", 2.0)
        given = given_for(simulated(FLOOR))
        fit = answer(given, quadrature.solve(given).finest).fit(1, 0)
        assert isinstance(fit, NotRun)
        assert "k-hat" in fit.why

    def test_gives_up_within_a_second_where_scores_hardly_scatter(self, monkeypatch):
        """Zeros on one arm and nines on the other: nothing for the noise to be learnt from."""
        monkeypatch.setattr(nuts, "sample", None)
        data = simulated(FLOOR)
        given = given_for(data)
        still = replace(given, score=9.0 * (given.arm == 1), step=1.0)
        fit = answer(still, quadrature.solve(still).finest).fit(1, 0)
        assert isinstance(fit, NotRun)
        assert fit.sampler_could
        assert "within a second" in fit.why

    def test_without_it_normal_scores_do_not_say_that_there_is_no_difference(self, monkeypatch):
        """Scores on the floor on both arms, that the bounded likelihood would have room below."""
        monkeypatch.setattr(reweighting, "MOST_WORK", 1)
        data = simulated(replace(FLOOR, level=-1.5, effects=(-0.5,)))
        found = analyse(data, data.masked.series[0], PLAN, DECISION)
        contrast = found.primary
        assert isinstance(contrast.engines["likelihood"], NotRun)
        exact = contrast.fit("quadrature")
        assert decide(exact.chances, DECISION).code == "no-meaningful-difference"
        assert (contrast.verdict.code, contrast.verdict.because) == ("cannot-tell", "not-computed")
        assert "A sampler could tell more: --sample, which" in " ".join(found.warnings)

    def test_with_outliers_heavy_tails_are_worked_out_beside_the_floor(self):
        given = given_for(simulated(FLOOR))
        odd = replace(given, score=np.where(given.day == 18, 10.0, given.score))
        gaussian = quadrature.solve(odd).finest
        heavy = answer(odd, gaussian).fit(1, 0).heavy_tails
        asked = replace(odd, plan=AnalysisPlan(likelihood="student-t"))
        again = answer(asked, gaussian).fit(1, 0)
        for name in ("mean", "ci_low", "ci_high"):
            expected = pytest.approx(getattr(again.effect, name), abs=0.25 * again.effect.sd)
            assert getattr(heavy, name) == expected

    def test_without_items_ordinal_does_not_run(self):
        given = given_for(simulated(MIDDLE), AnalysisPlan(likelihood="ordinal"))
        fit = answer(given, quadrature.solve(given).finest, before_sampling=print).fit(1, 0)
        assert isinstance(fit, NotRun)
        assert fit.why == "no answers to single items were recorded"

    def test_samples_where_reweighting_is_not_reliable(self, monkeypatch):
        monkeypatch.setattr(reweighting, "LARGEST_K_HAT", -9.0)
        monkeypatch.setattr(reweighting, "ROUNDS", 0)
        original = nuts.sample
        monkeypatch.setattr(nuts, "sample", lambda *a, **k: original(*a, **(k | {"draws": 200})))
        given = given_for(simulated(FLOOR, every_days=7, seed=3))
        told = []
        found = answer(given, quadrature.solve(given).finest, before_sampling=told.append)
        fit = found.fit(1, 0)
        assert len(told) == 1
        assert "cannot be computed exactly here (k-hat" in told[0]
        assert (fit.by, fit.sampling.draws) == ("nuts", 800)
        assert fit.sampling.sampler == "pymc"
        assert fit.ci_low < fit.estimate < fit.ci_high


@pytest.fixture(scope="module")
def floor():
    data = simulated(FLOOR)
    return analyse(data, data.masked.series[0], PLAN, DECISION)


class TestAnalysis:
    def test_stands_beside_the_exact_answer_and_makes_the_verdict(self, floor):
        contrast = floor.primary
        names = list(contrast.engines)
        assert names == ["randomisation", "paired", "reml", "quadrature", "likelihood"]
        other, exact = contrast.fit("likelihood"), contrast.fit("quadrature")
        assert contrast.answer is other
        assert contrast.verdict.code == decide(other.chances, DECISION).code
        assert other.estimate < exact.estimate - 0.1
        assert other.estimand == "steady-state"

    def test_has_the_keys_of_the_exact_answer_and_its_own(self, floor):
        engines = json.loads(json.dumps(analysis_object(floor), allow_nan=False))["engines"]
        own = {"likelihood", "by", "reason", "k_hat", "ess"}
        assert engines["likelihood"].keys() >= engines["quadrature"].keys() - {"error"} | own
        assert engines["likelihood"]["likelihood"] == "bounded"
        assert engines["likelihood"]["by"] in ("reweighting", "imputation")
        assert engines["likelihood"]["as_scheduled"].keys() == {"mean", "ci_low", "ci_high"}

    def test_says_why_and_what_the_other_would_have_been(self, floor):
        said = " ".join(floor.warnings)
        exact = floor.primary.fit("quadrature").estimate
        assert "cut off at the ends of the scale, because" in said
        assert f"they give {exact:+.3g} instead of" in said
        assert "all engines but likelihood probably underestimate" in said

    def test_figures_have_a_density(self, floor):
        points, density = floor.primary.answer.density
        assert np.trapezoid(density, points) == pytest.approx(1, abs=0.01)

    def test_belongs_to_quadrature(self):
        data = simulated(FLOOR)
        found = analyse(data, data.masked.series[0], PLAN, DECISION, engines=["paired"])
        assert list(found.primary.engines) == ["paired"]

    def test_gaussian_asked_for_is_left_alone(self):
        data = simulated(FLOOR)
        plan = AnalysisPlan(likelihood="gaussian")
        found = analyse(data, data.masked.series[0], plan, DECISION)
        assert "likelihood" not in found.primary.engines
        assert found.primary.answer is found.primary.fit("quadrature")

    def test_three_arms_hang_together(self):
        truth = replace(FLOOR, level=3, effects=(-1.0, -3.0))
        data = simulated(truth, arm_of_period=(0, 1, 2, 2, 1, 0))
        found = analyse(data, data.masked.series[0], PLAN, DECISION)
        means = [one.fit("likelihood").estimate for one in found.contrasts]
        assert means[2] == pytest.approx(means[1] - means[0], abs=1e-9)

    def test_outliers_count_for_less(self):
        data = with_outliers(simulated(MIDDLE), -5.0)
        found = analyse(data, data.masked.series[0], PLAN, DECISION).primary
        heavy, plain = found.fit("likelihood"), found.fit("quadrature")
        assert heavy.likelihood == "student-t"
        assert heavy.effect.sd < plain.effect.sd
        assert abs(heavy.estimate + 2) < abs(plain.estimate + 2)


class TestItems:
    def test_the_expected_total_follows_the_thresholds(self):
        """One draw with thresholds far apart: items are steps, and add up to the points."""
        data = graded_items(np.random.default_rng(1))
        given = given_for(data)
        thresholds = np.tile([-2000.0, -1000.0, 1000.0, 2000.0], (1, 10, 1))
        total = likelihood_models._expected_total(given, np.full((1, 3), 20.0), thresholds)
        assert total.tolist() == [[20.0, 20.0, 20.0]]

    def test_answers_have_their_probability(self):
        import pytensor.tensor as pt

        items = np.array([[0, 2], [4, NOT_ANSWERED]])
        thresholds = np.array([[-2.0, -1.0, 1.0, 2.5], [-3.0, 0.0, 0.5, 1.0]])
        level = np.array([-0.5, 1.2])
        found = likelihood_models._log_answers(
            items, 4, pt.as_tensor_variable(level), pt.as_tensor_variable(thresholds)
        ).eval()

        def below(x):
            return 1 / (1 + np.exp(-x))

        naive = [
            below(-2.0 + 0.5),
            below(0.5 + 0.5) - below(0.0 + 0.5),
            1 - below(2.5 - 1.2),
        ]
        assert found.sum() == pytest.approx(np.log(naive).sum())

    def test_noise_has_the_correlation_of_the_calendar(self):
        import pytensor.tensor as pt

        given = given_for(graded_items(np.random.default_rng(1)))
        root = likelihood_models._carried_on(given, pt.as_tensor_variable(0.6)).eval()
        time = np.cumsum(given.lag)
        apart = np.abs(time[:, None] - time[None, :])
        np.testing.assert_allclose(root @ root.T, 0.6**apart, atol=1e-12)

    def test_a_crowded_end_with_items_names_the_ordinal_likelihood(self):
        data = graded_items(np.random.default_rng(2), level=1.0)
        found = analyse(data, data.masked.series[0], PLAN, DECISION)
        assert "--likelihood ordinal" in " ".join(found.warnings)
        bare = with_series(data, replace(data.masked.series[0], items=None))
        found = analyse(bare, bare.masked.series[0], PLAN, DECISION)
        assert "--likelihood ordinal" not in " ".join(found.warnings)


@pytest.mark.slow
class TestAgainstPyMC:
    """The same likelihood by reweighting and by sampling."""

    @pytest.mark.parametrize("name", ["bounded", "student-t"])
    @pytest.mark.parametrize("every_days", [1, 7])
    def test_agrees(self, name, every_days):
        truth = FLOOR if name == "bounded" else MIDDLE
        data = simulated(truth, seed=4, every_days=every_days)
        if name == "student-t":
            series = data.masked.series[0]
            odd = series.score + 4.0 * (np.arange(len(series.score)) % 11 == 5)
            data = with_series(data, replace(series, score=odd))
        given = given_for(data, AnalysisPlan(likelihood=name))
        one = answer(given, quadrature.solve(given).finest).fit(1, 0)
        trace = likelihood_models.sample(given, name, progress=False)
        found, _ = likelihood_models.drawn(given, name, trace, 1, 0)
        mixed = nuts.diagnostics(trace)
        other = found.posterior(NutsFit, given, 1, 0, sampling=mixed, seed=likelihood_models.SEED)
        assert isinstance(one, LikelihoodFit)
        assert mixed.rhat < 1.02
        error = other.effect.sd * (1 / mixed.ess + 1 / one.ess) ** 0.5
        assert one.estimate == pytest.approx(other.estimate, abs=4 * error)
        assert one.effect.sd == pytest.approx(other.effect.sd, rel=0.12)
        for parameter in ("phi", "sigma", "sigma_period"):
            mine, theirs = getattr(one, parameter), getattr(other, parameter)
            assert abs(mine.mean - theirs.mean) < 0.06 * (theirs.ci_high - theirs.ci_low)

    def test_items_find_the_effect(self):
        data = graded_items(np.random.default_rng(3), level=18.0, effect=-7.0)
        given = given_for(data, AnalysisPlan(likelihood="ordinal"))
        fit = answer(given, quadrature.solve(given).finest, before_sampling=print).fit(1, 0)
        assert (fit.by, fit.sampling.divergences) == ("nuts", 0)
        assert fit.sampling.rhat < 1.02
        assert fit.ci_low < -6.0 < fit.ci_high
        assert fit.chances.better > 0.95
        assert fit.latent.mean == pytest.approx(-7, abs=3.5)
