"""What half-lives in a population may be, and that all persons together tell it."""

from functools import partial

import numpy as np
import pytest
from scipy.integrate import quad

from nof1.calibration.truths import series_from_priors
from nof1.inference.exact import quadrature
from nof1.inference.exact.effect_likelihood import effect_likelihood
from nof1.model.priors import LOG_2, HalfLifePrior
from nof1.pooling.exact.answers import half_lives
from nof1.pooling.exact.population_grid import HyperPrior
from nof1.pooling.exact.population_shapes import POPULATIONS
from nof1.pooling.exact.solving import Assumed, solve
from nof1.pooling.exact.workplace import Here
from nof1.pooling.persons.coefficients import Grouped
from nof1.pooling.persons.half_life_spread import AlikeHalfLives, around
from nof1.pooling.persons.likelihoods import Likelihoods, gathered
from support.naive_population import mixture_likelihoods, naive_pool

PROTOCOL = HalfLifePrior(means_days=(7.0 / LOG_2, 0.4), shares=(0.7, 0.3))
PRIOR = HyperPrior(sds=np.array([3.0]), between=1.5)


def assumed(spreads, prior=PRIOR):
    return Assumed(
        prior=prior,
        population=POPULATIONS["normal"],
        spreads=spreads,
        make_place=partial(Here, threads=1),
    )


def alone(given):
    return Grouped(groups=(given,), indices=(np.arange(given.n_persons),))


def test_the_list_is_a_prior_around_the_protocols():
    spreads = around(PROTOCOL)
    weights = np.exp([one.log_prior for one in spreads])
    assert weights.sum() == pytest.approx(1.0)
    spread = [not isinstance(one.half_life, AlikeHalfLives) for one in spreads]
    shares = np.array([one.no_carryover_share for one in spreads])
    expected = weights[spread] @ shares[spread] / weights[spread].sum()
    assert expected == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("number", [0, 7, -1])
def test_every_spread_is_a_density(number):
    found = around(PROTOCOL)[number].half_life
    total = quad(lambda h: float(found.density(np.array(h))), 0.0, 400.0, points=[0.2, 2, 20])[0]
    assert total == pytest.approx(1.0, abs=1e-3)


def test_a_protocol_that_knows_of_no_carryover_learns_nothing():
    assert around(HalfLifePrior(means_days=(10.0,), shares=(1.0,))) == ()


def test_answers_are_averaged_by_the_evidence_of_each_spread():
    # Two spreads, worked out by plain sums: averages and weights by their evidence.
    rng = np.random.default_rng(2)
    plain = mixture_likelihoods(rng, 6)
    days = rng.exponential(6.0, len(plain.means))
    given = Likelihoods(
        design=plain.design,
        means=plain.means,
        variances=plain.variances,
        log_weights=plain.log_weights,
        starts=plain.starts,
        half_lives=days,
        log_priors=np.log(PROTOCOL.density(days)),
    )
    spreads = (around(PROTOCOL)[2], around(PROTOCOL)[6])
    answers = [
        naive_pool(
            given,
            3.0,
            1.5,
            log_weights=given.log_weights
            + np.log(one.half_life.density(days))
            - np.log(PROTOCOL.density(days)),
        )
        for one in spreads
    ]
    heights = np.array(
        [found.log_evidence + one.log_prior for found, one in zip(answers, spreads, strict=True)]
    )
    shares = np.exp(heights - heights.max())
    shares /= shares.sum()
    found = solve(alone(given), assumed(spreads)).posterior
    assert len(found.shares) == 2
    np.testing.assert_allclose(found.shares, shares, atol=0.01)
    mean = float(shares @ [one.mean for one in answers])
    assert found.average(np.ones(1)).mean == pytest.approx(mean, abs=0.01)
    between = float(shares @ [one.between for one in answers])
    assert found.between.mean == pytest.approx(between, abs=0.01)


def test_persons_without_carryover_tell_so_and_are_not_pulled_away():
    # Everybody's own prior expects carryover; pooled by it alone, the average goes astray.
    rng = np.random.default_rng(8)
    n, mean = 60, -1.0
    effects = rng.normal(mean, 0.3, n)
    givens = series_from_priors("daily", 3, 0.1, effects, np.zeros(n), rng)
    people = [effect_likelihood(one.finest) for one in quadrature.solve_many(givens)]
    given = gathered(people, np.eye(1))
    prior = HyperPrior(sds=np.array([1.5]), between=0.75)
    usual = people[0].half_life_prior
    learnt = solve(alone(given), assumed(around(usual), prior)).posterior
    protocol = solve(alone(given), assumed((), prior)).posterior
    told = half_lives(learnt, usual)
    assert told.share_without > 0.6 or told.median_days < 2.0
    one = np.ones(1)
    errors = [abs(found.average(one).mean - mean) for found in (learnt, protocol)]
    assert errors[0] < errors[1]
    low, high = learnt.average(one).interval(0.95)
    assert low <= mean <= high
