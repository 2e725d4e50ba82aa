"""The scores as they are, by day and by period: described, for tables and figures, not judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nof1.model.model_input import model_input
from nof1.protocol.tables import AnalysisPlan
from nof1.trial.data import Series, TrialData


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedScore:
    """One score.

    Attributes
    ----------
    day : int
        Study day.
    score : float
        Points.
    period : int or None
        Number of the period it was given in; None in run-in and washout.
    used : bool
        Whether the analysis uses it.
    """

    day: int
    score: float
    period: int | None
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedPeriod:
    """The scores of one period.

    Attributes
    ----------
    number : int
        From 1, in order of time.
    first_day, last_day : int
        Study days, both inside.
    arm : str
        Id.
    used, missing : int
        Scores the analysis uses, and planned scores that are missing.
    mean, sd : float or None
        Of the scores used, in points; None when there are too few.
    """

    number: int
    first_day: int
    last_day: int
    arm: str
    used: int
    missing: int
    mean: float | None
    sd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The scores of one outcome, in order of time, and its periods."""

    outcome: str
    scores: tuple[DescribedScore, ...]
    periods: tuple[DescribedPeriod, ...]


def describe(data: TrialData, series: Series, plan: AnalysisPlan) -> Description:
    """Return the scores of one outcome, each with its period and whether it is analysed.

    Parameters
    ----------
    data : TrialData
        One person's trial, with arms.
    series : Series
        The outcome.
    plan : AnalysisPlan
        Says which scores are left out.
    """
    analysed = set(model_input(data, series, plan).day.tolist())
    period_of_day = {
        day: period.number
        for period in data.masked.periods
        for day in range(period.first_day, period.last_day + 1)
    }
    scores = tuple(
        DescribedScore(day=day, score=score, period=period_of_day.get(day), used=day in analysed)
        for day, score in zip(series.day.tolist(), series.score.tolist(), strict=True)
        if np.isfinite(score)
    )
    missing = [period_of_day.get(day) for day in series.day[~np.isfinite(series.score)].tolist()]
    periods = []
    for stretch, arm in zip(data.masked.periods, data.arm_of_period, strict=True):
        used = [score.score for score in scores if score.used and score.period == stretch.number]
        periods.append(
            DescribedPeriod(
                number=stretch.number,
                first_day=stretch.first_day,
                last_day=stretch.last_day,
                arm=data.arms[arm],
                used=len(used),
                missing=missing.count(stretch.number),
                mean=float(np.mean(used)) if used else None,
                sd=float(np.std(used, ddof=1)) if len(used) > 1 else None,
            )
        )
    return Description(outcome=series.outcome, scores=scores, periods=tuple(periods))
