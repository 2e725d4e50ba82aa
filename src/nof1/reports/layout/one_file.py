"""A report as one HTML file that asks the network for nothing.

What it shows is a view, of which the PDF (``templates/report.typ``) is made as well:

=========  ======================================================================
language   of the words
name       what kind of report it is
title      of this one
byline     short facts above the title, in HTML
question   below the title, in HTML
under      the same in print, with what else belongs there
verdict    the answer in a sentence
head       left and right mark above every printed page
foot       mark below; beside it stand the words ``pages`` (Page, of)
sections   each as `nof1.reports.layout.elements.as_data` gives it
=========  ======================================================================
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nof1.reports.layout.unbroken import unbroken
from nof1.words import office

_HERE = Path(__file__).parents[1]


def one_file(view: Mapping[str, Any]) -> str:
    """Return the page of a view, fonts and pictures inside."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["svg"] = lambda picture: Markup(_inline(picture["svg"])).replace(
        "<svg", Markup('<svg role="img" aria-label="{}"').format(picture["says"]), 1
    )
    fonts = {
        weight: base64.b64encode((_HERE / "fonts" / file).read_bytes()).decode()
        for weight, file in (
            ("400", "AtkinsonHyperlegibleNext_400Regular.ttf"),
            ("700", "AtkinsonHyperlegibleNext_700Bold.ttf"),
        )
    }
    return environment.get_template("report.html.j2").render(
        view=unbroken(view), contents=office.CONTENTS, fonts=fonts
    )


def _inline(svg: str) -> str:
    """Return an SVG without the names HTML knows by itself and the size the page decides."""
    head, rest = svg.split(">", 1)
    head = re.sub(r'\s(xmlns(:xlink)?|width|height)="[^"]*"', "", head)
    return f"{head}>{rest}"
