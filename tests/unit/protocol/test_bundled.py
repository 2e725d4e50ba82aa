"""The bundled protocols: complete, distinct, safe to print, and easy to read."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import jsonschema
import pytest

from nof1.errors import ProtocolError
from nof1.protocol.files import (
    bundled_folder,
    bundled_names,
    bundled_protocol,
    json_schema,
    json_schema_text,
    parse_protocol,
    read_protocol,
)
from nof1.protocol.protocol import Protocol
from support.readability import too_hard

NAMES = (
    "magnesium-rls",
    "caffeine-rls",
    "magnesium-dose",
    "magnesium-form",
    "magnesium-rls-6-week",
    "magnesium-rls-open",
    "magnesium-timing",
    "magnesium-topical",
    "massage-rls",
    "sleep-routine-rls",
    "stretching-rls",
    "warm-bath-rls",
)
PROTOCOLS = {name: read_protocol(bundled_protocol(name)) for name in NAMES}
WITH_MAGNESIUM = [name for name in NAMES if name.startswith("magnesium")]

each_protocol = pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)


def patient_texts(protocol: Protocol) -> Iterator[str]:
    """Yield every text of a protocol that a person may see."""
    yield from (protocol.title, protocol.question, protocol.audience)
    yield from (protocol.regimen.action, protocol.regimen.missed, protocol.regimen.unit_name)
    for arm in protocol.arms:
        yield from (arm.plain, arm.card)
    for outcome in protocol.outcomes:
        yield from (outcome.title, outcome.question, outcome.low_label, outcome.high_label)
    for question in protocol.eligibility:
        yield from (question.question, question.advice)
    safety = protocol.safety
    yield from (*safety.red_flags, *safety.side_effects, *safety.keep_the_same)
    for rule in safety.stop_rules:
        yield from (rule.when, rule.do)
    for spacing in safety.spacing:
        yield from (spacing.medicine, spacing.rule)


def test_the_bundled_protocols_are_these():
    assert tuple(bundled_names()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_protocol_is_called_as_its_file(name):
    assert PROTOCOLS[name].name == name


def test_no_two_protocols_promise_the_same():
    for one, other in combinations(PROTOCOLS.values(), 2):
        assert one.digest != other.digest
        assert one.title != other.title
        assert one.estimand.conditions != other.estimand.conditions or one.design != other.design


@each_protocol
def test_a_person_can_read_it(protocol):
    assert too_hard(patient_texts(protocol)) == []


@each_protocol
def test_every_important_difference_and_every_rule_has_a_source(protocol):
    assert all(outcome.mcid and outcome.mcid.source for outcome in protocol.outcomes)
    assert all(question.source for question in protocol.eligibility)
    assert all(spacing.source for spacing in protocol.safety.spacing)
    assert re.search(r"(19|20)\d\d", protocol.rationale), "a rationale names its studies"


@each_protocol
def test_a_score_is_over_before_the_switch(protocol):
    assert all(outcome.recall_days <= outcome.every_days for outcome in protocol.outcomes)
    assert all(protocol.design.period_days % o.every_days == 0 for o in protocol.outcomes)


@each_protocol
def test_it_is_for_adults_whose_illness_is_known_and_stable(protocol):
    level = {question.code: question.level for question in protocol.eligibility}
    assert level["age"] == "stop"
    assert level["stable"] == "wait"
    assert level["frequency"] == "note"
    for code in ("pregnancy", "iron", "apnoea", "self-harm", "severe", "worsening", "diagnosis"):
        assert level[code] == "clinician"


@each_protocol
def test_questions_of_one_code_are_word_for_word_the_same_in_every_protocol(protocol):
    default = {question.code: question for question in PROTOCOLS["magnesium-rls"].eligibility}
    for question in protocol.eligibility:
        if question.code in default and question.code != "allergy":
            assert question == default[question.code]


@each_protocol
def test_nobody_is_told_to_stop_a_medicine(protocol):
    of_the_trial = {"capsules", "sachets", "gel", "baths", "stretches", "massage", "breathing"}
    stopping = re.compile(
        r"\b(?:stop|quit|give up)(?: taking)?(?: the| your)? (\w+)", re.IGNORECASE
    )
    for text in patient_texts(protocol):
        assert set(stopping.findall(text)) <= of_the_trial, text
    assert any(
        "Keep taking your usual medicines." in text for text in protocol.safety.keep_the_same
    )


@each_protocol
def test_whoever_may_harm_themselves_is_told_where_to_call(protocol):
    assert any("call the emergency number" in rule.do for rule in protocol.safety.stop_rules)


@pytest.mark.parametrize("name", WITH_MAGNESIUM)
def test_magnesium_is_asked_about_spaced_and_within_the_limit(name):
    protocol = PROTOCOLS[name]
    level = {question.code: question.level for question in protocol.eligibility}
    assert level["kidney"] == level["muscle"] == level["allergy"] == "stop"
    assert level["heart"] == level["bleeding"] == level["other-magnesium"] == "clinician"
    assert level["spaced-medicines"] == "spacing"
    spacing = {one.medicine: one.rule for one in protocol.safety.spacing}
    assert spacing["Gabapentin"].startswith("take it at least 2 hours after")
    assert spacing["Levothyroxine (thyroid)"].startswith("at least 4 hours apart")
    assert protocol.jurisdiction == "US"
    assert protocol.limit_override is None


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(WITH_MAGNESIUM) | {"magnesium-rls-open"}))
def test_what_cannot_be_blinded_is_concealed_and_says_what_that_costs(name):
    protocol = PROTOCOLS[name]
    assert protocol.blinding.mode == "concealed"
    assert "plus knowing that one" in protocol.rationale
    assert protocol.is_of_magnesium == (name == "magnesium-rls-open")


def test_the_forms_are_compared_at_the_same_dose_of_the_element():
    protocol = PROTOCOLS["magnesium-form"]
    doses = {arm.form: protocol.dosing(arm).daily_mg for arm in protocol.arms}
    assert doses == {"citrate": pytest.approx(300), "bisglycinate": pytest.approx(300)}


def test_the_times_are_compared_at_the_same_dose_a_day():
    protocol = PROTOCOLS["magnesium-timing"]
    dosings = [protocol.dosing(arm) for arm in protocol.arms]
    assert [dosing.daily_mg for dosing in dosings] == pytest.approx([300, 300])
    assert [dosing.doses_text for dosing in dosings] == [
        "300 mg at 20:00 (8 pm)",
        "150 mg at 12:00 (noon) and 150 mg at 20:00 (8 pm)",
    ]
    assert len({dosing.units_text for dosing in dosings}) == 1  # the arms are taken alike


def test_the_doses_are_compared_with_placebo():
    protocol = PROTOCOLS["magnesium-dose"]
    assert protocol.comparator.magnesium is None
    doses = [protocol.dosing(arm).daily_mg for arm in protocol.actives]
    assert doses == pytest.approx([200, 300], abs=0.02)


def test_magnesium_on_the_skin_carries_its_warning():
    assert "scientifically unsupported" in PROTOCOLS["magnesium-topical"].rationale


@pytest.mark.parametrize("jurisdiction", ["EU", "DE", ""])
def test_the_default_dose_trips_the_limit_of_stricter_jurisdictions(jurisdiction):
    text = bundled_protocol("magnesium-rls").read_text(encoding="utf-8")
    changed = text.replace('jurisdiction = "US"', f'jurisdiction = "{jurisdiction}"')
    with pytest.raises(ProtocolError, match="250 mg"):
        parse_protocol(changed, source="p")


# ---- licensed wording -----------------------------------------------------------------------


def shipped_texts() -> list[Path]:
    root = Path(__file__).parents[3]
    return [
        path
        for folder in ("protocols", "src")
        for path in (root / folder).rglob("*")
        if path.suffix in {".toml", ".json", ".py", ".typ", ".html", ".jinja", ".md", ".txt"}
    ]


@each_protocol
def test_the_licensed_score_has_no_wording(protocol):
    scores = [outcome for outcome in protocol.outcomes if outcome.scale == "irls"]
    assert len(scores) == 1
    assert (scores[0].question, scores[0].low_label, scores[0].high_label) == ("", "", "")


def test_no_shipped_question_speaks_as_the_licensed_one_does():
    """Its items all ask about "RLS" by these letters; ours say "restless legs"."""
    assert len(shipped_texts()) > 30
    for path in shipped_texts():
        questions = re.findall(r"[^.?!\"\n]*\?", path.read_text(encoding="utf-8"))
        spoken = [
            q for q in questions if re.search(r"\bRLS\b|how severe|symptoms", q, re.IGNORECASE)
        ]
        assert spoken == [], path


# ---- the published schema -------------------------------------------------------------------


def test_the_published_schema_is_that_of_the_code():
    published = (bundled_folder() / "protocol.schema.json").read_text(encoding="utf-8")
    assert published == json_schema_text()
    assert json.loads(published) == json_schema()


@pytest.mark.parametrize("name", NAMES)
def test_every_bundled_protocol_fits_the_schema_and_names_it(name):
    text = bundled_protocol(name).read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.Draft202012Validator(json_schema()).validate(tomllib.loads(text))
    hint = re.match(r"#:schema (\S+)\n", text)
    assert hint is not None
    assert (bundled_folder() / hint[1]).is_file()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('role = "active"', 'role = "activ"'),
        ("cycles = 3", 'cycles = "3"'),
        ("[regimen]", "[regimen]\ncolour = 1"),
        ('version = "1.0"', ""),
    ],
)
def test_the_schema_refuses_what_nof1_refuses(old, new):
    text = bundled_protocol("magnesium-rls").read_text(encoding="utf-8").replace(old, new, 1)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json_schema()).validate(tomllib.loads(text))
