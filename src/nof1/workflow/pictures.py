"""The figures of the reports, drawn for whoever has the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nof1.figures.answer import draw_answer, posterior_marks
from nof1.figures.effects import ForestMarks, Interval, draw_forest
from nof1.figures.persons import draw_persons, persons_marks
from nof1.figures.scores import score_marks
from nof1.inference.checks.description import describe
from nof1.inference.result import Analysis
from nof1.protocol.tables import AnalysisPlan
from nof1.reports.clinician.answer import WIDTH
from nof1.reports.pooled.report_input import pooled_report_input
from nof1.trial.data import Series, TrialData
from nof1.words import figures as words

if TYPE_CHECKING:
    from nof1.figures.drawn_figure import DrawnFigure
    from nof1.pooling.result.pooled_fit import PooledFit

#: Persons in a forest at most.
DRAWN = 60
#: Characters of a name in a forest at most.
LABEL = 28


def draw_analysis(
    analysis: Analysis,
    data: TrialData,
    series: Series,
    plan: AnalysisPlan,
    names: Mapping[str, str],
) -> DrawnFigure:
    """Return scores by arm above the posterior, as the clinician's report has it.

    Parameters
    ----------
    analysis : Analysis
        Finished.
    data, series, plan
        What was analysed.
    names : mapping of str to str
        Name in print of every arm by id, the comparator first.
    """
    scores = score_marks(
        describe(data, series, plan), title=analysis.title, scale=series.scale, names=names
    )
    posterior = posterior_marks(
        analysis.primary, mcid=analysis.mcid, better=analysis.better, unit=analysis.unit
    )
    return draw_answer(scores, posterior, width=WIDTH)


def draw_analyses(analyses: Sequence[Analysis]) -> DrawnFigure:
    """Return a forest of the steady-state effect in one person after the other.

    They are of one outcome and have a posterior; beyond `DRAWN` no more are drawn.
    """
    first = analyses[0]
    rows = [
        Interval(
            label=shortened(analysis.person),
            group=words.ESTIMANDS["steady-state"],
            estimate=answer.estimate,
            low=answer.ci_low,
            high=answer.ci_high,
        )
        for analysis in analyses
        if (answer := analysis.primary.answer) is not None
    ]
    marks = ForestMarks(
        rows=tuple(rows[:DRAWN]), mcid=first.mcid, better=first.better, unit=first.unit
    )
    return draw_forest(marks, name="everybody", width=WIDTH)


def shortened(name: str) -> str:
    """Return a name that leaves room for what is drawn beside it, cut in its middle."""
    half = LABEL // 2
    return name if len(name) <= LABEL else f"{name[:half]}...{name[-half:]}"


def draw_pool(fit: PooledFit) -> DrawnFigure:
    """Return everybody as a forest, average and next person below, as the pooled report has it."""
    return draw_persons(persons_marks(fit, pooled_report_input(fit).ranked), width=WIDTH)
