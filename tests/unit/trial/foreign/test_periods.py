"""Periods and cycles, given or worked out."""

from __future__ import annotations

from pathlib import Path

import pytest

from nof1.trial.data import TrialData
from nof1.trial.foreign.writing import Writing
from nof1.words.caution import sentences
from support.foreign_tables import daily, faults_of, read_text

WHAT_THEN = (
    "Write a row for each of these days, with the treatment and an empty score, or say --gaps "
    "before, after or off: they were spent on the arm of the row before, of the row after, or "
    "on none."
)


def cycles(trial: TrialData) -> list[int]:
    return [period.cycle for period in trial.masked.periods]


def days(trial: TrialData) -> list[tuple[int, int]]:
    return [(period.first_day, period.last_day) for period in trial.masked.periods]


def by_day(order: str, *, every: int = 1, first: int = 1) -> str:
    """Return a table with one row for each letter; a dot is a day without treatment."""
    rows = [
        f"{first + every * i},{'' if arm == '.' else arm},5"
        for i, arm in enumerate(order)
        if arm != "_"
    ]
    return "\n".join(["day,treatment,score", *rows])


def test_runs_become_periods_and_neighbours_cycles(tmp_path: Path) -> None:
    trial = read_text(tmp_path, by_day("AAABBBBAAAABBB"))
    assert days(trial) == [(1, 3), (4, 7), (8, 11), (12, 14)]
    assert cycles(trial) == [1, 1, 2, 2]
    assert trial.allocation_set is None
    assert sentences(trial.notes)[3:] == (
        "Periods were worked out: days in a row on one treatment make a period (4 found).",
        "Cycles were worked out: periods in a row in which every arm occurs once make a cycle "
        "(2 found).",
        "Nothing says how the order was drawn: no randomisation test. "
        "--allocation pairs, complete, daily:K or FILE says it.",
    )


def test_a_period_over_is_in_no_complete_cycle(tmp_path: Path) -> None:
    trial = read_text(tmp_path, by_day("AABBAA"))
    assert cycles(trial) == [1, 1, 2]
    assert any(note.endswith("In no complete cycle: period 3.") for note in sentences(trial.notes))


@pytest.mark.parametrize(
    ("order", "expected"),
    [("AABB", [1, 1, 1, 1]), ("ABBA", [1, 1, 2, 2]), ("AAA" + "B", [1, 1, 1, 1])],
)
def test_cycles_of_given_periods(tmp_path: Path, order: str, expected: list[int]) -> None:
    header, *rows = daily(order).splitlines()
    kept = [",".join(row.split(",")[i] for i in (0, 1, 3, 4)) for row in (header, *rows)]
    assert cycles(read_text(tmp_path, "\n".join(kept))) == expected


def test_cycles_of_three_arms(tmp_path: Path) -> None:
    text = by_day("PLHHLPLPH").replace("P", "placebo")
    trial = read_text(tmp_path, text)
    assert trial.arms == ("placebo", "L", "H")
    # H H are two periods of a day each: so every cycle has every arm once.
    assert trial.arm_of_period == (0, 1, 2, 2, 1, 0, 1, 0, 2)
    assert cycles(trial) == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_a_given_cycle_parts_a_run(tmp_path: Path) -> None:
    text = "day,cycle,treatment,score\n1,1,A,5\n2,1,B,5\n3,2,B,5\n4,2,A,5\n"
    trial = read_text(tmp_path, text)
    assert trial.arm_of_period == (0, 1, 1, 0)
    assert cycles(trial) == [1, 1, 2, 2]


def test_days_without_treatment_part_a_run(tmp_path: Path) -> None:
    trial = read_text(tmp_path, by_day("AB..BA"), writing=Writing(run_in=("blank",)))
    assert days(trial) == [(1, 1), (2, 2), (5, 5), (6, 6)]


def test_a_row_left_out_does_not_part_a_run_but_a_week_does(tmp_path: Path) -> None:
    assert days(read_text(tmp_path, by_day("AA_ABB"))) == [(1, 4), (5, 6)]
    week_off = by_day("AAAABB_______BBAAA")
    assert faults_of(tmp_path, week_off) == [
        "table.csv: the table has no row for days 7 to 13, with one treatment on both sides. "
        + WHAT_THEN
    ]
    one = read_text(tmp_path, week_off, writing=Writing(gaps="before", period_days="runs"))
    assert days(one) == [(1, 4), (5, 15), (16, 18)]
    parted = read_text(tmp_path, week_off, writing=Writing(gaps="off", period_days="runs"))
    assert days(parted) == [(1, 4), (5, 6), (14, 15), (16, 18)]
    assert "Days without a row between periods count as on no arm: days 7 to 13." in sentences(
        parted.notes
    )


def test_weekly_rows_stand_for_the_week_before(tmp_path: Path) -> None:
    trial = read_text(tmp_path, by_day("AABB_BAA", every=7, first=7))
    assert days(trial) == [(1, 14), (15, 42), (43, 56)]
    note = "Rows do not come every day: periods were taken to begin up to 6 days before theirs."
    assert note in sentences(trial.notes)


def test_a_week_is_not_taken_from_the_row_before(tmp_path: Path) -> None:
    text = "day,treatment,score\n1,A,5\n8,A,5\n15,A,5\n18,B,5\n25,B,5\n"
    assert days(read_text(tmp_path, text)) == [(1, 15), (16, 25)]


def test_period_numbers_may_begin_anew_in_each_cycle(tmp_path: Path) -> None:
    text = "day,period,cycle,treatment,score\n1,1,5,A,5\n2,2,5,B,5\n3,1,7,B,5\n4,2,7,A,5\n"
    trial = read_text(tmp_path, text)
    assert [p.number for p in trial.masked.periods] == [1, 2, 3, 4]
    assert cycles(trial) == [1, 1, 2, 2]


def test_contradictions_name_their_rows(tmp_path: Path) -> None:
    text = (
        "day,period,cycle,treatment,score\n"
        "1,1,1,A,5\n"
        "2,1,1,B,5\n"
        "3,,1,B,5\n"
        "4,2,1,B,5\n"
        "5,1,1,A,5\n"
        "6,3,,A,5\n"
        "7,4,2,B,5\n"
        "8,5,1,B,5\n"
    )
    assert faults_of(tmp_path, text) == [
        'table.csv:row 3, column "treatment": B, but as many days of period 1 are on A. If that is '
        "what was taken, add --columns taken=treatment: the period then counts as assigned to A, "
        "and these days as what was taken. If not, correct the cell.",
        'table.csv:row 4, column "period": B is given, but no period. '
        "Write the number of the period.",
        'table.csv:row 6, column "period": period 1 goes on, but period 2 lies between. '
        "Give every period a number of its own, or name the cycle column.",
        'table.csv:row 7, column "cycle": A is given, but no cycle. Write the number of the cycle.',
        'table.csv:row 9, column "cycle": cycle 1 goes on, but cycle 2 lies between. '
        "Give every cycle a number of its own.",
    ]


def test_a_period_lies_in_one_cycle(tmp_path: Path) -> None:
    text = "day,period,cycle,treatment,score\n1,1,1,A,5\n2,2,1,B,5\n3,2,2,B,5\n4,3,2,A,5\n"
    assert faults_of(tmp_path, text) == [
        'table.csv:row 4, column "cycle": period 2 lies in cycle 1 and in cycle 2. '
        "Give it one cycle, or the second part a number of its own."
    ]


def test_rows_of_one_day_must_agree(tmp_path: Path) -> None:
    text = "day,treatment,outcome,score\n1,A,mood,5\n1,B,pain,5\n2,B,mood,5\n2,,pain,5\n"
    assert faults_of(tmp_path, text) == [
        "table.csv:row 3: treatment B on day 1, but A in row 2. Give one day one treatment.",
    ]
