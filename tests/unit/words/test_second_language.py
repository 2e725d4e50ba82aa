"""A second language is one folder: what the first says is said in it wherever it is read."""

from __future__ import annotations

import pytest

from nof1.inference.json_result import analysis_object
from nof1.reports.terminal.analysis import analysis_lines
from nof1.words.numbers import counted, listed, percent, plural
from support.second_language import forget, speak, translated, write
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
