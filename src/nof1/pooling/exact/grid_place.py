"""Where the grid of a population is laid out: around the mass, found anew on each finer grid.

The first place takes every person's likelihood as normal; every next one is where the grid before
it found the mass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from nof1.pooling.exact.population_grid import GridPosterior, HyperPrior, PopulationNodes
from nof1.pooling.small_matrices import inverse, log_det

FloatArray = NDArray[np.float64]

#: Reach of the lattice in SDs.
REACH = 5.0
#: Log heights below the top at which the SD between persons is cut off.
DEPTH = 15.0
#: Share of a lattice's covariance that the next one has at least.
LEAST_SPREAD = 0.1
#: Share of a lattice's weight at its edge from which on it has missed the mass.
AT_THE_EDGE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """What some persons alike tell under a wide prior of their effects, as if it were normal.

    Attributes
    ----------
    design : array, shape (k, p)
        What each of a person's effects is on average, in the coefficients of the population.
    means, covariances : array, shape (A, B, k), (A, B, k, k)
        Of each person's effects.
    log_evidence : array, shape (A,)
        Sum over persons of the log density of their scores.
    """

    design: FloatArray
    means: FloatArray
    covariances: FloatArray
    log_evidence: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class GridPlace:
    """Where a grid is laid out.

    Attributes
    ----------
    low, high : float
        Ends of the SDs between persons.
    between : array, shape (n,)
        SDs at which centres and roots are known; beyond and between them they are interpolated.
    centres, roots : array, shape (n, p), (n, p, p)
        Of the coefficients: centre and triangular root of the covariance.
    """

    low: float
    high: float
    between: FloatArray
    centres: FloatArray
    roots: FloatArray


def first_place(moments: Sequence[Moments], log_priors: FloatArray, prior: HyperPrior) -> GridPlace:
    """Return the place of a first grid, taking every likelihood as normal."""
    spread = float(np.ptp(np.concatenate([moment.means.ravel() for moment in moments])))
    most = max(6.0 * prior.between, 3.0 * spread)
    between = np.concatenate([[0.0], np.geomspace(1e-4 * most, most, 60)])
    for _ in range(2):  # once among all, once more among those that are left
        heights, centres, roots = _by_normal(moments, log_priors, prior, between)
        kept = np.flatnonzero(heights > heights.max() - DEPTH)
        low, high = max(int(kept[0]) - 1, 0), min(int(kept[-1]) + 1, len(between) - 1)
        known = between
        between = np.linspace(known[low], known[high], 41)
    return GridPlace(low=between[0], high=between[-1], between=known, centres=centres, roots=roots)


def _by_normal(
    moments: Sequence[Moments],
    log_priors: FloatArray,
    prior: HyperPrior,
    between: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return log evidence, centre and root of the covariance of the coefficients at every SD.

    Over the spreads of half-lives, each by its evidence.
    """
    n, p = len(log_priors), len(prior.sds)
    precision = np.broadcast_to(np.diag(prior.sds**-2.0), (n, len(between), p, p)).copy()
    pull = np.zeros((n, len(between), p))
    heights = log_priors[:, None] - 0.5 * (between / prior.between) ** 2
    for moment in moments:
        k = len(moment.design)
        scatter = 0.5 * (np.eye(k) + 1.0)
        heights += moment.log_evidence[:, None]
        for row, sd in enumerate(between):
            total = moment.covariances + sd**2 * scatter
            weight = inverse(total)
            information = moment.design.T @ weight.sum(axis=1) @ moment.design
            precision[:, row] += information
            pulled = np.einsum("abij,abj->abi", weight, moment.means)
            pull[:, row] += pulled.sum(axis=1) @ moment.design
            fit = (pulled * moment.means).sum(axis=(1, 2))
            heights[:, row] -= 0.5 * (log_det(total).sum(axis=1) + fit)
    covariance = np.linalg.inv(precision)
    centres = np.einsum("aspr,asr->asp", covariance, pull)
    heights += 0.5 * ((centres * pull).sum(axis=-1) + np.linalg.slogdet(covariance)[1])
    top = heights.max(axis=0)
    shares = np.exp(heights - top)
    total_share = shares.sum(axis=0)
    shares /= total_share
    centre = np.einsum("as,asp->sp", shares, centres)
    away = centres - centre
    covariance += away[..., None] * away[..., None, :]
    covariance = np.einsum("as,aspr->spr", shares, covariance)
    return top + np.log(total_share), centre, np.linalg.cholesky(covariance)


def laid_out(place: GridPlace, n: int, step: float) -> tuple[PopulationNodes, FloatArray]:
    """Return a grid with `n` SDs, and the log volume of its nodes up to a constant, (n, 1)."""
    between, p = np.linspace(place.low, place.high, n), place.centres.shape[1]
    known = np.column_stack([place.centres, place.roots.reshape(-1, p * p)])
    at = np.column_stack([np.interp(between, place.between, column) for column in known.T])
    centres, roots = at[:, None, :p], at[:, p:].reshape(n, p, p)
    nodes = PopulationNodes(
        between=between,
        coefficients=centres + np.einsum("spr,qr->sqp", roots, lattice_in_ball(p, step)),
    )
    volume = np.prod(np.diagonal(roots, axis1=1, axis2=2), axis=1)
    # A node at 0 has half the volume: the other half lies below.
    return nodes, np.log(np.where(between == 0.0, 0.5, 1.0) * volume)[:, None]


def lattice_in_ball(p: int, step: float) -> FloatArray:
    """Return the points of a cubic lattice within `REACH` of the origin, shape (Q, p)."""
    n = int(REACH / step)
    line = step * np.arange(-n, n + 1)
    points = np.array(list(product(line, repeat=p)))
    return np.asarray(points[(points**2).sum(axis=1) <= REACH**2])


def next_place(posterior: GridPosterior, last: GridPlace) -> GridPlace:
    """Return the place of the next grid: where this one found the mass."""
    between = posterior.nodes.between
    heights = np.log(np.maximum(posterior.weights.sum(axis=1), 1e-300))
    heights -= heights.max()
    kept = np.flatnonzero(heights > -DEPTH)
    first, final = max(int(kept[0]) - 1, 0), min(int(kept[-1]) + 1, len(between) - 1)
    low, high = between[first], between[final]
    if heights[-1] > -DEPTH / 2:
        high += 0.5 * (high - low)
    if heights[0] > -DEPTH / 2:
        low = max(0.0, low - 0.5 * (high - low))
    p = last.centres.shape[1]
    flat = last.roots.reshape(-1, p * p).T
    roots = np.stack([np.interp(between, last.between, curve) for curve in flat], axis=1)
    roots = roots.reshape(-1, p, p)
    laid = roots @ np.swapaxes(roots, 1, 2)
    fresh = (posterior.spreads + LEAST_SPREAD * laid) / (1.0 + LEAST_SPREAD)
    # Where a lattice missed the mass, what it holds is at its edge and says nothing of the spread.
    outer = (
        np.linalg.norm(lattice_in_ball(p, posterior.step), axis=1) > REACH - 1.01 * posterior.step
    )
    missed = posterior.shares[:, outer].sum(axis=1) > AT_THE_EDGE
    return GridPlace(
        low=low,
        high=high,
        between=between,
        centres=posterior.centres,
        roots=np.linalg.cholesky(np.where(missed[:, None, None], laid, fresh)),
    )
