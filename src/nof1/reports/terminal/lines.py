"""The layout of lines for a terminal: how wide they are, and what stands below what."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

WIDTH = 88
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def wrapped(text: str, *, first: str = "", later: str = "") -> Iterator[str]:
    """Yield a text in lines, a number on one line with its sign of percent.

    Parameters
    ----------
    text : str
        Sentences.
    first, later : str
        What the first line, and all others, begin with.
    """
    together = text.replace(" %", f"{_NO_BREAK_SPACE}%")
    for line in textwrap.wrap(together, WIDTH, initial_indent=first, subsequent_indent=later):
        yield line.replace(_NO_BREAK_SPACE, " ")


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows of cells as lines: names to the left, numbers to the right, the rest after."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(w) for cell, w in zip(row[1:-1], widths[1:-1], strict=True)]
        yield f"    {'  '.join(cells)}  {row[-1]}".rstrip()
