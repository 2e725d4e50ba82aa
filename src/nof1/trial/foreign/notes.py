"""Tables made elsewhere: what was taken for granted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from nof1.protocol.outcome import ScoreDay
from nof1.trial.data import Series
from nof1.trial.foreign.arms import is_arm
from nof1.trial.foreign.columns import ColumnRoles
from nof1.trial.tables.table import DataTable
from nof1.words.caution import Caution

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
) -> tuple[Caution, ...]:
    """Return that scores speak of the night before, or may."""
    if score_day == "before":
        return (Caution.of("of-the-day-before"),)
    when = "" if columns.date is None else table.header[columns.date]
    of_nights = _words(when) & _NIGHT
    nights = tuple(name for name in outcomes if of_nights or _words(name) & _NIGHT)
    if score_day == "own" or not nights or _words(when) & _EVENING:
        return ()
    return (Caution.of("maybe-of-the-night", outcomes=nights),)


def _words(name: str) -> set[str]:
    return set(re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold()))


def notes_on_lacking(own: Sequence[str], wanted: Sequence[str]) -> tuple[Caution, ...]:
    """Return which of the wanted arms a person was never on."""
    lacking = tuple(arm for arm in wanted if arm not in own)
    return (Caution.of("never-on", arms=lacking),) if lacking else ()


def notes_on_arms(
    arms: tuple[str, ...], active: Sequence[str], *, guessed: bool
) -> tuple[Caution, ...]:
    """Return how the comparator was found, and which arms are not reported."""
    notes = []
    if guessed:
        notes.append(Caution.of("comparator-guessed", arm=arms[0]))
    wanted = {name.casefold() for name in active}
    others = tuple(arm for arm in arms[1:] if wanted and arm.casefold() not in wanted)
    if others:
        notes.append(Caution.of("not-reported", arms=others))
    return tuple(notes)


def notes_on_no_arm(labels: Iterable[str]) -> tuple[Caution, ...]:
    """Return which treatments are no arm."""
    named = tuple(dict.fromkeys(label for label in labels if not is_arm(label)))
    return (Caution.of("on-no-arm", labels=named),) if named else ()


def notes_on_covariates(table: DataTable, columns: ColumnRoles) -> tuple[Caution, ...]:
    """Return what whoever asks for an adjustment takes upon them."""
    if not columns.covariates:
        return ()
    names = tuple(table.header[column] for column in columns.covariates)
    return (Caution.of("adjusted-on-request", covariates=names),)


def notes_on_recall(series: Series, recall_days: int | None) -> tuple[Caution, ...]:
    """Return that scores taken to speak of one day probably speak of more."""
    if recall_days is not None or len(series.day) < 2:
        return ()
    spacing = float(np.median(np.diff(series.day)))
    if spacing < _LONG_SPACING_DAYS:
        return ()
    return (Caution.of("scores-apart", days=spacing),)
