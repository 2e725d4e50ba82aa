"""How a pool judges: by which rule, with which thresholds, and who fixed it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nof1.inference.exact.mixture import Mixture
from nof1.pooling.analysis import Question, pool
from nof1.pooling.judging import Judging, rule_of
from nof1.protocol.tables import Decision
from support.pool_members import OUTCOME, given, member, normal, simple

NAMES = ("meaningful", "trivial", "better", "worse")
#: No threshold is that of a protocol that leaves the rule out, and no two are alike.
RULE = Decision(meaningful=0.7, trivial=0.75, better=0.95, worse=0.97)
EFFECTS = [
    (-4.0, "meaningful", "helps-meaningfully"),
    (0.0, "trivial", "no-meaningful-difference"),
    (-2.0, "better", "helps-perhaps-too-little"),
    (2.0, "worse", "makes-worse"),
]


def alone(**threshold):
    """Return a rule of which one threshold alone can be reached."""
    return Decision(**(dict.fromkeys(NAMES, 1 - 1e-12) | threshold))


@pytest.mark.parametrize(("mean", "name", "code"), EFFECTS)
def test_a_verdict_is_given_from_the_promised_chance_on(mean, name, code):
    effect = Mixture(means=np.array([mean]), sds=np.array([1.5]), weights=np.ones(1))

    def judged(threshold):
        rule = alone(**{name: threshold})
        return Judging(better="lower", mcid=3.0, rule=rule).verdict(effect)

    chance = getattr(judged(0.51), f"p_{name}")
    assert 0.51 < chance < 0.99
    assert judged(chance).code == code
    assert judged(chance + 1e-9).code == "cannot-tell"


def test_the_direction_is_sure_by_the_same_thresholds():
    effect = Mixture(means=np.array([-0.5]), sds=np.array([0.3]), weights=np.ones(1))
    sure = Judging(better="lower", mcid=3.0, rule=Decision(better=0.95)).verdict(effect)
    unsure = Judging(better="lower", mcid=3.0, rule=Decision(better=0.96)).verdict(effect)
    assert sure.code == unsure.code == "no-meaningful-difference"
    assert (sure.direction, unsure.direction) == ("better", None)
    turned = Judging(better="higher", mcid=3.0, rule=Decision(worse=0.95)).verdict(effect)
    assert turned.direction == "worse"


def test_the_rule_is_the_questions_then_the_protocols_then_the_default():
    other = Decision(meaningful=0.9, trivial=0.6, better=0.99, worse=0.6)
    assert rule_of(RULE, [other]) == (RULE, "question")
    assert rule_of(None, [other]) == (other, "protocols")
    both = Decision(meaningful=0.9, trivial=0.75, better=0.99, worse=0.97)
    assert rule_of(None, [RULE, other]) == rule_of(None, [other, RULE]) == (both, "strictest")
    assert rule_of(None, []) == (Decision(), "default")


@pytest.mark.parametrize(("mean", "name", "code"), EFFECTS)
def test_both_answers_of_a_pool_are_judged_by_the_rule(mean, name, code):
    people = [member(f"p{place}") for place in range(12)]
    members = given(people, [normal(mean + shift, 4.0) for shift in np.linspace(-1.5, 1.5, 12)])

    def verdict(threshold):
        return pool(members, Question(decision=alone(**{name: threshold}))).verdict

    easy = verdict(0.501)
    assert (easy.rule, easy.rule_from) == (alone(**{name: 0.501}), "question")
    for whom in ("these_persons", "next_person"):
        judged = getattr(easy, whom)
        assert judged.code == code
        chance = getattr(judged, f"p_{name}")
        assert getattr(verdict(chance), whom).code == code
        hard = getattr(verdict(chance + 1e-10), whom)
        assert hard.code == "cannot-tell"
        assert getattr(hard, f"p_{name}") == chance


def test_chances_of_these_persons_are_those_of_their_mean():
    members, _, _ = simple()
    found = pool(members, Question(purpose="these"))
    average, judged = found.bayes.these_persons, found.verdict.these_persons
    about = stats.norm(average.mean, average.sd)
    assert judged.p_better == pytest.approx(about.cdf(0.0), abs=0.01)
    assert judged.p_meaningful == pytest.approx(about.cdf(-OUTCOME.mcid), abs=0.03)
    assert judged.p_better + judged.p_worse == pytest.approx(1.0)
    assert judged.p_meaningful + judged.p_trivial + judged.p_meaningfully_worse == pytest.approx(1)
    following = found.bayes.next_person
    assert found.verdict.next_person.p_better == following.p_better
    assert found.verdict.next_person.p_meaningful == following.p_meaningful


def test_the_rule_of_the_protocols_is_taken_where_the_question_has_none():
    members, _, _ = simple()
    assert pool(members, Question()).verdict.rule_from == "default"
    promised = pool(replace(members, decisions=(RULE,)), Question()).verdict
    assert (promised.rule, promised.rule_from) == (RULE, "protocols")
    asked = pool(replace(members, decisions=(RULE,)), Question(decision=Decision())).verdict
    assert (asked.rule, asked.rule_from) == (Decision(), "question")


def test_every_pair_of_a_network_has_its_verdicts_by_the_same_rule():
    arms = ("placebo", "citrate", "oxide")
    effects = np.array([-4.0, 0.0])
    people = [member(f"p{place}", arms=arms) for place in range(12)]
    members = given(people, [normal(effects + shift, np.eye(2)) for shift in np.zeros(12)])
    found = pool(members, Question(decision=Decision(trivial=0.51)))
    pairs = {(pair.active, pair.comparator): pair.verdict for pair in found.contrasts}
    assert pairs["citrate", "placebo"].these_persons.code == "helps-meaningfully"
    assert pairs["oxide", "placebo"].these_persons.code == "no-meaningful-difference"
    main = pairs[found.contrast.active, found.contrast.comparator]
    assert main.next_person == found.verdict.next_person
    strict = pool(members, Question(decision=alone()))
    assert {pair.verdict.next_person.code for pair in strict.contrasts} == {"cannot-tell"}


def test_the_prior_of_the_population_is_a_share_of_the_scale():
    for low, high in ((0.0, 40.0), (0.0, 10.0)):
        members, _, _ = simple()
        outcome = OUTCOME.model_copy(update={"low": low, "high": high})
        prior = pool(replace(members, outcome=outcome), Question()).bayes.prior
        assert (prior.mean_sd, prior.between_scale) == pytest.approx(
            (0.15 * (high - low), 0.075 * (high - low))
        )


@pytest.mark.parametrize(
    ("label", "mean_sd", "between"),
    [
        ("as planned", 6.0, 3.0),
        ("persons differ half as much beforehand", 6.0, 1.5),
        ("persons differ twice as much beforehand", 6.0, 6.0),
        ("average effect half as wide beforehand", 3.0, 3.0),
        ("average effect twice as wide beforehand", 12.0, 3.0),
    ],
)
def test_the_answer_under_every_prior_is_that_of_a_fine_grid(label, mean_sd, between):
    seen, se = np.array([-9.0, -2.0, -6.0, 1.0]), 2.0
    people = [member(f"p{place}") for place in range(len(seen))]
    members = given(people, [normal(one, se) for one in seen])
    rows = {row.label: row for row in pool(members, Question(mcid=3.0)).sensitivity}
    tau = np.linspace(1e-4, 6 * between, 3000)
    variance = (se**2 + tau[:, None] ** 2) * np.ones(len(seen))
    precision = (1.0 / variance).sum(axis=1) + mean_sd**-2
    mean = (seen / variance).sum(axis=1) / precision
    log_weight = (
        -0.5 * (tau / between) ** 2
        - 0.5 * np.log(variance).sum(axis=1)
        - 0.5 * np.log(precision)
        - 0.5 * ((seen**2 / variance).sum(axis=1) - mean**2 * precision)
    )
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    row = rows[label]
    assert row.mean.mean == pytest.approx(weight @ mean, abs=0.01)
    assert row.heterogeneity.mean == pytest.approx(weight @ tau, abs=0.02)
