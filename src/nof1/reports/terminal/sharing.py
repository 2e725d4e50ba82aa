"""What leaves with a contribution and what stays, in plain words, told from what it holds."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.sharing.contribution import (
    About,
    Contribution,
    SharedAdherence,
    SharedBlinding,
    SharedHarms,
    SharedScores,
)
from nof1.words.numbers import counted, percent, severity


def leaves(found: Contribution) -> Iterator[str]:
    """Yield what a contribution holds, a line each."""
    yield f"a random code, {found.id[:8]}..., that only the log of this trial ties to the person"
    yield _likelihood(found)
    if found.cycle_differences is not None:
        n = sum(map(len, found.cycle_differences.values()))
        yield f"cycle differences: {counted(n, 'number')}"
    if found.scores is not None:
        yield _scores(found.scores)
    if found.protocol is not None:
        name = f"{found.protocol.name} {found.protocol.version}".strip()
        yield f"the protocol: {name}, and the digest of its text"
    yield f"the arms: {', '.join(found.arms)}"
    scale = f"{found.outcome.low:g} to {found.outcome.high:g} {found.outcome.unit}".strip()
    yield f"the outcome: {found.outcome.id}, {scale}, {found.outcome.better} is better"
    told = found.design
    yield (
        f"the design: {counted(told.cycles, 'cycle')} of periods of {told.period_days} days;"
        f" {counted(told.scores, 'score')} analysed, {told.scores_missing} missing"
    )
    if found.blinding is not None:
        yield _blinding(found.blinding)
    if found.adherence is not None:
        yield _adherence(found.adherence)
    if found.harms is not None:
        yield _harms(found.harms)
    yield from (f"about the person: {fact}" for fact in facts(found.about))


def stays(found: Contribution) -> Iterator[str]:
    """Yield what a contribution does not hold, a line each."""
    yield "names, contacts, the person's code in this trial, clinic and country"
    yield "every date, and the exact age"
    yield "free text: titles, questions, reasons, names of side effects"
    yield "kit codes, seed and salt of the seal"
    if found.scores is None:
        yield "single scores, and the order of the arms"
    if found.cycle_differences is None:
        yield "the differences of single cycles"
    yield f"outcomes other than {found.outcome.id}; days on which doses were taken"
    if not any(facts(found.about)):
        yield "facts about the person: none was given"


def risks(found: Contribution) -> Iterator[str]:
    """Yield what somebody who knows much of the person could do with the file."""
    if found.likelihood.added_noise is None:
        yield "This is pseudonymised, not anonymous: whoever holds the person's diary can work out"
        yield "the same numbers, and with them find the person. Whoever holds most of it, and knows"
        yield "the arms, can work out the missing scores too; --level coarse hardly ever lets them."
    else:
        yield "This is pseudonymised, not anonymous: whoever holds the person's diary can work out"
        yield "much the same numbers, and find the person by them. Whoever holds most of it learns"
        yield "roughly what the missing scores add up to on each arm, hardly ever each of them."


def facts(about: About) -> Iterator[str]:
    """Yield the facts about the person that were given."""
    if about.age_band is not None:
        yield f"age band {about.age_band}"
    if about.sex is not None:
        yield f"sex {about.sex}"
    if about.magnesium is not None:
        yield f"magnesium {about.magnesium} before the trial"
    if about.iron is not None:
        yield f"iron {about.iron} before the trial"


def _likelihood(found: Contribution) -> str:
    told = found.likelihood
    curves = counted(len(told.means), "bell curve")
    if told.added_noise is None:
        return f"the likelihood of the effect: a sum of {curves} in which no score stands"
    n = 2 if len(told.means) == 1 else 6
    return (
        f"a coarse likelihood of the effect: {curves} that follow from {n} numbers for each active"
        " arm, with random noise on each number"
    )


def _scores(scores: SharedScores) -> str:
    n = sum(score is not None for score in scores.score)
    return (
        f"{counted(n, 'single score')} by study day, with the days and the arms of"
        f" {counted(len(scores.periods), 'period')}"
    )


def _blinding(blinding: SharedBlinding) -> str:
    told = blinding.guesses
    opened = f", {counted(blinding.opened_early, 'period')} opened early"
    return (
        f"the blinding: {blinding.mode}{opened if blinding.opened_early else ''};"
        f" guesses of the arm: {told.right} right, {told.wrong} wrong, {told.unsure} unsure"
        f"{', counted by arm' if told.by_arm else ''}"
    )


def _adherence(adherence: SharedAdherence) -> str:
    by_arm = ", ".join(
        f"{arm} {'unknown' if taken is None else percent(taken, digits=1)}"
        for arm, taken in adherence.taken.items()
    )
    return (
        f"doses taken by arm: {by_arm}; recorded on {percent(adherence.recorded, digits=1)} of days"
    )


def _harms(harms: dict[str, SharedHarms]) -> str:
    by_arm = ", ".join(
        f"{arm} {counted(one.days, 'record')}"
        + (f" (worst {severity(one.worst)})" if one.days else "")
        for arm, one in harms.items()
    )
    return f"side effects by arm, without their names: {by_arm}"
