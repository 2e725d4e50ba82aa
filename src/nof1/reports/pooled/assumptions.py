"""The report of a pooled analysis: other assumptions, other arms, other methods."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.figures.effects import ForestMarks, Interval, forest_figure
from nof1.inference.summaries import Summary
from nof1.pooling.result.averages import Average, Frequentist, NoAverage, Pooled
from nof1.pooling.result.pooled_fit import Moderator, ModeratorLevel
from nof1.reports.layout.elements import Bullets, Element, Figure, Section, Table, Text
from nof1.reports.pooled.answer import WIDTH
from nof1.reports.pooled.conduct import fact
from nof1.reports.pooled.report_input import PooledReportInput
from nof1.words import figures
from nof1.words import pooled_answer as answer
from nof1.words import pooled_assumptions as wording
from nof1.words.amounts import Amounts
from nof1.words.numbers import capitalised, freedom, p_value, percent


def _marks(story: PooledReportInput, rows: list[Interval]) -> ForestMarks:
    fit = story.fit
    return ForestMarks(rows=tuple(rows), mcid=fit.mcid, better=fit.better, unit=fit.unit)


def _forest(story: PooledReportInput, rows: list[Interval], name: str, caption: str) -> Figure:
    amounts = story.amounts.finer
    says = "; ".join(
        wording.row_says(
            row=row.label,
            group=row.group,
            estimate=amounts.difference(row.estimate),
            interval=amounts.interval(row.low, row.high),
        )
        for row in rows
    )
    band = wording.BAND if story.fit.mcid is not None else ""
    marks = _marks(story, rows)
    return Figure(
        picture=forest_figure(marks, name=name, width=WIDTH, says=says), caption=caption + band
    )


# --- Sensitivity ---------------------------------------------------------------------------------


def sensitivity_section(story: PooledReportInput) -> Section:
    """Return the answer under other priors and another shape of the population."""
    amounts = story.amounts.finer
    sized = story.fit.mcid is not None
    rows, drawn = [], []
    for place, row in enumerate(story.fit.sensitivity):
        cells = (
            capitalised(row.label),
            _cell(amounts, row.mean),
            wording.with_interval(
                amounts.number(row.heterogeneity.mean),
                answer.ends(
                    amounts.number(row.heterogeneity.ci_low),
                    amounts.number(row.heterogeneity.ci_high),
                ),
            ),
            percent(row.next_person.p_better),
        )
        chance = row.next_person.p_meaningful
        rows.append(cells if chance is None else (*cells, percent(chance)))
        for group, summary in (
            (wording.OF_POPULATION, row.mean),
            (wording.OF_NEXT, row.next_person),
        ):
            drawn.append(
                Interval(
                    label=capitalised(row.label),
                    group=group,
                    estimate=summary.mean,
                    low=summary.ci_low,
                    high=summary.ci_high,
                    main=place == 0,
                )
            )
    head = wording.SENSITIVITY_COLUMNS
    table = Table(
        caption=_in_unit(story, capitalised(story.compared)),
        columns=(*head, answer.or_more(f"{story.fit.mcid:g}")) if sized else head,
        rows=tuple(rows),
        widths=(6, 6, 5, 2, 2) if sized else (6, 6, 5, 2),
        note=wording.sensitivity_note(story.level),
    )
    figure = _forest(story, drawn, "sensitivity", wording.SENSITIVITY_CAPTION)
    return Section("sensitivity", wording.SENSITIVITY, (table, figure))


def _cell(amounts: Amounts, summary: Summary) -> str:
    """Return a mean with its interval, for a table."""
    interval = amounts.interval_cell(summary.ci_low, summary.ci_high)
    return wording.with_interval(amounts.cell(summary.mean), interval)


def _in_unit(story: PooledReportInput, what: str) -> str:
    return wording.in_unit(what=what, measured=story.measured, unit=story.fit.unit)


# --- Several arms, moderators --------------------------------------------------------------------


def contrasts_section(story: PooledReportInput) -> Section | None:
    """Return every pair of arms, or None when there are two arms."""
    if not story.fit.contrasts:
        return None
    amounts = story.amounts
    table = Table(
        caption=_in_unit(story, wording.PAIRS),
        columns=wording.PAIRS_COLUMNS,
        rows=tuple(
            (
                answer.against(active=contrast.active, comparator=contrast.comparator),
                str(contrast.n_direct) if contrast.n_direct else wording.BY_WAY_OF_OTHERS,
                f"{amounts.difference(contrast.mean.mean)}; "
                f"{amounts.interval_cell(contrast.mean.ci_low, contrast.mean.ci_high)}",
                amounts.interval_cell(contrast.next_person.ci_low, contrast.next_person.ci_high),
                percent(contrast.next_person.p_better),
            )
            for contrast in story.fit.contrasts
        ),
        widths=(4, 3, 6, 5, 2),
        note=wording.pairs_note(story.level),
    )
    return Section("contrasts", wording.PAIRS, (table,))


def moderators_section(story: PooledReportInput) -> Section | None:
    """Return which facts about persons may bear on the effect, or None when nobody asked."""
    if not story.fit.moderators:
        return None
    elements: list[Element] = [Text(wording.MODERATORS_TEXT)]
    elements += [_moderator_table(story, moderator) for moderator in story.fit.moderators]
    return Section("moderators", wording.MODERATORS, tuple(elements))


def _moderator_table(story: PooledReportInput, moderator: Moderator) -> Table:
    return Table(
        caption=wording.moderator_caption(fact(moderator.name), exploratory=moderator.exploratory),
        columns=(
            wording.LEVEL if moderator.kind == "levels" else wording.VALUE,
            wording.PERSONS,
            wording.AVERAGE_EFFECT,
            wording.against_level(moderator.reference),
            wording.LEVEL_BETTER,
        ),
        rows=tuple(_level_row(story.amounts.finer, level) for level in moderator.levels),
        widths=(3, 2, 6, 6, 2),
        note=" ".join(_moderator_note(story, moderator)),
    )


def _moderator_note(story: PooledReportInput, moderator: Moderator) -> Iterator[str]:
    """Yield who was left out, the prior, what more was found, and whether it was planned."""
    yield wording.without_fact(moderator.n_unknown)
    yield wording.moderator_unit(
        measured=story.measured,
        unit=story.fit.unit,
        level=story.level,
        prior_sd=moderator.prior_sd,
    )
    yield from _more_of(story, moderator)
    yield wording.planned(moderator.planned)
    if moderator.planned and moderator.exploratory:
        yield wording.STILL_EXPLORATORY


def _more_of(story: PooledReportInput, moderator: Moderator) -> Iterator[str]:
    """Yield the slope of a covariate, and how much persons alike in the fact differ."""
    amounts = story.amounts.finer
    if moderator.per_unit is not None:
        slope = moderator.per_unit
        yield wording.slope(
            fact=moderator.name,
            change=amounts.finer.cell(slope.mean),
            interval=amounts.finer.interval_cell(slope.ci_low, slope.ci_high),
        )
    if moderator.heterogeneity_left is not None:
        left = moderator.heterogeneity_left
        yield wording.spread_left(
            sd=amounts.number(left.mean),
            low=amounts.number(left.ci_low),
            high=amounts.number(left.ci_high),
        )


def _level_row(amounts: Amounts, level: ModeratorLevel) -> tuple[str, ...]:
    apart = level.difference
    cells = (level.level, f"{level.n:,}", _cell(amounts, level.effect))
    if apart is None:
        return (*cells, wording.REFERENCE, "")
    return (*cells, _cell(amounts, apart), percent(apart.p_better))


# --- Frequentist ---------------------------------------------------------------------------------


def frequentist_section(story: PooledReportInput) -> Section:
    """Return the frequentist rows side by side, those that did not run with the reason."""
    frequentist = story.fit.frequentist
    ran = [(name, row) for name, row in _rows(frequentist) if isinstance(row, Average)]
    elements: list[Element] = [Text(_why_they_differ(story)), _frequentist_table(story)]
    if ran:
        mean = story.fit.bayes.mean
        drawn = [
            Interval(
                label=wording.EXACT, group=wording.GROUPS[story.fit.bayes.estimand],
                estimate=mean.mean, low=mean.ci_low, high=mean.ci_high, main=True,
            )
        ]  # fmt: skip
        drawn += [
            Interval(
                label=wording.METHODS[name], group=figures.ESTIMANDS["as-scheduled"],
                estimate=row.estimate,
                low=row.ci_low, high=row.ci_high,
            )
            for name, row in ran
        ]  # fmt: skip
        elements += [
            _forest(story, drawn, "frequentist", wording.FREQUENTIST_CAPTION),
            _tau_table(story),
            _methods(story),
        ]
    return Section("frequentist", wording.FREQUENTIST, tuple(elements))


def _rows(frequentist: Frequentist) -> Iterator[tuple[str, Average | NoAverage]]:
    for name in wording.METHODS:
        yield name, getattr(frequentist, name)


def _why_they_differ(story: PooledReportInput) -> str:
    if story.fit.bayes.estimand == "as-scheduled":
        return wording.NO_PRIOR
    return wording.no_model_of_carryover([days for days in story.fit.conduct.period_days if days])


def _frequentist_table(story: PooledReportInput) -> Table:
    amounts = story.amounts.finer
    rows: list[tuple[str, ...]] = []
    for name, row in _rows(story.fit.frequentist):
        if isinstance(row, NoAverage):
            rows.append(
                (wording.METHODS[name], wording.NOT_RUN, "", "", f"{capitalised(row.not_run)}.")
            )
            continue
        rows.append(
            (
                wording.METHODS[name],
                f"{row.n_persons:,}",
                amounts.cell(row.estimate),
                amounts.interval_cell(row.ci_low, row.ci_high),
                wording.evidence(p=p_value(row.p_value), df=freedom(row.df)),
            )
        )
    return Table(
        caption=wording.frequentist_caption(compared=story.compared, unit=story.fit.unit),
        columns=(
            wording.METHOD,
            wording.PERSONS,
            wording.AVERAGE,
            answer.interval_of(story.level),
            wording.EVIDENCE,
        ),
        rows=tuple(rows),
        widths=(5, 2, 3, 5, 6),
        note=wording.FREQUENTIST_NOTE,
    )


def _methods(story: PooledReportInput) -> Bullets:
    rows = [row for _, row in _rows(story.fit.frequentist) if isinstance(row, Average)]
    methods = [
        row.method if row.method.startswith("t-") else capitalised(row.method) for row in rows
    ]
    return Bullets(tuple(f"{method}." for method in dict.fromkeys(methods)))


def _tau_table(story: PooledReportInput) -> Table:
    amounts: Amounts = story.amounts.finer
    rows = []
    for name, row in _rows(story.fit.frequentist):
        if not isinstance(row, Average) or not hasattr(row, "tau2"):
            continue
        cells = (wording.METHODS[name], amounts.number(row.tau2**0.5))
        if isinstance(row, Pooled):
            interval = answer.ends(
                amounts.number(row.tau2_low**0.5), amounts.number(row.tau2_high**0.5)
            )
            ahead = amounts.interval_cell(row.prediction_low, row.prediction_high)
            rows.append((*cells, interval, ahead, percent(row.i2)))
        else:
            rows.append((*cells, *3 * (wording.NOT_GIVEN,)))
    return Table(
        caption=wording.tau_caption(story.fit.unit),
        columns=wording.TAU_COLUMNS,
        rows=tuple(rows),
        widths=(5, 3, 3, 5, 2),
        note=wording.TAU_NOTE,
    )
