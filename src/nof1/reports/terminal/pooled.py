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
from nof1.words import terminal_pooled as wording
from nof1.words import verdicts
from nof1.words.numbers import (
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


def pool_lines(fit: PooledFit) -> Iterator[str]:
    """Yield the lines of a pooled answer: the answer asked for, figures, persons, warnings."""
    digits = decimals(fit.scale.high - fit.scale.low)
    yield wording.head(
        persons=fit.n_persons,
        outcome=fit.outcome,
        pair=wording.minus(active=fit.contrast.active, comparator=fit.contrast.comparator),
        low=fit.scale.low,
        high=fit.scale.high,
        unit=fit.unit,
        better=fit.better,
        mcid=fit.mcid,
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
        yield wording.LEFT_OUT
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
    named = wording.of_pair(active=active, comparator=comparator) if fit.contrasts else ""
    if fit.purpose != "next" and these is not None:
        yield from wrapped(
            wording.these_answer(
                whom=wording.THOSE_WITH_BOTH if fit.contrasts else wording.THESE,
                pair=named,
                mean=signed(these.mean, digits),
                unit=fit.unit,
                level=_level(fit),
                interval=_interval(these, digits),
            )
        )
    if fit.purpose != "these":
        yield from wrapped(
            wording.next_answer(
                pair=named,
                low=signed(following.ci_low, digits),
                high=signed(following.ci_high, digits),
                unit=fit.unit,
                level=_level(fit),
                active=active,
                better=percent(following.p_better),
                sizes=_meaningful(following, fit),
            )
        )


def _meaningful(chances: JudgedSummary, fit: PooledFit) -> str:
    if fit.mcid is None or chances.p_meaningful is None or chances.p_meaningfully_worse is None:
        return ""
    return wording.of_size(
        mcid=fit.mcid,
        better=percent(chances.p_meaningful),
        worse=percent(chances.p_meaningfully_worse),
    )


def _level(fit: PooledFit) -> str:
    return level_text(fit.bayes.ci_level)


def _interval(summary: Summary, digits: int) -> str:
    return signed_interval(summary.ci_low, summary.ci_high, digits)


def _exact_lines(fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield the exact hierarchical posterior, and how far it hangs on what is assumed."""
    exact, held = fit.bayes, wording.interval_of(_level(fit))
    scheduled = exact.estimand == "as-scheduled"
    yield wording.in_unit(wording.SCHEDULED if scheduled else wording.STEADY, fit.unit)
    yield f"  {wording.exact(exact.error)}"
    differ = exact.heterogeneity
    yield from aligned(
        [
            *(
                (name, signed(summary.mean, digits), held, _interval(summary, digits), "")
                for name, summary in (
                    (wording.AVERAGE_IN_THESE, exact.these_persons),
                    (wording.AVERAGE_IN_ALL, exact.mean),
                    (wording.NEXT_PERSON, exact.next_person),
                )
            ),
            (
                wording.DIFFER,
                f"{differ.mean:.{digits}f}",
                held,
                wording.ends(f"{differ.ci_low:.{digits}f}", f"{differ.ci_high:.{digits}f}"),
                wording.SHORTEST,
            ),
        ]
    )
    if exact.half_lives is not None:
        learnt = exact.half_lives
        yield from wrapped(
            wording.half_lives(
                without=percent(learnt.share_without),
                median=learnt.median_days,
                without_before=percent(learnt.share_without_beforehand),
                median_before=learnt.median_days_beforehand,
            ),
            first="    ",
            later="    ",
        )
    if exact.noise is not None:
        noise = exact.noise
        yield from wrapped(
            wording.noise(sd=noise.sd, unit=fit.unit, low=noise.low, high=noise.high),
            first="    ",
            later="    ",
        )
    yield from _robust_lines(fit, digits)
    if len(fit.sensitivity) > 1:
        yield f"  {wording.ASSUMED}"
        yield from aligned([_assumed(row, digits) for row in fit.sensitivity])


def _robust_lines(fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield the average under heavy tails, and without the person who moves it the most."""
    robust, held = fit.bayes.robust, wording.interval_of(_level(fit))
    if robust is None:
        return
    averages = [(wording.HEAVY_TAILS, robust.mean)]
    if robust.without is not None:
        code = cut_codes(person.person for person in fit.persons)[robust.without.person]
        averages.append((wording.without(code), robust.without.mean))
    yield f"  {wording.ROBUST}"
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
        wording.spread(f"{row.heterogeneity.mean:.{digits}f}"),
        "",
    )


def _frequentist_lines(fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield averages of cycle differences, or why there are none."""
    rows: list[tuple[str, ...]] = []
    silent = {}
    for name, title in wording.METHODS.items():
        average = getattr(fit.frequentist, name)
        if isinstance(average, NoAverage):
            silent[title] = average.not_run
            continue
        extra = wording.evidence(p=p_value(average.p_value), df=freedom(average.df))
        if isinstance(average, Pooled):
            extra += wording.persons_differ(f"{average.tau2**0.5:.{digits}f}")
        rows.append(
            (
                title,
                signed(average.estimate, digits),
                wording.interval_of(level_text(average.ci_level)),
                signed_interval(average.ci_low, average.ci_high, digits),
                extra,
            )
        )
    yield ""
    yield wording.frequentist(fit.unit)
    if rows:
        yield from aligned(rows)
    for why in dict.fromkeys(silent.values()):
        names = ", ".join(name for name, reason in silent.items() if reason == why)
        yield from wrapped(wording.did_not_run(names, why), first="    ", later="    ")


def _contrast_lines(fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield every pair of several arms."""
    if not fit.contrasts:
        return
    yield ""
    scheduled = fit.bayes.estimand == "as-scheduled"
    yield wording.all_pairs(scheduled=scheduled)
    yield from aligned(
        [
            (
                wording.minus(active=contrast.active, comparator=contrast.comparator),
                signed(contrast.mean.mean, digits),
                wording.interval_of(_level(fit)),
                _interval(contrast.mean, digits),
                wording.compared_directly(contrast.n_direct),
            )
            for contrast in fit.contrasts
        ]
    )
    yield f"  {wording.NEXT_BY_PAIR}"
    yield from aligned(
        [
            (
                wording.minus(active=contrast.active, comparator=contrast.comparator),
                signed(contrast.next_person.mean, digits),
                wording.interval_of(_level(fit)),
                _interval(contrast.next_person, digits),
                wording.better_at_all(contrast.active, percent(contrast.next_person.p_better)),
            )
            for contrast in fit.contrasts
        ]
    )


def _moderator_lines(moderator: Moderator, fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield how the effect differs with a fact about persons."""
    yield ""
    yield wording.moderator(
        fact=moderator.name,
        planned=moderator.planned,
        exploratory=moderator.exploratory,
        unknown=moderator.n_unknown,
    )
    yield from aligned(
        [
            (
                f"{level.level} ({level.n})",
                signed(level.effect.mean, digits),
                wording.interval_of(_level(fit)),
                _interval(level.effect, digits),
                ""
                if level.difference is None
                else wording.against(
                    reference=moderator.reference,
                    difference=signed(level.difference.mean, digits),
                    interval=_interval(level.difference, digits),
                ),
            )
            for level in moderator.levels
        ]
    )
    if moderator.per_unit is not None:
        slope = wording.slope(
            fact=moderator.name,
            change=f"{moderator.per_unit.mean:+.{digits + 1}f}",
            interval=_interval(moderator.per_unit, digits + 1),
        )
        yield f"    {slope}"
    if moderator.heterogeneity_left is not None:
        left = moderator.heterogeneity_left
        interval = wording.ends(f"{left.ci_low:.{digits}f}", f"{left.ci_high:.{digits}f}")
        yield f"    {wording.spread_left(sd=f'{left.mean:.{digits}f}', interval=interval)}"


def _blinding_lines(fit: PooledFit) -> Iterator[str]:
    """Yield whether persons could tell the arm."""
    blinding = fit.blinding
    if blinding is None:
        return
    yield ""
    yield wording.guesses(blinding.n_persons)
    rows: list[tuple[str, ...]] = []
    for arm, guesses in blinding.guesses.items():
        index = blinding.bang.get(arm)
        rows.append(
            (
                arm,
                f"{guesses.right}, {guesses.wrong}, {guesses.unsure}",
                *_index(wording.BANG, index),
            )
        )
    rows.append((wording.BOTH_ARMS, "", *_index(wording.JAMES, blinding.james)))
    yield from aligned(rows if blinding.james else rows[:-1])


def _index(name: str, index: BlindingIndex | None) -> tuple[str, str, str]:
    if index is None:
        return ("", "", "")
    reach = wording.ends(f"{index.ci_low:.2f}", f"{index.ci_high:.2f}")
    return (f"{name} {index.estimate:.2f}", wording.interval_of(level_text(index.ci_level)), reach)


def _person_lines(fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield the first persons: the own answer, and in the light of the others."""
    yield ""
    yield wording.EACH
    short = cut_codes(person.person for person in fit.persons)
    shown = fit.persons[:SHOWN]
    yield from aligned([_person(person, short[person.person], fit, digits) for person in shown])
    more = len(fit.persons) - SHOWN
    if more > 0:
        yield f"    {wording.more_persons(more)}"
    if any(short[person.person] != person.person for person in shown):
        yield f"    {wording.CUT}"


def _person(person: Person, code: str, fit: PooledFit, digits: int) -> tuple[str, ...]:
    chances = wording.chances(
        better=percent(person.p_better),
        mcid=fit.mcid,
        meaningful="" if person.p_meaningful is None else percent(person.p_meaningful),
    )
    return (
        code,
        wording.own_answer(signed(person.naive, digits), f"{person.naive_se:.{digits}f}"),
        f"-> {signed(person.shrunken, digits)}",
        signed_interval(person.ci_low, person.ci_high, digits),
        chances,
    )
