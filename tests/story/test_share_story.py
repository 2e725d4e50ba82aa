"""From one trial to what it gives to a pool, and from many to who could be recognised."""

import csv
import json
import random
import shlex
import shutil
from itertools import pairwise

import duckdb
import pytest

from nof1.sharing.contribution import LEVELS, Contribution
from support import shell
from support.eligible import answered
from support.shared_persons import contributed, diaries, shared

SHARE = ("share", "trial-p01", "--out", "p01.json", "--ethics", "Waiver 12/2025")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Draw a trial, fill it and lock it; return the folder with it sealed, and open."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "secret.txt").write_text("a long enough passphrase\n")
    chance = random.Random(11)
    with (folder / "diary.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["day", "irls", "legs", "dose", "Loose stools"])
        for day in range(1, 183):
            weekly = round(chance.gauss(20, 4)) if day % 7 == 0 else ""
            dose = "" if day < 15 else "yes"
            rows.writerow([day, weekly, chance.randint(3, 8), dose, 1 if day == 40 else ""])
    for command in (
        "nof1 design magnesium-rls --out sealed --start 2025-01-06 --participant P41"
        " --passphrase-file secret.txt --contact 'Dr Lee' --emergency 112"
        f" {shlex.join(answered())}",
        "nof1 import sealed diary.csv",
        "nof1 lock sealed --by 'Dr Lee'",
    ):
        done = shell.nof1(command, folder)
        assert done.returncode == 0, done.stderr
    shutil.copytree(folder / "sealed", folder / "open")
    command = "nof1 unseal open --by 'Dr Lee' --reason end --passphrase-file secret.txt"
    done = shell.nof1(command, folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def unsealed(made, tmp_path):
    return shutil.copytree(made / "open", tmp_path / "trial-p01")


def test_a_trial_is_shared_and_looked_at(nof1, unsealed, tmp_path):
    code, out, err = nof1(*SHARE, "--age", "54", "--sex", "female")
    assert (code, err) == (0, "")
    leaves, stays = out.split("What stays")
    assert "about the person: age band 50-59\n  - about the person: sex female" in leaves
    assert "the protocol: magnesium-rls 1.0, and the digest of its text" in leaves
    assert "3 cycles of periods of 28 days; 24 scores analysed, 0 missing" in leaves
    assert "single score" not in leaves
    assert "single scores, and the order of the arms" in stays
    assert "outcomes other than irls" in stays
    assert "pseudonymised, not anonymous" in stays
    assert "hardly ever each of them." in stays
    assert stays.index("pseudonymised") < stays.index("Written: p01.json")
    first = (tmp_path / "p01.json").read_bytes()
    log = (unsealed / "log.jsonl").read_bytes()

    assert nof1(*SHARE, "--age", "54", "--sex", "female")[0] == 0
    assert (tmp_path / "p01.json").read_bytes() == first
    assert (unsealed / "log.jsonl").read_bytes() == log
    assert b'"age"' not in log.splitlines()[-1]
    found = Contribution.model_validate_json(first)
    assert found.about.age_band == "50-59"

    code, out, _ = nof1("check", "trial-p01", "--json")
    assert (code, json.loads(out)["unsealed"]) == (0, True)
    assert nof1("analyse", "trial-p01", "--outcome", "irls", "--engine", "paired")[0] == 0

    code, out, _ = nof1("privacy", "p01.json")
    assert code == 0
    assert "1 person in 1 contribution (1 at level coarse): pseudonymised" in out
    assert "exact likelihood" not in out
    assert "Leaving out facts cannot hide 1 person" in out


def test_every_level_says_what_more_leaves(nof1, unsealed):
    said = {}
    for level in LEVELS:
        words = ("--level", level, "--consent", "P41", "--json", "--outcome", "legs")
        path = f"{level}.json"
        code, out, err = nof1("share", "trial-p01", "--out", path, "--ethics", "W", *words)
        assert (code, err) == (0, "")
        said[level] = json.loads(out)
        told = said[level]
        assert (told["schema"], told["file"]) == ("nof1.share/1", path)
        assert (told["status"], told["outcome"]) == ("pseudonymised", "legs")
    assert len({one["id"] for one in said.values()}) == 1
    more = [
        set(said[level]["leaves"]) - set(said[less]["leaves"]) for less, level in pairwise(LEVELS)
    ]
    (curves,) = more[0]
    assert curves.startswith("the likelihood of the effect: a sum of ")
    assert (
        "a coarse likelihood of the effect: 24 bell curves that follow from 6 numbers for each"
        " active arm, with random noise on each number"
    ) in said["coarse"]["leaves"]
    assert more[1] == {"cycle differences: 3 numbers"}
    assert more[2] == {
        "182 single scores by study day, with the days and the arms of 6 periods",
    }
    assert "facts about the person: none was given" in said["scores"]["stays"]
    assert not any("single scores" in line for line in said["scores"]["stays"])
    kinds = [json.loads(line) for line in (unsealed / "log.jsonl").read_text().splitlines()]
    logged = [one["body"] for one in kinds if one["kind"] == "share"]
    assert [(one["level"], one["consent"]) for one in logged] == [
        ("coarse", "P41"),
        ("likelihood", "P41"),
        ("cycles", "P41"),
        ("scores", "P41"),
    ]


MISTAKES = {
    "no ethics": (("share", "trial-p01", "--out", "a.json"), ["--ethics: the protocol names"]),
    "several": (
        ("share", "trial-p01", "--out", "a.json", "--level", "scores", "--age", "-3",
         "--outcome", "x"),
        ["--outcome: there is no outcome 'x'. Give one of irls, legs", "--age: -3 is no age",
         "--ethics", "--consent"],
    ),
    "another ending": ((*SHARE[:3], "a.csv"), ["'a.csv' does not end in .json. Name it a.json"]),
    "a file that is there": (
        ("share", "trial-p01", "--out", "diary.json", "--ethics", "W"),
        ["diary.json: there is something else already, and it is kept"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("words", "what"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_gives_its_faults_and_writes_nothing(nof1, unsealed, tmp_path, words, what):
    (tmp_path / "diary.json").write_text("mine")
    before = (unsealed / "log.jsonl").read_bytes()
    files = sorted(tmp_path.iterdir())
    code, _, err = nof1(*words)
    assert code == 2
    lines = err.splitlines()
    assert len(lines) == len(what)
    for line, part in zip(lines, what, strict=True):
        assert part in line
    assert (unsealed / "log.jsonl").read_bytes() == before
    assert sorted(tmp_path.iterdir()) == files
    assert (tmp_path / "diary.json").read_text() == "mine"


def test_a_sealed_trial_is_not_shared(nof1, made, tmp_path):
    shutil.copytree(made / "sealed", tmp_path / "trial-p01")
    code, out, err = nof1(*SHARE)
    assert (code, out) == (2, "")
    assert err == (
        "nof1: trial-p01: the allocation is still sealed. Lock the trial with `nof1 lock` and open"
        " it with `nof1 unseal` first.\n"
    )


# ---- many persons -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def people():
    """Make 23 persons, every other one at level scores."""
    bare = {"level": "likelihood", "scores": None, "cycle_differences": None}
    every = enumerate(shared(diaries(23), level="scores"))
    return [one if i % 2 else one.model_copy(update=bare) for i, one in every]


@pytest.fixture
def files(people, tmp_path):
    """Write them, and one more, into JSON lines, Parquet and a file of one person."""
    lines = [f"{one.text()}\n" for one in people]
    for name, part in (("some", lines), ("first", lines[:12]), ("rest", lines[12:])):
        (tmp_path / f"{name}.jsonl").write_text("".join(part))
    table = f"read_json('{tmp_path / 'rest.jsonl'}', sample_size=-1)"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (FROM {table}) TO '{tmp_path / 'rest.parquet'}'")
    (tmp_path / "own.json").write_text(contributed("own").text())
    return ("first.jsonl", "rest.parquet", "own.json")


def test_who_could_be_recognised_and_what_to_leave_out(nof1, files, tmp_path):
    code, out, err = nof1("privacy", *files)
    assert (code, err) == (0, "")
    assert "24 persons in 24 contributions (13 at level likelihood, 11 at level scores)" in out
    assert "without age band" in out
    assert "add --suppress --out FILE.jsonl" in out
    assert "Series of scores: 11." in out
    assert "Ask for `--level coarse` instead of single scores" in out
    assert "can work out the rest of it from 13 exact likelihoods: ask for `--level coarse`" in out
    whole = nof1("privacy", "some.jsonl", "own.json", "--json")[1]
    found = json.loads(nof1("privacy", *files, "--json")[1])
    assert found == json.loads(whole)
    assert (found["schema"], found["status"]) == ("nof1.privacy/1", "pseudonymised")
    assert found["in_small"] > 5
    assert found["suppressed"] is None

    words = ("--suppress", "--out", "safer.jsonl")
    code, out, err = nof1("privacy", *files, *words)
    assert (code, err) == (0, "")
    assert "Written: safer.jsonl. Facts left out:" in out
    after = json.loads(nof1("privacy", "safer.jsonl", "--json")[1])
    told = json.loads(nof1("privacy", *files, *words, "--json")[1])["suppressed"]
    assert told["file"] == "safer.jsonl"
    assert told["left_out"] > 0
    assert all(told[key] == value for key, value in after.items() if key != "suppressed")
    # `own` is of a trial with other arms, which leaving out facts cannot hide.
    assert (after["in_small"], after["in_small_trials"]) == (1, 1)
    before = {one.id: one for one in map(Contribution.model_validate_json,
                                         [*(tmp_path / "some.jsonl").read_text().splitlines(),
                                          (tmp_path / "own.json").read_text()])}  # fmt: skip
    for line in (tmp_path / "safer.jsonl").read_text().splitlines():
        one = Contribution.model_validate_json(line)
        assert one.likelihood == before[one.id].likelihood
        assert one.scores == before[one.id].scores


BAD = {
    "k": (("some.jsonl", "--k", "1"), ["--k: 1 hides nobody"]),
    "no place": (("some.jsonl", "--suppress"), ["--suppress: needs a place"]),
    "two at once": (
        ("some.jsonl", "--k", "0", "--out", "x.json"),
        ["--k: 0 hides", "--out: is for --suppress alone", "does not end in .jsonl"],
    ),
    "over its source": (
        ("some.jsonl", "--suppress", "--out", "some.jsonl"),
        ["some.jsonl: there is something else already"],
    ),
    "no file": (("none.jsonl",), ["none.jsonl: cannot be read"]),
    "nobody": (("empty.jsonl",), ["empty.jsonl: there is nobody in it"]),
    "no contribution": (("bad.jsonl",), ["bad.jsonl:line 1: is no contribution"]),
}


@pytest.mark.parametrize(("words", "what"), BAD.values(), ids=BAD.keys())
@pytest.mark.usefixtures("files")
def test_a_mistake_about_many_writes_nothing(nof1, tmp_path, words, what):
    (tmp_path / "empty.jsonl").write_text("\n")
    (tmp_path / "bad.jsonl").write_text('{"schema": "other/1"}\n')
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    code, out, err = nof1("privacy", *words)
    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert len(lines) == len(what)
    for line, part in zip(lines, what, strict=True):
        assert part in line
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_schema_is_printed_without_a_trial(nof1):
    code, out, _ = nof1("share", "--schema")
    assert (code, json.loads(out)["$id"]) == (0, "nof1.contribution/1")
