"""The clinician's report: carryover, and the answer under other assumptions."""

from __future__ import annotations

from typing import Any

from nof1.figures.effects import sensitivity_marks
from nof1.reports.clinician.answer import forest
from nof1.reports.layout.elements import Block, Section, Table, Text
from nof1.reports.report_input import ReportInput
from nof1.words.amounts import Amounts
from nof1.words.numbers import percent


def carryover_section(story: ReportInput) -> Section:
    """Return the half-life before and after the scores, and what the schedule shows under it."""
    carryover = story.carryover
    shares = Table(
        caption="Share of the steady-state effect that this sequence shows as scheduled",
        columns=("Half-life", *(f"{days:g} days" for days, _ in carryover.shares)),
        rows=(("Share", *(percent(share) for _, share in carryover.shares)),),
        widths=(1,) * (1 + len(carryover.shares)),
    )
    return Section("carryover", "Carryover", (*_half_life(carryover), shares))


def _half_life(half_life: Any) -> tuple[Block, ...]:
    if half_life.fixed_days is not None:
        fixed = (
            "The protocol leaves carryover out of the model. If there is any, the difference is "
            "not that at full exposure, but what is left of it as scheduled."
            if half_life.fixed_days == 0
            else f"The protocol fixes the half-life at {half_life.fixed_days:g} days. The "
            "scores could "
            "not change it."
        )
        return (Text(fixed),)
    if half_life.mean is None:
        return (Text("No engine that estimates carryover was run."),)
    honest = (
        "The scores narrowed what was assumed, but with so few switches the half-life remains "
        "uncertain."
        if half_life.narrowed
        else "The half-life is barely identified: the scores hardly changed what was assumed, so "
        "how much carries over is mostly the protocol's assumption."
    )
    table = Table(
        caption="Half-life of the effect, on and off"
        if half_life.rise is None
        else "Half-life of the fall of the effect, and of its rise",
        columns=("", "Mean", "Central interval"),
        rows=(
            (
                "Assumed in the protocol",
                *_days(half_life.prior_mean, half_life.prior_low, half_life.prior_high),
            ),
            ("After the scores", *_days(half_life.mean, half_life.low, half_life.high)),
            *([("Its rise, after the scores", *_days(*half_life.rise))] if half_life.rise else []),
        ),
        widths=(2, 1, 2),
    )
    return (table, Text(honest))


def _days(mean: float, low: float, high: float) -> tuple[str, str]:
    return f"{mean:.1f} days", f"{low:.2g} to {high:.2g} days"


def sensitivity_section(story: ReportInput) -> Section:
    """Return the primary Bayesian answer under other assumptions, as figure and table."""
    analysis = story.primary
    if not story.sensitivity:
        why = Text("No score speaks of both arms, whatever is assumed.")
        return Section("sensitivity", "Under other assumptions", (why,))
    amounts = Amounts.of(analysis)
    size = "" if analysis.mcid is None else f" by {analysis.mcid:g} or more"
    table = Table(
        caption=f"Steady-state effect in {analysis.unit}, exact posterior of normal scores",
        columns=("Assumption", "Estimate", "Interval", "Better", f"Better{size}"),
        rows=tuple(
            (
                row.label,
                amounts.cell(row.effect.mean),
                amounts.interval_cell(row.effect.ci_low, row.effect.ci_high),
                percent(row.chances.better),
                "not asked" if row.chances.meaningful is None else percent(row.chances.meaningful),
            )
            for row in story.sensitivity
        ),
        widths=(5, 2, 4, 2, 3),
    )
    marks = sensitivity_marks(
        story.sensitivity, mcid=analysis.mcid, better=analysis.better, unit=analysis.unit
    )
    figure = forest(marks, "sensitivity", "One assumption varied at a time.", amounts)
    return Section("sensitivity", "Under other assumptions", (figure, table))
