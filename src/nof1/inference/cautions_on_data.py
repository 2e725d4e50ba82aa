"""Warnings on the scores, doses and arms themselves, whatever the engines make of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nof1.inference.checks.untaken_doses import untaken_ends
from nof1.inference.likelihoods.choosing import counts, two_values
from nof1.inference.score_account import Account
from nof1.model.model_input import STRADDLES, ModelInput
from nof1.trial.data import TrialData
from nof1.words.caution import Caution

#: Share of scores missing that is worth a word.
MISSING = 0.20
#: Difference in it between two arms that is worth a word, and the least that is when so unequal
#: shares come about by chance less often than `RARE`.
MISSING_DIFFERENCE, LEAST_DIFFERENCE, RARE = 0.15, 0.05, 0.01


def on_arms(data: TrialData) -> Iterator[Caution]:
    """Yield on which days another arm was taken than that of the period, and what counts."""
    if not data.arm_taken:
        return
    days = {
        number: sorted(day for day, arm in data.arm_taken.items() if arm == number)
        for number in sorted(set(data.arm_taken.values()))
    }
    taken = tuple((data.arms[number], tuple(of_arm)) for number, of_arm in days.items())
    yield Caution.of("exposure-as-taken", days=taken)


def on_kind_of_scores(inputs: ModelInput) -> Iterator[Caution]:
    """Yield what scores are that are no numbers on a scale, and what can be relied on then."""
    if inputs.all_alike:
        yield Caution.of("one-value", n=inputs.n, score=float(inputs.score[0]))
    elif still := _still(inputs):
        yield Caution.of("one-value-an-arm", arms=still)
    two, zeros = two_values(inputs), counts(inputs)
    if two is not None:
        yield Caution.of("yes-or-no-scores", low=two[0], high=two[1])
    elif zeros is not None:
        yield Caution.of("counts", zeros=zeros)


def _still(inputs: ModelInput) -> tuple[tuple[str, float], ...]:
    """Return each arm with its only score, nothing where scores scatter on an arm."""
    on_arms = [inputs.score[inputs.arm == number] for number in range(len(inputs.arms))]
    if any(len(scores) < 2 or np.ptp(scores) > 0 for scores in on_arms):
        return ()
    return tuple((arm, float(scores[0])) for arm, scores in zip(inputs.arms, on_arms, strict=True))


def on_windows(inputs: ModelInput) -> Iterator[Caution]:
    """Yield which scores speak of more than one arm, and which arms no score speaks of alone."""
    straddling = int((inputs.period == STRADDLES).sum())
    if straddling:
        yield Caution.of("straddling", n=straddling)
    for number, name in enumerate(inputs.arms):
        if inputs.unspoken(number) is not None:
            yield Caution.of("unspoken", arm=name)
        elif inputs.unspoken(number, whole=True) is not None:
            yield Caution.of("spoken-in-part", arm=name)


def on_missing(inputs: ModelInput, account: Account) -> Iterator[Caution]:
    """Yield that many scores are missing, or more on one arm than on another."""
    planned = inputs.n + inputs.n_missing
    if inputs.n_missing > MISSING * planned:
        yield Caution.of("many-missing", missing=inputs.n_missing, planned=planned)
    shares = {arm: account.share_missing(arm) for arm in inputs.arms}
    most, least = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    apart = shares[most] - shares[least]
    if apart > MISSING_DIFFERENCE or (
        apart > LEAST_DIFFERENCE and account.chance(most, least) < RARE
    ):
        yield Caution.of(
            "missing-unequally",
            most=most,
            most_share=shares[most],
            least=least,
            least_share=shares[least],
        )


def on_doses(inputs: ModelInput, data: TrialData) -> Iterator[Caution]:
    """Yield where no dose was taken up to the end of a period, and what became of its scores."""
    for end in untaken_ends(data):
        yield Caution.of(
            "untaken-end",
            days=end.days,
            period=end.period,
            arm=end.arm,
            first_day=end.first_day,
            scores=end.scores_among(inputs.day),
            as_taken=inputs.plan.missed_doses == "as-taken",
        )


def on_covariates(inputs: ModelInput, data: TrialData) -> Iterator[Caution]:
    """Yield what was adjusted for, and what could not be."""
    kept = {adjustment.covariate for adjustment in inputs.adjustments}
    for covariate in data.masked.covariates:
        if covariate.covariate not in kept:
            yield Caution.of("not-adjusted", covariate=covariate.title)
    for adjusted in inputs.adjustments:
        if adjusted.missing:
            yield Caution.of(
                "covariate-missing",
                covariate=adjusted.title,
                missing=adjusted.missing,
                scores=inputs.n,
            )
    if inputs.adjustments:
        yield Caution.of(
            "adjusted", covariates=tuple(adjustment.title for adjustment in inputs.adjustments)
        )
