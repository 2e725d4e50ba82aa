from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy import stats

from nof1.calibration import operating
from nof1.calibration.answers import METHODS, Answers
from nof1.calibration.running import in_order
from nof1.calibration.scenarios import Cell, Situation
from nof1.calibration.table import VERDICTS
from nof1.calibration.truths import at_fixed_truth
from nof1.inference.exact import quadrature
from nof1.inference.frequentist import paired, reml
from nof1.inference.randomisation import randomisation_test
from nof1.model.simulation import Truth, expected_scores
from nof1.protocol.tables import AnalysisPlan
from support.trials import regular_periods

CELL = Cell(Situation("weekly", 3, 0.3, 0.3, 7.0), 1)
DAILY = Cell(Situation("daily", 3, 0.3, 0.6, 0.0), 0)


@pytest.fixture(scope="module")
def people():
    return at_fixed_truth(CELL, 4, np.random.default_rng(1))


def test_counts_and_means_are_those_of_the_answers():
    says = Answers(
        estimate=np.array([-3.0, -1.0, np.nan, 1.0]),
        low=np.array([-5.0, -2.0, np.nan, -np.inf]),
        high=np.array([-1.0, -0.5, np.nan, 2.0]),
        level=np.array([0.95, 0.95, np.nan, 0.9]),
        rejected=np.array([True, True, False, False]),
        verdicts=("helps-meaningfully", "cannot-tell", "cannot-tell", "cannot-tell"),
    )
    row = operating.tally(CELL, "quadrature", [says], np.array([-3.0, -3.0, -3.0, -3.0]))
    assert (row.trials, row.ran, row.rejected, row.covered) == (4, 3, 2, 2)
    assert row.level == pytest.approx((0.95 + 0.95 + 0.9) / 3)
    assert row.bias == pytest.approx((0 + 2 + 4) / 3)
    assert row.width == pytest.approx((4 + 1.5) / 2)
    assert dict(zip(VERDICTS, row.verdicts, strict=True))["cannot-tell"] == 3


def test_a_method_that_never_runs_has_no_figures():
    nothing = np.full(3, np.nan)
    says = Answers(
        estimate=nothing, low=nothing, high=nothing, level=nothing, rejected=np.zeros(3, bool)
    )
    row = operating.tally(CELL, "randomisation", [says], np.zeros(3))
    assert (row.ran, row.level, row.bias, row.width, row.verdicts) == (0, None, None, None, ())


def test_engines_answer_as_they_do_one_by_one(people):
    given = people.givens[2]
    for method, fit in (
        ("randomisation", randomisation_test.fit(given, 1, 0, people.allocation_set)),
        ("paired", paired.fit(given, 1, 0)),
        ("reml", reml.fit(given, 1, 0)),
        ("ar1", reml.fit(replace(given, plan=AnalysisPlan(period_effects="none")), 1, 0)),
    ):
        says = METHODS[method](people)
        # Batches may search a little less far for the likeliest variances.
        close = {"rel": 2e-3, "abs": 2e-3}
        assert says.estimate[2] == pytest.approx(fit.estimate, **close), method
        assert says.low[2] == pytest.approx(fit.ci_low, **close), method
        assert says.rejected[2] == (fit.p_value <= 0.05)


def test_the_posterior_answers_as_alone(people):
    says = METHODS["quadrature"](people)
    fit = quadrature.fit(people.givens[1], 1, 0)
    assert says.estimate[1] == pytest.approx(fit.estimate, abs=1e-3 * fit.effect.sd)
    assert says.low[1] == pytest.approx(fit.ci_low, abs=5e-3 * fit.effect.sd)
    assert set(says.verdicts) <= set(VERDICTS)


def test_the_wider_prior_pulls_less_and_is_measured_where_the_default_has_it_hard(people):
    default, wider = METHODS["quadrature"](people), METHODS["wider"](people)
    assert (wider.high - wider.low > default.high - default.low).all()
    assert np.abs(wider.estimate).sum() > np.abs(default.estimate).sum()
    hard = Cell(Situation("weekly", 3, 0.3, 0.3, 14.0), 2)
    assert "wider" in operating.methods_of(hard)
    assert "wider" not in operating.methods_of(CELL)


def test_t_on_all_scores_is_students(people):
    says = METHODS["days"](people)
    given = people.givens[3]
    test = stats.ttest_ind(given.score[given.arm == 1], given.score[given.arm == 0])
    low, high = test.confidence_interval(0.95)
    assert (says.low[3], says.high[3]) == (pytest.approx(low), pytest.approx(high))
    assert says.rejected[3] == (test.pvalue <= 0.05)


def test_the_truth_as_scheduled_is_what_the_schedule_leaves(people):
    given, truth = people.givens[0], people.truths[0]
    bare = Truth(
        level=0, effects=truth.effects, half_life_days=truth.half_life_days, sigma=0, phi=0
    )
    scores = expected_scores(regular_periods(6, 28), given.arm_of_period, given.day, 7, bare)
    by_period = scores.reshape(6, 4).mean(axis=1)
    arm = np.array(given.arm_of_period)
    expected = by_period[arm == 1].mean() - by_period[arm == 0].mean()
    np.testing.assert_allclose(operating._scheduled(people), expected)
    assert -3 < expected < -1


def test_ignoring_periods_errs_too_often_and_pairing_does_not():
    rows = {
        row.method: row for row in operating.measure(DAILY, 400, seed=3, methods=("paired", "days"))
    }
    assert rows["days"].rejection > 0.3
    assert rows["paired"].rejection < 0.05 + 4 * (0.05 * 0.95 / 400) ** 0.5
    assert rows["days"].coverage < 0.7


def test_figures_do_not_depend_on_the_number_of_processes():
    cells = [CELL, DAILY]

    def measured(seed, processes):
        work = partial(operating.measure, trials=25, seed=seed, methods=("paired", "days"))
        return list(in_order(work, cells, processes))

    assert measured(8, 1) == measured(8, 2)
    assert measured(8, 1) != measured(9, 1)
