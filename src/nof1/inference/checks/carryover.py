"""What is assumed about carryover, and what the schedule shows of the effect under it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nof1.inference.checks.sensitivity import HALF_LIVES
from nof1.inference.result import Contrast
from nof1.model.model_input import ModelInput
from nof1.model.priors import point_priors

#: The scores have told something when their interval is narrower than this share of the prior's.
NARROWED = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryoverSummary:
    """Carryover, before and after the scores.

    Attributes
    ----------
    fixed_days : float or None
        Half-life the plan fixes; None when it is estimated, and all that follows but `shares` is
        None when it is not.
    prior_mean, prior_low, prior_high : float or None
        Half-life in days before any score, with its central interval at the plan's level.
    mean, low, high : float or None
        The same after the scores; of the fall alone when the rise has a half-life of its own.
    rise : (float, float, float) or None
        Mean and interval of the half-life of the rise after the scores, where there are two.
    narrowed : bool or None
        Whether the scores narrowed the interval by more than 30 %.
    shares : tuple of (float, float)
        Half-life in days, and the share of the steady-state effect that the difference as
        scheduled shows of it in this very sequence.
    """

    fixed_days: float | None
    prior_mean: float | None = None
    prior_low: float | None = None
    prior_high: float | None = None
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    rise: tuple[float, float, float] | None = None
    narrowed: bool | None = None
    shares: tuple[tuple[float, float], ...]


def summarise_carryover(inputs: ModelInput, contrast: Contrast) -> CarryoverSummary:
    """Return the half-life before and after the scores of one outcome.

    Parameters
    ----------
    inputs : ModelInput
        What was fitted.
    contrast : Contrast
        The primary contrast of its analysis.
    """
    active, comparator = (inputs.arms.index(arm) for arm in (contrast.active, contrast.comparator))
    weights = inputs.as_scheduled_weights(active, comparator)
    shares = tuple(
        (days, float(weights @ inputs.exposure(days)[:, active - 1])) for days in HALF_LIVES
    )
    fixed = inputs.plan.fixed_half_life_days
    fit = contrast.answer
    if fixed is not None or fit is None:
        return CarryoverSummary(fixed_days=fixed, shares=shares)
    prior = point_priors(inputs).half_life
    low, high = prior.interval(inputs.plan.ci_level)
    half_life, rise = fit.half_life, fit.half_life_rise
    return CarryoverSummary(
        fixed_days=None,
        prior_mean=float(np.dot(prior.means_days, prior.shares)),
        prior_low=low,
        prior_high=high,
        mean=half_life.mean,
        low=half_life.ci_low,
        high=half_life.ci_high,
        rise=None if rise is None else (rise.mean, rise.ci_low, rise.ci_high),
        narrowed=half_life.ci_high - half_life.ci_low <= NARROWED * (high - low),
        shares=shares,
    )
