"""A pooled answer as lines for a terminal; sentences and layout, no numbers of its own."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.pooling.result.averages import NoAverage, Pooled
from nof1.pooling.result.conduct import BlindingIndex
from nof1.pooling.result.forms import Chances, Summary
from nof1.pooling.result.pooled_fit import Moderator, Person, PooledFit, PooledSensitivity
from nof1.reports.pooled.codes import cut_codes
from nof1.reports.terminal.analysis import warning_lines
from nof1.reports.terminal.lines import aligned, wrapped
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
    for one in fit.moderators:
        yield from _moderator_lines(one, fit, digits)
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
    for one in fit.contrasts:
        pair = one.active, one.comparator
        if pair != main:
            yield from _answer(fit, pair, (one.these_persons, one.next_person), digits)


def _answer(
    fit: PooledFit,
    pair: tuple[str, str],
    told: tuple[Summary | None, Chances],
    digits: int,
) -> Iterator[str]:
    """Yield the answer of one pair of arms, which is named where there are several."""
    these, following = told
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


def _meaningful(found: Chances, fit: PooledFit) -> str:
    if found.p_meaningful is None or found.p_meaningfully_worse is None:
        return ""
    return (
        f", better by {fit.mcid:g} or more with {percent(found.p_meaningful)}, worse by"
        f" {fit.mcid:g} or more with {percent(found.p_meaningfully_worse)}"
    )


def _level(fit: PooledFit) -> str:
    return level_text(fit.bayes.ci_level)


def _interval(found: Summary, digits: int) -> str:
    return signed_interval(found.ci_low, found.ci_high, digits)


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
                (name, signed(one.mean, digits), held, _interval(one, digits), "")
                for name, one in (
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
    found, held = fit.bayes.robust, f"{_level(fit)} interval"
    if found is None:
        return
    averages = [("heavy tails (Student's t)", found.mean)]
    if found.without is not None:
        code = cut_codes(one.person for one in fit.persons)[found.without.person]
        averages.append((f"without {code}, who moves it most", found.without.mean))
    yield "  Average in persons like them where single persons bear less on it"
    yield from aligned(
        [
            (name, signed(one.mean, digits), held, _interval(one, digits), "")
            for name, one in averages
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
        one = getattr(fit.frequentist, name)
        if isinstance(one, NoAverage):
            silent[title] = one.not_run
            continue
        extra = f"{p_value(one.p_value)}, df {freedom(one.df)}"
        if isinstance(one, Pooled):
            extra += f", persons differ by {one.tau2**0.5:.{digits}f}"
        rows.append(
            (
                title,
                signed(one.estimate, digits),
                f"{level_text(one.ci_level)} interval",
                signed_interval(one.ci_low, one.ci_high, digits),
                extra,
            )
        )
    yield ""
    yield f"As scheduled: mean of cycle differences, carryover and all, {fit.unit} (frequentist)"
    if rows:
        yield from aligned(rows)
    for why in dict.fromkeys(silent.values()):
        names = ", ".join(name for name, one in silent.items() if one == why)
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
                f"{one.active} minus {one.comparator}",
                signed(one.mean.mean, digits),
                f"{_level(fit)} interval",
                _interval(one.mean, digits),
                f"{counted(one.n_direct, 'person')} compared them directly",
            )
            for one in fit.contrasts
        ]
    )
    yield "  The next person's effect, pair by pair"
    yield from aligned(
        [
            (
                f"{one.active} minus {one.comparator}",
                signed(one.next_person.mean, digits),
                f"{_level(fit)} interval",
                _interval(one.next_person, digits),
                f"{one.active} is better at all with {percent(one.next_person.p_better)}",
            )
            for one in fit.contrasts
        ]
    )


def _moderator_lines(one: Moderator, fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield how the effect differs with a fact about persons."""
    kind = f"planned in {one.planned}" if one.planned else "not planned beforehand"
    if one.exploratory:
        kind += ", exploratory"
    unknown = f"; not known of {counted(one.n_unknown, 'person')}" if one.n_unknown else ""
    yield ""
    yield f"Effect by {one.name} ({kind}{unknown})"
    yield from aligned(
        [
            (
                f"{level.level} ({level.n})",
                signed(level.effect.mean, digits),
                f"{_level(fit)} interval",
                _interval(level.effect, digits),
                ""
                if level.difference is None
                else f"against {one.reference} {signed(level.difference.mean, digits)}"
                f" ({_interval(level.difference, digits)})",
            )
            for level in one.levels
        ]
    )
    if one.per_unit is not None:
        yield (
            f"    for one unit of {one.name} {one.per_unit.mean:+.{digits + 1}f}"
            f" ({_interval(one.per_unit, digits + 1)})"
        )
    if one.heterogeneity_left is not None:
        left = one.heterogeneity_left
        yield (
            f"    persons alike in it differ by (SD) {left.mean:.{digits}f}"
            f" ({left.ci_low:.{digits}f} to {left.ci_high:.{digits}f})"
        )


def _blinding_lines(fit: PooledFit) -> Iterator[str]:
    """Yield whether persons could tell the arm."""
    found = fit.blinding
    if found is None:
        return
    yield ""
    yield f"Guesses of the arm by {counted(found.n_persons, 'person')}: right, wrong, unsure"
    rows: list[tuple[str, ...]] = []
    for arm, one in found.guesses.items():
        index = found.bang.get(arm)
        rows.append((arm, f"{one.right}, {one.wrong}, {one.unsure}", *_index("Bang", index)))
    rows.append(("both arms", "", *_index("James", found.james)))
    yield from aligned(rows if found.james else rows[:-1])


def _index(name: str, one: BlindingIndex | None) -> tuple[str, str, str]:
    if one is None:
        return ("", "", "")
    reach = f"{one.ci_low:.2f} to {one.ci_high:.2f}"
    return (f"{name} {one.estimate:.2f}", f"{level_text(one.ci_level)} interval", reach)


def _person_lines(fit: PooledFit, digits: int) -> Iterator[str]:
    """Yield the first persons: the own answer, and in the light of the others."""
    yield ""
    yield "Each person: mean by the own scores alone, then in the light of all others with interval"
    short = cut_codes(one.person for one in fit.persons)
    shown = fit.persons[:SHOWN]
    yield from aligned([_person(one, short[one.person], fit, digits) for one in shown])
    more = len(fit.persons) - SHOWN
    if more > 0:
        yield f"    and {counted(more, 'more person')}; --json has them all"
    if any(short[one.person] != one.person for one in shown):
        yield "    Codes are cut to what tells them apart; --json has them whole"


def _person(one: Person, code: str, fit: PooledFit, digits: int) -> tuple[str, ...]:
    chances = f"better {percent(one.p_better)}"
    if one.p_meaningful is not None:
        chances += f", by {fit.mcid:g} or more {percent(one.p_meaningful)}"
    return (
        code,
        f"{signed(one.naive, digits)} (SE {one.naive_se:.{digits}f})",
        f"-> {signed(one.shrunken, digits)}",
        signed_interval(one.ci_low, one.ci_high, digits),
        chances,
    )
