"""Persons of whom only summaries are known: errors, likelihoods, and tables that hold them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from nof1.errors import InputError, ScoresError
from nof1.pooling.analysis import Question, pool
from nof1.pooling.frequentist.person_estimates import within_variance
from nof1.pooling.persons.members import members
from nof1.pooling.tables.summaries import PersonSummary, likelihood, spread
from nof1.pooling.tables.summary_tables import SummaryOptions, read_summaries
from nof1.sharing.contribution import Contribution
from nof1.trial.tables.table import Notation
from nof1.words.caution import sentence, sentences

RNG = np.random.default_rng(11)
#: Invented cycle differences of nine persons with two to four cycles each.
DIFFERENCES = {
    f"p{number}": RNG.normal(-1.5 + RNG.normal(0, 0.5), 1.0, 2 + number % 3).round(2)
    for number in range(9)
}


def of_differences(given):
    return [
        PersonSummary(
            person=name,
            estimate=float(mine.mean()),
            se=None,
            cycles=len(mine),
            differences=tuple(mine.tolist()),
        )
        for name, mine in given.items()
    ]


def of_estimates(given, *, n=True):
    return [
        PersonSummary(
            person=name,
            estimate=float(mine.mean()),
            se=float(mine.std(ddof=1) / len(mine) ** 0.5),
            cycles=len(mine) if n else None,
            differences=None,
        )
        for name, mine in given.items()
    ]


def test_errors_from_differences_and_from_own_errors_are_the_same_pooled_ones():
    expected = within_variance(DIFFERENCES)
    cycles = np.array([len(mine) for mine in DIFFERENCES.values()])
    for people in (of_differences(DIFFERENCES), of_estimates(DIFFERENCES)):
        found = spread(people)
        assert found.se == pytest.approx(np.sqrt(expected.variance / cycles))
        assert set(found.df.tolist()) == {float(expected.df)}
        assert "pooled over all of them" in sentence(found.note)


def test_errors_without_numbers_of_cycles_and_of_many_cycles_stay_as_they_are():
    people = of_estimates(DIFFERENCES, n=False)
    assert spread(people).se == pytest.approx(np.array([one.se for one in people]))
    assert np.isinf(spread(people).df).all()
    many = {name: np.random.default_rng(3).normal(0, 1, 12) for name in "abc"}
    assert spread(of_estimates(many)).df.tolist() == [11.0] * 3


def test_with_one_difference_each_all_scatter_counts_as_within_and_that_is_said():
    one_each = {name: mine[:1] for name, mine in DIFFERENCES.items()}
    found = spread(of_differences(one_each))
    own = np.array([mine[0] for mine in one_each.values()])
    assert found.se == pytest.approx(np.full(9, own.std(ddof=1)))
    assert "cannot be told" in sentence(found.note)
    with pytest.raises(ScoresError, match="nobody's differences scatter"):
        spread(of_differences({"a": np.array([1.0]), "b": np.array([1.0])}))


@pytest.mark.parametrize("df", [1.0, 3.0, 12.0, 60.0])
def test_the_components_are_students_t(df):
    found = likelihood(-1.0, 0.5, df)
    variance = np.array(found["covariances"])[:, 0]
    at = np.linspace(-3.0, 3.0, 61) * 0.5
    parts = np.exp(found["log_weights"]) * np.exp(-0.5 * at[:, None] ** 2 / variance)
    curve = parts.sum(axis=1) / parts.sum(axis=1).max()
    expected = stats.t.pdf(at / 0.5, df)
    assert curve == pytest.approx(expected / expected.max(), abs=0.02)


def test_many_degrees_of_freedom_are_one_normal():
    assert likelihood(2.0, 0.5, math.inf) == {
        "means": [[2.0]],
        "covariances": [[0.25]],
        "log_weights": [0.0],
    }


ASKED = {
    "columns": {},
    "active": (),
    "comparator": None,
    "scale": (0.0, 10.0),
    "better": None,
    "mcid": None,
    "outcome": None,
    "exclude": {},
    "notation": Notation(),
}


def read(tmp_path, text, **asked):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return read_summaries(path, SummaryOptions(**ASKED | asked))


def faults(tmp_path, text, **asked):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, **asked)
    return [str(fault) for fault in caught.value.faults]


def test_scores_by_day_are_no_summaries(tmp_path):
    text = "person,day,treatment,score\na,1,A,3\na,2,B,4\n"
    assert read(tmp_path, text) is None
    assert read(tmp_path, text.replace("day", "date")) is None
    assert read(tmp_path, "person,treatment,score\na,A,3\n") is None
    assert read(tmp_path, "person,estimate\na,3\n") is None


def test_differences_by_cycle(tmp_path):
    text = "id,cycle,difference\na,1,-1\na,2,-2.5\nb,1,0.5\nb,2,\nb,3,-1\nc,1,\n"
    found = read(tmp_path, text)
    assert [one.id for one in found.contributions] == ["a", "b"]
    first = found.contributions[0]
    assert first.estimand.effect == "as-scheduled"
    assert first.cycle_differences == {"active": (-1.0, -2.5)}
    assert [(one.person, one.why) for one in found.left_out] == [("c", "no cycle difference")]
    assert "no carryover can be modelled" in sentences(found.notes)[0]
    assert Contribution.model_validate_json(first.text()) == first


def test_a_variance_common_to_all_widens_everybody_as_students_t_does(tmp_path):
    text = "person,cycle,difference\n" + "".join(
        f"{name},{cycle},{value}\n"
        for name, mine in DIFFERENCES.items()
        for cycle, value in enumerate(mine, start=1)
    )
    within = within_variance(DIFFERENCES)
    for one in read(tmp_path, text).contributions:
        mine = DIFFERENCES[one.id]
        low, high = stats.t.interval(0.95, within.df, 0.0, (within.variance / len(mine)) ** 0.5)
        (variance,) = one.likelihood.covariances[0]
        reach = 1.959964 * variance**0.5
        assert (-reach, reach) == pytest.approx((low, high), rel=1e-4)
        assert len(one.likelihood.means) == 1


def test_an_average_of_one_difference_each_has_the_interval_of_the_t_test(tmp_path):
    values = [-1.0, -2.0, -0.5, -3.0, -1.2]
    text = "person,difference\n" + "".join(f"p{n},{d}\n" for n, d in enumerate(values))
    found = read(tmp_path, text, scale=(0.0, 100.0))  # where the prior says next to nothing
    given = members([("x", one) for one in found.contributions], leave_out={})
    mean = pool(given, Question(purpose="these")).bayes.these_persons
    expected = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert mean.ci_low == pytest.approx(expected.low, abs=0.05)
    assert mean.ci_high == pytest.approx(expected.high, abs=0.05)


def test_estimates_with_errors(tmp_path):
    text = "patient,est,std_error,n\na,-1.0,0.5,4\nb,-2.0,0.7,3\nc,-1.5,,3\n"
    found = read(tmp_path, text, active=("drug",), comparator="placebo")
    assert [one.arms for one in found.contributions] == [("placebo", "drug")] * 2
    told = found.contributions[0].summary
    variance = (3 * 4 * 0.25 + 2 * 3 * 0.49) / 5
    assert (told.estimate, told.df) == (-1.0, 5.0)
    assert told.se == pytest.approx((variance / 4) ** 0.5)
    assert [(one.person, one.why) for one in found.left_out] == [("c", "no standard error")]


def test_scores_by_period_without_days(tmp_path):
    text = (
        "person;period;treatment;score\na;1;placebo;5\na;1;placebo;7\na;2;drug;4,5\n"
        "a;3;drug;3\na;4;placebo;6\nb;1;placebo;5\n"
    )
    found = read(tmp_path, text)
    (one,) = found.contributions if len(found.contributions) == 1 else (None,)
    assert one.cycle_differences == {"drug": (-1.5, -3.0)}
    assert [(left.person, left.why) for left in found.left_out] == [
        ("b", "no cycle with scores on placebo and drug")
    ]
    by_cycle = "person,cycle,treatment,score\na,1,A,5\na,1,B,3\na,2,B,4\na,2,A,5\n"
    (two,) = read(tmp_path, by_cycle).contributions
    assert two.cycle_differences == {"B": (-2.0, -1.0)}


def test_columns_are_told_by_their_roles(tmp_path):
    text = "who,what,how\na,-1,0.5\nb,-2,0.5\n"
    roles = {"person": "who", "estimate": "what", "se": "how"}
    assert len(read(tmp_path, text, columns=roles).contributions) == 2
    assert faults(tmp_path, text, columns=roles | {"day": "who"}) == [
        "--columns day=who: 'day' is nothing that a table of estimates of persons can say. Use one"
        " of person, estimate, se, n."
    ]
    assert faults(tmp_path, text, columns={"estimate": "what"}) == [
        "table.csv: no column is the person. Say which with --columns person=NAME. The columns are"
        " who, what, how.",
        "table.csv: no column is the se. Say which with --columns se=NAME. The columns are who,"
        " what, how.",
    ]


def test_every_fault_is_named_by_its_cell(tmp_path):
    text = "person,estimate,se,n\na,-1,0,3\na,-2,1,3\nb,x,1,3\nc,-1,1,2.5\n,1,1,1\nd,40,1,3\n"
    assert faults(tmp_path, text, scale=None) == [
        "table.csv: estimates of persons do not tell the ends of the scale. Say them with --scale"
        " LOW:HIGH.",
        'table.csv:row 2, column "se": 0 is no standard error. Write a number above 0.',
        'table.csv:row 3, column "person": a already has an estimate, in row 2. Give every person'
        " one row.",
        "table.csv:row 4, column \"estimate\": 'x' is no number. Write a number, or leave the cell"
        " empty if it is missing.",
        'table.csv:row 5, column "n": 2.5 is no number of cycles. Write 1, 2, 3, ...',
        'table.csv:row 6, column "person": no person is named. Write whose row this is.',
    ]
    (beyond,) = faults(tmp_path, "person,estimate,se\nd,40,1\ne,1,1\n")
    assert beyond.startswith("table.csv, d: a difference of 40 is impossible on a scale from 0 to")


def test_who_is_excluded_is_not_looked_at(tmp_path):
    text = "person,cycle,difference\na,1,oops\nb,1,-1\nb,2,-2\nc,1,-1\n"
    found = read(tmp_path, text, exclude={"a": "took iron"})
    assert [(one.person, one.why) for one in found.left_out] == [("a", "took iron")]


def test_three_arms_without_days_are_asked_about(tmp_path):
    text = "person,cycle,treatment,score\n" + "".join(f"a,1,{arm},3\n" for arm in "ABC")
    (found,) = faults(tmp_path, text, comparator="A")
    assert "there are 3 arms, A, B, C; without days two are compared" in found
    named = read(tmp_path, text + "a,2,A,4\na,2,C,5\n", comparator="A", active=("C",))
    assert named.contributions[0].cycle_differences == {"C": (0.0, 1.0)}
