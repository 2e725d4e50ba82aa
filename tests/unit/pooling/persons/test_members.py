"""Who may be pooled with whom, and what is said when not."""

from __future__ import annotations

import numpy as np
import pytest

from nof1.errors import Fault, InputError
from nof1.pooling.persons.members import Excluded, check, members
from nof1.words.caution import sentences
from support.shared_persons import ESTIMAND, OUTCOME, contributed


def person(code, **changes):
    """Return somebody with a likelihood of their own."""
    mean = float(int.from_bytes(code.encode()) % 997) / 100
    likelihood = {"means": [[mean]], "covariances": [[0.5]], "log_weights": [0.0]}
    return contributed(code, **{"likelihood": likelihood} | changes)


def pooled(*people, leave_out=None, **options):
    found = [(f"{one.id}.json", one) for one in people]
    return members(found, leave_out=leave_out or {}, **options)


def faults(*people, **options):
    with pytest.raises(InputError) as raised:
        pooled(*people, **options)
    return [str(fault) for fault in raised.value.faults]


def test_persons_are_in_the_order_of_their_codes():
    found = pooled(person("c"), person("a"), person("b"))
    assert [one.person for one in found.people] == ["a", "b", "c"]
    expected = [person(code).likelihood.means[0][0] for code in "abc"]
    assert [float(one.means[0, 0]) for one in found.likelihoods] == pytest.approx(expected)


def test_what_persons_have_alike_is_kept_once():
    told = {"recorded": 1.0, "taken": {"magnesium": 0.9}}
    found = pooled(*(person(code, adherence=told) for code in "abc"), person("d"))
    first, second, _, fourth = found.people
    assert first.design is second.design is fourth.design
    assert first.adherence is second.adherence
    assert (fourth.adherence, fourth.arms) == (None, first.arms)


def test_cycle_differences_are_kept():
    one = person("a", level="cycles", cycle_differences={"magnesium": [-1.0, 0.5]})
    found = pooled(one, person("b"))
    assert found.people[0].differences["magnesium"] == pytest.approx(np.array([-1.0, 0.5]))
    assert found.people[1].differences is None


DIFFERENT = {
    "outcome": ({"outcome": OUTCOME | {"id": "sleep"}}, "the outcome of b is sleep, but legs"),
    "unit": ({"outcome": OUTCOME | {"unit": "mm"}}, "the unit of b is mm, but points"),
    "scale": ({"outcome": OUTCOME | {"high": 40}}, "the scale of b is 0 to 40, but 0 to 10"),
    "direction": (
        {"outcome": OUTCOME | {"better": "higher"}},
        "the better direction of b is higher, but lower",
    ),
    "window": (
        {"outcome": OUTCOME | {"recall_days": 7}},
        "the recall window of b is 7 days, but 1 days",
    ),
    "estimand": (
        {"estimand": ESTIMAND | {"carryover": "none"}},
        "the estimand of b is steady-state with carryover none",
    ),
    "dropped days": ({"estimand": ESTIMAND | {"drop_days": 3}}, "3 days dropped"),
    "comparator": (
        {"arms": ["magnesium", "placebo"]},
        "b compares with magnesium, but a.json with placebo",
    ),
    "family": ({"family": 64 * "b"}, "families bbbbbbbb... and aaaaaaaa..."),
}


@pytest.mark.parametrize("kind", DIFFERENT)
def test_persons_of_another_kind_are_refused(kind):
    changes, said = DIFFERENT[kind]
    (found,) = faults(person("a", family=64 * "a"), person("b", **changes))
    assert found.startswith("b.json: ")
    assert said in found
    assert "--exclude CODE=WHY" in found


def test_persons_of_another_kind_can_be_left_out():
    changes = DIFFERENT["scale"][0]
    found = pooled(person("a"), person("b", **changes), person("c"), leave_out={"b": "VAS"})
    assert [one.person for one in found.people] == ["a", "c"]
    assert [(one.person, one.why) for one in found.excluded] == [("b", "VAS")]


def test_a_table_has_no_family_and_may_be_pooled_with_a_trial():
    assert len(pooled(person("a", family=64 * "a"), person("b")).people) == 2


def test_different_arms_may_be_pooled():
    assert len(pooled(person("a"), person("b", arms=["placebo", "iron"])).people) == 2


def test_the_same_person_twice():
    found = faults(person("a"), person("b"), person("a"))
    assert found == [
        "a.json: the person a stands in a.json already. Give every person once, under one code."
    ]


def test_two_outcomes_of_a_person():
    (found,) = faults(person("a"), person("a", outcome=OUTCOME | {"id": "sleep"}))
    assert found.endswith("Choose one outcome with --outcome ID.")


def test_equal_likelihoods_are_two_persons_and_a_note():
    one = person("a").likelihood
    found = pooled(person("a"), person("b", likelihood=one), person("c"))
    assert [each.person for each in found.people] == ["a", "b", "c"]
    (note,) = sentences(found.warnings)
    assert note.startswith("Equal likelihoods: a and b. Few scores in whole numbers")
    assert sentences(pooled(person("a"), person("b")).warnings) == ()
    alone = pooled(person("a"), person("b", likelihood=one), leave_out={"b": "is a"})
    assert (len(alone.people), sentences(alone.warnings)) == (1, ())


def test_equal_likelihoods_are_named_by_group_and_the_first_only():
    one, other = person("a").likelihood, person("b").likelihood
    found = pooled(
        *(person(f"a{n}", likelihood=one) for n in (3, 1, 2)),
        *(person(f"b{n}", likelihood=other) for n in range(2)),
    )
    assert sentences(found.warnings)[0].startswith("Equal likelihoods: a1, a2 and a3; b0 and b1. ")


def test_nobody_of_that_code():
    assert faults(person("a"), person("b"), leave_out={"q": "left", "a": "ill"}) == [
        "--exclude: there is no person 'q'. Check the code."
    ]


def test_whom_reading_left_out_is_named_and_known():
    gone = Excluded(person="q", why="on placebo alone")
    found = pooled(person("a"), person("b"), leave_out={"q": "ill"}, already=[gone])
    assert [(one.person, one.why) for one in found.excluded] == [("q", "on placebo alone")]
    assert faults(person("a"), leave_out={"r": "ill"}, already=[gone]) == [
        "--exclude: there is no person 'r'. Check the code."
    ]


def test_nobody_at_all():
    assert faults() == ["there is nobody to pool. Give contributions."]
    assert faults(person("a"), leave_out={"a": "ill"}) == [
        "there is nobody to pool. Give contributions."
    ]


def test_all_faults_at_once_with_those_of_reading():
    def found():
        yield "a.json", person("a")
        yield "b.json", person("b", **DIFFERENT["scale"][0])
        raise InputError(Fault("c.json", "is not JSON", ""))

    with pytest.raises(InputError) as raised:
        members(found(), leave_out={"q": "may stand in what could not be read"})
    assert [fault.where for fault in raised.value.faults] == ["c.json", "b.json"]


def test_the_first_ten_faults_and_how_many_more():
    people = [person(f"p{number}", **DIFFERENT["scale"][0]) for number in range(30)]
    found = faults(person("a"), *people)
    assert len(found) == 11
    assert found[-1] == "and 20 more faults between persons."


def test_check_counts_and_refuses():
    found = [("x", person("a")), ("x", person("b"))]
    assert check(found) == 2
    assert check([]) == 0
    with pytest.raises(InputError, match="stands in x already"):
        check([*found, found[0]])


def test_different_smallest_differences_are_said_unless_one_is_given():
    people = person("a"), person("b", outcome=OUTCOME | {"mcid": 2})
    found = pooled(*people)
    assert found.outcome.mcid is None
    assert "name different smallest differences that matter (1, 2)" in sentences(found.warnings)[0]
    assert sentences(pooled(*people, mcid=1.5).warnings) == ()
    assert pooled(person("a"), person("b")).outcome.mcid == 1


def test_open_trials_and_other_likelihoods_are_said():
    blinding = {
        "mode": "open", "masked": [], "opened_early": 0,
        "guesses": {"right": 0, "wrong": 0, "unsure": 0},
    }  # fmt: skip
    odd = {"means": [[3.0]], "covariances": [[1.0]], "log_weights": [0.0]}
    odd["better_model"] = "bounded"
    found = pooled(person("a", blinding=blinding), person("b", likelihood=odd), person("c"))
    assert any("1 of 3 trials were open" in line for line in sentences(found.warnings))
    assert any(
        "1 of 3 persons have scores that ask for the bounded" in one
        for one in sentences(found.warnings)
    )


def test_the_rules_of_the_persons_protocols_are_known_once_each():
    lenient = {"meaningful": 0.7, "trivial": 0.75, "better": 0.85, "worse": 0.95}
    assert pooled(person("a"), person("b")).decisions == ()
    (rule,) = pooled(person("a", decision=lenient), person("b", decision=lenient)).decisions
    assert rule.model_dump() == lenient
    strict = lenient | {"worse": 0.99}
    both = pooled(person("a", decision=lenient), person("b"), person("c", decision=strict))
    assert [rule.worse for rule in both.decisions] == [0.95, 0.99]
