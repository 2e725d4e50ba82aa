"""Times that carry a zone of their own, and the day they fall on for the person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from nof1.errors import Fault, ScoresError
from nof1.words.caution import Caution

#: A time of day, and what may stand after it: Z, an offset, or the name of a zone.
CLOCK = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"(?:[ \u202f]?(?P<half>[AaPp])\.?[Mm]\.?| Uhr)?"
    r"(?: ?(?P<zone>Z|(?:UTC|GMT)?[+-][0-9]{1,2}(?::?[0-9]{2})?|[A-Z]{3,5}))?"
)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}?):?(\d\d)?")
_UTC = {"Z", "UTC", "GMT"}
_MEND = (
    "Add --timezone with the person's clock, such as Europe/Berlin or America/New_York, by which "
    "the days are then counted."
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and a time of day as written, and the zone as written; empty when there is none."""

    day: date
    clock: time
    zone: str


def read_clock(match: re.Match[str]) -> tuple[time, str] | None:
    """Return the time of day and the zone in a match of `CLOCK`, or None when there is no such."""
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    try:
        clock = time(hour, int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None
    return clock, match["zone"] or ""


def timezone_called(name: str) -> ZoneInfo:
    """Return a time zone by its name.

    Raises
    ------
    ScoresError
        If there is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        what = f"there is no time zone {name!r}"
        mend = "Write a name such as Europe/Berlin or America/New_York."
        raise ScoresError(Fault("--timezone", what, mend)) from error


def local_days(
    moments: Mapping[str, Moment], zone: ZoneInfo | None, column: str
) -> tuple[dict[str, date], list[Fault], list[Caution]]:
    """Return the day every moment fell on for the person, faults, and what was assumed.

    A moment in UTC (``Z``, or the offset 0 alone) says which day it was only by the person's
    clock, which must be told. Another offset is that of the clock the time was written by.
    Where every time is midnight in UTC, a program wrote plain days so.

    Parameters
    ----------
    moments : mapping of str to Moment
        By the place they stand in, in order.
    zone : ZoneInfo or None
        The person's clock, when it was told.
    column : str
        Name of the column, for what is said.
    """
    as_written = {where: moment.day for where, moment in moments.items()}
    zoned = {where: moment for where, moment in moments.items() if moment.zone}
    if not zoned:
        return as_written, [], [Caution.of("no-zones", column=column)] if zone else []
    if all(_is_utc(moment.zone) and moment.clock == time() for moment in zoned.values()):
        return as_written, [], [Caution.of("midnight-in-utc", column=column)]
    if zone is not None:
        return _by_clock(moments, zone, column)
    universal = [where for where, moment in zoned.items() if moment.zone == "Z" or _all_utc(zoned)]
    if universal:
        first = zoned[universal[0]]
        n = len(universal)
        what = (
            f"{n} {'times are' if n > 1 else 'time is'} in UTC, the first {first.day} "
            f"{first.clock:%H:%M}; on which day that was depends on the person's clock"
        )
        return (
            {w: d for w, d in as_written.items() if w not in zoned},
            [Fault(universal[0], what, _MEND)],
            [],
        )
    zones = tuple(dict.fromkeys(moment.zone for moment in zoned.values()))
    return as_written, [], [Caution.of("zones-taken", column=column, zones=zones)]


def _all_utc(zoned: Mapping[str, Moment]) -> bool:
    return all(_is_utc(moment.zone) for moment in zoned.values())


def _is_utc(zone: str) -> bool:
    return zone in _UTC or bool(re.fullmatch(r"(?:UTC|GMT)?[+-]0{1,2}(?::?00)?", zone))


def _by_clock(
    moments: Mapping[str, Moment], zone: ZoneInfo, column: str
) -> tuple[dict[str, date], list[Fault], list[Caution]]:
    """Return the days by a clock; a zone known by its letters alone must be that clock's."""
    days: dict[str, date] = {}
    faults = []
    moved = 0
    for where, moment in moments.items():
        written = datetime.combine(moment.day, moment.clock)
        offset = _offset(moment.zone)
        if offset is not None:
            try:
                days[where] = written.replace(tzinfo=offset).astimezone(zone).date()
            except OverflowError:
                days[where] = moment.day
            moved += days[where] != moment.day
        elif moment.zone and written.replace(tzinfo=zone).tzname() != moment.zone:
            what = f"{moment.zone} is not the clock of {zone.key} on {moment.day}"
            faults.append(Fault(where, what, "Check --timezone, or write the time in UTC."))
        else:
            days[where] = moment.day
    return days, faults, [Caution.of("by-clock", column=column, clock=zone.key, moved=moved)]


def _offset(zone: str) -> timezone | None:
    """Return the offset a zone is written with; None without one, or for a name."""
    if zone in _UTC:
        return UTC
    if not (match := _OFFSET.fullmatch(zone)):
        return None
    hours, minutes = int(match[2]), int(match[3] or 0)
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(-shift if match[1] == "-" else shift) if shift < timedelta(days=1) else None
