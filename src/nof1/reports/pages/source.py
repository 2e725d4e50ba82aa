"""What the pages may know of a trial, and how they write dates and times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from typing import Protocol as Interface

from nof1.design.schedule import Period, Schedule
from nof1.protocol.protocol import Protocol
from nof1.provenance import software
from nof1.reports.layout.typesetting import timestamp_of
from nof1.trial.kept import spaced
from nof1.words import pages as words


class PrintedTrial(Interface):
    """A trial as the pages see it: the allocation is no part of it."""

    @property
    def protocol(self) -> Protocol:
        """Return the protocol."""
        ...

    @property
    def schedule(self) -> Schedule:
        """Return the calendar, without arms."""
        ...

    @property
    def commitment(self) -> str:
        """Return the commitment to the sealed allocation, 64 hex digits."""
        ...

    @property
    def head_at_draw(self) -> str:
        """Return the hash of the last entry logged with the draw, 64 hex digits."""
        ...

    @property
    def drawn(self) -> datetime:
        """Return when the order was drawn, sealed and logged, UTC."""
        ...

    @property
    def contacts(self) -> tuple[str, ...]:
        """Return whom to call with a question, a line each; none when nobody is named."""
        ...

    @property
    def emergency(self) -> str:
        """Return whom to call in an emergency."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWeek:
    """Up to seven days that share a page; never from two periods.

    Attributes
    ----------
    number, of : int
        Which week of its period (or of the run-in), and how many that has.
    days : tuple of date
        Its days in order.
    period : Period or None
        None in the run-in.
    """

    number: int
    of: int
    days: tuple[date, ...]
    period: Period | None

    @property
    def ends_period(self) -> bool:
        """Return whether this is the last week of a period."""
        return self.period is not None and self.number == self.of


def weeks_of(schedule: Schedule) -> tuple[PageWeek, ...]:
    """Return the weeks of the run-in and of every period, each counted from its own first day."""
    stretches: list[tuple[date, date, Period | None]] = [
        (period.first_day, period.last_day, period) for period in schedule.periods
    ]
    if schedule.run_in:
        stretches.insert(0, (*schedule.run_in, None))
    weeks = []
    for first, last, period in stretches:
        days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
        parts = [tuple(days[i : i + 7]) for i in range(0, len(days), 7)]
        weeks += [
            PageWeek(number=number, of=len(parts), days=part, period=period)
            for number, part in enumerate(parts, start=1)
        ]
    return tuple(weeks)


def stamp(trial: PrintedTrial) -> datetime:
    """Return the creation date of every page of a trial: its first day."""
    return timestamp_of(trial.schedule.start)


def short_commitment(trial: PrintedTrial) -> str:
    """Return the first 12 digits of the commitment, in threes of four."""
    return spaced(trial.commitment[:12])


def frame(trial: PrintedTrial, name: str) -> dict[str, Any]:
    """Return what the running head and foot of every page say."""
    return {
        "language": words.LANGUAGE,
        "head": [name, f"{words.PARTICIPANT} {trial.schedule.participant}"],
        # The head at the draw: pages printed later must be the same byte for byte.
        "foot": f"{words.COMMITMENT} {short_commitment(trial)}   "
        f"{words.LOG_BEGINS} {spaced(trial.head_at_draw[:8])}   {software()}",
        "pages": words.PAGES,
    }


def contact_lines(trial: PrintedTrial) -> tuple[str, ...]:
    """Return whom to call as the pages say it, a line each."""
    return trial.contacts or (words.NOBODY_TO_CALL,)


def day_text(day: date) -> str:
    """Return a date like ``Mon 4 Jan``."""
    return f"{words.WEEKDAYS[day.weekday()]} {day.day} {words.MONTHS[day.month - 1]}"


def full_day_text(day: date) -> str:
    """Return a date like ``Mon 4 Jan 2027``."""
    return f"{day_text(day)} {day.year}"


def span_text(first: date, last: date) -> str:
    """Return a span like ``Mon 4 Jan to Sun 31 Jan 2027``."""
    if first == last:
        return full_day_text(first)
    start = day_text(first) if first.year == last.year else full_day_text(first)
    return f"{start} {words.TO} {full_day_text(last)}"


def short_span_text(first: date, last: date) -> str:
    """Return a span like ``4 Jan to 10 Jan``, for pages that name weekdays and year elsewhere."""
    start, end = (f"{day.day} {words.MONTHS[day.month - 1]}" for day in (first, last))
    return f"{start} {words.TO} {end}"


def medicines_by_rule(trial: PrintedTrial) -> dict[str, list[str]]:
    """Return the medicines to keep apart, those of the same rule together."""
    medicines: dict[str, list[str]] = {}
    for spacing in trial.protocol.safety.spacing:
        medicines.setdefault(spacing.rule, []).append(spacing.medicine)
    return medicines


def with_supply(columns: tuple[str, ...], protocol: Protocol) -> tuple[str, ...]:
    """Return the heads of a table's columns, with what the supply of a period comes in."""
    supply = words.SUPPLIES[protocol.blinding.mode].capitalize()
    return tuple(column.format(supply=supply) for column in columns)
