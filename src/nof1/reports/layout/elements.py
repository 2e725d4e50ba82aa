"""What a report is made of: sections of text, tables and pictures, without layout."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from nof1.figures.drawing import Picture


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    kind: ClassVar[str] = "bullets"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with what they stand for."""

    kind: ClassVar[str] = "facts"
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; the first column heads its rows.

    Attributes
    ----------
    caption : str
        What it shows.
    columns : tuple of str
        Heads.
    rows : tuple of tuple of str
        As many cells as there are heads.
    widths : tuple of int
        Relative widths in print; 0 for as wide as its words.
    note : str
        Small print below; may be empty.
    """

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    note: str = ""

    def __post_init__(self) -> None:
        for row in (self.widths, *self.rows):
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} cells for {len(self.columns)} columns: {row}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture with its caption."""

    kind: ClassVar[str] = "figure"
    picture: Picture
    caption: str


Element = Text | Bullets | Facts | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it.

    Attributes
    ----------
    code : str
        Short name, for links.
    title : str
        The heading.
    elements : tuple of Element
        In order.
    """

    code: str
    title: str
    elements: tuple[Element, ...] = field(default=())


def as_data(section: Section) -> dict[str, Any]:
    """Return a section as JSON can carry it, every element with its kind."""
    return {
        "code": section.code,
        "title": section.title,
        "elements": [{"kind": element.kind, **asdict(element)} for element in section.elements],
    }
