"""Whatever rows a table lacks, periods it numbers lie where they lay."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from support.foreign_tables import read_text


@st.composite
def lacking(draw: st.DrawFn) -> tuple[list[str], int, set[int]]:
    """Return the arms of the periods, their length, and days without a row."""
    pairs = draw(st.lists(st.sampled_from(["AB", "BA"]), min_size=2, max_size=5))
    length = draw(st.sampled_from([5, 7, 10, 14]))
    arms = list("".join(pairs))
    days = st.integers(2, len(arms) * length - 1)
    absent = draw(st.sets(days, max_size=len(arms) * length // 6))
    # A period has a row, and no gap is as long as a period: those are asked about.
    kept = {1 + length * period + length // 2 for period in range(len(arms))}
    return arms, length, absent - kept


@settings(max_examples=60, deadline=None)
@given(lacking())
def test_numbered_periods_keep_their_days(made: tuple[list[str], int, set[int]]) -> None:
    arms, length, absent = made
    days = [day for day in range(1, len(arms) * length + 1) if day not in absent]
    rows = [
        f"{day},{arms[(day - 1) // length]},{day % 7},{1 + (day - 1) // length}" for day in days
    ]
    with tempfile.TemporaryDirectory() as folder:
        trial = read_text(Path(folder), "\n".join(["day,treatment,score,period", *rows]))
    assert trial.arm_of_period == tuple("AB".index(arm) for arm in arms)
    assert trial.masked.periods[0].first_day == 1
    assert trial.masked.periods[-1].last_day == len(arms) * length
    for number, period in enumerate(trial.masked.periods):
        own = [day for day in days if (day - 1) // length == number]
        assert period.first_day <= own[0] <= own[-1] <= period.last_day
        if number:
            # No day between periods is lost.
            assert period.first_day == trial.masked.periods[number - 1].last_day + 1
    (series,) = trial.masked.series
    assert set(series.day.tolist()) >= set(days)
    assert set(series.day.tolist()) <= set(range(1, len(arms) * length + 1))
