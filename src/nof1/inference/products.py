r"""Sums of products of a trial's columns over its scores, from which AR(1) noise is whitened.

The whitened row of a score at distance g from the one before is
:math:`(z_i - \rho z_{i-1}) / \sqrt{1 - \rho^2}` with :math:`\rho = \phi^g`. Products of whitened
columns are therefore sums over scores of one distance, made once, with coefficients that depend
on phi alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """One person's columns that no parameter changes, ready for products with exposures.

    Attributes
    ----------
    lag, count : arrays, shape (G,)
        Distances of neighbouring scores and how many there are; the first is infinite and
        stands for the first score.
    member : array, shape (n, G)
        1 where a score has the distance.
    weight : array, shape (n, 1)
        Root of the innovations' precisions.
    pairs : array, shape (n, 2 G q)
        Every score's columns, then those of the score before, for each distance; 0 elsewhere.
    sums : array, shape (G, 3, q, q)
        Products of the columns with one another: now, now and before, before.
    """

    lag: FloatArray
    count: FloatArray
    member: FloatArray
    weight: FloatArray
    pairs: FloatArray
    sums: FloatArray


def columns_of(given: ModelInput, static: FloatArray) -> Columns:
    """Return one person's columns; `static` has shape (n, q)."""
    n, q = static.shape
    weight = np.sqrt(given.innovation_precision)[:, None]
    lags, group = np.unique(given.lag[1:], return_inverse=True)
    member = np.zeros((n, len(lags) + 1))
    member[np.arange(n), np.concatenate([[0], group + 1])] = 1.0
    now, before = static * weight, _before(static) * weight
    both = np.concatenate([now, before], axis=1)
    pairs = (member[:, :, None] * both[:, None, :]).reshape(n, -1)
    products = (both.T @ pairs).reshape(2, q, -1, 2, q)
    sums = np.stack(
        [products[0, :, :, 0], products[0, :, :, 1] + products[1, :, :, 0], products[1, :, :, 1]]
    )
    return Columns(
        lag=np.concatenate([[np.inf], lags]),
        count=member.sum(axis=0),
        member=member,
        weight=weight,
        pairs=pairs,
        sums=np.ascontiguousarray(np.moveaxis(sums, 2, 0)),
    )


def _before(columns: FloatArray) -> FloatArray:
    """Return the row before every row, along the second last axis; zeros before the first."""
    found = np.zeros_like(columns)
    found[..., 1:, :] = columns[..., :-1, :]
    return found


def _products(columns: Columns, exposure: FloatArray) -> FloatArray:
    """Return the sums of products of one person's columns, shape (G, 3, E)."""
    h, n, k = exposure.shape
    g, _, q, _ = columns.sums.shape
    effects = np.stack([exposure, _before(exposure)]) * columns.weight
    found = np.empty((g, 3, q * q + h * k * q + h * k * k))
    found[:, :, : q * q] = columns.sums.reshape(g, 3, -1)
    by_row = np.moveaxis(effects, -1, 2).reshape(2 * h * k, n)
    crossed = (by_row @ columns.pairs).reshape(2, h * k, g, 2, q).transpose(2, 0, 3, 1, 4)
    into = found[:, :, q * q : q * q + h * k * q].reshape(g, 3, h * k, q)
    into[:, 0], into[:, 2] = crossed[:, 0, 0], crossed[:, 1, 1]
    np.add(crossed[:, 0, 1], crossed[:, 1, 0], out=into[:, 1])
    now, before = effects
    outer = now[..., :, None], before[..., :, None]
    squares = np.stack(
        [
            outer[0] * now[..., None, :],
            outer[0] * before[..., None, :] + outer[1] * now[..., None, :],
            outer[1] * before[..., None, :],
        ]
    )
    summed = np.moveaxis(squares, 2, -1).reshape(-1, n) @ columns.member
    found[:, :, q * q + h * k * q :] = np.moveaxis(summed.reshape(3, -1, g), -1, 0)
    return found


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
        rho = np.exp(np.log(phi)[..., None] * self.lag[:, None, :])
        variance = 1.0 - rho**2
        coefficients = np.stack([np.ones_like(rho), -rho, rho**2], axis=-1) / variance[..., None]
        log_det = (np.log(variance) * self.count[:, None, :]).sum(axis=-1)
        return coefficients.reshape(*phi.shape, -1) @ self.sums, log_det


def products_of(columns: Sequence[Columns], exposures: tuple[FloatArray, ...]) -> Products:
    """Return the products of several persons' columns and exposures, shapes (H, n, k)."""
    found = [_products(one, exposure) for one, exposure in zip(columns, exposures, strict=True)]
    most = max(len(products) for products in found)
    lag, count = np.ones((len(found), most)), np.zeros((len(found), most))
    sums = np.zeros((len(found), most, *found[0].shape[1:]))
    for row, (one, products) in enumerate(zip(columns, found, strict=True)):
        n = len(products)
        lag[row, :n], count[row, :n], sums[row, :n] = one.lag, one.count, products
    return Products(
        lag=lag,
        count=count,
        sums=sums.reshape(len(found), 3 * most, -1),
        exposures=exposures,
    )
