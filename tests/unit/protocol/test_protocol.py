import json

import pytest

from nof1.protocol.files import parse_protocol
from nof1.protocol.protocol import Protocol
from support.protocol_texts import DEFAULT, faults, parsed, rewritten

US = 'jurisdiction = "US"'
OVERRIDE = (
    "[regimen]",
    '[limit_override]\nprescriber = "Dr Berg"\ndate = 2026-01-31\nreason = "agreed"\n\n[regimen]',
)


def test_what_the_default_protocol_promises():
    protocol = parsed()
    assert protocol.comparator.id == "placebo"
    assert [arm.id for arm in protocol.actives] == ["magnesium"]
    assert protocol.primary.id == "irls"
    assert (protocol.n_periods, protocol.n_days) == (6, 14 + 6 * 28)


def test_days_of_washout_lie_between_periods_only():
    protocol = parsed(("run_in_days = 14", "run_in_days = 0\nwashout_days = 10"))
    assert protocol.n_days == 6 * 28 + 5 * 10


def test_the_primary_outcome_comes_first():
    protocol = parsed(
        ('role = "primary"', 'role = "secondary"'),
        ('id = "legs"', 'id = "legs"\nrole = "primary"'),
    )
    assert [outcome.id for outcome in protocol.outcomes_primary_first] == ["legs", "irls"]


# ---- limits of magnesium --------------------------------------------------------------------


@pytest.mark.parametrize("jurisdiction", ["US", "NO", "CA", "UK"])
def test_300_mg_is_within_the_limit(jurisdiction):
    assert parsed((US, f'jurisdiction = "{jurisdiction}"')).jurisdiction == jurisdiction


@pytest.mark.parametrize("jurisdiction", ["EU", "DE"])
def test_300_mg_is_above_the_limit(jurisdiction):
    found = faults((US, f'jurisdiction = "{jurisdiction}"'))
    assert list(found) == ["arms.1.magnesium"]
    assert (
        f"300 mg (12.3 mmol) magnesium a day is above the 250 mg of {jurisdiction}"
        in (found["arms.1.magnesium"])
    )


def test_without_a_jurisdiction_the_strictest_limit_holds():
    assert "above the 250 mg of the strictest jurisdiction" in faults((US, ""))["arms.1.magnesium"]


def test_the_limit_itself_is_allowed():
    allowed = parsed(("strength = 100", "strength = 116.67"))
    assert allowed.dosing(allowed.actives[0]).daily_mg == pytest.approx(350, abs=0.02)
    assert faults(("strength = 100", "strength = 117"))


def test_a_prescriber_may_answer_for_more():
    protocol = parsed((US, 'jurisdiction = "EU"'), OVERRIDE)
    assert protocol.limit_override.prescriber == "Dr Berg"
    assert protocol.limit_override.date == "2026-01-31"


def test_nobody_may_answer_for_more_in_a_self_directed_trial():
    found = faults((US, 'jurisdiction = "EU"'), ('purpose = "care"', 'purpose = "self"'), OVERRIDE)
    assert "a self-directed trial may not exceed it" in found["arms.1.magnesium"].lower()


def test_a_wrong_jurisdiction_is_one_fault():
    assert list(faults((US, 'jurisdiction = "AU"'))) == ["jurisdiction"]


# ---- checks across tables -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ([('role = "active"', 'role = "comparator"')], "arms", "not 2"),
        ([('role = "comparator"', 'role = "active"')], "arms", "not 0"),
        ([('id = "magnesium"', 'id = "placebo"')], "arms.1.id", "'placebo' stands twice"),
        ([('id = "legs"', 'id = "irls"')], "outcomes.1.id", "'irls' stands twice"),
        ([('role = "primary"', 'role = "secondary"')], "outcomes", "must be primary, not 0"),
        ([('code = "heart"', 'code = "kidney"')], "eligibility.3.code", "'kidney' stands twice"),
        ([('allocation = "pairs"', 'allocation = "counterbalanced"')], "design.allocation", "even"),
        ([('allocation = "pairs"', 'allocation = "latin"')], "design.allocation", "three arms"),
        ([("cycles = 3", "cycles = 3\nmax_run = 2")], "design.max_run", "only complete"),
        ([("every_days = 7", "every_days = 14"), ("period_days = 28", "period_days = 7")],
         "outcomes.0.every_days", "14 days is longer than a period of 7"),
        ([('trend = "linear"', 'trend = "linear"\ndrop_days = 28')], "analysis.drop_days", "28"),
        ([('purpose = "care"', 'purpose = "research"')], "ethics", "ethics approval"),
        ([('contents = "Placebo', '# contents = "Placebo')],
         "arms.0.contents", "double-blind trial needs contents"),
        ([('masked = ["person", ', "masked = [")], "blinding", "'person' must be among masked"),
    ],
)  # fmt: skip
def test_tables_must_fit_each_other(changes, where, what):
    found = faults(*changes)
    assert list(found) == [where]
    assert what in found[where]


def test_a_concealed_trial_needs_a_card_for_every_arm_and_a_person_who_knows():
    found = faults(('mode = "double-blind"', 'mode = "concealed"'))
    assert "take 'person' out" in found["blinding"].lower()
    found = faults(
        ('mode = "double-blind"', 'mode = "concealed"'),
        ('masked = ["person", "clinician", ', 'masked = ["clinician", '),
    )
    assert list(found) == ["arms.0.card", "arms.1.card"]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ([('scale = "irls"', 'scale = "irls"\nquestion = "How bad?"')], "licensed"),
        ([("mcid = { value = 3,", "# {")], "needs an mcid"),
        ([('scale = "irls"', 'scale = "irls"\nlow = 0')], "fixed by the scale"),
        ([('scale = "irls"', 'scale = "irls"\nbetter = "higher"')], "a lower IRLS score is better"),
        ([('scale = "irls"', 'scale = "numeric"')], "needs low, high and better"),
        ([('scale = "irls"', 'scale = "numeric"\nlow = 5\nhigh = 5\nbetter = "lower"')], "below"),
    ],
)
def test_an_outcome_must_be_complete(changes, what):
    assert what in " ".join(faults(*changes).values())


def test_a_numeric_outcome_has_the_scale_it_names():
    protocol = parsed(
        ('scale = "irls"', 'scale = "numeric"\nlow = 20\nhigh = 80\nstep = 0.5\nbetter = "higher"')
    )
    measure = protocol.primary.measure
    assert (measure.low, measure.high, measure.step, measure.better) == (20, 80, 0.5, "higher")
    assert measure.fault_of(20.3)


def test_a_rating_may_be_better_when_higher():
    protocol = parsed(('scale = "nrs"', 'scale = "nrs"\nbetter = "higher"'))
    assert protocol.outcomes[1].measure.better == "higher"


@pytest.mark.parametrize(
    ("plan", "half_life"), [("estimate", None), ("none", 0), ("fixed:3.5", 3.5)]
)
def test_the_half_life_a_plan_fixes(plan, half_life):
    protocol = parsed(('carryover = "estimate"', f'carryover = "{plan}"'))
    assert protocol.analysis.fixed_half_life_days == half_life


# ---- digest ---------------------------------------------------------------------------------


def test_the_digest_does_not_depend_on_how_the_file_is_written():
    without_comments = "\n".join(line for line in DEFAULT.splitlines() if not line.startswith("#"))
    other = rewritten(
        ('name = "magnesium-rls"\nversion = "1.0"', "version = '1.0'\nname = \"magnesium-rls\""),
        ("period_days = 28\ncycles = 3", "  cycles=3 # groups\n  period_days   =   28"),
        ("better = 0.9", "better = 0.90"),
        ('magnesium = { strength = 100, unit = "mg", basis = "elemental" }\n',
         'magnesium.strength = 100.0\nmagnesium.basis = "elemental"\nmagnesium.unit = "mg"\n'),
        text=without_comments,
    )  # fmt: skip
    assert other != DEFAULT
    assert parse_protocol(other, source="p").digest == parsed().digest


def test_a_default_written_out_changes_no_digest():
    assert parsed(("run_in_days = 14", "run_in_days = 14\nwashout_days = 0")).digest == (
        parsed().digest
    )


@pytest.mark.parametrize(
    "change",
    [
        ("cycles = 3", "cycles = 4"),
        ("value = 3", "value = 3.5"),
        ("Keep taking your usual medicines", "Keep on with your usual medicines"),
        ("half_life_median_days = 7", "half_life_median_days = 8"),
    ],
)
def test_whatever_is_promised_is_in_the_digest(change):
    assert parsed(change).digest != parsed().digest


def test_a_protocol_survives_a_round_trip():
    protocol = parsed()
    dumped = protocol.model_dump(mode="json", by_alias=True)
    again = Protocol.model_validate_json(json.dumps(dumped), strict=True)
    assert again == protocol
    assert again.digest == protocol.digest


def test_a_protocol_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        parsed().title = "other"
