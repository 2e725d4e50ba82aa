"""Truths drawn from the priors of a population are held as often as promised."""

from functools import partial

import numpy as np
import pytest

from nof1.pooling.exact.population_grid import HyperPrior
from nof1.pooling.exact.population_shapes import POPULATIONS
from nof1.pooling.exact.solving import Assumed, everybody, mean_effect, solve
from nof1.pooling.exact.workplace import Here
from nof1.pooling.persons.coefficients import Grouped
from nof1.pooling.persons.likelihoods import Likelihoods

PRIOR = HyperPrior(sds=np.array([3.0]), between=1.5)
SERIES = 250
#: Standard errors of a share of 250 series by which 95 % may be missed; of persons' coverage,
#: who are not independent within a series, a fixed distance.
ERRORS, PERSONS = 3.5, 0.03


def one_series(n_persons, rng):
    mean, between = rng.normal(0.0, 3.0), abs(rng.normal(0.0, 1.5))
    effects = rng.normal(mean, between, n_persons)
    se = rng.uniform(0.5, 3.0, n_persons)
    given = Likelihoods(
        design=np.eye(1),
        means=rng.normal(effects, se)[:, None],
        variances=(se**2)[:, None, None],
        log_weights=np.zeros(n_persons),
        starts=np.arange(n_persons + 1),
    )
    assumed = Assumed(
        prior=PRIOR,
        population=POPULATIONS["normal"],
        spreads=(),
        make_place=partial(Here, threads=1),
    )
    solved = solve(Grouped(groups=(given,), indices=(np.arange(n_persons),)), assumed)
    everyone = everybody(solved, level=0.95, mcid=1.0)
    found = everyone.groups[0]
    one = np.ones(1)

    def held(interval, truth):
        return interval[0] <= truth <= interval[1]

    return (
        held(solved.posterior.average(one).interval(0.95), mean),
        held(solved.posterior.between.shortest_interval(0.95), between),
        held(solved.posterior.between.interval(0.95), between),
        held(solved.posterior.next_person(one).interval(0.95), rng.normal(mean, between)),
        held(mean_effect(everyone, [(0, 1, 0)]).interval(0.95), effects.mean()),
        ((found.low[:, 0] <= effects) & (effects <= found.high[:, 0])).mean(),
        ((found.mean[:, 0] - effects) ** 2).mean(),
        ((given.means[:, 0] - effects) ** 2).mean(),
    )


@pytest.mark.parametrize("n_persons", [3, 12, 40])
def test_intervals_hold_what_they_promise_and_shrinking_helps(n_persons):
    rng = np.random.default_rng([41, n_persons])
    found = np.array([one_series(n_persons, rng) for _ in range(SERIES)], dtype=float)
    rates = found[:, :5].mean(axis=0)
    error = (0.95 * 0.05 / SERIES) ** 0.5
    np.testing.assert_allclose(rates, 0.95, atol=ERRORS * error)
    assert found[:, 5].mean() == pytest.approx(0.95, abs=PERSONS)
    assert found[:, 6].mean() < found[:, 7].mean()
