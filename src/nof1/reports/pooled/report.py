"""The report of a pooled analysis: many persons' own trials, as PDF and as one HTML file."""

from __future__ import annotations

from datetime import date
from typing import Any

from nof1.pooling.cautions import severe_harms
from nof1.provenance import software
from nof1.reports.layout.elements import Section, as_data
from nof1.reports.layout.one_file import one_file
from nof1.reports.layout.typesetting import Paper, timestamp_of, typeset
from nof1.reports.pooled.answer import (
    answer_section,
    heterogeneity_section,
    next_section,
    verdict_sentences,
)
from nof1.reports.pooled.assumptions import (
    contrasts_section,
    frequentist_section,
    moderators_section,
    sensitivity_section,
)
from nof1.reports.pooled.cent import cent_section, flow_section
from nof1.reports.pooled.conduct import (
    excluded_section,
    limits_section,
    provenance_section,
    trials_section,
    warnings_section,
)
from nof1.reports.pooled.persons import funnel_section, persons_section
from nof1.reports.pooled.report_input import PooledReportInput
from nof1.words import language, office, person
from nof1.words import pooled_answer as wording
from nof1.words.caution import sentences

#: A pooled file has no date, but a PDF must have one: one that nobody takes for its own.
NO_DAY = date(1970, 1, 1)


def pooled_view(story: PooledReportInput) -> dict[str, Any]:
    """Return everything the report says, for both forms alike."""
    persons = wording.persons(story.fit.n_persons)
    return {
        "language": language.SPOKEN,
        "name": wording.NAME,
        "title": title(story),
        "question": _question(story),
        "first": {"title": office.FIRST, "lines": list(sentences(severe_harms(story.fit.conduct)))},
        "verdict": verdict_sentences(story),
        "byline": [wording.NAME, persons],
        "under": [_question(story)],
        "head": [wording.NAME, persons],
        "foot": f"{software()}. {office.NO_DEVICE}",
        "pages": person.PAGES,
        "sections": [as_data(section) for section in _sections(story)],
    }


def title(story: PooledReportInput) -> str:
    """Return the title of the report."""
    return wording.title(story.compared)


def _question(story: PooledReportInput) -> str:
    fit = story.fit
    return wording.question(
        outcome=fit.outcome,
        low=fit.scale.low,
        high=fit.scale.high,
        unit=fit.unit,
        better=fit.better,
        size=story.size,
    )


def _sections(story: PooledReportInput) -> list[Section]:
    sections = (
        answer_section(story),
        warnings_section(story),
        next_section(story),
        heterogeneity_section(story),
        funnel_section(story),
        persons_section(story),
        moderators_section(story),
        contrasts_section(story),
        sensitivity_section(story),
        frequentist_section(story),
        flow_section(story),
        trials_section(story),
        excluded_section(story),
        limits_section(story),
        cent_section(story),
        provenance_section(story),
    )
    return [section for section in sections if section is not None]


def pooled_pdf(view: dict[str, Any], *, paper: Paper = "a4") -> bytes:
    """Return the report as a PDF.

    Parameters
    ----------
    view : dict
        What `pooled_view` gave.
    paper : {"a4", "letter"}
        Size of the sheet.
    """
    return typeset(
        "report",
        view,
        title=f"{view['name']}: {view['title']}",
        timestamp=timestamp_of(NO_DAY),
        paper=paper,
    )


def pooled_html(view: dict[str, Any]) -> str:
    """Return the same report as one HTML file that asks the network for nothing."""
    return one_file(view)
