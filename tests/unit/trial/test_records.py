from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from nof1.errors import SealError, TrialError
from nof1.protocol.files import parse_protocol
from nof1.trial.current import standing
from nof1.trial.data import NOT_ANSWERED
from nof1.trial.records import (
    Adherence,
    Guess,
    SideEffect,
    adherence,
    guesses,
    masked_data,
    side_effects,
    trial_data,
)
from support.trial_folders import logged, make_trial, promised, short_protocol_text, unsealing


@pytest.fixture
def trial(tmp_path):
    return make_trial(tmp_path / "t")


def score(day, value, outcome="irls"):
    return "score", {"outcome": outcome, "date": day, "value": value}


def test_planned_days_are_there_with_and_without_a_score(trial):
    data = masked_data(logged(trial, score("2026-02-15", 18), score("2026-02-10", 20)))
    irls, legs = data.series
    assert (irls.outcome, irls.unit, irls.recall_days, irls.mcid) == ("irls", "points", 7, 3)
    assert irls.day.tolist() == [7, 9, 14, 21, 28, 35]
    np.testing.assert_array_equal(irls.score, [np.nan, 20, 18, np.nan, np.nan, np.nan])
    assert legs.day.tolist() == list(range(1, 36))
    assert np.isnan(legs.score).all()
    assert (data.person, data.n_days) == ("P01", 35)
    assert [(p.number, p.cycle, p.first_day, p.last_day) for p in data.periods] == [
        (1, 1, 8, 14),
        (2, 1, 15, 21),
        (3, 2, 22, 28),
        (4, 2, 29, 35),
    ]


def test_a_mornings_score_speaks_of_the_night_before(tmp_path):
    text = short_protocol_text()
    head, _, legs = text.rpartition('id = "legs"')
    morning = f'{head}id = "legs"\nscore_day = "before"{legs}'
    trial = make_trial(tmp_path / "morning", protocol_text=morning)
    assert trial.protocol.digest != parse_protocol(text, source="p.toml").digest
    data = masked_data(
        logged(
            trial,
            *(
                score(f"2026-02-{day:02}", value, "legs")
                for day, value in ((2, 1), (9, 8), (10, 3))
            ),
        )
    )
    irls, legs = data.series
    assert irls.day.tolist()[:2] == [7, 14]
    assert legs.day.tolist() == list(range(35))
    # The first morning speaks of the night before the trial, that of period 1 of the run-in.
    assert legs.score[[0, 7, 8]].tolist() == [1, 8, 3]
    assert data.periods[0].first_day == 8


def test_answers_to_items_go_with_their_score(trial):
    items = [3, 3, 2, 2, None, 2, 2, 1, 1, 1]
    scored = {"outcome": "irls", "date": "2026-02-15", "value": 19, "items": items}
    trial = logged(trial, ("score", scored), score("2026-02-22", 9))
    irls, legs = masked_data(trial).series
    assert irls.items.shape == (5, 10)
    assert irls.items[1].tolist() == [3, 3, 2, 2, NOT_ANSWERED, 2, 2, 1, 1, 1]
    assert (irls.items[[0, 2, 3, 4]] == NOT_ANSWERED).all()
    assert legs.items is None
    fix = {"of": 4, "old": {"value": 19, "items": items}, "new": {"value": 20}, "reason": "lost"}
    assert masked_data(logged(trial, ("correction", fix))).series[0].items is None


def test_the_latest_correction_wins(trial):
    trial = logged(trial, score("2026-02-15", 18), score("2026-02-22", 9))
    fix = {"of": 4, "old": {"value": 18}, "new": {"value": 17}, "reason": "misread"}
    again = {"of": 4, "old": {"value": 17}, "new": {"value": 16}, "reason": "misread"}
    back = {"of": 5, "old": {"value": 9}, "new": None, "reason": "wrong week"}
    trial = logged(trial, ("correction", fix), ("correction", again), ("correction", back))
    irls = masked_data(trial).series[0]
    np.testing.assert_array_equal(irls.score, [np.nan, 16, np.nan, np.nan, np.nan])
    assert list(standing(trial.entries)) == [("score", "irls", "2026-02-15")]
    trial = logged(trial, score("2026-02-22", 7))
    np.testing.assert_array_equal(
        masked_data(trial).series[0].score, [np.nan, 16, 7, np.nan, np.nan]
    )


def test_doses_by_day_and_by_period(trial):
    trial = logged(
        trial,
        ("dose", {"date": "2026-02-10", "taken": 1}),
        ("dose", {"date": "2026-02-09", "taken": 0.5}),
        ("dose", {"date": "2026-02-16", "taken": 0}),
    )
    assert dict(masked_data(trial).taken) == {8: 0.5, 9: 1.0, 15: 0.0}
    assert adherence(trial) == (
        Adherence(period=1, days=7, recorded=2, taken=0.75),
        Adherence(period=2, days=7, recorded=1, taken=0.0),
        Adherence(period=3, days=7, recorded=0, taken=None),
        Adherence(period=4, days=7, recorded=0, taken=None),
    )


def test_side_effects_by_period(trial):
    trial = logged(
        trial,
        *(
            ("event", {"date": day, "event": event, "severity": severity})
            for day, event, severity in (
                ("2026-02-03", "Loose stools", 1),
                ("2026-02-09", "Loose stools", 0),
                ("2026-02-10", "Loose stools", 2),
                ("2026-02-11", "Loose stools", 1),
                ("2026-02-11", "Vomiting", 3),
            )
        ),
    )
    assert side_effects(trial) == (
        SideEffect(period=None, event="Loose stools", days=1, weeks=1, worst=1),
        SideEffect(period=1, event="Loose stools", days=2, weeks=1, worst=2),
        SideEffect(period=1, event="Vomiting", days=1, weeks=1, worst=3),
    )


def test_guesses_in_the_order_of_the_periods(trial):
    trial = logged(
        trial,
        ("guess", {"period": 2, "guess": "unsure", "certainty": None}),
        ("guess", {"period": 1, "guess": "magnesium", "certainty": 3}),
    )
    assert guesses(trial) == (
        Guess(period=1, guess="magnesium", certainty=3),
        Guess(period=2, guess="unsure", certainty=None),
    )


def test_arms_need_the_unsealing(tmp_path):
    allocation, commitment = promised("magnesium", "placebo", "placebo", "magnesium")
    trial = make_trial(tmp_path / "t", commitment=commitment)
    with pytest.raises(TrialError, match="still sealed"):
        trial_data(trial)
    trial = logged(trial, unsealing(allocation, commitment))
    data = trial_data(trial)
    assert data.arms == ("placebo", "magnesium")
    assert data.arm_of_period == (1, 0, 0, 1)
    assert data.allocation_set is not None
    assert data.allocation_set.size == 2  # the alternating orders cannot tell carryover
    assert data.arm_of_period in data.allocation_set
    assert data.masked.n_days == masked_data(trial).n_days
    assert trial.schedule.period_on(date(2026, 2, 9)).number == 1


def test_arms_written_into_the_log_by_another_hand_are_refused(tmp_path):
    allocation, commitment = promised("magnesium", "placebo", "placebo", "magnesium")
    trial = make_trial(tmp_path / "t", commitment=commitment)
    forged = replace(allocation, arms=("placebo", "magnesium", "magnesium", "placebo"))
    trial = logged(trial, unsealing(forged, commitment))
    with pytest.raises(SealError, match=r"log\.jsonl: its commitment is") as caught:
        trial_data(trial)
    assert "magnesium" not in str(caught.value)
