"""Typesetting: a template and data in, one PDF out, the same bytes every time.

Templates and the shared style (``page.typ``) lie in ``templates/``, the fonts in ``fonts/``. Every
PDF is tagged (PDF/UA-1) and made to be kept (PDF/A-2a). All words travel as JSON, never as Typst
source, so that no text of a protocol is ever read as markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from nof1.errors import Fault, InputError, Nof1Error
from nof1.reports.layout.unbroken import unbroken

Paper = Literal["a4", "letter"]

_HERE = Path(__file__).parents[1]
_TEMPLATES = _HERE / "templates"
_FONTS = _HERE / "fonts"

#: A keyword of every page, which tells it from files of the user's.
MADE_BY = "nof1"


def typeset(
    template: str,
    data: Mapping[str, Any],
    *,
    title: str,
    timestamp: datetime,
    paper: Paper = "a4",
    large: bool = False,
    keywords: tuple[str, ...] = (),
) -> bytes:
    """Return the PDF of a template filled with data.

    Parameters
    ----------
    template : str
        Name of a file in ``templates/`` without ``.typ``.
    data : mapping
        What the template prints; anything JSON can carry. The template finds it as ``data``.
    title : str
        Title of the document, shown by PDF readers; names no arm before the unsealing.
    timestamp : datetime
        Creation date in the document's properties; derive it from the trial (`timestamp_of`), not
        from the clock, so that the same trial gives the same bytes.
    paper : {"a4", "letter"}
        Size of the sheet.
    large : bool
        Large print: at least 18 points for what the person reads.
    keywords : tuple of str
        Keywords in the document's properties, beside `MADE_BY`.

    Raises
    ------
    InputError
        If a text has a character that the shipped font lacks.
    Nof1Error
        If the template does not compile, or only with warnings.
    """
    import typst

    sheet = {"title": title, "paper": paper, "large": large, "keywords": (MADE_BY, *keywords)}
    filled = json.dumps(
        {"data": unbroken(data), "sheet": sheet}, ensure_ascii=False, allow_nan=False
    )
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(_TEMPLATES / f"{template}.typ"),
            root=str(_TEMPLATES),
            font_paths=[str(_FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"filled": filled},
            pdf_standards=["ua-1", "a-2a"],
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise _explained(title, error) from error
    if warnings:
        messages = "; ".join(str(warning.message) for warning in warnings)
        raise Nof1Error(f"the template {template!r} compiles only with warnings: {messages}")
    if not isinstance(pdf, bytes):
        raise Nof1Error(f"the template {template!r} gave no single PDF")
    return pdf


def timestamp_of(day: date) -> datetime:
    """Return the timestamp of pages that belong to a day: its midnight, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _explained(title: str, error: Any) -> Nof1Error:
    """Return what a typesetting error means to the user."""
    message = str(error.message)
    missing = re.search(r"the text `(.+?)` could not be displayed", message)
    if missing:
        return InputError(
            Fault(
                title,
                f"the shipped font cannot print {missing.group(1)}",
                "Write it in Latin letters, without symbols.",
            )
        )
    hints = " ".join(str(hint) for hint in error.hints)
    return Nof1Error(f"could not typeset {title!r}: {message} {hints}".strip())
