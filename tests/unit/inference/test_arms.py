"""Arms beyond the reported ones, arms taken out of turn, and arms that no score speaks of."""

from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.analysis import analyse
from nof1.inference.answering import answer
from nof1.inference.exact import quadrature
from nof1.inference.frequentist import reml
from nof1.inference.full_analysis import results
from nof1.inference.json_result import analysis_object, engine_object
from nof1.inference.sampled import nuts
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth, simulate_scores
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.reports.terminal.analysis import analysis_lines
from nof1.words.caution import sentence
from support.trials import SCALES, regular_periods, simulated_trial, trial

PLAN, DECISION = AnalysisPlan(), Decision()
AS_TAKEN = AnalysisPlan(missed_doses="as-taken")
#: C leaves much behind, and always before A.
TRUTH = Truth(level=6, effects=(-1.0, -5.0), half_life_days=4, sigma=0.8, phi=0.2)
ORDER = (2, 0, 1, 2, 0, 1, 2, 0, 1)


def analysed(data, plan=PLAN, **options):
    return analyse(data, data.masked.series[0], plan, DECISION, **options)


class TestReported:
    @pytest.fixture(scope="class")
    @staticmethod
    def data():
        return simulated_trial(TRUTH, np.random.default_rng(1), arm_of_period=ORDER, period_days=10)

    def test_is_the_contrast_of_all_arms_and_nothing_else(self, data):
        every, one = analysed(data), analysed(replace(data, reported=(1,)))
        assert [(c.active, c.comparator) for c in one.contrasts] == [("B", "A")]
        for engine in ("paired", "reml", "quadrature"):
            assert one.primary.fit(engine) == every.primary.fit(engine)
        assert one.primary.verdict.code == every.primary.verdict.code
        assert one.primary.fit("quadrature").estimate == pytest.approx(-1, abs=1.2)

    def test_any_active_arm_can_be_the_one_reported(self, data):
        second = replace(data, reported=(2,))
        found = analysed(second)
        content = analysis_object(found)
        assert content["contrast"] == {"active": "C", "comparator": "A"}
        assert "contrasts" not in content
        plain = {arm.arm: arm.mean for arm in found.arm_summaries}
        assert found.descriptive.difference == pytest.approx(plain["C"] - plain["A"])
        rows = results(second, PLAN, DECISION).sensitivity
        assert rows[0].effect.mean == pytest.approx(found.primary.fit("quadrature").estimate)

    def test_two_of_three_actives_have_three_contrasts(self):
        truth = replace(TRUTH, effects=(-1.0, -3.0, -2.0))
        data = simulated_trial(
            truth, np.random.default_rng(2), arm_of_period=(0, 1, 2, 3, 3, 2, 1, 0), period_days=8
        )
        found = analysed(replace(data, reported=(1, 3)), engines=["paired"])
        assert [(c.active, c.comparator) for c in found.contrasts] == [
            ("B", "A"), ("D", "A"), ("D", "B"),
        ]  # fmt: skip


class TestTaken:
    """B was taken in the middle of a period on A; without noise the truth comes out."""

    @pytest.fixture(scope="class")
    @staticmethod
    def data():
        periods, arms = regular_periods(4, 10), (0, 1, 1, 0)
        taken = {5: 1, 6: 1, 7: 1}
        truth = Truth(level=6, effects=(-3,), half_life_days=0, sigma=0.3, phi=0.0)
        day = np.arange(1, 41)
        score = simulate_scores(periods, arms, day, 1, truth, np.random.default_rng(3))
        score[4:7] -= 3
        data = trial(periods, arms, day, score, scale=SCALES["c_irls_daily"])
        return replace(data, arm_taken=taken)

    def test_exposure_is_as_taken_and_periods_as_assigned(self, data):
        given = model_input(data, data.masked.series[0], PLAN)
        assert given.dose[:10, 0].tolist() == [0, 0, 0, 0, 1, 1, 1, 0, 0, 0]
        assert given.arm[:10].tolist() == [0] * 10

    def test_a_dose_half_taken_is_half_of_the_arm_taken(self, data):
        masked = replace(data.masked, taken={5: 0.5, 15: 0.0})
        given = model_input(replace(data, masked=masked), masked.series[0], AS_TAKEN)
        assert given.dose[[4, 5, 14], 0].tolist() == [0.5, 1.0, 0.0]

    def test_finds_the_truth_that_the_assigned_arms_hide(self, data):
        plan = PLAN.model_copy(update={"carryover": "none"})
        assigned = replace(data, arm_taken={})
        taken, hidden = (analysed(one, plan).primary.fit("quadrature") for one in (data, assigned))
        assert taken.estimate == pytest.approx(-3, abs=0.3)
        assert hidden.estimate > taken.estimate + 0.3
        same = [analysed(one, plan).primary.fit("paired") for one in (data, assigned)]
        assert same[0] == same[1]

    def test_is_said(self, data):
        said = " ".join(analysed(data).warnings)
        assert "In reml and the posteriors exposure is as taken: B on day 5 to 7." in said
        assert "Randomisation, paired and the means of arms and periods are as assigned." in said
        assert "as taken" not in " ".join(analysed(replace(data, arm_taken={})).warnings)


class TestUnspoken:
    """Weeks counted as days: every score looks back over a switch."""

    @pytest.fixture(scope="class")
    @staticmethod
    def given():
        day = np.arange(1, 9)
        score = np.array([22.0, 20, 16, 26, 25, 15, 18, 26])
        data = trial(
            regular_periods(8, 1), (0, 1, 1, 0, 0, 1, 1, 0), day, score,
            scale=SCALES["c_irls_weekly"], recall_days=7,
        )  # fmt: skip
        return model_input(data, data.masked.series[0], PLAN), data

    def test_quadrature_gives_no_difference_as_scheduled(self, given):
        fit = quadrature.fit(given[0], 1, 0)
        why = "no score that is analysed speaks of B alone"
        assert (fit.as_scheduled, fit.why_not_scheduled) == (None, why)
        assert engine_object(fit)["as_scheduled"] == {
            "mean": None,
            "ci_low": None,
            "ci_high": None,
            "not_run": why,
        }

    def test_nor_do_the_other_posteriors(self, given):
        heavy = replace(given[0], plan=AnalysisPlan(likelihood="student-t"))
        fits = (
            answer(heavy, quadrature.solve(heavy).finest).fit(1, 0),
            nuts.fit(given[0], 1, 0, draws=50),
        )
        for fit in fits:
            assert fit.scheduled is None
            assert fit.why_not_scheduled == "no score that is analysed speaks of B alone"

    def test_the_lines_say_so(self, given):
        lines = " ".join(" ".join(analysis_lines(analysed(given[1]))).split())
        assert "quadrature as scheduled did not run: no score that is analysed speaks of B" in lines
        assert "-0.00 to" not in lines

    def test_reml_with_one_arm_alone_does_not_run(self):
        data = simulated_trial(
            replace(TRUTH, effects=(-1,)), np.random.default_rng(1), arm_of_period=(0, 1, 0, 1)
        )
        series = data.masked.series[0]
        on_b = (series.day - 1) // 28 % 2 == 1
        only_a = replace(series, score=np.where(on_b, np.nan, series.score))
        given = model_input(data, only_a, PLAN)
        assert sentence(given.unspoken(0, 1)) == "no score that is analysed speaks of B"
        assert reml.fit(given, 1, 0).why == "the scores do not tell the arms and the trend apart"
