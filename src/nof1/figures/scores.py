"""The scores over time, by arm: for the clinician's report and for the person's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nof1.figures.drawing import ARM_STYLES, GREY, INK, LINE, Picture, canvas
from nof1.inference.checks.description import Description
from nof1.scales import Scale
from nof1.words import figures as words


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The days of one period, its arm by name and number, and the mean of its scores."""

    number: int
    first_day: int
    last_day: int
    arm: int
    mean: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One score; `arm` is None outside the periods, `used` says whether it is analysed."""

    day: int
    score: float
    arm: int | None
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreMarks:
    """Everything that is drawn of one outcome's scores.

    Attributes
    ----------
    title : str
        Name of the outcome.
    arms : tuple of str
        Names in print, the comparator first.
    bands, points
        In order of time.
    low, high : float
        Ends of the scale.
    better : {"lower", "higher"}
        Which direction is an improvement.
    """

    title: str
    arms: tuple[str, ...]
    bands: tuple[Band, ...]
    points: tuple[Point, ...]
    low: float
    high: float
    better: str

    @property
    def switches(self) -> tuple[float, ...]:
        """Return where the arm changes from one period to the next, in study days."""
        return tuple(
            (band.last_day + next_one.first_day) / 2
            for band, next_one in zip(self.bands, self.bands[1:], strict=False)
            if band.arm != next_one.arm
        )

    def count(self, arm: int) -> int:
        """Return how many analysed scores an arm has."""
        return sum(point.used and point.arm == arm for point in self.points)


def score_marks(
    description: Description, *, title: str, scale: Scale, names: Mapping[str, str]
) -> ScoreMarks:
    """Return what is drawn of the scores.

    Parameters
    ----------
    description : Description
        Scores and periods.
    title : str
        Name of the outcome.
    scale : Scale
        What the scores are on.
    names : mapping of str to str
        Name in print of every arm by id, the comparator first.
    """
    number = {arm: index for index, arm in enumerate(names)}
    arm_of_period = {period.number: number[period.arm] for period in description.periods}
    return ScoreMarks(
        title=title,
        arms=tuple(names.values()),
        bands=tuple(
            Band(
                number=period.number,
                first_day=period.first_day,
                last_day=period.last_day,
                arm=number[period.arm],
                mean=period.mean,
            )
            for period in description.periods
        ),
        points=tuple(
            Point(
                day=score.day,
                score=score.score,
                arm=None if score.period is None else arm_of_period[score.period],
                used=score.used,
            )
            for score in description.scores
        ),
        low=scale.low,
        high=scale.high,
        better=scale.better,
    )


def draw_scores(axes: Any, marks: ScoreMarks, *, point_size: float) -> None:
    """Draw bands, switches, scores and period means into `axes`."""
    for band in marks.bands:
        axes.axvspan(
            band.first_day - 0.5, band.last_day + 0.5, color=ARM_STYLES[band.arm].band, lw=0
        )
    for before, after in zip(marks.bands, marks.bands[1:], strict=False):
        if before.arm == after.arm:
            axes.axvline((before.last_day + after.first_day) / 2, color="white", lw=1.6)
    for day in marks.switches:
        axes.axvline(day, color=LINE, lw=0.8, ls=(0, (2, 2)))
    for arm, style in enumerate(ARM_STYLES[: len(marks.arms)]):
        _draw_points(axes, marks, arm, style.marker, style.face, style.edge, point_size)
    _draw_points(axes, marks, None, "x", LINE, LINE, point_size)
    for band in marks.bands:
        if band.mean is not None:
            inset = 0.04 * (band.last_day - band.first_day)
            ends = [band.first_day + inset, band.last_day - inset]
            axes.plot(ends, [band.mean] * 2, color="black", lw=2.2, solid_capstyle="butt", zorder=4)
    axes.set_xlim(min(1, marks.bands[0].first_day) - 0.5, marks.bands[-1].last_day + 0.5)
    scores = [point.score for point in marks.points] or [marks.low, marks.high]
    room = 0.05 * (marks.high - marks.low)
    axes.locator_params(axis="y", nbins=6, steps=[1, 2, 5, 10])
    axes.set_ylim(
        max(marks.low - room / 2, min(scores) - room),
        min(marks.high + room / 2, max(scores) + room),
    )


def _draw_points(
    axes: Any, marks: ScoreMarks, arm: int | None, marker: str, face: str, edge: str, size: float
) -> None:
    for used in (True, False):
        chosen = [p for p in marks.points if p.arm == arm and (p.used == used or arm is None)]
        if not chosen or (arm is None and not used):
            continue
        left_out = arm is not None and not used
        axes.scatter(
            [point.day for point in chosen],
            [point.score for point in chosen],
            s=size * (0.45 if left_out else 1.0),
            marker=marker,
            facecolor="none" if left_out and marker != "x" else face,
            **({} if marker == "x" else {"edgecolor": LINE if left_out else edge}),
            linewidths=0.9,
            zorder=3,
            clip_on=False,
        )


def arm_handles(marks: ScoreMarks, size: float, *, mean: str, extra: bool) -> list[Any]:
    """Return the keys of a legend: one per arm, the period's `mean`, other marks that occur."""
    from matplotlib.lines import Line2D

    def key(label: str, **look: Any) -> Any:
        return Line2D([], [], ls=look.pop("ls", ""), ms=size, label=label, **look)

    keys = [
        key(name, marker=style.marker, mfc=style.face, mec=style.edge)
        for name, style in zip(marks.arms, ARM_STYLES, strict=False)
    ]
    if any(band.mean is not None for band in marks.bands):
        keys.append(key(mean, ls="-", color="black", lw=2.2))
    if extra and any(point.arm is None for point in marks.points):
        keys.append(key(words.OUTSIDE_PERIODS, marker="x", mec=LINE))
    if extra and any(point.arm is not None and not point.used for point in marks.points):
        keys.append(key(words.NOT_ANALYSED, marker="o", mfc="none", mec=LINE))
    return keys


def person_figure(marks: ScoreMarks, *, width: float, height: float, says: str) -> Picture:
    """Return the person's own scores, period by period, in large type.

    Parameters
    ----------
    marks : ScoreMarks
        What is drawn; scores outside the periods are left out.
    width, height : float
        In inches.
    says : str
        The sentence that says the same, in plain words.
    """
    from matplotlib.ticker import MaxNLocator

    name = "own-scores"
    with canvas(name, width, height, size=12) as figure:
        axes = figure.subplots()
        draw_scores(axes, _inside(marks), point_size=34 if len(marks.points) < 60 else 14)
        axes.set_xlim(marks.bands[0].first_day - 0.5, marks.bands[-1].last_day + 0.5)
        axes.set_xticks(
            [(band.first_day + band.last_day) / 2 for band in marks.bands],
            [
                words.numbered_period(number=1) if band.number == 1 else str(band.number)
                for band in marks.bands
            ],
        )
        axes.tick_params(axis="x", length=0)
        # The picture is low: more numbers than these would run into one another.
        axes.yaxis.set_major_locator(MaxNLocator(nbins=2, min_n_ticks=2, integer=True))
        axes.set_ylabel(words.SCORE)
        figure.legend(
            handles=arm_handles(_inside(marks), 8, mean=words.AVERAGE, extra=False),
            loc="outside upper left",
            ncols=2 if len(marks.arms) > 2 or sum(map(len, marks.arms)) > 55 else 3,
            borderaxespad=0.2,
            handletextpad=0.4,
            columnspacing=1.4,
        )
        return Picture(svg=figure.svg().decode(), says=says)


def _inside(marks: ScoreMarks) -> ScoreMarks:
    return replace(marks, points=tuple(point for point in marks.points if point.arm is not None))


def label_periods(axes: Any, marks: ScoreMarks) -> None:
    """Write the number of every period at the top of its band, above all scores."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.1 * (high - low))
    for band in marks.bands:
        axes.text(
            (band.first_day + band.last_day) / 2,
            0.985,
            str(band.number),
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="top",
            color=GREY,
            weight="bold",
        )
    axes.text(
        0.0,
        1.02,
        words.PERIOD,
        transform=axes.transAxes,
        ha="left",
        va="bottom",
        color=INK,
        size="small",
    )
