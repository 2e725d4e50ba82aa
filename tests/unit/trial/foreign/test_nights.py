"""Scores of the morning, which speak of the night before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nof1.design.phases import PhasesSet
from nof1.trial.foreign.writing import Writing
from nof1.words.caution import sentences
from support.foreign_tables import read_text

ORDER = "ABBAABBA"
ASKED = Writing(score_day="before")


def nights() -> list[tuple[int, int, str, int]]:
    """Return night, period, arm and an invented score: B adds exactly 10, at once."""
    found = []
    for night in range(1, 57):
        period = (night - 1) // 7
        arm = ORDER[period]
        found.append((night, period + 1, arm, 60 + night * 37 % 11 + 10 * (arm == "B")))
    return found


def dated_by_evening(name: str = "score") -> str:
    rows = [f"{n},{p},{(p + 1) // 2},{arm},{score}" for n, p, arm, score in nights()]
    return "\n".join([f"day,period,cycle,treatment,{name}", *rows])


def dated_by_waking(name: str = "score") -> str:
    """Return the same, a night's score in the row of the next day, with that day's treatment."""
    known = nights()
    rows = [
        f"{n},{p},{(p + 1) // 2},{arm},{known[n - 2][3] if n > 1 else 64}" for n, p, arm, _ in known
    ]
    return "\n".join([f"day,period,cycle,treatment,{name}", *rows])


def test_the_score_moves_and_the_treatment_stays(tmp_path: Path) -> None:
    evening = read_text(tmp_path, dated_by_evening())
    waking = read_text(tmp_path, dated_by_waking(), writing=ASKED)
    assert waking.masked.periods == evening.masked.periods
    one, other = evening.masked.series[0], waking.masked.series[0]
    assert other.day.tolist() == list(range(56))
    np.testing.assert_array_equal(other.score[1:], one.score[:-1])
    assert any(
        "speak of the day before their own, as asked" in note for note in sentences(waking.notes)
    )


def test_the_effect_is_what_it_is_by_evening(tmp_path: Path) -> None:
    from nof1.inference.analysis import analyse
    from nof1.protocol.tables import AnalysisPlan, Decision

    def effect(text: str, **asked: object) -> float:
        trial = read_text(tmp_path, text, scale=(0, 100), **asked)
        found = analyse(
            trial, trial.masked.series[0], AnalysisPlan(), Decision(), engines=("quadrature",)
        )
        return float(found.primary.alone["quadrature"].estimate)

    right = effect(dated_by_evening())
    assert effect(dated_by_waking(), writing=ASKED) == pytest.approx(right, abs=0.3)
    # By the day of waking the first score of each period is the other arm's: far from the truth.
    assert abs(effect(dated_by_waking()) - 10) > 1


@pytest.mark.parametrize("name", ["Sleep quality", "sleepScore", "minutes_asleep", "Rested"])
def test_names_of_sleep_are_a_caution_until_it_is_said(tmp_path: Path, name: str) -> None:
    said = []
    for asked in ({}, {"writing": Writing(score_day="own")}, {"writing": ASKED}):
        trial = read_text(tmp_path, dated_by_waking(name), columns={"score": name}, **asked)
        said.append([note for note in sentences(trial.notes) if "--score-day" in note])
    assert said == [
        [
            f"{name} may speak of the night before its date, as trackers and morning forms date "
            "sleep by the day of waking. If so, and the treatment is that of the date itself, add "
            "--score-day before; --score-day own says that score and treatment go together."
        ],
        [],
        [],
    ]


def test_a_date_of_sleep_makes_every_score_one_of_the_night(tmp_path: Path) -> None:
    rows = [f"2026-02-{n:02d},{arm},{score}" for n, _, arm, score in nights()[:28]]
    text = "\n".join(["Sleep Score 4 Weeks,treatment,score", *rows])
    asked = {"date": "Sleep Score 4 Weeks"}
    trial = read_text(tmp_path, text, columns=asked, writing=Writing(period_days=7))
    assert any(
        note.startswith("score may speak of the night before") for note in sentences(trial.notes)
    )


def test_other_scores_are_no_caution(tmp_path: Path) -> None:
    assert not any(
        "--score-day" in note for note in sentences(read_text(tmp_path, dated_by_waking()).notes)
    )


def test_change_points_are_among_the_days_that_scores_speak_of(tmp_path: Path) -> None:
    # Day 10 has no row: the score of day 11 speaks of it all the same.
    rows = [f"{day},{'AB'[day > 14]},{day % 5}" for day in range(1, 29) if day != 10]
    text = "\n".join(["day,treatment,score", *rows])
    trial = read_text(tmp_path, text, allocation="phases:4", writing=ASKED)
    drawn_from = trial.allocation_set
    assert isinstance(drawn_from, PhasesSet)
    assert drawn_from.days == tuple(day for day in range(1, 28) if day != 9)
    scored = trial.masked.series[0].day[np.isfinite(trial.masked.series[0].score)]
    assert set(scored[scored > 0].tolist()) == set(drawn_from.days)
