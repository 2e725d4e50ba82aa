"""Above the upper limit: who may answer for it, up to where, and where it is said."""

from __future__ import annotations

import pytest

from nof1.protocol.above_limit import dose_lines, override_entry, override_lines
from support.protocol_texts import faults, parsed

EU = ('jurisdiction = "US"', 'jurisdiction = "EU"')
OVERRIDE = (
    "[regimen]",
    '[limit_override]\nprescriber = "Dr Berg"\ndate = 2026-01-31\nreason = "Low in blood tests."\n'
    "\n[regimen]",
)


@pytest.mark.parametrize("strength", [1333.34, 166.8, 1e6])
@pytest.mark.parametrize("purpose", ["care", "self"])
def test_nothing_goes_beyond_the_ceiling(strength, purpose):
    found = faults(
        EU, ("strength = 100", f"strength = {strength}"), OVERRIDE,
        ('purpose = "care"', f'purpose = "{purpose}"'),
    )  # fmt: skip
    assert list(found) == ["arms.1.magnesium"]
    assert (
        "Nothing goes beyond 500 mg (the highest amount any authority allows in supplements"
        in (found["arms.1.magnesium"])
    )


def test_four_grams_are_refused_whoever_answers_for_them():
    found = faults(("strength = 100", "strength = 4000"), ("each_time = 3", "each_time = 1"),
                   OVERRIDE)  # fmt: skip
    assert found["arms.1.magnesium"].startswith(
        "4000 mg (165 mmol) magnesium a day is above the 350 mg of US. Nothing goes beyond 500 mg"
    )


def test_the_ceiling_itself_may_be_answered_for():
    protocol = parsed(EU, ("strength = 100", "strength = 166.67"), OVERRIDE)
    assert len(list(override_lines(protocol))) == 1


def test_where_the_limit_is_the_ceiling_nobody_may_answer_for_more():
    canada = ('jurisdiction = "US"', 'jurisdiction = "CA"')
    assert faults(canada, ("strength = 100", "strength = 167"), OVERRIDE)


def test_a_dose_above_the_limit_is_said_with_who_answers_for_it_and_why():
    protocol = parsed(EU, OVERRIDE)
    assert list(override_lines(protocol)) == [
        "Above the limit: Magnesium citrate 300 mg, 300 mg (12.3 mmol) magnesium a day; the limit "
        "in EU is 250 mg. Dr Berg answers for it (2026-01-31): Low in blood tests."
    ]
    assert override_entry(protocol) == {
        "limit_mg": 250.0,
        "jurisdiction": "EU",
        "daily_mg": {"magnesium": 300.0},
        "prescriber": "Dr Berg",
        "date": "2026-01-31",
        "reason": "Low in blood tests.",
    }


def test_an_override_that_no_dose_needs_is_said_before_the_draw_and_promised_nowhere():
    assert list(dose_lines(parsed())) == []
    assert list(dose_lines(parsed(OVERRIDE))) == [
        "limit_override is not needed: no dose is above the limit in US, 350 mg a day."
    ]
    for protocol in (parsed(), parsed(OVERRIDE)):
        assert list(override_lines(protocol)) == []
        assert override_entry(protocol) is None


@pytest.mark.parametrize("reason", ['""', '"  "'])
def test_an_override_needs_a_reason(reason):
    found = faults(EU, (OVERRIDE[0], OVERRIDE[1].replace('"Low in blood tests."', reason)))
    assert found["limit_override.reason"] == "is empty. Write the text."
