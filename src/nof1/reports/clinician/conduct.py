"""The clinician's report, how the trial went: design, periods, harms, covariates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nof1.protocol.above_limit import override_lines
from nof1.reports.blinding import blind_kept, drawn_when
from nof1.reports.clinician.answer import scale_of
from nof1.reports.clinician.data import account_table
from nof1.reports.layout.elements import Facts, Section, Table, Text
from nof1.reports.pages.blinding import planned_blind
from nof1.reports.pages.source import full_day_text, short_span_text, span_text
from nof1.reports.report_input import Opening, ReportInput
from nof1.trial.blinding import opening_note
from nof1.trial.harms import severe_notes
from nof1.trial.records import SideEffect
from nof1.words import course as words
from nof1.words import figures
from nof1.words.amounts import Amounts
from nof1.words.caution import sentence, sentences
from nof1.words.numbers import severity

#: Fewest periods for which an index of blinding means anything.
PERIODS_FOR_BLINDING_INDEX = 9


# --- Design and data -----------------------------------------------------------------------------


def design_section(story: ReportInput) -> Section:
    """Return what was done: design, draw, seal, and the periods one by one."""
    facts = Facts(tuple(_design_facts(story)))
    return Section("design", words.DONE, (facts, _period_table(story), account_table(story)))


def _design_facts(story: ReportInput) -> Iterator[tuple[str, str]]:
    protocol, schedule = story.protocol, story.schedule
    design = protocol.design
    for arm_id in story.data.arms:
        arm = story.arm(arm_id)
        made_of = arm.contents or arm.card or arm.product
        dosing = protocol.dosing(arm)
        said = (arm.label, made_of, dosing.magnesium_line if dosing.daily_mg else "")
        yield words.ROLES[arm.role], " ".join(f"{part.rstrip('.')}." for part in said if part)
    for line in override_lines(protocol):
        yield words.DOSE, line
    yield (
        words.DESIGN,
        words.design(
            cycles=design.cycles,
            periods=protocol.n_periods,
            period_days=design.period_days,
            run_in_days=design.run_in_days,
            washout_days=design.washout_days,
            span=span_text(schedule.start, schedule.end),
        ),
    )
    drawn = story.data.allocation_set
    if drawn is not None:
        yield words.ORDER, words.order(described=sentence(drawn.describe()), orders=drawn.size)
    risk = words.NOT_BLIND if protocol.blinding.mode == "open" else ""
    yield words.BLIND_PLANNED, f"{planned_blind(protocol)}{risk}"
    if kept := blind_kept(story.blind, protocol):
        yield words.BLIND_KEPT, kept
    yield (
        words.SEALED,
        words.sealed(commitment=story.commitment[:16], drawn=drawn_when(story.blind)),
    )
    yield words.UNSEALED, _opened(story.unsealing)
    if story.blind.openings:
        yield (
            words.OPENED_EARLY,
            " ".join(sentence(opening_note(opening)) for opening in story.blind.openings),
        )
    if story.corrections:
        yield words.CORRECTIONS, words.corrected(corrections=story.corrections)


def _opened(opening: Opening) -> str:
    return words.unsealed(
        day=full_day_text(opening.when), by=opening.by, reason=opening.reason.rstrip(".")
    )


def _period_table(story: ReportInput) -> Table:
    amounts = Amounts.of(story.primary)
    doses = {adherence.period: adherence for adherence in story.adherence}
    guesses = {said.period: said for said in story.guesses}
    rows = []
    for period, scores in zip(story.schedule.periods, story.descriptions[0].periods, strict=True):
        dose, guess = doses.get(period.number), guesses.get(period.number)
        mean = words.NONE if scores.mean is None else amounts.number(scores.mean)
        rows.append(
            (
                f"{period.number}",
                f"{period.cycle}",
                short_span_text(period.first_day, period.last_day),
                period.kit,
                story.arm(scores.arm).label,
                f"{scores.used}, {scores.missing}",
                mean if scores.sd is None else f"{mean} ({amounts.number(scores.sd)})",
                (
                    words.NOT_RECORDED
                    if dose is None or dose.taken is None
                    else words.doses_taken(share=dose.taken, days=dose.recorded)
                ),
                words.NONE if guess is None else _guessed(story, guess.guess, guess.certainty),
            )
        )
    return Table(
        caption=words.periods_caption(scale=scale_of(story.primary)),
        columns=words.period_columns(
            supply=words.KIT if _double_blind(story) else words.ENVELOPE, doses=_doses(story)
        ),
        rows=tuple(rows),
        widths=(0, 0, 5, 0, 6, 3, 3, 4, 6),
        note=_guess_note(story),
    )


def _double_blind(story: ReportInput) -> bool:
    return story.protocol.blinding.mode == "double-blind"


def _doses(story: ReportInput) -> str:
    return words.DOSES_TAKEN if _double_blind(story) else words.DONE_AS_PLANNED


def _guessed(story: ReportInput, guess: str, certainty: int | None) -> str:
    named = story.arm(guess).label if guess in story.data.arms else words.UNSURE
    return named if certainty is None else f"{named} ({certainty})"


def _guess_note(story: ReportInput) -> str:
    said = words.doses_note(doses=_doses(story), recorded=story.doses_recorded)
    if not story.guesses or len(story.arms) >= PERIODS_FOR_BLINDING_INDEX:
        return said
    return said + words.few_periods_note(least=PERIODS_FOR_BLINDING_INDEX)


def severe_lines(story: ReportInput) -> list[str]:
    """Return what must be seen first: severe side effects and red flags, the worst first."""
    notes = severe_notes(story.severe, lambda period: story.arm_in(period).label)
    return list(sentences(notes))


def harms_section(story: ReportInput) -> Section:
    """Return side effects by event and arm, the most severe first, with their periods."""
    by_event: dict[tuple[str, str], list[SideEffect]] = {}
    for effect in story.side_effects:
        if effect.days:
            during = words.OUTSIDE
            if effect.period is not None:
                during = story.arm_in(effect.period).label
            by_event.setdefault((effect.event, during), []).append(effect)
    if not by_event:
        return Section("harms", words.HARMS, (Text(_no_effects(story)),))
    worst_first = sorted(
        by_event.items(),
        key=lambda item: (-max(side_effect.worst for side_effect in item[1]), item[0]),
    )
    rows = tuple(
        (
            event,
            during,
            how_often(story, effects),
            severity(max(side_effect.worst for side_effect in effects)),
            "; ".join(
                words.harm(
                    period=side_effect.period,
                    often=how_often(story, [side_effect]),
                    worst=severity(side_effect.worst),
                )
                for side_effect in effects
            ),
        )
        for (event, during), effects in worst_first
    )
    table = Table(
        caption=words.HARMS_CAPTION,
        columns=words.HARMS_COLUMNS,
        rows=rows,
        widths=(3, 4, 2, 2, 6),
        note=words.ASKED_WEEKLY if _weekly(story) else words.ASKED_AT_ONCE,
    )
    return Section("harms", words.HARMS, (table,))


def _weekly(story: ReportInput) -> bool:
    return story.protocol.design.period_days >= 7


def how_often(story: ReportInput, effects: Sequence[SideEffect]) -> str:
    """Return in how many weeks a side effect was recorded; entries where periods are shorter."""
    weekly = _weekly(story)
    n = sum(side_effect.weeks if weekly else side_effect.days for side_effect in effects)
    return words.often(n=n, weekly=weekly)


def _no_effects(story: ReportInput) -> str:
    if story.effects_recorded:
        return words.no_harms(records=story.effects_recorded)
    return words.NOTHING_RECORDED


def covariates_section(story: ReportInput) -> Section | None:
    """Return what goes with the covariates adjusted for, or None without any."""
    amounts = Amounts.of(story.primary).finer
    rows = [
        (
            covariate.title + (f" ({covariate.unit})" if covariate.unit else ""),
            amounts.cell(covariate.estimate),
            amounts.interval_cell(covariate.change.ci_low, covariate.change.ci_high),
            figures.ENGINES[engine],
        )
        for engine, changes in story.primary.primary.covariates.items()
        for covariate in changes
    ]
    if not rows:
        return None
    table = Table(
        caption=words.covariates_caption(unit=story.primary.unit),
        columns=words.COVARIATES_COLUMNS,
        rows=tuple(rows),
        widths=(4, 3, 4, 3),
        note=words.COVARIATES_NOTE,
    )
    return Section("covariates", words.COVARIATES, (table,))
