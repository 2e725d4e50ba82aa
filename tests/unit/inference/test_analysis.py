"""Analyses, verdicts, warnings, sensitivity and diagnostics."""

import json
from dataclasses import replace

import numpy as np
import pytest

from nof1.design.cycled import PairsSet
from nof1.errors import ScoresError
from nof1.inference import verdict as verdicts
from nof1.inference.analysis import ENGINES, analyse
from nof1.inference.checks.carryover import summarise_carryover
from nof1.inference.checks.diagnostics import diagnose
from nof1.inference.checks.sensitivity import sensitivity, variants
from nof1.inference.fits import Fit, NotRun
from nof1.inference.json_result import analyses_object, analysis_object
from nof1.inference.summaries import Chances, Summary
from nof1.model.half_life_default import with_half_life
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.words.caution import sentences
from support.trials import SCALES, reference_trial, simulated_trial

PLAN, DECISION = AnalysisPlan(), Decision()
PAIRS = PairsSet(n_arms=2, cycles=3)


def analysed(data, plan=PLAN, **options):
    return analyse(data, data.masked.series[0], plan, DECISION, **options)


@pytest.fixture(scope="module")
def daily():
    return reference_trial("c_irls_daily", allocation_set=PAIRS)


@pytest.fixture(scope="module")
def three_arms():
    truth = Truth(level=6, effects=(-1.0, -3.0), half_life_days=1, sigma=1, phi=0.3)
    return simulated_trial(
        truth, np.random.default_rng(3), arm_of_period=(0, 1, 2, 2, 1, 0, 1, 0, 2), period_days=14
    )


class TestAnalysis:
    def test_counts_means_and_every_engine(self, daily):
        found = analysed(daily)
        assert (found.n_scores, found.n_missing, found.n_periods, found.n_cycles) == (160, 8, 6, 3)
        assert list(found.primary.engines) == list(ENGINES[:-1])
        assert found.primary.verdict.code == "helps-meaningfully"
        summaries = {arm.arm: arm for arm in found.arm_summaries}
        difference = summaries["B"].mean - summaries["A"].mean
        assert found.descriptive.difference == pytest.approx(difference)

    def test_only_the_engines_asked_for(self, daily):
        assert list(analysed(daily, engines=["paired"]).primary.engines) == ["paired"]

    def test_three_arms_give_three_contrasts(self, three_arms):
        found = analysed(three_arms)
        assert [(c.active, c.comparator) for c in found.contrasts] == [
            ("B", "A"),
            ("C", "A"),
            ("C", "B"),
        ]
        means = [c.fit("quadrature").estimate for c in found.contrasts]
        assert means == pytest.approx([-1, -3, -2], abs=0.8)
        # The contrasts hang together: the third is the difference of the first two.
        assert means[2] == pytest.approx(means[1] - means[0], abs=1e-6)
        content = analysis_object(found)
        assert len(content["contrasts"]) == 3
        assert content["contrast"] == {"active": "B", "comparator": "A"}

    def test_no_score_is_a_fault(self, daily):
        empty = replace(daily.masked.series[0], score=np.full(168, np.nan))
        with pytest.raises(ScoresError, match="no score lies in a period"):
            analyse(daily, empty, PLAN, DECISION)


KEYS = {
    "schema", "person", "outcome", "contrast", "unit", "better", "mcid", "n_scores",
    "n_missing", "n_periods", "n_cycles", "engines", "verdict", "warnings",
}  # fmt: skip
ENGINE_KEYS = {
    "randomisation": {
        "estimand", "estimate", "p_value", "ci_low", "ci_high", "ci_level", "allocations",
        "min_p_value",
    },
    "paired": {"estimand", "estimate", "se", "df", "p_value", "ci_low", "ci_high", "ci_level"},
    "reml": {
        "estimand", "estimate", "se", "df", "p_value", "ci_low", "ci_high", "ci_level", "phi",
        "sigma", "sigma_period",
    },
    "quadrature": {
        "estimand", "mean", "sd", "ci_low", "ci_high", "ci_level", "p_better", "p_meaningful",
        "p_worse", "p_trivial", "as_scheduled", "half_life", "phi", "sigma", "sigma_period",
        "error",
    },
}  # fmt: skip


class TestContract:
    def test_every_key_of_the_contract_is_there(self, daily):
        content = json.loads(json.dumps(analysis_object(analysed(daily)), allow_nan=False))
        assert content["schema"] == "nof1.analysis/1"
        assert content.keys() >= KEYS
        for engine, keys in ENGINE_KEYS.items():
            assert content["engines"][engine].keys() >= keys
        parts = content["engines"]["quadrature"]
        assert parts["as_scheduled"].keys() == {"mean", "ci_low", "ci_high"}
        for name in ("half_life", "phi", "sigma", "sigma_period"):
            assert parts[name].keys() == {"mean", "ci_low", "ci_high"}

    def test_an_engine_that_cannot_run_says_why(self):
        data = reference_trial("c_irls_daily")
        engines = analysis_object(analysed(data))["engines"]
        assert list(engines["randomisation"]) == ["not_run"]

    def test_no_verdict_without_a_posterior(self, daily):
        assert analysis_object(analysed(daily, engines=["paired"]))["verdict"] is None

    def test_several_analyses_are_a_list(self, daily):
        one = analysed(daily)
        assert analyses_object([one]) == analysis_object(one)
        many = analyses_object([one, one])
        assert many["schema"] == "nof1.analyses/1"
        assert len(many["analyses"]) == 2

    def test_without_a_mcid_size_is_null(self):
        data = reference_trial("c_irls_daily", mcid=None)
        found = analysis_object(analysed(data))
        assert found["mcid"] is None
        assert found["engines"]["quadrature"]["p_meaningful"] is None
        assert any("No smallest difference" in w for w in found["warnings"])


def chances(better, meaningful, trivial):
    return Chances(
        better=better,
        meaningful=meaningful,
        trivial=trivial,
        worse=1 - better,
        meaningfully_worse=None if meaningful is None else 1 - meaningful - trivial,
    )


def normal(mean, sd):
    return Summary(mean=mean, sd=sd, ci_low=mean - 2 * sd, ci_high=mean + 2 * sd, level=0.95)


class TestVerdict:
    @pytest.mark.parametrize(
        ("values", "code"),
        [
            (chances(0.99, 0.80, 0.2), "helps-meaningfully"),
            (chances(0.99, 0.79, 0.21), "helps-perhaps-too-little"),
            (chances(0.99, 0.10, 0.90), "no-meaningful-difference"),
            (chances(0.50, 0.05, 0.90), "no-meaningful-difference"),
            (chances(0.05, 0.01, 0.40), "makes-worse"),
            (chances(0.89, 0.60, 0.39), "cannot-tell"),
            (chances(0.95, None, None), "helps-perhaps-too-little"),
            (chances(0.05, None, None), "makes-worse"),
        ],
    )
    def test_rule(self, values, code):
        assert verdicts.decide(values, DECISION).code == code

    def test_thresholds_are_the_protocols(self):
        strict = Decision(meaningful=0.95)
        assert verdicts.decide(chances(0.99, 0.9, 0.1), strict).code == "helps-perhaps-too-little"

    def test_direction_turns_for_higher_is_better(self):
        def cdf(x):
            return 0.1 if x < 0 else 0.2 if x < 1 else 0.9

        lower = verdicts.chances_of(cdf, "lower", 1.0)
        higher = verdicts.chances_of(cdf, "higher", 1.0)
        assert lower.better == higher.worse == 0.2
        assert lower.meaningful == higher.meaningfully_worse == 0.1
        assert higher.meaningful == pytest.approx(0.1)

    def test_further_cycles_shrink_with_the_size_of_the_estimate(self):
        def needed(mean):
            return verdicts.further_cycles(
                normal(mean, 2.5),
                DECISION,
                prior_sd=6.0,
                n_cycles=3,
                better="lower",
                mcid=3.0,
            )

        assert 1 == needed(-4) < needed(-1.5) <= verdicts.MOST_FURTHER_CYCLES
        without = verdicts.further_cycles(
            normal(0.0, 6.0), DECISION, prior_sd=6.0, n_cycles=3, better="lower", mcid=3.0
        )
        assert without is None


class TestWarnings:
    def warned(self, data, plan=PLAN):
        return " | ".join(analysed(data, plan).warnings)

    def test_smallest_p_value(self, daily):
        assert "0.25" in self.warned(daily)

    def test_left_out_period_effects_and_carryover(self, daily):
        text = self.warned(daily, AnalysisPlan(period_effects="none", carryover="none"))
        assert "Shifts of whole periods are left out" in text
        assert "Carryover is left out" in text

    def test_short_periods_for_the_half_life(self, daily):
        assert "are short for a half-life of 7 days" in self.warned(daily)
        assert "are short" not in self.warned(daily, AnalysisPlan(carryover="fixed:2"))

    def test_two_half_lives_are_summarised_apart_and_fixed_ones_are_one(self, daily):
        plan = AnalysisPlan(half_lives="two")
        given = model_input(daily, daily.masked.series[0], plan)
        contrast = analysed(daily, plan).primary
        found, fit = summarise_carryover(given, contrast), contrast.fit("quadrature")
        rise = fit.half_life_rise
        assert found.mean == fit.half_life.mean
        assert found.rise == (rise.mean, rise.ci_low, rise.ci_high)
        fixed = [variant for _, variant in variants(plan) if variant.carryover != "estimate"]
        assert {variant.half_lives for variant in fixed} == {"one"}

    def test_a_half_life_fixed_at_nothing_is_carryover_left_out(self, daily):
        text = self.warned(daily, AnalysisPlan(carryover="fixed:0"))
        assert "Carryover is left out" in text
        assert "are short" not in text

    def test_an_arm_without_scores_is_said_once_and_not_compared(self, daily):
        series = daily.masked.series[0]
        given = model_input(daily, series, PLAN)
        on_b = np.isin(series.day, given.day[given.arm == 1])
        only_a = replace(series, score=np.where(on_b, np.nan, series.score))
        found = analyse(daily, only_a, PLAN, DECISION)
        text = " | ".join(found.warnings)
        assert text.count("No score that is analysed speaks of B") == 1
        assert {one.why for one in found.primary.engines.values()} == {
            "no score that is analysed speaks of B"
        }
        assert analysis_object(found)["verdict"] is None
        assert "0 % of the full effect" not in text

    def test_scores_all_alike(self, daily):
        series = daily.masked.series[0]
        alike = replace(series, score=np.where(np.isnan(series.score), np.nan, 6.0))
        found = analyse(daily, alike, PLAN, DECISION, engines=["quadrature", "nuts"])
        text = " | ".join(found.warnings)
        assert "scores are 6. Scores that are all alike do not tell how much scores scatter" in text
        low, high = found.contrasts[0].fit("quadrature").ci_low, 0.0
        assert low < -0.3 < high
        assert found.contrasts[0].fit("nuts") is None

    def test_missing_and_floor(self):
        truth = Truth(level=0.5, effects=(0,), half_life_days=0, sigma=1, phi=0.1)
        data = simulated_trial(truth, np.random.default_rng(2), missing=0.4)
        text = self.warned(data)
        assert "expected scores are missing" in text
        assert "at an end of the scale" in text

    def test_missing_more_often_on_one_arm(self, daily):
        series = daily.masked.series[0]
        score = series.score.copy()
        score[28:34] = np.nan  # six days of a period on B
        fewer = replace(series, score=score)
        found = analyse(daily, fewer, PLAN, DECISION, engines=["paired"])
        assert not any("missing more often" in w for w in found.warnings)
        score = score.copy()
        score[34:40] = np.nan
        score[56:68] = np.nan
        found = analyse(daily, replace(series, score=score), PLAN, DECISION, engines=["paired"])
        assert any("missing more often on B (3" in w for w in found.warnings)

    def test_straddling_scores(self):
        truth = Truth(level=20, effects=(-4,), half_life_days=2, sigma=3, phi=0.1)
        data = simulated_trial(
            truth,
            np.random.default_rng(2),
            every_days=5,
            recall_days=5,
            period_days=14,
            scale=SCALES["c_irls_weekly"],
        )
        assert "look back over a switch" in self.warned(data)

    def test_model_that_disagrees_with_the_plain_difference(self):
        """A trend far beyond its prior, lined up with the arms, pulls the engines apart."""
        truth = Truth(level=5, effects=(0,), half_life_days=0, sigma=0.5, phi=0, trend=8)
        data = simulated_trial(truth, np.random.default_rng(1), arm_of_period=(0, 1, 0, 1, 0, 1))
        plan = AnalysisPlan(period_effects="none")
        assert "lies outside the Bayesian interval" in self.warned(data, plan)


class TestSensitivity:
    def test_variants_are_those_promised(self):
        labels = [label for label, _ in variants(PLAN)]
        assert labels[:7] == [
            "As planned",
            "No carryover",
            "Half-life 3 days",
            "Half-life 7 days",
            "Half-life 14 days",
            "Half-life 28 days",
            "First week of every period left out",
        ]
        assert {"No trend", "Period shifts twice as large"} <= set(labels)

    def test_rows_are_the_fits_of_their_variants(self, daily):
        series = daily.masked.series[0]
        rows = {row.label: row for row in sensitivity(daily, series, PLAN)}
        planned = analysed(daily).primary.fit("quadrature")
        assert rows["As planned"].effect.mean == pytest.approx(planned.estimate)
        fixed = analysed(daily, AnalysisPlan(carryover="fixed:3")).primary.fit("quadrature")
        assert rows["Half-life 3 days"].effect.mean == pytest.approx(fixed.estimate)
        wide, narrow = (
            rows["Wide prior (four times the SD)"],
            rows["Sceptical prior (half the SD)"],
        )
        assert wide.effect.mean < narrow.effect.mean < 0


class TestDiagnostics:
    def test_a_model_that_fits_shows_nothing(self, daily):
        found = diagnose(model_input(daily, daily.masked.series[0], PLAN))
        assert abs(found.lag_one) < 0.2
        assert found.ljung_box_p > 0.01

    def test_an_outlier_is_named(self, daily):
        series = daily.masked.series[0]
        score = series.score.copy()
        score[49] = 10 if np.isfinite(score[49]) else score[49]
        score[[i for i in range(160) if i != 49]] = np.where(
            np.isfinite(score[[i for i in range(160) if i != 49]]), 4.0, np.nan
        )
        score[::3] = np.where(np.isfinite(score[::3]), 4.5, np.nan)
        found = diagnose(model_input(daily, replace(series, score=score), PLAN))
        assert found.largest_day == 50
        assert found.normality_p < 1e-6

    def test_period_shifts_are_part_of_the_model(self):
        truth = Truth(level=5, effects=(-1,), half_life_days=0, sigma=1, phi=0.2, period_sd=1.5)
        rng = np.random.default_rng(8)
        for _ in range(5):
            data = simulated_trial(truth, rng, rounded=False)
            found = diagnose(model_input(data, data.masked.series[0], PLAN))
            assert abs(found.lag_one) < 0.2
            assert found.ljung_box_p > 0.001

    def test_scores_of_one_arm_alone_give_none(self, daily):
        series = daily.masked.series[0]
        given = model_input(daily, series, PLAN)
        on_b = np.isin(series.day, given.day[given.arm == 1])
        only_a = replace(series, score=np.where(on_b, np.nan, series.score))
        assert diagnose(model_input(daily, only_a, PLAN)) is None

    def test_too_few_scores_give_none(self, daily):
        series = daily.masked.series[0]
        few = replace(series, day=series.day[:5].copy(), score=series.score[:5].copy())
        assert diagnose(model_input(daily, few, PLAN)) is None


class TestAssumedHalfLife:
    def test_a_quarter_of_the_period_at_most_the_default(self, daily):
        (said,), plan = with_half_life([daily], PLAN, None)
        assert plan.priors.half_life_median_days == 7
        assert any("half-life" in note for note in sentences(said.notes))
        truth = Truth(level=5, effects=(0,), half_life_days=0, sigma=1, phi=0)
        short = simulated_trial(truth, np.random.default_rng(1), period_days=8)
        assert with_half_life([short], PLAN, None)[1].priors.half_life_median_days == 2

    def test_what_the_user_says_is_taken_and_not_noted(self, daily):
        (same,), plan = with_half_life([daily], PLAN, 3.5)
        assert plan.priors.half_life_median_days == 3.5
        assert sentences(same.notes) == sentences(daily.notes)


def test_fit_and_not_run_are_told_apart():
    contrast = analysed(reference_trial("c_irls_daily")).primary
    assert isinstance(contrast.engines["randomisation"], NotRun)
    assert contrast.fit("randomisation") is None
    assert isinstance(contrast.fit("paired"), Fit)
