"""A posterior as draws with weights: its figures, whatever drew them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.inference.fits import CovariateChange, PosteriorFit
from nof1.inference.summaries import Summary
from nof1.inference.verdict import chances_of
from nof1.model.model_input import ModelInput
from nof1.words.caution import sentence

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Draws of everything that is reported of one contrast, arrays of shape (S,) if not stated.

    Attributes
    ----------
    effect, scheduled : array
        Steady-state effect and difference as scheduled, active minus comparator, in points.
    half_life : array
        Days; of fall alone when that of rise is given.
    half_life_rise : array or None
        Days; None with one half-life.
    phi : array
        Correlation of neighbouring scores at the usual spacing.
    sigma, sigma_period : array
        SD of a score and of period shifts, in points.
    trend : array or None
        Change over the whole trial, in points; None without a trend.
    weights : array
        Sum to 1.
    slopes : array, shape (S, q), or None
        Change in points for one SD of each covariate; None when they were not drawn.
    """

    effect: FloatArray
    scheduled: FloatArray
    half_life: FloatArray
    half_life_rise: FloatArray | None
    phi: FloatArray
    sigma: FloatArray
    sigma_period: FloatArray
    trend: FloatArray | None
    weights: FloatArray
    slopes: FloatArray | None = None

    def summary(self, draws: FloatArray, level: float) -> Summary:
        """Return mean, SD and central interval of a quantity."""
        low, high = quantiles(draws, self.weights, ((1 - level) / 2, (1 + level) / 2))
        mean, sd = self._moments(draws)
        return Summary(mean=mean, sd=sd, ci_low=low, ci_high=high, level=level)

    def posterior[Kind: PosteriorFit](
        self, kind: type[Kind], inputs: ModelInput, active: int, comparator: int, **more: Any
    ) -> Kind:
        """Return the posterior of one contrast.

        Parameters
        ----------
        kind : type
            What it is returned as, by the engine that drew it.
        inputs : ModelInput
            What was fitted.
        active, comparator : int
            Numbers of the arms compared.
        **more
            The figures that this kind has besides those of every posterior.
        """
        level = inputs.plan.ci_level

        def below(point: float) -> float:
            return float(min(self.weights[self.effect <= point].sum(), 1.0))

        def perhaps(draws: FloatArray | None) -> Summary | None:
            return None if draws is None else self.summary(draws, level)

        why = inputs.unspoken(active, comparator, whole=True)
        return kind(
            effect=self.summary(self.effect, level),
            chances=chances_of(below, inputs.better, inputs.mcid),
            density=self.density(),
            as_scheduled=None if why else self.summary(self.scheduled, level),
            why_not_scheduled=sentence(why) if why else "",
            half_life=self.summary(self.half_life, level),
            half_life_rise=perhaps(self.half_life_rise),
            phi=self.summary(self.phi, level),
            sigma=self.summary(self.sigma, level),
            sigma_period=self.summary(self.sigma_period, level),
            trend=perhaps(self.trend),
            covariates=self._covariates(inputs),
            **more,
        )

    def _covariates(self, inputs: ModelInput) -> dict[str, CovariateChange[Summary]]:
        """Return the change in points for one unit of each covariate; nothing without any."""
        if self.slopes is None or not inputs.adjustments:
            return {}
        return {
            adjustment.covariate: CovariateChange(
                title=adjustment.title,
                unit=adjustment.unit,
                change=self.summary(draws / adjustment.sd, inputs.plan.ci_level),
            )
            for adjustment, draws in zip(inputs.adjustments, self.slopes.T, strict=True)
        }

    def density(self) -> tuple[FloatArray, FloatArray]:
        """Return points and the density of the effect there, smoothed for figures."""
        mean, sd = self._moments(self.effect)
        ess = 1.0 / float((self.weights**2).sum())
        width = sd * ess**-0.2
        points = np.linspace(mean - 5 * sd, mean + 5 * sd, 161)
        away = (points[:, None] - self.effect) / width
        height = np.exp(-0.5 * away**2) @ self.weights
        return points, height / (width * np.sqrt(2 * np.pi))

    def _moments(self, draws: FloatArray) -> tuple[float, float]:
        """Return the mean and the SD of a quantity."""
        mean = self.weights @ draws
        return float(mean), float(np.sqrt(self.weights @ (draws - mean) ** 2))


def quantiles(
    draws: FloatArray, weights: FloatArray, probabilities: tuple[float, ...]
) -> tuple[float, ...]:
    """Return quantiles of weighted draws; half of a draw's weight counts as below it."""
    points, which = np.unique(draws, return_inverse=True)
    mass = np.bincount(which.ravel(), weights=weights)
    return tuple(np.interp(probabilities, np.cumsum(mass) - mass / 2, points).tolist())
