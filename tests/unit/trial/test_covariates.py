"""Covariates in a running trial: recording, correcting, importing, checking, masked data."""

from datetime import UTC, date, datetime

import pytest

from nof1.errors import ScoresError
from nof1.trial.checking import check
from nof1.trial.current import Observation
from nof1.trial.folder import open_trial
from nof1.trial.importing.planning import plan_import
from nof1.trial.recording import correcting_command, record, say_about, say_value
from nof1.trial.records import masked_data
from nof1.trial.tables.table import DataTable
from support.declared import declaring_text
from support.trial_folders import make_trial

NOW = datetime(2026, 3, 1, 21, 0, tzinfo=UTC)


@pytest.fixture
def trial(tmp_path):
    return make_trial(tmp_path / "t", protocol_text=declaring_text())


def value(amount=None, name="heat", day="2026-02-15"):
    body = {"covariate": name, "date": day}
    return Observation(kind="covariate", body=body if amount is None else body | {"value": amount})


def refusal(trial, observation, **options):
    with pytest.raises(ScoresError) as caught:
        record(trial, observation, now=NOW, **options)
    return [str(fault) for fault in caught.value.faults]


def test_values_stand_by_study_day_in_the_masked_data(trial):
    for one in (value(21.5), value(18, day="2026-02-02"), value(True, "late-shift")):
        record(open_trial(trial.folder), one, now=NOW)
    shift, heat = masked_data(open_trial(trial.folder)).covariates
    assert (shift.covariate, shift.title, shift.unit) == ("late-shift", "Late shift", "")
    assert dict(shift.value) == {14: 1.0}
    assert (heat.unit, dict(heat.value)) == ("°C", {1: 18.0, 14: 21.5})


def test_a_value_is_corrected_and_taken_back_as_all_else(trial):
    record(trial, value(21), now=NOW)
    trial = open_trial(trial.folder)
    (fault,) = refusal(trial, value(19))
    assert fault.startswith("heat on 2026-02-15: 21 is recorded already")
    words = correcting_command(trial, value(19))
    assert words.endswith('covariate heat 19 --date 2026-02-15 --correct --reason "..."')
    assert words in fault
    entry = record(trial, value(19), now=NOW, correction="misread")
    assert entry.body["old"] == {"value": 21}
    assert entry.body["new"] == {"value": 19}
    record(open_trial(trial.folder), value(), now=NOW, correction="wrong day")
    assert dict(masked_data(open_trial(trial.folder)).covariates[1].value) == {}


def test_words_about_a_value():
    assert say_about(value(21.5)) == "heat on 2026-02-15"
    assert say_value(value(21.5)) == "21.5"
    assert say_value(value(1)) == "1"
    assert say_value(value(True, "late-shift")) == "yes"
    assert say_value(value(False, "late-shift")) == "no"


@pytest.mark.parametrize(
    ("observation", "message"),
    [
        (value(41), "heat: 41 is off -20 to 40. Give a number from -20 to 40."),
        (value(0.5, "late-shift"), "late-shift: 0.5 is neither. Write yes or no."),
        (value(1, "sleep"), "sleep: is not a covariate of this trial. Write one of late-shift, h"),
        (value(20, day="2026-02-01"), "date: 2026-02-01 is before the trial"),
    ],
)
def test_what_does_not_fit_is_refused(trial, observation, message):
    (fault,) = refusal(trial, observation)
    assert fault.startswith(message)


def test_a_trial_that_declares_none_takes_none(tmp_path):
    trial = make_trial(tmp_path / "none")
    (fault,) = refusal(trial, value(20))
    assert fault == "heat: is not a covariate of this trial. Its protocol declares none."
    assert masked_data(trial).covariates == ()
    assert check(trial, today=date(2026, 3, 1)).covariates == ()


def planned(trial, header, *rows, **options):
    table = DataTable(name="d.csv", header=header, rows=tuple(enumerate(rows, start=2)))
    return plan_import(trial, table, today=date(2026, 3, 1), columns={}, **options)


def test_import_takes_a_column_for_each(trial):
    found = planned(
        trial,
        ("date", "Late shift", "heat", "legs"),
        ("2026-02-15", "yes", "21.5", "4"),
        ("2026-02-16", "NO", None, None),
    )
    assert [(one.kind, one.value) for one in found.new] == [
        ("score", {"value": 4}),
        ("covariate", {"value": 1}),
        ("covariate", {"value": 21.5}),
        ("covariate", {"value": 0}),
    ]
    shift, _, none = (one.value["value"] for one in found.new[1:])
    assert (shift, none) == (True, False)
    assert isinstance(shift, bool)


def test_import_takes_rows_that_name_them(trial):
    found = planned(trial, ("day", "outcome", "value"), ("14", "Heat", "21"), ("14", "legs", "4"))
    assert [one.key for one in found.new] == [
        ("covariate", "heat", "2026-02-15"),
        ("score", "legs", "2026-02-15"),
    ]


def test_import_names_every_cell_that_is_none(trial):
    with pytest.raises(ScoresError) as caught:
        planned(trial, ("date", "late-shift", "heat"), ("2026-02-15", "maybe", "hot"))
    shift, heat = caught.value.faults
    assert (
        str(shift) == "d.csv:row 2, column \"late-shift\": 'maybe' is no number. Write yes or no."
    )
    assert "'hot' is no number" in str(heat)


def test_check_counts_days_with_a_page_and_names_those_missing(trial):
    for day in range(2, 9):
        record(open_trial(trial.folder), value(10, day=f"2026-02-{day:02}"), now=NOW)
    found = check(open_trial(trial.folder), today=date(2026, 2, 11))
    shift, heat = found.covariates
    assert (heat.covariate, heat.days, heat.recorded) == ("heat", 9, 7)
    assert heat.missing == ("2026-02-09", "2026-02-10")
    assert (shift.days, shift.recorded) == (9, 0)
    assert found.as_json()["covariates"][1]["recorded"] == 7
