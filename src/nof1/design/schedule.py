"""The calendar of one trial. It holds kit codes and cannot hold an arm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from nof1.protocol.protocol import Protocol
from nof1.read_only import ReadOnly


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of days on one arm, known by its kit code.

    Attributes
    ----------
    number, cycle : int
        From 1.
    first_day, last_day : date
        Both belong to the period.
    kit : str
        Code of the supply for this period, of no pattern.
    """

    number: int
    cycle: int
    first_day: date
    last_day: date
    kit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Who does what on which day, without arms.

    Attributes
    ----------
    participant : str
        Code of the person.
    start : date
        Study day 1: first day of the run-in, or of period 1 when there is none.
    periods : tuple of Period
        In order of time.
    scoring : mapping of str to tuple of date
        Planned scoring days of every outcome, run-in included.
    visits : tuple of date
        First day of every period: a new kit or envelope is opened.
    """

    participant: str
    start: date
    periods: tuple[Period, ...]
    scoring: Mapping[str, tuple[date, ...]]
    visits: tuple[date, ...]

    @property
    def end(self) -> date:
        """Return the last day of the trial."""
        return self.periods[-1].last_day

    @property
    def n_days(self) -> int:
        """Return the number of study days."""
        return (self.end - self.start).days + 1

    @property
    def run_in(self) -> tuple[date, date] | None:
        """Return first and last day of the run-in, or None when there is none."""
        first = self.periods[0].first_day
        return None if first == self.start else (self.start, first - timedelta(days=1))

    def study_day(self, day: date) -> int:
        """Return the study day of a date; day 1 is the start."""
        return (day - self.start).days + 1

    def period_on(self, day: date) -> Period | None:
        """Return the period a date falls in; None in run-in and washout."""
        return next((p for p in self.periods if p.first_day <= day <= p.last_day), None)


def make_schedule(
    protocol: Protocol, *, start: date, participant: str, kits: tuple[str, ...]
) -> Schedule:
    """Return the calendar of a protocol from a start day and one kit code per period.

    Scoring days are counted within the run-in and within every period: an outcome asked every
    ``n`` days is scored on days n, 2n, ... of each, so that no recall window of at most ``n`` days
    straddles a switch.

    Parameters
    ----------
    protocol : Protocol
        Gives lengths and outcomes.
    start : date
        Study day 1.
    participant : str
        Code of the person.
    kits : tuple of str, length n_periods
        Distinct codes, first period first.
    """
    design, n_arms = protocol.design, len(protocol.arms)
    first = start + timedelta(days=design.run_in_days)
    stretch = timedelta(days=design.period_days + design.washout_days)
    length = timedelta(days=design.period_days - 1)
    periods = tuple(
        Period(
            number=i + 1,
            cycle=i // n_arms + 1,
            first_day=first + i * stretch,
            last_day=first + i * stretch + length,
            kit=kit,
        )
        for i, kit in enumerate(kits)
    )
    stretches = [(p.first_day, design.period_days) for p in periods]
    if design.run_in_days:
        stretches.insert(0, (start, design.run_in_days))
    scoring = {
        outcome.id: tuple(
            begin + timedelta(days=day - 1)
            for begin, days in stretches
            for day in range(outcome.every_days, days + 1, outcome.every_days)
        )
        for outcome in protocol.outcomes
    }
    return Schedule(
        participant=participant,
        start=start,
        periods=periods,
        scoring=ReadOnly(scoring),
        visits=tuple(p.first_day for p in periods),
    )
