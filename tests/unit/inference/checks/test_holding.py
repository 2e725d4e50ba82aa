"""What keeps a claim from being made: the design, the drift's prior, a slow effect."""

from dataclasses import replace
from math import log2

import numpy as np
import pytest

from nof1.inference.analysis import analyse
from nof1.inference.checks.drift import WIDE, check_drift, with_wide_drift
from nof1.inference.checks.holding import both, by_design, by_drift, by_slowness
from nof1.inference.checks.sensitivity import variants
from nof1.inference.checks.slowness import longest_half_life, with_slow_effect
from nof1.inference.exact import quadrature
from nof1.inference.json_result import analysis_object
from nof1.inference.result import FAR, DriftCheck
from nof1.inference.summaries import Chances
from nof1.model.model_input import model_input
from nof1.model.priors import point_priors
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Decision, Priors
from nof1.words.caution import sentence
from nof1.words.en.verdicts import TITLES
from support.trials import simulated_trial

PLAN, DECISION = AnalysisPlan(), Decision()
CALM = Truth(level=5, effects=(0.0,), half_life_days=0, sigma=1, phi=0.3)
FALLING = replace(CALM, trend=-5.0)


def data_of(order, truth=CALM, *, seed=1, **options):
    return simulated_trial(truth, np.random.default_rng(seed), arm_of_period=order, **options)


def given_of(order, truth=CALM, plan=PLAN, **options):
    data = data_of(order, truth, **options)
    return model_input(data, data.masked.series[0], plan)


def analysed(order, truth, plan=PLAN, **options):
    data = data_of(order, truth, **options)
    return analyse(data, data.masked.series[0], plan, DECISION, engines=("quadrature",))


def chances(meaningful=0.0, trivial=0.0, better=0.5):
    return Chances(
        better=better,
        meaningful=meaningful,
        trivial=trivial,
        worse=1 - better,
        meaningfully_worse=0.0,
    )


@pytest.fixture(scope="module")
def falling():
    return analysed((0, 1, 0, 1, 0, 1), FALLING, period_days=14)


class TestDesign:
    @pytest.mark.parametrize(
        ("order", "because"),
        [
            ((0, 1), "one-switch"),
            ((1, 0), "one-switch"),
            ((0, 0, 1, 1), "one-switch"),
            ((0, 1, 1), "one-switch"),
            ((0, 1, 0), "one-cycle"),
            ((1, 0, 1), "one-cycle"),
            ((0, 0), "one-arm"),
            ((0, 1, 1, 0), None),
            ((0, 1, 0, 1), None),
            ((0, 0, 1, 1, 0, 1), None),
        ],
    )
    def test_what_is_repeated(self, order, because):
        found = by_design(given_of(order, period_days=7), 1, 0)
        assert (found and found.because) == because

    def test_the_other_arms_of_three_are_no_switch(self):
        truth = replace(CALM, effects=(0.0, 0.0))
        given = given_of((0, 2, 1), truth, period_days=7)
        assert by_design(given, 1, 0).because == "one-switch"
        twice = given_of((0, 2, 1, 1, 2, 0), truth, period_days=7)
        assert by_design(twice, 1, 0) is None

    def test_periods_without_scores_do_not_count(self):
        data = data_of((0, 1, 1, 0), period_days=7)
        series = data.masked.series[0]
        score = np.where(series.day > 21, np.nan, series.score)
        given = model_input(data, replace(series, score=score), PLAN)
        assert by_design(given, 1, 0).because == "one-switch"

    def test_an_arm_without_scores_is_named(self):
        found = by_design(given_of((0, 0), period_days=7), 1, 0)
        assert sentence(found.reason) == "no score that is analysed speaks of B"

    def test_the_reason_names_the_arms_and_no_cycles_are_promised(self):
        verdict = analysed((0, 1), FALLING).primary.verdict
        assert (verdict.code, verdict.further_cycles) == ("cannot-tell", None)
        assert sentence(verdict.reason).startswith("with one switch between A and B")


class TestDrift:
    def test_a_fall_over_half_of_the_scale_contradicts_its_prior(self, falling):
        drift = falling.primary.drift
        assert (drift.prior_sd, drift.wide_sd) == (0.5, 0.5 * WIDE)
        assert drift.conflict
        assert drift.mean == pytest.approx(-5, abs=1.5)
        assert abs(drift.answer.estimate) < 1

    def test_its_distance_is_in_what_the_prior_foretells(self):
        drift = DriftCheck(prior_sd=0.3, wide_sd=3, mean=-1.0, sd=0.4)
        assert drift.distance == pytest.approx(-2)
        assert not drift.conflict
        assert replace(drift, mean=0.5 * FAR + 1e-9).conflict

    def test_the_drift_is_that_of_a_plain_fit_under_the_wide_prior(self):
        """With the wide prior, given the other parameters, it is ridge regression."""
        given = with_wide_drift(given_of((0, 1, 1, 0), FALLING, period_days=14))
        wide = quadrature.solve(given).finest
        nodes, priors = wide.components(), point_priors(given)
        best = int(nodes.weights.argmax())
        sigma, phi = nodes.sigma[best], nodes.phi[best]
        x = np.column_stack([np.ones(given.n), given.trend, given.exposure(nodes.half_life[best])])
        gap = np.abs(np.subtract.outer(given.day, given.day))
        periods = given.period_share @ given.period_share.T
        cov = sigma**2 * (phi**gap + nodes.ratio[best] ** 2 * periods)
        prior = np.diag([priors.level_sd, priors.trend_sd, priors.effect_sd]) ** 2
        gain = prior @ x.T @ np.linalg.inv(x @ prior @ x.T + cov)
        trend = (gain @ (given.score - priors.level_mean))[1]
        found = check_drift(given, wide)
        assert found.mean == pytest.approx(trend, abs=0.5 * found.sd)

    def test_without_a_trend_in_the_plan_any_clear_drift_is_too_much(self):
        plan = AnalysisPlan(trend="none")
        drift = analysed((0, 1, 0, 1, 0, 1), FALLING, plan, period_days=14).primary.drift
        assert drift.prior_sd == 0
        assert drift.conflict

    def test_a_calm_person_is_no_conflict_and_has_no_second_answer(self):
        drift = analysed((0, 1, 1, 0), CALM).primary.drift
        assert not drift.conflict
        assert drift.answer is None

    @pytest.mark.parametrize(
        ("code", "room", "left"),
        [
            ("helps-meaningfully", chances(0.9, 0.1, 0.99), None),
            ("helps-meaningfully", chances(0.5, 0.5, 0.95), "helps-perhaps-too-little"),
            ("helps-meaningfully", chances(0.1, 0.7, 0.6), "cannot-tell"),
            ("helps-perhaps-too-little", chances(0.9, 0.1, 0.99), "helps-perhaps-too-little"),
            ("makes-worse", chances(0.9, 0.1, 0.99), "cannot-tell"),
            ("cannot-tell", chances(0.1, 0.7, 0.6), None),
            ("cannot-tell", chances(0.0, 0.9, 0.6), "cannot-tell"),
        ],
    )
    def test_only_what_both_answers_bear_is_left(self, code, room, left):
        drift = DriftCheck(prior_sd=0.5, wide_sd=5, mean=-5, sd=0.5)
        found = by_drift(code, drift, room, DECISION)
        assert (found and found.code) == left
        assert by_drift(code, drift, None, DECISION) is None

    def test_it_is_said_with_the_other_answer(self, falling):
        [said] = [one for one in falling.warnings if "drift" in one]
        room = falling.primary.drift.answer.effect
        assert f"{room.mean:+.3g} ({room.ci_low:+.3g} to {room.ci_high:+.3g})" in said
        assert "less than 1 either way" in said
        assert falling.primary.verdict.code != "helps-meaningfully"

    def test_its_keys(self, falling):
        content = analysis_object(falling)
        assert content["drift_check"]["conflict"] is True
        assert content["drift_check"]["answer"].keys() >= {"mean", "ci_low", "ci_high", "p_better"}
        assert content["verdict_because"] == falling.primary.verdict.because
        reason = falling.primary.verdict.reason
        assert content["verdict_reason"] == (None if reason is None else sentence(reason))

    def test_a_heavy_tailed_answer_is_tried_under_its_own_likelihood(self):
        plan = AnalysisPlan(likelihood="student-t")
        found = analysed((0, 1, 0, 1), FALLING, plan, period_days=14).primary
        assert found.drift.answer.likelihood == "student-t"

    def test_the_sensitivity_has_the_wide_prior(self):
        [wide] = [plan for label, plan in variants(PLAN) if label.startswith("Wide prior of the t")]
        assert wide.priors.trend_sd == WIDE * PLAN.priors.trend_sd


class TestSlowness:
    def test_the_longest_plausible_half_life_leaves_one_in_twenty(self):
        given = given_of((0, 1, 1, 0), period_days=7)
        assert longest_half_life(given) == pytest.approx(7 * log2(0.7 / 0.05), rel=1e-9)

    def test_a_known_half_life_is_not_doubted(self):
        for carryover in ("none", "fixed:3"):
            given = given_of((0, 1, 1, 0), plan=AnalysisPlan(carryover=carryover), period_days=7)
            assert longest_half_life(given) is None
            assert with_slow_effect(given) is given
            assert by_slowness("no-meaningful-difference", given, dict, DECISION) is None

    def test_no_difference_must_hold_at_the_longest_half_life(self):
        given = given_of((0, 1, 1, 0), period_days=7)
        claim = "no-meaningful-difference"
        assert by_slowness(claim, given, lambda: chances(trivial=0.80), DECISION) is None
        found = by_slowness(claim, given, lambda: chances(trivial=0.79), DECISION)
        assert (found.code, found.because) == ("cannot-tell", "slow-effect")
        assert "27 days" in sentence(found.reason)

    def test_other_claims_do_not_ask(self):
        given = given_of((0, 1, 1, 0), period_days=7)
        for code in TITLES:
            if code != "no-meaningful-difference":
                # An empty mapping has no answer to give.
                assert by_slowness(code, given, dict, DECISION) is None

    def test_a_quick_effect_in_the_plan_lets_no_difference_be_said(self):
        order, options = (0, 1, 1, 0, 0, 1), {"period_days": 21, "seed": 4}
        slow = analysed(order, CALM, AnalysisPlan(), **options).primary.verdict
        quick = AnalysisPlan(priors=Priors(half_life_median_days=1))
        assert (slow.code, slow.because) == ("cannot-tell", "slow-effect")
        assert analysed(order, CALM, quick, **options).primary.verdict.code == (
            "no-meaningful-difference"
        )


def test_agreement_of_two_verdicts_does_not_depend_on_their_order():
    for one in TITLES:
        assert both(one, one) == one
        for other in TITLES:
            assert both(one, other) == both(other, one)


def test_no_word_of_the_drift_without_a_posterior():
    data = data_of((0, 1, 0, 1), FALLING, period_days=7)
    series = data.masked.series[0]
    found = analyse(data, series, PLAN, DECISION, engines=("paired",))
    assert found.primary.drift is None
    assert analysis_object(found)["drift_check"] is None
    assert not [one for one in found.warnings if "drift" in one]
