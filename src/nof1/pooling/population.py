"""The posterior of a population, averaged over what half-lives in it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nof1.inference.mixture import Mixture
from nof1.pooling.density import Density
from nof1.pooling.half_lives import Spread
from nof1.pooling.hierarchy import GridPosterior, PopulationPrior
from nof1.pooling.likelihoods import Population

FloatArray = NDArray[np.float64]

#: Weight of a node that is left out of a mixture.
NEGLIGIBLE = 1e-12


@dataclass(frozen=True, kw_only=True)
class PopulationPosterior:
    """The posterior of the coefficients and of the SD between persons.

    Attributes
    ----------
    parts : tuple of GridPosterior
        One under each way in which half-lives may be spread among persons.
    spreads : tuple of Spread or None
        Which; None where the plan fixes the half-life.
    shares : array, shape (K,)
        Their posterior probabilities.
    """

    parts: tuple[GridPosterior, ...]
    spreads: tuple[Spread | None, ...]
    shares: FloatArray

    @property
    def prior(self) -> PopulationPrior:
        """Return the prior of the population."""
        return self.parts[0].prior

    @property
    def population(self) -> Population:
        """Return the shape of the scatter."""
        return self.parts[0].population

    @property
    def error(self) -> float:
        """Return how far means and SDs moved between the two finest grids, in SDs."""
        return float(self.shares @ np.array([part.error for part in self.parts]))

    def average(self, combination: FloatArray) -> Mixture:
        """Return the posterior of a combination of coefficients, shape (p,)."""
        linear = [part.linear(combination) for part in self.parts]
        return _mixture(
            [mean for mean, _ in linear],
            [sd for _, sd in linear],
            [part.weights * share for part, share in zip(self.parts, self.shares, strict=True)],
        )

    def next_person(self, combination: FloatArray) -> Mixture:
        """Return the distribution of the true effect of a further person of these covariates."""
        means, sds, weights = [], [], []
        scales, shares = self.population.scales, self.population.shares
        for part, probability in zip(self.parts, self.shares, strict=True):
            mean, sd = part.linear(combination)
            within = scales[:, None, None] * part.nodes.between[:, None]
            means.append(np.broadcast_to(mean, (len(scales), *mean.shape)))
            sds.append(np.hypot(within, sd))
            weights.append(probability * shares[:, None, None] * part.weights)
        return _mixture(means, sds, weights)

    @cached_property
    def between(self) -> Density:
        """Return the posterior of the SD between persons."""
        return Density.averaged([part.between for part in self.parts], self.shares)

    def likeliest(self, n: int) -> tuple[Spread, ...]:
        """Return the n likeliest spreads of half-lives; none where nothing is learnt of them."""
        order = np.argsort(-self.shares, kind="stable")[:n]
        found = [self.spreads[index] for index in sorted(order.tolist())]
        return tuple(one for one in found if one is not None)

    def under(self, prior: PopulationPrior) -> PopulationPosterior:
        """Return the posterior under another prior; see `GridPosterior.under`."""
        parts = tuple(part.under(prior) for part in self.parts)
        gained = [
            new.log_evidence - old.log_evidence for new, old in zip(parts, self.parts, strict=True)
        ]
        shares = self.shares * np.exp(np.array(gained) - max(gained))
        return PopulationPosterior(parts=parts, spreads=self.spreads, shares=shares / shares.sum())


def _mixture(
    means: Sequence[FloatArray], sds: Sequence[FloatArray], weights: Sequence[FloatArray]
) -> Mixture:
    """Return a mixture of the nodes that have any weight."""
    flat = [np.concatenate([one.ravel() for one in many]) for many in (means, sds, weights)]
    kept = flat[2] > NEGLIGIBLE
    weight = flat[2][kept]
    return Mixture(means=flat[0][kept], sds=flat[1][kept], weights=weight / weight.sum())
