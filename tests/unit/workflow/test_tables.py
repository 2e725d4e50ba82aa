"""What is said of a table: checked all at once, and read with the command line's defaults."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nof1.errors import Checked, InputError
from nof1.model.half_life_default import HALF_LIVES_PER_PERIOD
from nof1.protocol.tables import AnalysisPlan
from nof1.words.caution import sentences
from nof1.workflow.sources import each, reasons, source_of
from nof1.workflow.tables import TableOptions
from support.foreign_tables import columns_of, daily, write


def test_the_prior_of_the_half_life_follows_from_the_periods_unless_said(tmp_path: Path) -> None:
    path = write(tmp_path, daily("ABBA", 8))
    read = TableOptions().read(path, AnalysisPlan())
    assert read.plan.priors.half_life_median_days == 8 / HALF_LIVES_PER_PERIOD
    assert any("a median of 2 days" in note for note in sentences(read.people[0].notes))
    read = TableOptions(half_life=3.0).read(path, AnalysisPlan())
    assert read.plan.priors.half_life_median_days == 3.0


def test_all_that_is_wrong_is_told_at_once() -> None:
    options = TableOptions(
        better="up",  # type: ignore[arg-type]
        half_life=0.0,
        mcid=2e9,
        scale=(0.0, float("inf")),
        recall=0,
        period_days=-1,
        date_order="ydm",
        timezone="Mars",
        words={"bad": "none"},
    )
    checked = Checked()
    options.check(checked)
    assert [str(fault) for fault in checked.faults] == [
        "--better: 'up' will not do. Write lower, higher.",
        "--half-life: 0 will not do. Give a number above 0, at most 365.",
        "--mcid: 2e+09 will not do. Give a number above 0, at most 1e+09.",
        "--scale: '0:inf' is not LOW:HIGH. Write, for instance, 0:40.",
        "--recall: '0' is not a number of days. Write a number from 1 to 366.",
        "--period-days: '-1' is not a number of days. Write, for instance, 7, or runs.",
        "--date-order: 'ydm' is no order. Write dmy, mdy, ymd.",
        "--timezone: there is no time zone 'Mars'. Write a name such as Europe/Berlin or"
        " America/New_York.",
        "--words: 'bad=none' is not WORD=X. Write bad=1,good=2.",
    ]
    with pytest.raises(InputError):
        options.read(source_of({"score": [1]}), AnalysisPlan())


def test_options_are_named_as_the_command_line_names_them() -> None:
    options = TableOptions(
        covariates=("steps",), mcid=0.0, decimal_comma=False, fill_down=True, columns={"a": "b"}
    )
    assert options.options() == [
        "--decimal-point", "--columns", "--mcid", "--covariate", "--fill-down",
    ]  # fmt: skip
    assert TableOptions(decimal_comma=True).options() == ["--decimal-comma"]
    assert TableOptions().options() == []
    assert TableOptions(allocation=Path("orders.txt")).plain() == {"allocation": "orders.txt"}


def test_columns_in_memory_give_the_trials_of_the_file(tmp_path: Path) -> None:
    text = daily("ABAB", 7, given=False)
    of_file = TableOptions().read(write(tmp_path, text, "P01.csv"), AnalysisPlan())
    in_memory = TableOptions(person="P01").read(source_of(columns_of(text)), AnalysisPlan())
    assert in_memory.plan == of_file.plan
    (one,), (other,) = in_memory.people, of_file.people
    assert one.notes == other.notes
    assert one.masked.person == other.masked.person == "P01"
    assert one.masked.periods == other.masked.periods
    assert one.arm_of_period == other.arm_of_period
    assert (one.masked.series[0].score == other.masked.series[0].score).all()


def test_faults_of_columns_name_row_and_column() -> None:
    columns = {"day": [1, 2, 3], "treatment": ["A", "B", "A"], "score": [1, "high", 2]}
    with pytest.raises(InputError, match='data:row 1, column "score"'):
        TableOptions().read(source_of(columns), AnalysisPlan())


def test_values_of_another_kind_are_named_too() -> None:
    options = TableOptions(mcid="1", scale=10, recall=1.5)  # type: ignore[arg-type]
    checked = Checked()
    options.check(checked)
    assert [str(fault) for fault in checked.faults] == [
        "--mcid: '1' will not do. Give a number above 0, at most 1e+09.",
        "--scale: 10 is not two numbers, LOW and HIGH. Give, for instance, (0, 40).",
        "--recall: '1.5' is not a number of days. Write a number from 1 to 366.",
    ]
    checked = Checked()
    TableOptions(mcid=np.float32(1), recall=np.int64(7), scale=(np.int64(0), 10)).check(checked)
    assert checked.faults == []


def test_one_thing_is_several_and_a_code_a_reason_left_open() -> None:
    assert each("A") == each(["A"]) == ("A",)
    assert each((-99, "x")) == ("-99", "x")
    assert each(-99) == ("-99",)
    assert each(None) == ()
    assert reasons("P1") == reasons(["P1"]) == {"P1": ""}
    assert reasons({"P1": "ill"}) == {"P1": "ill"}
    assert reasons(None) == {}
