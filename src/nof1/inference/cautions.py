"""Warnings that go with an analysis: what the reader must know before believing a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nof1.inference.answering import SAMPLING_TAKES
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
from nof1.inference.exact.earlier_persons import unlike
from nof1.inference.likelihoods.choosing import (
    SCORES_AT_END,
    crowding_in_words,
    scatter_in_words,
    share_at_ends,
    two_values,
)
from nof1.inference.result import Contrast, Fit, Neighbours, NotRun, Outlier, Scatter
from nof1.inference.score_account import Account
from nof1.model.model_input import ModelInput
from nof1.trial.data import NOT_ANSWERED, TrialData

#: What each likelihood takes a score to be.
LIKELIHOODS_IN_WORDS = {
    "bounded": "rounded, and cut off at the ends of the scale",
    "student-t": "normal but for outliers (Student-t)",
    "by-arm": "normal with an SD for each arm",
    "ordinal": "the sum of graded answers to single items",
}
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
) -> tuple[str, ...]:
    """Return the warnings on one analysis, a sentence or two each; the notes of reading first."""
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


def _on_design(inputs: ModelInput, contrast: Contrast) -> Iterator[str]:
    test = contrast.fit("randomisation")
    if test is not None and test.values["min_p_value"] > 0.05:
        yield (
            f"The smallest p-value the randomisation test can give here is"
            f" {test.values['min_p_value']:.2g}: a 'significant' result was never possible."
        )
    if inputs.plan.period_effects == "none":
        yield (
            "Shifts of whole periods are left out of the model. When periods differ a little,"
            " its intervals miss the truth two to seven times too often."
        )
    if inputs.mcid is None:
        yield (
            "No smallest difference that matters (MCID) was given, so nothing can be said about"
            " size; say --mcid."
        )


def _on_drift(contrast: Contrast) -> Iterator[str]:
    drift = contrast.drift
    if drift is None or drift.answer is None:
        return
    room = drift.answer
    yield (
        f"The scores drift by about {drift.mean:+.2g} over the trial (SD {drift.sd:.2g}), where the"
        + (
            f" plan expects less than {2 * drift.prior_sd:.2g} either way:"
            if drift.prior_sd
            else " plan has no trend:"
        )
        + f" its prior and the scores contradict each other. With room for such a drift the"
        f" effect at full exposure is {room['mean']:+.3g} ({room['ci_low']:+.3g} to"
        f" {room['ci_high']:+.3g}): rely on that."
    )


def _on_likelihood(inputs: ModelInput, contrast: Contrast) -> Iterator[str]:
    other, exact = contrast.engines.get("likelihood"), contrast.fit("quadrature")
    if other is None or exact is None:
        return
    if isinstance(other, NotRun):
        yield (
            "The verdict rests on scores taken as plain normal numbers (quadrature), since the"
            " likelihood engine did not run."
            + (
                f" A sampler could tell more: --sample, which takes {SAMPLING_TAKES}."
                if other.sampler_could
                else ""
            )
        )
        return
    taken = LIKELIHOODS_IN_WORDS[other.values["likelihood"]]
    yield (
        f"The verdict rests on the likelihood engine, which takes scores as {taken}, because"
        f" {other.values['reason']}. As plain normal numbers (quadrature) they give"
        f" {exact.values['mean']:+.3g} instead of {other.values['mean']:+.3g}."
    )
    if other.values["likelihood"] == "bounded" and not inputs.scale_known:
        yield (
            f"The ends of the scale, {inputs.low:g} and {inputs.high:g}, were guessed, and scores"
            " were taken as cut off there: say --scale LOW:HIGH."
        )
    if "rhat" in other.values and (other.values["rhat"] > 1.01 or other.values["ess"] < 400):
        yield "The sampler of the likelihood engine did not mix well: read it with caution."


def on_scatter(scatter: Scatter | None, contrast: Contrast) -> Iterator[str]:
    """Yield that scores scatter unequally, and which answers take that into account."""
    if scatter is None or not scatter.unequal:
        return
    other = contrast.fit("likelihood")
    taken = None if other is None else other.values["likelihood"]
    if taken in ("bounded", "ordinal"):
        # Near an end of the scale scores scatter less, and these know it.
        return
    allowed = taken == "by-arm"
    yield (
        f"Scores scatter unequally, by an SD of {scatter_in_words(scatter)}:"
        + (
            " likelihood and reml give each arm its own; quadrature takes them as equal, and where"
            " the arms were on for unequal times it is then too sure."
            if allowed
            else " every engine here takes the SDs as equal, and where the arms were on for unequal"
            " times the answer may be too sure; --likelihood by-arm gives each arm its own."
        )
    )


def on_neighbours(neighbours: Neighbours | None) -> Iterator[str]:
    """Yield that neighbouring scores move against each other, and what the models make of it."""
    if neighbours is None or not neighbours.against:
        return
    said = (
        f"Neighbouring scores move against each other (correlation {neighbours.correlation:+.2f},"
        f" where independent scores give {neighbours.expected:+.2f} on average; p"
        f" {neighbours.p_negative:.1g}). The models know no negative correlation: phi is taken"
        " as 0 or more"
    )
    wide = neighbours.too_wide
    if wide is None:
        yield f"{said}."
    else:
        direction, times = ("wide", wide) if wide >= 1 else ("narrow", 1 / wide)
        yield (
            f"{said}, and in a schedule like this the intervals are then about {times:.1f} times"
            f" too {direction}."
        )


def on_mornings(log_bayes_factor: float | None) -> Iterator[str]:
    """Yield that scores agree better with the treatment of the day before their own."""
    if log_bayes_factor is not None and log_bayes_factor > STRONG:
        yield (
            "The scores agree better with the treatment of the day before their own (log Bayes"
            f" factor {log_bayes_factor:.1f}), as a morning's scores do that speak of the night"
            " before. If these do, the first day after every switch counts for the wrong arm here:"
            " use --score-day before for a table, score_day in a protocol."
        )


def _on_outliers(
    inputs: ModelInput, outliers: Sequence[Outlier], contrast: Contrast
) -> Iterator[str]:
    if not outliers:
        return
    shown = [
        f"day {outlier.day} ({outlier.score:g}, {outlier.sds:.1f} SD)"
        for outlier in outliers[:MOST_NAMED]
    ]
    if more := len(outliers) - len(shown):
        shown.append(f"{more} more")
    alone = len(outliers) == 1
    yield (
        f"The score{'' if alone else 's'} of {', '.join(shown)} lie{'s' if alone else ''} far from"
        " what the scores before foretell: compare with what was written down."
        f" {'It counts' if alone else 'They count'} {_counting(inputs, contrast)}."
    )


def _counting(inputs: ModelInput, contrast: Contrast) -> str:
    """Return how outliers count in the answer that the verdict rests on."""
    other = contrast.fit("likelihood")
    if other is not None and other.values["likelihood"] == "student-t":
        return "for less, by heavy tails"
    if other is not None and "heavy_tails" in other.values:
        heavy = other.values["heavy_tails"]
        return (
            "in full; with heavy tails (--likelihood student-t) the effect at full exposure is"
            f" {heavy['mean']:+.3g} ({heavy['ci_low']:+.3g} to {heavy['ci_high']:+.3g})"
        )
    if inputs.plan.likelihood == "auto" and "likelihood" not in contrast.engines:
        return "in full, since heavy tails do not explain the scores better"
    return "in full; --likelihood student-t lets such scores count for less"


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


def _on_ends(inputs: ModelInput, contrast: Contrast) -> Iterator[str]:
    if share_at_ends(inputs) <= SCORES_AT_END or two_values(inputs) is not None:
        return
    other = contrast.fit("likelihood")
    allowed = other is not None and other.values["likelihood"] in ("bounded", "ordinal")
    yield (
        f"{crowding_in_words(inputs)}, where they have no room to move: "
        + (
            "all engines but likelihood probably underestimate the difference."
            if allowed
            else "the difference is probably underestimated."
        )
    )
    answered = inputs.items is not None and bool((inputs.items != NOT_ANSWERED).any(axis=1).all())
    if answered and (other is None or other.values["likelihood"] != "ordinal"):
        yield (
            "The answers to single items were recorded, and may tell more there than their sum:"
            " nof1 analyse --likelihood ordinal takes minutes."
        )


def _on_carryover(inputs: ModelInput, data: TrialData, contrast: Contrast) -> Iterator[str]:
    half_life = inputs.plan.fixed_half_life_days
    if half_life == 0:
        yield (
            "Carryover is left out of the model. If there is any, the difference is not that at"
            " full exposure, but what is left of it as scheduled."
        )
        return
    if half_life is None:
        half_life = inputs.plan.priors.half_life_median_days
    days = float(np.median([p.last_day - p.first_day + 1 for p in data.masked.periods]))
    active, comparator = (inputs.arms.index(arm) for arm in (contrast.active, contrast.comparator))
    weights = inputs.as_scheduled_weights(active, comparator)
    share = float(weights @ inputs.exposure(half_life)[:, active - 1])
    if weights.any() and days < HALF_LIVES_PER_PERIOD * half_life:
        yield (
            f"Periods of about {days:.0f} days are short for a half-life of {half_life:g} days:"
            f" the plain difference would show about {100 * share:.0f} % of the full effect."
        )
    learnt = summarise_carryover(inputs, contrast)
    if learnt.narrowed is False:
        yield (
            f"The scores say little about the half-life ({100 * inputs.plan.ci_level:g} % of its"
            f" probability lies between {learnt.low:.1f} and {learnt.high:.0f} days): how much"
            " carries over is mostly an assumption of the protocol."
        )


def _on_engines(contrast: Contrast) -> Iterator[str]:
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
    scheduled = None if exact is None else exact.scheduled
    if scheduled is None:
        return
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
