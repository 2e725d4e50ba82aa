"""Tables made elsewhere: days with several rows, of which each outcome gives one score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan

from nof1.trial.dates import column_dates
from nof1.trial.foreign.cells import as_typed
from nof1.trial.foreign.columns import ColumnRoles
from nof1.trial.foreign.identities import sounds_like_a_person
from nof1.trial.foreign.rows import FaultList, ScoreRow
from nof1.trial.foreign.writing import UnanalysedRows, Writing
from nof1.trial.tables.table import Cell, DataTable
from nof1.words.caution import Caution

#: A column with at most so many different cells may name what is measured.
_MOST_NAMES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """The scores of one outcome on a day that has several."""

    person: str
    day: int
    outcome: str
    rows: tuple[ScoreRow, ...]


def one_score_a_day(
    rows: Sequence[ScoreRow],
    *,
    table: DataTable,
    columns: ColumnRoles,
    writing: Writing,
    faults: FaultList,
    account: UnanalysedRows,
) -> tuple[list[ScoreRow], list[Caution]]:
    """Return the rows with at most one score of each outcome a day, and what was done.

    A row without a score says nothing beside one with it. Of several scores the mean is taken
    where the user asks for it; else they are a fault that says in which columns the rows differ.
    """
    by_day: dict[tuple[str, int, str], list[tuple[ScoreRow, float]]] = {}
    for row in rows:
        for outcome, points in row.scores:
            by_day.setdefault((row.person, row.day, outcome), []).append((row, points))
    kept: dict[tuple[int, str], float] = {}
    doubles = []
    for (person, day, outcome), scores in by_day.items():
        real = [(row, points) for row, points in scores if not isnan(points)]
        first = (real or scores)[0][0].number
        kept[first, outcome] = sum(p for _, p in real) / len(real) if real else float("nan")
        if len(real) > 1:
            day_rows = tuple(row for row, _ in real)
            doubles.append(_Day(person=person, day=day, outcome=outcome, rows=day_rows))
    if not writing.daily_mean:
        _check_covariates(rows, columns, faults)
    notes = []
    if doubles and writing.daily_mean:
        days = len({(double.person, double.day) for double in doubles})
        notes.append(Caution.of("daily-mean", days=days))
    elif doubles:
        _refuse(doubles, table, columns, faults)
    single = []
    for row in rows:
        own = tuple((o, kept[row.number, o]) for o, _ in row.scores if (row.number, o) in kept)
        if row.scores and not own and all(isnan(points) for _, points in row.scores):
            account.add(
                row.person, "without a score beside another of the day", row.treatment or None
            )
        single.append(replace(row, scores=own))
    return single, notes


def _refuse(
    doubles: Sequence[_Day], table: DataTable, columns: ColumnRoles, faults: FaultList
) -> None:
    """Add one fault for all days with several scores."""
    cells = dict(table.rows)
    first = doubles[0]
    row, other = first.rows[:2]
    whose = f" of {first.person}" if columns.person is not None else ""
    more = f", and so have {len(doubles) - 1} other days" if len(doubles) > 1 else ""
    if len(doubles) == 2:
        more = ", and so has 1 other day"
    differ = _differing(doubles, table, columns, cells)
    titles = ", ".join(table.header[column] or "a column without a name" for column in differ)
    faults.add(
        other.number,
        None,
        f"day {first.day}{whose} has a score for {first.outcome} in row {row.number} too{more}; "
        + (f"such rows differ in {titles}" if differ else "such rows differ in the score alone"),
        " ".join(_mends(doubles, table, columns, cells, differ)),
    )


def _differing(
    doubles: Sequence[_Day],
    table: DataTable,
    columns: ColumnRoles,
    cells: Mapping[int, tuple[Cell, ...]],
) -> list[int]:
    """Return the columns, but those of scores and days, in which the rows of every day differ."""
    known = {*columns.scores, columns.day, columns.person, columns.treatment}
    return [
        column
        for column in range(len(table.header))
        if column not in known
        and all(
            len({cells[row.number][column] for row in double.rows}) == len(double.rows)
            for double in doubles
        )
    ]


def _mends(
    doubles: Sequence[_Day],
    table: DataTable,
    columns: ColumnRoles,
    cells: Mapping[int, tuple[Cell, ...]],
    differ: Sequence[int],
) -> list[str]:
    """Return what may be done, each a sentence."""
    period = columns.period is None and columns.cycle is None and columns.date is None
    mends = ["--daily-mean takes the mean of each day."]
    if period and _starts_again(doubles):
        mends = [
            "Where days start again in every period, name the column that tells these apart with "
            "--columns period=NAME, or count the days on.",
            "Where they are several scores of one day, --daily-mean takes the mean of each day.",
        ]
    mends += [
        f"By {table.header[column]} every day has one score: --columns "
        f"{as_typed(f'date={table.header[column]}')}."
        for column in differ
        if columns.date is not None and _one_a_day(table, columns, column)
    ][:1]
    names = [
        table.header[column]
        for column in differ
        if column not in (columns.date, columns.outcome)
        and 1 < len({own[column] for own in cells.values()}) <= min(_MOST_NAMES, len(cells) // 2)
    ]
    if names:
        title = names[0]
        roles = [("what is measured", "outcome")]
        if columns.person is None:
            roles.insert(0 if sounds_like_a_person(title) else 1, ("whose rows they are", "person"))
        mends += [
            f"If {title} says {what}, add --columns {as_typed(f'{role}={title}')}."
            for what, role in roles
        ]
    return mends


def _one_a_day(table: DataTable, columns: ColumnRoles, column: int) -> bool:
    """Return whether a column has dates, and no person two rows of one of them."""
    dates = column_dates(table, column)
    whose = {
        n: None if columns.person is None else cells[columns.person] for n, cells in table.rows
    }
    days = [(whose[number], day) for number, day in dates.days.items()]
    return not dates.faults and 1 < len(days) == len(set(days))


def _starts_again(doubles: Sequence[_Day]) -> bool:
    """Return whether rows of one day stand far apart in the table, as where days start again."""
    return (
        all(
            other.number - row.number > 1
            for double in doubles
            for row, other in zip(double.rows, double.rows[1:], strict=False)
        )
        and len(doubles) > 1
    )


def _check_covariates(rows: Sequence[ScoreRow], columns: ColumnRoles, faults: FaultList) -> None:
    """Add a fault for every day with two values of one covariate."""
    seen: dict[tuple[str, int, int], tuple[int, float]] = {}
    for row in rows:
        for column, value in zip(columns.covariates, row.covariates, strict=True):
            if isnan(value):
                continue
            first, other = seen.setdefault((row.person, row.day, column), (row.number, value))
            if other != value:
                faults.add(
                    row.number,
                    column,
                    f"day {row.day} has another value, {other:g}, in row {first}",
                    "Give the day one value, or add --daily-mean.",
                )
