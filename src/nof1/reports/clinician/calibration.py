"""The clinician's report: how often this method errs in simulated trials like this one."""

from __future__ import annotations

from nof1.calibration.likeness import Likeness, likeness
from nof1.calibration.scenarios import EFFECT, PERIOD_DAYS, SCORINGS, Situation
from nof1.reports.layout.elements import Bullets, Element, Section, Text
from nof1.reports.report_input import ReportInput
from nof1.words import clinician as words
from nof1.words import verdicts
from nof1.words.caution import sentences


def calibration_section(story: ReportInput) -> Section | None:
    """Return the measured error rates nearest to this trial; None without the exact posterior."""
    nearest = likeness(
        story.primary,
        story.data,
        story.data.masked.series[0],
        story.protocol.analysis,
        story.protocol.decision,
    )
    if nearest is None:
        return None
    elements: tuple[Element, ...] = (Text(_rates(nearest)), Text(_here(nearest)))
    if nearest.cautions:
        elements = (*elements, Bullets(sentences(nearest.cautions)))
    return Section("calibration", words.CALIBRATION, elements)


def _rates(likeness: Likeness) -> str:
    situation, scoring = likeness.situation, SCORINGS[likeness.situation.scores]
    none, mcid, twice = (likeness.helps_meaningfully[effect] for effect in EFFECT)
    return words.measured_rates(
        trials=likeness.trials,
        trial=_described(situation),
        coverage=likeness.coverage,
        verdict=verdicts.TITLES["helps-meaningfully"],
        none=none,
        mcid=mcid,
        twice=twice,
        mcid_in_sd=scoring.mcid / scoring.sigma,
    )


def _described(situation: Situation) -> str:
    return words.simulated_trial(
        scores=words.HOW_OFTEN[situation.scores],
        missing=situation.missing,
        cycles=situation.cycles,
        period_days=PERIOD_DAYS,
        phi=situation.phi,
        shift=situation.shift,
        half_life=situation.half_life,
    )


def _here(likeness: Likeness) -> str:
    here = likeness.here
    return words.posterior_means(phi=here.phi, shift=here.shift, half_life=here.half_life)
