"""The measured error rates as figures for the documentation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nof1.calibration.self_consistency import Consistency
from nof1.calibration.table import CellResult
from nof1.figures.drawing import GREY, INK, LINE, PALE, Picture, canvas
from nof1.words import figures as words

#: Every method, ours first.
METHODS = ("quadrature", "randomisation", "paired", "reml", "ar1", "days")
OTHERS = ("ar1", "days")
OTHERS_INK = "#b3541e"
_SHIFTS = (0.0, 0.3, 0.6)


def pit_figure(consistency: Consistency, *, width: float = 7.1) -> Picture:
    """Return the histogram of the PITs of every parameter, with the band that chance allows."""
    every = consistency["all"]
    with canvas("pit", width, 1.6, size=8) as figure:
        for axes, (name, uniformity) in zip(
            figure.subplots(1, len(every), sharey=True), every.items(), strict=True
        ):
            n_bins = len(uniformity.bins)
            expected = uniformity.n / n_bins
            error = (expected * (1 - 1 / n_bins)) ** 0.5
            axes.axhspan(1 - 3 * error / expected, 1 + 3 * error / expected, color=PALE, lw=0)
            edges = np.linspace(0, 1, n_bins + 1)
            axes.stairs(
                np.array(uniformity.bins) / expected, edges, baseline=None, color=INK, lw=1.2
            )
            axes.set_title(words.PARAMETERS[name], size=8)
            axes.set_xlim(0, 1)
            axes.set_ylim(0.7, 1.3)
            axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
        return Picture(
            svg=figure.svg().decode(),
            says=words.PIT_SAYS,
        )


def coverage_figure(rows: Sequence[CellResult], *, width: float = 7.1) -> Picture:
    """Return the coverage of the 95 % interval in every cell, by method and period shifts."""
    return _spreads(
        rows,
        name="coverage",
        figure_of=lambda row: 100 * row.coverage,
        methods=[name for name in METHODS if name != "randomisation"],
        label=words.COVERAGE,
        limits=(10, 102),
        aim=95.0,
        width=width,
        says=words.COVERAGE_SAYS,
    )


def type_one_figure(rows: Sequence[CellResult], *, width: float = 7.1) -> Picture:
    """Return the type I error in every cell without an effect, by method and period shifts."""
    return _spreads(
        [row for row in rows if row.cell.effect == 0],
        name="type-one",
        figure_of=lambda row: 100 * row.rejection,
        methods=METHODS,
        label=words.TYPE_ONE,
        limits=(-1, 65),
        aim=5.0,
        width=width,
        says=words.TYPE_ONE_SAYS,
    )


def _spreads(
    rows: Sequence[CellResult],
    *,
    name: str,
    figure_of: Callable[[CellResult], float],
    methods: Sequence[str],
    label: str,
    limits: tuple[float, float],
    aim: float,
    width: float,
    says: str,
) -> Picture:
    """Return one panel for each size of shifts, and in it the spread of the cells by method."""
    with canvas(name, width, 0.75 + 0.32 * len(methods), size=8) as figure:
        panels = figure.subplots(1, len(_SHIFTS), sharey=True, sharex=True)
        for axes, shift in zip(panels, _SHIFTS, strict=True):
            axes.axvline(aim, color=GREY, lw=0.8, zorder=1)
            for place, method in enumerate(methods):
                values = [
                    figure_of(row)
                    for row in rows
                    if row.method == method and row.ran and row.cell.situation.shift == shift
                ]
                _spread(axes, place, values, ours=method not in OTHERS)
            axes.set_title(words.shifts(size=shift), size=8)
            axes.set_xlim(*limits)
            axes.set_ylim(len(methods) - 0.4, -0.6)
            axes.grid(axis="x", color=LINE, lw=0.4)
            axes.set_axisbelow(True)
        panels[0].set_yticks(range(len(methods)), [words.METHODS[method] for method in methods])
        panels[1].set_xlabel(label)
        return Picture(svg=figure.svg().decode(), says=says)


def _spread(axes: Any, place: float, values: Sequence[float], *, ours: bool) -> None:
    """Draw the cells of one method: thin from the least to the most, thick for four in five."""
    colour = INK if ours else OTHERS_INK
    low, high = np.quantile(values, [0.1, 0.9])
    axes.plot([min(values), max(values)], [place, place], color=colour, lw=1.0)
    axes.plot([low, high], [place, place], color=colour, lw=5, solid_capstyle="butt", alpha=0.7)
    axes.plot([np.mean(values)], [place], "o", ms=4.5, mfc="white", mec=colour)
