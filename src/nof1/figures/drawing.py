"""What all figures share: one palette that survives grey print, one font, stable bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Dark ink, two greys, and the shades of the arms: all differ in lightness.
INK, GREY, LINE, PALE = "#17324d", "#4d5359", "#9aa0a6", "#eceef1"

FONT = "Atkinson Hyperlegible Next"
_FONTS = Path(__file__).parents[1] / "reports" / "fonts"


@dataclass(frozen=True, slots=True)
class ArmStyle:
    """How an arm looks: shape and shade, so that colour is never needed.

    Attributes
    ----------
    marker, face, edge : str
        Of its points.
    band : str
        Of the days it was taken.
    """

    marker: str
    face: str
    edge: str
    band: str


#: The comparator first; a protocol has six arms at most.
ARM_STYLES = (
    ArmStyle("s", "white", "#333333", "white"),
    ArmStyle("o", INK, INK, "#e3e8ee"),
    ArmStyle("^", "#8fa9c4", INK, "#f5efe2"),
    ArmStyle("D", "#c9a227", "#333333", "#eaf0e4"),
    ArmStyle("v", "white", INK, "#f1e6ec"),
    ArmStyle("P", "#333333", "#333333", "#e6e6e6"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A finished figure.

    Attributes
    ----------
    svg : str
        One ``<svg>`` element that needs no font and no other file.
    says : str
        The sentence that says the same.
    """

    svg: str
    says: str


@contextmanager
def canvas(name: str, width: float, height: float, *, size: float) -> Iterator[Any]:
    """Give a figure of `width` by `height` inches with text of `size` points.

    `name` is the salt of the identifiers inside the SVG, which keeps its bytes the same.
    """
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    for file in sorted(_FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(str(file))
    settings = {
        "svg.hashsalt": name,
        "svg.fonttype": "path",
        "font.family": FONT,
        "font.size": size,
        "axes.edgecolor": GREY,
        "axes.labelcolor": "black",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.8,
        "axes.unicode_minus": True,
        "hatch.linewidth": 0.6,
        "legend.frameon": False,
        "xtick.color": "black",
        "ytick.color": "black",
    }
    with mpl.rc_context(settings):
        yield Figure(figsize=(width, height), layout="constrained")


def svg_of(figure: Any, name: str) -> str:
    """Return the figure as one ``<svg>`` element, its identifiers marked with `name`."""
    file = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(file, format="svg", metadata=nothing, transparent=True)
    text = file.getvalue()
    text = text[text.index("<svg") :].strip()
    # Several figures share one page, where every identifier must be of its own.
    text = re.sub(r'\bid="', f'id="{name}-', text)
    return re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", text)
