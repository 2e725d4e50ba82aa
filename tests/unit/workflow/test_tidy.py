"""Tidy tables keep every digit in CSV and have one type a column in a DataFrame."""

from __future__ import annotations

import csv
import importlib.util
import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from nof1.errors import InputError
from nof1.workflow import tidy
from nof1.workflow.tidy import Column, TidyTable, table_of, write_tables


@dataclass(frozen=True)
class Answer:
    """What a row of these tables is made of."""

    person: str
    count: int | None
    estimate: float | None


COLUMNS: tuple[Column[Answer], ...] = (
    Column(name="who", kind="text", value=lambda answer: answer.person),
    Column(name="n", kind="whole", value=lambda answer: answer.count),
    Column(name="estimate", kind="number", value=lambda answer: answer.estimate),
)
ANSWERS = [
    Answer('a "quoted", one', 3, 0.1 + 0.2),
    Answer("b", None, -1e-300),
    Answer("c", 4, None),
]


@pytest.fixture
def table() -> TidyTable:
    return table_of(COLUMNS, ANSWERS)


def test_every_column_is_read_off_every_row(table: TidyTable) -> None:
    assert table.header == ("who", "n", "estimate")
    assert table.rows == (
        ('a "quoted", one', 3, 0.1 + 0.2),
        ("b", None, -1e-300),
        ("c", 4, None),
    )


def test_a_file_holds_every_digit_and_na_for_what_is_missing(
    table: TidyTable, tmp_path: Path
) -> None:
    file = tmp_path / "table.csv"
    write_tables({file: table})
    with file.open(newline="") as lines:
        header, *rows = csv.reader(lines)
    assert header == list(table.header)
    assert [row[1] for row in rows] == ["3", "NA", "4"]
    assert [float(row[2]) for row in rows[:2]] == [0.1 + 0.2, -1e-300]
    assert rows[0][0] == 'a "quoted", one'
    read = pd.read_csv(file)
    assert read["estimate"].tolist()[:2] == [0.1 + 0.2, -1e-300]
    assert math.isnan(read["estimate"][2])


def test_another_file_of_that_name_is_kept(table: TidyTable, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("mine")
    with pytest.raises(InputError, match="there is something else already, and it is kept"):
        write_tables({file: table})
    assert file.read_text() == "mine"


def test_frames_have_one_type_a_column(table: TidyTable) -> None:
    of_pandas, of_polars = table.frame("pandas"), table.frame("polars")
    assert [str(one) for one in of_pandas.dtypes] == ["str", "float64", "float64"]
    assert of_polars.dtypes == [pl.String, pl.Int64, pl.Float64]
    assert of_pandas["n"].tolist() == pytest.approx([3, math.nan, 4], nan_ok=True)
    known = table_of(COLUMNS, ANSWERS[:1]).frame("pandas")
    assert [str(one) for one in known.dtypes] == ["str", "int64", "float64"]
    assert table.frame("pyarrow").column("n").to_pylist() == [3, None, 4]
    assert of_polars["n"].to_list() == [3, None, 4]
    assert of_polars["estimate"].to_list() == [0.1 + 0.2, -1e-300, None]
    empty = table_of(COLUMNS, [])
    assert list(empty.frame("pandas").columns) == list(empty.frame("polars").columns)


def installed(*names: str):
    return lambda name: object() if name in names else None


def test_the_first_library_that_is_installed_is_taken(
    table: TidyTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(table.frame(), pd.DataFrame)
    monkeypatch.setattr(tidy, "find_spec", installed("polars"))
    assert isinstance(table.frame(), pl.DataFrame)


@pytest.mark.parametrize(
    ("backend", "said"),
    [
        (
            None,
            "backend: no library of DataFrames is installed. Run `pip install pandas` or `pip"
            " install polars`.",
        ),
        ("polars", "backend polars: it is not installed. Run `pip install polars`."),
        ("excel", "backend: there is no backend 'excel'. Give one of pandas, polars, pyarrow."),
    ],
)
def test_without_a_library_the_mend_names_it(
    table: TidyTable, monkeypatch: pytest.MonkeyPatch, backend: str | None, said: str
) -> None:
    monkeypatch.setattr(tidy, "find_spec", installed())
    with pytest.raises(InputError) as caught:
        table.frame(backend)  # type: ignore[arg-type]
    assert [str(fault) for fault in caught.value.faults] == [said]


def test_the_libraries_are_those_of_the_world() -> None:
    assert all(importlib.util.find_spec(name) is not None for name in tidy.BACKENDS)
