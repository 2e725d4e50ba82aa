"""Exposure: how much of an arm acts on a day, between 0 and 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def exposure(dose: ArrayLike, half_life_days: ArrayLike) -> FloatArray:
    r"""Return the exposure on every day, for one half-life or several.

    The exposure follows the dose with one half-life for its rise and its fall:

    .. math:: e_t = \kappa e_{t-1} + (1 - \kappa) g_t, \qquad \kappa = 2^{-1/h}, \quad e_0 = 0

    Parameters
    ----------
    dose : array, shape (n_days,) or (n_days, n_arms)
        Share of the full dose taken on consecutive days, 0 to 1.
    half_life_days : float or array, shape (n_half_lives,)
        Half-life in days; 0 means no carryover: the exposure is the dose.

    Returns
    -------
    array, shape (n_half_lives, *dose.shape), or dose.shape for a single half-life
        Exposure in 0 to 1.

    Examples
    --------
    >>> exposure([1.0, 1.0, 0.0, 0.0], 1.0).tolist()
    [0.5, 0.75, 0.375, 0.1875]
    >>> exposure([1.0, 0.0], 0.0).tolist()
    [1.0, 0.0]
    """
    given = np.asarray(dose, dtype=float)
    half_life = np.asarray(half_life_days, dtype=float)
    if np.any(half_life < 0) or not np.all(np.isfinite(half_life)):
        raise ValueError(f"half-lives must be finite and not negative, not {half_life}")
    # 2**(-1/h) tends to 0 with h; the floor only keeps the division finite.
    keep = np.exp2(-1.0 / np.maximum(half_life, 1e-3))
    keep = keep.reshape(keep.shape + (1,) * (given.ndim - 1))
    level = np.zeros(half_life.shape + given.shape[1:])
    days = np.empty((len(given), *level.shape))
    for day, today in enumerate(given):
        level = keep * level + (1.0 - keep) * today
        days[day] = level
    return np.moveaxis(days, 0, half_life.ndim)


def window_means(daily: FloatArray, last_day: NDArray[np.int64], recall_days: int) -> FloatArray:
    """Return the mean of a daily quantity over each score's recall window.

    Parameters
    ----------
    daily : array, shape (..., n_days, n_columns)
        Values on study days 1 to n_days.
    last_day : int array, shape (n_scores,)
        Study day of each score, the last of its window.
    recall_days : int
        Length of the window; a window reaching back before study day 1 starts there.

    Returns
    -------
    array, shape (..., n_scores, n_columns)
    """
    if recall_days == 1:
        return np.asarray(daily[..., last_day - 1, :])
    first = np.maximum(last_day - recall_days, 0)
    sums = np.concatenate([np.zeros_like(daily[..., :1, :]), np.cumsum(daily, axis=-2)], axis=-2)
    length = (last_day - first)[:, None]
    return np.asarray((sums[..., last_day, :] - sums[..., first, :]) / length)
