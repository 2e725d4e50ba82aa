"""Inverses and determinants of very many small symmetric matrices at once."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def inverse(matrices: FloatArray) -> FloatArray:
    """Return the inverses of symmetric matrices, shape (..., k, k)."""
    k = matrices.shape[-1]
    if k == 1:
        return 1.0 / matrices
    if k > 2:
        return np.linalg.inv(matrices)
    # Written out: a call for every small matrix would cost twenty times as much.
    inverses = np.empty_like(matrices)
    inverses[..., 0, 0], inverses[..., 1, 1] = matrices[..., 1, 1], matrices[..., 0, 0]
    inverses[..., 0, 1] = inverses[..., 1, 0] = -matrices[..., 0, 1]
    inverses /= (inverses[..., 0, 0] * inverses[..., 1, 1] - inverses[..., 0, 1] ** 2)[
        ..., None, None
    ]
    return inverses


def log_det(matrices: FloatArray) -> FloatArray:
    """Return the log determinants of symmetric matrices, shape (..., k, k)."""
    k = matrices.shape[-1]
    if k == 1:
        return np.log(matrices[..., 0, 0])
    if k > 2:
        return np.asarray(np.linalg.slogdet(matrices)[1])
    crossed = matrices[..., 0, 1] ** 2
    return np.asarray(np.log(matrices[..., 0, 0] * matrices[..., 1, 1] - crossed))


@cache
def upper_triangle(k: int) -> tuple[IntArray, IntArray]:
    """Return rows and columns of the upper triangle: asked for with every few persons."""
    return np.triu_indices(k)
