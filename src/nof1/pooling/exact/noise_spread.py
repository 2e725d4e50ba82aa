"""How the noise of scores is spread among persons, which all of them together tell.

Everybody's analysis integrates over a prior of the noise SD that holds for anybody. A person with
few scores, or with scores that hardly vary, is then much surer or much less sure than the others
by chance: at the end of a scale a few equal scores would settle what many persons leave open. So
the log noise SD of a person is taken to come from a normal distribution of the population, whose
mean and SD are summed over a grid; a person's own prior is what all *other* persons tell of it.

What a person's likelihood says of the noise is known from its components (`NoiseEvidence`); scores
that are all alike say nothing of it, and such a person's noise is that of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.effect_likelihood import EffectLikelihood, NoiseEvidence

FloatArray = NDArray[np.float64]

#: Prior of the mean of the log noise SD: this share of the scale's range, a factor of e either way.
USUAL_SHARE, USUAL_LOG_SD = 0.1, 1.0
#: SDs of the log noise SD between persons, and the scale of their half-normal prior.
SPREADS = np.array([0.05, 0.1, 0.17, 0.25, 0.35, 0.5, 0.7, 1.0, 1.4])
SPREAD_SCALE = 0.5
#: Means that are summed over: so many, from the lowest of the persons' to the highest, and beyond.
MEANS, BEYOND = 101, 3.5
#: Log height below the top at which a mean is left out.
DEPTH = 25.0
#: SDs of the average's prior in the SD of the prior under which persons tell of their noise.
WIDE = 3.0
#: Width within which log noise SDs are alike, and share of a person's weight that counts for none.
ALIKE, NEGLIGIBLE = 0.04, 1e-9
#: Share of a component of the distribution that is left out.
IMPOSSIBLE = 1e-100
#: Persons who tell it at most, every so-manieth of more.
TELLING = 1000
#: Of so few persons the mean of the log noise SD is no normal distribution, but so many.
FEW, PARTS = 20, 8
#: Persons handled at once.
AT_ONCE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseSpread:
    """What is known of the log noise SD of a person: a mixture of normal distributions.

    Attributes
    ----------
    means, sds, shares : array, shape (l,)
        Of its components.
    """

    means: FloatArray
    sds: FloatArray
    shares: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseAnswer:
    """The likelihoods of all persons under what the others tell of the noise.

    Attributes
    ----------
    likelihoods : tuple of EffectLikelihood
        In the order given, with `noise_gains` where the noise was told, which is then left out:
        of very many persons it takes much memory and is not asked for again.
    next_person : NoiseSpread or None
        What is known of a further person's; None where nobody told.
    """

    likelihoods: tuple[EffectLikelihood, ...]
    next_person: NoiseSpread | None


def learnt_noise(
    people: Sequence[EffectLikelihood], *, span: float, effect_sd: float
) -> NoiseAnswer:
    """Return the likelihoods of persons, each with the noise prior that the others leave.

    Parameters
    ----------
    people : sequence of EffectLikelihood
        Those without `noise` keep their own prior of it, and tell nothing.
    span : float
        Range of the scale, in points.
    effect_sd : float
        SD of the prior of the average effect, in points.
    """
    telling = [index for index, person in enumerate(people) if person.noise is not None]
    if len(telling) < 2:
        return NoiseAnswer(likelihoods=tuple(people), next_person=None)
    some = telling[:: -(-len(telling) // TELLING)]
    alone = [_alone(people[index], WIDE * effect_sd) for index in some]
    means, heights, total = _looked_at(alone, span)
    parts = PARTS if len(telling) <= FEW else 1
    everybody = _spread(total, means, parts)
    # What the others tell is what all tell without the person's own part.
    others = {
        index: _spread(total - mine, means, parts)
        for index, mine in zip(some, heights, strict=True)
    }
    likelihoods = list(people)
    rest = [index for index in telling if index not in others]
    parts_of = [rest[first : first + AT_ONCE] for first in range(0, len(rest), AT_ONCE)]
    alike = [(part, everybody) for part in parts_of]
    for part, spread in (*(([index], noise) for index, noise in others.items()), *alike):
        for index, person in zip(part, _under([people[i] for i in part], spread), strict=True):
            likelihoods[index] = person
    return NoiseAnswer(likelihoods=tuple(likelihoods), next_person=everybody)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alone:
    """What a person's scores say of the log noise SD: ``sum_j exp(w_j) N(x; m_j, v_j)``."""

    means: FloatArray
    variances: FloatArray
    log_weights: FloatArray


def _alone(likelihood: EffectLikelihood, prior_sd: float) -> _Alone:
    """Return what a person says of the noise, every effect likely that the scale allows."""
    noise = likelihood.noise
    if noise is None:
        raise ValueError("a likelihood that tells nothing of the noise")
    total = likelihood.covariances.astype(float) + prior_sd**2 * np.eye(likelihood.means.shape[1])
    pulled = np.linalg.solve(total, likelihood.means.astype(float)[..., None])[..., 0]
    heights = likelihood.log_weights + noise.log_heights.astype(float)
    heights += 0.5 * np.linalg.slogdet(likelihood.covariances.astype(float))[1]
    heights -= 0.5 * (np.linalg.slogdet(total)[1] + (pulled * likelihood.means).sum(axis=1))
    weights = np.exp(heights - heights.max())
    # Components alike in the noise are one, with their weight, mean and variance.
    centres = noise.log_sds.astype(float)
    label = np.unique(np.floor(centres / ALIKE), return_inverse=True)[1]
    mass = np.bincount(label, weights)
    means = np.bincount(label, weights * centres) / mass
    squares = noise.spreads.astype(float) ** 2 + (centres - means[label]) ** 2
    large = mass > NEGLIGIBLE * mass.max()
    return _Alone(
        means=means[large],
        variances=(np.bincount(label, weights * squares) / mass)[large],
        log_weights=np.log(mass[large]),
    )


def _looked_at(people: Sequence[_Alone], span: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the means that are summed over, and log heights there of persons and of all.

    The means are laid out again around the mass until they are no wider than it.
    """
    means = _means(people)
    while True:
        heights = np.array([_heights(person, means) for person in people])
        total = _log_prior(means, span) + heights.sum(axis=0)
        kept = np.flatnonzero(total.max(axis=0) > total.max() - DEPTH)
        low, high = max(int(kept[0]) - 1, 0), min(int(kept[-1]) + 1, len(means) - 1)
        if high - low > len(means) // 3:
            return means, heights, total
        means = np.linspace(means[low], means[high], len(means))


def _means(people: Sequence[_Alone]) -> FloatArray:
    """Return the means of the log noise SD that are looked at first."""
    middle = []
    for person in people:
        weights = np.exp(person.log_weights - person.log_weights.max())
        middle.append(float(weights @ person.means / weights.sum()))
    return np.linspace(min(middle) - BEYOND, max(middle) + BEYOND, MEANS)


def _log_prior(means: FloatArray, span: float) -> FloatArray:
    """Return the log prior weights of spreads and means, shape (S, M)."""
    usual = np.log(USUAL_SHARE * span)
    by_mean = -0.5 * ((means - usual) / USUAL_LOG_SD) ** 2
    by_spread = np.log(np.gradient(SPREADS)) - 0.5 * (SPREADS / SPREAD_SCALE) ** 2
    return np.asarray(by_spread[:, None] + by_mean)


def _heights(person: _Alone, means: FloatArray) -> FloatArray:
    """Return the log density of a person's scores at all spreads and means, shape (S, M)."""
    variances = (SPREADS[:, None] ** 2 + person.variances)[:, None]
    away = means[:, None] - person.means
    terms = person.log_weights - 0.5 * (np.log(variances) + away**2 / variances)
    top = terms.max(axis=-1)
    return np.asarray(top + np.log(np.exp(terms - top[..., None]).sum(axis=-1)))


def _spread(heights: FloatArray, means: FloatArray, parts: int) -> NoiseSpread:
    """Return a person's distribution: at each spread the mean is some normal distributions."""
    # Each spread by itself: of many persons most are all but impossible.
    top = heights.max(axis=1, keepdims=True)
    weights = np.exp(heights - top)
    shares = weights.sum(axis=1, keepdims=True)
    centre = weights @ means[:, None] / shares
    doubt = np.sqrt((weights * (means - centre) ** 2).sum(axis=1, keepdims=True) / shares)
    doubt = np.maximum(doubt, means[1] - means[0])
    weights *= np.exp(top - top.max())
    # Cut at equal steps from three SDs below the centre to three above.
    part = np.clip((means - centre) / doubt * (parts / 6.0) + parts / 2.0, 0, parts - 1)
    inside = part.astype(int)[:, None] == np.arange(parts)[:, None]
    weights = np.where(inside, weights[:, None], 0.0).reshape(-1, len(means))
    shares = np.maximum(weights.sum(axis=1), 1e-300)
    middles = weights @ means / shares
    doubts = (weights * (means - middles[:, None]) ** 2).sum(axis=1) / shares
    sds = np.sqrt(np.repeat(SPREADS, parts) ** 2 + doubts)
    shares /= shares.sum()
    # Many persons rule most spreads out, wherever a noise SD may be.
    left = shares > IMPOSSIBLE
    return NoiseSpread(means=middles[left], sds=sds[left], shares=shares[left])


def _under(people: Sequence[EffectLikelihood], spread: NoiseSpread) -> Iterator[EffectLikelihood]:
    """Yield likelihoods with what one noise prior adds to the log weights of each."""
    counts = [len(person.log_weights) for person in people]
    starts = np.cumsum([0, *counts])

    def joined(name: str) -> FloatArray:
        return np.concatenate([getattr(person.noise, name) for person in people])

    evidence = NoiseEvidence(
        **{name: joined(name) for name in ("log_sds", "spreads", "log_heights")}
    )
    gains = evidence.log_ratio(spread.means, spread.sds, spread.shares)
    gains -= np.repeat(np.maximum.reduceat(gains, starts[:-1]), counts)
    single = gains.astype(np.float32)
    for person, (first, last) in zip(people, pairwise(starts.tolist()), strict=True):
        yield replace(person, noise=None, noise_gains=single[first:last])
