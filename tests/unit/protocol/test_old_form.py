"""A protocol frozen before strength and units each time were typed opens as it was promised."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from nof1.errors import ProtocolError
from nof1.protocol.files import bundled_protocol, parse_frozen, parse_protocol
from nof1.protocol.old_form import is_old, split_old
from nof1.trial.folder import open_trial
from support.protocol_texts import rewritten

FOLDER = Path(__file__).parents[2] / "data/first-form-trial"
OLD = (FOLDER / "protocol.toml").read_text(encoding="utf-8")


#: SHA-256 of that protocol, worked out while this was the only form.
DIGEST = "1eb256f0c3eaee61dff1aa4dbf5bc7f8e0f316fd3ee243ae32dcaacd064015e7"


def test_a_trial_of_the_older_form_opens_and_has_the_digest_it_had():
    protocol = open_trial(FOLDER).protocol
    assert protocol.digest == DIGEST
    assert protocol.is_of_magnesium


def test_it_says_what_the_older_form_knows():
    protocol = parse_frozen(OLD, source="p")
    placebo, magnesium = protocol.arms
    assert magnesium.label == "Magnesium citrate 300 mg"
    assert protocol.taken(magnesium) == (
        "3 capsules at 20:00 (8 pm); 300 mg (12.3 mmol) magnesium a day"
    )
    assert protocol.taken(placebo) == "3 capsules at 20:00 (8 pm); no magnesium"
    assert (protocol.dosing(placebo).units_a_day, protocol.dosing(placebo).spare_units) == (3, 9)


def test_units_of_several_times_are_not_guessed():
    text = rewritten(('times = ["20:00"]', 'times = ["08:00", "20:00"]'), text=OLD)
    protocol = parse_frozen(text, source="p")
    dosing = protocol.dosing(protocol.comparator)
    assert dosing.intakes == ()
    assert dosing.intake_text == "3 capsules a day, at 08:00 (8 am) and 20:00 (8 pm)"


def test_the_texts_of_the_older_form_are_left_as_they_are():
    text = rewritten(("Take 3 capsules from", "Take {some} from"), text=OLD)
    assert parse_frozen(text, source="p").regimen.action.startswith("Take {some} from")


def test_every_number_of_the_older_form_is_in_the_digest():
    digests = {
        parse_frozen(rewritten(change, text=OLD), source="p").digest
        for change in (
            ("amount = 300", "amount = 300.0"), ("amount = 300", "amount = 250"),
            ("units_per_day = 3", "units_per_day = 4"), ("spare_units = 9", "spare_units = 8"),
        )
    }  # fmt: skip
    assert len(digests) == 4
    assert parse_frozen(OLD, source="p").digest in digests


def test_a_new_trial_needs_the_newer_form():
    with pytest.raises(ProtocolError) as error:
        parse_protocol(OLD, source="p")
    assert {fault.where for fault in error.value.faults} == {
        "p: arms.1.magnesium.strength", "p: arms.1.magnesium.amount", "p: regimen.units_per_day",
        "p: regimen.spare_units",
    }  # fmt: skip


def test_the_newer_form_opens_as_it_was_checked():
    text = bundled_protocol("magnesium-rls").read_text(encoding="utf-8")
    assert parse_frozen(text, source="p") == parse_protocol(text, source="p")
    assert not is_old(tomllib.loads(text))


def test_a_protocol_that_counts_nothing_has_one_digest_in_both_forms():
    nothing = bundled_protocol("massage-rls").read_text(encoding="utf-8")
    older = rewritten(('times = ["21:30"]', 'times = ["21:30"]\nunits_per_day = 0'), text=nothing)
    assert is_old(tomllib.loads(older))
    assert parse_frozen(older, source="p").digest == parse_protocol(nothing, source="p").digest


@pytest.mark.parametrize(
    "change",
    [
        ("amount = 300", 'amount = "x"'), ("amount = 300", "amount = -1"),
        ('unit = "mg"', 'unit = "g"'), ("units_per_day = 3", 'units_per_day = "3"'),
        ('basis = "elemental"', 'basis = "compound", compound = "x"'),
        ('basis = "elemental"', 'basis = "compound"'),
    ],
)  # fmt: skip
def test_a_forged_older_form_is_a_fault(change):
    with pytest.raises(ProtocolError):
        parse_frozen(rewritten(change, text=OLD), source="p")


def test_what_is_split_off_is_what_is_put_back():
    data = tomllib.loads(OLD)
    rest, old = split_old(data)
    content = {"regimen": dict.fromkeys(("units_each_time", "pack", "spare_days")),
               "arms": [{"id": arm["id"]} for arm in rest["arms"]]}  # fmt: skip
    old.put_back(content)
    assert content["regimen"] == {"units_per_day": 3, "spare_units": 9}
    assert content["arms"][0]["magnesium"] is None
    assert content["arms"][1]["magnesium"] == {
        "amount": 300.0, "unit": "mg", "basis": "elemental", "compound": None
    }  # fmt: skip
