"""The part of the posterior that is Gaussian, integrated in closed form at every node.

Given half-life, phi, the ratio r of period SD to noise SD, and the noise SD sigma, everything
else (level, trend, covariates, effects, period shifts) is jointly Gaussian. The products of all
columns that AR(1) noise needs are summed once for each distance between neighbouring scores, so
that a node's cost does not depend on the length of the trial. The period shifts are eliminated
through the eigenvalues of their Gram matrix, which do not depend on r; level, trend and
covariates through a small inverse that does not depend on the half-life. What is left for every
node is the precision and the right-hand side of the effects: two matrix products.

Several persons are evaluated at once, so that NumPy's cost of a call is shared: every array
begins with the persons' axis B. The other axes are F (phi), R (ratio), H (half-life), S (sigma).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from math import log, pi, prod

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.products import Products, columns_of, products_of
from nof1.model.model_input import ModelInput
from nof1.model.priors import PointPriors, point_priors

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """Values of the four parameters at the nodes of each person's grid.

    Attributes
    ----------
    phi : array, shape (B, F)
        Correlation at the usual spacing.
    ratio : array, shape (B, R)
        Period SD over noise SD.
    sigma : array, shape (B, F, S)
        Noise SD in points; may differ with phi.
    """

    phi: FloatArray
    ratio: FloatArray
    sigma: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegratedNodes:
    """What is left after the Gaussian part is integrated out.

    Attributes
    ----------
    log_likelihood : array, shape (B, F, R, H, S)
        Log marginal likelihood of the scores.
    means : array, shape (B, F, R, H, S, k)
        Conditional posterior means of the steady-state effects of the k active arms, in points.
    covariances : array, shape (B, F, R, H, S, k, k)
        Their conditional posterior covariances.
    fixed_means : array, shape (m, B, F, R, S)
        Conditional means of level, trend and covariates when all effects are 0.
    fixed_covariances : array, shape (m, m, B, F, R, S)
        Their conditional covariances when the effects are known.
    crossed : array, shape (B, F, R, H, k, m)
        Products of effects with level, trend and covariates, period shifts eliminated.
    """

    log_likelihood: FloatArray
    means: FloatArray
    covariances: FloatArray
    fixed_means: FloatArray
    fixed_covariances: FloatArray
    crossed: FloatArray

    def moments(self, weights: FloatArray) -> FloatArray:
        """Return mean and SD of every effect, shape (B, k, 2).

        Parameters
        ----------
        weights : array, shape (B, F, R, H, S)
            Of the nodes; each person's sum to 1.
        """
        b, k = len(weights), self.means.shape[-1]
        weights = weights.reshape(b, 1, -1)
        parts = []
        for arm in range(k):
            means = self.means[..., arm].reshape(b, -1)
            variances = self.covariances[..., arm, arm].reshape(b, -1, 1)
            mean = weights @ means[:, :, None]
            spread = weights @ (means[:, :, None] - mean) ** 2 + weights @ variances
            parts.append(np.concatenate([mean, np.sqrt(spread)], axis=2))
        return np.concatenate(parts, axis=1)

    def subset(self, index: IntArray) -> IntegratedNodes:
        """Return the nodes of some of the persons."""
        return IntegratedNodes(
            log_likelihood=self.log_likelihood[index],
            means=self.means[index],
            covariances=self.covariances[index],
            fixed_means=self.fixed_means[:, index],
            fixed_covariances=self.fixed_covariances[:, :, index],
            crossed=self.crossed[index],
        )


class Integrand:
    """Some persons' scores, ready to be evaluated at any nodes.

    Parameters
    ----------
    people : sequence of ModelInput
        Alike in plan, scale, number of arms, periods and covariates.
    """

    def __init__(self, people: Sequence[ModelInput]) -> None:
        first = people[0]
        self.people = tuple(people)
        self.priors: PointPriors = point_priors(first)
        self.plan, self.span = first.plan, first.span
        self.with_periods = first.plan.period_effects == "random"
        self.n = np.array([inputs.n for inputs in people], dtype=float)
        self.centre = np.array([inputs.score.mean() for inputs in people])
        self.spread = np.array([inputs.score.std() for inputs in people])
        #: Whose scores are all alike.
        self.alike = np.array([inputs.all_alike for inputs in people])
        self.log_innovations = np.array(
            [np.log(inputs.innovation_precision).sum() for inputs in people]
        )
        self.n_effects = first.dose.shape[1]
        trend = [self.priors.trend_sd] if first.plan.trend == "linear" else []
        covariates = [self.priors.covariate_sd] * first.covariates.shape[1]
        #: Precisions of level, trend and covariates.
        self.fixed_precision = np.array([self.priors.level_sd, *trend, *covariates]) ** -2.0
        self.columns = tuple(columns_of(inputs, self._static(inputs)) for inputs in people)

    def _static(self, inputs: ModelInput) -> FloatArray:
        """Return the columns that no parameter changes: fixed, score less its mean, periods."""
        trend = [inputs.trend] if self.plan.trend == "linear" else []
        periods = inputs.period_share if self.with_periods else inputs.period_share[:, :0]
        centred = inputs.score - inputs.score.mean()
        return np.column_stack([np.ones(inputs.n), *trend, inputs.covariates, centred, periods])

    def subset(self, index: IntArray) -> Integrand:
        """Return the integrand of some of the persons."""
        part = copy(self)
        part.people = tuple(self.people[i] for i in index)
        part.columns = tuple(self.columns[i] for i in index)
        part.n, part.centre, part.spread = self.n[index], self.centre[index], self.spread[index]
        part.alike = self.alike[index]
        part.log_innovations = self.log_innovations[index]
        return part

    def products(self, half_lives: Sequence[tuple[FloatArray, FloatArray | None]]) -> Products:
        """Return the products at each person's half-lives of fall and rise, shapes (H,)."""
        exposures = tuple(
            inputs.exposure(fall, rise)
            for inputs, (fall, rise) in zip(self.people, half_lives, strict=True)
        )
        return products_of(self.columns, exposures)

    def at(self, axes: Axes, products: Products) -> IntegratedNodes:
        """Return the integrated likelihood and the effects' conditional posterior at every node."""
        m = len(self.fixed_precision)
        static, crossed, squared, log_det = self._reduced(axes, products)
        inv_s2 = np.asarray(axes.sigma**-2.0)[:, :, None, :]
        fixed, rights = self._fixed(static, inv_s2)
        covariance, log_det_fixed = _inverted(fixed)
        means = (covariance * rights).sum(axis=1)
        away = (self.priors.level_mean - self.centre)[:, None, None, None]
        quadratic = (
            static[..., m, m][..., None] * inv_s2
            + away**2 * self.fixed_precision[0]
            - (rights * means).sum(axis=0)
        )
        precision, right = self._effects(crossed, squared, covariance, means, inv_s2)
        effect_means, effect_covariances, explained, log_det_effects = _solved(
            precision, right, self.priors.effect_sd**-2.0
        )
        of_fixed = -0.5 * (
            self.n[:, None, None, None] * (log(2 * pi) - np.log(inv_s2))
            - self.log_innovations[:, None, None, None]
            + log_det[..., None]
            + log_det_fixed
            - np.log(self.fixed_precision).sum()
            + quadratic
        )
        # In place from here on: these are the arrays with an entry for every node.
        log_likelihood = np.subtract(explained, log_det_effects, out=explained)
        log_likelihood *= 0.5
        log_likelihood += of_fixed[:, :, :, None, :]
        return IntegratedNodes(
            log_likelihood=log_likelihood,
            means=effect_means,
            covariances=effect_covariances,
            fixed_means=means,
            fixed_covariances=covariance,
            crossed=crossed[..., :m],
        )

    def _fixed(self, static: FloatArray, inv_s2: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return precision (m, m, B, F, R, S) and right-hand side (m, ...) of the fixed part."""
        m = len(self.fixed_precision)
        products = np.moveaxis(static, (-2, -1), (0, 1))[..., None]
        precision = products[:m, :m] * inv_s2
        precision[np.arange(m), np.arange(m)] += self.fixed_precision[:, None, None, None, None]
        rights = products[:m, m] * inv_s2
        away = (self.priors.level_mean - self.centre)[:, None, None, None]
        rights[0] += away * self.fixed_precision[0]
        return precision, rights

    def _effects(
        self,
        crossed: FloatArray,
        squared: FloatArray,
        covariance: FloatArray,
        means: FloatArray,
        inv_s2: FloatArray,
    ) -> tuple[list[FloatArray], list[FloatArray]]:
        """Return precision, for each pair of arms, and right-hand side, for each arm.

        Both are linear in products that do not depend on sigma, with coefficients that do not
        depend on the half-life.
        """
        m, k = len(self.fixed_precision), self.n_effects
        lower, upper = np.triu_indices(m)
        twice = np.where(lower == upper, 1.0, 2.0)[:, None, None, None, None]
        scale = np.broadcast_to(inv_s2, covariance.shape[2:])
        by_product = np.concatenate(
            [scale[None], -twice * covariance[lower, upper] * scale**2], axis=0
        )
        arms = [(i, j) for i in range(k) for j in range(i, k)]
        products = [
            np.concatenate(
                [
                    squared[..., i, j, None],
                    # Half of the sum either way round: the coefficients count both.
                    0.5
                    * (
                        crossed[..., i, lower] * crossed[..., j, upper]
                        + crossed[..., j, lower] * crossed[..., i, upper]
                    )
                    if i != j
                    else crossed[..., i, lower] * crossed[..., i, upper],
                ],
                axis=-1,
            )
            for i, j in arms
        ]
        by_product = np.moveaxis(by_product, 0, -2)
        precision = [p @ by_product for p in products]
        by_score = np.moveaxis(np.concatenate([-means * scale, scale[None]], axis=0), 0, -2)
        right = [crossed[..., i, : m + 1] @ by_score for i in range(k)]
        return precision, right

    def _reduced(
        self, axes: Axes, products: Products
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return the products of columns with noise whitened and period shifts eliminated.

        Static ones, shape (B, F, R, m + 1, m + 1); effects with static ones, (B, F, R, H, k,
        m + 1); effects with effects, (B, F, R, H, k, k); and the log determinant of the scores'
        correlation, (B, F, R). The static columns are level, trend, covariates and scores.
        """
        m, k, h = len(self.fixed_precision), self.n_effects, len(products.exposures[0])
        q = self.columns[0].sums.shape[-1]
        whitened, log_det_noise = products.whitened(axes.phi)
        b, f = axes.phi.shape
        static = whitened[..., : q * q].reshape(b, f, q, q)
        crossed = whitened[..., q * q : q * (q + h * k)].reshape(b, f, h * k, q)
        squared = whitened[..., q * (q + h * k) :].reshape(b, f, h * k * k)
        whole = np.concatenate(
            [
                static[..., : m + 1, : m + 1].reshape(b, f, -1),
                crossed[..., : m + 1].reshape(b, f, -1),
                squared,
            ],
            axis=-1,
        )
        eigenvalues, vectors = np.linalg.eigh(static[..., m + 1 :, m + 1 :])
        eigenvalues = np.maximum(eigenvalues, 0.0)
        square = axes.ratio[:, None, None, :] ** 2
        inflation = square * eigenvalues[..., None]
        shrink = square / (1.0 + inflation)
        log_det = log_det_noise[..., None] + np.log1p(inflation).sum(axis=2)

        loads_static = static[..., : m + 1, m + 1 :] @ vectors
        loads_effect = (crossed[..., m + 1 :] @ vectors).reshape(b, f, h, k, q - m - 1)
        pairs = (
            loads_static[..., :, None, :] * loads_static[..., None, :, :],
            loads_effect[..., None, :] * loads_static[:, :, None, None],
            loads_effect[..., :, None, :] * loads_effect[..., None, :, :],
        )
        p = loads_static.shape[-1]
        explained = np.concatenate(
            [pair.reshape(b, f, prod(pair.shape[2:-1]), p) for pair in pairs], axis=2
        )
        reduced = np.swapaxes(whole[..., None] - explained @ shrink, -1, -2)
        r = square.shape[-1]
        cut = (m + 1) ** 2, (m + 1) ** 2 + h * k * (m + 1)
        return (
            reduced[..., : cut[0]].reshape(b, f, r, m + 1, m + 1),
            reduced[..., cut[0] : cut[1]].reshape(b, f, r, h, k, m + 1),
            reduced[..., cut[1] :].reshape(b, f, r, h, k, k),
            log_det,
        )


def _inverted(matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return inverses and log determinants of symmetric matrices, shape (m, m, ...), by sweeps."""
    m = len(matrix)
    swept, log_det = matrix.copy(), np.zeros(matrix.shape[2:])
    for i in range(m):
        pivot = swept[i, i].copy()
        log_det += np.log(pivot)
        row = swept[i] / pivot
        column = swept[:, i].copy()
        swept -= column[:, None] * row[None]
        swept[i], swept[:, i] = row, -column / pivot
        swept[i, i] = 1.0 / pivot
    return swept, log_det


def _solved(
    precision: list[FloatArray], right: list[FloatArray], prior_precision: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return means, covariances, explained quadratic form and log precision of the effects.

    Precision comes as the entries of its upper triangle, without the prior, and may be written
    over, as the right-hand side; the log precision is relative to the prior's.
    """
    k = len(right)
    if k == 1:
        total = np.add(precision[0], prior_precision, out=precision[0])
        variances = 1.0 / total
        means = right[0] * variances
        explained = np.multiply(right[0], means, out=right[0])
        log_det = np.log(total, out=total)
        log_det -= log(prior_precision)
        return means[..., None], variances[..., None, None], explained, log_det
    full = np.empty((*right[0].shape, k, k))
    for entry, (i, j) in zip(precision, zip(*np.triu_indices(k), strict=True), strict=True):
        full[..., i, j] = full[..., j, i] = entry
    full[..., np.arange(k), np.arange(k)] += prior_precision
    rights = np.stack(right, axis=-1)
    covariances = np.linalg.inv(full)
    solution = np.einsum("...ij,...j->...i", covariances, rights)
    log_det = np.linalg.slogdet(full / prior_precision)[1]
    return solution, covariances, np.einsum("...i,...i->...", rights, solution), log_det
