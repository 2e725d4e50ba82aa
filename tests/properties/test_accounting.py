"""Whatever a trial is like: every row and every expected day is accounted for, once."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nof1.inference.score_account import ANALYSED, NO_SCORE, account
from nof1.model.model_input import model_input
from nof1.protocol.tables import AnalysisPlan
from nof1.trial.data import MaskedPeriod, RowsLeftOut
from support.trials import SCALES, trial

ARMS = ("A", "B", "C")


@st.composite
def trials_and_plans(draw):
    """Periods with gaps before, between and behind them; scores anywhere, some missing."""
    periods, arms, day = [], [], draw(st.integers(0, 4))
    for number in range(1, draw(st.integers(1, 5)) + 1):
        length = draw(st.integers(1, 8))
        periods.append(
            MaskedPeriod(number=number, cycle=1, first_day=day + 1, last_day=day + length)
        )
        arms.append(draw(st.integers(0, 2)))
        day += length + draw(st.integers(0, 3))
    days = sorted(draw(st.sets(st.integers(1, day + 3), min_size=1)))
    score = [draw(st.sampled_from([np.nan, 1.0, 5.0])) for _ in days]
    rows = st.builds(
        RowsLeftOut,
        why=st.sampled_from(["without a treatment", "of a day left out"]),
        arm=st.sampled_from([None, *ARMS]),
        n=st.integers(1, 5),
    )
    data = trial(
        tuple(periods),
        tuple(arms),
        np.array(days),
        np.array(score),
        scale=SCALES["c_irls_daily"],
        recall_days=draw(st.integers(1, 4)),
        arms=ARMS,
    )
    plan = AnalysisPlan(drop_days=draw(st.integers(0, 3)))
    return replace(data, left_out=tuple(draw(st.lists(rows, max_size=3)))), plan


@settings(max_examples=200, deadline=None)
@given(trials_and_plans())
def test_everything_is_counted_once_and_on_its_arm(case):
    data, plan = case
    series = data.masked.series[0]
    found = account(data, series, plan)
    given_to_engines = model_input(data, series, plan)
    assert found.total == len(series.day) + sum(one.n for one in data.left_out)
    assert found.of(ANALYSED).n == given_to_engines.n
    assert found.of(NO_SCORE).n == given_to_engines.n_missing
    for arm, number in zip(ARMS, range(3), strict=True):
        on_arm = {
            day
            for period, which in zip(data.masked.periods, data.arm_of_period, strict=True)
            if which == number
            for day in range(period.first_day, period.last_day + 1)
        }
        rows = sum(one.n for one in data.left_out if one.arm == arm)
        days = len(on_arm & set(series.day.tolist()))
        assert sum(one.by_arm[arm] for one in found.counted) == days + rows
        analysed = len(on_arm & set(given_to_engines.day.tolist()))
        assert found.of(ANALYSED).by_arm[arm] == analysed
