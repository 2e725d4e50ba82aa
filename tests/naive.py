"""Second implementations of the engines, written from the definitions and slow on purpose."""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy import integrate

from nof1.model.model_input import ModelInput


def naive_exposure(dose, half_life, rise=None):
    level, days = 0.0, []
    for today in dose:
        acting = half_life if rise is None or today == 0 else rise
        keep = 0.0 if acting == 0 else 2.0 ** (-1.0 / acting)
        level = keep * level + (1 - keep) * today
        days.append(level)
    return np.array(days)


def naive_ar1(lag, phi):
    time = np.cumsum(lag)
    return phi ** np.abs(time[:, None] - time[None, :])


def naive_coefficients(given: ModelInput, half_life, phi, ratio, sigma, rise=None):
    """Log marginal likelihood, and mean and covariance of all coefficients, by dense matrices.

    The coefficients are level, trend, effects and covariates.
    """
    span, priors = given.high - given.low, given.plan.priors
    window = np.zeros((given.n, len(given.dose)))
    for row, last in enumerate(given.day):
        window[row, last - given.recall_days : last] = 1 / given.recall_days
    effects = np.column_stack([window @ naive_exposure(d, half_life, rise) for d in given.dose.T])
    x = np.hstack([np.ones((given.n, 1)), given.trend[:, None], effects, given.covariates])
    prior = span**2 * np.array(
        [priors.level_sd**2, priors.trend_sd**2]
        + [priors.effect_sd**2] * effects.shape[1]
        + [priors.covariate_sd**2] * given.covariates.shape[1]
    )
    noise = sigma**2 * (
        naive_ar1(given.lag, phi) + ratio**2 * given.period_share @ given.period_share.T
    )
    y = given.score - (given.low + given.high) / 2
    total = noise + x @ np.diag(prior) @ x.T
    quadratic = y @ np.linalg.solve(total, y)
    log_likelihood = -0.5 * (given.n * np.log(2 * np.pi) + np.linalg.slogdet(total)[1] + quadratic)
    precision = np.diag(1 / prior) + x.T @ np.linalg.solve(noise, x)
    covariance = np.linalg.inv(precision)
    mean = covariance @ x.T @ np.linalg.solve(noise, y)
    return log_likelihood, mean, covariance


def naive_node(given: ModelInput, half_life, phi, ratio, sigma):
    """Log marginal likelihood, and mean and covariance of the effects, by dense matrices."""
    found = naive_coefficients(given, half_life, phi, ratio, sigma)
    effects = slice(2, 2 + given.dose.shape[1])
    return found[0], found[1][effects], found[2][effects, effects]


def naive_log_prior(given: ModelInput, half_life, phi, ratio, sigma):
    """Log prior density of the four parameters, each on its own scale, up to a constant."""
    span, priors = given.high - given.low, given.plan.priors
    rate = np.log(2) / priors.half_life_median_days
    share, mean = priors.no_carryover_share, priors.no_carryover_mean_days
    h = (1 - share) * rate * np.exp(-rate * half_life) + share / mean * np.exp(-half_life / mean)
    return (
        np.log(h)
        + np.log(6 * phi * (1 - phi))
        - 0.5 * (ratio / priors.period_scale) ** 2
        - 2 * np.log1p((sigma / (priors.noise_scale * span)) ** 2 / 3)
    )


def naive_sign_flip(differences, effect=0.0):
    """Two-sided p-value over all sign patterns, by the definition."""
    d = np.asarray(differences) - effect
    signs = np.array(list(product([1, -1], repeat=len(d))))
    return np.mean(np.abs(signs @ d) >= abs(d.sum()) - 1e-9 * max(1, np.abs(d).max()))


def naive_reallocation(means, cycles, sequences, observed, effect=0.0):
    """Two-sided p-value over a list of sequences, refitting the statistic for each."""
    adjusted = np.array(means) - effect * (np.array(observed) == 1)

    def statistic(sequence):
        sequence = np.array(sequence)
        parts = []
        for cycle in sorted(set(cycles)):
            here = np.array(cycles) == cycle
            parts.append(
                adjusted[here & (sequence == 1)].mean() - adjusted[here & (sequence == 0)].mean()
            )
        return np.mean(parts)

    seen = abs(statistic(observed))
    return np.mean([abs(statistic(s)) >= seen - 1e-9 * max(1, seen) for s in sequences])


def naive_half_life_prior_mean(given: ModelInput):
    """Mean of the prior of the half-life by numerical integration."""

    def density(h):
        return np.exp(naive_log_prior(given, h, 0.5, 0.1, 1.0))

    total = integrate.quad(density, 0, 500, limit=500)[0]
    return integrate.quad(lambda h: h * density(h), 0, 500, limit=500)[0] / total
