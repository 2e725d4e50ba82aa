"""The clinician's report: how often this method errs in simulated trials like this one."""

from __future__ import annotations

from nof1.calibration.likeness import Likeness, likeness
from nof1.calibration.scenarios import EFFECT, PERIOD_DAYS, SCORINGS, Situation
from nof1.reports.layout.elements import Block, Bullets, Section, Text
from nof1.reports.report_input import ReportInput
from nof1.words import verdicts
from nof1.words.caution import sentences
from nof1.words.numbers import counted, percent, with_unit


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
    blocks: tuple[Block, ...] = (Text(_rates(nearest)), Text(_here(nearest)))
    if nearest.cautions:
        blocks = (*blocks, Bullets(sentences(nearest.cautions)))
    return Section("calibration", "How often this method errs", blocks)


def _rates(likeness: Likeness) -> str:
    situation, verdict = likeness.situation, verdicts.TITLES["helps-meaningfully"]
    scoring = SCORINGS[situation.scores]
    none, mcid, twice = (
        percent(likeness.helps_meaningfully[effect], digits=1) for effect in EFFECT
    )
    return (
        f"In {likeness.trials:,} simulated trials most like this one ({_described(situation)}) "
        "the 95 % "
        f"interval for the steady-state effect held the truth in {percent(likeness.coverage)}. "
        f"“{verdict.capitalize()}” was said in {none} of those without any effect, in {mcid} of "
        f"those with an effect of the MCID, and in {twice} of those with one of twice the MCID, "
        f"the MCID being {scoring.mcid / scoring.sigma:.2g} SD of a score."
    )


def _described(situation: Situation) -> str:
    missing = f"{percent(situation.missing)} missing" if situation.missing else "none missing"
    return (
        f"{situation.scores} scores, {missing}; {counted(situation.cycles, 'cycle')} of "
        f"{PERIOD_DAYS}-day "
        f"periods; correlation {situation.phi:g}, period shifts {situation.shift:g} SD, half-life "
        f"{with_unit(situation.half_life, 'days')}"
    )


def _here(likeness: Likeness) -> str:
    here = likeness.here
    return (
        f"Here the posterior means were: correlation {here.phi:.2f}, period shifts "
        f"{here.shift:.2f} SD, half-life {with_unit(round(here.half_life, 1), 'days')}."
    )
