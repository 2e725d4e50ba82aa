"""Tables made elsewhere: sentences on what was taken for granted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from nof1.trial.data import Series
from nof1.trial.foreign.arms import is_arm
from nof1.trial.foreign.columns import Columns
from nof1.trial.tables import Table

#: Scores this many days apart are likely to look back on more than their own day.
_LONG_SPACING_DAYS = 5


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
    found = ", ".join(dict.fromkeys(label for label in labels if not is_arm(label)))
    return (f"On no arm: rows called {found}.",) if found else ()


def notes_on_covariates(table: Table, columns: Columns) -> tuple[str, ...]:
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
