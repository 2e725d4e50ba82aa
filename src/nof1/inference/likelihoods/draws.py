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

from nof1.inference.exact.posterior import Posterior, PosteriorComponents
from nof1.model.autoregression import correlation, innovation, spread
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
    half_life, half_life_rise, phi, ratio, sigma : array, shape (S,)
        Days; the same, unless the plan has two half-lives; correlation at the usual spacing;
        period SD over noise SD; points.
    carried, spread : array, shape (S, n - 1)
        Correlation of every score but the first with the one before, and its SD given that one
        in units of sigma.
    expected : array, shape (S, n)
        Expectation of every score, period shifts included, in points.
    effects : array, shape (S, k)
        Steady-state effect of every arm but the comparator, in points.
    trend : array, shape (S,)
        Change over the whole trial, in points; 0 without a trend.
    slopes : array, shape (S, q)
        Change in points for one SD of each covariate.
    """

    half_life: FloatArray
    half_life_rise: FloatArray
    phi: FloatArray
    ratio: FloatArray
    sigma: FloatArray
    carried: FloatArray
    spread: FloatArray
    expected: FloatArray
    effects: FloatArray
    trend: FloatArray
    slopes: FloatArray

    def __len__(self) -> int:
        return len(self.phi)

    def at(self, index: NDArray[np.int64] | slice) -> Draws:
        """Return some of the draws."""
        return Draws(**{field.name: getattr(self, field.name)[index] for field in fields(self)})


def together(parts: Sequence[Draws]) -> Draws:
    """Return all draws one after the other."""
    return Draws(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(Draws)
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
    components = posterior.components()
    steps = (np.arange(n) + rng.random()) / n
    below = np.cumsum(components.weights)
    chosen = np.minimum(np.searchsorted(below, steps), len(below) - 1)
    parts = (chosen[start : start + CHUNK] for start in range(0, n, CHUNK))
    return together([_conditional(posterior.inputs, components, part, rng) for part in parts])


def innovations(deviation: FloatArray, draws: Draws) -> FloatArray:
    """Return deviations from expectation, made independent and of unit SD under AR(1) noise.

    Parameters
    ----------
    deviation : array, shape (S, n)
        In points.
    draws : Draws
        Of the noise.
    """
    scaled = deviation / draws.sigma[:, None]
    scaled[:, 1:] = innovation(scaled[:, 1:], scaled[:, :-1], draws.carried, draws.spread)
    return scaled


def log_density(people: Sequence[ModelInput], draws: Draws) -> FloatArray:
    """Return the log density of scores under the Gaussian model at every draw.

    Parameters
    ----------
    people : sequence of ModelInput
        One person's input, with several sets of scores or of precisions.
    draws : Draws
        Of that person.

    Returns
    -------
    array, shape (len(people), S)
    """
    expected = innovations(draws.expected, draws)
    n = expected.shape[1]
    log_scale = np.log(draws.spread).sum(axis=1) + n * np.log(draws.sigma)
    log_densities = np.empty((len(people), len(draws)))
    squares = np.empty(expected.shape)
    before = None
    for row, inputs in enumerate(people):
        # Those who differ in their precisions alone have the same innovations.
        if before is None or not np.array_equal(inputs.score, before):
            before = inputs.score
            free = innovations(np.broadcast_to(inputs.score, expected.shape), draws)
            free -= expected
            np.square(free, out=squares)
        precision = inputs.innovation_precision
        fixed = np.log(precision).sum() - n * LOG_2_PI
        log_densities[row] = 0.5 * (fixed - squares @ precision) - log_scale
    return log_densities


def _conditional(
    inputs: ModelInput,
    nodes: PosteriorComponents,
    chosen: NDArray[np.int64],
    rng: np.random.Generator,
) -> Draws:
    """Return one draw of the linear coefficients at each of the nodes chosen.

    Every coefficient is in units of its prior SD, so that the prior precision is the identity and
    a period SD of 0 needs no care.
    """
    half_life, rise, phi, ratio, sigma = (
        values[chosen]
        for values in (nodes.half_life, nodes.half_life_rise, nodes.phi, nodes.ratio, nodes.sigma)
    )
    fixed, sds = _fixed_columns(inputs)
    effect_sd, k = point_priors(inputs).effect_sd, inputs.dose.shape[1]
    x = np.concatenate(
        [
            np.broadcast_to(fixed * sds, (len(chosen), *fixed.shape)),
            effect_sd * inputs.exposure(half_life, rise),
            (ratio * sigma)[:, None, None] * inputs.period_share,
        ],
        axis=2,
    )
    middle = point_priors(inputs).level_mean
    y = np.broadcast_to(inputs.score - middle, (len(chosen), inputs.n))
    both = np.concatenate([x, y[:, :, None]], axis=2) / sigma[:, None, None]
    carried = correlation(phi[:, None], inputs.lag[1:])
    sd = spread(carried)
    both[:, 1:] = innovation(both[:, 1:], both[:, :-1], carried[:, :, None], sd[:, :, None])
    both *= np.sqrt(inputs.innovation_precision)[:, None]
    gram = np.swapaxes(both, 1, 2) @ both
    q = x.shape[2]
    factor = np.linalg.cholesky(gram[:, :q, :q] + np.eye(q))
    noise = rng.standard_normal((len(chosen), q, 1))
    half = np.linalg.solve(factor, gram[:, :q, q:]) + noise
    coefficients = np.linalg.solve(np.swapaxes(factor, 1, 2), half)
    f = len(sds)
    return Draws(
        half_life=half_life,
        half_life_rise=rise,
        phi=phi,
        ratio=ratio,
        sigma=sigma,
        carried=carried,
        spread=sd,
        expected=middle + (x @ coefficients)[:, :, 0],
        effects=effect_sd * coefficients[:, f : f + k, 0],
        trend=sds[1] * coefficients[:, 1, 0],
        slopes=sds[2:] * coefficients[:, 2:f, 0],
    )


def _fixed_columns(inputs: ModelInput) -> tuple[FloatArray, FloatArray]:
    """Return the columns of level, trend and covariates, and the SDs of their priors."""
    priors = point_priors(inputs)
    trend_sd = priors.trend_sd if inputs.plan.trend == "linear" else 0.0
    covariates = inputs.covariates
    columns = np.column_stack([np.ones(inputs.n), inputs.trend, covariates])
    return columns, np.array(
        [priors.level_sd, trend_sd, *[priors.covariate_sd] * covariates.shape[1]]
    )
