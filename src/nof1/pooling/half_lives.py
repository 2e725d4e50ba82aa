"""How the half-lives of the effect may be spread among the persons of a population.

Every person's analysis integrates over a prior of the half-life. What is mild for one person adds
up over many: if nobody has carryover, and everybody's prior expects some, then the average effect
is pulled away from the truth by the same amount however many persons there are. So the spread of
half-lives is learnt from all of them. It is one of a list: a share of persons with practically no
carryover, and for the others an exponential distribution with a median of its own. The list holds
shares and medians around the protocol's, whose prior is kept: the expected share is the
protocol's, and the shares near none and all are likely, since the persons take the same things.
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
SHARES = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)
#: Median half-lives of the others, in the protocol's.
MEDIANS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0)
#: SD of the normal prior of the log of that factor: a factor of two either way.
MEDIAN_LOG_SD = LOG_2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """One way in which half-lives may be spread among persons.

    Attributes
    ----------
    half_life : HalfLifePrior
        Their distribution.
    log_prior : float
        Log of its prior probability.
    """

    half_life: HalfLifePrior
    log_prior: float

    @property
    def no_carryover_share(self) -> float:
        """Return the share of persons with practically no carryover."""
        return self.half_life.shares[-1]

    @property
    def median_days(self) -> float:
        """Return the median half-life of the others, in days."""
        return LOG_2 * self.half_life.means_days[0]


def protocol_alone(prior: HalfLifePrior) -> tuple[Spread, ...]:
    """Return the protocol's prior as the only spread: nothing is learnt."""
    return (Spread(half_life=prior, log_prior=0.0),)


def around(prior: HalfLifePrior) -> tuple[Spread, ...]:
    """Return the list of spreads around a protocol's prior.

    The share of persons without carryover has a Beta(q, 1 - q) distribution with the protocol's
    share q for its mean, the median a log-normal one around the protocol's.
    """
    if len(prior.shares) < 2:
        return protocol_alone(prior)
    (some, none), expected = prior.means_days, prior.shares[1]
    edges = [0.0, *((a + b) / 2 for a, b in pairwise(SHARES)), 1.0]
    masses = np.diff(betainc(expected, 1.0 - expected, edges))
    heights = np.exp(-0.5 * (np.log(MEDIANS) / MEDIAN_LOG_SD) ** 2)
    heights /= heights.sum()
    return tuple(
        Spread(
            half_life=HalfLifePrior(means_days=(factor * some, none), shares=(1.0 - share, share)),
            log_prior=float(np.log(mass * height)),
        )
        for (share, mass), (factor, height) in product(
            zip(SHARES, masses, strict=True), zip(MEDIANS, heights, strict=True)
        )
    )
