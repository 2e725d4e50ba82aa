"""The likelihood of a person's effects as a file has it."""

from __future__ import annotations

from dataclasses import asdict
from itertools import chain
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from nof1.inference.effect_likelihood import (
    DECIMALS,
    NOISE_DECIMALS,
    EffectLikelihood,
    NoiseTold,
    rounded,
)
from nof1.model.priors import HalfLifePrior
from nof1.protocol.part import Part


class HalfLifeMixture(Part):
    """A mixture of exponential distributions of the half-life: means in days, and weights."""

    means_days: tuple[Annotated[float, Field(gt=0)], ...] = Field(min_length=1, max_length=2)
    shares: tuple[Annotated[float, Field(gt=0, le=1)], ...] = Field(min_length=1, max_length=2)

    @model_validator(mode="after")
    def _pairs_are_whole(self) -> Self:
        if len(self.means_days) != len(self.shares):
            raise ValueError("means_days: one for each share is needed")
        return self


class SharedNoise(Part):
    """What each component stands for in the noise SD; see `NoiseTold`.

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


class AddedNoise(Part):
    """SDs of the noise that was added before the likelihood left; see `pooling.coarsening`.

    Attributes
    ----------
    means : float
        On each coefficient of mean over SD of a component.
    log_sds : float
        On each coefficient of the log of that SD.
    """

    means: float = Field(gt=0)
    log_sds: float = Field(gt=0)


class SharedLikelihood(Part):
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
        if not faults and not _positive(self.covariances, k):
            faults.append("covariances: every one must be positive definite")
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @classmethod
    def of(
        cls,
        found: EffectLikelihood,
        *,
        error: float | None,
        better_model: str | None,
        with_schedule: bool = True,
        added_noise: AddedNoise | None = None,
    ) -> SharedLikelihood:
        """Return the likelihood as a file has it.

        Parameters
        ----------
        found : EffectLikelihood
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
        told = found.noise
        rows, columns = np.tril_indices(found.means.shape[1])
        return cls.model_validate(
            {
                "means": rounded(found.means.astype(float)).tolist(),
                "covariances": rounded(found.covariances.astype(float))[:, rows, columns].tolist(),
                "log_weights": np.round(found.log_weights.astype(float), DECIMALS).tolist(),
                "half_lives": None
                if found.half_lives is None
                else rounded(found.half_lives.astype(float)).tolist(),
                "half_life_prior": found.half_life_prior and asdict(found.half_life_prior),
                "noise": None
                if told is None
                else {
                    name: np.round(getattr(told, name).astype(float), NOISE_DECIMALS).tolist()
                    for name in ("log_sds", "spreads", "log_heights")
                },
                "scheduled": None
                if found.scheduled is None or not with_schedule
                else np.round(found.scheduled.astype(float), DECIMALS)
                .reshape(len(found.means), -1)
                .tolist(),
                "error": None if error is None else float(f"{error:.2g}"),
                "better_model": better_model,
                "added_noise": added_noise,
            }
        )

    def effects(self) -> EffectLikelihood:
        """Return the likelihood as arrays."""
        n, k = len(self.means), len(self.means[0])
        covariances = np.array(list(chain.from_iterable(self.covariances))).reshape(n, -1)
        if k > 1:
            rows, columns = np.tril_indices(k)
            triangles, covariances = covariances, np.empty((n, k, k))
            covariances[:, rows, columns] = covariances[:, columns, rows] = triangles
        return EffectLikelihood(
            means=np.array(list(chain.from_iterable(self.means))).reshape(n, k),
            covariances=covariances.reshape(n, k, k),
            log_weights=np.array(self.log_weights),
            half_lives=None if self.half_lives is None else np.array(self.half_lives),
            half_life_prior=None
            if self.half_life_prior is None
            else HalfLifePrior(
                means_days=self.half_life_prior.means_days, shares=self.half_life_prior.shares
            ),
            noise=None
            if self.noise is None
            else NoiseTold(
                log_sds=np.array(self.noise.log_sds),
                spreads=np.array(self.noise.spreads),
                log_heights=np.array(self.noise.log_heights),
            ),
            scheduled=None if self.scheduled is None else np.array(self.scheduled).reshape(n, k, k),
        )


def _positive(covariances: tuple[tuple[float, ...], ...], k: int) -> bool:
    if k == 1:
        return min(chain.from_iterable(covariances)) > 0.0
    rows, columns = np.tril_indices(k)
    whole = np.empty((len(covariances), k, k))
    whole[:, rows, columns] = whole[:, columns, rows] = covariances
    return bool(np.linalg.eigvalsh(whole).min() > 0.0)
