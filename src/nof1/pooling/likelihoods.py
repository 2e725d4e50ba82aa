"""The likelihoods of many persons' effects, and how probable each is in a population.

A person's likelihood is a mixture of normal densities (`inference.effect_likelihood`). Where the
effects of the persons scatter around ``x' b`` with covariance ``s^2 K``, the scores of person i
have the density

    p_i(b, s) = sum_j w_ij N(x' b; m_ij, V_ij + s^2 K)

so that nothing of a person is needed but the components.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nof1.inference.effect_likelihood import EffectLikelihood
from nof1.pooling.half_lives import HalfLives

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
AnyFloats = NDArray[np.floating[Any]]

#: Numbers handled at once: more cost cache, fewer cost calls.
AT_ONCE = 60_000
#: Below this a sum of densities is taken anew from its logarithms.
TINY = 1e-250


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """How effects scatter around their average: a mixture of normal distributions.

    Attributes
    ----------
    name : {"normal", "student-t"}
        What it stands for.
    scales, shares : array, shape (l,)
        SDs of the components in units of the SD parameter, and their weights.
    """

    name: Literal["normal", "student-t"]
    scales: FloatArray
    shares: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihoods:
    """The likelihoods of persons alike in arms and covariates, one after another.

    Kept in single precision; `under_half_lives` gives what is computed with.

    Attributes
    ----------
    design : array, shape (k, p)
        What each of a person's k effects is on average, in the p coefficients of the population.
    means, variances : array, shape (n, k), (n, k, k)
        Of the components of all persons.
    log_weights : array, shape (n,)
        Of components as densities, which integrate to 1.
    starts : int array, shape (B + 1,)
        Where each person's components begin, and the end.
    half_lives, log_priors : array, shape (n,), or None
        Half-life of each component in days, and the log density there of the prior of the
        half-life that the weights are under; None where the plans fix the half-life.
    noise_gains : array, shape (n,), or None
        What the other persons tell of the noise adds so much to the log weights.
    scheduled : array, shape (n, k, k), or None
        Share of every effect in the difference as scheduled of every arm.
    """

    design: FloatArray
    means: AnyFloats
    variances: AnyFloats
    log_weights: AnyFloats
    starts: IntArray
    half_lives: AnyFloats | None = None
    log_priors: AnyFloats | None = None
    noise_gains: AnyFloats | None = None
    scheduled: AnyFloats | None = None

    @property
    def n_persons(self) -> int:
        """Return the number of persons."""
        return len(self.starts) - 1

    @property
    def between(self) -> FloatArray:
        """Return K, shape (k, k): effects against one comparator share its half of the scatter."""
        k = len(self.design)
        return 0.5 * (np.eye(k) + 1.0)

    def part(self, first: int, last: int) -> Likelihoods:
        """Return persons `first` to `last`, the last not included."""
        rows = slice(self.starts[first], self.starts[last])
        return Likelihoods(
            design=self.design,
            means=self.means[rows],
            variances=self.variances[rows],
            log_weights=self.log_weights[rows],
            starts=self.starts[first : last + 1] - self.starts[first],
            half_lives=None if self.half_lives is None else self.half_lives[rows],
            log_priors=None if self.log_priors is None else self.log_priors[rows],
            noise_gains=None if self.noise_gains is None else self.noise_gains[rows],
            scheduled=None if self.scheduled is None else self.scheduled[rows],
        )

    def chosen(self, persons: IntArray) -> Likelihoods:
        """Return some of the persons."""
        parts = [self.part(one, one + 1) for one in persons.tolist()]
        return replace(
            self,
            means=np.concatenate([part.means for part in parts]),
            variances=np.concatenate([part.variances for part in parts]),
            log_weights=np.concatenate([part.log_weights for part in parts]),
            starts=np.cumsum([0, *(len(part.means) for part in parts)]),
            half_lives=_joined([part.half_lives for part in parts]),
            log_priors=_joined([part.log_priors for part in parts]),
            noise_gains=_joined([part.noise_gains for part in parts]),
            scheduled=_joined([part.scheduled for part in parts]),
        )

    def under_half_lives(self, prior: HalfLives | None) -> Likelihoods:
        """Return the likelihoods in double precision under another prior of the half-life.

        None leaves everybody's own. What the others tell of the noise is in it.
        """
        log_weights = self.log_weights.astype(float)
        if self.noise_gains is not None:
            log_weights += self.noise_gains
        if prior is not None and self.half_lives is not None and self.log_priors is not None:
            density = np.maximum(prior.density(self.half_lives.astype(float)), 1e-300)
            log_weights += np.log(density) - self.log_priors
        return replace(
            self,
            means=self.means.astype(float),
            variances=self.variances.astype(float),
            log_weights=log_weights,
            noise_gains=None,
        )

    def alone(self) -> Likelihoods:
        """Return the likelihoods in double precision as every person's own scores give them."""
        return replace(self, noise_gains=None).under_half_lives(None)

    def under(self, prior_sd: float) -> tuple[FloatArray, FloatArray]:
        """Return each person's mean and covariance under a prior, shape (B, k), (B, k, k)."""
        wide = prior_sd**2 * np.eye(self.means.shape[1])
        total = self.variances + wide
        gain = prior_sd**2 * inverse(total)
        means = (gain @ self.means[..., None])[..., 0]
        covariances = wide - prior_sd**2 * gain
        fit = (self.means * means).sum(axis=1)
        log_weights = self.log_weights - 0.5 * (log_det(total) + fit / prior_sd**2)
        weights = self.normalised(log_weights)
        mean = self.summed(weights[:, None] * means)
        away = means - np.repeat(mean, np.diff(self.starts), axis=0)
        spread = covariances + away[:, :, None] * away[:, None, :]
        return mean, self.summed(weights[:, None, None] * spread)

    def normalised(self, log_weights: FloatArray) -> FloatArray:
        """Return weights that sum to 1 within each person, along the first axis."""
        counts = np.diff(self.starts)
        top = np.maximum.reduceat(log_weights, self.starts[:-1], axis=0)
        weights = np.exp(log_weights - np.repeat(top, counts, axis=0))
        return np.asarray(weights / np.repeat(self.summed(weights), counts, axis=0))

    def summed(self, values: FloatArray) -> FloatArray:
        """Return sums over each person's components, along the first axis."""
        return np.asarray(np.add.reduceat(values, self.starts[:-1], axis=0))


def _joined(arrays: Sequence[AnyFloats | None]) -> AnyFloats | None:
    """Return arrays one after another; None where one of them is None."""
    known = [array for array in arrays if array is not None]
    return np.concatenate(known) if len(known) == len(arrays) else None


def gathered(people: Sequence[EffectLikelihood], design: FloatArray) -> Likelihoods:
    """Return the likelihoods of several persons one after another.

    Parameters
    ----------
    people : sequence of EffectLikelihood
        With the same number k of effects.
    design : array, shape (k, p)
        See `Likelihoods`.
    """
    covariances = np.concatenate([one.covariances for one in people])
    heights = np.concatenate([one.log_weights for one in people])
    log_priors = [
        None
        if one.half_lives is None or one.half_life_prior is None
        else np.log(one.half_life_prior.density(one.half_lives)).astype(np.float32)
        for one in people
    ]
    # Heights become weights of densities; the constant of pi is the same for all.
    heights = (heights + 0.5 * log_det(covariances.astype(float))).astype(np.float32)
    return Likelihoods(
        design=design,
        means=np.concatenate([one.means for one in people]),
        variances=covariances,
        log_weights=heights,
        starts=np.cumsum([0, *(len(one.log_weights) for one in people)]),
        half_lives=_joined([one.half_lives for one in people]),
        log_priors=_joined(log_priors),
        noise_gains=_joined(_noise_gains(people)),
        scheduled=_joined([one.scheduled for one in people]),
    )


def _noise_gains(people: Sequence[EffectLikelihood]) -> list[AnyFloats | None]:
    """Return every person's gains, zeros where others have some; None where nobody has."""
    if all(one.noise_gains is None for one in people):
        return [None]
    return [
        np.zeros(len(one.log_weights), dtype=np.float32)
        if one.noise_gains is None
        else one.noise_gains
        for one in people
    ]


def inverse(matrices: FloatArray) -> FloatArray:
    """Return the inverses of matrices, shape (..., k, k)."""
    return 1.0 / matrices if matrices.shape[-1] == 1 else np.linalg.inv(matrices)


def log_det(matrices: FloatArray) -> FloatArray:
    """Return the log determinants of matrices, shape (..., k, k)."""
    if matrices.shape[-1] == 1:
        return np.log(matrices[..., 0, 0])
    return np.asarray(np.linalg.slogdet(matrices)[1])


def log_densities(
    given: Likelihoods, coefficients: FloatArray, sd: float, population: Population
) -> FloatArray:
    """Return the log density of each person's scores at given coefficients, shape (Q, B).

    Parameters
    ----------
    given : Likelihoods
        Of B persons.
    coefficients : array, shape (Q, p)
        Of the population.
    sd : float
        SD between persons, in points.
    population : Population
        The shape of the scatter.
    """
    precision, heights = inflated(given, sd, population)
    top = np.maximum.reduceat(heights.max(axis=0), given.starts[:-1])
    heights = heights - np.repeat(top, np.diff(given.starts))
    expected = coefficients @ given.design.T
    size = max(1, AT_ONCE // heights.size)
    parts = [
        _log_densities(given, expected[first : first + size], precision, heights)
        for first in range(0, len(expected), size)
    ]
    return np.concatenate(parts) + top


def inflated(
    given: Likelihoods, sd: float, population: Population
) -> tuple[FloatArray, FloatArray]:
    """Return precision (l, n, k, k) and log height (l, n) of every component in a population."""
    scaled = (population.scales * sd) ** 2
    total = given.variances + scaled[:, None, None, None] * given.between
    heights = given.log_weights + np.log(population.shares)[:, None]
    return inverse(total), heights - 0.5 * log_det(total)


def exponents(
    given: Likelihoods, expected: FloatArray, precision: FloatArray, heights: FloatArray
) -> FloatArray:
    """Return the log of what every component adds to its person's density, shape (Q, l, n)."""
    if given.means.shape[1] == 1:
        away = expected[:, None, :] - given.means[:, 0]
        away *= away
        terms = away * (-0.5 * precision[..., 0, 0])
        terms += heights
        return np.asarray(terms)
    away = expected[:, None, :] - given.means
    fit = np.einsum("qnk,hnkl,qnl->qhn", away, precision, away, optimize=True)
    return np.asarray(heights - 0.5 * fit)


def _log_densities(
    given: Likelihoods, expected: FloatArray, precision: FloatArray, heights: FloatArray
) -> FloatArray:
    starts = given.starts[:-1]
    terms = exponents(given, expected, precision, heights)
    np.exp(terms, out=terms)
    sums = np.add.reduceat(terms[:, 0] if len(heights) == 1 else terms.sum(axis=1), starts, axis=-1)
    if sums.min() > TINY:
        return np.asarray(np.log(sums))
    # Far outside, where every density is 0 in floating point.
    terms = exponents(given, expected, precision, heights)
    top = np.maximum.reduceat(terms.max(axis=1), starts, axis=-1)
    terms -= np.repeat(top, np.diff(given.starts), axis=-1)[:, None, :]
    return np.asarray(np.log(np.add.reduceat(np.exp(terms).sum(axis=1), starts, axis=-1)) + top)
