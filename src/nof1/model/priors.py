"""The priors of the Bayesian engines in points and days, and the normal scores of two of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]

LOG_2 = float(np.log(2.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLifePrior:
    """A mixture of two exponential distributions that does not vanish at zero.

    Attributes
    ----------
    means_days : tuple of float
        Mean of each component: with carryover, and with practically none.
    shares : tuple of float
        Their weights; a component of weight 0 is left out.

    Examples
    --------
    A median of 7 days with carryover, and 3 in 10 with practically none:

    >>> prior = HalfLifePrior(means_days=(7 / LOG_2, 0.4), shares=(0.7, 0.3))
    >>> prior.cdf([1.0, 7.0]).round(2).tolist()
    [0.34, 0.65]
    """

    means_days: tuple[float, ...]
    shares: tuple[float, ...]

    def density(self, half_life: ArrayLike) -> FloatArray:
        """Return the density at half-lives in days."""
        h = np.asarray(half_life, dtype=float)[..., None]
        means = np.array(self.means_days)
        return np.asarray((np.exp(-h / means) / means) @ np.array(self.shares))

    def cdf(self, half_life: ArrayLike) -> FloatArray:
        """Return the probability of half-lives up to given ones, in days."""
        h = np.asarray(half_life, dtype=float)[..., None]
        return np.asarray(-np.expm1(-h / np.array(self.means_days)) @ np.array(self.shares))

    def interval(self, level: float) -> tuple[float, float]:
        """Return the central interval that holds `level` of the probability, in days."""
        means, shares = np.array(self.means_days), np.array(self.shares)
        low, high = np.zeros(2), np.full(2, 60.0 * means.max())
        above = np.array([1.0 + level, 1.0 - level]) / 2.0
        for _ in range(80):
            middle = (low + high) / 2.0
            beyond = np.exp(-middle[:, None] / means) @ shares > above
            low, high = np.where(beyond, middle, low), np.where(beyond, high, middle)
        return float(low[0]), float(low[1])


def beta22_from_normal(z: FloatArray) -> FloatArray:
    """Return the quantiles of a Beta(2, 2) distribution at standard normal scores.

    Its distribution function is 3 p^2 - 2 p^3, a cubic solved by a sine.
    """
    # Written in the smaller tail and without differences, so that no digits are lost near 0.
    angle = np.arcsin(np.sqrt(ndtr(-np.abs(z)))) * 2.0 / 3.0
    lower = np.sin(angle / 2.0) ** 2 + 0.75**0.5 * np.sin(angle)
    return np.asarray(np.where(z > 0, 1.0 - lower, lower))


@dataclass(frozen=True, slots=True, kw_only=True)
class PointPriors:
    """Priors in points of the scale at hand.

    Attributes
    ----------
    level_mean, level_sd : float
        Normal prior of the level on the comparator.
    effect_sd : float
        SD of the normal prior of every arm's steady-state effect against the comparator.
    trend_sd : float
        SD of the normal prior of the trend over the whole trial.
    covariate_sd : float
        SD of the normal prior of the change for one SD of a covariate.
    noise_scale : float
        Scale of the half-t with 3 degrees of freedom of the noise SD.
    noise_floor : float
        Least noise SD: the rounding of scores given in steps, step / sqrt(12).
    period_scale : float
        Scale of the half-normal of the ratio of period SD to noise SD.
    half_life : HalfLifePrior
        In days; of fall when rise has its own.
    half_life_ratio_log_sd : float
        SD of the normal prior of the log of the half-life of rise over that of fall.
    """

    level_mean: float
    level_sd: float
    effect_sd: float
    trend_sd: float
    covariate_sd: float
    noise_scale: float
    noise_floor: float
    period_scale: float
    half_life: HalfLifePrior
    half_life_ratio_log_sd: float


def point_priors(inputs: ModelInput) -> PointPriors:
    """Return the plan's priors, which are fractions of the range, in points of this scale."""
    priors, span = inputs.plan.priors, inputs.span
    return PointPriors(
        level_mean=(inputs.low + inputs.high) / 2,
        level_sd=priors.level_sd * span,
        effect_sd=priors.effect_sd * span,
        trend_sd=priors.trend_sd * span,
        covariate_sd=priors.covariate_sd * span,
        noise_scale=priors.noise_scale * span,
        noise_floor=inputs.step / 12**0.5,
        period_scale=priors.period_scale,
        half_life=_half_life_prior(inputs),
        half_life_ratio_log_sd=priors.half_life_ratio_log_sd,
    )


def _half_life_prior(inputs: ModelInput) -> HalfLifePrior:
    priors = inputs.plan.priors
    components = (
        (priors.half_life_median_days / LOG_2, 1.0 - priors.no_carryover_share),
        (priors.no_carryover_mean_days, priors.no_carryover_share),
    )
    means, shares = zip(*((m, w) for m, w in components if w > 0), strict=True)
    return HalfLifePrior(means_days=means, shares=shares)
