"""What all figures share: one palette that survives grey print, one font, stable bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nof1.figures.drawn_figure import DrawnFigure

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
def canvas(name: str, width: float, height: float, *, size: float) -> Iterator[DrawnFigure]:
    """Give a figure of `width` by `height` inches with text of `size` points.

    `name` is the salt of the identifiers inside the SVG, which keeps its bytes the same.
    """
    import matplotlib as mpl
    from matplotlib import font_manager

    from nof1.figures.drawn_figure import DrawnFigure

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
        # Names have signs of dollars, which are no mathematics.
        "text.parse_math": False,
        "legend.frameon": False,
        "xtick.color": "black",
        "ytick.color": "black",
    }
    with mpl.rc_context(settings):
        yield DrawnFigure(
            name=name, settings=settings, figsize=(width, height), layout="constrained"
        )
