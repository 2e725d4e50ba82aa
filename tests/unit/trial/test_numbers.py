"""Numbers as people write them; the values are invented."""

import pytest

from nof1.errors import Fault
from nof1.trial.numbers import column_numbers, read_number
from nof1.trial.tables.table import DataTable, Notation
from nof1.words.caution import sentences

#: Steps a day as an app writes them: some below a thousand, some that end in 0.
STEPS = ("12,170", "6,301", "706", "10,300", "712")


def read(*cells, separator="\t", decimal=None, words=()):
    table = DataTable(
        name="t",
        header=("x",),
        rows=tuple((number, (cell,)) for number, cell in enumerate(cells, start=2)),
        separator=separator,
        notation=Notation(decimal=decimal),
    )
    return column_numbers(table, 0, words=words)


def values(*cells, **told):
    return list(read(*cells, **told).values.values())


def fault(*cells, **told):
    """Return the one fault that some of the cells have."""
    (found,) = {one for one in values(*cells, **told) if isinstance(one, Fault)}
    return str(found)


@pytest.mark.parametrize("separator", [",", ";", "\t", " ", None])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4.5", 4.5), ("+35", 35), ("-2", -2), ("\u22122", -2), (".5", 0.5), ("1.5E+05", 1.5e5),
        ("1,234.5", 1234.5), ("1,234,567", 1234567), ("12\u202f170", 12170), ("12'170", 12170),
        ("0.250", 0.25), ("57%", 57), ("57 %", 57), (7, 7), (7.25, 7.25), ("007", 7),
    ],
)  # fmt: skip
def test_what_can_be_read_in_one_way_is(separator, text, value):
    assert values(text, "3%" if "%" in str(text) else "3", separator=separator)[0] == value


@pytest.mark.parametrize(("text", "value"), [("4,5", 4.5), ("1.234,5", 1234.5), ("0,250", 0.25)])
@pytest.mark.parametrize("separator", [";", "\t", None])
def test_a_decimal_comma_is_read_where_commas_do_not_part_columns(text, value, separator):
    assert values(text, "3", separator=separator) == [value, 3]
    assert fault(text, "3", separator=",") == (
        f't:row 2, column "x": {text!r} has a decimal comma. Add --decimal-comma if all numbers in '
        "the file are written so."
    )
    assert values(text, "3", separator=",", decimal=",") == [value, 3]


@pytest.mark.parametrize("separator", [",", ";", "\t", None])
def test_thousands_are_no_decimals(separator):
    found = read(*STEPS, separator=separator)
    assert list(found.values.values()) == [12170, 6301, 706, 10300, 712]
    assert sentences(found.notes) == ("x: commas part thousands; 12,170 is 12170.",)


def test_one_number_settles_the_column():
    assert values("6,301", "1,234.5") == [6301, 1234.5]
    assert values("6,301", "4.5") == [6301, 4.5]
    assert values("6,301", "1,234,567") == [6301, 1234567]
    assert values("6,301", "4,5") == [6.301, 4.5]
    assert values("6.301", "4,5") == [6301, 4.5]
    assert values("6.301", "4.5") == [6.301, 4.5]


@pytest.mark.parametrize(
    "cells",
    [
        ("6,301", "7,895"),
        ("6,301", "706"),  # trimmed decimals would look like this
        ("6,300", "7,890"),  # decimals written out would
        ("6,300", "1706"),  # a thousand without a comma: no thousands are parted here
    ],
)
def test_what_nothing_settles_is_asked_and_both_answers_work(cells):
    said = fault(*cells)
    assert (
        f"{cells[0]!r} may be {cells[0].replace(',', '.')} or {cells[0].replace(',', '')}" in said
    )
    assert "--decimal-comma if it is 6.3" in said
    assert "--decimal-point if it is 63" in said
    assert values(*cells, decimal=",")[0] == pytest.approx(6.3, abs=0.01)
    assert values(*cells, decimal=".")[0] == pytest.approx(6300, abs=1)


def test_points_before_three_digits_are_decimals_only_where_commas_part_columns():
    assert values("6.301", "7.895", separator=",") == [6.301, 7.895]
    assert "'6.301' may be 6.301 or 6301" in fault("6.301", "7.895", separator=";")
    assert "--decimal-point if it is 6.301, --decimal-comma if it is 6301" in fault("6.301")
    german = tuple(text.replace(",", ".") for text in STEPS)
    assert values(*german, separator=";") == [12170, 6301, 706, 10300, 712]
    assert "may be 12.170 or 12170" in fault(*german, separator=",")


def test_a_column_in_two_manners_names_both_cells():
    assert fault("4,5", "4.5") == (
        "t:row 2, column \"x\": '4,5' has a decimal comma, but '4.5' (row 3) has a decimal point. "
        "Write all numbers of the column alike."
    )
    assert "'57%' is in per cent, but '0.6' (row 3) is not" in fault("57%", "0.6")
    assert "'57%' is in per cent, but '0.6' (row 3) is not" in fault("57%", 0.6)


def test_what_was_told_holds_for_every_cell():
    assert values("4,5", "1.234", decimal=",") == [4.5, 1234]
    assert "'4.5' has a decimal point, but --decimal-comma was given" in fault("4.5", decimal=",")
    assert "'4,5' has a decimal comma, but --decimal-point was given" in fault("4,5", decimal=".")


@pytest.mark.parametrize(
    "text",
    ["1_0", "much", "inf", "nan", "1,5,4", "1.2.3", "12,34,567", "٣", "--", "1 2", "0x10", "+"],
)
def test_what_is_no_number_is_said(text):
    assert f"{text!r} is no number" in fault(text)


@pytest.mark.parametrize("cell", ["1e308", "-1e308", "5e-324", "9" * 400, 10**400, 1e16, "1e999"])
def test_numbers_that_no_scale_has(cell):
    said = fault(cell, "3")
    assert "is a number that no scale has. Check the cell." in said
    assert len(said) < 120


def test_cells_of_other_kinds():
    from datetime import date

    assert "2026-05-04 is no number. Write the number; a spreadsheet may" in fault(date(2026, 5, 4))
    assert "'True' is no number" in fault(True)
    for duration in ("6:50", "06:50:00", "6h 50min", "6 h"):
        assert f"{duration!r} is no number. Write a duration as a number of" in fault(duration)
    for written, alone in {"6/10": "6", "7 (of 10)": "7", "6.5 hrs": "6.5", "12 min": "12"}.items():
        assert f"Write the number alone: {alone} for {written!r}." in fault(written)
    assert "Write a number, or leave" in fault("about right")
    assert values("NA", "3", None, words={"na"}) == [3]


def test_a_number_in_merged_cells_counts_once():
    table = DataTable(
        name="t", header=("x",), rows=((2, (4,)), (3, (4,))), merged={(3, 0): "A2:A3"}
    )
    first, second = column_numbers(table, 0).values.values()
    assert first == 4
    assert "part of the merged cells A2:A3, which hold one number for several days" in str(second)


def test_a_number_on_the_command_line_has_a_point():
    assert [read_number(text) for text in ("4.5", " -3 ", "4,5", "1e3", "1_0")] == [4.5, -3] + [
        None
    ] * 3
