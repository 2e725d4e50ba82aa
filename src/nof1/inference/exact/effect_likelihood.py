"""What the scores of one person say about the effects, whatever one believed before.

The posterior of the effects of all arms is a mixture of normal distributions, one for each node
of the grid. With the prior divided out of each, what is left is the likelihood of the effects
with everything else integrated out: all that pooling needs of a person, and no score. What earlier
persons and this one tell together in a report rests on the very same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.grid import half_lives_on, log_truncated_half_t3
from nof1.inference.exact.posterior import Posterior, arm_signs
from nof1.model.priors import HalfLifePrior

FloatArray = NDArray[np.float64]
AnyFloats = NDArray[np.floating[Any]]
IntArray = NDArray[np.int64]

#: Components are merged whose SDs differ by less than this share, whose means by less than this
#: many of their SDs, and whose half-lives by less than this share of themselves and `LONG` days.
#: What a bin loses of the shape is mostly its fourth moment, which falls with the square of the
#: first: so that is the narrowest.
SD_SHARE, MEAN_SDS, HALF_LIFE_SHARE = 0.14, 0.8, 0.4
#: Bins of less weight are joined to others of their half-life, in bins of SDs and means so many
#: times as wide.
LIGHT, WIDER = 5e-3, 3.0
#: Half-lives well below this many days are all alike.
LONG = 0.4
#: Weight, under a prior three times as wide as the model's, below which a component is dropped.
#: Far from its middle the likelihood rests on components that are light near it.
NEGLIGIBLE = 1e-6
WIDE = 3.0
#: Least share of the wide prior's precision that a component keeps: a flatter one would have its
#: mean so far away that it could not be written with few figures.
FLATTEST = 1e-2
#: Figures after the point of logarithms, and significant ones of all else, that are kept: as a file
#: has them, so that a likelihood is the same before it is written and after it is read. They do
#: not hide the scores: `sharing.coarsening` does.
DECIMALS, FIGURES = 4, 5
#: Figures after the point of what is told of the noise.
NOISE_DECIMALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseEvidence:
    """What each component of a likelihood stands for in the noise SD, so that its prior can change.

    The component has, as a likelihood of the log noise SD, ``exp(log_heights)`` times its weight
    for its mass, which is about normal: under a prior ``f`` of the log noise SD its weight is that
    times the mean of ``f`` over that normal distribution.

    Attributes
    ----------
    log_sds, spreads : array, shape (n,)
        Means and SDs of the log noise SD in points.
    log_heights : array, shape (n,)
        Log of one over the prior that was integrated over, on average, up to a constant.
    """

    log_sds: AnyFloats
    spreads: AnyFloats
    log_heights: AnyFloats

    def __post_init__(self) -> None:
        if not len(self.log_sds) == len(self.spreads) == len(self.log_heights):
            raise ValueError("noise: one number for each component is needed")
        for name in ("log_sds", "spreads", "log_heights"):
            single = np.asarray(getattr(self, name), dtype=np.float32)
            single.setflags(write=False)
            object.__setattr__(self, name, single)

    def log_ratio(self, means: FloatArray, sds: FloatArray, shares: FloatArray) -> FloatArray:
        """Return what another prior of the log noise SD adds to the log weights, shape (n,).

        Parameters
        ----------
        means, sds, shares : array, shape (l,) or (n, l)
            Of the mixture of normal distributions that is the prior, or of each component's.
        """
        variances = sds**2 + self.spreads.astype(float)[:, None] ** 2
        away = self.log_sds.astype(float)[:, None] - means
        terms = np.log(np.maximum(shares, 1e-300))
        terms = terms - 0.5 * (np.log(variances) + away**2 / variances)
        top = terms.max(axis=1)
        total = np.log(np.exp(terms - top[:, None]).sum(axis=1))
        return np.asarray(self.log_heights + top + total)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectLikelihood:
    """The likelihood of a person's effects: ``sum_j exp(w_j - (d - m_j)' V_j^-1 (d - m_j) / 2)``.

    Attributes
    ----------
    means : array, shape (n, k)
        Of the components, in points: effects of each arm but the comparator, against it.
    covariances : array, shape (n, k, k)
        In squared points.
    log_weights : array, shape (n,)
        Log heights; the largest is 0, since a likelihood is known up to a constant.
    half_lives : array, shape (n,), or None
        Half-life that each component stands for, in days: with it the prior of the half-life,
        which is integrated out here, can be exchanged for another. None where the plan fixes it.
    half_life_prior : HalfLifePrior or None
        The prior that was integrated over.
    noise : NoiseEvidence or None
        What each component stands for in the noise SD; None where that was not told.
    scheduled : array, shape (n, k, k), or None
        How much of each effect the difference as scheduled of each active arm holds; None where
        that was not told.
    noise_gains : array, shape (n,), or None
        What others tell of this person's noise adds so much to the log weights; None where nobody
        was asked.
    """

    means: AnyFloats
    covariances: AnyFloats
    log_weights: AnyFloats
    half_lives: AnyFloats | None = None
    half_life_prior: HalfLifePrior | None = None
    noise: NoiseEvidence | None = None
    scheduled: AnyFloats | None = None
    noise_gains: AnyFloats | None = None

    def __post_init__(self) -> None:
        n, k = self.means.shape
        if self.covariances.shape != (n, k, k) or self.log_weights.shape != (n,):
            raise ValueError("means, covariances and weights are not of one size")
        # Five figures need no more, and a hundred thousand persons half the memory.
        optional = ("half_lives", "scheduled", "noise_gains")
        for name in ("means", "covariances", "log_weights", *optional):
            array = getattr(self, name)
            if array is not None:
                single = np.asarray(array, dtype=np.float32)
                single.setflags(write=False)
                object.__setattr__(self, name, single)

    def contrast(self, active: int, comparator: int, effect_sd: float) -> EffectLikelihood:
        """Return the likelihood of one contrast of arms.

        Of several effects what the contrast leaves open is integrated out over their prior, and the
        prior of the contrast is divided out again.

        Parameters
        ----------
        active, comparator : int
            Numbers of the arms compared; 0 is the one that all effects are against.
        effect_sd : float
            SD of the prior of every effect against it, in points.

        Returns
        -------
        EffectLikelihood
            Of one effect, which tells neither half-lives nor noise; itself where it has one alone.
        """
        k = self.means.shape[1]
        if k == 1 and comparator == 0:
            return self
        signs = arm_signs(k, active, comparator)
        means, precisions = self.means.astype(float), _inverse(self.covariances.astype(float))
        pull = np.einsum("nkl,nl->nk", precisions, means)
        covariances = _inverse(precisions + np.eye(k) / effect_sd**2)
        moved = np.einsum("nkl,nl->nk", covariances, pull)
        heights = self.log_weights.astype(float) + 0.5 * (
            _log_det(covariances) + _dot(pull, moved) - _dot(pull, means)
        )
        weights = np.exp(heights - heights.max())
        means, covariances, log_weights = _without(
            np.array([[1.0 / (effect_sd**2 * (signs @ signs))]]),
            (moved @ signs)[:, None],
            np.einsum("nkl,k,l->n", covariances, signs, signs)[:, None, None],
            weights / weights.sum(),
        )
        return EffectLikelihood(means=means, covariances=covariances, log_weights=log_weights)

    def log_density(self, effects: FloatArray) -> FloatArray:
        """Return the log likelihood at effects of shape (..., k), up to a constant."""
        away = np.asarray(effects, dtype=float)[..., None, :] - self.means
        precision = np.linalg.inv(self.covariances.astype(float))
        terms = self.log_weights - 0.5 * np.einsum("...nk,nkl,...nl->...n", away, precision, away)
        top = terms.max(axis=-1)
        return np.asarray(top + np.log(np.exp(terms - top[..., None]).sum(axis=-1)))


def effect_likelihood(posterior: Posterior) -> EffectLikelihood:
    """Return the likelihood of the effects of all arms: their posterior without their prior.

    A component ``N(m, C)`` under the prior ``N(0, s^2 I)`` is the likelihood ``N(m_L, V)`` with
    ``V^-1 = C^-1 - I / s^2`` and ``m_L = V C^-1 m``. Components alike in means and SDs are merged,
    keeping weight, mean and covariance, under a prior three times as wide as the model's, where
    they are normal and comparable; that prior is divided out at last.

    Parameters
    ----------
    posterior : Posterior
        Of one person.
    """
    stack = posterior.stack
    k = stack.nodes.means.shape[-1]
    size = stack.weights[0].size
    rows = slice(posterior.row * size, (posterior.row + 1) * size)
    means = stack.nodes.means.reshape(-1, k)[rows]
    precision = _inverse(stack.nodes.covariances.reshape(-1, k, k)[rows])
    weights = stack.weights[posterior.row].ravel()
    prior = stack.integrand.priors.effect_sd**-2.0 * np.eye(k)
    wide = prior / WIDE**2
    with np.errstate(divide="ignore"):
        log_weights = np.log(weights) + 0.5 * _log_det(precision)
    pull = np.einsum("nkl,nl->nk", precision, means)
    widened = precision - prior + wide
    covariances = _inverse(widened)
    moved = np.einsum("nkl,nl->nk", covariances, pull)
    log_weights += 0.5 * (_dot(pull, moved) - _dot(pull, means) - _log_det(widened))
    weights = np.exp(log_weights - log_weights.max())
    kept = np.flatnonzero(weights > 1e-2 * NEGLIGIBLE * weights.sum())
    merged = _merged(
        _Components(
            means=moved[kept],
            covariances=covariances[kept],
            weights=weights[kept] / weights[kept].sum(),
            **_parameters(posterior, kept),
        )
    )
    left = _without(wide, merged.means, merged.covariances, merged.weights)
    learnt = posterior.inputs.plan.fixed_half_life_days is None
    return EffectLikelihood(
        means=left[0],
        covariances=left[1],
        log_weights=left[2],
        half_lives=rounded(merged.half_lives) if learnt else None,
        half_life_prior=stack.integrand.priors.half_life if learnt else None,
        noise=_noise(merged),
        scheduled=np.round(merged.scheduled, DECIMALS) + 0.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Components:
    """Normal components of a posterior of the effects, with what else they stand for.

    Attributes
    ----------
    means, covariances, weights : array, shape (n, k), (n, k, k), (n,)
        The weights sum to 1.
    half_lives : array, shape (n,)
        Of the fall where rise and fall have their own.
    scheduled : array, shape (n, k, k)
        Share of every effect in the difference as scheduled of every arm.
    noise : array, shape (n, 3)
        One over the prior of the log noise SD, and the same times its first two powers.
    """

    means: FloatArray
    covariances: FloatArray
    weights: FloatArray
    half_lives: FloatArray
    scheduled: FloatArray
    noise: FloatArray


def _parameters(posterior: Posterior, kept: IntArray) -> dict[str, FloatArray]:
    """Return what some of the nodes stand for besides the effects; see `_Components`."""
    stack, inputs = posterior.stack, posterior.inputs
    _, f, _, h, s = np.unravel_index(kept, stack.weights[:1].shape)
    fall, _ = half_lives_on(stack.integrand, stack.grid)[posterior.row]
    by_arm = [inputs.as_scheduled_weights(arm, 0) for arm in range(1, len(inputs.arms))]
    shares = np.einsum("an,hnk->hak", np.array(by_arm), stack.exposures[posterior.row])
    sigma = stack.grid.axes.sigma[posterior.row]
    log_sd = np.log(sigma)
    log_prior = log_truncated_half_t3(sigma, stack.integrand.priors) + log_sd
    powers = np.stack([np.ones_like(log_sd), log_sd, log_sd**2], axis=-1)
    noise = np.exp(log_prior.min() - log_prior)[..., None] * powers
    return {"half_lives": fall[h], "scheduled": shares[h], "noise": noise[f, s]}


def _merged(components: _Components) -> _Components:
    """Return fewer components of the same total mean and covariance, weights and half-lives."""
    covariances, weights = components.covariances, components.weights
    centre = weights @ components.means
    away = components.means - centre
    label = _bins(components, away)
    weight = np.bincount(label, weights)
    large = weight > NEGLIGIBLE
    weight = weight[large]

    def averaged(values: FloatArray) -> FloatArray:
        flat = values.reshape(len(values), -1)
        columns = [np.bincount(label, weights * column)[large] / weight for column in flat.T]
        return np.stack(columns, axis=-1).reshape(-1, *values.shape[1:])

    mean = averaged(away)
    square = averaged(covariances + away[:, :, None] * away[:, None, :])
    return _Components(
        means=mean + centre,
        covariances=square - mean[:, :, None] * mean[:, None, :],
        weights=weight,
        half_lives=averaged(components.half_lives),
        scheduled=averaged(components.scheduled),
        noise=averaged(components.noise),
    )


def _bins(components: _Components, away: FloatArray) -> IntArray:
    """Return the bin of each component, by SDs, means and half-life; light ones in wider bins."""
    log_sds = 0.5 * np.log(np.diagonal(components.covariances, axis1=1, axis2=2))
    half_life = np.floor(np.log(components.half_lives / LONG + 1.0) / HALF_LIFE_SHARE)
    bins = _numbered(log_sds, away, half_life, 1.0)
    weight = np.bincount(bins, components.weights)
    light = np.flatnonzero((weight < LIGHT)[bins])
    bins[light] = len(weight) + _numbered(log_sds[light], away[light], half_life[light], WIDER)
    return np.unique(bins, return_inverse=True)[1] if away.shape[1] > 1 else bins


def _numbered(
    log_sds: FloatArray, away: FloatArray, half_life: FloatArray, times: float
) -> IntArray:
    """Return the numbers of bins, of SDs and means so many `times` as wide as the narrowest."""
    sd_bin = np.floor(log_sds / (times * SD_SHARE))
    width = times * MEAN_SDS * np.exp((sd_bin + 0.5) * (times * SD_SHARE))
    numbers = np.zeros(len(away), dtype=np.int64)
    for column in (*sd_bin.T, *np.floor(away / width).T, half_life):
        number = column.astype(np.int64)
        number -= number.min(initial=0)
        numbers = numbers * (number.max(initial=0) + 1) + number
    if away.shape[1] > 1:  # with several effects nearly all bins are empty
        return np.unique(numbers, return_inverse=True)[1]
    return numbers


def _noise(merged: _Components) -> NoiseEvidence:
    """Return what is told of the noise SD."""
    mass, first, second = merged.noise.T
    mean = first / mass
    spread = np.sqrt(np.maximum(second / mass - mean**2, 0.0))
    heights = np.log(mass)
    return NoiseEvidence(
        log_sds=np.round(mean, NOISE_DECIMALS) + 0.0,
        spreads=np.round(spread, NOISE_DECIMALS) + 0.0,
        log_heights=np.round(heights - heights.max(), NOISE_DECIMALS) + 0.0,
    )


def _without(
    prior: FloatArray, means: FloatArray, covariances: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the components with the precision of a prior centred on 0 taken away from each."""
    precision = _inverse(covariances)
    # A component merged of several may be a little wider than the prior it is divided by.
    least = FLATTEST * prior[0, 0]
    if len(prior) == 1:
        left = 1.0 / np.maximum(precision - prior, least)
    else:
        values, vectors = np.linalg.eigh(precision - prior)
        left = (vectors / np.maximum(values, least)[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    pull = np.einsum("nkl,nl->nk", precision, means)
    centre = np.einsum("nkl,nl->nk", left, pull)
    heights = np.log(weights) + 0.5 * (_log_det(precision) + _dot(pull, centre) - _dot(pull, means))
    return rounded(centre), rounded(left), np.round(heights - heights.max(), DECIMALS) + 0.0


def rounded(values: FloatArray) -> FloatArray:
    """Return numbers with the significant figures that a file keeps."""
    size = np.floor(np.log10(np.maximum(np.abs(values), 1e-300)))
    places = FIGURES - 1 - np.maximum(size, -300.0)
    # Both powers are exact, so that the quotient is the double nearest to the decimal.
    up, down = 10.0 ** np.maximum(places, 0.0), 10.0 ** np.maximum(-places, 0.0)
    return np.asarray(np.rint(values * up / down) * down / up) + 0.0


def _inverse(matrices: FloatArray) -> FloatArray:
    return 1.0 / matrices if matrices.shape[-1] == 1 else np.linalg.inv(matrices)


def _log_det(matrices: FloatArray) -> FloatArray:
    if matrices.shape[-1] == 1:
        return np.log(matrices[:, 0, 0])
    return np.asarray(np.linalg.slogdet(matrices)[1])


def _dot(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("nk,nk->n", left, right))
