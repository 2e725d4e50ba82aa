from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from nof1.inference.exact.effect_likelihood import EffectLikelihood
from nof1.sharing.coarsening import LOG_SD_NOISE, MEAN_NOISE, coarse
from nof1.sharing.privacy import FACTS, KNOWN, facts_of, gather, privacy, with_keys, without
from nof1.sharing.suppression import suppressed
from nof1.sharing.unicity import CHOICES, SERIES, unicity
from support.shared_persons import DESIGN, contributed, diaries, shared

PROTOCOL = {"name": "magnesium-rls", "version": "1.0", "digest": "ab" * 32}


def crowd(*abouts, **changes):
    return gather(contributed(f"p{i}", about=about, **changes) for i, about in enumerate(abouts))


def key(age="", sex="", magnesium="", iron="", protocol="", trial="t"):
    return (age, sex, magnesium, iron, protocol, trial)


def classes(keys):
    return Counter(keys.values())


# ---- classes ----------------------------------------------------------------------------------


def test_persons_alike_in_all_facts_are_of_one_class():
    found = privacy(
        crowd(*[{"sex": "female", "iron": "low"}] * 5, *[{"sex": "male"}] * 2, {"sex": "female"})
    )
    assert (found.persons, found.contributions, found.classes) == (8, 8, 3)
    assert (found.smallest, found.in_small, found.in_small_trials) == (1, 3, 0)
    # Without the sex the last two classes are one, of three; without the iron the first and last.
    assert found.in_small_without["sex"] == 3
    assert found.in_small_without["iron"] == 2
    assert found.in_small_without["age_band"] == 3
    assert list(found.in_small_without) == list(KNOWN)


def test_a_copy_of_the_protocol_made_for_one_person_tells_it_apart():
    others = [contributed(f"p{i}", protocol=PROTOCOL) for i in range(5)]
    own = contributed("own", protocol=PROTOCOL | {"digest": "cd" * 32})
    found = privacy(gather([*others, own]))
    assert (found.in_small, found.in_small_without["protocol"]) == (1, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"design": {"cycles": 4, "periods": 8}},
        {"design": {"run_in_days": 7}},
        {"arms": ["placebo", "iron"]},
        {"blinding": {"mode": "open", "masked": [], "opened_early": 0,
                      "guesses": {"right": 0, "wrong": 0, "unsure": 0}}},
    ],
)  # fmt: skip
def test_a_trial_of_another_kind_cannot_be_hidden(changes):
    crowd = gather([*(contributed(f"p{i}") for i in range(6)), contributed("own", **changes)])
    found = privacy(crowd)
    assert (found.in_small, found.in_small_trials) == (1, 1)
    assert found.in_small_without["trial"] == 0
    after = with_keys(found, suppressed(crowd.keys, 5))
    assert (after.in_small, after.in_small_trials) == (1, 1)


def test_counts_that_only_a_diary_tells_do_not_part_persons():
    counts = {name: n - 1 for name, n in DESIGN.items() if name.startswith("scores") and n}
    assert facts_of(contributed(design=counts)) == facts_of(contributed())


def test_two_outcomes_of_a_person_are_known_together():
    first = contributed("p", about={"sex": "female"})
    legs = first.outcome.model_copy(update={"id": "sleep"})
    second = contributed("p", about={"iron": "low"}).model_copy(update={"outcome": legs})
    found = gather([first, second])
    assert found.keys == {"p": key("", "female", "", "low", "", facts_of(first)[-1])}
    assert privacy(found).persons == 1
    assert privacy(found).contributions == 2


# ---- leaving facts out ------------------------------------------------------------------------


def test_nothing_is_left_out_where_everybody_is_hidden():
    keys = {f"p{i}": key(sex="female" if i % 2 else "male") for i in range(10)}
    assert suppressed(keys, 5) == keys


def test_one_fact_of_a_few_is_left_out_rather_than_all_of_many():
    keys = {f"p{i}": key("50-59", "female", iron="low") for i in range(8)}
    keys |= {f"q{i}": key("50-59", "female", iron="high") for i in range(3)}
    found = suppressed(keys, 5)
    # Two of the eight join the three; the six others keep everything.
    assert classes(found) == {
        key("50-59", "female", iron="low"): 6,
        key("50-59", "female"): 5,
    }
    assert all(found[f"q{i}"] == key("50-59", "female") for i in range(3))


def test_small_classes_join_where_least_is_lost():
    keys = {f"p{i}": key(f"{age}0-{age}9", "female") for i, age in enumerate((3, 4, 5, 6, 7))}
    assert classes(suppressed(keys, 5)) == {key(sex="female"): 5}


def test_somebody_without_facts_is_not_left_alone():
    keys = {f"p{i}": key(sex="female") for i in range(9)} | {"bare": key()}
    assert classes(suppressed(keys, 5)) == {key(sex="female"): 5, key(): 5}


def test_a_whole_class_joins_when_none_can_be_spared():
    keys = {f"p{i}": key(sex="female") for i in range(5)} | {"q": key(sex="male")}
    assert classes(suppressed(keys, 5)) == {key(): 6}


def test_fewer_than_k_lose_every_fact():
    keys = {"a": key("50-59", "female"), "b": key("60-69", "male", protocol="x 1 ff")}
    assert suppressed(keys, 5) == {"a": key(), "b": key()}


@pytest.mark.parametrize("k", [2, 5, 11])
@pytest.mark.parametrize("seed", range(5))
def test_every_class_has_k_and_only_facts_are_lost(seed, k):
    rng = np.random.default_rng(seed)
    n_ages = rng.integers(2, 9)
    keys = {
        rng.bytes(4).hex(): key(
            f"{rng.integers(n_ages)}",
            str(rng.choice(["", "female", "male"])),
            str(rng.choice(["", "low", "normal"])),
            str(rng.choice(["", "low"])),
            str(rng.integers(3)) if rng.random() < 0.9 else rng.bytes(4).hex(),
            str(rng.choice(["a", "b"])),
        )
        for _ in range(150)
    }
    found = suppressed(keys, k)
    assert min(classes(found).values()) >= k
    for code, before in keys.items():
        assert all(now in ("", was) for was, now in zip(before, found[code], strict=True))
        assert found[code][-1] == before[-1]
    backwards = dict(reversed(list(keys.items())))
    assert suppressed(backwards, k) == found


def test_leaving_out_costs_less_than_leaving_out_a_column():
    rng = np.random.default_rng(1)
    keys = {
        f"p{i}": key(str(rng.integers(6)), str(rng.integers(2)), str(rng.integers(3)))
        for i in range(200)
    }
    found = suppressed(keys, 5)
    lost = sum(one != found[code][i] for code, was in keys.items() for i, one in enumerate(was))
    assert min(classes(found).values()) >= 5
    assert 0 < lost < 60


def test_the_likelihood_and_all_else_stay_as_they_are():
    one = contributed(
        about={"age_band": "50-59", "sex": "female", "magnesium": "low", "iron": "low"},
        protocol=PROTOCOL,
        family="ef" * 32,
    )
    bare = without(one, key(sex="female"))
    assert facts_of(bare)[:-1] == key(sex="female")[:-1]
    changed = {"about", "protocol"}
    assert bare.model_dump(exclude=changed) == one.model_dump(exclude=changed)
    assert without(one, facts_of(one)) == one
    assert len(FACTS) == len(key()) - 1


# ---- series -----------------------------------------------------------------------------------


def test_unicity_is_the_share_of_choices_that_fit_one_series_alone():
    found = unicity([[0, 1], [0, 2], [0, 1]])
    assert found.found[1] == pytest.approx((0 + 1 / 2 + 0) / 3)
    assert found.found[2] == found.found[3] == pytest.approx(1 / 3)
    assert (found.series, found.looked_at, found.choices) == (3, 3, CHOICES)


def test_unicity_of_nothing_known_is_none():
    assert unicity([[], []]).found == {1: 0.0, 2: 0.0, 3: 0.0}


def test_many_series_are_sampled_the_same_way_every_time():
    rng = np.random.default_rng(3)
    series = [np.flatnonzero(rng.random(40) < 0.5).tolist() for _ in range(SERIES + 200)]
    found = unicity(series)
    assert (found.series, found.looked_at) == (SERIES + 200, SERIES)
    assert unicity(series) == found
    assert found.found[1] <= found.found[2] <= found.found[3] < 0.01


def test_a_person_given_twice_is_not_hidden_by_it():
    people = shared(diaries(2), level="scores")
    assert privacy(gather([*people, *people])).scores == privacy(gather(people)).scores
    assert privacy(gather(people)).cycles.found[1] == 1.0


# ---- an attack on sixty persons ---------------------------------------------------------------

K = 5
PEOPLE = diaries(60)
SCORES = shared(PEOPLE, level="scores")
BARE = shared(PEOPLE, level="likelihood")


def known(number, rng):
    """Return what an attacker knows: sex, age band, and three scores with their days."""
    series, about = PEOPLE[number].masked.series[0], SCORES[number].about
    days = rng.choice(len(series.day), 3, replace=False)
    pairs = {int(series.day[day]): float(series.score[day]) for day in days}
    return about, pairs


def candidates(files, about, pairs):
    """Return whose contribution may be that of the person of whom this is known."""
    return [
        one.id
        for one in files
        if one.about.sex in (None, about.sex)
        and one.about.age_band in (None, about.age_band)
        and (
            one.scores is None
            or pairs.items() <= dict(zip(one.scores.day, one.scores.score, strict=True)).items()
        )
    ]


def test_three_scores_find_nearly_everybody_at_level_scores():
    rng = np.random.default_rng(1)
    found = [candidates(SCORES, *known(i, rng)) for i in range(60)]
    assert all(SCORES[i].id in one for i, one in enumerate(found))
    assert sum(len(one) == 1 for one in found) >= 57
    said = privacy(gather(SCORES)).scores.found
    assert said[1] < 0.2
    assert said[3] > 0.6


def test_leaving_out_facts_leaves_k_candidates_for_everybody_at_level_likelihood():
    rng = np.random.default_rng(1)
    attacked = [known(i, rng) for i in range(60)]
    assert min(len(candidates(BARE, *one)) for one in attacked) < K
    keys = suppressed(gather(BARE).keys, K)
    safer = [without(one, keys[one.id]) for one in BARE]
    found = [candidates(safer, *one) for one in attacked]
    assert all(BARE[i].id in one for i, one in enumerate(found))
    assert min(map(len, found)) >= K
    # Single scores are as telling as before: leaving out facts does not help there.
    rest = [without(one, keys[two.id]) for one, two in zip(SCORES, BARE, strict=True)]
    assert sum(len(candidates(rest, *one)) == 1 for one in attacked) > 40


def test_no_score_stands_in_a_likelihood_and_three_of_somebody_else_hardly_move_it():
    moved, apart = [], []
    for i in range(20):
        one, other = BARE[i], PEOPLE[i + 1].masked.series[0].score
        assert (one.scores, one.cycle_differences) == (None, None)
        forged = np.array(PEOPLE[i].masked.series[0].score)
        total = forged[14:28].sum()
        forged[23:26] = other[23:26]
        near = [day for day in range(14, 28) if day not in range(23, 26)]
        forged[near] += (total - forged[14:28].sum()) / len(near)
        likelihood = one.likelihood.effects()
        moved.append(_distance(likelihood, _computed(PEOPLE[i], forged)))
        apart.append(_distance(likelihood, BARE[i + 1].likelihood.effects()))
    assert np.median(moved) < 0.25 * np.median(apart)


def test_the_whole_diary_finds_everybody_whatever_the_level():
    for i in (0, 17, 59):
        computed = _computed(PEOPLE[i], PEOPLE[i].masked.series[0].score)
        alike = [
            one.id for one in BARE if np.array_equal(one.likelihood.effects().means, computed.means)
        ]
        assert alike == [BARE[i].id]


def test_the_whole_diary_finds_nearly_everybody_at_level_coarse_too():
    def numbers(found):
        sds = np.sqrt(found.covariances[:, 0, 0])
        return np.concatenate([found.means[:, 0] / sds / MEAN_NOISE, np.log(sds) / LOG_SD_NOISE])

    def coarse_of(one, key):
        whole = one.likelihood.effects()
        return numbers(coarse(whole, effect_sd=1.5, key=key, salt="legs"))

    published = np.stack([coarse_of(one, one.id[::-1]) for one in BARE])
    right = 0
    for i in range(0, 60, 6):
        # The attacker averages noise of their own away.
        mine = np.mean([coarse_of(BARE[i], str(key)) for key in range(20)], axis=0)
        right += np.argmin(((published - mine) ** 2).sum(axis=1)) == i
    assert right >= 8


def _computed(one, score) -> EffectLikelihood:
    series = replace(one.masked.series[0], score=np.array(score))
    data = replace(one, masked=replace(one.masked, series=(series,)))
    return shared([data], level="likelihood")[0].likelihood.effects()


def _distance(one, other):
    """Return the largest change of support for effects that one of the two finds likely."""
    grid = np.linspace(-6, 4, 201)[:, None]
    a, b = (found.log_density(grid) for found in (one, other))
    a, b = a - a.max(), b - b.max()
    return float(np.abs(a - b)[np.maximum(a, b) > -2].max())
