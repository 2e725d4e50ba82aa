"""The exact posterior of a population of persons from their likelihoods of the effect alone.

    scores of i ~ L_i(d_i),   d_i ~ N(x_i' b, s^2 K),   b ~ N(0, diag(prior)),   s ~ half-normal

The persons' own effects are integrated out in closed form (see `log_densities`); what is left, the
coefficients ``b`` and the SD between persons ``s``, is summed over a grid: equal steps in ``s``,
over which the integrand continues evenly below 0, and for every ``s`` a lattice in ``b`` around
the mass, in units of its spread. There the trapezoid rule converges geometrically. The grid is
placed again and refined until two answers agree.

This is the one-stage model of all scores, not an approximation of it: splitting the integral in
two stages changes nothing but the order of integration.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nof1.errors import Nof1Error
from nof1.pooling.exact.grid_place import Moments, first_place, laid_out, next_place
from nof1.pooling.exact.population_grid import (
    WIDER,
    GridPosterior,
    HyperPrior,
    PopulationNodes,
    normalised,
)
from nof1.pooling.exact.population_shapes import Population

FloatArray = NDArray[np.float64]

#: Nodes of the SD between persons, and steps of the lattice in SDs of the coefficients.
LEVELS = ((13, 1.2), (15, 1.0), (21, 0.8), (33, 0.65), (51, 0.5), (81, 0.4), (131, 0.4))
#: The same for so few persons that each of them moves the population.
FEW, FINER_LEVELS = 20, ((21, 0.8), (33, 0.5), (51, 0.4), (81, 0.35), (131, 0.35), (211, 0.35))
#: And for so many that a node costs much, and the posterior is all but normal.
MANY, COARSER_LEVELS = 3000, ((9, 2.0), (9, 1.5), *LEVELS)
#: Two coefficients, and more: a lattice of several dimensions has many nodes, and the wider steps
#: are nearly as exact. Ends of intervals are known to 1 % of an SD at steps of 0.75, 3 % at 1.
PLANE_LEVELS = ((21, 1.0), (25, 0.75), (37, 0.6), (55, 0.5), (81, 0.45))
WIDER_LEVELS = ((13, 1.5), (17, 1.25), (25, 1.0), (37, 0.9), (55, 0.8), (81, 0.7))
#: Two levels agree when means and SDs have moved by less than this share of an SD.
AGREEMENT = 5e-3
#: Beyond this the answer is not given at all.
LARGEST_ERROR = 0.1


class TooRoughError(Nof1Error):
    """The grid does not settle: likelihoods are far too narrow, or too far apart, for it."""


#: Gives the sum over all persons of the log densities of their scores, shape (A, S, Q), under
#: each of A ways in which half-lives may be spread.
LogSums = Callable[[PopulationNodes], FloatArray]


def grid_posterior(
    moments: Sequence[Moments],
    log_priors: FloatArray,
    sums: LogSums,
    prior: HyperPrior,
    population: Population,
) -> GridPosterior:
    """Return the posterior of a population.

    One grid holds the posterior under every spread of half-lives, since what is dear, the
    components at its nodes, is the same for all of them.

    Parameters
    ----------
    moments : sequence of Moments
        Of every group of persons alike; they only place the first grid.
    log_priors : array, shape (A,)
        Log prior probabilities of the spreads of half-lives.
    sums : callable
        Gives the sum over all persons of their log densities; see `LogSums`.
    prior : HyperPrior
        Of coefficients and SD.
    population : Population
        Shape of the scatter.
    """
    wide = prior.wider(WIDER)
    place = first_place(moments, log_priors, wide)
    before: FloatArray | None = None
    error = np.inf
    n_persons = sum(moment.means.shape[1] for moment in moments)
    for n_between, step in _levels(n_persons, len(prior.sds)):
        nodes, log_volume = laid_out(place, n_between, step)
        heights = sums(nodes) + log_priors[:, None, None]
        heights += log_volume + wide.log_density(nodes.coefficients, nodes.between)
        posterior = GridPosterior(
            prior=wide,
            population=population,
            nodes=nodes,
            parts=normalised(heights),
            log_heights=heights,
            step=step,
            error=error,
        )
        now = _figures(posterior.under(prior))
        if before is not None:
            moved = np.abs(now - before) / np.tile(now[len(now) // 2 :], 2)
            error = float(moved.max())
        if error < AGREEMENT:
            break
        before, place = now, next_place(posterior, place)
    if error > LARGEST_ERROR:
        raise TooRoughError(f"the population's posterior is known to {error:.2g} of an SD only")
    return replace(posterior.under(prior), error=error)


def _levels(n_persons: int, n_coefficients: int) -> Sequence[tuple[int, float]]:
    """Return the grids for so many persons and coefficients."""
    if n_persons > MANY:
        return COARSER_LEVELS
    if n_coefficients > 1:
        return PLANE_LEVELS if n_coefficients == 2 else WIDER_LEVELS
    return FINER_LEVELS if n_persons <= FEW else LEVELS


def _figures(posterior: GridPosterior) -> FloatArray:
    """Return means of coefficients and SD, then their SDs."""
    weights = posterior.weights
    mean = np.einsum("sq,sqp->p", weights, posterior.nodes.coefficients)
    square = np.einsum("sq,sqp->p", weights, (posterior.nodes.coefficients - mean) ** 2)
    between = posterior.between
    return np.concatenate([mean, [between.mean], np.sqrt(square), [between.sd]])
