"""The present, and days as they are given."""

from __future__ import annotations

import re
from datetime import date, datetime

from nof1.errors import Fault, InputError


def present() -> datetime:
    """Return the present, in the local time zone."""
    return datetime.now().astimezone()


def day_of(option: str, day: date | str) -> date:
    """Return a day that was given as a date or as text.

    Parameters
    ----------
    option : str
        What it was given for, as an error names it.
    day : date or str
        Text is year-month-day.

    Raises
    ------
    InputError
        If the text is no such day.
    """
    if isinstance(day, date):
        return day.date() if isinstance(day, datetime) else day
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day, re.ASCII):
        try:
            return date.fromisoformat(day)
        except ValueError:
            pass
    raise InputError(
        Fault(option, f"{day!r} is no date", "Write year-month-day, for instance 2026-02-08.")
    )
