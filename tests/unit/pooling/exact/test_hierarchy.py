"""The population's posterior against plain sums over fine grids, and in several dimensions."""

from functools import partial

import numpy as np
import pytest
from scipy.stats import t as student

from nof1.pooling.exact.grid_place import lattice_in_ball
from nof1.pooling.exact.hierarchy import grid_posterior
from nof1.pooling.exact.population_grid import HyperPrior
from nof1.pooling.exact.population_shapes import DF, POPULATIONS
from nof1.pooling.exact.workplace import Here, log_sums, moments_of, stretches
from nof1.pooling.persons.likelihoods import Likelihoods
from support.naive_population import (
    mixture_likelihoods,
    naive_pool,
    naive_pool_of_two_effects,
    two_effects,
)

PRIOR = HyperPrior(sds=np.array([3.0]), between=1.5)
ONE = np.ones(1)
#: As a share of the posterior SD, as two grids may differ that count as agreeing.
TOLERANCE = 5e-3


def posterior(*groups, prior=PRIOR, population="normal"):
    place = Here(stretches(groups), threads=1)
    shape = POPULATIONS[population]
    moments = [moments_of(group, [None], 3 * prior.sds.max()) for group in groups]
    sums = partial(log_sums, place, [None], shape)
    return grid_posterior(moments, np.zeros(1), sums, prior, shape)


def average(found):
    mean, sd = found.linear(ONE)
    centre = (found.weights * mean).sum()
    return centre, np.sqrt((found.weights * (sd**2 + (mean - centre) ** 2)).sum())


@pytest.mark.parametrize("population", ["normal", "student-t"])
@pytest.mark.parametrize(("n_persons", "spread"), [(2, 0.5), (3, 3.0), (8, 0.1), (25, 2.0)])
def test_the_posterior_is_that_of_plain_sums(n_persons, spread, population):
    given = mixture_likelihoods(np.random.default_rng(n_persons), n_persons, spread=spread)
    shape = POPULATIONS[population]
    naive = naive_pool(given, 3.0, 1.5, scales=shape.scales, shares=shape.shares)
    found = posterior(given, population=population)
    mean, sd = average(found)
    assert mean == pytest.approx(naive.mean, abs=TOLERANCE * naive.mean_sd)
    assert sd == pytest.approx(naive.mean_sd, rel=TOLERANCE)
    assert found.between.mean == pytest.approx(naive.between, abs=TOLERANCE * naive.between_sd)
    assert found.between.sd == pytest.approx(naive.between_sd, rel=TOLERANCE)
    assert found.log_evidence == pytest.approx(naive.log_evidence, abs=0.01)
    assert found.error < 0.01


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_another_prior_is_reached_by_reweighting(factor):
    given = mixture_likelihoods(np.random.default_rng(5), 6)
    other = HyperPrior(sds=factor * PRIOR.sds, between=factor * PRIOR.between)
    reweighted, naive = posterior(given).under(other), naive_pool(given, 3 * factor, 1.5 * factor)
    assert average(reweighted)[0] == pytest.approx(naive.mean, abs=0.01 * naive.mean_sd)
    assert reweighted.between.mean == pytest.approx(naive.between, abs=0.01 * naive.between_sd)


def test_persons_far_apart_and_sharp_are_found():
    # The first grid, laid out for normal likelihoods, must be moved and widened.
    given = Likelihoods(
        design=np.eye(1),
        means=np.array([[-8.0], [8.0], [7.9], [-8.1]]),
        variances=np.full((4, 1, 1), 0.09),
        log_weights=np.zeros(4),
        starts=np.arange(5),
    )
    naive = naive_pool(given, 3.0, 1.5)
    found = posterior(given)
    assert found.between.mean == pytest.approx(naive.between, rel=5e-3)
    assert average(found)[0] == pytest.approx(naive.mean, abs=0.01 * naive.mean_sd)


def test_normal_likelihoods_of_two_effects_give_the_closed_form():
    # With the SD between persons known to be near 0 the coefficients have a normal posterior.
    rng = np.random.default_rng(3)
    design = np.eye(2)
    covariances = np.array([[[1.0, 0.4], [0.4, 2.0]]] * 6)
    means = rng.normal(0, 1.5, (6, 2))
    given = Likelihoods(
        design=design,
        means=means,
        variances=covariances,
        log_weights=np.zeros(6),
        starts=np.arange(7),
    )
    prior = HyperPrior(sds=np.array([3.0, 3.0]), between=1e-4)
    found = posterior(given, prior=prior)
    information = np.linalg.inv(covariances).sum(axis=0)
    precision = information + np.eye(2) / 9
    expected = np.linalg.solve(precision, information @ means.mean(axis=0))
    for row, unit in enumerate(np.eye(2)):
        mean, sd = found.linear(unit)
        centre = (found.weights * mean).sum()
        spread = np.sqrt((found.weights * (sd**2 + (mean - centre) ** 2)).sum())
        assert centre == pytest.approx(expected[row], abs=1e-3)
        assert spread == pytest.approx(np.linalg.inv(precision)[row, row] ** 0.5, rel=1e-3)


@pytest.mark.parametrize("population", ["normal", "student-t"])
def test_two_effects_are_those_of_plain_sums(population):
    given = two_effects(np.random.default_rng(7), 4)
    shape = POPULATIONS[population]
    naive = naive_pool_of_two_effects(given, 3.0, 1.5, scales=shape.scales, shares=shape.shares)
    prior = HyperPrior(sds=np.array([3.0, 3.0]), between=1.5)
    found = posterior(given, prior=prior, population=population)
    for row, unit in enumerate(np.eye(2)):
        mean, sd = found.linear(unit)
        centre = (found.weights * mean).sum()
        spread = np.sqrt((found.weights * (sd**2 + (mean - centre) ** 2)).sum())
        assert centre == pytest.approx(naive.means[row], abs=0.01 * naive.mean_sds[row])
        assert spread == pytest.approx(naive.mean_sds[row], rel=0.01)
    assert found.between.mean == pytest.approx(naive.between, abs=0.01 * naive.between_sd)
    assert found.between.sd == pytest.approx(naive.between_sd, rel=0.01)


def test_effects_against_one_comparator_share_half_of_the_scatter():
    # The pair of contrasts of one person scatters with correlation one half.
    given = Likelihoods(
        design=np.eye(2),
        means=np.zeros((1, 2)),
        variances=np.eye(2)[None],
        log_weights=np.zeros(1),
        starts=np.arange(2),
    )
    np.testing.assert_allclose(given.between, [[1.0, 0.5], [0.5, 1.0]])


def test_heavy_tails_are_those_of_student():
    shape = POPULATIONS["student-t"]
    points = np.array([0.0, 0.5, 1.0, 2.0, 4.0, 7.0])
    density = (
        shape.shares
        * np.exp(-0.5 * (points[:, None] / shape.scales) ** 2)
        / (shape.scales * np.sqrt(2 * np.pi))
    ).sum(axis=1)
    np.testing.assert_allclose(density, student(DF).pdf(points), rtol=0.03)


def test_a_lattice_holds_every_point_of_the_ball():
    line = lattice_in_ball(1, 1.0)
    np.testing.assert_allclose(line[:, 0], np.arange(-5, 6))
    assert len(lattice_in_ball(2, 1.0)) == sum(
        x * x + y * y <= 25 for x in range(-5, 6) for y in range(-5, 6)
    )
