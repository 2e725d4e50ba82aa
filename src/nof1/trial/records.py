"""The records of a trial as data: masked, with arms after the unsealing, and by period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from nof1.design.schedule import Schedule
from nof1.design.sets import allocation_set
from nof1.errors import Fault, TrialError
from nof1.protocol.covariates import Covariate
from nof1.protocol.outcome import Outcome
from nof1.read_only import ReadOnly
from nof1.trial.current import Observation, standing
from nof1.trial.data import (
    NOT_ANSWERED,
    DailyCovariate,
    MaskedData,
    MaskedPeriod,
    Series,
    TrialData,
)
from nof1.trial.folder import Trial
from nof1.trial.log import LOG
from nof1.trial.verifying import arm_ids, verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """Doses of one period.

    Attributes
    ----------
    period : int
        Number of the period.
    days, recorded : int
        Days of the period, and days on which it was recorded whether the dose was taken.
    taken : float or None
        Mean share of the dose taken on the days recorded, 0 to 1; None when there are none.
    """

    period: int
    days: int
    recorded: int
    taken: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CovariateCount:
    """Days of one covariate.

    Attributes
    ----------
    covariate : str
        Id of the covariate.
    days, recorded : int
        Days of run-in and periods that are due, and those of them that are recorded.
    missing : tuple of str
        Dates of the others, ISO 8601.
    """

    covariate: str
    days: int
    recorded: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideEffect:
    """One side effect in one period.

    Attributes
    ----------
    period : int or None
        Number of the period; None for run-in and washout.
    event : str
        Name of the side effect.
    days : int
        Entries with a severity above 0, each under a day of its own.
    weeks : int
        Weeks of the booklet, counted from the first day of the period (outside the periods: of
        the trial), that have such an entry. The booklet asks once a week, so that one entry may
        speak of any number of days.
    worst : int
        Highest severity, 0 none to 3 severe.
    """

    period: int | None
    event: str
    days: int
    weeks: int
    worst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What the person thought a period was.

    Attributes
    ----------
    period : int
        Number of the period.
    guess : str
        Id of an arm, or ``unsure``.
    certainty : int or None
        0 (just a guess) to 10 (fully sure); None when not asked.
    """

    period: int
    guess: str
    certainty: int | None


def masked_periods(schedule: Schedule) -> tuple[MaskedPeriod, ...]:
    """Return the periods of a calendar in study days."""
    return tuple(
        MaskedPeriod(
            number=period.number,
            cycle=period.cycle,
            first_day=schedule.study_day(period.first_day),
            last_day=schedule.study_day(period.last_day),
        )
        for period in schedule.periods
    )


def masked_data(trial: Trial) -> MaskedData:
    """Return everything recorded, without arms, each value as last corrected.

    Planned days without a score are there with NaN, scores on days not planned as well, and those
    of the run-in and of periods that were unblinded. The day of a score is the last it looks back
    on: 0 where a first morning's score speaks of the night before the trial.
    """
    schedule = trial.schedule
    stands = standing(trial.entries).values()
    return MaskedData(
        person=schedule.participant,
        n_days=schedule.n_days,
        periods=masked_periods(schedule),
        series=tuple(
            _series(outcome, schedule, _scores(stands, outcome.id), _items(stands, outcome.id))
            for outcome in trial.protocol.outcomes_primary_first
        ),
        taken=ReadOnly(
            {schedule.study_day(day): taken for day, taken in sorted(_doses(stands).items())}
        ),
        covariates=tuple(
            _covariate(declared, schedule, stands) for declared in trial.protocol.covariates
        ),
    )


def trial_data(trial: Trial) -> TrialData:
    """Return everything recorded with the arm of every period.

    Raises
    ------
    TrialError
        While the allocation is sealed.
    SealError
        If the arms in the log are not those promised before the first dose.
    """
    if trial.allocation is None:
        raise TrialError(
            Fault(
                str(trial.folder),
                "the allocation is still sealed",
                "Lock the trial with `nof1 lock` and open it with `nof1 unseal` first.",
            )
        )
    verify(trial, trial.allocation, file=LOG)
    ids = arm_ids(trial.protocol)
    return TrialData(
        masked=masked_data(trial),
        arms=ids,
        arm_of_period=tuple(ids.index(arm) for arm in trial.allocation.arms),
        allocation_set=allocation_set(trial.protocol),
    )


def adherence(trial: Trial) -> tuple[Adherence, ...]:
    """Return the doses of every period."""
    doses = _doses(standing(trial.entries).values())
    summaries = []
    for period in trial.schedule.periods:
        taken = [
            share for day, share in doses.items() if period.first_day <= day <= period.last_day
        ]
        summaries.append(
            Adherence(
                period=period.number,
                days=(period.last_day - period.first_day).days + 1,
                recorded=len(taken),
                taken=sum(taken) / len(taken) if taken else None,
            )
        )
    return tuple(summaries)


def covariate_counts(trial: Trial, *, until: date) -> tuple[CovariateCount, ...]:
    """Return how many days of every covariate are recorded, in the order of the protocol.

    Parameters
    ----------
    trial : Trial
        As just opened.
    until : date
        Last day that is due.
    """
    schedule = trial.schedule
    stretches = [*filter(None, [schedule.run_in])]
    stretches += [(period.first_day, period.last_day) for period in schedule.periods]
    due = {
        first + timedelta(days=k)
        for first, last in stretches
        for k in range((min(last, until) - first).days + 1)
    }
    stands = standing(trial.entries).values()
    counts = []
    for declared in trial.protocol.covariates:
        missing = sorted(due - _values(stands, declared.id).keys())
        counts.append(
            CovariateCount(
                covariate=declared.id,
                days=len(due),
                recorded=len(due) - len(missing),
                missing=tuple(day.isoformat() for day in missing),
            )
        )
    return tuple(counts)


def side_effects(trial: Trial) -> tuple[SideEffect, ...]:
    """Return every side effect recorded, by period (run-in and washout first) and name."""
    by_event: dict[tuple[int, str], list[tuple[date, int]]] = {}
    for observation in standing(trial.entries).values():
        if observation.kind == "event":
            day = _day(observation)
            period = trial.schedule.period_on(day)
            key = (period.number if period else 0, observation.body["event"])
            by_event.setdefault(key, []).append((day, observation.body["severity"]))
    starts = {period.number: period.first_day for period in trial.schedule.periods}
    return tuple(
        SideEffect(
            period=number or None,
            event=event,
            days=sum(severity > 0 for _, severity in entries),
            weeks=len(
                {
                    (day - starts.get(number, trial.schedule.start)).days // 7
                    for day, severity in entries
                    if severity > 0
                }
            ),
            worst=max(severity for _, severity in entries),
        )
        for (number, event), entries in sorted(by_event.items())
    )


def guesses(trial: Trial) -> tuple[Guess, ...]:
    """Return the guesses recorded, in the order of the periods."""
    guessed = [
        Guess(
            period=observation.body["period"],
            guess=observation.body["guess"],
            certainty=observation.body["certainty"],
        )
        for observation in standing(trial.entries).values()
        if observation.kind == "guess"
    ]
    return tuple(sorted(guessed, key=lambda guess: guess.period))


def _series(
    outcome: Outcome,
    schedule: Schedule,
    scores: dict[date, float],
    items: dict[date, list[int]],
) -> Series:
    days = sorted({*schedule.scoring[outcome.id], *scores})
    unanswered = [NOT_ANSWERED] * outcome.measure.n_items
    return Series(
        outcome=outcome.id,
        title=outcome.title,
        unit=outcome.unit,
        scale=outcome.measure,
        recall_days=outcome.recall_days,
        mcid=outcome.mcid.value if outcome.mcid else None,
        # The treatment of the day a score speaks of is what it can tell about.
        day=np.array(
            [schedule.study_day(day) - outcome.days_before for day in days], dtype=np.int64
        ),
        score=np.array([scores.get(day, np.nan) for day in days], dtype=np.float64),
        items=np.array([items.get(day, unanswered) for day in days]) if items else None,
    )


def _items(stands: Iterable[Observation], outcome: str) -> dict[date, list[int]]:
    """Return the answers to the items of one outcome by date, where they were recorded."""
    return {
        _day(observation): [
            NOT_ANSWERED if item is None else item for item in observation.body["items"]
        ]
        for observation in stands
        if observation.kind == "score"
        and observation.body["outcome"] == outcome
        and "items" in observation.body
    }


def _scores(stands: Iterable[Observation], outcome: str) -> dict[date, float]:
    """Return the scores of one outcome by date."""
    return {
        _day(observation): float(observation.body["value"])
        for observation in stands
        if observation.kind == "score" and observation.body["outcome"] == outcome
    }


def _covariate(
    declared: Covariate, schedule: Schedule, stands: Iterable[Observation]
) -> DailyCovariate:
    """Return what was recorded of one covariate."""
    values = sorted(_values(stands, declared.id).items())
    return DailyCovariate(
        covariate=declared.id,
        title=declared.title,
        unit=declared.unit,
        value=ReadOnly({schedule.study_day(day): value for day, value in values}),
    )


def _values(stands: Iterable[Observation], covariate: str) -> dict[date, float]:
    """Return the values of one covariate by date."""
    return {
        _day(observation): float(observation.body["value"])
        for observation in stands
        if observation.kind == "covariate" and observation.body["covariate"] == covariate
    }


def _doses(stands: Iterable[Observation]) -> dict[date, float]:
    """Return the share of the dose taken by date."""
    return {
        _day(observation): float(observation.body["taken"])
        for observation in stands
        if observation.kind == "dose"
    }


def _day(observation: Observation) -> date:
    return date.fromisoformat(observation.body["date"])
