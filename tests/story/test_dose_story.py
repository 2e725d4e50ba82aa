"""A clinic changes the dose of a bundled protocol: every page follows, or the command refuses."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nof1.protocol.files import bundled_protocol, read_protocol

PASSPHRASE = "a clinic's own long phrase of words"
OLDER = Path(__file__).parents[1] / "data/first-form-trial"
EU = ('jurisdiction = "US"', 'jurisdiction = "EU"')
OVERRIDE = (
    "[regimen]\n",
    '[limit_override]\nprescriber = "Dr Berg"\ndate = 2026-01-31\nreason = "Low in blood tests"\n'
    "\n[regimen]\n",
)
SENTENCE = (
    "Above the limit: Magnesium citrate 300 mg, 300 mg (12.3 mmol) magnesium a day; the limit in "
    "EU is 250 mg. Dr Berg answers for it (2026-01-31): Low in blood tests."
)


def nof1(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "nof1", *map(str, arguments)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.fixture
def clinic(tmp_path):
    """A folder with a passphrase and answers that raise no concern."""
    (tmp_path / "pass.txt").write_text(f"{PASSPHRASE}\n")
    questions = read_protocol(bundled_protocol("magnesium-rls")).eligibility
    answers = [f'{one.code} = "{"no" if one.concern == "yes" else "yes"}"' for one in questions]
    (tmp_path / "answers.toml").write_text("\n".join(answers) + "\n")
    return tmp_path


def written(place, *changes):
    """Return a file of the default protocol with changes, as `protocols show` gives it."""
    text = nof1("protocols", "show", "magnesium-rls").stdout
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    file = place / "my.toml"
    file.write_text(text, encoding="utf-8")
    return file


def designed(place, protocol, *more):
    return nof1(
        "design", protocol, "--out", place / "trial", "--start", "2027-01-04",
        "--participant", "P01", "--passphrase-file", place / "pass.txt", "--yes",
        "--answers", place / "answers.toml", "--contact", "Dr Berg, 044 555 01 02",
        "--emergency", "112", *more,
    )  # fmt: skip


def test_a_label_left_behind_by_a_new_dose_stops_the_trial(clinic):
    protocol = written(
        clinic, EU, ("strength = 100", "strength = 83.33"),
        ("Magnesium citrate {dose}", "Magnesium citrate 300 mg"),
    )  # fmt: skip
    for run in (nof1("protocols", "check", protocol), nof1("plan", protocol),
                designed(clinic, protocol)):  # fmt: skip
        assert run.returncode == 2
        assert "Traceback" not in run.stderr
        assert f'{protocol}: arms.1.label: says "300 mg", but the numbers give 250 mg' in run.stderr
    assert not (clinic / "trial").exists()


def test_a_lowered_dose_runs_from_the_protocol_to_the_kits(clinic):
    protocol = written(clinic, EU, ("strength = 100", "strength = 83.33"))
    told = nof1("protocols", "check", protocol).stdout
    assert "250 mg (10.3 mmol) magnesium a day: 3 capsules of 83.33 mg" in told
    assert designed(clinic, protocol).returncode == 0
    trial = clinic / "trial"
    assert "limit_override" not in (trial / "log.jsonl").read_text()
    assert nof1("print", trial).returncode == 0
    run = nof1("pack", trial, "--out", clinic / "kits", "--passphrase-file", clinic / "pass.txt")
    assert run.returncode == 0, run.stderr
    assert (clinic / "kits/labels.pdf").read_bytes().startswith(b"%PDF-")


def test_four_grams_are_refused_in_spite_of_an_override(clinic):
    protocol = written(
        clinic, ("units_each_time = 3", "units_each_time = 1"),
        ("strength = 100", "strength = 4000"), OVERRIDE,
    )  # fmt: skip
    run = designed(clinic, protocol)
    assert run.returncode == 2
    assert "arms.1.magnesium: 4000 mg (165 mmol) magnesium a day is above the 350 mg" in run.stderr
    assert "Nothing goes beyond 500 mg" in run.stderr


def test_an_override_is_said_logged_and_part_of_what_is_promised(clinic):
    protocol = written(clinic, EU, OVERRIDE)
    said = " ".join(nof1("plan", protocol).stdout.split())
    assert SENTENCE in said
    run = designed(clinic, protocol)
    assert run.returncode == 0, run.stderr
    assert SENTENCE in " ".join(run.stdout.split())
    trial = clinic / "trial"
    design = json.loads((trial / "log.jsonl").read_text().splitlines()[1])
    assert design["kind"] == "design"
    assert design["body"]["limit_override"] == {
        "limit_mg": 250.0, "jurisdiction": "EU", "daily_mg": {"magnesium": 300.0},
        "prescriber": "Dr Berg", "date": "2026-01-31", "reason": "Low in blood tests",
    }  # fmt: skip
    assert SENTENCE in nof1("check", trial).stdout
    assert json.loads(nof1("check", trial, "--json").stdout)["above_limit"] == [SENTENCE]


@pytest.mark.parametrize(
    ("day", "what"), [('"soon"', "'soon' is no date"), ("2099-01-01", "is in the future; today is")]
)
def test_who_answers_for_a_dose_did_so_on_a_day_that_was(clinic, day, what):
    dated = (OVERRIDE[0], OVERRIDE[1].replace("2026-01-31", day))
    protocol = written(clinic, EU, dated)
    for run in (nof1("protocols", "check", protocol), designed(clinic, protocol)):
        assert run.returncode == 2
        assert "nof1: limit_override.date: " in run.stderr
        assert what in run.stderr
        assert "Write the day on which Dr Berg agreed" in run.stderr
    assert not (clinic / "trial").exists()


def test_a_trial_whose_protocol_is_of_the_older_form_is_still_printed_and_packed(tmp_path):
    trial = tmp_path / "trial"
    shutil.copytree(OLDER, trial)
    (tmp_path / "pass.txt").write_text("only-for-the-demonstration\n")
    for command in (
        ("check", trial), ("print", trial),
        ("pack", trial, "--out", tmp_path / "kits", "--passphrase-file", tmp_path / "pass.txt"),
    ):  # fmt: skip
        run = nof1(*command)
        assert run.returncode == 0, run.stderr
