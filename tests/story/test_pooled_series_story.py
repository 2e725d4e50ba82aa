"""Series in the form of published ones: pooled whole, frequentist rows included."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from scipy import stats

from support.pooled_series import HEADER, differences, gabapentin, pupils, tea

ROWS = ("summary_t", "reml", "pm", "dl", "kenward_roger", "satterthwaite", "these_persons")


def pooled(nof1, path, header, rows, *words):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    code, out, err = nof1("pool", path, *words, "--purpose", "next", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert [name for name in ROWS if "not_run" in found["frequentist"][name]] == []
    assert found["excluded"] == []
    return found


def agrees(found, own):
    """See that the rows are those of the persons' mean differences, and the posterior near them."""
    means = np.array([np.mean(mine) for mine in own.values()])
    expected = stats.ttest_1samp(means, 0.0)
    row = found["frequentist"]["summary_t"]
    assert row["n_persons"] == len(own)
    assert row["estimate"] == pytest.approx(means.mean())
    assert row["p_value"] == pytest.approx(expected.pvalue, rel=1e-6)


def test_gabapentin_with_absent_days_unequal_periods_and_persons_without_symptoms(nof1, tmp_path):
    rows = list(gabapentin())
    words = ("--comparator", "placebo", "--scale", "0:10", "--better", "lower", "--mcid", 1)
    found = pooled(nof1, tmp_path / "g.csv", HEADER, rows, *words)
    assert found["n_persons"] == 46
    own = differences(rows, "placebo")
    assert [mine for mine in own.values() if not any(mine)] == [[0.0] * 3] * 3
    agrees(found, own)
    assert any("Periods last" in x and "near enough to be averaged" in x for x in found["warnings"])
    # Three persons who say nothing of the effect do not draw the average to none.
    mean, reml = found["bayes"]["mean"], found["frequentist"]["reml"]
    assert mean["ci_low"] < -0.6 < mean["ci_high"]
    assert mean["mean"] < reml["estimate"] + reml["se"]
    assert not any("carryover explains" in line for line in found["warnings"])
    flat = [one for one in found["persons"] if one["person"] in ("g08", "g20", "g34")]
    others = [one["sd"] for one in found["persons"] if one not in flat]
    assert min(one["sd"] for one in flat) > 0.5 * float(np.median(others))


def test_pupils_scored_on_school_days(nof1, tmp_path):
    rows = list(pupils())
    words = ("--comparator", "placebo", "--scale", "0:3", "--better", "lower", "--mcid", 0.3)
    found = pooled(nof1, tmp_path / "p.csv", HEADER, rows, *words)
    assert found["n_persons"] == 12
    agrees(found, differences(rows, "placebo"))
    assert found["bayes"]["mean"]["ci_low"] < -0.4 < found["bayes"]["mean"]["ci_high"]


def test_tea_drawn_day_by_day(nof1, tmp_path):
    rows = list(tea())
    head = ("person", "day", "treatment", "score")
    words = ("--comparator", "water", "--scale", "0:10", "--better", "higher", "--mcid", 0.5)
    found = pooled(nof1, tmp_path / "t.csv", head, rows, *words)
    assert found["n_persons"] == 9
    assert found["frequentist"]["reml"]["n_persons"] == 9
    plain = {}
    for name in {row[0] for row in rows}:
        on = [score for person, _, arm, score in rows if person == name and arm == "tea"]
        off = [score for person, _, arm, score in rows if person == name and arm == "water"]
        plain[name] = np.mean(on) - np.mean(off)
    row = found["frequentist"]["reml"]
    assert row["estimate"] == pytest.approx(np.mean(list(plain.values())), abs=2 * row["se"])
    assert found["bayes"]["mean"]["ci_low"] < 0.8 < found["bayes"]["mean"]["ci_high"]
