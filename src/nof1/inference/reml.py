"""AR(1) by calendar gaps and random period effects by restricted maximum likelihood.

A sensitivity analysis: its standard error rests on the variance within periods, so that period
shifts make it too small when the data cannot show them. The degrees of freedom are
Satterthwaite's: 2 f^2 / (g' A g), where f is the variance of the estimate, g its gradient in the
variance parameters and A their inverse observed information.
(Pinheiro & Bates 2000, doi:10.1007/b98882, section 5.3, for the restricted likelihood.)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.inference.result import Fit, NotRun
from nof1.inference.student import t_figures
from nof1.model.autoregression import whiten
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]

ENGINE = "reml"
#: Largest autocorrelation and ratio of period SD to noise SD that are searched.
MOST_PHI, MOST_RATIO = 0.995, 20.0
#: Below this an estimate counts as lying on the boundary, and its uncertainty is not carried.
BOUNDARY = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class GlsFit:
    """A linear model with AR(1) noise and period shifts, fitted.

    Attributes
    ----------
    coefficients : array, shape (p,)
    covariance : array, shape (p, p)
        Of the coefficients at the fitted variances.
    phi : float
        Autocorrelation at the usual spacing.
    ratio : float
        Period SD over noise SD; 0 without period effects.
    sigma : float
        Noise SD in points.
    log_likelihood : float
        Restricted, or full when not restricted.
    df : array, shape (p,)
        Satterthwaite's degrees of freedom, between 1 and n - p.
    """

    coefficients: FloatArray
    covariance: FloatArray
    phi: float
    ratio: float
    sigma: float
    log_likelihood: float
    df: FloatArray


class _Likelihood:
    """Profile likelihood of (phi, ratio), from Gram matrices that know no scores' number."""

    def __init__(
        self, y: FloatArray, x: FloatArray, lag: FloatArray, periods: FloatArray, restricted: bool
    ) -> None:
        self.columns = np.column_stack([x, y - y.mean(), periods])
        self.mean = float(y.mean())
        self.n, self.p = int(x.shape[0]), int(x.shape[1])
        self.lag, self.restricted = lag, restricted

    @property
    def residual_df(self) -> int:
        """Return the divisor of the noise variance."""
        return self.n - self.p if self.restricted else self.n

    def gram(self, phi: FloatArray, ratio: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return Gram matrices of (x, y), periods eliminated, and log determinants.

        Shapes (m, r, p + 1, p + 1) and (m, r) for m values of phi and r of the ratio.
        """
        white, log_det = whiten(self.columns, self.lag, phi)
        products = np.swapaxes(white, -1, -2) @ white
        q = self.p + 1
        values, vectors = np.linalg.eigh(products[:, q:, q:])
        values = np.maximum(values, 0.0)
        load = np.swapaxes(vectors, -1, -2) @ products[:, q:, :q]
        inflation = ratio[:, None] ** 2 * values[:, None, :]
        shrink = ratio[:, None] ** 2 / (1.0 + inflation)
        reduced = products[:, None, :q, :q] - np.einsum("mki,mrk,mkj->mrij", load, shrink, load)
        return reduced, log_det[:, None] + np.log1p(inflation).sum(axis=-1)

    def profile(self, phi: FloatArray, ratio: FloatArray) -> FloatArray:
        """Return the log likelihood, maximal in the coefficients and sigma, shape (m, r)."""
        gram, log_det = self.gram(phi, ratio)
        p, df = self.p, self.residual_df
        xx, xy = gram[..., :p, :p], gram[..., :p, p]
        ssr = gram[..., p, p] - np.einsum(
            "...i,...i->...", xy, np.linalg.solve(xx, xy[..., None])[..., 0]
        )
        value = df * (np.log(2 * pi * np.maximum(ssr, 1e-300) / df) + 1.0) + log_det
        if self.restricted:
            value = value + np.linalg.slogdet(xx)[1]
        return np.asarray(-0.5 * value)

    def solve(self, phi: float, ratio: float) -> tuple[FloatArray, FloatArray, float]:
        """Return coefficients, inverse Gram matrix and residual sum of squares."""
        gram = self.gram(np.array([phi]), np.array([ratio]))[0][0, 0]
        inverse = np.linalg.inv(gram[: self.p, : self.p])
        coefficients = inverse @ gram[: self.p, self.p]
        ssr = float(gram[self.p, self.p] - coefficients @ gram[: self.p, self.p])
        return coefficients, inverse, ssr


def gls(
    y: FloatArray,
    x: FloatArray,
    lag: FloatArray,
    periods: FloatArray | None = None,
    *,
    restricted: bool = True,
) -> GlsFit:
    """Return the fit of a linear model with AR(1) noise by calendar gaps and period shifts.

    Parameters
    ----------
    y : array, shape (n,)
        Scores in points.
    x : array, shape (n, p)
        Regressors of full rank, the intercept first.
    lag : array, shape (n,)
        Distance to the score before, in usual spacings.
    periods : array, shape (n, n_periods), or None
        Share of every score in every period; None for no period effects.
    restricted : bool
        REML (default) or full maximum likelihood.
    """
    none = np.zeros((len(y), 0))
    likelihood = _Likelihood(y, x, lag, none if periods is None else periods, restricted)
    phi, ratio = _maximum(likelihood, with_periods=periods is not None)
    coefficients, inverse, ssr = likelihood.solve(phi, ratio)
    variance = ssr / likelihood.residual_df
    coefficients[0] += likelihood.mean
    return GlsFit(
        coefficients=coefficients,
        covariance=variance * inverse,
        phi=phi,
        ratio=ratio,
        sigma=variance**0.5,
        log_likelihood=float(likelihood.profile(np.array([phi]), np.array([ratio]))[0, 0]),
        df=_satterthwaite(likelihood, phi, ratio, variance),
    )


def _maximum(likelihood: _Likelihood, *, with_periods: bool) -> tuple[float, float]:
    """Return the maximum of the profile, by grids that close in on the best node.

    No derivative and no optimiser that could fail; each grid is three times finer than the last.
    """
    phi = np.linspace(0.0, MOST_PHI, 60)
    ratio = np.concatenate([[0.0], np.geomspace(0.01, MOST_RATIO, 40)])
    if not with_periods:
        ratio = np.zeros(1)
    for _ in range(18):
        values = likelihood.profile(phi, ratio)
        i, j = np.unravel_index(int(values.argmax()), values.shape)
        phi = _closer(phi, int(i))
        ratio = _closer(ratio, int(j)) if with_periods else ratio
    values = likelihood.profile(phi, ratio)
    i, j = np.unravel_index(int(values.argmax()), values.shape)
    return float(phi[i]), float(ratio[j])


def _closer(nodes: FloatArray, best: int) -> FloatArray:
    """Return seven nodes between the neighbours of the best one."""
    return np.linspace(nodes[max(best - 1, 0)], nodes[min(best + 1, len(nodes) - 1)], 7)


def _satterthwaite(
    likelihood: _Likelihood, phi: float, ratio: float, variance: float
) -> FloatArray:
    """Return the degrees of freedom of every coefficient, between 1 and n - p."""
    centre = np.array([phi, ratio, log(max(variance, 1e-300))])
    inside = np.array([BOUNDARY < phi < MOST_PHI - BOUNDARY, ratio > BOUNDARY, True])
    step = np.array([min(1e-3, phi / 2, (1 - phi) / 4), min(1e-2, ratio / 2), 1e-2])
    free = [i for i in range(3) if inside[i]]

    def at(point: FloatArray) -> tuple[float, FloatArray]:
        """Return log likelihood and coefficient variances at (phi, ratio, log variance)."""
        gram, log_det = likelihood.gram(point[:1], point[1:2])
        p, s2 = likelihood.p, float(np.exp(point[2]))
        xx, xy = gram[0, 0, :p, :p], gram[0, 0, :p, p]
        inverse = np.linalg.inv(xx)
        ssr = float(gram[0, 0, p, p] - xy @ inverse @ xy)
        value = likelihood.residual_df * point[2] + log_det[0, 0] + ssr / s2
        if likelihood.restricted:
            value += np.linalg.slogdet(xx)[1]
        return -0.5 * float(value), s2 * np.diag(inverse)

    def moved(*shifts: tuple[int, int]) -> FloatArray:
        point = centre.copy()
        for index, sign in shifts:
            point[index] += sign * step[index]
        return point

    size = len(free)
    information, gradient = np.zeros((size, size)), np.zeros((size, likelihood.p))
    middle, variances = at(centre)
    for a, i in enumerate(free):
        (up, up_var), (down, down_var) = at(moved((i, 1))), at(moved((i, -1)))
        gradient[a] = (up_var - down_var) / (2 * step[i])
        information[a, a] = -(up - 2 * middle + down) / step[i] ** 2
        for b, j in enumerate(free[:a]):
            corners = [at(moved((i, s), (j, t)))[0] * s * t for s in (1, -1) for t in (1, -1)]
            information[a, b] = information[b, a] = -sum(corners) / (4 * step[i] * step[j])
    most = likelihood.n - likelihood.p
    spread = np.einsum("ap,ab,bp->p", gradient, np.linalg.pinv(information), gradient)
    df = np.divide(2 * variances**2, spread, out=np.full(likelihood.p, 1.0), where=spread > 0)
    return np.asarray(np.clip(df, 1.0, most))


def regressors(given: ModelInput, half_life_days: float) -> FloatArray:
    """Return the columns of level, exposure to every arm but the comparator, trend, covariates."""
    columns = [np.ones(given.n), *given.exposure(half_life_days).T]
    if given.plan.trend == "linear":
        columns.append(given.trend)
    return np.column_stack([*columns, given.covariates])


def why_not(given: ModelInput, x: FloatArray) -> str | None:
    """Return why the scores do not allow a fit with these regressors, None when they do."""
    rank, terms = np.linalg.matrix_rank, x.shape[1]
    if given.n <= terms + 2:
        return f"the {terms} terms of the model need at least {terms + 3} scores"
    if rank(x) < terms:
        without = terms - len(given.adjustments)
        if rank(x[:, :without]) == without:
            return "a covariate goes with the arms, the trend or another covariate throughout"
        return "the scores do not tell the arms and the trend apart"
    if given.plan.period_effects == "random" and (
        rank(np.column_stack([x, given.period_share])) == terms
    ):
        return "there are too few periods to tell their shifts from the arms"
    explained = x @ np.linalg.lstsq(x, given.score, rcond=None)[0]
    if np.abs(given.score - explained).max() <= 1e-9 * given.span:
        return "the scores do not scatter at all"
    return None


def fit(given: ModelInput, active: int, comparator: int) -> Fit | NotRun:
    """Return the contrast of two arms by REML.

    Without carryover in the plan, or with carryover to be estimated, the regressor is the arm
    itself and the estimand the difference as scheduled; with a fixed half-life it is the
    exposure, and the estimand the steady-state effect.
    """
    half_life = given.plan.fixed_half_life_days or 0.0
    x = regressors(given, half_life)
    why = why_not(given, x)
    if why is not None:
        return NotRun(engine=ENGINE, why=why)
    with_periods = given.plan.period_effects == "random"
    found = gls(given.score, x, given.lag, given.period_share if with_periods else None)
    return _contrast(given, found, active, comparator, steady_state=half_life > 0)


def _contrast(
    given: ModelInput, found: GlsFit, active: int, comparator: int, *, steady_state: bool
) -> Fit:
    signs = np.zeros(len(found.coefficients))
    signs[active] = 1.0
    if comparator:
        signs[comparator] = -1.0
    estimate = float(signs @ found.coefficients)
    se = float((signs @ found.covariance @ signs) ** 0.5)
    # Between two actives, the more cautious of the two effects' degrees of freedom.
    df = float(found.df[signs != 0].min())
    return Fit(
        engine=ENGINE,
        estimand="steady-state" if steady_state else "as-scheduled",
        values={
            **t_figures(estimate, se, df, given.plan.ci_level),
            "phi": found.phi,
            "sigma": found.sigma,
            "sigma_period": found.ratio * found.sigma,
            **_covariates(given, found),
        },
    )


def _covariates(given: ModelInput, found: GlsFit) -> dict[str, Any]:
    """Return the change in points for one unit of each covariate; nothing without any."""
    first = len(found.coefficients) - len(given.adjustments)
    values = {
        one.covariate: {
            "title": one.title,
            "unit": one.unit,
            **t_figures(
                float(found.coefficients[place]) / one.sd,
                float(found.covariance[place, place] ** 0.5) / one.sd,
                float(found.df[place]),
                given.plan.ci_level,
            ),
        }
        for place, one in enumerate(given.adjustments, start=first)
    }
    return {"covariates": values} if values else {}
