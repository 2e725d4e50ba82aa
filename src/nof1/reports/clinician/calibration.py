"""The clinician's report: how often this method errs in simulated trials like this one."""

from __future__ import annotations

from nof1.calibration.likeness import Likeness, likeness
from nof1.calibration.scenarios import EFFECT, PERIOD_DAYS, SCORINGS, Situation
from nof1.inference.verdict import TITLES
from nof1.reports.layout.elements import Block, Bullets, Section, Text
from nof1.reports.report_input import ReportInput
from nof1.words.numbers import counted, percent, with_unit


def calibration_section(story: ReportInput) -> Section | None:
    """Return the measured error rates nearest to this trial; None without the exact posterior."""
    found = likeness(
        story.primary,
        story.data,
        story.data.masked.series[0],
        story.protocol.analysis,
        story.protocol.decision,
    )
    if found is None:
        return None
    blocks: tuple[Block, ...] = (Text(_rates(found)), Text(_here(found)))
    if found.cautions:
        blocks = (*blocks, Bullets(found.cautions))
    return Section("calibration", "How often this method errs", blocks)


def _rates(found: Likeness) -> str:
    one, verdict = found.situation, TITLES["helps-meaningfully"]
    scoring = SCORINGS[one.scores]
    none, mcid, twice = (percent(found.helps_meaningfully[effect], digits=1) for effect in EFFECT)
    return (
        f"In {found.trials:,} simulated trials most like this one ({_described(one)}) the 95 % "
        f"interval for the steady-state effect held the truth in {percent(found.coverage)}. "
        f"“{verdict.capitalize()}” was said in {none} of those without any effect, in {mcid} of "
        f"those with an effect of the MCID, and in {twice} of those with one of twice the MCID, "
        f"the MCID being {scoring.mcid / scoring.sigma:.2g} SD of a score."
    )


def _described(one: Situation) -> str:
    missing = f"{percent(one.missing)} missing" if one.missing else "none missing"
    return (
        f"{one.scores} scores, {missing}; {counted(one.cycles, 'cycle')} of {PERIOD_DAYS}-day "
        f"periods; correlation {one.phi:g}, period shifts {one.shift:g} SD, half-life "
        f"{with_unit(one.half_life, 'days')}"
    )


def _here(found: Likeness) -> str:
    here = found.here
    return (
        f"Here the posterior means were: correlation {here.phi:.2f}, period shifts "
        f"{here.shift:.2f} SD, half-life {with_unit(round(here.half_life, 1), 'days')}."
    )
