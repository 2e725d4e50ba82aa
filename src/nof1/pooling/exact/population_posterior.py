"""The posterior of a population, averaged over what half-lives in it may be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.mixture import Mixture
from nof1.pooling.exact.density import Density
from nof1.pooling.exact.population_grid import GridPosterior, HyperPrior
from nof1.pooling.exact.population_shapes import Population
from nof1.pooling.persons.half_life_spread import HalfLifeSpread

FloatArray = NDArray[np.float64]

#: Weight of a node that is left out of a mixture.
NEGLIGIBLE = 1e-12


@dataclass(frozen=True, kw_only=True)
class PopulationPosterior:
    """The posterior of the coefficients and of the SD between persons.

    Attributes
    ----------
    grid : GridPosterior
        Under every way in which half-lives may be spread among persons.
    spreads : tuple of HalfLifeSpread or None
        Which; None where the plan fixes the half-life.
    """

    grid: GridPosterior
    spreads: tuple[HalfLifeSpread | None, ...]

    @property
    def prior(self) -> HyperPrior:
        """Return the prior of the population."""
        return self.grid.prior

    @property
    def population(self) -> Population:
        """Return the shape of the scatter."""
        return self.grid.population

    @property
    def error(self) -> float:
        """Return how far means and SDs moved between the two finest grids, in SDs."""
        return self.grid.error

    @property
    def between(self) -> Density:
        """Return the posterior of the SD between persons."""
        return self.grid.between

    @cached_property
    def shares(self) -> FloatArray:
        """Return the posterior probabilities of the spreads of half-lives, shape (A,)."""
        return np.asarray(self.grid.parts.sum(axis=(1, 2)))

    def average(self, combination: FloatArray) -> Mixture:
        """Return the posterior of a combination of coefficients, shape (p,)."""
        mean, sd = self.grid.linear(combination)
        return _mixture(mean, sd, self.grid.weights)

    def next_person(self, combination: FloatArray) -> Mixture:
        """Return the distribution of the true effect of a further person of these covariates."""
        grid, shape = self.grid, self.population
        mean, sd = grid.linear(combination)
        within = shape.scales[:, None, None] * grid.nodes.between[:, None]
        sds = np.hypot(within, sd)
        weights = shape.shares[:, None, None] * grid.weights
        return _mixture(np.broadcast_to(mean, sds.shape), sds, weights)

    def likeliest(self, n: int) -> tuple[HalfLifeSpread, ...]:
        """Return the n likeliest spreads of half-lives; none where nothing is learnt of them."""
        order = np.argsort(-self.shares, kind="stable")[:n]
        likeliest = [self.spreads[index] for index in sorted(order.tolist())]
        return tuple(spread for spread in likeliest if spread is not None)

    def under(self, prior: HyperPrior) -> PopulationPosterior:
        """Return the posterior under another prior; see `GridPosterior.under`."""
        return PopulationPosterior(grid=self.grid.under(prior), spreads=self.spreads)


def _mixture(means: FloatArray, sds: FloatArray, weights: FloatArray) -> Mixture:
    """Return a mixture of the nodes that have any weight."""
    kept = weights > NEGLIGIBLE
    weight = weights[kept]
    return Mixture(means=means[kept], sds=sds[kept], weights=weight / weight.sum())
