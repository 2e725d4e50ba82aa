"""A second draw shows, when the digits of the promise were handed over before the number."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime

import pyrage
import pytest

from nof1.trial.folder import open_trial
from nof1.trial.log import new_log
from nof1.trial.verifying import public_draw
from support import shell
from support.eligible import answered

SECRET = pyrage.x25519.Identity.generate()
NUMBER = "packer's dice: 4 1 6 6 2 3"
DESIGN = (
    f"design magnesium-rls --start 2026-03-02 --participant P01 --packer {SECRET.to_public()}"
    f" --contact 'Dr Berg, 1' {shlex.join(answered())}"
)


def promised(folder, name="promise.json"):
    done = shell.nof1(f"nof1 promise magnesium-rls --participant P01 --out {name} --json", folder)
    assert done.returncode == 0, done.stderr
    assert f"Keep {name} secret" in done.stderr
    return json.loads(done.stdout)


def designed(folder, out="t", promise="promise.json", number=NUMBER):
    given = f"--out {out} --promise {promise} --public-number {shlex.quote(number)}"
    return shell.nof1(f"nof1 {DESIGN} {given}", folder)


@pytest.fixture
def trial(tmp_path):
    (tmp_path / "key.txt").write_text(f"{SECRET}\n")
    promise = promised(tmp_path)
    assert (tmp_path / "promise.json").stat().st_mode & 0o077 == 0
    assert json.loads((tmp_path / "promise.json").read_text())["salt"] not in str(promise)
    done = designed(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "promise.json was deleted. Delete every copy of it" in done.stderr
    assert not (tmp_path / "promise.json").exists()
    return open_trial(tmp_path / "t"), promise["promise"]


def test_who_was_given_the_digits_finds_them_in_the_trial(trial, tmp_path):
    opened, digits = trial
    assert public_draw(opened) == (digits, NUMBER)
    sealed = shell.nof1("nof1 verify t --json", tmp_path)
    said = {one["what"]: one for one in json.loads(sealed.stdout)["comparisons"]}
    assert said["public-number"]["outcome"] == "not-compared"
    seen = shell.nof1("nof1 verify t --identity key.txt --json", tmp_path)
    assert seen.returncode == 0, seen.stderr
    found = json.loads(seen.stdout)
    said = {one["what"]: one for one in found["comparisons"]}
    assert said["public-number"]["outcome"] == "same"
    assert digits in said["public-number"]["said"].replace(" ", "")
    assert NUMBER in said["public-number"]["said"]
    assert any("handed over before the number was known" in one for one in found["cannot_show"])
    assert not any("drawn once" in one for one in found["cannot_show"])


def test_a_second_promise_has_other_digits(trial, tmp_path):
    _, digits = trial
    assert promised(tmp_path, "other.json")["promise"] != digits


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("public_number", "packer's dice: 1 1 1 1 1 1", "does not follow from the public number"),
        ("promise", "ab" * 32, "but abababab... was logged"),
        ("promise", None, "but no promise... was logged"),
    ],
)
def test_another_number_or_promise_in_the_log_is_found(trial, tmp_path, key, value, said):
    opened, _ = trial
    batch = [(entry.kind, dict(entry.body)) for entry in opened.entries]
    batch[1][1].pop(key)
    if value is not None:
        batch[1][1][key] = value
    made = new_log(batch, now=datetime(2026, 1, 1, tzinfo=UTC))
    (opened.folder / "log.jsonl").write_bytes(made[0])
    for command in ("verify t --identity key.txt", "pack t --out packed --identity key.txt"):
        done = shell.nof1(f"nof1 {command}", tmp_path)
        assert done.returncode == 2
        # Lines of verify are broken to the width of a terminal.
        assert said in " ".join((done.stdout + done.stderr).split())
    assert not (tmp_path / "packed").exists()


def test_a_promise_is_for_one_person_and_one_protocol(tmp_path):
    promised(tmp_path)
    done = shell.nof1("nof1 protocols show magnesium-rls", tmp_path)
    (tmp_path / "magnesium-rls").write_text(done.stdout + "\n# changed\n")
    given = f"--out t --promise promise.json --public-number 7 {DESIGN.replace('P01', 'P02')}"
    done = shell.nof1(f"nof1 design {given.replace('design ', '')}", tmp_path)
    assert done.returncode == 2
    assert "it was made for 'P01', not for 'P02'" in done.stderr
    assert "made for another protocol file, or the protocol was changed since" in done.stderr
    assert (tmp_path / "promise.json").exists()
    assert not (tmp_path / "t").exists()


def test_promise_and_number_go_together_and_nothing_is_overwritten(tmp_path):
    promised(tmp_path)
    before = (tmp_path / "promise.json").read_text()
    again = shell.nof1(
        "nof1 promise magnesium-rls --participant 1980-02-03 --out promise.json", tmp_path
    )
    assert again.returncode == 2
    assert "there is something already" in again.stderr
    assert "looks like a date of birth" in again.stderr
    assert (tmp_path / "promise.json").read_text() == before
    alone = shell.nof1(f"nof1 {DESIGN} --out t --public-number 7", tmp_path)
    assert alone.returncode == 2
    assert "Give both --promise FILE and --public-number TEXT" in alone.stderr


def test_a_design_without_a_promise_says_that_a_redraw_would_not_show(tmp_path):
    done = shell.nof1(f"nof1 {DESIGN} --out t", tmp_path)
    assert done.returncode == 0, done.stderr
    seen = shell.nof1("nof1 verify t --json", tmp_path)
    found = json.loads(seen.stdout)
    assert "public-number" not in {one["what"] for one in found["comparisons"]}
    assert any("drawn once" in one for one in found["cannot_show"])
