"""Tables in the forms of other programs: the right numbers, or a question that names the mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nof1.errors import ScoresError
from nof1.trial.data import TrialData
from nof1.trial.foreign.writing import Writing
from nof1.words.caution import sentences
from support.foreign_tables import read_found

EXPORTS = Path(__file__).parents[3] / "data" / "exports"
REDCAP = {"date": "diary_date", "treatment": "capsule", "score": "legs"}
SLEEP = {"treatment": "Sleep Notes", "score": "Sleep quality"}
STUDYU = {
    "treatment": "current_intervention_name",
    "score": "survey1_question1_response",
    "day": "current_day_of_study",
}
DAYLIO = {"date": "full_date", "treatment": "activities", "score": "mood"}
FORMS = {"date": "Start time", "treatment": "Capsule", "score": "Legs tonight (0-10)"}
MOODS = {"awful": 1.0, "bad": 2.0, "meh": 3.0, "good": 4.0, "rad": 5.0}
ONE_NAME = {
    "Plac.": "placebo",
    "Mg": "magnesium 300mg",
    "Magnesium": "magnesium 300mg",
}
#: n and mean of both arms: the README of the tables says how they were made.
TRUTH = ((27, 5.963), (26, 4.231))
HALVES = ((21, 5.381), (21, 3.476))
BLANKED = ((21, 5.048), (19, 3.842))


def trials(name: str, **asked: Any) -> tuple[TrialData, ...]:
    return read_found(EXPORTS / f"{name}.csv", **asked).trials


def by_arm(trial: TrialData) -> tuple[tuple[int, float], ...]:
    """Return n and mean of the scores in the periods of each arm, counted here anew."""
    found: list[list[float]] = [[] for _ in trial.arms]
    series = trial.masked.series[0]
    for day, score in zip(series.day.tolist(), series.score.tolist(), strict=True):
        for period, arm in zip(trial.masked.periods, trial.arm_of_period, strict=True):
            if period.first_day <= day <= period.last_day and not np.isnan(score):
                found[arm].append(score)
    return tuple((len(scores), round(float(np.mean(scores)), 3)) for scores in found)


@pytest.mark.parametrize(
    ("name", "asked", "right"),
    [
        ("filldown", {"writing": Writing(fill_down=True)}, TRUTH),
        ("redcap1", {"columns": REDCAP}, TRUTH),
        ("missing99", {"columns": REDCAP, "writing": Writing(missing=("-99",))}, TRUTH),
        ("studyu_one", {"columns": STUDYU, "comparator": "No tea"}, ((27, 4.037), (26, 5.769))),
        ("dayrestart", {}, TRUTH),
        ("msforms", {"columns": FORMS}, TRUTH),
        ("variants", {"writing": Writing(rename=ONE_NAME)}, ((28, 5.893), (28, 4.214))),
        ("full", {}, HALVES),
        ("one_blank", {"writing": Writing(fill_down=True)}, HALVES),
        ("one_blank_with_period", {}, HALVES),
        ("only_at_switch", {"writing": Writing(fill_down=True)}, HALVES),
        ("only_at_switch_with_period", {"writing": Writing(fill_down=True)}, HALVES),
        ("code_99", {"writing": Writing(missing=("99",))}, BLANKED),
        ("code_blanked", {}, BLANKED),
        ("weekly", {"columns": {"score": "irls"}, "recall_days": 7}, ((4, 23.5), (4, 16.5))),
        ("weekly7", {"columns": {"score": "irls"}, "recall_days": 7}, ((4, 23.5), (4, 16.5))),
    ],
)
def test_scores_of_each_arm_are_those_that_were_made(
    name: str, asked: dict[str, Any], right: tuple[tuple[int, float], ...]
) -> None:
    (trial,) = trials(name, **asked)
    assert by_arm(trial) == right


def test_two_persons_are_two(tmp_path: Path) -> None:
    for path in (EXPORTS / "redcap2_shift.csv", tmp_path / "without_intake.csv"):
        if not path.exists():
            lines = (EXPORTS / "redcap2_shift.csv").read_text().splitlines()
            path.write_text("\n".join(line for line in lines if "enrollment" not in line))
        first, second = read_found(path, columns=REDCAP).trials
        assert (first.masked.person, second.masked.person) == ("1", "2")
        assert by_arm(first) == by_arm(second) == TRUTH


@pytest.mark.parametrize(
    ("name", "asked", "what", "mend"),
    [
        ("filldown", {}, "48 rows have no treatment, 45 of them with a score", "--fill-down"),
        ("only_at_switch", {}, "36 rows have no treatment, 36 of them", "--fill-down"),
        ("one_blank", {}, "this row has a score, but no treatment", "--fill-down"),
        ("variants", {}, "Plac. looks like Placebo", '--rename "Plac.=Placebo"'),
        ("missing99", {"columns": REDCAP}, "legs -99 (3 times, here first)", "--missing -99"),
        ("code_99", {}, "score 99 (2 times, here first)", "--missing 99"),
        ("code_minus_9", {}, "score -9 is far from all other scores, 2 to 7", "--missing -9"),
        (
            "weekly",
            {"columns": {"day": "week", "score": "irls"}, "recall_days": 7},
            "it is no number of days",
            "--columns week=week",
        ),
        (
            "sleepcycle",
            {"columns": SLEEP | {"date": "Start"}},
            "such rows differ in Start, End, Time in bed, Activity (steps)",
            "--columns date=End",
        ),
        (
            "daylio",
            {"columns": DAYLIO, "comparator": "walk | music | tired"},
            "scores are words: awful, meh, bad, good, rad",
            "--words awful=N,meh=N,bad=N,good=N,rad=N",
        ),
    ],
)
def test_what_the_table_does_not_tell_is_asked(
    name: str, asked: dict[str, Any], what: str, mend: str
) -> None:
    with pytest.raises(ScoresError) as caught:
        trials(name, **asked)
    (fault,) = map(str, caught.value.faults)
    assert what in fault
    assert mend in fault


def test_mends_that_were_offered_work() -> None:
    (nights,) = trials("sleepcycle", columns=SLEEP | {"date": "End"})
    assert len(nights.masked.series[0].score) == 56
    (moods,) = trials(
        "daylio",
        columns=DAYLIO,
        comparator="walk | music | tired",
        writing=Writing(words=MOODS),
    )
    assert [n for n, _ in by_arm(moods)] == [28, 28]


def test_a_baseline_is_a_run_in_and_the_rest_b_minus_a() -> None:
    (trial,) = trials("baseline_AB")
    assert trial.arms == ("A", "B")
    assert trial.masked.periods[0].first_day == 8
    assert any("was taken as a run-in, not as an arm" in note for note in sentences(trial.notes))


def test_persons_who_cannot_be_compared_are_named() -> None:
    found = read_found(EXPORTS / "dropout.csv")
    assert [trial.masked.person for trial in found.trials] == ["1", "2", "3"]
    assert [(one.person, one.why) for one in found.left_out] == [("4", "on placebo alone")]
    first, second = trials("three_arms", comparator="A")
    assert (first.arms, second.arms) == (("A", "B", "C"), ("A", "B"))


def test_a_morning_by_the_night_is_the_night() -> None:
    (night,) = trials("night", scale=(0, 100))
    (morning,) = trials("morning", scale=(0, 100), writing=Writing(score_day="before"))
    one, other = night.masked.series[0], morning.masked.series[0]
    # The first row of the table by waking days is of the second day: a day less on all.
    kept = other.day >= 1
    assert dict(zip((other.day[kept] + 1).tolist(), other.score[kept].tolist(), strict=True)) == {
        day: score
        for day, score in zip(one.day.tolist(), one.score.tolist(), strict=True)
        if 2 <= day <= int(other.day.max()) + 1
    }
