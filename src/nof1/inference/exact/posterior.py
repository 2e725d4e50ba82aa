"""The posterior of several persons' trials on grids, and of one person as a row of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.grid import Grid, half_lives_on
from nof1.inference.exact.integrand import Integrand, IntegratedNodes
from nof1.inference.exact.marginals import Marginal
from nof1.inference.exact.mixture import Mixture, Mixtures, compressed
from nof1.inference.exact.parameters import marginal
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Posterior weight that the nodes left out of a mixture have together, at most; usually a tenth.
NEGLIGIBLE = 5e-3


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The posteriors of several persons on grids of one size.

    Attributes
    ----------
    integrand : Integrand
        Whose.
    grid : Grid
        Nodes and prior weights.
    exposures : tuple of arrays, shape (H, n, k)
        Each person's at the nodes of the half-life.
    nodes : IntegratedNodes
        The Gaussian part at every node.
    weights : array, shape (B, F, R, H, S)
        Posterior weights; each person's sum to 1.
    log_evidence : array, shape (B,)
        Log marginal likelihood of each person's scores.
    """

    integrand: Integrand
    grid: Grid
    exposures: tuple[FloatArray, ...]
    nodes: IntegratedNodes
    weights: FloatArray
    log_evidence: FloatArray

    def subset(self, index: IntArray) -> Stack:
        """Return the posteriors of some of the persons."""
        return Stack(
            integrand=self.integrand.subset(index),
            grid=self.grid.subset(index),
            exposures=tuple(self.exposures[i] for i in index),
            nodes=self.nodes.subset(index),
            weights=self.weights[index],
            log_evidence=self.log_evidence[index],
        )

    @cached_property
    def kept(self) -> KeptNodes:
        """Return the nodes that have any weight."""
        b, *_, h, s = self.weights.shape
        large = self.weights > NEGLIGIBLE / self.weights[0].size
        phi_ratio, half_life, sigma = np.nonzero(large.reshape(-1, h, s))
        counts = np.count_nonzero(large.reshape(b, -1), axis=1)
        person = np.repeat(np.arange(b), counts)
        without_sigma = phi_ratio * h + half_life
        index = without_sigma * s + sigma
        weights = self.weights.ravel()[index]
        total = np.add.reduceat(weights, np.cumsum(counts) - counts)
        return KeptNodes(
            index=index,
            person=person,
            half_life=half_life,
            without_sigma=without_sigma,
            without_half_life=phi_ratio * s + sigma,
            weights=weights / np.repeat(total, counts),
        )

    @cached_property
    def by_half_life(self) -> FloatArray:
        """Return the posterior weight of every half-life, shape (B, H)."""
        return np.asarray(self.weights.sum(axis=(1, 2, 4)))

    @cached_property
    def without_half_life(self) -> FloatArray:
        """Return the posterior weights of all else, shape (B, F, R, S)."""
        return np.asarray(self.weights.sum(axis=3))

    @cached_property
    def effects(self) -> tuple[Mixtures, ...]:
        """Return the steady-state effect of every active arm against the comparator."""
        k = self.nodes.means.shape[-1]
        return tuple(self.mixtures(arm_signs(k, arm, 0)) for arm in range(1, k + 1))

    @cached_property
    def scheduled(self) -> Mixtures:
        """Return the first active arm's mean difference as scheduled."""
        return self.mixtures(self.scheduled_weights(1, 0))

    @cached_property
    def trends(self) -> Mixtures:
        """Return the trend over the whole trial."""
        return self.coefficient(1)

    def coefficient(self, t: int) -> Mixtures:
        """Return one of the coefficients of level, trend and covariates, by its place.

        Given a node it is normal; the effects shift it through their common products.
        """
        nodes, kept = self.nodes, self.kept
        m, k = len(nodes.fixed_means), nodes.means.shape[-1]
        precision = self.grid.axes.sigma[:, :, None, :] ** -2.0
        here = kept.without_half_life
        covariance = (nodes.fixed_covariances[:, t] * precision).reshape(m, -1)[:, here]
        crossed = nodes.crossed.reshape(-1, k, m)[kept.without_sigma]
        # How far the coefficient moves with each effect, shape (n, k).
        slope = sum(crossed[:, :, j] * covariance[j][:, None] for j in range(m))
        means, variances = self.combined(slope)
        return self._mixtures(
            nodes.fixed_means[t].ravel()[here] - means,
            nodes.fixed_covariances[t, t].ravel()[here] + variances,
        )

    def scheduled_weights(self, active: int, comparator: int) -> FloatArray:
        """Return what each effect adds to a difference as scheduled, shape (n, k)."""
        shares = [
            inputs.as_scheduled_weights(active, comparator) @ exposure
            for inputs, exposure in zip(self.integrand.people, self.exposures, strict=True)
        ]
        return np.stack(shares)[self.kept.person, self.kept.half_life]

    def mixtures(self, weights: FloatArray) -> Mixtures:
        """Return the posterior of a weighted sum of effects; weights have shape (n, k) or (k,)."""
        return self._mixtures(*self.combined(weights))

    def combined(self, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return conditional means and variances, shape (n,), of a weighted sum of effects."""
        return _combined(self.nodes, self.kept.index, weights)

    def _mixtures(self, means: FloatArray, variances: FloatArray) -> Mixtures:
        kept, floor = self.kept, (1e-12 * self.integrand.span) ** 2
        mixtures = compressed(means, np.maximum(variances, floor), kept.weights, kept.person)
        return mixtures.with_interval(self.integrand.plan.ci_level)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNodes:
    """The nodes of a stack that have any weight.

    Attributes
    ----------
    index : int array, shape (n,)
        Place among all nodes of all persons.
    person : int array, shape (n,)
        Whose node it is, in ascending order.
    half_life : int array, shape (n,)
        Place on the axis of the half-life.
    without_sigma, without_half_life : int array, shape (n,)
        Place in arrays of all persons that lack the axis of sigma, or that of the half-life.
    weights : array, shape (n,)
        Each person's sum to 1.
    """

    index: IntArray
    person: IntArray
    half_life: IntArray
    without_sigma: IntArray
    without_half_life: IntArray
    weights: FloatArray


def _combined(
    nodes: IntegratedNodes, index: IntArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return means and variances of a weighted sum of effects at some nodes."""
    k = nodes.means.shape[-1]
    if k == 1:
        factor = weights[..., 0]
        variances = nodes.covariances.ravel()[index] * factor**2
        return nodes.means.ravel()[index] * factor, variances
    means = (nodes.means.reshape(-1, k)[index] * weights).sum(axis=-1)
    covariances = nodes.covariances.reshape(-1, k, k)[index]
    return means, np.einsum("...kl,...k,...l->...", covariances, weights, weights)


def arm_signs(k: int, active: int, comparator: int) -> FloatArray:
    """Return the weights of the k effects in a contrast; arm 0 has no effect of its own."""
    arms = np.arange(1, k + 1)
    signs: FloatArray = (arms == active).astype(float) - (arms == comparator).astype(float)
    return signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """The posterior of one person's trial: a row of a stack.

    Attributes
    ----------
    stack : Stack
        Of several persons.
    row : int
        Which of them.
    """

    stack: Stack
    row: int

    @property
    def inputs(self) -> ModelInput:
        """Return what was fitted."""
        return self.stack.integrand.people[self.row]

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the names of the parameters that `marginal` takes here."""
        plan = self.inputs.plan
        rise = ("half_life_rise",) if plan.half_lives == "two" else ()
        trend = ("trend",) if plan.trend == "linear" else ()
        return ("half_life", *rise, "phi", "sigma", "sigma_period", *trend)

    @property
    def log_evidence(self) -> float:
        """Return the log marginal likelihood of the scores."""
        return float(self.stack.log_evidence[self.row])

    def effect(self, active: int, comparator: int) -> Mixture:
        """Return the posterior of the steady-state effect of one arm against another."""
        if comparator == 0:
            return self.stack.effects[active - 1][self.row]
        return self._alone(arm_signs(self.stack.nodes.means.shape[-1], active, comparator))

    def as_scheduled(self, active: int, comparator: int) -> Mixture:
        """Return the posterior of the mean difference that this schedule leaves."""
        if (active, comparator) == (1, 0):
            return self.stack.scheduled[self.row]
        rows = np.array([self.row])
        return self._alone(self.stack.subset(rows).scheduled_weights(active, comparator))

    def _alone(self, weights: FloatArray) -> Mixture:
        return self.stack.subset(np.array([self.row])).mixtures(weights)[0]

    def marginal(self, name: str) -> Marginal | Mixture:
        """Return the posterior of half_life, half_life_rise, phi, sigma, sigma_period or trend."""
        if name == "trend":
            return self.stack.trends[self.row]
        stack = self.stack
        weights = stack.by_half_life[self.row], stack.without_half_life[self.row]
        return marginal(stack.integrand, stack.grid, *weights, self.row, name)

    def slopes(self) -> tuple[Mixture, ...]:
        """Return the change in points for one SD of each covariate."""
        first = 2 if self.inputs.plan.trend == "linear" else 1
        places = range(first, first + self.inputs.covariates.shape[1])
        return tuple(self.stack.coefficient(place)[self.row] for place in places)

    def components(self) -> PosteriorComponents:
        """Return the nodes that have any weight, each with its parameters."""
        stack = self.stack
        mine = stack.kept.person == self.row
        index = stack.kept.index[mine]
        _, f, r, h, s = np.unravel_index(index, stack.weights.shape)
        axes, k = stack.grid.axes, stack.nodes.means.shape[-1]
        fall, rise = half_lives_on(stack.integrand, stack.grid)[self.row]
        return PosteriorComponents(
            half_life=fall[h],
            half_life_rise=(fall if rise is None else rise)[h],
            phi=axes.phi[self.row, f],
            ratio=axes.ratio[self.row, r],
            sigma=axes.sigma[self.row, f, s],
            means=stack.nodes.means.reshape(-1, k)[index],
            covariances=stack.nodes.covariances.reshape(-1, k, k)[index],
            weights=stack.kept.weights[mine],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PosteriorComponents:
    """The nodes of a grid that have any weight.

    Attributes
    ----------
    half_life, half_life_rise, phi, ratio, sigma : arrays, shape (n,)
        Parameters of each; half-lives in days, sigma in points.
    means, covariances : arrays, shape (n, k), (n, k, k)
        Conditional posterior of the effects, in points.
    weights : array, shape (n,)
        Sum to 1.
    """

    half_life: FloatArray
    half_life_rise: FloatArray
    phi: FloatArray
    ratio: FloatArray
    sigma: FloatArray
    means: FloatArray
    covariances: FloatArray
    weights: FloatArray
