"""Days with several rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nof1.trial.data import RowsLeftOut
from nof1.trial.foreign.writing import Writing
from nof1.words.caution import sentences
from support.foreign_tables import faults_of, read, read_text, write

ASKED = Writing(daily_mean=True)


def prompts(*, header: str = "time", cells: tuple[str, str] = ("08:00", "20:00")) -> str:
    """Return 12 days of two invented scores each, told apart by another column."""
    rows = [
        f"{day},{cell},{'AB'[(day - 1) // 3 % 2]},{day % 5 + 2 * k}"
        for day in range(1, 13)
        for k, cell in enumerate(cells)
    ]
    return "\n".join([f"day,{header},treatment,score", *rows]) + "\n"


def test_several_scores_of_a_day_are_one_fault_that_says_how_they_differ(tmp_path: Path) -> None:
    assert faults_of(tmp_path, prompts()) == [
        "table.csv:row 3: day 1 has a score for score in row 2 too, and so have 11 other days; "
        "such rows differ in time. --daily-mean takes the mean of each day. If time says what is "
        "measured, add --columns outcome=time. If time says whose rows they are, add --columns "
        "person=time."
    ]
    trial = read_text(tmp_path, prompts(), writing=ASKED)
    np.testing.assert_array_equal(
        trial.masked.series[0].score, [day % 5 + 1 for day in range(1, 13)]
    )
    assert (
        "12 days have several scores of one outcome: their mean was taken, as asked."
        in sentences(trial.notes)
    )


def test_a_name_of_persons_is_offered_as_such_first(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, prompts(header="proband nr", cells=("x1", "x2")))
    assert fault.endswith(
        'If proband nr says whose rows they are, add --columns "person=proband nr". If proband nr '
        'says what is measured, add --columns "outcome=proband nr".'
    )


def test_the_mends_that_are_offered_work(tmp_path: Path) -> None:
    text = prompts(header="what", cells=("pain", "mood"))
    trial = read_text(tmp_path, text, columns={"outcome": "what"})
    assert [series.outcome for series in trial.masked.series] == ["pain", "mood"]
    persons = read(write(tmp_path, text), columns={"person": "what"})
    assert [one.masked.person for one in persons] == ["pain", "mood"]


def test_rows_that_differ_in_nothing_else(tmp_path: Path) -> None:
    text = "id,day,treatment,mood\nann,1,A,1\nbob,1,A,1\nbob,1,A,2\nann,2,B,2\nbob,2,B,2\n"
    assert faults_of(tmp_path, text, columns={"score": "mood"}) == [
        "table.csv:row 4: day 1 of bob has a score for mood in row 3 too; such rows differ in the "
        "score alone. --daily-mean takes the mean of each day."
    ]


def test_a_row_without_a_score_says_nothing_beside_one_with_it(tmp_path: Path) -> None:
    # As apps export it: a row for each questionnaire, with the columns of all.
    rows = [
        row
        for day in range(1, 9)
        for row in (
            f"{day},{'AB'[(day - 1) // 4]},,{day % 3}",
            f"{day},{'AB'[(day - 1) // 4]},{day % 7 if day != 6 else ''},",
        )
    ]
    text = "\n".join(["day,treatment,sleep,stress", *rows]) + "\n"
    both = read_text(tmp_path, text, columns={"score": "sleep+stress"})
    sleep, stress = both.masked.series
    np.testing.assert_array_equal(sleep.score, [1, 2, 3, 4, 5, np.nan, 0, 1])
    np.testing.assert_array_equal(stress.score, [1, 2, 0, 1, 2, 0, 1, 2])
    assert both.left_out == (
        RowsLeftOut(why="without a score beside another of the day", arm="B", n=1),
    )
    alone = read_text(tmp_path, text, columns={"score": "sleep"})
    np.testing.assert_array_equal(alone.masked.series[0].score, sleep.score)
    assert alone.left_out == (
        RowsLeftOut(why="without a score beside another of the day", arm="A", n=4),
        RowsLeftOut(why="without a score beside another of the day", arm="B", n=4),
    )


def test_days_that_start_again_are_not_called_scores_of_one_day(tmp_path: Path) -> None:
    rows = [f"{day},{arm},{day % 3}" for arm in "ABBA" for day in range(1, 6)]
    (fault,) = faults_of(tmp_path, "\n".join(["day,treatment,score", *rows]))
    assert (
        "Where days start again in every period, name the column that tells these apart with "
        "--columns period=NAME, or count the days on." in fault
    )


def test_values_of_a_covariate_are_averaged_with_the_scores(tmp_path: Path) -> None:
    rows = [f"{day},{'AB'[day // 4]},{day},{k}" for day in range(8) for k in (1, 4)]
    text = "\n".join(["day,treatment,score,coffee", *rows])
    trial = read(write(tmp_path, text), covariates=["coffee"], writing=ASKED)[0]
    assert set(trial.masked.covariates[0].value.values()) == {2.5}
    assert any(
        "Give the day one value, or add --daily-mean." in fault
        for fault in faults_of(tmp_path, text, covariates=["coffee"])
    )


def test_another_column_of_dates_with_one_score_a_day_is_offered(tmp_path: Path) -> None:
    # Nights by their begin: one that begins after midnight falls on the day of the next.
    nights = [
        ("2026-02-02 23:23", "2026-02-03 06:13"),
        ("2026-02-04 00:07", "2026-02-04 06:49"),
        ("2026-02-04 23:40", "2026-02-05 06:30"),
        ("2026-02-05 22:50", "2026-02-06 06:10"),
    ]
    rows = [f"{a},{b},{'AABB'[k]},{k}" for k, (a, b) in enumerate(nights)]
    text = "\n".join(["Start,End,arm,score", *rows])
    (fault,) = faults_of(tmp_path, text, columns={"date": "Start"})
    assert fault == (
        "table.csv:row 4: day 3 has a score for score in row 3 too; such rows differ in Start, End."
        " --daily-mean takes the mean of each day. By End every day has one score: --columns "
        "date=End."
    )
    trial = read_text(tmp_path, text, columns={"date": "End"})
    assert trial.masked.series[0].day.tolist() == [1, 2, 3, 4]
