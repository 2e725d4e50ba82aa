"""What is missing or doubtful in a trial, without any arm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

from nof1.errors import TrialError
from nof1.protocol.above_limit import override_lines
from nof1.protocol.outcome import Outcome
from nof1.trial.beside import Beside, beside
from nof1.trial.comparing import Comparisons, compare
from nof1.trial.contacts import PRINTED, outdated_pages
from nof1.trial.current import Observation, standing
from nof1.trial.folder import Trial
from nof1.trial.harms import severe_events, severe_notes
from nof1.trial.kept import NOTHING_KEPT, KeptDigits
from nof1.trial.records import (
    Adherence,
    CovariateCount,
    Guess,
    SideEffect,
    adherence,
    covariate_counts,
    guesses,
    side_effects,
)
from nof1.trial.verifying import seal_fault
from nof1.words.caution import sentences

#: A change between neighbouring scores above this share of the scale is doubtful.
DOUBTFUL_JUMP = 0.4
#: So many equal scores running are doubtful.
DOUBTFUL_RUN = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCount:
    """Scores of one outcome in one week of the trial.

    Attributes
    ----------
    outcome : str
        Id of the outcome.
    planned, recorded : int
        Planned scores that are due, and those of them that are recorded.
    missing : tuple of str
        Dates of the others.
    """

    outcome: str
    planned: int
    recorded: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialWeek:
    """One week of the trial, counted from study day 1; dates are ISO 8601.

    Attributes
    ----------
    number : int
        From 1.
    first_day, last_day : str
        Both belong to the week.
    periods : tuple of int
        Periods with days in the week; empty in run-in and washout.
    scores : tuple of WeekCount
        The primary outcome first.
    """

    number: int
    first_day: str
    last_day: str
    periods: tuple[int, ...]
    scores: tuple[WeekCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something to look at again on the paper page.

    Attributes
    ----------
    outcome : str
        Id of the outcome.
    date : str
        Day of the score, ISO 8601.
    what : str
        What is doubtful.
    """

    outcome: str
    date: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The state of a trial whose files are unchanged.

    Attributes
    ----------
    person : str
        Code of the person.
    entries : int
        Entries in the log, all of them verified.
    head : str
        Hash of the last entry.
    due_until : str
        Last day whose scores are due; the day before the trial when none are.
    locked, unsealed : bool
        How far the trial is.
    weeks : tuple of TrialWeek
        Up to `due_until`.
    doubts : tuple of Doubt
        By date within each outcome.
    doses : tuple of Adherence
        By period.
    covariates : tuple of CovariateCount
        Up to `due_until`.
    side_effects : tuple of SideEffect
        By period.
    guesses : tuple of Guess
        By period.
    guesses_missing : tuple of int
        Periods that are over, without a guess, in trials where the person is masked.
    corrections, unblindings, contact_changes : int
        How many are in the log.
    outdated_pages : tuple of str
        Files in ``print/`` that were made with contacts that have changed since.
    compared : Comparisons
        What was held against what, and against paper.
    beside : tuple of Beside
        Files that look like copies of the trial's own.
    severe : tuple of str
        Severe side effects and red flags, a sentence each, the worst first.
    above_limit : tuple of str
        Doses above the upper limit, with who answers for them and why.
    """

    person: str
    entries: int
    head: str
    due_until: str
    locked: bool
    unsealed: bool
    weeks: tuple[TrialWeek, ...]
    doubts: tuple[Doubt, ...]
    doses: tuple[Adherence, ...]
    covariates: tuple[CovariateCount, ...]
    side_effects: tuple[SideEffect, ...]
    guesses: tuple[Guess, ...]
    guesses_missing: tuple[int, ...]
    corrections: int
    unblindings: int
    contact_changes: int
    outdated_pages: tuple[str, ...]
    compared: Comparisons
    beside: tuple[Beside, ...]
    severe: tuple[str, ...]
    above_limit: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the check as one JSON object."""
        fields = asdict(self)
        del fields["compared"]
        return {"schema": "nof1.check/1", **fields, **self.compared.as_json()}


def check(trial: Trial, *, today: date, kept: KeptDigits = NOTHING_KEPT) -> Check:
    """Return what is missing and doubtful in a trial, without any arm.

    Scores are due up to yesterday, or up to the day of the lock. Opening the trial has verified
    the log, the protocol and the calendar already.

    Parameters
    ----------
    trial : Trial
        As just opened.
    today : date
        The present day.
    kept : KeptDigits
        What was kept outside the folder, to be compared.

    Raises
    ------
    TrialError
        If the seal is missing, or not the one made with the trial.
    """
    if fault := seal_fault(trial):
        raise TrialError(fault)
    until = _due_until(trial, today)
    scores = _scores(trial)
    guessed = guesses(trial)
    masked = "person" in trial.protocol.blinding.masked
    over = [p.number for p in trial.schedule.periods if masked and p.last_day <= until]
    kinds = [entry.kind for entry in trial.entries]
    return Check(
        person=trial.schedule.participant,
        entries=len(trial.entries),
        head=trial.head,
        due_until=until.isoformat(),
        locked=trial.locked,
        unsealed=trial.allocation is not None,
        weeks=tuple(_weeks(trial, scores, until)),
        doubts=tuple(
            doubt
            for outcome in trial.protocol.outcomes_primary_first
            for doubt in _doubts(trial, outcome, scores[outcome.id])
        ),
        doses=adherence(trial),
        covariates=covariate_counts(trial, until=until),
        side_effects=side_effects(trial),
        guesses=guessed,
        guesses_missing=tuple(n for n in over if n not in {guess.period for guess in guessed}),
        corrections=kinds.count("correction"),
        unblindings=kinds.count("unblinding"),
        contact_changes=kinds.count("contact"),
        outdated_pages=outdated_pages(trial, trial.folder / PRINTED),
        compared=compare(trial, kept),
        beside=beside(trial),
        severe=sentences(severe_notes(severe_events(trial))),
        above_limit=tuple(override_lines(trial.protocol)),
    )


def _due_until(trial: Trial, today: date) -> date:
    due = today - timedelta(days=1)
    for entry in trial.entries:
        if entry.kind == "lock":
            due = min(due, datetime.fromisoformat(entry.time).date())
    return max(trial.schedule.start - timedelta(days=1), min(due, trial.schedule.end))


def _scores(trial: Trial) -> dict[str, dict[date, Observation]]:
    """Return the scores as last corrected, by outcome and in the order of their days."""
    scores: dict[str, dict[date, Observation]] = {o.id: {} for o in trial.protocol.outcomes}
    stands = [o for o in standing(trial.entries).values() if o.kind == "score"]
    for observation in sorted(stands, key=lambda o: str(o.body["date"])):
        day = date.fromisoformat(observation.body["date"])
        scores[observation.body["outcome"]][day] = observation
    return scores


def _weeks(
    trial: Trial, scores: dict[str, dict[date, Observation]], until: date
) -> Iterator[TrialWeek]:
    schedule = trial.schedule
    for i in range(-(-((until - schedule.start).days + 1) // 7)):
        first = schedule.start + timedelta(days=7 * i)
        days = [first + timedelta(days=k) for k in range(7)]
        days = [day for day in days if day <= until]
        periods = {p.number for day in days if (p := schedule.period_on(day))}
        counts = []
        for outcome in trial.protocol.outcomes_primary_first:
            planned = set(schedule.scoring[outcome.id]).intersection(days)
            missing = sorted(planned - scores[outcome.id].keys())
            counts.append(
                WeekCount(
                    outcome=outcome.id,
                    planned=len(planned),
                    recorded=len(planned) - len(missing),
                    missing=tuple(day.isoformat() for day in missing),
                )
            )
        yield TrialWeek(
            number=i + 1,
            first_day=first.isoformat(),
            last_day=days[-1].isoformat(),
            periods=tuple(sorted(periods)),
            scores=tuple(counts),
        )


def _doubts(trial: Trial, outcome: Outcome, scores: dict[date, Observation]) -> list[Doubt]:
    """Return what is doubtful about the scores of one outcome, by date."""
    values = {day: float(observation.body["value"]) for day, observation in scores.items()}
    doubts: list[tuple[date, str]] = []
    for (before, old), (day, new) in pairwise(values.items()):
        if abs(new - old) > DOUBTFUL_JUMP * outcome.measure.span:
            doubts.append((day, f"jumps from {old:g} (on {before}) to {new:g}"))
    for value, run in groupby(values.items(), key=lambda item: item[1]):
        days = [day for day, _ in run]
        if len(days) >= DOUBTFUL_RUN:
            doubts.append((days[-1], f"{value:g} for the {len(days)}th time running"))
    planned = set(trial.schedule.scoring[outcome.id])
    for day, observation in scores.items():
        if day not in planned:
            doubts.append((day, "is not a planned day"))
        if observation.body.get("prorated"):
            doubts.append((day, f"{observation.body['value']:g} is prorated: one item is missing"))
    return [
        Doubt(outcome=outcome.id, date=day.isoformat(), what=what) for day, what in sorted(doubts)
    ]
