"""AR(1) noise at any distances in time: whitening, exactly, without a matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def whiten(columns: FloatArray, lag: FloatArray, phi: FloatArray) -> tuple[FloatArray, FloatArray]:
    r"""Return columns multiplied by an inverse root of the AR(1) correlation matrix.

    The correlation of two scores ``g`` usual spacings apart is ``phi**g``. With
    :math:`\rho_i = \phi^{g_i}`, row i of the result is
    :math:`(z_i - \rho_i z_{i-1}) / \sqrt{1 - \rho_i^2}`, so that the Gram matrix of the result
    is :math:`Z^T R^{-1} Z`.

    Parameters
    ----------
    columns : array, shape (..., n, q)
        Rows in order of time.
    lag : array, shape (n,)
        Distance to the row before, in usual spacings; the first entry is not used.
    phi : array, shape (m,)
        Correlations at the usual spacing, 0 <= phi < 1.

    Returns
    -------
    whitened : array, shape (m, ..., n, q)
    log_determinant : array, shape (m,)
        Of the correlation matrix.
    """
    rho = phi[:, None] ** lag[1:]
    variance = 1.0 - rho**2
    shape = (len(phi),) + (1,) * (columns.ndim - 2) + (-1, 1)
    rest = (columns[..., 1:, :] - rho.reshape(shape) * columns[..., :-1, :]) / np.sqrt(
        variance
    ).reshape(shape)
    first = np.broadcast_to(columns[..., :1, :], (len(phi), *columns[..., :1, :].shape))
    return np.concatenate([first, rest], axis=-2), np.log(variance).sum(axis=1)
