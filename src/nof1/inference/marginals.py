"""Marginal posteriors of the parameters on a grid of trapezoid nodes.

Between nodes a density known on an equispaced grid is read off by the sinc series, which is exact
to the same order as the trapezoid rule itself; its integral is the sine integral.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import sici

FloatArray = NDArray[np.float64]

#: Points at which the distribution along an axis is tabulated for its quantiles.
FINE = 1001


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One parameter's nodes.

    Attributes
    ----------
    coordinate : array, shape (m,)
        Equispaced.
    values : array, shape (m,)
        The parameter at the nodes.
    log_prior : array, shape (m,)
        Log prior density in the coordinate, up to a constant.
    transform : callable
        From coordinates to values.
    even : bool
        The coordinate starts at 0 and the integrand is even: the first node counts half.
    """

    coordinate: FloatArray
    values: FloatArray
    log_prior: FloatArray
    transform: Callable[[FloatArray], FloatArray]
    even: bool = False

    @classmethod
    def single(cls, value: float) -> Axis:
        """Return the axis of a parameter that is fixed."""
        return cls(
            coordinate=np.zeros(1),
            values=np.array([value]),
            log_prior=np.zeros(1),
            transform=lambda coordinate: np.full(coordinate.shape, value),
        )

    @property
    def is_fixed(self) -> bool:
        """Return whether the parameter has one value only."""
        return len(self.values) == 1

    @property
    def log_weights(self) -> FloatArray:
        """Return the log prior weight of every node: density times spacing."""
        if self.is_fixed:
            return self.log_prior
        halves = np.where(self.even & (np.arange(len(self.values)) == 0), np.log(0.5), 0.0)
        spacing = self.coordinate[1] - self.coordinate[0]
        return np.asarray(self.log_prior + halves + np.log(spacing))


def cumulative(nodes: FloatArray, points: FloatArray, *, even: bool = False) -> FloatArray:
    """Return the share of each node's sinc function that lies below each point.

    Parameters
    ----------
    nodes : array, shape (m,)
        Equispaced.
    points : array, shape (...)
        Where to integrate up to.
    even : bool
        The nodes stand for themselves and their mirror images; the integral starts at 0.

    Returns
    -------
    array, shape (..., m)
    """
    spacing = nodes[1] - nodes[0]
    scaled = np.pi * (points[..., None] - nodes) / spacing
    share = 0.5 + sici(scaled)[0] / np.pi
    if even:
        # By symmetry the integral from 0 is that over (-point, point), halved with the weights.
        mirrored = 0.5 + sici(np.pi * (-points[..., None] - nodes) / spacing)[0] / np.pi
        return np.asarray(share - mirrored)
    return np.asarray(share)


@dataclass(frozen=True, slots=True, kw_only=True)
class PosteriorGrid:
    """Nodes of all four parameters, with their posterior weights once `weighed`.

    Attributes
    ----------
    half_lives : tuple of Axis
        One for each component of the prior, side by side along H.
    phi, ratio : Axis
        See `quadrature`.
    noise : array, shape (S,)
        Coordinate of the noise SD.
    sigma : array, shape (F, S)
        Noise SD in points.
    log_prior_noise : array, shape (F, S)
        Log prior density of the noise SD in its coordinate.
    noise_floor : float
        Least noise SD, in points.
    weights : array, shape (F, H, R, S)
        Sum to 1; empty before `weighed`.
    """

    half_lives: tuple[Axis, ...]
    phi: Axis
    ratio: Axis
    noise: FloatArray
    sigma: FloatArray
    log_prior_noise: FloatArray
    noise_floor: float
    weights: FloatArray = field(default_factory=lambda: np.empty(0))

    @property
    def half_life_values(self) -> FloatArray:
        """Return the half-lives along H, in days."""
        return np.concatenate([axis.values for axis in self.half_lives])

    def half_life_slices(self) -> list[slice]:
        """Return the stretch along H of every component of the prior."""
        ends = np.cumsum([len(axis.values) for axis in self.half_lives])
        return [
            slice(int(end) - len(axis.values), int(end))
            for end, axis in zip(ends, self.half_lives, strict=True)
        ]

    def weighed(self, log_likelihood: FloatArray) -> PosteriorGrid:
        """Return the grid with the posterior weight of every node."""
        log_weights = (
            log_likelihood
            + self.phi.log_weights[:, None, None, None]
            + np.concatenate([axis.log_weights for axis in self.half_lives])[:, None, None]
            + self.ratio.log_weights[:, None]
            + self.log_prior_noise[:, None, None, :]
        )
        weights = np.exp(log_weights - log_weights.max())
        return replace(self, weights=weights / weights.sum())

    def log_marginal(self, axis: int) -> FloatArray:
        """Return the log posterior density along an axis: 0 phi, 1 half-life, 2 ratio, 3 noise."""
        others = tuple(i for i in range(4) if i != axis)
        marginal = self.weights.sum(axis=others)
        if axis == 2 and self.ratio.even:
            marginal = marginal * np.where(np.arange(len(marginal)) == 0, 2.0, 1.0)
        return np.asarray(np.log(np.maximum(marginal, 1e-300)))

    def summaries(self, level: float) -> dict[str, Any]:
        """Return mean and central interval of every parameter, under the names of the contract."""
        w = self.weights
        phi_noise = w.sum(axis=(1, 2))
        period_sd = self.ratio.values[None, :, None] * self.sigma[:, None, :]
        tails = np.array([(1 - level) / 2, (1 + level) / 2])

        phi_weights, half_life_weights = w.sum(axis=(1, 2, 3)), w.sum(axis=(0, 2, 3))

        def solved(mean: float, cdf: Callable[[float], float], top: float) -> dict[str, float]:
            return _entry(mean, [_solve(cdf, float(tail), 2 * top) for tail in tails])

        return {
            "half_life": _entry(
                float(half_life_weights @ self.half_life_values),
                self._half_life_interval(half_life_weights, tails),
            ),
            "phi": _entry(
                float(phi_weights @ self.phi.values),
                self.phi.transform(_quantiles(self.phi.coordinate, phi_weights, tails)),
            ),
            "sigma": solved(
                float((phi_noise * self.sigma).sum()),
                self._sigma_cdf(phi_noise),
                float(self.sigma.max()),
            ),
            "sigma_period": _entry(0.0, [0.0, 0.0])
            if self.ratio.is_fixed
            else solved(
                self._period_mean(w.sum(axis=1)),
                self._period_cdf(w.sum(axis=1)),
                float(period_sd.max()),
            ),
        }

    def _half_life_interval(self, weights: FloatArray, tails: FloatArray) -> FloatArray:
        """Return quantiles of the half-life, a mixture over the components of its prior."""
        if self.half_lives[0].is_fixed:
            return np.full(len(tails), self.half_lives[0].values[0])
        values, shares = [], []
        for axis, part in zip(self.half_lives, self.half_life_slices(), strict=True):
            fine = np.linspace(axis.coordinate[0], axis.coordinate[-1], FINE)
            below = np.maximum.accumulate(cumulative(axis.coordinate, fine) @ weights[part])
            values.append(axis.transform((fine[1:] + fine[:-1]) / 2))
            shares.append(np.diff(below))
        merged, share = np.concatenate(values), np.concatenate(shares)
        order = np.argsort(merged)
        below = np.cumsum(share[order]) / share.sum()
        return np.interp(tails, below, merged[order])

    def _sigma_cdf(self, weights: FloatArray) -> Callable[[float], float]:
        """Return the distribution function of the noise SD; weights have shape (F, S)."""
        root = np.sqrt(1.0 - self.phi.values**2)

        def cdf(value: float) -> float:
            at = np.log(max(value - self.noise_floor, 1e-300) * root)
            return float((weights * cumulative(self.noise, at)).sum())

        return cdf

    def _period_mean(self, weights: FloatArray) -> float:
        """Return the mean of the period SD; weights have shape (F, R, S).

        The ratio itself is not even at 0, so the trapezoid rule needs its first Euler-Maclaurin
        term there: spacing^2 / 12 times the density at 0, of which the first node has one half.
        """
        values = self.ratio.values.copy()
        values[0] = (self.ratio.coordinate[1] - self.ratio.coordinate[0]) / 6.0
        return float(np.einsum("frs,r,fs->", weights, values, self.sigma))

    def _period_cdf(self, weights: FloatArray) -> Callable[[float], float]:
        """Return the distribution function of the period SD; weights have shape (F, R, S)."""

        def cdf(value: float) -> float:
            share = cumulative(self.ratio.coordinate, value / self.sigma, even=True)
            return float(np.einsum("frs,fsr->", weights, share))

        return cdf


def _entry(mean: float, interval: Sequence[float] | FloatArray) -> dict[str, float]:
    """Return a parameter's summary under the names of the contract."""
    return {"mean": mean, "ci_low": float(interval[0]), "ci_high": float(interval[1])}


def _quantiles(nodes: FloatArray, weights: FloatArray, tails: FloatArray) -> FloatArray:
    """Return the coordinates below which given shares of the probability lie."""
    fine = np.linspace(nodes[0], nodes[-1], FINE)
    below = np.maximum.accumulate(cumulative(nodes, fine) @ weights)
    return np.interp(tails, below, fine)


def _solve(cdf: Callable[[float], float], probability: float, top: float) -> float:
    """Return the point in (0, top) where a distribution function reaches a probability."""
    low, high = 0.0, top
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (middle, high) if cdf(middle) < probability else (low, middle)
    return (low + high) / 2
