"""A strength changed in a bundled protocol is changed on every page, and the old one is on none."""

from __future__ import annotations

import re

import pytest

from nof1.protocol.files import bundled_names, bundled_protocol, parse_protocol
from nof1.protocol.protocol import Protocol
from nof1.reports.pages.calendar import calendar_file
from nof1.reports.pages.clinician import clinician_data
from nof1.reports.pages.packer import cards_data, emergency_data, labels_data, packing_data
from nof1.reports.pages.participant import participant_data
from support.printed import allocated, printed, texts

WITH_MAGNESIUM = [name for name in bundled_names() if name.startswith("magnesium")]
_STRENGTH = re.compile(r"strength = ([\d.]+)")
_AMOUNT = re.compile(r"[\d.,]+(?= (?:mg|mmol)\b)")


def read(text: str) -> Protocol:
    return parse_protocol(text, source="p.toml")


def pages(protocol: Protocol) -> dict[str, str]:
    """Return all that each page of a trial says, by its name."""
    trial = printed(protocol)
    ids = [arm.id for arm in protocol.arms]
    allocation = allocated(trial, tuple(ids * protocol.design.cycles))
    data = {
        "packing": packing_data(trial, allocation),
        "labels": labels_data(trial),
        "emergency": emergency_data(trial, allocation),
        "cards": cards_data(trial, allocation),
        "clinician": clinician_data(trial),
        "participant": participant_data(trial),
    }
    said = {name: "\n".join(texts(page)) for name, page in data.items()}
    return said | {"calendar": calendar_file(trial).decode()}


def amounts(said: str) -> set[str]:
    return set(_AMOUNT.findall(said))


def given(protocol: Protocol) -> set[str]:
    """Return every amount of magnesium a page of this protocol may name."""
    found = set()
    for arm in protocol.arms:
        dosing = protocol.dosing(arm)
        found |= amounts(f"{dosing.magnesium_line} {dosing.doses_text}")
    return found


@pytest.mark.parametrize("name", WITH_MAGNESIUM)
def test_every_printed_amount_follows_the_typed_strength(name):
    text = bundled_protocol(name).read_text(encoding="utf-8")
    changed = read(_STRENGTH.sub(lambda found: f"strength = {float(found[1]) * 0.83:.2f}", text))
    old, new = given(read(text)), given(changed)
    assert old.isdisjoint(new), "the change shows in every number"
    said = pages(changed)
    assert [page for page, words in said.items() if amounts(words) - new] == []
    for page in ("packing", "emergency", "clinician"):
        assert amounts(said[page]), page


@pytest.mark.parametrize("name", WITH_MAGNESIUM)
def test_no_text_of_the_protocol_keeps_the_old_amount(name):
    text = bundled_protocol(name).read_text(encoding="utf-8")
    changed = read(_STRENGTH.sub(lambda found: f"strength = {float(found[1]) * 0.83:.2f}", text))
    said = changed.model_dump(mode="json")
    studies = amounts(said.pop("rationale")) - given(changed)
    assert studies <= amounts(" 301 mg, 200 mg, 56 mg ")  # what others gave in their trials
    assert amounts("\n".join(texts(said))) <= given(changed)


@pytest.mark.parametrize("name", WITH_MAGNESIUM)
def test_the_units_of_every_page_follow_the_typed_number(name):
    text = bundled_protocol(name).read_text(encoding="utf-8")
    for number, now in (("= 3", "= 2"), ("= 4", "= 2"), ("= [2, 4]", "= [4, 2]")):
        text = text.replace(f"\nunits_each_time {number}", f"\nunits_each_time {now}")
    text = text.replace("[0, 4]", "[4, 0]")
    protocol = read(text)
    unit = protocol.regimen.unit_name
    before = read(bundled_protocol(name).read_text(encoding="utf-8"))
    wrong = before.dosing(before.actives[0]).units_text
    assert protocol.dosing(protocol.actives[0]).units_text != wrong
    counted = re.compile(rf"(\d+) {unit}s? (?:at|each|from|of gel|of magnesium)")
    allowed = {"2", "4"} if name == "magnesium-timing" else {"2"}
    for page, words in pages(protocol).items():
        assert set(counted.findall(words)) <= allowed, page
        assert wrong not in words, page


@pytest.mark.parametrize("name", WITH_MAGNESIUM)
def test_the_clock_times_of_every_page_follow_the_typed_ones(name):
    text = bundled_protocol(name).read_text(encoding="utf-8")
    assert '"20:00"' in text
    said = pages(read(text.replace('"20:00"', '"19:30"')))
    for page in ("labels", "participant", "clinician", "emergency"):
        assert "19:30" in said[page] or name == "magnesium-rls-open", page
    assert not any("8 pm" in words or "20:00" in words for words in said.values())


def test_a_dose_lowered_for_the_european_limit_is_what_is_dispensed():
    """The case of a clinic: 250 mg for the EU, and no page goes on dispensing 300 mg."""
    text = bundled_protocol("magnesium-rls").read_text(encoding="utf-8")
    text = text.replace('jurisdiction = "US"', 'jurisdiction = "EU"')
    said = pages(read(text.replace("strength = 100", "strength = 83.33")))
    for page in ("packing", "emergency", "clinician"):
        assert "250 mg (10.3 mmol) magnesium a day" in said[page]
    assert not any("300" in amounts(words) or "100" in amounts(words) for words in said.values())
