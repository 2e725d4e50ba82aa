"""The way from what was received to what was pooled, as boxes with arrows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nof1.figures.drawing import GREY, INK, PALE, Picture, canvas

#: Height of a line of text, of the space inside a box around it, and between boxes, in inches.
LINE_HEIGHT, PADDING, GAP = 0.19, 0.11, 0.26


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A box of the main column, and what leaves the column before the next one.

    Attributes
    ----------
    lines : tuple of str
        Its text, the first line stronger.
    leaving : tuple of str
        Text of the box at the side; empty where nothing leaves.
    """

    lines: tuple[str, ...]
    leaving: tuple[str, ...] = ()

    @property
    def height(self) -> float:
        """Return the height of the box in inches."""
        return box_height(self.lines)

    @property
    def room(self) -> float:
        """Return the space below it in inches, for what leaves."""
        return box_height(self.leaving) + 2 * 0.1 if self.leaving else GAP


def box_height(lines: tuple[str, ...]) -> float:
    """Return the height of a box with these lines, in inches."""
    return LINE_HEIGHT * len(lines) + 2 * PADDING


def flow_figure(steps: tuple[Step, ...], *, width: float, says: str) -> Picture:
    """Return the steps from top to bottom, with what leaves at the right.

    Parameters
    ----------
    steps : tuple of Step
        What is drawn.
    width : float
        In inches; the height follows from the lines.
    says : str
        The sentence that says the same.
    """
    name = "flow"
    height = sum(step.height for step in steps) + sum(step.room for step in steps[:-1]) + 0.1
    with canvas(name, width, height, size=9.5) as figure:
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.axis("off")
        middle, top = 0.27 * width, 0.05
        for place, step in enumerate(steps):
            _box(axes, step.lines, (0.02, top), 0.5 * width, face=PALE)
            top += step.height
            if place < len(steps) - 1:
                _arrow(axes, (middle, top), (middle, top + step.room))
                if step.leaving:
                    at = top + step.room / 2
                    _arrow(axes, (middle, at), (0.56 * width, at))
                    _box(axes, step.leaving, (0.56 * width, top + 0.1), 0.43 * width, face="white")
                top += step.room
        return Picture(svg=figure.svg().decode(), says=says)


def _box(
    axes: Any, lines: tuple[str, ...], corner: tuple[float, float], width: float, *, face: str
) -> None:
    from matplotlib.patches import Rectangle

    left, top = corner
    axes.add_patch(
        Rectangle(corner, width, box_height(lines), facecolor=face, edgecolor=INK, lw=1.0)
    )
    for place, line in enumerate(lines):
        axes.text(
            left + 0.1,
            top + PADDING + LINE_HEIGHT * (place + 0.5),
            line,
            va="center_baseline",
            weight="normal" if place else "bold",
            color="black" if place else INK,
        )


def _arrow(axes: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate(
        "", xy=end, xytext=start,
        arrowprops={"arrowstyle": "-|>", "color": GREY, "lw": 1.0, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
