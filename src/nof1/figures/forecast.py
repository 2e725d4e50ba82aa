"""What a population's answer means for a further person, beside how much persons differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.figures.density import PALE_SHADE, dense_reach, draw_density, is_meaningful, with_edges
from nof1.figures.drawing import GREY, INK, LINE, Picture, canvas
from nof1.figures.effects import draw_effect_axis
from nof1.inference.summaries import Summary
from nof1.pooling.result.forms import Curve
from nof1.pooling.result.pooled_fit import PooledFit
from nof1.words import figures as words

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hump:
    """A density with its mean and interval, in points."""

    points: FloatArray
    density: FloatArray
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastMarks:
    """What is drawn of a pooled answer.

    Attributes
    ----------
    effect : Hump
        The true effect of a further person, active minus comparator.
    spread : Hump
        The SD between persons.
    before : tuple of array
        Points from 0 on, and the density of its prior there.
    mcid : float or None
        In points.
    better, unit : str
        Direction of improvement, name of a point.
    """

    effect: Hump
    spread: Hump
    before: tuple[FloatArray, FloatArray]
    mcid: float | None
    better: str
    unit: str

    def is_meaningful(self) -> NDArray[np.bool_]:
        """Return which points of the effect are better by the MCID or more."""
        return is_meaningful(self.effect.points, self.mcid, self.better)


def forecast_marks(fit: PooledFit) -> ForecastMarks:
    """Return the forecast and the SD between persons, before and after."""
    bayes = fit.bayes
    spread = _hump(bayes.heterogeneity_curve, bayes.heterogeneity, None)
    points = np.linspace(0.0, spread.points[-1], 80)
    return ForecastMarks(
        effect=_hump(bayes.next_person_curve, bayes.next_person, fit.mcid),
        spread=spread,
        before=(points, half_normal(points, bayes.prior.between_scale)),
        mcid=fit.mcid,
        better=fit.better,
        unit=fit.unit,
    )


def _hump(curve: Curve, summary: Summary, mcid: float | None) -> Hump:
    points, density = with_edges(np.array(curve.points), np.array(curve.density), mcid)
    return Hump(
        points=points, density=density, mean=summary.mean, low=summary.ci_low, high=summary.ci_high
    )


def half_normal(points: FloatArray, scale: float) -> FloatArray:
    """Return the density of a half-normal distribution at points of at least 0."""
    return np.asarray(np.sqrt(2.0 / np.pi) / scale * np.exp(-0.5 * (points / scale) ** 2))


def forecast_figure(marks: ForecastMarks, *, width: float, says: str) -> Picture:
    """Return the forecast of the next person beside the SD between persons.

    Parameters
    ----------
    marks : ForecastMarks
        What is drawn.
    width : float
        In inches.
    says : str
        The sentence that says the same.
    """
    name = "forecast"
    with canvas(name, width, 2.5, size=9) as figure:
        left, right = figure.subplots(1, 2, width_ratios=(1.7, 1.0))
        draw_density(left, marks.effect.points, marks.effect.density, marks.is_meaningful())
        edge = 1.3 * (marks.mcid or 0.0)
        left.set_xlim(*dense_reach(marks.effect.points, marks.effect.density, -edge, edge))
        _draw_interval(left, marks.effect)
        draw_effect_axis(left, marks.mcid, marks.better, marks.unit)
        left.set_title(
            words.NEXT_PERSON, loc="left", size="medium", weight="bold", color=INK, pad=14
        )
        _draw_spread(right, marks)
        return Picture(svg=figure.svg().decode(), says=says)


def _draw_interval(axes: Any, hump: Hump) -> None:
    """Draw mean and interval below a density, which needs no axis of its own."""
    top = float(hump.density.max())
    axes.plot([hump.low, hump.high], [-0.14 * top] * 2, color=INK, lw=1.8, zorder=3)
    axes.plot([hump.mean], [-0.14 * top], marker="o", ms=6, mfc=INK, mec=INK, zorder=4)
    axes.set_ylim(-0.28 * top, 1.08 * top)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _draw_spread(axes: Any, marks: ForecastMarks) -> None:
    hump, (points, before) = marks.spread, marks.before
    axes.fill_between(hump.points, hump.density, color=PALE_SHADE, lw=0, zorder=2)
    axes.plot(hump.points, hump.density, color=INK, lw=1.4, zorder=3, label=words.NOW)
    axes.plot(points, before, color=GREY, lw=1.2, ls=(0, (4, 2)), zorder=3, label=words.BEFOREHAND)
    _draw_interval(axes, hump)
    top = float(max(hump.density.max(), before.max()))
    axes.set_ylim(-0.28 * float(hump.density.max()), 1.08 * top)
    axes.axvline(0.0, color=LINE, lw=0.8, zorder=1)
    axes.set_xlim(-0.03 * float(hump.points[-1]), float(hump.points[-1]))
    axes.set_xlabel(words.spread_axis(unit=marks.unit), labelpad=4)
    axes.legend(loc="best", fontsize="small")
    axes.set_title(
        words.PERSONS_DIFFER, loc="left", size="medium", weight="bold", color=INK, pad=14
    )
