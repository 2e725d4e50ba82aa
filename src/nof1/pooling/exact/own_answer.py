"""What a person's own scores say alone: every effect the scale allows is equally likely."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from nof1.pooling.persons.likelihoods import Likelihoods

FloatArray = NDArray[np.float64]


def own_answer(likelihoods: Likelihoods, span: float) -> tuple[FloatArray, FloatArray]:
    """Return mean and SD of each person's effects under a flat prior from -span to span.

    The components are then truncated normal distributions, whose moments are known.

    Parameters
    ----------
    likelihoods : Likelihoods
        Of B persons with k effects each.
    span : float
        Range of the scale, in points.

    Returns
    -------
    array, array, shape (B, k)
        In points.
    """
    likelihoods = likelihoods.alone()
    sds = np.sqrt(np.diagonal(likelihoods.variances, axis1=1, axis2=2))
    low, high = (-span - likelihoods.means) / sds, (span - likelihoods.means) / sds
    # Counted from the nearer tail, so that nothing is lost where all of it lies on one side.
    mirrored = low > 0
    low, high = np.where(mirrored, -high, low), np.where(mirrored, -low, high)
    inside = np.maximum(ndtr(high) - ndtr(low), 1e-300)
    at_low, at_high = (np.exp(-0.5 * end**2) / np.sqrt(2.0 * np.pi) for end in (low, high))
    shift = (at_low - at_high) / inside
    shrink = 1.0 + (low * at_low - high * at_high) / inside - shift**2
    means = likelihoods.means + sds * np.where(mirrored, -shift, shift)
    weights = likelihoods.normalised(likelihoods.log_weights[:, None] + np.log(inside))
    mean = likelihoods.summed(weights * means)
    away = means - np.repeat(mean, np.diff(likelihoods.starts), axis=0)
    square = likelihoods.summed(weights * (sds**2 * np.maximum(shrink, 0.0) + away**2))
    return mean, np.sqrt(square)
