"""Tables made elsewhere: sentences on what was taken for granted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from nof1.protocol.outcome import ScoreDay
from nof1.trial.data import Series
from nof1.trial.foreign.arms import is_arm
from nof1.trial.foreign.columns import ColumnRoles
from nof1.trial.tables import DataTable

#: Scores this many days apart are likely to look back on more than their own day.
_LONG_SPACING_DAYS = 5

#: Words in the name of a score of the night, and in that of a column with the evening's date.
_NIGHT = {
    *("sleep", "asleep", "slept", "schlaf", "rested", "rest", "awake", "awakenings", "rem"),
    *("insomnia", "night", "nights", "dreams", "snoring"),
}
_EVENING = {"start", "from", "bed", "bedtime", "onset", "evening", "night"}


def notes_on_nights(
    table: DataTable, columns: ColumnRoles, outcomes: Iterable[str], score_day: ScoreDay | None
) -> tuple[str, ...]:
    """Return a sentence on scores that speak of the night before, as they do or may."""
    if score_day == "before":
        return (
            "Scores were taken to speak of the day before their own, as asked; treatments are those"
            " of the day itself.",
        )
    when = "" if columns.date is None else table.header[columns.date]
    of_nights = _words(when) & _NIGHT
    nights = ", ".join(name for name in outcomes if of_nights or _words(name) & _NIGHT)
    if score_day == "own" or not nights or _words(when) & _EVENING:
        return ()
    return (
        f"{nights} may speak of the night before its date, as trackers and morning forms date sleep"
        " by the day of waking. If so, and the treatment is that of the date itself, add"
        " --score-day before; --score-day own says that score and treatment go together.",
    )


def _words(name: str) -> set[str]:
    return set(re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold()))


def notes_on_lacking(own: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence on wanted arms that a person was never on."""
    lacking = ", ".join(arm for arm in wanted if arm not in own)
    return (f"Never on {lacking}: no answer about it.",) if lacking else ()


def notes_on_arms(
    arms: tuple[str, ...], active: Sequence[str], *, guessed: bool
) -> tuple[str, ...]:
    """Return sentences on the comparator and on arms that are not reported."""
    notes = []
    if guessed:
        notes.append(f"{arms[0]} was taken as the comparator; --comparator NAME says otherwise.")
    wanted = {name.casefold() for name in active}
    others = [arm for arm in arms[1:] if wanted and arm.casefold() not in wanted]
    if others:
        notes.append(
            f"Not reported, as --active asks: {', '.join(others)}. What it left behind is in the "
            "model all the same."
        )
    return tuple(notes)


def notes_on_no_arm(labels: Iterable[str]) -> tuple[str, ...]:
    """Return a sentence on treatments that are no arm."""
    named = ", ".join(dict.fromkeys(label for label in labels if not is_arm(label)))
    return (f"On no arm: rows called {named}.",) if named else ()


def notes_on_covariates(table: DataTable, columns: ColumnRoles) -> tuple[str, ...]:
    """Return a sentence on what whoever asks for an adjustment takes upon them."""
    if not columns.covariates:
        return ()
    names = ", ".join(table.header[column] for column in columns.covariates)
    return (
        f"Adjusted for on request: {names}. Whoever asks declares that the treatment cannot change"
        " it; adjusting for what it can change, such as sleep, takes part of the effect away.",
    )


def notes_on_recall(series: Series, recall_days: int | None) -> tuple[str, ...]:
    """Return a sentence when scores taken to speak of one day probably speak of more."""
    if recall_days is not None or len(series.day) < 2:
        return ()
    spacing = float(np.median(np.diff(series.day)))
    if spacing < _LONG_SPACING_DAYS:
        return ()
    return (
        f"Scores come every {spacing:g} days and were taken to speak of their own day alone; "
        "--recall DAYS says otherwise.",
    )
