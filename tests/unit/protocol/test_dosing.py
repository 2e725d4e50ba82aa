"""Strength, units each time and times are typed once; everything else is worked out."""

from __future__ import annotations

import pytest

from nof1.protocol.files import bundled_protocol, parse_protocol
from nof1.protocol.protocol import Protocol
from support.protocol_texts import faults, parsed, rewritten

UNITS = "units_each_time = 3"
TIMES = 'times = ["20:00"]'
TIMING = bundled_protocol("magnesium-timing").read_text(encoding="utf-8")


def active(protocol: Protocol):
    return protocol.dosing(protocol.actives[0])


@pytest.mark.parametrize(
    ("changes", "daily", "units", "line"),
    [
        ([], 300, "3 capsules", "300 mg (12.3 mmol) magnesium a day: 3 capsules of 100 mg"),
        ([("strength = 100", "strength = 83.33")], 249.99, "3 capsules",
         "250 mg (10.3 mmol) magnesium a day: 3 capsules of 83.33 mg"),
        ([(UNITS, "units_each_time = 1")], 100, "1 capsule",
         "100 mg (4.11 mmol) magnesium a day: 1 capsule of 100 mg"),
        ([(UNITS, "units_each_time = 1"), (TIMES, 'times = ["08:00", "20:00"]')], 200,
         "1 capsule", "200 mg (8.23 mmol) magnesium a day: 2 capsules of 100 mg"),
        ([(UNITS, "units_each_time = [1, 2]"), (TIMES, 'times = ["08:00", "20:00"]')], 300,
         "1 capsule at 08:00 (8 am) and 2 capsules at 20:00 (8 pm)",
         "300 mg (12.3 mmol) magnesium a day: 3 capsules of 100 mg"),
        ([('strength = 100, unit = "mg", basis = "elemental"',
           'strength = 4.1333, unit = "mmol", basis = "elemental"')], 301.38, "3 capsules",
         "301.4 mg (12.4 mmol) magnesium a day: 3 capsules of 100.5 mg (4.133 mmol)"),
        ([('strength = 100, unit = "mg", basis = "elemental"',
           'strength = 150, unit = "mg", basis = "compound", compound = "oxide"')], 271.37,
         "3 capsules",
         "271.4 mg (11.2 mmol) magnesium a day: 3 capsules of 90.46 mg (as 150 mg oxide)"),
    ],
)  # fmt: skip
def test_the_dose_follows_from_strength_units_and_times(changes, daily, units, line):
    dosing = active(parsed(*changes))
    assert dosing.daily_mg == pytest.approx(daily, abs=0.01)
    assert dosing.units_text == units
    assert dosing.magnesium_line == line


def test_placebo_is_taken_alike_and_holds_nothing():
    protocol = parsed()
    placebo = protocol.dosing(protocol.comparator)
    assert placebo.intake_text == active(protocol).intake_text == "3 capsules at 20:00 (8 pm)"
    assert (placebo.daily_mg, placebo.magnesium_line) == (0, "no magnesium")
    assert placebo.spare_units == 9  # 3 days of 3


def test_units_of_several_times_are_said_with_their_times():
    dosing = active(parsed((UNITS, "units_each_time = 1"), (TIMES, 'times = ["08:00", "20:00"]')))
    assert dosing.intake_text == "1 capsule each at 08:00 (8 am) and 20:00 (8 pm)"


def test_every_text_follows_the_numbers():
    protocol = parsed(("strength = 100", "strength = 50"), (UNITS, "units_each_time = 4"))
    arm = protocol.actives[0]
    assert arm.label == "Magnesium citrate 200 mg"
    assert arm.contents == "Magnesium citrate capsules, 50 mg elemental magnesium each"
    assert protocol.regimen.action.startswith("Take 4 capsules from")
    assert protocol.estimand.conditions.startswith("200 mg elemental magnesium as citrate")


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ([(UNITS, "units_each_time = [1, 2]")], "regimen.units_each_time",
         "2 numbers, but 1 in times. Give one number, or one for each of the times."),
        ([(UNITS, "units_each_time = 0"), ("Take {units}", "Take some")], "arms.1.magnesium",
         "a strength is given, but regimen.units_each_time counts no units"),
        ([(UNITS, "units_each_time = 51")], "regimen.units_each_time.0", "51 is out of range"),
        ([(UNITS, 'units_each_time = "3"')], "regimen.units_each_time.0", "'3' is not a whole"),
        ([('basis = "elemental" }', 'basis = "elemental", units_each_time = 4 }')],
         "arms.1.magnesium.units_each_time", "more than the units that are taken"),
        ([('basis = "elemental" }', 'basis = "elemental", units_each_time = [1, 2] }')],
         "arms.1.magnesium.units_each_time", "2 numbers, but 1 in times"),
    ],
)  # fmt: skip
def test_numbers_that_do_not_fit_each_other_are_refused(changes, where, what):
    found = faults(*changes)
    assert list(found) == [where]
    assert what in found[where]


def test_the_keys_of_the_older_form_name_the_newer_ones():
    found = faults(
        ("strength = 100", "amount = 300"), (UNITS, "units_per_day = 3"),
        ("spare_days = 3", "spare_units = 9"),
    )  # fmt: skip
    assert "Write strength" in found["arms.1.magnesium.amount"]
    assert "Write units_each_time" in found["regimen.units_per_day"]
    assert "Write spare_days" in found["regimen.spare_units"]


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ([("citrate {dose}", "citrate {dosis}")], "arms.1.label",
         "{dosis} stands for nothing. Write one of {dose}"),
        ([('label = "Placebo"', 'label = "Placebo {dose}"')], "arms.0.label",
         "no number gives {dose}"),
        ([("{dose} elemental", "{high.dose} elemental")], "estimand.conditions",
         "there is no arm high. Write one of placebo, magnesium."),
    ],
)  # fmt: skip
def test_a_placeholder_that_nothing_fills_is_refused(changes, where, what):
    found = faults(*changes)
    assert list(found) == [where]
    assert what in found[where]


def test_a_dose_that_differs_between_arms_must_name_its_arm():
    text = bundled_protocol("magnesium-dose").read_text(encoding="utf-8")
    protocol = parse_protocol(text, source="p")
    assert protocol.question.endswith("is 300 mg better than 200 mg?")
    with pytest.raises(Exception, match=r"not the same in every arm: 200 mg and 300 mg") as error:
        parse_protocol(rewritten(("{high.dose}", "{dose}"), text=text), source="p")
    assert "Name the arm, as in {low.dose}." in str(error.value)


def test_capsules_of_two_kinds_are_counted_apart():
    protocol = parse_protocol(TIMING, source="p")
    evening, split = (protocol.dosing(arm) for arm in protocol.arms)
    assert [(one.units, one.active) for one in evening.intakes] == [(2, 0), (4, 4)]
    assert [(one.units, one.active) for one in split.intakes] == [(2, 2), (4, 2)]
    assert [arm.label for arm in protocol.arms] == [
        "Magnesium citrate 300 mg at 20:00 (8 pm)",
        "Magnesium citrate 150 mg at 12:00 (noon) and 150 mg at 20:00 (8 pm)",
    ]
