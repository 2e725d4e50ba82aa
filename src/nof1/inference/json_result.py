"""An analysis as the JSON object other people's programs rely on: keys are added, never renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from nof1.inference.fits import (
    Fit,
    LikelihoodFit,
    NotRun,
    NutsFit,
    PairedFit,
    PopulationFit,
    PosteriorFit,
    QuadratureFit,
    RandomisationFit,
    RemlFit,
    Sampling,
)
from nof1.inference.result import (
    Analysis,
    Contrast,
    DriftCheck,
    Neighbours,
    PlainDifference,
    Scatter,
)
from nof1.inference.score_account import Account
from nof1.inference.summaries import Chances, Estimate, JudgedEffect, Summary
from nof1.provenance import software
from nof1.words.caution import sentence


def analysis_object(
    analysis: Analysis, calibration: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return one analysis under the schema ``nof1.analysis/1``.

    Parameters
    ----------
    analysis : Analysis
        Finished.
    calibration : mapping or None
        Error rates measured where simulated trials were most like this one, if any were.
    """
    primary = analysis.primary
    contents: dict[str, Any] = {
        "schema": "nof1.analysis/1",
        "person": analysis.person,
        "outcome": analysis.outcome,
        "contrast": {"active": primary.active, "comparator": primary.comparator},
        "unit": analysis.unit,
        "better": analysis.better,
        "mcid": analysis.mcid,
        "scale": {"low": analysis.low, "high": analysis.high},
        "n_scores": analysis.n_scores,
        "n_missing": analysis.n_missing,
        "n_periods": analysis.n_periods,
        "n_cycles": analysis.n_cycles,
        "arms": [
            {"arm": arm.arm, "n": arm.n, "mean": arm.mean, "sd": arm.sd}
            for arm in analysis.arm_summaries
        ],
        "account": _account_object(analysis.account),
        "scatter": None if analysis.scatter is None else _scatter_object(analysis.scatter),
        "neighbours": (
            None if analysis.neighbours is None else _neighbours_object(analysis.neighbours)
        ),
        "outliers": [
            {"day": outlier.day, "score": outlier.score, "sds": outlier.sds}
            for outlier in analysis.outliers
        ],
        "descriptive": _plain_object(analysis.descriptive),
        **_contrast_object(primary),
        "calibration": calibration,
        "warnings": list(analysis.warnings),
        "warning_codes": [caution.code for caution in analysis.cautions],
        "software": software(),
    }
    if len(analysis.contrasts) > 1:
        contents["contrasts"] = [
            {
                "active": contrast.active,
                "comparator": contrast.comparator,
                **_contrast_object(contrast),
            }
            for contrast in analysis.contrasts
        ]
    return contents


def analyses_object(
    analyses: Sequence[Analysis], calibrations: Sequence[Mapping[str, Any] | None] = ()
) -> dict[str, Any]:
    """Return one object for one analysis, and ``nof1.analyses/1`` for several."""
    pairs = zip_longest(analyses, calibrations)
    objects = [analysis_object(analysis, calibration) for analysis, calibration in pairs]
    return objects[0] if len(objects) == 1 else {"schema": "nof1.analyses/1", "analyses": objects}


def _account_object(account: Account) -> dict[str, Any]:
    return {
        "total": account.total,
        "fates": [
            {
                "what": count.what,
                "n": count.n,
                "by_arm": dict(count.by_arm),
                "on_no_arm": count.on_no_arm,
            }
            for count in account.counted
        ],
    }


def _contrast_object(contrast: Contrast) -> dict[str, Any]:
    reason = contrast.verdict.reason
    return {
        "engines": {name: engine_object(result) for name, result in contrast.engines.items()},
        # No verdict is made without a posterior.
        "verdict": contrast.verdict.code if contrast.answer else None,
        "further_cycles": contrast.verdict.further_cycles,
        "verdict_because": contrast.verdict.because,
        "verdict_reason": None if reason is None else sentence(reason),
        "drift_check": None if contrast.drift is None else _drift_object(contrast.drift),
    }


def _scatter_object(scatter: Scatter) -> dict[str, Any]:
    return {
        "sds": dict(scatter.sds),
        "log_bayes_factor": scatter.log_bayes_factor,
        "unequal": scatter.unequal,
    }


def _neighbours_object(neighbours: Neighbours) -> dict[str, Any]:
    return {
        "correlation": neighbours.correlation,
        "expected": neighbours.expected,
        "p_negative": neighbours.p_negative,
        "against": neighbours.against,
        "too_wide": neighbours.too_wide,
    }


def _drift_object(drift: DriftCheck) -> dict[str, Any]:
    return {
        "prior_sd": drift.prior_sd,
        "wide_sd": drift.wide_sd,
        "mean": drift.mean,
        "sd": drift.sd,
        "distance": drift.distance,
        "conflict": drift.conflict,
        "answer": None if drift.answer is None else _figures(drift.answer),
    }


def _plain_object(plain: PlainDifference) -> dict[str, Any]:
    return {
        "difference": plain.difference,
        "welch_t": plain.welch_t,
        "welch_df": plain.welch_df,
        "welch_p": plain.welch_p,
        "note": "treats scores as independent, which they are not; described, not a valid test",
    }


# --- The engines ---------------------------------------------------------------------------------


def engine_object(result: Fit | NotRun) -> dict[str, Any]:
    """Return what one engine gave, under the names of the contract."""
    if isinstance(result, NotRun):
        return {"not_run": result.why}
    return {"estimand": result.estimand, **_figures(result)}


def _figures(fit: Fit) -> dict[str, Any]:
    """Return the figures of an engine in the order in which they have always stood."""
    match fit:
        case RandomisationFit():
            return _randomisation_figures(fit)
        case PairedFit():
            return {**_estimate_figures(fit), "differences": list(fit.differences)}
        case RemlFit():
            return _reml_figures(fit)
        case QuadratureFit():
            last = {"log_evidence": fit.log_evidence, "error": fit.error}
            return {**_posterior_figures(fit, _with_sd(fit.effect)), **last}
        case NutsFit():
            sampling = _sampling_figures(fit.sampling)
            sampler = sampling.pop("sampler")
            last = {**sampling, "seed": fit.seed, "sampler": sampler}
            return {**_posterior_figures(fit, _sd_last(fit.effect)), **last}
        case LikelihoodFit():
            return _likelihood_figures(fit)
        case PopulationFit():
            return _population_figures(fit)
    raise AssertionError(f"{fit.engine} has no form in JSON")


def _estimate_figures(estimate: Estimate | PairedFit | RemlFit) -> dict[str, Any]:
    return {
        "estimate": estimate.estimate,
        "se": estimate.se,
        "df": estimate.df,
        "p_value": estimate.p_value,
        "ci_low": estimate.ci_low,
        "ci_high": estimate.ci_high,
        "ci_level": estimate.level,
    }


def _randomisation_figures(fit: RandomisationFit) -> dict[str, Any]:
    pooled = fit.pooled_means
    return {
        "estimate": fit.estimate,
        "p_value": fit.p_value,
        "ci_low": fit.ci_low,
        "ci_high": fit.ci_high,
        "ci_level": fit.level,
        "min_p_value": fit.min_p_value,
        "statistic": fit.statistic,
        **(
            {"pooled_mean": {"estimate": pooled.estimate, "p_value": pooled.p_value}}
            if pooled
            else {}
        ),
        "allocations": fit.allocations,
        "exact": fit.exact,
        "monte_carlo_se": fit.monte_carlo_se,
    }


def _reml_figures(fit: RemlFit) -> dict[str, Any]:
    figures = {
        **_estimate_figures(fit),
        "phi": fit.phi,
        "sigma": fit.sigma,
        "sigma_period": fit.sigma_period,
    }
    if fit.covariates:
        figures["covariates"] = {
            name: {
                "title": covariate.title,
                "unit": covariate.unit,
                **_estimate_figures(covariate.change),
            }
            for name, covariate in fit.covariates.items()
        }
    if fit.sigma_by_arm:
        figures["sigma_by_arm"] = dict(fit.sigma_by_arm)
    return figures


def _interval(summary: Summary) -> dict[str, float]:
    return {"mean": summary.mean, "ci_low": summary.ci_low, "ci_high": summary.ci_high}


def _with_sd(summary: Summary) -> dict[str, float]:
    ends = {"ci_low": summary.ci_low, "ci_high": summary.ci_high}
    return {"mean": summary.mean, "sd": summary.sd, **ends}


def _sd_last(summary: Summary) -> dict[str, float]:
    return {**_interval(summary), "sd": summary.sd}


def _chances_figures(chances: Chances) -> dict[str, float | None]:
    return {
        "p_better": chances.better,
        "p_meaningful": chances.meaningful,
        "p_worse": chances.worse,
        "p_trivial": chances.trivial,
        "p_meaningfully_worse": chances.meaningfully_worse,
    }


def _posterior_figures(fit: PosteriorFit, effect: dict[str, float]) -> dict[str, Any]:
    """Return the figures of every posterior of the whole model."""
    scheduled: dict[str, Any] = {"mean": None, "ci_low": None, "ci_high": None}
    if fit.as_scheduled is None:
        scheduled["not_run"] = fit.why_not_scheduled
    else:
        scheduled = _interval(fit.as_scheduled)
    figures = {
        **effect,
        "ci_level": fit.level,
        **_chances_figures(fit.chances),
        "as_scheduled": scheduled,
        "half_life": _interval(fit.half_life),
    }
    if fit.half_life_rise is not None:
        figures["half_life_rise"] = _interval(fit.half_life_rise)
    figures["phi"] = _interval(fit.phi)
    figures["sigma"] = _interval(fit.sigma)
    figures["sigma_period"] = _interval(fit.sigma_period)
    if fit.trend is not None:
        figures["trend"] = _interval(fit.trend)
    if fit.covariates:
        figures["covariates"] = {
            name: {"title": covariate.title, "unit": covariate.unit, **_interval(covariate.change)}
            for name, covariate in fit.covariates.items()
        }
    return figures


def _sampling_figures(sampling: Sampling) -> dict[str, Any]:
    return {
        "rhat": sampling.rhat,
        "ess": sampling.ess,
        "divergences": sampling.divergences,
        "draws": sampling.draws,
        "sampler": sampling.sampler,
    }


def _likelihood_figures(fit: LikelihoodFit) -> dict[str, Any]:
    figures = {
        "likelihood": fit.likelihood,
        "by": fit.by,
        "reason": sentence(fit.reason),
        "k_hat": fit.k_hat,
        **_posterior_figures(fit, _sd_last(fit.effect)),
    }
    if fit.latent is not None:
        figures["latent"] = _interval(fit.latent)
    if fit.sampling is None:
        figures |= {"ess": fit.ess, "log_evidence": fit.log_evidence}
    else:
        figures |= _sampling_figures(fit.sampling)
    if fit.sigma_by_arm:
        figures["sigma_by_arm"] = {
            arm: _interval(summary) for arm, summary in fit.sigma_by_arm.items()
        }
    if fit.heavy_tails is not None:
        figures["heavy_tails"] = _interval(fit.heavy_tails)
    return figures


def _judged_figures(judged: JudgedEffect | PopulationFit) -> dict[str, Any]:
    return {**_with_sd(judged.effect), **_chances_figures(judged.chances)}


def _population_figures(fit: PopulationFit) -> dict[str, Any]:
    prior = fit.prior
    source = {"n_persons": prior.n_persons, "source": prior.source}
    return {
        **_judged_figures(fit),
        "ci_level": fit.level,
        "prior": {**_judged_figures(prior), **source},
        "own": _judged_figures(fit.own),
    }
