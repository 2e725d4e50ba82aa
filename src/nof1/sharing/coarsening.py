"""A coarser likelihood of a person's effects: six numbers for each effect, with noise on each.

The whole likelihood has hundreds of exact numbers, enough to work out the scores that somebody
does not know from those they do. Nearly all that a pool learns from them is, at every half-life h,
where the likelihood of the effect has its middle m(h) and how wide it is, s(h). Both are smooth in
h, so that few numbers tell them. How probable h itself is follows: without an effect there is
nothing to carry over, so that the likelihood of no effect at all is the same at every half-life.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from itertools import count
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.effect_likelihood import DECIMALS, WIDE, EffectLikelihood, rounded
from nof1.model.priors import HalfLifePrior
from nof1.sharing.contribution import Contribution
from nof1.sharing.shared_likelihood import AddedNoise, SharedLikelihood

FloatArray = NDArray[np.float64]

#: Half-lives at which the coarse likelihood is written; the largest is this quantile of the prior.
NODES, FARTHEST = 24, 0.99
#: Half-lives well below this many days are all alike.
LONG = 0.4
#: Degree of the polynomials in the axis of half-lives.
DEGREE = 2
#: SD of the noise on each coefficient of m(h) / s(h), and of log s(h).
MEAN_NOISE, LOG_SD_NOISE = 0.1, 0.05
#: Weight that every half-life has in the fit besides its own.
EVEN_WEIGHT = 0.001
#: Correlations of effects against one comparator hang on the design; they are told in such steps.
CORRELATION_STEP = 0.1
#: Least eigenvalue of a matrix of rounded correlations.
LEAST = 0.05


def coarsened(contribution: Contribution, *, effect_sd: float, key: str) -> Contribution:
    """Return a contribution of level ``likelihood`` at level ``coarse``.

    Its numerical error, which follows from the scores too, is left out.

    Parameters
    ----------
    contribution : Contribution
        Of level ``likelihood``.
    effect_sd, key
        See `coarse`.
    """
    likelihood = SharedLikelihood.of(
        coarse(
            contribution.likelihood.effects(),
            effect_sd=effect_sd,
            key=key,
            salt=contribution.outcome.id,
        ),
        error=None,
        better_model=contribution.likelihood.better_model,
        added_noise=AddedNoise(means=MEAN_NOISE, log_sds=LOG_SD_NOISE),
    )
    return contribution.model_copy(update={"level": "coarse", "likelihood": likelihood})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The components of one half-life, taken together.

    Attributes
    ----------
    half_life : float or None
    weight : float
        Under the wide prior; of all groups together 1.
    mean, covariance : array, shape (k,), (k, k)
        Of the normal likelihood that stands for them.
    """

    half_life: float | None
    weight: float
    mean: FloatArray
    covariance: FloatArray


def coarse(
    likelihood: EffectLikelihood, *, effect_sd: float, key: str, salt: str
) -> EffectLikelihood:
    """Return the coarser likelihood of a person's effects.

    There is one normal component at each of `NODES` half-lives, fixed by the prior of the
    half-life alone. For each effect ``log s`` is a parabola in ``log(1 + h / LONG)`` fitted to the
    whole likelihood, with noise of SD `LOG_SD_NOISE` on its three coefficients (of Legendre
    polynomials); ``m / s`` is one fitted with that ``s``, with noise of SD `MEAN_NOISE`. Then ``s``
    is made wider by what the noise on ``m`` asks for, and heights are those at which no effect is
    equally likely everywhere.

    Parameters
    ----------
    likelihood : EffectLikelihood
        Of one person.
    effect_sd : float
        SD of the prior of an effect in the person's own analysis, in points.
    key : str
        Secret of the trial, so that the noise is the same each time; it must not leave.
    salt : str
        Public text that parts the noise of several outcomes.

    Returns
    -------
    EffectLikelihood
        With figures as a file has them.
    """
    groups = _groups(likelihood, effect_sd)
    prior = likelihood.half_life_prior if likelihood.half_lives is not None else None
    nodes = _nodes(prior)
    basis, at_groups = _bases(nodes, groups)
    noise = _Noise(key, salt)
    scores, log_sds = [], []
    weights = np.sqrt([group.weight + EVEN_WEIGHT for group in groups])
    for effect in range(likelihood.means.shape[1]):
        log_sd = np.array([0.5 * np.log(group.covariance[effect, effect]) for group in groups])
        mean = np.array([group.mean[effect] for group in groups])
        own = _fitted(at_groups, weights, log_sd) + LOG_SD_NOISE * _taken(noise, basis)
        score = _fitted(at_groups, weights, mean / np.exp(at_groups @ own))
        score += MEAN_NOISE * _taken(noise, basis)
        log_sds.append(basis @ own)
        scores.append(basis @ score)
    sds = np.exp(np.stack(log_sds, axis=-1))
    means = rounded(np.stack(scores, axis=-1) * sds)
    sds *= np.sqrt(1.0 + MEAN_NOISE**2 * (basis**2).sum(axis=1))[:, None]
    covariances = rounded(sds[:, :, None] * sds[:, None, :] * _correlations(groups))
    heights = 0.5 * np.einsum("nk,nkl,nl->n", means, np.linalg.inv(covariances), means)
    if prior is None:
        return EffectLikelihood(means=means, covariances=covariances, log_weights=np.zeros(1))
    heights += np.log(_masses(prior, nodes))
    return EffectLikelihood(
        means=means,
        covariances=covariances,
        log_weights=np.round(heights - heights.max(), DECIMALS) + 0.0,
        half_lives=rounded(nodes),
        half_life_prior=prior,
    )


def _groups(likelihood: EffectLikelihood, effect_sd: float) -> list[_Group]:
    """Return one normal likelihood for each half-life.

    Components are joined where they are comparable: under a prior `WIDE` times as wide as the
    person's own, keeping weight, mean and covariance; it is divided out again.
    """
    k = likelihood.means.shape[1]
    wide = np.eye(k) / (WIDE * effect_sd) ** 2
    means, precisions = (
        likelihood.means.astype(float),
        np.linalg.inv(likelihood.covariances.astype(float)),
    )
    pull = np.einsum("nkl,nl->nk", precisions, means)
    covariances = np.linalg.inv(precisions + wide)
    moved = np.einsum("nkl,nl->nk", covariances, pull)
    log_weights = likelihood.log_weights.astype(float) + 0.5 * (
        np.linalg.slogdet(covariances)[1]
        + np.einsum("nk,nk->n", pull, moved)
        - np.einsum("nk,nk->n", pull, means)
    )
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    half_lives = np.zeros(len(weights)) if likelihood.half_lives is None else likelihood.half_lives
    places = np.floor(_axis(half_lives.astype(float)) / 0.4)
    groups = []
    for place in np.unique(places):
        mine = places == place
        weight = float(weights[mine].sum())
        share = weights[mine] / weight
        mean = share @ moved[mine]
        away = moved[mine] - mean
        square = covariances[mine] + away[:, :, None] * away[:, None, :]
        inside = np.linalg.inv(np.einsum("n,nkl->kl", share, square))
        values, vectors = np.linalg.eigh(inside - wide)
        covariance = (vectors / np.maximum(values, 1e-2 * wide[0, 0])) @ vectors.T
        groups.append(
            _Group(
                half_life=None
                if likelihood.half_lives is None
                else float(share @ half_lives[mine]),
                weight=weight,
                mean=covariance @ inside @ mean,
                covariance=covariance,
            )
        )
    return groups


def _axis(half_lives: FloatArray) -> FloatArray:
    return np.log1p(half_lives / LONG)


def _nodes(prior: HalfLifePrior | None) -> FloatArray:
    """Return the half-lives at which a coarse likelihood is written; one that is none if fixed."""
    if prior is None:
        return np.zeros(1)
    _, last = prior.interval(2.0 * FARTHEST - 1.0)
    steps = (np.arange(NODES) + 0.5) / NODES
    return np.asarray(LONG * np.expm1(steps * _axis(np.array(last))))


def _masses(prior: HalfLifePrior, nodes: FloatArray) -> FloatArray:
    """Return the prior probability of the half-lives that each node stands for."""
    axis = _axis(nodes)
    edges = LONG * np.expm1(0.5 * (axis[1:] + axis[:-1]))
    return np.diff(np.concatenate([[0.0], prior.cdf(edges), [1.0]]))


def _bases(nodes: FloatArray, groups: list[_Group]) -> tuple[FloatArray, FloatArray]:
    """Return the polynomials at the nodes and at the groups, shapes (n, p), (g, p).

    Where the whole likelihood has no weight, what is at the nearest half-life stands.
    """
    if groups[0].half_life is None:
        return np.ones((1, 1)), np.ones((1, 1))
    axis = _axis(nodes)
    first, last = float(axis[0]), float(axis[-1])
    mine = _axis(np.array([group.half_life for group in groups], dtype=float))
    degree = min(DEGREE, len(groups) - 1)

    def polynomials(x: FloatArray) -> FloatArray:
        scaled = 2.0 * (np.clip(x, first, last) - first) / (last - first) - 1.0
        return np.asarray(np.polynomial.legendre.legvander(scaled, degree))

    return polynomials(np.clip(axis, mine.min(), mine.max())), polynomials(mine)


def _fitted(basis: FloatArray, weights: FloatArray, values: FloatArray) -> FloatArray:
    """Return the coefficients of weighted least squares."""
    return np.linalg.lstsq(weights[:, None] * basis, weights * values, rcond=None)[0]


def _correlations(groups: list[_Group]) -> FloatArray:
    """Return the correlations of the effects, averaged over half-lives, in steps."""
    mean = sum(group.weight * group.covariance / _outer(group.covariance) for group in groups)
    steps = np.rint(np.asarray(mean) / CORRELATION_STEP) * CORRELATION_STEP
    np.fill_diagonal(steps, 1.0)
    values, vectors = np.linalg.eigh(steps)
    if values.min() >= LEAST:
        return steps
    positive = (vectors * np.maximum(values, LEAST)) @ vectors.T
    return np.asarray(positive / _outer(positive))


def _outer(covariance: FloatArray) -> FloatArray:
    sds = np.sqrt(np.diag(covariance))
    return np.asarray(sds[:, None] * sds)


class _Noise:
    """Standard normal numbers that follow from a secret key, the same on every machine."""

    def __init__(self, key: str, salt: str) -> None:
        self.key, self.salt = key.encode(), salt
        self.numbers = count()

    def __next__(self) -> float:
        text = f"{self.salt} {next(self.numbers)}".encode()
        digest = hmac.digest(self.key, text, "sha256")
        return NormalDist().inv_cdf((int.from_bytes(digest[:6]) + 0.5) / 2**48)


def _taken(noise: _Noise, basis: FloatArray) -> FloatArray:
    """Return one number for each polynomial."""
    return np.array([next(noise) for _ in range(basis.shape[1])])
