"""What the scores of one person say about the effects, whatever one believed before.

The posterior of the effects of all arms is a mixture of normal distributions, one for each node
of the grid. With the prior divided out of each, what is left is the likelihood of the effects
with everything else integrated out: all that pooling needs of a person, and no score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.inference.grid import half_lives_on
from nof1.inference.posterior import Posterior
from nof1.model.priors import HalfLifePrior

FloatArray = NDArray[np.float64]
AnyFloats = NDArray[np.floating[Any]]

#: Components are merged whose SDs differ by less than this share, whose means by less than this
#: many of their SDs, and whose half-lives by less than this share of themselves and `LONG` days;
#: within these bins, shape is lost of the order of the squares.
SD_SHARE, MEAN_SDS, HALF_LIFE_SHARE = 0.3, 0.8, 0.4
#: Half-lives well below this many days are all alike.
LONG = 0.4
#: Weight, under a prior three times as wide as the model's, below which a component is dropped.
NEGLIGIBLE = 1e-6
WIDE = 3.0
#: Least share of the wide prior's precision that a component keeps: a flatter one would have its
#: mean so far away that it could not be written with few figures.
FLATTEST = 1e-2
#: Figures after the point of logarithms, and significant ones of all else, that are kept: few, so
#: that the scores cannot be worked out from them, and as a file has them, so that a likelihood is
#: the same before it is written and after it is read.
DECIMALS, FIGURES = 4, 5


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
    """

    means: AnyFloats
    covariances: AnyFloats
    log_weights: AnyFloats
    half_lives: AnyFloats | None = None
    half_life_prior: HalfLifePrior | None = None

    def __post_init__(self) -> None:
        n, k = self.means.shape
        if self.covariances.shape != (n, k, k) or self.log_weights.shape != (n,):
            raise ValueError("means, covariances and weights are not of one size")
        # Five figures need no more, and a hundred thousand persons half the memory.
        for name in ("means", "covariances", "log_weights", "half_lives"):
            array = getattr(self, name)
            if array is not None:
                single = np.asarray(array, dtype=np.float32)
                single.setflags(write=False)
                object.__setattr__(self, name, single)

    def log_density(self, effects: FloatArray) -> FloatArray:
        """Return the log likelihood at effects of shape (..., k), up to a constant."""
        away = np.asarray(effects, dtype=float)[..., None, :] - self.means
        precision = np.linalg.inv(self.covariances.astype(float))
        terms = self.log_weights - 0.5 * np.einsum("...nk,nkl,...nl->...n", away, precision, away)
        top = terms.max(axis=-1)
        return np.asarray(top + np.log(np.exp(terms - top[..., None]).sum(axis=-1)))


def effect_likelihood(found: Posterior) -> EffectLikelihood:
    """Return the likelihood of the effects of all arms: their posterior without their prior.

    A component ``N(m, C)`` under the prior ``N(0, s^2 I)`` is the likelihood ``N(m_L, V)`` with
    ``V^-1 = C^-1 - I / s^2`` and ``m_L = V C^-1 m``. Components alike in means and SDs are merged,
    keeping weight, mean and covariance, under a prior three times as wide as the model's, where
    they are normal and comparable; that prior is divided out at last.

    Parameters
    ----------
    found : Posterior
        Of one person.
    """
    stack = found.stack
    k = stack.nodes.means.shape[-1]
    size = stack.weights[0].size
    rows = slice(found.row * size, (found.row + 1) * size)
    means = stack.nodes.means.reshape(-1, k)[rows]
    precision = _inverse(stack.nodes.covariances.reshape(-1, k, k)[rows])
    weights = stack.weights[found.row].ravel()
    prior = stack.integrand.priors.effect_sd**-2.0 * np.eye(k)
    wide = prior / WIDE**2
    with np.errstate(divide="ignore"):
        log_weights = np.log(weights) + 0.5 * _log_det(precision)
    pull = np.einsum("nkl,nl->nk", precision, means)
    widened = precision - prior + wide
    covariances = _inverse(widened)
    moved = np.einsum("nkl,nl->nk", covariances, pull)
    log_weights += 0.5 * (_dot(pull, moved) - _dot(pull, means) - _log_det(widened))
    half_lives = _half_lives(found)
    merged = _merged(moved, covariances, np.exp(log_weights - log_weights.max()), half_lives)
    left = _without(wide, *merged[:3])
    if found.given.plan.fixed_half_life_days is not None:
        return EffectLikelihood(means=left[0], covariances=left[1], log_weights=left[2])
    return EffectLikelihood(
        means=left[0],
        covariances=left[1],
        log_weights=left[2],
        half_lives=rounded(merged[3]),
        half_life_prior=stack.integrand.priors.half_life,
    )


def _half_lives(found: Posterior) -> FloatArray:
    """Return the half-life of every node, of the fall where rise and fall have their own."""
    stack = found.stack
    fall, _ = half_lives_on(stack.integrand, stack.grid)[found.row]
    return np.broadcast_to(fall[:, None], stack.weights.shape[1:]).ravel()


def _merged(
    means: FloatArray, covariances: FloatArray, weights: FloatArray, half_lives: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return fewer components of the same total mean and covariance, weights and half-lives."""
    weights = weights / weights.sum()
    kept = weights > 1e-2 * NEGLIGIBLE
    means, covariances, weights = means[kept], covariances[kept], weights[kept]
    half_lives = half_lives[kept]
    centre = weights @ means
    away = means - centre
    sd_bin = np.floor(0.5 * np.log(np.diagonal(covariances, axis1=1, axis2=2)) / SD_SHARE)
    width = MEAN_SDS * np.exp((sd_bin + 0.5) * SD_SHARE)
    h_bin = np.floor(np.log(half_lives / LONG + 1.0) / HALF_LIFE_SHARE)
    label = np.zeros(len(weights), dtype=np.int64)
    for column in (*sd_bin.T, *np.floor(away / width).T, h_bin):
        number = column.astype(np.int64)
        number -= number.min()
        label = label * (number.max() + 1) + number
    if len(centre) > 1:  # with several effects nearly all bins are empty
        label = np.unique(label, return_inverse=True)[1]

    def summed(values: FloatArray) -> FloatArray:
        flat = values.reshape(len(values), -1)
        columns = [np.bincount(label, weights * column) for column in flat.T]
        return np.stack(columns, axis=-1).reshape(-1, *values.shape[1:])

    weight = np.bincount(label, weights)
    large = weight > NEGLIGIBLE
    weight = weight[large]
    mean = summed(away)[large] / weight[:, None]
    square = summed(covariances + away[:, :, None] * away[:, None, :])[large]
    spread = square / weight[:, None, None] - mean[:, :, None] * mean[:, None, :]
    return mean + centre, spread, weight, summed(half_lives)[large] / weight


def _without(
    prior: FloatArray, means: FloatArray, covariances: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the components with the precision of a prior centred on 0 taken away from each."""
    precision = _inverse(covariances)
    values, vectors = np.linalg.eigh(precision - prior)
    # A component merged of several may be a little wider than the prior it is divided by.
    values = np.maximum(values, FLATTEST * prior[0, 0])
    left = (vectors / values[:, None, :]) @ np.swapaxes(vectors, 1, 2)
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
