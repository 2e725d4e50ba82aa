"""Cells to days, treatments and scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nof1.trial.data import Series
from nof1.words.caution import sentences
from support.foreign_tables import faults_of, read, read_text, write

NO_NUMBER = "Write a number, or leave the cell empty if it is missing."


def by_date(*dates: str) -> str:
    """Return a table with a score a row, on A and B in turn."""
    rows = [f'"{when}",{"AB"[i % 2]},5' for i, when in enumerate(dates)]
    return "\n".join(["date,treatment,score", *rows])


def by_score(*scores: str) -> str:
    rows = [f'{day},{"AB"[day % 2]},"{score}"' for day, score in enumerate(scores, start=1)]
    return "\n".join(["day,treatment,score", *rows])


def only_series(folder: Path, text: str) -> Series:
    (series,) = read_text(folder, text).masked.series
    return series


@pytest.mark.parametrize(
    "dates",
    [
        ("2026-02-27", "2026-03-01"),
        ("2026/2/27", "2026/3/1"),
        ("2026-02-27T08:15:00", "2026-03-01 21:30"),
        ("27/2/2026", "1/3/2026"),
        ("2/27/2026", "3/1/2026"),
        ("27-02-2026", "01-03-2026"),
        ("27.02.2026", "01.03.2026"),
        ("27/2/26", "1/3/26"),
        ("2026-02-27 08:15 PM", "2026-03-01T21:30:00+01:00"),
    ],
)
def test_dates_become_days_from_one(tmp_path: Path, dates: tuple[str, ...]) -> None:
    assert only_series(tmp_path, by_date(*dates)).day.tolist() == [1, 3]


def test_dots_put_the_day_first(tmp_path: Path) -> None:
    assert only_series(tmp_path, by_date("01.02.2026", "02.02.2026")).day.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("dates", "message"),
    [
        (
            ("03/02/2026", "04/02/2026"),
            "table.csv:row 2, column \"date\": '03/02/2026' may be day 3 of month 2 or day 2 of "
            "month 3, and no date in the file tells which. Add --date-order dmy or "
            "--date-order mdy.",
        ),
        (
            ("27/02/2026", "02/28/2026"),
            "table.csv:row 3, column \"date\": '02/28/2026' has the month first, but '27/02/2026' "
            '(table.csv:row 2, column "date") has the day first. '
            "Write all dates in one order, best as YYYY-MM-DD.",
        ),
        (
            ("2026-02-27", "tomorrow"),
            "table.csv:row 3, column \"date\": 'tomorrow' is no date. "
            "Write the date as YYYY-MM-DD; delete a row that is no day's, such as a sum or mean.",
        ),
        (
            ("2026-02-27", ""),
            'table.csv:row 3, column "date": there is no date. Write the date of the score.',
        ),
        (
            ("2026-02-27", "2026-02-30"),
            "table.csv:row 3, column \"date\": '2026-02-30' is no date. "
            "Write the date as YYYY-MM-DD.",
        ),
        (
            ("26/02/27", "26/02/28"),
            "table.csv:row 2, column \"date\": '26/02/27' may begin with the year. "
            "Add --date-order ymd, --date-order dmy or --date-order mdy.",
        ),
    ],
)
def test_dates_nobody_can_read(tmp_path: Path, dates: tuple[str, ...], message: str) -> None:
    assert faults_of(tmp_path, by_date(*dates)) == [message]


def test_the_first_day_keeps_its_number(tmp_path: Path) -> None:
    text = "day,date,treatment,score\n15,2026-02-01,A,1\n16,2026-02-02,B,2\n"
    trial = read_text(tmp_path, text)
    assert trial.masked.series[0].day.tolist() == [15, 16]
    assert not any("counted" in note for note in sentences(trial.notes))


def test_day_numbers_count_unless_the_dates_are_named(tmp_path: Path) -> None:
    text = "day,date,treatment,score\n1,2026-02-01,A,1\n2,2026-02-03,B,2\n3,2026-02-04,A,2\n"
    trial = read_text(tmp_path, text)
    assert trial.masked.series[0].day.tolist() == [1, 2, 3]
    assert sentences(trial.notes)[0] == (
        "Days are counted by day; by date, row 3 is day 3, not 2. "
        "--columns date=date counts by date."
    )
    by_date = read_text(tmp_path, text, columns={"date": "date"})
    assert by_date.masked.series[0].day.tolist() == [1, 3, 4]
    assert not any("counted" in note for note in sentences(by_date.notes))


def test_dates_nobody_can_read_do_no_harm_beside_day_numbers(tmp_path: Path) -> None:
    text = "day,date,treatment,score\n1,Monday,A,1\n2,,B,2\n"
    assert read_text(tmp_path, text).masked.series[0].day.tolist() == [1, 2]


def test_days_before_the_first_are_shifted_and_noted(tmp_path: Path) -> None:
    trial = read_text(tmp_path, "day,treatment,score\n-1,A,1\n0,A,2\n1,B,3\n")
    assert trial.masked.series[0].day.tolist() == [1, 2, 3]
    assert sentences(trial.notes)[0] == "Day -1 of the table is counted as day 1."


def test_each_person_has_a_first_day_of_their_own(tmp_path: Path) -> None:
    text = (
        "who,date,treatment,score\nann,2026-02-02,B,1\nann,2026-02-01,A,1\n"
        "bob,2026-05-01,A,1\nbob,2026-05-04,B,1\n"
    )
    ann, bob = read(write(tmp_path, text), columns={"person": "who"})
    assert ann.masked.series[0].day.tolist() == [1, 2]
    assert bob.masked.series[0].day.tolist() == [1, 4]


@pytest.mark.parametrize("missing", ["", "NA", "n/a", "NaN", ".", "-", "missing"])
def test_a_missing_score_stays_as_a_gap(tmp_path: Path, missing: str) -> None:
    series = only_series(tmp_path, by_score("3", missing, "4"))
    np.testing.assert_array_equal(series.score, [3, np.nan, 4])


@pytest.mark.parametrize(
    ("score", "message"),
    [
        (
            "7,5",
            "'7,5' has a decimal comma. Add --decimal-comma if all numbers in the file are "
            "written so.",
        ),
        ("much", "'much' is no number. " + NO_NUMBER),
        ("inf", "'inf' is no number. " + NO_NUMBER),
        ("1e400", "1e400 is a number that no scale has. Check the cell."),
    ],
)
def test_scores_nobody_can_read(tmp_path: Path, score: str, message: str) -> None:
    assert faults_of(tmp_path, by_score("3", score)) == [
        f'table.csv:row 3, column "score": {message}'
    ]


def test_decimal_commas_where_columns_are_parted_otherwise(tmp_path: Path) -> None:
    text = "day;treatment;score\n1;A;7,5\n2;B;8\n"
    assert only_series(tmp_path, text).score.tolist() == [7.5, 8]


def test_every_empty_or_odd_cell_is_named(tmp_path: Path) -> None:
    text = (
        "id,day,period,cycle,treatment,outcome,score\n"
        "p,1,1,1,A,mood,1\n"
        ",2,1,1,A,mood,1\n"
        "p,,1,1,A,mood,1\n"
        "p,3.5,2,1,B,mood,1\n"
        "p,4,two,1.0,B,mood,1\n"
        "p,5,2,1,B,,1\n"
    )
    assert faults_of(tmp_path, text) == [
        'table.csv:row 3, column "id": no person is named. Write whose row this is.',
        'table.csv:row 4, column "day": the day is missing. Write the day number.',
        "table.csv:row 5, column \"day\": '3.5' is not a whole number. Write 1, 2, 3, ...",
        "table.csv:row 6, column \"period\": 'two' is not a whole number. Write 1, 2, 3, ...",
        'table.csv:row 7, column "outcome": no outcome is named. Write which score it is.',
    ]
