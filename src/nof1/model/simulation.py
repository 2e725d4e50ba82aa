"""Scores of a person whose truth is known: for planning, calibration, demonstration, tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.model.autoregression import correlation, noise
from nof1.model.exposure import exposure, window_means
from nof1.scales import Scale
from nof1.trial.data import MaskedPeriod

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """How a simulated person responds on one outcome.

    Attributes
    ----------
    level : float
        Mean score on the comparator in the middle of the trial, in points.
    effects : tuple of float
        Steady-state effect of every other arm against the comparator, in points.
    half_life_days : float
        Of every effect; 0 for no carryover. Of its fall alone when its rise has one of its own.
    sigma : float
        SD of the scores around their expectation, in points.
    phi : float
        Correlation of neighbouring scores at the usual spacing, 0 <= phi < 1.
    period_sd : float
        SD of the shifts of whole periods, in points.
    trend : float
        Change over the whole trial, in points.
    rise_days : float or None
        Half-life of the rise of every effect; None when it is that of its fall.
    """

    level: float
    effects: tuple[float, ...]
    half_life_days: float
    sigma: float
    phi: float
    period_sd: float = 0.0
    trend: float = 0.0
    rise_days: float | None = None


def expected_scores(
    periods: Sequence[MaskedPeriod],
    arm_of_period: Sequence[int],
    day: IntArray,
    recall_days: int,
    truth: Truth,
) -> FloatArray:
    """Return the expectation of every score, noise and period shifts aside.

    Parameters
    ----------
    periods : sequence of MaskedPeriod
        In order of time.
    arm_of_period : sequence of int
        0 for the comparator.
    day : int array, shape (n,)
        Study day of each score.
    recall_days : int
        Days a score looks back on.
    truth : Truth
        How the person responds.
    """
    n_days = max(periods[-1].last_day, int(day.max()))
    dose = np.zeros((n_days, len(truth.effects)))
    for period, arm in zip(periods, arm_of_period, strict=True):
        if arm:
            dose[period.first_day - 1 : period.last_day, arm - 1] = 1.0
    first, last = periods[0].first_day, periods[-1].last_day
    time = (np.arange(1, n_days + 1) - (first + last) / 2) / (last - first + 1)
    acting = exposure(dose, truth.half_life_days, truth.rise_days) @ np.array(truth.effects)
    daily = truth.level + truth.trend * time + acting
    return window_means(daily[:, None], day, recall_days)[:, 0]


def simulate_scores(
    periods: Sequence[MaskedPeriod],
    arm_of_period: Sequence[int],
    day: IntArray,
    recall_days: int,
    truth: Truth,
    rng: np.random.Generator,
    *,
    scale: Scale | None = None,
) -> FloatArray:
    """Return scores drawn from the default model, shape (n,); see `simulate_many`."""
    alone = simulate_many(periods, arm_of_period, day, recall_days, truth, rng, 1, scale=scale)
    return np.asarray(alone[0])


def simulate_many(
    periods: Sequence[MaskedPeriod],
    arm_of_period: Sequence[int],
    day: IntArray,
    recall_days: int,
    truth: Truth,
    rng: np.random.Generator,
    n_people: int,
    *,
    scale: Scale | None = None,
) -> FloatArray:
    """Return scores of several people alike, drawn from the default model; see `expected_scores`.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of all randomness.
    n_people : int
        How many.
    scale : Scale or None
        Round to its steps and clip to its ends; None leaves the scores as drawn.

    Returns
    -------
    array, shape (n_people, n)
    """
    shifts = truth.period_sd * rng.standard_normal((n_people, len(periods)))
    inside = np.zeros((max(periods[-1].last_day, int(day.max())), len(periods)))
    for index, period in enumerate(periods):
        inside[period.first_day - 1 : period.last_day, index] = 1.0
    spacing = float(np.median(np.diff(day))) if len(day) > 1 else 1.0
    new = rng.standard_normal((n_people, len(day)))
    rho = correlation(np.array(truth.phi), np.diff(day) / spacing)
    scores = (
        expected_scores(periods, arm_of_period, day, recall_days, truth)
        + shifts @ window_means(inside, day, recall_days).T
        + truth.sigma * noise(new.T, rho).T
    )
    if scale is None:
        return np.asarray(scores)
    if scale.step:
        scores = scale.low + scale.step * np.rint((scores - scale.low) / scale.step)
    return np.asarray(np.clip(scores, scale.low, scale.high))
