"""Everything a report needs of one person's trial, computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nof1.inference.analysis import DEFAULT_ENGINES, analyse, contrasts_of
from nof1.inference.answering import BeforeSampling
from nof1.inference.checks.carryover import CarryoverSummary, summarise_carryover
from nof1.inference.checks.description import Description, describe
from nof1.inference.checks.diagnostics import Diagnostics, diagnose
from nof1.inference.checks.sensitivity import SensitivityRow, sensitivity
from nof1.inference.result import Analysis
from nof1.model.model_input import model_input
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.trial.data import TrialData


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The finished results of one trial; all but the first two are of the primary outcome.

    Attributes
    ----------
    analyses, descriptions : tuple
        One for each outcome that has scores, the primary outcome first.
    sensitivity : tuple of SensitivityRow
        The primary contrast under other assumptions.
    diagnostics : Diagnostics or None
        None when there are too few scores to judge.
    carryover : CarryoverSummary
        What was assumed and learnt about the half-life.
    """

    analyses: tuple[Analysis, ...]
    descriptions: tuple[Description, ...]
    sensitivity: tuple[SensitivityRow, ...]
    diagnostics: Diagnostics | None
    carryover: CarryoverSummary


def results(
    data: TrialData,
    plan: AnalysisPlan,
    decision: Decision,
    *,
    engines: Sequence[str] = DEFAULT_ENGINES,
    before_sampling: BeforeSampling | None = None,
) -> Results:
    """Return all results of one trial; see `Results`, and `analyse` for the options.

    Raises
    ------
    ScoresError
        If the primary outcome has no score to analyse.
    """
    primary, *others = data.masked.series
    scored = [primary, *(s for s in others if np.isfinite(s.score).any())]
    analyses = tuple(
        analyse(data, s, plan, decision, engines=engines, before_sampling=before_sampling)
        for s in scored
    )
    inputs = model_input(data, primary, plan)
    active, comparator = contrasts_of(data)[0]
    return Results(
        analyses=analyses,
        descriptions=tuple(describe(data, series, plan) for series in scored),
        sensitivity=sensitivity(data, primary, plan, active=active, comparator=comparator),
        diagnostics=diagnose(inputs),
        carryover=summarise_carryover(inputs, analyses[0].primary),
    )
