"""A second, naive implementation of pooling: every integral a plain sum over a fine grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nof1.model.model_input import FloatArray
from nof1.pooling.persons.likelihoods import Likelihoods


@dataclass(frozen=True, slots=True, kw_only=True)
class Naive:
    """Moments of average, SD between persons and persons' effects, and the log evidence."""

    mean: float
    mean_sd: float
    between: float
    between_sd: float
    persons: np.ndarray
    person_sds: np.ndarray
    these: float
    these_sd: float
    log_evidence: float


def mixture_likelihoods(
    rng: np.random.Generator, n_persons: int, *, components: int = 4, spread: float = 2.0
) -> Likelihoods:
    """Return likelihoods of persons as mixtures of normal densities, lumpy on purpose."""
    counts = rng.integers(1, components + 1, n_persons)
    starts = np.cumsum([0, *counts])
    centre = np.repeat(rng.normal(-1.0, spread, n_persons), counts)
    means = centre + rng.normal(0.0, 1.0, starts[-1])
    sds = rng.uniform(0.5, 2.5, starts[-1])
    return Likelihoods(
        design=np.eye(1),
        means=means[:, None],
        variances=(sds**2)[:, None, None],
        log_weights=np.log(rng.uniform(0.1, 1.0, starts[-1])),
        starts=starts,
    )


def naive_pool(
    given: Likelihoods,
    mean_sd: float,
    between_scale: float,
    *,
    scales: Sequence[float] = (1.0,),
    shares: Sequence[float] = (1.0,),
    log_weights: FloatArray | None = None,
) -> Naive:
    """Return the posterior by sums over 241 averages and 181 SDs between persons."""
    m = np.linspace(-6 * mean_sd, 6 * mean_sd, 241)
    s = np.linspace(0.0, 7 * between_scale, 181)
    weights = given.log_weights if log_weights is None else log_weights
    heights = -0.5 * (m / mean_sd) ** 2 - 0.5 * (s[:, None] / between_scale) ** 2
    heights = heights - np.log(mean_sd) - np.log(between_scale)
    n = given.n_persons
    first, second = np.zeros((2, n, len(s), len(m)))
    for i in range(n):
        density = np.zeros((len(s), len(m)))
        for j in range(given.starts[i], given.starts[i + 1]):
            mean, variance = given.means[j, 0], given.variances[j, 0, 0]
            for scale, share in zip(scales, shares, strict=True):
                tau2 = (scale * s[:, None]) ** 2
                total = variance + tau2
                part = share * np.exp(weights[j] - 0.5 * (m - mean) ** 2 / total) / np.sqrt(total)
                centre = (tau2 * mean + variance * m) / total
                density += part
                first[i] += part * centre
                second[i] += part * (tau2 * variance / total + centre**2)
        # Far outside every density is 0 in floating point.
        density = np.maximum(density, 1e-300)
        first[i] /= density
        second[i] /= density
        heights = heights + np.log(density)
    p = np.exp(heights - heights.max())
    p[0] /= 2
    evidence = np.log(p.sum() * (m[1] - m[0]) * (s[1] - s[0])) + heights.max()
    p /= p.sum()
    persons = (first * p).sum(axis=(1, 2))
    these = first.mean(axis=0)
    alone = (second - first**2).sum(axis=0) / n**2
    average, spread = (p * m).sum(), (p * s[:, None]).sum()
    return Naive(
        mean=average,
        mean_sd=np.sqrt((p * (m - average) ** 2).sum()),
        between=spread,
        between_sd=np.sqrt((p * (s[:, None] - spread) ** 2).sum()),
        persons=persons,
        person_sds=np.sqrt((second * p).sum(axis=(1, 2)) - persons**2),
        these=(p * these).sum(),
        these_sd=np.sqrt((p * (alone + these**2)).sum() - (p * these).sum() ** 2),
        log_evidence=float(evidence),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NaiveOfTwo:
    """Moments of two averages, of the SD between persons and of persons' two effects."""

    means: np.ndarray
    mean_sds: np.ndarray
    between: float
    between_sd: float
    persons: np.ndarray
    person_sds: np.ndarray
    these: np.ndarray
    these_sds: np.ndarray


def two_effects(rng: np.random.Generator, n_persons: int) -> Likelihoods:
    """Return likelihoods of two effects of each person, lumpy on purpose."""
    counts = rng.integers(2, 4, n_persons)
    starts = np.cumsum([0, *counts])
    centre = np.repeat(rng.normal((-1.0, 0.5), 1.0, (n_persons, 2)), counts, axis=0)
    sds = rng.uniform(0.6, 1.6, (starts[-1], 2))
    variances = sds[:, :, None] * sds[:, None] * np.array([[1.0, 0.4], [0.4, 1.0]])
    return Likelihoods(
        design=np.eye(2),
        means=centre + rng.normal(0.0, 0.7, centre.shape),
        variances=variances,
        log_weights=np.log(rng.uniform(0.2, 1.0, starts[-1])),
        starts=starts,
    )


def naive_pool_of_two_effects(
    given: Likelihoods,
    mean_sd: float,
    between_scale: float,
    *,
    scales: Sequence[float] = (1.0,),
    shares: Sequence[float] = (1.0,),
) -> NaiveOfTwo:
    """Return the posterior by sums over 41 by 41 averages and 41 SDs between persons."""
    line = np.linspace(-4.5, 4.5, 41)
    a, b = np.meshgrid(line, line, indexing="ij")
    at = np.stack([a.ravel(), b.ravel()], axis=1)
    s = np.linspace(0.0, 5.5, 41)
    heights = -0.5 * (at**2).sum(axis=1) / mean_sd**2 - 0.5 * (s[:, None] / between_scale) ** 2
    n, scatter = given.n_persons, np.array([[1.0, 0.5], [0.5, 1.0]])
    first, second = np.zeros((2, n, len(s), len(at), 2))
    for i in range(n):
        density = np.zeros((len(s), len(at)))
        for j in range(given.starts[i], given.starts[i + 1]):
            for row, sd in enumerate(s):
                for scale, share in zip(scales, shares, strict=True):
                    between = (scale * sd) ** 2 * scatter
                    total = given.variances[j] + between
                    weight = np.linalg.inv(total)
                    away = at - given.means[j]
                    part = np.exp(-0.5 * np.einsum("qk,kl,ql->q", away, weight, away))
                    part *= share * np.exp(given.log_weights[j]) / np.linalg.det(total) ** 0.5
                    gain = between @ weight
                    centre = at - away @ gain.T
                    variance = np.diag(between - gain @ between)
                    density[row] += part
                    first[i, row] += part[:, None] * centre
                    second[i, row] += part[:, None] * (variance + centre**2)
        first[i] /= density[..., None]
        second[i] /= density[..., None]
        heights = heights + np.log(density)
    p = np.exp(heights - heights.max())
    p[0] /= 2
    p /= p.sum()

    def moments(values: FloatArray, squares: FloatArray) -> tuple[FloatArray, FloatArray]:
        mean = np.einsum("sq,sq...->...", p, values)
        return mean, np.sqrt(np.einsum("sq,sq...->...", p, squares) - mean**2)

    everywhere = np.broadcast_to(at, (len(s), *at.shape))
    means, mean_sds = moments(everywhere, everywhere**2)
    sds = np.broadcast_to(s[:, None], p.shape)
    between, between_sd = moments(sds, sds**2)
    persons, person_sds = moments(np.moveaxis(first, 0, -1), np.moveaxis(second, 0, -1))
    average = first.mean(axis=0)
    alone = (second - first**2).sum(axis=0) / n**2
    these, these_sds = moments(average, alone + average**2)
    return NaiveOfTwo(
        means=means,
        mean_sds=mean_sds,
        between=float(between),
        between_sd=float(between_sd),
        persons=persons.T,
        person_sds=person_sds.T,
        these=these,
        these_sds=these_sds,
    )
