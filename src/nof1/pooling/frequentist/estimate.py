"""An estimate with its standard error, test and interval, as every way of pooling gives it."""

from __future__ import annotations

from dataclasses import dataclass

from nof1.inference.frequentist.t_interval import t_figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An average over persons, active minus comparator, by Student's t.

    Attributes
    ----------
    estimate, se : float
        In points.
    df : float
        Degrees of freedom; infinite where the normal distribution was used.
    p_value : float
        Two-sided.
    ci_low, ci_high, ci_level : float
        Interval in points, and its level.
    """

    estimate: float
    se: float
    df: float
    p_value: float
    ci_low: float
    ci_high: float
    ci_level: float


def student(estimate: float, se: float, df: float, level: float) -> Estimate:
    """Return an estimate with test and interval by t; normal when `df` is infinite."""
    return Estimate(**t_figures(estimate, se, df, level))
