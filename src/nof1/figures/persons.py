"""Every person of a pool: the own answer, and the one in the light of all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nof1.figures.drawing import GREY, INK, LINE, Picture, canvas
from nof1.figures.effects import draw_effect_axis
from nof1.pooling.result.pooled_fit import Person, PooledFit
from nof1.words import figures as words

if TYPE_CHECKING:
    from nof1.figures.drawn_figure import DrawnFigure

#: Half the width of an interval of 95 %, in standard errors.
REACH = 1.96
#: With more persons than this, rows have no names.
NAMED = 50
#: Persons drawn at most; of more, every second, third and so on.
DRAWN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMark:
    """One row, in points: the own effect with its interval, and the shrunken one with its own."""

    label: str
    naive: float
    naive_low: float
    naive_high: float
    shrunken: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsMarks:
    """Everybody who is drawn, the best first, and the population below.

    Attributes
    ----------
    rows : tuple of PersonMark
        The persons.
    average, forecast : tuple of float
        Mean, low and high of the population's average, and of the next person.
    n_persons : int
        Of whom `rows` are every `every`-th.
    every : int
        See above.
    mcid : float or None
        In points.
    better, unit : str
        Direction of improvement, name of a point.
    """

    rows: tuple[PersonMark, ...]
    average: tuple[float, float, float]
    forecast: tuple[float, float, float]
    n_persons: int
    every: int
    mcid: float | None
    better: str
    unit: str

    @property
    def reach(self) -> tuple[float, float]:
        """Return the ends of the axis: all that is shrunken, and own answers if not wild."""
        edge = 1.3 * (self.mcid or 0.0)
        shrunken = [end for row in self.rows for end in (row.low, row.high)]
        low = min(*shrunken, self.forecast[1], -edge)
        high = max(*shrunken, self.forecast[2], edge)
        beyond = 0.4 * (high - low)
        naive = [row.naive for row in self.rows]
        low, high = (
            min(low, max(min(naive), low - beyond)),
            max(high, min(max(naive), high + beyond)),
        )
        return low - 0.04 * (high - low), high + 0.04 * (high - low)

    @property
    def n_outside(self) -> int:
        """Return how many own answers lie beyond the axis."""
        low, high = self.reach
        return sum(not low <= row.naive <= high for row in self.rows)


def persons_marks(fit: PooledFit, ranked: Sequence[Person]) -> PersonsMarks:
    """Return the persons as marks.

    Parameters
    ----------
    fit : PooledFit
        The pooled answer.
    ranked : sequence of Person
        Its persons, the best first.
    """
    every = -(-len(ranked) // DRAWN)
    bayes = fit.bayes
    return PersonsMarks(
        rows=tuple(
            PersonMark(
                label=person.person,
                naive=person.naive,
                naive_low=person.naive - REACH * person.naive_se,
                naive_high=person.naive + REACH * person.naive_se,
                shrunken=person.shrunken,
                low=person.ci_low,
                high=person.ci_high,
            )
            for person in ranked[::every]
        ),
        average=(bayes.mean.mean, bayes.mean.ci_low, bayes.mean.ci_high),
        forecast=(bayes.next_person.mean, bayes.next_person.ci_low, bayes.next_person.ci_high),
        n_persons=len(ranked),
        every=every,
        mcid=fit.mcid,
        better=fit.better,
        unit=fit.unit,
    )


def persons_figure(marks: PersonsMarks, *, width: float, says: str) -> Picture:
    """Return what `draw_persons` draws, with the sentence that says the same."""
    return Picture(svg=draw_persons(marks, width=width).svg().decode(), says=says)


def draw_persons(marks: PersonsMarks, *, width: float) -> DrawnFigure:
    """Return everybody as a forest: named rows, or with many persons a band of intervals.

    Parameters
    ----------
    marks : PersonsMarks
        What is drawn.
    width : float
        In inches; the height follows from the rows.
    """
    named = marks.n_persons <= NAMED
    # A forest of fifty must fit on one sheet, with its caption.
    row = min(0.24, 7.6 / (len(marks.rows) + 2))
    height = 1.05 + row * (len(marks.rows) + 2) if named else 5.6
    with canvas("persons", width, height, size=9) as figure:
        axes = figure.subplots()
        axes.set_xlim(*marks.reach)
        (_draw_rows if named else _draw_band)(axes, marks)
        draw_effect_axis(axes, marks.mcid, marks.better, marks.unit)
        handles, labels = axes.get_legend_handles_labels()
        figure.legend(
            handles,
            labels,
            loc="outside upper left",
            ncols=4,
            fontsize="small",
            markerscale=2.5 if marks.n_persons > 300 else 1.0,
        )
    return figure


def _draw_rows(axes: Any, marks: PersonsMarks) -> None:
    low, high = marks.reach
    for place, row in enumerate(marks.rows):
        above, below = place - 0.17, place + 0.13
        ends = [max(row.naive_low, low), min(row.naive_high, high)]
        axes.plot(ends, [above, above], color=LINE, lw=1.0, zorder=2)
        axes.plot([row.low, row.high], [below, below], color=INK, lw=1.8, zorder=3)
        at = max(low, min(high, row.naive))
        axes.plot(
            [at], [above], marker="D", ms=3.6, mfc="white", mec=GREY, ls="", zorder=3,
            clip_on=False, label=None if place else words.OWN_ALONE,
        )  # fmt: skip
        axes.plot(
            [row.shrunken], [below], marker="o", ms=4.6, color=INK, ls="", zorder=4,
            label=None if place else words.SHRUNKEN,
        )  # fmt: skip
    last = len(marks.rows)
    axes.axhline(last - 0.5, color=LINE, lw=0.8)
    _draw_population(axes, marks, last)
    axes.set_yticks(
        [*range(last), last, last + 1],
        [*(row.label for row in marks.rows), *words.POPULATION],
        size=min(9.0, 7.6 / (last + 2) * 72 * 0.75),
    )
    for text in axes.get_yticklabels()[-2:]:
        text.set(weight="bold", color=INK)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(last + 1.6, -0.7)


def _draw_band(axes: Any, marks: PersonsMarks) -> None:
    ranks = [1 + place * marks.every for place in range(len(marks.rows))]
    axes.scatter(
        [row.naive for row in marks.rows], ranks,
        s=3.0 if marks.n_persons > 300 else 12.0, color=LINE, lw=0, zorder=2,
        label=words.OWN_ALONE,
    )  # fmt: skip
    axes.fill_betweenx(
        ranks,
        [row.low for row in marks.rows],
        [row.high for row in marks.rows],
        facecolor="#8fa9c4",
        alpha=0.55,
        lw=0,
        zorder=3,
        label=words.SHRUNKEN_INTERVAL,
    )
    axes.plot(
        [row.shrunken for row in marks.rows], ranks, color=INK, lw=2.0, zorder=4,
        label=words.SHRUNKEN,
    )  # fmt: skip
    n = marks.n_persons
    _draw_population(axes, marks, 1.05 * n, step=0.055 * n)
    axes.axhline(1.015 * n, color=LINE, lw=0.8)
    axes.set_yticks(
        [1, round(n / 4), round(n / 2), round(3 * n / 4), n, 1.05 * n, 1.105 * n],
        [*words.RANKS, *words.POPULATION],
    )
    for text in axes.get_yticklabels()[-2:]:
        text.set(weight="bold", color=INK)
    axes.set_ylabel(words.BEST_FIRST)
    axes.set_ylim(1.14 * n, -0.01 * n)


def _draw_population(axes: Any, marks: PersonsMarks, place: float, step: float = 1.0) -> None:
    for at, (mean, low, high), width in (
        (place, marks.average, 2.6),
        (place + step, marks.forecast, 1.5),
    ):
        axes.plot([low, high], [at, at], color=INK, lw=width, zorder=5)
        axes.plot([mean], [at], marker="o", ms=6, color=INK, ls="", zorder=6)
