"""How probable each person's scores are in a population.

Where the effects of the persons scatter around ``x' b`` with covariance ``s^2 K``, the scores of
person i have the density

    p_i(b, s) = sum_j w_ij N(x' b; m_ij, V_ij + s^2 K)

so that nothing of a person is needed but the components of the likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nof1.pooling.exact.population_shapes import Population
from nof1.pooling.persons.likelihoods import Likelihoods
from nof1.pooling.small_matrices import inverse, log_det, upper_triangle

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Numbers handled at once: more cost cache, fewer cost calls.
AT_ONCE = 120_000
#: Of so few priors every person's sums are taken prior by prior, of more person by person.
FEW_PRIORS = 3
#: Below this a sum of densities is taken anew from its logarithms.
TINY = 1e-250


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorWeights:
    """Log weights of components under several priors, as one that is common and ratios to it.

    Attributes
    ----------
    common : array, shape (n,)
        The largest log weight of each component.
    ratios : array, shape (A, n)
        At most 1.
    starts : int array, shape (B + 1,)
        Where each person's components begin, and the end.
    """

    common: FloatArray
    ratios: FloatArray
    starts: IntArray

    @classmethod
    def of(cls, log_weights: FloatArray, starts: IntArray) -> PriorWeights:
        """Return log weights, shape (A, n), in two parts."""
        common = log_weights.max(axis=0)
        return cls(common=common, ratios=np.exp(log_weights - common), starts=starts)

    def summed(self, values: FloatArray) -> FloatArray:
        """Return each person's sums under every prior, (Q, n) to (A, Q, B)."""
        starts = self.starts
        if len(self.ratios) == 1:
            return np.asarray(np.add.reduceat(values, starts[:-1], axis=1)[None])
        if len(self.ratios) <= FEW_PRIORS:
            parts = [np.add.reduceat(values * ratio, starts[:-1], axis=1) for ratio in self.ratios]
            return np.stack(parts)
        sums = np.empty((len(self.ratios), len(values), len(starts) - 1))
        for person, (first, last) in enumerate(pairwise(starts.tolist())):
            sums[..., person] = self.ratios[:, first:last] @ values[:, first:last].T
        return sums

    def averaged(self, values: FloatArray) -> FloatArray:
        """Return sums over the priors of what each person has under them, (A, Q, B) to (Q, n)."""
        counts = np.diff(self.starts)
        if len(self.ratios) == 1:
            return np.repeat(values[0], counts, axis=1)
        averages = np.empty((values.shape[1], len(self.common)))
        for person, (first, last) in enumerate(pairwise(self.starts.tolist())):
            averages[:, first:last] = values[..., person].T @ self.ratios[:, first:last]
        return averages


def log_densities(
    likelihoods: Likelihoods,
    coefficients: FloatArray,
    sd: float,
    population: Population,
    weights: PriorWeights,
) -> FloatArray:
    """Return the log density of each person's scores at given coefficients, shape (A, Q, B).

    Parameters
    ----------
    likelihoods : Likelihoods
        Of B persons, in double precision.
    coefficients : array, shape (Q, p)
        Of the population.
    sd : float
        SD between persons, in points.
    population : Population
        The shape of the scatter.
    weights : PriorWeights
        Of the components, under A priors.
    """
    counts, starts = np.diff(likelihoods.starts), likelihoods.starts[:-1]
    scaled = (population.scales * sd) ** 2
    total = likelihoods.variances + scaled[:, None, None, None] * likelihoods.between
    heights = weights.common + np.log(population.shares)[:, None] - 0.5 * log_det(total)
    top = np.maximum.reduceat(heights.max(axis=0), starts)
    terms = _quadratic(likelihoods, inverse(total), heights - np.repeat(top, counts))
    expected = coefficients @ likelihoods.design.T
    size = max(1, AT_ONCE // heights.size)
    parts = [
        _log_densities(terms, expected[first : first + size], weights, len(heights))
        for first in range(0, len(expected), size)
    ]
    return np.concatenate(parts, axis=1) + top


def _quadratic(likelihoods: Likelihoods, precision: FloatArray, heights: FloatArray) -> FloatArray:
    """Return the log of every component as a polynomial in the expected effects, (F, l n).

    The products that go with it are those of `_powers`.
    """
    pull = np.einsum("hnij,nj->hni", precision, likelihoods.means)
    constant = heights - 0.5 * (pull * likelihoods.means).sum(axis=-1)
    i, j = upper_triangle(likelihoods.means.shape[1])
    squares = np.where(i == j, -0.5, -1.0) * precision[..., i, j]
    k, width = len(i), heights.size
    terms = np.empty((1 + pull.shape[-1] + k, width))
    terms[0] = constant.ravel()
    terms[1:-k] = pull.reshape(width, -1).T
    terms[-k:] = squares.reshape(width, -1).T
    return terms


def _powers(expected: FloatArray) -> FloatArray:
    """Return 1, the expected effects and their products, (Q, k) to (Q, F)."""
    i, j = upper_triangle(expected.shape[1])
    powers = np.empty((len(expected), 1 + expected.shape[1] + len(i)))
    powers[:, 0] = 1.0
    powers[:, 1 : -len(i)] = expected
    powers[:, -len(i) :] = expected[:, i] * expected[:, j]
    return powers


def _log_densities(
    terms: FloatArray, expected: FloatArray, weights: PriorWeights, n_shapes: int
) -> FloatArray:
    """Return log densities up to each person's top, shape (A, Q, B)."""
    q, n = len(expected), len(weights.common)
    exponents = _powers(expected) @ terms
    densities = np.exp(exponents)
    sums = weights.summed(
        densities.reshape(q, n_shapes, n).sum(axis=1) if n_shapes > 1 else densities
    )
    if sums.min() > TINY:
        return np.asarray(np.log(sums))
    # Far outside, where every density is 0 in floating point.
    by_shape = exponents.reshape(q, n_shapes, n)
    top = np.maximum.reduceat(by_shape.max(axis=1), weights.starts[:-1], axis=1)
    by_shape -= np.repeat(top, np.diff(weights.starts), axis=1)[:, None]
    sums = weights.summed(np.exp(by_shape).sum(axis=1))
    return np.asarray(np.log(np.maximum(sums, 1e-300)) + top)
