"""What became of every row and every expected day, and the cautions that follow."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import fisher_exact

from nof1.inference.analysis import analyse
from nof1.inference.json_result import analysis_object
from nof1.inference.score_account import ANALYSED, NO_SCORE, account
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.reports.terminal.analysis import analysis_lines
from nof1.trial.data import MaskedPeriod, RowsLeftOut
from support.trials import SCALES, trial

PLAN = AnalysisPlan()
#: Run-in of two days, periods of six with a washout of one between them, and a day behind.
PERIODS = tuple(
    MaskedPeriod(number=i + 1, cycle=i // 2 + 1, first_day=3 + 7 * i, last_day=8 + 7 * i)
    for i in range(4)
)
DAYS = np.arange(1, 31)


def made(*, missing=(), recall_days=1, left_out=()):
    score = 5.0 + np.resize([0, 1, -1, 2], len(DAYS)).astype(float)
    score[np.isin(DAYS, missing)] = np.nan
    data = trial(
        PERIODS, (0, 1, 1, 0), DAYS, score, scale=SCALES["c_irls_daily"], recall_days=recall_days
    )
    return replace(data, left_out=left_out)


def counted(data, plan=PLAN):
    found = account(data, data.masked.series[0], plan)
    return {one.what: (one.by_arm["A"], one.by_arm["B"], one.on_no_arm) for one in found.counted}


def test_every_fate_by_arm():
    left_out = (
        RowsLeftOut(why="without a treatment", arm=None, n=3),
        RowsLeftOut(why="of a second score", arm="B", n=2),
        RowsLeftOut(why="of a second score", arm="A", n=1),
    )
    data = made(missing=(1, 4, 10, 11, 13, 30), recall_days=2, left_out=left_out)
    assert counted(data, AnalysisPlan(drop_days=1)) == {
        ANALYSED: (8, 7, 0),
        NO_SCORE: (0, 1, 0),
        "before the first period (run-in)": (0, 0, 1),
        "between periods (washout, or on no arm)": (0, 0, 3),
        "on the first day of a period, left out": (2, 1, 0),
        "looking back on days left out": (1, 1, 0),
        "without a score, on days that are not analysed": (1, 2, 2),
        "without a treatment": (0, 0, 3),
        "of a second score": (1, 2, 0),
    }


def test_nothing_left_out_is_two_counts_alone():
    assert list(counted(made()))[:2] == [ANALYSED, NO_SCORE]
    whole = trial(
        tuple(replace(p, first_day=6 * i + 1, last_day=6 * i + 6) for i, p in enumerate(PERIODS)),
        (0, 1, 1, 0),
        np.arange(1, 25),
        np.resize([4.0, 5.0], 24),
        scale=SCALES["c_irls_daily"],
    )
    assert counted(whole) == {ANALYSED: (12, 12, 0), NO_SCORE: (0, 0, 0)}
    found = analyse(whole, whole.masked.series[0], AnalysisPlan(), Decision(), engines=["paired"])
    assert not any("rows and expected days" in line for line in analysis_lines(found))


def test_is_printed_and_in_the_json():
    data = made(missing=(4,), left_out=(RowsLeftOut(why="without a treatment", arm=None, n=3),))
    found = analyse(data, data.masked.series[0], AnalysisPlan(), Decision(), engines=["paired"])
    content = json.loads(json.dumps(analysis_object(found)))["account"]
    assert content["total"] == 33 == sum(one["n"] for one in content["fates"])
    assert content["fates"][-1] == {
        "what": "without a treatment", "n": 3, "by_arm": {"A": 0, "B": 0}, "on_no_arm": 3,
    }  # fmt: skip
    lines = list(analysis_lines(found))
    start = lines.index("Of 33 rows and expected days")
    assert lines[start + 1].split() == ["A", "B", "on", "no", "arm"]
    assert lines[start + 2].split() == ["analysed", "11", "12", "0"]


@pytest.mark.parametrize("days", [(10, 11, 12), (3, 4, 24, 25)])
def test_unequal_missingness_is_a_caution(days):
    data = made(missing=days)
    found = analyse(data, data.masked.series[0], AnalysisPlan(), Decision(), engines=["paired"])
    more = "B" if 10 in days else "A"
    assert any(f"Scores are missing more often on {more}" in one for one in found.warnings)


def test_the_chance_of_so_unequal_shares_is_that_of_fisher():
    data = made(missing=(3, 10, 11, 12, 18))
    found = account(data, data.masked.series[0], AnalysisPlan())
    assert found.chance("A", "B") == pytest.approx(fisher_exact([[1, 11], [4, 8]]).pvalue)
    assert found.chance("B", "A") == pytest.approx(found.chance("A", "B"))
