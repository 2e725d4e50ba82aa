"""Warnings on the scores, doses and arms themselves, whatever the engines make of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nof1.inference.checks.untaken_doses import untaken_ends
from nof1.inference.likelihoods.choosing import counts, two_values
from nof1.inference.score_account import Account
from nof1.model.model_input import STRADDLES, ModelInput
from nof1.trial.data import TrialData

#: Share of scores missing that is worth a word.
MISSING = 0.20
#: Difference in it between two arms that is worth a word, and the least that is when so unequal
#: shares come about by chance less often than `RARE`.
MISSING_DIFFERENCE, LEAST_DIFFERENCE, RARE = 0.15, 0.05, 0.01


def on_arms(data: TrialData) -> Iterator[str]:
    """Yield on which days another arm was taken than that of the period, and what counts."""
    if not data.arm_taken:
        return
    days = {
        number: sorted(day for day, arm in data.arm_taken.items() if arm == number)
        for number in sorted(set(data.arm_taken.values()))
    }
    taken = "; ".join(
        f"{data.arms[number]} on day {_listed(of_arm)}" for number, of_arm in days.items()
    )
    yield (
        f"In reml and the posteriors exposure is as taken: {taken}. Randomisation, paired and the"
        " means of arms and periods are as assigned."
    )


def on_kind_of_scores(inputs: ModelInput) -> Iterator[str]:
    """Yield what scores are that are no numbers on a scale, and what can be relied on then."""
    models = (
        "reml and the posteriors take them as normal numbers that scatter alike on all arms, so"
        " that their intervals are approximations"
    )
    if inputs.all_alike:
        yield (
            f"All {inputs.n} scores are {inputs.score[0]:g}. Scores that are all alike do not tell"
            " how much scores scatter: the width of the Bayesian intervals follows from what was"
            " assumed of the scatter beforehand."
        )
    elif still := _still(inputs):
        yield (
            f"All scores on one arm are alike: {still}. Scores that do not scatter do not tell how"
            " exact an answer is: the width of the Bayesian intervals is not to be relied on."
        )
    two, zeros = two_values(inputs), counts(inputs)
    if two is not None:
        yield (
            f"The scores take two values only, {two[0]:g} and {two[1]:g}, as yes and no do: a mean"
            f" tells the share of {two[1]:g}. The means, their difference, randomisation and paired"
            f" can be relied on; {models}, poor ones where a share is near 0 or 100 %."
        )
    elif zeros is not None:
        yield (
            f"The scores are whole numbers from 0 up, {100 * zeros:.0f} % of them 0, on a scale"
            " that was not given. If they count something, the means, their difference,"
            f" randomisation and paired can be relied on; {models}. If they are ratings"
            " with a lowest and a highest answer, say --scale LOW:HIGH: zeros are then taken as a"
            " floor."
        )


def _still(inputs: ModelInput) -> str:
    """Return each arm with its only score, nothing where scores scatter on an arm."""
    on_arms = [inputs.score[inputs.arm == number] for number in range(len(inputs.arms))]
    if any(len(scores) < 2 or np.ptp(scores) > 0 for scores in on_arms):
        return ""
    parts = [f"{arm} {scores[0]:g}" for arm, scores in zip(inputs.arms, on_arms, strict=True)]
    return ", ".join(parts)


def on_windows(inputs: ModelInput) -> Iterator[str]:
    """Yield which scores speak of more than one arm, and which arms no score speaks of alone."""
    straddling = int((inputs.period == STRADDLES).sum())
    if straddling:
        look, them = ("score looks", "it") if straddling == 1 else ("scores look", "them")
        yield (
            f"{straddling} {look} back over a switch. The Bayesian engines and reml use {them}"
            f" with the right weights; randomisation and paired leave {them} out."
        )
    for number, name in enumerate(inputs.arms):
        if inputs.unspoken(number) is not None:
            yield f"No score that is analysed speaks of {name}: no answer is given about it."
        elif inputs.unspoken(number, whole=True) is not None:
            yield (
                f"No score speaks of {name} alone: what is said of it comes from the prior, and"
                " from what carries or looks over to other periods."
            )


def on_missing(inputs: ModelInput, account: Account) -> Iterator[str]:
    """Yield that many scores are missing, or more on one arm than on another."""
    planned = inputs.n + inputs.n_missing
    if inputs.n_missing > MISSING * planned:
        yield (
            f"{inputs.n_missing} of {planned} expected scores are missing. If they are missing"
            " because of how the person felt, the answer may be wrong."
        )
    shares = {arm: account.share_missing(arm) for arm in inputs.arms}
    most, least = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    apart = shares[most] - shares[least]
    if apart > MISSING_DIFFERENCE or (
        apart > LEAST_DIFFERENCE and account.chance(most, least) < RARE
    ):
        yield (
            f"Scores are missing more often on {most} ({100 * shares[most]:.0f} %) than on {least}"
            f" ({100 * shares[least]:.0f} %): ask why before believing the difference."
        )


def on_doses(inputs: ModelInput, data: TrialData) -> Iterator[str]:
    """Yield where no dose was taken up to the end of a period, and what became of its scores."""
    for end in untaken_ends(data):
        scores = end.scores_among(inputs.day)
        n = f"{scores} score{'' if scores == 1 else 's'} of"
        were = "was" if scores == 1 else "were"
        as_taken = (
            ", with exposure as taken" if inputs.plan.missed_doses == "as-taken" else " in full"
        )
        yield (
            f"No dose was taken on the last {end.days} days of period {end.period}"
            f" ({end.arm}), from day {end.first_day} on. No stop was recorded: {n} these days"
            f" {were} analysed as on {end.arm}{as_taken}."
        )


def on_covariates(inputs: ModelInput, data: TrialData) -> Iterator[str]:
    """Yield what was adjusted for, and what could not be."""
    kept = {adjustment.covariate for adjustment in inputs.adjustments}
    for covariate in data.masked.covariates:
        if covariate.covariate not in kept:
            yield (
                f"{covariate.title} was not adjusted for: it was not recorded, or is the same "
                "at every"
                " score."
            )
    for adjusted in inputs.adjustments:
        if adjusted.missing:
            yield (
                f"{adjusted.title} was not recorded for {adjusted.missing} of {inputs.n} scores;"
                " there it is taken at its mean."
            )
    if inputs.adjustments:
        yield (
            "The models are adjusted for "
            f"{', '.join(adjustment.title for adjustment in inputs.adjustments)};"
            " randomisation and paired are not."
        )


def _listed(days: list[int]) -> str:
    """Return days in words, those in a row as from and to."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
