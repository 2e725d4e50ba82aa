from datetime import date

import pytest

from nof1.trial.dates import read_dates
from nof1.trial.tables.table import Notation


def read(*cells, order=None):
    numbered = {f"r{i}": cell for i, cell in enumerate(cells, start=1)}
    dates, faults, _ = read_dates(numbered, Notation(date_order=order))
    return list(dates.values()), faults


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 2, 8),
        "2026-02-08",
        "2026/2/8",
        "2026.02.08",
        "20260208",
        "8 Feb 2026",
        "2026-02-08 20:15 Uhr",
        "2026-02-08 21:30",
        "2026-02-08 09:30 pm",
        "2026-02-08T21:30:00+01:00",
    ],
)
def test_a_date_with_the_year_first_is_taken_as_it_is(cell):
    for order in (None, "dmy", "mdy", "ymd"):
        assert read(cell, order=order) == ([date(2026, 2, 8)], [])


def test_one_number_above_12_tells_the_order_of_the_column():
    assert read("08.02.2026", "15.02.2026")[0] == [date(2026, 2, 8), date(2026, 2, 15)]
    assert read("2/8/2026", "2/15/2026")[0] == [date(2026, 2, 8), date(2026, 2, 15)]
    assert read("8-2-26", "15-2-26")[0] == [date(2026, 2, 8), date(2026, 2, 15)]


def test_an_ambiguous_order_is_explained_once_and_asked_for():
    dates, faults = read("02/02/2026", "08/02/2026", "2026-02-09", "09/02/2026")
    assert dates == [date(2026, 2, 9)]
    (fault,) = faults
    assert fault.where == "r2"
    assert fault.what.startswith("'08/02/2026' may be day 8 of month 2 or day 2 of month 8")
    assert fault.mend == "Add --date-order dmy or --date-order mdy."


def test_an_order_that_was_told_settles_it():
    assert read("08/02/2026", order="dmy")[0] == [date(2026, 2, 8)]
    assert read("08/02/2026", order="mdy")[0] == [date(2026, 8, 2)]
    assert read("26/02/08", order="ymd")[0] == [date(2026, 2, 8)]


def test_dots_put_the_day_first_unless_another_date_contradicts():
    assert read("08.02.2026", "09.02.2026")[0] == [date(2026, 2, 8), date(2026, 2, 9)]
    assert read("02.08.2026", "02.15.2026")[0] == [date(2026, 2, 8), date(2026, 2, 15)]
    dates, (fault,) = read("08.02.2026", "02/15/2026")
    assert dates == []
    assert "'02/15/2026' has the month first, but '08.02.2026' (r1) has the day" in fault.what


def test_two_digit_years_that_may_come_first_are_asked_for():
    dates, (fault,) = read("26/02/08", "26/02/09")
    assert dates == []
    assert (fault.where, fault.what) == ("r1", "'26/02/08' may begin with the year")
    assert read("03/03/08", "03/03/09")[1][0].what == "'03/03/08' may begin with the year"
    assert read("30/12/25", "31/12/25", "1/1/26")[0][-1] == date(2026, 1, 1)
    assert read("26/02/08", "26/02/09", order="ymd")[0] == [date(2026, 2, 8), date(2026, 2, 9)]


def test_equal_day_and_month_leave_no_question():
    assert read("02/02/2026") == ([date(2026, 2, 2)], [])


def test_mixed_orders_name_both_cells():
    dates, faults = read("15.02.2026", "02/16/2026", "03/04/2026")
    assert dates == []
    (fault,) = faults
    assert (fault.where, "'15.02.2026' (r1) has the day first" in fault.what) == ("r2", True)


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("2026-02-30", None),
        ("31/02/2026", None),
        ("13/13/2026", None),
        ("08/02/2026", "ymd"),
        ("15/02/2026", "mdy"),
        ("8 Fbe 2026", None),
        ("31 Feb 2026", None),
        ("2026-02-0821:30", None),
        ("2026-02-08 25:30", None),
        ("2026-02-08 13:30 pm", None),
        ("2026-02/08", None),
        ("٠٨/٠٢/٢٠٢٦", "dmy"),
        ("n/a", "dmy"),
        (4606, None),
        (46061.5e3, None),
        (True, None),
    ],
)
def test_what_is_no_date_is_a_fault(cell, order):
    dates, (fault,) = read(cell, order=order)
    assert dates == []
    assert repr(cell) in fault.what
    assert fault.mend.startswith("Write the date as YYYY-MM-DD")
