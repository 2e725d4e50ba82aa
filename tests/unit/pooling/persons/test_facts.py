"""Facts about persons from columns of tables, and what a regression makes of them."""

from __future__ import annotations

import numpy as np
import pytest

from nof1.errors import InputError
from nof1.pooling.analysis import Question, pool
from nof1.pooling.persons.facts import column_facts, regressors
from nof1.trial.tables.reading import read_table
from support.pool_members import given, member, normal


def table(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path)


def facts(tmp_path, text, *names):
    return column_facts(table(tmp_path, text), 0, names, only="alone")


TEXT = (
    "person,score,age,group,low\na,1,34,x,0\na,2,34,x,0\nb,3,61.5,y,1\n"
    "c,4,,x,1\nc,5,28,x,1\nd,6,,,0\n"
)


def test_columns_have_one_value_a_person_and_gaps_are_left_out(tmp_path):
    assert facts(tmp_path, TEXT, "Age", "group", "nothing") == {
        "Age": {"a": 34.0, "b": 61.5, "c": 28.0},
        "group": {"a": "x", "b": "y", "c": "x"},
    }
    alone = column_facts(table(tmp_path, "score,age\n1,34\n2,34\n"), None, ["age"], only="alone")
    assert alone == {"age": {"alone": 34.0}}


def test_two_values_of_a_person_are_a_fault_of_their_row(tmp_path):
    with pytest.raises(InputError) as caught:
        facts(tmp_path, TEXT.replace("2,34,x", "2,35,x"), "age", "group")
    assert [str(fault) for fault in caught.value.faults] == [
        'table.csv:row 3, column "age": a has 35.0, but 34.0 in row 2. A moderator has one value a'
        " person: give the value from before the trial."
    ]


def test_who_is_left_out_is_not_looked_at(tmp_path):
    odd = table(tmp_path, TEXT.replace("2,34,x", "2,35,x"))
    found = column_facts(odd, 0, ["age"], only="alone", exclude={"a"})
    assert found == {"age": {"b": 61.5, "c": 28.0}}


def people(n):
    return [member(f"p{number:02}") for number in range(n)]


def test_a_covariate_is_centred_and_in_two_standard_deviations():
    values = {f"p{number:02}": float(10 * number) for number in range(5)}
    found = regressors("age", [*people(5), member("z")], {"age": values})
    assert found.columns[:, 0].mean() == pytest.approx(0.0)
    assert found.columns[:, 0].std() == pytest.approx(0.5)
    assert found.per_unit == pytest.approx(1 / (2 * np.std(list(values.values()))))
    assert (found.known, found.unknown) == ((0, 1, 2, 3, 4), (5,))
    assert [row[0] for row in found.rows] == [
        "20 (mean)", "5.86 (an SD below)", "34.1 (an SD above)",
    ]  # fmt: skip
    assert sum(row[1] for row in found.rows) == 5


def test_two_numbers_and_words_are_levels_the_most_frequent_first():
    codes = [one.person for one in people(5)]
    words = dict(zip(codes, ["x", "y", "y", "z", "y"], strict=True))
    found = regressors("group", people(5), {"group": words})
    assert [(row[0], row[1]) for row in found.rows] == [("y", 3), ("x", 1), ("z", 1)]
    numbers = dict(zip(codes, [0.0, 1.0, 0.0, 0.0, 1.0], strict=True))
    assert [row[:2] for row in regressors("b", people(5), {"b": numbers}).rows] == [
        ("0", 3), ("1", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "--moderator q: nobody of 8 persons tells it. Coarse facts are magnesium"),
        ({"p00": 3.0, "p01": 3.0}, "all 2 persons who tell it have 3. Two values are needed"),
        ({f"p{n:02}": f"v{n}" for n in range(8)}, "it has 8 levels, v0, v1, v2 and others"),
    ],
)
def test_nothing_to_compare_is_said_with_whom_it_is_known_of(values, said):
    with pytest.raises(InputError) as caught:
        regressors("q", people(8), {"q": values})
    assert said in str(caught.value.faults[0])


def simulated(slope, n=80, between=0.6, se=0.8, seed=4):
    """Return persons whose effect falls with a covariate, and its values."""
    rng = np.random.default_rng(seed)
    values = rng.normal(50.0, 10.0, n)
    effects = -3.0 + slope * (values - 50.0) + rng.normal(0.0, between, n)
    members = given(people(n), [normal(one, se) for one in rng.normal(effects, se)])
    return members, {f"p{number:02}": float(one) for number, one in enumerate(values)}


def test_a_slope_is_recovered_and_the_scatter_left_is_smaller():
    members, values = simulated(-0.15)
    asked = Question(purpose="next", moderators=("age",), facts={"age": values}, planned="plan")
    found = pool(members, asked)
    (one,) = found.moderators
    assert one.kind == "continuous"
    assert one.per_unit.ci_low < -0.15 < one.per_unit.ci_high
    assert one.per_unit.mean == pytest.approx(-0.15, abs=0.03)
    assert one.heterogeneity_left.ci_low < 0.6 < one.heterogeneity_left.ci_high
    assert one.heterogeneity_left.mean < 0.7 * found.bayes.heterogeneity.mean
    mean, below, above = one.levels
    assert below.effect.mean > mean.effect.mean > above.effect.mean
    assert below.difference.mean == pytest.approx(-above.difference.mean)
    sd = np.std(list(values.values()))
    assert above.difference.mean == pytest.approx(sd * one.per_unit.mean, rel=1e-6)


def test_the_slope_is_the_closed_form_of_normal_likelihoods():
    members, values = simulated(-0.15, seed=9)
    asked = Question(moderators=("age",), facts={"age": values})
    (one,) = pool(members, asked).moderators
    y = np.array([likelihood.means[0, 0] for likelihood in members.likelihoods])
    x = np.array(list(values.values()))
    z = (x - x.mean()) / (2 * x.std())
    s2 = one.heterogeneity_left.mean**2 + 0.8**2
    X = np.column_stack([np.ones(len(y)), z])
    precision = X.T @ X / s2 + np.diag([1 / 6.0**2, 1 / 3.0**2])
    expected = np.linalg.solve(precision, X.T @ y / s2)[1] / (2 * x.std())
    assert one.per_unit.mean == pytest.approx(expected, rel=0.02)


def test_a_covariate_that_does_nothing_is_not_found():
    members, values = simulated(0.0)
    (one,) = pool(members, Question(moderators=("age",), facts={"age": values})).moderators
    assert one.per_unit.ci_low < 0 < one.per_unit.ci_high
    assert one.exploratory


def test_persons_without_it_are_named():
    members, values = simulated(0.0, n=12)
    del values["p03"], values["p07"]
    found = pool(members, Question(moderators=("age",), facts={"age": values}))
    assert found.moderators[0].unknown == ("p03", "p07")
    assert (
        "age is not known of 2 of 12 persons (p03, p07): what is told by it rests on the other 10."
        in found.warnings
    )
