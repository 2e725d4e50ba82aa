"""The answer beside what it rests on: raw scores above, posterior below, in one figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.figures.drawing import GREY, INK, Picture, canvas, svg_of
from nof1.figures.effects import draw_effect_axis
from nof1.figures.scores import (
    ScoreMarks,
    arm_handles,
    direction_words,
    draw_scores,
    label_periods,
)
from nof1.inference.result import Contrast

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
    scheduled : tuple of float
        Mean, low and high of the difference as scheduled.
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
    scheduled: tuple[float, float, float]
    level: float
    mcid: float | None
    better: str
    unit: str

    def is_meaningful(self) -> NDArray[np.bool_]:
        """Return which of `points` are better by the MCID or more."""
        if self.mcid is None:
            return np.zeros(self.points.shape, dtype=bool)
        if self.better == "lower":
            return np.asarray(self.points <= -self.mcid)
        return np.asarray(self.points >= self.mcid)


def posterior_marks(
    contrast: Contrast, *, mcid: float | None, better: str, unit: str
) -> PosteriorMarks | None:
    """Return the primary Bayesian answer as marks, or None when no Bayesian engine ran."""
    fit = contrast.answer
    if fit is None or fit.density is None:
        return None
    scheduled = fit.values["as_scheduled"]
    points, density = _with_edges(*fit.density, mcid)
    return PosteriorMarks(
        points=points,
        density=density,
        mean=fit.values["mean"],
        low=fit.values["ci_low"],
        high=fit.values["ci_high"],
        scheduled=(scheduled["mean"], scheduled["ci_low"], scheduled["ci_high"]),
        level=fit.values["ci_level"],
        mcid=mcid,
        better=better,
        unit=unit,
    )


def _with_edges(
    points: FloatArray, density: FloatArray, mcid: float | None
) -> tuple[FloatArray, FloatArray]:
    """Return the density with points at the MCID on either side, where the shade changes."""
    if mcid is None:
        return points, density
    inside = [edge for edge in (-mcid, mcid) if points[0] < edge < points[-1]]
    all_points = np.union1d(points, inside)
    return all_points, np.interp(all_points, points, density)


def answer_figure(
    scores: ScoreMarks, posterior: PosteriorMarks | None, *, width: float, says: str
) -> Picture:
    """Return raw scores with period means above the posterior with zero line and MCID band.

    Parameters
    ----------
    scores, posterior
        What is drawn; without a posterior the scores stand alone.
    width : float
        In inches.
    says : str
        The sentence that says the same.
    """
    name = "answer"
    with canvas(name, width, 4.0 if posterior else 2.5, size=9) as figure:
        if posterior:
            upper, lower = figure.subplots(2, 1, height_ratios=(1.35, 1.0))
            _draw_posterior(lower, posterior)
        else:
            upper = figure.subplots()
        many = len(scores.points) > 90
        draw_scores(upper, scores, point_size=9 if many else 24)
        label_periods(upper, scores)
        upper.set_xlabel("Study day")
        upper.set_ylabel(f"{scores.title}\n({direction_words(scores.better)})")
        upper.legend(
            handles=arm_handles(scores, 5.5, mean="mean of the period", extra=True),
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            ncols=4,
            fontsize="small",
            borderaxespad=0.2,
            handletextpad=0.3,
            columnspacing=1.2,
        )
        return Picture(svg=svg_of(figure, name), says=says)


def _draw_posterior(axes: Any, marks: PosteriorMarks) -> None:
    axes.fill_between(marks.points, marks.density, color="#c4d0dd", lw=0, zorder=2)
    axes.fill_between(
        marks.points,
        marks.density,
        where=marks.is_meaningful(),
        color=INK,
        lw=0,
        zorder=2,
    )
    axes.plot(marks.points, marks.density, color=INK, lw=1.4, zorder=3)
    top = float(marks.density.max())
    for row, (mean, low, high), marker, face in (
        (1, (marks.mean, marks.low, marks.high), "o", INK),
        (2, marks.scheduled, "D", "white"),
    ):
        height = -0.16 * top * row
        axes.plot([low, high], [height, height], color=INK, lw=1.8, zorder=3)
        axes.plot([mean], [height], marker=marker, ms=6, mfc=face, mec=INK, zorder=4)
    reach = _reach(marks)
    axes.set_xlim(*reach)
    axes.set_ylim(-0.44 * top, 1.08 * top)
    axes.set_yticks(
        [-0.16 * top, -0.32 * top], ["steady state", "as scheduled"], color=GREY, size="small"
    )
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    draw_effect_axis(axes, marks.mcid, marks.better, marks.unit)


def _reach(marks: PosteriorMarks) -> tuple[float, float]:
    """Return the ends of the axis: all that has any density, zero and the MCID."""
    dense = marks.points[marks.density > 0.004 * marks.density.max()]
    edge = 1.3 * (marks.mcid or 0.0)
    low = min(float(dense.min()), -edge, marks.scheduled[1])
    high = max(float(dense.max()), edge, marks.scheduled[2])
    return low - 0.03 * (high - low), high + 0.03 * (high - low)
