"""A second language is one folder: what the first says is said in it wherever it is read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from matplotlib.text import Text

from nof1.figures.drawn_figure import DrawnFigure
from nof1.figures.forecast import forecast_figure, forecast_marks
from nof1.figures.funnel import funnel_figure, funnel_marks
from nof1.figures.persons import persons_figure, persons_marks
from nof1.figures.scores import person_figure, score_marks
from nof1.inference.analysis import ENGINES
from nof1.inference.json_result import analysis_object
from nof1.protocol.files import parse_protocol
from nof1.reports.clinician.report import clinician_html, clinician_view
from nof1.reports.terminal.analysis import analysis_lines
from nof1.scales import IRLS
from nof1.words.numbers import capitalised, counted, listed, percent, plural
from support.declared import COVARIATES
from support.fits import sampled
from support.pooled_fits import fit as pooled_fit
from support.pooled_fits import of_size
from support.pooled_fits import story as pooled_report_input
from support.printed import texts
from support.protocol_texts import DEFAULT
from support.second_language import NAME, forget, speak, translated, write
from support.stories import finished, story, story_with_earlier_persons
from support.varied_trials import CASES, pages, told

#: Pages that hold no sentence but those of the language and of the protocol.
WHOLLY = (
    "booklet", "clinician's pages", "packing sheet", "labels", "emergency notes", "cards",
    "calendar", "person",
)  # fmt: skip


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    """Return trials that went through much, and the pieces of all that English says."""
    folder = tmp_path_factory.mktemp("language")
    pieces = {one for one in write(folder) if "e" in one and one.strip().count(" ") >= 2}
    trials = [
        told(CASES[name], tmp_path_factory.mktemp("trials") / name.replace(" ", "-"))
        for name in ("severe", "opened twice", "by card")
    ]
    yield folder, pieces, trials
    forget()


def test_every_page_of_person_clinician_and_packer_is_said_in_it(spoken, monkeypatch):
    folder, pieces, trials = spoken
    english = [pages(one) for one in trials]
    speak(folder, monkeypatch)
    for first, second in zip(english, map(pages, trials), strict=True):
        for name in WHOLLY:
            said = {piece for piece in pieces if piece in first[name]}
            assert len(said) > 2 or not first[name], name
            missing = {piece for piece in said if translated(piece) not in second[name]}
            assert missing == set(), name


def test_warnings_and_their_codes_go_on_saying_the_same(spoken, monkeypatch):
    folder, _, trials = spoken
    analyses = [one.story.primary for one in trials]
    english = [analysis_object(one) for one in analyses]
    assert sum(len(one["warnings"]) for one in english) > 6
    speak(folder, monkeypatch)
    for first, analysis in zip(english, analyses, strict=True):
        second = analysis_object(analysis)
        assert second["warning_codes"] == first["warning_codes"]
        assert len(second["warnings"]) == len(second["warning_codes"])
        for here, there in zip(first["warnings"], second["warnings"], strict=True):
            # Names and reasons are the trial's own, and stay as they are.
            assert there != here
            assert there.replace("ë", "e") == here
        lines = "\n".join(analysis_lines(analysis))
        assert all(text[:30] in lines for text in second["warnings"])


def test_a_verdict_and_its_reason_are_said_in_it(spoken, monkeypatch):
    folder, _, trials = spoken
    views = [pages(one)["person"] for one in trials]
    speak(folder, monkeypatch)
    for before, one in zip(views, trials, strict=True):
        now = pages(one)["person"]
        assert now != before
        assert now.replace("ë", "e") == before


def test_numbers_are_said_in_it(spoken, monkeypatch):
    speak(spoken[0], monkeypatch)
    assert (percent(0.9999), percent(0.0001)) == ("ovër 99 %", "undër 1 %")
    assert (plural("patch"), counted(2, "guess")) == ("patchës", "2 guessës")
    assert listed(["a", "b"]) == "a and b"


# --- The clinician's report, and all figures -----------------------------------------------------


def stories():
    """Return finished trials whose reports have every section between them."""
    told = story("cannot-tell")
    first, *rest = told.analyses
    sampler = sampled(first.primary.engines["quadrature"])
    engines = {**first.primary.engines, "nuts": sampler}
    checked = replace(first, contrasts=(replace(first.primary, engines=engines),))
    return (
        replace(told, analyses=(checked, *rest)),
        story("helps-meaningfully", protocol="stretching-rls"),
        story_with_earlier_persons(),
        finished(parse_protocol(DEFAULT + COVARIATES, source="p"), -0.2, 0.05, 2, missing=0.06),
    )


def own_texts(told):
    """Return what finds all that is no word of a language.

    That is what protocol and people say in their own words, digests and codes, and the labels that
    results and comparisons bring along.
    """
    own = {text for text in texts(told.protocol.model_dump(mode="json")) if text}
    own |= {text.replace("-", " ") for text in own}
    own |= {told.unsealing.by, told.unsealing.reason, *told.contacts}
    own.add(f"{told.protocol.regimen.unit_name}s")
    own |= {told.commitment, told.log_head, told.protocol_digest, *ENGINES}
    own |= {row.label for row in told.sensitivity}
    own |= {count.what for analysis in told.analyses for count in analysis.account.counted}
    own |= {comparison.said for comparison in told.compared.made} | {*told.compared.cannot_show}
    own |= {text.rstrip(".") for text in own}
    own |= {text.lower() for text in own} | {capitalised(text) for text in own}
    return alone(own)


def alone(own):
    """Return what finds any of several texts where no word goes on at its ends."""
    longest_first = sorted(own, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def left_over(said, own):
    """Return the words with an e without dots that are nobody's own."""
    return re.findall(r"\b\w*e\w*\b", own.sub("", said))


@pytest.fixture
def drawn(monkeypatch):
    """Return what is written in every figure that is drawn from now on."""
    written: list[str] = []
    svg = DrawnFigure.svg

    def noted(figure):
        written.extend(text.get_text() for text in figure.findobj(Text))
        return svg(figure)

    monkeypatch.setattr(DrawnFigure, "svg", noted)
    return written


def test_no_english_is_left_in_the_clinicians_report(spoken, drawn, monkeypatch):
    told = stories()
    first = [clinician_view(one) for one in told]
    english = set(drawn)
    drawn.clear()
    speak(spoken[0], monkeypatch)
    left = []
    for one, before in zip(told, first, strict=True):
        own, view = own_texts(one), clinician_view(one)
        assert f'<html lang="{NAME}">' in clinician_html(one)
        for section, earlier in zip(view["sections"], before["sections"], strict=True):
            assert section["title"] != earlier["title"] or "e" not in earlier["title"]
            for element in section["elements"]:
                element = {key: value for key, value in element.items() if key != "kind"}
                said = [text for text in texts(element) if "<svg" not in text]
                left += [
                    (section["code"], word, text) for text in said for word in left_over(text, own)
                ]
        head = {key: value for key, value in view.items() if key not in ("language", "sections")}
        left += [("head", word, text) for text in texts(head) for word in left_over(text, own)]
        left += [("figure", word, text) for text in drawn for word in left_over(text, own)]
        drawn.clear()
    assert len({text for text in english if "e" in text}) > 20
    assert sorted(set(left)) == []


def test_no_english_is_left_in_the_other_figures(spoken, drawn, monkeypatch):
    fits = (pooled_fit(), of_size(60))
    own_scores = story("cannot-tell")
    names = {arm: own_scores.arm(arm).plain for arm in own_scores.data.arms}
    marks = score_marks(own_scores.descriptions[0], title="T", scale=IRLS, names=names)
    speak(spoken[0], monkeypatch)
    for pool in fits:
        forecast_figure(forecast_marks(pool), width=7.0, says="")
        funnel_figure(funnel_marks(pool), width=7.0, says="")
        persons_figure(persons_marks(pool, pooled_report_input(pool).ranked), width=7.0, says="")
    person_figure(marks, width=7.0, height=1.7, says="")
    own = alone([*names.values(), *(one.person for pool in fits for one in pool.persons)])
    assert sum("ë" in text for text in drawn) > 30
    assert [text for text in drawn if left_over(text, own)] == []
