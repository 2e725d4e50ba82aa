"""The clinician's report: what to read before relying on it, and whether the model fits."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.inference.checks.diagnostics import Diagnostics
from nof1.reports.blinding import guesses_said
from nof1.reports.layout.elements import Block, Bullets, Section, Text
from nof1.reports.report_input import ReportInput
from nof1.words.numbers import p_value

#: p-value below which a residual check is worth a word, and a residual that is.
NOTABLE_P, NOTABLE_RESIDUAL = 0.05, 3.0


def warnings_section(story: ReportInput) -> Section:
    """Return what the analysis warns of, disagreement of engines included."""
    warnings = [*story.primary.warnings]
    guessed = guesses_said(story.blind, story.protocol)
    if guessed and not any(warning.startswith(guessed) for warning in warnings):
        warnings.append(guessed)
    block: Block = Bullets(tuple(warnings)) if warnings else Text("The analysis gave no warning.")
    return Section("warnings", "Read before you rely on it", (block,))


def diagnostics_section(story: ReportInput) -> Section:
    """Return the residual checks in words."""
    diagnostics = story.diagnostics
    said = (
        ("There were too few scores to check the residuals.",)
        if diagnostics is None
        else tuple(_checks(diagnostics))
    )
    return Section("diagnostics", "Does the model fit?", (Bullets(said),))


def _checks(diagnostics: Diagnostics) -> Iterator[str]:
    left = diagnostics.ljung_box_p < NOTABLE_P
    yield (
        f"Correlation left between neighbouring residuals: {diagnostics.lag_one:.2f} (Ljung-Box "
        f"{p_value(diagnostics.ljung_box_p)}). "
        + (
            "The noise is not fully described: intervals may be too narrow."
            if left
            else "None to speak of."
        )
    )
    yield f"Normal residuals: Jarque-Bera {p_value(diagnostics.normality_p)}. " + (
        "They depart from normal; compare the randomisation test, which does not need it."
        if diagnostics.normality_p < NOTABLE_P
        else "No sign against it."
    )
    yield (
        f"Largest residual: {abs(diagnostics.largest):.1f} standard deviations, on day "
        f"{diagnostics.largest_day}."
        + (" Look at that day." if abs(diagnostics.largest) > NOTABLE_RESIDUAL else "")
    )
