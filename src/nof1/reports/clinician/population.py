"""The clinician's report: what earlier persons tell, beside this one and together with it."""

from __future__ import annotations

from nof1.figures.effects import population_marks
from nof1.inference.fits import PopulationFit
from nof1.inference.result import Contrast
from nof1.reports.clinician.answer import arms_compared, forest
from nof1.reports.layout.elements import Figure, Section, Table, Text
from nof1.reports.report_input import ReportInput
from nof1.words.amounts import Amounts
from nof1.words.numbers import capitalised, counted, percent


def population_section(story: ReportInput) -> Section | None:
    """Return own scores, earlier persons and both, or None when the protocol has no such prior."""
    contrast = next(
        (candidate for candidate in story.primary.contrasts if candidate.fit("population")), None
    )
    fit = contrast.fit("population") if contrast else None
    if contrast is None or fit is None:
        return None
    earlier = counted(fit.prior.n_persons, "earlier person")
    said = (
        f"Before the draw the protocol was given what {earlier} tell ({fit.prior.source}). Both "
        "together is the better estimate if this person is like them. The verdict rests on the own "
        "scores under the default prior, because its error rates were measured so."
    )
    table = _table(story, contrast, fit, earlier)
    return Section(
        "population", "This person and earlier ones", (Text(said), table, _figure(story, contrast))
    )


def _table(story: ReportInput, contrast: Contrast, fit: PopulationFit, earlier: str) -> Table:
    analysis, amounts = story.primary, Amounts.of(story.primary).finer
    size = "" if analysis.mcid is None else f" by {analysis.mcid:g} or more"
    return Table(
        caption=f"{arms_compared(story, contrast)}, steady-state effect in {analysis.unit}",
        columns=("From", "Estimate", "Interval", "Better", f"Better{size}"),
        rows=tuple(
            (
                name,
                amounts.cell(figures.effect.mean),
                amounts.interval_cell(figures.effect.ci_low, figures.effect.ci_high),
                percent(figures.chances.better),
                "not asked"
                if figures.chances.meaningful is None
                else percent(figures.chances.meaningful),
            )
            for name, figures in (
                ("Own scores, default prior", fit.own),
                (capitalised(earlier), fit.prior),
                ("Both together", fit),
            )
        ),
        widths=(5, 2, 4, 2, 3),
        note=f"{percent(fit.level)} intervals. That of the earlier persons is for the "
        "effect in one more person like them.",
    )


def _figure(story: ReportInput, contrast: Contrast) -> Figure:
    analysis = story.primary
    marks = population_marks(
        contrast, mcid=analysis.mcid, better=analysis.better, unit=analysis.unit
    )
    caption = "Own scores, earlier persons, and both together."
    return forest(marks, "population", caption, Amounts.of(analysis).finer)
