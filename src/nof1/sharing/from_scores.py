"""From a person's scores with arms to a contribution: the part that own trials and tables share."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
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
from nof1.sharing.forms import CODE
from nof1.sharing.shared_likelihood import SharedLikelihood
from nof1.trial.data import Series, TrialData

#: Persons of a table solved together: posteriors keep their nodes, some megabytes each.
AT_ONCE = 64
_MEND_NAME = (
    "Write it in letters from A to Z and digits: a treatment by --rename OLD=NEW, a column in the"
    " table."
)
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
    contributions: list[Contribution] = []
    for first in range(0, len(people), AT_ONCE):
        part = people[first : first + AT_ONCE]
        givens = [_model_input(person) for person in part]
        for person, inputs, solution in zip(
            part, givens, quadrature.solve_many(givens), strict=True
        ):
            better = "bounded" if share_at_ends(inputs) > SCORES_AT_END else "gaussian"
            contributions.append(
                contribution(
                    person,
                    inputs,
                    solution,
                    level=level,
                    code=code_of(person.data.masked.person),
                    better_model=better,
                )
            )
    return contributions


def contribution(
    person: PersonData,
    inputs: ModelInput,
    solution: quadrature.Solution,
    *,
    level: Level,
    code: str,
    better_model: str | None = None,
) -> Contribution:
    """Return what is contributed of a solved trial.

    Parameters
    ----------
    person : PersonData
        Data, outcome and plan.
    inputs : ModelInput
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
    plan, series = person.plan, person.series
    choice = better_model or choose(inputs, solution.finest).likelihood
    errors = [solution.error(arm, 0) for arm in range(1, len(inputs.arms))]
    return Contribution.model_validate(
        {
            "schema": SCHEMA,
            "id": code,
            "level": level,
            "arms": inputs.arms,
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
            "design": _design(person.data, inputs),
            "cycle_differences": None if level == "likelihood" else _differences(inputs),
            "scores": _scores(person.data, series) if level == "scores" else None,
            "software": software(),
        }
    )


def solved(person: PersonData) -> tuple[ModelInput, quadrature.Solution]:
    """Return the model input of one person and its exact posterior.

    Raises
    ------
    ScoresError
        If there is no score to analyse.
    """
    inputs = _model_input(person)
    return inputs, quadrature.solve(inputs)


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


def why_not(person: PersonData) -> str:
    """Return why an outcome of a person tells nothing of a difference; empty when it does."""
    if not np.isfinite(person.series.score).any():
        return f"no score of {person.series.outcome}"
    if model_input(person.data, person.series, person.plan).n == 0:
        return f"no score of {person.series.outcome} in a period that is analysed"
    return ""


def comparator_level(person: PersonData) -> float | None:
    """Return the mean of a person's scores in periods on the comparator; None without one."""
    periods = zip(person.data.masked.periods, person.data.arm_of_period, strict=True)
    inside = np.zeros(len(person.series.day), dtype=bool)
    for period, arm in periods:
        if arm == 0:
            inside |= (person.series.day >= period.first_day) & (
                person.series.day <= period.last_day
            )
    scores = person.series.score[inside & np.isfinite(person.series.score)]
    return float(scores.mean()) if len(scores) else None


def _model_input(person: PersonData) -> ModelInput:
    inputs = model_input(person.data, person.series, person.plan)
    if inputs.n == 0:
        raise ScoresError(
            Fault(
                f"{person.data.masked.person}, {person.series.outcome}",
                "no score lies in a period that is analysed",
                "Leave the person out.",
            )
        )
    return inputs


def plain_names(names: Sequence[str], where: str) -> dict[str, str]:
    """Return each name of an outcome or arm in the letters that a contribution may hold.

    One that fits stays as it is. Of others accents are left out, and what else has no place becomes
    a dash.

    Parameters
    ----------
    names : sequence of str
        As a table has them.
    where : str
        The table, for messages.

    Raises
    ------
    ScoresError
        If nothing is left of a name, or two become one.
    """
    plain = {name: name if re.fullmatch(CODE, name) else _without_accents(name) for name in names}
    doubled = {code for code, n in Counter(plain.values()).items() if n > 1}
    faults = [
        Fault(where, f"a pool cannot keep the name {name!r}", _MEND_NAME)
        for name, code in plain.items()
        if not code or code in doubled
    ]
    if faults:
        raise ScoresError(faults)
    return plain


def _without_accents(name: str) -> str:
    """Return a name in plain letters; empty where nothing is left of it."""
    apart = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    dashed = re.sub(r"[^A-Za-z0-9 ._:@()-]", "-", letters)
    return re.sub(r"^[^A-Za-z0-9]+", "", dashed)[:80].strip()


def code_of(person: str) -> str:
    """Return a person's name in a table as a code: what a code may not hold becomes a dash."""
    code = re.sub(r"[^A-Za-z0-9 ._:@()-]", "-", person)
    return (code if code[:1].isalnum() else f"p{code}")[:80].strip()


def _design(data: TrialData, inputs: ModelInput) -> SharedDesign:
    periods = data.masked.periods
    days = [period.last_day - period.first_day + 1 for period in periods]
    gaps = [later.first_day - earlier.last_day - 1 for earlier, later in pairwise(periods)]
    return SharedDesign(
        cycles=len({period.cycle for period in periods}),
        cycles_scored=len(cycle_differences(inputs, 1, 0)),
        periods=len(periods),
        periods_scored=int(np.isfinite(period_means(inputs)).sum()),
        period_days=int(np.median(days)),
        run_in_days=periods[0].first_day - 1,
        washout_days=int(np.median(gaps)) if gaps else 0,
        allocation="unknown" if data.allocation_set is None else "drawn",
        scores=inputs.n,
        scores_missing=inputs.n_missing,
    )


def _differences(inputs: ModelInput) -> dict[str, list[float]]:
    return {
        name: [
            float(f"{difference:.{FIGURES}g}")
            for difference in cycle_differences(inputs, arm, 0).tolist()
        ]
        for arm, name in enumerate(inputs.arms[1:], start=1)
    }


def _scores(data: TrialData, series: Series) -> SharedScores:
    return SharedScores(
        day=tuple(series.day.tolist()),
        score=tuple(None if np.isnan(value) else value for value in series.score.tolist()),
        periods=tuple(
            (period.first_day, period.last_day, period.cycle, arm)
            for period, arm in zip(data.masked.periods, data.arm_of_period, strict=True)
        ),
    )
