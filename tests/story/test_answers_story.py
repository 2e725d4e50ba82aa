"""Answers that must follow from the data, through the command line: see tests/data/answers."""

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.eligible import answered
from support.shell import nof1

DATA = Path(__file__).parents[1] / "data" / "answers"
#: Runs the command and says which heavy packages it has loaded.
RUN = """
import sys
from nof1.cli.main import main
sys.argv = ["nof1", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
print([name for name in ("pymc", "pytensor", "nutpie", "pandas") if name in sys.modules],
      file=sys.stderr)
"""


def printed(arguments):
    done = nof1(f"nof1 analyse {arguments}", DATA)
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


def analysed(arguments):
    done = nof1(f"nof1 analyse {arguments} --json", DATA)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        "no-scatter.csv",
        "no-scatter.csv --scale 0:9",
        "no-scatter.csv --scale 0:10 --mcid 1",
        "floor-and-outlier.csv --scale 0:10",
        "counts.csv",
        "counts.csv --scale 0:4",
    ],
)
def test_no_sampler_runs_unasked(arguments):
    words = [sys.executable, "-c", RUN, "analyse", *arguments.split()]
    done = subprocess.run(words, cwd=DATA, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "[]"
    assert "Verdict: " in done.stdout


def test_what_a_sampler_would_add_and_take_is_said():
    said = printed("no-scatter.csv --scale 0:10 --mcid 1")
    assert "likelihood did not run: 50 % of the scores lie at an end of the scale, but" in said
    assert "--sample, which takes half a minute to some minutes" in said
    assert "magnesium makes worse" in said


def test_the_third_arm_stays_in_the_model():
    arguments = "third-arm.csv --comparator A --scale 0:10 --mcid 1"
    one, every = analysed(f"{arguments} --active B"), analysed(arguments)
    quadrature = one["engines"]["quadrature"]
    assert "contrasts" not in one
    assert quadrature["mean"] == pytest.approx(-0.50, abs=0.01)
    assert quadrature["ci_low"] == pytest.approx(-1.45, abs=0.01)
    assert quadrature["ci_high"] == pytest.approx(0.43, abs=0.01)
    same = next(one for one in every["contrasts"] if one["active"] == "B")
    assert same["comparator"] == "A"
    assert same["engines"]["quadrature"]["mean"] == pytest.approx(quadrature["mean"])


def test_a_typo_is_told_from_a_scale_that_was_guessed():
    found = analysed("typo.csv --mcid 1")
    likelihood = found["engines"]["likelihood"]
    assert likelihood["likelihood"] == "student-t"
    assert likelihood["mean"] == pytest.approx(-1.38, abs=0.05)
    assert "day 10 (55, " in " ".join(found["warnings"])
    assert "end of the scale" not in " ".join(found["warnings"])


def test_outliers_are_named_at_a_floor_too():
    found = analysed("floor-and-outlier.csv --scale 0:10 --mcid 0.5")
    assert [(one["day"], one["score"]) for one in found["outliers"]] == [(18, 10.0)]
    heavy = found["engines"]["likelihood"]["heavy_tails"]
    assert heavy["mean"] == pytest.approx(-1.13, abs=0.05)
    assert heavy["ci_low"] == pytest.approx(-1.63, abs=0.08)
    assert heavy["ci_high"] == pytest.approx(-0.60, abs=0.08)


@pytest.mark.parametrize("table", ["weight.csv", "temperature.csv", "counts.csv"])
def test_a_scale_that_was_guessed_has_no_ends(table):
    found = analysed(table)
    assert "likelihood" not in found["engines"]
    said = " ".join(found["warnings"])
    assert "end of the scale" not in said
    assert ("If they count something" in said) == (table == "counts.csv")


def test_counts_keep_what_can_be_relied_on():
    found = analysed("counts.csv")
    assert found["descriptive"]["difference"] == pytest.approx(-0.524, abs=5e-4)
    assert found["engines"]["paired"]["estimate"] == pytest.approx(-0.524, abs=5e-4)


def test_a_stop_that_nobody_recorded_is_not_printed_as_left_out(tmp_path):
    (tmp_path / "pw").write_text("words for a test\n")
    shutil.copy(DATA / "early-stop-diary.csv", tmp_path / "diary.csv")
    for command in (
        "design magnesium-rls --out t --start 2025-01-06 --participant P01"
        f" --contact Lee --passphrase-file pw {shlex.join(answered())}",
        "import t diary.csv",
        "lock t --by X",
        "unseal t --by X --reason end --passphrase-file pw",
        "report t",
    ):
        done = nof1(f"nof1 {command}", tmp_path)
        assert done.returncode == 0, (command, done.stderr)
    page = " ".join((tmp_path / "t" / "results" / "clinician.html").read_text().split())
    assert "No dose was taken on the last 18 days of period 3" in page
    assert "No stop was recorded: 3 scores of these days were analysed as on" in page
    assert "Handling promised" in page
    assert "Yet no dose was taken at the end of period 3" in page
    record = json.loads((tmp_path / "t" / "results" / "analysis.json").read_text())
    account = record["analyses"][0]["account"]
    assert account["total"] == sum(one["n"] for one in account["fates"]) == 26
