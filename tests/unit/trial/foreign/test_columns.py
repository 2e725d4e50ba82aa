"""Names to columns."""

from __future__ import annotations

import pytest

from nof1.errors import ScoresError
from nof1.trial.foreign.columns import find_columns
from nof1.trial.tables.table import DataTable


def a_table(*header: str) -> DataTable:
    return DataTable(name="t.csv", header=header, rows=((2, (None,) * len(header)),))


def messages(table: DataTable, **wanted: str) -> list[str]:
    with pytest.raises(ScoresError) as caught:
        find_columns(table, wanted)
    return [str(fault) for fault in caught.value.faults]


def test_own_names_win_over_other_names() -> None:
    found = find_columns(a_table("ID", "Study Day", "condition", "value", "Score"), {})
    assert (found.person, found.day, found.treatment, found.scores) == (0, 1, 2, (4,))


def test_a_named_column_is_not_taken_for_something_else() -> None:
    found = find_columns(a_table("day", "arm", "y", "value"), {"score": "y", "person": "value"})
    assert (found.scores, found.person) == ((2,), 3)


def test_outcome_may_be_the_name_of_the_score() -> None:
    found = find_columns(a_table("day", "arm", "outcome"), {})
    assert (found.scores, found.outcome) == ((2,), None)


def test_a_column_with_a_plus_in_its_name() -> None:
    assert find_columns(a_table("day", "arm", "a+b"), {"score": "a+b"}).scores == (2,)


@pytest.mark.parametrize(("named", "other"), [("day", "date"), ("date", "day")])
def test_naming_day_or_date_puts_the_other_aside(named: str, other: str) -> None:
    found = find_columns(a_table("day", "date", "arm", "y"), {named: named})
    assert getattr(found, other) is None


def test_every_missing_column_is_reported() -> None:
    assert messages(a_table("when", "what"), colour="what", cycle="round") == [
        "--columns colour=what: 'colour' is nothing a table can say. Use one of person, day, date, "
        "period, cycle, week, treatment, taken, outcome, score.",
        "--columns cycle=round: there is no such column. The columns are when, what.",
        "t.csv: no column is the treatment. Say which with --columns treatment=NAME; the columns "
        "are when, what.",
        "t.csv: no column is the score. Say which with --columns score=NAME; the columns are "
        "when, what.",
        "t.csv: no column is the day or the date. Say which with --columns date=NAME, or day=NAME "
        "where it counts days or daily sessions; the columns are when, what.",
    ]


def test_columns_that_could_both_be_meant() -> None:
    assert messages(a_table("day", "arm", "condition", "y")) == [
        "t.csv: several columns may be the treatment: arm, condition. "
        "Say which with --columns treatment=NAME."
    ]
    assert messages(a_table("day", "arm", "mood", "Mood"), score="mood") == [
        "--columns score=mood: two columns have this name. The columns are day, arm, mood, Mood."
    ]


def test_outcomes_stand_in_rows_or_in_columns() -> None:
    (message,) = messages(a_table("day", "arm", "outcome", "a", "b"), score="a+b")
    assert message == (
        "t.csv: there is an outcome column, outcome, and more than one score column. "
        "Name one score column."
    )
