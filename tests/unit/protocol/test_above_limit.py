"""Doses above the upper limit: who answers for them, when, and what is said of it."""

from datetime import date

import pytest

from nof1.errors import InputError
from nof1.protocol.above_limit import (
    dose_lines,
    override_entry,
    override_lines,
    refuse_undated_override,
)
from support.protocol_texts import parsed

EU = ('jurisdiction = "US"', 'jurisdiction = "EU"')
TODAY = date(2026, 2, 1)


def override(day="2026-01-31"):
    text = f'[limit_override]\nprescriber = "Dr Berg"\ndate = {day}\nreason = "Low in blood."\n\n'
    return ("[regimen]", text + "[regimen]")


def test_every_dose_above_the_limit_is_said_with_who_answers_for_it():
    (line,) = override_lines(parsed(EU, override()))
    assert line.startswith("Above the limit: ")
    assert line.endswith("Dr Berg answers for it (2026-01-31): Low in blood.")


def test_an_override_that_nothing_needs_is_said_to_be_so():
    protocol = parsed(override())
    assert list(override_lines(protocol)) == []
    (line,) = dose_lines(protocol)
    assert line.startswith("limit_override is not needed: no dose is above")
    assert override_entry(protocol) is None


def test_the_log_promises_the_doses_and_who_answered():
    entry = override_entry(parsed(EU, override()))
    assert entry["jurisdiction"] == "EU"
    assert entry["prescriber"] == "Dr Berg"
    assert all(daily > entry["limit_mg"] for daily in entry["daily_mg"].values())
    assert list(entry["daily_mg"]) == ["magnesium"]


def test_without_an_override_there_is_nothing_to_say():
    protocol = parsed()
    refuse_undated_override(protocol, TODAY)
    assert list(override_lines(protocol)) == []
    assert override_entry(protocol) is None


def test_the_day_of_an_answer_must_have_been():
    refuse_undated_override(parsed(EU, override("2026-02-01")), TODAY)
    with pytest.raises(InputError) as caught:
        refuse_undated_override(parsed(EU, override("2026-02-02")), TODAY)
    assert str(caught.value) == (
        "limit_override.date: 2026-02-02 is in the future; today is 2026-02-01."
        " Write the day on which Dr Berg agreed."
    )


def test_what_is_no_date_is_refused():
    with pytest.raises(InputError) as caught:
        refuse_undated_override(parsed(EU, override('"last winter"')), TODAY)
    assert str(caught.value) == (
        "limit_override.date: 'last winter' is no date."
        " Write the day on which Dr Berg agreed, for instance 2026-02-01."
    )
