import hashlib
import json
import tomllib

import jsonschema
import pytest

from nof1.errors import ProtocolError
from nof1.protocol.files import json_schema, parse_protocol
from nof1.provenance import canonical_json
from support.population_priors import PRIOR_TEXT
from support.protocol_texts import DEFAULT, parsed, rewritten


def with_prior(*changes):
    return parse_protocol(DEFAULT + rewritten(*changes, text=PRIOR_TEXT), source="my.toml")


def faults(*changes):
    with pytest.raises(ProtocolError) as caught:
        with_prior(*changes)
    return [str(fault) for fault in caught.value.faults]


def test_it_follows_a_protocol_as_it_was_written():
    prior = with_prior().analysis.population_prior
    assert (prior.means, prior.sds, prior.weights) == ((-3.1, -2.9), (2.2, 4.0), (0.8, 0.2))
    assert prior.n_persons == 40
    assert prior.speaks_of("irls", "magnesium", "placebo")
    assert not prior.speaks_of("legs", "magnesium", "placebo")
    assert not prior.speaks_of("irls", "placebo", "magnesium")


def test_plans_that_differ_in_it_are_told_apart_and_alike_ones_are_one():
    same = {with_prior().analysis, with_prior().analysis}
    other = with_prior(("sds = [2.2, 4]", "sds = [2.3, 4]")).analysis
    assert len(same) == 1
    assert len(same | {other, parsed().analysis}) == 3


def test_a_protocol_without_one_keeps_the_digest_it_had():
    protocol = parsed()
    content = protocol.model_dump(mode="json", by_alias=True)
    assert content["analysis"].pop("population_prior") is None
    assert {outcome.pop("score_day") for outcome in content["outcomes"]} == {"own"}
    waits = [question.pop("wait_days") for question in content["eligibility"]]
    for question, days in zip(content["eligibility"], waits, strict=True):
        question |= {} if days is None else {"wait_days": days}
    assert protocol.digest == hashlib.sha256(canonical_json(content).encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        ("-2.9", "-2.8"),
        ("2.2", "2.1"),
        ("[0.8, 0.2]", "[0.7, 0.3]"),
        ("n_persons = 40", "n_persons = 41"),
        ("1234abcd", "1234abce"),
    ],
)
def test_the_digest_covers_every_figure_of_it(change):
    assert len({parsed().digest, with_prior().digest, with_prior(change).digest}) == 3


def test_it_survives_a_round_trip():
    dumped = json.dumps(with_prior().model_dump(mode="json", by_alias=True))
    again = type(with_prior()).model_validate_json(dumped, strict=True)
    assert again == with_prior()
    assert again.digest == with_prior().digest


WHERE = "my.toml: analysis.population_prior"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"irls"', '"legs"', ".outcome: 'legs' is not the primary outcome. Write irls."),
        ('"points"', '"steps"', ".unit: 'steps' is not the unit of irls. Give all in points."),
        ('"magnesium"', '"zinc"', ".active: 'zinc' is not an active arm. Write magnesium."),
        ('"placebo"', '"magnesium"',
         ".comparator: 'magnesium' is not the comparator. Write placebo."),
        ("[2.2, 4]", "[2.2]", ": means, sds and weights have 2, 1 and 2 entries. Give every"
         " component one of each."),
        ("[0.8, 0.2]", "[0.8, 0.1]", ": the weights sum to 0.9. Make them sum to 1."),
        ("[0.8, 0.2]", "[0.8, 0.200002]", ": the weights sum to 1.000002. Make them sum to 1."),
        ("[0.8, 0.2]", "[1.0, 0.0]", ".weights.1: 0.0 is out of range. Write a number above 0."),
        ("[2.2, 4]", "[2.2, 0]", ".sds.1: 0 is out of range. Write a number above 1e-06."),
        ("[-3.1, -2.9]", "[-3.1, 41]", ".means.1: 41 is more than the whole scale of irls, 40"
         " points. Give differences on that scale."),
        ("[-3.1, -2.9]", '["a", 1]', ".means.0: 'a' is not a number. Write one, without quotes."),
        ("[-3.1, -2.9]", "[nan, 1]", ".means.0: nan is not a number. Write one, without quotes."),
        ("[-3.1, -2.9]", f"[{'1.0, ' * 65}]", ".means: has too many entries. Give at most 64."),
        ("[-3.1, -2.9]", "[]", ".means: has too few entries. Give at least 1."),
        ("n_persons = 40", "n_persons = 0", ".n_persons: 0 is out of range. Write a number of at"
         " least 1."),
        ("source", "origin", ".source: is missing. Add it."),
    ],
)  # fmt: skip
def test_every_fault_is_named_with_its_mend(old, new, message):
    assert WHERE + message in faults((old, new))


def test_weights_may_be_rounded_in_the_file():
    assert with_prior(("[0.8, 0.2]", "[0.8, 0.2000009]"))


def test_faults_across_tables_are_shown_together():
    found = faults(('"irls"', '"legs"'), ('"magnesium"', '"zinc"'))
    assert len(found) == 2


def test_a_wrong_arm_elsewhere_is_not_a_fault_of_the_prior():
    text = rewritten(('role = "active"', 'role = "activ"')) + PRIOR_TEXT
    with pytest.raises(ProtocolError) as caught:
        parse_protocol(text, source="my.toml")
    assert [fault.where for fault in caught.value.faults] == ["my.toml: arms.1.role"]


def test_the_published_schema_takes_it():
    validator = jsonschema.Draft202012Validator(json_schema())
    validator.validate(tomllib.loads(DEFAULT + PRIOR_TEXT))
    wrong = rewritten(("sds = [2.2, 4]", "sds = [2.2, 0]"), text=DEFAULT + PRIOR_TEXT)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(tomllib.loads(wrong))
