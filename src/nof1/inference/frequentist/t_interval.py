"""Student's t for estimates with standard errors: of one person's scores, or of many persons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from nof1.inference.summaries import Estimate

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """Estimates of many score vectors of one design, arrays of one shape; see `Estimate`.

    Test and interval are NaN where the standard error is 0.
    """

    estimate: FloatArray
    se: FloatArray
    df: FloatArray
    p_value: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    level: FloatArray

    def single(self) -> Estimate:
        """Return the estimate of the one score vector there is."""
        return Estimate(
            estimate=float(self.estimate),
            se=float(self.se),
            df=float(self.df),
            p_value=float(self.p_value),
            ci_low=float(self.ci_low),
            ci_high=float(self.ci_high),
            level=float(self.level),
        )


def by_t(estimate: float, se: float, df: float, level: float) -> Estimate:
    """Return an estimate with test and interval.

    Parameters
    ----------
    estimate, se : float
        In points.
    df : float
        Degrees of freedom.
    level : float
        Of the interval.
    """
    return many_by_t(np.array(estimate), np.array(se), np.array(df), level).single()


def many_by_t(estimate: FloatArray, se: FloatArray, df: FloatArray, level: float) -> Estimates:
    """Return what `by_t` does for arrays of one shape."""
    se = np.where(se > 0, se, np.nan)
    reach = stdtrit(df, (1 + level) / 2) * se
    return Estimates(
        estimate=estimate,
        se=se,
        df=df,
        p_value=2 * stdtr(df, -np.abs(estimate) / se),
        ci_low=estimate - reach,
        ci_high=estimate + reach,
        level=np.full(np.shape(estimate), level),
    )
