"""The posterior of a population on one grid: coefficients and the SD between persons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nof1.pooling.exact.density import Density
from nof1.pooling.exact.population_shapes import Population

FloatArray = NDArray[np.float64]

#: SD of the normal distribution that stands for a node, in steps of the lattice.
NODE_SD = 0.5
#: The grid is laid out for priors this many times as wide, so that wider ones can be tried.
WIDER = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HyperPrior:
    """What is believed of the population beforehand.

    Attributes
    ----------
    sds : array, shape (p,)
        SDs of the normal priors of the coefficients, whose means are 0, in points.
    between : float
        Scale of the half-normal prior of the SD between persons, in points.
    """

    sds: FloatArray
    between: float

    def wider(self, factor: float) -> HyperPrior:
        """Return the same with all scales multiplied."""
        return HyperPrior(sds=factor * self.sds, between=factor * self.between)

    def log_density(self, coefficients: FloatArray, between: FloatArray) -> FloatArray:
        """Return the log density at coefficients (S, Q, p) and SDs (S,), shape (S, Q)."""
        scaled = (coefficients / self.sds) ** 2
        constant = -np.log(self.sds).sum() - np.log(self.between)
        return np.asarray(
            constant - 0.5 * scaled.sum(axis=-1) - 0.5 * (between[:, None] / self.between) ** 2
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationNodes:
    """Where the population is looked at.

    Attributes
    ----------
    between : array, shape (S,)
        SDs between persons, in equal steps.
    coefficients : array, shape (S, Q, p)
        Of the population.
    """

    between: FloatArray
    coefficients: FloatArray


@dataclass(frozen=True, kw_only=True)
class GridPosterior:
    """The posterior of the coefficients and of the SD between persons, on one grid.

    Attributes
    ----------
    prior : HyperPrior
        Under which `weights` are.
    population : Population
        Shape of the scatter.
    nodes : PopulationNodes
        The finest grid.
    parts : array, shape (A, S, Q)
        Weight of every node under each spread of half-lives; all of them sum to 1.
    log_heights : array, shape (A, S, Q)
        Log posterior at the nodes under `prior`, times their volume, not normalised.
    step : float
        Of the lattice, in SDs of the coefficients.
    error : float
        How far means and SDs moved between the two finest grids, as a share of an SD.
    """

    prior: HyperPrior
    population: Population
    nodes: PopulationNodes
    parts: FloatArray
    log_heights: FloatArray
    step: float
    error: float

    @cached_property
    def weights(self) -> FloatArray:
        """Return the weight of every node, shape (S, Q)."""
        return np.asarray(self.parts.sum(axis=0))

    @property
    def log_evidence(self) -> float:
        """Return the log marginal density of all scores, up to a constant of the persons."""
        p = self.nodes.coefficients.shape[2]
        top = float(self.log_heights.max())
        volume = p * np.log(self.step) + np.log(self.nodes.between[1] - self.nodes.between[0])
        return top + float(np.log(np.exp(self.log_heights - top).sum()) + volume)

    @cached_property
    def shares(self) -> FloatArray:
        """Return the weights among the nodes of each SD, shape (S, Q)."""
        return np.asarray(self.weights / np.maximum(self.weights.sum(axis=1)[:, None], 1e-300))

    @cached_property
    def centres(self) -> FloatArray:
        """Return the mean of the coefficients at every SD, shape (S, p)."""
        return np.asarray(np.einsum("sq,sqp->sp", self.shares, self.nodes.coefficients))

    @cached_property
    def spreads(self) -> FloatArray:
        """Return the covariance of the coefficients at every SD, shape (S, p, p)."""
        away = self.nodes.coefficients - self.centres[:, None]
        return np.asarray(np.einsum("sq,sqp,sqr->spr", self.shares, away, away))

    @cached_property
    def drawn_in(self) -> FloatArray:
        """Return the nodes a little nearer to the centre, shape (S, Q, p).

        Each stands for a normal distribution half a step wide, so that their mixture has the
        covariance of the posterior.
        """
        centres = self.centres[:, None]
        shrink = np.sqrt(1.0 - (NODE_SD * self.step) ** 2)
        return np.asarray(centres + shrink * (self.nodes.coefficients - centres))

    @cached_property
    def node_covariances(self) -> FloatArray:
        """Return the covariance of the normal distribution each node stands for, (S, p, p)."""
        return np.asarray((NODE_SD * self.step) ** 2 * self.spreads)

    def linear(self, combination: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return mean and SD, both (S, Q), of a combination of coefficients at every node."""
        variances = np.einsum("p,spr,r->s", combination, self.node_covariances, combination)
        mean = self.drawn_in @ combination
        sds = np.sqrt(np.maximum(variances, 1e-18))[:, None]
        return mean, np.broadcast_to(sds, mean.shape)

    @cached_property
    def between(self) -> Density:
        """Return the posterior of the SD between persons."""
        step = self.nodes.between[1] - self.nodes.between[0]
        weights = self.weights.sum(axis=1)
        # The first node, if at 0, has half the volume of the others.
        volume = np.where(self.nodes.between == 0.0, step / 2, step)
        return Density.on(self.nodes.between, weights / volume)

    def under(self, prior: HyperPrior) -> GridPosterior:
        """Return the posterior under another prior, not more than `WIDER` times as wide."""
        coefficients, between = self.nodes.coefficients, self.nodes.between
        ratio = prior.log_density(coefficients, between) - self.prior.log_density(
            coefficients, between
        )
        heights = self.log_heights + ratio
        return replace(self, prior=prior, parts=normalised(heights), log_heights=heights)


def normalised(heights: FloatArray) -> FloatArray:
    """Return weights that sum to 1, of log heights."""
    weights = np.exp(heights - heights.max())
    return np.asarray(weights / weights.sum())
