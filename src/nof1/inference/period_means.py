"""Means of the scores by period and differences within cycles, scores that straddle left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]


def period_means(given: ModelInput) -> FloatArray:
    """Return the mean score of every period, shape (n_periods,); NaN where there is none."""
    means = np.full(given.n_periods, np.nan)
    for period in range(given.n_periods):
        mine = given.period == period
        if mine.any():
            means[period] = given.score[mine].mean()
    return means


def cycle_differences(given: ModelInput, active: int, comparator: int) -> FloatArray:
    """Return active minus comparator for every cycle that has scores on both arms, in points.

    A cycle with several periods on an arm contributes the mean of their means.
    """
    means = period_means(given)
    arm, cycle = np.array(given.arm_of_period), np.array(given.cycle_of_period)
    differences = []
    for one in sorted(set(given.cycle_of_period)):
        here = (cycle == one) & np.isfinite(means)
        if (here & (arm == active)).any() and (here & (arm == comparator)).any():
            differences.append(
                means[here & (arm == active)].mean() - means[here & (arm == comparator)].mean()
            )
    return np.array(differences)
