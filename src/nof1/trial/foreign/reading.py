"""Tables of trials run elsewhere, read into the same type as nof1's own trials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from nof1.design.allocation import AllocationSet
from nof1.errors import Fault, ScoresError
from nof1.scales import Better, Scale
from nof1.trial.data import DailyCovariate, MaskedData, Series, TrialData
from nof1.trial.foreign.allocation import allocation_set, read_drawn
from nof1.trial.foreign.arms import choose_arms
from nof1.trial.foreign.columns import Columns, find_columns
from nof1.trial.foreign.periods import Layout, lay_out
from nof1.trial.foreign.rows import FaultList, Row, read_rows, treatments
from nof1.trial.foreign.scales import find_scales
from nof1.trial.tables import Table, listed, read_table

#: Scores this many days apart are likely to look back on more than their own day.
_LONG_SPACING_DAYS = 5


def read_foreign(
    path: Path,
    *,
    columns: Mapping[str, str],
    active: tuple[str, ...],
    comparator: str | None,
    scale: tuple[float, float] | None,
    better: Better | None,
    mcid: float | None,
    recall_days: int | None,
    allocation: str | Path | None,
    covariates: Sequence[str] = (),
) -> list[TrialData]:
    """Return the trial of every person in a table, in order of appearance.

    The table has one row for each score: person (the file's name when there is none), day or date,
    treatment and score, and perhaps period, cycle and outcome. Whatever is worked out or assumed
    is said in the notes.

    Parameters
    ----------
    path : Path
        CSV or Excel file; of a workbook the first sheet with content.
    columns : mapping of str to str
        Our name of a column to the file's; ``score`` may name several, parted by ``+``, the
        primary outcome first.
    active : tuple of str
        The active arms to report on; empty for all. The others act all the same.
    comparator : str or None
        None to recognise it.
    scale : (float, float) or None
        Ends of the scale; None to guess from the scores.
    better : {"lower", "higher"} or None
        Which direction is an improvement; None for lower.
    mcid : float or None
        Smallest difference that matters, in points.
    recall_days : int or None
        Days a score looks back on, its own included; None for 1.
    allocation : str, Path or None
        ``none``, ``pairs``, ``complete``, ``phases:N``, or a file of sequences; None to tell from
        the table.
    covariates : sequence of str
        Columns to adjust for, numbers or yes and no; who names one says that the treatment cannot
        change it.

    Raises
    ------
    ScoresError
        With the file, row, column and mend of everything that is wrong.
    """
    if scale is not None and not scale[0] < scale[1]:
        shown = f"--scale {scale[0]:g}:{scale[1]:g}"
        raise ScoresError(Fault(shown, "the low end is not below the high end", "Write LOW:HIGH."))
    table = read_table(path, first_sheet=True)
    found = find_columns(table, columns, covariates)
    faults = FaultList(table)
    rows, notes = read_rows(table, found, person=path.stem, faults=faults)
    labels = treatments(table, found)
    arms, arm_faults = choose_arms(labels, active=active, comparator=comparator)
    scales, scale_notes = find_scales(rows, ends=scale, better=better, faults=faults)
    _stop_if(table, [*arm_faults, *faults.found])
    reading = _Reading(
        table=table,
        columns=found,
        arms=arms,
        reported=tuple(range(1, 1 + len({name.casefold() for name in active}))),
        scales=scales,
        mcid=mcid,
        recall_days=recall_days,
        notes=(
            *table.notes,
            *notes,
            *_notes_on_arms(arms, active, guessed=comparator is None),
            *scale_notes,
            *_notes_on_covariates(table, found),
        ),
    )
    return _trials(reading, rows, faults, allocation)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What holds for every person of a table."""

    table: Table
    columns: Columns
    arms: tuple[str, ...]
    reported: tuple[int, ...]
    scales: Mapping[str, Scale]
    mcid: float | None
    recall_days: int | None
    notes: tuple[str, ...]

    def where(self, person: str) -> str:
        """Return table and person, for messages."""
        return self.table.name + (f", {person}" if self.columns.person is not None else "")


def _trials(
    reading: _Reading, rows: Sequence[Row], faults: FaultList, allocation: str | Path | None
) -> list[TrialData]:
    """Return the trial of every person."""
    drawn = read_drawn(allocation, reading.arms)
    people: dict[str, list[Row]] = {}
    for row in rows:
        people.setdefault(row.person, []).append(row)
    layouts = {
        person: lay_out(
            own,
            arms=reading.arms,
            columns=reading.columns,
            recall_days=reading.recall_days or 1,
            faults=faults,
        )
        for person, own in people.items()
    }
    _stop_if(reading.table, faults.found)
    _stop_if(
        reading.table,
        (
            fault
            for person, own in people.items()
            for fault in _lacks(reading, own, layouts[person])
        ),
    )
    given = reading.columns.period is not None and reading.columns.cycle is not None
    sets = {
        person: allocation_set(
            drawn,
            layout,
            reading.arms,
            days=[row.day for row in people[person]],
            given=given,
            where=reading.where(person),
        )
        for person, layout in layouts.items()
    }
    _stop_if(reading.table, (one for one in sets.values() if isinstance(one, Fault)))
    return [
        _trial(reading, own, layouts[person], one)
        for (person, own), one in zip(people.items(), sets.values(), strict=True)
        if not isinstance(one, Fault)
    ]


def _trial(
    reading: _Reading,
    rows: Sequence[Row],
    layout: Layout,
    drawn_from: tuple[AllocationSet | None, str],
) -> TrialData:
    """Return the trial of the person whose rows these are."""
    series = tuple(
        _series(outcome, scale, rows, reading)
        for outcome, scale in reading.scales.items()
        if any(outcome == name for row in rows for name, _ in row.scores)
    )
    chosen, note = drawn_from
    return TrialData(
        masked=MaskedData(
            person=rows[0].person,
            n_days=max(row.day for row in rows),
            periods=layout.periods,
            series=series,
            taken=MappingProxyType({}),
            covariates=tuple(
                _covariate(reading.table.header[column], number, rows)
                for number, column in enumerate(reading.columns.covariates)
            ),
        ),
        arms=reading.arms,
        arm_of_period=layout.arm_of_period,
        allocation_set=chosen,
        notes=(*reading.notes, *layout.notes, note, *_notes_on_recall(series[0], reading)),
        reported=reading.reported,
    )


def _covariate(name: str, number: int, rows: Sequence[Row]) -> DailyCovariate:
    """Return a person's values of a covariate by its number among the columns to adjust for."""
    values = [(row.day, row.covariates[number]) for row in rows]
    return DailyCovariate(
        covariate=name,
        title=name,
        unit="",
        value=MappingProxyType({day: value for day, value in values if not np.isnan(value)}),
    )


def _series(outcome: str, scale: Scale, rows: Sequence[Row], reading: _Reading) -> Series:
    """Return the scores of one outcome in order of time."""
    scores = sorted(
        (row.day, score) for row in rows for name, score in row.scores if name == outcome
    )
    return Series(
        outcome=outcome,
        title=outcome,
        unit="points",
        scale=scale,
        recall_days=reading.recall_days or 1,
        mcid=reading.mcid,
        day=np.array([day for day, _ in scores], dtype=np.int64),
        score=np.array([score for _, score in scores], dtype=np.float64),
    )


def _lacks(reading: _Reading, rows: Sequence[Row], layout: Layout) -> list[Fault]:
    """Return what a person has too little of to be compared at all."""
    where = reading.where(rows[0].person)
    faults = [
        Fault(where, f"no period on {arm}", "Leave the person out, or compare other arms.")
        for number, arm in enumerate(reading.arms)
        if number not in layout.arm_of_period
    ]
    primary = next(iter(reading.scales))
    if all(np.isnan(score) for row in rows for name, score in row.scores if name == primary):
        faults.append(Fault(where, f"no score for {primary}", "Leave the person out."))
    return faults


def _notes_on_arms(
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


def _notes_on_covariates(table: Table, columns: Columns) -> tuple[str, ...]:
    """Return a sentence on what whoever asks for an adjustment takes upon them."""
    if not columns.covariates:
        return ()
    names = ", ".join(table.header[column] for column in columns.covariates)
    return (
        f"Adjusted for on request: {names}. Whoever asks declares that the treatment cannot change"
        " it; adjusting for what it can change, such as sleep, takes part of the effect away.",
    )


def _notes_on_recall(series: Series, reading: _Reading) -> tuple[str, ...]:
    """Return a sentence when scores taken to speak of one day probably speak of more."""
    if reading.recall_days is not None or len(series.day) < 2:
        return ()
    spacing = float(np.median(np.diff(series.day)))
    if spacing < _LONG_SPACING_DAYS:
        return ()
    return (
        f"Scores come every {spacing:g} days and were taken to speak of their own day alone; "
        "--recall DAYS says otherwise.",
    )


def _stop_if(table: Table, faults: Iterable[Fault]) -> None:
    """Raise the faults if there are any."""
    if found := listed(faults, table.name):
        raise ScoresError(found)
