"""From a whole table to the trials in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nof1.design.cycled import PairsSet
from nof1.words.caution import sentences
from support.foreign_tables import daily, faults_of, read, read_found, read_text, write

REFERENCE = Path(__file__).parents[3] / "reference" / "data"


def test_a_complete_table_needs_no_option() -> None:
    (trial,) = read(REFERENCE / "c_irls_daily.csv")
    assert trial.arms == ("A", "B")
    assert trial.arm_of_period == (0, 1, 1, 0, 0, 1)
    assert trial.masked.person == "c_irls_daily"
    assert trial.masked.n_days == 168
    assert [(p.cycle, p.first_day, p.last_day) for p in trial.masked.periods][:2] == [
        (1, 1, 28),
        (1, 29, 56),
    ]
    (series,) = trial.masked.series
    assert len(series.score) == 168
    assert np.isnan(series.score).sum() == 8
    assert (series.scale.low, series.scale.high, series.scale.step) == (0, 10, 1)
    assert trial.allocation_set == PairsSet(2, 3)


def test_weekly_totals_fill_the_days_they_look_back_on() -> None:
    (trial,) = read(REFERENCE / "c_irls_weekly.csv", recall_days=7)
    assert [(p.first_day, p.last_day) for p in trial.masked.periods] == [
        (1 + 28 * k, 28 + 28 * k) for k in range(6)
    ]
    assert trial.masked.series[0].recall_days == 7
    assert not any("--recall" in note for note in sentences(trial.notes))


def test_weekly_totals_without_a_recall_window_are_noted() -> None:
    (trial,) = read(REFERENCE / "c_irls_weekly.csv")
    assert trial.masked.series[0].recall_days == 1
    assert sentences(trial.notes)[-1] == (
        "Scores come every 7 days and were taken to speak of their own day alone; "
        "--recall DAYS says otherwise."
    )


def test_every_person_is_a_trial() -> None:
    trials = read(REFERENCE / "d_series40.csv")
    assert [trial.masked.person for trial in trials] == [f"d{i:02d}" for i in range(1, 41)]
    assert sum(int(np.isnan(t.masked.series[0].score).sum()) for t in trials) == 154
    assert {t.masked.series[0].scale for t in trials} == {trials[0].masked.series[0].scale}


def test_a_table_with_dates_other_names_and_several_scores(tmp_path: Path) -> None:
    text = (
        '"date","study_day","condition","mood","agency"\n'
        '"2026-02-27",1,"control",60,\n'
        '"2026-02-28",2,"control",70.25,3\n'
        '"2026-03-01",3,"melatonin",81,4\n'
        '"2026-03-02",4,"control",66,5\n'
        '"2026-03-03",5,"melatonin",,6\n'
    )
    trial = read_text(tmp_path, text, columns={"treatment": "condition", "score": "mood+agency"})
    assert trial.arms == ("control", "melatonin")
    assert trial.arm_of_period == (0, 1, 0, 1)
    mood, agency = trial.masked.series
    assert (mood.outcome, agency.outcome) == ("mood", "agency")
    assert mood.day.tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_array_equal(mood.score, [60, 70.25, 81, 66, np.nan])
    assert (mood.scale.high, mood.scale.step) == (100, 0)
    assert (agency.scale.high, agency.scale.step) == (10, 1)
    assert trial.allocation_set is None


def test_outcomes_in_rows(tmp_path: Path) -> None:
    rows = ["1,A,pain,3", "1,A,sleep,7", "2,A,pain,4", "3,B,pain,2", "3,B,sleep,8"]
    text = "\n".join(["day,treatment,outcome,value", *rows])
    trial = read_text(tmp_path, text)
    assert [s.outcome for s in trial.masked.series] == ["pain", "sleep"]
    assert trial.masked.series[1].day.tolist() == [1, 3]


def test_rows_need_not_be_in_order(tmp_path: Path) -> None:
    header, *rows = daily("ABBA").splitlines()
    trial = read_text(tmp_path, "\n".join([header, *reversed(rows)]))
    assert trial.masked.series[0].day.tolist() == list(range(1, 9))
    assert trial.arm_of_period == (0, 1, 1, 0)


def test_what_is_asked_for_is_kept_and_not_noted(tmp_path: Path) -> None:
    trial = read_text(
        tmp_path,
        daily("ABBA"),
        comparator="B",
        scale=(0, 40),
        better="higher",
        mcid=3.0,
        recall_days=1,
        allocation="none",
    )
    (series,) = trial.masked.series
    assert trial.arms == ("B", "A")
    assert (series.scale.low, series.scale.high, series.scale.better) == (0, 40, "higher")
    assert series.mcid == 3.0
    assert sentences(trial.notes) == ("No randomisation test, as --allocation none asks.",)


@pytest.mark.parametrize("cell", ["washout", "run-in", "Run-in week", "Wash out 2", "baseline"])
def test_days_that_are_said_to_be_no_arm_belong_to_no_period(tmp_path: Path, cell: str) -> None:
    text = f"day,treatment,score\n1,{cell},5\n2,{cell},5\n3,A,4\n4,A,4\n5,B,4\n6,B,3\n7,A,\n"
    trial = read_text(tmp_path, text)
    assert trial.arms == ("A", "B")
    assert [(p.first_day, p.last_day) for p in trial.masked.periods] == [(3, 4), (5, 6), (7, 7)]
    assert trial.masked.series[0].day.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert trial.masked.n_days == 7
    assert f"On no arm: rows called {'run-in' if cell == 'baseline' else cell}." in sentences(
        trial.notes
    )


def test_arms_that_are_not_reported_keep_their_periods(tmp_path: Path) -> None:
    text = "day,treatment,score\n" + "".join(
        f"{day},{arm},5\n" for day, arm in enumerate(["off", "low", "high", "off", "high"], 1)
    )
    trial = read_text(tmp_path, text, active=("HIGH",))
    assert trial.arms == ("off", "high", "low")
    assert trial.arm_of_period == (0, 2, 1, 0, 1)
    assert trial.reported == (1,)
    assert (
        "Not reported, as --active asks: low. What it left behind is in the model all the same."
        in sentences(trial.notes)
    )


def test_all_arms_are_reported_unless_some_are_asked_for(tmp_path: Path) -> None:
    trial = read_text(tmp_path, daily("ABBA"))
    assert trial.reported == ()
    assert not any("Not reported" in note for note in sentences(trial.notes))


def test_a_washout_that_is_written_is_on_no_arm(tmp_path: Path) -> None:
    rows = ["run-in", "A", "A", "Washout", "B", "B", "washout"]
    text = "day,treatment,score\n" + "".join(f"{day},{arm},5\n" for day, arm in enumerate(rows, 1))
    trial = read_text(tmp_path, text)
    assert trial.arms == ("A", "B")
    assert [(p.first_day, p.last_day) for p in trial.masked.periods] == [(2, 3), (5, 6)]


def three_persons(*, of_p2: str) -> str:
    """Return a table of p1 on A, B and C, of p2 as told, and of p3 on A and B without a score."""
    rows = [f"p1,{day},{arm},{day % 5}" for day, arm in enumerate("AABBCCAACCBB", start=1)]
    rows += [f"p2,{day},{arm},{day % 4}" for day, arm in enumerate(of_p2, start=1)]
    rows += [f"p3,{day},{arm}," for day, arm in enumerate("AABB", start=1)]
    return "\n".join(["person,day,treatment,score", *rows]) + "\n"


def test_who_cannot_be_compared_is_named_and_stops_nobody(tmp_path: Path) -> None:
    found = read_found(write(tmp_path, three_persons(of_p2="AAAA")), comparator="A")
    assert [one.masked.person for one in found.trials] == ["p1"]
    assert [(one.person, one.why, one.asked) for one in found.left_out] == [
        ("p2", "on A alone", False),
        ("p3", "no score for score", False),
    ]
    assert "Left out: p2 (on A alone), p3 (no score for score)." in sentences(found.trials[0].notes)


def test_who_lacks_the_comparator_is_left_out(tmp_path: Path) -> None:
    found = read_found(write(tmp_path, three_persons(of_p2="BBCC")), comparator="A")
    assert found.left_out[0].why == "never on A, the comparator"


@pytest.mark.parametrize("allocation", [None, "pairs", "complete", "list"])
def test_who_lacks_one_of_three_arms_is_compared_on_the_others(
    tmp_path: Path, allocation: str | None
) -> None:
    path = write(tmp_path, three_persons(of_p2="AABBBBAA"))
    if allocation == "list":
        allocation = str(write(tmp_path, "A B C A C B\nA C B A B C\n", "sequences.txt"))
    first, second = read_found(path, comparator="A", allocation=allocation).trials
    assert (first.arms, second.arms) == (("A", "B", "C"), ("A", "B"))
    assert second.arm_of_period == (0, 1, 0)
    assert "Never on C: no answer about it." in sentences(second.notes)
    assert not any("Never" in note for note in sentences(first.notes))
    # Three periods are no pairs: that is no reason to refuse the other person.
    assert second.allocation_set is None


def test_excluded_persons_are_not_even_read(tmp_path: Path) -> None:
    text = three_persons(of_p2="AABB") + "p2,5,A,many\np2,one,,\n"
    found = read_found(
        write(tmp_path, text), comparator="A", exclude={"p2": "took iron", "p9": "elsewhere"}
    )
    assert [one.masked.person for one in found.trials] == ["p1"]
    assert found.left_out[0].why == "took iron"
    assert found.left_out[0].asked
    assert "Left out: p2 (took iron), p3 (no score for score)." in sentences(found.trials[0].notes)


def test_nobody_left_is_a_fault_for_everybody(tmp_path: Path) -> None:
    text = "person,day,treatment,score\np1,1,A,1\np2,1,B,2\n"
    mend = "Compare other arms, or correct the table."
    assert faults_of(tmp_path, text) == [
        f"table.csv, p1: on A alone. {mend}",
        f"table.csv, p2: never on A, the comparator. {mend}",
    ]
    assert faults_of(tmp_path, text, exclude={"p1": "", "p2": ""}) == [
        "table.csv: every person is excluded. Leave one in."
    ]


def test_faults_of_cells_and_arms_come_together_in_order(tmp_path: Path) -> None:
    text = "day,treatment,score\n1,x,1\none,x,2\n3,y,many\n"
    assert faults_of(tmp_path, text) == [
        "treatment: nobody can tell which of x, y is the comparator. "
        "Say which with --comparator NAME.",
        "table.csv:row 3, column \"day\": 'one' is not a whole number. Write 1, 2, 3, ...",
        "table.csv:row 4, column \"score\": 'many' is no number. "
        "Write a number, or leave the cell empty if it is missing.",
    ]


def test_a_wrong_column_does_not_flood_the_screen(tmp_path: Path) -> None:
    text = "day,treatment,score\n" + "".join(f"{day},A,bad\n" for day in range(1, 60))
    messages = faults_of(tmp_path, text)
    assert len(messages) == 2
    assert messages[1].startswith(
        "table.csv:59 rows (2, 3, 4, ...), column \"score\": 'bad' is no number. Write a number"
    )


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_excel_and_csv_say_the_same(tmp_path: Path, suffix: str) -> None:
    from datetime import datetime

    from openpyxl import Workbook

    rows = [
        ["Date", "Arm", "Score"],
        [datetime(2026, 2, 27), "off", 3],
        [datetime(2026, 2, 28), "on", 4.5],
        [datetime(2026, 3, 2), "off", None],
    ]
    path = tmp_path / f"diary{suffix}"
    if suffix == ".xlsx":
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        write(
            tmp_path,
            "Date;Arm;Score\n27.02.2026;off;3\n28.02.2026;on;4,5\n02.03.2026;off;\n",
            path.name,
        )
    (trial,) = read(path)
    (series,) = trial.masked.series
    assert series.day.tolist() == [1, 2, 4]
    np.testing.assert_array_equal(series.score, [3, 4.5, np.nan])
    assert trial.arms == ("off", "on")
