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

from nof1.inference.reml import regressors
from nof1.inference.result import Neighbours
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]

#: Least number of neighbouring pairs that can tell anything.
FEWEST = 12


def compare_neighbours(given: ModelInput, active: int, comparator: int) -> Neighbours | None:
    """Return the correlation of neighbouring residuals, and what it would do to an interval.

    Residuals are what level, arms, trend, covariates and, where the plan has them, periods leave;
    neighbours are scores the usual spacing apart. None where there are too few, or no scatter.

    Parameters
    ----------
    given : ModelInput
        Scores and plan of one person.
    active, comparator : int
        Numbers of the arms compared.
    """
    near = np.abs(given.lag[1:] - 1.0) < 1e-9
    x = regressors(given, 0.0)
    if given.plan.period_effects == "random":
        x = np.column_stack([x, given.period_share])
    basis, sizes, _ = np.linalg.svd(x, full_matrices=False)
    basis = basis[:, sizes > 1e-9 * sizes[0]]
    rest = given.score - basis @ (basis.T @ given.score)
    if near.sum() < FEWEST or np.abs(rest).max() <= 1e-9 * given.span:
        return None
    products = np.zeros((given.n, given.n))
    places = np.flatnonzero(near)
    products[places, places + 1] = products[places + 1, places] = 0.5
    correlation = float(rest @ products @ rest / (rest @ rest))
    expected, sd = _moments(products, basis)
    weights = given.as_scheduled_weights(active, comparator)
    return Neighbours(
        correlation=correlation,
        expected=expected,
        p_negative=float(ndtr((correlation - expected) / sd)),
        too_wide=_too_wide(given, weights, correlation - expected) if weights.any() else None,
    )


def _moments(products: FloatArray, basis: FloatArray) -> tuple[float, float]:
    """Return mean and SD of ``e'Ae / e'e`` for residuals of independent normal scores."""
    free = len(products) - basis.shape[1]
    inside = products - basis @ (basis.T @ products)
    first = float(np.trace(inside))
    second = float((inside * inside.T).sum())
    mean = first / free
    square = (first**2 + 2.0 * second) / (free * (free + 2.0))
    return mean, float((square - mean**2) ** 0.5)


def _too_wide(given: ModelInput, weights: FloatArray, phi: float) -> float:
    """Return how many times too wide an interval is that takes a correlation as none.

    That depends on the schedule: with periods of many days it is too wide, with arms that change
    from score to score too narrow.
    """
    time = np.cumsum(given.lag)
    apart = np.abs(time[:, None] - time)
    whole = np.abs(apart - np.round(apart)) < 1e-9
    # A negative correlation has a meaning at whole distances only.
    correlation = np.where(whole, float(np.sign(phi)) ** np.round(apart) * abs(phi) ** apart, 0.0)
    return float((weights @ weights / (weights @ correlation @ weights)) ** 0.5)
