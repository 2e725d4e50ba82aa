"""Times with a zone, and the person's day they fall on."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from nof1.errors import ScoresError
from nof1.trial.clocks import timezone_called
from nof1.trial.dates import read_dates
from nof1.trial.tables.table import Notation
from nof1.words.caution import sentences


def read(*cells, zone=None):
    notation = Notation(timezone=ZoneInfo(zone) if zone else None)
    days, faults, notes = read_dates({f"r{n}": cell for n, cell in enumerate(cells, 1)}, notation)
    return (
        [str(day) for day in days.values()],
        [str(fault) for fault in faults],
        list(sentences(notes)),
    )


@pytest.mark.parametrize(
    "cell",
    ["2025-02-25T02:30:00Z", "2025-02-25 02:30 UTC", "2025-02-25 02:30:00.123+00:00",
     "2025-02-25 2:30 AM GMT", "25 Feb 2025 02:30 GMT+0"],
)  # fmt: skip
def test_utc_says_the_day_only_by_the_persons_clock(cell):
    days, (fault,), _ = read(cell)
    assert days == []
    assert fault.startswith(
        "r1: 1 time is in UTC, the first 2025-02-25 02:30; on which day that was depends on the "
        "person's clock. Add --timezone"
    )
    assert read(cell, zone="America/New_York") == (
        ["2025-02-24"],
        [],
        ["date: times were read by the clock of America/New_York; 1 falls on another day."],
    )
    assert read(cell, zone="Europe/London")[0] == ["2025-02-25"]


def test_summer_time_is_that_of_the_day():
    # 00:15 in London, on a day before and a day after the clocks went forward.
    assert read("2025-03-29T00:15:00Z", "2025-03-30T23:15:00Z", zone="Europe/London")[0] == [
        "2025-03-29",
        "2025-03-31",
    ]


def test_one_score_a_night_stays_one_when_the_clocks_change():
    nights = [f"2025-03-{day}T00:15:00Z" for day in (*range(26, 31),)]
    nights += [f"2025-03-{day}T23:15:00Z" for day in (30, 31)]
    nights += [f"2025-04-0{day}T23:15:00Z" for day in range(1, 8)]
    days, faults, _ = read(*nights, zone="Europe/London")
    assert faults == []
    assert days == [str(date(2025, 3, 26) + timedelta(days=n)) for n in range(14)]


def test_an_offset_is_the_clock_the_time_was_written_by():
    cells = ("2025-02-24T21:30:00-05:00", "2025-03-24 21:30 -0400")
    days, faults, notes = read(*cells)
    assert (days, faults) == (["2025-02-24", "2025-03-24"], [])
    assert notes == [
        "date: times carry a zone (-05:00, -0400), taken as the person's own clock. --timezone "
        "NAME says otherwise."
    ]
    assert read(*cells, zone="Asia/Tokyo")[0] == ["2025-02-25", "2025-03-25"]
    assert read(*cells, "2025-03-24T21:30:00Z")[1]


def test_letters_of_a_zone_must_be_those_of_the_clock_that_was_told():
    cells = ("2026-02-02 8:03:07 pm CET", "2026-04-02 8:03:07 pm CEST")
    assert read(*cells)[0] == ["2026-02-02", "2026-04-02"]
    assert read(*cells, zone="Europe/Berlin")[0] == ["2026-02-02", "2026-04-02"]
    days, faults, _ = read(*cells, zone="Asia/Tokyo")
    assert days == []
    assert faults[0].startswith("r1: CET is not the clock of Asia/Tokyo on 2026-02-02.")


def test_midnights_in_utc_are_plain_days_whatever_the_clock():
    cells = ("2026-02-02T00:00:00.000Z", "2026-02-03T00:00:00.000Z")
    for zone in (None, "America/New_York"):
        days, faults, notes = read(*cells, zone=zone)
        assert (days, faults) == (["2026-02-02", "2026-02-03"], [])
        assert notes == ["date: every time is midnight in UTC; the days are as written."]
    assert read(*cells, "2026-02-04T00:30:00Z")[1]


def test_times_without_a_zone_are_never_moved_and_it_is_said():
    said = ["No time of date carries a zone, so --timezone changed no day."]
    for cell in ("2026-02-02 23:59", "2026-02-02", date(2026, 2, 2)):
        assert read(cell, zone="Asia/Tokyo") == (["2026-02-02"], [], said)
        assert read(cell) == (["2026-02-02"], [], [])


def test_the_ends_of_the_calendar_are_no_crash():
    assert read("0001-01-01T01:00:00Z", zone="America/New_York")[0] == ["0001-01-01"]
    assert read("2026-01-01T01:00:00+99:00", zone="Asia/Tokyo")[1]


@pytest.mark.parametrize("name", ["Europe/Londn", "", "../etc/passwd", "\0", "CETX"])
def test_an_unknown_zone_is_said(name):
    with pytest.raises(ScoresError, match="--timezone: there is no time zone"):
        timezone_called(name)
