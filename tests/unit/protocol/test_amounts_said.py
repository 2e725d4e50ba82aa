"""A text about what is taken that names another amount than the typed numbers is a fault."""

from __future__ import annotations

import pytest

from nof1.errors import ProtocolError
from nof1.protocol.above_limit import dose_lines
from nof1.protocol.files import bundled_names, bundled_protocol, parse_protocol, read_protocol
from support.protocol_texts import faults, parsed, rewritten

LABEL = ('label = "Magnesium citrate {dose}"', "arms.1.label")
CONTENTS = (
    'contents = "Magnesium citrate capsules, {strength} elemental magnesium each"',
    "arms.1.contents",
)
ACTION = (
    'action = "Take {units} from this period\'s bottle with a glass of water."',
    "regimen.action",
)
CONDITIONS = (
    'conditions = "{dose} elemental magnesium as citrate each evening, against placebo capsules '
    'each evening."',
    "estimand.conditions",
)
PLACEBO = (
    'contents = "Placebo capsules of the same look, taste and number; no sugar-alcohol filler"',
    "arms.0.contents",
)


def written(place: tuple[str, str], text: str) -> tuple[str, str]:
    """Return the change that writes a text into one field."""
    key = place[0].partition(" = ")[0]
    return place[0], f'{key} = "{text}"'


OTHER = [
    (LABEL, "Magnesium citrate 250 mg", '"250 mg"'),
    (LABEL, "Magnesium citrate 250mg", '"250mg"'),
    (LABEL, "Magnesium citrate 0.25 g", '"0.25 g"'),
    (LABEL, "Magnesium citrate 10.3 mmol", '"10.3 mmol"'),
    (LABEL, "Magnesium citrate 4,000 mg", '"4,000 mg"'),
    (LABEL, "Magnesium citrate 250 milligrams", '"250 milligrams"'),
    (LABEL, "Magnesium 1800 mg of citrate", '"1800 mg"'),
    (LABEL, "Magnesium citrate (four hundred mg)", '"four hundred mg"'),
    (LABEL, "Magnesium, Two hundred and fifty milligrams", '"Two hundred and fifty milligrams"'),
    (LABEL, "Magnesium, a hundred-ninety-nine mg a day", '"a hundred-ninety-nine mg"'),
    (ACTION, "Take thirty-three capsules with water.", '"thirty-three capsules"'),
    (LABEL, "Magnesium citrate, 100 mg a day", '"100 mg"'),
    (LABEL, "Magnesium citrate, 100 mg elemental magnesium daily", '"100 mg"'),
    (LABEL, "Magnesium citrate 250", '"Magnesium citrate 250"'),
    (LABEL, "Magnesium 83,33 mg x 2", '"83,33 mg"'),
    (LABEL, "Magnesium 250 mg/day", '"250 mg"'),
    (CONTENTS, "Magnesium citrate capsules, 300 mg in each capsule", '"300 mg"'),
    (CONTENTS, "Magnesium citrate capsules, 83.3 mg each", '"83.3 mg"'),
    (CONTENTS, "Four capsules of magnesium for each evening", '"Four capsules"'),
    (PLACEBO, "Placebo for magnesium 250 mg", '"250 mg"'),
    (ACTION, "Take 2 capsules with water.", '"2 capsules"'),
    (ACTION, "Take two of the capsules with water.", '"two of the capsules"'),
    (ACTION, "Take 3 capsules at 8 am with water.", '"at 8 am"'),
    (ACTION, "Take 3 capsules twice a day with water.", '"twice a day"'),
    (ACTION, "Take 6 capsules a day with water.", '"6 capsules"'),
    (ACTION, "Swallow 2 white gelatine capsules.", '"2 white gelatine capsules"'),
    (ACTION, "Take 2 tablets with water.", '"2 tablets"'),
    (ACTION, "Take a capsule with water.", '"Take a capsule"'),
    (ACTION, "Take 2 x capsules with water.", '"2 x capsules"'),
    (ACTION, "Take 3 or 4 capsules with water.", '"4 capsules"'),
    (('name = "magnesium-rls"', "name"), "magnesium-250", '"magnesium-250"'),
    (CONDITIONS, "200 mg magnesium at 21:00, against placebo.", '"200 mg" and "at 21:00"'),
    (('title = "Magnesium for restless legs"', "title"), "Magnesium 250 mg", '"250 mg"'),
    (('question = "Does magnesium each evening ease my restless legs?"', "question"),
     "Does 250 mg of magnesium help me?", '"250 mg"'),
    (('plain = "magnesium"', "arms.1.plain"), "250 mg of magnesium", '"250 mg"'),
    (('product = "Magnesium citrate capsule"', "arms.1.product"), "Capsule, 250 mg", '"250 mg"'),
    (('missed = "If you forget, skip that evening.', "regimen.missed"),
     "Take 1 capsule late. Skip that evening.", '"1 capsule"'),
]  # fmt: skip


@pytest.mark.parametrize(("place", "text", "said"), OTHER)
def test_a_text_that_names_another_amount_is_a_fault(place, text, said):
    old, where = place
    new = f'missed = "{text}' if where == "regimen.missed" else written(place, text)[1]
    found = faults((old, new))
    assert list(found) == [where]
    assert found[where].startswith(f"says {said}, but the numbers give ")


SAME = [
    (LABEL, "Magnesium citrate 300 mg"),
    (LABEL, "Magnesium citrate 0.3 g"),
    (LABEL, "Magnesium citrate three hundred mg"),
    (CONTENTS, "Magnesium citrate, one hundred mg each, for hundreds of evenings"),
    (CONTENTS, "Magnesium citrate, a hundred mg each, no sixty-year-old stock"),
    (LABEL, "Magnesium citrate (12.3 mmol a day)"),
    (LABEL, "Magnesium citrate 300 mg with 2 mg of vitamin B6"),
    (LABEL, "Magnesium citrate, 300 mg of the element daily"),
    (LABEL, "Magnesium citrate 300"),
    (LABEL, "Magnesium in 28 days"),
    (LABEL, "Magnesium 6 weeks"),
    (CONTENTS, "Magnesium citrate, 100 mg elemental magnesium in 1 capsule"),
    (CONTENTS, "Magnesium citrate, 100 mg each, size 00"),
    (CONTENTS, "Magnesium citrate in a bottle of 9 spare capsules more"),
    (PLACEBO, "Placebo capsules with 300 mg of cellulose"),
    (ACTION, "Take 3 capsules at 8 pm once a day."),
    (ACTION, "Take three capsules with 2 dl water at 20:00."),
    (ACTION, "Take 3 gelatine capsules within 10 minutes of a meal."),
    (CONDITIONS, "300 mg each evening at 8 pm, for 28 days, against 3 placebo capsules."),
]


@pytest.mark.parametrize(("place", "text"), SAME)
def test_a_text_that_names_the_same_amount_or_something_else_is_none(place, text):
    parsed(written(place, text))


def test_sources_and_thresholds_may_name_other_amounts():
    parsed(
        ("Magnesium is widely taken", "56 mg and 1,000 mg of magnesium are taken"),
        ("below 30? Or", "below 30? Or do you take 600 mg of magnesium? Or"),
        ('do = "Stop the capsules', 'do = "Take 1 capsule instead. Stop the capsules'),
        ("Do not start other magnesium.", "Take no more than 50 mg of other magnesium."),
    )


def test_a_protocol_changed_for_a_stricter_limit_must_change_all_it_says():
    """The dose is lowered for the EU; a label and a card that were typed by hand still say more."""
    eu = ('jurisdiction = "US"', 'jurisdiction = "EU"')
    lower = ("strength = 100", "strength = 83.33")
    assert parsed(eu, lower).actives[0].label == "Magnesium citrate 250 mg"
    found = faults(
        eu, lower,
        written(LABEL, "Magnesium citrate 300 mg"),
        written(CONTENTS, "Magnesium citrate capsules, 100 mg elemental magnesium each"),
        written(CONDITIONS, "300 mg elemental magnesium each evening, against placebo."),
    )  # fmt: skip
    assert list(found) == ["arms.1.label", "arms.1.contents", "estimand.conditions"]
    assert found["arms.1.label"] == (
        'says "300 mg", but the numbers give 250 mg (10.3 mmol) magnesium a day: 3 capsules of '
        "83.33 mg. Write {dose} or {strength}, which is filled in, or mend the numbers. Of "
        'something else, write "of": "2 mg of vitamin B6".'
    )


def test_of_a_text_with_very_many_amounts_the_first_are_said():
    amounts = " ".join(f"{number} mg" for number in range(1000, 1500))
    found = faults(written(LABEL, amounts))
    assert found["arms.1.label"].startswith('says "1000 mg", "1001 mg", "1002 mg", "1003 mg", ')
    assert '"1004 mg" and 495 more, but the numbers give' in found["arms.1.label"]


def test_what_a_text_says_and_what_else_is_wrong_come_together():
    found = faults(written(LABEL, "Magnesium citrate 300 g"), ("cycles = 3", "cycles = 0"))
    assert set(found) == {"design.cycles", "arms.1.label"}


def test_magnesium_in_a_text_needs_a_typed_strength():
    text = rewritten(
        ('magnesium = { strength = 100, unit = "mg", basis = "elemental" }\n', ""),
        ("citrate {dose}", "citrate 400 mg"), ("{strength} elemental", "some"),
        ("{dose} elemental", "Elemental"),
    )  # fmt: skip
    with pytest.raises(ProtocolError) as error:
        parse_protocol(text, source="p")
    assert [(fault.where, fault.what) for fault in error.value.faults] == [
        ("p: arms.1.label",
         'says "400 mg", but the numbers give none: no arm types magnesium'),
    ]  # fmt: skip


def test_other_substances_have_no_strength_to_be_held_against():
    text = bundled_protocol("magnesium-rls").read_text(encoding="utf-8")
    for old, new in (
        ('magnesium = { strength = 100, unit = "mg", basis = "elemental" }\n', ""),
        ("citrate {dose}", "citrate"), ("{strength} elemental magnesium", "3 mg melatonin"),
        ("{dose} elemental", "3 mg"), ("agnesium", "elatonin"),
    ):  # fmt: skip
        text = text.replace(old, new)
    assert list(dose_lines(parse_protocol(text, source="p"))) == [
        'Not checked: arms.1.contents says "3 mg" and estimand.conditions says "3 mg". Only '
        "magnesium has a typed strength; make sure by hand that all texts name the same dose."
    ]


@pytest.mark.parametrize("name", bundled_names())
def test_no_dose_of_a_bundled_protocol_goes_unchecked(name):
    assert list(dose_lines(read_protocol(bundled_protocol(name)))) == []


@pytest.mark.parametrize("name", bundled_names())
def test_the_bundled_protocols_name_no_amount_by_hand(name):
    read_protocol(bundled_protocol(name))
    text = bundled_protocol(name).read_text(encoding="utf-8")
    typed = [line for line in text.splitlines() if line.startswith(("label", "contents", "action"))]
    assert not [line for line in typed if " mg" in line or "capsules from" in line.split("{")[0]]
