"""Draws of a population and everybody in it agree with the pooled answer, also together."""

from pathlib import Path

import numpy as np
import pytest

from nof1.pooling.analysis import Question, pool
from nof1.pooling.exact.joint_draws import draw_population
from nof1.pooling.persons.members import members
from nof1.pooling.solved import solve_members
from nof1.sharing.files import read_contributions
from support.pool_members import simple

CONTRIBUTIONS = Path(__file__).parents[4] / "examples" / "contributions.jsonl"
N = 6000
#: Standard errors of a mean; beyond them with a probability below 1e-5.
FAR = 4.5
#: Share of an SD that the answer's own grids, and their nodes taken together, may be off.
KNOWN_TO = 0.03


def drawn(people, population="normal", n=N):
    found = solve_members(
        people, active=(), population=population, learn_half_lives=True, learn_noise=True
    )
    rng = np.random.default_rng(1)
    return draw_population(found.solved, found.contrast, found.rows.effect, n, rng)


def agrees(draws, summary, interval=True):
    room = FAR / len(draws) ** 0.5 + KNOWN_TO
    assert draws.mean() == pytest.approx(summary.mean, abs=room * summary.sd)
    assert draws.std() == pytest.approx(summary.sd, rel=2 * room)
    if interval:
        ends = np.quantile(draws, [0.025, 0.975])
        assert ends == pytest.approx([summary.ci_low, summary.ci_high], abs=4 * room * summary.sd)


@pytest.mark.parametrize("population", ["normal", "student-t"])
def test_the_population_and_its_persons(population):
    people = members(read_contributions([CONTRIBUTIONS]), leave_out={})
    n = N if population == "normal" else 1500
    found, answer = drawn(people, population, n), pool(people, Question(population=population))
    agrees(found.mean, answer.bayes.mean)
    agrees(found.heterogeneity, answer.bayes.heterogeneity, interval=False)
    agrees(found.next_person, answer.bayes.next_person)
    agrees(found.persons.mean(axis=1), answer.bayes.these_persons)
    agrees(found.as_scheduled.mean(axis=1), answer.bayes.as_scheduled)
    assert found.persons.shape == (n, len(answer.persons))
    for column, one in zip(found.persons.T, answer.persons, strict=True):
        assert column.mean() == pytest.approx(one.shrunken, abs=(FAR / n**0.5 + 0.04) * one.sd)
        assert column.std() == pytest.approx(one.sd, rel=0.1)


def test_persons_of_a_draw_share_its_population():
    people, _, _ = simple(n=12)
    found = drawn(people)
    # Given average and spread, persons scatter around the average with that spread.
    away = (found.persons - found.mean[:, None]).std(axis=1)
    assert np.corrcoef(away, found.heterogeneity)[0, 1] > 0.5
    assert np.corrcoef(found.persons.mean(axis=1), found.mean)[0, 1] > 0.5


def test_draws_are_independent_and_the_seed_makes_them():
    people, _, _ = simple(n=5)
    found, again = drawn(people, n=2000), drawn(people, n=2000)
    assert (found.persons == again.persons).all()
    ranks = found.mean.argsort().argsort()
    assert abs(np.corrcoef(ranks[1:], ranks[:-1])[0, 1]) < FAR / 2000**0.5


def test_persons_who_do_not_tell_of_their_schedule_have_no_difference_as_scheduled():
    people, _, _ = simple(n=4)
    assert drawn(people, n=50).as_scheduled is None
