"""A pooled answer as lines for a terminal; sentences and layout, no numbers of its own."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.inference.summaries import Summary
from nof1.pooling.result.averages import NoAverage, Pooled
from nof1.pooling.result.conduct import BlindingIndex
from nof1.pooling.result.forms import JudgedSummary
from nof1.pooling.result.pooled_fit import Moderator, Person, PooledFit, PooledSensitivity
from nof1.pooling.result.verdicts import PairVerdict
from nof1.reports.pooled.codes import cut_codes
from nof1.reports.pooled.rule import rule_sentences
from nof1.reports.terminal.analysis import warning_lines
from nof1.reports.terminal.lines import aligned, wrapped
from nof1.words import verdicts
from nof1.words.numbers import (
    counted,
    decimals,
    freedom,
    level_text,
    p_value,
    percent,
    signed,
    signed_interval,
)

#: Persons that are shown one by one.
SHOWN = 10
_STEADY = "Steady state: the effect at full exposure"
_NAMES = {
    "summary_t": "summary t",
    "reml": "REML",
    "pm": "Paule-Mandel",
    "dl": "DerSimonian-Laird",
    "kenward_roger": "Kenward-Roger",
    "satterthwaite": "Satterthwaite",
    "these_persons": "these persons",
}


def pool_lines(fit: PooledFit) -> Iterator[str]:
    """Yield the lines of a pooled answer: the answer asked for, figures, persons, warnings."""
    digits = decimals(fit.scale.high - fit.scale.low)
    mcid = "" if fit.mcid is None else f", smallest that matters {fit.mcid:g}"
    yield (
        f"{counted(fit.n_persons, 'person')}: {fit.outcome}, {fit.contrast.active} minus"
        f" {fit.contrast.comparator} ({fit.scale.low:g} to {fit.scale.high:g} {fit.unit},"
        f" {fit.better} is better{mcid})"
    )
    yield ""
    yield from _headlines(fit, digits)
    yield ""
    yield from _exact_lines(fit, digits)
    yield from _frequentist_lines(fit, digits)
    yield from _contrast_lines(fit, digits)
    for moderator in fit.moderators:
        yield from _moderator_lines(moderator, fit, digits)
    yield from _blinding_lines(fit)
    yield from _person_lines(fit, digits)
    if fit.excluded:
        yield ""
        yield "Left out"
        for left in fit.excluded:
            yield f"  {left.person}: {left.why}"
    yield from warning_lines(fit.warnings)


def _headlines(fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield the answer asked for, of a network that of every pair of arms, the main one first."""
    main = fit.contrast.active, fit.contrast.comparator
    yield from _answer(fit, main, (fit.bayes.these_persons, fit.bayes.next_person), digits)
    if fit.verdict is not None:
        yield from pooled_verdict_lines(fit, main, fit.verdict)
    for contrast in fit.contrasts:
        pair = contrast.active, contrast.comparator
        if pair != main:
            yield from _answer(fit, pair, (contrast.these_persons, contrast.next_person), digits)
            if contrast.verdict is not None:
                yield from pooled_verdict_lines(fit, pair, contrast.verdict)
    if fit.verdict is not None:
        yield from wrapped(rule_sentences(fit.verdict, sized=fit.mcid is not None))


def pooled_verdict_lines(
    fit: PooledFit, pair: tuple[str, str], verdict: PairVerdict
) -> Iterator[str]:
    """Yield the verdicts on what was asked about one pair of arms."""
    active, comparator = pair
    named = verdicts.OF_PAIR.format(active=active, comparator=comparator) if fit.contrasts else ""
    whom = verdicts.ON_BOTH if fit.contrasts else verdicts.ON_THESE
    for template, asked, judged in (
        (whom, fit.purpose != "next", verdict.these_persons),
        (verdicts.ON_NEXT, fit.purpose != "these", verdict.next_person),
    ):
        if asked and judged is not None:
            said = verdicts.TITLES[judged.code]
            if judged.code != "cannot-tell":
                said = verdicts.OF_ARM.format(active=active, title=said)
            yield from wrapped(template.format(pair=named, said=said))


def _answer(
    fit: PooledFit,
    pair: tuple[str, str],
    figures: tuple[Summary | None, JudgedSummary],
    digits: int,
) -> Iterator[str]:
    """Yield the answer of one pair of arms, which is named where there are several."""
    these, following = figures
    active, comparator = pair
    named = f" of {active} against {comparator}" if fit.contrasts else ""
    if fit.purpose != "next" and these is not None:
        whom = "exactly these persons" if not fit.contrasts else "the persons who had both"
        yield from wrapped(
            f"In {whom} the average effect{named} is {signed(these.mean, digits)} {fit.unit}"
            f" ({_level(fit)} interval {_interval(these, digits)})."
        )
    if fit.purpose != "these":
        yield from wrapped(
            f"In a further person like them the effect{named} will lie between"
            f" {signed(following.ci_low, digits)} and {signed(following.ci_high, digits)}"
            f" {fit.unit} with {_level(fit)} probability: {active} is better at all with"
            f" {percent(following.p_better)}{_meaningful(following, fit)}."
        )


def _meaningful(chances: JudgedSummary, fit: PooledFit) -> str:
    if chances.p_meaningful is None or chances.p_meaningfully_worse is None:
        return ""
    return (
        f", better by {fit.mcid:g} or more with {percent(chances.p_meaningful)}, worse by"
        f" {fit.mcid:g} or more with {percent(chances.p_meaningfully_worse)}"
    )


def _level(fit: PooledFit) -> str:
    return level_text(fit.bayes.ci_level)


def _interval(summary: Summary, digits: int) -> str:
    return signed_interval(summary.ci_low, summary.ci_high, digits)


def _exact_lines(fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield the exact hierarchical posterior, and how far it hangs on what is assumed."""
    exact, held = fit.bayes, f"{_level(fit)} interval"
    scheduled = exact.estimand == "as-scheduled"
    yield (f"{'Difference as scheduled, carryover and all' if scheduled else _STEADY}, {fit.unit}")
    yield f"  (exact hierarchical posterior, numerical error {exact.error:.1g} SD)"
    differ = exact.heterogeneity
    yield from aligned(
        [
            *(
                (name, signed(summary.mean, digits), held, _interval(summary, digits), "")
                for name, summary in (
                    ("average in these persons", exact.these_persons),
                    ("average in persons like them", exact.mean),
                    ("next person", exact.next_person),
                )
            ),
            (
                "persons differ by (SD)",
                f"{differ.mean:.{digits}f}",
                held,
                f"{differ.ci_low:.{digits}f} to {differ.ci_high:.{digits}f}",
                "shortest",
            ),
        ]
    )
    if exact.half_lives is not None:
        learnt = exact.half_lives
        yield from wrapped(
            f"Half-lives as all persons together tell them: {percent(learnt.share_without)} of"
            f" persons with practically no carryover, else a median of {learnt.median_days:.2g}"
            f" days (beforehand {percent(learnt.share_without_beforehand)},"
            f" {learnt.median_days_beforehand:.2g} days).",
            first="    ",
            later="    ",
        )
    if exact.noise is not None:
        noise = exact.noise
        yield from wrapped(
            f"Noise of scores as all persons together tell it: an SD of {noise.sd:.2g}"
            f" {fit.unit}, in a further person between {noise.low:.2g} and {noise.high:.2g}.",
            first="    ",
            later="    ",
        )
    yield from _robust_lines(fit, digits)
    if len(fit.sensitivity) > 1:
        yield "  Under other assumptions: average in persons like them, and how persons differ"
        yield from aligned([_assumed(row, digits) for row in fit.sensitivity])


def _robust_lines(fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield the average under heavy tails, and without the person who moves it the most."""
    robust, held = fit.bayes.robust, f"{_level(fit)} interval"
    if robust is None:
        return
    averages = [("heavy tails (Student's t)", robust.mean)]
    if robust.without is not None:
        code = cut_codes(person.person for person in fit.persons)[robust.without.person]
        averages.append((f"without {code}, who moves it most", robust.without.mean))
    yield "  Average in persons like them where single persons bear less on it"
    yield from aligned(
        [
            (name, signed(summary.mean, digits), held, _interval(summary, digits), "")
            for name, summary in averages
        ]
    )


def _assumed(row: PooledSensitivity, digits: int) -> tuple[str, ...]:
    return (
        row.label,
        signed(row.mean.mean, digits),
        _interval(row.mean, digits),
        f"SD {row.heterogeneity.mean:.{digits}f}",
        "",
    )


def _frequentist_lines(fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield averages of cycle differences, or why there are none."""
    rows: list[tuple[str, ...]] = []
    silent = {}
    for name, title in _NAMES.items():
        average = getattr(fit.frequentist, name)
        if isinstance(average, NoAverage):
            silent[title] = average.not_run
            continue
        extra = f"{p_value(average.p_value)}, df {freedom(average.df)}"
        if isinstance(average, Pooled):
            extra += f", persons differ by {average.tau2**0.5:.{digits}f}"
        rows.append(
            (
                title,
                signed(average.estimate, digits),
                f"{level_text(average.ci_level)} interval",
                signed_interval(average.ci_low, average.ci_high, digits),
                extra,
            )
        )
    yield ""
    yield f"As scheduled: mean of cycle differences, carryover and all, {fit.unit} (frequentist)"
    if rows:
        yield from aligned(rows)
    for why in dict.fromkeys(silent.values()):
        names = ", ".join(name for name, reason in silent.items() if reason == why)
        yield from wrapped(f"Did not run: {names}: {why}.", first="    ", later="    ")


def _contrast_lines(fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield every pair of several arms."""
    if not fit.contrasts:
        return
    yield ""
    scheduled = fit.bayes.estimand == "as-scheduled"
    yield (
        "All pairs of arms: average in persons like them,"
        f" {'as scheduled' if scheduled else 'at full exposure'}"
    )
    yield from aligned(
        [
            (
                f"{contrast.active} minus {contrast.comparator}",
                signed(contrast.mean.mean, digits),
                f"{_level(fit)} interval",
                _interval(contrast.mean, digits),
                f"{counted(contrast.n_direct, 'person')} compared them directly",
            )
            for contrast in fit.contrasts
        ]
    )
    yield "  The next person's effect, pair by pair"
    yield from aligned(
        [
            (
                f"{contrast.active} minus {contrast.comparator}",
                signed(contrast.next_person.mean, digits),
                f"{_level(fit)} interval",
                _interval(contrast.next_person, digits),
                f"{contrast.active} is better at all with {percent(contrast.next_person.p_better)}",
            )
            for contrast in fit.contrasts
        ]
    )


def _moderator_lines(moderator: Moderator, fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield how the effect differs with a fact about persons."""
    kind = f"planned in {moderator.planned}" if moderator.planned else "not planned beforehand"
    if moderator.exploratory:
        kind += ", exploratory"
    unknown = (
        f"; not known of {counted(moderator.n_unknown, 'person')}" if moderator.n_unknown else ""
    )
    yield ""
    yield f"Effect by {moderator.name} ({kind}{unknown})"
    yield from aligned(
        [
            (
                f"{level.level} ({level.n})",
                signed(level.effect.mean, digits),
                f"{_level(fit)} interval",
                _interval(level.effect, digits),
                ""
                if level.difference is None
                else f"against {moderator.reference} {signed(level.difference.mean, digits)}"
                f" ({_interval(level.difference, digits)})",
            )
            for level in moderator.levels
        ]
    )
    if moderator.per_unit is not None:
        yield (
            f"    for one unit of {moderator.name} {moderator.per_unit.mean:+.{digits + 1}f}"
            f" ({_interval(moderator.per_unit, digits + 1)})"
        )
    if moderator.heterogeneity_left is not None:
        left = moderator.heterogeneity_left
        yield (
            f"    persons alike in it differ by (SD) {left.mean:.{digits}f}"
            f" ({left.ci_low:.{digits}f} to {left.ci_high:.{digits}f})"
        )


def _blinding_lines(fit: PooledFit) -> Iterator[str]:
    """Yield whether persons could tell the arm."""
    blinding = fit.blinding
    if blinding is None:
        return
    yield ""
    yield f"Guesses of the arm by {counted(blinding.n_persons, 'person')}: right, wrong, unsure"
    rows: list[tuple[str, ...]] = []
    for arm, guesses in blinding.guesses.items():
        index = blinding.bang.get(arm)
        rows.append(
            (arm, f"{guesses.right}, {guesses.wrong}, {guesses.unsure}", *_index("Bang", index))
        )
    rows.append(("both arms", "", *_index("James", blinding.james)))
    yield from aligned(rows if blinding.james else rows[:-1])


def _index(name: str, index: BlindingIndex | None) -> tuple[str, str, str]:
    if index is None:
        return ("", "", "")
    reach = f"{index.ci_low:.2f} to {index.ci_high:.2f}"
    return (f"{name} {index.estimate:.2f}", f"{level_text(index.ci_level)} interval", reach)


def _person_lines(fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield the first persons: the own answer, and in the light of the others."""
    yield ""
    yield "Each person: mean by the own scores alone, then in the light of all others with interval"
    short = cut_codes(person.person for person in fit.persons)
    shown = fit.persons[:SHOWN]
    yield from aligned([_person(person, short[person.person], fit, digits) for person in shown])
    more = len(fit.persons) - SHOWN
    if more > 0:
        yield f"    and {counted(more, 'more person')}; --json has them all"
    if any(short[person.person] != person.person for person in shown):
        yield "    Codes are cut to what tells them apart; --json has them whole"


def _person(person: Person, code: str, fit: PooledFit, digits: int) -> tuple[str, ...]:
    chances = f"better {percent(person.p_better)}"
    if person.p_meaningful is not None:
        chances += f", by {fit.mcid:g} or more {percent(person.p_meaningful)}"
    return (
        code,
        f"{signed(person.naive, digits)} (SE {person.naive_se:.{digits}f})",
        f"-> {signed(person.shrunken, digits)}",
        signed_interval(person.ci_low, person.ci_high, digits),
        chances,
    )
