"""Scales, given or guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreign_tables import faults_of, read_text
from nof1.scales import Scale


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
        "--scale LOW:HIGH says otherwise." in trial.notes
    )
    assert "Lower scores were taken as better; --better higher says otherwise." in trial.notes


def test_scores_off_the_given_scale(tmp_path: Path) -> None:
    text = "day,treatment,score\n1,A,3\n2,B,11\n3,A,-1\n"
    assert faults_of(tmp_path, text, scale=(0, 10)) == [
        "table.csv:row 3: score 11 is off the scale 0 to 10. "
        "Correct the score, or give another --scale LOW:HIGH.",
        "table.csv:row 4: score -1 is off the scale 0 to 10. "
        "Correct the score, or give another --scale LOW:HIGH.",
    ]


def test_a_scale_upside_down(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "day,arm,y\n1,A,3\n2,B,1\n", scale=(10, 0)) == [
        "--scale 10:0: the low end is not below the high end. Write LOW:HIGH."
    ]
