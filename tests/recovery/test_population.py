"""Persons drawn from a population that the prior describes: intervals cover, errors shrink."""

from dataclasses import replace

import numpy as np

from nof1.calibration.truths import prior_truth
from nof1.inference.exact import earlier_persons, quadrature
from nof1.model.model_input import model_input
from nof1.model.priors import point_priors
from nof1.model.simulation import simulate_scores
from nof1.protocol.tables import AnalysisPlan
from support.population_priors import normal_prior
from support.trials import SCALES, regular_periods, trial

MEAN, SD = -3.0, 2.5
N = 600
PERIODS, ARMS, DAY = regular_periods(6, 28), (0, 1, 1, 0, 0, 1), np.arange(7, 169, 7)


def people(rng):
    """Return weekly trials, effects from the population, all else from the default priors."""
    scale = SCALES["c_irls_weekly"]
    blank = trial(PERIODS, ARMS, DAY, np.zeros(len(DAY)), scale=scale, recall_days=7)
    first = model_input(blank, blank.masked.series[0], AnalysisPlan())
    effects = rng.normal(MEAN, SD, N)
    truths = [
        replace(prior_truth(point_priors(first), rng), effects=(effect,)) for effect in effects
    ]
    scores = [simulate_scores(PERIODS, ARMS, DAY, 7, truth, rng) for truth in truths]
    return effects, [replace(first, score=score) for score in scores]


def test_intervals_cover_as_promised_and_errors_are_smaller_than_alone():
    effects, givens = people(np.random.default_rng(20_250_301))
    prior = normal_prior(MEAN, SD)
    fits = [
        earlier_persons.fit(solution.finest, prior, 1, 0)
        for solution in quadrature.solve_many(givens)
    ]

    def of(key, values=fits):
        return np.array([getattr(one.effect, key) for one in values])

    own = [one.own for one in fits]
    assert 0.93 < np.mean((of("ci_low") < effects) & (effects < of("ci_high"))) < 0.97
    assert abs(np.mean((of("mean") - effects) / of("sd"))) < 4 / N**0.5
    error, alone = (np.mean((of("mean", values) - effects) ** 2) ** 0.5 for values in (fits, own))
    assert error < 0.85 * alone
    # The posterior SD says how large the errors are.
    assert 0.9 < error / np.mean(of("sd") ** 2) ** 0.5 < 1.1
