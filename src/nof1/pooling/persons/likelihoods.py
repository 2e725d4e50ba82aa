"""The likelihoods of many persons' effects, and how probable each is in a population.

A person's likelihood is a mixture of normal densities (`inference.exact.effect_likelihood`). Where
the effects of the persons scatter around ``x' b`` with covariance ``s^2 K``, the scores of person i
have the density

    p_i(b, s) = sum_j w_ij N(x' b; m_ij, V_ij + s^2 K)

so that nothing of a person is needed but the components.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby, pairwise, starmap
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.effect_likelihood import EffectLikelihood, NoiseEvidence
from nof1.pooling.persons.half_life_spread import HalfLives

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
AnyFloats = NDArray[np.floating[Any]]

#: Numbers handled at once: more cost cache, fewer cost calls.
AT_ONCE = 120_000
#: Of so few priors every person's sums are taken prior by prior, of more person by person.
FEW_PRIORS = 3
#: What every component of a person's likelihood has, and what it may tell of the noise.
_OF_COMPONENTS = ("means", "covariances", "log_weights", "half_lives", "scheduled")
_NOISE = ("log_sds", "spreads", "log_heights")
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

    Kept in single precision; `double` gives what is computed with.

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
        parts = [self.part(person, person + 1) for person in persons.tolist()]
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

    def double(self) -> Likelihoods:
        """Return the likelihoods in double precision, with what others tell of the noise."""
        log_weights = self.log_weights.astype(float)
        if self.noise_gains is not None:
            log_weights += self.noise_gains
        return replace(
            self,
            means=self.means.astype(float),
            variances=self.variances.astype(float),
            log_weights=log_weights,
            noise_gains=None,
        )

    def alone(self) -> Likelihoods:
        """Return the likelihoods in double precision as every person's own scores give them."""
        return replace(self, noise_gains=None).double()

    def log_weights_under(self, priors: Sequence[HalfLives | None]) -> FloatArray:
        """Return the log weights under other priors of the half-life, shape (A, n).

        None leaves everybody's own.
        """
        log_weights = np.repeat(
            np.asarray(self.log_weights, dtype=float)[None], len(priors), axis=0
        )
        if self.half_lives is not None and self.log_priors is not None:
            days = self.half_lives.astype(float)
            for row, prior in zip(log_weights, priors, strict=True):
                if prior is not None:
                    row += np.log(np.maximum(prior.density(days), 1e-300)) - self.log_priors
        return log_weights

    def moments(
        self, priors: Sequence[HalfLives | None], prior_sd: float
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return what each person's effects are under a normal prior of them.

        Parameters
        ----------
        priors : sequence
            Of the half-life, as `log_weights_under` takes them.
        prior_sd : float
            SD of the prior of every effect, in points.

        Returns
        -------
        array, array, array, shape (A, B, k), (A, B, k, k), (A,)
            Means, covariances, and the sum over persons of the log density of their scores.
        """
        wide = prior_sd**2 * np.eye(self.means.shape[1])
        total = self.variances + wide
        gain = prior_sd**2 * inverse(total)
        means = np.einsum("nij,nj->ni", gain, self.means)
        covariances = wide - prior_sd**2 * gain
        fit = (self.means * means).sum(axis=1)
        heights = self.log_weights_under(priors) - 0.5 * (log_det(total) + fit / prior_sd**2)
        top = np.maximum.reduceat(heights, self.starts[:-1], axis=1)
        weights = np.exp(heights - self._repeated(top))
        mass = self._added(weights)
        weights /= self._repeated(mass)
        mean = np.stack([self._added(weights * column) for column in means.T], axis=-1)
        spread = np.empty((*mean.shape, mean.shape[-1]))
        for i, j in zip(*_upper(mean.shape[-1]), strict=True):
            square = self._added(weights * (covariances[:, i, j] + means[:, i] * means[:, j]))
            spread[..., i, j] = spread[..., j, i] = square - mean[..., i] * mean[..., j]
        return mean, spread, (top + np.log(mass)).sum(axis=1)

    def _added(self, values: FloatArray) -> FloatArray:
        """Return sums over each person's components, along the last axis."""
        return np.asarray(np.add.reduceat(values, self.starts[:-1], axis=-1))

    def _repeated(self, values: FloatArray) -> FloatArray:
        """Return each person's value for every component, along the last axis."""
        return np.repeat(values, np.diff(self.starts), axis=-1)

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


def in_one_piece(people: Sequence[EffectLikelihood]) -> list[EffectLikelihood]:
    """Return likelihoods whose numbers of a kind stand in one array, which is freed as a whole.

    Freed one by one, small arrays leave holes between others that nothing large can use.
    """
    pieces = list(people)
    kinds: dict[tuple[object, ...], list[int]] = {}
    for index, person in enumerate(people):
        lacking = (person.half_lives is None, person.noise is None, person.scheduled is None)
        kinds.setdefault((person.means.shape[1], *lacking), []).append(index)
    for indices in kinds.values():
        some = [people[index] for index in indices]
        whole = {
            name: _joined([getattr(person, name) for person in some]) for name in _OF_COMPONENTS
        }
        noises = {
            name: _joined([getattr(person.noise, name, None) for person in some]) for name in _NOISE
        }
        ends = np.cumsum([0, *(len(person.log_weights) for person in some)]).tolist()
        for index, rows in zip(indices, starmap(slice, pairwise(ends)), strict=True):
            own = {name: all_of[rows] for name, all_of in whole.items() if all_of is not None}
            noise = {name: all_of[rows] for name, all_of in noises.items() if all_of is not None}
            changes: dict[str, Any] = {**own, "noise": NoiseEvidence(**noise) if noise else None}
            pieces[index] = replace(people[index], **changes)
    return pieces


def gathered(people: Sequence[EffectLikelihood], design: FloatArray) -> Likelihoods:
    """Return the likelihoods of several persons one after another.

    Parameters
    ----------
    people : sequence of EffectLikelihood
        With the same number k of effects.
    design : array, shape (k, p)
        See `Likelihoods`.
    """
    covariances = np.concatenate([person.covariances for person in people])
    heights = np.concatenate([person.log_weights for person in people])
    # Heights become weights of densities; the constant of pi is the same for all.
    heights = (heights + 0.5 * log_det(covariances.astype(float))).astype(np.float32)
    half_lives = _joined([person.half_lives for person in people])
    return Likelihoods(
        design=design,
        means=np.concatenate([person.means for person in people]),
        variances=covariances,
        log_weights=heights,
        starts=np.cumsum([0, *(len(person.log_weights) for person in people)]),
        half_lives=half_lives,
        log_priors=None if half_lives is None else _log_priors(people, half_lives),
        noise_gains=_joined(_noise_gains(people)),
        scheduled=_joined([person.scheduled for person in people]),
    )


def _log_priors(people: Sequence[EffectLikelihood], half_lives: AnyFloats) -> AnyFloats | None:
    """Return the log density of everybody's prior at the half-lives, one after another."""
    log_priors, first = [], 0
    # Persons of one protocol have one prior: its density is worked out for many at once.
    for prior, own in groupby(people, key=lambda likelihood: likelihood.half_life_prior):
        if prior is None:
            return None
        last = first + sum(len(person.log_weights) for person in own)
        for start in range(first, last, AT_ONCE):
            some = half_lives[start : min(start + AT_ONCE, last)]
            log_priors.append(np.log(prior.density(some)).astype(np.float32))
        first = last
    return np.concatenate(log_priors)


def _noise_gains(people: Sequence[EffectLikelihood]) -> list[AnyFloats | None]:
    """Return every person's gains, zeros where others have some; None where nobody has."""
    if all(person.noise_gains is None for person in people):
        return [None]
    return [
        np.zeros(len(person.log_weights), dtype=np.float32)
        if person.noise_gains is None
        else person.noise_gains
        for person in people
    ]


def inverse(matrices: FloatArray) -> FloatArray:
    """Return the inverses of symmetric matrices, shape (..., k, k)."""
    k = matrices.shape[-1]
    if k == 1:
        return 1.0 / matrices
    if k > 2:
        return np.linalg.inv(matrices)
    # Written out: a call for every small matrix would cost twenty times as much.
    inverses = np.empty_like(matrices)
    inverses[..., 0, 0], inverses[..., 1, 1] = matrices[..., 1, 1], matrices[..., 0, 0]
    inverses[..., 0, 1] = inverses[..., 1, 0] = -matrices[..., 0, 1]
    inverses /= (inverses[..., 0, 0] * inverses[..., 1, 1] - inverses[..., 0, 1] ** 2)[
        ..., None, None
    ]
    return inverses


def log_det(matrices: FloatArray) -> FloatArray:
    """Return the log determinants of symmetric matrices, shape (..., k, k)."""
    k = matrices.shape[-1]
    if k == 1:
        return np.log(matrices[..., 0, 0])
    if k > 2:
        return np.asarray(np.linalg.slogdet(matrices)[1])
    crossed = matrices[..., 0, 1] ** 2
    return np.asarray(np.log(matrices[..., 0, 0] * matrices[..., 1, 1] - crossed))


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
    i, j = _upper(likelihoods.means.shape[1])
    squares = np.where(i == j, -0.5, -1.0) * precision[..., i, j]
    k, width = len(i), heights.size
    terms = np.empty((1 + pull.shape[-1] + k, width))
    terms[0] = constant.ravel()
    terms[1:-k] = pull.reshape(width, -1).T
    terms[-k:] = squares.reshape(width, -1).T
    return terms


def _powers(expected: FloatArray) -> FloatArray:
    """Return 1, the expected effects and their products, (Q, k) to (Q, F)."""
    i, j = _upper(expected.shape[1])
    powers = np.empty((len(expected), 1 + expected.shape[1] + len(i)))
    powers[:, 0] = 1.0
    powers[:, 1 : -len(i)] = expected
    powers[:, -len(i) :] = expected[:, i] * expected[:, j]
    return powers


@cache
def _upper(k: int) -> tuple[IntArray, IntArray]:
    """Return rows and columns of the upper triangle: asked for with every few persons."""
    return np.triu_indices(k)


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
