"""A running trial through the command line, from the first score to the unsealing."""

import json
import random
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pyrage
import pytest

from nof1.design.draw import draw
from nof1.design.schedule import make_schedule
from nof1.design.sealing import Recipient, commitment, seal
from nof1.protocol.files import parse_protocol
from nof1.trial.folder import create_trial, open_trial
from nof1.trial.log import read_log
from nof1.trial.records import masked_data, trial_data
from support.trial_folders import KITS, bound, short_protocol_text

IMPORTING = Path(__file__).parents[1] / "support" / "importing.py"
PROTOCOL = parse_protocol(short_protocol_text(), source="p")


@pytest.fixture
def trial(tmp_path):
    """Make a trial that began 40 days ago and ended 6 days ago, and the packer's identity."""
    return begun(tmp_path, days_ago=40)


@pytest.fixture
def running(tmp_path):
    """Make a trial that began 20 days ago, in its third period of four, and the identity."""
    return begun(tmp_path, days_ago=20)


def begun(tmp_path, *, days_ago):
    keys = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(f"# packer\n{keys}\n")
    start = datetime.now().astimezone().date() - timedelta(days=days_ago)
    allocation = bound(draw(PROTOCOL), start=start)
    return create_trial(
        tmp_path / "trial",
        protocol_text=short_protocol_text(),
        schedule=make_schedule(PROTOCOL, start=start, participant="P01", kits=allocation.kits),
        sealed=seal(allocation, Recipient(str(keys.to_public()))),
        details={
            "commitment": commitment(allocation),
            "contact": ["Dr Berg"],
            "emergency": "112",
            "sealed_for": "packer",
        },
        eligibility={"answers": {}, "concerns": [], "clinician": "", "how": "asked"},
        now=datetime.now().astimezone() - timedelta(days=days_ago + 1),
    )


def day(trial, number):
    return trial.schedule.start + timedelta(days=number - 1)


def test_from_the_first_score_to_the_unsealing(nof1, trial, tmp_path):
    seventh = day(trial, 7)
    code, out, err = nof1("record", "trial", "irls", "18", "--date", seventh)
    assert (code, err) == (0, "")
    receipt = read_log(trial.folder)[-1].hash[:8]
    assert out.splitlines() == [
        f"Recorded: irls on {seventh} is 18. Receipt {receipt} (entry 4).",
        "  (severity band: moderate)",
    ]

    code, out, err = nof1("record", "trial", "irls", "17", "--date", seventh)
    assert (code, out) == (2, "")
    command = f'nof1 record trial irls 17 --date {seventh} --correct --reason "..."'
    assert err.endswith(f"To correct it: {command}\n")
    code, out, _ = nof1(*command.replace('"..."', "misread").split()[1:])
    assert (code, out.partition(" is ")[0]) == (0, f"Corrected: irls on {seventh}")

    items = "3,3,2,2,1,2,2,1,1,-"
    code, out, err = nof1("record", "trial", "irls", "--items", items, "--date", day(trial, 14))
    assert (code, "--prorate" in err) == (2, True)
    code, out, _ = nof1(
        "record", "trial", "irls", "--items", items, "--prorate", "--date", day(trial, 15)
    )
    assert (code, "is 19 (prorated)" in out) == (0, True)
    for words in (
        ("dose", "0.5", "--date", day(trial, 9)),
        ("event", "loose stools", "--severity", "2", "--date", day(trial, 9)),
        ("guess", "magnesium", "--certainty", "3", "--period", "2"),
        ("unblinding", "--period", "3", "--by", "Dr Berg", "--reason", "fainted"),
    ):
        code, out, err = nof1("record", "trial", *words)
        assert (code, out[:8]) == (0, "Recorded")
        # Two orders are possible, each the other's mirror: who knows one period knows all.
        assert ("this tells every other period as well" in err) == (words[0] == "unblinding")

    path = tmp_path / "diary.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Datum", "RLS", "legs"])
    for number in range(1, 36):
        book.active.append([day(trial, number), 12 if number % 7 == 0 else None, number % 10])
    book.save(path)
    options = ("--columns", "date=Datum,irls=RLS")
    code, out, err = nof1("import", "trial", path, *options)
    assert code == 2
    assert "12 differs from 17, which is recorded (entry 4)" in err
    options += ("--correct", "--reason", "the diary is right")
    before = (trial.folder / "log.jsonl").read_bytes()
    code, out, err = nof1("import", "trial", path, *options, "--dry-run")
    *listed, corrected, said = out.splitlines()
    assert said == "Would be recorded: 39 scores, 1 correction. Nothing was written."
    assert corrected == f"correct  irls on {seventh}: 17 -> 12"
    assert (len(listed), listed[20]) == (24, "... 16 more ...")
    assert listed[0] == f"record   legs on {day(trial, 1)}: 1"
    assert listed[-1] == f"record   legs on {day(trial, 35)}: 5"
    assert (trial.folder / "log.jsonl").read_bytes() == before
    code, out, err = nof1("import", "trial", path, *options)
    assert (code, out.partition(". ")[0]) == (0, "Recorded: 39 scores, 1 correction")
    assert nof1("import", "trial", path, *options)[1] == (
        "Recorded: nothing new (40 already there).\n"
    )

    code, out, _ = nof1("check", "trial")
    assert code == 0
    assert "  all                                     5/5   35/35" in out
    assert "placebo" not in out.lower()
    code, out, _ = nof1("check", "trial", "--json")
    assert json.loads(out)["corrections"] == 2

    unseal = ("unseal", "trial", "--by", "Dr Berg", "--reason", "end", "--identity", "key.txt")
    assert nof1(*unseal)[0] == 2
    code, out, _ = nof1("lock", "trial", "--by", "Dr Berg")
    assert (code, out.startswith("Locked")) == (0, True)
    code, _, err = nof1("record", "trial", "legs", "3", "--date", seventh)
    assert (code, "was locked on" in err) == (2, True)
    code, out, _ = nof1(*unseal)
    assert code == 0
    opened = open_trial(trial.folder)
    labels = {arm.id: arm.label for arm in PROTOCOL.arms}
    for period, arm in zip(opened.schedule.periods, opened.allocation.arms, strict=True):
        assert f"  period {period.number}  {period.kit}  {labels[arm]}\n" in out
    irls = trial_data(opened).masked.series[0]
    assert dict(zip(irls.day.tolist(), irls.score.tolist(), strict=True)) == {
        7: 12, 14: 12, 15: 19, 21: 12, 28: 12, 35: 12
    }  # fmt: skip


def test_one_period_in_an_emergency(nof1, trial):
    words = ("unseal", "trial", "--period", "2", "--by", "A", "--reason", "fainted")
    code, out, err = nof1(*words, "--identity", "key.txt")
    assert "From it periods 1, 3 and 4 could be told for certain." in err
    labels = [arm.label for arm in trial.protocol.arms]
    kit = trial.schedule.periods[1].kit
    assert (code, out in [f"Period 2 (kit {kit}) is: {label}\n" for label in labels]) == (0, True)
    assert open_trial(trial.folder).allocation is None
    assert read_log(trial.folder)[-1].kind == "unblinding"
    # Only another period can tell more together with this one.
    assert "Together with" not in nof1(*words, "--identity", "key.txt")[2]
    other = ("unseal", "trial", "--period", "4", *words[4:])
    assert "Together with what was opened before" in nof1(*other, "--identity", "key.txt")[2]


def test_a_kit_that_stands_ready_opens_in_an_emergency(nof1, running):
    """Logged first, by its code as it is on the bottle; a slip of the pen is told."""
    period = running.schedule.periods[-1]
    assert period.first_day > datetime.now().astimezone().date()
    who = ("--by", "Poison line", "--reason", "a child swallowed some")
    slip = period.kit[:-1] + ("A" if period.kit[-1] != "A" else "B")
    code, out, err = nof1("unseal", "trial", "--kit", slip, *who, "--identity", "key.txt")
    assert (code, out) == (2, "")
    assert f"--kit: there is no kit '{slip}' in this trial. Is it " in err
    assert period.kit in err
    both = ("--kit", period.kit, "--period", "1")
    code, out, err = nof1("unseal", "trial", *both, *who, "--identity", "key.txt")
    assert (code, f"{period.kit} is the kit of period {period.number}, not 1" in err) == (2, True)
    assert read_log(running.folder)[-1].kind == "eligibility"
    code, out, _ = nof1(
        "unseal", "trial", "--kit", period.kit.lower(), *who, "--identity", "key.txt"
    )
    assert (code, out.partition(" is: ")[0]) == (0, f"Period {period.number} (kit {period.kit})")
    assert read_log(running.folder)[-1].body["period"] == period.number
    paper = ("record", "trial", "unblinding", "--kit", running.schedule.periods[2].kit, *who)
    code, out, _ = nof1(*paper)
    assert code == 0
    assert "period 3 (kit" in out
    code, _, err = nof1("record", "trial", "unblinding", *who)
    assert (code, "--kit: is needed to record unblinding. Add it, or --period." in err) == (2, True)


MISTAKES = {
    "no such trial": (("check", "nowhere"), "this is not a trial folder"),
    "no such outcome": (("record", "trial", "leg", "3"), "Write irls, legs, dose, covariate"),
    "no number": (("record", "trial", "legs", "a"), "'a' is no number"),
    "decimal comma": (("record", "trial", "legs", "4,5"), "Write it like 4 or 4.5"),
    "no value": (("record", "trial", "legs"), "no value was given"),
    "below the scale": (("record", "trial", "legs", "-3"), "-3 is off the scale 0 to 10"),
    "no date": (("record", "trial", "legs", "3", "--date", "8.2.2026"), "is no date"),
    "option of another kind": (
        ("record", "trial", "legs", "3", "--severity", "2"),
        "--severity: does not belong to legs",
    ),
    "no severity": (("record", "trial", "event", "Rash"), "--severity: is needed"),
    "the arm told": (
        ("record", "trial", "unblinding", "x", "--period", "1", "--by", "A", "--reason", "b"),
        "Never write the arm",
    ),
    "no reason": (("record", "trial", "legs", "3", "--correct"), "both --correct and --reason"),
    "nine items": (("record", "trial", "irls", "--items", "1,1"), "2 items given"),
    "letters as items": (("record", "trial", "irls", "--items", "a,b"), "item 2: 'b' is no answer"),
    "date order": (("import", "trial", "x.csv", "--date-order", "abc"), "dmy, mdy, ymd"),
    "columns": (("import", "trial", "key.txt", "--columns", "irls"), "'irls' is not OURS=THEIRS"),
    "no file": (("import", "trial", "x.csv"), "x.csv: cannot be read"),
    "no table": (("import", "trial", "key.txt"), "is not known here"),
    "no name of who": (("lock", "trial", "--by", " "), "--by: is empty"),
    "two keys": (
        ("unseal", "trial", "--period", "1", "--by", "A", "--reason", "b",
         "--identity", "key.txt", "--passphrase-file", "key.txt"),
        "Give one of the two",
    ),
    "wrong key": (
        ("unseal", "trial", "--period", "1", "--by", "A", "--reason", "b",
         "--identity", "trial/schedule.csv"),
        "identities found",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("words", "what"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_gives_one_message_and_writes_nothing(nof1, trial, words, what):
    before = (trial.folder / "log.jsonl").read_bytes()
    code, out, err = nof1(*words)
    assert (code, out) == (2, "")
    assert what in err
    assert all(line.startswith("nof1: ") for line in err.splitlines())
    assert (trial.folder / "log.jsonl").read_bytes() == before


def test_tampering_ends_the_check_with_2(nof1, trial):
    nof1("record", "trial", "legs", "3", "--date", day(trial, 2))
    log = trial.folder / "log.jsonl"
    log.write_text(log.read_text().replace('"value":3', '"value":4'))
    for words in (("check", "trial"), ("check", "trial", "--json")):
        code, out, err = nof1(*words)
        assert (code, out) == (2, "")
        assert "trial/log.jsonl:line 4: its content was changed" in err


def test_killing_an_import_loses_nothing_and_leaves_no_half(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed")
    schedule = make_schedule(
        PROTOCOL, start=datetime(2026, 2, 2).date(), participant="P01", kits=KITS
    )
    trial = create_trial(
        folder / "trial",
        protocol_text=short_protocol_text(),
        schedule=schedule,
        sealed=b"sealed",
        details={
            "commitment": "c0" * 32,
            "contact": ["Dr Berg"],
            **dict.fromkeys(("emergency", "sealed_for"), "x"),
        },
        eligibility={"answers": {}, "concerns": [], "clinician": "", "how": "asked"},
        now=datetime.now().astimezone(),
    )
    receipts = folder / "receipts"
    receipts.touch()
    words = [sys.executable, IMPORTING, trial.folder, receipts, folder / "diary.csv"]
    waits = random.Random(1)
    for _ in range(12):
        before = len(read_log(trial.folder))
        importer = subprocess.Popen(words)
        deadline = time.monotonic() + 30
        while len(read_log(trial.folder)) == before and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(waits.uniform(0, 0.1))
        importer.kill()
        importer.wait()
        entries = read_log(trial.folder)
        assert len(entries) > before
        assert (len(entries) - 3) % 35 == 0
        assert {entry.hash for entry in entries}.issuperset(receipts.read_text().split("\n")[:-1])
        scores = masked_data(open_trial(trial.folder)).series[1].score
        assert len(set(scores.tolist())) == 1
