"""A figure of matplotlib that gives the bytes of the reports, whoever asks for them and when."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

#: Dots per inch of a PNG file, and of the picture that a notebook shows.
DPI, IN_A_NOTEBOOK = 200, 110


class DrawnFigure(Figure):
    """A figure with the settings it was drawn with.

    Parameters
    ----------
    name : str
        Marks the identifiers inside the SVG.
    settings : mapping of str to object
        Of matplotlib, for drawing it again.
    **options
        As for `matplotlib.figure.Figure`.
    """

    def __init__(self, *, name: str, settings: Mapping[str, object], **options: Any) -> None:
        super().__init__(**options)
        self._name = name
        self._settings = dict(settings)

    def svg(self) -> bytes:
        """Return the figure as one ``<svg>`` element that needs no font and no other file."""
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        text = self._saved(format="svg", metadata=nothing, transparent=True).decode()
        text = text[text.index("<svg") :].strip()
        # Several figures share one page, where every identifier must be of its own.
        text = re.sub(r'\bid="', f'id="{self._name}-', text)
        return re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{self._name}-", text).encode()

    def png(self, dpi: float = DPI) -> bytes:
        """Return the figure as a PNG file, on white."""
        return self._saved(format="png", dpi=dpi, metadata={"Software": None})

    def _saved(self, **options: Any) -> bytes:
        """Return the bytes of a file.

        The layout moves a little with every drawing, so that each is of a copy.
        """
        file = io.BytesIO()
        with mpl.rc_context(self._settings):
            deepcopy(self).savefig(file, **options)
        return file.getvalue()

    def notebook_png(self) -> bytes:
        """Return the PNG file that a notebook shows."""
        return self.png(IN_A_NOTEBOOK)

    def _repr_png_(self) -> bytes:
        """Return what a notebook shows."""
        return self.notebook_png()
