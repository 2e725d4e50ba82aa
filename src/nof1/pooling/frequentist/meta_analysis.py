"""Pooling in two stages: one estimate and standard error a person, then their average.

    y_i = T + t_i + e_i,   t_i ~ N(0, tau^2),   e_i ~ N(0, se_i^2)

By default ``tau^2`` is found by REML and the average judged by Knapp and Hartung's t, which with
pooled standard errors keeps its error rate from three persons on; the same number of cycles in all
of them makes it the t-test on their mean differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, chdtri, stdtrit

from nof1.errors import Fault, ScoresError
from nof1.inference.frequentist.t_interval import by_t
from nof1.inference.summaries import Estimate
from nof1.pooling.frequentist.person_estimates import PersonEstimates, too_few

FloatArray = NDArray[np.float64]
Method = Literal["reml", "pm", "dl"]
Test = Literal["knapp-hartung", "z"]

#: Relative step of tau^2 below which it stands.
TOLERANCE = 1e-12
#: Of the distance between two nodes, until nothing is left of it.
HALVINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaAnalysis:
    """The average of many persons and how much they differ.

    Attributes
    ----------
    method : {"reml", "pm", "dl"}
        How `tau2` was found: REML, Paule and Mandel, DerSimonian and Laird.
    test : {"knapp-hartung", "z"}
        How the average was judged.
    n_persons : int
        Pooled.
    average : Estimate
        The average difference.
    tau2, tau2_low, tau2_high : float
        Variance between persons of their true differences in squared points, with its interval at
        the level of `average`.
    i2 : float
        Share of the variance of the estimates that is between persons, 0 to 1.
    h2 : float
        Variance of the estimates over what it would be without any between persons.
    q, q_df, q_p : float
        Cochran's test that all persons have the same difference.
    prediction_low, prediction_high : float
        Where the true difference of a further person lies, at the level of `average`:
        ``estimate +- c sqrt(tau2 + se^2)``, ``c`` from t with ``n_persons - 1`` degrees of freedom,
        or normal with `test` z.
    """

    method: Method
    test: Test
    n_persons: int
    average: Estimate
    tau2: float
    tau2_low: float
    tau2_high: float
    i2: float
    h2: float
    q: float
    q_df: int
    q_p: float
    prediction_low: float
    prediction_high: float


def meta_analysis(
    estimates: PersonEstimates,
    method: Method = "reml",
    test: Test = "knapp-hartung",
    level: float = 0.95,
) -> MetaAnalysis:
    """Return the average of the persons' estimates under random differences between them.

    The interval of ``tau^2`` holds the values at which the generalised Q is no further out than
    its chi-squared quantiles (Viechtbauer 2007, doi:10.1002/sim.2514). ``I^2`` and ``H^2`` compare
    ``tau^2`` with the typical variance of an estimate (Higgins & Thompson 2002,
    doi:10.1002/sim.1186, equation 9).

    Raises
    ------
    ScoresError
        With Knapp and Hartung's t when all persons have the same estimate.
    """
    y, se = estimates.estimate, estimates.se
    if test == "knapp-hartung":
        _refuse_equal(y)
    df, variance = len(y) - 1, se**2
    tau2 = float(between_variance(y, se, method))
    mean, mean_se = (float(figure) for figure in weighted_mean(y, se, np.array(tau2), test))
    average = by_t(mean, mean_se, df if test == "knapp-hartung" else inf, level)
    reach = float(stdtrit(average.df, (1 + level) / 2)) * sqrt(tau2 + mean_se**2)
    tail = (1 - level) / 2
    weight = 1 / variance
    typical = df * weight.sum() / (weight.sum() ** 2 - (weight**2).sum())
    q = float(_q(y, variance, np.zeros(())))
    return MetaAnalysis(
        method=method,
        test=test,
        n_persons=len(y),
        average=average,
        tau2=tau2,
        tau2_low=float(_where_q_is(chdtri(df, tail), y, variance)),
        tau2_high=float(_where_q_is(chdtri(df, 1 - tail), y, variance)),
        i2=tau2 / (tau2 + typical),
        h2=tau2 / typical + 1,
        q=q,
        q_df=df,
        q_p=float(chdtrc(df, q)),
        prediction_low=mean - reach,
        prediction_high=mean + reach,
    )


def summary_t(estimate: FloatArray, level: float = 0.95) -> Estimate:
    """Return the t-test on the persons' estimates, one number a person, all alike.

    What scatters between persons is all that counts, so that one cycle a person is enough.
    (Senn 2024, doi:10.1186/s13063-024-07964-7.)

    Parameters
    ----------
    estimate : array, shape (n_persons,)
        In points.
    level : float
        Of the interval.

    Raises
    ------
    ScoresError
        With fewer than two persons, or when all have the same estimate.
    """
    y = estimate
    if faults := too_few(len(y)):
        raise ScoresError(faults)
    _refuse_equal(y)
    return by_t(float(y.mean()), float(y.std(ddof=1)) / sqrt(len(y)), len(y) - 1, level)


def between_variance(estimate: FloatArray, se: FloatArray, method: Method) -> FloatArray:
    """Return the variance between persons of their true differences, in squared points.

    ``"dl"``: moments of Cochran's Q (DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2).
    ``"pm"``: where the generalised Q is ``n_persons - 1`` (Paule & Mandel 1982,
    doi:10.6028/jres.087.022). ``"reml"``: maximum of the restricted likelihood (Viechtbauer 2005,
    doi:10.3102/10769986030003261).

    Parameters
    ----------
    estimate, se : array, shape (..., n_persons)
        One series a row.
    method : {"reml", "pm", "dl"}

    Returns
    -------
    array, shape (...)
        Never below 0.
    """
    variance, df = se**2, estimate.shape[-1] - 1
    if method == "reml":
        return _reml(estimate, variance)
    if method == "pm":
        return _where_q_is(df, estimate, variance)
    weight = 1 / variance
    total = weight.sum(axis=-1)
    excess = _q(estimate, variance, np.zeros(estimate.shape[:-1])) - df
    return np.asarray(np.maximum(excess / (total - (weight**2).sum(axis=-1) / total), 0.0))


def weighted_mean(
    estimate: FloatArray, se: FloatArray, tau2: FloatArray, test: Test
) -> tuple[FloatArray, FloatArray]:
    """Return the average over persons and its standard error, in points.

    Weights ``w_i = 1 / (se_i^2 + tau^2)``; standard error ``1 / sqrt(sum w)`` for z, times
    ``sqrt(sum w (y - T)^2 / (n_persons - 1))`` for Knapp and Hartung's t, without a lower bound
    (Knapp & Hartung 2003, doi:10.1002/sim.1482).

    Parameters
    ----------
    estimate, se : array, shape (..., n_persons)
    tau2 : array, shape (...)
    test : {"knapp-hartung", "z"}
    """
    weight, mean, rest = _weighted(estimate, se**2, tau2)
    variance = 1 / weight.sum(axis=-1)
    if test == "knapp-hartung":
        variance = variance * (weight * rest**2).sum(axis=-1) / (estimate.shape[-1] - 1)
    return mean, np.sqrt(variance)


def _refuse_equal(estimate: FloatArray) -> None:
    if np.ptp(estimate) <= 1e-12 * np.abs(estimate).max():
        what = "all persons have the same difference, so that there is no scatter to judge by"
        raise ScoresError(Fault("", what, "Check the scores."))


def _weighted(
    y: FloatArray, variance: FloatArray, tau2: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return weights, weighted mean and distances from it."""
    weight = 1 / (variance + tau2[..., None])
    mean = (weight * y).sum(axis=-1) / weight.sum(axis=-1)
    return weight, mean, y - mean[..., None]


def _q(y: FloatArray, variance: FloatArray, tau2: FloatArray) -> FloatArray:
    """Return the generalised Q: the weighted sum of squares around the weighted mean."""
    weight, _, rest = _weighted(y, variance, tau2)
    return np.asarray((weight * rest**2).sum(axis=-1))


def _where_q_is(target: float, y: FloatArray, variance: FloatArray) -> FloatArray:
    """Return the tau^2 at which the generalised Q is `target`; 0 if it is below it at once.

    Q falls and is convex in tau^2, so that Newton's steps from 0 never pass the root.
    """
    tau2, step = np.zeros(y.shape[:-1]), np.ones(y.shape[:-1])
    while (step > TOLERANCE * tau2).any():
        weight, _, rest = _weighted(y, variance, tau2)
        excess = np.maximum((weight * rest**2).sum(axis=-1) - target, 0.0)
        slope = (weight**2 * rest**2).sum(axis=-1)
        step = np.divide(excess, slope, out=np.zeros_like(tau2), where=excess > 0)
        tau2 = tau2 + step
    return tau2


def _reml(y: FloatArray, variance: FloatArray) -> FloatArray:
    """Return the maximum of the restricted likelihood of tau^2.

    The best of 80 nodes, then halving of the distance between its neighbours by the sign of the
    derivative: neither a second maximum nor a flat one leads astray.
    """
    # The root of the likelihood equation cannot lie higher.
    most = 2 * np.ptp(y, axis=-1) ** 2 + variance.max(axis=-1)
    nodes = most[..., None] * np.concatenate([[0.0], np.geomspace(1e-8, 1.0, 79)])
    weight, _, rest = _weighted(y[..., None, :], variance[..., None, :], nodes)
    height = np.log(weight).sum(axis=-1) - np.log(weight.sum(axis=-1))
    best = (height - (weight * rest**2).sum(axis=-1)).argmax(axis=-1)[..., None]
    low = np.take_along_axis(nodes, np.maximum(best - 1, 0), axis=-1)[..., 0]
    high = np.take_along_axis(nodes, np.minimum(best + 1, nodes.shape[-1] - 1), axis=-1)[..., 0]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        rising = _reml_slope(y, variance, middle) > 0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    none = (best[..., 0] == 0) & (_reml_slope(y, variance, np.zeros_like(low)) <= 0)
    return np.where(none, 0.0, (low + high) / 2)


def _reml_slope(y: FloatArray, variance: FloatArray, tau2: FloatArray) -> FloatArray:
    """Return twice the derivative of the restricted log likelihood in tau^2."""
    weight, _, rest = _weighted(y, variance, tau2)
    squared = weight**2
    total = weight.sum(axis=-1)
    return np.asarray((squared * rest**2).sum(axis=-1) - total + squared.sum(axis=-1) / total)
