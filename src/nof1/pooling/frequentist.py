"""Frequentist averages of the cycle differences that were shared, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.errors import ScoresError
from nof1.pooling.estimate import Estimate, student
from nof1.pooling.meta_analysis import Method, meta_analysis, summary_t
from nof1.pooling.mixed_model import DegreesOfFreedom, difference_model
from nof1.pooling.person_estimates import person_estimates, within_variance
from nof1.pooling.pooled import Average, Frequentist, NotRun, OneStage, Pooled

FloatArray = NDArray[np.float64]

_WITHIN = "variance within persons pooled over all of them"
_TAU: Mapping[Method, str] = {
    "reml": "REML",
    "pm": "Paule and Mandel",
    "dl": "DerSimonian and Laird",
}
_DF: Mapping[DegreesOfFreedom, str] = {
    "kenward-roger": "Kenward and Roger",
    "satterthwaite": "Satterthwaite",
}


def frequentist(
    differences: Mapping[str, FloatArray], *, why_none: str, level: float
) -> Frequentist:
    """Return every average, or why there is none.

    Parameters
    ----------
    differences : mapping of str to array, shape (k_i,)
        Cycle differences in points by person; at least one cycle each.
    why_none : str
        Why they cannot be averaged; empty when they can.
    level : float
        Of the intervals.
    """

    def or_why[Row](row: Callable[[], Row]) -> Row | NotRun:
        if why_none:
            return NotRun(not_run=why_none)
        try:
            return row()
        except ScoresError as error:
            return NotRun(not_run="; ".join(fault.what for fault in error.faults))

    return Frequentist(
        summary_t=or_why(lambda: _summary_t(differences, level)),
        reml=or_why(lambda: _meta_analysis(differences, "reml", level)),
        pm=or_why(lambda: _meta_analysis(differences, "pm", level)),
        dl=or_why(lambda: _meta_analysis(differences, "dl", level)),
        kenward_roger=or_why(lambda: _one_stage(differences, "kenward-roger", level)),
        satterthwaite=or_why(lambda: _one_stage(differences, "satterthwaite", level)),
        these_persons=or_why(lambda: _these_persons(differences, level)),
    )


def _average(found: Estimate, n: int, method: str) -> dict[str, Any]:
    return {
        "method": method,
        "n_persons": n,
        "estimate": found.estimate,
        "se": found.se,
        "df": found.df,
        "p_value": found.p_value,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "ci_level": found.ci_level,
    }


def _summary_t(differences: Mapping[str, FloatArray], level: float) -> Average:
    found = summary_t(person_estimates(differences), level)
    method = "t-test on the persons' mean cycle differences, all alike"
    return Average(**_average(found, len(differences), method))


def _meta_analysis(differences: Mapping[str, FloatArray], method: Method, level: float) -> Pooled:
    found = meta_analysis(person_estimates(differences), method=method, level=level)
    said = f"{_TAU[method]}, Knapp and Hartung's t; {_WITHIN}"
    return Pooled(
        **_average(found.average, len(differences), said),
        tau2=found.tau2,
        tau2_low=found.tau2_low,
        tau2_high=found.tau2_high,
        prediction_low=found.prediction_low,
        prediction_high=found.prediction_high,
        i2=found.i2,
        q=found.q,
        q_p=found.q_p,
    )


def _one_stage(
    differences: Mapping[str, FloatArray], df: DegreesOfFreedom, level: float
) -> OneStage:
    fit = difference_model(differences)
    method = f"mixed model of cycle differences in one stage, REML, {_DF[df]}'s degrees of freedom"
    return OneStage(
        **_average(fit.average(0, df, level), len(differences), method),
        tau2=float(fit.between[0, 0]),
    )


def _these_persons(differences: Mapping[str, FloatArray], level: float) -> Average:
    """Return the mean of the persons' means: scatter between persons does not enter.

    Its variance is ``s^2 sum(1 / k_i) / n^2`` with the variance within persons pooled
    (Senn 2024, doi:10.1186/s13063-024-07964-7).
    """
    within = within_variance(differences)
    own = person_estimates(differences)
    n = len(differences)
    found = student(
        float(own.estimate.mean()), float((own.se**2).sum()) ** 0.5 / n, within.df, level
    )
    method = f"mean of these very persons' mean cycle differences; {_WITHIN}"
    return Average(**_average(found, n, method))
