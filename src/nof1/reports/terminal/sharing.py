"""What leaves with a contribution and what stays, in plain words, told from what it holds."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.protocol.tables import Decision
from nof1.sharing.contribution import (
    About,
    Contribution,
    SharedAdherence,
    SharedBlinding,
    SharedHarms,
    SharedScores,
)
from nof1.words.numbers import counted, percent, severity, threshold_text


def leaves(contribution: Contribution) -> Iterator[str]:
    """Yield what a contribution holds, a line each."""
    yield (
        f"a random code, {contribution.id[:8]}..., that only the log of this trial ties to "
        "the person"
    )
    yield _likelihood(contribution)
    if contribution.cycle_differences is not None:
        n = sum(map(len, contribution.cycle_differences.values()))
        yield f"cycle differences: {counted(n, 'number')}"
    if contribution.scores is not None:
        yield _scores(contribution.scores)
    if contribution.protocol is not None:
        name = f"{contribution.protocol.name} {contribution.protocol.version}".strip()
        yield f"the protocol: {name}, and the digest of its text"
    yield f"the arms: {', '.join(contribution.arms)}"
    scale = (
        f"{contribution.outcome.low:g} to {contribution.outcome.high:g} {contribution.outcome.unit}"
    ).strip()
    yield (
        f"the outcome: {contribution.outcome.id}, {scale}, {contribution.outcome.better} is better"
    )
    if contribution.decision is not None:
        yield f"the rule of the verdict: {_rule(contribution.decision)}"
    design = contribution.design
    yield (
        f"the design: {counted(design.cycles, 'cycle')} of periods of {design.period_days} days;"
        f" {counted(design.scores, 'score')} analysed, {design.scores_missing} missing"
    )
    if contribution.blinding is not None:
        yield _blinding(contribution.blinding)
    if contribution.adherence is not None:
        yield _adherence(contribution.adherence)
    if contribution.harms is not None:
        yield _harms(contribution.harms)
    yield from (f"about the person: {fact}" for fact in facts(contribution.about))


def stays(contribution: Contribution) -> Iterator[str]:
    """Yield what a contribution does not hold, a line each."""
    yield "names, contacts, the person's code in this trial, clinic and country"
    yield "every date, and the exact age"
    yield "free text: titles, questions, reasons, names of side effects"
    yield "kit codes, seed and salt of the seal"
    if contribution.scores is None:
        yield "single scores, and the order of the arms"
    if contribution.cycle_differences is None:
        yield "the differences of single cycles"
    yield f"outcomes other than {contribution.outcome.id}; days on which doses were taken"
    if not any(facts(contribution.about)):
        yield "facts about the person: none was given"


def risks(contribution: Contribution) -> Iterator[str]:
    """Yield what somebody who knows much of the person could do with the file."""
    if contribution.likelihood.added_noise is None:
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


def _rule(rule: Decision) -> str:
    return ", ".join(f"{name} {threshold_text(chance)}" for name, chance in rule)


def _likelihood(contribution: Contribution) -> str:
    likelihood = contribution.likelihood
    curves = counted(len(likelihood.means), "bell curve")
    if likelihood.added_noise is None:
        return f"the likelihood of the effect: a sum of {curves} in which no score stands"
    n = 2 if len(likelihood.means) == 1 else 6
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
    guesses = blinding.guesses
    opened = f", {counted(blinding.opened_early, 'period')} opened early"
    return (
        f"the blinding: {blinding.mode}{opened if blinding.opened_early else ''};"
        f" guesses of the arm: {guesses.right} right, {guesses.wrong} wrong, {guesses.unsure} "
        "unsure"
        f"{', counted by arm' if guesses.by_arm else ''}"
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
        f"{arm} {counted(arm_harms.days, 'record')}"
        + (f" (worst {severity(arm_harms.worst)})" if arm_harms.days else "")
        for arm, arm_harms in harms.items()
    )
    return f"side effects by arm, without their names: {by_arm}"
