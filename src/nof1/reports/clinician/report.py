"""The clinician's report: one view of the finished trial, as PDF and as one HTML file."""

from __future__ import annotations

from typing import Any

from nof1.provenance import software
from nof1.reports.clinician.answer import (
    answer_section,
    engines_section,
    secondary_section,
    verdict_sentence,
)
from nof1.reports.clinician.calibration import calibration_section
from nof1.reports.clinician.carryover import carryover_section, sensitivity_section
from nof1.reports.clinician.checked import checked_section
from nof1.reports.clinician.conduct import (
    covariates_section,
    design_section,
    harms_section,
    severe_lines,
)
from nof1.reports.clinician.limits import limits_section, provenance_section
from nof1.reports.clinician.population import population_section
from nof1.reports.clinician.promises import promise_section
from nof1.reports.clinician.reliability import diagnostics_section, warnings_section
from nof1.reports.layout.elements import Section, as_data
from nof1.reports.layout.one_file import one_file
from nof1.reports.layout.typesetting import Paper, timestamp_of, typeset
from nof1.reports.pages.source import full_day_text
from nof1.reports.report_input import ReportInput
from nof1.words import clinician as words
from nof1.words import language, office, person


def clinician_view(story: ReportInput) -> dict[str, Any]:
    """Return everything the report says, for both forms alike."""
    participant = words.participant(code=story.schedule.participant)
    day = full_day_text(story.unsealing.when)
    return {
        "language": language.SPOKEN,
        "name": words.NAME,
        "title": story.protocol.title,
        "question": story.protocol.question,
        "first": {"title": office.FIRST, "lines": severe_lines(story)},
        "verdict": verdict_sentence(story, story.primary.primary),
        "byline": [words.NAME, participant, day],
        "under": [story.protocol.question, day],
        "head": [words.NAME, participant],
        "foot": f"{software()}. {office.NO_DEVICE}",
        "pages": person.PAGES,
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
        checked_section(story),
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
        "report",
        clinician_view(story),
        title=f"{words.NAME}: {story.protocol.title}",
        timestamp=timestamp_of(story.unsealing.when),
        paper=paper,
    )


def clinician_html(story: ReportInput) -> str:
    """Return the same report as one HTML file that asks the network for nothing."""
    return one_file(clinician_view(story))
