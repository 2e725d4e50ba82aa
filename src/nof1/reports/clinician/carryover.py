"""The clinician's report: carryover, and the answer under other assumptions."""

from __future__ import annotations

from typing import Any

from nof1.figures.effects import sensitivity_marks
from nof1.reports.clinician.answer import forest
from nof1.reports.layout.elements import Element, Section, Table, Text
from nof1.reports.report_input import ReportInput
from nof1.words import clinician as words
from nof1.words.amounts import Amounts
from nof1.words.numbers import percent


def carryover_section(story: ReportInput) -> Section:
    """Return the half-life before and after the scores, and what the schedule shows under it."""
    carryover = story.carryover
    shares = Table(
        caption=words.SHARES_CAPTION,
        columns=(words.HALF_LIFE, *(words.days(days=days) for days, _ in carryover.shares)),
        rows=((words.SHARE, *(percent(share) for _, share in carryover.shares)),),
        widths=(1,) * (1 + len(carryover.shares)),
    )
    return Section("carryover", words.CARRYOVER, (*_half_life(carryover), shares))


def _half_life(half_life: Any) -> tuple[Element, ...]:
    if half_life.fixed_days is not None:
        return (Text(words.fixed_half_life(days=half_life.fixed_days)),)
    if half_life.mean is None:
        return (Text(words.HALF_LIFE_UNKNOWN),)
    table = Table(
        caption=words.ONE_HALF_LIFE if half_life.rise is None else words.TWO_HALF_LIVES,
        columns=words.HALF_LIFE_COLUMNS,
        rows=(
            (
                words.ASSUMED,
                *_days(half_life.prior_mean, half_life.prior_low, half_life.prior_high),
            ),
            (words.AFTER, *_days(half_life.mean, half_life.low, half_life.high)),
            *([(words.RISE, *_days(*half_life.rise))] if half_life.rise else []),
        ),
        widths=(2, 1, 2),
    )
    return (table, Text(words.NARROWED if half_life.narrowed else words.NOT_NARROWED))


def _days(mean: float, low: float, high: float) -> tuple[str, str]:
    return words.mean_days(mean=mean), words.interval_days(low=low, high=high)


def sensitivity_section(story: ReportInput) -> Section:
    """Return the primary Bayesian answer under other assumptions, as figure and table."""
    analysis = story.primary
    if not story.sensitivity:
        why = Text(words.SENSITIVITY_NONE)
        return Section("sensitivity", words.SENSITIVITY, (why,))
    amounts = Amounts.of(analysis)
    table = Table(
        caption=words.sensitivity_caption(unit=analysis.unit),
        columns=(*words.SENSITIVITY_COLUMNS, words.better_by(mcid=analysis.mcid)),
        rows=tuple(
            (
                row.label,
                amounts.cell(row.effect.mean),
                amounts.interval_cell(row.effect.ci_low, row.effect.ci_high),
                percent(row.chances.better),
                words.NOT_ASKED
                if row.chances.meaningful is None
                else percent(row.chances.meaningful),
            )
            for row in story.sensitivity
        ),
        widths=(5, 2, 4, 2, 3),
    )
    marks = sensitivity_marks(
        story.sensitivity, mcid=analysis.mcid, better=analysis.better, unit=analysis.unit
    )
    figure = forest(marks, "sensitivity", words.SENSITIVITY_FIGURE, amounts)
    return Section("sensitivity", words.SENSITIVITY, (figure, table))
