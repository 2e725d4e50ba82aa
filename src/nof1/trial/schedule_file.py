"""The calendar as a file: ``schedule.csv``, a row per stretch, without arms."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

from nof1.design.schedule import Period, Schedule
from nof1.errors import Fault, TrialError
from nof1.read_only import ReadOnly
from nof1.trial.entries import is_day

_PERIOD_COLUMNS = ("period", "cycle", "first_day", "last_day", "kit", "visit")
_SCORING = "scoring_"
_DAILY = "daily"
_RUN_IN = "run-in"
_NUMBER = re.compile(r"[1-9]\d{0,3}", re.ASCII)
#: Days of one stretch; a protocol allows half of it.
_LONGEST = 366
_UNCHANGED = "Put back the copy of the trial folder that you kept."


def write_schedule(schedule: Schedule) -> str:
    """Return the text of ``schedule.csv``: a row per stretch, the run-in first."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow([*_PERIOD_COLUMNS, *(_SCORING + outcome for outcome in schedule.scoring)])
    rows: list[tuple[list[object], date, date]] = []
    if schedule.run_in is not None:
        rows.append(([_RUN_IN, "", *schedule.run_in, "", ""], *schedule.run_in))
    for visit, p in zip(schedule.visits, schedule.periods, strict=True):
        row = [p.number, p.cycle, p.first_day, p.last_day, p.kit, visit]
        rows.append((row, p.first_day, p.last_day))
    for row, first, last in rows:
        scoring = [_days_text(days, first, last) for days in schedule.scoring.values()]
        table.writerow([*row, *scoring])
    return file.getvalue()


def read_schedule(
    text: str, *, participant: str, start: date, source: str = "schedule.csv"
) -> Schedule:
    """Return the calendar in the text of a ``schedule.csv``.

    Raises
    ------
    TrialError
        If it is no such calendar: names the line and what is wrong there.
    """
    try:
        header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    except (csv.Error, ValueError) as error:
        raise TrialError(Fault(source, "is no calendar of a trial", _UNCHANGED)) from error
    outcomes = [name.removeprefix(_SCORING) for name in header[len(_PERIOD_COLUMNS) :]]
    named = [*_PERIOD_COLUMNS, *(_SCORING + outcome for outcome in outcomes)]
    if header != named or len(set(header)) < len(header) or not lines:
        raise TrialError(Fault(source, "has not the columns of a calendar", _UNCHANGED))
    rows = [dict(zip(header, cells, strict=False)) for cells in lines]
    faults = [
        Fault(f"{source}:line {number}", what, _UNCHANGED)
        for number, (row, cells) in enumerate(zip(rows, lines, strict=True), start=2)
        if (what := _wrong(row, cells, header, first=number == 2)) is not None
    ]
    periods = [row for row in rows if row.get("period") != _RUN_IN]
    if not faults and (what := _out_of_order(periods)) is not None:
        faults = [Fault(source, what, _UNCHANGED)]
    if faults:
        raise TrialError(faults)
    return Schedule(
        participant=participant,
        start=start,
        periods=tuple(
            Period(
                number=int(row["period"]),
                cycle=int(row["cycle"]),
                first_day=date.fromisoformat(row["first_day"]),
                last_day=date.fromisoformat(row["last_day"]),
                kit=row["kit"],
            )
            for row in periods
        ),
        scoring=ReadOnly(
            {
                outcome: tuple(day for row in rows for day in _days(row, _SCORING + outcome))
                for outcome in outcomes
            }
        ),
        visits=tuple(date.fromisoformat(row["visit"]) for row in periods),
    )


def _wrong(row: dict[str, str], cells: list[str], header: list[str], *, first: bool) -> str | None:
    """Return what is wrong with a row, or None."""
    if len(cells) != len(header):
        return f"has {len(cells)} cells under {len(header)} names"
    days = [row["first_day"], row["last_day"]]
    if row["period"] == _RUN_IN:
        if not first or row["cycle"] or row["kit"] or row["visit"]:
            return "the run-in is no first row of its own"
    else:
        days.append(row["visit"])
        for name in ("period", "cycle"):
            if not _NUMBER.fullmatch(row[name]):
                return f"{row[name]!r:.40} is no number of a {name}"
        if not row["kit"].strip() or not row["kit"].isprintable():
            return f"{row['kit']!r:.40} is no code of a kit"
    scoring = [cell for name, cell in row.items() if name.startswith(_SCORING) and cell != _DAILY]
    days += [day for cell in scoring for day in cell.split(" ") if cell]
    for day in days:
        if not is_day(day):
            return f"{day!r:.40} is no date"
    begins, ends = date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])
    if not 0 <= (ends - begins).days < _LONGEST:
        return f"{begins} to {ends} is no stretch of days"
    if any(not begins <= date.fromisoformat(day) <= ends for day in days):
        return f"a day lies outside {begins} to {ends}"
    return None


def _out_of_order(periods: list[dict[str, str]]) -> str | None:
    """Return what is wrong with the order of periods, or None."""
    if not periods:
        return "has no period"
    if [row["period"] for row in periods] != [str(n + 1) for n in range(len(periods))]:
        return "its periods are not numbered from 1 on"
    ends = ["", *(row["last_day"] for row in periods)]
    if any(row["first_day"] <= before for row, before in zip(periods, ends, strict=False)):
        return "its periods do not follow each other"
    return None


def _days_text(days: tuple[date, ...], first: date, last: date) -> str:
    inside = [day for day in days if first <= day <= last]
    every = list(_every_day(first, last))
    return _DAILY if inside == every else " ".join(day.isoformat() for day in inside)


def _days(row: dict[str, str], column: str) -> Iterator[date]:
    if row[column] == _DAILY:
        yield from _every_day(
            date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])
        )
    else:
        yield from (date.fromisoformat(day) for day in row[column].split())


def _every_day(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=i) for i in range((last - first).days + 1))
