"""Whether neighbouring scores move against each other, which no model here allows for.

All engines with a model take the correlation of neighbouring scores as 0 or more. Where it is
negative they take it as none. The test is that of Durbin and Watson (1950,
doi:10.1093/biomet/37.3-4.409), by the exact mean and variance that residuals of independent scores
have.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from nof1.inference.frequentist.reml import regressors
from nof1.inference.result import Neighbours
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]

#: Least number of neighbouring pairs that can tell anything.
FEWEST = 12


def compare_neighbours(inputs: ModelInput, active: int, comparator: int) -> Neighbours | None:
    """Return the correlation of neighbouring residuals, and what it would do to an interval.

    Residuals are what level, arms, trend, covariates and, where the plan has them, periods leave;
    neighbours are scores the usual spacing apart. None where there are too few, or no scatter.

    Parameters
    ----------
    inputs : ModelInput
        Scores and plan of one person.
    active, comparator : int
        Numbers of the arms compared.
    """
    near = np.abs(inputs.lag[1:] - 1.0) < 1e-9
    x = regressors(inputs, 0.0)
    if inputs.plan.period_effects == "random":
        x = np.column_stack([x, inputs.period_share])
    basis, sizes, _ = np.linalg.svd(x, full_matrices=False)
    basis = basis[:, sizes > 1e-9 * sizes[0]]
    rest = inputs.score - basis @ (basis.T @ inputs.score)
    if near.sum() < FEWEST or np.abs(rest).max() <= 1e-9 * inputs.span:
        return None
    correlation = float(rest[:-1][near] @ rest[1:][near] / (rest @ rest))
    expected, sd = moments(near, basis)
    weights = inputs.as_scheduled_weights(active, comparator)
    return Neighbours(
        correlation=correlation,
        expected=expected,
        p_negative=float(ndtr((correlation - expected) / sd)),
        too_wide=_too_wide(inputs, weights, correlation - expected) if weights.any() else None,
    )


def moments(near: NDArray[np.bool_], basis: FloatArray) -> tuple[float, float]:
    """Return mean and SD of the correlation that residuals of independent normal scores have.

    It is ``e'Ae / e'e`` with ``e = Mz``, ``A`` a half for every pair of neighbours either way round
    and ``M`` taking the regressors out.

    Parameters
    ----------
    near : bool array, shape (n - 1,)
        Whether each score but the first is a neighbour of the one before.
    basis : array, shape (n, p)
        Orthonormal columns that span the regressors.
    """
    shifted = np.zeros_like(basis)
    shifted[1:] += 0.5 * near[:, None] * basis[:-1]
    shifted[:-1] += 0.5 * near[:, None] * basis[1:]
    inside = basis.T @ shifted
    free = len(basis) - basis.shape[1]
    first = -float(np.trace(inside))
    second = 0.5 * float(near.sum()) - 2.0 * float((shifted**2).sum()) + float((inside**2).sum())
    mean = first / free
    square = (first**2 + 2.0 * second) / (free * (free + 2.0))
    return mean, float((square - mean**2) ** 0.5)


def _too_wide(inputs: ModelInput, weights: FloatArray, phi: float) -> float:
    """Return how many times too wide an interval is that takes a correlation as none.

    That depends on the schedule: with periods of many days it is too wide, with arms that change
    from score to score too narrow.
    """
    whole = np.round(inputs.lag)
    # A negative correlation has a meaning at whole distances only.
    carried = np.where(
        np.abs(inputs.lag - whole) < 1e-9, np.sign(phi) ** whole * abs(phi) ** whole, 0.0
    )
    variance, before = 0.0, 0.0
    for weight, share in zip(weights.tolist(), carried.tolist(), strict=True):
        # What the scores so far have in common with this one.
        before *= share
        variance += weight * (weight + 2.0 * before)
        before += weight
    return float((weights @ weights / variance) ** 0.5)
