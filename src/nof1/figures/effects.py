"""Estimates with their intervals, side by side: engines, and one engine under other assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nof1.figures.drawing import GREY, INK, LINE, PALE, Picture, canvas
from nof1.inference.checks.sensitivity import SensitivityRow
from nof1.inference.fits import NotRun
from nof1.inference.result import Contrast
from nof1.inference.summaries import Summary
from nof1.words import figures as words

if TYPE_CHECKING:
    from nof1.figures.drawn_figure import DrawnFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """One row: an estimate and its interval in points; an end may be infinite.

    Attributes
    ----------
    label : str
        What it is.
    group : str
        What it estimates, in print; rows of one group stand together.
    estimate, low, high : float
        Active minus comparator.
    main : bool
        Drawn stronger: what the verdict rests on.
    """

    label: str
    group: str
    estimate: float
    low: float
    high: float
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestMarks:
    """Rows from top to bottom, what counts as meaningful, and where better lies."""

    rows: tuple[Interval, ...]
    mcid: float | None
    better: str
    unit: str

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups in order."""
        return tuple(dict.fromkeys(row.group for row in self.rows))

    @property
    def reach(self) -> tuple[float, float]:
        """Return the ends of the axis: zero, MCID and estimates inside, and all but wild limits."""
        points = [row.estimate for row in self.rows]
        edge = 1.3 * (self.mcid or 0.0)
        furthest = 3.0 * max([*map(abs, points), edge, 1e-9])
        ends = [
            max(-furthest, min(furthest, end)) for row in self.rows for end in (row.low, row.high)
        ]
        low, high = min([*ends, *points, -edge]), max([*ends, *points, edge])
        return low - 0.04 * (high - low), high + 0.04 * (high - low)


def engine_marks(contrast: Contrast, *, mcid: float | None, better: str, unit: str) -> ForestMarks:
    """Return every engine's answer of one contrast, those as scheduled first."""
    scheduled: list[Interval] = []
    steady: list[Interval] = []
    answer = contrast.answer
    for name, fit in contrast.alone.items():
        if isinstance(fit, NotRun):
            continue
        label = words.ENGINES[name]
        if fit.scheduled is not None:
            scheduled.append(_summarised(label, words.ESTIMANDS["as-scheduled"], fit.scheduled))
        (steady if fit.estimand == "steady-state" else scheduled).append(
            Interval(
                label=label,
                group=words.ESTIMANDS[fit.estimand],
                estimate=fit.estimate,
                low=fit.ci_low,
                high=fit.ci_high,
                main=fit is answer,
            )
        )
    return ForestMarks(rows=(*steady, *scheduled), mcid=mcid, better=better, unit=unit)


def _summarised(label: str, group: str, summary: Summary, *, main: bool = False) -> Interval:
    """Return the row of a distribution."""
    return Interval(
        label=label,
        group=group,
        estimate=summary.mean,
        low=summary.ci_low,
        high=summary.ci_high,
        main=main,
    )


def population_marks(
    contrast: Contrast, *, mcid: float | None, better: str, unit: str
) -> ForestMarks:
    """Return the person's own answer, that of earlier persons, and both; no row without these."""
    fit, answer = contrast.fit("population"), contrast.answer
    if fit is None:
        return ForestMarks(rows=(), mcid=mcid, better=better, unit=unit)
    main = answer is not None and answer.engine == "quadrature"
    steady = words.ESTIMANDS["steady-state"]
    rows = (
        _summarised(words.OWN_SCORES, steady, fit.own.effect, main=main),
        _summarised(words.EARLIER_PERSONS, steady, fit.prior.effect),
        _summarised(words.BOTH_TOGETHER, steady, fit.effect),
    )
    return ForestMarks(rows=rows, mcid=mcid, better=better, unit=unit)


def sensitivity_marks(
    rows: Sequence[SensitivityRow], *, mcid: float | None, better: str, unit: str
) -> ForestMarks:
    """Return the primary Bayesian answer under each set of assumptions, as planned first."""
    steady = words.ESTIMANDS["steady-state"]
    return ForestMarks(
        rows=tuple(
            _summarised(row.label, steady, row.effect, main=index == 0)
            for index, row in enumerate(rows)
        ),
        mcid=mcid,
        better=better,
        unit=unit,
    )


def forest_figure(marks: ForestMarks, *, name: str, width: float, says: str) -> Picture:
    """Return what `draw_forest` draws, with the sentence that says the same."""
    return Picture(svg=draw_forest(marks, name=name, width=width).svg().decode(), says=says)


def draw_forest(marks: ForestMarks, *, name: str, width: float) -> DrawnFigure:
    """Return the rows as a forest: zero line, MCID band, better direction marked.

    Parameters
    ----------
    marks : ForestMarks
        What is drawn.
    name : str
        Of the figure, for its identifiers.
    width : float
        In inches; the height follows from the rows.
    """
    lines = len(marks.rows) + (len(marks.groups) if len(marks.groups) > 1 else 0)
    with canvas(name, width, 0.72 + 0.2 * lines, size=9) as figure:
        axes = figure.subplots()
        labels, position = [], 0.0
        for group in marks.groups:
            if len(marks.groups) > 1:
                labels.append((position, group, True))
                position += 1
            for row in (row for row in marks.rows if row.group == group):
                _draw_interval(axes, row, position, marks.reach)
                labels.append((position, row.label, False))
                position += 1
        axes.set_yticks([at for at, _, _ in labels], [label for _, label, _ in labels])
        for text, (_, _, heading) in zip(axes.get_yticklabels(), labels, strict=True):
            text.set(weight="bold" if heading else "normal", color=INK if heading else "black")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_ylim(position - 0.4, -0.6)
        axes.set_xlim(*marks.reach)
        draw_effect_axis(axes, marks.mcid, marks.better, marks.unit)
    return figure


def _draw_interval(axes: Any, row: Interval, position: float, reach: tuple[float, float]) -> None:
    low, high = max(row.low, reach[0]), min(row.high, reach[1])
    axes.plot([low, high], [position, position], color=INK, lw=2.6 if row.main else 1.5, zorder=3)
    for end, outside, marker in ((low, row.low < reach[0], "<"), (high, row.high > reach[1], ">")):
        if outside:
            axes.plot([end], [position], marker=marker, color=INK, ms=5, zorder=3, clip_on=False)
        else:
            axes.plot([end, end], [position - 0.16, position + 0.16], color=INK, lw=1.2, zorder=3)
    scheduled = row.group == words.ESTIMANDS["as-scheduled"]
    axes.plot(
        [row.estimate],
        [position],
        marker="D" if scheduled else "o",
        ms=7 if row.main else 5,
        mfc="white" if scheduled else INK,
        mec=INK,
        zorder=4,
    )


def draw_effect_axis(axes: Any, mcid: float | None, better: str, unit: str) -> None:
    """Draw the zero line and the MCID band, and say on the axis which direction is better."""
    if mcid is not None:
        axes.text(
            0.0,
            1.0,
            words.within_mcid(mcid=mcid),
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            color=GREY,
            size="small",
        )
        axes.axvspan(-mcid, mcid, color=PALE, lw=0, zorder=0)
        for end in (-mcid, mcid):
            axes.axvline(end, color=LINE, lw=0.8, ls=(0, (3, 2)), zorder=1)
    axes.axvline(0.0, color=GREY, lw=1.0, zorder=1)
    axes.xaxis.set_major_formatter(lambda value, _: "0" if abs(value) < 1e-9 else f"{abs(value):g}")
    axes.set_xlabel(words.effect_axis(unit=unit, lower_is_better=better == "lower"), labelpad=4)
