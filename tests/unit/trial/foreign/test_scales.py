"""Scales, given or guessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from nof1.scales import Scale
from nof1.trial.foreign.writing import Writing
from nof1.words.caution import sentence, sentences
from support.foreign_tables import faults_of, read_text


def scale_of(folder: Path, *scores: float, **asked: object) -> Scale:
    rows = [f"{day},{'AB'[day % 2]},{score}" for day, score in enumerate(scores, start=1)]
    return (
        read_text(folder, "\n".join(["day,treatment,score", *rows]), **asked).masked.series[0].scale
    )


@pytest.mark.parametrize(
    ("scores", "low", "high", "step"),
    [
        ((0, 4), 0, 4, 1),
        ((2, 5.5), 0, 10, 0.5),
        ((2, 7.3), 0, 10, 0.1),
        ((2, 7.33), 0, 10, 0),
        ((11, 40), 0, 40, 1),
        ((11, 41), 0, 100, 1),
        ((120, 155), 0, 200, 1),
        ((0, 1000), 0, 1000, 1),
        ((-3, 7), -5, 10, 1),
        ((-30, -12), -50, 0, 1),
    ],
)
def test_the_smallest_usual_range_and_the_coarsest_step(
    tmp_path: Path, scores: tuple[float, ...], low: float, high: float, step: float
) -> None:
    scale = scale_of(tmp_path, *scores)
    assert (scale.low, scale.high, scale.step) == (low, high, step)
    assert [scale.fault_of(score) for score in scores] == [None] * len(scores)


def test_lower_is_better_unless_said(tmp_path: Path) -> None:
    assert scale_of(tmp_path, 1, 2).better == "lower"
    assert scale_of(tmp_path, 1, 2, better="higher").better == "higher"


def test_the_guess_is_said(tmp_path: Path) -> None:
    trial = read_text(tmp_path, "day,arm,mood\n1,A,3\n2,B,8\n", columns={"score": "mood"})
    assert (
        "The scale of mood was taken as 0 to 10, as its scores go from 3 to 8; "
        "--scale LOW:HIGH says otherwise." in sentences(trial.notes)
    )
    assert "Lower scores were taken as better; --better higher says otherwise." in sentences(
        trial.notes
    )


def test_scores_off_the_given_scale(tmp_path: Path) -> None:
    text = "day,treatment,score\n1,A,3\n2,B,11\n3,A,-1\n"
    assert faults_of(tmp_path, text, scale=(0, 10)) == [
        "table.csv:row 3: score 11 is off the scale 0 to 10. "
        "Correct the score, or give another --scale LOW:HIGH.",
        "table.csv:row 4: score -1 is off the scale 0 to 10. If it stands for a missing answer, "
        "add --missing -1; else correct the score, or give another --scale LOW:HIGH.",
    ]


def table_of(scores: Sequence[float | str]) -> str:
    """Return scores of successive days, A and B in turn."""
    rows = [f"{day},{'AB'[day % 2]},{score}" for day, score in enumerate(scores, start=1)]
    return "\n".join(["day,treatment,score", *rows])


@pytest.mark.parametrize(
    ("scores", "code"),
    [
        ((2, 3, 7, 4, 99, 99), "99 (2 times, here first)"),
        ((2, 3, 7, 4, -9), "-9"),
        ((0, 3, 7, 4, -1), "-1"),
        ((2, 3, 7, 4, 77), "77"),
        ((12, 80, 45, 999), "999"),
        ((12, 80, 45, -99), "-99"),
        ((0, 3, 2, 9, 4, 9), "9 (2 times, here first)"),
        ((1.5, 3.25, 88), "88"),
        ((1, 1, 2, 99, 99, 3, 99), "99 (3 times, here first)"),
    ],
)
def test_a_code_for_missing_answers_is_asked_about(
    tmp_path: Path, scores: tuple[float, ...], code: str
) -> None:
    (fault,) = faults_of(tmp_path, table_of(scores))
    number = code.split()[0]
    assert f"score {code} is far from all other scores" in fault
    assert fault.endswith(
        f"If it stands for a missing answer, add --missing {number}; if it is a score, give the "
        "--scale LOW:HIGH."
    )
    times = code.partition("(")[2].partition(",")[0] or "once"
    trial = read_text(tmp_path, table_of(scores), writing=Writing(missing=(number,)))
    kept = [score for score in scores if score != float(number)]
    series = trial.masked.series[0]
    np.testing.assert_array_equal(series.score[np.isfinite(series.score)], kept)
    assert sentences(trial.notes)[0] == (f"Taken as missing, as asked: {number} ({times}).")
    wide = read_text(tmp_path, table_of(scores), scale=(-100, 1000))
    np.testing.assert_array_equal(wide.masked.series[0].score, scores)


@pytest.mark.parametrize(
    "scores",
    [
        (94, 95, 96, 99),
        (50, 60, 70, 88),
        (0, 1, 3, 9),
        (3, 2, 1, -1),
        (-3, -1, 2, 3),
        (99, 98, 99),
        (120, 300, 999, 650),
        (0, 0, 0, 9, 9, 9),
    ],
)
def test_scores_that_are_near_others_are_scores(tmp_path: Path, scores: tuple[float, ...]) -> None:
    series = read_text(tmp_path, table_of(scores)).masked.series[0]
    np.testing.assert_array_equal(series.score, scores)


def test_words_for_missing_answers(tmp_path: Path) -> None:
    text = table_of((3, 4, 5, "skipped", "99,0")).replace("99,0", '"99,0"')
    trial = read_text(tmp_path, text, writing=Writing(missing=("Skipped", "99")))
    assert np.isnan(trial.masked.series[0].score).tolist() == [False, False, False, True, True]


def test_codes_off_a_given_scale_are_one_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, table_of((2, 99, 5, 99)), scale=(0, 10)) == [
        "table.csv:row 3: score 99 (2 times, here first) is off the scale 0 to 10. If it stands "
        "for a missing answer, add --missing 99; else correct the score, or give another --scale "
        "LOW:HIGH."
    ]


def test_an_end_that_rests_on_one_score_is_doubted(tmp_path: Path) -> None:
    scores = (5, 3, 4, 5, 6, 2, 3, 7, 55)
    series = read_text(tmp_path, table_of(scores)).masked.series[0]
    assert not series.scale_known
    assert sentence(series.scale_doubt) == (
        "The scale 0 to 100 rests on one score alone, score 55 in row 10; all others lie from 2 to "
        "7. Correct it, or give the --scale LOW:HIGH."
    )
    given = read_text(tmp_path, table_of(scores), scale=(0, 100)).masked.series[0]
    assert given.scale_known
    assert given.scale_doubt is None
    # Within a range that the others ask for, a score that stands alone makes no end.
    assert not read_text(tmp_path, table_of((50, 51, 52) * 3 + (91,))).masked.series[0].scale_doubt


def test_no_end_is_less_than_nothing(tmp_path: Path) -> None:
    (note,) = (
        note
        for note in sentences(read_text(tmp_path, table_of((0, 6301, 8000))).notes)
        if "scale" in note
    )
    assert note.startswith("The scale of score was taken as 0 to 10000,")


def test_a_scale_upside_down(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "day,arm,y\n1,A,3\n2,B,1\n", scale=(10, 0)) == [
        "--scale 10:0: the low end is not below the high end. Write LOW:HIGH."
    ]
