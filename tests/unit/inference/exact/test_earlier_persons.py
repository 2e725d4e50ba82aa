"""Earlier persons and this one: against brute force, and against the quadrature itself."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nof1.inference.analysis import analyse
from nof1.inference.exact import earlier_persons, quadrature
from nof1.inference.exact.effect_likelihood import effect_likelihood
from nof1.inference.fits import Fit
from nof1.inference.json_result import analysis_object
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.pooling.analysis import Question, pool
from nof1.pooling.prior import prior_text
from nof1.protocol.files import parse_protocol
from nof1.protocol.tables import AnalysisPlan, Decision, Priors
from nof1.sharing.shared_likelihood import SharedLikelihood
from support.pool_members import given, member, normal
from support.population_priors import normal_prior, prior_of
from support.protocol_texts import DEFAULT
from support.trials import SCALES, simulated_trial

PLAN = AnalysisPlan()
PRIOR = prior_of((-3.1, -2.9), (2.2, 4.0), (0.8, 0.2))
ARMS = ("placebo", "magnesium")
TRUTH = Truth(level=20, effects=(-5,), half_life_days=4, sigma=3, phi=0.4)
WEEKLY = {"every_days": 7, "recall_days": 7, "scale": SCALES["c_irls_weekly"], "mcid": 3.0}


def weekly(seed=3, *, arms=ARMS, **options):
    truth = replace(TRUTH, effects=(-5, -2)[: len(arms) - 1])
    data = simulated_trial(truth, np.random.default_rng(seed), **(WEEKLY | options))
    return replace(data, arms=arms)


def given_for(data, plan=PLAN):
    return model_input(data, data.masked.series[0], plan)


def analysed(data, prior=PRIOR, **options):
    plan = AnalysisPlan(population_prior=prior)
    return analyse(data, data.masked.series[0], plan, Decision(), **options)


def figures(found):
    return np.array([found.mean, found.sd, found.ci_low, found.ci_high])


def assert_same(fit, effect, *, moved=0.0, sds=5e-3):
    """Compare mean, SD and interval with those of a mixture, in its SDs."""
    low, high = effect.interval(0.95)
    expected = np.array([effect.mean + moved, effect.sd, low + moved, high + moved])
    assert figures(fit.effect) == pytest.approx(expected, abs=sds * effect.sd)


class TestTheProduct:
    @pytest.mark.parametrize(
        "prior",
        [
            PRIOR,
            normal_prior(4.0, 0.5),
            normal_prior(-3.0, 300.0),
            prior_of((-12.0, 0.0, 6.0), (1.0, 0.2, 3.0), (0.3, 0.1, 0.6)),
        ],
        ids=["two normals", "in conflict", "flat", "three humps"],
    )
    def test_equals_likelihood_times_prior_on_a_fine_grid(self, prior):
        found = quadrature.solve(given_for(weekly())).finest
        points = np.linspace(-80, 80, 8_001)
        density = np.exp(effect_likelihood(found).log_density(points[:, None])) * sum(
            w * stats.norm.pdf(points, m, s)
            for m, s, w in zip(prior.means, prior.sds, prior.weights, strict=True)
        )
        density /= density.sum()
        below = density.cumsum() - density / 2
        mean = density @ points
        sd = (density @ (points - mean) ** 2) ** 0.5
        fit = earlier_persons.fit(found, prior, 1, 0)
        low, high = np.interp([0.025, 0.975], below, points)
        assert figures(fit.effect) == pytest.approx([mean, sd, low, high], abs=1e-3 * sd)
        assert fit.chances.better == pytest.approx(np.interp(0, points, below), abs=1e-4)
        assert fit.chances.meaningful == pytest.approx(np.interp(-3, points, below), abs=1e-4)
        of_points, shown = fit.density
        assert np.trapezoid(shown, of_points) == pytest.approx(1, abs=0.01)

    def test_one_normal_times_one_normal_is_the_textbook_formula(self):
        one = normal(-5.0, 2.0)
        found = earlier_persons.combined(one, earlier_persons.mixture_of(normal_prior(-1.0, 1.0)))
        assert (found.mean, found.sd) == pytest.approx((-1.8, 0.8**0.5))

    def test_scores_that_tell_nothing_leave_the_prior_as_it_was(self):
        silent = normal(1e6, 1e6)
        before = earlier_persons.mixture_of(PRIOR)
        found = earlier_persons.combined(silent, before)
        assert (found.mean, found.sd) == pytest.approx((before.mean, before.sd), rel=1e-4)

    def test_a_prior_out_of_all_reach_is_still_computed(self):
        found = quadrature.solve(given_for(weekly())).finest
        both = earlier_persons.fit(found, normal_prior(39.0, 0.05), 1, 0)
        assert 38 < both.estimate < 39.01
        assert 0.04 < both.effect.sd < 0.06


class TestAgainstTheQuadrature:
    @pytest.mark.parametrize("seed", [3, 4, 5])
    def test_the_default_prior_gives_the_default_answer(self, seed):
        given = given_for(weekly(seed))
        found = quadrature.solve(given).finest
        same = normal_prior(0.0, PLAN.priors.effect_sd * given.span)
        assert_same(earlier_persons.fit(found, same, 1, 0), found.effect(1, 0))

    @pytest.mark.parametrize("share", [0.03, 0.3])
    def test_another_width_gives_what_the_quadrature_gives_with_it(self, share):
        data = weekly()
        found = quadrature.solve(given_for(data)).finest
        asked = AnalysisPlan(priors=Priors(effect_sd=share))
        expected = quadrature.solve(given_for(data, asked)).finest.effect(1, 0)
        prior = normal_prior(0.0, share * found.inputs.span)
        assert_same(earlier_persons.fit(found, prior, 1, 0), expected, sds=0.01)

    @pytest.mark.parametrize(("mean", "sd"), [(-3.0, 2.0), (-10.0, 2.0), (2.0, 1.5)])
    def test_another_centre_gives_what_moved_scores_give(self, mean, sd):
        """With a known half-life, a prior around m is one around 0 for scores less m times dose."""
        given = given_for(weekly(), AnalysisPlan(carryover="fixed:4"))
        moved = replace(
            given,
            score=given.score - mean * given.exposure(4.0)[:, 0],
            plan=AnalysisPlan(carryover="fixed:4", priors=Priors(effect_sd=sd / given.span)),
        )
        expected = quadrature.solve(moved).finest.effect(1, 0)
        values = earlier_persons.fit(quadrature.solve(given).finest, normal_prior(mean, sd), 1, 0)
        assert_same(values, expected, moved=mean, sds=0.01)


class TestAgainstPooling:
    """Who has the others' prior learns what pooling everybody tells of the same person."""

    def test_the_others_prior_and_a_pool_with_the_person_in_it_agree(self):
        rng = np.random.default_rng(11)
        people = [
            given_for(simulated_trial(replace(TRUTH, effects=(effect,)), rng, **WEEKLY))
            for effect in rng.normal(-4, 1.5, 9)
        ]
        solved = [one.finest for one in quadrature.solve_many(people)]
        likelihoods = [effect_likelihood(one) for one in solved]
        names = [f"p{number}" for number in range(len(people))]
        # With half-lives and noise by everybody's own prior, as the analysis of one person has it.
        question = Question(half_lives="protocol", noise="protocol")
        together = pool(given([member(name) for name in names], likelihoods), question)
        for i in range(3):
            others = [member(name) for name in names if name != names[i]]
            rest = pool(given(others, likelihoods[:i] + likelihoods[i + 1 :]), question)
            prior = parse_protocol(DEFAULT + prior_text(rest), source="my.toml")
            found = earlier_persons.fit(solved[i], prior.analysis.population_prior, 1, 0)
            pooled = together.persons[i]
            shrunken = [pooled.shrunken, pooled.sd, pooled.ci_low, pooled.ci_high]
            assert figures(found.effect)[:2] == pytest.approx(shrunken[:2], abs=0.01 * pooled.sd)
            assert figures(found.effect)[2:] == pytest.approx(shrunken[2:], abs=0.05 * pooled.sd)
            assert found.chances.better == pytest.approx(pooled.p_better, abs=0.002)

    def test_a_report_and_a_contribution_rest_on_the_same_numbers(self):
        found = quadrature.solve(given_for(weekly())).finest
        shared = SharedLikelihood.of(effect_likelihood(found), error=None, better_model=None)
        text = shared.model_dump_json()
        read = SharedLikelihood.model_validate_json(text).effects()
        both = earlier_persons.combined(read, earlier_persons.mixture_of(PRIOR))
        fit = earlier_persons.fit(found, PRIOR, 1, 0)
        assert fit.effect == both.summary(0.95)


class TestInAnAnalysis:
    def test_stands_after_the_quadrature_with_all_its_keys(self):
        found = analysed(weekly())
        contrast = found.primary
        assert list(contrast.engines)[-2:] == ["quadrature", "population"]
        own, both = contrast.fit("quadrature"), contrast.fit("population")
        assert (both.own.effect, both.own.chances) == (own.effect, own.chances)
        assert both.prior.effect.mean == pytest.approx(-3.06)
        assert (both.prior.n_persons, both.prior.source) == (40, "forty persons")
        assert both.effect.sd < min(own.effect.sd, both.prior.effect.sd)
        content = json.loads(json.dumps(analysis_object(found), allow_nan=False))["engines"]
        told = content["population"]
        assert told.pop("estimand") == "steady-state"
        assert told.keys() == {
            "mean", "sd", "ci_low", "ci_high", "ci_level", "p_better", "p_meaningful", "p_worse",
            "p_trivial", "p_meaningfully_worse", "prior", "own",
        }  # fmt: skip
        assert told["own"].keys() == told.keys() - {"ci_level", "prior", "own"}
        assert told["own"] == {key: content["quadrature"][key] for key in told["own"]}
        assert told["prior"].keys() == told["own"].keys() | {"n_persons", "source"}

    def test_the_verdict_rests_on_the_persons_own_scores(self):
        data = weekly()
        without = analysed(data, None).primary
        contrary = analysed(data, normal_prior(20.0, 0.5)).primary
        assert contrary.answer.engine == "quadrature"
        assert contrary.verdict == without.verdict
        assert contrary.fit("population").chances.better < 0.01
        assert "population" not in without.engines

    def test_it_needs_the_quadrature_this_outcome_and_these_arms(self):
        data = weekly()
        assert "population" not in analysed(data, engines=["paired"]).primary.engines
        for key, other in (("outcome", "legs"), ("active", "zinc"), ("comparator", "zinc")):
            prior = PRIOR.model_copy(update={key: other})
            assert "population" not in analysed(data, prior).primary.engines

    def test_of_three_arms_only_the_pair_it_speaks_of_has_one(self):
        three = weekly(
            arms=("placebo", "magnesium", "zinc"), arm_of_period=(0, 1, 2, 2, 1, 0, 1, 2, 0)
        )
        for active in ("magnesium", "zinc"):
            found = analysed(three, PRIOR.model_copy(update={"active": active}))
            having = [(c.active, c.comparator) for c in found.contrasts if c.fit("population")]
            assert having == [(active, "placebo")]

    def test_a_person_unlike_the_earlier_ones_is_pointed_out(self):
        def warned(prior):
            return any("may be unlike them" in one for one in analysed(weekly(), prior).warnings)

        assert not warned(PRIOR)
        assert not warned(normal_prior(5.0, 5.0))
        assert warned(normal_prior(5.0, 2.0))
        assert not warned(None)

    def test_under_another_likelihood_it_says_what_it_joins(self):
        said = "not to the likelihood the verdict rests on"
        data = weekly()
        plan = AnalysisPlan(population_prior=PRIOR, likelihood="student-t")
        found = analyse(data, data.masked.series[0], plan, Decision())
        assert list(found.primary.engines)[-3:] == ["quadrature", "likelihood", "population"]
        assert found.primary.answer.engine == "likelihood"
        both = found.primary.engines["population"]
        assert isinstance(both, Fit)
        assert both.own.effect.mean == found.primary.fit("quadrature").estimate
        assert any(said in warning for warning in found.warnings)
        assert not any(said in warning for warning in analysed(data).warnings)
