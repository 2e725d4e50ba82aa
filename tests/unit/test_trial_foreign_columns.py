"""Files to cells, and names to columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreign_tables import write
from nof1.errors import ScoresError
from nof1.trial.foreign.columns import Table, find_columns, read_table


def a_table(*header: str) -> Table:
    return Table(name="t.csv", header=header, rows=((2, ("",) * len(header)),), decimal_comma=False)


def messages(table: Table, **wanted: str) -> list[str]:
    with pytest.raises(ScoresError) as caught:
        find_columns(table, wanted)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_quotes_and_byte_order_marks(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(["\ufeffday", "note", "score"]) + "\n"
    text += delimiter.join(["1", f'"two{delimiter} in\none"', "3"]) + "\n\n"
    text += delimiter.join(["2", "", "4"]) + "\n"
    table = read_table(write(tmp_path, text))
    assert table.header == ("day", "note", "score")
    assert table.rows == (
        (2, ("1", f"two{delimiter} in\none", "3")),
        (5, ("2", "", "4")),
    )
    assert table.decimal_comma == (delimiter != ",")


def test_short_rows_are_filled_up(tmp_path: Path) -> None:
    assert read_table(write(tmp_path, "day,a,b\n1\n")).rows == ((2, ("1", "", "")),)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gone.csv", None, "there is no such file. Check the path."),
        ("old.xls", b"x", "the old Excel format cannot be read. Save it as .xlsx or CSV."),
        ("fake.xlsx", b"day,score", "this is not an Excel file. Save it as .xlsx or CSV."),
        ("latin.csv", b"day,caf\xe9\n", "byte 7 is not UTF-8. Save the file as CSV UTF-8."),
        (
            "empty.csv",
            b"day,score\n\n",
            "there is no row under the header. Give one row for every score.",
        ),
        (
            "long.csv",
            b"day,score\n1,2\n2,3,5\n",
            "the row has 3 cells, the header 2. "
            "Write decimals with a point; put texts that hold the separator in double quotes.",
        ),
    ],
)
def test_files_that_are_no_table(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ScoresError) as caught:
        read_table(tmp_path / name)
    assert str(caught.value).endswith(message)
    assert name in str(caught.value)


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
        "period, cycle, treatment, outcome, score.",
        "--columns cycle=round: there is no such column. The columns are when, what.",
        "t.csv: no column is the treatment. Say which with --columns treatment=NAME; the columns "
        "are when, what.",
        "t.csv: no column is the score. Say which with --columns score=NAME; the columns are "
        "when, what.",
        "t.csv: no column is the day or the date. Say which with --columns date=NAME; the columns "
        "are when, what.",
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
