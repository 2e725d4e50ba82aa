"""Marginal posteriors of half-lives, phi, noise SD and period SD from the weights of a grid."""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.grid import LINEAR_RATIO, SHORTEST, Grid
from nof1.inference.exact.integrand import Integrand
from nof1.inference.exact.marginals import (
    BETWEEN,
    Marginal,
    collected,
    fine_points,
    fixed_at,
    tabulated,
)
from nof1.model.priors import beta22_from_normal

FloatArray = NDArray[np.float64]

#: Points between two nodes of the ratio: each noise SD has points of its own.
FEW = 6
#: Where the distribution is tabulated below the grid's shortest half-life, as shares of that.
SHORTER = np.geomspace(0.002, 1.0, 41)[:-1]


def marginal(
    integrand: Integrand,
    grid: Grid,
    by_half_life: FloatArray,
    others: FloatArray,
    row: int,
    name: str,
) -> Marginal:
    """Return the posterior of one parameter of one person.

    Parameters
    ----------
    integrand : Integrand
        Some persons.
    grid : Grid
        Their nodes.
    by_half_life, others : arrays, shape (H,) and (F, R, S)
        Posterior weights of one person's half-lives, and of all else.
    row : int
        Which person.
    name : {"half_life", "half_life_rise", "phi", "sigma", "sigma_period"}
        Half-lives in days, SDs in points.
    """
    if name == "phi":
        return _phi(grid.phi_score[row], grid.axes.phi[row], others.sum(axis=(1, 2)))
    if name == "sigma":
        return _sigma(integrand, grid, row, others.sum(axis=1))
    if name == "sigma_period":
        return _sigma_period(integrand, grid, row, others)
    fixed = integrand.plan.fixed_half_life_days
    if fixed is not None:
        return fixed_at(fixed)
    by_both = by_half_life.reshape(grid.log_half_life.shape[1], -1)
    if name == "half_life_rise":
        return _rise(integrand, grid, row, by_both)
    return _half_life(integrand, grid, row, by_both.sum(axis=1))


def _phi(scores: FloatArray, values: FloatArray, weights: FloatArray) -> Marginal:
    below = tabulated(weights)
    return Marginal(
        mean=float(weights @ values),
        values=beta22_from_normal(fine_points(scores)),
        below=below / below[-1],
    )


def _half_life(integrand: Integrand, grid: Grid, row: int, weights: FloatArray) -> Marginal:
    """Return the half-life of the fall; weights have shape (H,)."""
    values, below = _falls(integrand, grid, row, weights)
    mean = float(weights @ np.exp(grid.log_half_life[row]))
    return Marginal(mean=mean, values=values, below=below / below[-1])


def _falls(
    integrand: Integrand, grid: Grid, row: int, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return half-lives and the weight below each; weights have shape (H,).

    The prior is known between the nodes, so that only the likelihood is read off.
    """
    nodes, prior = grid.log_half_life[row], integrand.priors.half_life
    likelihood = weights * np.exp(-grid.half_life_weights[row])
    values = np.exp(fine_points(nodes))
    below = tabulated(likelihood, base=prior.density(values) * values)
    below *= (nodes[1] - nodes[0]) / (2 * BETWEEN) * likelihood.max()
    if nodes[0] <= log(SHORTEST) + 1e-9:
        # Below the shortest half-life the likelihood is constant.
        shorter = values[0] * SHORTER
        share = likelihood[0] * prior.cdf(np.append(shorter, values[0]))
        values = np.concatenate([shorter, values])
        below = np.concatenate([share[:-1], share[-1] + below])
    return values, below


def _rise(integrand: Integrand, grid: Grid, row: int, weights: FloatArray) -> Marginal:
    """Return the half-life of the rise; weights have shape (H, J)."""
    centres, masses = [], []
    for log_rise, column in zip(grid.log_rise, weights.T, strict=True):
        values, below = _falls(integrand, grid, row, column)
        centres.append(np.log(values[1:] * values[:-1]) / 2 + log_rise)
        masses.append(np.diff(below))
    nodes = np.exp(grid.log_half_life[row][:, None] + grid.log_rise)
    marginal = collected(
        np.concatenate(centres), np.concatenate(masses), mean=float((weights * nodes).sum())
    )
    return Marginal(mean=marginal.mean, values=np.exp(marginal.values), below=marginal.below)


def _sigma(integrand: Integrand, grid: Grid, row: int, weights: FloatArray) -> Marginal:
    """Return the noise SD; weights have shape (F, S)."""
    points = fine_points(grid.noise[row])
    centres = np.exp((points[1:] + points[:-1]) / 2)
    root = np.sqrt(1.0 - grid.axes.phi[row] ** 2)[:, None]
    values = np.log(integrand.priors.noise_floor + centres / root)
    mean = float((weights * grid.axes.sigma[row]).sum())
    marginal = collected(values.ravel(), np.diff(tabulated(weights)).ravel(), mean=mean)
    return Marginal(mean=mean, values=np.exp(marginal.values), below=marginal.below)


def _sigma_period(integrand: Integrand, grid: Grid, row: int, weights: FloatArray) -> Marginal:
    """Return the SD of period shifts; weights have shape (F, R, S).

    The ratio itself is odd in its coordinate, so for the mean the trapezoid rule needs its first
    Euler-Maclaurin term at 0: spacing^2 / 12 times the slope, of which the first node has one half.
    """
    if not integrand.with_periods:
        return fixed_at(0.0)
    score, sigma = grid.ratio_score[row], grid.axes.sigma[row]
    ratio = grid.axes.ratio[row].copy()
    ratio[0] = LINEAR_RATIO * score[1] / 6.0
    mean = float(np.einsum("frs,r,fs->", weights, ratio, sigma))
    density = np.swapaxes(weights, 1, 2).copy()
    density[..., 0] *= 2.0
    points = fine_points(score, FEW)
    centres = LINEAR_RATIO * np.sinh((points[1:] + points[:-1]) / 2)
    masses = np.diff(tabulated(density, even=True, between=FEW))
    # Bins that grow with the root of the value: the tail is long where phi nears 1.
    marginal = collected(
        np.sqrt(sigma[..., None] * centres).ravel(), masses.ravel(), mean=mean, low=0.0
    )
    values, below = marginal.values**2, marginal.below.copy()
    # Within the first points the masses are too far apart; the density is flat there.
    first = float(2.0 * points[1] * LINEAR_RATIO * sigma.mean())
    near = values < first
    below[near] = np.interp(first, values, below) * values[near] / first
    return Marginal(mean=mean, values=values, below=below)
