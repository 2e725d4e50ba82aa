"""Where the posterior is evaluated: the nodes of each person's grid within a box.

Each parameter is put on an axis where its posterior is smooth and falls off fast on both sides,
where the equispaced trapezoid rule converges geometrically:

* half-life: its log. Below `SHORTEST` the exposure is the dose, so the likelihood is constant
  there and the first node stands for all nodes that would follow;
* phi: the standard normal score of its prior quantile;
* ratio of period SD to noise SD: its inverse hyperbolic sine, the integrand being even;
* noise SD: the log of its distance from the rounding floor, times sqrt(1 - phi**2), which makes
  it nearly independent of phi.

With two half-lives the first axis is that of the fall; the log of the ratio of rise to fall is a
fifth, whose box is its prior's.

Scores that are all alike tell nothing of phi, ratio and noise SD: these keep their prior. The
likelihood alone would make such a person the surer the finer the steps of the scale, without end;
but a person without symptoms may be far below what the scale can show, and one who always gives
the same answer is not one whose answers do not err.

`placing` finds the box.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log, pi
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.integrand import Axes, Integrand
from nof1.inference.exact.products import Products
from nof1.model.priors import PointPriors, beta22_from_normal

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Half-life in days under which the exposure is the dose, to 1e-6.
SHORTEST = 0.05
#: Ratio of period SD to noise SD up to which its axis is about linear.
LINEAR_RATIO = 0.3
#: SDs of the log ratio of rise to fall that are integrated over.
RISE_SDS = 3.7


class Fineness(NamedTuple):
    """Nodes on the axes; those of the half-life are the slowest to converge."""

    half_life: int
    phi: int
    ratio: int
    noise: int
    rise: int = 7


#: Axes of a box.
NAMES = ("half_life", "phi", "noise", "ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Ends of the axes in their own coordinates, one row per person.

    Attributes
    ----------
    half_life, phi, noise : array, shape (B, 2)
    ratio : array, shape (B,)
        Upper end; the lower is 0.
    """

    half_life: FloatArray
    phi: FloatArray
    ratio: FloatArray
    noise: FloatArray

    def subset(self, index: IntArray) -> Box:
        """Return the boxes of some of the persons."""
        return Box(**{name: getattr(self, name)[index] for name in NAMES})

    def updated(self, index: IntArray, other: Box) -> Box:
        """Return the boxes with those of some of the persons put anew."""
        arrays = {name: getattr(self, name).copy() for name in NAMES}
        for name, ends in arrays.items():
            ends[index] = getattr(other, name)
        return Box(**arrays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Nodes of each person's grid in coordinates and values, and their log prior weights.

    Attributes
    ----------
    log_half_life : array, shape (B, H)
        Of the fall; empty second axis of one node when it is fixed.
    log_rise : array, shape (J,)
        Log ratios of rise to fall; one zero when both have the same half-life.
    phi_score, ratio_score, noise : arrays, shape (B, F), (B, R), (B, S)
    axes : Axes
        Values of phi, ratio and sigma.
    half_life_weights : array, shape (B, H)
        Log prior density times spacing, as the others.
    rise_weights : array, shape (J,)
    phi_weights, ratio_weights : arrays, shape (B, F), (B, R)
    sigma_weights : array, shape (B, F, S)
    alike : bool array, shape (B,)
        Whose scores are all alike.
    """

    log_half_life: FloatArray
    log_rise: FloatArray
    phi_score: FloatArray
    ratio_score: FloatArray
    noise: FloatArray
    axes: Axes
    half_life_weights: FloatArray
    rise_weights: FloatArray
    phi_weights: FloatArray
    ratio_weights: FloatArray
    sigma_weights: FloatArray
    alike: NDArray[np.bool_]

    def subset(self, index: IntArray) -> Grid:
        """Return the grids of some of the persons."""
        axes = self.axes
        return Grid(
            log_half_life=self.log_half_life[index],
            log_rise=self.log_rise,
            phi_score=self.phi_score[index],
            ratio_score=self.ratio_score[index],
            noise=self.noise[index],
            axes=Axes(phi=axes.phi[index], ratio=axes.ratio[index], sigma=axes.sigma[index]),
            half_life_weights=self.half_life_weights[index],
            rise_weights=self.rise_weights,
            phi_weights=self.phi_weights[index],
            ratio_weights=self.ratio_weights[index],
            sigma_weights=self.sigma_weights[index],
            alike=self.alike[index],
        )

    def posterior(self, log_likelihood: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the weight of every node, shape (B, F, R, H J, S), and the log evidence, (B,).

        Each person's weights sum to 1. Of scores that are all alike only the half-life and the
        Gaussian part learn, and the evidence is that of the prior: 0 up to the error of the sum.
        """
        half_lives = self.half_life_weights[:, :, None] + self.rise_weights
        others = (
            self.phi_weights[:, :, None, None]
            + self.ratio_weights[:, None, :, None]
            + self.sigma_weights[:, :, None, :]
        )
        weights: FloatArray = log_likelihood + half_lives.reshape(len(half_lives), 1, 1, -1, 1)
        if self.alike.any():
            alike_weights = weights[self.alike]
            weights[self.alike] -= np.logaddexp.reduce(alike_weights, axis=3, keepdims=True)
        weights += others[:, :, :, None, :]
        top = weights.max(axis=(1, 2, 3, 4), keepdims=True)
        weights -= top
        np.exp(weights, out=weights)
        total = weights.sum(axis=(1, 2, 3, 4), keepdims=True)
        weights /= total
        return weights, np.asarray((top + np.log(total)).ravel())


def grid_in(integrand: Integrand, box: Box, n: Fineness) -> Grid:
    """Return the nodes of a grid and the log prior weight of each axis."""
    priors = integrand.priors
    log_half_life, half_life_weights = _half_life_axis(integrand, box, n.half_life)
    log_rise, rise_weights = _rise_axis(integrand, n.rise)
    score = _spread(box.phi, n.phi)
    phi = beta22_from_normal(score)
    phi_weights = -0.5 * (score**2 + log(2.0 * pi)) + _log_spacing(score)
    ratio_score, ratio, ratio_weights = _ratio_axis(integrand, box, n.ratio)
    noise = _spread(box.noise, n.noise)
    above_floor = np.exp(noise[:, None, :]) / np.sqrt(1.0 - phi**2)[:, :, None]
    sigma = priors.noise_floor + above_floor
    return Grid(
        log_half_life=log_half_life,
        log_rise=log_rise,
        phi_score=score,
        ratio_score=ratio_score,
        noise=noise,
        axes=Axes(phi=phi, ratio=ratio, sigma=sigma),
        half_life_weights=half_life_weights,
        rise_weights=rise_weights,
        phi_weights=phi_weights,
        ratio_weights=ratio_weights,
        sigma_weights=log_truncated_half_t3(sigma, priors)
        + np.log(above_floor)
        + _log_spacing(noise)[:, None],
        alike=integrand.alike,
    )


def half_lives_on(integrand: Integrand, grid: Grid) -> list[tuple[FloatArray, FloatArray | None]]:
    """Return each person's half-lives of fall and rise at the nodes, shapes (H J,).

    The rise is None where it has the same half-life.
    """
    fixed = integrand.plan.fixed_half_life_days
    if fixed is not None:
        return [(np.array([fixed]), None)] * len(grid.phi_score)
    falls = np.exp(grid.log_half_life)
    if len(grid.log_rise) == 1:
        return [(fall, None) for fall in falls]
    fall = np.repeat(falls, len(grid.log_rise), axis=1)
    rise = (falls[:, :, None] * np.exp(grid.log_rise)).reshape(fall.shape)
    return list(zip(fall, rise, strict=True))


def products_on(integrand: Integrand, grid: Grid) -> Products:
    """Return the sums of products at the half-lives of a grid."""
    return integrand.products(half_lives_on(integrand, grid))


def _spread(ends: FloatArray, n: int) -> FloatArray:
    """Return equispaced nodes from end to end, shape (B, n)."""
    return np.asarray(ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * np.linspace(0.0, 1.0, n))


def _log_spacing(nodes: FloatArray) -> FloatArray:
    return np.asarray(np.log(nodes[:, 1:2] - nodes[:, :1]))


def _half_life_axis(integrand: Integrand, box: Box, n: int) -> tuple[FloatArray, FloatArray]:
    """Return log half-lives and their log prior weights, shapes (B, n)."""
    if integrand.plan.fixed_half_life_days is not None:
        return np.zeros((len(box.ratio), 1)), np.zeros((len(box.ratio), 1))
    nodes = _spread(box.half_life, n)
    prior = integrand.priors.half_life
    weights = np.log(prior.density(np.exp(nodes))) + nodes + _log_spacing(nodes)
    # The nodes that would follow below the first, where the likelihood is that of the first: their
    # prior weight is summed by the Euler-Maclaurin formula.
    first, spacing = nodes[:, 0], nodes[:, 1] - nodes[:, 0]
    step = np.array([[-1e-4], [0.0], [1e-4]])
    before, here, after = prior.density(np.exp(first + step)) * np.exp(first + step)
    slope = (after - before) / 2e-4
    ends = here * spacing / 2.0 + slope * (spacing**2 / 12.0 - spacing**4 / 720.0)
    tail = np.log(prior.cdf(np.exp(first)) + ends)
    at_end = first <= log(SHORTEST) + 1e-9
    weights[:, 0] = np.where(at_end, tail, weights[:, 0])
    return nodes, weights


def own_share(integrand: Integrand, grid: Grid) -> FloatArray:
    """Return the log prior weight of the shortest half-life's node alone."""
    first, spacing = grid.log_half_life[:, 0], _log_spacing(grid.log_half_life)[:, 0]
    return np.asarray(np.log(integrand.priors.half_life.density(np.exp(first))) + first + spacing)


def _ratio_axis(
    integrand: Integrand, box: Box, n: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return coordinates, ratios and their log prior weights, shapes (B, n)."""
    if not integrand.with_periods:
        nothing = np.zeros((len(box.ratio), 1))
        return nothing, nothing, nothing
    scale = integrand.priors.period_scale
    score = _spread(np.stack([np.zeros_like(box.ratio), box.ratio], axis=1), n)
    ratio = LINEAR_RATIO * np.sinh(score)
    slope = np.log(LINEAR_RATIO * np.cosh(score))
    weights = 0.5 * log(2.0 / pi) - log(scale) - 0.5 * (ratio / scale) ** 2 + slope
    weights += _log_spacing(score)
    # The integrand is even: the trapezoid rule over both halves counts the first node once.
    weights[:, 0] -= log(2.0)
    return score, ratio, weights


def _rise_axis(integrand: Integrand, n: int) -> tuple[FloatArray, FloatArray]:
    """Return log ratios of rise to fall and their log prior weights, shapes (J,)."""
    if integrand.plan.half_lives == "one" or integrand.plan.fixed_half_life_days is not None:
        return np.zeros(1), np.zeros(1)
    sd = integrand.priors.half_life_ratio_log_sd
    scaled = np.linspace(-RISE_SDS, RISE_SDS, n)
    weights = -0.5 * scaled**2
    return sd * scaled, weights - np.log(np.exp(weights).sum())


def log_truncated_half_t3(value: FloatArray, priors: PointPriors) -> FloatArray:
    """Return the log density of the noise SD: a half-t with 3 df, cut off below at the floor."""
    scale, floor = priors.noise_scale, priors.noise_floor / priors.noise_scale
    x = floor / 3.0**0.5
    below = 2.0 / pi * (x / (1.0 + x**2) + float(np.arctan(x)))
    constant = log(2.0) + lgamma(2.0) - lgamma(1.5) - 0.5 * log(3.0 * pi) - log(scale)
    return np.asarray(constant - log(1.0 - below) - 2.0 * np.log1p((value / scale) ** 2 / 3.0))
