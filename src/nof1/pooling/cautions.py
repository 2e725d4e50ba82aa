"""What is worth knowing of a pooled answer, worked out from the persons and from the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import erfc, sqrt
from statistics import fmean

from nof1.pooling.persons.members import Members
from nof1.pooling.result.averages import Average, Frequentist, NoAverage
from nof1.pooling.result.conduct import Conduct
from nof1.pooling.result.pooled_fit import Bayes, PooledFit

#: Fewer persons tell little of how much persons differ.
FEW = 10
#: Chance, by the prior, of an average as far out as the persons' own that counts as a conflict.
CONFLICT = 0.05


def severe_harms(conduct: Conduct) -> Iterator[str]:
    """Yield in how many persons side effects were severe, by arm; nothing where none were."""
    for arm in conduct.arms:
        if arm.worst_severe:
            yield (
                f"Severe side effects were recorded in {arm.worst_severe:,}"
                f" person{'' if arm.worst_severe == 1 else 's'} during {arm.arm}."
            )


def of_the_trials(conduct: Conduct) -> Iterator[str]:
    """Yield what the reader must know of how the trials went, severe side effects first."""
    yield from severe_harms(conduct)
    if conduct.opened_early:
        yield (
            f"{conduct.opened_early:,} of {conduct.periods:,} periods were opened before the "
            "end of their"
            " trials: the arm was known in these, and perhaps in others that they tell of."
        )


def asked_for(purpose: str | None, mcid: float | None) -> Iterator[str]:
    """Yield what was not said and bears on the answer."""
    if purpose is None:
        yield (
            "It was not said whether the question is about these very persons or about persons"
            " like them (--purpose these or next); the two answers differ, and both are given."
        )
    if mcid is None:
        yield "Without a smallest difference that matters (--mcid) no chance of it can be given."


def of_the_persons(members: Members) -> Iterator[str]:
    """Yield what few persons, or periods of different lengths, mean for the answer."""
    n = len(members.people)
    if n < FEW:
        yield (
            f"{n} persons tell little of how much persons differ: that answer, and the forecast"
            " for the next person, hang on the prior."
        )
    days = sorted({member.design.period_days for member in members.people})
    steady = members.estimand.effect == "steady-state"
    if len(days) > 1 and steady and members.estimand.carryover != "estimate":
        yield (
            f"Periods last {', '.join(map(str, days))} days and carryover is not estimated: the"
            " effects may not be of one kind."
        )


def of_the_answer(
    bayes: Bayes, frequentist: Frequentist, least_share: float, span: float
) -> Iterator[str]:
    """Yield where the answer disagrees with what was assumed, or with the other answer.

    Parameters
    ----------
    bayes : Bayes
        The exact hierarchical posterior.
    frequentist : Frequentist
        Averages of differences as scheduled.
    least_share : float
        Share of the effect at full exposure that differences as scheduled hold where half-lives
        are as long as can be expected.
    span : float
        Range of the scale, in points.
    """
    digits = 1 if span >= 40 else 2
    yield from _against_the_prior(bayes, digits)
    if bayes.estimand == "steady-state":
        yield from _against_each_other(bayes, frequentist, least_share, digits)


def _against_the_prior(bayes: Bayes, digits: int) -> Iterator[str]:
    """Yield a sentence where the prior hardly lets expect the average that the persons tell.

    Their average without the prior follows from precisions, which add up where all is normal;
    it is judged by its distribution beforehand (Evans & Moshonov 2006, doi:10.1214/06-BA129).
    """
    prior, summary = bayes.prior.mean_sd, bayes.mean
    precision = 1.0 / summary.sd**2 - 1.0 / prior**2
    if precision <= 0.0:
        return
    own = summary.mean / (summary.sd**2 * precision)
    chance = erfc(abs(own) / sqrt(2.0 * (prior**2 + 1.0 / precision)))
    if chance < CONFLICT:
        yield (
            f"The average that the persons tell by themselves ({own:+.{digits}f}) is further from"
            f" none than the prior lets expect (SD {prior:.{digits}f}; chance {chance:.1g}): the"
            f" prior draws it to {summary.mean:+.{digits}f}. Check direction, scale and scores, and"
            " see the answer with an average effect twice as wide beforehand."
        )


def _against_each_other(
    bayes: Bayes, frequentist: Frequentist, least_share: float, digits: int
) -> Iterator[str]:
    """Yield both averages where they are further apart than carryover makes them.

    Differences as scheduled hold between `least_share` and all of the effect at full exposure.
    Both answers come from the same scores, so that the larger of their errors beyond is much.
    """
    rows: tuple[tuple[str, Average | NoAverage], ...] = (
        ("REML", frequentist.reml),
        ("the t-test", frequentist.summary_t),
    )
    ran = [(name, row) for name, row in rows if isinstance(row, Average)]
    if not ran:
        return
    name, other = ran[0]
    low, high = sorted((least_share * bayes.mean.mean, bayes.mean.mean))
    explained = f"{low:+.{digits}f} to {high:+.{digits}f}"
    if bayes.as_scheduled is not None:
        low = high = bayes.as_scheduled.mean
        explained = f"{low:+.{digits}f}"
    beyond = max(low - other.estimate, other.estimate - high)
    if beyond > max(other.se, bayes.mean.sd):
        yield (
            f"The exact posterior has an average of {bayes.mean.mean:+.{digits}f} at full exposure,"
            f" {name} one of {other.estimate:+.{digits}f} as scheduled (SE {other.se:.{digits}f});"
            f" carryover explains {explained}. Look for scores at an end of the scale, drift and"
            " single persons before relying on either."
        )


def beyond_the_scale(fit: PooledFit, levels: Mapping[str, float]) -> Iterator[str]:
    """Yield a sentence where the average effect would take scores beyond an end of the scale.

    Parameters
    ----------
    fit : PooledFit
        The pooled answer.
    levels : mapping of str to float
        Mean score on the comparator by person, where it is known.
    """
    mine = [levels[person.person] for person in fit.persons if person.person in levels]
    if not mine:
        return
    level, effect = fmean(mine), fit.bayes.mean.mean
    low, high = fit.scale.low, fit.scale.high
    if low <= level + effect <= high:
        return
    digits = 1 if high - low >= 40 else 2
    yield (
        f"On {fit.contrast.comparator} the scores of {len(mine)} persons average"
        f" {level:.{digits}f}: an average effect of {effect:+.{digits}f} would take them to"
        f" {level + effect:.{digits}f}, beyond the scale from {low:g} to {high:g}. No treatment"
        " does that: look for scores at an end of the scale, long carryover and single persons."
    )
