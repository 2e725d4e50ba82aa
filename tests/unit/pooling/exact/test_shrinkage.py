"""Shrunken effects against plain sums, and against the closed form of normal likelihoods."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from nof1.inference.exact.mixture import Mixture
from nof1.pooling.exact.own_answer import own_answer
from nof1.pooling.exact.population_grid import HyperPrior
from nof1.pooling.exact.population_shapes import POPULATIONS
from nof1.pooling.exact.shrinkage import heavy_nodes, joined, shrunken
from nof1.pooling.exact.solving import Assumed, everybody, mean_effect, solve
from nof1.pooling.exact.workplace import Here
from nof1.pooling.persons.coefficients import Grouped
from nof1.pooling.persons.likelihoods import Likelihoods
from support.naive_population import (
    mixture_likelihoods,
    naive_pool,
    naive_pool_of_two_effects,
    two_effects,
)

#: As a share of a person's posterior SD: nodes of the population are taken together.
TOLERANCE = 1e-2
PRIOR = HyperPrior(sds=np.array([3.0]), between=1.5)


def solved(given, population="normal", prior=PRIOR):
    people = Grouped(groups=(given,), indices=(np.arange(given.n_persons),))
    assumed = Assumed(prior=prior, population=POPULATIONS[population], spreads=(), make_place=Here)
    return solve(people, assumed)


@pytest.mark.parametrize("population", ["normal", "student-t"])
@pytest.mark.parametrize("n_persons", [2, 6, 30])
def test_persons_are_those_of_plain_sums(n_persons, population):
    given = mixture_likelihoods(np.random.default_rng(n_persons), n_persons)
    shape = POPULATIONS[population]
    naive = naive_pool(given, 3.0, 1.5, scales=shape.scales, shares=shape.shares)
    everyone = everybody(solved(given, population), level=0.95, mcid=1.0)
    found = everyone.groups[0]
    away = (found.mean[:, 0] - naive.persons) / naive.person_sds
    np.testing.assert_allclose(away, 0.0, atol=TOLERANCE)
    np.testing.assert_allclose(found.sd[:, 0], naive.person_sds, rtol=TOLERANCE)
    these = mean_effect(everyone, [(0, 1, 0)])
    assert these.mean == pytest.approx(naive.these, abs=5e-3)
    assert these.sd == pytest.approx(naive.these_sd, rel=2 * TOLERANCE)


def test_persons_with_two_effects_are_those_of_plain_sums():
    given = two_effects(np.random.default_rng(7), 4)
    naive = naive_pool_of_two_effects(given, 3.0, 1.5)
    prior = HyperPrior(sds=np.array([3.0, 3.0]), between=1.5)
    found = everybody(solved(given, prior=prior), level=0.95, mcid=1.0)
    persons = found.groups[0]
    away = (persons.mean - naive.persons) / naive.person_sds
    np.testing.assert_allclose(away, 0.0, atol=TOLERANCE)
    np.testing.assert_allclose(persons.sd, naive.person_sds, rtol=TOLERANCE)
    for effect in (0, 1):
        these = mean_effect(found, [(0, effect + 1, 0)])
        assert these.mean == pytest.approx(naive.these[effect], abs=0.01 * naive.these_sds[effect])
        assert these.sd == pytest.approx(naive.these_sds[effect], rel=0.02)


def test_differences_as_scheduled_are_shares_of_the_effects():
    # A share that is the same for all scales mean and SD; one of two effects is added up.
    given = two_effects(np.random.default_rng(8), 3)
    shares = np.array([[0.8, 0.0], [-0.1, 0.5]])
    told = replace(given, scheduled=np.repeat(shares[None], len(given.means), axis=0))
    prior = HyperPrior(sds=np.array([3.0, 3.0]), between=1.5)
    found = everybody(solved(told, prior=prior), level=0.95, mcid=1.0)
    effects = [mean_effect(found, [(0, effect + 1, 0)]) for effect in (0, 1)]
    scheduled = [mean_effect(found, [(0, effect + 1, 0)], as_scheduled=True) for effect in (0, 1)]
    assert scheduled[0].mean == pytest.approx(0.8 * effects[0].mean, rel=1e-6)
    assert scheduled[0].sd == pytest.approx(0.8 * effects[0].sd, rel=1e-6)
    expected = 0.5 * effects[1].mean - 0.1 * effects[0].mean
    assert scheduled[1].mean == pytest.approx(expected, rel=1e-6)
    silent = everybody(solved(given, prior=prior), level=0.95, mcid=1.0)
    assert mean_effect(silent, [(0, 1, 0)], as_scheduled=True) is None


def test_a_pair_without_the_comparator_is_the_difference_of_its_effects():
    given = two_effects(np.random.default_rng(8), 3)
    prior = HyperPrior(sds=np.array([3.0, 3.0]), between=1.5)
    found = everybody(solved(given, prior=prior), level=0.95, mcid=1.0)
    first, second, pair, back = (
        mean_effect(found, [(0, *arms)]) for arms in ((1, 0), (2, 0), (1, 2), (2, 1))
    )
    assert pair.mean == pytest.approx(first.mean - second.mean, abs=1e-9)
    assert back.mean == pytest.approx(-pair.mean, abs=1e-9)
    assert back.sd == pytest.approx(pair.sd, rel=1e-9)
    assert pair.sd < np.hypot(first.sd, second.sd)
    assert mean_effect(found, []) is None


def test_with_a_known_population_shrinkage_is_the_textbooks():
    # Very many persons tell the population; B = s^2 / (V + s^2) then shrinks each to the mean.
    rng = np.random.default_rng(1)
    n, mean, between, se = 3000, -2.0, 1.2, 1.5
    y = rng.normal(mean, np.hypot(between, se), n)
    given = Likelihoods(
        design=np.eye(1),
        means=y[:, None],
        variances=np.full((n, 1, 1), se**2),
        log_weights=np.zeros(n),
        starts=np.arange(n + 1),
    )
    result = solved(given)
    found = everybody(result, level=0.95, mcid=1.0).groups[0]
    average = result.posterior.average(np.ones(1)).mean
    s2 = result.posterior.between.mean**2
    factor = s2 / (s2 + se**2)
    np.testing.assert_allclose(found.mean[:, 0], average + factor * (y - average), atol=0.01)
    np.testing.assert_allclose(found.sd[:, 0], np.sqrt(factor) * se, rtol=0.02)
    z = found.mean[:, 0] / found.sd[:, 0]
    np.testing.assert_allclose(found.below_zero[:, 0], norm.cdf(-z), atol=0.01)
    low = found.mean[:, 0] - 1.96 * found.sd[:, 0]
    np.testing.assert_allclose(found.low[:, 0], low, atol=0.05)


def test_persons_do_not_depend_on_how_they_are_cut():
    given = mixture_likelihoods(np.random.default_rng(4), 40)
    result = solved(given)
    whole = everybody(result, level=0.95, mcid=1.0).groups[0]
    nodes = heavy_nodes(result.posterior, 40)
    population = POPULATIONS["normal"]
    parts = [
        shrunken(given.part(first, first + 8), nodes, population, level=0.95, mcid=1.0)
        for first in range(0, 40, 8)
    ]
    np.testing.assert_allclose(joined(parts).mean, whole.mean, rtol=1e-12)
    np.testing.assert_allclose(joined(parts).effects.slope, whole.effects.slope, rtol=1e-12)


def test_the_own_answer_is_the_likelihood_between_the_ends_of_what_is_possible():
    rng = np.random.default_rng(9)
    given = mixture_likelihoods(rng, 5, spread=4.0)
    mean, sd = own_answer(given, 10.0)
    points = np.linspace(-10, 10, 20_001)
    for person in range(5):
        rows = slice(given.starts[person], given.starts[person + 1])
        weights = np.exp(given.log_weights[rows])
        density = Mixture(
            means=given.means[rows, 0],
            sds=np.sqrt(given.variances[rows, 0, 0]),
            weights=weights / weights.sum(),
        ).pdf(points)
        share = density / density.sum()
        expected = share @ points
        assert mean[person, 0] == pytest.approx(expected, abs=1e-3)
        assert sd[person, 0] == pytest.approx(np.sqrt(share @ (points - expected) ** 2), abs=1e-3)


def test_scores_that_say_nothing_leave_the_whole_scale_open():
    given = Likelihoods(
        design=np.eye(1),
        means=np.zeros((1, 1)),
        variances=np.full((1, 1, 1), 1e12),
        log_weights=np.zeros(1),
        starts=np.arange(2),
    )
    mean, sd = own_answer(given, 40.0)
    assert mean[0, 0] == pytest.approx(0.0, abs=0.01)
    assert sd[0, 0] == pytest.approx(40.0 / 3**0.5, rel=1e-3)
