"""The likelihoods of many persons' effects, one after another in few large arrays.

A person's likelihood is a mixture of normal densities (`inference.exact.effect_likelihood`), all
that pooling needs of a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, starmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.effect_likelihood import EffectLikelihood, NoiseEvidence
from nof1.pooling.persons.half_life_spread import HalfLives
from nof1.pooling.small_matrices import inverse, log_det, upper_triangle

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
AnyFloats = NDArray[np.floating[Any]]

#: Numbers handled at once: more cost cache, fewer cost calls.
AT_ONCE = 120_000
#: What every component of a person's likelihood has, and what it may tell of the noise.
_OF_COMPONENTS = ("means", "covariances", "log_weights", "half_lives", "scheduled")
_NOISE = ("log_sds", "spreads", "log_heights")


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
        for i, j in zip(*upper_triangle(mean.shape[-1]), strict=True):
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
