"""The likelihood of a person's effects as a file has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from nof1.inference.exact.effect_likelihood import (
    DECIMALS,
    NOISE_DECIMALS,
    EffectLikelihood,
    NoiseEvidence,
    rounded,
)
from nof1.model.priors import HalfLifePrior
from nof1.protocol.table import FrozenTable

FloatArray = NDArray[np.float64]


class HalfLifeMixture(FrozenTable):
    """A mixture of exponential distributions of the half-life: means in days, and weights."""

    means_days: tuple[Annotated[float, Field(gt=0)], ...] = Field(min_length=1, max_length=2)
    shares: tuple[Annotated[float, Field(gt=0, le=1)], ...] = Field(min_length=1, max_length=2)

    @model_validator(mode="after")
    def _pairs_are_whole(self) -> Self:
        if len(self.means_days) != len(self.shares):
            raise ValueError("means_days: one for each share is needed")
        return self


class SharedNoise(FrozenTable):
    """What each component stands for in the noise SD; see `NoiseEvidence`.

    Attributes
    ----------
    log_sds, spreads : tuple of float
        Mean and SD of the log of the noise SD in points, one for each component.
    log_heights : tuple of float
        Log of one over the prior of the log noise SD; the largest is 0.
    """

    log_sds: tuple[Annotated[float, Field(ge=-50, le=50)], ...]
    spreads: tuple[Annotated[float, Field(ge=0, le=50)], ...]
    log_heights: tuple[Annotated[float, Field(ge=-500, le=0)], ...]


class AddedNoise(FrozenTable):
    """SDs of the noise that was added before the likelihood left; see `sharing.coarsening`.

    Attributes
    ----------
    means : float
        On each coefficient of mean over SD of a component.
    log_sds : float
        On each coefficient of the log of that SD.
    """

    means: float = Field(gt=0)
    log_sds: float = Field(gt=0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharedComponents:
    """The numbers of a likelihood as arrays, which are looked at much faster than tuples.

    Attributes
    ----------
    means, triangles : array, shape (n, k), (n, k (k + 1) / 2)
        Of the components; lower triangles of their covariances.
    log_weights : array, shape (n,)
    half_lives : array, shape (n,), or None
    """

    means: FloatArray
    triangles: FloatArray
    log_weights: FloatArray
    half_lives: FloatArray | None

    @property
    def variances(self) -> FloatArray:
        """Return the variance of every effect, shape (n, k)."""
        return self.triangles[:, [place * (place + 3) // 2 for place in range(self.means.shape[1])]]

    @property
    def covariances(self) -> FloatArray:
        """Return the whole covariances, shape (n, k, k)."""
        n, k = self.means.shape
        if k == 1:
            return self.triangles[:, :, None]
        rows, columns = np.tril_indices(k)
        matrices = np.empty((n, k, k))
        matrices[:, rows, columns] = matrices[:, columns, rows] = self.triangles
        return matrices


class SharedLikelihood(FrozenTable):
    """The likelihood of the effects of all arms but the comparator, their prior divided out.

    ``L(d) = sum_j exp(log_weights[j] - (d - m_j)' V_j^-1 (d - m_j) / 2)``, in points.

    Attributes
    ----------
    means : tuple of tuple of float
        One tuple for each component, one number for each effect.
    covariances : tuple of tuple of float
        Lower triangle of ``V_j`` row by row: one number for one effect, three for two.
    log_weights : tuple of float
        The largest is 0.
    half_lives : tuple of float or None
        Half-life each component stands for, in days; None where the plan fixes it.
    half_life_prior : HalfLifeMixture or None
        The prior of the half-life that was integrated over.
    noise : SharedNoise or None
        What each component stands for in the noise SD; None in files of earlier versions.
    scheduled : tuple of tuple of float, or None
        Share of every effect in the difference as scheduled of every arm, k rows of k numbers one
        after another for each component; None where cycle differences are not shared.
    error : float or None
        How far mean and interval may be off for numerical reasons, in points.
    model : str
        How scores are taken to follow from their expectation.
    better_model : str or None
        Another likelihood that these scores asked for and the trial's own verdict rests on.
    added_noise : AddedNoise or None
        None where nothing was made coarser.
    """

    means: tuple[tuple[float, ...], ...] = Field(min_length=1, max_length=4096)
    covariances: tuple[tuple[float, ...], ...]
    log_weights: tuple[float, ...]
    half_lives: tuple[Annotated[float, Field(ge=0)], ...] | None = None
    half_life_prior: HalfLifeMixture | None = None
    noise: SharedNoise | None = None
    scheduled: tuple[tuple[Annotated[float, Field(ge=-1e3, le=1e3)], ...], ...] | None = None
    error: float | None = Field(default=None, ge=0)
    model: Literal["gaussian"] = "gaussian"
    better_model: Literal["bounded", "student-t", "by-arm", "ordinal"] | None = None
    added_noise: AddedNoise | None = None

    @model_validator(mode="after")
    def _components_are_whole(self) -> Self:
        n, k = len(self.means), len(self.means[0])
        cells = k * (k + 1) // 2
        faults = []
        if set(map(len, self.means)) != {k} or k == 0:
            faults.append("means: every component needs one number for each effect")
        if len(self.covariances) != n or set(map(len, self.covariances)) != {cells}:
            faults.append(f"covariances: {n} rows of {cells} numbers are needed")
        if len(self.log_weights) != n:
            faults.append(f"log_weights: {n} numbers are needed")
        if (self.half_lives is None) != (self.half_life_prior is None):
            faults.append("half_lives: half-lives and their prior belong together")
        if self.half_lives is not None and len(self.half_lives) != n:
            faults.append(f"half_lives: {n} numbers are needed")
        if self.noise is not None and any(
            len(numbers) != n
            for numbers in (self.noise.log_sds, self.noise.spreads, self.noise.log_heights)
        ):
            faults.append(f"noise: {n} numbers of each kind are needed")
        if self.scheduled is not None and (
            len(self.scheduled) != n or set(map(len, self.scheduled)) != {k * k}
        ):
            faults.append(f"scheduled: {n} rows of {k * k} numbers are needed")
        if not faults and not _positive(self.components):
            faults.append("covariances: every one must be positive definite")
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @classmethod
    def of(
        cls,
        likelihood: EffectLikelihood,
        *,
        error: float | None,
        better_model: str | None,
        with_schedule: bool = True,
        added_noise: AddedNoise | None = None,
    ) -> SharedLikelihood:
        """Return the likelihood as a file has it.

        Parameters
        ----------
        likelihood : EffectLikelihood
            Of one person.
        error : float or None
            Numerical error, in points.
        better_model : str or None
            Another likelihood that the scores asked for.
        with_schedule : bool
            Whether the shares as scheduled go with it, which tell something of the order of arms.
        added_noise : AddedNoise or None
            For a likelihood that was made coarser.
        """
        evidence = likelihood.noise
        rows, columns = np.tril_indices(likelihood.means.shape[1])
        return cls.model_validate(
            {
                "means": rounded(likelihood.means.astype(float)).tolist(),
                "covariances": rounded(likelihood.covariances.astype(float))[
                    :, rows, columns
                ].tolist(),
                "log_weights": np.round(likelihood.log_weights.astype(float), DECIMALS).tolist(),
                "half_lives": None
                if likelihood.half_lives is None
                else rounded(likelihood.half_lives.astype(float)).tolist(),
                "half_life_prior": likelihood.half_life_prior
                and asdict(likelihood.half_life_prior),
                "noise": None
                if evidence is None
                else {
                    name: np.round(getattr(evidence, name).astype(float), NOISE_DECIMALS).tolist()
                    for name in ("log_sds", "spreads", "log_heights")
                },
                "scheduled": None
                if likelihood.scheduled is None or not with_schedule
                else np.round(likelihood.scheduled.astype(float), DECIMALS)
                .reshape(len(likelihood.means), -1)
                .tolist(),
                "error": None if error is None else float(f"{error:.2g}"),
                "better_model": better_model,
                "added_noise": added_noise,
            }
        )

    @cached_property
    def components(self) -> SharedComponents:
        """Return the components as arrays."""
        return SharedComponents(
            means=_table(self.means),
            triangles=_table(self.covariances),
            log_weights=np.array(self.log_weights, dtype=float),
            half_lives=None if self.half_lives is None else np.array(self.half_lives, dtype=float),
        )

    def effects(self) -> EffectLikelihood:
        """Return the likelihood as arrays."""
        components, prior, noise = self.components, self.half_life_prior, self.noise
        n, k = components.means.shape
        return EffectLikelihood(
            means=components.means,
            covariances=components.covariances,
            log_weights=components.log_weights,
            half_lives=components.half_lives,
            half_life_prior=None if prior is None else _prior(prior.means_days, prior.shares),
            noise=None
            if noise is None
            else NoiseEvidence(
                log_sds=np.array(noise.log_sds, dtype=np.float32),
                spreads=np.array(noise.spreads, dtype=np.float32),
                log_heights=np.array(noise.log_heights, dtype=np.float32),
            ),
            scheduled=None if self.scheduled is None else _table(self.scheduled).reshape(n, k, k),
        )


@cache
def _prior(means_days: tuple[float, ...], shares: tuple[float, ...]) -> HalfLifePrior:
    """Return a prior of the half-life: what many persons have alike is kept once."""
    return HalfLifePrior(means_days=means_days, shares=shares)


def _table(rows: Sequence[Sequence[float]]) -> FloatArray:
    """Return rows of equal length as an array; few long columns are taken in faster."""
    return np.array(list(zip(*rows, strict=True)), dtype=float).T


def _positive(components: SharedComponents) -> bool:
    if components.means.shape[1] == 1:
        return bool(components.triangles.min() > 0.0)
    return bool(np.linalg.eigvalsh(components.covariances).min() > 0.0)
