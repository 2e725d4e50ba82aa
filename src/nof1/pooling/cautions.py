"""What is worth knowing of a pooled answer, worked out from the persons and from the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import erfc, sqrt
from statistics import fmean

from nof1.pooling.persons.members import Members
from nof1.pooling.result.averages import Average, Frequentist, NoAverage
from nof1.pooling.result.conduct import Conduct
from nof1.pooling.result.pooled_fit import Bayes, PooledFit
from nof1.words.caution import Caution

#: Fewer persons tell little of how much persons differ.
FEW = 10
#: Chance, by the prior, of an average as far out as the persons' own that counts as a conflict.
CONFLICT = 0.05


def severe_harms(conduct: Conduct) -> Iterator[Caution]:
    """Yield in how many persons side effects were severe, by arm; nothing where none were."""
    for arm in conduct.arms:
        if arm.worst_severe:
            yield Caution.of("severe-in-persons", persons=arm.worst_severe, arm=arm.arm)


def of_the_trials(conduct: Conduct) -> Iterator[Caution]:
    """Yield what the reader must know of how the trials went, severe side effects first."""
    yield from severe_harms(conduct)
    if conduct.opened_early:
        yield Caution.of(
            "periods-opened-early", opened=conduct.opened_early, periods=conduct.periods
        )


def asked_for(purpose: str | None, mcid: float | None) -> Iterator[Caution]:
    """Yield what was not said and bears on the answer."""
    if purpose is None:
        yield Caution.of("purpose-not-said")
    if mcid is None:
        yield Caution.of("no-mcid-to-pool")


def of_the_persons(members: Members) -> Iterator[Caution]:
    """Yield what few persons, or periods of different lengths, mean for the answer."""
    n = len(members.people)
    if n < FEW:
        yield Caution.of("few-persons", persons=n)
    days = sorted({member.design.period_days for member in members.people})
    steady = members.estimand.effect == "steady-state"
    if len(days) > 1 and steady and members.estimand.carryover != "estimate":
        yield Caution.of("unlike-periods", days=tuple(days))


def of_the_answer(
    bayes: Bayes, frequentist: Frequentist, least_share: float, span: float
) -> Iterator[Caution]:
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
    yield from _against_the_prior(bayes, span)
    if bayes.estimand == "steady-state":
        yield from _against_each_other(bayes, frequentist, least_share, span)


def _against_the_prior(bayes: Bayes, span: float) -> Iterator[Caution]:
    """Yield that the prior hardly lets expect the average that the persons tell.

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
        yield Caution.of(
            "against-the-prior", own=own, sd=prior, chance=chance, mean=summary.mean, span=span
        )


def _against_each_other(
    bayes: Bayes, frequentist: Frequentist, least_share: float, span: float
) -> Iterator[Caution]:
    """Yield both averages where they are further apart than carryover makes them.

    Differences as scheduled hold between `least_share` and all of the effect at full exposure.
    Both answers come from the same scores, so that the larger of their errors beyond is much.
    """
    rows: tuple[tuple[str, Average | NoAverage], ...] = (
        ("reml", frequentist.reml),
        ("summary_t", frequentist.summary_t),
    )
    ran = [(name, row) for name, row in rows if isinstance(row, Average)]
    if not ran:
        return
    name, other = ran[0]
    low, high = sorted((least_share * bayes.mean.mean, bayes.mean.mean))
    if bayes.as_scheduled is not None:
        low = high = bayes.as_scheduled.mean
    beyond = max(low - other.estimate, other.estimate - high)
    if beyond > max(other.se, bayes.mean.sd):
        yield Caution.of(
            "averages-apart",
            mean=bayes.mean.mean,
            other=name,
            estimate=other.estimate,
            se=other.se,
            explained=(low, high),
            span=span,
        )


def beyond_the_scale(fit: PooledFit, levels: Mapping[str, float]) -> Iterator[Caution]:
    """Yield that the average effect would take scores beyond an end of the scale.

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
    yield Caution.of(
        "beyond-the-scale",
        arm=fit.contrast.comparator,
        persons=len(mine),
        level=level,
        effect=effect,
        ends=(low, high),
    )
