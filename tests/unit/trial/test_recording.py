from datetime import UTC, datetime

import pytest

from nof1.errors import ScoresError, TrialError
from nof1.trial.current import Observation, standing
from nof1.trial.folder import open_trial
from nof1.trial.log import LOG, append
from nof1.trial.observation_rules import (
    event_name,
    nearest_planned,
    period_of_kit,
    score_value,
    whole,
)
from nof1.trial.recording import correcting_command, record, record_unblinding, say_context
from support.trial_folders import make_trial

NOW = datetime(2026, 3, 1, 21, 0, tzinfo=UTC)


@pytest.fixture
def trial(tmp_path):
    return make_trial(tmp_path / "t")


def score(value, day="2026-02-15", outcome="irls", **more):
    body = {"outcome": outcome, "date": day, "value": value, **more}
    return Observation(kind="score", body=body)


def dose(taken, day="2026-02-15"):
    return Observation(kind="dose", body={"date": day, "taken": taken})


def event(severity, name="Loose stools", day="2026-02-15"):
    return Observation(kind="event", body={"date": day, "event": name, "severity": severity})


def guess(arm="magnesium", period=1, certainty=3):
    return Observation(kind="guess", body={"period": period, "guess": arm, "certainty": certainty})


@pytest.mark.parametrize(
    "observation",
    [
        score(18),
        score(0, "2026-02-02", "legs"),
        score(40, "2026-03-01"),
        score(19, items=[3, 3, 2, 2, 1, 2, 2, 1, 1, None], prorated=True),
        dose(1),
        dose(0.5),
        dose(0, "2026-02-09"),
        event(0),
        event(3, "Rash", "2026-02-03"),
        guess(),
        guess("unsure", 3, None),
        guess("placebo", 2, 10),
    ],
)
def test_what_fits_is_recorded_as_it_is(trial, observation):
    entry = record(trial, observation, now=NOW)
    assert (entry.kind, entry.body) == (observation.kind, observation.body)
    trial = open_trial(trial.folder)
    assert trial.entries[-1] == entry
    assert standing(trial.entries) == {
        observation.key: Observation(kind=entry.kind, body=entry.body, seq=4)
    }


@pytest.mark.parametrize(
    ("observation", "what"),
    [
        (score(41), "irls: 41 is off the scale 0 to 40"),
        (score(-1), "-1 is off the scale"),
        (score(4.5, outcome="legs"), "4.5 is not a whole step of 1"),
        (score(float("nan")), "nan is off the scale"),
        (score(float("inf")), "inf is off the scale"),
        (
            score(4, outcome="arms"),
            "arms: is not an outcome of this trial. Write one of irls, legs",
        ),
        (score(4, "2026-02-01"), "is before the trial, which began on 2026-02-02"),
        (score(4, "2026-03-09"), "is after the trial, which ended on 2026-03-08"),
        (score(4, "2026-03-02"), "is in the future; today is 2026-03-01"),
        (dose(1.5), "dose: 1.5 is off 0 to 1"),
        (dose(1, "2026-02-03"), "2026-02-03 is in no period, so there was no dose"),
        (event(4), "severity 4 is off the scale 0 to 3"),
        (event(1.5), "severity 1.5 is off the scale"),
        (event(1, " "), "event: is empty"),
        (event(1, "a\x00b"), "cannot be printed"),
        (guess("sugar"), "'sugar' is not a choice. Write one of placebo, magnesium, unsure"),
        (guess(certainty=11), "11 is off the scale 0 to 10"),
        (guess(period=5), "there is no period 5. Give 1 to 4"),
        (guess(period=0), "there is no period 0"),
        (guess(period=4), "period 4 begins on 2026-03-02 only"),
    ],
)
def test_what_does_not_fit_is_refused(trial, observation, what):
    with pytest.raises(ScoresError) as caught:
        record(trial, observation, now=NOW)
    assert what in str(caught.value)
    assert open_trial(trial.folder).entries == trial.entries


def test_all_faults_are_said_at_once(trial):
    with pytest.raises(ScoresError) as caught:
        record(trial, score(99, "2027-01-01"), now=NOW, correction="")
    assert [fault.where for fault in caught.value.faults] == ["date", "irls", "--reason"]


def test_the_same_value_again_is_refused_as_a_duplicate(trial):
    record(trial, score(18), now=NOW)
    trial = open_trial(trial.folder)
    for reason in (None, "why not"):
        with pytest.raises(
            ScoresError, match=r"irls on 2026-02-15: 18 is recorded already \(entry 4"
        ):
            record(trial, score(18.0), now=NOW, correction=reason)
    assert open_trial(trial.folder).entries == trial.entries


def test_another_value_needs_a_correction_and_the_command_is_shown(trial):
    record(trial, score(18), now=NOW)
    trial = open_trial(trial.folder)
    with pytest.raises(ScoresError) as caught:
        record(trial, score(17), now=NOW)
    assert caught.value.faults[0].mend == (
        f"To correct it: nof1 record {trial.folder} irls 17 --date 2026-02-15 --correct "
        '--reason "..."'
    )
    entry = record(trial, score(17), now=NOW, correction=" misread ")
    assert entry.kind == "correction"
    assert entry.body == {
        "of": 4,
        "old": {"value": 18},
        "new": {"value": 17},
        "reason": "misread",
    }
    (stands,) = standing(open_trial(trial.folder).entries).values()
    assert (stands.value, stands.seq) == ({"value": 17}, 4)


def test_a_correction_needs_something_to_correct(trial):
    with pytest.raises(ScoresError, match="nothing is recorded there to correct"):
        record(trial, score(17), now=NOW, correction="misread")
    back = Observation(kind="score", body={"outcome": "irls", "date": "2026-02-15"})
    with pytest.raises(ScoresError, match=r"nothing is recorded there to correct\. Check the date"):
        record(trial, back, now=NOW)


def test_a_score_of_the_wrong_day_is_taken_back(trial):
    record(trial, score(18), now=NOW)
    back = Observation(kind="score", body={"outcome": "irls", "date": "2026-02-15"})
    trial = open_trial(trial.folder)
    entry = record(trial, back, now=NOW, correction="wrong week")
    assert entry.body == {"of": 4, "old": {"value": 18}, "new": None, "reason": "wrong week"}
    trial = open_trial(trial.folder)
    assert standing(trial.entries) == {}
    record(trial, score(18), now=NOW)


@pytest.mark.parametrize(
    ("observation", "command"),
    [
        (dose(0.5), "dose 0.5 --date 2026-02-15"),
        (dose(1), "dose yes --date 2026-02-15"),
        (event(2), "event 'Loose stools' --severity 2 --date 2026-02-15"),
        (guess(), "guess magnesium --period 1 --certainty 3"),
        (guess(certainty=None), "guess magnesium --period 1"),
        (
            score(9, items=[1, 1, 1, 1, 1, 1, 1, 1, 0, None], prorated=True),
            "irls --items 1,1,1,1,1,1,1,1,0,- --prorate --date 2026-02-15",
        ),
    ],
)
def test_the_correcting_command_is_exact(trial, observation, command):
    expected = f'nof1 record {trial.folder} {command} --correct --reason "..."'
    assert correcting_command(trial, observation) == expected


def test_a_locked_trial_takes_nothing(trial):
    append(trial.folder, [("lock", {"by": "Ada", "reason": ""})], now=NOW)
    with pytest.raises(TrialError, match="was locked on 2026-03-01 by Ada"):
        record(open_trial(trial.folder), score(18), now=NOW)


def test_two_programs_at_once_cannot_record_one_score_twice(trial):
    record(trial, score(18), now=NOW)
    with pytest.raises(TrialError, match="another program"):
        record(trial, score(17), now=NOW)
    assert len(open_trial(trial.folder).entries) == 4


def test_an_unblinding_is_logged_without_the_arm(trial):
    entry = record_unblinding(trial, period=2, by=" Dr Berg", reason="fainted", now=NOW)
    assert entry.kind == "unblinding"
    assert entry.body == {"period": 2, "by": "Dr Berg", "reason": "fainted"}


def test_an_unblinding_may_be_of_a_period_to_come_and_a_guess_may_not(trial):
    before = datetime(2026, 2, 20, tzinfo=UTC)
    assert trial.schedule.periods[3].first_day > before.date()
    entry = record_unblinding(trial, period=4, by="Dr Berg", reason="a child", now=before)
    assert entry.body["period"] == 4
    guess = Observation(kind="guess", body={"period": 4, "guess": "unsure", "certainty": 1})
    with pytest.raises(ScoresError, match="period 4 begins on"):
        record(open_trial(trial.folder), guess, now=before)


@pytest.mark.parametrize("typed", ["T9RC", "t9rc", " T9 RC", "t9-rc"])
def test_a_kit_code_is_read_as_people_type_it(trial, typed):
    assert period_of_kit(trial, typed) == 3


def test_an_unknown_kit_code_is_told_those_that_are_close(trial):
    with pytest.raises(TrialError, match=r"there is no kit 'T9RG' in this trial\. Is it T9RC\?"):
        period_of_kit(trial, "T9RG")
    with pytest.raises(TrialError, match=r"Its kits are K7QF, M3WD, T9RC, H4XN\."):
        period_of_kit(trial, "ZZZZ")


def test_an_unblinding_says_who_and_why(trial):
    with pytest.raises(ScoresError) as caught:
        record_unblinding(trial, period=9, by="", reason="\n", now=NOW)
    assert [fault.where for fault in caught.value.faults] == ["--period", "--by", "--reason"]
    assert (trial.folder / LOG).read_text().count("\n") == 3


class TestScoreValue:
    def test_items_give_the_total(self, trial):
        items = [3, 3, 2, 2, 1, 2, 2, 1, 1, 1]
        assert score_value(trial.protocol.primary, None, items) == {"value": 18, "items": items}
        assert score_value(trial.protocol.primary, 18.0, items) == {"value": 18, "items": items}

    def test_a_total_that_contradicts_the_items_is_refused(self, trial):
        with pytest.raises(ScoresError, match="17 was given, but the items add up to 18"):
            score_value(trial.protocol.primary, 17, [3, 3, 2, 2, 1, 2, 2, 1, 1, 1])

    def test_one_missing_item_needs_prorating(self, trial):
        items = [3, 3, 2, 2, 1, 2, 2, 1, 1, None]
        with pytest.raises(ScoresError, match=r"item 10: is missing.*--prorate"):
            score_value(trial.protocol.primary, None, items)
        value = score_value(trial.protocol.primary, None, items, prorate=True)
        assert value == {"value": 19, "items": items, "prorated": True}

    def test_two_missing_items_give_no_total(self, trial):
        items = [3, None, 2, 2, 1, 2, 2, 1, 1, None]
        with pytest.raises(ScoresError, match="items 2, 10: 2 items are missing"):
            score_value(trial.protocol.primary, None, items, prorate=True)

    def test_items_belong_to_scores_that_have_them(self, trial):
        with pytest.raises(ScoresError, match="legs: this score has no items"):
            score_value(trial.protocol.outcomes[1], None, [1, 2])
        with pytest.raises(ScoresError, match="legs: no score was given"):
            score_value(trial.protocol.outcomes[1], None)


def test_whole_numbers_are_logged_without_a_point():
    assert [repr(whole(value)) for value in (18.0, 4.5, 0)] == ["18", "4.5", "0"]


def test_a_listed_side_effect_gets_its_own_spelling(trial):
    assert event_name(trial.protocol, " loose STOOLS ") == ("Loose stools", True)
    assert event_name(trial.protocol, "Rash") == ("Rash", False)


def test_the_nearest_planned_day(trial):
    days = [score(1, day).body["date"] for day in ("2026-02-15", "2026-02-17")]
    found = [nearest_planned(trial, "irls", datetime.fromisoformat(day).date()) for day in days]
    assert [str(day) for day in found] == ["None", "2026-02-15"]


@pytest.mark.parametrize(
    ("observation", "said"),
    [
        (
            score(18, items=[3, 3, 2, 2, 1, 2, 2, 1, 1, 1]),
            "severity band: moderate, symptoms 13, impact 3",
        ),
        (
            score(20, items=[3, None, 2, 2, 1, 2, 2, 2, 2, 2], prorated=True),
            "severity band: moderate, impact 5",
        ),
        (score(31), "severity band: very severe"),
        (score(4, outcome="legs"), ""),
        (dose(1), ""),
    ],
)
def test_an_irls_score_is_put_in_context(trial, observation, said):
    assert say_context(trial.protocol, observation) == said
