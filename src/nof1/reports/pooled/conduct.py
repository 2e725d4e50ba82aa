"""The report of a pooled analysis: how the trials went, who was left out, limits, provenance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from nof1.pooling.result.conduct import ArmConduct, BlindingIndex
from nof1.pooling.result.pooled_fit import LearntHalfLives
from nof1.provenance import software
from nof1.reports.layout.elements import Bullets, Element, Facts, Section, Table, Text
from nof1.reports.pooled.codes import key_table
from nof1.reports.pooled.report_input import PooledReportInput
from nof1.words import pooled_conduct as wording
from nof1.words.numbers import capitalised, percent

#: Persons left out who are named one by one; of more, the reasons are counted.
_NAMED = 50


def warnings_section(story: PooledReportInput) -> Section:
    """Return what the analysis warns of."""
    warnings = story.fit.warnings
    element: Element = Bullets(warnings) if warnings else Text(wording.NO_WARNING)
    return Section("warnings", wording.WARNINGS, (element,))


# --- How the trials went -------------------------------------------------------------------------


def trials_section(story: PooledReportInput) -> Section:
    """Return design, completeness, blinding, adherence and side effects, as far as told."""
    elements: list[Element] = [Facts(tuple(_facts(story))), _arm_table(story)]
    elements += [table for table in (_guess_table(story), _about_table(story)) if table]
    return Section("trials", wording.TRIALS, tuple(elements))


def fact(name: str) -> str:
    """Return how a fact about persons is called: the coarse ones by their own words."""
    return wording.FACTS.get(name, name)


def said_counts(counts: Mapping[str, int], *, noun: str = "", untold: str | None = None) -> str:
    """Return ``3 (38 persons), 4 (2 persons)``; a single value stands alone.

    Parameters
    ----------
    counts : mapping of str to int
        Persons by value; the empty value stands for not told.
    noun : str
        What a value counts, for instance ``cycles``.
    untold : str, optional
        Words for the empty value; not told when left out.
    """
    if untold is None:
        untold = wording.NOT_TOLD
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    if len(ordered) == 1:
        return wording.values(ordered[0][0], noun) if ordered[0][0] else untold
    return "; ".join(
        wording.value_of_persons(wording.values(value, noun) if value else untold, n)
        for value, n in ordered
    )


def _facts(story: PooledReportInput) -> Iterator[tuple[str, str]]:
    conduct = story.fit.conduct
    yield wording.PROTOCOLS, said_counts(conduct.protocols, untold=wording.TABLES)
    yield wording.CYCLES_PLANNED, capitalised(said_counts(conduct.cycles, noun=wording.CYCLES))
    yield wording.PERIOD_LENGTH, capitalised(said_counts(conduct.period_days, noun=wording.DAYS))
    yield wording.PERIODS, periods_said(story)
    yield wording.SCORES, scores_said(story)
    modes = {wording.MODES[mode]: n for mode, n in conduct.modes.items()}
    yield wording.BLINDING, capitalised(said_counts(modes))
    yield wording.GUESSES, guesses_said(story)
    if conduct.opened_early:
        yield wording.OPENED, wording.opened_early(conduct.opened_early)
    if story.fit.bayes.estimand == "as-scheduled":
        yield wording.CARRYOVER, wording.NOT_MODELLED
        return
    carryover = wording.CARRYOVERS.get(conduct.carryover, conduct.carryover)
    yield wording.CARRYOVER, capitalised(carryover)
    learnt, noise = story.fit.bayes.half_lives, story.fit.bayes.noise
    if learnt is not None:
        yield wording.HALF_LIVES, _learnt(learnt)
    if noise is not None:
        said = wording.noise(sd=noise.sd, unit=story.fit.unit, low=noise.low, high=noise.high)
        yield wording.SCATTER_OF_SCORES, said
    yield (
        wording.OTHER_ASSUMPTIONS,
        wording.other_assumptions(
            trend=conduct.trend,
            period_effects=conduct.period_effects,
            missed_doses=conduct.missed_doses,
            dropped=conduct.drop_days,
        ),
    )


def _learnt(half_lives: LearntHalfLives) -> str:
    return wording.half_lives(
        without=percent(half_lives.share_without),
        without_before=percent(half_lives.share_without_beforehand),
        median=half_lives.median_days,
        median_before=half_lives.median_days_beforehand,
    )


def periods_said(story: PooledReportInput) -> str:
    """Return how many periods were planned and scored."""
    conduct = story.fit.conduct
    if not conduct.periods:
        return wording.NOT_TOLD
    return wording.periods(
        scored=conduct.periods_scored, planned=conduct.periods, stopped=conduct.stopped_early
    )


def scores_said(story: PooledReportInput) -> str:
    """Return how many scores were analysed and missing."""
    conduct = story.fit.conduct
    planned = conduct.scores + conduct.scores_missing
    if not planned:
        return wording.NOT_TOLD
    return wording.scores(
        analysed=conduct.scores,
        missing=conduct.scores_missing,
        share=percent(conduct.scores_missing / planned),
    )


def guesses_said(story: PooledReportInput) -> str:
    """Return how often persons told the arm."""
    right, wrong, unsure = story.fit.conduct.guesses
    if right + wrong + unsure == 0:
        return wording.NOT_TOLD
    return wording.guesses(right=right, wrong=wrong, unsure=unsure)


def _arm_table(story: PooledReportInput) -> Table:
    def cells(arm: ArmConduct) -> tuple[str, ...]:
        return (
            arm.arm,
            f"{arm.n:,}",
            wording.NOT_TOLD if arm.taken is None else percent(arm.taken),
            wording.NOT_TOLD if arm.persons_with_harms is None else f"{arm.persons_with_harms:,}",
            wording.NOT_TOLD if arm.worst_severe is None else f"{arm.worst_severe:,}",
        )

    return Table(
        caption=wording.ARMS_CAPTION,
        columns=wording.ARMS_COLUMNS,
        rows=tuple(cells(arm) for arm in story.fit.conduct.arms),
        widths=(4, 2, 3, 4, 3),
        note=wording.ARMS_NOTE,
    )


def _guess_table(story: PooledReportInput) -> Table | None:
    """Return guesses by arm with the indices of blinding."""
    blinding = story.fit.blinding
    if blinding is None:
        return None

    def index(index: BlindingIndex | None) -> str:
        if index is None:
            return ""
        return wording.index(estimate=index.estimate, low=index.ci_low, high=index.ci_high)

    rows = [
        (
            arm,
            f"{guesses.right:,}",
            f"{guesses.wrong:,}",
            f"{guesses.unsure:,}",
            index(blinding.bang.get(arm)),
        )
        for arm, guesses in blinding.guesses.items()
    ]
    return Table(
        caption=wording.guess_caption(blinding.n_persons),
        columns=wording.GUESS_COLUMNS,
        rows=tuple(rows),
        widths=(4, 2, 2, 2, 5),
        note=wording.guess_note(james=index(blinding.james), method=blinding.method),
    )


def _about_table(story: PooledReportInput) -> Table | None:
    rows = tuple(
        (capitalised(fact(name)), said_counts(counts))
        for name, counts in story.fit.conduct.about.items()
        if set(counts) != {""}
    )
    if not rows:
        return None
    return Table(
        caption=wording.ABOUT_CAPTION,
        columns=wording.ABOUT_COLUMNS,
        rows=rows,
        widths=(2, 9),
    )


# --- Who was left out ----------------------------------------------------------------------------


def reasons(story: PooledReportInput) -> list[tuple[str, int]]:
    """Return why persons were left out, with their number, the most frequent first."""
    counts = Counter(person.why for person in story.fit.excluded)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def excluded_section(story: PooledReportInput) -> Section:
    """Return who was left out and why."""
    excluded = story.fit.excluded
    if not excluded:
        return Section("excluded", wording.EXCLUDED, (Text(wording.NOBODY_EXCLUDED),))
    named = len(excluded) <= _NAMED
    table = Table(
        caption=wording.left_out(len(excluded)),
        columns=(wording.PERSON if named else wording.PERSONS, wording.WHY),
        rows=tuple(
            ((story.short(person.person), person.why) for person in excluded)
            if named
            else ((str(n), why) for why, n in reasons(story))
        ),
        widths=(2, 7),
        note=wording.EXCLUDED_NOTE,
    )
    shown = [story.short(person.person) for person in excluded] if named else []
    key = key_table(shown, story.whole)
    return Section("excluded", wording.EXCLUDED, (table, key) if key else (table,))


# --- Limits and provenance -----------------------------------------------------------------------


def limits_section(story: PooledReportInput) -> Section:
    """Return what this analysis cannot say, whatever its result."""
    return Section("limits", wording.LIMITS, (Bullets(tuple(_limits(story))),))


def _limits(story: PooledReportInput) -> Iterator[str]:
    yield wording.LIMIT_UNLIKE
    yield wording.LIMIT_NEXT
    if set(story.fit.conduct.modes) != {"double-blind"}:
        yield wording.LIMIT_KNOWN
    yield from wording.LIMITS_ALWAYS


def provenance_section(story: PooledReportInput) -> Section:
    """Return software, priors, numerical error, and how to make this report again."""
    bayes = story.fit.bayes
    priors = wording.priors(
        average_sd=bayes.prior.mean_sd, between=bayes.prior.between_scale, unit=story.fit.unit
    )
    facts = (
        (wording.POOLED_BY, story.fit.software),
        (wording.WRITTEN_BY, software()),
        (wording.PRIORS, priors),
        (wording.SCATTER, wording.scatter(bayes.population)),
        (wording.RESTS_ON, wording.rests_on(story.measured)),
        (wording.NUMERICAL_ERROR, wording.numerical_error(bayes.error)),
        (wording.AGAIN, wording.AGAIN_TEXT),
    )
    return Section("provenance", wording.PROVENANCE, (Facts(facts),))
