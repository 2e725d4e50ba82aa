"""Damage that mail, editors, drives and copies do: named, put back where a hash proves it."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from nof1.trial.folder import open_trial
from nof1.trial.log import append
from support.trial_folders import LATER, make_trial

FIRST_FORM = Path(__file__).parents[1] / "data/first-form-trial"
SEAL = b"age-encryption.org/v1\n-> X25519 a\n--- b\n" + bytes(range(256))


@pytest.fixture
def trial(tmp_path):
    folder = make_trial(tmp_path / "trial", sealed=SEAL).folder
    scores = [
        ("score", {"outcome": "legs", "date": date(2026, 2, day).isoformat(), "value": day % 10})
        for day in range(2, 9)
    ]
    append(folder, scores, now=LATER)
    return folder


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def change(folder, name, how):
    path = folder / name
    path.write_bytes(how(path.read_bytes()))


def windows(data):
    return data.replace(b"\n", b"\r\n")


OWN = ("log.jsonl", "protocol.toml", "schedule.csv")
HARMLESS = {
    "everything through version control": dict.fromkeys(OWN, windows),
    "a mark in the log": {"log.jsonl": lambda data: b"\xef\xbb\xbf" + data},
    "the log's last line end": {"log.jsonl": lambda data: data[:-1]},
    "blanks in the log": {"log.jsonl": lambda data: data.replace(b"\n", b" \n")},
    "a mark in the protocol": {"protocol.toml": lambda data: b"\xef\xbb\xbf" + data},
    "a line more in the protocol": {"protocol.toml": lambda data: data + b"\n"},
    "the schedule saved by a spreadsheet": {"schedule.csv": windows},
}


@pytest.mark.parametrize("damage", HARMLESS.values(), ids=HARMLESS.keys())
def test_harmless_damage_is_named_and_put_back(nof1, trial, damage):
    before, head = files(trial), open_trial(trial).head
    for name, how in damage.items():
        change(trial, name, how)
    for words in (("check", "trial"), ("record", "trial", "legs", "3", "--date", "2026-02-09")):
        code, out, err = nof1(*words)
        assert (code, out) == (2, "")
        assert "Run `nof1 repair trial`: it puts the form back." in err
        assert "was changed after" not in err
    code, out, err = nof1("repair", "trial")
    assert (code, err) == (0, "")
    for name in damage:
        assert f"{name}: " in out
    after = files(trial)
    assert {name: after[name] for name in before} == before
    assert open_trial(trial).head == head
    kept = {path.name.partition("-")[2] for path in (trial / "damaged").iterdir()}
    assert kept == set(damage)
    assert nof1("record", "trial", "legs", "3", "--date", "2026-02-09")[0] == 0


def test_nothing_is_done_to_a_sound_trial(nof1, trial):
    before = files(trial)
    code, out, err = nof1("repair", "trial")
    assert (code, err) == (0, "")
    assert "Nothing is damaged that the log can prove" in out
    assert files(trial) == before
    assert not (trial / "damaged").exists()


def test_a_trial_folder_that_is_named_by_a_link_is_repaired_where_it_lies(nof1, trial, tmp_path):
    change(trial, "protocol.toml", windows)
    (tmp_path / "link").symlink_to(trial)
    code, _, err = nof1("check", "link")
    assert (code, "Run `nof1 repair link`" in err) == (2, True)
    assert nof1("repair", "link")[0] == 0
    assert nof1("check", "link")[0] == 0
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("protocol.toml", b"meaningful = 0.8", b"meaningful = 0.6"),
        ("schedule.csv", b"2026-02-15", b"2026-02-14"),
        ("allocation.age", b"X25519", b"X25518"),
    ],
)
def test_what_cannot_be_proven_is_left_and_named(nof1, trial, name, old, new):
    change(trial, name, lambda data: data.replace(old, new))
    change(trial, "log.jsonl", windows)
    before = files(trial)
    code, out, err = nof1("repair", "trial", "--json")
    assert code == 2
    assert f"trial/{name}: its SHA-256 is" in err
    assert "it was left as it is" in err
    found = json.loads(out)
    assert [one["file"] for one in found["repaired"]] == ["log.jsonl"]
    assert [one["where"] for one in found["left"]] == [f"trial/{name}"]
    assert files(trial)[name] == before[name]
    assert b"\r\n" not in files(trial)["log.jsonl"]


def test_a_changed_score_is_not_repaired(nof1, trial):
    change(trial, "log.jsonl", lambda data: data.replace(b'"value":5', b'"value":9'))
    before = files(trial)
    code, out, err = nof1("repair", "trial", "--cut-torn-end")
    assert (code, out) == (2, "")
    assert "entries 1 to 6 are proven by their hashes, but what follows them was changed" in err
    assert files(trial) == before


def test_a_torn_end_is_cut_only_when_asked_and_that_is_logged(nof1, trial):
    whole = files(trial)["log.jsonl"]
    change(trial, "log.jsonl", lambda data: data[:-30])
    torn = files(trial)["log.jsonl"]
    for words in (("check", "trial"), ("repair", "trial")):
        code, out, err = nof1(*words)
        assert (code, out) == (2, "")
        assert "line 10 is cut off after" in err
        assert "entries 1 to 9 are whole, each proven by its hash" in err
        assert "--cut-torn-end" in err
    assert files(trial)["log.jsonl"] == torn
    code, out, _ = nof1("repair", "trial", "--cut-torn-end")
    assert (code, "which is logged" in out) == (0, True)
    entries = open_trial(trial).entries
    assert len(entries) == 10
    assert (entries[-1].kind, entries[-1].body["file"]) == ("repair", "log.jsonl")
    assert whole.startswith(files(trial)["log.jsonl"].rsplit(b"\n", 2)[0])
    (kept,) = (trial / "damaged").iterdir()
    assert kept.read_bytes() == torn
    assert nof1("record", "trial", "legs", "8", "--date", "2026-02-08")[0] == 0


@pytest.mark.parametrize("damage", ["emptied", "missing"])
def test_a_seal_is_put_back_from_its_copy(nof1, trial, damage):
    shutil.copy(trial / "allocation.age", trial / "allocation (Anna's conflicted copy).age")
    if damage == "missing":
        (trial / "allocation.age").unlink()
    else:
        (trial / "allocation.age").write_bytes(b"")
    for words in (("check", "trial"), ("lock", "trial", "--by", "A", "--reason", "b")):
        code, out, err = nof1(*words)
        assert (code, out) == (2, "")
        assert "trial/allocation.age: " in err
        assert "Run `nof1 repair trial`" in err
    code, out, _ = nof1("repair", "trial")
    assert (code, "allocation (Anna's conflicted copy).age beside it holds it" in out) == (0, True)
    assert (trial / "allocation.age").read_bytes() == SEAL
    assert nof1("check", "trial")[0] == 0


def test_a_seal_without_a_copy_stays_lost_and_the_trial_open(nof1, trial):
    (trial / "allocation.age").write_bytes(b"")
    code, _, err = nof1("repair", "trial")
    assert (code, "Put back the copy you kept" in err) == (2, True)
    code, _, err = nof1("lock", "trial", "--by", "A", "--reason", "b")
    assert (code, "it is empty" in err, "can never be opened" in err) == (2, True, True)
    assert nof1("record", "trial", "legs", "3", "--date", "2026-02-09")[0] == 0


def test_a_seal_that_the_log_cannot_prove_is_named_by_its_form(nof1, tmp_path):
    folder = Path(shutil.copytree(FIRST_FORM, tmp_path / "trial"))
    assert nof1("repair", "trial")[0] == 0
    change(folder, "allocation.age", lambda data: data[:-1])
    for command in ("repair", "check"):
        code, out, err = nof1(command, "trial")
        assert (code, out) == (2, "")
        assert "it has 4277 bytes, and a whole one has 4278. Put back the copy you kept" in err


def test_repair_needs_a_log_that_proves_something(nof1, trial):
    (trial / "log.jsonl").write_bytes(b"hello\n")
    code, _, err = nof1("repair", "trial")
    assert (code, "cannot be proven by their hashes" in err) == (2, True)
    (trial / "log.jsonl").unlink()
    code, _, err = nof1("repair", "trial")
    assert (code, "nothing can be proven" in err) == (2, True)


# --- Copies that cloud drives leave --------------------------------------------------------------

COPIES = [
    "log (1).jsonl",
    "log.sync-conflict-20260301-101010-ABCDEFG.jsonl",
    "log (conflicted copy 2026-03-01 101010).jsonl",
    "log (Anna's conflicted copy 2026-03-01).jsonl",
    "log (In Konflikt stehende Kopie von Anna 2026-03-01).jsonl",
    "log-LAPTOP7.jsonl",
    "log 2.jsonl",
    "log - Copy.jsonl",
    "log.Conflict.jsonl",
    "log.jsonl.bak",
    "log.jsonl~",
]


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_of_the_log_that_holds_more_is_named_and_stops_the_lock(nof1, trial, name):
    before = files(trial)["log.jsonl"]
    nof1("record", "trial", "legs", "3", "--date", "2026-02-09")
    (trial / "log.jsonl").rename(trial / name)
    (trial / "log.jsonl").write_bytes(before)
    nof1("record", "trial", "legs", "4", "--date", "2026-02-10")
    said = f"{name} is another log of this trial: it has the first 10 entries of log.jsonl, then 1"
    code, out, _ = nof1("check", "trial")
    assert (code, said in out) == (0, True)
    found = json.loads(nof1("check", "trial", "--json")[1])["beside"]
    assert [(one["file"], one["lacking"]) for one in found] == [(name, 1)]
    code, _, err = nof1("lock", "trial", "--by", "A", "--reason", "b")
    assert (code, "1 entry that log.jsonl lacks. Record them again" in err) == (2, True)
    (trial / name).rename(trial.parent / "aside.jsonl")
    assert nof1("lock", "trial", "--by", "A", "--reason", "b")[0] == 0


def test_other_copies_are_named_for_what_they_are(nof1, trial):
    first = b"".join((trial / "log.jsonl").read_bytes().splitlines(keepends=True)[:4])
    (trial / "log (1).jsonl").write_bytes(first)
    (trial / "log (2).jsonl").write_bytes(b"hello")
    (trial / "schedule (1).csv").write_bytes((trial / "schedule.csv").read_bytes())
    (trial / "protocol (1).toml").write_bytes(b"x = 1\n")
    other = (FIRST_FORM / "log.jsonl").read_bytes()
    (trial / "log (3).jsonl").write_bytes(other)
    for name in (".~lock.schedule.csv#", "~$schedule.csv", "~$hedule.csv", ".log.jsonl.swp"):
        (trial / name).touch()
    for name in ("logbook.jsonl", "notes.csv", "catalog.jsonl", "my protocol.docx"):
        (trial / name).write_bytes(b"mine")
    code, out, _ = nof1("check", "trial")
    assert code == 0
    said = [
        line.removeprefix("Take note: ")
        for line in out.splitlines()
        if line.startswith("Take note: ")
    ]
    open_elsewhere = "is open in another program, or was when that ended; close it there without"
    assert said == [
        f".log.jsonl.swp: log.jsonl {open_elsewhere} saving.",
        f".~lock.schedule.csv#: schedule.csv {open_elsewhere} saving.",
        "log (1).jsonl is an earlier state of log.jsonl: its 4 entries are the first there.",
        "log (2).jsonl looks like a copy of log.jsonl, and holds no entry that can be proven.",
        "log (3).jsonl is the log of another trial, or of this one begun anew.",
        "protocol (1).toml looks like a copy of protocol.toml, and differs from it.",
        "schedule (1).csv is a copy of schedule.csv, the same in every byte.",
        f"~$hedule.csv: schedule.csv {open_elsewhere} saving.",
        f"~$schedule.csv: schedule.csv {open_elsewhere} saving.",
    ]
    assert nof1("lock", "trial", "--by", "A", "--reason", "b")[0] == 0
