"""Scales in words: ends and unit of everything that is written down as a number."""

from __future__ import annotations

from nof1.protocol.covariates import Covariate
from nof1.protocol.outcome import Outcome
from nof1.words import figures
from nof1.words import office as office_words
from nof1.words import pages as words


def scale_ends(outcome: Outcome) -> list[str]:
    """Return the two ends of a scale in words, ``0 = not at all``; unlabelled, ``0 = lowest``."""
    scale = outcome.measure
    return [
        words.END_OF_SCALE.format(value=f"{value:g}", label=label)
        for value, label in (
            (scale.low, outcome.low_label or words.LOWEST),
            (scale.high, outcome.high_label or words.HIGHEST),
        )
    ]


def scale_said(outcome: Outcome) -> str:
    """Return ends and unit of a scale, ``0 to 7 hours``, with the words for its ends if any."""
    scale = outcome.measure
    parts = {"low": f"{scale.low:g}", "high": f"{scale.high:g}", "unit": outcome.unit}
    if not (outcome.low_label or outcome.high_label):
        return words.RANGE.format(**parts)
    return words.RANGE_WORDS.format(ends=", ".join(scale_ends(outcome)), **parts)


def scale_for_office(outcome: Outcome) -> str:
    """Return the same with its better direction, for who reads scores rather than gives them."""
    return office_words.SCALE.format(
        scale=scale_said(outcome), is_better=figures.IS_BETTER[outcome.measure.better]
    )


def covariate_said(covariate: Covariate) -> str:
    """Return the name of a covariate with its ends and unit: ``Coffee (0 to 20 cups)``."""
    if covariate.kind == "yes-no":
        return covariate.title
    low, high = covariate.ends
    said = words.RANGE.format(low=f"{low:g}", high=f"{high:g}", unit=covariate.unit).strip()
    return f"{covariate.title} ({said})"
