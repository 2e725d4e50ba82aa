"""Persons of a pool with normal likelihoods, as members ready to be pooled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from nof1.inference.exact.effect_likelihood import EffectLikelihood
from nof1.model.model_input import FloatArray
from nof1.pooling.persons.members import Member, Members
from nof1.sharing.contribution import About, SharedDesign, SharedEstimand, SharedOutcome

DESIGN = SharedDesign(
    cycles=3,
    cycles_scored=3,
    periods=6,
    periods_scored=6,
    period_days=28,
    run_in_days=0,
    washout_days=0,
    allocation="drawn",
    scores=24,
    scores_missing=0,
)
OUTCOME = SharedOutcome(
    id="irls", unit="points", low=0, high=40, better="lower", recall_days=7, mcid=3.0
)
ESTIMAND = SharedEstimand(
    carryover="none",
    half_lives="one",
    trend="linear",
    period_effects="random",
    missed_doses="treatment-policy",
    drop_days=0,
)


def normal(mean: float | FloatArray, se: float | FloatArray) -> EffectLikelihood:
    """Return a normal likelihood of one effect, or of several given a covariance."""
    mean = np.atleast_1d(mean)
    covariance = np.atleast_2d(se) if np.ndim(se) == 2 else np.eye(len(mean)) * se**2
    return EffectLikelihood(means=mean[None], covariances=covariance[None], log_weights=np.zeros(1))


def member(
    person: str,
    arms: tuple[str, ...] = ("placebo", "magnesium"),
    differences: Mapping[str, FloatArray] | None = None,
    **about: Any,
) -> Member:
    """Return a person without the likelihood."""
    return Member(
        person=person,
        arms=arms,
        design=DESIGN,
        about=About(**about),
        blinding=None,
        adherence=None,
        harms=None,
        protocol="",
        differences=differences,
        better_model=None,
    )


def given(people: Iterable[Member], likelihoods: Iterable[EffectLikelihood]) -> Members:
    """Return persons that can be pooled."""
    return Members(
        outcome=OUTCOME,
        estimand=ESTIMAND,
        people=tuple(people),
        likelihoods=tuple(likelihoods),
        excluded=(),
        warnings=(),
    )


def simple(
    n: int = 30, mean: float = -4.0, between: float = 1.0, se: float = 2.0, seed: int = 1
) -> tuple[Members, FloatArray, FloatArray]:
    """Return persons with three cycles each, their true effects, and the means of their scores."""
    rng = np.random.default_rng(seed)
    effects = rng.normal(mean, between, n)
    seen = rng.normal(effects, se)
    names = [f"p{index:03d}" for index in range(n)]
    cycles = [rng.normal(effect, se * 3**0.5, 3) for effect in effects]
    people = [
        member(name, differences={"magnesium": mine})
        for name, mine in zip(names, cycles, strict=True)
    ]
    return given(people, [normal(one, se) for one in seen]), effects, seen
