"""How many persons a series of trials needs, by the number of cycles each of them has.

Two questions, two answers. The average in exactly these persons (their own differences fixed):
scatter within persons alone counts. The average in persons like them (differences random): so does
how much persons differ. Power is that of a two-sided t-test, the upper tail alone counted, with
the non-central t.
(Senn 2019, doi:10.1177/0962280217726801.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, isfinite, sqrt

from scipy.special import nctdtr, stdtrit

from nof1.errors import Fault, InputError

#: Two-sided level, and the power to be reached.
ALPHA, POWER = 0.05, 0.8
#: Numbers of cycles worth comparing.
SERIES_CYCLES = range(2, 9)
#: No series has more persons; beyond it, an answer would only be a number.
MOST_PERSONS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesAssumptions:
    """What is assumed about the persons of a series before it starts, in points of the outcome.

    Attributes
    ----------
    effect : float
        Average difference of active and comparator to be detected; its sign does not matter.
    between_sd : float
        SD between persons of their own true differences; 0 if all are alike.
    within_sd : float
        SD within a person and cycle of *one period's mean* around its expectation. Not the SD of
        a cycle difference, which is `difference_sd`, nor the SD of single scores.
    """

    effect: float
    between_sd: float
    within_sd: float

    def __post_init__(self) -> None:
        fine = {
            "effect": self.effect != 0,
            "between_sd": self.between_sd >= 0,
            "within_sd": self.within_sd > 0,
        }
        mends = {
            "effect": "Give the difference to be detected, in points, other than 0.",
            "between_sd": "Give an SD in points, 0 or more.",
            "within_sd": "Give an SD in points above 0.",
        }
        faults = [
            Fault(name.replace("_", "-"), f"{value:g} will not do", mends[name])
            for name in fine
            for value in [getattr(self, name)]
            if not (isfinite(value) and fine[name])
        ]
        if faults:
            raise InputError(faults)

    @property
    def difference_sd(self) -> float:
        """Return the SD within a person of a cycle difference: ``sqrt(2) * within_sd``."""
        return sqrt(2.0) * self.within_sd


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSize:
    """What a series needs when each person has so many cycles.

    Attributes
    ----------
    cycles : int
        Of every person.
    variance_fixed, variance_random : float
        Of one person's mean cycle difference, without and with the variance between persons, in
        squared points.
    n_fixed, n_random : int
        Least number of persons that reaches the power, for the average in exactly these persons
        and in persons like them.
    n_random_exact : float
        Number at which the power is just reached, not rounded; at least 2.
    power_fixed, power_random : float
        Reached with `n_fixed` and `n_random` persons.
    se_naive, se_shrunk : float
        Standard error of one person's own difference: from its own cycles alone, and shrunken
        towards a known average, in points.
    """

    cycles: int
    variance_fixed: float
    n_fixed: int
    power_fixed: float
    variance_random: float
    n_random: int
    n_random_exact: float
    power_random: float
    se_naive: float
    se_shrunk: float

    @property
    def cycles_fixed(self) -> int:
        """Return the cycles of all `n_fixed` persons together."""
        return self.cycles * self.n_fixed

    @property
    def cycles_random(self) -> int:
        """Return the cycles of all `n_random` persons together."""
        return self.cycles * self.n_random


def series_size(assumed: SeriesAssumptions, cycles: int) -> SeriesSize:
    """Return how many persons with so many cycles each a series needs.

    For a power of 80 % at a two-sided level of 5 %. With the effect ``d``, SD between persons
    ``psi``, SD within ``sigma``, ``k`` cycles and ``n`` persons, the variance of a person's mean
    difference is ``V = 2 sigma^2 / k`` with ``n (k - 1)`` degrees of freedom (fixed), or
    ``V = psi^2 + 2 sigma^2 / k`` with ``n - 1`` (random); non-centrality ``d / sqrt(V / n)``.
    (Senn 2019, doi:10.1177/0962280217726801.)

    Parameters
    ----------
    assumed : SeriesAssumptions
        Effect and SDs, in points.
    cycles : int
        At least 2: one cycle has no scatter of its own.

    Raises
    ------
    InputError
        If `cycles` is below 2, or more than a million persons would be needed.
    """
    if cycles < 2:
        raise InputError(
            Fault("cycles", f"{cycles} is too few for a series", "Give at least 2 cycles.")
        )
    fixed = 2.0 * assumed.within_sd**2 / cycles
    random = assumed.between_sd**2 + fixed
    size = abs(assumed.effect)

    def power_fixed(n: float) -> float:
        return _power(size / sqrt(fixed / n), n * (cycles - 1))

    def power_random(n: float) -> float:
        return _power(size / sqrt(random / n), n - 1)

    n_random_exact = _persons(power_random, least=2.0)
    n_fixed, n_random = ceil(_persons(power_fixed, least=1.0)), ceil(n_random_exact)
    return SeriesSize(
        cycles=cycles,
        variance_fixed=fixed,
        n_fixed=n_fixed,
        power_fixed=power_fixed(n_fixed),
        variance_random=random,
        n_random=n_random,
        n_random_exact=n_random_exact,
        power_random=power_random(n_random),
        se_naive=sqrt(fixed),
        se_shrunk=sqrt(fixed * assumed.between_sd**2 / random),
    )


def _power(non_centrality: float, df: float) -> float:
    """Return the chance that t exceeds its upper critical value."""
    # Larger ones are beyond the function, and give a power of 1 all the same.
    nearer = min(non_centrality, 1e6)
    return 1.0 - float(nctdtr(df, nearer, stdtrit(df, 1 - ALPHA / 2)))


def _persons(power: Callable[[float], float], least: float) -> float:
    """Return the number of persons, not rounded, at which a rising power reaches `POWER`."""
    low = high = least
    while power(high) < POWER:
        if high > MOST_PERSONS:
            raise InputError(
                Fault(
                    "effect",
                    f"more than {MOST_PERSONS:,} persons would be needed",
                    "Give a larger effect, or smaller SDs.",
                )
            )
        low, high = high, 2.0 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if power(middle) < POWER else (low, middle)
    return high
