"""The population and every person in it, solved where the work is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from nof1.inference.mixture import Mixture
from nof1.pooling.design import Grouped
from nof1.pooling.hierarchy import PopulationPosterior, PopulationPrior, population_posterior
from nof1.pooling.likelihoods import Likelihoods, Population
from nof1.pooling.shrinkage import HeavyNodes, Shrunken, heavy_nodes, joined, shrunken
from nof1.pooling.work import Workplace, log_sums, stretches

FloatArray = NDArray[np.float64]

#: The SD of the prior under which persons' likelihoods place the grid, in SDs of the average's.
PLACING = 3.0

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


def solve(
    people: Grouped, prior: PopulationPrior, population: Population, make_place: MakePlace
) -> Solved:
    """Return the posterior of the population of the persons.

    Parameters
    ----------
    people : Grouped
        The persons.
    prior : PopulationPrior
        Of the coefficients and the SD between persons.
    population : Population
        Shape of the scatter.
    make_place : callable
        Where the work is done.
    """
    place = make_place(stretches(people.groups))
    prior_sd = PLACING * float(prior.sds.max())
    moments = [(group.design, *group.under(prior_sd)) for group in people.groups]
    found = population_posterior(moments, partial(log_sums, place), prior, population)
    return Solved(people=people, place=place, posterior=found)


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
    nodes = heavy_nodes(solved.posterior)
    population = solved.posterior.population
    parts = solved.place.each(_shrunken, nodes, population, level, mcid)
    groups, first = [], 0
    for group in solved.people.groups:
        n = len(stretches([group]))
        groups.append(joined(parts[first : first + n]))
        first += n
    return Everybody(groups=tuple(groups), nodes=nodes)


def _shrunken(
    stretch: Likelihoods, nodes: HeavyNodes, population: Population, level: float, mcid: float
) -> Shrunken:
    return shrunken(stretch, nodes, population, level=level, mcid=mcid)


def mean_effect(found: Everybody, groups: Sequence[tuple[int, int]]) -> Mixture:
    """Return the posterior of the average effect in exactly the persons of some groups.

    Given the population, persons are independent, so that means and variances add up; their
    average is taken as normal then, which it is but for very few persons with odd likelihoods.

    Parameters
    ----------
    found : Everybody
        All persons.
    groups : sequence of (int, int)
        Number of the group, and of the effect in it.
    """
    n = sum(len(found.groups[group].mean) for group, _ in groups)
    means = sum(found.groups[group].node_mean[:, effect] for group, effect in groups) / n
    variances = sum(found.groups[group].node_variance[:, effect] for group, effect in groups) / n**2
    return Mixture(means=np.asarray(means), sds=np.sqrt(variances), weights=found.nodes.weights)
