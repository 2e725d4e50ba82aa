from __future__ import annotations

from dataclasses import replace

import pytest

from nof1.reports.clinician.answer import engines_section
from nof1.reports.clinician.population import population_section
from nof1.reports.clinician.promises import promise_section
from nof1.reports.clinician.report import clinician_html, clinician_pdf
from nof1.reports.layout.elements import Figure, Table, Text
from support.printed import n_pages, texts
from support.stories import story, story_with_earlier_persons, with_earlier_persons


@pytest.fixture(scope="module")
def told():
    return story_with_earlier_persons()


def elements(told):
    text, table, figure = population_section(told).elements
    assert (type(text), type(table), type(figure)) == (Text, Table, Figure)
    return text, table, figure


def test_without_earlier_persons_there_is_no_such_section():
    assert population_section(story("cannot-tell")) is None


def test_the_three_rows_are_the_figures_of_the_fit(told):
    values = told.primary.primary.fit("population")
    _, table, figure = elements(told)
    names = ["Own scores, default prior", "40 earlier persons", "Both together"]
    assert [row[0] for row in table.rows] == names
    for row, one in zip(table.rows, (values.own, values.prior, values), strict=True):
        assert row[1] == f"{abs(one.effect.mean):.2f} lower"
        assert f"{abs(one.effect.ci_low):.2f}" in row[2]
        assert f"{abs(one.effect.ci_high):.2f}" in row[2]
        assert row[3].startswith(f"{100 * one.chances.better:.0f}")
        assert row[4].startswith(f"{100 * one.chances.meaningful:.0f}")
        assert f"{abs(one.effect.mean):.2f} points lower (better)" in figure.picture.says


def test_it_says_whence_and_that_the_verdict_rests_on_the_own_scores(told):
    said = elements(told)[0].text
    assert "what 40 earlier persons tell (nof1 0.1.0: 40 persons pooled, magnesium-rls" in said
    assert "The verdict rests on the own scores under the default prior" in said
    promised = " ".join(texts(promise_section(told).elements[1].pairs))
    assert "Earlier persons" in promised
    assert "sha256 1234abcd" in promised
    assert "the verdict does not rest on them" in promised


def test_the_engines_stand_as_they_did(told):
    first, *rest = told.analyses
    primary = replace(first.primary, engines=first.primary.alone)
    without = replace(told, analyses=(replace(first, contrasts=(primary,)), *rest))
    assert engines_section(told) == engines_section(without)


def test_of_three_arms_the_pair_spoken_of_is_named():
    three = with_earlier_persons(story("cannot-tell", protocol="magnesium-dose"), place=1)
    contrast = three.primary.contrasts[1]
    _, table, _ = elements(three)
    assert table.caption.startswith(three.arm(contrast.active).label)


def test_without_a_mcid_size_is_not_asked(told):
    changed = with_earlier_persons(told, meaningful=None)
    first, *rest = changed.analyses
    table = elements(replace(changed, analyses=(replace(first, mcid=None), *rest)))[1]
    assert table.columns[-1] == "Better"
    assert table.rows[-1][-1] == "not asked"


def test_it_is_printed_in_both_forms(told):
    page = clinician_html(told)
    assert 'id="population"' in page
    assert "This person and earlier ones" in page
    assert n_pages(clinician_pdf(told)) >= 3
