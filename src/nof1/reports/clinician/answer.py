"""The clinician's report, first half: the answer, every engine, other outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nof1.figures.answer import answer_figure, posterior_marks
from nof1.figures.effects import (
    ENGINE_NAMES,
    SCHEDULED,
    STEADY,
    ForestMarks,
    engine_marks,
    forest_figure,
)
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
from nof1.reports.layout.elements import Block, Bullets, Figure, Section, Table, Text
from nof1.reports.report_input import ReportInput
from nof1.words import verdicts
from nof1.words.amounts import Amounts
from nof1.words.caution import sentence
from nof1.words.numbers import capitalised, counted, freedom, level_text, p_figure, p_value, percent

#: Width of every figure in inches: that of the text on A4.
WIDTH = 7.1

ASSUMPTIONS: Mapping[str, str] = {
    "randomisation": (
        "assumes only that the order was drawn from the stated set; its interval adds that the "
        "effect is the same in every cycle. Its level is the one the number of orders allows."
    ),
    "paired": (
        "takes the differences between period means within cycles as independent and normal; "
        "few assumptions, few degrees of freedom."
    ),
    "reml": (
        "takes scores as normal, with AR(1) noise by calendar gaps and random period shifts; a "
        "sensitivity analysis, whose error rate is not guaranteed in short trials."
    ),
    "quadrature": (
        "is the protocol's model with its priors (carryover, trend, AR(1) noise, period shifts), "
        "integrated without random numbers."
    ),
    "likelihood": (
        "is the same model with the same priors, but takes scores as the notes on this analysis "
        "say; its draws are weighted exactly, with a fixed seed."
    ),
    "nuts": "is the same model, sampled: an independent check of the computation.",
}


def arms_compared(story: ReportInput, contrast: Contrast) -> str:
    """Return ``Magnesium against Placebo``."""
    return f"{story.arm(contrast.active).label} against {story.arm(contrast.comparator).label}"


def scale_of(analysis: Analysis) -> str:
    """Return the title of an outcome with the ends, unit and better direction of its scale."""
    return (
        f"{analysis.title} ({analysis.low:g} to {analysis.high:g} {analysis.unit}; "
        f"{analysis.better} is better)"
    )


def verdict_sentence(story: ReportInput, contrast: Contrast) -> str:
    """Return the verdict as a sentence about the arms."""
    verdict = contrast.verdict
    active = story.arm(contrast.active).label
    comparator = story.arm(contrast.comparator).label
    because = "" if verdict.reason is None else f" The reason: {sentence(verdict.reason)}."
    if verdict.code != "cannot-tell":
        return f"{active}, against {comparator}: {verdicts.TITLES[verdict.code]}.{because}"
    if because:
        return f"We cannot tell whether {active} is better or worse than {comparator}.{because}"
    more = (
        "more cycles like these would most likely not settle it"
        if verdict.further_cycles is None
        else f"about {counted(verdict.further_cycles, 'more cycle')} like these may settle it"
    )
    return f"We cannot tell whether {active} is better or worse than {comparator}; {more}."


# --- The answer ----------------------------------------------------------------------------------


def answer_section(story: ReportInput) -> Section:
    """Return verdict, both estimands with intervals, and raw scores above the posterior."""
    contrast = story.primary.primary
    blocks: list[Block] = [_answer_table(story, contrast)]
    fit = contrast.answer
    if fit is not None:
        blocks.append(Text(_chances(story.primary, contrast, fit)))
    if len(story.primary.contrasts) > 1:
        blocks.append(_contrast_table(story))
    blocks.append(_answer_figure(story, contrast))
    return Section("answer", "The answer", tuple(blocks))


def _answer_table(story: ReportInput, contrast: Contrast) -> Table:
    amounts = Amounts.of(story.primary)
    rows = []
    fit = contrast.answer
    if fit is not None:
        name = ENGINE_NAMES[fit.engine]
        level = percent(fit.level)
        for estimand, summary in (
            (f"{STEADY}: at full exposure", fit.effect),
            (f"{SCHEDULED}: between periods, carryover and all", fit.as_scheduled),
        ):
            if summary is None:
                continue
            interval = amounts.interval(summary.ci_low, summary.ci_high)
            said = amounts.difference(summary.mean)
            rows.append((estimand, said, f"{level}: {interval}", name))
    drift = contrast.drift
    if drift is not None and drift.answer is not None:
        room = drift.answer.effect
        rows.append(
            (
                f"{STEADY}, with room for the drift of the scores",
                amounts.difference(room.mean),
                f"{percent(room.level)}: {amounts.interval(room.ci_low, room.ci_high)}",
                f"The same, the drift's prior with SD {drift.wide_sd:.2g}",
            )
        )
    test = contrast.fit("randomisation")
    if test is not None:
        interval = amounts.interval(test.ci_low, test.ci_high)
        rows.append(
            (
                SCHEDULED,
                amounts.difference(test.estimate),
                f"{level_text(test.level)}: {interval}",
                f"{ENGINE_NAMES['randomisation']}, {p_value(test.p_value)}",
            )
        )
    return Table(
        caption=f"{arms_compared(story, contrast)}, {scale_of(story.primary)}",
        columns=("What is estimated", "Estimate", "Interval", "By"),
        rows=tuple(rows),
        widths=(5, 4, 6, 4),
    )


def _chances(analysis: Analysis, contrast: Contrast, fit: PosteriorFit) -> str:
    chances = _chances_of(analysis, fit.chances)
    said = (
        f"{capitalised(chances)}. These are of the steady-state effect, and depend on the priors."
    )
    if contrast.drift is None or contrast.drift.answer is None:
        return said
    room = _chances_of(analysis, contrast.drift.answer.chances)
    return f"{said} With room for the drift of the scores: {room}."


def _chances_of(analysis: Analysis, chances: Chances) -> str:
    size = "" if analysis.mcid is None else Amounts.of(analysis).size(analysis.mcid)
    parts = (
        ("probability that it is better at all", chances.better),
        (f"better by {size} (the MCID) or more", chances.meaningful),
        (f"within {size} either way", chances.trivial),
        (f"worse by {size} or more", chances.meaningfully_worse),
    )
    return "; ".join(f"{what}: {percent(chance)}" for what, chance in parts if chance is not None)


def _contrast_table(story: ReportInput) -> Table:
    amounts = Amounts.of(story.primary)
    rows = []
    for contrast in story.primary.contrasts:
        fit = contrast.answer
        cells = ("not run", "", "")
        if fit is not None:
            cells = (
                amounts.difference(fit.estimate),
                amounts.interval(fit.ci_low, fit.ci_high),
                percent(fit.chances.better),
            )
        title = verdicts.TITLES[contrast.verdict.code]
        rows.append((arms_compared(story, contrast), *cells, title))
    return Table(
        caption="Every pair of arms, steady state",
        columns=("Arms", "Estimate", "Interval", "Better", "Verdict"),
        rows=tuple(rows),
        widths=(6, 4, 5, 2, 4),
        note="The first pair is the primary one. The others are not adjusted for their number.",
    )


def _answer_figure(story: ReportInput, contrast: Contrast) -> Figure:
    analysis, description = story.primary, story.descriptions[0]
    amounts = Amounts.of(analysis)
    names = {arm: story.arm(arm).label for arm in story.data.arms}
    posterior = posterior_marks(
        contrast, mcid=analysis.mcid, better=analysis.better, unit=analysis.unit
    )
    means = "; ".join(
        f"period {period.number} ({names[period.arm]}) "
        + ("no scores" if period.mean is None else amounts.number(period.mean))
        for period in description.periods
    )
    says = f"Scores over time with the mean of every period: {means}."
    caption = "Scores by study day, with period means. Dashed lines: switches."
    if posterior is not None:
        says += (
            f" Below, the posterior of the steady-state effect, around "
            f"{amounts.difference(posterior.mean)}, "
            f"{amounts.interval(posterior.low, posterior.high)}."
        )
        caption += (
            " Below: posterior of the steady-state effect; dark where it is better by the MCID or "
            f"more. Bars: {percent(posterior.level)} intervals."
        )
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
    blocks: list[Block] = [
        Table(
            caption=f"{arms_compared(story, contrast)}, in {analysis.unit}; "
            f"{analysis.better} is better",
            columns=("Engine", "Estimates", "Estimate", "Interval", "Level", "Evidence"),
            rows=rows,
            widths=(4, 3, 2, 4, 2, 5),
        ),
    ]
    if marks.rows:
        blocks.append(forest(marks, "engines", "Every engine, by what it estimates.", amounts))
    blocks.append(
        Bullets(tuple(_assumption(contrast, name) for name in contrast.alone)),
    )
    plain = analysis.descriptive.difference
    if plain is not None:
        blocks.append(
            Text(
                f"Plain difference of all scores: {amounts.difference(plain)}. It takes scores as "
                "independent, which they are not; it is a description, not a test."
            )
        )
    return Section("engines", "Every engine side by side", tuple(blocks))


def _assumption(contrast: Contrast, name: str) -> str:
    answer = contrast.answer
    verdict = " The verdict rests on it." if answer and answer.engine == name else ""
    return f"{ENGINE_NAMES[name]} {ASSUMPTIONS[name]}{verdict}"


def forest(marks: ForestMarks, name: str, caption: str, amounts: Amounts) -> Figure:
    """Return estimates and intervals as a figure, with what it shows in words."""
    says = "; ".join(
        f"{row.label}, {row.group.lower()}: {amounts.difference(row.estimate)}, "
        f"{amounts.interval(row.low, row.high)}"
        for row in marks.rows
    )
    caption += " Band: differences smaller than the MCID." if marks.mcid is not None else ""
    return Figure(picture=forest_figure(marks, name=name, width=WIDTH, says=says), caption=caption)


def _engine_rows(contrast: Contrast, name: str, amounts: Amounts) -> Iterator[tuple[str, ...]]:
    fit = contrast.engines[name]
    label = ENGINE_NAMES[name]
    if isinstance(fit, NotRun):
        yield (label, "", "not run", "", "", f"{capitalised(fit.why)}.")
        return
    steady = fit.estimand == "steady-state"
    yield (
        label,
        "steady state" if steady else "as scheduled",
        amounts.cell(fit.estimate),
        amounts.interval_cell(fit.ci_low, fit.ci_high),
        level_text(fit.level),
        _evidence(fit),
    )
    scheduled = fit.scheduled
    if scheduled is None and isinstance(fit, PosteriorFit):
        why = fit.why_not_scheduled
        yield (label, "as scheduled", "not run", "", "", f"{capitalised(why)}.")
    if scheduled is not None:
        yield (
            label,
            "as scheduled",
            amounts.cell(scheduled.mean),
            amounts.interval_cell(scheduled.ci_low, scheduled.ci_high),
            level_text(scheduled.level),
            "",
        )


def _evidence(fit: Fit) -> str:
    """Return what speaks for the estimate of an engine, and how it was computed."""
    if isinstance(fit, RandomisationFit):
        error = fit.monte_carlo_se
        return (
            f"{p_value(fit.p_value)} (least possible {p_figure(fit.min_p_value)}); "
            f"{fit.allocations:,} orders"
            + ("" if fit.exact else f", sampled (Monte Carlo error {error:.1g})")
            + ("" if fit.statistic == "difference" else f"; {fit.statistic}")
        )
    if isinstance(fit, PairedFit | RemlFit):
        return f"{p_value(fit.p_value)}; {freedom(fit.df)} degrees of freedom"
    if isinstance(fit, FrequentistFit):
        return p_value(fit.p_value)
    better = f"better {percent(fit.chances.better, digits=1)}"
    if isinstance(fit, NutsFit):
        sampling = fit.sampling
        return (
            f"{better}; R-hat {sampling.rhat:.3f}, effective draws {sampling.ess:.0f}, "
            f"{counted(sampling.divergences, 'divergence')}"
        )
    if isinstance(fit, LikelihoodFit):
        return f"{better}; {fit.likelihood}, by {fit.by}"
    if isinstance(fit, QuadratureFit):
        return f"{better}; numerical error {fit.error:.1g}"
    return better


def secondary_section(story: ReportInput) -> Section | None:
    """Return the other outcomes in one table, or None when there are none."""
    rows = tuple(_outcome_row(analysis) for analysis in story.analyses[1:])
    if not rows:
        return None
    table = Table(
        caption=arms_compared(story, story.primary.primary),
        columns=("Outcome", "Scores", "Steady state", "As scheduled", "Better", "By the MCID"),
        rows=rows,
        widths=(4, 2, 5, 5, 2, 2),
        note="Posterior; estimate and interval. Not adjusted for the number of outcomes: "
        "the verdict rests on the primary outcome alone.",
    )
    return Section("secondary", "Secondary outcomes", (table,))


def _outcome_row(analysis: Analysis) -> tuple[str, ...]:
    fit, amounts = analysis.primary.answer, Amounts.of(analysis)
    title = scale_of(analysis)
    if fit is None:
        return (title, str(analysis.n_scores), "not run", "", "", "")
    meaningful = fit.chances.meaningful

    def said(figures: Summary) -> str:
        interval = amounts.interval_cell(figures.ci_low, figures.ci_high)
        return f"{amounts.difference(figures.mean)}; {interval}"

    return (
        title,
        str(analysis.n_scores),
        said(fit.effect),
        "not run" if fit.as_scheduled is None else said(fit.as_scheduled),
        percent(fit.chances.better),
        "no MCID" if meaningful is None else percent(meaningful),
    )
