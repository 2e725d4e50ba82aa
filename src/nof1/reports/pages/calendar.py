"""The calendar file: reminders for a phone, in words that name neither an arm nor a product."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from nof1.reports.pages.source import PrintedTrial, contact_lines, stamp
from nof1.trial.contacts import contacts_mark
from nof1.words import pages as words

if TYPE_CHECKING:
    from icalendar import Event

#: How long an entry with a clock time lasts, and when an all-day entry rings.
_MINUTES = timedelta(minutes=15)
_ALL_DAY_RINGS_AT = timedelta(hours=18)


def calendar_file(trial: PrintedTrial) -> bytes:
    """Return the reminders as iCalendar: doses, score days, new kits and the last day.

    Times are floating, so that 20:00 stays 20:00 on a journey. Every entry has a stamp and an
    identifier that follow from the trial, so that the same trial gives the same bytes, and a
    calendar that reads the file twice shows each entry once.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//nof1//trial calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{words.ICS_NAME} {trial.schedule.participant}")
    calendar.add("x-nof1-contacts", contacts_mark(trial.contacts, trial.emergency))
    for event in (*_daily(trial), *_visits(trial), *_score_days(trial), _last_day(trial)):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _daily(trial: PrintedTrial) -> list[Event]:
    """Return one repeated entry per dose time and period, and one for the pages of the run-in."""
    schedule, times = trial.schedule, trial.protocol.regimen.times
    blinded = trial.protocol.blinding.mode == "double-blind"
    entries = []
    if schedule.run_in:
        first, last = schedule.run_in
        begins = datetime.combine(first, time.fromisoformat(times[-1]))
        entries.append(
            _event(trial, "run-in", begins, words.ICS_DIARY, repeats=(last - first).days + 1)
        )
    for period in schedule.periods:
        days = (period.last_day - period.first_day).days + 1
        summary = (words.ICS_DOSE if blinded else words.ICS_CARD).format(kit=period.kit)
        for number, clock in enumerate(times, start=1):
            begins = datetime.combine(period.first_day, time.fromisoformat(clock))
            name = f"dose-{period.number}-{number}"
            entries.append(_event(trial, name, begins, summary, words.ICS_DOSE_MORE, repeats=days))
    return entries


def _visits(trial: PrintedTrial) -> list[Event]:
    blinded = trial.protocol.blinding.mode == "double-blind"
    summary = words.ICS_VISIT if blinded else words.ICS_OPEN
    return [
        _event(
            trial,
            f"visit-{period.number}",
            period.first_day,
            summary.format(kit=period.kit),
            words.ICS_VISIT_MORE.format(period=period.number),
        )
        for period in trial.schedule.periods
    ]


def _score_days(trial: PrintedTrial) -> list[Event]:
    """Return one entry per day on which a score is due that is not asked every day."""
    days = {
        day
        for outcome in trial.protocol.outcomes
        if outcome.every_days > 1
        for day in trial.schedule.scoring[outcome.id]
    }
    return [
        _event(trial, f"score-{day:%Y%m%d}", day, words.ICS_SCORE, words.ICS_SCORE_MORE)
        for day in sorted(days)
    ]


def _last_day(trial: PrintedTrial) -> Event:
    return _event(trial, "last", trial.schedule.end, words.ICS_LAST, words.ICS_LAST_MORE)


def _event(
    trial: PrintedTrial,
    name: str,
    begins: date,
    summary: str,
    more: str = "",
    *,
    repeats: int = 1,
) -> Event:
    """Return an entry that rings: at its time, or in the evening when it lasts all day."""
    from icalendar import Alarm, Event

    timed = isinstance(begins, datetime)
    event = Event()
    event.add("uid", f"{name}.{trial.commitment[:24]}@nof1")
    event.add("dtstamp", stamp(trial))
    event.add("dtstart", begins)
    event.add("dtend", begins + (_MINUTES if timed else date.resolution))
    if repeats > 1:
        event.add("rrule", {"freq": "daily", "count": repeats})
    event.add("summary", summary)
    call = words.ICS_CALL.format(contacts="\n".join(contact_lines(trial)))
    event.add("description", "\n".join(part for part in (more, call) if part))
    event.add("transp", "TRANSPARENT")
    alarm: Any = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(0) if timed else _ALL_DAY_RINGS_AT)
    event.add_component(alarm)
    return event
