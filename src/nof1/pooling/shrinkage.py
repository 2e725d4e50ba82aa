"""Each person's effect in the light of all others: the shrunken effects.

Given the population, a person's own likelihood and the population's normal distribution make a
mixture of normal distributions again; over the grid of the population these are added up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.inference.mixture import Mixtures, compressed
from nof1.pooling.half_lives import HalfLives
from nof1.pooling.hierarchy import FEW, MANY, GridPosterior, lattice_in_ball
from nof1.pooling.likelihoods import Likelihoods, Population
from nof1.pooling.population import PopulationPosterior

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Components of all persons handled at once.
AT_ONCE = 150_000
#: Share of the population's posterior that the nodes hold under which persons are looked at.
HELD = 1.0 - 1e-5
#: Nodes are taken together in so many stretches of the SD, and in steps of the lattice of this
#: many SDs; in fewer where each person moves the population little.
STRETCHES, STEP = 40, 0.6
FEWER_STRETCHES, LONGER_STEP = 16, 1.3
FEWEST_STRETCHES, LONGEST_STEP = 4, 3.0
#: Weight of a component that is left out.
NEGLIGIBLE = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class HeavyNodes:
    """The nodes of a population's posterior that hold nearly all of it.

    Attributes
    ----------
    spreads : tuple of HalfLifePrior, AlikeHalfLives or None
        Spreads of half-lives under which the nodes are.
    spread : int array, shape (K,)
        Number of each node's.
    between : array, shape (K,)
        SDs between persons.
    at : array, shape (K, p)
        Coefficients at which persons' densities are taken.
    centres : array, shape (K, p)
        Centres of the normal distributions that the nodes stand for.
    covariances : array, shape (K, p, p)
        Of these.
    weights : array, shape (K,)
        Sum to 1.
    """

    spreads: tuple[HalfLives | None, ...]
    spread: IntArray
    between: FloatArray
    at: FloatArray
    centres: FloatArray
    covariances: FloatArray
    weights: FloatArray


def heavy_nodes(found: PopulationPosterior, n_persons: int) -> HeavyNodes:
    """Return the nodes under which persons are looked at, neighbours taken together."""
    fineness = (STRETCHES, STEP)
    if n_persons > FEW:
        fineness = (FEWER_STRETCHES, LONGER_STEP)
    if n_persons > MANY:
        fineness = (FEWEST_STRETCHES, LONGEST_STEP)
    parts = [_heavy(part, *fineness) for part in found.parts]
    weights = [share * part.weights for share, part in zip(found.shares, parts, strict=True)]
    return HeavyNodes(
        spreads=tuple(None if one is None else one.half_life for one in found.spreads),
        spread=np.repeat(np.arange(len(parts)), [len(one) for one in weights]),
        between=np.concatenate([part.between for part in parts]),
        at=np.concatenate([part.at for part in parts]),
        centres=np.concatenate([part.centres for part in parts]),
        covariances=np.concatenate([part.covariances for part in parts]),
        weights=np.concatenate(weights),
    )


def _heavy(found: GridPosterior, stretches: int, step: float) -> HeavyNodes:
    """Return the heavy nodes of one grid."""
    flat = found.weights.ravel()
    order = np.argsort(-flat, kind="stable")
    n = int(np.searchsorted(np.cumsum(flat[order]), HELD)) + 1
    kept = np.sort(order[:n])
    row, column = np.divmod(kept, found.weights.shape[1])
    p = found.nodes.coefficients.shape[2]
    stretch = (row - row[0]) * stretches // (row[-1] - row[0] + 1)
    cell = np.rint(lattice_in_ball(p, found.step)[column] / step).astype(np.int64)
    group = np.unique(np.column_stack([stretch, cell]), axis=0, return_inverse=True)[1].ravel()
    weight = np.bincount(group, flat[kept])

    def averaged(values: FloatArray) -> FloatArray:
        parts = values.reshape(len(values), -1).T
        sums = [np.bincount(group, flat[kept] * part) / weight for part in parts]
        return np.stack(sums, axis=-1).reshape(-1, *values.shape[1:])

    centres = averaged(found.drawn_in.reshape(-1, p)[kept])
    away = found.drawn_in.reshape(-1, p)[kept] - centres[group]
    covariance = found.node_covariances[row] + away[:, :, None] * away[:, None, :]
    return HeavyNodes(
        spreads=(),
        spread=np.zeros(len(weight), dtype=np.int64),
        # The variance between persons is what keeps the variance of a person's effect.
        between=np.sqrt(averaged(found.nodes.between[row] ** 2)),
        at=averaged(found.nodes.coefficients.reshape(-1, p)[kept]),
        centres=centres,
        covariances=averaged(covariance),
        weights=weight / weight.sum(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunken:
    """What is known of each person's effects, the others considered.

    Attributes
    ----------
    mean, sd, low, high, below_zero, below, above : array, shape (B, k)
        Of each person and effect in points: mean, SD, ends of the interval, probability of a
        value below 0, below minus the MCID, and above the MCID.
    node_mean, node_variance : array, shape (K, k)
        Sum over persons of mean and variance given the coefficients of each node.
    node_slope : array, shape (K, k, p)
        Sum over persons of how far their means move with the coefficients.
    """

    mean: FloatArray
    sd: FloatArray
    low: FloatArray
    high: FloatArray
    below_zero: FloatArray
    below: FloatArray
    above: FloatArray
    node_mean: FloatArray
    node_variance: FloatArray
    node_slope: FloatArray


def shrunken(
    given: Likelihoods, nodes: HeavyNodes, population: Population, *, level: float, mcid: float
) -> Shrunken:
    """Return the shrunken effects of persons alike.

    Parameters
    ----------
    given : Likelihoods
        Of B persons with k effects each.
    nodes : HeavyNodes
        Of the posterior of the population.
    population : Population
        Shape of the scatter.
    level : float
        Of the intervals.
    mcid : float
        Smallest difference that matters, in points; any number when none is known.
    """
    per_person = len(given.means) / given.n_persons * len(nodes.weights) * len(population.scales)
    size = max(1, int(AT_ONCE / per_person))
    parts = [
        _shrunken(
            given.part(first, min(first + size, given.n_persons)), nodes, population, level, mcid
        )
        for first in range(0, given.n_persons, size)
    ]
    return joined(parts)


def joined(parts: Sequence[Shrunken]) -> Shrunken:
    """Return the shrunken effects of several parts of persons alike, in order."""

    def by_person(pick: Callable[[Shrunken], FloatArray]) -> FloatArray:
        return np.concatenate([pick(part) for part in parts])

    return Shrunken(
        mean=by_person(lambda part: part.mean),
        sd=by_person(lambda part: part.sd),
        low=by_person(lambda part: part.low),
        high=by_person(lambda part: part.high),
        below_zero=by_person(lambda part: part.below_zero),
        below=by_person(lambda part: part.below),
        above=by_person(lambda part: part.above),
        node_mean=np.sum([part.node_mean for part in parts], axis=0),
        node_variance=np.sum([part.node_variance for part in parts], axis=0),
        node_slope=np.sum([part.node_slope for part in parts], axis=0),
    )


def _shrunken(
    given: Likelihoods, nodes: HeavyNodes, population: Population, level: float, mcid: float
) -> Shrunken:
    found = [
        _given_nodes(
            given.under_half_lives(spread),
            nodes,
            np.flatnonzero(nodes.spread == number),
            population,
        )
        for number, spread in enumerate(nodes.spreads)
    ]
    # Shape (K, l, n) of nodes, shapes and components, and (K, l, n, k) or (.., k, k).
    share, mean, alone, kept = (np.concatenate(parts) for parts in zip(*found, strict=True))
    variance = alone + _moved(kept, given.design @ nodes.covariances @ given.design.T)
    mine = _by_person(given, (share[..., None] * mean).sum(axis=1))
    square = _by_person(given, (share[..., None] * (alone + mean**2)).sum(axis=1))
    weight = (nodes.weights[:, None, None] * share).ravel()
    person = np.repeat(np.arange(given.n_persons), np.diff(given.starts))
    person = np.broadcast_to(person, share.shape).ravel()
    large = np.flatnonzero(weight > NEGLIGIBLE)
    large = large[np.argsort(person[large], kind="stable")]
    person, weight = person[large], weight[large]
    weight = weight / np.bincount(person, weight)[person]
    columns = []
    for effect in range(mean.shape[-1]):
        centre, spread = (one[..., effect].ravel()[large] for one in (mean, variance))
        columns.append(_figures(compressed(centre, spread, weight, person), level, mcid))
    names = ("mean", "sd", "low", "high", "below_zero", "below", "above")
    return Shrunken(
        **dict(zip(names, np.stack(columns, axis=-1), strict=True)),
        node_mean=mine.sum(axis=1),
        node_variance=(square - mine**2).sum(axis=1),
        node_slope=(share[..., None, None] * kept).sum(axis=(1, 2)) @ given.design,
    )


def _moved(kept: FloatArray, doubt: FloatArray) -> FloatArray:
    """Return the variance that doubt of the average adds to each component, (K, l, n, k)."""
    if kept.shape[-1] == 1:
        return np.asarray(kept[..., 0] ** 2 * doubt[:, None])
    return np.asarray(np.einsum("qhnkl,qlm,qhnkm->qhnk", kept, doubt, kept, optimize=True))


def _by_person(given: Likelihoods, values: FloatArray) -> FloatArray:
    """Return sums over each person's components, (K, n, k) to (K, B, k)."""
    return np.asarray(np.add.reduceat(values, given.starts[:-1], axis=1))


def _figures(mixtures: Mixtures, level: float, mcid: float) -> FloatArray:
    """Return the figures of every person, shape (7, B), in the order of `Shrunken`."""
    mean, sd = mixtures.moments()
    ends = mixtures.quantiles([(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    below = [mixtures.cdf(point) for point in (0.0, -mcid, mcid)]
    return np.array([mean, sd, ends[:, 0], ends[:, 1], below[0], below[1], 1.0 - below[2]])


def _given_nodes(
    given: Likelihoods, nodes: HeavyNodes, rows: IntArray, population: Population
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return what each component is given some nodes.

    With ``d = e + t``, ``e`` the average and ``t ~ N(0, s^2 K)``, the component ``N(m, V)`` moves
    to ``e + G (m - e)`` with the gain ``G = s^2 K (V + s^2 K)^-1`` and variance
    ``(1 - G) s^2 K``; ``e``, known with some doubt, moves it by ``1 - G`` times as much.

    Returns
    -------
    share : array, shape (K, l, n)
        Sum to 1 over each person's components and shapes.
    mean, variance : array, shape (K, l, n, k)
    kept : array, shape (K, l, n, k, k)
        ``1 - G``.
    """
    starts, counts = given.starts[:-1], np.diff(given.starts)
    scatter = (nodes.between[rows, None] * population.scales) ** 2
    expected = nodes.at[rows] @ given.design.T
    centre = nodes.centres[rows] @ given.design.T
    alike = _one_effect if given.means.shape[1] == 1 else _several_effects
    fit, mean, alone, kept = alike(given, scatter, expected, centre)
    terms = given.log_weights + np.log(population.shares)[:, None] - 0.5 * fit
    top = np.maximum.reduceat(terms.max(axis=1), starts, axis=1)
    terms -= np.repeat(top, counts, axis=1)[:, None]
    share = np.exp(terms, out=terms)
    share /= np.repeat(np.add.reduceat(share.sum(axis=1), starts, axis=1), counts, axis=1)[:, None]
    return share, mean, alone, kept


Given = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def _one_effect(
    given: Likelihoods, scatter: FloatArray, expected: FloatArray, centre: FloatArray
) -> Given:
    """Return misfit, mean, variance and ``1 - G`` of every component, one effect a person."""
    variance, means = given.variances[:, 0, 0], given.means[:, 0]
    total = variance + scatter[..., None]
    kept = variance / total
    fit = np.log(total) + (means - expected[:, None]) ** 2 / total
    mean = means + kept * (centre[:, None] - means)
    alone = kept * scatter[..., None]
    return fit, mean[..., None], alone[..., None], kept[..., None, None]


def _several_effects(
    given: Likelihoods, scatter: FloatArray, expected: FloatArray, centre: FloatArray
) -> Given:
    """Return the same for several effects a person."""
    between = scatter[:, :, None, None, None] * given.between
    total = given.variances + between
    precision = np.linalg.inv(total)
    away = given.means - expected[:, None, None]
    fit = np.linalg.slogdet(total)[1] + np.einsum("qhnk,qhnkl,qhnl->qhn", away, precision, away)
    gain = between @ precision
    kept = np.eye(len(given.design)) - gain
    middle = centre[:, None, None]
    mean = middle + np.einsum("qhnkl,qhnl->qhnk", gain, given.means - middle)
    return fit, mean, np.diagonal(kept @ between, axis1=-2, axis2=-1), kept
