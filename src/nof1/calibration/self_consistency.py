"""Simulation-based calibration: truths drawn from the priors are held as often as promised.

If a truth is drawn from the prior and scores from the truth, the posterior probability below the
truth (the PIT) is uniform over all such draws, for every parameter, and also among data sets
chosen by anything the scores tell (Cook, Gelman & Rubin 2006, doi:10.1198/106186006X136976;
Talts et al. 2018, arXiv:1804.06788). Hence every central interval covers as it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, kolmogorov

from nof1.calibration.scenarios import SCORINGS
from nof1.calibration.truths import from_priors
from nof1.inference.exact import quadrature
from nof1.inference.exact.quadrature import Solution
from nof1.model.simulation import Truth

FloatArray = NDArray[np.float64]

PARAMETERS = ("effect", "half_life", "phi", "sigma", "sigma_period")
LEVELS = (0.5, 0.8, 0.9, 0.95)
BINS = 20
MISSING = 0.1
FEWEST_CYCLES, MOST_CYCLES = 2, 6
#: People of one sequence and one pattern of missing scores.
ALIKE = 32
#: Share of the data sets in a stratum at one end of a posterior mean.
EXTREME = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Pits:
    """What is kept of simulated trials.

    Attributes
    ----------
    pit : array, shape (m, 5)
        Posterior probability below the truth of each of `PARAMETERS`.
    informed : array, shape (m, 4)
        What the scores tell: posterior means of phi, sigma and sigma_period over sigma, and the
        difference of the two finest levels in posterior SDs.
    """

    pit: FloatArray
    informed: FloatArray


class Group(NamedTuple):
    """People alike in sequence and missing scores: kind of scores, and the group's number."""

    scores: str
    number: int


def measure(group: Group, seed: int) -> Pits:
    """Return the PITs of one group of people.

    Parameters
    ----------
    group : Group
        With `seed` it fixes every random number.
    seed : int
        Of the whole run.
    """
    key = (list(SCORINGS).index(group.scores), group.number)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
    cycles = int(rng.integers(FEWEST_CYCLES, MOST_CYCLES + 1))
    people = from_priors(group.scores, cycles, MISSING, ALIKE, rng)
    solutions = quadrature.solve_many(people.givens)
    pairs = zip(solutions, people.truths, strict=True)
    return Pits(
        pit=np.array([_pits(solution, truth) for solution, truth in pairs]),
        informed=np.array([_informed(solution) for solution in solutions]),
    )


def _pits(solution: Solution, truth: Truth) -> tuple[float, ...]:
    posterior = solution.finest
    true = {
        "half_life": truth.half_life_days,
        "phi": truth.phi,
        "sigma": truth.sigma,
        "sigma_period": truth.period_sd,
    }
    return (
        posterior.effect(1, 0).cdf(truth.effects[0]),
        *(posterior.marginal(name).cdf(value) for name, value in true.items()),
    )


def _informed(solution: Solution) -> tuple[float, ...]:
    posterior = solution.finest
    phi, sigma, shift = (posterior.marginal(name).mean for name in ("phi", "sigma", "sigma_period"))
    error = solution.error(1, 0) / posterior.effect(1, 0).sd
    return phi, sigma / posterior.inputs.span, shift / sigma, error


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniformity:
    """How uniform the PITs of one parameter are.

    Attributes
    ----------
    n : int
        Data sets.
    covered : tuple of int
        How many truths the central interval of each of `LEVELS` held.
    bins : tuple of int
        Histogram of the PITs over `BINS` equal bins.
    distance : float
        Largest distance of their distribution function from the uniform one.
    """

    n: int
    covered: tuple[int, ...]
    bins: tuple[int, ...]
    distance: float

    def errors(self) -> tuple[float, ...]:
        """Return coverage minus level, in standard errors, for each of `LEVELS`."""
        return tuple(
            (covered / self.n - level) / (level * (1.0 - level) / self.n) ** 0.5
            for covered, level in zip(self.covered, LEVELS, strict=True)
        )

    @property
    def kolmogorov_p(self) -> float:
        """Return the p-value of the Kolmogorov-Smirnov test, by its limit."""
        return float(kolmogorov(self.n**0.5 * self.distance))

    @property
    def chi_squared_p(self) -> float:
        """Return the p-value of the chi-squared test on the histogram."""
        expected = self.n / len(self.bins)
        statistic = sum((count - expected) ** 2 for count in self.bins) / expected
        return float(chdtrc(len(self.bins) - 1, statistic))


def uniformity(pit: FloatArray) -> Uniformity:
    """Return how uniform the PITs of one parameter are, shape (m,)."""
    ordered, n = np.sort(pit), len(pit)
    steps = np.arange(n + 1) / n
    distance = max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max())
    bins = np.histogram(pit, bins=BINS, range=(0.0, 1.0))[0]
    return Uniformity(
        n=n,
        covered=tuple(int((np.abs(pit - 0.5) <= level / 2).sum()) for level in LEVELS),
        bins=tuple(int(count) for count in bins),
        distance=float(distance),
    )


#: Data sets in which faults of a quadrature hide, each told from the scores alone.
STRATA: Mapping[str, str] = MappingProxyType(
    {
        "tiny noise": "the 5 % with the smallest posterior mean of sigma",
        "large shifts": "the 5 % with the largest posterior mean of period shifts over sigma",
        "phi near 0": "the 5 % with the smallest posterior mean of phi",
        "phi near 1": "the 5 % with the largest posterior mean of phi",
        "hard to integrate": "the 5 % whose two finest grids differ most, in posterior SDs",
    }
)

#: By group ("all", "weekly", "daily", each of `STRATA`) and parameter.
Consistency = Mapping[str, Mapping[str, Uniformity]]


def consistency(measured: Mapping[str, Sequence[Pits]]) -> Consistency:
    """Return the uniformity of every parameter in every group.

    Parameters
    ----------
    measured : mapping of str to sequence of Pits
        All groups of people by kind of scores.
    """
    pit = {kind: np.concatenate([pits.pit for pits in many]) for kind, many in measured.items()}
    every = np.concatenate(list(pit.values()))
    phi, sigma, shift, gap = np.concatenate(
        [pits.informed for many in measured.values() for pits in many]
    ).T
    groups = {
        "all": every,
        **pit,
        "tiny noise": every[sigma <= np.quantile(sigma, EXTREME)],
        "large shifts": every[shift >= np.quantile(shift, 1.0 - EXTREME)],
        "phi near 0": every[phi <= np.quantile(phi, EXTREME)],
        "phi near 1": every[phi >= np.quantile(phi, 1.0 - EXTREME)],
        "hard to integrate": every[gap >= np.quantile(gap, 1.0 - EXTREME)],
    }
    return {
        name: {parameter: uniformity(pits[:, i]) for i, parameter in enumerate(PARAMETERS)}
        for name, pits in groups.items()
    }


def as_object(consistency: Consistency) -> dict[str, Any]:
    """Return the finding as JSON can carry it."""
    return {
        group: {
            parameter: {
                "n": uniformity.n,
                "covered": list(uniformity.covered),
                "bins": list(uniformity.bins),
                "distance": round(uniformity.distance, 6),
            }
            for parameter, uniformity in parameters.items()
        }
        for group, parameters in consistency.items()
    }


def from_object(stored: Mapping[str, Any]) -> Consistency:
    """Return the finding from what `as_object` gave."""
    return {
        group: {
            parameter: Uniformity(
                n=figures["n"],
                covered=tuple(figures["covered"]),
                bins=tuple(figures["bins"]),
                distance=figures["distance"],
            )
            for parameter, figures in parameters.items()
        }
        for group, parameters in stored.items()
    }
