"""Tables of trials run elsewhere, read into the same type as nof1's own trials."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nof1.design.allocation import AllocationSet
from nof1.design.sets import ExplicitSet
from nof1.errors import Fault, ScoresError
from nof1.read_only import ReadOnly
from nof1.scales import Better
from nof1.trial.data import DailyCovariate, MaskedData, Series, TrialData
from nof1.trial.foreign.allocation import Drawn, allocation_set, periods_told, read_drawn
from nof1.trial.foreign.arms import choose_arms, is_arm
from nof1.trial.foreign.columns import ColumnRoles, find_columns
from nof1.trial.foreign.expected import absent_days, note_on_absent
from nof1.trial.foreign.gathering import Gathered, gather
from nof1.trial.foreign.labels import look_alikes
from nof1.trial.foreign.notes import (
    notes_on_arms,
    notes_on_covariates,
    notes_on_lacking,
    notes_on_nights,
    notes_on_no_arm,
    notes_on_recall,
)
from nof1.trial.foreign.periods import PersonPeriods, lay_out
from nof1.trial.foreign.persons import (
    PersonLeftOut,
    note_on_left_out,
    own_arms,
    why_not,
    without,
)
from nof1.trial.foreign.rows import ScoreRow
from nof1.trial.foreign.scales import TableScale, find_scales
from nof1.trial.foreign.sizes import too_many, too_much
from nof1.trial.foreign.stretches import PersonContext
from nof1.trial.foreign.writing import IN_FULL, Writing
from nof1.trial.tables.reading import table_in
from nof1.trial.tables.table import DataTable, Notation, listed
from nof1.words.caution import Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignTrials:
    """What a table holds.

    Attributes
    ----------
    trials : tuple of TrialData
        One for each person, in order of appearance; at least one.
    left_out : tuple of PersonLeftOut
        Persons of the table who have none.
    """

    trials: tuple[TrialData, ...]
    left_out: tuple[PersonLeftOut, ...]


def read_foreign(
    source: Path | DataTable,
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
    exclude: Mapping[str, str] = ReadOnly(),
    person: str | None = None,
    writing: Writing = IN_FULL,
    notation: Notation | None = None,
) -> ForeignTrials:
    """Return the trial of every person in a table, in order of appearance.

    The table has one row for each score: person (see `person` when there is none), day or date,
    treatment and score, and perhaps period, cycle and outcome. Whatever is worked out or assumed
    is said in the notes.

    Parameters
    ----------
    source : Path or DataTable
        Text file, workbook or JSON records; of a workbook the first sheet that shows a table. Or a
        table in memory.
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
        ``none``, ``pairs``, ``complete``, ``phases:N``, ``daily:K``, or a file of sequences; None
        to tell from the table.
    covariates : sequence of str
        Columns to adjust for, numbers or yes and no; who names one says that the treatment cannot
        change it.
    exclude : mapping of str to str
        Code of every person to be left out, and why (may be empty); codes that the table does not
        have are passed over.
    person : str or None
        Who has the scores of a table that names nobody; None for the name of the file.
    writing : Writing
        How the table is written where it cannot say so itself.
    notation : Notation or None
        What was told of how its cells are written; None for nothing.

    Raises
    ------
    ScoresError
        With the file, row, column and mend of everything that is wrong.
    """
    if scale is not None and not scale[0] < scale[1]:
        shown = f"--scale {scale[0]:g}:{scale[1]:g}"
        raise ScoresError(Fault(shown, "the low end is not below the high end", "Write LOW:HIGH."))
    table = table_in(source, notation)
    roles = find_columns(table, columns, covariates)
    table, excluded = without(table, roles, exclude)
    if not table.rows:
        raise ScoresError(Fault(table.name, "every person is excluded", "Leave one in."))
    named = (*active, *([comparator] if comparator is not None else []))
    gathered = gather(
        table,
        roles,
        writing,
        person=person or Path(source.name).stem,
        named=named,
        recall_days=recall_days,
        ask_persons="person" not in columns,
    )
    faults = gathered.faults
    arms, arm_faults = choose_arms(gathered.labels, active=active, comparator=comparator)
    arm_faults += look_alikes(dict.fromkeys(filter(is_arm, gathered.labels)), named)
    scales, scale_notes = find_scales(
        gathered.rows, gathered.outcomes, ends=scale, better=better, faults=faults
    )
    _stop_if(table, [*arm_faults, *faults.faults])
    _stop_if(table, too_many(table, roles, gathered.rows))
    reading = _Reading(
        table=faults.table,
        columns=roles,
        arms=arms,
        wanted=arms[1 : 1 + len({name.casefold() for name in active})] if active else arms[1:],
        chosen=bool(active),
        scales=scales,
        mcid=mcid,
        recall_days=recall_days,
        days_before=1 if writing.score_day == "before" else 0,
        writing=writing,
        notes=(
            *table.notes,
            *gathered.notes,
            *notes_on_no_arm(gathered.labels),
            *notes_on_arms(arms, active, guessed=comparator is None),
            *scale_notes,
            *notes_on_covariates(table, roles),
            *notes_on_nights(table, roles, gathered.outcomes, writing.score_day),
        ),
    )
    return _trials(reading, gathered, allocation, excluded)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What holds for every person of a table."""

    table: DataTable
    columns: ColumnRoles
    arms: tuple[str, ...]
    wanted: tuple[str, ...]
    chosen: bool
    scales: Mapping[str, TableScale]
    mcid: float | None
    recall_days: int | None
    days_before: int
    writing: Writing
    notes: tuple[Caution, ...]

    def where(self, person: str) -> str:
        """Return table and person, for messages."""
        return self.table.name + (f", {person}" if self.columns.person is not None else "")


def _trials(
    reading: _Reading,
    gathered: Gathered,
    allocation: str | Path | None,
    excluded: tuple[PersonLeftOut, ...],
) -> ForeignTrials:
    """Return the trial of every person who can be compared; the others are named."""
    drawn = read_drawn(allocation, reading.arms)
    people: dict[str, list[ScoreRow]] = {}
    for row in gathered.rows:
        people.setdefault(row.person, []).append(row)
    arms = {person: own_arms(own, reading.arms) for person, own in people.items()}
    why = {person: _why_not(reading, own, arms[person]) for person, own in people.items()}
    compared = [person for person in people if not why[person]]
    layouts = {
        person: lay_out(
            people[person],
            PersonContext(
                arms=arms[person],
                columns=reading.columns,
                where=reading.where(person),
                recall_days=reading.recall_days or 1,
                writing=reading.writing,
                drawn=periods_told(drawn, whole=arms[person] == reading.arms),
            ),
            gathered.faults,
        )
        for person in compared
    }
    mend = "Compare other arms, or correct the table."
    alone = [Fault(reading.where(person), why[person], mend) for person in people]
    _stop_if(reading.table, gathered.faults.faults if compared else alone)
    for person, layout in layouts.items():
        people[person] = [replace(row, day=row.day + layout.moved) for row in people[person]]
    sets = {
        person: _allocation_set(reading, drawn, layouts[person], arms[person], people[person])
        for person in compared
    }
    _stop_if(reading.table, (result for result in sets.values() if isinstance(result, Fault)))
    left_out = tuple(
        PersonLeftOut(person=person, why=why[person], asked=False)
        for person in people
        if why[person]
    )
    said = replace(reading, notes=(*reading.notes, *note_on_left_out((*excluded, *left_out))))
    trials = tuple(
        replace(
            _trial(said, people[person], layouts[person], arms[person], result),
            left_out=gathered.account.of(person),
        )
        for person, result in sets.items()
        if not isinstance(result, Fault)
    )
    _stop_if(reading.table, too_much(trials, reading.where))
    return ForeignTrials(trials=trials, left_out=(*excluded, *left_out))


def _why_not(reading: _Reading, rows: Sequence[ScoreRow], arms: Sequence[str]) -> str:
    """Return why a person cannot be compared; empty when they can."""
    primary = next(iter(reading.scales))
    if all(np.isnan(score) for row in rows for name, score in row.scores if name == primary):
        return f"no score for {primary}"
    return why_not(arms, reading.arms[0], reading.wanted)


def _allocation_set(
    reading: _Reading,
    drawn: Drawn,
    layout: PersonPeriods,
    arms: tuple[str, ...],
    rows: Sequence[ScoreRow],
) -> tuple[AllocationSet | None, Caution] | Fault:
    """Return what a person's sequence was drawn from, and how that is known."""
    lacking = [arm for arm in reading.arms if arm not in arms]
    if lacking and isinstance(drawn, ExplicitSet):
        return None, Caution.of("list-of-all-arms", arms=tuple(lacking))
    result = allocation_set(
        drawn,
        layout,
        arms,
        days=[row.day - reading.days_before for row in rows],
        chosen=reading.columns.period is not None and reading.columns.cycle is not None,
        where=reading.where(rows[0].person),
    )
    if lacking and isinstance(result, Fault):
        # Who lacks an arm has no complete cycle, which is no reason to refuse the others.
        return None, Caution.of("not-drawn-so", arms=tuple(lacking), why=result.what)
    return result


def _trial(
    reading: _Reading,
    rows: Sequence[ScoreRow],
    layout: PersonPeriods,
    arms: tuple[str, ...],
    drawn_from: tuple[AllocationSet | None, Caution],
) -> TrialData:
    """Return the trial of the person whose rows these are."""
    series = tuple(
        _series(outcome, scale, rows, layout, reading)
        for outcome, scale in reading.scales.items()
        if any(outcome == name for row in rows for name, _ in row.scores)
    )
    chosen, note = drawn_from
    return TrialData(
        masked=MaskedData(
            person=rows[0].person,
            n_days=max(*(row.day for row in rows), layout.periods[-1].last_day),
            periods=layout.periods,
            series=series,
            taken=ReadOnly(),
            covariates=tuple(
                _covariate(reading.table.header[column], number, rows)
                for number, column in enumerate(reading.columns.covariates)
            ),
        ),
        arms=arms,
        arm_of_period=layout.arm_of_period,
        allocation_set=chosen,
        notes=(
            *reading.notes,
            *notes_on_lacking(arms, reading.wanted),
            *layout.notes,
            *note_on_absent(series[0].day + reading.days_before, rows, layout, arms),
            note,
            *notes_on_recall(series[0], reading.recall_days),
        ),
        arm_taken=layout.arm_taken,
        reported=tuple(
            number for number, arm in enumerate(arms) if arm in reading.wanted and reading.chosen
        ),
    )


def _covariate(name: str, number: int, rows: Sequence[ScoreRow]) -> DailyCovariate:
    """Return a person's values of a covariate by its number among the columns to adjust for."""
    values: dict[int, list[float]] = {}
    for row in rows:
        if not np.isnan(row.covariates[number]):
            values.setdefault(row.day, []).append(row.covariates[number])
    return DailyCovariate(
        covariate=name,
        title=name,
        unit="",
        value=ReadOnly({day: float(np.mean(own)) for day, own in values.items()}),
    )


def _series(
    outcome: str,
    scale: TableScale,
    rows: Sequence[ScoreRow],
    layout: PersonPeriods,
    reading: _Reading,
) -> Series:
    """Return the scores of one outcome in order of time, expected days without a row included."""
    scores = sorted(
        (row.day, score) for row in rows for name, score in row.scores if name == outcome
    )
    absent = absent_days([day for day, _ in scores], layout.periods)
    scores = sorted([*scores, *((day, math.nan) for day in absent)])
    return Series(
        outcome=outcome,
        title=outcome,
        unit="points",
        scale=scale.scale,
        scale_known=scale.known,
        scale_doubt=scale.doubt,
        recall_days=reading.recall_days or 1,
        mcid=reading.mcid,
        day=np.array([day - reading.days_before for day, _ in scores], dtype=np.int64),
        score=np.array([score for _, score in scores], dtype=np.float64),
    )


def _stop_if(table: DataTable, faults: Iterable[Fault]) -> None:
    """Raise the faults if there are any."""
    if shown := listed(faults, table.name):
        raise ScoresError(shown)
