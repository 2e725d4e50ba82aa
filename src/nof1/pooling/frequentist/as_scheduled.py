"""How much of the effect at full exposure a difference between periods as scheduled holds.

Lengths of periods decide it: what is left of the arm before acts on, and what is taken now has
not yet come to its full height. Averages of differences over persons whose periods differ in
length are averages of one thing only as far as these shares agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from statistics import fmean

import numpy as np

from nof1.model.exposure import exposure
from nof1.model.priors import HalfLifePrior
from nof1.sharing.contribution import SharedDesign, SharedEstimand

#: Shares may differ by this much between lengths of periods: averaged, the differences are then
#: off by less than a tenth of the effect at full exposure for everybody.
TOLERANCE = 0.1
#: Cycles at most of which every order is gone through; further ones change little.
CYCLES = 4
#: Days of a period, and of a washout, beyond which a share no longer changes.
LONGEST = 366
#: Half-lives that stand for each component of a prior.
NODES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Shares of the effect at full exposure, over persons and over what is assumed.

    Attributes
    ----------
    low, high : float
        Smallest and largest expected share, by the lengths of the persons' periods.
    least : float
        Average over persons of the share at a half-life that only one in twenty exceeds
        beforehand.
    """

    low: float
    high: float
    least: float

    @property
    def agree(self) -> bool:
        """Return whether differences of these persons can be averaged as one thing."""
        return self.high - self.low <= TOLERANCE


def shares(
    designs: Iterable[SharedDesign], estimand: SharedEstimand, prior: HalfLifePrior | None
) -> Shares:
    """Return which shares of the effect the persons' differences as scheduled hold.

    Parameters
    ----------
    designs : iterable of SharedDesign
        Of the persons; at least one.
    estimand : SharedEstimand
        How carryover is taken to act, and days left out.
    prior : HalfLifePrior or None
        Of the half-life, where it is estimated.
    """
    means, weights = _half_lives(estimand, prior)
    longest = means[-1:] if prior is None else (prior.interval(0.9)[1],)
    expected, least = [], []
    for design in designs:
        plan = (
            length := min(max(design.period_days, 1), LONGEST),
            min(design.washout_days, LONGEST),
            max(1, min(design.cycles, CYCLES)),
            min(estimand.drop_days, length - 1),
        )
        expected.append(_share(*plan, means, weights))
        least.append(_share(*plan, longest, (1.0,)))
    return Shares(low=min(expected), high=max(expected), least=fmean(least))


def _half_lives(
    estimand: SharedEstimand, prior: HalfLifePrior | None
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return half-lives in days and their probabilities."""
    if prior is None:
        fixed = estimand.carryover.removeprefix("fixed:")
        return (float(fixed) if fixed != estimand.carryover else 0.0,), (1.0,)
    quantiles = -np.log1p(-(np.arange(NODES) + 0.5) / NODES)
    nodes = np.concatenate([mean * quantiles for mean in prior.means_days])
    return tuple(nodes.tolist()), tuple(np.repeat(prior.shares, NODES) / NODES)


@lru_cache(maxsize=512)
def _share(
    period_days: int,
    washout_days: int,
    cycles: int,
    drop_days: int,
    half_lives: tuple[float, ...],
    weights: tuple[float, ...],
) -> float:
    """Return the share on average over all orders of pairs, nothing taken before the first day."""
    length = period_days + washout_days
    orders = np.array([list(_order(firsts)) for firsts in product((0, 1), repeat=cycles)])
    dose = np.repeat(orders, length, axis=1)
    taken = np.tile(np.arange(length) < period_days, 2 * cycles)
    acting = exposure((dose * taken).T, np.array(half_lives))
    counted = np.tile((np.arange(length) >= drop_days) & (np.arange(length) < period_days), 2)
    by_cycle = acting.reshape(len(half_lives), cycles, 2 * length, len(orders))[:, :, counted]
    on = dose.T.reshape(cycles, 2 * length, len(orders))[:, counted] > 0
    difference = np.where(on, by_cycle, -by_cycle).mean(axis=(1, 2, 3)) * 2.0
    return float(difference @ np.array(weights))


def _order(firsts: tuple[int, ...]) -> Iterator[int]:
    for first in firsts:
        yield from (first, 1 - first)
