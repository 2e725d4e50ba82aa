"""What a mixed model's averages are worth when its variances are estimated from few persons.

Satterthwaite's degrees of freedom rest on the observed information of the variance parameters
(Kuznetsova et al. 2017, doi:10.18637/jss.v082.i13), Kenward and Roger's on the expected one, with
a covariance that allows for the variances not being known (Kenward & Roger 1997,
doi:10.2307/2533558). For a single coefficient Kenward and Roger's scale factor is 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.pooling.frequentist.person_sums import PersonSums

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallSamples:
    """Allowances for estimated variances.

    Attributes
    ----------
    covariance : array, shape (p, p)
        Kenward and Roger's, of the average coefficients.
    df_satterthwaite, df_kenward_roger : array, shape (p,)
    """

    covariance: FloatArray
    df_satterthwaite: FloatArray
    df_kenward_roger: FloatArray


def small_samples(
    sums: PersonSums, coefficients: FloatArray, factor: FloatArray, variance: float
) -> SmallSamples:
    """Return the allowances at a restricted maximum of the likelihood.

    The variance parameters are the elements of the covariance between persons and the variance
    within. With ``S_i = Z_i' V_i^-1 Z_i``, every derivative of ``V_i`` acts on the coefficients
    as a matrix ``E``: a unit one for an element of the covariance, ``(Z_i' Z_i)^-1`` for the
    variance within, which acts on the ``n_i - p`` directions outside of them too. The letters
    P, Q, W and phi are those of Kenward and Roger. All is in units of the SD within persons.

    Parameters
    ----------
    sums : PersonSums
    coefficients : array, shape (p,)
        Averages.
    factor : array, shape (p, p)
        Triangular root of the covariance between persons over the variance within; 0 on its
        diagonal marks the edge.
    variance : float
        Within persons, in squared points.
    """
    S, _ = sums.precision(factor)
    E = _derivatives(sums)
    phi = np.linalg.inv(S.sum(axis=0))
    ES = np.einsum("nrij,njk->nrik", E, S)
    P = -np.einsum("nij,nrjk->rik", S, ES)
    Q = np.einsum("nij,nrjk,nskl->rsil", S, ES, ES)

    squared = np.einsum("nrij,nsji->rs", ES, ES)
    squared[-1, -1] += sums.outside
    crossed = np.einsum("rij,sji->rs", phi @ P, phi @ P)
    expected = 0.5 * (squared - 2 * np.einsum("ij,rsji->rs", phi, Q) + crossed)

    pull = np.einsum("nij,nj->ni", S, (sums.own - coefficients) / variance**0.5)
    E_pull = np.einsum("nrij,nj->nri", E, pull)
    moved = np.einsum("nij,nrj->ri", S, E_pull)
    twice = np.einsum("nri,nij,nsj->rs", E_pull, S, E_pull)
    twice[-1, -1] += sums.squares / variance
    observed = twice - moved @ phi @ moved.T - expected
    trace = np.einsum("nrii->r", ES) + np.einsum("rii->r", phi @ P)
    score = 0.5 * (np.einsum("nri,ni->r", E_pull, pull) - trace)
    score[-1] += 0.5 * (sums.squares / variance - sums.outside)

    gradient = -np.diagonal(phi @ P @ phi, axis1=1, axis2=2)
    by_root, information = _by_root(factor, observed, score)
    A, W = _inverse(information), _inverse(expected)
    allowance = np.einsum("rs,rsij->ij", W, Q - P[:, None] @ phi @ P)
    return SmallSamples(
        covariance=variance * (phi + 2 * phi @ allowance @ phi),
        df_satterthwaite=_df(np.diag(phi), by_root @ gradient, A),
        df_kenward_roger=_df(np.diag(phi), gradient, W),
    )


def _derivatives(sums: PersonSums) -> FloatArray:
    """Return E for every person and variance parameter, shape (n_persons, r, p, p)."""
    rows, columns = np.tril_indices(sums.inverse.shape[1])
    units = np.zeros((len(rows), *sums.inverse.shape[1:]))
    units[np.arange(len(rows)), rows, columns] = 1.0
    units[np.arange(len(rows)), columns, rows] = 1.0
    same = np.broadcast_to(units, (len(sums.inverse), *units.shape))
    return np.concatenate([same, sums.inverse[:, None]], axis=1)


def _by_root(
    factor: FloatArray, observed: FloatArray, score: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return derivatives of the variance parameters in the elements of their root, and information.

    Elements on the edge, where the diagonal of the root is 0, are left out: there the covariance
    does not move with them.
    """
    rows, columns = np.tril_indices(len(factor))
    inside = (rows != columns) | (np.diag(factor)[columns] != 0)
    units = np.zeros((len(rows), *factor.shape))
    units[np.arange(len(rows)), rows, columns] = 1.0
    units = units[inside]
    first = units @ factor.T
    first = (first + np.swapaxes(first, 1, 2))[:, rows, columns]
    second = np.einsum("aij,bkj->abik", units, units)
    second = (second + np.swapaxes(second, 2, 3))[:, :, rows, columns]
    within = np.zeros((1, len(rows) + 1))
    within[0, -1] = 1.0
    by_root = np.vstack([np.column_stack([first, np.zeros(len(first))]), within])
    information = by_root @ observed @ by_root.T
    information[:-1, :-1] -= second @ score[:-1]
    return by_root, information


def _inverse(information: FloatArray) -> FloatArray:
    """Return the inverse, without directions about which nothing is known.

    Variances may differ by many powers of ten, so that each is first put in its own unit.
    """
    known = np.maximum(np.diag(information), 0.0)
    unit = np.divide(1.0, np.sqrt(known), out=np.zeros_like(known), where=known > 0)
    scale = np.outer(unit, unit)
    return np.asarray(scale * np.linalg.pinv(scale * information, rcond=1e-8, hermitian=True))


def _df(variances: FloatArray, gradient: FloatArray, covariance: FloatArray) -> FloatArray:
    """Return ``2 f^2 / (g' A g)`` for each coefficient, g by variance parameter in rows."""
    spread = np.einsum("rj,rs,sj->j", gradient, covariance, gradient)
    return np.asarray(2 * variances**2 / spread)
