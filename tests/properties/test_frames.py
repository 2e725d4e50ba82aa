"""A DataFrame and its CSV file give the same bytes, in every library and type of columns."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

import nof1
from nof1.errors import Fault

ARMS = ("placebo", "magnesium")
SCORES = st.one_of(
    st.integers(0, 10), st.none(), st.integers(0, 40).map(lambda quarters: quarters / 4)
)
LIBRARIES = ("pandas", "nullable pandas", "polars", "pyarrow", "columns")
DAYS = ("day", "day as float", "date", "datetime", "zoned", "text")


@st.composite
def diaries(draw: st.DrawFn) -> pd.DataFrame:
    """Return a table of one or two persons in the types that pandas reads."""
    rows = []
    for person in draw(st.sampled_from([["ann"], ["ann", "bob 2"]])):
        order = draw(st.sampled_from([(0, 1, 1, 0), (1, 0, 0, 1), (0, 1, 0, 1)]))
        length = draw(st.integers(3, 5))
        scores = draw(st.lists(SCORES, min_size=4 * length, max_size=4 * length))
        rows += [
            {
                "person": person,
                "day": day + 1,
                "period": day // length + 1,
                "cycle": day // (2 * length) + 1,
                "treatment": ARMS[order[day // length]],
                "score": score,
            }
            for day, score in enumerate(scores)
        ]
    return pd.DataFrame(rows)


def with_days(table: pd.DataFrame, how: str) -> pd.DataFrame:
    dates = pd.Timestamp("2026-03-20") + pd.to_timedelta(table.day, unit="D")
    evening = dates + pd.Timedelta(hours=21, minutes=30)
    columns: dict[str, Any] = {
        "day as float": {"day": table.day.astype(float)},
        "date": {"date": dates.dt.date},
        "datetime": {"date": evening},
        "zoned": {"date": evening.dt.tz_localize("Europe/Berlin")},
        "text": {"date": dates.dt.strftime("%d.%m.%Y")},
    }.get(how, {})
    return table.drop(columns="day").assign(**columns) if columns else table


def in_library(table: pd.DataFrame, library: str) -> Any:
    match library:
        case "nullable pandas":
            return table.convert_dtypes().astype({"treatment": "category"})
        case "polars":
            return pl.from_pandas(table)
        case "pyarrow":
            return pa.Table.from_pandas(table, preserve_index=False)
        case "columns":
            return {name: table[name].tolist() for name in table.columns}
    return table


def answered(data: Any) -> str:
    """Return the JSON of an analysis, or what is wrong with the data but for where."""
    options = {"scale": (0, 10), "better": "lower", "mcid": 1, "comparator": "placebo"}
    try:
        return nof1.analyse(data, engines=("paired", "randomisation"), **options).to_json()
    except nof1.InputError as error:
        return " ".join(f"{one.what} {one.mend}" for one in error.faults)


@given(table=diaries(), how=st.sampled_from(DAYS), library=st.sampled_from(LIBRARIES))
@settings(max_examples=60, deadline=None)
def test_a_frame_and_its_file_give_the_same_bytes(
    table: pd.DataFrame, how: str, library: str
) -> None:
    table = with_days(table, how)
    frame = in_library(table, library)
    before = table.copy(deep=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data.csv"
        table.to_csv(file, index=False)
        assert answered(frame) == answered(file)
    pd.testing.assert_frame_equal(table, before)


@given(
    cells=st.lists(
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(-(10**18), 10**18),
            st.floats(width=64),
            st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=5),
            st.dates(),
            st.times(),
            st.datetimes(),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_cells_end_in_an_answer_or_in_one_error(cells: list[Any]) -> None:
    n = len(cells)
    table = {"day": list(range(1, n + 1)), "treatment": [ARMS[i % 2] for i in range(n)]}
    for frame in (
        {**table, "score": cells},
        pd.DataFrame({**table, "score": pd.Series(cells, dtype=object)}),
    ):
        told = wrong_with(frame)
        assert all(one.what for one in told)
        assert all("--" not in f"{one.where}{one.mend}" for one in told)


def wrong_with(frame: Any) -> list[Fault]:
    """Return the faults of a table, none where there is an answer."""
    try:
        found = nof1.analyse(frame, engines="paired")
    except nof1.InputError as error:
        return list(error.faults)
    assert len(found) == 1
    return []


def test_numbers_of_half_the_digits_are_what_they_show() -> None:
    scores = np.array([1.1, 2.3, 4.5, 5.7, 1.9, 2.5, 6.1, 5.5], dtype="float32")
    table = {"day": range(1, 9), "treatment": [ARMS[i // 2 % 2] for i in range(8)]}
    single = nof1.analyse(pd.DataFrame({**table, "score": scores}), scale=(0, 10))
    double = nof1.analyse(
        pd.DataFrame({**table, "score": [float(str(one)) for one in scores]}), scale=(0, 10)
    )
    assert single.to_json() == double.to_json()
