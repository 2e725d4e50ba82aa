"""Logs and calendars written anew with a right chain: what nof1 never writes is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from nof1.errors import TrialError
from nof1.provenance import sha256_hex
from nof1.trial.entries import KINDS
from nof1.trial.folder import open_trial
from nof1.trial.records import masked_data
from support.chains import rewrite, rewrite_schedule
from support.trial_folders import logged, make_trial, promised, unsealing

FORMATS = Path(__file__).parents[3] / "docs" / "file-formats.md"
SCORE = ("score", {"outcome": "irls", "date": "2026-02-08", "value": 18})
LEGS = ("score", {"outcome": "legs", "date": "2026-02-08", "value": 5})
DOSE = ("dose", {"date": "2026-02-10", "taken": 1})
GUESS = ("guess", {"period": 1, "guess": "unsure", "certainty": None})
EVENT = ("event", {"date": "2026-02-10", "event": "Loose stools", "severity": 1})
CORRECTION = ("correction", {"of": 4, "old": {"value": 18}, "new": {"value": 17}, "reason": "x"})
TAKEN_BACK = ("correction", {"of": 4, "old": {"value": 18}, "new": None, "reason": "x"})
LOCK = ("lock", {"by": "A", "reason": ""})


@pytest.fixture
def trial(tmp_path):
    allocation, commitment = promised("placebo", "magnesium", "magnesium", "placebo")
    made = make_trial(tmp_path / "t", commitment=commitment)
    batch = [SCORE, LEGS, DOSE, GUESS, EVENT, CORRECTION, LOCK, unsealing(allocation, commitment)]
    return logged(made, *batch)


def body(line, **fields):
    return lambda lines: lines[line - 1]["body"].update(fields)


def without(line, name):
    return lambda lines: lines[line - 1]["body"].pop(name)


def moved(line, to):
    return lambda lines: lines.insert(to - 1, lines.pop(line - 1))


def again(line):
    return lambda lines: lines.insert(line, lines[line - 1])


WRONG = {
    "a digest left out": (without(1, "file_digest"), "line 1: the protocol has no file_digest"),
    "a digest that is a number": (body(1, file_digest=7), "file_digest of the protocol is 7, not"),
    "a start that is none": (body(2, start="2026-02-31"), "start of the design is '2026-02-31'"),
    "a person who is a list": (body(2, participant=[1]), "participant of the design is [1]"),
    "a contact that is too long": (body(2, contact=["x" * 81]), "contact of the design is ['xxx"),
    "five contacts": (body(2, contact=list("abcde")), "not a list of 4 at most, each a text on"),
    "a change of contacts without who": (
        lambda lines: lines[9].update(kind="contact"),
        "line 10: the contact has no contact",
    ),
    "no value": (without(4, "value"), "line 4: the score has no value"),
    "a value that is a text": (body(4, value="18"), "value of the score is '18', not a number"),
    "a value that is true": (body(4, value=True), "value of the score is True"),
    "a value beyond numbers": (body(4, value=10**400), "value of the score is 1000"),
    "a value beyond its scale": (body(4, value=41), "line 4: irls: 41 is off the scale 0 to 40"),
    "an unknown outcome": (body(4, outcome="mood"), "line 4: mood is no outcome of this trial"),
    "a date of another year": (body(4, date="1026-02-08"), "1026-02-08 is no day of this trial"),
    "a date at the end of time": (body(4, date="9999-12-31"), "9999-12-31 is no day"),
    "a date with a time": (body(4, date="2026-02-08T10"), "date of the score is"),
    "items of another scale": (body(5, items=[1, 2]), "legs: its items are not those"),
    "a dose of two": (body(6, taken=2), "taken of the dose is 2, not a number from 0 to 1"),
    "a period far off": (body(7, period=10**9), "there is no period 1000000000"),
    "a period of half": (body(7, period=1.5), "period of the guess is 1.5"),
    "a guess of no arm": (body(7, guess="sugar"), "sugar is no arm of this trial"),
    "a severity of ten": (body(8, severity=10), "severity of the event is 10"),
    "an event of escapes": (body(8, event="\x1b[2J"), "event of the event is '\\x1b[2J'"),
    "a correction of nothing": (body(9, of=99), "it corrects entry 99, which holds nothing"),
    "a correction of the design": (body(9, of=2), "it corrects entry 2, which holds nothing"),
    "a correction without a value": (body(9, new={}), "the corrected score has no value"),
    "a correction off the scale": (body(9, new={"value": -1}), "line 9: irls: -1 is off"),
    "a correction of the key": (
        body(9, new={"value": 1, "date": "2026-02-09"}),
        "the corrected score has a field 'date'",
    ),
    "an unsealing of three": (body(11, arms=["placebo"] * 3), "line 11: the unsealing does not"),
    "an unsealing bound to one file": (
        without(11, "protocol_file_digest"),
        "line 11: the unsealing names protocol or schedule alone",
    ),
    "a seed that is none": (body(11, seed="00"), "seed of the unseal is '00', not 64 hex digits"),
    "a score after the lock": (moved(4, 10), "this score comes after the lock in line 9"),
    "a second lock": (again(10), "the lock stands in line 10 already"),
    "a second score of a day": (again(4), "line 5: the same score is in line 4 already"),
    "a design further down": (moved(2, 3), "the log does not begin with a protocol and a design"),
    "a kind of its own": (
        lambda lines: lines[7].update(kind="mood"),
        "line 8: 'mood' is a kind of entry that this version of nof1 does not know. Use the"
        " version of nof1 that wrote it, or a newer one.",
    ),
    "a field of its own": (body(6, mood=1), "the dose has a field 'mood', which this version"),
    "a time that is none": (
        lambda lines: lines[3].update(time="2026-02-30T99:00:00Z"),
        "'2026-02-30T99:00:00Z' is no time of recording",
    ),
}


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_no_entry_holds_is_refused_by_line_and_field(trial, change, said):
    rewrite(trial.folder, change)
    with pytest.raises(TrialError) as caught:
        open_trial(trial.folder)
    assert said in str(caught.value)
    assert len(caught.value.faults) <= 6
    assert all(fault.where and fault.mend for fault in caught.value.faults)


def test_a_whole_log_opens_and_what_is_taken_back_may_be_recorded_again(trial, tmp_path):
    assert open_trial(trial.folder).entries == trial.entries
    again = logged(make_trial(tmp_path / "again"), SCORE, TAKEN_BACK, SCORE)
    second = ("correction", {"of": 6, "old": {"value": 18}, "new": {"value": 3}, "reason": "y"})
    again = logged(again, second)
    (score,) = [s for s in masked_data(again).series[0].score if s == s]
    assert score == 3.0
    rewrite(again.folder, body(7, of=4))
    with pytest.raises(TrialError, match="corrects entry 4, which holds nothing"):
        open_trial(again.folder)


def test_a_log_full_of_faults_says_the_first(trial):
    rewrite(trial.folder, lambda lines: lines.extend([lines[5]] * 2000))
    with pytest.raises(TrialError) as caught:
        open_trial(trial.folder)
    assert str(caught.value.faults[-1].what) == "and 1995 more faults"


def test_every_kind_that_is_written_is_documented():
    text = FORMATS.read_text(encoding="utf-8").split("### Kinds of entries")[1].split("\n## ")[0]
    rows = {line.split("`")[1]: line for line in text.splitlines() if line.startswith("| `")}
    for kind, body in KINDS.items():
        for name in (*body.always, *body.perhaps):
            assert f"`{name}`" in rows[kind], (kind, name)


HEADER = "period,cycle,first_day,last_day,kit,visit,scoring_irls,scoring_legs"
CALENDARS = {
    "nothing": (lambda _: "", "is no calendar of a trial"),
    "a header alone": (lambda text: text.splitlines()[0] + "\n", "has not the columns"),
    "another header": (lambda text: text.replace("kit", "arm"), "has not the columns"),
    "a column twice": (lambda text: text.replace("scoring_legs", "scoring_irls"), "columns"),
    "a row too short": (lambda text: text + "9,9\n", "line 7: has 2 cells under 8 names"),
    "a date that is none": (lambda text: text.replace("2026-02-16", "2026-02-30"), "no date"),
    "a period of words": (lambda text: text.replace("\n2,1,", "\ntwo,1,"), "'two' is no number"),
    "a period of millions": (lambda text: text.replace("\n2,", "\n2000000,"), "is no number"),
    "a stretch of millennia": (
        lambda text: text.replace("1,1,2026-02-09,2026-02-15", "1,1,2026-02-09,9999-02-15"),
        "is no stretch of days",
    ),
    "an end before its beginning": (
        lambda text: text.replace("2026-02-09,2026-02-15", "2026-02-15,2026-02-09"),
        "is no stretch of days",
    ),
    "a day outside": (lambda text: text.replace("2026-02-15,daily", "2026-03-15,daily"), "outside"),
    "two run-ins": (
        lambda text: text + text.splitlines()[1] + "\n",
        "line 7: the run-in is no first row",
    ),
    "a period left out": (
        lambda text: "\n".join(text.splitlines()[:-1]) + "\n",
        "has 3 periods, which the protocol does not give",
    ),
    "periods exchanged": (
        lambda text: text.replace("\n1,", "\nX,").replace("\n2,", "\n1,").replace("\nX,", "\n2,"),
        "its periods are not numbered from 1 on",
    ),
    "one kit twice": (lambda text: text.replace("M3WD", "K7QF"), "gives one kit to two periods"),
    "a period moved by a day": (
        lambda text: text.replace("2026-02-09,2026-02-15", "2026-02-10,2026-02-15"),
        "has period 1 from 2026-02-10 to 2026-02-15 in cycle 1; by protocol and first day it lasts"
        " from 2026-02-09 to 2026-02-15 in cycle 1",
    ),
    "scores of another outcome": (
        lambda text: text.replace("scoring_legs", "scoring_mood"),
        "plans scores of irls, mood, not of the protocol's",
    ),
}


@pytest.mark.parametrize(("change", "said"), CALENDARS.values(), ids=CALENDARS.keys())
def test_a_calendar_that_the_protocol_does_not_give_is_refused(tmp_path, change, said):
    trial = make_trial(tmp_path / "t")
    text = (trial.folder / "schedule.csv").read_text(encoding="utf-8")
    assert text.startswith(HEADER)
    changed = change(text)
    assert changed != text
    rewrite_schedule(trial.folder, changed)
    with pytest.raises(TrialError) as caught:
        open_trial(trial.folder)
    assert said in str(caught.value)
    assert str(trial.folder / "schedule.csv") in str(caught.value)


def test_files_that_are_no_text_are_named(tmp_path):
    trial = make_trial(tmp_path / "t")
    (trial.folder / "schedule.csv").write_bytes(b"\xff\xfe\x00")
    rewrite(trial.folder, body(2, schedule_digest=sha256_hex(b"\xff\xfe\x00")))
    with pytest.raises(TrialError, match="byte 0 is not UTF-8"):
        open_trial(trial.folder)
