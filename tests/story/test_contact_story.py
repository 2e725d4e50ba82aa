"""Whom to call is named at the start, changed while the trial runs, and printed everywhere."""

import json
import subprocess
import sys
from dataclasses import replace

import pyrage
import pytest

from nof1.reports.pages.calendar import calendar_file
from nof1.reports.pages.clinician import clinician_data
from nof1.reports.pages.packer import cards_data, emergency_data, labels_data
from nof1.reports.pages.participant import participant_data
from nof1.words.en import pages as words
from support.eligible import answered
from support.printed import allocated, bundled, printed, texts

CONTACTS = ("Dr Lee, 555 0100", "Night line, 555 0199")
RECIPIENT = str(pyrage.x25519.Identity.generate().to_public())


def nof1(*arguments, code=0):
    run = subprocess.run(
        [sys.executable, "-m", "nof1", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == code, run.stderr
    return run


def design(out, *more, protocol="magnesium-rls", code=0):
    given = ("--start", "2027-01-04", "--participant", "P01", "--packer", RECIPIENT)
    return nof1("design", protocol, "--out", out, *given, *answered(), *more, code=code)


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clinic") / "trial"
    design(folder, *(word for line in CONTACTS for word in ("--contact", line)))
    nof1("print", folder)
    return folder


def test_nobody_to_call_is_refused_before_anything_is_written(tmp_path):
    run = design(tmp_path / "t", code=2)
    assert "--contact: a trial for care needs somebody whom the person can call" in run.stderr
    assert 'Add --contact "NAME, PHONE"' in run.stderr
    assert not (tmp_path / "t").exists()


def test_a_self_directed_trial_may_name_nobody_and_says_so(tmp_path):
    shown = nof1("protocols", "show", "magnesium-rls").stdout
    (tmp_path / "my.toml").write_text(shown.replace('purpose = "care"', 'purpose = "self"'))
    design(tmp_path / "t", protocol=tmp_path / "my.toml")
    nof1("print", tmp_path / "t")
    calendar = (
        (tmp_path / "t" / "print" / "calendar.ics").read_bytes().decode().replace("\r\n ", "")
    )
    assert words.NOBODY_TO_CALL in calendar


def test_a_sign_to_stop_is_answered_with_whom_to_call(tmp_path):
    trial, day = tmp_path / "t", ("--date", "2025-01-08")
    design(trial, "--contact", CONTACTS[0], "--start", "2025-01-06", "--emergency", "999")
    flag = "You faint, or feel you are about to"
    said = nof1("record", trial, "event", flag, "--severity", "2", *day).stderr
    assert "the protocol calls this a sign to stop at once and call 999." in said
    assert "is not one of the protocol's side effects" not in said
    said = nof1("record", trial, "event", "Rash", "--severity", "1", *day).stderr
    assert "'Rash' is not one of the protocol's side effects" in said
    assert "sign to stop" not in said


def test_a_change_is_logged_and_the_pages_made_before_it_are_named(trial):
    assert "Printed with contacts" not in nof1("check", trial).stdout
    who = ("--by", "Dr Lee", "--reason", "moved")
    told = nof1("contact", trial, "--contact", "Dr Berg, 555 0133", *who).stdout
    assert "Whom to call from now on: Dr Berg, 555 0133. Receipt" in told
    old = ["calendar.ics", "clinician.pdf", "participant.pdf"]
    assert ", ".join(old) in told
    assert "Print again: nof1 print" in nof1("check", trial).stdout
    found = json.loads(nof1("check", trial, "--json").stdout)
    assert (found["contact_changes"], found["outdated_pages"]) == (1, old)
    nof1("print", trial)
    assert json.loads(nof1("check", trial, "--json").stdout)["outdated_pages"] == []
    calendar = (trial / "print" / "calendar.ics").read_bytes().decode().replace("\r\n ", "")
    assert "Dr Berg\\, 555 0133" in calendar
    assert "Dr Lee" not in calendar
    run = nof1("contact", trial, "--contact", "Dr 李", *who, code=2)
    assert "the shipped font cannot print" in run.stderr
    other = ("--by", "Dr Bo", "--reason", "moved")
    run = nof1("contact", trial, "--contact", "Dr Berg, 555 0133", *other, code=2)
    assert "nothing would change" in run.stderr


def pages_of(name, contacts):
    """Yield what each kind of page prints, all but the layout."""
    trial = replace(printed(bundled(name)), contacts=contacts)
    arms = tuple(arm.id for arm in trial.protocol.arms)
    allocation = allocated(trial, arms * trial.protocol.design.cycles)
    yield participant_data(trial)
    yield clinician_data(trial)
    yield labels_data(trial)
    yield emergency_data(trial, allocation)
    if trial.protocol.blinding.mode != "double-blind":
        yield cards_data(trial, allocation)


@pytest.mark.parametrize("name", ["magnesium-rls", "magnesium-rls-open"])
def test_every_line_of_contact_is_on_every_page(name):
    for page in pages_of(name, CONTACTS):
        assert set(CONTACTS) <= set(texts(page))
    for page in pages_of(name, ()):
        assert words.NOBODY_TO_CALL in set(texts(page))
    calendar = calendar_file(replace(printed(bundled(name)), contacts=CONTACTS)).decode()
    events = calendar.replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
    said = "Whom to call: Dr Lee\\, 555 0100\\nNight line\\, 555 0199"
    assert events
    assert all(said in event for event in events)
