import json
from datetime import date, timedelta

import pytest

from nof1.errors import TrialError
from nof1.reports.terminal.check import check_lines
from nof1.trial.checking import check
from nof1.trial.records import Guess
from support.trial_folders import logged, make_trial, short_protocol_text

START = date(2026, 2, 2)


@pytest.fixture
def trial(tmp_path):
    return make_trial(tmp_path / "t")


def legs(values, first=START):
    return [
        (
            "score",
            {
                "outcome": "legs",
                "date": (first + timedelta(days=i)).isoformat(),
                "value": value,
            },
        )
        for i, value in enumerate(values)
    ]


def test_completeness_by_week_and_outcome(trial):
    trial = logged(trial, *legs([3, 4, 3]), *legs([5], date(2026, 2, 10)))
    found = check(trial, today=date(2026, 2, 12))
    assert found.due_until == "2026-02-11"
    first, second = found.weeks
    assert (first.number, first.first_day, first.last_day, first.periods) == (
        1,
        "2026-02-02",
        "2026-02-08",
        (),
    )
    assert [(c.outcome, c.planned, c.recorded) for c in first.scores] == [
        ("irls", 1, 0),
        ("legs", 7, 3),
    ]
    assert first.scores[0].missing == ("2026-02-08",)
    assert (second.last_day, second.periods) == ("2026-02-11", (1,))
    assert second.scores[1].missing == ("2026-02-09", "2026-02-11")


@pytest.mark.parametrize(
    ("today", "until", "weeks"),
    [
        (date(2026, 1, 1), "2026-02-01", 0),
        (date(2026, 2, 2), "2026-02-01", 0),
        (date(2026, 2, 3), "2026-02-02", 1),
        (date(2027, 1, 1), "2026-03-08", 5),
    ],
)
def test_scores_are_due_up_to_yesterday_inside_the_trial(trial, today, until, weeks):
    found = check(trial, today=today)
    assert (found.due_until, len(found.weeks)) == (until, weeks)


def test_nothing_is_due_after_the_lock(trial):
    trial = logged(trial, ("lock", {"by": "A", "reason": "early"}))
    found = check(trial, today=date(2026, 6, 1))
    assert (found.locked, found.due_until) == (True, "2026-03-01")


def test_doubtful_values(trial):
    values = [3, 8, 4, *[2] * 14, 5]
    irls = [
        {"outcome": "irls", "date": "2026-02-08", "value": 10},
        {"outcome": "irls", "date": "2026-02-15", "value": 27, "prorated": True},
        {"outcome": "irls", "date": "2026-02-18", "value": 11},
    ]
    trial = logged(trial, *legs(values), *(("score", body) for body in irls))
    found = [(d.outcome, d.date, d.what) for d in check(trial, today=date(2026, 3, 1)).doubts]
    assert found == [
        ("irls", "2026-02-15", "27 is prorated: one item is missing"),
        ("irls", "2026-02-15", "jumps from 10 (on 2026-02-08) to 27"),
        ("irls", "2026-02-18", "is not a planned day"),
        ("legs", "2026-02-03", "jumps from 3 (on 2026-02-02) to 8"),
        ("legs", "2026-02-18", "2 for the 14th time running"),
    ]


def test_a_change_of_40_percent_and_13_equal_scores_are_not_doubtful(trial):
    trial = logged(trial, *legs([4, 8, *[4] * 13]))
    assert check(trial, today=date(2026, 3, 1)).doubts == ()


def test_guesses_are_missed_when_a_period_is_over(trial):
    trial = logged(trial, ("guess", {"period": 1, "guess": "unsure", "certainty": None}))
    assert check(trial, today=date(2026, 2, 22)).guesses_missing == ()
    found = check(trial, today=date(2026, 2, 23))
    assert found.guesses == (Guess(period=1, guess="unsure", certainty=None),)
    assert found.guesses_missing == (2,)


def test_who_knows_the_arm_is_not_asked_to_guess(tmp_path):
    text = short_protocol_text()
    text = text.replace('mode = "double-blind"', 'mode = "open"').replace(
        'masked = ["person", ', "masked = ["
    )
    trial = make_trial(tmp_path / "t", protocol_text=text)
    assert check(trial, today=date(2026, 6, 1)).guesses_missing == ()


def test_the_json_is_one_plain_object(trial):
    trial = logged(trial, *legs([3]), ("unblinding", {"period": 1, "by": "A", "reason": "b"}))
    found = json.loads(json.dumps(check(trial, today=date(2026, 2, 10)).as_json()))
    assert found["schema"] == "nof1.check/1"
    assert (found["person"], found["entries"], found["unblindings"]) == ("P01", 5, 1)
    assert found["head"] == trial.head
    assert found["weeks"][0]["scores"][1] == {
        "outcome": "legs",
        "planned": 7,
        "recorded": 1,
        "missing": [f"2026-02-0{day}" for day in range(3, 9)],
    }


def test_a_missing_seal_is_tampering(trial):
    (trial.folder / "allocation.age").unlink()
    with pytest.raises(TrialError, match="the seal is missing"):
        check(trial, today=date(2026, 2, 10))


def test_severe_side_effects_come_before_the_scores_without_an_arm(trial):
    trial = logged(
        trial,
        ("event", {"date": "2026-02-10", "event": "Loose stools", "severity": 3}),
        ("event", {"date": "2026-02-03", "event": "Vomiting", "severity": 3}),
        ("event", {"date": "2026-02-12", "event": "Vomiting", "severity": 1}),
    )
    found = check(trial, today=date(2026, 2, 23))
    assert found.severe == (
        "Side effect, severe: Vomiting, recorded on 2026-02-03 (outside the periods).",
        "Side effect, severe: Loose stools, recorded on 2026-02-10 (period 1).",
    )
    assert found.as_json()["severe"] == found.severe
    lines = list(check_lines(trial, found))
    assert lines.index(f"! {found.severe[0]}") < lines.index("Nothing is doubtful.")


def test_the_lines_show_no_arm_and_no_guess(trial):
    trial = logged(
        trial,
        *legs([3, 9]),
        ("guess", {"period": 1, "guess": "placebo", "certainty": 9}),
        ("dose", {"date": "2026-02-10", "taken": 0.5}),
        ("event", {"date": "2026-02-10", "event": "Loose stools", "severity": 2}),
    )
    lines = list(check_lines(trial, check(trial, today=date(2026, 2, 23))))
    text = "\n".join(lines)
    assert "placebo" not in text.lower()
    assert "  week  days                      period  irls  legs" in lines
    assert "  1     2026-02-02 to 2026-02-08  run-in  0/1   2/7" in lines
    assert "  all                                     0/3   2/21" in lines
    assert "  legs 2026-02-03: jumps from 3 (on 2026-02-02) to 9" in lines
    assert "  1       1/7 days        50%" in lines
    assert "  1       Loose stools  1        1         moderate" in lines
    assert "Guesses are recorded for period 1." in lines
    assert "No guess is recorded for period 2." in lines
