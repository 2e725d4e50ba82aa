"""Scores that are words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nof1.trial.foreign.writing import Writing
from nof1.words.caution import sentences
from support.foreign_tables import faults_of, read_text

MOODS = {"awful": 1.0, "bad": 2.0, "meh": 3.0, "good": 4.0}


def moods(*words: str) -> str:
    rows = [f"{day},{'AB'[day // 2 % 2]},{word}" for day, word in enumerate(words, start=1)]
    return "\n".join(["day,treatment,mood", *rows])


def test_they_are_one_fault_with_a_mend_that_works(tmp_path: Path) -> None:
    text = moods("meh", "awful", "bad", "", "good", "bad")
    columns = {"score": "mood"}
    assert faults_of(tmp_path, text, columns=columns) == [
        'table.csv, column "mood": scores are words: meh, awful, bad, good. Say the number of '
        "each in place of N: --words meh=N,awful=N,bad=N,good=N."
    ]
    trial = read_text(tmp_path, text, columns=columns, writing=Writing(words=MOODS))
    np.testing.assert_array_equal(trial.masked.series[0].score, [3, 1, 2, np.nan, 4, 2])
    assert "Words were taken as scores, as asked: awful 1, bad 2, meh 3, good 4." in sentences(
        trial.notes
    )


def test_a_slip_among_numbers_is_a_fault_of_its_cell(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, moods("3", "4", "many", "2"), columns={"score": "mood"})
    assert fault.startswith("table.csv:row 4, column \"mood\": 'many' is no number.")


@pytest.mark.parametrize("word", ["superb", "Good"])
def test_words_are_met_in_any_letters_or_named(tmp_path: Path, word: str) -> None:
    asked = {"columns": {"score": "mood"}, "writing": Writing(words={"bad": 1, word: 2})}
    text = moods("BAD", "good", "bad", "good")
    if word == "Good":
        assert read_text(tmp_path, text, **asked).masked.series[0].score.tolist() == [1, 2, 1, 2]
    else:
        assert faults_of(tmp_path, text, **asked)[0] == (
            "--words superb: no score is this word. Check how it is written."
        )


def test_stars_and_faces_are_words(tmp_path: Path) -> None:
    text = moods("★★", "★", "★★★", "★★")
    columns = {"score": "mood"}
    (fault,) = faults_of(tmp_path, text, columns=columns)
    assert fault.endswith('in place of N: --words "★★=N,★=N,★★★=N".')
    writing = Writing(words={"★": 1, "★★": 2, "★★★": 3})
    trial = read_text(tmp_path, text, columns=columns, writing=writing)
    assert trial.masked.series[0].score.tolist() == [2, 1, 3, 2]
    (slip,) = faults_of(tmp_path, moods("3", "–", "–", "2"), columns=columns)[:1]
    assert "'–' is no number" in slip
