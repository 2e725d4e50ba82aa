"""Day numbers that start again, and numbers that are no days."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nof1.words.caution import sentences
from support.foreign_tables import daily, faults_of, read, read_text, write


def restarting(order: str, lengths: list[int], *, lacking: tuple[tuple[int, int], ...] = ()) -> str:
    """Return days that start again in every period, but for those lacking."""
    rows = [
        f"{period},{day},{arm},{(period * 3 + day) % 7}"
        for period, (arm, length) in enumerate(zip(order, lengths, strict=True), start=1)
        for day in range(1, length + 1)
        if (period, day) not in lacking
    ]
    return "\n".join(["period,day,treatment,score", *rows]) + "\n"


def test_the_period_gives_the_days_before(tmp_path: Path) -> None:
    # The last day of period 2 and the first of period 3 have no row.
    trial = read_text(tmp_path, restarting("ABBA", [7] * 4, lacking=((2, 7), (3, 1))))
    days = trial.masked.series[0].day.tolist()
    assert [day for day in range(1, 29) if day not in days] == []
    assert days[-1] == 28
    assert [(p.first_day, p.last_day)[0] for p in trial.masked.periods][::3] == [1, 22]
    assert (
        "day starts again from period to period: the periods were put one after the other, 7 days "
        "each, fewer where the rows end earlier by more than 2." in sentences(trial.notes)
    )


def test_periods_of_other_lengths_keep_them(tmp_path: Path) -> None:
    trial = read_text(tmp_path, restarting("ABAB", [10, 4, 10, 9]))
    assert [p.first_day for p in trial.masked.periods] == [1, 11, 15, 25]


def test_it_is_the_table_with_days_that_go_on(tmp_path: Path) -> None:
    on = daily("ABBAAB", 5)
    again = "\n".join(
        [
            on.splitlines()[0],
            *(
                ",".join([str((int(row.split(",")[0]) - 1) % 5 + 1), *row.split(",")[1:]])
                for row in on.splitlines()[1:]
            ),
        ]
    )
    one, other = read_text(tmp_path, on), read_text(tmp_path, again)
    assert one.masked.periods == other.masked.periods
    np.testing.assert_array_equal(one.masked.series[0].score, other.masked.series[0].score)
    two = "\n".join(
        [f"id,{again.splitlines()[0]}"]
        + [f"{who},{row}" for who in "pq" for row in again.splitlines()[1:]]
    )
    assert [t.masked.n_days for t in read(write(tmp_path, two))] == [30, 30]


def test_dates_count_better(tmp_path: Path) -> None:
    rows = [
        f"{period},{day},2026-03-{7 * (period - 1) + day:02},{arm},{day % 5}"
        for period, arm in enumerate("ABBA", start=1)
        for day in range(1, 7)
    ]
    text = "\n".join(["period,day,date,treatment,score", *rows])
    assert faults_of(tmp_path, text) == [
        'table.csv, column "day": day starts again from period to period. Add --columns date=date, '
        "which counts by date."
    ]
    trial = read_text(tmp_path, text, columns={"date": "date"})
    # The last period lasts as long as the others.
    assert trial.masked.n_days == 28


def test_a_row_without_a_period_is_named(tmp_path: Path) -> None:
    text = restarting("ABBA", [4] * 4) + ",3,A,2\n"
    assert any(
        fault.startswith('table.csv:row 18, column "day": day starts again, so 3 tells no day.')
        for fault in faults_of(tmp_path, text)
    )


WEEKS = [22, 20, 16, 26, 24, 13, 17, 22]


def weekly(title: str, factor: int = 1) -> str:
    """Return eight invented weekly scores."""
    rows = [
        f"{week * factor},{'PMMPPMMP'[week - 1]},{score}"
        for week, score in enumerate(WEEKS, start=1)
    ]
    return "\n".join([f"{title},treatment,irls", *rows])


@pytest.mark.parametrize("asked", [{}, {"week": "week"}])
def test_weeks_are_counted_as_weeks(tmp_path: Path, asked: dict[str, str]) -> None:
    read_as = {"score": "irls"} | asked
    trial = read_text(tmp_path, weekly("week"), columns=read_as, comparator="P", recall_days=7)
    right = read_text(
        tmp_path, weekly("day", 7), columns={"score": "irls"}, comparator="P", recall_days=7
    )
    assert trial.masked.periods == right.masked.periods
    assert trial.masked.series[0].day.tolist() == list(range(7, 57, 7))
    assert "week counts weeks: a score was taken as of the last day of its week." in sentences(
        trial.notes
    )


@pytest.mark.parametrize("title", ["week", "Visit"])
def test_weeks_that_are_given_as_days_are_asked_about(tmp_path: Path, title: str) -> None:
    asked = {"columns": {"score": "irls", "day": title}, "comparator": "P"}
    assert faults_of(tmp_path, weekly(title), recall_days=7, **asked) == [
        f'table.csv, column "{title}": {title} goes up by one from row to row, but a score looks '
        f"back on 7 days: it is no number of days. Where it counts weeks, write --columns "
        f"week={title}; else give a column of days."
    ]
    days = read_text(tmp_path, weekly(title, 7), recall_days=7, **asked)
    assert days.masked.n_days == 56


def test_days_of_a_week_go_on_from_week_to_week(tmp_path: Path) -> None:
    rows = [
        f"{week},{day},{'ABBA'[week - 1]},{(week + day) % 5}"
        for week in range(1, 5)
        for day in range(1, 8)
    ]
    text = "\n".join(["week,day,treatment,score", *rows])
    trial = read_text(tmp_path, text, allocation="pairs")
    assert trial.masked.series[0].day.tolist() == list(range(1, 29))
