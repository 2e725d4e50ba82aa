"""An SD for each arm: scores that scatter more on one arm than on another.

Each score given the score before is normal, its SD that on the arm with the most scores times a
factor of the arm the score speaks of. The factors are log-normal around 1 a priori; given
everything else each depends on the scores of its own arm alone, so that they are integrated out
arm by arm.
"""

from __future__ import annotations

from math import log, pi

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from nof1.inference.likelihoods.draws import Draws, innovations
from nof1.inference.result import Scatter
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]

NAME = "by-arm"
#: SD of the log of a factor: a priori one arm's SD is mostly within twice the other's.
LOG_SD = 0.7
#: Log factors over which they are integrated, 0.05 apart.
NODES = np.linspace(-3.5, 3.5, 141)
_LOG_PRIOR = -0.5 * (NODES / LOG_SD) ** 2
_LOG_PRIOR -= logsumexp(_LOG_PRIOR)


def reference(inputs: ModelInput) -> int:
    """Return the arm whose SD is sigma: the one with the most scores, which tell it best."""
    return int(np.bincount(inputs.mainly_on, minlength=len(inputs.arms)).argmax())


def log_likelihood(inputs: ModelInput, draws: Draws) -> FloatArray:
    """Return the log density of the scores at every draw, shape (S,)."""
    return _equal(inputs, draws) + log_ratio(inputs, draws)


def log_ratio(inputs: ModelInput, draws: Draws) -> FloatArray:
    """Return the log density relative to that with one SD, at every draw."""
    total = np.zeros(len(draws))
    known = reference(inputs)
    for arm, (squares, n) in enumerate(_by_arm(inputs, draws)):
        if arm != known:
            total += logsumexp(_log_factors(squares, n), axis=1) + 0.5 * squares
    return total


def scatter_by_arm(inputs: ModelInput, draws: Draws) -> Scatter:
    """Return how much scores scatter by arm, and whether an SD for each explains them better.

    Parameters
    ----------
    inputs : ModelInput
        Scores and design.
    draws : Draws
        From the Gaussian posterior; where SDs are very unequal, the Bayes factor that they give is
        too small, but large all the same.
    """
    sds = {
        arm: float(np.sqrt((draws.sigma**2 * squares).mean() / n))
        for arm, (squares, n) in zip(inputs.arms, _by_arm(inputs, draws), strict=True)
        if n
    }
    # What is less than rounding makes tells nothing of the arms.
    rounding = inputs.step / 12**0.5
    log_bayes_factor = (
        float(logsumexp(log_ratio(inputs, draws)) - np.log(len(draws)))
        if max(sds.values()) > rounding
        else 0.0
    )
    return Scatter(sds=sds, log_bayes_factor=log_bayes_factor)


def complete(inputs: ModelInput, draws: Draws, rng: np.random.Generator) -> list[FloatArray]:
    """Return precisions given the scores, one array of shape (n,) for each draw."""
    precision = factors(inputs, draws, rng) ** -2.0
    return list(precision[:, inputs.mainly_on])


def factors(inputs: ModelInput, draws: Draws, rng: np.random.Generator) -> FloatArray:
    """Return one draw of every arm's factor given the scores and each draw, shape (S, n_arms).

    That of the arm with the most scores is 1.
    """
    drawn_factors = np.ones((len(draws), len(inputs.arms)))
    known = reference(inputs)
    for arm, (squares, n) in enumerate(_by_arm(inputs, draws)):
        if arm != known:
            weights = _log_factors(squares, n)
            below = np.cumsum(np.exp(weights - weights.max(axis=1, keepdims=True)), axis=1)
            u = rng.random((len(draws), 1)) * below[:, -1:]
            drawn_factors[:, arm] = np.exp(
                NODES[np.minimum((below < u).sum(axis=1), len(NODES) - 1)]
            )
    return drawn_factors


def _by_arm(inputs: ModelInput, draws: Draws) -> list[tuple[FloatArray, int]]:
    """Return each arm's sum of squared innovations at every draw, and its number of scores."""
    squares = innovations(inputs.score - draws.expected, draws) ** 2
    arms = inputs.mainly_on
    on = [arms == arm for arm in range(len(inputs.arms))]
    return [(squares[:, of_arm].sum(axis=1), int(of_arm.sum())) for of_arm in on]


def _log_factors(squares: FloatArray, n: int) -> FloatArray:
    """Return the log density of an arm's innovations times the prior of its factor, (S, nodes).

    The constant that the factor does not change is left out.
    """
    return _LOG_PRIOR - n * NODES - 0.5 * squares[:, None] * np.exp(-2.0 * NODES)


def _equal(inputs: ModelInput, draws: Draws) -> FloatArray:
    """Return the log density with one SD for all arms."""
    free = innovations(inputs.score - draws.expected, draws)
    scale = np.log(draws.spread).sum(axis=1) + inputs.n * np.log(draws.sigma)
    return np.asarray(-0.5 * ((free**2).sum(axis=1) + inputs.n * log(2 * pi)) - scale)
