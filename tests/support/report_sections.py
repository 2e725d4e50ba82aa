"""The words and tables of a section of a report."""

from __future__ import annotations

from nof1.reports.layout.elements import Element, Section, Table
from support.printed import texts


def said(section: Section) -> str:
    """Return every word of a section, pictures aside."""
    parts = [text for element in section.elements for text in texts(_plain(element))]
    return " ".join(parts).replace("\N{NO-BREAK SPACE}", " ")


def _plain(element: Element) -> list[object]:
    slots = [getattr(element, name) for name in type(element).__slots__ if name != "picture"]
    return [slot for slot in slots if not isinstance(slot, int)]


def tables(section: Section) -> list[Table]:
    return [element for element in section.elements if isinstance(element, Table)]
