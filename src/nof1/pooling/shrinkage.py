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
from nof1.pooling.hierarchy import PopulationPosterior, lattice_in_ball
from nof1.pooling.likelihoods import Likelihoods, Population, exponents, inflated

FloatArray = NDArray[np.float64]

#: Components of all persons handled at once.
AT_ONCE = 400_000
#: Share of the population's posterior that the nodes hold under which persons are looked at.
HELD = 1.0 - 1e-5
#: Nodes are taken together in so many stretches of the SD, and in steps of the lattice of this
#: many SDs: to a single person the population's posterior is known more finely than needed.
STRETCHES, STEP = 28, 1.0
#: Weight of a component that is left out.
NEGLIGIBLE = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class HeavyNodes:
    """The nodes of a population's posterior that hold nearly all of it.

    Attributes
    ----------
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

    between: FloatArray
    at: FloatArray
    centres: FloatArray
    covariances: FloatArray
    weights: FloatArray


def heavy_nodes(found: PopulationPosterior) -> HeavyNodes:
    """Return the nodes under which persons are looked at, neighbours taken together."""
    flat = found.weights.ravel()
    order = np.argsort(-flat, kind="stable")
    n = int(np.searchsorted(np.cumsum(flat[order]), HELD)) + 1
    kept = np.sort(order[:n])
    row, column = np.divmod(kept, found.weights.shape[1])
    p = found.nodes.coefficients.shape[2]
    stretch = (row - row[0]) * STRETCHES // (row[-1] - row[0] + 1)
    cell = np.rint(lattice_in_ball(p, found.step)[column] / STEP).astype(np.int64)
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
        Sum over persons of mean and variance given each node.
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
    )


def _shrunken(
    given: Likelihoods, nodes: HeavyNodes, population: Population, level: float, mcid: float
) -> Shrunken:
    k, b, counts = given.means.shape[1], given.n_persons, np.diff(given.starts)
    means, variances, weights = [], [], []
    node_mean, node_variance = np.zeros((len(nodes.weights), k)), np.zeros((len(nodes.weights), k))
    for row, sd in enumerate(nodes.between):
        share, mean, variance = _given_node(given, nodes, row, float(sd), population)
        mine = given.summed((share[..., None] * mean).sum(axis=0))
        square = given.summed((share[..., None] * (variance + mean**2)).sum(axis=0))
        node_mean[row] = mine.sum(axis=0)
        node_variance[row] = (square - mine**2).sum(axis=0)
        means.append(mean)
        variances.append(variance)
        weights.append(nodes.weights[row] * share)
    # All components of a person together: persons first, then nodes and shapes.
    person = np.broadcast_to(np.repeat(np.arange(b), counts), np.shape(weights)).ravel()
    weight = np.ravel(weights)
    kept = np.flatnonzero(weight > NEGLIGIBLE)
    kept = kept[np.argsort(person[kept], kind="stable")]
    person, weight = person[kept], weight[kept]
    weight = weight / np.bincount(person, weight)[person]
    columns = []
    for effect in range(k):
        centre = np.array(means)[..., effect].ravel()[kept]
        spread = np.array(variances)[..., effect].ravel()[kept]
        mixtures = compressed(centre, spread, weight, person)
        columns.append(_figures(mixtures, level, mcid))
    stacked = np.stack(columns, axis=-1)
    names = ("mean", "sd", "low", "high", "below_zero", "below", "above")
    return Shrunken(
        **dict(zip(names, stacked, strict=True)), node_mean=node_mean, node_variance=node_variance
    )


def _figures(mixtures: Mixtures, level: float, mcid: float) -> FloatArray:
    """Return the figures of every person, shape (7, B), in the order of `Shrunken`."""
    mean, sd = mixtures.moments()
    ends = mixtures.quantiles([(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    below = [mixtures.cdf(point) for point in (0.0, -mcid, mcid)]
    return np.array([mean, sd, ends[:, 0], ends[:, 1], below[0], below[1], 1.0 - below[2]])


def _given_node(
    given: Likelihoods, nodes: HeavyNodes, row: int, sd: float, population: Population
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what each component is given one node: share (l, n), mean and variance (l, n, k).

    With the coefficients normal around the node, ``d = x' b + t`` and ``t ~ N(0, s^2 K)``, the
    component moves to ``e + G (m - e)`` with the gain ``G = s^2 K (V + s^2 K)^-1``.
    """
    precision, heights = inflated(given, sd, population)
    at = (nodes.at[row] @ given.design.T)[None]
    terms = exponents(given, at, precision, heights)[0]
    top = np.maximum.reduceat(terms.max(axis=0), given.starts[:-1])
    share = np.exp(terms - np.repeat(top, np.diff(given.starts)))
    share /= np.repeat(given.summed(share.sum(axis=0)), np.diff(given.starts))
    k = given.means.shape[1]
    scatter = ((population.scales * sd) ** 2)[:, None, None, None] * given.between
    gain = scatter * precision if k == 1 else scatter @ precision
    kept = np.eye(k) - gain
    centre = given.design @ nodes.centres[row]
    doubt = given.design @ nodes.covariances[row] @ given.design.T
    if k == 1:
        mean = centre + gain[..., 0] * (given.means - centre)
        variance = kept[..., 0] * scatter[..., 0] + kept[..., 0] ** 2 * doubt[0]
        return share, mean, variance
    mean = centre + np.einsum("hnkl,nl->hnk", gain, given.means - centre)
    whole = kept @ scatter + kept @ doubt @ np.swapaxes(kept, 2, 3)
    return share, mean, np.diagonal(whole, axis1=2, axis2=3)
