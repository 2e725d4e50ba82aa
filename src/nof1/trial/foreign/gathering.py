"""Tables made elsewhere: from the cells to one row for each day and outcome of every person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from nof1.errors import Fault, ScoresError
from nof1.trial.foreign.columns import ColumnRoles
from nof1.trial.foreign.days import count_days
from nof1.trial.foreign.doubles import one_score_a_day
from nof1.trial.foreign.identities import look_alike_persons, unknown_persons
from nof1.trial.foreign.labels import settle_labels
from nof1.trial.foreign.rows import FaultList, ScoreRow, read_rows, treatments
from nof1.trial.foreign.words import words_as_numbers
from nof1.trial.foreign.writing import UnanalysedRows, Writing, written_out
from nof1.trial.tables.table import DataTable, listed, unread
from nof1.words.caution import Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the rows of a table say.

    Attributes
    ----------
    rows : list of ScoreRow
        With days that go on, the treatments they are on, and one score of an outcome a day.
    labels : list of str
        Treatment of every row that has one, also of those that could not be read.
    outcomes : tuple of str
        In order of appearance.
    notes : tuple of Caution
        What was worked out or done as asked.
    faults : FaultList
        What is wrong with them.
    account : UnanalysedRows
        Rows that are left out.
    """

    rows: list[ScoreRow]
    labels: list[str]
    outcomes: tuple[str, ...]
    notes: tuple[Caution, ...]
    faults: FaultList
    account: UnanalysedRows


def gather(
    table: DataTable,
    columns: ColumnRoles,
    writing: Writing,
    *,
    person: str,
    named: Sequence[str],
    recall_days: int | None,
    ask_persons: bool,
) -> Gathered:
    """Return what the rows of a table say.

    Parameters
    ----------
    table, columns, writing
        The cells, which column is which, and how the table is written.
    person : str
        Code of the person when the table has no such column.
    named : sequence of str
        Arms that the user names.
    recall_days : int or None
        Days a score looks back on, as the user says.
    ask_persons : bool
        Whether columns that may tell persons apart are asked about.

    Raises
    ------
    ScoresError
        If a column of scores holds words.
    """
    faults = FaultList(table, unread(table, columns.used))
    account = UnanalysedRows()
    table, filled = written_out(table, columns, writing, person=person, account=account)
    table, worded, wordy = words_as_numbers(table, columns, writing.words)
    if wordy:
        raise ScoresError(listed(wordy, table.name))
    rows, notes = read_rows(table, columns, person=person, faults=faults)
    unclear = FaultList(table)
    rows, counted = count_days(
        rows, table=table, columns=columns, recall_days=recall_days, faults=unclear
    )
    labelled = settle_labels(
        rows,
        treatments(table, columns),
        columns=columns,
        writing=writing,
        named=named,
        faults=faults,
        account=account,
    )
    if ask_persons:
        unclear.faults += _unknown_persons(table, columns, labelled.rows)
    if columns.person is not None:
        unclear.faults += look_alike_persons(table, columns.person)
    rows, singled = one_score_a_day(
        labelled.rows,
        table=table,
        columns=columns,
        writing=writing,
        # Where other persons may be among the rows, or days are none, that is asked first.
        faults=FaultList(table) if unclear.faults else faults,
        account=account,
    )
    faults.faults += unclear.faults
    return Gathered(
        rows=rows,
        labels=labelled.labels,
        outcomes=tuple(dict.fromkeys(name for row in labelled.rows for name, _ in row.scores)),
        notes=(*filled, *worded, *notes, *counted, *labelled.notes, *singled),
        faults=faults,
        account=account,
    )


def _unknown_persons(
    table: DataTable, columns: ColumnRoles, rows: Sequence[ScoreRow]
) -> list[Fault]:
    """Return a fault for every column that may say whose the scores are, without being known."""
    scored = [row for row in rows if not all(isnan(score) for _, score in row.scores)]
    return unknown_persons(
        table,
        columns.used,
        people={row.number: row.person for row in scored},
        days={row.number: row.day for row in scored},
        treatments={row.number: row.treatment for row in scored},
    )
