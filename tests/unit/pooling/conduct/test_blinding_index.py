"""Bang's and James' index against published figures, a naive second version, and known truths."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nof1.pooling.analysis import Question, pool
from nof1.pooling.conduct.blinding_index import bang, blinding, james, told_apart
from nof1.pooling.result.conduct import ArmGuesses
from nof1.sharing.contribution import SharedBlinding
from support.pool_members import member, simple


def guesses(right, wrong, unsure):
    return ArmGuesses(right=right, wrong=wrong, unsure=unsure)


#: A published worked example: 382 persons on treatment, 371 on placebo.
PUBLISHED = {"treatment": guesses(48, 4, 330), "placebo": guesses(30, 22, 319)}


def figures(found):
    return (found.estimate, found.se, found.ci_low, found.ci_high)


def test_a_published_example():
    assert figures(james(PUBLISHED)) == pytest.approx((0.896, 0.011, 0.875, 0.918), abs=5e-4)
    treatment, placebo = (bang(one, 2) for one in PUBLISHED.values())
    assert figures(treatment) == pytest.approx((0.115, 0.018, 0.080, 0.150), abs=5e-4)
    assert figures(placebo) == pytest.approx((0.022, 0.019, -0.016, 0.060), abs=5e-4)


def naive_james(table):
    """Return the index of counts, arm by guess (treatment, placebo, unsure), step by step."""
    total = sum(map(sum, table))
    unsure = sum(row[2] for row in table) / total
    guessing = [[cell / total / (1 - unsure) for cell in row[:2]] for row in table]
    seen = 0.5 * (guessing[0][1] + guessing[1][0])
    rows = [sum(row) for row in guessing]
    columns = [guessing[0][place] + guessing[1][place] for place in (0, 1)]
    expected = 0.5 * (rows[0] * columns[1] + rows[1] * columns[0])
    return (1 + unsure + (1 - unsure) * (seen - expected) / expected) / 2


@pytest.mark.parametrize("seed", range(5))
def test_a_naive_version_agrees_and_the_error_is_that_of_resampling(seed):
    rng = np.random.default_rng(seed)
    first, second = rng.integers(5, 60, (2, 3)).tolist()
    given = {"a": guesses(*first), "b": guesses(*second)}
    table = np.array([first, [second[1], second[0], second[2]]], dtype=float)
    found = james(given)
    assert found.estimate == pytest.approx(naive_james(table.tolist()), abs=1e-12)
    n = int(table.sum())
    drawn = rng.multinomial(n, (table / n).ravel(), size=4000).reshape(-1, 2, 3)
    resampled = np.std([naive_james(one.tolist()) for one in drawn])
    assert found.se == pytest.approx(resampled, rel=0.06)
    mine = bang(given["a"], 2)
    signs = np.repeat([1.0, -1.0, 0.0], first)
    assert mine.estimate == pytest.approx(signs.mean())
    assert mine.se == pytest.approx(signs.std() / len(signs) ** 0.5)


def test_known_ends():
    assert james({"a": guesses(9, 0, 0), "b": guesses(9, 0, 0)}).estimate == pytest.approx(0.0)
    chance = {"a": guesses(9, 9, 0), "b": guesses(9, 9, 0)}
    assert james(chance).estimate == pytest.approx(0.5)
    assert (bang(chance["a"], 2).estimate, bang(guesses(0, 7, 0), 2).estimate) == (0.0, -1.0)
    assert bang(guesses(5, 10, 3), 3).estimate == pytest.approx(0.0)  # a third right by chance
    assert james({"a": guesses(0, 0, 5), "b": guesses(0, 0, 5)}) is None
    assert james({"a": guesses(5, 0, 1), "b": guesses(0, 0, 4)}) is None  # one arm alone
    assert james(PUBLISHED | {"third": guesses(1, 1, 1)}) is None
    assert bang(guesses(0, 0, 0), 2) is None


def guessing(by_arm):
    total = {name: sum(one[name] for one in by_arm.values()) for name in NAMES}
    return SharedBlinding.model_validate(
        {
            "mode": "double-blind",
            "masked": ["person"],
            "opened_early": 0,
            "guesses": total | {"by_arm": by_arm},
        }
    )


NAMES = ("right", "wrong", "unsure")


def counts(*numbers):
    return dict(zip(NAMES, numbers, strict=True))


def test_the_guesses_of_a_pool_are_added_up_by_arm():
    told = guessing({"placebo": counts(2, 1, 0), "magnesium": counts(3, 0, 1)})
    people = [replace(member(name), blinding=told) for name in ("a", "b")]
    arms = ("placebo", "magnesium")
    found = blinding([*people, member("c")], arms)
    assert found.n_persons == 2
    assert found.guesses["magnesium"] == guesses(6, 0, 2)
    assert found.bang["placebo"].estimate == pytest.approx((4 - 2) / 6)
    assert blinding([member("c")], arms) is None


def test_a_pool_in_which_most_guess_right_is_cautioned():
    members, _, _ = simple(n=12)
    told = guessing({"placebo": counts(2, 1, 0), "magnesium": counts(3, 0, 1)})
    people = tuple(replace(one, blinding=told) for one in members.people)
    found = pool(replace(members, people=people), Question(purpose="next"))
    (caution,) = [one for one in found.warnings if "guesses" in one]
    assert caution.startswith("60 of the 72 guesses that named an arm were right (83 %; 12 more")
    assert "Bang index placebo +0.33, magnesium +0.75" in caution
    assert found.blinding.james.estimate < 0.5
    assert not any("guesses" in one for one in pool(members, Question()).warnings)


@pytest.mark.parametrize(
    ("told", "n_arms", "said"),
    [
        ((83, 22, 39), 2, True),
        ((5, 3, 2), 2, False),  # as easily by chance
        ((40, 60, 10), 3, False),  # more than a third, yet not most
        ((0, 0, 9), 2, False),
        ((52, 48, 0), 2, False),
    ],
)
def test_when_it_is_said(told, n_arms, said):
    assert bool(list(told_apart(told, n_arms, None))) is said
