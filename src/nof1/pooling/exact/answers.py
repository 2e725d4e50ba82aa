"""Distributions of an effect as the figures that are told of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.mixture import Mixture
from nof1.inference.summaries import Summary
from nof1.inference.verdict import chances_of
from nof1.model.priors import LOG_2, HalfLifePrior
from nof1.pooling.exact.density import Density
from nof1.pooling.exact.noise_spread import NoiseSpread
from nof1.pooling.exact.population_posterior import PopulationPosterior
from nof1.pooling.judging import Judging
from nof1.pooling.result.forms import Curve, Heterogeneity, JudgedSummary, MixtureFigures
from nof1.pooling.result.pooled_fit import LearntHalfLives, LearntNoise, PooledSensitivity

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CI_LEVEL = 0.95
#: Points of a curve, and its reach in SDs.
POINTS, REACH = 161, 4.0
#: Groups of like SDs in a mixture that is told, and parts of like means in each.
GROUPS, PARTS = 16, 4


def judged(mixture: Mixture, judging: Judging) -> JudgedSummary:
    """Return mean, SD, interval and chances of a distribution of effects."""
    chances = chances_of(mixture.cdf, judging.better, judging.mcid)
    figures = summary(mixture)
    return JudgedSummary(
        mean=figures.mean,
        sd=figures.sd,
        ci_low=figures.ci_low,
        ci_high=figures.ci_high,
        level=figures.level,
        p_better=chances.better,
        p_meaningful=chances.meaningful,
        p_meaningfully_worse=chances.meaningfully_worse,
    )


def under_assumptions(
    label: str, posterior: PopulationPosterior, contrast: FloatArray, judging: Judging
) -> PooledSensitivity:
    """Return the pooled answer under one set of assumptions."""
    return PooledSensitivity(
        label=label,
        mean=summary(posterior.average(contrast)),
        heterogeneity=heterogeneity(posterior.between),
        next_person=judged(posterior.next_person(contrast), judging),
    )


def summary(mixture: Mixture) -> Summary:
    """Return mean, SD and central interval."""
    return mixture.summary(CI_LEVEL)


def heterogeneity(density: Density) -> Heterogeneity:
    """Return mean, SD and shortest interval of the SD between persons."""
    low, high = density.shortest_interval(CI_LEVEL)
    return Heterogeneity(mean=density.mean, sd=density.sd, ci_low=low, ci_high=high, level=CI_LEVEL)


def curve(mixture: Mixture) -> Curve:
    """Return the density of a distribution of effects, for figures."""
    points = np.linspace(
        mixture.mean - REACH * mixture.sd, mixture.mean + REACH * mixture.sd, POINTS
    )
    return Curve(points=tuple(points.tolist()), density=tuple(mixture.pdf(points).tolist()))


def between_curve(posterior_density: Density) -> Curve:
    """Return the density of the SD between persons, for figures."""
    points = np.linspace(posterior_density.points[0], posterior_density.quantile(0.9995), POINTS)
    density = np.interp(points, posterior_density.points, posterior_density.density)
    return Curve(points=tuple(points.tolist()), density=tuple(density.tolist()))


def half_lives(
    posterior: PopulationPosterior, beforehand: HalfLifePrior | None
) -> LearntHalfLives | None:
    """Return what was learnt about half-lives, or None where nothing was."""
    spreads = [spread for spread in posterior.spreads if spread is not None]
    if beforehand is None or not spreads:
        return None
    without = [spread.no_carryover_share for spread in spreads]
    medians = np.log([spread.median_days for spread in spreads])
    return LearntHalfLives(
        share_without=float(posterior.shares @ without),
        share_without_beforehand=beforehand.shares[-1],
        median_days=float(np.exp(posterior.shares @ medians)),
        median_days_beforehand=LOG_2 * beforehand.means_days[0],
    )


def noise(noise: NoiseSpread | None) -> LearntNoise | None:
    """Return what was learnt about the noise, or None where nothing was."""
    if noise is None:
        return None
    log_sd = Mixture(means=noise.means, sds=noise.sds, weights=noise.shares)
    low, high = log_sd.interval(CI_LEVEL)
    middle = log_sd.quantile(0.5)
    return LearntNoise(sd=float(np.exp(middle)), low=float(np.exp(low)), high=float(np.exp(high)))


def mixture_told(mixture: Mixture) -> MixtureFigures:
    """Return a mixture in at most `GROUPS * PARTS` components of the same mean and SD.

    Components of like SDs go together, in groups of like weight; each group is parted by its
    means, into parts of like weight.
    """
    group = _like_weights(
        mixture.sds, mixture.weights, np.zeros(len(mixture.sds), dtype=int), GROUPS
    )
    label = PARTS * group + _like_weights(mixture.means, mixture.weights, group, PARTS)
    label = np.unique(label, return_inverse=True)[1]
    weight = np.bincount(label, mixture.weights)
    mean = np.bincount(label, mixture.weights * mixture.means) / weight
    spread = mixture.sds**2 + (mixture.means - mean[label]) ** 2
    return MixtureFigures(
        means=tuple(mean.tolist()),
        sds=tuple(np.sqrt(np.bincount(label, mixture.weights * spread) / weight).tolist()),
        weights=tuple((weight / weight.sum()).tolist()),
    )


def _like_weights(values: FloatArray, weights: FloatArray, group: IntArray, n: int) -> IntArray:
    """Return into which of n parts of like weight, by ascending values, each falls in its group."""
    order = np.lexsort((values, group))
    total = np.bincount(group, weights)
    before = np.concatenate([[0.0], np.cumsum(total)])[group[order]]
    within = (np.cumsum(weights[order]) - 0.5 * weights[order] - before) / total[group[order]]
    part = np.empty(len(values), dtype=int)
    part[order] = np.clip((within * n).astype(int), 0, n - 1)
    return part
