"""The report of a pooled analysis: how the persons came together, and the items of CENT 2015."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from nof1.figures.flow import Step, flow_figure
from nof1.reports.layout.elements import Figure, Section, Table, Text
from nof1.reports.pooled.answer import WIDTH
from nof1.reports.pooled.conduct import (
    fact,
    guesses_said,
    periods_said,
    reasons,
    said_counts,
    scores_said,
)
from nof1.reports.pooled.report_input import PooledReportInput
from nof1.words import cent as wording
from nof1.words import pooled_conduct
from nof1.words.numbers import percent

#: Reasons shown one by one in the diagram, and letters in one of its lines.
_REASONS, _LETTERS = 5, 44


# --- The diagram ---------------------------------------------------------------------------------


def flow_section(story: PooledReportInput) -> Section:
    """Return the way from what was received to what was pooled, as a diagram."""
    steps = flow_steps(story)
    says = ". ".join(
        "; ".join(step.lines) + (f"; {'; '.join(step.leaving)}" if step.leaving else "")
        for step in steps
    )
    figure = Figure(
        picture=flow_figure(steps, width=WIDTH, says=f"{says}."),
        caption=wording.FLOW_CAPTION,
    )
    return Section("flow", wording.FLOW, (figure,))


def flow_steps(story: PooledReportInput) -> tuple[Step, ...]:
    """Return the boxes of the diagram."""
    fit, conduct = story.fit, story.fit.conduct
    both = wording.had_both(n=story.n, active=story.active, comparator=story.comparator)
    unscored = conduct.periods - conduct.periods_scored
    alone = fit.n_persons - conduct.levels
    return (
        Step(
            lines=(wording.received(fit.n_persons + len(fit.excluded)),),
            leaving=tuple(_left_out(story)),
        ),
        Step(lines=(wording.pooled(fit.n_persons), *(() if story.n == fit.n_persons else (both,)))),
        Step(
            lines=(
                wording.periods_planned(conduct.periods),
                wording.periods_scored(conduct.periods_scored),
            ),
            leaving=(
                wording.periods_unscored(unscored),
                wording.stopped_early(conduct.stopped_early),
            )
            if unscored
            else (),
        ),
        Step(
            lines=(wording.scores_analysed(conduct.scores),),
            leaving=(wording.scores_missing(conduct.scores_missing),)
            if conduct.scores_missing
            else (),
        ),
        Step(
            lines=(
                wording.cycle_differences(shared=conduct.levels, persons=fit.n_persons),
                wording.NO_CARRYOVER_MODEL,
            ),
            leaving=(wording.likelihood_alone(alone),) if alone else (),
        ),
    )


def _left_out(story: PooledReportInput) -> Iterator[str]:
    counts = reasons(story)
    if not counts:
        return
    yield wording.excluded(len(story.fit.excluded))
    for why, n in counts[:_REASONS]:
        yield from textwrap.wrap(wording.reason(n, why), _LETTERS, subsequent_indent="    ")
    if len(counts) > _REASONS:
        yield wording.more_reasons(len(counts) - _REASONS)


# --- The items -----------------------------------------------------------------------------------


def cent_section(story: PooledReportInput) -> Section:
    """Return every item of CENT 2015 for a series, filled as far as the file tells."""
    items = {**_methods(story), **_results(story)}
    gap = wording.GAP
    rows = tuple((item, asks, items.get(item) or gap) for item, asks in wording.ITEMS.items())
    filled = sum(said != gap for _, _, said in rows)
    table = Table(
        caption=wording.CENT_CAPTION,
        columns=wording.CENT_COLUMNS,
        rows=rows,
        widths=(1, 4, 7),
        note=wording.CENT_NOTE,
    )
    text = Text(wording.answered(n=filled, of=len(rows)))
    return Section("cent", wording.CENT, (text, table))


def _methods(story: PooledReportInput) -> dict[str, str]:
    """Return items 1 to 12."""
    fit, conduct = story.fit, story.fit.conduct
    orders = {wording.ORDERS.get(how, how): n for how, n in conduct.allocation.items()}
    return {
        "1a": wording.TITLE,
        "1b": wording.SUMMARY,
        "2b": wording.effect_of(
            compared=story.compared, outcome=fit.outcome, purpose=fit.purpose or ""
        ),
        "3a": wording.design(
            cycles=said_counts(conduct.cycles),
            period_days=said_counts(conduct.period_days),
            run_in=said_counts(conduct.run_in_days) if conduct.run_in_days else "",
            washouts=said_counts(conduct.washout_days) if conduct.washout_days else "",
        ),
        "4a": _about(story),
        "5": wording.treatments(
            arms=[arm.arm for arm in conduct.arms],
            protocols=said_counts(conduct.protocols, untold=pooled_conduct.TABLES),
            taken=[(arm.arm, percent(arm.taken)) for arm in conduct.arms if arm.taken is not None],
        ),
        "6a.1": wording.outcome(
            title=fit.outcome,
            low=fit.scale.low,
            high=fit.scale.high,
            unit=fit.unit,
            better=fit.better,
            recall=fit.recall_days,
        ),
        "8a": wording.order(said_counts(orders) if orders else ""),
        "11a": _blinding(story),
        "12a": wording.single_analysis(story.measured),
        "12b": wording.SYNTHESIS,
        "12c": _assumed(story),
    }


def _results(story: PooledReportInput) -> dict[str, str]:
    """Return items 13 to 25."""
    fit, conduct = story.fit, story.fit.conduct
    n_excluded = len(fit.excluded)
    return {
        "13a.1": wording.periods_completed(periods_said(story)),
        "13a.2": wording.numbers(
            received=fit.n_persons + n_excluded, excluded=n_excluded, pooled=fit.n_persons
        ),
        "13b": wording.losses(excluded=n_excluded, stopped=conduct.stopped_early),
        "14b": wording.stops(conduct.stopped_early),
        "15": _about(story),
        "16": wording.periods_analysed(
            periods=conduct.periods_scored, persons=fit.n_persons, scores=scores_said(story)
        ),
        "17a.1": wording.SINGLE_PERIODS,
        "17a.2": wording.series_result(
            average=story.amounts.difference(fit.bayes.mean.mean),
            level=story.level,
            interval=story.amounts.interval(fit.bayes.mean.ci_low, fit.bayes.mean.ci_high),
        ),
        "17b": wording.A_SCORE,
        "18": wording.further(
            assumptions=len(fit.sensitivity),
            moderators=[fact(moderator.name) for moderator in fit.moderators],
        ),
        "19": _harms(story),
        "20": wording.SEE_LIMITS,
        "21": wording.FOR_WHOM,
        "22": wording.SEE_ANSWER,
    }


def _blinding(story: PooledReportInput) -> str:
    conduct = story.fit.conduct
    if set(conduct.modes) == {""}:
        return ""
    modes = {pooled_conduct.BLINDED[mode]: n for mode, n in conduct.modes.items()}
    return wording.blinding(
        modes=said_counts(modes),
        guesses=guesses_said(story),
        opened=conduct.opened_early,
    )


def _assumed(story: PooledReportInput) -> str:
    if story.fit.bayes.estimand == "as-scheduled":
        return wording.NOT_MODELLED
    conduct = story.fit.conduct
    return wording.assumed(
        carryover=conduct.carryover,
        trend=conduct.trend,
        period_effects=conduct.period_effects,
    )


def _about(story: PooledReportInput) -> str:
    return wording.about(
        [
            (fact(name), said_counts(counts))
            for name, counts in story.fit.conduct.about.items()
            if set(counts) != {""}
        ]
    )


def _harms(story: PooledReportInput) -> str:
    arms = [
        (arm.arm, arm.persons_with_harms, arm.worst_severe)
        for arm in story.fit.conduct.arms
        if arm.persons_with_harms is not None
    ]
    return wording.harms(arms) if arms else ""
