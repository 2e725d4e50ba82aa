"""The pooled answer as a whole: rows, networks, moderators, warnings, and what it rests on."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nof1.errors import InputError
from nof1.inference.exact.effect_likelihood import EffectLikelihood
from nof1.pooling.analysis import Question, pool
from nof1.pooling.result.averages import NoAverage
from support.pool_members import DESIGN, ESTIMAND, OUTCOME, given, member, normal, simple


def test_the_answer_has_every_part_and_its_order():
    members, _, seen = simple()
    found = pool(members, Question(purpose="next"))
    assert found.contrast.active == "magnesium"
    assert found.contrast.comparator == "placebo"
    assert [one.person for one in found.persons] == [one.person for one in members.people]
    np.testing.assert_allclose([one.naive for one in found.persons], seen, atol=1e-6)
    assert found.bayes.mean.mean == pytest.approx(seen.mean(), abs=0.3)
    assert found.bayes.half_lives is None
    assert found.bayes.next_person.sd > found.bayes.mean.sd
    assert found.bayes.these_persons.sd < found.bayes.mean.sd
    assert found.purpose == "next"
    assert found.sensitivity[0].mean == found.bayes.mean
    mixture = found.bayes.next_person_mixture
    assert sum(mixture.weights) == pytest.approx(1.0)
    mean = np.dot(mixture.weights, mixture.means)
    assert mean == pytest.approx(found.bayes.next_person.mean, abs=1e-9)


def test_shrunken_effects_lie_between_own_answer_and_average_and_miss_less():
    members, effects, seen = simple(n=60)
    found = pool(members, Question(purpose="next"))
    average = found.bayes.mean.mean
    shrunken = np.array([one.shrunken for one in found.persons])
    between = (shrunken - average) * (seen - average)
    assert (between >= -1e-6).all()
    assert (np.abs(shrunken - average) <= np.abs(seen - average) + 1e-6).all()
    assert ((shrunken - effects) ** 2).mean() < ((seen - effects) ** 2).mean()


def test_higher_may_be_better():
    members, _, _ = simple()
    lower = pool(members, Question(purpose="next")).bayes.next_person
    flipped = replace(members, outcome=OUTCOME.model_copy(update={"better": "higher"}))
    higher = pool(flipped, Question(purpose="next")).bayes.next_person
    assert higher.p_better == pytest.approx(1 - lower.p_better)
    assert higher.p_meaningful == pytest.approx(lower.p_meaningfully_worse)


def test_two_trials_of_three_arms_meet_in_a_network():
    rng = np.random.default_rng(5)
    truth = {"citrate": -3.0, "oxide": -1.0}
    people, likelihoods = [], []
    for index in range(24):
        if index % 3 == 0:
            arms = ("placebo", "citrate")
            mean = [rng.normal(truth["citrate"], 1.0)]
        elif index % 3 == 1:
            arms = ("placebo", "oxide")
            mean = [rng.normal(truth["oxide"], 1.0)]
        else:
            arms = ("placebo", "citrate", "oxide")
            mean = rng.normal([truth["citrate"], truth["oxide"]], 1.0)
        people.append(member(f"p{index:02d}", arms))
        likelihoods.append(normal(mean, 1.0))
    found = pool(given(people, likelihoods), Question(purpose="next"))
    pairs = {(one.active, one.comparator): one for one in found.contrasts}
    assert len(pairs) == 3
    assert pairs["citrate", "placebo"].mean.mean == pytest.approx(-3.0, abs=1.0)
    (indirect,) = [one for key, one in pairs.items() if "placebo" not in key]
    sign = 1 if indirect.active == "citrate" else -1
    expected = pairs["citrate", "placebo"].mean.mean - pairs["oxide", "placebo"].mean.mean
    assert sign * indirect.mean.mean == pytest.approx(expected, abs=0.02)
    assert indirect.n_direct == 8
    assert len(found.persons) == 16


def test_a_network_of_normal_likelihoods_is_generalised_least_squares():
    # With the SD between persons fixed by many persons, the average is the textbook's.
    people = [member("a", ("p", "x")), member("b", ("p", "y")), member("c", ("x", "y"))]
    seen = [-2.0, -5.0, -2.0]
    found = pool(
        given(people, [normal(one, 0.5) for one in seen]), Question(purpose="next", mcid=3.0)
    )
    pairs = {(one.active, one.comparator): one.mean.mean for one in found.contrasts}
    # y against x: once directly (-2), once by way of p (-3); all three weigh alike.
    keys = {frozenset(key) for key in pairs}
    assert keys == {frozenset("px"), frozenset("py"), frozenset("xy")}
    yx = pairs.get(("y", "x"))
    value = yx if yx is not None else -pairs["x", "y"]
    assert -3.0 < value < -1.8


def test_arms_that_nobody_connects_are_refused():
    people = [member("a", ("p", "x")), member("b", ("q", "y"))]
    with pytest.raises(InputError, match="connects"):
        pool(given(people, [normal(-1.0, 1.0)] * 2), Question())


def moderated(gain, n=40, seed=2):
    rng = np.random.default_rng(seed)
    people, likelihoods = [], []
    for index in range(n):
        low = index % 2 == 0
        effect = rng.normal(-2.0 + (gain if low else 0.0), 0.8)
        people.append(member(f"p{index:02d}", magnesium="low" if low else "normal"))
        likelihoods.append(normal(rng.normal(effect, 1.0), 1.0))
    people.append(member("unknown"))
    likelihoods.append(normal(-2.0, 1.0))
    return given(people, likelihoods)


def test_a_moderator_is_found_and_shrunken():
    asked = Question(purpose="next", moderators=("magnesium",), planned="registered")
    (found,) = pool(moderated(-4.0), asked).moderators
    assert (found.reference, found.n, found.n_unknown) == ("normal", 40, 1)
    low = found.levels[1]
    assert low.level == "low"
    assert low.difference.mean == pytest.approx(-4.0, abs=1.2)
    assert low.difference.ci_high < 0
    assert not found.exploratory
    reference = found.levels[0].effect.mean
    assert low.effect.mean - reference == pytest.approx(low.difference.mean, abs=0.02)


def test_a_moderator_that_does_nothing_is_not_found():
    (found,) = pool(moderated(0.0), Question(moderators=("magnesium",))).moderators
    difference = found.levels[1].difference
    assert difference.ci_low < 0 < difference.ci_high
    assert found.exploratory  # it was not planned


def test_a_moderator_agrees_with_the_closed_form_for_normal_likelihoods():
    members = moderated(-4.0)
    asked = Question(moderators=("magnesium",))
    found = pool(members, asked)
    (one,) = found.moderators
    s = 0.8  # the truth; the posterior of the SD is near it
    y = np.array([likelihood.means[0, 0] for likelihood in members.likelihoods[:-1]])
    z = np.array([1.0 if index % 2 == 0 else 0.0 for index in range(40)])
    X = np.column_stack([np.ones(40), z - z.mean()])
    precision = X.T @ X / (1 + s**2) + np.diag([1 / 6.0**2, 1 / 3.0**2])
    expected = np.linalg.solve(precision, X.T @ y / (1 + s**2))
    assert one.levels[1].difference.mean == pytest.approx(expected[1], abs=0.15)


def test_a_moderator_with_one_level_is_refused():
    members, _, _ = simple(n=5)
    with pytest.raises(InputError, match="nobody of 5 persons tells it"):
        pool(members, Question(moderators=("iron",)))


def test_without_shared_cycles_there_are_no_frequentist_rows_but_a_reason():
    members, _, _ = simple(n=5)
    bare = replace(members, people=tuple(replace(one, differences=None) for one in members.people))
    found = pool(bare, Question(purpose="these"))
    assert isinstance(found.frequentist.reml, NoAverage)
    assert "0 of 5 persons shared cycle differences" in found.frequentist.reml.not_run


def lengths(days, other, carryover):
    members, _, _ = simple(n=6)
    designs = [DESIGN.model_copy(update={"period_days": one}) for one in (days, other)]
    first, *rest = members.people
    people = (replace(first, design=designs[1]), *(replace(one, design=designs[0]) for one in rest))
    estimand = ESTIMAND.model_copy(update={"carryover": carryover})
    return pool(replace(members, people=people, estimand=estimand), Question(purpose="next"))


def test_periods_so_different_that_shares_of_the_effect_differ_are_different_estimands():
    # At a half-life of 7 days a difference holds .528 in periods of 28 days, .664 in 42.
    found = lengths(28, 42, "fixed:7")
    assert found.frequentist.summary_t.not_run == (
        "periods last 28, 42 days: differences as scheduled are expected to hold 53 to 66 % of the"
        " effect at full exposure, so that they are different estimands"
    )
    assert any("Periods last 28, 42 days" in one for one in found.warnings)


@pytest.mark.parametrize(("days", "other"), [(7, 8), (28, 27)])
def test_periods_a_day_shorter_are_averaged_with_a_note(days, other):
    found = lengths(days, other, "fixed:1.75")
    assert found.frequentist.summary_t.n_persons == found.frequentist.reml.n_persons == 6
    (note,) = [one for one in found.warnings if "near enough to be averaged" in one]
    assert f"Periods last {min(days, other)}, {max(days, other)} days" in note


def test_without_carryover_every_length_holds_all_of_the_effect():
    found = lengths(28, 42, "none")
    assert found.frequentist.reml.n_persons == 6
    assert any("Periods last 28, 42 days and carryover is not" in one for one in found.warnings)


def one_cycle(members):
    people = [
        replace(one, differences={arm: mine[:1] for arm, mine in one.differences.items()})
        for one in members.people
    ]
    return replace(members, people=tuple(people))


def test_one_cycle_a_person_is_enough_for_the_t_test_and_the_others_say_what_they_lack():
    members = one_cycle(simple(n=6)[0])
    found = pool(members, Question(purpose="these")).frequentist
    y = np.array([one.differences["magnesium"][0] for one in members.people])
    expected = stats.ttest_1samp(y, 0.0)
    interval = expected.confidence_interval(0.95)
    assert found.summary_t.estimate == pytest.approx(y.mean())
    assert found.summary_t.p_value == pytest.approx(expected.pvalue)
    assert (found.summary_t.ci_low, found.summary_t.ci_high) == pytest.approx(tuple(interval))
    why = "nobody has two cycles, so that scatter within persons cannot be told"
    for row in ("reml", "pm", "dl", "kenward_roger", "satterthwaite", "these_persons"):
        assert getattr(found, row).not_run == why


def test_persons_without_a_whole_cycle_do_not_stop_the_averages_of_the_others():
    members, _, _ = simple(n=6)
    empty = replace(members.people[2], differences={"magnesium": np.zeros(0)})
    people = (*members.people[:2], empty, *members.people[3:])
    found = pool(replace(members, people=people), Question())
    assert found.frequentist.reml.n_persons == 5
    assert any("1 of 6 persons who shared cycle differences have no" in x for x in found.warnings)
    assert found.n_persons == 6


def test_an_average_that_the_prior_hardly_expects_is_said():
    # On 0 to 40 the prior has an SD of 6 points: -22 is far out.
    (note,) = [x for x in pool(simple(n=8, mean=-22.0)[0], Question()).warnings if "none than" in x]
    assert "(SD 6.00; chance" in note
    found = float(note.split("themselves (")[1].split(")")[0])
    seen = simple(n=8, mean=-22.0)[2].mean()
    assert found == pytest.approx(seen, abs=0.2)
    assert not any("none than" in one for one in pool(simple(n=8)[0], Question()).warnings)


def test_bayes_and_reml_further_apart_than_carryover_are_both_said():
    members, _, _ = simple(n=20, mean=-4.0)
    own = [one.differences["magnesium"] for one in members.people]
    alike = replace(members, likelihoods=tuple(normal(mine.mean(), 2.0) for mine in own))
    assert not any("carryover explains" in one for one in pool(alike, Question()).warnings)
    moved = [
        replace(one, differences={"magnesium": mine + 4.0})
        for one, mine in zip(members.people, own, strict=True)
    ]
    found = pool(replace(alike, people=tuple(moved)), Question())
    (note,) = [one for one in found.warnings if "carryover explains" in one]
    assert f"average of {found.bayes.mean.mean:+.2f} at full exposure" in note
    assert f"REML one of {found.frequentist.reml.estimate:+.2f} as scheduled" in note


def test_one_outlier_moves_a_heavy_tailed_population_less():
    members, _, _ = simple(n=12, between=0.3, se=0.5)
    odd = replace(members, likelihoods=(normal(12.0, 0.5), *members.likelihoods[1:]))
    normal_mean = pool(odd, Question()).bayes.mean.mean
    heavy = pool(odd, Question(population="student-t")).bayes.mean.mean
    without = float(np.mean([one.means[0, 0] for one in odd.likelihoods[1:]]))
    assert abs(heavy - without) < 0.5 * abs(normal_mean - without)


def test_what_was_not_said_is_warned_of():
    members, _, _ = simple(n=3)
    told = replace(members, outcome=OUTCOME.model_copy(update={"mcid": None}))
    warnings = " ".join(pool(told, Question()).warnings)
    assert "--purpose" in warnings
    assert "--mcid" in warnings
    assert "3 persons tell little" in warnings


def test_who_is_far_too_sure_is_named(monkeypatch):
    members, _, _ = simple(n=5)
    sure = EffectLikelihood(
        means=np.linspace(-9.0, 9.0, 400)[:, None],
        covariances=np.full((400, 1, 1), 1e-9),
        log_weights=np.zeros(400),
    )
    odd = replace(members, likelihoods=(*members.likelihoods[:2], sure, *members.likelihoods[3:]))
    monkeypatch.setattr("nof1.pooling.exact.hierarchy.LARGEST_ERROR", 1e-9)
    with pytest.raises(InputError, match=r"the surest are p002 \(SD 3.2e-05\), ") as caught:
        pool(odd, Question())
    assert "--exclude CODE=WHY" in str(caught.value.faults[0])


def test_one_person_is_refused():
    members, _, _ = simple(n=1)
    with pytest.raises(InputError, match="one person"):
        pool(members, Question())
