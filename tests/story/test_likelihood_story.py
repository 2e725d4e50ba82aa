"""Scores at the end of a scale, and items, through the command line."""

import csv
import json
import re

import numpy as np
import pytest

from nof1.model.simulation import Truth
from support.shell import nof1
from support.trial_folders import logged, make_trial, promised, unsealing
from support.trials import simulated_trial

FLOOR = Truth(level=2, effects=(-2,), half_life_days=1, sigma=1.2, phi=0.3, period_sd=0.1)


@pytest.fixture
def diary(tmp_path):
    data = simulated_trial(FLOOR, np.random.default_rng(2), period_days=14)
    series = data.masked.series[0]
    with (tmp_path / "diary.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["person", "day", "period", "treatment", "score"])
        for day, score in zip(series.day.tolist(), series.score.tolist(), strict=True):
            period = (day - 1) // 14
            writer.writerow(["P1", day, period + 1, "AB"[data.arm_of_period[period]], score])
    return tmp_path


ARGUMENTS = "analyse diary.csv --scale 0:10 --mcid 1 --engine quadrature"


def test_a_crowded_floor_is_told_and_allowed_for(diary):
    done = nof1(f"nof1 {ARGUMENTS}", diary)
    assert done.returncode == 0, done.stderr
    rows = [line.split()[0] for line in done.stdout.splitlines() if "95 % interval" in line]
    assert rows == ["quadrature", "likelihood"] * 2
    told = " ".join(done.stdout.split())
    assert "bounded, by imputation," in told
    assert re.search(r"because \d\d % of the scores lie at an end of the scale\.", told)


def test_json_has_both_answers_and_the_verdict_of_the_second(diary):
    done = nof1(f"nof1 {ARGUMENTS} --json", diary)
    found = json.loads(done.stdout)
    engines = found["engines"]
    assert list(engines) == ["quadrature", "likelihood"]
    assert engines["likelihood"]["mean"] < engines["quadrature"]["mean"]
    assert found["verdict"] == "helps-meaningfully"
    assert done.stderr == ""


def test_the_normal_likelihood_can_be_asked_for(diary):
    done = nof1(f"nof1 {ARGUMENTS} --likelihood gaussian --json", diary)
    assert list(json.loads(done.stdout)["engines"]) == ["quadrature"]


def test_ordinal_without_items_is_refused_with_the_mend(diary):
    done = nof1(f"nof1 {ARGUMENTS} --likelihood ordinal", diary)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == (
        "nof1: likelihood ordinal: no answers to single items were recorded. Record scores with"
        " --items, or choose another --likelihood."
    )


@pytest.mark.slow
def test_items_of_a_trial_are_analysed_on_request(tmp_path):
    allocation, commitment = promised("magnesium", "placebo", "placebo", "magnesium")
    trial = make_trial(tmp_path / "trial", commitment=commitment)
    weeks = zip(("15", "22"), (1, 3), strict=True)
    answered = {f"2026-02-{day}": [level] * 9 + [level - 1] for day, level in weeks}
    answered |= {"2026-03-01": [3] * 10}
    scores = [
        ("score", {"outcome": "irls", "date": day, "value": sum(items), "items": items})
        for day, items in answered.items()
    ]
    logged(trial, *scores, unsealing(allocation, commitment))
    done = nof1("nof1 analyse trial --likelihood ordinal --engine quadrature --json", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "answers to items are sampled with PyMC; this takes minutes" in done.stderr
    found = json.loads(done.stdout)
    values = found["engines"]["likelihood"]
    assert (values["likelihood"], values["by"], values["k_hat"]) == ("ordinal", "nuts", None)
    assert values["mean"] < 0
    assert values["latent"]["mean"] < 0
    assert any("likelihood ordinal was asked for" in one for one in found["warnings"])
