"""Covariates as the engines take them: by score, centred within the person, in units of its SD."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.trial.data import DailyCovariate

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A covariate the engines adjust for.

    Attributes
    ----------
    covariate, title, unit : str
        As recorded.
    sd : float
        Its SD over the scores used, in its units: a coefficient divided by it is that of one unit.
    missing : int
        Scores with no day of it recorded in their recall window, taken at the person's mean.
    """

    covariate: str
    title: str
    unit: str
    sd: float
    missing: int


def adjustments(
    recorded: Sequence[DailyCovariate], day: IntArray, recall_days: int
) -> tuple[FloatArray, tuple[Adjustment, ...]]:
    """Return the covariates of every score, and what they are.

    A score's value is the mean of the days recorded in its recall window. It is centred within the
    person and divided by its SD, both over the scores that have one; a score without is taken at
    the person's mean, 0, which keeps the score and tells nothing of the covariate. Covariates that
    do not vary over the scores are left out.

    Parameters
    ----------
    recorded : sequence of DailyCovariate
        Those declared beforehand.
    day : int array, shape (n,)
        Study day of each score, the last of its window.
    recall_days : int
        Length of the window.

    Returns
    -------
    array, shape (n, q)
        One column for each of the q adjustments.
    tuple of Adjustment, length q
    """
    columns, kept = [np.zeros((len(day), 0))], []
    for covariate in recorded:
        values = _window_values(covariate, day, recall_days)
        known = np.isfinite(values)
        if not known.any():
            continue
        centred = np.where(known, values - values[known].mean(), 0.0)
        sd = float(np.sqrt(np.mean(centred[known] ** 2)))
        # Means of equal values differ by rounding alone.
        if sd <= 1e-9 * np.abs(values[known]).max():
            continue
        columns.append((centred / sd)[:, None])
        kept.append(
            Adjustment(
                covariate=covariate.covariate,
                title=covariate.title,
                unit=covariate.unit,
                sd=sd,
                missing=int((~known).sum()),
            )
        )
    return np.hstack(columns), tuple(kept)


def _window_values(covariate: DailyCovariate, day: IntArray, recall_days: int) -> FloatArray:
    """Return the mean of the days recorded in each window, NaN where there are none."""
    averages = np.full(len(day), np.nan)
    for row, last in enumerate(day.tolist()):
        inside = [
            covariate.value[d]
            for d in range(last - recall_days + 1, last + 1)
            if d in covariate.value
        ]
        if inside:
            averages[row] = sum(inside) / len(inside)
    return averages
