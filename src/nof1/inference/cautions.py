"""Warnings that go with an analysis: what the reader must know before believing a figure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nof1.inference.carryover import summarise_carryover
from nof1.inference.description import Description
from nof1.inference.likelihoods.choosing import SCORES_AT_END, share_at_ends
from nof1.inference.population import unlike
from nof1.inference.result import Contrast, Fit
from nof1.model.model_input import STRADDLES, ModelInput
from nof1.trial.data import NOT_ANSWERED, TrialData

#: What each likelihood takes a score to be.
LIKELIHOODS_IN_WORDS = {
    "bounded": "rounded, and cut off at the ends of the scale",
    "student-t": "normal but for outliers (Student-t)",
    "ordinal": "the sum of graded answers to single items",
}
#: Share of scores missing, and difference in it between arms, that is worth a word.
MISSING, MISSING_DIFFERENCE = 0.20, 0.15
#: Days, in half-lives, that a period should have.
HALF_LIVES_PER_PERIOD = 5


def cautions(
    given: ModelInput, data: TrialData, description: Description, contrast: Contrast
) -> tuple[str, ...]:
    """Return the warnings on one analysis, a sentence or two each; the notes of reading first."""
    return (
        *data.notes,
        *_on_design(given, contrast),
        *_on_likelihood(contrast),
        *_on_population(contrast),
        *_on_ends(given, contrast),
        *_on_scores(given),
        *_on_missing(given, description),
        *_on_covariates(given, data),
        *_on_carryover(given, data, contrast),
        *_on_engines(given, contrast),
    )


def _on_design(given: ModelInput, contrast: Contrast) -> Iterator[str]:
    test = contrast.fit("randomisation")
    if test is not None and test.values["min_p_value"] > 0.05:
        yield (
            f"The smallest p-value the randomisation test can give here is"
            f" {test.values['min_p_value']:.2g}: a 'significant' result was never possible."
        )
    if given.plan.period_effects == "none":
        yield (
            "Shifts of whole periods are left out of the model. When periods differ a little,"
            " its intervals miss the truth two to seven times too often."
        )
    if given.mcid is None:
        yield (
            "No smallest difference that matters (MCID) was given, so nothing can be said about"
            " size; say --mcid."
        )


def _on_likelihood(contrast: Contrast) -> Iterator[str]:
    other, exact = contrast.fit("likelihood"), contrast.fit("quadrature")
    if other is None or exact is None:
        return
    taken = LIKELIHOODS_IN_WORDS[other.values["likelihood"]]
    yield (
        f"The verdict rests on the likelihood engine, which takes scores as {taken}, because"
        f" {other.values['reason']}. As plain normal numbers (quadrature) they give"
        f" {exact.values['mean']:+.3g} instead of {other.values['mean']:+.3g}."
    )
    if "rhat" in other.values and (other.values["rhat"] > 1.01 or other.values["ess"] < 400):
        yield "The sampler of the likelihood engine did not mix well: read it with caution."


def _on_population(contrast: Contrast) -> Iterator[str]:
    both = contrast.fit("population")
    if both is None:
        return
    if contrast.fit("likelihood") is not None:
        yield (
            "What earlier persons add (population) is joined to the scores taken as plain normal"
            " numbers, not to the likelihood the verdict rests on."
        )
    own, prior = both.values["own"], both.values["prior"]
    if unlike(both.values):
        yield (
            f"The own answer, {own['mean']:+.3g}, lies far from what earlier persons tell,"
            f" {prior['mean']:+.3g} with SD {prior['sd']:.2g}. This person may be unlike them:"
            " do not take both together for a better answer."
        )


def _on_ends(given: ModelInput, contrast: Contrast) -> Iterator[str]:
    at_end = share_at_ends(given)
    if at_end <= SCORES_AT_END:
        return
    other = contrast.fit("likelihood")
    allowed = other is not None and other.values["likelihood"] in ("bounded", "ordinal")
    yield (
        f"{100 * at_end:.0f} % of the scores lie at an end of the scale, where they have no"
        " room to move: "
        + (
            "all engines but likelihood probably underestimate the difference."
            if allowed
            else "the difference is probably underestimated."
        )
    )
    answered = given.items is not None and bool((given.items != NOT_ANSWERED).any(axis=1).all())
    if answered and (other is None or other.values["likelihood"] != "ordinal"):
        yield (
            "The answers to single items were recorded, and may tell more there than their sum:"
            " nof1 analyse --likelihood ordinal takes minutes."
        )


def _on_scores(given: ModelInput) -> Iterator[str]:
    if given.all_alike:
        yield (
            f"All {given.n} scores are {given.score[0]:g}. Scores that are all alike do not tell"
            " how much scores scatter: the width of the Bayesian intervals follows from what was"
            " assumed of the scatter beforehand."
        )
    straddling = int((given.period == STRADDLES).sum())
    if straddling:
        yield (
            f"{straddling} scores look back over a switch. The Bayesian engines and reml use them"
            " with the right weights; randomisation and paired leave them out."
        )
    for arm, name in enumerate(given.arms):
        if not (given.arm == arm).any():
            yield (
                f"No score speaks of {name} alone: what is said of it comes from the prior, and"
                " from what carries or looks over to other periods."
            )


def _on_missing(given: ModelInput, description: Description) -> Iterator[str]:
    planned = given.n + given.n_missing
    if given.n_missing > MISSING * planned:
        yield (
            f"{given.n_missing} of {planned} planned scores are missing. If they are missing"
            " because of how the person felt, the answer may be wrong."
        )
    shares = {}
    for arm in given.arms:
        periods = [period for period in description.periods if period.arm == arm]
        missing = sum(period.missing for period in periods)
        shares[arm] = missing / max(missing + sum(period.used for period in periods), 1)
    most, least = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    if shares[most] - shares[least] > MISSING_DIFFERENCE:
        yield (
            f"Scores are missing more often on {most} ({100 * shares[most]:.0f} %) than on {least}"
            f" ({100 * shares[least]:.0f} %): ask why before believing the difference."
        )


def _on_covariates(given: ModelInput, data: TrialData) -> Iterator[str]:
    kept = {one.covariate for one in given.adjustments}
    for one in data.masked.covariates:
        if one.covariate not in kept:
            yield (
                f"{one.title} was not adjusted for: it was not recorded, or is the same at every"
                " score."
            )
    for adjusted in given.adjustments:
        if adjusted.missing:
            yield (
                f"{adjusted.title} was not recorded for {adjusted.missing} of {given.n} scores;"
                " there it is taken at its mean."
            )
    if given.adjustments:
        yield (
            f"The models are adjusted for {', '.join(one.title for one in given.adjustments)};"
            " randomisation and paired are not."
        )


def _on_carryover(given: ModelInput, data: TrialData, contrast: Contrast) -> Iterator[str]:
    half_life = given.plan.fixed_half_life_days
    if half_life == 0:
        yield "Carryover is left out of the model; if there is any, the difference is too small."
        return
    if half_life is None:
        half_life = given.plan.priors.half_life_median_days
    days = float(np.median([p.last_day - p.first_day + 1 for p in data.masked.periods]))
    weights = given.as_scheduled_weights(1, 0)
    share = float(weights @ given.exposure(half_life)[:, 0])
    if weights.any() and days < HALF_LIVES_PER_PERIOD * half_life:
        yield (
            f"Periods of about {days:.0f} days are short for a half-life of {half_life:g} days:"
            f" the plain difference would show about {100 * share:.0f} % of the full effect."
        )
    learnt = summarise_carryover(given, contrast)
    if learnt.narrowed is False:
        yield (
            f"The scores say little about the half-life ({100 * given.plan.ci_level:g} % of its"
            f" probability lies between {learnt.low:.1f} and {learnt.high:.0f} days): how much"
            " carries over is mostly an assumption of the protocol."
        )


def _on_engines(given: ModelInput, contrast: Contrast) -> Iterator[str]:
    exact = contrast.fit("quadrature")
    if exact is not None and exact.values["error"] > 0.02 * exact.values["sd"]:
        yield (
            f"The numerical error of the exact posterior, {exact.values['error']:.2g}, is not"
            " negligible here: read its figures with one digit less."
        )
    sampled = contrast.fit("nuts")
    if sampled is not None:
        if sampled.values["rhat"] > 1.01 or sampled.values["ess"] < 400:
            yield "The sampler of the nuts engine did not mix well: trust quadrature instead."
        elif sampled.values["divergences"]:
            yield f"The nuts engine had {sampled.values['divergences']} divergent steps."
    active, comparator = (given.arms.index(arm) for arm in (contrast.active, contrast.comparator))
    if exact is None or not given.as_scheduled_weights(active, comparator).any():
        return
    scheduled = exact.values["as_scheduled"]
    for name in ("randomisation", "paired", "reml"):
        fit = contrast.fit(name)
        if isinstance(fit, Fit) and fit.estimand == "as-scheduled":
            estimate = fit.values["estimate"]
            if not scheduled["ci_low"] <= estimate <= scheduled["ci_high"]:
                yield (
                    f"The {name} estimate of {estimate:.3g} lies outside the Bayesian interval"
                    f" for the same quantity, {scheduled['ci_low']:.3g} to"
                    f" {scheduled['ci_high']:.3g}: the model may not fit."
                )
