"""English: how the trial went: side effects, the blind, the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from nof1.words.numbers import counted, numbered
from nof1.words.numbers import severity as bad


def severe_side_effect(
    *,
    event: str,
    severity: int,
    red_flag: bool,
    times: Sequence[tuple[date, int | None, str | None]],
) -> str:
    flag = ", a sign to stop at once" if red_flag else ""
    shown = "; ".join(_when(*time) for time in times)
    return f"Side effect, {bad(severity)}{flag}: {event}, recorded on {shown}."


def _when(day: date, period: int | None, arm: str | None) -> str:
    if period is None:
        return f"{day} (outside the periods)"
    during = "" if arm is None else f", during {arm}"
    return f"{day} (period {period}{during})"


def no_dose_recorded() -> str:
    return (
        "No dose is on record: whether it was done as planned is not known; the analysis takes"
        " every day as assigned."
    )


def drawn_late(*, drawn: date, days: int, first_dose: date) -> str:
    return (
        f"The order was drawn and sealed on {drawn}, {days} days after the first"
        f" dose was due ({first_dose}): nothing shows that what was taken before that"
        " day followed a drawn order."
    )


def opened_early(
    *,
    period: int,
    when: object,
    by: str,
    reason: str,
    certain: Sequence[int],
    likelier: Sequence[int],
) -> str:
    return (
        f"Period {period} was opened early, on {when}, by {by.rstrip('.')}"
        f" (reason: {reason.rstrip('.')}): its arm was known from then on."
        f"{opening_tells(certain=certain, likelier=likelier)}"
    )


def opening_tells(*, certain: Sequence[int], likelier: Sequence[int]) -> str:
    """Return sentences that follow one on the opening; nothing where it told no more."""
    said = ""
    if certain:
        said += f" From it {numbered('period', certain)} could be told for certain."
    if likelier:
        said += f" It also made {numbered('period', likelier)} easier to guess."
    return said


def opened_before_the_end(*, day: date, last_day: date) -> str:
    return (
        f"The whole allocation was opened on {day}, before the planned end of the"
        f" trial ({last_day})."
    )


def ended_early(*, day: date, last_day: date, reason: str) -> str:
    why = f", because: {reason.rstrip('.')}" if reason else ""
    return (
        f"The trial was ended on {day}, before its planned end"
        f" ({last_day}){why}. Scores planned after that day are counted as missing."
    )


def guesses(*, right: int, named: int, unsure: int, expected: float) -> str:
    if not named:
        return f"The person was unsure of the arm in all of {counted(unsure, 'guess')}."
    beside = f", unsure of {unsure}" if unsure else ""
    return (
        f"The person guessed the arm of {right} of {counted(named, 'period')} right"
        f"{beside}; guessing by chance gets {expected:.2g} right on average."
    )


def guessed_beyond_chance(*, right: int, named: int, unsure: int, expected: float) -> str:
    said = guesses(right=right, named=named, unsure=unsure, expected=expected)
    return (
        f"{said} The person may have known the arms: from side"
        " effects, from the effect itself, or by chance."
    )
