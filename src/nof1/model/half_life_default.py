"""What is assumed about carryover when no protocol says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nof1.protocol.tables import AnalysisPlan
from nof1.trial.data import TrialData
from nof1.words.caution import Caution

#: Whoever chose the length of the periods is taken to have had this many half-lives in mind.
HALF_LIVES_PER_PERIOD = 4


def with_half_life(
    people: Sequence[TrialData], plan: AnalysisPlan, median_days: float | None
) -> tuple[list[TrialData], AnalysisPlan]:
    """Return the plan with the prior median of the half-life for trials without a protocol.

    Parameters
    ----------
    people : sequence of TrialData
        Trials from one table.
    plan : AnalysisPlan
        The default plan.
    median_days : float or None
        What the user says; None to take a quarter of the usual period, at most the plan's median,
        and to say so in every trial's notes.
    """
    lengths = [p.last_day - p.first_day + 1 for data in people for p in data.masked.periods]
    usual = min(
        plan.priors.half_life_median_days, float(np.median(lengths)) / HALF_LIVES_PER_PERIOD
    )
    median = usual if median_days is None else median_days
    priors = plan.priors.model_copy(update={"half_life_median_days": median})
    planned = plan.model_copy(update={"priors": priors})
    if median_days is not None or plan.fixed_half_life_days is not None:
        return list(people), planned
    said = Caution.of("assumed-half-life", median=median)
    return [replace(data, notes=(*data.notes, said)) for data in people], planned
