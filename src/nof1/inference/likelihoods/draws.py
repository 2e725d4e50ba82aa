"""Draws of everything the scores depend on, from an exact Gaussian posterior.

Half-life, phi, period ratio and noise SD are drawn from the nodes of the quadrature by their
weights, level, trend, effects and period shifts from their joint normal distribution at the node.
The trapezoid rule is as exact for a posterior times a smooth ratio of likelihoods as it is for the
posterior, so that drawing nodes, and not points between them, loses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from nof1.inference.quadrature import Posterior
from nof1.model.model_input import ModelInput
from nof1.model.priors import point_priors

FloatArray = NDArray[np.float64]

#: Draws whose matrices are made at once: bounds the memory.
CHUNK = 500
LOG_2_PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Values of the parameters, one of each for every draw; S draws of n scores.

    Attributes
    ----------
    half_life, phi, ratio, sigma : array, shape (S,)
        Days; correlation at the usual spacing; period SD over noise SD; points.
    expected : array, shape (S, n)
        Expectation of every score, period shifts included, in points.
    effects : array, shape (S, k)
        Steady-state effect of every arm but the comparator, in points.
    """

    half_life: FloatArray
    phi: FloatArray
    ratio: FloatArray
    sigma: FloatArray
    expected: FloatArray
    effects: FloatArray

    def __len__(self) -> int:
        return len(self.phi)

    def at(self, index: NDArray[np.int64] | slice) -> Draws:
        """Return some of the draws."""
        return Draws(**{one.name: getattr(self, one.name)[index] for one in fields(self)})


def together(parts: Sequence[Draws]) -> Draws:
    """Return all draws one after the other."""
    return Draws(
        **{
            one.name: np.concatenate([getattr(part, one.name) for part in parts])
            for one in fields(Draws)
        }
    )


def draw(posterior: Posterior, n: int, rng: np.random.Generator) -> Draws:
    """Return draws from a posterior; the nodes by systematic sampling, which spreads them evenly.

    Parameters
    ----------
    posterior : Posterior
        Of the Gaussian model.
    n : int
        How many.
    rng : numpy.random.Generator
        Source of all randomness.
    """
    half_life, phi, ratio, sigma, weights = nodes(posterior)
    steps = (np.arange(n) + rng.random()) / n
    chosen = np.minimum(np.searchsorted(np.cumsum(weights), steps), len(weights) - 1)
    parts = []
    for start in range(0, n, CHUNK):
        theta = (a[chosen[start : start + CHUNK]] for a in (half_life, phi, ratio, sigma))
        parts.append(_conditional(posterior.given, *theta, rng)[0])
    return together(parts)


def innovations(deviation: FloatArray, lag: FloatArray, draws: Draws) -> FloatArray:
    """Return deviations from expectation, made independent and of unit SD under AR(1) noise.

    Parameters
    ----------
    deviation : array, shape (S, n)
        In points.
    lag : array, shape (n,)
        Distance to the score before, in usual spacings.
    draws : Draws
        Of which phi and sigma are used.
    """
    rho, spread = carried(lag, draws.phi)
    scaled = deviation / draws.sigma[:, None]
    scaled[:, 1:] = (scaled[:, 1:] - rho * scaled[:, :-1]) / spread
    return scaled


def carried(lag: FloatArray, phi: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the correlation with the score before and the SD given it, each shape (S, n - 1)."""
    rho = phi[:, None] ** lag[1:]
    return rho, np.sqrt(1.0 - rho**2)


def log_density(given: ModelInput, draws: Draws) -> FloatArray:
    """Return the log density of the scores under the Gaussian model at every draw, shape (S,)."""
    free = innovations(given.score - draws.expected, given.lag, draws)
    spread = carried(given.lag, draws.phi)[1]
    log_scale = np.log(spread).sum(axis=1) + given.n * np.log(draws.sigma)
    log_precision = np.log(given.innovation_precision).sum()
    return np.asarray(
        0.5 * (log_precision - free**2 @ given.innovation_precision - given.n * LOG_2_PI)
        - log_scale
    )


def nodes(
    posterior: Posterior,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return half-life, phi, ratio, sigma and weight of every node."""
    grid = posterior.grid
    shape = grid.weights.shape
    parts = (
        grid.half_life_values[None, :, None, None],
        grid.phi.values[:, None, None, None],
        grid.ratio.values[None, None, :, None],
        grid.sigma[:, None, None, :],
        grid.weights,
    )
    half_life, phi, ratio, sigma, weights = (np.broadcast_to(p, shape).ravel() for p in parts)
    return half_life, phi, ratio, sigma, weights


def log_evidence(posterior: Posterior) -> float:
    """Return the log evidence of the scores, up to a constant of the priors."""
    grid = posterior.grid
    best = int(grid.weights.argmax())
    f, h, r, s = np.unravel_index(best, grid.weights.shape)
    theta = [axis[best : best + 1] for axis in nodes(posterior)[:4]]
    log_prior = (
        grid.phi.log_weights[f]
        + np.concatenate([axis.log_weights for axis in grid.half_lives])[h]
        + grid.ratio.log_weights[r]
        + grid.log_prior_noise[f, s]
        + np.log(grid.noise[1] - grid.noise[0])
    )
    marginal = _conditional(posterior.given, *theta, np.random.default_rng(0))[1][0]
    return float(marginal + log_prior - np.log(grid.weights[f, h, r, s]))


def _conditional(
    given: ModelInput,
    half_life: FloatArray,
    phi: FloatArray,
    ratio: FloatArray,
    sigma: FloatArray,
    rng: np.random.Generator,
) -> tuple[Draws, FloatArray]:
    """Return one draw of the linear coefficients at each node, and the log marginal likelihood.

    Every coefficient is in units of its prior SD, so that the prior precision is the identity and
    a period SD of 0 needs no care.
    """
    priors = point_priors(given)
    size, k = len(phi), given.dose.shape[1]
    exposure = given.exposure(half_life)
    fixed = [np.full(given.n, priors.level_sd)]
    if given.plan.trend == "linear":
        fixed.append(priors.trend_sd * given.trend)
    fixed += [*(priors.covariate_sd * given.covariates).T]
    columns = [
        np.broadcast_to(np.stack(fixed, axis=1), (size, given.n, len(fixed))),
        priors.effect_sd * exposure,
    ]
    if given.plan.period_effects == "random":
        columns.append((ratio * sigma)[:, None, None] * given.period_share)
    x = np.concatenate(columns, axis=2)
    y = np.broadcast_to(given.score - priors.level_mean, (size, given.n))
    both = np.concatenate([x, y[:, :, None]], axis=2) / sigma[:, None, None]
    rho, spread = carried(given.lag, phi)
    both[:, 1:] = (both[:, 1:] - rho[:, :, None] * both[:, :-1]) / spread[:, :, None]
    both *= np.sqrt(given.innovation_precision)[:, None]
    gram = np.swapaxes(both, 1, 2) @ both
    q = x.shape[2]
    factor = np.linalg.cholesky(gram[:, :q, :q] + np.eye(q))
    upper = np.swapaxes(factor, 1, 2)
    half = np.linalg.solve(factor, gram[:, :q, q:])[:, :, 0]
    noise = rng.standard_normal((size, q))
    coefficients = np.linalg.solve(upper, (half + noise)[:, :, None])[:, :, 0]
    log_marginal = -0.5 * (
        given.n * (LOG_2_PI + 2.0 * np.log(sigma))
        + 2.0 * np.log(spread).sum(axis=1)
        - np.log(given.innovation_precision).sum()
        + gram[:, q, q]
        - (half**2).sum(axis=1)
        + 2.0 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
    )
    drawn = Draws(
        half_life=half_life,
        phi=phi,
        ratio=ratio,
        sigma=sigma,
        expected=priors.level_mean + (x @ coefficients[:, :, None])[:, :, 0],
        effects=priors.effect_sd * coefficients[:, len(fixed) : len(fixed) + k],
    )
    return drawn, log_marginal
