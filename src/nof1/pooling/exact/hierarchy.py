"""The exact posterior of a population of persons from their likelihoods of the effect alone.

    scores of i ~ L_i(d_i),   d_i ~ N(x_i' b, s^2 K),   b ~ N(0, diag(prior)),   s ~ half-normal

The persons' own effects are integrated out in closed form (see `likelihoods`); what is left, the
coefficients ``b`` and the SD between persons ``s``, is summed over a grid: equal steps in ``s``,
over which the integrand continues evenly below 0, and for every ``s`` a lattice in ``b`` around
the mass, in units of its spread. There the trapezoid rule converges geometrically. The grid is
placed again and refined until two answers agree.

This is the one-stage model of all scores, not an approximation of it: splitting the integral in
two stages changes nothing but the order of integration.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from nof1.errors import Nof1Error
from nof1.pooling.exact.density import Density
from nof1.pooling.persons.likelihoods import Population, inverse, log_det

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
#: Reach of the lattice in SDs.
REACH = 5.0
#: Log heights below the top at which the SD between persons is cut off.
DEPTH = 15.0
#: SD of the normal distribution that stands for a node, in steps of the lattice.
NODE_SD = 0.5
#: Share of a lattice's covariance that the next one has at least.
LEAST_SPREAD = 0.1
#: Share of a lattice's weight at its edge from which on it has missed the mass.
AT_THE_EDGE = 0.05
#: The grid is laid out for priors this many times as wide, so that wider ones can be tried.
WIDER = 2.0


class TooRoughError(Nof1Error):
    """The grid does not settle: likelihoods are far too narrow, or too far apart, for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HyperPrior:
    """What is believed of the population beforehand.

    Attributes
    ----------
    sds : array, shape (p,)
        SDs of the normal priors of the coefficients, whose means are 0, in points.
    between : float
        Scale of the half-normal prior of the SD between persons, in points.
    """

    sds: FloatArray
    between: float

    def wider(self, factor: float) -> HyperPrior:
        """Return the same with all scales multiplied."""
        return HyperPrior(sds=factor * self.sds, between=factor * self.between)

    def log_density(self, coefficients: FloatArray, between: FloatArray) -> FloatArray:
        """Return the log density at coefficients (S, Q, p) and SDs (S,), shape (S, Q)."""
        scaled = (coefficients / self.sds) ** 2
        constant = -np.log(self.sds).sum() - np.log(self.between)
        return np.asarray(
            constant - 0.5 * scaled.sum(axis=-1) - 0.5 * (between[:, None] / self.between) ** 2
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationNodes:
    """Where the population is looked at.

    Attributes
    ----------
    between : array, shape (S,)
        SDs between persons, in equal steps.
    coefficients : array, shape (S, Q, p)
        Of the population.
    """

    between: FloatArray
    coefficients: FloatArray


#: Gives the sum over all persons of the log densities of their scores, shape (A, S, Q), under
#: each of A ways in which half-lives may be spread.
LogSums = Callable[[PopulationNodes], FloatArray]


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


@dataclass(frozen=True, kw_only=True)
class GridPosterior:
    """The posterior of the coefficients and of the SD between persons, on one grid.

    Attributes
    ----------
    prior : HyperPrior
        Under which `weights` are.
    population : Population
        Shape of the scatter.
    nodes : PopulationNodes
        The finest grid.
    parts : array, shape (A, S, Q)
        Weight of every node under each spread of half-lives; all of them sum to 1.
    log_heights : array, shape (A, S, Q)
        Log posterior at the nodes under `prior`, times their volume, not normalised.
    step : float
        Of the lattice, in SDs of the coefficients.
    error : float
        How far means and SDs moved between the two finest grids, as a share of an SD.
    """

    prior: HyperPrior
    population: Population
    nodes: PopulationNodes
    parts: FloatArray
    log_heights: FloatArray
    step: float
    error: float

    @cached_property
    def weights(self) -> FloatArray:
        """Return the weight of every node, shape (S, Q)."""
        return np.asarray(self.parts.sum(axis=0))

    @property
    def log_evidence(self) -> float:
        """Return the log marginal density of all scores, up to a constant of the persons."""
        p = self.nodes.coefficients.shape[2]
        top = float(self.log_heights.max())
        volume = p * np.log(self.step) + np.log(self.nodes.between[1] - self.nodes.between[0])
        return top + float(np.log(np.exp(self.log_heights - top).sum()) + volume)

    @cached_property
    def shares(self) -> FloatArray:
        """Return the weights among the nodes of each SD, shape (S, Q)."""
        return np.asarray(self.weights / np.maximum(self.weights.sum(axis=1)[:, None], 1e-300))

    @cached_property
    def centres(self) -> FloatArray:
        """Return the mean of the coefficients at every SD, shape (S, p)."""
        return np.asarray(np.einsum("sq,sqp->sp", self.shares, self.nodes.coefficients))

    @cached_property
    def spreads(self) -> FloatArray:
        """Return the covariance of the coefficients at every SD, shape (S, p, p)."""
        away = self.nodes.coefficients - self.centres[:, None]
        return np.asarray(np.einsum("sq,sqp,sqr->spr", self.shares, away, away))

    @cached_property
    def drawn_in(self) -> FloatArray:
        """Return the nodes a little nearer to the centre, shape (S, Q, p).

        Each stands for a normal distribution half a step wide, so that their mixture has the
        covariance of the posterior.
        """
        centres = self.centres[:, None]
        shrink = np.sqrt(1.0 - (NODE_SD * self.step) ** 2)
        return np.asarray(centres + shrink * (self.nodes.coefficients - centres))

    @cached_property
    def node_covariances(self) -> FloatArray:
        """Return the covariance of the normal distribution each node stands for, (S, p, p)."""
        return np.asarray((NODE_SD * self.step) ** 2 * self.spreads)

    def linear(self, combination: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return mean and SD, both (S, Q), of a combination of coefficients at every node."""
        variances = np.einsum("p,spr,r->s", combination, self.node_covariances, combination)
        mean = self.drawn_in @ combination
        sds = np.sqrt(np.maximum(variances, 1e-18))[:, None]
        return mean, np.broadcast_to(sds, mean.shape)

    @cached_property
    def between(self) -> Density:
        """Return the posterior of the SD between persons."""
        step = self.nodes.between[1] - self.nodes.between[0]
        weights = self.weights.sum(axis=1)
        # The first node, if at 0, has half the volume of the others.
        volume = np.where(self.nodes.between == 0.0, step / 2, step)
        return Density.on(self.nodes.between, weights / volume)

    def under(self, prior: HyperPrior) -> GridPosterior:
        """Return the posterior under another prior, not more than `WIDER` times as wide."""
        coefficients, between = self.nodes.coefficients, self.nodes.between
        ratio = prior.log_density(coefficients, between) - self.prior.log_density(
            coefficients, between
        )
        heights = self.log_heights + ratio
        return replace(self, prior=prior, parts=_normalised(heights), log_heights=heights)


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
    place = _first_place(moments, log_priors, wide)
    before: FloatArray | None = None
    error = np.inf
    n_persons = sum(moment.means.shape[1] for moment in moments)
    for n_between, step in _levels(n_persons, len(prior.sds)):
        nodes, log_volume = _laid_out(place, n_between, step)
        heights = sums(nodes) + log_priors[:, None, None]
        heights += log_volume + wide.log_density(nodes.coefficients, nodes.between)
        posterior = GridPosterior(
            prior=wide,
            population=population,
            nodes=nodes,
            parts=_normalised(heights),
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
        before, place = now, _next_place(posterior, place)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _GridPlace:
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


def _first_place(
    moments: Sequence[Moments], log_priors: FloatArray, prior: HyperPrior
) -> _GridPlace:
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
    return _GridPlace(low=between[0], high=between[-1], between=known, centres=centres, roots=roots)


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


def _laid_out(place: _GridPlace, n: int, step: float) -> tuple[PopulationNodes, FloatArray]:
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


def _next_place(posterior: GridPosterior, last: _GridPlace) -> _GridPlace:
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
    return _GridPlace(
        low=low,
        high=high,
        between=between,
        centres=posterior.centres,
        roots=np.linalg.cholesky(np.where(missed[:, None, None], laid, fresh)),
    )


def _normalised(heights: FloatArray) -> FloatArray:
    weights = np.exp(heights - heights.max())
    return np.asarray(weights / weights.sum())
