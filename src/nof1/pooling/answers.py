"""Distributions of an effect as the figures that are told of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.inference.mixture import Mixture
from nof1.inference.verdict import probabilities
from nof1.pooling.density import Density
from nof1.pooling.hierarchy import PopulationPosterior
from nof1.pooling.pooled import Chances, Curve, Heterogeneity, SensitivityRow, Summary
from nof1.scales import Better

FloatArray = NDArray[np.float64]

CI_LEVEL = 0.95
#: Points of a curve, and its reach in SDs.
POINTS, REACH = 161, 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """How an effect is judged.

    Attributes
    ----------
    better : {"lower", "higher"}
        Which direction is an improvement.
    mcid : float or None
        Smallest difference that matters, in points.
    """

    better: Better
    mcid: float | None

    def chances(self, found: Mixture) -> Chances:
        """Return mean, SD, interval and chances of a distribution of effects."""
        told = self.told(found.cdf)
        return Chances(
            **_figures(found),
            p_better=told["p_better"] or 0.0,
            p_meaningful=told["p_meaningful"],
            p_meaningfully_worse=told["p_meaningfully_worse"],
        )

    def told(self, cdf: Callable[[float], float]) -> dict[str, float | None]:
        """Return the chances that follow from a distribution function."""
        return probabilities(cdf, self.better, self.mcid)

    def row(self, label: str, found: PopulationPosterior, contrast: FloatArray) -> SensitivityRow:
        """Return the pooled answer under one set of assumptions."""
        return SensitivityRow(
            label=label,
            mean=summary(found.average(contrast)),
            heterogeneity=heterogeneity(found.between),
            next_person=self.chances(found.next_person(contrast)),
        )


def summary(found: Mixture) -> Summary:
    """Return mean, SD and central interval."""
    return Summary(**_figures(found))


def _figures(found: Mixture) -> dict[str, float]:
    return {**found.summary(CI_LEVEL), "sd": found.sd}


def heterogeneity(found: Density) -> Heterogeneity:
    """Return mean, SD and shortest interval of the SD between persons."""
    low, high = found.shortest_interval(CI_LEVEL)
    return Heterogeneity(mean=found.mean, sd=found.sd, ci_low=low, ci_high=high)


def curve(found: Mixture) -> Curve:
    """Return the density of a distribution of effects, for figures."""
    points = np.linspace(found.mean - REACH * found.sd, found.mean + REACH * found.sd, POINTS)
    return Curve(points=tuple(points.tolist()), density=tuple(found.pdf(points).tolist()))


def between_curve(found: Density) -> Curve:
    """Return the density of the SD between persons, for figures."""
    points = np.linspace(found.points[0], found.quantile(0.9995), POINTS)
    density = np.interp(points, found.points, found.density)
    return Curve(points=tuple(points.tolist()), density=tuple(density.tolist()))
