"""The clinician's report: every score accounted for, and promises not printed as if kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.full_analysis import results
from nof1.reports.clinician.answer import answer_section, engines_section, secondary_section
from nof1.reports.clinician.conduct import design_section
from nof1.reports.clinician.data import account_table
from nof1.reports.clinician.promises import promise_section
from nof1.reports.clinician.reliability import warnings_section
from nof1.reports.clinician.report import clinician_html
from nof1.reports.person.page import person_page
from support.report_sections import said, tables
from support.stories import story


def retold(told, *, taken=None, silent=None, scored=None):
    """Return the story again with other doses, or with scores of an arm or on days missing."""
    masked = told.data.masked
    series = list(masked.series)
    on_arm = [
        day
        for period, arm in zip(masked.periods, told.data.arm_of_period, strict=True)
        if arm == silent
        for day in range(period.first_day, period.last_day + 1)
    ]
    for place, one in enumerate(series):
        gone = np.isin(one.day, on_arm)
        if scored is not None:
            gone |= ~np.isin(one.day, scored)
        series[place] = replace(one, score=np.where(gone, np.nan, one.score))
    masked = replace(masked, series=tuple(series), taken=masked.taken if taken is None else taken)
    data = replace(told.data, masked=masked)
    found = results(data, told.protocol.analysis, told.protocol.decision)
    return replace(
        told,
        data=data,
        analyses=found.analyses,
        descriptions=found.descriptions,
        sensitivity=found.sensitivity,
        diagnostics=found.diagnostics,
        carryover=found.carryover,
    )


@pytest.fixture(scope="module")
def told():
    return story("cannot-tell")


@pytest.fixture(scope="module")
def stopped(told):
    """No dose was taken on the last eighteen days of period 3."""
    period = told.data.masked.periods[2]
    taken = dict.fromkeys(range(period.first_day, period.last_day + 1), 1.0)
    taken |= dict.fromkeys(range(period.last_day - 17, period.last_day + 1), 0.0)
    return retold(told, taken=taken)


def test_every_score_is_accounted_for_and_it_adds_up(told):
    table = account_table(told)
    assert table in tables(design_section(told))
    counts = np.array([[int(cell) for cell in row[1:]] for row in table.rows])
    assert (counts[:-1].sum(axis=0) == counts[-1]).all()
    assert (counts[:, :-1].sum(axis=1) == counts[:, -1]).all()
    assert counts[-1, -1] == len(told.data.masked.series[0].day)
    assert counts[0, -1] == told.primary.n_scores
    assert counts[1, -1] == told.primary.n_missing


def test_what_was_promised_for_events_is_not_printed_as_if_kept(told, stopped):
    (events,) = tables(promise_section(told))
    assert events.columns[2] == "Handling promised"
    assert events.note.endswith("none was.")
    (events,) = tables(promise_section(stopped))
    assert "Yet no dose was taken at the end of period 3" in events.note


def test_a_stop_that_nobody_recorded_is_seen_in_the_doses(told, stopped):
    period = stopped.data.masked.periods[2]
    days = stopped.data.masked.series[0].day
    n = int((np.isin(days, range(period.last_day - 17, period.last_day + 1))).sum())
    words = said(warnings_section(stopped))
    assert "No dose was taken on the last 18 days of period 3" in words
    assert f"No stop was recorded: {n} scores of these days were analysed" in words
    assert "No dose was taken" not in said(warnings_section(told))


def test_an_arm_without_a_score_has_no_answer_and_the_report_says_why(told):
    silent = retold(told, silent=1)
    words = said(engines_section(silent))
    assert "No score that is analysed speaks of magnesium." in words
    assert "not run" in said(secondary_section(silent))
    assert not silent.sensitivity
    assert "No score speaks of both arms" in clinician_html(silent)
    assert person_page(silent).startswith(b"%PDF")


def test_a_difference_as_scheduled_that_no_score_speaks_of_is_not_shown(told):
    """One score on the comparator, and two that look back over a switch to the other arm."""
    first, second, *_ = told.data.masked.periods
    assert told.data.arm_of_period[:2] == (0, 1)
    day = np.array([first.last_day, second.first_day + 2, second.first_day + 3])
    series = replace(told.data.masked.series[0], day=day, score=np.array([20.0, 18.0, 17.0]))
    data = replace(told.data, masked=replace(told.data.masked, series=(series,)))
    few = retold(replace(told, data=data))
    assert few.primary.primary.fit("quadrature").scheduled is None
    assert "carryover and all" not in said(answer_section(few))
    words = said(engines_section(few))
    assert "No score that is analysed speaks of magnesium alone." in words
    assert clinician_html(few)
