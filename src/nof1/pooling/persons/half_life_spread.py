"""How the half-lives of the effect may be spread among the persons of a population.

Every person's analysis integrates over a prior of the half-life. What is mild for one person adds
up over many: if nobody has carryover, and everybody's prior expects some, then the average effect
is pulled away from the truth by the same amount however many persons there are. So the spread of
half-lives is learnt from all of them. It is one of a list, laid out around the protocol's prior:

- a share of persons with practically no carryover, and for the others an exponential distribution
  with a median of its own; the expected share is the protocol's, and shares near none and near
  all are likely, since the persons take the same things;
- or everybody's half-life is much the same, log-normal around a median.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from nof1.model.priors import LOG_2, HalfLifePrior

FloatArray = NDArray[np.float64]

#: Shares of persons with practically no carryover.
SHARES = (0.02, 0.25, 0.55, 0.8, 0.97)
#: Median half-lives of the others, in the protocol's.
MEDIANS = (0.15, 0.4, 1.0, 2.5)
#: SD of the normal prior of the log of that factor: a factor of two either way.
MEDIAN_LOG_SD = LOG_2
#: Prior probability that all half-lives are much the same, and the SD of their logs then.
ALIKE, ALIKE_LOG_SD = 1.0 / 3.0, 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeHalfLives:
    """A log-normal distribution of the half-life.

    Attributes
    ----------
    median_days : float
    log_sd : float
        SD of the log of the half-life.
    """

    median_days: float
    log_sd: float

    def density(self, half_life: FloatArray) -> FloatArray:
        """Return the density at half-lives in days."""
        h = np.maximum(np.asarray(half_life, dtype=float), 1e-6)
        z = np.log(h / self.median_days) / self.log_sd
        return np.asarray(np.exp(-0.5 * z**2) / (h * self.log_sd * np.sqrt(2.0 * np.pi)))


HalfLives = HalfLifePrior | AlikeHalfLives


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLifeSpread:
    """One way in which half-lives may be spread among persons.

    Attributes
    ----------
    half_life : HalfLifePrior or AlikeHalfLives
        Their distribution.
    log_prior : float
        Log of its prior probability.
    """

    half_life: HalfLives
    log_prior: float

    @property
    def no_carryover_share(self) -> float:
        """Return the share of persons with practically no carryover."""
        if isinstance(self.half_life, AlikeHalfLives):
            return 0.0
        return self.half_life.shares[-1]

    @property
    def median_days(self) -> float:
        """Return the median half-life of the others, in days."""
        if isinstance(self.half_life, AlikeHalfLives):
            return self.half_life.median_days
        return LOG_2 * self.half_life.means_days[0]


def around(prior: HalfLifePrior) -> tuple[HalfLifeSpread, ...]:
    """Return the list of spreads around a protocol's prior; empty where it has one component.

    The share of persons without carryover has a Beta(q, 1 - q) distribution with the protocol's
    share q for its mean, the median a log-normal one around the protocol's.
    """
    if len(prior.shares) < 2:
        return ()
    (some, none), expected = prior.means_days, prior.shares[1]
    edges = [0.0, *((a + b) / 2 for a, b in pairwise(SHARES)), 1.0]
    masses = np.diff(betainc(expected, 1.0 - expected, edges))
    heights = np.exp(-0.5 * (np.log(MEDIANS) / MEDIAN_LOG_SD) ** 2)
    heights /= heights.sum()
    spread = [
        HalfLifeSpread(
            half_life=HalfLifePrior(means_days=(factor * some, none), shares=(1.0 - share, share)),
            log_prior=float(np.log((1.0 - ALIKE) * mass * height)),
        )
        for (share, mass), (factor, height) in product(
            zip(SHARES, masses, strict=True), zip(MEDIANS, heights, strict=True)
        )
    ]
    alike = [
        HalfLifeSpread(
            half_life=AlikeHalfLives(median_days=factor * LOG_2 * some, log_sd=ALIKE_LOG_SD),
            log_prior=float(np.log(ALIKE * height)),
        )
        for factor, height in zip(MEDIANS, heights, strict=True)
    ]
    return (*spread, *alike)
