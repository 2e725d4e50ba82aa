"""Exposure: how much of an arm acts on a day, between 0 and 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def exposure(
    dose: ArrayLike, half_life_days: ArrayLike, rise_days: ArrayLike | None = None
) -> FloatArray:
    r"""Return the exposure on every day, for one half-life or several.

    The exposure follows the dose, and each arm's own dose decides at which rate: with the
    half-life of rise while it is taken, of fall while it is not, whatever other arms do.

    .. math:: e_t = \kappa_t e_{t-1} + (1 - \kappa_t) g_t, \qquad \kappa_t = 2^{-1/h_t},
       \quad e_0 = 0

    Parameters
    ----------
    dose : array, shape (n_days,) or (n_days, n_arms)
        Share of the full dose taken on consecutive days, 0 to 1.
    half_life_days : float or array, shape (n_half_lives,)
        Half-life in days; 0 means no carryover: the exposure is the dose. That of fall alone when
        that of rise is given.
    rise_days : float or array of the same shape, or None
        Half-life of rise, in days; None when it is that of fall.

    Returns
    -------
    array, shape (n_half_lives, *dose.shape), or dose.shape for a single half-life
        Exposure in 0 to 1.

    Examples
    --------
    >>> exposure([1.0, 1.0, 0.0, 0.0], 1.0).tolist()
    [0.5, 0.75, 0.375, 0.1875]
    >>> exposure([1.0, 1.0, 0.0, 0.0], 1.0, 0.0).tolist()
    [1.0, 1.0, 0.5, 0.25]
    >>> exposure([1.0, 0.0], 0.0).tolist()
    [1.0, 0.0]
    """
    doses = np.asarray(dose, dtype=float)
    fall = np.asarray(half_life_days, dtype=float)
    rise = fall if rise_days is None else np.asarray(rise_days, dtype=float)
    if rise.shape != fall.shape:
        raise ValueError(f"half-lives of shapes {rise.shape} and {fall.shape} are no pairs")
    columns = doses.reshape(len(doses), -1)
    exposures = np.empty((fall.size, *columns.shape))
    stretches = [_stretches(column) for column in columns.T]
    longest = max((last - first for arm in stretches for first, last in arm), default=0)
    falling = _kept(fall, longest)
    rising = falling if rise_days is None else _kept(rise, longest)
    for arm, column in enumerate(columns.T):
        level: FloatArray | float = 0.0
        for first, last in stretches[arm]:
            today = float(column[first])
            kept = (rising if today > 0 else falling)[:, : last - first]
            # The distance to the dose shrinks by the same factor every day.
            days = exposures[:, first:last, arm]
            np.multiply(kept, level - today, out=days)
            days += today
            level = exposures[:, last - 1 : last, arm]
    return exposures.reshape(fall.shape + doses.shape)


def _stretches(dose: FloatArray) -> list[tuple[int, int]]:
    """Return first day and day after the last, from 0, of every stretch of constant dose."""
    ends = [*(np.flatnonzero(np.diff(dose)) + 1).tolist(), len(dose)]
    return list(zip([0, *ends[:-1]], ends, strict=True)) if len(dose) else []


def _kept(half_life: FloatArray, n_days: int) -> FloatArray:
    """Return what is left after 1 to `n_days` days, shape (n_half_lives, n_days)."""
    if np.any(half_life < 0) or not np.all(np.isfinite(half_life)):
        raise ValueError(f"half-lives must be finite and not negative, not {half_life}")
    # What is left tends to 0 with the half-life; the floor only keeps the division finite.
    rate = -1.0 / np.maximum(half_life.reshape(-1, 1), 1e-4)
    return np.asarray(np.exp2(rate * np.arange(1.0, n_days + 1.0)))


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
