"""Independent draws of a population and of everybody in it, all of a draw together.

The SD between persons is drawn from its posterior, the spread of half-lives and the coefficients
from the lattice at a node beside it: a lattice point by its weight, then from the normal
distribution that the point stands for. Given these, persons are independent, and everybody's
effects are drawn from the components of the own likelihood, each normal under the population.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.pooling.exact.population_grid import GridPosterior
from nof1.pooling.exact.population_shapes import Population
from nof1.pooling.exact.solving import Solved
from nof1.pooling.persons.likelihoods import Likelihoods
from nof1.pooling.small_matrices import inverse, log_det

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Numbers handled at once, about.
AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledDraws:
    """Independent draws of one contrast, in points; S of them.

    Attributes
    ----------
    mean, heterogeneity, next_person : array, shape (S,)
        The average effect in the population, the SD between persons, the effect of a further
        person.
    persons : array, shape (S, n)
        Effects of the persons who tell of the contrast, by their numbers in ascending order.
    as_scheduled : array, shape (S, n), or None
        Their differences as scheduled; None where somebody does not tell of the schedule.
    """

    mean: FloatArray
    heterogeneity: FloatArray
    next_person: FloatArray
    persons: FloatArray
    as_scheduled: FloatArray | None


def draw_population(
    solved: Solved,
    combination: FloatArray,
    effect_of: Mapping[int, int],
    n: int,
    rng: np.random.Generator,
) -> PooledDraws:
    """Return independent draws of a population and its persons.

    Parameters
    ----------
    solved : Solved
        Population and persons.
    combination : array, shape (p,)
        The coefficients' weights in the contrast.
    effect_of : mapping of int to int
        Which of a person's effects is the contrast, by the number of the person.
    n : int
        How many.
    rng : numpy.random.Generator
        Source of all randomness.
    """
    drawn = _draw_coefficients(solved.posterior.grid, n, rng)
    population = solved.posterior.population
    mean = drawn.coefficients @ combination
    scale = population.scales[rng.choice(len(population.scales), n, p=population.shares)]
    following = mean + scale * drawn.between * rng.standard_normal(n)
    spreads = [None if spread is None else spread.half_life for spread in solved.posterior.spreads]
    by_person: dict[int, tuple[FloatArray, FloatArray | None]] = {}
    for group, indices in zip(solved.people.groups, solved.people.indices, strict=True):
        exact = group.double()
        log_weights = exact.log_weights_under(spreads)
        for row, index in enumerate(indices.tolist()):
            if index not in effect_of:
                continue
            own = slice(group.starts[row], group.starts[row + 1])
            by_person[index] = _draw_person(
                exact.part(row, row + 1),
                log_weights[:, own],
                drawn,
                population,
                effect_of[index],
                rng,
            )
    ordered = [by_person[index] for index in sorted(by_person)]
    scheduled = [differences for _, differences in ordered if differences is not None]
    return PooledDraws(
        mean=mean,
        heterogeneity=drawn.between,
        next_person=following,
        persons=np.stack([effect for effect, _ in ordered], axis=1),
        as_scheduled=np.stack(scheduled, axis=1) if len(scheduled) == len(ordered) else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """Draws of the population: number of the spread of half-lives (S,), SDs (S,), (S, p)."""

    spread: IntArray
    between: FloatArray
    coefficients: FloatArray

    def part(self, rows: slice) -> _Drawn:
        """Return some of the draws."""
        return _Drawn(
            spread=self.spread[rows],
            between=self.between[rows],
            coefficients=self.coefficients[rows],
        )


def _draw_coefficients(grid: GridPosterior, n: int, rng: np.random.Generator) -> _Drawn:
    """Return draws of the population."""
    known = grid.between
    between = np.interp(rng.random(n), known.cdf, known.points)
    nodes = grid.nodes.between
    place = np.clip((between - nodes[0]) / (nodes[1] - nodes[0]), 0.0, len(nodes) - 1.0)
    row = np.minimum((place + rng.random(n)).astype(np.int64), len(nodes) - 1)
    a, _, q = grid.parts.shape
    spread, column = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    for node in np.unique(row).tolist():
        mine = np.flatnonzero(row == node)
        weights = grid.parts[:, node].ravel()
        chosen = rng.choice(a * q, len(mine), p=weights / weights.sum())
        spread[mine], column[mine] = np.divmod(chosen, q)
    root = np.linalg.cholesky(grid.node_covariances)
    noise = rng.standard_normal((n, root.shape[-1]))
    coefficients = grid.drawn_in[row, column] + np.einsum("spr,sr->sp", root[row], noise)
    return _Drawn(spread=spread, between=between, coefficients=coefficients)


def _draw_person(
    likelihoods: Likelihoods,
    log_weights: FloatArray,
    drawn: _Drawn,
    population: Population,
    effect: int,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray | None]:
    """Return draws of one person's effect, and of the difference as scheduled.

    `likelihoods` is in double precision, `log_weights` of shape (A, c) are of its components under
    each spread of half-lives.
    """
    size = max(1, AT_ONCE // (likelihoods.variances.size * len(population.scales)))
    effects, scheduled = [], []
    for first in range(0, len(drawn.between), size):
        some = drawn.part(slice(first, first + size))
        chosen, component = _draw_effects(likelihoods, log_weights, some, population, rng)
        effects.append(chosen[:, effect])
        if likelihoods.scheduled is not None:
            shares = likelihoods.scheduled.astype(float)[component, effect]
            scheduled.append((shares * chosen).sum(axis=1))
    return np.concatenate(effects), np.concatenate(scheduled) if scheduled else None


def _draw_effects(
    likelihoods: Likelihoods,
    log_weights: FloatArray,
    drawn: _Drawn,
    population: Population,
    rng: np.random.Generator,
) -> tuple[FloatArray, IntArray]:
    """Return draws of one person's effects, shape (S, k), and of the component they are from."""
    between = likelihoods.between
    scatter = (drawn.between[:, None] * population.scales) ** 2
    total = likelihoods.variances + scatter[:, :, None, None, None] * between
    expected = drawn.coefficients @ likelihoods.design.T
    away = likelihoods.means - expected[:, None, None, :]
    pulled = np.einsum("slcij,slcj->slci", inverse(total), np.broadcast_to(away, total.shape[:-1]))
    heights = log_weights[drawn.spread][:, None] + np.log(population.shares)[:, None]
    heights = heights - 0.5 * (log_det(total) + (pulled * away).sum(axis=-1))
    flat = heights.reshape(len(heights), -1)
    below = np.cumsum(np.exp(flat - flat.max(axis=1, keepdims=True)), axis=1)
    lot = rng.random(len(below)) * below[:, -1]
    which = (below < lot[:, None]).sum(axis=1)
    shape, component = np.divmod(which, len(likelihoods.means))
    rows = np.arange(len(which))
    prior = scatter[rows, shape, None, None] * between
    gain = prior @ inverse(total[rows, shape, component])
    mean = expected + np.einsum("sij,sj->si", gain, away[rows, 0, component])
    covariance = prior - gain @ prior
    # Rounding leaves a trace of asymmetry, and of less than nothing where persons do not differ.
    covariance = 0.5 * (covariance + np.swapaxes(covariance, 1, 2))
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    noise = rng.standard_normal(mean.shape)
    return mean + np.einsum("sij,sj->si", root, noise), component
