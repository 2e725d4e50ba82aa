"""Warnings that go with an analysis: what the reader must know before believing a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nof1.inference.cautions_on_data import (
    on_arms,
    on_covariates,
    on_doses,
    on_kind_of_scores,
    on_missing,
    on_windows,
)
from nof1.inference.checks.carryover import summarise_carryover
from nof1.inference.checks.mornings import STRONG
from nof1.inference.fits import NOTABLE_P, LikelihoodFit, NotRun
from nof1.inference.likelihoods.choosing import (
    SCORES_AT_END,
    crowding,
    scatter_note,
    share_at_ends,
    two_values,
)
from nof1.inference.result import Contrast, Neighbours, Outlier, Scatter
from nof1.inference.score_account import Account
from nof1.model.model_input import ModelInput
from nof1.trial.data import NOT_ANSWERED, TrialData
from nof1.words.caution import Caution

#: Outliers whose days are named.
MOST_NAMED = 6
#: Days, in half-lives, that a period should have.
HALF_LIVES_PER_PERIOD = 5


def cautions(
    inputs: ModelInput,
    data: TrialData,
    account: Account,
    contrast: Contrast,
    outliers: Sequence[Outlier] = (),
) -> tuple[Caution, ...]:
    """Return what to know of one analysis; the notes of reading first."""
    return (
        *data.notes,
        *on_arms(data),
        *_on_design(inputs, contrast),
        *_on_drift(contrast),
        *_on_likelihood(inputs, contrast),
        *_on_population(contrast),
        *_on_ends(inputs, contrast),
        *on_kind_of_scores(inputs),
        *_on_outliers(inputs, outliers, contrast),
        *on_windows(inputs),
        *on_missing(inputs, account),
        *on_doses(inputs, data),
        *on_covariates(inputs, data),
        *_on_carryover(inputs, data, contrast),
        *_on_engines(contrast),
    )


def _on_design(inputs: ModelInput, contrast: Contrast) -> Iterator[Caution]:
    test = contrast.fit("randomisation")
    if test is not None and test.min_p_value > NOTABLE_P:
        yield Caution.of("few-orders", least=test.min_p_value)
    if inputs.plan.period_effects == "none":
        yield Caution.of("no-period-effects")
    if inputs.mcid is None:
        yield Caution.of("no-mcid")


def _on_drift(contrast: Contrast) -> Iterator[Caution]:
    drift = contrast.drift
    if drift is None or drift.answer is None:
        return
    room = drift.answer.effect
    yield Caution.of(
        "drift-beyond-plan",
        mean=drift.mean,
        sd=drift.sd,
        prior_sd=drift.prior_sd,
        effect=room.mean,
        low=room.ci_low,
        high=room.ci_high,
    )


def _on_likelihood(inputs: ModelInput, contrast: Contrast) -> Iterator[Caution]:
    engine, other = contrast.engines.get(LikelihoodFit.engine), contrast.fit("likelihood")
    exact = contrast.fit("quadrature")
    if exact is None:
        return
    if isinstance(engine, NotRun):
        yield Caution.of("normal-instead", sampler_could=engine.sampler_could)
        return
    if other is None:
        return
    yield Caution.of(
        "other-likelihood",
        likelihood=other.likelihood,
        reason=other.reason,
        effect=other.estimate,
        normal=exact.estimate,
    )
    if other.likelihood == "bounded" and not inputs.scale_known:
        yield Caution.of("guessed-ends", low=inputs.low, high=inputs.high)
    if other.sampling is not None and not other.sampling.mixed:
        yield Caution.of("likelihood-mixes-badly")


def on_scatter(scatter: Scatter | None, contrast: Contrast) -> Iterator[Caution]:
    """Yield that scores scatter unequally, and which answers take that into account."""
    if scatter is None or not scatter.unequal:
        return
    other = contrast.fit("likelihood")
    taken = None if other is None else other.likelihood
    # Near an end of the scale scores scatter less, and these know it.
    if taken not in ("bounded", "ordinal"):
        yield Caution.of("unequal-scatter", scatter=scatter_note(scatter), by_arm=taken == "by-arm")


def on_neighbours(neighbours: Neighbours | None) -> Iterator[Caution]:
    """Yield that neighbouring scores move against each other, and what the models make of it."""
    if neighbours is None or not neighbours.against:
        return
    yield Caution.of(
        "against-each-other",
        correlation=neighbours.correlation,
        expected=neighbours.expected,
        p=neighbours.p_negative,
        too_wide=neighbours.too_wide,
    )


def on_mornings(log_bayes_factor: float | None) -> Iterator[Caution]:
    """Yield that scores agree better with the treatment of the day before their own."""
    if log_bayes_factor is not None and log_bayes_factor > STRONG:
        yield Caution.of("day-before", log_bayes_factor=log_bayes_factor)


def _on_outliers(
    inputs: ModelInput, outliers: Sequence[Outlier], contrast: Contrast
) -> Iterator[Caution]:
    if not outliers:
        return
    named = tuple((outlier.day, outlier.score, outlier.sds) for outlier in outliers[:MOST_NAMED])
    yield Caution.of(
        "outliers",
        outliers=named,
        more=len(outliers) - len(named),
        counting=_counting(inputs, contrast),
    )


def _counting(inputs: ModelInput, contrast: Contrast) -> Caution:
    """Return how outliers count in the answer that the verdict rests on."""
    other = contrast.fit("likelihood")
    if other is not None and other.likelihood == "student-t":
        return Caution.of("counted-for-less")
    heavy = None if other is None else other.heavy_tails
    return Caution.of(
        "counted-in-full",
        heavy=None if heavy is None else (heavy.mean, heavy.ci_low, heavy.ci_high),
        tried=inputs.plan.likelihood == "auto" and LikelihoodFit.engine not in contrast.engines,
    )


def _on_population(contrast: Contrast) -> Iterator[Caution]:
    both = contrast.fit("population")
    if both is None:
        return
    if contrast.fit("likelihood") is not None:
        yield Caution.of("earlier-persons-plain")
    if both.unlike:
        own, prior = both.own.effect, both.prior.effect
        yield Caution.of("unlike-earlier-persons", own=own.mean, earlier=prior.mean, sd=prior.sd)


def _on_ends(inputs: ModelInput, contrast: Contrast) -> Iterator[Caution]:
    if share_at_ends(inputs) <= SCORES_AT_END or two_values(inputs) is not None:
        return
    other = contrast.fit("likelihood")
    allowed = other is not None and other.likelihood in ("bounded", "ordinal")
    yield Caution.of("crowded-ends", crowding=crowding(inputs), allowed=allowed)
    answered = inputs.items is not None and bool((inputs.items != NOT_ANSWERED).any(axis=1).all())
    if answered and (other is None or other.likelihood != "ordinal"):
        yield Caution.of("items-may-tell-more")


def _on_carryover(inputs: ModelInput, data: TrialData, contrast: Contrast) -> Iterator[Caution]:
    half_life = inputs.plan.fixed_half_life_days
    if half_life == 0:
        yield Caution.of("no-carryover")
        return
    if half_life is None:
        half_life = inputs.plan.priors.half_life_median_days
    days = float(np.median([p.last_day - p.first_day + 1 for p in data.masked.periods]))
    active, comparator = (inputs.arms.index(arm) for arm in (contrast.active, contrast.comparator))
    weights = inputs.as_scheduled_weights(active, comparator)
    share = float(weights @ inputs.exposure(half_life)[:, active - 1])
    if weights.any() and days < HALF_LIVES_PER_PERIOD * half_life:
        yield Caution.of("short-periods", days=days, half_life=half_life, share=share)
    learnt = summarise_carryover(inputs, contrast)
    if learnt.narrowed is False:
        yield Caution.of(
            "unknown-half-life", held=inputs.plan.ci_level, low=learnt.low, high=learnt.high
        )


def _on_engines(contrast: Contrast) -> Iterator[Caution]:
    exact = contrast.fit("quadrature")
    if exact is not None and exact.error > 0.02 * exact.effect.sd:
        yield Caution.of("numerical-error", error=exact.error)
    sampled = contrast.fit("nuts")
    if sampled is not None:
        if not sampled.sampling.mixed:
            yield Caution.of("nuts-mixes-badly")
        elif sampled.sampling.divergences:
            yield Caution.of("nuts-divergent", steps=sampled.sampling.divergences)
    scheduled = None if exact is None else exact.scheduled
    if scheduled is None:
        return
    for name in ("randomisation", "paired", "reml"):
        fit = contrast.fit(name)
        if fit is None or fit.estimand != "as-scheduled":
            continue
        if not scheduled.ci_low <= fit.estimate <= scheduled.ci_high:
            yield Caution.of(
                "outside-the-posterior",
                engine=name,
                estimate=fit.estimate,
                low=scheduled.ci_low,
                high=scheduled.ci_high,
            )
