"""One contrast of three arms: what the third arm left behind is not taken for an effect of another.

Simulated: periods of ten days, half-life 5 days, B lowers the score by 1 and C by 5.
"""

from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.exact import quadrature
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan
from support.trials import simulated_trial

TRUTH = Truth(level=6, effects=(-1.0, -5.0), half_life_days=5, sigma=1.0, phi=0.2, period_sd=0.2)
#: As for a table of such periods: a quarter of a period.
PLAN = AnalysisPlan().model_copy(
    update={"priors": AnalysisPlan().priors.model_copy(update={"half_life_median_days": 2.5})}
)
ALWAYS_CAB = (2, 0, 1) * 3


def simulated(seed, order):
    rng = np.random.default_rng(seed)
    return simulated_trial(TRUTH, rng, arm_of_period=order, period_days=10, rounded=False)


def without_c(data):
    """Return the same trial as if C had been nothing: its days are on no arm."""
    kept = [index for index, arm in enumerate(data.arm_of_period) if arm != 2]
    periods = tuple(
        replace(data.masked.periods[index], number=number)
        for number, index in enumerate(kept, start=1)
    )
    return replace(
        data,
        masked=replace(data.masked, periods=periods),
        arms=data.arms[:2],
        arm_of_period=tuple(data.arm_of_period[index] for index in kept),
    )


def answer(data):
    """Return posterior mean and interval of B against A."""
    values = quadrature.fit(model_input(data, data.masked.series[0], PLAN), 1, 0)
    return values.estimate, values.ci_low, values.ci_high


def compared(seeds, order_of):
    """Return share of intervals that hold the truth and mean error, each with C and without."""
    truth, rows = TRUTH.effects[0], []
    for seed in seeds:
        data = simulated(seed, order_of(seed))
        for one in (replace(data, reported=(1,)), without_c(data)):
            mean, low, high = answer(one)
            rows.append((low <= truth <= high, abs(mean - truth)))
    return np.array(rows, dtype=float).reshape(-1, 2, 2).mean(axis=0).T


def random_order(seed):
    rng = np.random.default_rng(1000 + seed)
    return tuple(int(arm) for _ in range(3) for arm in rng.permutation(3))


def test_c_before_a_in_every_cycle_hides_b_where_it_is_forgotten():
    held, error = compared(range(5), lambda _: ALWAYS_CAB)
    assert held[0] > held[1]
    assert error[0] < 0.6 * error[1]


@pytest.mark.slow
def test_thirty_random_orders():
    held, error = compared(range(30), random_order)
    assert held[0] >= 0.8
    assert error[0] < error[1]


@pytest.mark.slow
def test_twenty_trials_with_c_before_a():
    held, error = compared(range(20), lambda _: ALWAYS_CAB)
    assert held[0] >= 0.7
    assert held[1] <= 0.5
    assert error[0] < 0.6 * error[1]
