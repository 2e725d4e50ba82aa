import pytest

from nof1.errors import ProtocolError
from nof1.protocol.files import parse_protocol
from support.declared import COVARIATES
from support.protocol_texts import DEFAULT, rewritten


def faults(*changes):
    with pytest.raises(ProtocolError) as caught:
        parse_protocol(DEFAULT + rewritten(*changes, text=COVARIATES), source="my.toml")
    return [str(fault) for fault in caught.value.faults]


def test_a_protocol_declares_none_by_default():
    assert parse_protocol(DEFAULT, source="p").covariates == ()


def test_declared_covariates_say_what_may_be_recorded():
    shift, heat = parse_protocol(DEFAULT + COVARIATES, source="p").covariates
    assert (shift.ends, heat.ends) == ((0, 1), (-20, 40))
    assert shift.fault_of(1) is None
    assert shift.fault_of(0.5) == ("0.5 is neither", "Write yes or no.")
    assert heat.fault_of(40) is None
    assert heat.fault_of(41) == ("41 is off -20 to 40", "Give a number from -20 to 40.")


@pytest.mark.parametrize("text", ["", 'exogenous = ""', 'exogenous = " "'])
def test_nothing_is_adjusted_for_without_the_reason_why_it_may_be(text):
    (fault,) = faults(('exogenous = "It is the weather."', text))
    assert fault.startswith("my.toml: covariates.1.exogenous: is ")
    assert "Say why the treatment cannot change it." in fault
    assert "sleep" in fault


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("high = 40\n", "", "covariates.1: a number needs low and high"),
        ("low = -20", "low = 50", "covariates.1: low 50 must be below high 40"),
        ('"yes-no"', '"yes-no"\nunit = "h"', "yes or no has no low, high or unit. Leave them out."),
        ('"late-shift"', '"dose"', "covariates.0: 'dose' means something else in tables and"),
        ('"late-shift"', '"heat"', "covariates.1.id: 'heat' stands twice"),
        ('"late-shift"', '"placebo"', "covariates.0.id: 'placebo' is an arm already. Rename it."),
        ('"late-shift"', '"legs"', "covariates.0.id: 'legs' is an outcome already. Rename it."),
        ('"late-shift"', '"vomiting"', "covariates.0.id: 'vomiting' is a side effect already."),
        ('"yes-no"', '"colour"', "is not a choice. Write 'number' or 'yes-no'."),
    ],
)
def test_every_fault_is_named(old, new, message):
    found = faults((old, new))
    assert len(found) == 1
    assert message in found[0]


def test_there_is_room_for_four_on_a_page():
    five = "".join(COVARIATES.replace('id = "', f'id = "x{i}-') for i in range(3))
    with pytest.raises(ProtocolError, match="too many entries"):
        parse_protocol(DEFAULT + five, source="p")
