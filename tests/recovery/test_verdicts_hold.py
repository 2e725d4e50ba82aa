"""Verdicts where the model alone would err: drifts beyond their prior, effects slower than periods.

The quick tests run some tens of trials, the slow ones the number that the figures in
docs/statistics.md are from.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from nof1.calibration.answers import DECISION
from nof1.calibration.truths import from_priors
from nof1.inference.analysis import analyse
from nof1.inference.checks.drift import check_drift, with_wide_drift
from nof1.inference.exact import quadrature
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Priors
from support.trials import simulated_trial
from support.unequal import unequal_trial

CALM = Truth(level=5, effects=(0.0,), half_life_days=0, sigma=1, phi=0.3)
ALTERNATING = (0, 1, 0, 1, 0, 1)


def plan_for(period_days):
    """The plan of a table without a protocol."""
    return AnalysisPlan(priors=Priors(half_life_median_days=min(7.0, period_days / 4)))


def said(order, truth, n, *, period_days, seed=1):
    """How often every verdict is given, by the whole analysis of a 0-10 rating."""
    found = Counter()
    for trial in range(n):
        data = simulated_trial(
            truth, np.random.default_rng([seed, trial]), arm_of_period=order,
            period_days=period_days,
        )  # fmt: skip
        analysis = analyse(
            data, data.masked.series[0], plan_for(period_days), DECISION, engines=("quadrature",)
        )
        found[analysis.primary.verdict.code] += 1
    return found


def at_most(share, n):
    """The count that a rate of `share` exceeds in fewer than one of 700 runs."""
    return n * share + 3 * (n * share * (1 - share)) ** 0.5


@pytest.mark.parametrize("drift", [-5.0, -3.0])
@pytest.mark.parametrize("n", [12, pytest.param(200, marks=pytest.mark.slow)])
def test_one_switch_and_a_drift_never_help(drift, n):
    found = said((0, 1), replace(CALM, trend=drift), n, period_days=28)
    assert found == {"cannot-tell": n}


@pytest.mark.parametrize("drift", [-5.0, -3.0])
@pytest.mark.parametrize("n", [25, pytest.param(200, marks=pytest.mark.slow)])
def test_a_drift_alone_hardly_ever_helps_meaningfully(drift, n):
    found = said(ALTERNATING, replace(CALM, trend=drift), n, period_days=14)
    assert found["helps-meaningfully"] <= at_most(0.04, n)


@pytest.mark.parametrize("n", [25, pytest.param(200, marks=pytest.mark.slow)])
def test_an_effect_without_drift_is_found_as_before(n):
    truth = replace(CALM, effects=(-2.0,), sigma=1.5, period_sd=0.3)
    found = said((0, 1, 1, 0, 0, 1), truth, n, period_days=28)
    assert found["helps-meaningfully"] >= 0.7 * n


@pytest.mark.parametrize("n", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_a_drift_is_seldom_called_far_when_drawn_from_its_prior(n):
    rng = np.random.default_rng(2)
    far, total = 0, 0
    for scores, cycles in (("daily", 3), ("weekly", 3), ("daily", 6)):
        for _ in range(-(-n // 10)):
            givens = from_priors(scores, cycles, 0.1, 10, rng).givens
            wide = quadrature.solve_many([with_wide_drift(given) for given in givens])
            far += sum(
                check_drift(given, one.finest).conflict
                for given, one in zip(givens, wide, strict=True)
            )
            total += len(givens)
    assert far <= at_most(0.025, total)


@pytest.mark.parametrize("n", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_no_difference_is_seldom_said_of_an_effect_slower_than_the_periods(n):
    """Two MCID by a half-life of one and a half periods, and what it costs where there is none."""
    order, claim = (0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1), "no-meaningful-difference"
    noisy = replace(CALM, sigma=1.5, period_sd=0.45)
    slow = said(order, replace(noisy, effects=(-2.0,), half_life_days=42), n, period_days=28)
    assert slow[claim] <= at_most(0.15, n)
    assert said(order, noisy, n, period_days=28)[claim] >= 0.25 * n


@pytest.mark.parametrize("n", [12, pytest.param(60, marks=pytest.mark.slow)])
@pytest.mark.parametrize("sds", [(0.3, 2.5), (2.5, 0.3)])
def test_unequal_scatter_and_lengths_do_not_make_a_direction(sds, n):
    found, covered = Counter(), 0
    for seed in range(n):
        data = unequal_trial(seed, sds=sds)
        plan = plan_for(12.5)
        analysis = analyse(
            data, data.masked.series[0], plan, DECISION, engines=("quadrature",)
        ).primary
        found[analysis.verdict.code] += 1
        covered += analysis.answer.ci_low <= 0 <= analysis.answer.ci_high
    assert covered >= n * 0.9 - 3 * (n * 0.9 * 0.1) ** 0.5
    directed = n - found["cannot-tell"] - found["no-meaningful-difference"]
    assert directed <= at_most(0.1, n)
