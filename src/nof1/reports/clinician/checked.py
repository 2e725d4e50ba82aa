"""The clinician's report: what was held against what when it was made, and what stays open."""

from __future__ import annotations

from nof1.reports.layout.elements import Facts, Section
from nof1.reports.report_input import ReportInput
from nof1.words import course as words


def checked_section(story: ReportInput) -> Section:
    """Return what agreed, what differed, what was not compared, and what nothing here shows."""
    said = [
        (
            head,
            " ".join(
                comparison.said
                for comparison in story.compared.made
                if comparison.outcome == outcome
            ),
        )
        for outcome, head in words.OUTCOMES.items()
    ]
    said.append((words.CANNOT_SHOW, " ".join(story.compared.cannot_show)))
    return Section("checked", words.CHECKED, (Facts(tuple(row for row in said if row[1])),))
