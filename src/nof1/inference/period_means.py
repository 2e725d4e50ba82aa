"""Means of the scores by period and differences within cycles, scores that straddle left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]


def period_means(inputs: ModelInput, scores: FloatArray | None = None) -> FloatArray:
    """Return the mean score of every period, shape (..., n_periods); NaN where there is none.

    Parameters
    ----------
    inputs : ModelInput
        Scores and design of one person.
    scores : array, shape (..., n), or None
        Other scores of the same design, for instance simulated ones; None for the person's own.
    """
    inside = (inputs.period[:, None] == np.arange(inputs.n_periods)).astype(float)
    sums = (inputs.score if scores is None else scores) @ inside
    n = inside.sum(axis=0)
    return np.asarray(np.where(n > 0, sums / np.maximum(n, 1.0), np.nan))


def cycle_differences(
    inputs: ModelInput, active: int, comparator: int, scores: FloatArray | None = None
) -> FloatArray:
    """Return active minus comparator for every cycle that has scores on both arms, in points.

    A cycle with several periods on an arm contributes the mean of their means.

    Parameters
    ----------
    inputs : ModelInput
        Scores and design of one person.
    active, comparator : int
        Numbers of the arms compared.
    scores : array, shape (..., n), or None
        Other scores of the same design; None for the person's own.

    Returns
    -------
    array, shape (..., n_cycles_with_both)
    """
    means = period_means(inputs, scores)
    scored = np.bincount(inputs.period[inputs.period >= 0], minlength=inputs.n_periods) > 0
    arm, cycle = np.array(inputs.arm_of_period), np.array(inputs.cycle_of_period)
    differences = []
    for number in np.unique(cycle):
        on, off = (scored & (cycle == number) & (arm == which) for which in (active, comparator))
        if on.any() and off.any():
            differences.append(means[..., on].mean(axis=-1) - means[..., off].mean(axis=-1))
    if not differences:
        return np.zeros((*means.shape[:-1], 0))
    return np.stack(differences, axis=-1)
