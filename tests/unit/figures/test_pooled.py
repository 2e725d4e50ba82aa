from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from nof1.figures.flow import Step, flow_figure
from nof1.figures.forecast import forecast_figure, forecast_marks, half_normal
from nof1.figures.funnel import SINGLE, funnel_figure, funnel_marks
from nof1.figures.icons import IconMarks, keyed_icon_figure
from nof1.figures.persons import DRAWN, NAMED, draw_persons, persons_figure, persons_marks
from support.pooled_fits import fit, mirrored, of_size, story, unsized


def persons_of(given):
    return persons_marks(given, story(given).ranked)


@pytest.fixture(scope="module")
def told():
    return fit()


# --- Persons -------------------------------------------------------------------------------------


def test_everybody_is_marked_with_both_effects_the_best_first(told):
    marks = persons_of(told)
    assert marks.every == 1
    assert [row.shrunken for row in marks.rows] == sorted(one.shrunken for one in told.persons)
    by_code = {one.person: one for one in told.persons}
    for row in marks.rows:
        one = by_code[row.label]
        assert (row.naive, row.shrunken) == (one.naive, one.shrunken)
        assert (row.low, row.high) == (one.ci_low, one.ci_high)
        assert row.naive_high - row.naive_low == pytest.approx(2 * 1.96 * one.naive_se)
    found = told.bayes
    assert marks.average == (found.mean.mean, found.mean.ci_low, found.mean.ci_high)
    assert marks.forecast[0] == found.next_person.mean


def test_where_higher_is_better_the_highest_come_first():
    effects = [row.shrunken for row in persons_of(mirrored()).rows]
    assert effects == sorted(effects, reverse=True)


def test_of_very_many_persons_every_so_many_is_marked():
    marks = persons_of(of_size(5000))
    assert (marks.n_persons, marks.every) == (5000, 5)
    assert len(marks.rows) == DRAWN
    effects = [row.shrunken for row in marks.rows]
    assert effects == sorted(effects)


def test_the_axis_holds_every_interval_and_counts_the_own_answers_beyond(told):
    marks = persons_of(told)
    low, high = marks.reach
    assert all(low < row.low < row.high < high for row in marks.rows)
    assert low < -told.mcid < told.mcid < high
    assert marks.n_outside == 0
    wild = replace(marks, rows=(replace(marks.rows[0], naive=-40.0), *marks.rows[1:]))
    assert wild.n_outside == 1
    assert wild.reach[0] > -8.0


@pytest.mark.parametrize(("n", "named"), [(5, True), (NAMED, True), (NAMED + 1, False)])
def test_persons_have_names_as_long_as_these_can_be_read(n, named):
    marks = persons_of(of_size(n))
    figure = draw_persons(marks, width=7.1)
    (axes,) = figure.axes
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels[-2:] == ["Average", "Next person"]
    assert (labels[:-2] == [row.label for row in marks.rows]) == named
    # It must fit on one sheet below a heading, with its caption.
    assert figure.get_size_inches()[1] < 9.0
    if named:
        size = axes.get_yticklabels()[0].get_size()
        apart = 72 * figure.get_size_inches()[1] / (n + 6)
        assert 5.5 < size < apart


# --- The funnel ----------------------------------------------------------------------------------


def test_the_funnel_has_everybody_and_the_lines_of_its_formula(told):
    marks = funnel_marks(told)
    assert marks.effect.tolist() == [one.naive for one in told.persons]
    assert marks.error.tolist() == [one.naive_se for one in told.persons]
    between = told.bayes.heterogeneity.mean
    assert marks.by_chance[0] == 0.0
    assert marks.by_both[0] == pytest.approx(1.96 * between)
    assert marks.by_both == pytest.approx(1.96 * np.sqrt(marks.errors**2 + between**2))
    assert marks.errors[-1] > max(marks.error)


def test_who_lies_outside_the_funnel_is_counted(told):
    marks = funnel_marks(told)
    at = marks.mean + 1.96 * np.hypot(marks.error, marks.between) * np.array(
        [1.01 if place < 3 else 0.99 for place in range(len(marks.error))]
    )
    assert replace(marks, effect=at).n_outside == 3


def test_very_many_persons_are_counted_in_hexagons():
    few, many = (funnel_marks(of_size(n)) for n in (SINGLE, SINGLE + 1))
    single = funnel_figure(few, width=7.1, says="x").svg
    counted = funnel_figure(many, width=7.1, says="x").svg
    assert "PolyCollection" not in single
    assert "PolyCollection" in counted
    assert len(counted) < 0.6 * len(single)


# --- Forecast, icons, flow -----------------------------------------------------------------------


def test_the_forecast_is_marked_before_and_after(told):
    marks = forecast_marks(told)
    found = told.bayes.next_person
    assert (marks.effect.mean, marks.effect.low, marks.effect.high) == (
        found.mean, found.ci_low, found.ci_high,
    )  # fmt: skip
    dark = np.where(marks.is_meaningful(), marks.effect.density, 0.0)
    assert np.trapezoid(dark, marks.effect.points) == pytest.approx(found.p_meaningful, abs=0.01)
    assert marks.spread.mean == told.bayes.heterogeneity.mean
    scale = told.bayes.prior.between_scale
    points, before = marks.before
    assert (points[0], points[-1]) == (0.0, marks.spread.points[-1])
    assert before[0] == pytest.approx(np.sqrt(2 / np.pi) / scale)
    points = np.linspace(0.0, 12.0, 4001)
    assert np.trapezoid(half_normal(points, 0.75), points) == pytest.approx(1.0, abs=1e-6)


def test_without_a_smallest_difference_nothing_is_dark():
    assert not forecast_marks(unsized()).is_meaningful().any()
    assert (
        forecast_marks(mirrored()).effect.points[forecast_marks(mirrored()).is_meaningful()].min()
        == 1.0
    )


def test_a_step_with_more_to_say_is_higher_and_what_leaves_has_room():
    one, two = Step(lines=("a",)), Step(lines=("a", "b"), leaving=("c", "d", "e"))
    assert one.height < two.height
    assert one.room < two.room
    assert two.room > two.height


def pictures(given):
    steps = (Step(lines=("Received: 3",), leaving=("Left out: 1",)), Step(lines=("Pooled: 2",)))
    yield persons_figure(persons_of(given), width=7.1, says="a")
    yield funnel_figure(funnel_marks(given), width=7.1, says="b")
    yield forecast_figure(forecast_marks(given), width=7.1, says="c")
    key = ("80: better", "15: a little", "5: worse")
    yield keyed_icon_figure(IconMarks(counts=(80, 15, 5)), key, width=7.1, says="d")
    yield flow_figure(steps, width=7.1, says="e")


@pytest.mark.parametrize("given", [fit(), unsized(), of_size(2), of_size(SINGLE + 1)])
def test_pictures_have_stable_bytes_and_identifiers_of_their_own(given):
    once, again = list(pictures(given)), list(pictures(given))
    assert once == again
    seen = set()
    for picture in once:
        root = ET.fromstring(picture.svg)
        names = {element.get("id") for element in root.iter() if element.get("id")}
        assert names
        assert not names & seen
        seen |= names
        links = [v for e in root.iter() for k, v in e.attrib.items() if k.endswith("href")]
        assert all(link.removeprefix("#") in names for link in links)
        assert "<image" not in picture.svg
