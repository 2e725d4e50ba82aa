"""Scores that are a latent value rounded to the scale's step and clipped to its ends.

The latent value follows the default model, AR(1) noise included. Given the parameters it is a
Markov chain, so that the probability of all scores is a forward recursion over the distribution
of the latent value within each score's interval, held on a few nodes.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from nof1.inference.likelihoods.draws import Draws
from nof1.model.autoregression import innovation
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]

NAME = "bounded"
#: Nodes in an interval that are tried until the next more change nothing.
NODES = (6, 12, 24, 48)
#: Draws they are tried on, and the largest change of a log likelihood that is nothing.
SAMPLE, NOTHING = 40, 0.01
#: Standard normal scores beyond which a probability is taken to be 0.
FARTHEST = 36.0
#: The nodes of an endless tail are even in this root of its distribution function.
POWER = 3.0


def intervals(inputs: ModelInput) -> tuple[FloatArray, FloatArray]:
    """Return the ends between which the latent value of each score lies, each shape (n,)."""
    half = inputs.step / 2
    at_low = inputs.score <= inputs.low + half
    at_high = inputs.score >= inputs.high - half
    return (
        np.where(at_low, -np.inf, inputs.score - half),
        np.where(at_high, np.inf, inputs.score + half),
    )


def log_likelihood(inputs: ModelInput, draws: Draws) -> FloatArray:
    """Return the log probability of the scores at every draw, shape (S,)."""
    return _forward(inputs, draws, enough(inputs, draws))[0]


def work(inputs: ModelInput, draws: Draws) -> int:
    """Return what `log_likelihood` costs a draw, in pairs of nodes."""
    return inputs.n * enough(inputs, draws) ** 2


def complete(inputs: ModelInput, draws: Draws, rng: np.random.Generator) -> list[FloatArray]:
    """Return latent values given the scores, in points, one array of shape (n,) for each draw."""
    _, at, share = _forward(inputs, draws, NODES[1], keep=True)
    rho, spread = draws.carried, draws.spread
    latent = np.empty((len(draws), inputs.n))
    rows = np.arange(len(draws))
    chance = share[-1]
    for i in range(inputs.n - 1, -1, -1):
        below = np.cumsum(chance, axis=1)
        u = rng.random((len(draws), 1)) * below[:, -1:]
        latent[:, i] = at[i][rows, np.minimum((below < u).sum(axis=1), chance.shape[1] - 1)]
        if i:
            away = innovation(
                latent[:, i, None], at[i - 1], rho[:, i - 1, None], spread[:, i - 1, None]
            )
            log_chance = np.log(np.maximum(share[i - 1], 1e-300)) - 0.5 * away**2
            chance = np.exp(log_chance - log_chance.max(axis=1, keepdims=True))
    return list(draws.expected + draws.sigma[:, None] * latent)


def enough(inputs: ModelInput, draws: Draws) -> int:
    """Return the least number of nodes whose log likelihoods more nodes do not change."""
    some = draws.at(np.unique(np.linspace(0, len(draws) - 1, SAMPLE).astype(np.int64)))
    before = _forward(inputs, some, NODES[0])[0]
    for fewer, more in pairwise(NODES):
        after = _forward(inputs, some, more)[0]
        likely = np.isfinite(after) & (after > after.max() - 20.0)
        if np.abs(after[likely] - before[likely]).max(initial=0.0) < NOTHING:
            return fewer
        before = after
    return NODES[-1]


def _forward(
    inputs: ModelInput, draws: Draws, n_nodes: int, *, keep: bool = False
) -> tuple[FloatArray, list[FloatArray], list[FloatArray]]:
    """Return log probabilities, and if kept the nodes and their filtered shares, score by score.

    The nodes of a score are the Gauss-Legendre nodes in the distribution function of the normal
    distribution that has the mean and SD of the latent value given the scores before, truncated
    to the interval: there its density is nearly a constant, however long or short the interval.
    All values are in noise SDs from their expectation.
    """
    u, w = np.polynomial.legendre.leggauss(n_nodes)
    u, w = (u + 1.0) / 2.0, w / 2.0
    low, high = intervals(inputs)
    rho, spread = draws.carried, draws.spread
    size = len(draws)
    mean, sd = np.zeros(size), np.ones(size)
    total = np.zeros(size)
    at, share = np.zeros((size, n_nodes)), np.ones((size, n_nodes))
    kept: tuple[list[FloatArray], list[FloatArray]] = ([], [])
    for i in range(inputs.n):
        if i:
            mean = rho[:, i - 1] * (share * at).sum(axis=1)
            within = (share * (at - (share * at).sum(axis=1)[:, None]) ** 2).sum(axis=1)
            sd = np.sqrt((rho[:, i - 1] ** 2) * within + spread[:, i - 1] ** 2)
        a, b = (((end[i] - draws.expected[:, i]) / draws.sigma - mean) / sd for end in (low, high))
        score, weight = _truncated(a, b, u, w)
        new = mean[:, None] + sd[:, None] * score
        if i:
            away = innovation(
                new[:, :, None],
                at[:, None, :],
                rho[:, i - 1, None, None],
                spread[:, i - 1, None, None],
            )
            ratio = np.exp(0.5 * (score[:, :, None] ** 2 - away**2))
            weight *= (ratio @ share[:, :, None])[:, :, 0] * (sd / spread[:, i - 1])[:, None]
        chance = weight.sum(axis=1)
        with np.errstate(divide="ignore"):
            total += np.log(chance)
        at, share = new, weight / np.maximum(chance, 1e-300)[:, None]
        if keep:
            kept[0].append(at)
            kept[1].append(share)
    return total, *kept


def _truncated(
    low: FloatArray, high: FloatArray, u: FloatArray, w: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the nodes of a rule for a truncated standard normal distribution, and their masses."""
    # In the lower tail no digits are lost.
    upper = low + high > 0
    a, b = np.where(upper, -high, low), np.where(upper, -low, high)
    below = ndtr(a)
    mass = (ndtr(b) - below)[:, None]
    # Where the tail has no end its quantiles are steep at 0, and the nodes crowd there.
    endless = np.isinf(a)[:, None]
    share = np.where(endless, u**POWER, u)
    quantile = ndtri(below[:, None] + share * mass)
    nearest, farthest = np.maximum(a, -FARTHEST), np.minimum(b, FARTHEST)
    quantile = np.clip(quantile, nearest[:, None], np.maximum(nearest, farthest)[:, None])
    weight = mass * np.where(endless, POWER * u ** (POWER - 1.0), 1.0) * w
    return np.where(upper[:, None], -quantile, quantile), weight
