"""The clinician's report: what to read before relying on it, and whether the model fits."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.inference.checks.diagnostics import Diagnostics
from nof1.inference.fits import NOTABLE_P
from nof1.reports.blinding import guesses_said
from nof1.reports.layout.elements import Bullets, Element, Section, Text
from nof1.reports.report_input import ReportInput
from nof1.words import clinician as words

#: Standard deviations from which on a residual is worth a word.
NOTABLE_RESIDUAL = 3.0


def warnings_section(story: ReportInput) -> Section:
    """Return what the analysis warns of, disagreement of engines included."""
    warnings = [*story.primary.warnings]
    guessed = guesses_said(story.blind, story.protocol)
    if guessed and not any(warning.startswith(guessed) for warning in warnings):
        warnings.append(guessed)
    element: Element = Bullets(tuple(warnings)) if warnings else Text(words.NO_WARNING)
    return Section("warnings", words.WARNINGS, (element,))


def diagnostics_section(story: ReportInput) -> Section:
    """Return the residual checks in words."""
    diagnostics = story.diagnostics
    said = (words.TOO_FEW,) if diagnostics is None else tuple(_checks(diagnostics))
    return Section("diagnostics", words.DIAGNOSTICS, (Bullets(said),))


def _checks(diagnostics: Diagnostics) -> Iterator[str]:
    yield words.correlation_left(
        lag_one=diagnostics.lag_one,
        p=diagnostics.ljung_box_p,
        notable=diagnostics.ljung_box_p < NOTABLE_P,
    )
    yield words.normal_residuals(
        p=diagnostics.normality_p, notable=diagnostics.normality_p < NOTABLE_P
    )
    largest = abs(diagnostics.largest)
    yield words.largest_residual(
        size=largest, day=diagnostics.largest_day, notable=largest > NOTABLE_RESIDUAL
    )
