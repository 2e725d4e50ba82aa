"""What is said of doses not taken up to the end of a period, and of scores of other kinds."""

from dataclasses import replace

import numpy as np

from nof1.inference.analysis import analyse
from nof1.inference.checks.untaken_doses import UntakenEnd, untaken_ends
from nof1.protocol.tables import AnalysisPlan, Decision
from support.trials import SCALES, regular_periods, trial

PLAN, DECISION = AnalysisPlan(), Decision()


def made(taken=None, score=None, *, known=True, high=10):
    day = np.arange(1, 41)
    values = 5.0 + np.resize([0, 1, -1, 0, 2], 40) if score is None else np.asarray(score, float)
    scale = replace(SCALES["c_irls_daily"], high=high)
    data = trial(regular_periods(4, 10), (0, 1, 1, 0), day, values, scale=scale)
    series = replace(data.masked.series[0], scale_known=known)
    return replace(data, masked=replace(data.masked, taken=taken or {}, series=(series,)))


def said(data, plan=PLAN):
    return " ".join(analyse(data, data.masked.series[0], plan, DECISION).warnings)


def test_the_end_of_a_period_without_a_dose_is_found():
    taken = dict.fromkeys(range(11, 41), 1.0) | dict.fromkeys(range(15, 21), 0.0) | {30: 0.0}
    assert untaken_ends(made(taken)) == (UntakenEnd(period=2, arm="B", first_day=15, last_day=20),)


def test_a_dose_forgotten_or_never_recorded_is_none():
    forgotten = dict.fromkeys(range(1, 41), 1.0) | {12: 0.0, 19: 0.0, 20: 0.0}
    assert untaken_ends(made(forgotten)) == ()
    assert untaken_ends(made(dict.fromkeys((15, 16, 17, 18), 0.0))) == ()
    assert untaken_ends(made()) == ()


def test_is_a_caution_with_the_scores_it_leaves():
    taken = dict.fromkeys(range(11, 21), 1.0) | dict.fromkeys(range(15, 21), 0.0)
    text = said(made(taken))
    assert (
        "No dose was taken on the last 6 days of period 2 (B), from day 15 on. No stop was"
        " recorded: 6 scores of these days were analysed as on B in full."
    ) in text
    plan = AnalysisPlan(missed_doses="as-taken")
    assert "analysed as on B, with exposure as taken." in said(made(taken), plan)


def test_two_values_are_called_so():
    score = np.resize([0, 1, 1, 0, 0], 40)
    for data in (made(score=score, known=False, high=4), made(score=score, high=1)):
        text = said(data)
        assert "The scores take two values only, 0 and 1, as yes and no do" in text
        assert "end of the scale" not in text


def test_scores_without_scatter_do_not_tell_how_exact_an_answer_is():
    on_b = np.isin((np.arange(40) // 10), (1, 2))
    text = said(made(score=9.0 * on_b))
    assert "All scores on one arm are alike: A 0, B 9." in text
    assert "scatter unequally" not in text
    scattered = 9.0 * on_b
    scattered[12] = 8
    assert "All scores on one arm are alike" not in said(made(score=scattered))


def test_counts_are_called_so_where_nobody_gave_a_scale():
    score = np.resize([0, 1, 0, 2, 1, 0, 3], 40)
    text = said(made(score=score, known=False, high=4))
    assert "whole numbers from 0 up, 42 % of them 0, on a scale that was not given" in text
    assert "at an end of the scale" not in text
    assert "If they count something" not in said(made(score=score, high=4))


def test_outliers_are_named_with_their_days():
    score = 5.0 + np.resize([0, 1, -1, 0, 2], 40)
    score[17] = 55.0
    text = said(made(score=score, known=False, high=100))
    assert "The score of day 18 (55, " in text
    assert "It counts for less, by heavy tails." in text
    plain = said(made(score=score, known=False, high=100), AnalysisPlan(likelihood="gaussian"))
    assert "It counts in full; --likelihood student-t lets such scores count for less." in plain


def test_ends_that_were_guessed_are_said_when_bounded_is_asked_for():
    score = np.resize([0, 1, 0, 2, 1, 0, 3], 40)
    plan = AnalysisPlan(likelihood="bounded")
    assert "The ends of the scale, 0 and 4, were guessed" in said(
        made(score=score, known=False, high=4), plan
    )
    assert "were guessed" not in said(made(score=score, high=4), plan)
