"""One hundred icons for a chance: shape and fill differ, so grey print loses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nof1.figures.drawing import INK, LINE, Picture, canvas

ROWS = COLUMNS = 10

#: Marker, face, edge and size of each kind: full circle, pale circle with a bar, open square.
_KINDS = (("o", INK, INK, 1.0), ("o", "#d5dde6", INK, 1.0), ("s", "white", LINE, 0.72))


@dataclass(frozen=True, slots=True, kw_only=True)
class IconMarks:
    """Icons row by row from the top left.

    Attributes
    ----------
    counts : tuple of int
        How many of each of the three kinds, in this order: full circles, pale circles with a bar,
        open squares.
    """

    counts: tuple[int, int, int]

    def __post_init__(self) -> None:
        if min(self.counts) < 0 or sum(self.counts) != ROWS * COLUMNS:
            raise ValueError(f"{self.counts} are not {ROWS * COLUMNS} icons")

    @property
    def cells(self) -> tuple[tuple[int, int, int], ...]:
        """Return row, column and kind (0, 1, 2) of every icon."""
        kinds = [kind for kind, count in enumerate(self.counts) for _ in range(count)]
        return tuple((*divmod(place, COLUMNS), kind) for place, kind in enumerate(kinds))


def icon_figure(marks: IconMarks, *, width: float, says: str) -> Picture:
    """Return the icons as a square of `width` inches.

    Parameters
    ----------
    marks : IconMarks
        How many of each kind.
    width : float
        In inches.
    says : str
        The sentence that says the same.
    """
    name = "icons"
    with canvas(name, width, width, size=10) as figure:
        _draw_icons(figure.subplots(), marks, (0.68 * width / COLUMNS * 72) ** 2)
        return Picture(svg=figure.svg().decode(), says=says)


def keyed_icon_figure(
    marks: IconMarks, key: tuple[str, str, str], *, width: float, says: str
) -> Picture:
    """Return the icons with the meaning of each kind beside them.

    Parameters
    ----------
    marks : IconMarks
        How many of each kind.
    key : tuple of str
        What each kind stands for, its count included; empty for a kind that is not there.
    width : float
        In inches; the icons take two of them.
    says : str
        The sentence that says the same.
    """
    name, side = "keyed-icons", 2.0
    with canvas(name, width, side, size=11) as figure:
        icons, words = figure.subplots(1, 2, width_ratios=(side, width - side))
        _draw_icons(icons, marks, (0.68 * side / COLUMNS * 72) ** 2)
        lines = [(kind, text) for kind, text in enumerate(key) if text]
        for place, (kind, text) in enumerate(lines):
            height = 0.5 + 0.28 * ((len(lines) - 1) / 2 - place)
            _draw_kind(words, kind, [(0.04, height)], 137.0)
            words.text(0.085, height, text, va="center")
        words.set_xlim(0, 1)
        words.set_ylim(0, 1)
        words.axis("off")
        return Picture(svg=figure.svg().decode(), says=says)


def _draw_icons(axes: Any, marks: IconMarks, size: float) -> None:
    for kind in range(len(_KINDS)):
        _draw_kind(
            axes,
            kind,
            [(column, row) for row, column, cell_kind in marks.cells if cell_kind == kind],
            size,
        )
    axes.set_xlim(-0.5, COLUMNS - 0.5)
    axes.set_ylim(ROWS - 0.5, -0.5)
    axes.set_aspect("equal")
    axes.axis("off")


def _draw_kind(axes: Any, kind: int, places: list[tuple[float, float]], size: float) -> None:
    marker, face, edge, share = _KINDS[kind]
    if not places:
        return
    x, y = zip(*places, strict=True)
    axes.scatter(
        x, y, s=size * share, marker=marker, facecolor=face, edgecolor=edge, linewidths=1.1
    )
    if kind == 1:
        axes.scatter(x, y, s=0.4 * size, marker="_", color=INK, linewidths=1.1)
