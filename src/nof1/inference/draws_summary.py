"""A posterior as draws with weights: the figures of the contract, whatever drew them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.inference.verdict import probabilities
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

    def summary(self, draws: FloatArray, level: float) -> dict[str, float]:
        """Return mean and central interval of a quantity under the names of the contract."""
        low, high = quantiles(draws, self.weights, ((1 - level) / 2, (1 + level) / 2))
        return {"mean": float(self.weights @ draws), "ci_low": low, "ci_high": high}

    def values(self, inputs: ModelInput, active: int, comparator: int) -> dict[str, Any]:
        """Return the figures every Bayesian engine gives, under the names of the contract.

        Parameters
        ----------
        inputs : ModelInput
            What was fitted.
        active, comparator : int
            Numbers of the arms compared.
        """
        level = inputs.plan.ci_level

        def below(point: float) -> float:
            return float(min(self.weights[self.effect <= point].sum(), 1.0))

        named = {
            "half_life": self.half_life,
            "half_life_rise": self.half_life_rise,
            "phi": self.phi,
            "sigma": self.sigma,
            "sigma_period": self.sigma_period,
            "trend": self.trend,
        }
        return {
            **self.summary(self.effect, level),
            "sd": self._sd,
            "ci_level": level,
            **probabilities(below, inputs.better, inputs.mcid),
            "as_scheduled": scheduled_or_why(
                inputs, active, comparator, lambda: self.summary(self.scheduled, level)
            ),
            **{
                name: self.summary(draws, level)
                for name, draws in named.items()
                if draws is not None
            },
            **self._covariates(inputs),
        }

    def _covariates(self, inputs: ModelInput) -> dict[str, Any]:
        """Return the change in points for one unit of each covariate; nothing without any."""
        if self.slopes is None or not inputs.adjustments:
            return {}
        return {
            "covariates": {
                adjustment.covariate: {
                    "title": adjustment.title,
                    "unit": adjustment.unit,
                    **self.summary(draws / adjustment.sd, inputs.plan.ci_level),
                }
                for adjustment, draws in zip(inputs.adjustments, self.slopes.T, strict=True)
            }
        }

    def density(self) -> tuple[FloatArray, FloatArray]:
        """Return points and the density of the effect there, smoothed for figures."""
        mean = float(self.weights @ self.effect)
        ess = 1.0 / float((self.weights**2).sum())
        width = self._sd * ess**-0.2
        points = np.linspace(mean - 5 * self._sd, mean + 5 * self._sd, 161)
        away = (points[:, None] - self.effect) / width
        height = np.exp(-0.5 * away**2) @ self.weights
        return points, height / (width * np.sqrt(2 * np.pi))

    @property
    def _sd(self) -> float:
        mean = self.weights @ self.effect
        return float(np.sqrt(self.weights @ (self.effect - mean) ** 2))


def scheduled_or_why(
    inputs: ModelInput, active: int, comparator: int, summary: Callable[[], Mapping[str, float]]
) -> dict[str, Any]:
    """Return the difference as scheduled, or no figures and why where no score speaks of it."""
    why = inputs.unspoken(active, comparator, whole=True)
    if why is None:
        return dict(summary())
    return {"mean": None, "ci_low": None, "ci_high": None, "not_run": sentence(why)}


def quantiles(
    draws: FloatArray, weights: FloatArray, probabilities: tuple[float, ...]
) -> tuple[float, ...]:
    """Return quantiles of weighted draws; half of a draw's weight counts as below it."""
    points, which = np.unique(draws, return_inverse=True)
    mass = np.bincount(which.ravel(), weights=weights)
    return tuple(np.interp(probabilities, np.cumsum(mass) - mass / 2, points).tolist())
