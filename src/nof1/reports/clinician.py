"""The clinician's report: one view of the finished trial, as PDF and as one HTML file."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

from nof1.provenance import software
from nof1.reports.blocks import Section, as_data
from nof1.reports.clinician_answer import (
    answer_section,
    engines_section,
    secondary_section,
    verdict_sentence,
)
from nof1.reports.clinician_calibration import calibration_section
from nof1.reports.clinician_carryover import carryover_section, sensitivity_section
from nof1.reports.clinician_conduct import (
    covariates_section,
    design_section,
    diagnostics_section,
    harms_section,
    limits_section,
    promise_section,
    provenance_section,
    warnings_section,
)
from nof1.reports.clinician_population import population_section
from nof1.reports.pages.source import full_day_text
from nof1.reports.story import ReportInput
from nof1.reports.typesetting import Paper, timestamp_of, typeset

NAME = "Clinician's report"
NO_DEVICE = "Not a medical device: it informs a decision and does not make one."

_HERE = Path(__file__).parent


def clinician_view(story: ReportInput) -> dict[str, Any]:
    """Return everything the report says, for both forms alike."""
    return {
        "language": "en",
        "name": NAME,
        "title": story.protocol.title,
        "question": story.protocol.question,
        "verdict": verdict_sentence(story, story.primary.primary),
        "person": story.schedule.participant,
        "date": full_day_text(story.unsealing.when),
        "head": [NAME, f"Participant {story.schedule.participant}"],
        "foot": f"{software()}. {NO_DEVICE}",
        "pages": ("Page", "of"),
        "sections": [as_data(section) for section in _sections(story)],
    }


def _sections(story: ReportInput) -> list[Section]:
    sections = (
        answer_section(story),
        warnings_section(story),
        design_section(story),
        harms_section(story),
        engines_section(story),
        population_section(story),
        calibration_section(story),
        covariates_section(story),
        carryover_section(story),
        sensitivity_section(story),
        secondary_section(story),
        diagnostics_section(story),
        limits_section(story),
        promise_section(story),
        provenance_section(story),
    )
    return [section for section in sections if section is not None]


def clinician_pdf(story: ReportInput, *, paper: Paper = "a4") -> bytes:
    """Return the clinician's report as a PDF.

    Parameters
    ----------
    story : ReportInput
        The finished trial.
    paper : {"a4", "letter"}
        Size of the sheet.
    """
    return typeset(
        "clinician_report",
        clinician_view(story),
        title=f"{NAME}: {story.protocol.title}",
        timestamp=timestamp_of(story.unsealing.when),
        paper=paper,
    )


def clinician_html(story: ReportInput) -> str:
    """Return the same report as one HTML file that asks the network for nothing."""
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
    template = environment.get_template("clinician_report.html.j2")
    return template.render(view=clinician_view(story), fonts=fonts)


def _inline(svg: str) -> str:
    """Return an SVG without the names HTML knows by itself and the size the page decides."""
    head, rest = svg.split(">", 1)
    head = re.sub(r'\s(xmlns(:xlink)?|width|height)="[^"]*"', "", head)
    return f"{head}>{rest}"
