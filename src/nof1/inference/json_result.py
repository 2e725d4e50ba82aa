"""An analysis as the JSON object other people's programs rely on: keys are added, never renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from nof1.inference.result import Analysis, Contrast, DriftCheck, Fit, Neighbours, NotRun, Scatter
from nof1.inference.score_account import Account
from nof1.provenance import software
from nof1.words.caution import Caution, sentence


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
        "descriptive": dict(analysis.descriptive),
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
        "answer": None if drift.answer is None else dict(drift.answer),
    }


def engine_object(result: Fit | NotRun) -> dict[str, Any]:
    """Return what an engine found, or why it did not run."""
    if isinstance(result, NotRun):
        return {"not_run": result.why}
    values = {
        name: sentence(value) if isinstance(value, Caution) else value
        for name, value in result.values.items()
    }
    return {"estimand": result.estimand, **values}
