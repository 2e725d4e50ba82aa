"""Scores at the end of a scale, and items, through the command line."""

import csv
import json
import re

import numpy as np
import pytest

from nof1.model.simulation import Truth
from shell import nof1
from trials import simulated_trial

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
