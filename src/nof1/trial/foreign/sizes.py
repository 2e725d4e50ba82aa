"""Persons of a table whose trial is longer than any, or more than can be analysed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from nof1.errors import Fault
from nof1.protocol.sizes import LONGEST_DAYS, too_long
from nof1.trial.data import TrialData
from nof1.trial.foreign.columns import ColumnRoles
from nof1.trial.foreign.rows import ScoreRow
from nof1.trial.tables.table import DataTable

_MEND = "Analyse a part of the days at a time, or give one score a week: its mean."


def too_many(table: DataTable, columns: ColumnRoles, rows: Sequence[ScoreRow]) -> Iterator[Fault]:
    """Yield the persons with rows on more days than a trial has, before they are laid out."""
    days: dict[str, set[int]] = {}
    for row in rows:
        days.setdefault(row.person, set()).add(row.day)
    for person, own in days.items():
        length = max(len(own), max(own) - min(own) + 1)
        if length > LONGEST_DAYS:
            where = table.name + (f", {person}" if columns.person is not None else "")
            what = too_long(length, 0, 0)
            yield Fault(where, str(what), _MEND)


def too_much(trials: Sequence[TrialData], where: Callable[[str], str]) -> Iterator[Fault]:
    """Yield the persons whose scores and periods are more than can be analysed."""
    for data in trials:
        scores = max(int(np.isfinite(series.score).sum()) for series in data.masked.series)
        why = too_long(data.masked.n_days, len(data.masked.periods), scores)
        if why is not None:
            yield Fault(where(data.masked.person), why, _MEND)
