r"""AR(1) noise by calendar gaps: the one place where it is written, for every engine but `nuts`.

A score's noise, in units of its SD, follows that of the score before, :math:`g_i` usual spacings
earlier, and what is new in it is independent of all before:

.. math:: e_1 = z_1, \qquad e_i = \rho_i e_{i-1} + s_i z_i,
          \qquad \rho_i = \phi^{g_i}, \quad s_i = \sqrt{1 - \rho_i^2}, \quad z_i \sim N(0, 1)

so that two scores have the correlation :math:`\phi` to the power of their distance, and days
without a score are exact. It is the first-order autoregression in continuous time (Pinheiro &
Bates 2000, doi:10.1007/b98882, section 5.3, ``corCAR1``).

Turned round, :math:`z_i = (e_i - \rho_i e_{i-1}) / s_i` makes noise independent without a matrix
(`innovation`, `whiten`), and products of columns so whitened are sums of products of neighbouring
rows with weights that depend on :math:`\rho` alone (`gram_weights`).

`nuts`, and the sampled likelihoods beside it, write the same model anew from expressions of their
own, on purpose: they are the check of this one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def correlation(phi: FloatArray, distance: FloatArray) -> FloatArray:
    r"""Return :math:`\rho = \phi^g`, for arrays that broadcast.

    Parameters
    ----------
    phi : array
        Correlation at the usual spacing, 0 <= phi < 1.
    distance : array
        In usual spacings, above 0; infinite for scores that have nothing in common.

    Examples
    --------
    Daily scores of which one day is missing are one and two spacings apart:

    >>> correlation(np.array(0.5), np.array([1.0, 2.0, np.inf])).tolist()
    [0.5, 0.25, 0.0]
    """
    return np.asarray(phi**distance)


def correlation_by_log(log_phi: FloatArray, distance: FloatArray) -> FloatArray:
    """Return what `correlation` does, up to rounding, of the log of a positive phi.

    On grids, where few values of phi meet many distances, this is the faster.
    """
    return np.asarray(np.exp(log_phi * distance))


def spread(rho: FloatArray) -> FloatArray:
    r"""Return :math:`s = \sqrt{1 - \rho^2}`, the SD of noise given that of the score before."""
    return np.asarray(np.sqrt(1.0 - rho**2))


def innovation(now: FloatArray, before: FloatArray, rho: FloatArray, sd: FloatArray) -> FloatArray:
    r"""Return what is new in noise given that of the score before, :math:`(e - \rho e') / s`.

    Parameters
    ----------
    now, before : array
        Noise of scores and of the scores before them, or any columns of the model.
    rho, sd : array
        Their correlation, and its `spread`; all arrays broadcast.
    """
    new = now - rho * before
    new /= sd
    return new


def noise(innovations: FloatArray, rho: FloatArray) -> FloatArray:
    """Return noise of unit SD made of independent innovations of unit SD.

    Parameters
    ----------
    innovations : array, shape (n, ...)
        In order of time along the first axis.
    rho : array, shape (n - 1,)
        Correlation of every score but the first with the one before.

    Examples
    --------
    One shock, then nothing new, half of it left at every usual spacing:

    >>> noise(np.array([1.0, 0.0, 0.0]), np.array([0.5, 0.5])).tolist()
    [1.0, 0.5, 0.25]
    """
    made, sd = innovations.copy(), spread(rho)
    for i in range(1, len(made)):
        made[i] = rho[i - 1] * made[i - 1] + sd[i - 1] * made[i]
    return made


def whiten(columns: FloatArray, lag: FloatArray, phi: FloatArray) -> tuple[FloatArray, FloatArray]:
    r"""Return columns multiplied by an inverse root of the AR(1) correlation matrix.

    Row i of the result is :math:`(z_i - \rho_i z_{i-1}) / s_i`, so that its Gram matrix is
    :math:`Z^T R^{-1} Z`. It is for residuals; the engines take that Gram matrix from
    `gram_weights`, without the rows.

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
    rho = correlation(phi[:, None], lag[1:])
    shape = (len(phi),) + (1,) * (columns.ndim - 2) + (-1, 1)
    rest = innovation(
        columns[..., 1:, :], columns[..., :-1, :], rho.reshape(shape), spread(rho).reshape(shape)
    )
    first = np.broadcast_to(columns[..., :1, :], (len(phi), *columns[..., :1, :].shape))
    return np.concatenate([first, rest], axis=-2), gram_weights(rho).log_variance.sum(axis=1)


class GramWeights(NamedTuple):
    r"""Weights of the products of neighbouring rows in those of whitened columns.

    A score adds :math:`(z - \rho z')(z - \rho z')^T / s^2` to the Gram matrix.

    Attributes
    ----------
    now, crossed, before : array
        Of :math:`z z^T`, of :math:`z z'^T + z' z^T`, and of :math:`z' z'^T`.
    log_variance : array
        Log of :math:`s^2`: summed over the scores, the log determinant of the correlations.
    """

    now: FloatArray
    crossed: FloatArray
    before: FloatArray
    log_variance: FloatArray


def gram_weights(rho: FloatArray) -> GramWeights:
    """Return the weights for scores with these correlations; 0 for one with none before it."""
    variance = 1.0 - rho**2
    return GramWeights(1.0 / variance, -rho / variance, rho**2 / variance, np.log(variance))
