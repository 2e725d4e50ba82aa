"""The clinician's report, first half: the answer, every engine, other outcomes."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.figures.answer import answer_figure, posterior_marks
from nof1.figures.effects import ForestMarks, engine_marks, forest_figure
from nof1.figures.scores import score_marks
from nof1.inference.fits import (
    Fit,
    FrequentistFit,
    LikelihoodFit,
    NotRun,
    NutsFit,
    PairedFit,
    PosteriorFit,
    QuadratureFit,
    RandomisationFit,
    RemlFit,
)
from nof1.inference.result import Analysis, Contrast
from nof1.inference.summaries import Chances, Summary
from nof1.reports.layout.elements import Bullets, Element, Figure, Section, Table, Text
from nof1.reports.report_input import ReportInput
from nof1.words import clinician as words
from nof1.words import figures, verdicts
from nof1.words.amounts import Amounts
from nof1.words.caution import sentence
from nof1.words.numbers import level_text, p_value, percent

#: Width of every figure in inches: that of the text on A4.
WIDTH = 7.1


def arms_compared(story: ReportInput, contrast: Contrast) -> str:
    """Return ``Magnesium against Placebo``."""
    return words.against(
        active=story.arm(contrast.active).label, comparator=story.arm(contrast.comparator).label
    )


def scale_of(analysis: Analysis) -> str:
    """Return the title of an outcome with the ends, unit and better direction of its scale."""
    return words.scale(
        title=analysis.title,
        low=analysis.low,
        high=analysis.high,
        unit=analysis.unit,
        is_better=figures.IS_BETTER[analysis.better],
    )


def verdict_sentence(story: ReportInput, contrast: Contrast) -> str:
    """Return the verdict as a sentence about the arms."""
    verdict = contrast.verdict
    arms = {
        "active": story.arm(contrast.active).label,
        "comparator": story.arm(contrast.comparator).label,
    }
    because = "" if verdict.reason is None else words.reason(said=sentence(verdict.reason))
    if verdict.code != "cannot-tell":
        return words.verdict(**arms, title=verdicts.TITLES[verdict.code]) + because
    if because:
        return words.cannot_tell(**arms) + because
    return words.cannot_tell_yet(**arms, further_cycles=verdict.further_cycles)


# --- The answer ----------------------------------------------------------------------------------


def answer_section(story: ReportInput) -> Section:
    """Return verdict, both estimands with intervals, and raw scores above the posterior."""
    contrast = story.primary.primary
    elements: list[Element] = [_answer_table(story, contrast)]
    fit = contrast.answer
    if fit is not None:
        elements.append(Text(_chances(story.primary, contrast, fit)))
    if len(story.primary.contrasts) > 1:
        elements.append(_contrast_table(story))
    elements.append(_answer_figure(story, contrast))
    return Section("answer", words.ANSWER, tuple(elements))


def _answer_table(story: ReportInput, contrast: Contrast) -> Table:
    amounts = Amounts.of(story.primary)
    steady, scheduled = figures.ESTIMANDS["steady-state"], figures.ESTIMANDS["as-scheduled"]
    rows = []
    fit = contrast.answer
    if fit is not None:
        name = figures.ENGINES[fit.engine]
        level = percent(fit.level)
        for estimand, summary in (
            (words.STEADY.format(estimand=steady), fit.effect),
            (words.SCHEDULED.format(estimand=scheduled), fit.as_scheduled),
        ):
            if summary is None:
                continue
            interval = amounts.interval(summary.ci_low, summary.ci_high)
            said = amounts.difference(summary.mean)
            rows.append((estimand, said, words.with_level(level=level, interval=interval), name))
    drift = contrast.drift
    if drift is not None and drift.answer is not None:
        room = drift.answer.effect
        rows.append(
            (
                words.WITH_ROOM.format(estimand=steady),
                amounts.difference(room.mean),
                words.with_level(
                    level=percent(room.level),
                    interval=amounts.interval(room.ci_low, room.ci_high),
                ),
                words.wide_drift(wide_sd=drift.wide_sd),
            )
        )
    test = contrast.fit("randomisation")
    if test is not None:
        interval = amounts.interval(test.ci_low, test.ci_high)
        rows.append(
            (
                scheduled,
                amounts.difference(test.estimate),
                words.with_level(level=level_text(test.level), interval=interval),
                words.by_test(engine=figures.ENGINES["randomisation"], p=test.p_value),
            )
        )
    return Table(
        caption=words.answer_caption(
            arms=arms_compared(story, contrast), scale=scale_of(story.primary)
        ),
        columns=words.ANSWER_COLUMNS,
        rows=tuple(rows),
        widths=(5, 4, 6, 4),
    )


def _chances(analysis: Analysis, contrast: Contrast, fit: PosteriorFit) -> str:
    said = words.chances_are(chances=_chances_of(analysis, fit.chances))
    if contrast.drift is None or contrast.drift.answer is None:
        return said
    room = _chances_of(analysis, contrast.drift.answer.chances)
    return said + words.chances_with_room(chances=room)


def _chances_of(analysis: Analysis, chances: Chances) -> str:
    return words.chances(
        size="" if analysis.mcid is None else Amounts.of(analysis).size(analysis.mcid),
        better=chances.better,
        meaningful=chances.meaningful,
        trivial=chances.trivial,
        meaningfully_worse=chances.meaningfully_worse,
    )


def _contrast_table(story: ReportInput) -> Table:
    amounts = Amounts.of(story.primary)
    rows = []
    for contrast in story.primary.contrasts:
        fit = contrast.answer
        cells = (words.NOT_RUN, "", "")
        if fit is not None:
            cells = (
                amounts.difference(fit.estimate),
                amounts.interval(fit.ci_low, fit.ci_high),
                percent(fit.chances.better),
            )
        title = verdicts.TITLES[contrast.verdict.code]
        rows.append((arms_compared(story, contrast), *cells, title))
    return Table(
        caption=words.PAIRS_CAPTION,
        columns=words.PAIRS_COLUMNS,
        rows=tuple(rows),
        widths=(6, 4, 5, 2, 4),
        note=words.PAIRS_NOTE,
    )


def _answer_figure(story: ReportInput, contrast: Contrast) -> Figure:
    analysis, description = story.primary, story.descriptions[0]
    amounts = Amounts.of(analysis)
    names = {arm: story.arm(arm).label for arm in story.data.arms}
    posterior = posterior_marks(
        contrast, mcid=analysis.mcid, better=analysis.better, unit=analysis.unit
    )
    means = "; ".join(
        words.period_mean(
            period=period.number,
            arm=names[period.arm],
            mean=words.NO_SCORES if period.mean is None else amounts.number(period.mean),
        )
        for period in description.periods
    )
    says, caption = words.scores_say(means=means), words.SCORES_CAPTION
    if posterior is not None:
        says += words.posterior_says(
            difference=amounts.difference(posterior.mean),
            interval=amounts.interval(posterior.low, posterior.high),
        )
        caption += words.posterior_caption(level=percent(posterior.level))
    marks = score_marks(
        description, title=analysis.title, scale=story.data.masked.series[0].scale, names=names
    )
    return Figure(picture=answer_figure(marks, posterior, width=WIDTH, says=says), caption=caption)


# --- Engines -------------------------------------------------------------------------------------


def engines_section(story: ReportInput) -> Section:
    """Return every engine side by side, those that did not run with the reason."""
    analysis, contrast = story.primary, story.primary.primary
    amounts = Amounts.of(analysis).finer
    rows = tuple(row for name in contrast.alone for row in _engine_rows(contrast, name, amounts))
    marks = engine_marks(contrast, mcid=analysis.mcid, better=analysis.better, unit=analysis.unit)
    elements: list[Element] = [
        Table(
            caption=words.in_unit(
                arms=arms_compared(story, contrast),
                unit=analysis.unit,
                is_better=figures.IS_BETTER[analysis.better],
            ),
            columns=words.ENGINES_COLUMNS,
            rows=rows,
            widths=(4, 3, 2, 4, 2, 5),
        ),
    ]
    if marks.rows:
        elements.append(forest(marks, "engines", words.ENGINES_FIGURE, amounts))
    elements.append(
        Bullets(tuple(_assumption(contrast, name) for name in contrast.alone)),
    )
    plain = analysis.descriptive.difference
    if plain is not None:
        elements.append(Text(words.plain_difference(difference=amounts.difference(plain))))
    return Section("engines", words.ENGINES, tuple(elements))


def _assumption(contrast: Contrast, name: str) -> str:
    answer = contrast.answer
    return words.assumption(
        engine=figures.ENGINES[name],
        assumption=words.ASSUMPTIONS[name],
        decides=answer is not None and answer.engine == name,
    )


def forest(marks: ForestMarks, name: str, caption: str, amounts: Amounts) -> Figure:
    """Return estimates and intervals as a figure, with what it shows in words."""
    says = "; ".join(
        words.interval_says(
            label=row.label,
            estimand=row.group,
            difference=amounts.difference(row.estimate),
            interval=amounts.interval(row.low, row.high),
        )
        for row in marks.rows
    )
    caption += words.BAND if marks.mcid is not None else ""
    return Figure(picture=forest_figure(marks, name=name, width=WIDTH, says=says), caption=caption)


def _engine_rows(contrast: Contrast, name: str, amounts: Amounts) -> Iterator[tuple[str, ...]]:
    fit = contrast.engines[name]
    label, scheduled_name = figures.ENGINES[name], figures.ESTIMATES["as-scheduled"]
    if isinstance(fit, NotRun):
        yield (label, "", words.NOT_RUN, "", "", words.because(why=fit.why))
        return
    yield (
        label,
        figures.ESTIMATES[fit.estimand],
        amounts.cell(fit.estimate),
        amounts.interval_cell(fit.ci_low, fit.ci_high),
        level_text(fit.level),
        _evidence(fit),
    )
    scheduled = fit.scheduled
    if scheduled is None and isinstance(fit, PosteriorFit):
        why = fit.why_not_scheduled
        yield (label, scheduled_name, words.NOT_RUN, "", "", words.because(why=why))
    if scheduled is not None:
        yield (
            label,
            scheduled_name,
            amounts.cell(scheduled.mean),
            amounts.interval_cell(scheduled.ci_low, scheduled.ci_high),
            level_text(scheduled.level),
            "",
        )


def _evidence(fit: Fit) -> str:
    """Return what speaks for the estimate of an engine, and how it was computed."""
    if isinstance(fit, RandomisationFit):
        return words.randomisation_evidence(
            p=fit.p_value,
            least=fit.min_p_value,
            orders=fit.allocations,
            error=None if fit.exact else fit.monte_carlo_se,
            statistic=None if fit.statistic == "difference" else fit.statistic,
        )
    if isinstance(fit, PairedFit | RemlFit):
        return words.freedom_evidence(p=fit.p_value, df=fit.df)
    if isinstance(fit, FrequentistFit):
        return p_value(fit.p_value)
    better = fit.chances.better
    if isinstance(fit, NutsFit):
        sampling = fit.sampling
        return words.sampling_evidence(
            better=better,
            rhat=sampling.rhat,
            ess=sampling.ess,
            divergences=sampling.divergences,
        )
    if isinstance(fit, LikelihoodFit):
        return words.likelihood_evidence(better=better, likelihood=fit.likelihood, by=fit.by)
    if isinstance(fit, QuadratureFit):
        return words.numerical_evidence(better=better, error=fit.error)
    return words.better_evidence(better=better)


def secondary_section(story: ReportInput) -> Section | None:
    """Return the other outcomes in one table, or None when there are none."""
    rows = tuple(_outcome_row(analysis) for analysis in story.analyses[1:])
    if not rows:
        return None
    table = Table(
        caption=arms_compared(story, story.primary.primary),
        columns=words.SECONDARY_COLUMNS,
        rows=rows,
        widths=(4, 2, 5, 5, 2, 2),
        note=words.SECONDARY_NOTE,
    )
    return Section("secondary", words.SECONDARY, (table,))


def _outcome_row(analysis: Analysis) -> tuple[str, ...]:
    fit, amounts = analysis.primary.answer, Amounts.of(analysis)
    title = scale_of(analysis)
    if fit is None:
        return (title, str(analysis.n_scores), words.NOT_RUN, "", "", "")
    meaningful = fit.chances.meaningful

    def said(summary: Summary) -> str:
        interval = amounts.interval_cell(summary.ci_low, summary.ci_high)
        return f"{amounts.difference(summary.mean)}; {interval}"

    return (
        title,
        str(analysis.n_scores),
        said(fit.effect),
        words.NOT_RUN if fit.as_scheduled is None else said(fit.as_scheduled),
        percent(fit.chances.better),
        words.NO_MCID if meaningful is None else percent(meaningful),
    )
