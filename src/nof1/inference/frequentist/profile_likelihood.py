"""The likelihood of AR(1) noise by calendar gaps and period shifts, for many score vectors at once.

Score vectors of one design share all that depends on the design alone: sums of products of
neighbouring rows by their distance, made once, give the Gram matrix of the whitened rows at every
phi as a sum of few terms (`model.autoregression.gram_weights`).
"""

from __future__ import annotations

from math import log, pi

import numpy as np
from numpy.typing import NDArray

from nof1.model.autoregression import correlation, gram_weights

FloatArray = NDArray[np.float64]


class SharedProducts:
    """What score vectors share: products of neighbouring rows, summed by their distance.

    Parameters
    ----------
    x : array, shape (n, p)
        Regressors of full rank.
    periods : array, shape (n, k)
        Share of every score in every period; no column for no period effects.
    lag : array, shape (n,)
        Distance to the score before, in usual spacings.
    precision : array, shape (n,), or None
        What the precision of each score given the one before is multiplied by; None for ones.
    restricted : bool
        Restricted likelihood, or full.
    """

    def __init__(
        self,
        x: FloatArray,
        periods: FloatArray,
        lag: FloatArray,
        precision: FloatArray | None = None,
        *,
        restricted: bool,
    ) -> None:
        #: The periods' columns come first.
        self.columns = np.column_stack([periods, x])
        self.n, self.p = (int(size) for size in x.shape)
        self.k = int(periods.shape[1])
        self.restricted = restricted
        self.precision = np.ones(self.n) if precision is None else precision
        self.distance, group = np.unique(lag[1:], return_inverse=True)
        #: 1 where a row (but the first) lies that far from the one before it.
        self.apart = (group == np.arange(len(self.distance))[:, None]).astype(float)
        self.loads = self._loads()
        self.products = self.loads @ self.columns
        #: Periods are near neighbours in time: how far those lie apart that share a product.
        ahead = np.abs(self.products[:, : self.k, : self.k]).sum(axis=0).nonzero()
        self.band = int((ahead[1] - ahead[0]).max(initial=0))
        self.rows = self._rows()

    def _rows(self) -> FloatArray:
        """Return each period's products with itself, the `band` next ones and the regressors."""
        rows = np.zeros((len(self.products), self.k, self.band + 1 + self.p))
        for j in range(self.k):
            following = self.products[:, j, j : min(j + self.band + 1, self.k)]
            rows[:, j, : following.shape[1]] = following
        rows[:, :, self.band + 1 :] = self.products[:, : self.k, self.k :]
        return rows

    def _loads(self) -> FloatArray:
        """Return what products with other columns need: shape (3 distances + 1, k + p, n)."""
        here, before = self.columns[1:].T, self.columns[:-1].T
        size, apart = len(self.apart), (self.apart * self.precision[1:])[:, None, :]
        loads = np.zeros((3 * size + 1, *self.columns.T.shape))
        loads[:size, :, 1:] = apart * here
        loads[size : 2 * size, :, 1:] = apart * before
        loads[size : 2 * size, :, :-1] += apart * here
        loads[2 * size : -1, :, :-1] = apart * before
        loads[-1, :, 0] = self.columns[0] * self.precision[0]
        return loads

    def cross(self, scores: FloatArray) -> FloatArray:
        """Return the products of the columns with scores, shape (3 distances + 1, k + p, m)."""
        loads = self.loads.reshape(-1, self.n)
        return np.asarray((loads @ scores.T).reshape(*self.loads.shape[:2], -1))

    def squares(self, scores: FloatArray) -> FloatArray:
        """Return the products of scores with themselves, shape (3 distances + 1, m)."""
        here, before = scores[:, 1:], scores[:, :-1]
        now, then = here * self.precision[1:], before * self.precision[1:]
        own, both, previous = (
            self._by_distance(*pair) for pair in ((now, here), (now, before), (then, before))
        )
        first = scores[:, 0][None] ** 2 * self.precision[0]
        return np.concatenate([own, 2.0 * both, previous, first])

    def _by_distance(self, values: FloatArray, other: FloatArray) -> FloatArray:
        """Return the products of rows, summed by their distance, shape (distances, m)."""
        # The first distance is mostly the only one, and a plain product is three times as fast.
        others = np.einsum("gn,mn,mn->gm", self.apart[1:], values, other)
        return np.concatenate([(np.vecdot(values, other) - others.sum(axis=0))[None], others])

    @property
    def residual_df(self) -> int:
        """Return the divisor of the noise variance."""
        return self.n - self.p if self.restricted else self.n

    def weights(self, phi: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the weights of the products at phi, and the log determinant of the noise."""
        rho = correlation(phi, self.distance.reshape(-1, *([1] * phi.ndim)))
        *weights, log_variance = gram_weights(rho)
        first = np.ones((1, *phi.shape))
        log_det = np.tensordot(self.apart.sum(axis=1), log_variance, axes=1)
        return np.concatenate([*weights, first]), log_det


class Profile:
    """Log likelihood of phi and the ratio, all else at its maximum, for m score vectors.

    Parameters
    ----------
    design : SharedProducts
        What they share.
    scores : array, shape (m, n)
        In points.
    """

    def __init__(self, design: SharedProducts, scores: FloatArray) -> None:
        self.design = design
        self.mean = scores.mean(axis=1)
        centred = scores - self.mean[:, None]
        self.cross = design.cross(centred)
        self.squares = design.squares(centred)

    def on_grid(self, phi: FloatArray, ratio: FloatArray) -> FloatArray:
        """Return the log likelihood at nodes that all share, shape (n_phi, n_ratio, m)."""
        design, k = self.design, self.design.k
        weights, log_det = design.weights(phi)
        gram = np.tensordot(weights.T, design.products, axes=1)
        cross = np.tensordot(weights.T, self.cross, axes=1)
        # Level, arms and trend are taken out first, then the shifts along their main axes.
        root = np.linalg.cholesky(gram[:, k:, k:])
        inverse = np.linalg.inv(root)
        shifts = inverse @ gram[:, k:, :k]
        explained = inverse @ cross[:, k:]
        turned = np.swapaxes(shifts, 1, 2)
        values, axes = np.linalg.eigh(gram[:, :k, :k] - turned @ shifts)
        load = np.swapaxes(axes, 1, 2) @ (cross[:, :k] - turned @ explained)
        rest = weights.T @ self.squares - (explained**2).sum(axis=1)
        variance = ratio[:, None] ** 2
        inflation = 1.0 + variance * np.maximum(values, 0.0)[:, None, :]
        ssr = rest[:, None, :] - (variance / inflation) @ load**2
        if design.restricted:
            fixed = 2.0 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
            shifted = np.log(inflation).sum(axis=-1) + fixed[:, None]
        else:
            whole = np.maximum(np.linalg.eigvalsh(gram[:, :k, :k]), 0.0)
            shifted = np.log1p(variance * whole[:, None, :]).sum(axis=-1)
        return self._value(ssr, (log_det[:, None] + shifted)[..., None])

    def at(self, phi: FloatArray, ratio: FloatArray) -> FloatArray:
        """Return the log likelihood at nodes of each score vector's own, shape (s, m).

        Parameters
        ----------
        phi, ratio : array, shape (s, m)
        """
        system, log_det = self._equations(phi, ratio)
        fixed = _eliminate(system)
        return self._value(system[-1, -1], log_det + fixed if self.design.restricted else log_det)

    def solved(self, phi: FloatArray, ratio: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return what `at` does, and the solved equations, shape (p + 1, p + 1, s, m).

        They hold the inverse Gram matrix of the regressors, in the last column the coefficients
        and in the corner the residual sum of squares.
        """
        solved, log_det = self._equations(phi, ratio)
        for j in range(self.design.p):
            if self.design.restricted:
                log_det += np.log(solved[j, j])
            _sweep(solved, j)
        return self._value(solved[-1, -1], log_det), solved

    def _equations(self, phi: FloatArray, ratio: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the Gram matrix of regressors and scores, and the log determinant of all noise.

        The shifts are taken out of it, one period after the other.
        """
        design, k, p = self.design, self.design.k, self.design.p
        weights, log_det = design.weights(phi)
        system = np.empty((p + 1, p + 1, *phi.shape))
        system[:p, :p] = np.tensordot(design.products[:, k:, k:], weights, axes=(0, 0))
        system[:p, p] = np.einsum("kpm,ksm->psm", self.cross[:, k:], weights)
        system[p, :p] = system[:p, p]
        system[p, p] = np.einsum("km,ksm->sm", self.squares, weights)
        if k:
            rows = np.empty((k, design.band + 2 + p, *phi.shape))
            rows[:, :-1] = np.tensordot(design.rows, weights, axes=(0, 0))
            rows[:, -1] = np.einsum("kqm,ksm->qsm", self.cross[:, :k], weights)
            # Scaled so that the prior precision of the shifts is 1.
            rows *= ratio
            rows[:, : design.band + 1] *= ratio
            rows[:, 0] += 1.0
            log_det += _take_out(rows, system, design.band)
        return system, log_det

    def _value(self, ssr: FloatArray, log_det: FloatArray) -> FloatArray:
        df = self.design.residual_df
        constant = df * (log(2 * pi / df) + 1.0)
        return np.asarray(-0.5 * (df * np.log(np.maximum(ssr, 1e-300)) + (log_det + constant)))


def _take_out(rows: FloatArray, system: FloatArray, band: int) -> FloatArray:
    """Take the shifts out of the equations of regressors and scores; return their determinant."""
    log_det = np.zeros(system.shape[2:])
    for j, row in enumerate(rows):
        part = row / row[0]
        for d, later in enumerate(rows[j + 1 : j + 1 + band], start=1):
            later[: band + 1 - d] -= part[d] * row[d : band + 1]
            later[band + 1 :] -= part[d] * row[band + 1 :]
        system -= part[band + 1 :, None] * row[band + 1 :]
        log_det += np.log(row[0])
    return log_det


def _eliminate(system: FloatArray) -> FloatArray:
    """Take all unknowns out of the last equation; return the log of their determinant."""
    log_det = np.zeros(system.shape[2:])
    for j in range(len(system) - 1):
        part = system[j + 1 :, j] / system[j, j]
        system[j + 1 :, j + 1 :] -= part[:, None] * system[j, j + 1 :]
        log_det += np.log(system[j, j])
    return log_det


def _sweep(system: FloatArray, j: int) -> None:
    """Solve the equations for unknown `j`, in place: a step of Gauss and Jordan's inversion."""
    pivot = system[j, j].copy()
    row, column = system[j] / pivot, system[:, j].copy()
    system -= column[:, None] * row
    system[:, j] = -column / pivot
    system[j] = row
    system[j, j] = 1.0 / pivot
