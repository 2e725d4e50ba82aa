"""The answer beside what it rests on: raw scores above, posterior below, in one figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nof1.figures.density import dense_reach, draw_density, is_meaningful, with_edges
from nof1.figures.drawing import GREY, INK, Picture, canvas
from nof1.figures.effects import draw_effect_axis
from nof1.figures.scores import (
    ScoreMarks,
    arm_handles,
    draw_scores,
    label_periods,
)
from nof1.inference.result import Contrast
from nof1.words import figures as words

if TYPE_CHECKING:
    from nof1.figures.drawn_figure import DrawnFigure

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PosteriorMarks:
    """What is drawn of a posterior.

    Attributes
    ----------
    points, density : array
        The posterior of the steady-state effect, active minus comparator.
    mean, low, high : float
        Of the steady-state effect, in points.
    scheduled : tuple of float, or None
        Mean, low and high of the difference as scheduled; None where no score speaks of it.
    level : float
        Of both intervals.
    mcid : float or None
        In points.
    better, unit : str
        Direction of improvement, name of a point.
    """

    points: FloatArray
    density: FloatArray
    mean: float
    low: float
    high: float
    scheduled: tuple[float, float, float] | None
    level: float
    mcid: float | None
    better: str
    unit: str

    def is_meaningful(self) -> NDArray[np.bool_]:
        """Return which of `points` are better by the MCID or more."""
        return is_meaningful(self.points, self.mcid, self.better)


def posterior_marks(
    contrast: Contrast, *, mcid: float | None, better: str, unit: str
) -> PosteriorMarks | None:
    """Return the primary Bayesian answer as marks, or None when no Bayesian engine ran."""
    fit = contrast.answer
    if fit is None or fit.density is None:
        return None
    scheduled = fit.scheduled
    points, density = with_edges(*fit.density, mcid)
    return PosteriorMarks(
        points=points,
        density=density,
        mean=fit.estimate,
        low=fit.ci_low,
        high=fit.ci_high,
        scheduled=(
            None if scheduled is None else (scheduled.mean, scheduled.ci_low, scheduled.ci_high)
        ),
        level=fit.level,
        mcid=mcid,
        better=better,
        unit=unit,
    )


def answer_figure(
    scores: ScoreMarks, posterior: PosteriorMarks | None, *, width: float, says: str
) -> Picture:
    """Return what `draw_answer` draws, with the sentence that says the same."""
    figure = draw_answer(scores, posterior, width=width)
    return Picture(svg=figure.svg().decode(), says=says)


def draw_answer(
    scores: ScoreMarks, posterior: PosteriorMarks | None, *, width: float
) -> DrawnFigure:
    """Return raw scores with period means above the posterior with zero line and MCID band.

    Parameters
    ----------
    scores, posterior
        What is drawn; without a posterior the scores stand alone.
    width : float
        In inches.
    """
    with canvas("answer", width, 4.0 if posterior else 2.5, size=9) as figure:
        if posterior:
            upper, lower = figure.subplots(2, 1, height_ratios=(1.35, 1.0))
            _draw_posterior(lower, posterior)
        else:
            upper = figure.subplots()
        many = len(scores.points) > 90
        draw_scores(upper, scores, point_size=9 if many else 24)
        label_periods(upper, scores)
        upper.set_xlabel(words.STUDY_DAY)
        upper.set_ylabel(f"{scores.title}\n({words.IS_BETTER[scores.better]})")
        upper.legend(
            handles=arm_handles(scores, 5.5, mean=words.MEAN_OF_PERIOD, extra=True),
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            ncols=4,
            fontsize="small",
            borderaxespad=0.2,
            handletextpad=0.3,
            columnspacing=1.2,
        )
    return figure


def _draw_posterior(axes: Any, marks: PosteriorMarks) -> None:
    draw_density(axes, marks.points, marks.density, marks.is_meaningful())
    top = float(marks.density.max())
    scheduled = marks.scheduled
    rows = [(words.ESTIMATES["steady-state"], (marks.mean, marks.low, marks.high), "o", INK)]
    rows += (
        [] if scheduled is None else [(words.ESTIMATES["as-scheduled"], scheduled, "D", "white")]
    )
    heights = [-0.16 * top * row for row in range(1, len(rows) + 1)]
    for height, (_, (mean, low, high), marker, face) in zip(heights, rows, strict=True):
        axes.plot([low, high], [height, height], color=INK, lw=1.8, zorder=3)
        axes.plot([mean], [height], marker=marker, ms=6, mfc=face, mec=INK, zorder=4)
    edge = 1.3 * (marks.mcid or 0.0)
    axes.set_xlim(*dense_reach(marks.points, marks.density, -edge, edge, *(scheduled or ())[1:]))
    axes.set_ylim(-0.44 * top, 1.08 * top)
    axes.set_yticks(heights, [label for label, *_ in rows], color=GREY, size="small")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    draw_effect_axis(axes, marks.mcid, marks.better, marks.unit)
