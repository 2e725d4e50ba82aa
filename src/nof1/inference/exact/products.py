r"""Sums of products of a trial's columns over its scores, from which AR(1) noise is whitened.

Products of whitened columns are sums over scores of one distance from the one before, made once,
with weights that depend on phi alone (`model.autoregression.gram_weights`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.model.autoregression import correlation_by_log, gram_weights
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreColumns:
    """One person's columns that no parameter changes, ready for products with exposures.

    Attributes
    ----------
    lag, count : arrays, shape (G,)
        Distances of neighbouring scores and how many there are; the first is infinite and
        stands for the first score.
    order : int array, shape (n,)
        The scores by their distance from the one before.
    weight : array, shape (n, 1)
        Root of the innovations' precisions, in order of time.
    both : array, shape (n, 2 q)
        Every score's columns, then those of the score before, by distance.
    sums : array, shape (G, 3, q, q)
        Products of the columns with one another: now, now and before, before.
    """

    lag: FloatArray
    count: IntArray
    order: IntArray
    weight: FloatArray
    both: FloatArray
    sums: FloatArray

    @property
    def stretches(self) -> list[slice]:
        """Return where the scores of each distance lie in `order`."""
        ends = np.cumsum(self.count).tolist()
        return [slice(a, b) for a, b in zip([0, *ends], ends, strict=False)]


def columns_of(inputs: ModelInput, static: FloatArray) -> ScoreColumns:
    """Return one person's columns; `static` has shape (n, q)."""
    q = static.shape[1]
    weight = np.sqrt(inputs.innovation_precision)[:, None]
    lags, group = np.unique(inputs.lag[1:], return_inverse=True)
    order = np.concatenate([[0], np.argsort(group, kind="stable") + 1])
    both = (np.concatenate([static, _before(static)], axis=1) * weight)[order]
    columns = ScoreColumns(
        lag=np.concatenate([[np.inf], lags]),
        count=np.concatenate([[1], np.bincount(group, minlength=len(lags))]),
        order=order,
        weight=weight,
        both=both,
        sums=np.empty((len(lags) + 1, 3, q, q)),
    )
    for part, into in zip(columns.stretches, columns.sums, strict=True):
        _fill(into, both[part].T, both[part])
    return columns


def _fill(into: FloatArray, rows: FloatArray, both: FloatArray) -> None:
    """Fill in products of some columns, now and before, shape (2 p, n), with the static ones.

    `into` has shape (3, p, q): now, now and before either way round, before.
    """
    _, p, q = into.shape
    products = rows @ both
    into[0], into[2] = products[:p, :q], products[p:, q:]
    np.add(products[:p, q:], products[p:, :q], out=into[1])


def _before(columns: FloatArray) -> FloatArray:
    """Return the row before every row, along the second last axis; zeros before the first."""
    shifted = np.zeros_like(columns)
    shifted[..., 1:, :] = columns[..., :-1, :]
    return shifted


def _products(columns: ScoreColumns, exposure: FloatArray) -> FloatArray:
    """Return the sums of products of one person's columns, shape (G, 3, E)."""
    h, n, k = exposure.shape
    g, _, q, _ = columns.sums.shape
    effects = (np.stack([exposure, _before(exposure)]) * columns.weight)[:, :, columns.order]
    products = np.empty((g, 3, q * q + h * k * q + h * k * k))
    products[:, :, : q * q] = columns.sums.reshape(g, 3, -1)
    by_row = np.moveaxis(effects, -1, 2).reshape(2 * h * k, n)
    crossed = products[:, :, q * q : q * q + h * k * q].reshape(g, 3, h * k, q)
    for part, into in zip(columns.stretches, crossed, strict=True):
        _fill(into, by_row[:, part], columns.both[part])
    now, before = effects[..., :, None], effects[..., None, :]
    mixed = now[0] * before[1]
    squares = np.stack([now[0] * before[0], mixed + np.swapaxes(mixed, -1, -2), now[1] * before[1]])
    summed = np.add.reduceat(squares, np.cumsum(columns.count) - columns.count, axis=2)
    products[:, :, q * q + h * k * q :] = np.moveaxis(summed, 2, 0).reshape(g, 3, -1)
    return products


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """Sums of products of columns at given half-lives, one set for each distance of scores.

    Attributes
    ----------
    lag : array, shape (B, G)
        Distances in usual spacings; the first stands for the first score and is infinite.
    count : array, shape (B, G)
        How many scores have each.
    sums : array, shape (B, 3 G, E)
        Products of each score with itself, with the score before, and of that with itself.
    exposures : tuple of arrays, shape (H, n, k)
        Each person's, from which they were made.
    """

    lag: FloatArray
    count: FloatArray
    sums: FloatArray
    exposures: tuple[FloatArray, ...]

    def subset(self, index: IntArray) -> Products:
        """Return the products of some of the persons."""
        return Products(
            lag=self.lag[index],
            count=self.count[index],
            sums=self.sums[index],
            exposures=tuple(self.exposures[i] for i in index),
        )

    def whitened(self, phi: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the products of columns whitened for AR(1) noise, and its log determinant.

        Parameters
        ----------
        phi : array, shape (B, F)
            Correlation at the usual spacing.

        Returns
        -------
        whitened : array, shape (B, F, E)
        log_determinant : array, shape (B, F)
        """
        *weights, log_variance = gram_weights(
            correlation_by_log(np.log(phi)[..., None], self.lag[:, None, :])
        )
        log_det = (log_variance * self.count[:, None, :]).sum(axis=-1)
        return np.stack(weights, axis=-1).reshape(*phi.shape, -1) @ self.sums, log_det


def products_of(columns: Sequence[ScoreColumns], exposures: tuple[FloatArray, ...]) -> Products:
    """Return the products of several persons' columns and exposures, shapes (H, n, k)."""
    per_person = [
        _products(person, exposure) for person, exposure in zip(columns, exposures, strict=True)
    ]
    most = max(len(products) for products in per_person)
    lag, count = np.ones((len(per_person), most)), np.zeros((len(per_person), most))
    sums = np.zeros((len(per_person), most, *per_person[0].shape[1:]))
    for row, (person, products) in enumerate(zip(columns, per_person, strict=True)):
        n = len(products)
        lag[row, :n], count[row, :n], sums[row, :n] = person.lag, person.count, products
    return Products(
        lag=lag,
        count=count,
        sums=sums.reshape(len(per_person), 3 * most, -1),
        exposures=exposures,
    )
