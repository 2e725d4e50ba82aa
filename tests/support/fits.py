"""Fits with other figures, for the tests of what is said of them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from nof1.inference.fits import (
    BayesianFit,
    EarlierPersons,
    LikelihoodFit,
    NutsFit,
    PopulationFit,
    PosteriorFit,
    QuadratureFit,
    Sampling,
)
from nof1.inference.summaries import Chances, JudgedEffect, Summary
from nof1.words.caution import Caution

_CHANCES = tuple(one.name for one in fields(Chances))


def changed_fit[Fitted: BayesianFit | JudgedEffect](fit: Fitted, **figures: float | None) -> Fitted:
    """Return a fit with other figures of its effect or chances."""
    chances: dict[str, Any] = {n: figures.pop(n) for n in _CHANCES if n in figures}
    return replace(
        fit,
        effect=fit.effect.model_copy(update=figures),
        chances=replace(fit.chances, **chances),
    )


def at(value: float) -> Summary:
    """Return a distribution around a mean, of which nothing else matters."""
    return Summary(mean=value, sd=1.0, ci_low=value - 2.0, ci_high=value + 2.0, level=0.95)


def under_another_likelihood(fit: QuadratureFit, name: str, **figures: float) -> LikelihoodFit:
    """Return the posterior as if it were one under another likelihood."""
    return LikelihoodFit(
        **_whole(changed_fit(fit, **figures)),
        likelihood=name,
        by="imputation",
        reason=Caution.of("asked-for"),
        k_hat=0.1,
        ess=900.0,
    )


def sampled(fit: QuadratureFit, **sampling: Any) -> NutsFit:
    """Return the posterior as if it were sampled."""
    usual: dict[str, Any] = {
        "rhat": 1.0,
        "ess": 900.0,
        "divergences": 0,
        "draws": 4000,
        "sampler": "pymc",
    }
    return NutsFit(**_whole(fit), sampling=Sampling(**(usual | sampling)), seed=1)


def joined(own: QuadratureFit, earlier: JudgedEffect, n_persons: int) -> PopulationFit:
    """Return a fit of this person and earlier ones that has this one's figures."""
    return PopulationFit(
        effect=own.effect,
        chances=own.chances,
        density=own.density,
        own=JudgedEffect(effect=own.effect, chances=own.chances),
        prior=EarlierPersons(
            effect=earlier.effect,
            chances=earlier.chances,
            n_persons=n_persons,
            source="forty persons",
        ),
    )


def _whole(fit: PosteriorFit) -> dict[str, Any]:
    return {one.name: getattr(fit, one.name) for one in fields(PosteriorFit)}
