"""Own answers against their precision: what chance alone, and what persons' differences explain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.figures.drawing import INK, Picture, canvas
from nof1.figures.effects import draw_effect_axis
from nof1.figures.persons import REACH
from nof1.pooling.result.pooled_fit import PooledFit
from nof1.words import figures as words

FloatArray = NDArray[np.float64]

#: With more persons than this they are counted in hexagons.
SINGLE = 2000
#: Hexagons from left to right.
HEXAGONS = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelMarks:
    """Persons and lines of a funnel.

    Attributes
    ----------
    effect, error : array, shape (n,)
        Each person's effect by the own scores alone, and its standard error, in points.
    mean, between : float
        The population's average, and the SD between persons.
    mcid : float or None
        In points.
    better, unit : str
        Direction of improvement, name of a point.
    """

    effect: FloatArray
    error: FloatArray
    mean: float
    between: float
    mcid: float | None
    better: str
    unit: str

    @property
    def errors(self) -> FloatArray:
        """Return the standard errors at which the lines are drawn, from 0 on."""
        return np.linspace(0.0, 1.06 * float(self.error.max()), 60)

    @property
    def by_chance(self) -> FloatArray:
        """Return how far from the mean 95 % lie if persons do not differ, at each of `errors`."""
        return REACH * self.errors

    @property
    def by_both(self) -> FloatArray:
        """Return the same with the persons' differences: ``1.96 sqrt(se^2 + between^2)``."""
        return np.asarray(REACH * np.hypot(self.errors, self.between))

    @property
    def n_outside(self) -> int:
        """Return how many persons lie outside the outer lines."""
        far = np.abs(self.effect - self.mean) > REACH * np.hypot(self.error, self.between)
        return int(far.sum())


def funnel_marks(fit: PooledFit) -> FunnelMarks:
    """Return the persons' own answers as marks."""
    return FunnelMarks(
        effect=np.array([person.naive for person in fit.persons]),
        error=np.array([person.naive_se for person in fit.persons]),
        mean=fit.bayes.mean.mean,
        between=fit.bayes.heterogeneity.mean,
        mcid=fit.mcid,
        better=fit.better,
        unit=fit.unit,
    )


def funnel_figure(marks: FunnelMarks, *, width: float, says: str) -> Picture:
    """Return the funnel, the most precise persons at the top.

    Parameters
    ----------
    marks : FunnelMarks
        What is drawn.
    width : float
        In inches.
    says : str
        The sentence that says the same.
    """
    name = "funnel"
    with canvas(name, width, 3.6, size=9) as figure:
        axes = figure.subplots()
        axes.axvline(marks.mean, color=INK, lw=1.4, zorder=4, label=words.POPULATION_AVERAGE)
        for reach, style, label in (
            (marks.by_chance, (0, (4, 2)), words.BY_CHANCE),
            (marks.by_both, "-", words.BY_BOTH),
        ):
            for sign in (-1.0, 1.0):
                axes.plot(
                    marks.mean + sign * reach, marks.errors, color=INK, lw=1.0, ls=style, zorder=4,
                    label=label if sign > 0 else None,
                )  # fmt: skip
        axes.set_ylim(float(marks.errors[-1]), 0.0)
        axes.set_ylabel(words.error_axis(unit=marks.unit))
        draw_effect_axis(axes, marks.mcid, marks.better, marks.unit)
        figure.legend(
            *axes.get_legend_handles_labels(), loc="outside upper left", ncols=3, fontsize="small"
        )
        _draw_persons(axes, marks)
        return Picture(svg=figure.svg().decode(), says=says)


def _draw_persons(axes: Any, marks: FunnelMarks) -> None:
    """Draw the persons: one by one, or counted in hexagons with the shades of some counts."""
    from matplotlib.colors import LinearSegmentedColormap

    if len(marks.effect) <= SINGLE:
        axes.scatter(
            marks.effect, marks.error, s=18 if len(marks.effect) <= 200 else 7,
            facecolor="#8fa9c4", edgecolor=INK, lw=0.6, zorder=3,
        )  # fmt: skip
        return
    shades = LinearSegmentedColormap.from_list("shades of ink", ["#d3dbe4", INK])
    drawn = axes.hexbin(
        marks.effect, marks.error, gridsize=(HEXAGONS, HEXAGONS // 3), mincnt=1, bins="log",
        cmap=shades, lw=0.2, edgecolors="white", zorder=2,
    )  # fmt: skip
    # A colour bar would be an image, which the rules of the page forbid.
    most = int(drawn.get_array().max())
    handles = [
        axes.scatter([], [], marker="H", s=60, color=shades(drawn.norm(count)), label=f"{count:,}")
        for count in sorted({1, round(most**0.5), most})
    ]
    axes.legend(handles=handles, title=words.PERSONS, loc="lower right", fontsize="small")
