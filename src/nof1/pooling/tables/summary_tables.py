"""Tables of summaries: cycle differences, estimates with errors, or scores without days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from nof1.errors import Fault, ScoresError
from nof1.pooling.persons.members import Excluded
from nof1.pooling.tables.summaries import PersonSummary, contributions_of
from nof1.pooling.tables.summary_columns import (
    Kind,
    SummaryColumns,
    held_in,
    kind_of,
    summary_columns,
)
from nof1.scales import Better
from nof1.sharing.contribution import Contribution, SharedOutcome
from nof1.sharing.from_scores import code_of
from nof1.trial.foreign.arms import choose_arms, is_arm
from nof1.trial.foreign.cells import is_blank
from nof1.trial.foreign.columns import find_columns
from nof1.trial.tables.reading import table_in
from nof1.trial.tables.table import Cell, DataTable, Notation, listed
from nof1.words.caution import Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryOptions:
    """What is said of a table by options; see those of the same names."""

    columns: Mapping[str, str]
    active: Sequence[str]
    comparator: str | None
    scale: tuple[float, float] | None
    better: Better | None
    mcid: float | None
    outcome: str | None
    exclude: Mapping[str, str]
    notation: Notation


@dataclass(frozen=True, slots=True, kw_only=True)
class Summarised:
    """What a table of summaries gives to a pool."""

    contributions: tuple[Contribution, ...]
    notes: tuple[Caution, ...]
    left_out: tuple[Excluded, ...]


def read_summaries(source: Path | DataTable, asked: SummaryOptions) -> Summarised | None:
    """Return what a table of summaries gives to a pool, or None of any other table.

    Raises
    ------
    ScoresError
        With everything that is wrong.
    """
    table = table_in(source, asked.notation)
    kind = kind_of(table, asked.columns)
    if kind is None:
        return None
    columns = SummaryColumns(table=table, columns=summary_columns(table, asked.columns, kind))
    if asked.scale is None:
        what = f"{held_in(kind)} do not tell the ends of the scale"
        columns.faults.append(Fault(table.name, what, "Say them with --scale LOW:HIGH."))
    arms: tuple[str, str] = ("comparator", "active")
    label_notes: list[Caution] = []
    if kind == "scores":
        arms, label_notes = _arms(columns, asked)
    elif asked.comparator or asked.active:
        arms = (asked.comparator or arms[0], next(iter(asked.active), arms[1]))
    people = _people(columns, kind, arms, asked)
    if asked.scale is not None:
        _refuse_beyond(columns, people, asked.scale)
    if columns.faults:
        raise ScoresError(listed(columns.faults, table.name))
    if not people or asked.scale is None:
        raise ScoresError(Fault(table.name, "nobody has a difference", "Check the columns."))
    measured = {"differences": "difference", "estimates": "estimate", "scores": "score"}[kind]
    title = table.header[columns.columns[measured]]
    outcome = SharedOutcome(
        id=asked.outcome or code_of(title),
        unit="points",
        low=asked.scale[0],
        high=asked.scale[1],
        better=asked.better or "lower",
        recall_days=1,
        mcid=asked.mcid,
    )
    contributions, spread_note = contributions_of(people, arms, outcome)
    notes = [
        Caution.of("no-days-told", file=table.name, kind=kind),
        spread_note,
        *label_notes,
        *table.notes,
        *(note for numbers in columns.numbers.values() for note in numbers.notes),
    ]
    if asked.better is None:
        notes.append(Caution.of("lower-guessed"))
    if kind != "scores" and not (asked.comparator and asked.active):
        notes.append(Caution.of("arms-not-named", active=arms[1], comparator=arms[0]))
    return Summarised(
        contributions=tuple(contributions),
        notes=tuple(notes),
        left_out=tuple(
            Excluded(person=code_of(person), why=why) for person, why in columns.left_out.items()
        ),
    )


def person_column(table: DataTable, wanted: Mapping[str, str]) -> int | None:
    """Return the column of persons in a table of scores or of summaries; None without one."""
    kind = kind_of(table, wanted)
    if kind is None:
        return find_columns(table, wanted).person
    return summary_columns(table, wanted, kind)["person"]


def _rows_by_person(
    columns: SummaryColumns, asked: SummaryOptions
) -> dict[str, list[tuple[int, tuple[Cell, ...]]]]:
    """Return the rows of everybody who is not excluded."""
    people: dict[str, list[tuple[int, tuple[Cell, ...]]]] = defaultdict(list)
    for row, cells in columns.table.rows:
        person = columns.text(cells, "person")
        if not person:
            columns.add(row, "person", "no person is named", "Write whose row this is.")
        elif person in asked.exclude:
            columns.left_out[person] = asked.exclude[person] or "on request"
        else:
            people[person].append((row, cells))
    return people


def _differences(columns: SummaryColumns, asked: SummaryOptions) -> list[PersonSummary]:
    """Return the persons of a table with a row for each cycle difference."""
    people = []
    for person, rows in _rows_by_person(columns, asked).items():
        seen: dict[str, int] = {}
        mine = []
        for row, cells in rows:
            cycle = columns.text(cells, "cycle") if "cycle" in columns.columns else ""
            first = seen.setdefault(cycle, row) if cycle else row
            if first != row:
                what = f"cycle {cycle} of {person} already has a difference, in row {first}"
                columns.add(row, "cycle", what, "Number the cycles of a person 1, 2, 3, ...")
            value = columns.number(row, "difference")
            mine += [] if value is None else [value]
        if mine:
            people.append(_of_differences(person, mine))
        else:
            columns.left_out[person] = "no cycle difference"
    return people


def _estimates(columns: SummaryColumns, asked: SummaryOptions) -> list[PersonSummary]:
    """Return the persons of a table with one estimate and standard error each."""
    people = []
    for person, rows in _rows_by_person(columns, asked).items():
        row = rows[0][0]
        for other, _ in rows[1:]:
            what = f"{person} already has an estimate, in row {row}"
            columns.add(other, "person", what, "Give every person one row.")
        before = len(columns.faults)
        value, se = columns.number(row, "estimate"), columns.number(row, "se")
        n = columns.number(row, "n")
        if se is not None and not se > 0:
            columns.add(row, "se", f"{se:g} is no standard error", "Write a number above 0.")
        if n is not None and not (n.is_integer() and 1 <= n <= 1e5):
            columns.add(row, "n", f"{n:g} is no number of cycles", "Write 1, 2, 3, ...")
        if len(columns.faults) > before:
            continue
        if value is None or se is None:
            columns.left_out[person] = "no estimate" if value is None else "no standard error"
            continue
        cycles = None if n is None else int(n)
        people.append(
            PersonSummary(person=person, estimate=value, se=se, cycles=cycles, differences=None)
        )
    return people


def _arms(columns: SummaryColumns, asked: SummaryOptions) -> tuple[tuple[str, str], list[Caution]]:
    """Return the two arms that are compared, and what was assumed."""
    labels = [columns.text(cells, "treatment") for _, cells in columns.table.rows]
    labels = [label for label in labels if not is_blank(label)]
    arms, faults = choose_arms(labels, active=asked.active, comparator=asked.comparator)
    columns.faults += faults
    if len(arms) > 2 and len(asked.active) != 1:
        what = f"there are {len(arms)} arms, {', '.join(arms)}; without days two are compared"
        columns.faults.append(Fault(columns.table.name, what, "Say which with --active NAME."))
    if len(arms) < 2:
        return ("comparator", "active"), []
    notes = []
    if asked.comparator is None:
        notes.append(Caution.of("comparator-guessed", arm=arms[0]))
    return (arms[0], arms[1]), notes


def _scores(
    columns: SummaryColumns, arms: tuple[str, str], asked: SummaryOptions
) -> list[PersonSummary]:
    """Return the persons of a table of scores by period or cycle."""
    people = []
    for person, rows in _rows_by_person(columns, asked).items():
        by_period: dict[tuple[str, int, int], list[float]] = defaultdict(list)
        for row, cells in rows:
            label = columns.text(cells, "treatment")
            value = columns.number(row, "score")
            if not is_arm(label) or is_blank(label):
                if value is not None:
                    columns.add(row, "treatment", "a score has no arm", "Write the treatment.")
                continue
            period = _whole(columns, row, "period")
            cycle = _whole(columns, row, "cycle")
            by_period[label.casefold(), cycle, period] += [] if value is None else [value]
        mine = _by_cycle(by_period, arms, has_cycles="cycle" in columns.columns)
        if mine:
            people.append(_of_differences(person, mine, sum(map(len, by_period.values()))))
        else:
            columns.left_out[person] = f"no cycle with scores on {arms[0]} and {arms[1]}"
    return people


def _of_differences(person: str, differences: list[float], scores: int = 0) -> PersonSummary:
    """Return what a person's cycle differences come to, worked out from so many scores if any."""
    return PersonSummary(
        person=person,
        estimate=fmean(differences),
        se=None,
        cycles=len(differences),
        differences=tuple(differences),
        scores=scores,
    )


def _whole(columns: SummaryColumns, row: int, role: str) -> int:
    """Return a number of a period or cycle; 0 where the table has no such column."""
    if role not in columns.columns:
        return 0
    value = columns.number(row, role)
    if value is None or not value.is_integer():
        columns.add(row, role, f"the {role} is missing or no whole number", "Write 1, 2, 3, ...")
        return 0
    return int(value)


def _by_cycle(
    by_period: Mapping[tuple[str, int, int], Sequence[float]],
    arms: tuple[str, str],
    *,
    has_cycles: bool,
) -> list[float]:
    """Return active minus comparator for every cycle with scores on both arms."""
    comparator, active = (arm.casefold() for arm in arms)
    differences = []
    compared = sorted(
        (cycle, period, label)
        for label, cycle, period in by_period
        if label in (comparator, active)
    )
    for keys in _cycles(compared, has_cycles=has_cycles):
        means: dict[str, list[float]] = {active: [], comparator: []}
        for cycle, period, label in keys:
            if scores := by_period[label, cycle, period]:
                means[label].append(fmean(scores))
        if means[active] and means[comparator]:
            differences.append(fmean(means[active]) - fmean(means[comparator]))
    return differences


def _cycles(
    periods: Sequence[tuple[int, int, str]], *, has_cycles: bool
) -> list[list[tuple[int, int, str]]]:
    """Return (cycle, period, arm) by cycle; where none is given, two periods in a row make one."""
    cycles: list[list[tuple[int, int, str]]] = []
    for period in periods:
        last = cycles[-1] if cycles else []
        goes_on = (
            bool(last) and last[0][0] == period[0]
            if has_cycles
            else len(last) == 1 and last[0][2] != period[2]
        )
        if goes_on:
            last.append(period)
        else:
            cycles.append([period])
    return cycles


def _people(
    columns: SummaryColumns, kind: Kind, arms: tuple[str, str], asked: SummaryOptions
) -> list[PersonSummary]:
    """Return the persons of a table of this kind."""
    match kind:
        case "differences":
            return _differences(columns, asked)
        case "estimates":
            return _estimates(columns, asked)
        case "scores":
            return _scores(columns, arms, asked)


def _refuse_beyond(
    columns: SummaryColumns, people: Sequence[PersonSummary], scale: tuple[float, float]
) -> None:
    """Add a fault for everybody with a difference that the scale rules out."""
    span = scale[1] - scale[0]
    for person in people:
        largest = max(map(abs, person.differences or (person.estimate,)))
        if largest > span or (person.se is not None and not 1e-6 * span <= person.se <= 1e3 * span):
            amount = f"a difference of {largest:g}"
            if largest <= span and person.se is not None:
                amount = f"a standard error of {person.se:g}"
            what = f"{amount} is impossible on a scale from {scale[0]:g} to {scale[1]:g}"
            mend = "Correct it, or --scale."
            columns.faults.append(Fault(f"{columns.table.name}, {person.person}", what, mend))
