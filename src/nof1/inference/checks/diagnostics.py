"""Does the model fit? Residuals of the REML fit, judged with statsmodels' tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.inference.frequentist.gls import gls
from nof1.inference.frequentist.reml import regressors, why_not
from nof1.model.autoregression import whiten
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostics:
    """What is left in the scores when the model is taken out.

    Attributes
    ----------
    lag_one : float
        Autocorrelation left between neighbouring residuals.
    ljung_box_p : float
        p-value that no autocorrelation is left over a tenth of the scores' lags.
    normality_p : float
        p-value of the Jarque-Bera test that the residuals are normal.
    largest : float
        Largest residual in units of its SD.
    largest_day : int
        Study day of that residual.
    """

    lag_one: float
    ljung_box_p: float
    normality_p: float
    largest: float
    largest_day: int


def diagnose(inputs: ModelInput) -> Diagnostics | None:
    """Return the residual checks, or None with fewer than ten scores or where REML does not run."""
    from statsmodels.stats.diagnostic import acorr_ljungbox
    from statsmodels.stats.stattools import jarque_bera

    x = regressors(inputs, 0.0)
    if inputs.n < 10 or why_not(inputs, x) is not None:
        return None
    residuals = _residuals(inputs, x)
    lags = max(1, inputs.n // 10)
    table = acorr_ljungbox(residuals, lags=[lags])
    worst = int(np.abs(residuals).argmax())
    return Diagnostics(
        lag_one=float(np.corrcoef(residuals[1:], residuals[:-1])[0, 1]),
        ljung_box_p=float(table["lb_pvalue"].iloc[0]),
        normality_p=float(jarque_bera(residuals)[1]),
        largest=float(residuals[worst]),
        largest_day=int(inputs.day[worst]),
    )


def _residuals(inputs: ModelInput, x: FloatArray) -> FloatArray:
    """Return residuals made independent, in SD units: arms, trend, period shifts and AR(1) out."""
    with_periods = inputs.plan.period_effects == "random"
    fit = gls(inputs.score, x, inputs.lag, inputs.period_share if with_periods else None)
    rest = inputs.score - x @ fit.coefficients
    columns = np.column_stack([rest, inputs.period_share])
    white = whiten(columns, inputs.lag, np.array([fit.phi]))[0][0]
    residuals: FloatArray = white[:, 0]
    if fit.ratio > 0:
        # The shifts' best predictions, drawn towards 0 by their own variance.
        periods = white[:, 1:]
        precision = periods.T @ periods + np.eye(periods.shape[1]) / fit.ratio**2
        residuals = residuals - periods @ np.linalg.solve(precision, periods.T @ residuals)
    return residuals / fit.sigma
