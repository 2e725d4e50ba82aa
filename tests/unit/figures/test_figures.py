from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from nof1.figures.answer import answer_figure, draw_answer, posterior_marks
from nof1.figures.drawing import ARM_STYLES
from nof1.figures.drawn_figure import DrawnFigure
from nof1.figures.effects import (
    ForestMarks,
    Interval,
    engine_marks,
    forest_figure,
    population_marks,
    sensitivity_marks,
)
from nof1.figures.icons import IconMarks, icon_figure
from nof1.figures.scores import person_figure, score_marks
from nof1.scales import IRLS, Scale
from nof1.words import figures
from support.stories import story, story_with_earlier_persons

STEADY, SCHEDULED = figures.ESTIMANDS["steady-state"], figures.ESTIMANDS["as-scheduled"]
POINTS = {"mcid": 3.0, "better": "lower", "unit": "points"}


def scores_of(told, scale=IRLS):
    names = {arm: told.arm(arm).label for arm in told.data.arms}
    return score_marks(told.descriptions[0], title=told.primary.title, scale=scale, names=names)


@pytest.fixture(scope="module")
def told():
    return story("cannot-tell")


def test_the_scores_are_marked_by_day_arm_and_use(told):
    marks, series = scores_of(told), told.data.masked.series[0]
    known = np.isfinite(series.score)
    assert [point.day for point in marks.points] == series.day[known].tolist()
    assert [point.score for point in marks.points] == series.score[known].tolist()
    assert marks.arms == ("Placebo", "Magnesium citrate 300 mg")
    assert [band.arm for band in marks.bands] == list(told.data.arm_of_period)
    in_run_in = [point for point in marks.points if point.day < marks.bands[0].first_day]
    assert len(in_run_in) == 2
    assert all(point.arm is None and not point.used for point in in_run_in)
    assert marks.count(0) + marks.count(1) == told.primary.n_scores


def test_every_mean_is_that_of_the_scores_of_its_band(told):
    for band in scores_of(told).bands:
        inside = [
            point.score
            for point in scores_of(told).points
            if band.first_day <= point.day <= band.last_day
        ]
        assert band.mean == pytest.approx(np.mean(inside))


def test_a_switch_is_where_the_arm_changes(told):
    marks = scores_of(told)
    arms = [band.arm for band in marks.bands]
    changes = sum(a != b for a, b in pairwise(arms))
    assert len(marks.switches) == changes
    for day in marks.switches:
        before = max(band.number for band in marks.bands if band.last_day < day)
        assert arms[before - 1] != arms[before]


def test_the_posterior_is_marked_from_the_fit(told):
    fit = told.primary.primary.fit("quadrature")
    marks = posterior_marks(told.primary.primary, **POINTS)
    assert (marks.mean, marks.low, marks.high) == (
        fit.estimate, fit.ci_low, fit.ci_high,
    )  # fmt: skip
    assert marks.scheduled[0] == fit.as_scheduled.mean
    assert np.isin([-3.0, 3.0], marks.points).all()
    shaded = marks.is_meaningful()
    area = np.trapezoid(np.where(shaded, marks.density, 0.0), marks.points)
    assert area == pytest.approx(fit.chances.meaningful, abs=0.01)


def test_what_is_meaningful_lies_on_the_better_side(told):
    lower = posterior_marks(told.primary.primary, **POINTS)
    higher = replace(lower, better="higher")
    assert lower.points[lower.is_meaningful()].max() == -3.0
    assert higher.points[higher.is_meaningful()].min() == 3.0
    assert not replace(lower, mcid=None).is_meaningful().any()


def test_without_a_bayesian_engine_there_is_no_posterior(told):
    contrast = replace(told.primary.primary, engines={})
    assert posterior_marks(contrast, **POINTS) is None
    picture = answer_figure(scores_of(told), None, width=7.0, says="Scores.")
    ET.fromstring(picture.svg)


def test_the_estimands_are_kept_apart(told):
    marks = engine_marks(told.primary.primary, **POINTS)
    assert marks.groups == (STEADY, SCHEDULED)
    groups = {(row.label, row.group) for row in marks.rows}
    assert ("Exact posterior", STEADY) in groups
    assert ("Exact posterior", SCHEDULED) in groups
    assert ("Randomisation test", SCHEDULED) in groups
    assert [row.label for row in marks.rows if row.main] == ["Exact posterior"]


def test_an_engine_that_did_not_run_has_no_row(told):
    contrast = told.primary.primary
    alone = replace(contrast, engines={"paired": contrast.engines["paired"]})
    assert [row.label for row in engine_marks(alone, **POINTS).rows] == ["Paired t on cycles"]


def test_earlier_persons_stand_between_the_own_answer_and_both_and_in_no_other_figure(told):
    contrast = story_with_earlier_persons().primary.primary
    values = contrast.fit("population")
    marks = population_marks(contrast, **POINTS)
    assert [(row.estimate, row.low, row.high) for row in marks.rows] == [
        (one.effect.mean, one.effect.ci_low, one.effect.ci_high)
        for one in (values.own, values.prior, values)
    ]
    assert [row.main for row in marks.rows] == [True, False, False]
    assert [row.label for row in engine_marks(contrast, **POINTS).rows] == [
        row.label for row in engine_marks(told.primary.primary, **POINTS).rows
    ]
    assert population_marks(told.primary.primary, **POINTS).rows == ()


def test_the_sensitivity_rows_keep_their_order_and_the_plan_is_first(told):
    marks = sensitivity_marks(told.sensitivity, **POINTS)
    assert [row.label for row in marks.rows] == [row.label for row in told.sensitivity]
    assert [row.main for row in marks.rows] == [True] + [False] * (len(marks.rows) - 1)


def test_a_wild_limit_does_not_squeeze_the_others():
    rows = (
        Interval(label="one", group=STEADY, estimate=-2.0, low=-4.0, high=0.5),
        Interval(label="wild", group=STEADY, estimate=-2.0, low=-float("inf"), high=900.0),
    )
    low, high = ForestMarks(rows=rows, mcid=3.0, better="lower", unit="points").reach
    assert -15 < low < -4
    assert 3 < high < 15


def test_the_axis_holds_zero_and_the_mcid():
    row = Interval(label="one", group=STEADY, estimate=8.0, low=7.0, high=9.0)
    low, high = ForestMarks(rows=(row,), mcid=3.0, better="lower", unit="points").reach
    assert low < -3 < 3 < 9 < high


def test_icons_are_one_hundred_in_the_order_of_their_kinds():
    marks = IconMarks(counts=(60, 26, 14))
    assert len(marks.cells) == len({cell[:2] for cell in marks.cells}) == 100
    assert [kind for _, _, kind in marks.cells] == [0] * 60 + [1] * 26 + [2] * 14
    assert marks.cells[60] == (6, 0, 1)
    for counts in ((60, 26, 15), (101, -1, 0)):
        with pytest.raises(ValueError, match="are not 100 icons"):
            IconMarks(counts=counts)


def test_arms_differ_in_shape_as_well_as_in_shade():
    assert len({style.marker for style in ARM_STYLES}) == len(ARM_STYLES) == 6


def pictures(told):
    marks = scores_of(told)
    yield answer_figure(marks, posterior_marks(told.primary.primary, **POINTS), width=7, says="a")
    yield person_figure(marks, width=7, height=1.7, says="b")
    engines = engine_marks(told.primary.primary, **POINTS)
    yield forest_figure(engines, name="engines", width=7, says="c")
    rows = sensitivity_marks(told.sensitivity, **POINTS)
    yield forest_figure(rows, name="sensitivity", width=7, says="d")
    earlier = population_marks(story_with_earlier_persons().primary.primary, **POINTS)
    yield forest_figure(earlier, name="population", width=7, says="f")
    yield icon_figure(IconMarks(counts=(86, 0, 14)), width=2, says="e")


def test_pictures_have_stable_bytes_their_own_identifiers_and_no_network(told):
    once, again = list(pictures(told)), list(pictures(told))
    assert once == again
    seen = set()
    for picture in once:
        root = ET.fromstring(picture.svg)
        assert root.tag.endswith("svg")
        names = {element.get("id") for element in root.iter() if element.get("id")}
        assert names
        assert not names & seen
        seen |= names
        links = [v for e in root.iter() for k, v in e.attrib.items() if k.endswith("href")]
        assert all(link.removeprefix("#") in names for link in links)
        assert "<metadata" not in picture.svg
        assert "<!DOCTYPE" not in picture.svg


def test_a_scale_where_higher_is_better_and_three_arms():
    told = story("cannot-tell", protocol="magnesium-dose")
    scale = Scale(name="numeric", low=0, high=40, step=1, better="higher")
    marks = scores_of(told, scale)
    assert len(marks.arms) == 3
    assert marks.better == "higher"
    assert {band.arm for band in marks.bands} == {0, 1, 2}
    ET.fromstring(person_figure(marks, width=7, height=1.7, says="x").svg)


def test_the_numbers_beside_the_persons_scores_are_few_enough_to_be_read(told, monkeypatch):
    seen = []
    monkeypatch.setattr(DrawnFigure, "svg", lambda figure: seen.append(figure) or b"")
    person_figure(scores_of(told), width=7, height=1.7, says="x")
    (axes,) = seen[0].axes
    low, high = axes.get_ylim()
    assert 2 <= sum(low <= tick <= high for tick in axes.get_yticks()) <= 3


def test_a_figure_gives_the_same_bytes_whenever_it_is_asked(told):
    marks = scores_of(told)
    figure = draw_answer(marks, None, width=7.1)
    picture = answer_figure(marks, None, width=7.1, says="x")
    assert figure.png()[:8] == b"\x89PNG\r\n\x1a\n"
    assert figure.svg() == figure.svg() == picture.svg.encode()
    assert figure.png(60) == figure.png(60)
    assert len(figure._repr_png_()) < len(figure.png())
