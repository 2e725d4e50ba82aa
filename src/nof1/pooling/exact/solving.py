"""The population and every person in it, solved where the work is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.mixture import Mixture
from nof1.pooling.exact.hierarchy import grid_posterior
from nof1.pooling.exact.own_answer import own_answer
from nof1.pooling.exact.population_grid import HyperPrior
from nof1.pooling.exact.population_posterior import PopulationPosterior
from nof1.pooling.exact.population_shapes import Population
from nof1.pooling.exact.shrinkage import (
    HeavyNodes,
    Shrunken,
    heavy_nodes,
    joined,
    pairs_of,
    shrunken,
)
from nof1.pooling.exact.workplace import Here, Workplace, log_sums, moments_of, stretches
from nof1.pooling.persons.coefficients import Grouped
from nof1.pooling.persons.half_life_spread import HalfLifeSpread
from nof1.pooling.persons.likelihoods import Likelihoods

FloatArray = NDArray[np.float64]

#: The SD of the prior under which persons' likelihoods place the grid, in SDs of the average's.
PLACING = 3.0

#: Of more persons than these, so many tell first which spreads of half-lives are likely.
SAMPLES = (300, 3000)
#: Log evidence below the likeliest spread's from which on a spread is left out then.
UNLIKELY = 5.0

#: Share of the likeliest node's weight under which a node counts for nothing.
NEGLIGIBLE = 1e-9

#: Makes the place where stretches of persons are worked on.
MakePlace = Callable[[Sequence[Likelihoods]], Workplace]


@dataclass(frozen=True, kw_only=True)
class Solved:
    """The posterior of a population, and the place that holds its persons.

    Attributes
    ----------
    people : Grouped
        The persons.
    place : Workplace
        Where they are held.
    posterior : PopulationPosterior
        Of the population.
    """

    people: Grouped
    place: Workplace
    posterior: PopulationPosterior


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What is assumed of a population, and where it is worked out.

    Attributes
    ----------
    prior : HyperPrior
        Of the coefficients and the SD between persons.
    population : Population
        Shape of the scatter.
    spreads : tuple of HalfLifeSpread
        Ways in which half-lives may be spread; empty for every person's own prior.
    make_place : callable
        Where the work is done.
    """

    prior: HyperPrior
    population: Population
    spreads: tuple[HalfLifeSpread, ...]
    make_place: MakePlace


def solve(people: Grouped, assumed: Assumed) -> Solved:
    """Return the posterior of the population of the persons."""
    place = assumed.make_place(stretches(people.groups))
    likely: tuple[HalfLifeSpread | None, ...] = assumed.spreads or (None,)
    n_persons = sum(group.n_persons for group in people.groups)
    for sample in SAMPLES:
        if len(likely) > 1 and n_persons > sample:
            some = Here(stretches(_some_of(people, sample)))
            likely = _likely(_posterior(some, likely, assumed))
    return Solved(people=people, place=place, posterior=_posterior(place, likely, assumed))


def _posterior(
    place: Workplace, spreads: tuple[HalfLifeSpread | None, ...], assumed: Assumed
) -> PopulationPosterior:
    """Return the posterior over some spreads of half-lives, each by its evidence."""
    half_lives = [None if spread is None else spread.half_life for spread in spreads]
    log_priors = np.array([0.0 if spread is None else spread.log_prior for spread in spreads])
    prior_sd = PLACING * float(assumed.prior.sds.max())
    moments = place.each(moments_of, half_lives, prior_sd)
    sums = partial(log_sums, place, half_lives, assumed.population)
    grid = grid_posterior(moments, log_priors, sums, assumed.prior, assumed.population)
    return PopulationPosterior(grid=grid, spreads=spreads)


def _some_of(people: Grouped, n: int) -> list[Likelihoods]:
    """Return every so-manieth person of each group, about `n` in all."""
    every = max(1, sum(group.n_persons for group in people.groups) // n)
    return [group.chosen(np.arange(0, group.n_persons, every)) for group in people.groups]


def _likely(posterior: PopulationPosterior) -> tuple[HalfLifeSpread | None, ...]:
    """Return the spreads that have any probability by the posterior of a sample."""
    least = float(posterior.shares.max()) * np.exp(-UNLIKELY)
    return tuple(
        spread
        for spread, share in zip(posterior.spreads, posterior.shares, strict=True)
        if share >= least
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Everybody:
    """The shrunken effects of all persons.

    Attributes
    ----------
    groups : tuple of Shrunken
        One for each group of persons alike.
    nodes : HeavyNodes
        Of the population, under which they were looked at.
    """

    groups: tuple[Shrunken, ...]
    nodes: HeavyNodes


def everybody(solved: Solved, *, level: float, mcid: float) -> Everybody:
    """Return the shrunken effects of all persons.

    Parameters
    ----------
    solved : Solved
        Population and persons.
    level : float
        Of the intervals.
    mcid : float
        Smallest difference that matters, in points.
    """
    n_persons = sum(group.n_persons for group in solved.people.groups)
    nodes = heavy_nodes(solved.posterior, n_persons)
    population = solved.posterior.population
    parts = solved.place.each(_shrunken, nodes, population, level, mcid)
    return Everybody(groups=tuple(joined(mine) for mine in _by_group(solved, parts)), nodes=nodes)


def own_answers(solved: Solved, span: float) -> list[tuple[FloatArray, FloatArray]]:
    """Return mean and SD (B, k) of the own answers of every group; see `own_answer`."""
    parts = _by_group(solved, solved.place.each(own_answer, span))
    return [
        (np.concatenate([mean for mean, _ in mine]), np.concatenate([sd for _, sd in mine]))
        for mine in parts
    ]


def _by_group[Result](solved: Solved, parts: Sequence[Result]) -> list[Sequence[Result]]:
    """Return what was found of every stretch, group by group."""
    ends = np.cumsum([0, *(len(stretches([group])) for group in solved.people.groups)]).tolist()
    return [parts[first:last] for first, last in pairwise(ends)]


def _shrunken(
    stretch: Likelihoods, nodes: HeavyNodes, population: Population, level: float, mcid: float
) -> Shrunken:
    return shrunken(stretch, nodes, population, level=level, mcid=mcid)


def mean_effect(
    everybody: Everybody, groups: Sequence[tuple[int, int, int]], *, as_scheduled: bool = False
) -> Mixture | None:
    """Return the posterior of the average effect in exactly the persons of some groups.

    Given the population, persons are independent, so that means and variances add up; what is
    not known of the population moves all of them together. Their average is taken as normal
    then, which it is but for very few persons with odd likelihoods.

    Parameters
    ----------
    everybody : Everybody
        All persons.
    groups : sequence of (int, int, int)
        Number of the group, and places of the active arm and of the one it is compared with
        among the group's arms, their comparator being 0.
    as_scheduled : bool
        Of the differences that the schedules leave, instead of the effects at full exposure.

    Returns
    -------
    Mixture or None
        None where there is nobody, or persons do not tell of their schedules.
    """
    parts = [_sums_of(everybody.groups[group], arms, as_scheduled) for group, *arms in groups]
    mine = [part for part in parts if part is not None]
    if not mine or len(mine) < len(parts):
        return None
    n = sum(len(everybody.groups[group].mean) for group, *_ in groups)
    means, alone, slope = (np.sum(columns, axis=0) / n for columns in zip(*mine, strict=True))
    doubt = np.einsum("aqp,qpr,aqr->aq", slope, everybody.nodes.covariances, slope)
    weights = everybody.nodes.weights
    kept = weights > NEGLIGIBLE * weights.max()
    return Mixture(
        means=means[kept],
        sds=np.sqrt(alone / n + doubt)[kept],
        weights=weights[kept] / weights[kept].sum(),
    )


def _sums_of(
    group: Shrunken, arms: Sequence[int], as_scheduled: bool
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Return sums of means, variances and slopes of a pair of arms over a group's persons."""
    active, comparator = arms
    sums = group.scheduled if as_scheduled else group.effects
    if sums is None:
        return None
    unit = np.vstack([np.zeros(group.mean.shape[1]), np.eye(group.mean.shape[1])])
    wanted, rows = unit[active] - unit[comparator], pairs_of(group.mean.shape[1])
    for sign in (1.0, -1.0):
        for place in np.flatnonzero((rows == sign * wanted).all(axis=1)).tolist():
            if place < sums.mean.shape[-1]:
                mean, slope = sign * sums.mean[..., place], sign * sums.slope[..., place, :]
                return mean, sums.variance[..., place], slope
    return None
