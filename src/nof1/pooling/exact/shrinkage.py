"""Each person's effect in the light of all others: the shrunken effects.

Given the population, a person's own likelihood and the population's normal distribution make a
mixture of normal distributions again; over the grid of the population these are added up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.mixture import Mixtures, compressed
from nof1.pooling.exact.grid_place import lattice_in_ball
from nof1.pooling.exact.hierarchy import FEW, MANY
from nof1.pooling.exact.log_densities import PriorWeights
from nof1.pooling.exact.population_posterior import PopulationPosterior
from nof1.pooling.exact.population_shapes import Population
from nof1.pooling.persons.half_life_spread import HalfLives
from nof1.pooling.persons.likelihoods import Likelihoods
from nof1.pooling.small_matrices import inverse, log_det

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Components of persons times nodes handled at once.
AT_ONCE = 150_000
#: Share of the population's posterior that the nodes hold under which persons are looked at.
HELD = 1.0 - 1e-5
#: Nodes are taken together in so many stretches of the SD, and in steps of the lattice of this
#: many SDs; in fewer where each person moves the population little, or the lattice has several
#: dimensions.
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
        Ways in which half-lives may be spread.
    between : array, shape (K,)
        SDs between persons.
    at : array, shape (K, p)
        Coefficients at which persons' densities are taken.
    centres : array, shape (K, p)
        Centres of the normal distributions that the nodes stand for.
    covariances : array, shape (K, p, p)
        Of these.
    weights : array, shape (A, K)
        Under each spread; all of them sum to 1.
    """

    spreads: tuple[HalfLives | None, ...]
    between: FloatArray
    at: FloatArray
    centres: FloatArray
    covariances: FloatArray
    weights: FloatArray

    def part(self, first: int, last: int) -> HeavyNodes:
        """Return nodes `first` to `last`, the last not included."""
        rows = slice(first, last)
        return HeavyNodes(
            spreads=self.spreads,
            between=self.between[rows],
            at=self.at[rows],
            centres=self.centres[rows],
            covariances=self.covariances[rows],
            weights=self.weights[:, rows],
        )


def heavy_nodes(posterior: PopulationPosterior, n_persons: int) -> HeavyNodes:
    """Return the nodes under which persons are looked at, neighbours taken together."""
    grid = posterior.grid
    p = grid.nodes.coefficients.shape[2]
    stretches, step = STRETCHES, STEP
    if n_persons > FEW or p > 1:
        stretches, step = FEWER_STRETCHES, LONGER_STEP
    if n_persons > MANY:
        stretches, step = FEWEST_STRETCHES, LONGEST_STEP
    flat = grid.weights.ravel()
    order = np.argsort(-flat, kind="stable")
    n = int(np.searchsorted(np.cumsum(flat[order]), HELD)) + 1
    kept = np.sort(order[:n])
    row, column = np.divmod(kept, grid.weights.shape[1])
    stretch = (row - row[0]) * stretches // (row[-1] - row[0] + 1)
    cell = np.rint(lattice_in_ball(p, grid.step)[column] / step).astype(np.int64)
    group = np.unique(np.column_stack([stretch, cell]), axis=0, return_inverse=True)[1].ravel()
    weight = np.bincount(group, flat[kept])

    def averaged(values: FloatArray) -> FloatArray:
        parts = values.reshape(len(values), -1).T
        sums = [np.bincount(group, flat[kept] * part) / weight for part in parts]
        return np.stack(sums, axis=-1).reshape(-1, *values.shape[1:])

    centres = averaged(grid.drawn_in.reshape(-1, p)[kept])
    away = grid.drawn_in.reshape(-1, p)[kept] - centres[group]
    covariance = grid.node_covariances[row] + away[:, :, None] * away[:, None, :]
    parts = grid.parts.reshape(len(grid.parts), -1)[:, kept]
    return HeavyNodes(
        spreads=tuple(None if spread is None else spread.half_life for spread in posterior.spreads),
        # The variance between persons is what keeps the variance of a person's effect.
        between=np.sqrt(averaged(grid.nodes.between[row] ** 2)),
        at=averaged(grid.nodes.coefficients.reshape(-1, p)[kept]),
        centres=centres,
        covariances=averaged(covariance),
        weights=np.stack([np.bincount(group, part) for part in parts]) / weight.sum(),
    )


def pairs_of(k: int) -> FloatArray:
    """Return each pair of arms as weights of the k effects: those with the comparator first.

    Then every arm but the comparator against each that follows.
    """
    unit = np.eye(k)
    rest = [unit[i] - unit[j] for i in range(k) for j in range(i + 1, k)]
    return np.array([*unit, *rest])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Sums over persons of what their effects are, given each node and spread of half-lives.

    Attributes
    ----------
    mean, variance : array, shape (A, K, m)
        Of each effect, or combination of effects.
    slope : array, shape (A, K, m, p)
        How far the mean moves with the coefficients.
    """

    mean: FloatArray
    variance: FloatArray
    slope: FloatArray

    @classmethod
    def added(cls, parts: Sequence[Sums]) -> Sums:
        """Return the sums over the persons of all parts."""
        return cls(
            mean=np.sum([part.mean for part in parts], axis=0),
            variance=np.sum([part.variance for part in parts], axis=0),
            slope=np.sum([part.slope for part in parts], axis=0),
        )

    @classmethod
    def of_nodes(cls, parts: Sequence[Sums]) -> Sums:
        """Return the sums at the nodes of all parts, one after another."""
        return cls(
            mean=np.concatenate([part.mean for part in parts], axis=1),
            variance=np.concatenate([part.variance for part in parts], axis=1),
            slope=np.concatenate([part.slope for part in parts], axis=1),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunken:
    """What is known of each person's effects, the others considered.

    Attributes
    ----------
    mean, sd, low, high, below_zero, below, above : array, shape (B, k)
        Of each person and effect in points: mean, SD, ends of the interval, probability of a
        value below 0, below minus the MCID, and above the MCID.
    effects : Sums
        Of the effects at full exposure, in the order of `pairs_of`.
    scheduled : Sums or None
        Of every arm's difference as scheduled; None where persons do not tell of them.
    """

    mean: FloatArray
    sd: FloatArray
    low: FloatArray
    high: FloatArray
    below_zero: FloatArray
    below: FloatArray
    above: FloatArray
    effects: Sums
    scheduled: Sums | None


def shrunken(
    likelihoods: Likelihoods,
    nodes: HeavyNodes,
    population: Population,
    *,
    level: float,
    mcid: float,
) -> Shrunken:
    """Return the shrunken effects of persons alike.

    Parameters
    ----------
    likelihoods : Likelihoods
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
    per_person = (
        len(likelihoods.means) / likelihoods.n_persons * len(nodes.between) * len(population.scales)
    )
    size = max(1, int(AT_ONCE / per_person))
    parts = [
        _shrunken(
            likelihoods.part(first, min(first + size, likelihoods.n_persons)),
            nodes,
            population,
            level,
            mcid,
        )
        for first in range(0, likelihoods.n_persons, size)
    ]
    return joined(parts)


def joined(parts: Sequence[Shrunken]) -> Shrunken:
    """Return the shrunken effects of several parts of persons alike, in order."""

    def by_person(pick: Callable[[Shrunken], FloatArray]) -> FloatArray:
        return np.concatenate([pick(part) for part in parts])

    scheduled = [part.scheduled for part in parts if part.scheduled is not None]
    return Shrunken(
        mean=by_person(lambda part: part.mean),
        sd=by_person(lambda part: part.sd),
        low=by_person(lambda part: part.low),
        high=by_person(lambda part: part.high),
        below_zero=by_person(lambda part: part.below_zero),
        below=by_person(lambda part: part.below),
        above=by_person(lambda part: part.above),
        effects=Sums.added([part.effects for part in parts]),
        scheduled=Sums.added(scheduled) if len(scheduled) == len(parts) else None,
    )


def _shrunken(
    likelihoods: Likelihoods, nodes: HeavyNodes, population: Population, level: float, mcid: float
) -> Shrunken:
    likelihoods = likelihoods.double()
    weights = PriorWeights.of(likelihoods.log_weights_under(nodes.spreads), likelihoods.starts)
    size = max(1, AT_ONCE // (len(likelihoods.means) * len(population.scales)))
    k = likelihoods.means.shape[1]
    person_of = np.repeat(np.arange(likelihoods.n_persons), np.diff(likelihoods.starts))
    persons, pieces, effects, scheduled = [], [], [], []
    for first in range(0, len(nodes.between), size):
        some = nodes.part(first, first + size)
        shrinkage = _given_nodes(likelihoods, some, population, weights.common)
        mass = weights.summed(shrinkage.share.sum(axis=1))
        weight = shrinkage.share * weights.averaged(some.weights[..., None] / mass)[:, None]
        large = np.flatnonzero(weight > NEGLIGIBLE)
        figures = np.concatenate(
            [weight[None], shrinkage.mean, shrinkage.variance(likelihoods, some)]
        )
        persons.append(person_of[large % len(person_of)])
        pieces.append(figures.reshape(1 + 2 * k, -1)[:, large])
        effects.append(_sums(shrinkage, likelihoods, weights, mass, pairs_of(k)))
        if likelihoods.scheduled is not None:
            shares = np.moveaxis(likelihoods.scheduled.astype(float), 0, -1)
            scheduled.append(_sums(shrinkage, likelihoods, weights, mass, shares))
    person, (weight, *means_variances) = np.concatenate(persons), np.concatenate(pieces, axis=1)
    order = np.argsort(person, kind="stable")
    person, weight = person[order], weight[order]
    weight = weight / np.bincount(person, weight)[person]
    columns = [
        _figures(
            compressed(mean[order], variance[order], weight, person),
            level,
            mcid,
        )
        for mean, variance in zip(means_variances[:k], means_variances[k:], strict=True)
    ]
    names = ("mean", "sd", "low", "high", "below_zero", "below", "above")
    return Shrunken(
        **dict(zip(names, np.stack(columns, axis=-1), strict=True)),
        effects=Sums.of_nodes(effects),
        scheduled=Sums.of_nodes(scheduled) if scheduled else None,
    )


def _figures(mixtures: Mixtures, level: float, mcid: float) -> FloatArray:
    """Return the figures of every person, shape (7, B), in the order of `Shrunken`."""
    mean, sd = mixtures.moments()
    ends = mixtures.quantiles([(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    below = [mixtures.cdf(point) for point in (0.0, -mcid, mcid)]
    return np.array([mean, sd, ends[:, 0], ends[:, 1], below[0], below[1], 1.0 - below[2]])


@dataclass(frozen=True, slots=True, kw_only=True)
class _AtNodes:
    """What each component is given some nodes; the axes of the effects come first.

    With ``d = e + t``, ``e`` the average and ``t ~ N(0, s^2 K)``, the component ``N(m, V)`` moves
    to ``e + G (m - e)`` with the gain ``G = s^2 K (V + s^2 K)^-1`` and covariance
    ``(1 - G) s^2 K``; ``e``, known with some doubt, moves it by ``1 - G`` times as much.

    Attributes
    ----------
    share : array, shape (K, l, n)
        Density of a person's scores that the component adds, up to a factor for each person.
    mean : array, shape (k, K, l, n)
    covariance : array, shape (k, k, K, l, n)
    kept : array, shape (k, k, K, l, n)
        ``1 - G``.
    """

    share: FloatArray
    mean: FloatArray
    covariance: FloatArray
    kept: FloatArray

    def variance(self, likelihoods: Likelihoods, nodes: HeavyNodes) -> FloatArray:
        """Return the variances, with what is not known of the average, shape (k, K, l, n)."""
        k = len(self.mean)
        doubt = np.moveaxis(likelihoods.design @ nodes.covariances @ likelihoods.design.T, 0, -1)
        variances = np.empty_like(self.mean)
        for row, kept in enumerate(self.kept):
            variances[row] = self.covariance[row, row]
            for i, j in product(range(k), repeat=2):
                variances[row] += kept[i] * kept[j] * doubt[i, j, :, None, None]
        return variances

    def combined(self, of: FloatArray) -> tuple[FloatArray, FloatArray, list[FloatArray]]:
        """Return mean, variance and slopes (K, l, n) of a combination, shape (k,) or (k, n)."""
        k = range(len(self.mean))
        mean = sum(of[i] * self.mean[i] for i in k)
        alone = sum(of[i] * of[j] * self.covariance[i, j] for i, j in product(k, repeat=2))
        slopes = [sum(of[i] * self.kept[i, j] for i in k) for j in k]
        return np.asarray(mean), np.asarray(alone), [np.asarray(slope) for slope in slopes]


def _given_nodes(
    likelihoods: Likelihoods, nodes: HeavyNodes, population: Population, log_weights: FloatArray
) -> _AtNodes:
    """Return what each component is given some nodes."""
    starts, counts = likelihoods.starts[:-1], np.diff(likelihoods.starts)
    k = likelihoods.means.shape[1]
    pairs = list(product(range(k), repeat=2))
    scatter = (nodes.between[:, None] * population.scales) ** 2
    total = likelihoods.variances + scatter[:, :, None, None, None] * likelihoods.between
    precision = np.ascontiguousarray(np.moveaxis(inverse(total), (-2, -1), (0, 1)))
    expected = (nodes.at @ likelihoods.design.T).T[..., None, None]
    away = likelihoods.means.T[:, None, None] - expected
    fit = log_det(total)
    for i, j in pairs:
        fit += away[i] * away[j] * precision[i, j]
    terms = log_weights + np.log(population.shares)[:, None] - 0.5 * fit
    top = np.maximum.reduceat(terms.max(axis=1), starts, axis=1)
    terms -= np.repeat(top, counts, axis=1)[:, None]
    kept, covariance = np.zeros((2, *precision.shape))
    own, between = likelihoods.variances.T, likelihoods.between
    for i, j in pairs:
        for step in range(k):
            kept[i, j] += own[i, step] * precision[step, j]
    mean = np.empty((k, *fit.shape))
    off = (nodes.centres @ likelihoods.design.T).T[..., None, None] - likelihoods.means.T[
        :, None, None
    ]
    mean[:] = likelihoods.means.T[:, None, None]
    for i, j in pairs:
        mean[i] += kept[i, j] * off[j]
        for step in range(k):
            covariance[i, j] += kept[i, step] * (between[step, j] * scatter[..., None])
    return _AtNodes(share=np.exp(terms), mean=mean, covariance=covariance, kept=kept)


def _sums(
    shrinkage: _AtNodes,
    likelihoods: Likelihoods,
    weights: PriorWeights,
    mass: FloatArray,
    combined: FloatArray,
) -> Sums:
    """Return the sums over persons of combinations of their effects, (m, k) or (m, k, n)."""

    def summed(values: FloatArray) -> FloatArray:
        return weights.summed((shrinkage.share * values).sum(axis=1)) / mass

    means, variances, slopes = [], [], []
    for of in combined:
        mean, alone, moved = shrinkage.combined(of)
        first, second = summed(mean), summed(alone + mean**2)
        means.append(first.sum(axis=2))
        variances.append((second - first**2).sum(axis=2))
        slope = np.stack([summed(values).sum(axis=2) for values in moved], axis=-1)
        slopes.append(slope @ likelihoods.design)
    return Sums(
        mean=np.stack(means, axis=-1),
        variance=np.stack(variances, axis=-1),
        slope=np.stack(slopes, axis=-2),
    )
