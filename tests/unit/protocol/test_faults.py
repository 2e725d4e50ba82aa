import pytest

from nof1.errors import ProtocolError
from nof1.protocol.files import parse_protocol
from support.protocol_texts import faults, rewritten


def test_all_faults_are_reported_at_once_with_their_paths():
    found = faults(
        ('title = "Magnesium', 'titel = "Magnesium'),
        ('role = "active"', 'role = "activ"'),
        ("cycles = 3", "cycles = 0"),
        ('level = "stop"', 'level = "halt"'),
        ('mode = "double-blind"', 'mode = "blind"'),
        ("better = 0.9", "better = 0.2"),
        ("[regimen]", '[regimen]\ncolour = "red"'),
        ("every_days = 7", "every_days = 70"),
    )
    assert set(found) == {
        "title",
        "titel",
        "arms.1.role",
        "design.cycles",
        "eligibility.0.level",
        "blinding.mode",
        "decision.better",
        "regimen.colour",
        "outcomes.0.every_days",
    }


def test_every_fault_names_the_file():
    with pytest.raises(ProtocolError) as error:
        parse_protocol(rewritten(("cycles = 3", "cycles = 0")), source="trials/my.toml")
    assert [fault.where for fault in error.value.faults] == ["trials/my.toml: design.cycles"]


def test_a_wrong_arm_is_not_also_reported_as_a_missing_one():
    assert list(faults(('role = "active"', 'role = "activ"'))) == ["arms.1.role"]


def test_an_unknown_key_hides_no_fault_of_its_table_or_of_others():
    found = faults(
        ('id = "placebo"', 'id = "placebo"\nidd = 1'),
        ('contents = "Magnesium', 'content = "Magnesium'),
        ('scale = "irls"', 'scale = "irls"\nquestions = "?"\nlow = 0'),
    )
    assert set(found) == {
        "arms.0.idd",
        "arms.1.content",
        "arms.1.contents",
        "outcomes.0.questions",
        "outcomes.0",
    }


def test_all_faults_of_one_outcome_are_reported_at_once():
    with pytest.raises(ProtocolError) as error:
        parse_protocol(
            rewritten(('scale = "irls"', 'scale = "irls"\nquestion = "?"\nlow = 0')), source="p"
        )
    assert [fault.where for fault in error.value.faults] == ["p: outcomes.0", "p: outcomes.0"]


def test_a_missing_arm_is_reported():
    start = rewritten().index('[[arms]]\nid = "magnesium"')
    arm = rewritten()[start : rewritten().index("[regimen]")]
    assert faults((arm, "")) == {"arms": "has too few entries. Give at least 2."}


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ('version = "1.0"', "version = 1.0", "version", "1.0 is not text. Write it in quotes."),
        ('title = "Magnesium for restless legs"', "title = 2026-01-31T", "", "not valid TOML"),
        ("cycles = 3", 'cycles = "3"', "design.cycles", "'3' is not a whole number."),
        ("cycles = 3", "cycles = 2.5", "design.cycles", "2.5 is not a whole number."),
        ("cycles = 3", "cycles = true", "design.cycles", "true is not a whole number."),
        ("cycles = 3", "cycles = 2026-01-31", "design.cycles", "'2026-01-31' is not a whole"),
        ("cycles = 3", "cycles = 61", "design.cycles", "61 is out of range. Write a number of at"),
        ("strength = 100", 'strength = "100"', "arms.1.magnesium.strength",
         "'100' is not a number."),
        ("strength = 100", "strength = nan", "arms.1.magnesium.strength", "nan is not a number."),
        ("strength = 100", "strength = -3", "arms.1.magnesium.strength", "Write a number above 0."),
        ("half_life_median_days = 7", "half_life_median_days = inf",
         "analysis.priors.half_life_median_days", "inf is not a number."),
        ("half_life_median_days = 7", "half_life_median_days = 0",
         "analysis.priors.half_life_median_days", "Write a number above 0."),
        ("meaningful = 0.8", "meaningful = 1", "decision.meaningful", "Write a number below 1."),
        ('times = ["20:00"]', "times = 20:00:00", "regimen.times", "is not a list."),
        ('times = ["20:00"]', "times = [20:00:00]", "regimen.times.0", 'for instance "20:00"'),
        ('times = ["20:00"]', 'times = ["8 pm"]', "regimen.times.0", "'8 pm' has not the right"),
        ('times = ["20:00"]', "times = []", "regimen.times", "too few entries. Give at least 1."),
        ('id = "legs"', 'id = "My legs"', "outcomes.1.id", "Use small letters"),
        ('carryover = "estimate"', 'carryover = "fixed"', "analysis.carryover", "fixed:DAYS"),
        ('carryover = "estimate"', 'carryover = "fixed:7"\nhalf_lives = "two"',
         "analysis.half_lives", "with carryover fixed:7 there are not two half-lives to estimate"),
        ('plain = "magnesium"', 'plain = " "', "arms.1.plain", "is empty. Write the text."),
        (
            'plain = "magnesium"',
            f'plain = "{"x" * 4001}"',
            "arms.1.plain",
            "is longer than 4,000 characters. Shorten it: every page must hold it.",
        ),
        ('unit = "mg"', 'unit = "g"', "arms.1.magnesium.unit", "not a choice. Write 'mg' or 'mm"),
        ("[decision]", "[[decision]]", "decision", "is not a table."),
        ('basis = "elemental"', 'basis = "compound"', "arms.1.magnesium", "exact salt and hydrate"),
    ],
)  # fmt: skip
def test_wrong_kinds_of_values_get_readable_messages(old, new, where, message):
    found = faults((old, new))
    assert len(found) == 1
    (path, text) = found.popitem()
    assert path == (where or "my.toml")
    assert message in text


def test_a_number_beyond_all_bounds_is_a_fault_like_any_other():
    assert list(faults(("cycles = 3", f"cycles = {10**30}"))) == ["design.cycles"]


def test_a_value_with_a_colon_is_not_taken_for_a_path():
    assert list(faults(('jurisdiction = "US"', 'jurisdiction = "arms.0: US"'))) == ["jurisdiction"]


def test_a_long_value_is_cut_short():
    found = faults(("cycles = 3", f'cycles = "{"x" * 500}"'))
    assert "..." in found["design.cycles"]
    assert len(found["design.cycles"]) < 120
