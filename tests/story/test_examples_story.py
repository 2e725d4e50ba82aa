"""Every command of examples/README.md works, and the answers are those of the known truths."""

import json
import shutil
from pathlib import Path

import pytest

from support.shell import commands, nof1

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    copy = tmp_path_factory.mktemp("examples") / "examples"
    shutil.copytree(EXAMPLES, copy, ignore=shutil.ignore_patterns("print", "results", "packing"))
    return copy


@pytest.fixture(scope="module")
def done(folder):
    return {command: nof1(command, folder) for command in commands(EXAMPLES / "README.md")}


def test_every_command_ends_well(done):
    assert len(done) >= 10
    assert {c: d.stderr for c, d in done.items() if d.returncode} == {}


def test_dry_run_wrote_nothing_and_the_import_did(done, folder):
    shown = [d.stdout for c, d in done.items() if c.startswith("nof1 import")]
    assert "Nothing was written" in shown[0]
    assert "Nothing was written" not in shown[1]
    assert len((folder / "running-trial" / "log.jsonl").read_text().splitlines()) > 130


@pytest.mark.usefixtures("done")
def test_reports_and_pages_are_there(folder):
    for name in ("person.pdf", "clinician.pdf", "clinician.html", "analysis.json"):
        assert (folder / "finished-trial" / "results" / name).stat().st_size > 1000
    assert (folder / "running-trial" / "print" / "participant.pdf").read_bytes()[:5] == b"%PDF-"
    assert (folder / "packing" / "packing-sheet.pdf").read_bytes()[:5] == b"%PDF-"


def test_running_trial_never_shows_an_arm(done):
    said = "".join(d.stdout + d.stderr for c, d in done.items() if "running-trial" in c)
    assert "placebo" not in said.lower()
    assert "magnesium citrate" not in said.lower()


def test_each_of_three_people_is_covered_by_the_interval(done):
    shown = next(d.stdout for c, d in done.items() if c.endswith("--json"))
    analyses = json.loads(shown)
    assert analyses["schema"] == "nof1.analyses/1"
    truths = {"anna": -2.0, "ben": 0.0, "carla": -0.8}
    for one in analyses["analyses"]:
        exact = one["engines"]["quadrature"]
        assert exact["ci_low"] < truths[one["person"]] < exact["ci_high"]
    verdicts = {one["person"]: one["verdict"] for one in analyses["analyses"]}
    assert verdicts["anna"] == "helps-meaningfully"
    assert verdicts["ben"] != "helps-meaningfully"
