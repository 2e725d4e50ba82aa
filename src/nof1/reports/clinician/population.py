"""The clinician's report: what earlier persons tell, beside this one and together with it."""

from __future__ import annotations

from nof1.figures.effects import population_marks
from nof1.inference.fits import PopulationFit
from nof1.inference.result import Contrast
from nof1.reports.clinician.answer import arms_compared, forest
from nof1.reports.layout.elements import Figure, Section, Table, Text
from nof1.reports.report_input import ReportInput
from nof1.words import clinician as words
from nof1.words.amounts import Amounts
from nof1.words.numbers import percent


def population_section(story: ReportInput) -> Section | None:
    """Return own scores, earlier persons and both, or None when the protocol has no such prior."""
    contrast = next(
        (candidate for candidate in story.primary.contrasts if candidate.fit("population")), None
    )
    fit = contrast.fit("population") if contrast else None
    if contrast is None or fit is None:
        return None
    said = words.population_says(persons=fit.prior.n_persons, source=fit.prior.source)
    table = _table(story, contrast, fit)
    return Section("population", words.POPULATION, (Text(said), table, _figure(story, contrast)))


def _table(story: ReportInput, contrast: Contrast, fit: PopulationFit) -> Table:
    analysis, amounts = story.primary, Amounts.of(story.primary).finer
    own, earlier, both = words.population_rows(persons=fit.prior.n_persons)
    return Table(
        caption=words.population_caption(arms=arms_compared(story, contrast), unit=analysis.unit),
        columns=(*words.POPULATION_COLUMNS, words.better_by(mcid=analysis.mcid)),
        rows=tuple(
            (
                name,
                amounts.cell(figures.effect.mean),
                amounts.interval_cell(figures.effect.ci_low, figures.effect.ci_high),
                percent(figures.chances.better),
                words.NOT_ASKED
                if figures.chances.meaningful is None
                else percent(figures.chances.meaningful),
            )
            for name, figures in ((own, fit.own), (earlier, fit.prior), (both, fit))
        ),
        widths=(5, 2, 4, 2, 3),
        note=words.population_note(level=fit.level),
    )


def _figure(story: ReportInput, contrast: Contrast) -> Figure:
    analysis = story.primary
    marks = population_marks(
        contrast, mcid=analysis.mcid, better=analysis.better, unit=analysis.unit
    )
    return forest(marks, "population", words.POPULATION_FIGURE, Amounts.of(analysis).finer)
