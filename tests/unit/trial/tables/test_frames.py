"""DataFrames of several libraries become the table that their CSV file is."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from nof1.errors import ScoresError
from nof1.trial.tables.frames import frame_table
from nof1.trial.tables.reading import read_table
from nof1.trial.tables.table import MOST_CELLS
from nof1.words.caution import sentences

BERLIN = ZoneInfo("Europe/Berlin")
COLUMNS = {
    "person": ["a", "a", None],
    "day": [1, 2, 3],
    "score": [1.5, None, 2.0],
    "on": [True, False, None],
    "date": [dt.date(2026, 1, 5), None, dt.date(2026, 1, 7)],
}
LIBRARIES = {
    "pandas": lambda columns: pd.DataFrame(columns),
    "polars": lambda columns: pl.DataFrame(columns),
    "polars, lazy": lambda columns: pl.DataFrame(columns).lazy(),
    "pyarrow": lambda columns: pa.table(columns),
    "columns by name": dict,
}


def cells(frame, name="data"):
    return [row for _, row in frame_table(frame, name).rows]


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_cells_are_the_texts_of_a_file(library):
    table = frame_table(library(COLUMNS))
    assert table.header == ("person", "day", "score", "on", "date")
    assert table.rows == (
        (0, ("a", "1", "1.5", "True", "2026-01-05")),
        (1, ("a", "2", None, "False", None)),
        (2, (None, "3", "2.0", None, "2026-01-07")),
    )


def test_a_frame_and_its_file_are_one_table(tmp_path):
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-01-05 08:30", "2026-01-06 21:00", None]),
            "zoned": pd.to_datetime(["2026-01-05 08:30", None, "2026-07-06 21:00"]).tz_localize(
                BERLIN
            ),
            "whole": pd.array([3, None, 5], dtype="Int64"),
            "single": np.array([1.1, 2.5, 1e-7], dtype="float32"),
            "kind": pd.Categorical(["x", None, "y, z"]),
            "score": [0.1 + 0.2, np.nan, -4.0],
            "text": [" padded ", 'with "quotes"', ""],
        }
    )
    file = tmp_path / "diary.csv"
    frame.to_csv(file, index=False)
    from_file, from_frame = read_table(file), frame_table(frame, "diary.csv")
    assert from_frame.header == from_file.header
    assert [row for _, row in from_frame.rows] == [row for _, row in from_file.rows]


def test_what_no_file_has_is_read_all_the_same():
    frame = pl.DataFrame(
        {
            "length": [dt.timedelta(hours=7, minutes=30), None],
            "at": [dt.time(22, 15), None],
            "exact": [Decimal("4.50"), None],
            "label": pl.Series(["calm", None], dtype=pl.Categorical),
            "zoned": [dt.datetime(2026, 1, 5, 8, tzinfo=BERLIN), None],
            "nothing": [None, None],
        }
    )
    table = frame_table(frame)
    expected = ("7.5", "22:15:00", "4.50", "calm", "2026-01-05 08:00:00+01:00", None)
    assert table.rows == ((0, expected),)
    assert sentences(table.notes) == ("data: the durations of length are in hours.",)


def test_missing_values_of_every_kind():
    frame = pd.DataFrame({"x": [None, np.nan, pd.NA, pd.NaT, Decimal("NaN"), "x"], "y": "y"})
    assert [row[0] for row in cells(frame)] == [None] * 5 + ["x"]


def test_rows_without_a_value_are_left_out_and_the_others_keep_their_numbers():
    frame = pd.DataFrame({"a": [None, 1.0], "b": ["", "x"]})
    assert frame_table(frame).rows == ((1, ("1.0", "x")),)


def test_named_index_counts_as_columns():
    frame = pd.DataFrame({"score": [1, 2]}, index=pd.Index(["a", "b"], name="person"))
    assert frame_table(frame).header == ("person", "score")
    several = pd.DataFrame(
        {"score": [1]}, index=pd.MultiIndex.from_tuples([("a", 3)], names=["person", "day"])
    )
    assert frame_table(several).rows == ((0, ("a", "3", "1")),)


def test_an_index_of_dates_without_a_name_is_the_date_and_that_is_said():
    frame = pd.DataFrame({"score": [1]}, index=pd.to_datetime(["2026-01-05"]))
    table = frame_table(frame, "mine")
    assert table.rows == ((0, ("2026-01-05 00:00:00", "1")),)
    assert sentences(table.notes) == ("mine: the index was read as the column date.",)


def test_an_index_that_stands_in_a_column_too_is_not_taken_twice():
    frame = pd.DataFrame({"day": [1, 2]}).set_index("day", drop=False)
    assert frame_table(frame).header == ("day",)


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_the_frame_stays_as_it_was(library):
    frame, again = library(COLUMNS), library(COLUMNS)
    frame_table(frame)
    if isinstance(frame, pd.DataFrame):
        pd.testing.assert_frame_equal(frame, again)
    elif isinstance(frame, pa.Table):
        assert frame.equals(again)
    elif isinstance(frame, dict):
        assert frame == again
    else:
        assert frame.lazy().collect().equals(again.lazy().collect())


def faults(frame):
    with pytest.raises(ScoresError) as error:
        frame_table(frame)
    return [f"{one.where}: {one.what}. {one.mend}" for one in error.value.faults]


def test_cells_without_a_plain_value_are_named_all_at_once():
    frame = pl.DataFrame({"day": [1, 2], "score": [[1, 2], None], "more": [None, {"a": 1}]})
    found = faults(frame)
    assert [one.split(". ")[0] for one in found] == [
        'data:row 0, column "score": the cell holds a list',
        'data:row 1, column "more": the cell holds a record',
    ]


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ([1, 2], "a list is neither a DataFrame nor the name of a file"),
        (pd.Series([1]), "a Series is neither a DataFrame nor the name of a file"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "two columns have the same name"),
        (
            pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])),
            "the name of a column has several levels ('a' and 'b')",
        ),
        (pd.DataFrame({"a": []}), "there are no rows"),
        (pd.DataFrame(), "there are no columns"),
        ({"a": [1, 2], "b": [1]}, "the column 'b' has 1 cells, another has 2"),
    ],
)
def test_what_is_no_table_is_refused(frame, said):
    (fault,) = faults(frame)
    assert said in fault


def test_too_many_cells_are_refused_before_they_are_made():
    frame = pl.DataFrame({"a": pl.zeros(MOST_CELLS + 1, dtype=pl.Int8, eager=True)})
    (fault,) = faults(frame)
    assert "more than any table of scores" in fault
