"""Which column tells persons apart, and which may do so unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from nof1.trial.foreign.writing import Writing
from support.foreign_tables import faults_of, read, write


def two_people(title: str, values: tuple[str, str] = ("a", "b"), *, later: int = 0) -> str:
    """Return 16 invented scores of each of two, the second so many days later."""
    rows = [
        f"{value},{day + later * second},{'AB'[(day - 1) // 4 % 2]},{(day * 3 + second) % 7}"
        for second, value in enumerate(values)
        for day in range(1, 17)
    ]
    return "\n".join([f"{title},day,treatment,score", *rows]) + "\n"


@pytest.mark.parametrize(
    "title",
    [
        *("ID", "record_id", "participant_id", "Study ID", "SUBJID", "usubjid", "case"),
        *("user_id", "Subject", "patient-id", "pid"),
    ],
)
def test_known_names(tmp_path: Path, title: str) -> None:
    found = read(write(tmp_path, two_people(title, later=40)))
    assert [one.masked.person for one in found] == ["a", "b"]
    assert [one.masked.n_days for one in found] == [16, 56]


def test_the_number_of_an_answer_is_no_person(tmp_path: Path) -> None:
    header, *rows = two_people("code", ("a", "a"), later=16).splitlines()
    text = "\n".join([f"ID,{header}", *(f"{n},{row}" for n, row in enumerate(rows, start=1))])
    (one,) = read(write(tmp_path, text))
    assert one.masked.person == "table"
    assert len(one.masked.series[0].score) == 32
    # Beside the number of the answer, another column tells persons apart.
    both = text.replace("code", "participant_id")
    assert [one.masked.person for one in read(write(tmp_path, both))] == ["a"]


def test_columns_that_part_alike_are_one_and_a_constant_parts_nothing(tmp_path: Path) -> None:
    header, *rows = two_people("subject").splitlines()
    text = "\n".join([f"study_id,patient,{header}", *(f"TRIAL1,{row[0]}-x,{row}" for row in rows)])
    assert [one.masked.person for one in read(write(tmp_path, text))] == ["a", "b"]


@pytest.mark.parametrize(
    ("title", "later", "again"),
    [
        ("klient", 0, ", and the same days come again where it changes"),
        ("klient", 40, ""),
        ("patient nr", 16, ""),
    ],
)
def test_what_may_be_the_person_is_asked_about(
    tmp_path: Path, title: str, later: int, again: str
) -> None:
    text = two_people(title, later=later)
    quote = '"' if " " in title else ""
    assert faults_of(tmp_path, text)[-1] == (
        f'table.csv:row 18, column "{title}": {title} has 2 values, each over many rows on several '
        f"treatments{again}: it may say whose rows they are. If so, add --columns "
        f"{quote}person={title}{quote}; if it names what is measured, {quote}outcome={title}{quote}"
        "; if neither, person=none."
    )
    assert len(read(write(tmp_path, text), columns={"person": title})) == 2
    if later:
        unexplained = Writing(gaps="off")
        (one,) = read(write(tmp_path, text), columns={"person": "none"}, writing=unexplained)
        assert len(one.masked.series[0].score) == 32
    else:
        (one,) = read(write(tmp_path, text), columns={"outcome": title})
        assert [series.outcome for series in one.masked.series] == ["a", "b"]


def test_a_column_that_goes_with_time_or_treatment_is_none(tmp_path: Path) -> None:
    rows = [
        f"{day},{'AB'[(day - 1) // 4 % 2]},{day % 5},{(day - 1) // 8},{day // 5},kit{day // 9}"
        for day in range(1, 25)
    ]
    text = "\n".join(["day,treatment,score,month,stretch,kit_code", *rows])
    assert len(read(write(tmp_path, text))) == 1
    newest_first = "\n".join([text.splitlines()[0], *reversed(rows)])
    assert len(read(write(tmp_path, newest_first))) == 1


@pytest.mark.parametrize("values", [("P01", "p01"), ("P 01", "P-01"), ("1", "01"), ("P7", "P007")])
def test_codes_that_look_alike_are_asked_about(tmp_path: Path, values: tuple[str, str]) -> None:
    one, other = values
    assert faults_of(tmp_path, two_people("person", values)) == [
        f'table.csv:row 18, column "person": {other} looks like {one} in row 2. Write the code of '
        "one person in one way; two persons need codes that differ in more than capitals, blanks "
        "or leading zeros."
    ]


@pytest.mark.parametrize("values", [("1-1", "11"), ("P1", "P10"), ("a", "b"), ("100", "1")])
def test_other_codes_are_not(tmp_path: Path, values: tuple[str, str]) -> None:
    assert [one.masked.person for one in read(write(tmp_path, two_people("id", values)))] == list(
        values
    )
