"""Pareto smoothing of importance weights: how far they can be relied on, and their largest tamed.

Vehtari, Simpson, Gelman, Yao and Gabry (arXiv:1507.02646); the generalised Pareto distribution is
fitted as by Zhang and Stephens (2009, doi:10.1198/tech.2009.08017), its shape drawn towards 1/2 by
the weight of ten observations. ArviZ does the same, but takes a second to be loaded.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

FloatArray = NDArray[np.float64]

#: What the shape is drawn towards, and by the weight of how many observations.
SHAPE_PRIOR, PRIOR_SIZE = 0.5, 10
#: Log weights that differ by less are all alike.
ALIKE = 1e-6


def smoothed(log_weights: FloatArray) -> tuple[FloatArray, float]:
    """Return Pareto-smoothed weights that sum to 1, and the k-hat of their tail.

    Parameters
    ----------
    log_weights : array, shape (S,)
        Up to a constant; at least 25 of them.
    """
    if np.ptp(log_weights) < ALIKE:
        return np.full(len(log_weights), 1.0 / len(log_weights)), 0.0
    shifted = log_weights - log_weights.max()
    n = len(shifted)
    in_tail = int(min(n / 5, 3 * n**0.5))
    order = np.argsort(shifted)
    tail = order[n - in_tail :]
    cutoff = np.exp(shifted[order[n - in_tail - 1]])
    k_hat, scale = _fitted(np.exp(shifted[tail]) - cutoff)
    if np.isfinite(k_hat):
        above = 1.0 - (np.arange(in_tail) + 0.5) / in_tail
        excess = scale * (above**-k_hat - 1.0) / k_hat if k_hat else -scale * np.log(above)
        shifted[tail] = np.minimum(np.log(cutoff + excess), 0.0)
    return np.exp(shifted - logsumexp(shifted)), k_hat


def _fitted(excess: FloatArray) -> tuple[float, float]:
    """Return shape and scale of the generalised Pareto distribution of sorted excesses."""
    n = len(excess)
    quartile = excess[int(n / 4 + 0.5) - 1]
    if quartile <= excess[0]:
        # A quarter of them equal: no such distribution.
        return np.inf, np.nan
    size = 30 + int(n**0.5)
    theta = 1.0 / excess[-1] + (1.0 - np.sqrt(size / (np.arange(size) + 0.5))) / (3.0 * quartile)
    shapes = np.log1p(-theta[:, None] * excess).mean(axis=1)
    profile = n * (np.log(-theta / shapes) - shapes - 1.0)
    mean_theta = float(np.exp(profile - logsumexp(profile)) @ theta)
    shape = float(np.log1p(-mean_theta * excess).mean())
    if np.isnan(shape):
        return np.inf, np.nan
    drawn = (n * shape + PRIOR_SIZE * SHAPE_PRIOR) / (n + PRIOR_SIZE)
    return drawn, -shape / mean_theta
