"""Student's t for estimates with standard errors, as both t-based engines report it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

FloatArray = NDArray[np.float64]


def t_figures(estimate: float, se: float, df: float, level: float) -> dict[str, float]:
    """Return estimate, standard error, two-sided p-value and interval, named as in the contract.

    Parameters
    ----------
    estimate, se : float
        In points.
    df : float
        Degrees of freedom; need not be whole.
    level : float
        Of the interval.
    """
    many = t_figures_many(np.array(estimate), np.array(se), np.array(df), level)
    return {name: float(value) for name, value in many.items()}


def t_figures_many(
    estimate: FloatArray, se: FloatArray, df: FloatArray, level: float
) -> dict[str, FloatArray]:
    """Return what `t_figures` does for arrays of one shape; NaN where the standard error is 0."""
    se = np.where(se > 0, se, np.nan)
    reach = stdtrit(df, (1 + level) / 2) * se
    return {
        "estimate": estimate,
        "se": se,
        "df": df,
        "p_value": 2 * stdtr(df, -np.abs(estimate) / se),
        "ci_low": estimate - reach,
        "ci_high": estimate + reach,
        "ci_level": np.full(np.shape(estimate), level),
    }
