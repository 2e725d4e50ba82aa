"""What the scores of every person come down to in a mixed model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSums:
    """What a mixed model needs of every person's scores ``y_i`` and regressors ``Z_i``.

    Attributes
    ----------
    n : int
        Scores of all persons.
    root, inverse : array, shape (n_persons, p, p)
        Symmetric root of ``Z_i' Z_i``, and the inverse of the latter, or pseudo-inverse.
    rank : int array, shape (n_persons,)
        Of ``Z_i' Z_i``.
    own : array, shape (n_persons, p)
        The person's own least-squares coefficients.
    squares : float
        Sum of the squares around them, over all persons.
    """

    n: int
    root: FloatArray
    inverse: FloatArray
    rank: IntArray
    own: FloatArray
    squares: float

    @property
    def outside(self) -> int:
        """Return how many scores are left over when every person has coefficients of their own."""
        return self.n - int(self.rank.sum())

    def precision(self, factor: FloatArray) -> tuple[FloatArray, float]:
        """Return ``Z_i' (1 + Z_i L L' Z_i')^-1 Z_i`` for a factor L, and the log determinants.

        By the symmetric root, which loses no figures however much persons differ.

        Returns
        -------
        array, shape (n_persons, p, p)
            In units of the variance within persons.
        float
            Sum over persons of the log determinant of ``1 + Z_i L L' Z_i'``.
        """
        load = self.root @ factor
        inflation = np.eye(len(factor)) + load @ np.swapaxes(load, 1, 2)
        precision = self.root @ np.linalg.inv(inflation) @ self.root
        return precision, float(np.linalg.slogdet(inflation)[1].sum())


def person_sums(y: FloatArray, z: FloatArray, person: NDArray[np.generic]) -> PersonSums:
    """Return what every person's rows come down to.

    Parameters
    ----------
    y : array, shape (n,)
        In points.
    z : array, shape (n, p)
        Regressors.
    person : array, shape (n,)
        Whom a row belongs to.
    """
    number = np.unique(person, return_inverse=True)[1]
    order = np.argsort(number, kind="stable")
    y, z, number = y[order], z[order], number[order]
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    gram = np.add.reduceat(z[:, :, None] * z[:, None, :], starts, axis=0)
    values, vectors = np.linalg.eigh(gram)
    scaled = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    inverse = np.linalg.pinv(gram, hermitian=True)
    own = np.einsum("nij,nj->ni", inverse, np.add.reduceat(z * y[:, None], starts, axis=0))
    rest = y - (z * own[number]).sum(axis=1)
    return PersonSums(
        n=len(y),
        root=scaled @ np.swapaxes(vectors, 1, 2),
        inverse=inverse,
        rank=np.linalg.matrix_rank(gram, hermitian=True),
        own=own,
        squares=float(rest @ rest),
    )
