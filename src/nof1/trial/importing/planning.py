"""Importing a table of what was observed: planned as a whole, then one append."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nof1.errors import Fault, ScoresError
from nof1.trial.current import Key, Observation, standing
from nof1.trial.folder import Trial
from nof1.trial.importing.cells import cell_reader, row_days
from nof1.trial.importing.columns import find_layout
from nof1.trial.log import Entry, append
from nof1.trial.observation_rules import day_faults, faults_of, nearest_planned, text_faults
from nof1.trial.recording import line_for, refuse_locked, say_about, say_value
from nof1.trial.tables.table import DataTable, listed, place
from nof1.words.caution import Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What an import would do, to the letter.

    Attributes
    ----------
    new : tuple of Observation
        What is not on record yet, in the order of the table.
    corrected : tuple of (Observation, Observation)
        What stands, and what it will be corrected to.
    already : int
        Observations that are on record as they are.
    lines : tuple of (kind, body)
        What will be appended to the log.
    notes : tuple of Caution
        What was assumed, and which scores are on days not planned.
    """

    new: tuple[Observation, ...]
    corrected: tuple[tuple[Observation, Observation], ...]
    already: int
    lines: tuple[tuple[str, Mapping[str, Any]], ...]
    notes: tuple[Caution, ...]


def plan_import(
    trial: Trial,
    table: DataTable,
    *,
    today: date,
    columns: Mapping[str, str],
    ignore_others: bool = False,
    correction: str | None = None,
) -> ImportPlan:
    """Return what importing a table would do; nothing is written.

    Parameters
    ----------
    trial : Trial
        As just opened.
    table : DataTable
        Long (date or day, outcome, value) or wide (date or day, a column per outcome, item,
        dose, covariate or side effect).
    today : date
        No day after it can have been observed.
    columns : mapping of str to str
        Names of the table's columns by the names known to the trial, where they differ.
    ignore_others : bool
        Whether columns that are not known are left aside, and said.
    correction : str or None
        Why values on record are wrong; None when none may be corrected.

    Raises
    ------
    BlindingError
        If a column may tell the arm.
    ScoresError
        With every fault in the table, at most 50 of them listed.
    TrialError
        If the trial is locked.
    """
    refuse_locked(trial)
    if correction is not None and (faults := text_faults({"--reason": correction})):
        raise ScoresError(faults)
    layout = find_layout(trial.protocol, table, columns, ignore_others=ignore_others)
    days, faults, notes = row_days(layout, trial)
    reader = cell_reader(layout, trial.protocol)
    rows: dict[Key, tuple[str, int, Observation]] = {}
    for number, row in table.rows:
        if number not in days:
            continue
        outside = day_faults(trial, days[number], today=today)
        faults += [Fault(place(table, number), fault.what, fault.mend) for fault in outside]
        for where, read in () if outside else reader.readings(number, row, days[number]):
            try:
                observation = read()
            except ScoresError as error:
                faults += error.faults
                continue
            misfits = faults_of(trial, observation, today=today)
            faults += [Fault(where, fault.what, fault.mend) for fault in misfits]
            if observation.key in rows:
                faults.append(_twice(where, observation, rows[observation.key][1]))
            else:
                rows[observation.key] = (where, number, observation)
    wanted = [(where, observation) for where, _, observation in rows.values()]
    notes = (*table.notes, *layout.notes, *notes, *reader.notes)
    plan = _compared(trial, wanted, correction, notes, faults)
    if faults:
        raise ScoresError(listed(faults, table.name))
    return plan


def apply_import(trial: Trial, plan: ImportPlan, *, now: datetime) -> tuple[Entry, ...]:
    """Append everything planned to the log, all or nothing, and return the entries.

    Parameters
    ----------
    trial : Trial
        The trial the plan was made for; nothing is written if its log went on since.
    plan : ImportPlan
        From `plan_import`.
    now : datetime
        The present, with its time zone.
    """
    return append(trial.folder, plan.lines, now=now, head=trial.head)


def _compared(
    trial: Trial,
    wanted: list[tuple[str, Observation]],
    correction: str | None,
    notes: tuple[Caution, ...],
    faults: list[Fault],
) -> ImportPlan:
    """Return the plan for all observations; add a fault for each that contradicts the record."""
    record = standing(trial.entries)
    new: list[Observation] = []
    corrected: list[tuple[Observation, Observation]] = []
    lines = []
    already = 0
    for where, observation in wanted:
        stands = record.get(observation.key)
        if stands is not None and observation.repeats(stands):
            already += 1
            continue
        if stands is None:
            new.append(observation)
        elif correction is None:
            faults.append(_differs(where, observation, stands))
        else:
            corrected.append((stands, observation))
        lines.append(line_for(observation, stands, reason=correction or ""))
    return ImportPlan(
        new=tuple(new),
        corrected=tuple(corrected),
        already=already,
        lines=tuple(lines),
        notes=(*notes, *_unplanned(trial, new)),
    )


def _differs(where: str, observation: Observation, stands: Observation) -> Fault:
    said, kept = say_value(observation), say_value(stands)
    what = (
        f"{said} differs from {kept}, which is recorded (entry {stands.seq})"
        if said != kept
        else f"{said} is recorded (entry {stands.seq}), but with other items"
    )
    return Fault(where, what, 'Check it. To correct the record add --correct --reason "...".')


def _twice(where: str, observation: Observation, row: int) -> Fault:
    what = f"{say_about(observation)} stands in row {row} already"
    return Fault(where, what, "Keep the right one of them.")


def _unplanned(trial: Trial, new: list[Observation]) -> list[Caution]:
    """Return each outcome with scores on days that were not planned."""
    days: dict[str, list[str]] = {}
    for observation in new:
        if observation.kind == "score":
            body = observation.body
            if nearest_planned(trial, body["outcome"], date.fromisoformat(body["date"])):
                days.setdefault(body["outcome"], []).append(body["date"])
    return [
        Caution.of("unplanned-days", outcome=outcome, days=tuple(sorted(own)))
        for outcome, own in days.items()
    ]
