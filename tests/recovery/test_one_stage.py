"""Pooling in two stages is the one-stage model: PyMC samples all scores of all persons at once."""

from functools import partial

import numpy as np
import pytest

from nof1.inference.exact import quadrature
from nof1.inference.exact.effect_likelihood import effect_likelihood
from nof1.pooling.exact.population_grid import HyperPrior
from nof1.pooling.exact.population_shapes import POPULATIONS
from nof1.pooling.exact.solving import Assumed, everybody, solve
from nof1.pooling.exact.workplace import Here
from nof1.pooling.persons.coefficients import Grouped
from nof1.pooling.persons.likelihoods import gathered
from nof1.pooling.solved import BETWEEN_SCALE, MEAN_SD
from support.one_stage import one_stage_model, simulated_series

#: Monte Carlo standard errors: of population figures, and the largest of many persons'.
WITHIN, LARGEST = 3.0, 4.0


def two_stages(givens):
    people = [effect_likelihood(one.finest) for one in quadrature.solve_many(givens)]
    group = gathered(people, np.eye(1))
    span = givens[0].span
    assumed = Assumed(
        prior=HyperPrior(sds=np.array([MEAN_SD * span]), between=BETWEEN_SCALE * span),
        population=POPULATIONS["normal"],
        spreads=(),
        make_place=partial(Here, threads=1),
    )
    return solve(Grouped(groups=(group,), indices=(np.arange(len(people)),)), assumed)


@pytest.mark.slow
@pytest.mark.parametrize("n_persons", [8, 40])
@pytest.mark.parametrize("between", [0.0, 2.5])
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning")
def test_summaries_agree_within_monte_carlo_error(n_persons, between):
    import arviz_stats
    import pymc as pm

    series = simulated_series(n_persons, mean=-3.0, between=between, seed=11)
    solved = two_stages(series.givens)
    with one_stage_model(series.givens):
        trace = pm.sample(
            draws=1500, tune=1500, chains=4, cores=2, target_accept=0.97, random_seed=3,
            progressbar=False, nuts_sampler="pymc",
        )  # fmt: skip
    drawn = trace.posterior.dataset
    ess = arviz_stats.ess(drawn[["mean", "between", "effect"]])
    average = solved.posterior.average(np.ones(1))
    spread = solved.posterior.between
    for name, found in (("mean", average), ("between", spread)):
        draws, n = drawn[name].values.ravel(), float(ess[name])
        error = draws.std() / n**0.5
        assert abs(draws.mean() - found.mean) < WITHIN * error
        assert abs(draws.std() - found.sd) < WITHIN * draws.std() / (2 * n) ** 0.5 * 1.5
        tail = np.quantile(draws, [0.025, 0.975])
        # The error of a quantile far out is some times that of the mean.
        np.testing.assert_allclose(found.interval(0.95), tail, atol=3 * WITHIN * error)
    persons = everybody(solved, level=0.95, mcid=3.0).groups[0]
    effects = drawn["effect"].values.reshape(-1, n_persons)
    errors = effects.std(axis=0) / np.sqrt(ess["effect"].values)
    assert np.abs((effects.mean(axis=0) - persons.mean[:, 0]) / errors).max() < LARGEST
    np.testing.assert_allclose(persons.sd[:, 0], effects.std(axis=0), rtol=0.12)
