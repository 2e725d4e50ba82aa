"""The primary Bayesian answer again under other assumptions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nof1.inference.checks.drift import WIDE
from nof1.inference.checks.variants import Variant
from nof1.inference.exact import quadrature
from nof1.inference.fits import PosteriorFit
from nof1.inference.summaries import JudgedEffect
from nof1.model.model_input import model_input
from nof1.protocol.tables import AnalysisPlan
from nof1.trial.data import Series, TrialData

#: Half-lives that are tried one by one, in days.
HALF_LIVES = (0.0, 3.0, 7.0, 14.0, 28.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityRow(JudgedEffect):
    """The steady-state effect under one set of assumptions.

    Attributes
    ----------
    label : str
        What was assumed.
    effect, chances
        As in the primary analysis.
    """

    label: str


def variants(plan: AnalysisPlan) -> list[tuple[str, AnalysisPlan]]:
    """Return the plan and its variants, each with a label for print."""

    def changed(**update: Any) -> AnalysisPlan:
        return plan.model_copy(update=update)

    def with_prior(**update: float) -> AnalysisPlan:
        return changed(priors=plan.priors.model_copy(update=update))

    priors = plan.priors
    return [
        ("As planned", plan),
        *(
            (
                "No carryover" if days == 0 else f"Half-life {days:g} days",
                changed(carryover=f"fixed:{days:g}" if days else "none", half_lives="one"),
            )
            for days in HALF_LIVES
        ),
        ("First week of every period left out", changed(drop_days=max(7, plan.drop_days))),
        ("No trend", changed(trend="none")),
        (
            f"Wide prior of the trend ({WIDE:g} times the SD)",
            changed(
                trend="linear",
                priors=priors.model_copy(update={"trend_sd": WIDE * priors.trend_sd}),
            ),
        ),
        ("Period shifts twice as large", with_prior(period_scale=2 * priors.period_scale)),
        ("Period shifts half as large", with_prior(period_scale=0.5 * priors.period_scale)),
        ("Sceptical prior (half the SD)", with_prior(effect_sd=0.5 * priors.effect_sd)),
        ("Wide prior (four times the SD)", with_prior(effect_sd=4 * priors.effect_sd)),
    ]


def sensitivity(
    data: TrialData, series: Series, plan: AnalysisPlan, *, active: int = 1, comparator: int = 0
) -> tuple[SensitivityRow, ...]:
    """Return one row for every variant of the plan that leaves scores on both arms.

    Where covariates were declared, a row leaves them out; the last has an SD for each arm.
    """
    cases = [(label, data, variant) for label, variant in variants(plan)]
    if data.masked.covariates:
        bare = replace(data, masked=replace(data.masked, covariates=()))
        cases.append(("Not adjusted for covariates", bare, plan))
    rows = []
    for label, whose, variant in cases:
        inputs = model_input(whose, series, variant)
        if inputs.n == 0 or inputs.unspoken(active, comparator) is not None:
            continue
        solution = quadrature.solve(inputs)
        rows.append(_row(label, quadrature.summarise(solution, active, comparator)))
    inputs = model_input(data, series, plan)
    if inputs.unspoken(active, comparator) is None and np.ptp(inputs.score) >= inputs.step:
        by_arm = Variant(inputs=inputs, likelihood="by-arm")
        rows.append(_row("An SD of the scores for each arm", by_arm.fit(active, comparator)))
    return tuple(rows)


def _row(label: str, fit: PosteriorFit) -> SensitivityRow:
    return SensitivityRow(label=label, effect=fit.effect, chances=fit.chances)
