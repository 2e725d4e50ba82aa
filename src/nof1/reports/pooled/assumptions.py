"""The report of a pooled analysis: other assumptions, other arms, other methods."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.figures.effects import SCHEDULED, ForestMarks, Interval, forest_figure
from nof1.inference.summaries import Summary
from nof1.pooling.result.averages import Average, Frequentist, NoAverage, Pooled
from nof1.pooling.result.pooled_fit import Moderator, ModeratorLevel
from nof1.reports.layout.elements import Block, Bullets, Figure, Section, Table, Text
from nof1.reports.pooled.answer import WIDTH
from nof1.reports.pooled.conduct import FACTS
from nof1.reports.pooled.report_input import PooledStory
from nof1.words.amounts import Amounts
from nof1.words.numbers import capitalised, counted, freedom, listed, p_value, percent

_AVERAGE, _NEXT = "Average of the population", "The next person"

#: How the rows are called in print, in the order of the file.
_ROWS = {
    "summary_t": "t-test on persons' means",
    "reml": "REML in two stages",
    "pm": "Paule and Mandel",
    "dl": "DerSimonian and Laird",
    "kenward_roger": "Mixed model, Kenward-Roger",
    "satterthwaite": "Mixed model, Satterthwaite",
    "these_persons": "These very persons",
}


def _marks(story: PooledStory, rows: list[Interval]) -> ForestMarks:
    fit = story.fit
    return ForestMarks(rows=tuple(rows), mcid=fit.mcid, better=fit.better, unit=fit.unit)


def _forest(story: PooledStory, rows: list[Interval], name: str, caption: str) -> Figure:
    amounts = story.amounts.finer
    says = "; ".join(
        f"{row.label}, {row.group.lower()}: {amounts.difference(row.estimate)}, "
        f"{amounts.interval(row.low, row.high)}"
        for row in rows
    )
    band = " Band: differences smaller than the MCID." if story.fit.mcid is not None else ""
    marks = _marks(story, rows)
    return Figure(
        picture=forest_figure(marks, name=name, width=WIDTH, says=says), caption=caption + band
    )


# --- Sensitivity ---------------------------------------------------------------------------------


def sensitivity_section(story: PooledStory) -> Section:
    """Return the answer under other priors and another shape of the population."""
    amounts = story.amounts.finer
    sized = story.fit.mcid is not None
    rows, drawn = [], []
    for place, row in enumerate(story.fit.sensitivity):
        cells = (
            capitalised(row.label),
            f"{amounts.cell(row.mean.mean)} "
            f"({amounts.interval_cell(row.mean.ci_low, row.mean.ci_high)})",
            f"{amounts.number(row.heterogeneity.mean)} "
            f"({amounts.number(row.heterogeneity.ci_low)} to "
            f"{amounts.number(row.heterogeneity.ci_high)})",
            percent(row.next_person.p_better),
        )
        chance = row.next_person.p_meaningful
        rows.append(cells if chance is None else (*cells, percent(chance)))
        for group, summary in ((_AVERAGE, row.mean), (_NEXT, row.next_person)):
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
    head = ("Assumption", "Average", "SD between persons", "Next better")
    table = Table(
        caption=f"{capitalised(story.compared)}, {story.measured} in {story.fit.unit}",
        columns=(*head, f"By {story.fit.mcid:g} or more") if sized else head,
        rows=tuple(rows),
        widths=(6, 6, 5, 2, 2) if sized else (6, 6, 5, 2),
        note=f"{story.level} intervals. Half and twice as wide: the prior of the average, or of "
        "the SD between persons. Student's t leaves room for a few persons who are very "
        "different.",
    )
    caption = "The average and the next person under each assumption; as planned stands first."
    figure = _forest(story, drawn, "sensitivity", caption)
    return Section("sensitivity", "Would other assumptions change it?", (table, figure))


# --- Several arms, moderators --------------------------------------------------------------------


def contrasts_section(story: PooledStory) -> Section | None:
    """Return every pair of arms, or None when there are two arms."""
    if not story.fit.contrasts:
        return None
    amounts = story.amounts
    table = Table(
        caption=f"Every pair of arms, {story.measured} in {story.fit.unit}",
        columns=("Arms", "Persons with both", "Average", "Next person", "Next better"),
        rows=tuple(
            (
                f"{contrast.active} against {contrast.comparator}",
                str(contrast.n_direct) if contrast.n_direct else "none: by way of others",
                f"{amounts.difference(contrast.mean.mean)}; "
                f"{amounts.interval_cell(contrast.mean.ci_low, contrast.mean.ci_high)}",
                amounts.interval_cell(contrast.next_person.ci_low, contrast.next_person.ci_high),
                percent(contrast.next_person.p_better),
            )
            for contrast in story.fit.contrasts
        ),
        widths=(4, 3, 6, 5, 2),
        note=f"{story.level} intervals. Every pair rests on all persons, also on those who had "
        "only one of its arms. Not adjusted for the number of pairs.",
    )
    return Section("contrasts", "Every pair of arms", (table,))


def moderators_section(story: PooledStory) -> Section | None:
    """Return which facts about persons may bear on the effect, or None when nobody asked."""
    if not story.fit.moderators:
        return None
    blocks: list[Block] = [
        Text(
            "Does the effect hang on a fact about the person? All levels are estimated at once "
            "with the SD between persons, never in subgroups apart. Differences are drawn towards "
            "none by their prior, the more the fewer the persons. The facts were not drawn at "
            "random: what goes together need not be cause and effect."
        )
    ]
    blocks += [_moderator_table(story, moderator) for moderator in story.fit.moderators]
    return Section("moderators", "For whom is it different?", tuple(blocks))


def _moderator_table(story: PooledStory, moderator: Moderator) -> Table:
    left_out = counted(moderator.n_unknown, "person")
    verb = "was" if moderator.n_unknown == 1 else "were"
    return Table(
        caption=capitalised(FACTS.get(moderator.name, moderator.name))
        + (", exploratory" if moderator.exploratory else ", planned beforehand"),
        columns=(
            "Level" if moderator.kind == "levels" else "Value",
            "Persons",
            "Average effect",
            f"Against {moderator.reference}",
            "Better",
        ),
        rows=tuple(_level_row(story.amounts.finer, level) for level in moderator.levels),
        widths=(3, 2, 6, 6, 2),
        note=" ".join(
            (
                f"{left_out} without this fact {verb} left out here."
                if moderator.n_unknown
                else "Nobody was left out for want of this fact.",
                f"{capitalised(story.measured)}s in {story.fit.unit}; {story.level} intervals. The "
                f"prior of a difference has an SD of {moderator.prior_sd:g} {story.fit.unit}.",
                *_more_of(story, moderator),
                f"Planned beforehand: {moderator.planned}."
                if moderator.planned
                else "Not planned beforehand: take it as a question for further trials.",
                *(
                    ("With so few persons it is exploratory all the same.",)
                    if moderator.planned and moderator.exploratory
                    else ()
                ),
            )
        ),
    )


def _more_of(story: PooledStory, moderator: Moderator) -> Iterator[str]:
    """Yield the slope of a covariate, and how much persons alike in the fact differ."""
    amounts = story.amounts.finer
    if moderator.per_unit is not None:
        slope = moderator.per_unit
        yield (
            f"For one unit of {moderator.name} the effect changes by "
            f"{amounts.finer.cell(slope.mean)} "
            f"({amounts.finer.interval_cell(slope.ci_low, slope.ci_high)}); persons "
            "counted at a value are those nearest to it."
        )
    if moderator.heterogeneity_left is not None:
        left = moderator.heterogeneity_left
        yield (
            f"SD between persons that is left: {amounts.number(left.mean)} "
            f"({amounts.number(left.ci_low)} to {amounts.number(left.ci_high)})."
        )


def _level_row(amounts: Amounts, level: ModeratorLevel) -> tuple[str, ...]:
    def said(summary: Summary) -> str:
        interval = amounts.interval_cell(summary.ci_low, summary.ci_high)
        return f"{amounts.cell(summary.mean)} ({interval})"

    apart = level.difference
    cells = (level.level, f"{level.n:,}", said(level.effect))
    if apart is None:
        return (*cells, "reference", "")
    return (*cells, said(apart), percent(apart.p_better))


# --- Frequentist ---------------------------------------------------------------------------------


def frequentist_section(story: PooledStory) -> Section:
    """Return the frequentist rows side by side, those that did not run with the reason."""
    frequentist = story.fit.frequentist
    ran = [(name, row) for name, row in _rows(frequentist) if isinstance(row, Average)]
    blocks: list[Block] = [Text(_why_they_differ(story)), _frequentist_table(story)]
    if ran:
        mean = story.fit.bayes.mean
        drawn = [
            Interval(
                label="Exact posterior", group=_exact(story), estimate=mean.mean,
                low=mean.ci_low, high=mean.ci_high, main=True,
            )
        ]  # fmt: skip
        drawn += [
            Interval(
                label=_ROWS[name], group=SCHEDULED, estimate=row.estimate,
                low=row.ci_low, high=row.ci_high,
            )
            for name, row in ran
        ]  # fmt: skip
        caption = "Averages by what they estimate; the next person's range stands in the table."
        blocks += [
            _forest(story, drawn, "frequentist", caption),
            _tau_table(story),
            _methods(story),
        ]
    return Section("frequentist", "Other methods side by side", tuple(blocks))


def _rows(frequentist: Frequentist) -> Iterator[tuple[str, Average | NoAverage]]:
    for name in _ROWS:
        yield name, getattr(frequentist, name)


def _exact(story: PooledStory) -> str:
    scheduled = story.fit.bayes.estimand == "as-scheduled"
    return "Average, as scheduled" if scheduled else "Average, steady state"


def _why_they_differ(story: PooledStory) -> str:
    conduct = story.fit.conduct
    if story.fit.bayes.estimand == "as-scheduled":
        return (
            "These methods need no prior. They average the same differences as scheduled as the "
            "exact posterior does, which also draws them towards none by its prior."
        )
    days = listed([f"{days}" for days in conduct.period_days if days])
    return (
        "These methods need no prior and no model of carryover. They average the differences "
        "between period means as scheduled, carryover and all, not the steady-state effect above. "
        f"In periods of {days} days part of the effect is still rising after a switch and part of "
        "the last arm's is still there, so that a difference as scheduled is usually the smaller "
        "of the two. The numbers should differ; they answer different questions."
    )


def _frequentist_table(story: PooledStory) -> Table:
    amounts = story.amounts.finer
    rows: list[tuple[str, ...]] = []
    for name, row in _rows(story.fit.frequentist):
        if isinstance(row, NoAverage):
            rows.append((_ROWS[name], "not run", "", "", f"{capitalised(row.not_run)}."))
            continue
        rows.append(
            (
                _ROWS[name],
                f"{row.n_persons:,}",
                amounts.cell(row.estimate),
                amounts.interval_cell(row.ci_low, row.ci_high),
                f"{p_value(row.p_value)}; {freedom(row.df)} degrees of freedom",
            )
        )
    return Table(
        caption=f"{capitalised(story.compared)}: average difference as scheduled, in "
        f"{story.fit.unit}",
        columns=("Method", "Persons", "Average", f"{story.level} interval", "Evidence"),
        rows=tuple(rows),
        widths=(5, 2, 3, 5, 6),
        note="Estimand of every row: the difference between period means as scheduled.",
    )


def _methods(story: PooledStory) -> Bullets:
    rows = [row for _, row in _rows(story.fit.frequentist) if isinstance(row, Average)]
    methods = [
        row.method if row.method.startswith("t-") else capitalised(row.method) for row in rows
    ]
    return Bullets(tuple(f"{method}." for method in dict.fromkeys(methods)))


def _tau_table(story: PooledStory) -> Table:
    amounts: Amounts = story.amounts.finer
    rows = []
    for name, row in _rows(story.fit.frequentist):
        if not isinstance(row, Average) or not hasattr(row, "tau2"):
            continue
        cells = (_ROWS[name], amounts.number(row.tau2**0.5))
        if isinstance(row, Pooled):
            interval = (
                f"{amounts.number(row.tau2_low**0.5)} to {amounts.number(row.tau2_high**0.5)}"
            )
            ahead = amounts.interval_cell(row.prediction_low, row.prediction_high)
            rows.append((*cells, interval, ahead, percent(row.i2)))
        else:
            rows.append((*cells, "not given", "not given", "not given"))
    return Table(
        caption=f"How much differences as scheduled differ between persons, in {story.fit.unit}",
        columns=("Method", "SD between persons", "Its interval", "Next person", "I squared"),
        rows=tuple(rows),
        widths=(5, 3, 3, 5, 2),
        note="Next person: prediction interval of the difference as scheduled. I squared is the "
        "share of the scatter that is not noise; it says nothing of the size of the differences.",
    )
