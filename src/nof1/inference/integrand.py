"""The part of the posterior that is Gaussian, integrated in closed form at every node.

Given half-life, phi, the ratio r of period SD to noise SD, and the noise SD sigma, everything
else (level, trend, effects, period shifts) is jointly Gaussian. The scores are whitened for their
AR(1) noise, the period shifts are eliminated through the eigenvalues of their Gram matrix (which
do not depend on r), and level and trend by Gaussian elimination, so that a node costs a few dozen
floating-point operations however long the trial is.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log, pi

import numpy as np
from numpy.typing import NDArray

from nof1.model.autoregression import whiten
from nof1.model.model_input import ModelInput
from nof1.model.priors import PointPriors, point_priors

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """Values of the four parameters at the nodes of a grid.

    Attributes
    ----------
    half_life : array, shape (H,)
        Days.
    phi : array, shape (F,)
        Correlation at the usual spacing.
    ratio : array, shape (R,)
        Period SD over noise SD.
    sigma : array, shape (F, S)
        Noise SD in points; may differ with phi.
    """

    half_life: FloatArray
    phi: FloatArray
    ratio: FloatArray
    sigma: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """What is left after the Gaussian part is integrated out; k effects, one per active arm.

    Attributes
    ----------
    log_likelihood : array, shape (F, H, R, S)
        Log marginal likelihood of the scores.
    means : array, shape (F, H, R, S, k)
        Conditional posterior means of the steady-state effects, in points.
    covariances : array, shape (F, H, R, S, k, k)
        Their conditional posterior covariances.
    """

    log_likelihood: FloatArray
    means: FloatArray
    covariances: FloatArray


class Integrand:
    """One person's scores, ready to be evaluated at any node.

    Parameters
    ----------
    given : ModelInput
        Scores and design.
    """

    def __init__(self, given: ModelInput) -> None:
        self.given = given
        self.priors: PointPriors = point_priors(given)
        fixed = [np.ones(given.n)]
        variances = [self.priors.level_sd**2]
        if given.plan.trend == "linear":
            fixed.append(given.trend)
            variances.append(self.priors.trend_sd**2)
        self.fixed_variances = tuple(variances)
        centred = given.score - self.priors.level_mean
        self.with_periods = given.plan.period_effects == "random"
        periods = given.period_share if self.with_periods else given.period_share[:, :0]
        self.static = np.column_stack([*fixed, centred, periods])
        self.n_effects = given.dose.shape[1]

    def at(self, axes: Axes) -> Nodes:
        """Return the integrated likelihood and the effects' conditional posterior at every node."""
        s, e, k = (
            len(self.fixed_variances),
            len(self.fixed_variances) + self.n_effects,
            self.n_effects,
        )
        gram, log_det = self._gram(axes)
        sigma2 = (axes.sigma**2)[:, None, None, :]
        matrix = {ij: value[..., None] / sigma2 for ij, value in gram.items()}
        variances = (*self.fixed_variances, *(self.priors.effect_sd**2,) * k)
        for i, variance in enumerate(variances):
            matrix[i, i] = matrix[i, i] + 1.0 / variance
        log_pivots: FloatArray = np.zeros(1)
        for i in range(s):
            pivot = matrix[i, i]
            log_pivots = log_pivots + np.log(pivot * variances[i])
            for row in range(i + 1, e + 1):
                factor = matrix[i, row] / pivot
                for column in range(row, e + 1):
                    matrix[row, column] = matrix[row, column] - factor * matrix[i, column]
        quadratic = matrix[e, e]
        means, covariances, explained, log_precision = self._effects(matrix, s, k)
        log_likelihood = -0.5 * self.given.n * (np.log(sigma2) + log(2 * pi)) - 0.5 * (
            log_det[..., None] + log_pivots + log_precision + quadratic - explained
        )
        return Nodes(log_likelihood=log_likelihood, means=means, covariances=covariances)

    def _effects(
        self, matrix: dict[tuple[int, int], FloatArray], s: int, k: int
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return means, covariances, explained quadratic form and log precision of the effects."""
        prior_variance, e = self.priors.effect_sd**2, s + k
        if k == 1:
            precision, right = matrix[s, s], matrix[s, e]
            means = right / precision
            return (
                means[..., None],
                (1.0 / precision)[..., None, None],
                right * means,
                np.log(precision * prior_variance),
            )
        block = np.stack(
            [
                np.stack([matrix[min(i, j), max(i, j)] for j in range(s, e)], axis=-1)
                for i in range(s, e)
            ],
            axis=-2,
        )
        rights = np.stack([matrix[i, e] for i in range(s, e)], axis=-1)
        covariances = np.linalg.inv(block)
        means = np.einsum("...ij,...j->...i", covariances, rights)
        log_precision = np.linalg.slogdet(block * prior_variance)[1]
        return means, covariances, np.einsum("...i,...i->...", rights, means), log_precision

    def _gram(self, axes: Axes) -> tuple[dict[tuple[int, int], FloatArray], FloatArray]:
        """Return the Gram entries of level, trend, effects and scores, period shifts eliminated.

        Entry (i, j), i <= j, has shape (F, H or 1, R); the order is level, trend, effects, scores.
        The second result, shape (F, 1, R), is the log determinant of the scores' correlation.
        """
        s, k = len(self.fixed_variances), self.n_effects
        root = np.sqrt(self.given.innovation_precision)[:, None]
        static, log_det_noise = whiten(self.static, self.given.lag, axes.phi)
        effects, _ = whiten(self.given.exposure(axes.half_life), self.given.lag, axes.phi)
        static, effects = static * root, effects * root
        log_det_noise = log_det_noise - np.log(self.given.innovation_precision).sum()
        products = np.swapaxes(static, -1, -2) @ static
        crossed = np.swapaxes(effects, -1, -2) @ static[:, None]
        squared = np.swapaxes(effects, -1, -2) @ effects
        eigenvalues, vectors = np.linalg.eigh(products[:, s + 1 :, s + 1 :])
        eigenvalues = np.maximum(eigenvalues, 0.0)
        loads_static = np.swapaxes(vectors, -1, -2) @ products[:, s + 1 :, : s + 1]
        loads_effect = crossed[..., s + 1 :] @ vectors[:, None]
        square = axes.ratio[:, None] ** 2
        inflation = square * eigenvalues[:, None, :]
        shrink = square / (1.0 + inflation)
        log_det = log_det_noise[:, None] + np.log1p(inflation).sum(axis=-1)

        def reduced(whole: FloatArray, left: FloatArray, right: FloatArray) -> FloatArray:
            entry: FloatArray = whole[..., None] - np.einsum("fhp,frp->fhr", left * right, shrink)
            return entry

        def static_entry(i: int, j: int) -> FloatArray:
            left, right = loads_static[:, None, :, i], loads_static[:, None, :, j]
            return reduced(products[:, i, j][:, None], left, right)

        place = {**{i: i for i in range(s)}, s: s + k}
        gram = {
            (place[i], place[j]): static_entry(i, j) for i in range(s + 1) for j in range(i, s + 1)
        }
        for a in range(k):
            load = loads_effect[:, :, a]
            for i in range(s + 1):
                entry = reduced(crossed[:, :, a, i], load, loads_static[:, None, :, i])
                gram[(i, s + a) if i < s else (s + a, s + k)] = entry
            for b in range(a, k):
                gram[s + a, s + b] = reduced(squared[:, :, a, b], load, loads_effect[:, :, b])
        return gram, log_det[:, None, :]


def log_half_t3(value: FloatArray, scale: float) -> FloatArray:
    """Return the log density of a half-t distribution with 3 degrees of freedom."""
    constant = log(2.0) + lgamma(2.0) - lgamma(1.5) - 0.5 * log(3.0 * pi) - log(scale)
    return np.asarray(constant - 2.0 * np.log1p((value / scale) ** 2 / 3.0))
