"""From a person's scores with arms to a contribution: the part that own trials and tables share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nof1.errors import Fault, ScoresError
from nof1.inference.exact import quadrature
from nof1.inference.exact.effect_likelihood import effect_likelihood
from nof1.inference.likelihoods.choosing import SCORES_AT_END, choose, share_at_ends
from nof1.inference.period_means import cycle_differences, period_means
from nof1.model.model_input import ModelInput, model_input
from nof1.protocol.tables import AnalysisPlan
from nof1.provenance import software
from nof1.sharing.contribution import (
    SCHEMA,
    Contribution,
    Level,
    SharedDesign,
    SharedEstimand,
    SharedOutcome,
    SharedScores,
)
from nof1.sharing.shared_likelihood import SharedLikelihood
from nof1.trial.data import Series, TrialData

#: Persons of a table solved together: posteriors keep their nodes, some megabytes each.
AT_ONCE = 64
#: Significant figures of a cycle difference.
FIGURES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """One outcome of one person, ready to be contributed.

    Attributes
    ----------
    data : TrialData
        With arms.
    series : Series
        The outcome.
    plan : AnalysisPlan
        As promised, or assumed for a table.
    """

    data: TrialData
    series: Series
    plan: AnalysisPlan


def contributions(people: Sequence[PersonData], *, level: Level) -> list[Contribution]:
    """Return a contribution of every person of a table, under the person's name in it.

    The fields that only a trial folder knows stay empty. Whether scores ask for another
    likelihood is told from their ends alone: trying heavy tails takes longer than all else.

    Raises
    ------
    ScoresError
        If a person has no score to analyse.
    """
    found: list[Contribution] = []
    for first in range(0, len(people), AT_ONCE):
        part = people[first : first + AT_ONCE]
        givens = [_model_input(one) for one in part]
        for one, given, solution in zip(part, givens, quadrature.solve_many(givens), strict=True):
            better = "bounded" if share_at_ends(given) > SCORES_AT_END else "gaussian"
            found.append(
                contribution(
                    one,
                    given,
                    solution,
                    level=level,
                    code=code_of(one.data.masked.person),
                    better_model=better,
                )
            )
    return found


def contribution(
    one: PersonData,
    given: ModelInput,
    solution: quadrature.Solution,
    *,
    level: Level,
    code: str,
    better_model: str | None = None,
) -> Contribution:
    """Return what is contributed of a solved trial.

    Parameters
    ----------
    one : PersonData
        Data, outcome and plan.
    given : ModelInput
        The same for the engines.
    solution : Solution
        The exact posterior.
    level : {"likelihood", "cycles", "scores"}
        What the owner agreed to share.
    code : str
        Under which the person goes in the pool.
    better_model : str or None
        The likelihood that the scores ask for; None to choose it as an analysis does.
    """
    plan, series = one.plan, one.series
    choice = better_model or choose(given, solution.finest).likelihood
    errors = [solution.error(arm, 0) for arm in range(1, len(given.arms))]
    return Contribution.model_validate(
        {
            "schema": SCHEMA,
            "id": code,
            "level": level,
            "arms": given.arms,
            "outcome": shared_outcome(series),
            "estimand": SharedEstimand(
                carryover=plan.carryover,
                half_lives=plan.half_lives,
                trend=plan.trend,
                period_effects=plan.period_effects,
                missed_doses=plan.missed_doses,
                drop_days=plan.drop_days,
            ),
            "likelihood": SharedLikelihood.of(
                effect_likelihood(solution.finest),
                error=max(errors),
                better_model=None if choice == "gaussian" else choice,
                with_schedule=level != "likelihood",
            ),
            "design": _design(one.data, given),
            "cycle_differences": None if level == "likelihood" else _differences(given),
            "scores": _scores(one.data, series) if level == "scores" else None,
            "software": software(),
        }
    )


def solved(one: PersonData) -> tuple[ModelInput, quadrature.Solution]:
    """Return the model input of one person and its exact posterior.

    Raises
    ------
    ScoresError
        If there is no score to analyse.
    """
    given = _model_input(one)
    return given, quadrature.solve(given)


def shared_outcome(series: Series) -> SharedOutcome:
    """Return what is told of an outcome."""
    return SharedOutcome(
        id=series.outcome,
        unit=series.unit,
        low=series.scale.low,
        high=series.scale.high,
        better=series.scale.better,
        recall_days=series.recall_days,
        mcid=series.mcid,
    )


def why_not(one: PersonData) -> str:
    """Return why an outcome of a person tells nothing of a difference; empty when it does."""
    if not np.isfinite(one.series.score).any():
        return f"no score of {one.series.outcome}"
    if model_input(one.data, one.series, one.plan).n == 0:
        return f"no score of {one.series.outcome} in a period that is analysed"
    return ""


def comparator_level(one: PersonData) -> float | None:
    """Return the mean of a person's scores in periods on the comparator; None without one."""
    periods = zip(one.data.masked.periods, one.data.arm_of_period, strict=True)
    inside = np.zeros(len(one.series.day), dtype=bool)
    for period, arm in periods:
        if arm == 0:
            inside |= (one.series.day >= period.first_day) & (one.series.day <= period.last_day)
    scores = one.series.score[inside & np.isfinite(one.series.score)]
    return float(scores.mean()) if len(scores) else None


def _model_input(one: PersonData) -> ModelInput:
    given = model_input(one.data, one.series, one.plan)
    if given.n == 0:
        raise ScoresError(
            Fault(
                f"{one.data.masked.person}, {one.series.outcome}",
                "no score lies in a period that is analysed",
                "Leave the person out.",
            )
        )
    return given


def code_of(person: str) -> str:
    """Return a person's name in a table as a code: what a code may not hold becomes a dash."""
    code = re.sub(r"[^A-Za-z0-9 ._:@()-]", "-", person)
    return (code if code[:1].isalnum() else f"p{code}")[:80].strip()


def _design(data: TrialData, given: ModelInput) -> SharedDesign:
    periods = data.masked.periods
    days = [period.last_day - period.first_day + 1 for period in periods]
    gaps = [later.first_day - earlier.last_day - 1 for earlier, later in pairwise(periods)]
    return SharedDesign(
        cycles=len({period.cycle for period in periods}),
        cycles_scored=len(cycle_differences(given, 1, 0)),
        periods=len(periods),
        periods_scored=int(np.isfinite(period_means(given)).sum()),
        period_days=int(np.median(days)),
        run_in_days=periods[0].first_day - 1,
        washout_days=int(np.median(gaps)) if gaps else 0,
        allocation="unknown" if data.allocation_set is None else "drawn",
        scores=given.n,
        scores_missing=given.n_missing,
    )


def _differences(given: ModelInput) -> dict[str, list[float]]:
    return {
        name: [float(f"{one:.{FIGURES}g}") for one in cycle_differences(given, arm, 0).tolist()]
        for arm, name in enumerate(given.arms[1:], start=1)
    }


def _scores(data: TrialData, series: Series) -> SharedScores:
    return SharedScores(
        day=tuple(series.day.tolist()),
        score=tuple(None if np.isnan(one) else one for one in series.score.tolist()),
        periods=tuple(
            (period.first_day, period.last_day, period.cycle, arm)
            for period, arm in zip(data.masked.periods, data.arm_of_period, strict=True)
        ),
    )
