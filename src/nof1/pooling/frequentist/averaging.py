"""Frequentist averages of the cycle differences that were shared, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.errors import ScoresError
from nof1.inference.frequentist.t_interval import by_t
from nof1.inference.summaries import Estimate
from nof1.pooling.frequentist.comparable import Scheduled
from nof1.pooling.frequentist.meta_analysis import Method, meta_analysis, summary_t
from nof1.pooling.frequentist.mixed_model import DegreesOfFreedom, MixedModel, difference_model
from nof1.pooling.frequentist.person_estimates import PersonEstimates, person_estimates
from nof1.pooling.result.averages import Average, Frequentist, NoAverage, OneStage, Pooled

FloatArray = NDArray[np.float64]

#: Of fewer persons a prediction interval that takes the estimated SD for the truth is too short:
#: it holds 86 % instead of 95 % at 12 persons.
FEW = 20
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


def frequentist(scheduled: Scheduled, *, level: float) -> Frequentist:
    """Return every average, or why there is none.

    Parameters
    ----------
    scheduled : Scheduled
        Cycle differences, or estimates with their standard errors.
    level : float
        Of the intervals.
    """
    if scheduled.why_none:
        none = NoAverage(not_run=scheduled.why_none)
        return Frequentist(
            summary_t=none, reml=none, pm=none, dl=none,
            kenward_roger=none, satterthwaite=none, these_persons=none,
        )  # fmt: skip
    estimates, differences = scheduled.estimates, scheduled.differences
    own: PersonEstimates | NoAverage
    fit: MixedModel | NoAverage
    if estimates is None:
        means = np.array([mine.mean() for mine in differences.values()])
        own = _or_why(lambda: person_estimates(differences))
        fit = _or_why(lambda: difference_model(differences))
    else:
        means, own = estimates.estimate, estimates
        fit = NoAverage(not_run="single cycle differences are needed, and estimates were given")
    return Frequentist(
        summary_t=_or_why(lambda: _summary_t(means, level)),
        reml=_of(own, lambda estimates: _meta_analysis(estimates, "reml", level)),
        pm=_of(own, lambda estimates: _meta_analysis(estimates, "pm", level)),
        dl=_of(own, lambda estimates: _meta_analysis(estimates, "dl", level)),
        kenward_roger=_of(fit, lambda model: _one_stage(model, "kenward-roger", level)),
        satterthwaite=_of(fit, lambda model: _one_stage(model, "satterthwaite", level)),
        these_persons=_of(own, lambda estimates: _these_persons(estimates, level)),
    )


def _or_why[Result](make: Callable[[], Result]) -> Result | NoAverage:
    """Return what is made, or why it cannot be."""
    try:
        return make()
    except ScoresError as error:
        return NoAverage(not_run="; ".join(fault.what for fault in error.faults))


def _of[Source, Row](source: Source | NoAverage, make: Callable[[Source], Row]) -> Row | NoAverage:
    """Return what is made of something, or why that could not be made, or this."""
    return source if isinstance(source, NoAverage) else _or_why(lambda: make(source))


def _average(estimate: Estimate, n: int, method: str) -> dict[str, Any]:
    return {
        "method": method,
        "n_persons": n,
        "estimate": estimate.estimate,
        "se": estimate.se,
        "df": estimate.df,
        "p_value": estimate.p_value,
        "ci_low": estimate.ci_low,
        "ci_high": estimate.ci_high,
        "ci_level": estimate.level,
    }


def _summary_t(means: FloatArray, level: float) -> Average:
    method = "t-test on the persons' mean cycle differences, all alike"
    return Average(**_average(summary_t(means, level), len(means), method))


def _meta_analysis(own: PersonEstimates, method: Method, level: float) -> Pooled:
    pooled = meta_analysis(own, method=method, level=level)
    errors = _WITHIN if own.df is not None else "standard errors as given"
    said = f"{_TAU[method]}, Knapp and Hartung's t; {errors}"
    if len(own.persons) < FEW:
        said += "; of so few persons the prediction interval promises too much"
    return Pooled(
        **_average(pooled.average, len(own.persons), said),
        tau2=pooled.tau2,
        tau2_low=pooled.tau2_low,
        tau2_high=pooled.tau2_high,
        prediction_low=pooled.prediction_low,
        prediction_high=pooled.prediction_high,
        i2=pooled.i2,
        q=pooled.q,
        q_p=pooled.q_p,
    )


def _one_stage(fit: MixedModel, df: DegreesOfFreedom, level: float) -> OneStage:
    method = f"mixed model of cycle differences in one stage, REML, {_DF[df]}'s degrees of freedom"
    return OneStage(
        **_average(fit.average(0, df, level), fit.n_persons, method),
        tau2=float(fit.between[0, 0]),
    )


def _these_persons(own: PersonEstimates, level: float) -> Average | NoAverage:
    """Return the mean of the persons' means: scatter between persons does not enter.

    Its variance is ``s^2 sum(1 / k_i) / n^2`` with the variance within persons pooled
    (Senn 2024, doi:10.1186/s13063-024-07964-7).
    """
    if own.df is None:
        return NoAverage(not_run="nobody said on how many cycles the standard errors rest")
    n = len(own.persons)
    se = float((own.se**2).sum()) ** 0.5 / n
    method = f"mean of these very persons' mean cycle differences; {_WITHIN}"
    return Average(**_average(by_t(float(own.estimate.mean()), se, own.df, level), n, method))
