"""Student's t for an estimate with a standard error, as both t-based engines report it."""

from __future__ import annotations

from scipy.special import stdtr, stdtrit


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
    reach = float(stdtrit(df, (1 + level) / 2)) * se
    return {
        "estimate": estimate,
        "se": se,
        "df": df,
        "p_value": float(2 * stdtr(df, -abs(estimate) / se)),
        "ci_low": estimate - reach,
        "ci_high": estimate + reach,
        "ci_level": level,
    }
