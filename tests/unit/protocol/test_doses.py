import pytest
from pydantic import ValidationError

from nof1.protocol.doses import (
    CEILING_MG,
    COMPOUNDS,
    MAGNESIUM_G_PER_MOL,
    STRICTEST_LIMIT_MG,
    UPPER_LIMIT_MG,
    MagnesiumStrength,
    is_above,
    magnesium_text,
    mg_text,
    mmol_text,
)


def elemental(amount: float, unit: str) -> MagnesiumStrength:
    return MagnesiumStrength(strength=amount, unit=unit, basis="elemental")


def compound(amount: float, unit: str, salt: str) -> MagnesiumStrength:
    return MagnesiumStrength(strength=amount, unit=unit, basis="compound", compound=salt)


def test_millimoles_of_the_element_are_converted_to_milligrams():
    assert elemental(12.4, "mmol").elemental_mg == pytest.approx(301.4, abs=0.05)


@pytest.mark.parametrize(("mg", "mmol"), [(200, 8.23), (250, 10.29), (350, 14.40)])
def test_milligrams_of_the_element_are_converted_to_millimoles(mg, mmol):
    assert elemental(mmol, "mmol").elemental_mg == pytest.approx(mg, abs=0.15)
    assert mmol_text(mg) == f"{mmol:.3g} mmol"


@pytest.mark.parametrize(
    ("mg_of_salt", "salt", "mg"),
    [
        (250, "oxide", 150.75),
        (400, "oxide", 241.3),  # as on the label of a 400 mg tablet
        (1800, "trimagnesium-dicitrate-anhydrous", 290.9),
    ],
)
def test_the_mass_of_a_salt_is_not_the_mass_of_magnesium(mg_of_salt, salt, mg):
    assert compound(mg_of_salt, "mg", salt).elemental_mg == pytest.approx(mg, abs=0.1)


@pytest.mark.parametrize(
    ("salt", "percent"),
    [
        ("oxide", 60.3), ("hydroxide", 41.7), ("carbonate", 28.8), ("chloride-anhydrous", 25.5),
        ("chloride-hexahydrate", 12.0), ("sulfate-anhydrous", 20.2), ("sulfate-heptahydrate", 9.9),
        ("trimagnesium-dicitrate-anhydrous", 16.2), ("trimagnesium-dicitrate-nonahydrate", 11.9),
        ("hydrogen-citrate", 11.3), ("bisglycinate-anhydrous", 14.1),
        ("bisglycinate-dihydrate", 11.7), ("malate", 15.5), ("lactate-anhydrous", 12.0),
        ("taurate", 8.9), ("aspartate-anhydrous", 8.4), ("l-threonate", 8.3),
        ("gluconate-anhydrous", 5.9),
    ],
)  # fmt: skip
def test_share_of_magnesium_in_every_salt(salt, percent):
    assert compound(100, "mg", salt).elemental_mg == pytest.approx(percent, abs=0.06)


def test_every_salt_has_been_checked():
    assert len(COMPOUNDS) == 18


def test_moles_of_a_salt_count_its_magnesium_atoms():
    dose = compound(2, "mmol", "trimagnesium-dicitrate-anhydrous")
    assert dose.elemental_mg == pytest.approx(6 * MAGNESIUM_G_PER_MOL)


def test_both_units_are_printed_back():
    assert magnesium_text(300) == "300 mg (12.3 mmol) magnesium"


@pytest.mark.parametrize(
    ("mg", "text"),
    [(300, "300 mg"), (3 * 83.33, "250 mg"), (66.67, "66.67 mg"), (250.2, "250.2 mg"),
     (12_000, "12000 mg"), (0.056, "0.056 mg")],
)  # fmt: skip
def test_an_amount_is_printed_with_the_digits_that_tell(mg, text):
    assert mg_text(mg) == text


def test_what_is_above_a_limit_is_printed_as_above_it():
    assert not is_above(3 * 83.34, 250)  # 250.02, printed as 250
    assert is_above(3 * 83.4, 250)  # 250.2


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"strength": 900, "unit": "mg", "basis": "compound"}, "exact salt and hydrate"),
        ({"strength": 900, "unit": "mg", "basis": "compound", "compound": "citrate"}, "not known"),
        ({"strength": -1, "unit": "mg", "basis": "elemental"}, "greater than 0"),
        ({"strength": 300, "unit": "g", "basis": "elemental"}, "'mg' or 'mmol'"),
        ({"strength": 300, "unit": "mg"}, "Field required"),
    ],
)
def test_a_dose_that_could_mean_two_things_is_refused(wrong, complaint):
    with pytest.raises(ValidationError, match=complaint):
        MagnesiumStrength(**wrong)


def test_upper_limits():
    assert UPPER_LIMIT_MG == {"US": 350, "NO": 350, "EU": 250, "DE": 250, "CA": 500, "UK": 400}
    assert STRICTEST_LIMIT_MG == 250
    assert CEILING_MG == 500
