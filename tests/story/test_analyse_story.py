"""A stranger's table and a sealed trial, through `nof1 analyse`."""

import json
import shutil
from pathlib import Path

import pytest

from support.shell import nof1
from support.trials import EXPECTED

DATA = Path(__file__).parents[1] / "reference" / "data"
EXAMPLES = Path(__file__).parents[2] / "examples"


def analysed(folder, arguments):
    done = nof1(f"nof1 analyse {arguments} --json", folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_reference_table_gives_the_reference_numbers(tmp_path):
    shutil.copy(DATA / "c_irls_daily.csv", tmp_path)
    found = analysed(tmp_path, "c_irls_daily.csv --scale 0:10 --mcid 1")
    assert found["contrast"] == {"active": "B", "comparator": "A"}
    assert found["engines"]["paired"]["estimate"] == pytest.approx(-1.34751594085)
    assert found["engines"]["paired"]["p_value"] == pytest.approx(0.0215981943202)
    assert found["engines"]["randomisation"]["p_value"] == 0.25
    assert found["engines"]["reml"]["estimate"] == pytest.approx(-1.31470363771, abs=1e-4)
    assert found["verdict"] == "helps-meaningfully"


def test_a_table_with_other_names_and_dates(tmp_path):
    rows = ["Datum,Zustand,Wert"]
    for day in range(56):
        arm = "Tee" if (day // 14) % 2 else "ohne"
        rows.append(f"2025-03-{day + 1:02d},{arm},{5 - (arm == 'Tee') * 2 + day % 3}") if (
            day < 31
        ) else rows.append(f"2025-04-{day - 30:02d},{arm},{5 - (arm == 'Tee') * 2 + day % 3}")
    (tmp_path / "tee.csv").write_text("\n".join(rows) + "\n")
    columns = "--columns date=Datum,treatment=Zustand,score=Wert --comparator ohne"
    found = analysed(tmp_path, f"tee.csv {columns} --better lower")
    assert (found["n_periods"], found["n_cycles"]) == (4, 2)
    assert found["engines"]["quadrature"]["mean"] < -1
    assert list(found["engines"]["randomisation"]) == ["not_run"]
    assert any("worked out" in warning for warning in found["warnings"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--carryover maybe", ["--carryover", "fixed:DAYS"]),
        ("--carryover fixed:3 --half-lives two", ["--half-lives", "not two half-lives"]),
        ("--scale 10", ["--scale", "LOW:HIGH"]),
        ("--scale 0:inf", ["--scale", "0:inf"]),
        ("--mcid -1", ["--mcid", "above 0"]),
        ("--half-life 1000", ["--half-life", "at most 365"]),
        ("--columns score", ["--columns", "OURS=THEIRS"]),
        ("--columns score=nothing", ["nothing"]),
        ("--outcome sleep", ["--outcome", "score"]),
        ("--allocation missing.txt", ["missing.txt"]),
        ("--allocation phases:none", ["phases:none", "for instance phases:4"]),
    ],
)
def test_mistakes_are_named_with_their_mend(tmp_path, options, words):
    shutil.copy(DATA / "c_irls_daily.csv", tmp_path)
    done = nof1(f"nof1 analyse c_irls_daily.csv {options}", tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert all(word in done.stderr for word in words)


def test_phases_whose_change_points_were_drawn(tmp_path):
    """Invented scores, one a day: R counts 56 of 165 assignments as extreme."""
    invented = EXPECTED["invented_abab"]
    rows = [f"{d},{'ABAB'[(d - 1) // 6]},{s}" for d, s in enumerate(invented["scores"], start=1)]
    (tmp_path / "phases.csv").write_text("\n".join(["day,treatment,score", *rows]) + "\n")
    options = "phases.csv --scale 0:10 --allocation phases:4 --engine randomisation"
    values = analysed(tmp_path, options)["engines"]["randomisation"]
    assert values["p_value"] == pytest.approx(56 / 165)
    assert values["statistic"] == "mean-of-phase-means"
    assert set(values["pooled_mean"]) == {"estimate", "p_value"}
    shown = nof1(f"nof1 analyse {options}", tmp_path).stdout
    assert "165 orders, mean of phase means (pooled means -1.33, p = 0.261)" in shown


def test_the_studentised_statistic_on_request(tmp_path):
    rows = [f"{d},{arm},{d % 5 + (arm == 'B')}" for d, arm in enumerate("ABBABAAB", start=1)]
    (tmp_path / "orders.csv").write_text("\n".join(["day,treatment,score", *rows]) + "\n")
    options = "orders.csv --scale 0:10 --allocation complete --engine randomisation"
    plain = analysed(tmp_path, options)["engines"]["randomisation"]
    studentised = analysed(tmp_path, f"{options} --statistic studentised")
    values = studentised["engines"]["randomisation"]
    assert plain["statistic"] == "difference"
    assert values["statistic"] == "studentised"
    assert values["estimate"] == plain["estimate"]
    assert (values["ci_low"], values["ci_high"]) != (plain["ci_low"], plain["ci_high"])
    shown = nof1(f"nof1 analyse {options} --statistic studentised", tmp_path).stdout
    assert "70 orders, studentised" in shown


def test_a_fine_scale_is_shown_with_its_digits(tmp_path):
    rows = ["day,treatment,score"]
    rows += [
        f"{d + 1},{'AB'[d // 7 % 2]},{0.004 + 0.001 * (d % 4 - d // 7 % 2)}" for d in range(42)
    ]
    (tmp_path / "fine.csv").write_text("\n".join(rows) + "\n")
    done = nof1("nof1 analyse fine.csv --scale 0:0.01", tmp_path)
    assert done.returncode == 0
    assert "-0.00086" in done.stdout


def test_no_such_file(tmp_path):
    done = nof1("nof1 analyse nowhere.csv", tmp_path)
    assert done.returncode == 2
    assert "nowhere.csv" in done.stderr


def test_a_sealed_trial_is_refused_and_says_how_to_go_on(tmp_path):
    shutil.copytree(EXAMPLES / "running-trial", tmp_path / "trial")
    for command in ("analyse", "report"):
        done = nof1(f"nof1 {command} trial", tmp_path)
        assert done.returncode == 2
        assert "still sealed" in done.stderr
        assert "nof1 unseal" in done.stderr


def test_a_change_of_the_promised_plan_is_said(tmp_path):
    shutil.copytree(EXAMPLES / "finished-trial", tmp_path / "trial")
    promised = analysed(tmp_path, "trial --outcome irls")
    changed = analysed(tmp_path, "trial --outcome irls --carryover none")
    assert not any("not the promised analysis" in w for w in promised["warnings"])
    assert any("not the promised analysis" in w for w in changed["warnings"])
    for option in ("--mcid 2", "--half-life 0"):
        done = nof1(f"nof1 analyse trial {option}", tmp_path)
        assert done.returncode == 2
        assert "protocol says it already" in done.stderr


def test_sampling_beside_the_exact_posterior(tmp_path):
    shutil.copy(DATA / "c_irls_weekly.csv", tmp_path)
    found = analysed(
        tmp_path, "c_irls_weekly.csv --scale 0:40 --recall 7 --engine quadrature --engine nuts"
    )
    exact, sampled = found["engines"]["quadrature"], found["engines"]["nuts"]
    assert set(exact) - {"error", "log_evidence"} <= set(sampled)
    assert {"rhat", "ess", "divergences"} <= set(sampled)
    assert sampled["mean"] == pytest.approx(
        exact["mean"], abs=4 * exact["sd"] / sampled["ess"] ** 0.5
    )
