"""One hundred icons for a chance: shape and fill differ, so grey print loses nothing."""

from __future__ import annotations

from dataclasses import dataclass

from nof1.figures.drawing import INK, LINE, Picture, canvas, svg_of

ROWS = COLUMNS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class IconMarks:
    """Icons row by row from the top left: True for the first kind, which comes first."""

    first: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= ROWS * COLUMNS:
            raise ValueError(f"{self.first} of {ROWS * COLUMNS} icons")

    @property
    def second(self) -> int:
        """Return the number of icons of the second kind."""
        return ROWS * COLUMNS - self.first

    @property
    def cells(self) -> tuple[tuple[int, int, bool], ...]:
        """Return row, column and kind of every icon."""
        return tuple(
            (row, column, row * COLUMNS + column < self.first)
            for row in range(ROWS)
            for column in range(COLUMNS)
        )


def icon_figure(marks: IconMarks, *, width: float, says: str) -> Picture:
    """Return the icons as a square of `width` inches: full circles, then open squares.

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
    size = (0.68 * width / COLUMNS * 72) ** 2
    with canvas(name, width, width, size=10) as figure:
        axes = figure.subplots()
        for kind, marker, face, edge in ((True, "o", INK, INK), (False, "s", "white", LINE)):
            cells = [(row, column) for row, column, first in marks.cells if first == kind]
            axes.scatter(
                [column for _, column in cells],
                [row for row, _ in cells],
                s=size * (1.0 if kind else 0.72),
                marker=marker,
                facecolor=face,
                edgecolor=edge,
                linewidths=1.1,
            )
        axes.set_xlim(-0.5, COLUMNS - 0.5)
        axes.set_ylim(ROWS - 0.5, -0.5)
        axes.set_aspect("equal")
        axes.axis("off")
        return Picture(svg=svg_of(figure, name), says=says)
