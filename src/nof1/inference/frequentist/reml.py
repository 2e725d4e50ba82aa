"""AR(1) by calendar gaps and random period effects by restricted maximum likelihood.

A sensitivity analysis: its standard error rests on the variance within periods, so that period
shifts make it too small when the data cannot show them. The degrees of freedom are
Satterthwaite's. statsmodels has none of this together: its mixed model knows no correlation of
residuals, its SARIMAX no period shifts and no restricted likelihood, and neither has
Satterthwaite's degrees of freedom.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nof1.inference.fits import CovariateChange, NotRun, RemlFit
from nof1.inference.frequentist.gls import GlsFit, gls
from nof1.inference.frequentist.t_interval import Estimates, by_t, many_by_t
from nof1.inference.summaries import Estimate
from nof1.model.model_input import ModelInput
from nof1.words.caution import sentence

FloatArray = NDArray[np.float64]

#: Steps of the log factors of SDs, and how many either way, each round around the best so far.
FINER = ((0.25, 14), (0.08, 4), (0.02, 4), (0.005, 4))
#: Step aside over which a log factor's curvature is taken.
ASIDE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class RemlContrasts:
    """The contrasts of many score vectors of one design, arrays of one shape; see `RemlFit`."""

    tests: Estimates
    phi: FloatArray
    sigma: FloatArray
    sigma_period: FloatArray


def regressors(inputs: ModelInput, half_life_days: float) -> FloatArray:
    """Return the columns of level, exposure to every arm but the comparator, trend, covariates."""
    columns = [np.ones(inputs.n), *inputs.exposure(half_life_days).T]
    if inputs.plan.trend == "linear":
        columns.append(inputs.trend)
    return np.column_stack([*columns, inputs.covariates])


def why_not(inputs: ModelInput, x: FloatArray) -> str | None:
    """Return why the scores do not allow a fit with these regressors, None when they do."""
    why = _why_design_not(inputs, x)
    explained = x @ np.linalg.lstsq(x, inputs.score, rcond=None)[0]
    if why is None and np.abs(inputs.score - explained).max() <= 1e-9 * inputs.span:
        return "the scores do not scatter at all"
    return why


def _why_design_not(inputs: ModelInput, x: FloatArray) -> str | None:
    """Return why no scores of this design could be fitted, None when they could."""
    rank, terms = np.linalg.matrix_rank, x.shape[1]
    if inputs.n <= terms + 2:
        return f"the {terms} terms of the model need at least {terms + 3} scores"
    if rank(x) < terms:
        without = terms - len(inputs.adjustments)
        if rank(x[:, :without]) == without:
            return "a covariate goes with the arms, the trend or another covariate throughout"
        return "the scores do not tell the arms and the trend apart"
    if _tells_shifts(inputs) and (rank(np.column_stack([x, inputs.period_share])) == terms):
        return "there are too few periods to tell their shifts from the arms"
    return None


def fit(inputs: ModelInput, active: int, comparator: int) -> RemlFit | NotRun:
    """Return the contrast of two arms by REML.

    Without carryover in the plan, or with carryover to be estimated, the regressor is the arm
    itself and the estimand the difference as scheduled; with a fixed half-life it is the
    exposure, and the estimand the steady-state effect.
    """
    x = regressors(inputs, _half_life(inputs))
    scheduled = _half_life(inputs) == 0
    why = why_not(inputs, x)
    if why is None and scheduled:
        unspoken = inputs.unspoken(active, comparator, whole=True)
        why = None if unspoken is None else sentence(unspoken)
    if why is not None:
        return NotRun(engine=RemlFit.engine, why=why)
    by_arm = inputs.plan.likelihood == "by-arm"
    fit, sds = _with_sds(inputs, x) if by_arm else (_fitted(inputs.score, inputs, x), {})
    contrasts = _contrasts(fit, inputs, active, comparator)
    return RemlFit(
        estimand="as-scheduled" if scheduled else "steady-state",
        **asdict(contrasts.tests.single()),
        phi=float(contrasts.phi),
        sigma=float(contrasts.sigma),
        sigma_period=float(contrasts.sigma_period),
        covariates=_covariates(inputs, fit),
        sigma_by_arm=sds,
    )


def fit_many(scores: FloatArray, inputs: ModelInput, active: int, comparator: int) -> RemlContrasts:
    """Return the contrasts of many score vectors of one design.

    Parameters
    ----------
    scores : array, shape (m, n)
        In points, on the days of `inputs`.
    inputs : ModelInput
        The design; its own scores are not used.
    active, comparator : int
        Numbers of the arms compared.

    Raises
    ------
    ValueError
        If the design does not allow a fit, with the reason.
    """
    x = regressors(inputs, _half_life(inputs))
    why = _why_design_not(inputs, x)
    if why is not None:
        raise ValueError(why)
    return _contrasts(_fitted(scores, inputs, x), inputs, active, comparator)


def _half_life(inputs: ModelInput) -> float:
    return inputs.plan.fixed_half_life_days or 0.0


def _fitted(
    scores: FloatArray, inputs: ModelInput, x: FloatArray, precision: FloatArray | None = None
) -> GlsFit:
    shifts = inputs.period_share if _tells_shifts(inputs) else None
    return gls(scores, x, inputs.lag, shifts, precision)


def _with_sds(inputs: ModelInput, x: FloatArray) -> tuple[GlsFit, dict[str, float]]:
    """Return the fit with an SD for each arm, and the SDs.

    The log factors of the SDs are found one after the other, on ever finer steps; what is not
    known of them takes degrees of freedom as phi and the period SD do.
    """
    arms = inputs.mainly_on
    known = int(np.bincount(arms, minlength=len(inputs.arms)).argmax())
    others = [arm for arm in np.unique(arms).tolist() if arm != known]
    logs = np.zeros(len(inputs.arms))

    def at(arm: int, log_factor: float) -> GlsFit:
        moved = logs.copy()
        moved[arm] = log_factor
        return _fitted(inputs.score, inputs, x, np.exp(-2.0 * moved[arms]))

    for step, reach in FINER:
        for arm in others:
            tried = logs[arm] + step * np.arange(-reach, reach + 1)
            best = int(np.argmax([float(at(arm, value).log_likelihood) for value in tried]))
            logs[arm] = tried[best]
    fit = at(known, 0.0)
    df = fit.df
    for arm in others:
        low, high = (at(arm, logs[arm] + step) for step in (-ASIDE, ASIDE))
        curvature = high.log_likelihood - 2.0 * fit.log_likelihood + low.log_likelihood
        slope = np.log(np.diagonal(high.covariance) / np.diagonal(low.covariance)) / 2.0
        df = 2.0 / (2.0 / df + slope**2 / max(-float(curvature), 1e-3))
    sds = {inputs.arms[arm]: float(fit.sigma * np.exp(logs[arm])) for arm in [known, *others]}
    return replace(fit, df=np.clip(df, 1.0, None)), sds


def _tells_shifts(inputs: ModelInput) -> bool:
    """Return whether periods shift, and not only scatter.

    Where every period has one score, its shift is part of the scatter, and what is left to tell
    them apart is the correlation alone, which takes all degrees of freedom.
    """
    alone = inputs.period[inputs.period >= 0]
    return inputs.plan.period_effects == "random" and (
        len(alone) < inputs.n or len(np.unique(alone)) < len(alone)
    )


def _contrasts(fit: GlsFit, inputs: ModelInput, active: int, comparator: int) -> RemlContrasts:
    signs = np.zeros(fit.coefficients.shape[-1])
    signs[active] = 1.0
    if comparator:
        signs[comparator] = -1.0
    # Between two actives, the more cautious of the two effects' degrees of freedom.
    df = fit.df[..., signs != 0].min(axis=-1)
    se = (signs @ fit.covariance @ signs) ** 0.5
    return RemlContrasts(
        tests=many_by_t(fit.coefficients @ signs, se, df, inputs.plan.ci_level),
        phi=fit.phi,
        sigma=fit.sigma,
        sigma_period=fit.ratio * fit.sigma,
    )


def _covariates(inputs: ModelInput, fit: GlsFit) -> dict[str, CovariateChange[Estimate]]:
    """Return the change in points for one unit of each covariate; nothing without any."""
    first = len(fit.coefficients) - len(inputs.adjustments)
    return {
        adjustment.covariate: CovariateChange(
            title=adjustment.title,
            unit=adjustment.unit,
            change=by_t(
                float(fit.coefficients[place]) / adjustment.sd,
                float(fit.covariance[place, place] ** 0.5) / adjustment.sd,
                float(fit.df[place]),
                inputs.plan.ci_level,
            ),
        )
        for place, adjustment in enumerate(inputs.adjustments, start=first)
    }
