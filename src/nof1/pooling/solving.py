"""The population and every person in it, solved where the work is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nof1.inference.mixture import Mixture
from nof1.pooling.design import Grouped
from nof1.pooling.half_lives import Spread
from nof1.pooling.hierarchy import GridPosterior, PopulationPrior, coarse, grid_posterior
from nof1.pooling.likelihoods import Likelihoods, Population
from nof1.pooling.naive import own_answer
from nof1.pooling.population import PopulationPosterior
from nof1.pooling.shrinkage import HeavyNodes, Shrunken, heavy_nodes, joined, shrunken
from nof1.pooling.work import Here, Workplace, log_sums, moments_of, stretches

FloatArray = NDArray[np.float64]

#: The SD of the prior under which persons' likelihoods place the grid, in SDs of the average's.
PLACING = 3.0

#: Persons of whom the likely spreads of half-lives are told first and then, if there are more.
SAMPLE, LARGER_SAMPLE = 300, 3000
#: Nodes of the SD, and steps of the lattice, at which spreads are compared first.
SCREENED = (7, 1.5)
#: Log heights, or log evidence, below the likeliest spread from which on a spread is left out.
UNLIKELY = 5.0

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
    prior : PopulationPrior
        Of the coefficients and the SD between persons.
    population : Population
        Shape of the scatter.
    spreads : tuple of Spread
        Ways in which half-lives may be spread; empty for every person's own prior.
    make_place : callable
        Where the work is done.
    """

    prior: PopulationPrior
    population: Population
    spreads: tuple[Spread, ...]
    make_place: MakePlace


def solve(people: Grouped, assumed: Assumed) -> Solved:
    """Return the posterior of the population of the persons."""
    place = assumed.make_place(stretches(people.groups))
    likely: Sequence[Spread | None] = assumed.spreads or [None]
    if len(likely) > 1:
        likely = _screened(_some_of(people, SAMPLE), assumed, likely)
    n_persons = sum(group.n_persons for group in people.groups)
    if len(likely) > 1 and n_persons > LARGER_SAMPLE:
        some = Here(stretches(_some_of(people, LARGER_SAMPLE)))
        likely = _likeliest([_grid(some, one, assumed) for one in likely], likely)
    parts = [_grid(place, one, assumed) for one in likely]
    return Solved(people=people, place=place, posterior=averaged(parts, likely))


def _grid(place: Workplace, spread: Spread | None, assumed: Assumed) -> GridPosterior:
    """Return the posterior under one spread of half-lives."""
    half_life = None if spread is None else spread.half_life
    prior_sd = PLACING * float(assumed.prior.sds.max())
    moments = place.each(moments_of, half_life, prior_sd)
    sums = partial(log_sums, place, half_life, assumed.population)
    return grid_posterior(moments, sums, assumed.prior, assumed.population)


def averaged(
    parts: Sequence[GridPosterior], spreads: Sequence[Spread | None]
) -> PopulationPosterior:
    """Return the posterior over several spreads of half-lives, each with its probability."""
    log_shares = np.array(
        [
            part.log_evidence + (0.0 if one is None else one.log_prior)
            for part, one in zip(parts, spreads, strict=True)
        ]
    )
    shares = np.exp(log_shares - log_shares.max())
    return PopulationPosterior(
        parts=tuple(parts), spreads=tuple(spreads), shares=shares / shares.sum()
    )


def _some_of(people: Grouped, n: int) -> list[Likelihoods]:
    """Return every so-manieth person of each group, about `n` in all."""
    every = max(1, sum(group.n_persons for group in people.groups) // n)
    return [group.chosen(np.arange(0, group.n_persons, every)) for group in people.groups]


def _screened(
    groups: Sequence[Likelihoods], assumed: Assumed, spreads: Sequence[Spread | None]
) -> list[Spread | None]:
    """Return the spreads that have any probability, told from a few nodes each.

    The nodes lie around those of the spread in the middle of the list, wide enough that of so few
    persons the others have their mass in between.
    """
    here = Here(stretches(groups), threads=1)
    nodes = coarse(_grid(here, spreads[len(spreads) // 2], assumed), SCREENED)
    before = assumed.prior.log_density(nodes.coefficients, nodes.between)
    heights = []
    for one in spreads:
        half_life = None if one is None else one.half_life
        found = log_sums(here, half_life, assumed.population, nodes) + before
        heights.append(float(found.max()) + (0.0 if one is None else one.log_prior))
    least = max(heights) - UNLIKELY
    return [one for one, height in zip(spreads, heights, strict=True) if height >= least]


def _likeliest(
    parts: Sequence[GridPosterior], spreads: Sequence[Spread | None]
) -> list[Spread | None]:
    """Return the spreads that have any probability by the posteriors of a larger sample."""
    shares = averaged(parts, spreads).shares
    least = float(shares.max()) * np.exp(-UNLIKELY)
    return [one for one, share in zip(spreads, shares, strict=True) if share >= least]


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


def _by_group[Found](solved: Solved, parts: Sequence[Found]) -> list[Sequence[Found]]:
    """Return what was found of every stretch, group by group."""
    ends = np.cumsum([0, *(len(stretches([group])) for group in solved.people.groups)]).tolist()
    return [parts[first:last] for first, last in pairwise(ends)]


def _shrunken(
    stretch: Likelihoods, nodes: HeavyNodes, population: Population, level: float, mcid: float
) -> Shrunken:
    return shrunken(stretch, nodes, population, level=level, mcid=mcid)


def mean_effect(found: Everybody, groups: Sequence[tuple[int, int]]) -> Mixture:
    """Return the posterior of the average effect in exactly the persons of some groups.

    Given the population, persons are independent, so that means and variances add up; what is
    not known of the population moves all of them together. Their average is taken as normal
    then, which it is but for very few persons with odd likelihoods.

    Parameters
    ----------
    found : Everybody
        All persons.
    groups : sequence of (int, int)
        Number of the group, and of the effect in it.
    """
    mine = [(found.groups[group], effect) for group, effect in groups]
    n = sum(len(group.mean) for group, _ in mine)
    means = np.sum([group.node_mean[:, effect] for group, effect in mine], axis=0) / n
    alone = np.sum([group.node_variance[:, effect] for group, effect in mine], axis=0) / n**2
    slope = np.sum([group.node_slope[:, effect] for group, effect in mine], axis=0) / n
    doubt = np.einsum("qp,qpr,qr->q", slope, found.nodes.covariances, slope)
    return Mixture(means=means, sds=np.sqrt(alone + doubt), weights=found.nodes.weights)
