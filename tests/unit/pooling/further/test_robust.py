"""The average where single persons bear less on it, against pools made without this road."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nof1.pooling.analysis import Question, pool
from nof1.reports.terminal.pooled import pool_lines
from support.pool_members import given, simple

PLAIN = Question(purpose="next", half_lives="protocol", noise="protocol")


def with_values(members, values):
    """Return members whose likelihoods have these means."""
    moved = [
        replace(one, means=one.means * 0.0 + value)
        for one, value in zip(members.likelihoods, values, strict=True)
    ]
    return replace(members, likelihoods=tuple(moved))


def leaving_out(members, index):
    people = [one for at, one in enumerate(members.people) if at != index]
    return given(people, [one for at, one in enumerate(members.likelihoods) if at != index])


@pytest.fixture(scope="module")
def eight():
    """Eight persons around -4 with an SE of 2, one of them at +14."""
    members, _, _ = simple(n=8, seed=3)
    return with_values(members, [-4.0, -5.0, -3.0, -4.5, -3.5, 14.0, -6.0, -2.0])


def test_the_person_left_out_is_the_one_who_moves_it_most(eight):
    found = pool(eight, PLAIN).bayes
    alone = [pool(leaving_out(eight, index), PLAIN).bayes.mean for index in range(8)]
    shifts = [abs(one.mean - found.mean.mean) for one in alone]
    most = shifts.index(max(shifts))
    assert found.robust.without.person == eight.people[most].person
    assert found.robust.without.mean.mean == pytest.approx(alone[most].mean, abs=0.01)
    assert found.robust.without.mean.ci_high == pytest.approx(alone[most].ci_high, abs=0.02)
    assert most == 5


def test_heavy_tails_are_those_of_a_pool_under_them(eight):
    normal, heavy = pool(eight, PLAIN), pool(eight, replace(PLAIN, population="student-t"))
    assert normal.bayes.robust.mean == heavy.bayes.mean
    assert heavy.bayes.robust.mean == heavy.bayes.mean
    assert normal.bayes.robust.heterogeneity == heavy.bayes.heterogeneity
    assert normal.bayes.robust.mean.mean < normal.bayes.mean.mean


def test_who_moves_the_average_is_named_in_words_and_in_lines(eight):
    found = pool(eight, PLAIN)
    code = eight.people[5].person
    (said,) = [line for line in found.warnings if line.startswith("One person moves")]
    assert f"without {code} it is" in said
    assert f"--exclude {code}=WHY" in said
    shown = "\n".join(pool_lines(found))
    assert "heavy tails (Student's t)" in shown
    assert "who moves it most" in shown


def test_alike_persons_move_nothing_and_two_leave_nobody_out(eight):
    alike = with_values(eight, [-4.0, -5.0, -3.0, -4.5, -3.5, -4.2, -6.0, -2.0])
    found = pool(alike, PLAIN)
    assert not [line for line in found.warnings if "moves the average" in line]
    assert not [line for line in found.warnings if "heavy tails" in line]
    two = given(alike.people[:2], alike.likelihoods[:2])
    assert pool(two, PLAIN).bayes.robust.without is None


def test_a_network_leaves_out_one_who_tells_of_the_main_contrast():
    from support.pool_members import member, normal

    people = [member(f"a{n}") for n in range(5)]
    people += [member(f"b{n}", arms=("placebo", "iron")) for n in range(3)]
    likelihoods = [normal(value, 1.5) for value in (-3, -4, -2, 9, -3, 12, -1, 0)]
    found = pool(given(people, likelihoods), PLAIN).bayes
    assert found.robust.without.person == "a3"
    assert found.robust.without.mean.mean < found.mean.mean
