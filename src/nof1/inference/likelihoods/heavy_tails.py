"""Heavy tails: each score given the score before is Student-t, by few degrees of freedom."""

from __future__ import annotations

from math import lgamma, log, pi

import numpy as np
from numpy.typing import NDArray

from nof1.inference.likelihoods.draws import Draws, innovations
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]

NAME = "student-t"
#: Degrees of freedom: so few scores do not tell them.
NU = 4.0
#: SD of the noise over its scale.
SD_PER_SCALE = (NU / (NU - 2)) ** 0.5
_LOG_CONSTANT = lgamma((NU + 1) / 2) - lgamma(NU / 2) - 0.5 * log(NU * pi)


def log_likelihood(inputs: ModelInput, draws: Draws) -> FloatArray:
    """Return the log density of the scores at every draw, shape (S,).

    The scale of a score given the score before is sigma sqrt(1 - rho**2).
    """
    free = innovations(inputs.score - draws.expected, draws)
    log_t = _LOG_CONSTANT - 0.5 * (NU + 1) * np.log1p(free**2 / NU)
    return np.asarray(
        log_t.sum(axis=1) - np.log(draws.spread).sum(axis=1) - inputs.n * np.log(draws.sigma)
    )


def complete(inputs: ModelInput, draws: Draws, rng: np.random.Generator) -> list[FloatArray]:
    """Return precisions given the scores, one array of shape (n,) for each draw.

    A t distribution is a normal one whose precision is gamma distributed; given the parameters
    every score's precision is gamma distributed again.
    """
    free = innovations(inputs.score - draws.expected, draws)
    return list(rng.gamma((NU + 1) / 2, 2.0 / (NU + free**2)))
