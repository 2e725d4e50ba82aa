"""What must hold for every column that is read: it comes out right, or something is asked."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from nof1.errors import Fault, ScoresError
from nof1.trial.dates import read_dates
from nof1.trial.numbers import column_numbers
from nof1.trial.tables.reading import read_table
from nof1.trial.tables.table import DataTable, Notation
from nof1.words.caution import sentences

#: How a program writes numbers: decimal mark, thousands mark, and what parts columns beside these.
LOCALES = (
    (".", ",", (",", ";", "\t", None)),
    (".", "", (",", ";", "\t", None)),
    (",", ".", (";", "\t", None)),
    (",", "", (";", "\t", None)),
    (".", "'", (",", ";", "\t", None)),
    (",", " ", (";", "\t", None)),
)


def in_locale(value: float, places: int | None, decimal: str, thousands: str) -> str:
    """Return a number with so many decimals; with None all it has, and no zero at their end."""
    text = f"{value:,.{6 if places is None else places}f}"
    if places is None:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", "T").replace(".", decimal).replace("T", thousands)


@st.composite
def columns(draw: st.DrawFn) -> tuple[list[float], list[str], str | None]:
    decimal, thousands, separators = draw(st.sampled_from(LOCALES))
    places = draw(st.sampled_from([0, 0, 1, 2, 3, None]))
    size = draw(st.sampled_from([9, 999, 99999, 9999999]))
    whole = st.integers(-size * 1000, size * 1000)
    exact = 3 if places is None else places
    values = [
        n // 1000 if exact == 0 else round(n / 1000, exact)
        for n in draw(st.lists(whole, min_size=1))
    ]
    texts = [in_locale(value, places, decimal, thousands) for value in values]
    return values, texts, draw(st.sampled_from(separators))


@given(columns())
def test_numbers_come_out_right_or_are_asked(column):
    values, texts, separator = column
    table = DataTable(
        name="t",
        header=("x",),
        rows=tuple((n, (t,)) for n, t in enumerate(texts)),
        separator=separator,
    )
    for value, found in zip(values, column_numbers(table, 0).values.values(), strict=True):
        assert isinstance(found, Fault) or found == value, (texts, separator)


FORMS = (
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%y", "%m/%d/%y %H:%M:%S", "%y/%m/%d", "%Y-%m-%d",
    "%d-%b-%Y", "%d-%b-%y", "%y-%b-%d", "%b %d, %Y", "%d %B %Y", "%A, %d. %B %Y", "%Y%m%d",
)  # fmt: skip


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.integers(7, 200), st.sampled_from(FORMS))
def test_dates_come_out_right_or_are_asked(first, length, form):
    days = [first + timedelta(days=n) for n in range(length)]
    cells = {str(n): f"{day:{form}}" for n, day in enumerate(days)}
    found, faults, _ = read_dates(cells, Notation())
    assert faults or list(found.values()) == days


ZONES = (
    "America/Los_Angeles",
    "America/New_York",
    "Europe/London",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
)


@given(
    st.dates(date(2000, 1, 1), date(2099, 1, 1)),
    st.lists(st.times(), min_size=2, max_size=40),
    st.sampled_from(ZONES),
)
def test_a_time_in_utc_falls_on_the_day_it_was_for_the_person(first, clocks, name):
    zone = ZoneInfo(name)
    # A time that the clocks skipped is one an hour later.
    local = [
        datetime.combine(first + timedelta(days=n), clock, zone).astimezone(UTC).astimezone(zone)
        for n, clock in enumerate(clocks)
    ]
    cells = {str(n): f"{one.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z" for n, one in enumerate(local)}
    found, faults, notes = read_dates(cells, Notation(timezone=zone))
    assert faults == []
    if "midnight" not in sentences(notes)[0]:
        assert list(found.values()) == [one.date() for one in local]


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"PK\x03\x04", b"[{", b"{", b"\xff\xfe", b"a;b\n1;"]),
)
def test_any_bytes_are_a_table_or_refused(tmp_path_factory, rest, start):
    path = tmp_path_factory.mktemp("any") / "d.csv"
    path.write_bytes(start + rest)
    with contextlib.suppress(ScoresError):
        table = read_table(path, first_sheet=True)
        assert all(len(cells) == len(table.header) for _, cells in table.rows)
