"""The words and tables of a section of a report."""

from __future__ import annotations

from nof1.reports.layout.elements import Block, Section, Table
from support.printed import texts


def said(section: Section) -> str:
    """Return every word of a section, pictures aside."""
    parts = [text for block in section.blocks for text in texts(_plain(block))]
    return " ".join(parts).replace("\N{NO-BREAK SPACE}", " ")


def _plain(block: Block) -> list[object]:
    slots = [getattr(block, name) for name in type(block).__slots__ if name != "picture"]
    return [slot for slot in slots if not isinstance(slot, int)]


def tables(section: Section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]
