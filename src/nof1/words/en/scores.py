"""English: what to know of scores, doses and arms, whatever the engines make of them."""

from __future__ import annotations

from collections.abc import Sequence

from nof1.words.numbers import counted, percent, runs

_MODELS = (
    "reml and the posteriors take them as normal numbers that scatter alike on all arms, so"
    " that their intervals are approximations"
)


def exposure_as_taken(*, days: Sequence[tuple[str, Sequence[int]]]) -> str:
    taken = "; ".join(f"{arm} on day {runs(own)}" for arm, own in days)
    return (
        f"In reml and the posteriors exposure is as taken: {taken}. Randomisation, paired and the"
        " means of arms and periods are as assigned."
    )


def one_value(*, n: int, score: float) -> str:
    return (
        f"All {n} scores are {score:g}. Scores that are all alike do not tell"
        " how much scores scatter: the width of the Bayesian intervals follows from what was"
        " assumed of the scatter beforehand."
    )


def one_value_an_arm(*, arms: Sequence[tuple[str, float]]) -> str:
    still = ", ".join(f"{arm} {score:g}" for arm, score in arms)
    return (
        f"All scores on one arm are alike: {still}. Scores that do not scatter do not tell how"
        " exact an answer is: the width of the Bayesian intervals is not to be relied on."
    )


def yes_or_no_scores(*, low: float, high: float) -> str:
    return (
        f"The scores take two values only, {low:g} and {high:g}, as yes and no do: a mean"
        f" tells the share of {high:g}. The means, their difference, randomisation and paired"
        f" can be relied on; {_MODELS}, poor ones where a share is near 0 or 100 %."
    )


def counts(*, zeros: float) -> str:
    return (
        f"The scores are whole numbers from 0 up, {percent(zeros)} of them 0, on a scale"
        " that was not given. If they count something, the means, their difference,"
        f" randomisation and paired can be relied on; {_MODELS}. If they are ratings"
        " with a lowest and a highest answer, say --scale LOW:HIGH: zeros are then taken as a"
        " floor."
    )


def straddling(*, n: int) -> str:
    look, them = ("score looks", "it") if n == 1 else ("scores look", "them")
    return (
        f"{n} {look} back over a switch. The Bayesian engines and reml use {them}"
        f" with the right weights; randomisation and paired leave {them} out."
    )


def unspoken(*, arm: str) -> str:
    return f"No score that is analysed speaks of {arm}: no answer is given about it."


def spoken_in_part(*, arm: str) -> str:
    return (
        f"No score speaks of {arm} alone: what is said of it comes from the prior, and"
        " from what carries or looks over to other periods."
    )


def many_missing(*, missing: int, planned: int) -> str:
    return (
        f"{missing} of {planned} expected scores are missing. If they are missing"
        " because of how the person felt, the answer may be wrong."
    )


def missing_unequally(*, most: str, most_share: float, least: str, least_share: float) -> str:
    return (
        f"Scores are missing more often on {most} ({percent(most_share)}) than on {least}"
        f" ({percent(least_share)}): ask why before believing the difference."
    )


def untaken_end(
    *, days: int, period: int, arm: str, first_day: int, scores: int, as_taken: bool
) -> str:
    were = "was" if scores == 1 else "were"
    how = ", with exposure as taken" if as_taken else " in full"
    return (
        f"No dose was taken on the last {days} days of period {period}"
        f" ({arm}), from day {first_day} on. No stop was recorded: {counted(scores, 'score')} of"
        f" these days {were} analysed as on {arm}{how}."
    )


def not_adjusted(*, covariate: str) -> str:
    return f"{covariate} was not adjusted for: it was not recorded, or is the same at every score."


def covariate_missing(*, covariate: str, missing: int, scores: int) -> str:
    return (
        f"{covariate} was not recorded for {missing} of {scores} scores;"
        " there it is taken at its mean."
    )


def adjusted(*, covariates: Sequence[str]) -> str:
    return f"The models are adjusted for {', '.join(covariates)}; randomisation and paired are not."
