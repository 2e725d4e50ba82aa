"""Tables of phases as single-case journals print them, in rows of person, phase and session."""

from __future__ import annotations

from pathlib import Path

import pytest

from nof1.trial.data import TrialData
from nof1.trial.foreign.labels import look_alikes
from nof1.trial.foreign.named import numbers_of_names
from nof1.trial.foreign.writing import Writing
from nof1.words.caution import sentences
from support.foreign_tables import faults_of, read, read_text, write


def phases(names: str, per_phase: int = 3) -> str:
    """Return a table with some sessions in each phase, its first letter the treatment."""
    rows = ["case,session,phase,condition,score"]
    for place, name in enumerate(names.split(",")):
        rows += [
            f"Kim,{place * per_phase + n},{name},{name[0]},{place + n}"
            for n in range(1, per_phase + 1)
        ]
    return "\n".join(rows) + "\n"


ROLES = {"person": "case", "day": "session", "treatment": "condition", "period": "phase"}


def spans(trial: TrialData) -> list[tuple[int, int]]:
    return [(period.first_day, period.last_day) for period in trial.masked.periods]


def test_phases_with_names_are_numbered_in_order_of_time(tmp_path: Path) -> None:
    trial = read_text(tmp_path, phases("A1,B1,A2,B2"), columns=ROLES)
    assert spans(trial) == [(1, 3), (4, 6), (7, 9), (10, 12)]
    assert trial.arm_of_period == (0, 1, 0, 1)
    assert "phase has names (A1, B1, A2, B2): they were numbered." in sentences(trial.notes)


def test_names_of_one_word_say_their_number() -> None:
    cells = {2: "Phase 1", 3: "phase 2", 4: "", 5: "Phase 4"}
    people = dict.fromkeys(cells, "Kim")
    assert numbers_of_names(cells, people, {2: 1, 3: 2, 4: 3, 5: 4}) == {2: 1, 3: 2, 5: 4}


def test_names_are_numbered_for_each_person_by_day_not_by_row() -> None:
    cells = {2: "B1", 3: "A1", 4: "A1", 5: "B1"}
    people = {2: "Kim", 3: "Kim", 4: "Lee", 5: "Lee"}
    assert numbers_of_names(cells, people, {2: 9, 3: 1, 4: 1, 5: 2}) == {2: 2, 3: 1, 4: 1, 5: 2}


@pytest.mark.parametrize("text", ["two", "2026-01-05", "3.5", "A", "A1b"])
def test_what_is_no_name_with_a_number_stays_a_fault(tmp_path: Path, text: str) -> None:
    table = phases("A1,B1,A2,B2").replace(",A2,", f",{text},")
    found = faults_of(tmp_path, table, columns=ROLES)
    assert any(f"'{text}' is not a whole number" in fault for fault in found)


def test_a_column_of_cycles_given_as_periods_is_said_to_be_one(tmp_path: Path) -> None:
    rows = ["session,round,condition,score"]
    rows += [f"{n},{(n - 1) // 6 + 1},{'AB'[(n - 1) // 3 % 2]},{n % 5}" for n in range(1, 19)]
    text = "\n".join(rows) + "\n"
    roles = {"day": "session", "treatment": "condition"}
    first, *_ = faults_of(tmp_path, text, columns=roles | {"period": "round"})
    assert "B to row 7, but as many days of period 1 are on A" in first
    assert "write --columns cycle=round, and no period" in first
    trial = read_text(tmp_path, text, columns=roles | {"cycle": "round"})
    assert [period.cycle for period in trial.masked.periods] == [1, 1, 2, 2, 3, 3]


def test_two_days_of_a_wrong_kit_are_no_cycle(tmp_path: Path) -> None:
    text = "day,period,treatment,score\n" + "".join(
        f"{n},{(n - 1) // 6 + 1},{'B' if n in (5, 6) or n > 6 else 'A'},{n % 5}\n"
        for n in range(1, 13)
    )
    (fault,) = faults_of(tmp_path, text)
    assert "most days of period 1" in fault
    assert "cycle=" not in fault


def test_sessions_given_as_dates_are_said_to_be_numbers(tmp_path: Path) -> None:
    roles = ROLES | {"date": "session"}
    del roles["day"]
    assert faults_of(tmp_path, phases("A1,B1"), columns=roles) == [
        'table.csv, column "session": 1, 2, ... are numbers, no dates. If they count days, write '
        "--columns day=session; if weeks, week=session."
    ]


def test_two_measures_of_a_day_far_apart_are_said_to_be_measures(tmp_path: Path) -> None:
    lines = phases("A1,B1,A2,B2").splitlines()
    text = "\n".join(
        [f"{lines[0]},behaviour"]
        + [f"{line},{what}" for what in ("calls", "on task") for line in lines[1:]]
    )
    roles = {key: name for key, name in ROLES.items() if key != "period"}
    (fault,) = faults_of(tmp_path, text, columns=roles)
    assert "such rows differ in behaviour" in fault
    assert fault.endswith("If behaviour says what is measured, add --columns outcome=behaviour.")
    trial = read_text(tmp_path, text, columns=roles | {"outcome": "behaviour"})
    assert [series.outcome for series in trial.masked.series] == ["calls", "on task"]


def test_phases_in_the_column_of_treatments_are_asked_about(tmp_path: Path) -> None:
    text = phases("A1,B1,A2,B2")
    roles = {"person": "case", "day": "session", "treatment": "phase"}
    (fault,) = faults_of(tmp_path, text, columns=roles, comparator="A1")
    assert fault == (
        "treatment: A1, B1, A2, B2 look like phases of 2 treatments. If so, add --rename A1=A "
        "--rename B1=B --rename A2=A --rename B2=B; if not, name the arms with --comparator and "
        "--active."
    )
    writing = Writing(rename={"A1": "A", "B1": "B", "A2": "A", "B2": "B"})
    trial = read_text(tmp_path, text, columns=roles, writing=writing)
    assert trial.arms == ("A", "B")
    assert trial.arm_of_period == (0, 1, 0, 1)
    (named,) = read(
        write(tmp_path, text), columns=roles, comparator="A1", active=("B1", "A2", "B2")
    )
    assert named.arms == ("A1", "B1", "A2", "B2")


def test_doses_of_one_drug_are_no_phases() -> None:
    assert look_alikes(["D1", "D2", "D3"], []) == []
    assert look_alikes(["A1", "B1"], []) == []


def test_treatments_side_by_side_are_told_how_to_stand(tmp_path: Path) -> None:
    text = "day,placebo,magnesium\n1,4,2\n2,5,3\n"
    first, second = faults_of(tmp_path, text)
    assert first.endswith(
        "the columns are day, placebo, magnesium. If each treatment has a column of its own, write "
        "one column of treatments and one of scores instead, a row for each score."
    )
    assert "no column is the score" in second
    (alone, *_) = faults_of(tmp_path, "day,drug,notes\n1,A,well\n2,B,bad\n")
    assert alone.endswith("the columns are day, drug, notes.")


def test_dates_without_a_year_beside_whole_ones_name_those(tmp_path: Path) -> None:
    text = "full_date,date,treatment,score\n" + "".join(
        f"2026-03-{n:02},{n} March,{'AB'[(n - 1) // 3 % 2]},{n % 5}\n" for n in range(1, 13)
    )
    assert faults_of(tmp_path, text) == [
        "table.csv, column \"date\": '1 March' is no date, nor is any below it; full_date has "
        "dates. Write --columns date=full_date."
    ]
    trial = read_text(tmp_path, text, columns={"date": "full_date"})
    assert spans(trial) == [(1, 3), (4, 6), (7, 9), (10, 12)]
