"""The likelihood of an effect by dense matrices and plain sums, written from the definitions."""

from __future__ import annotations

import numpy as np

from nof1.model.model_input import ModelInput
from nof1.model.priors import point_priors


def dense_log_likelihood(
    given: ModelInput,
    points: np.ndarray,
    active: int = 1,
    comparator: int = 0,
    *,
    nodes: tuple[int, int, int, int] = (14, 16, 10, 12),
) -> np.ndarray:
    """Return the log likelihood of the effect of one arm against another, up to a constant.

    Level, trend, period shifts and what the contrast leaves open of the effects are integrated
    over their priors by dense matrices; half-life, phi, ratio and noise SD by trapezoid sums, which
    are fine where the integrands are smooth and end at nothing.

    Parameters
    ----------
    given : ModelInput
        Of a short trial, one half-life, linear trend, random period effects.
    points : array, shape (d,)
        Effects, in points.
    active, comparator : int
        Numbers of the arms.
    nodes : tuple of int
        Of half-life, phi, ratio and noise SD.
    """
    priors, n_effects = point_priors(given), given.dose.shape[1]
    half_life, of_half_life = half_lives(given, nodes[0])
    phi = 1.0 / (1.0 + np.exp(-np.linspace(-5.5, 5.5, nodes[1])))
    ratio = np.linspace(0.0, 4.5 * priors.period_scale, nodes[2])
    above = np.exp(np.linspace(np.log(1e-3 * given.span), np.log(2.0 * given.span), 4 * nodes[3]))
    sigma = priors.noise_floor + above
    time = np.cumsum(given.lag)
    apart = np.abs(time[:, None] - time)
    columns, rest, rest_sd = contrasted(given, half_life, active, comparator)
    y = given.score - priors.level_mean
    fixed = priors.level_sd**2 + priors.trend_sd**2 * np.outer(given.trend, given.trend)
    shifts = given.period_share @ given.period_share.T
    total = np.full((len(half_life), len(points)), -np.inf)
    for one in phi:
        log_phi = 2.0 * np.log(one * (1.0 - one))  # Beta(2, 2), and the slope of the logit
        for r in ratio:
            # The integrand is even in the ratio.
            log_r = -0.5 * (r / priors.period_scale) ** 2 - (np.log(2.0) if r == 0.0 else 0.0)
            log_s = np.log(above) - 2.0 * np.log1p((sigma / priors.noise_scale) ** 2 / 3.0)
            covariance = sigma[:, None, None] ** 2 * (one**apart + r**2 * shifts) + fixed
            inverse, log_det = np.linalg.inv(covariance), np.linalg.slogdet(covariance)[1]
            with_y, with_x, with_z = inverse @ y, inverse @ columns.T, inverse @ rest.T
            # Quadratic forms, shape (sigma, half-life).
            yy = (y * with_y).sum(axis=1)[:, None]
            xy, xx = with_y @ columns.T, (columns.T * with_x).sum(axis=1)
            log_left = log_phi + log_r + log_s[:, None] - 0.5 * log_det[:, None]
            if n_effects > 1:
                zz = (rest.T * with_z).sum(axis=1) + rest_sd**-2.0
                zy, zx = with_y @ rest.T, (rest.T * with_x).sum(axis=1)
                log_left = log_left - 0.5 * np.log(zz)
                yy, xy, xx = yy - zy**2 / zz, xy - zx * zy / zz, xx - zx**2 / zz
            terms = log_left[..., None] - 0.5 * (
                yy[..., None] - 2.0 * xy[..., None] * points + xx[..., None] * points**2
            )
            total = np.logaddexp(total, np.logaddexp.reduce(terms, axis=0))
    found = np.logaddexp.reduce(of_half_life[:, None] + total, axis=0)
    return np.asarray(found - found.max())


def half_lives(given: ModelInput, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return half-lives and their log prior weights; the first stands for all shorter ones."""
    prior = point_priors(given).half_life
    log_nodes = np.linspace(np.log(0.05), np.log(14.0 * max(prior.means_days)), 2 * n)
    nodes, spacing = np.exp(log_nodes), log_nodes[1] - log_nodes[0]
    weights = prior.density(nodes) * nodes * spacing
    # Below it the exposure is the dose: what of the prior lies there, and half an interval.
    weights[0] = prior.cdf(nodes[0]) + 0.5 * weights[0]
    return nodes, np.log(weights)


def contrasted(
    given: ModelInput, half_life: np.ndarray, active: int, comparator: int
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the column of a contrast, and of what it leaves open of two effects with its SD.

    Two effects are half of their difference either way from half of their sum, which is
    independent of it.
    """
    exposure, sd = given.exposure(half_life), point_priors(given).effect_sd
    if exposure.shape[-1] == 1:
        return exposure[..., 0], np.zeros_like(exposure[..., 0]), 1.0
    if comparator == 0:
        return exposure[..., active - 1], exposure[..., 2 - active], sd
    half = 0.5 * (exposure[..., active - 1] - exposure[..., comparator - 1])
    return half, 0.5 * exposure.sum(axis=-1), 2.0**0.5 * sd
