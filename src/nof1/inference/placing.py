"""Where the posterior is evaluated: the nodes of a grid, and the box around the mass.

The axes are those that `quadrature` names. The box is found by evaluating coarse grids, with no
optimiser and no random numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nof1.inference.integrand import Axes, Integrand, log_half_t3
from nof1.inference.marginals import Axis, PosteriorGrid
from nof1.model.priors import beta22_from_normal, exponential_from_normal

FloatArray = NDArray[np.float64]


class Fineness(NamedTuple):
    """Nodes on the axes; the half-life's, for each component of its prior, converges slowest."""

    half_life: int
    phi: int
    ratio: int
    noise: int


#: The grid that finds the box.
PLACING = Fineness(7, 7, 6, 7)
#: A node counts as mass when its marginal log density is within this of the highest.
DEPTH = 10.5
#: Where normal scores start to be searched, and how far at most.
SCORES = (-3.5, 3.5)
SCORE_LIMITS = (-4.7, 4.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Ends of the axes, in their own coordinates; None when a parameter is fixed."""

    half_lives: tuple[tuple[float, float], ...] | None
    phi: tuple[float, float]
    ratio: float | None
    noise: tuple[float, float]


def axes_in(integrand: Integrand, box: Box, n: Fineness) -> tuple[Axes, PosteriorGrid]:
    """Return the nodes of a grid and the log prior weight of each axis."""
    given, priors = integrand.given, integrand.priors
    if box.half_lives is None:
        half_lives: tuple[Axis, ...] = (Axis.single(given.plan.fixed_half_life_days or 0.0),)
    else:
        prior = priors.half_life
        half_lives = tuple(
            _half_life_axis(np.linspace(*ends, n.half_life), mean, share)
            for ends, mean, share in zip(
                box.half_lives, prior.means_days, prior.shares, strict=True
            )
        )
    z = np.linspace(*box.phi, n.phi)
    phi = Axis(
        coordinate=z,
        values=beta22_from_normal(z),
        log_prior=-0.5 * z**2,
        transform=beta22_from_normal,
    )
    ratio = _ratio_axis(box.ratio, n.ratio, priors.period_scale)
    noise = np.linspace(*box.noise, n.noise)
    above_floor = np.exp(noise[None, :]) / np.sqrt(1.0 - phi.values[:, None] ** 2)
    sigma = priors.noise_floor + above_floor
    grid = PosteriorGrid(
        half_lives=half_lives,
        phi=phi,
        ratio=ratio,
        noise=noise,
        sigma=sigma,
        log_prior_noise=log_half_t3(sigma, priors.noise_scale) + np.log(above_floor),
        noise_floor=priors.noise_floor,
    )
    axes = Axes(half_life=grid.half_life_values, phi=phi.values, ratio=ratio.values, sigma=sigma)
    return axes, grid


def _half_life_axis(z: FloatArray, mean: float, share: float) -> Axis:
    return Axis(
        coordinate=z,
        values=exponential_from_normal(z, mean),
        log_prior=-0.5 * z**2 + np.log(share),
        transform=lambda scores: exponential_from_normal(scores, mean),
    )


def _ratio_axis(end: float | None, n: int, scale: float) -> Axis:
    """Return the axis of the ratio of period SD to noise SD; 0 alone without period effects."""
    if end is None:
        return Axis.single(0.0)
    ratio = np.linspace(0.0, end, n)
    return Axis(
        coordinate=ratio,
        values=ratio,
        log_prior=-0.5 * (ratio / scale) ** 2,
        transform=np.positive,
        even=True,
    )


def place(integrand: Integrand) -> Box:
    """Return a box that holds the mass, found on coarse grids.

    Each pass keeps, on every axis, the stretch whose marginal density is within `DEPTH` of the
    highest, and one node more on either side; a stretch that touches the edge of the box is
    carried beyond it. So the box can move, grow and shrink, but never by more than a factor of
    three at once, which keeps it from collapsing on a wrong spot.
    """
    given, priors, span = integrand.given, integrand.priors, integrand.given.span
    start = np.log(max(float(np.std(given.score)) if given.n else 0.0, 1e-3 * span))
    estimated = given.plan.fixed_half_life_days is None
    box = Box(
        half_lives=(SCORES,) * len(priors.half_life.shares) if estimated else None,
        phi=SCORES,
        ratio=4.0 * priors.period_scale if integrand.with_periods else None,
        noise=(start - 3.0, start + 2.0),
    )
    for _ in range(40):
        axes, grid = axes_in(integrand, box, PLACING)
        new = _around(grid.weighed(integrand.at(axes).log_likelihood), box, integrand)
        settled = _alike(box, new)
        box = new
        if settled:
            break
    return box


def _around(grid: PosteriorGrid, box: Box, integrand: Integrand) -> Box:
    """Return the box around the mass that a coarse grid shows."""
    half_lives, ratio, span = None, None, integrand.given.span
    if box.half_lives is not None:
        density = grid.log_marginal(1)
        half_lives = tuple(
            _stretch(axis.coordinate, density[part], SCORE_LIMITS)
            for axis, part in zip(grid.half_lives, grid.half_life_slices(), strict=True)
        )
    if box.ratio is not None:
        limits = (-np.inf, 6.0 * integrand.priors.period_scale)
        ratio = max(_stretch(grid.ratio.coordinate, grid.log_marginal(2), limits)[1], 1e-3)
    noise_limits = (float(np.log(1e-7 * span)), float(np.log(30.0 * span)))
    return Box(
        half_lives=half_lives,
        phi=_stretch(grid.phi.coordinate, grid.log_marginal(0), SCORE_LIMITS),
        ratio=ratio,
        noise=_stretch(grid.noise, grid.log_marginal(3), noise_limits),
    )


def _stretch(
    nodes: FloatArray, log_density: FloatArray, limits: tuple[float, float]
) -> tuple[float, float]:
    """Return the stretch of an axis that holds the mass, carried beyond an edge it touches."""
    spacing = nodes[1] - nodes[0]
    mass = np.flatnonzero(log_density > log_density.max() - DEPTH)
    first, last = mass[0], mass[-1]
    low = nodes[first] - spacing * (1.0 if first == 0 else _crossing(log_density, first, -1))
    high = nodes[last] + spacing * (
        1.0 if last == len(nodes) - 1 else _crossing(log_density, last, 1)
    )
    return max(float(low), limits[0]), min(float(high), limits[1])


def _crossing(log_density: FloatArray, inside: int, direction: int) -> float:
    """Return how far towards the next node the density falls to the depth, at least a third."""
    drop = log_density[inside] - log_density[inside + direction]
    excess = log_density[inside] - (log_density.max() - DEPTH)
    return max(1 / 3, float(excess / drop))


def _alike(a: Box, b: Box) -> bool:
    """Return whether every axis of two boxes differs by less than an eighth of its length."""
    return all(
        abs(p[i] - q[i]) < 0.125 * (p[1] - p[0])
        for p, q in zip(_stretches(a), _stretches(b), strict=True)
        for i in (0, 1)
    )


def _stretches(box: Box) -> list[tuple[float, float]]:
    ratio = [] if box.ratio is None else [(0.0, box.ratio)]
    return [*(box.half_lives or ()), box.phi, *ratio, box.noise]
