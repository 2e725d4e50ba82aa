"""Trials for the tests: read from the reference tables, or simulated from a known truth."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nof1.design.allocation import AllocationSet
from nof1.model.simulation import Truth, simulate_scores
from nof1.scales import IRLS, Scale
from nof1.trial.data import MaskedData, MaskedPeriod, Series, TrialData

REFERENCE = Path(__file__).parents[1] / "reference" / "data"
EXPECTED = json.loads((REFERENCE / "expected.json").read_text())

SCALES = {
    "c_irls_daily": Scale(name="numeric", low=0, high=10, step=1, better="lower"),
    "c_irls_weekly": Scale(name="numeric", low=0, high=40, step=1, better="lower"),
    "e_gauss_clean": Scale(name="numeric", low=0, high=10, step=0.001, better="lower"),
}


def expected_row(dataset: str, method: str) -> dict[str, Any]:
    return next(
        row for row in EXPECTED["rows"] if (row["dataset"], row["method"]) == (dataset, method)
    )


def reference_trial(
    name: str,
    *,
    recall_days: int = 1,
    allocation_set: AllocationSet | None = None,
    mcid: float | None = 1.0,
) -> TrialData:
    with (REFERENCE / f"{name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    day = np.array([int(row["day"]) for row in rows])
    score = np.array([float(row["score"]) if row["score"] else np.nan for row in rows])
    period = np.array([int(row["period"]) for row in rows])
    ends = [int(day[period == p].max()) for p in np.unique(period)]
    starts = [1, *(end + 1 for end in ends[:-1])]
    periods = tuple(
        MaskedPeriod(number=i + 1, cycle=i // 2 + 1, first_day=first, last_day=last)
        for i, (first, last) in enumerate(zip(starts, ends, strict=True))
    )
    arms = tuple(
        int(next(r["treatment"] for r in rows if int(r["period"]) == p.number) == "B")
        for p in periods
    )
    return trial(
        periods,
        arms,
        day,
        score,
        scale=SCALES[name],
        recall_days=recall_days,
        allocation_set=allocation_set,
        mcid=mcid,
    )


def trial(
    periods: tuple[MaskedPeriod, ...],
    arm_of_period: tuple[int, ...],
    day: np.ndarray,
    score: np.ndarray,
    *,
    scale: Scale,
    recall_days: int = 1,
    allocation_set: AllocationSet | None = None,
    mcid: float | None = 1.0,
    arms: tuple[str, ...] = ("A", "B", "C", "D")[:2],
) -> TrialData:
    series = Series(
        outcome="score",
        title="Score",
        unit="points",
        scale=scale,
        recall_days=recall_days,
        mcid=mcid,
        day=day,
        score=score,
    )
    masked = MaskedData(
        person="P1", n_days=periods[-1].last_day, periods=periods, series=(series,), taken={}
    )
    return TrialData(
        masked=masked, arms=arms, arm_of_period=arm_of_period, allocation_set=allocation_set
    )


def regular_periods(n: int, days: int, n_arms: int = 2) -> tuple[MaskedPeriod, ...]:
    return tuple(
        MaskedPeriod(
            number=i + 1, cycle=i // n_arms + 1, first_day=i * days + 1, last_day=(i + 1) * days
        )
        for i in range(n)
    )


def simulated_trial(
    truth: Truth,
    rng: np.random.Generator,
    *,
    arm_of_period: tuple[int, ...] = (0, 1, 1, 0, 0, 1),
    period_days: int = 28,
    every_days: int = 1,
    recall_days: int = 1,
    missing: float = 0.0,
    scale: Scale = SCALES["c_irls_daily"],
    rounded: bool = True,
    allocation_set: AllocationSet | None = None,
    mcid: float | None = 1.0,
) -> TrialData:
    n_arms = len(truth.effects) + 1
    periods = regular_periods(len(arm_of_period), period_days, n_arms)
    day = np.arange(every_days, len(arm_of_period) * period_days + 1, every_days)
    score = simulate_scores(
        periods, arm_of_period, day, recall_days, truth, rng, scale=scale if rounded else None
    )
    score[rng.random(len(day)) < missing] = np.nan
    return trial(
        periods,
        arm_of_period,
        day,
        score,
        scale=scale,
        recall_days=recall_days,
        allocation_set=allocation_set,
        mcid=mcid,
        arms=("A", "B", "C", "D")[:n_arms],
    )


def graded_items(
    rng: np.random.Generator, *, level: float = 18.0, effect: float = -6.0
) -> TrialData:
    """Return weekly totals of ten items, ordered logits of one latent level."""
    periods, arms, day = regular_periods(6, 28), (0, 1, 1, 0, 0, 1), np.arange(7, 169, 7)
    truth = Truth(level=level, effects=(effect,), half_life_days=2, sigma=2, phi=0.3, period_sd=0.5)
    latent = simulate_scores(periods, arms, day, 7, truth, rng)
    thresholds = np.array([-3.0, -1.0, 1.0, 3.0]) + rng.normal(0, 0.5, (10, 1))
    logits = (latent - 20) / 5 + rng.logistic(size=(10, len(day)))
    items = (logits[:, :, None] > thresholds[:, None, :]).sum(axis=2).T
    found = trial(
        periods,
        arms,
        day,
        items.sum(axis=1).astype(float),
        scale=IRLS,
        recall_days=7,
        mcid=3.0,
    )
    series = replace(found.masked.series[0], items=items)
    return replace(found, masked=replace(found.masked, series=(series,)))
