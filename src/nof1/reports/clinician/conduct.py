"""The clinician's report, how the trial went: design, periods, harms, covariates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nof1.figures.effects import ENGINE_NAMES
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
from nof1.words.amounts import Amounts
from nof1.words.caution import sentence, sentences
from nof1.words.numbers import counted, percent, severity

#: Fewest periods for which an index of blinding means anything.
PERIODS_FOR_BLINDING_INDEX = 9


# --- Design and data -----------------------------------------------------------------------------


def design_section(story: ReportInput) -> Section:
    """Return what was done: design, draw, seal, and the periods one by one."""
    facts = Facts(tuple(_design_facts(story)))
    return Section("design", "What was done", (facts, _period_table(story), account_table(story)))


def _design_facts(story: ReportInput) -> Iterator[tuple[str, str]]:
    protocol, schedule = story.protocol, story.schedule
    design = protocol.design
    for arm_id in story.data.arms:
        arm = story.arm(arm_id)
        made_of = arm.contents or arm.card or arm.product
        dosing = protocol.dosing(arm)
        said = (arm.label, made_of, dosing.magnesium_line if dosing.daily_mg else "")
        yield arm.role.capitalize(), " ".join(f"{part.rstrip('.')}." for part in said if part)
    for line in override_lines(protocol):
        yield "Dose", line
    parts = [
        counted(design.cycles, "cycle"),
        f"{protocol.n_periods} periods of {counted(design.period_days, 'day')}",
        f"run-in {counted(design.run_in_days, 'day')}",
        f"washout {counted(design.washout_days, 'day')}",
    ]
    yield "Design", f"{', '.join(parts)}; {span_text(schedule.start, schedule.end)}."
    drawn = story.data.allocation_set
    if drawn is not None:
        yield (
            "Order",
            f"{sentence(drawn.describe())} {drawn.size:,} orders were possible, each equally"
            " likely.",
        )
    risk = " High risk of placebo effects." if protocol.blinding.mode == "open" else ""
    yield "Blinding, as planned", f"{planned_blind(protocol)}{risk}"
    if kept := blind_kept(story.blind, protocol):
        yield "Blinding, as kept", kept
    yield (
        "Sealed",
        f"Commitment {story.commitment[:16]}..., logged on {drawn_when(story.blind)}; the unsealed "
        "allocation was verified against it.",
    )
    yield "Unsealed", _opened(story.unsealing)
    if story.blind.openings:
        yield (
            "Opened early",
            " ".join(sentence(opening_note(opening)) for opening in story.blind.openings),
        )
    if story.corrections:
        yield (
            "Corrections",
            f"{counted(story.corrections, 'recorded value')} corrected later; the log keeps old "
            "and new value with the reason.",
        )


def _opened(opening: Opening) -> str:
    reason = opening.reason.rstrip(".")
    return f"{full_day_text(opening.when)} by {opening.by}; reason: {reason}."


def _period_table(story: ReportInput) -> Table:
    amounts = Amounts.of(story.primary)
    blinded = story.protocol.blinding.mode == "double-blind"
    doses = {adherence.period: adherence for adherence in story.adherence}
    guesses = {said.period: said for said in story.guesses}
    rows = []
    for period, scores in zip(story.schedule.periods, story.descriptions[0].periods, strict=True):
        dose, guess = doses.get(period.number), guesses.get(period.number)
        mean = "none" if scores.mean is None else amounts.number(scores.mean)
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
                    "not recorded"
                    if dose is None or dose.taken is None
                    else f"{percent(dose.taken)}, {counted(dose.recorded, 'day')}"
                ),
                "none" if guess is None else _guessed(story, guess.guess, guess.certainty),
            )
        )
    return Table(
        caption=f"Period by period: {scale_of(story.primary)}",
        columns=(
            "Period", "Cycle", "Days", "Kit" if blinded else "Envelope", "Arm",
            "Scores used, missing", "Mean (SD)",
            "Doses taken" if blinded else "Done as planned", "Guess (sure, 0-10)",
        ),
        rows=tuple(rows),
        widths=(0, 0, 5, 0, 6, 3, 3, 4, 6),
        note=_guess_note(story),
    )  # fmt: skip


def _guessed(story: ReportInput, guess: str, certainty: int | None) -> str:
    named = story.arm(guess).label if guess in story.data.arms else guess
    return named if certainty is None else f"{named} ({certainty})"


def _guess_note(story: ReportInput) -> str:
    column = "Doses taken" if story.protocol.blinding.mode == "double-blind" else "Done as planned"
    said = (
        f"{column}: mean share, and days recorded."
        if story.doses_recorded
        else f"{column}: nothing is on record."
    )
    if not story.guesses or len(story.arms) >= PERIODS_FOR_BLINDING_INDEX:
        return said
    return (
        f"{said} With fewer than {PERIODS_FOR_BLINDING_INDEX} periods an index of blinding says "
        "nothing, so the guesses stand as they are."
    )


def severe_lines(story: ReportInput) -> list[str]:
    """Return what must be seen first: severe side effects and red flags, the worst first."""
    notes = severe_notes(story.severe, lambda period: story.arm_in(period).label)
    return list(sentences(notes))


def harms_section(story: ReportInput) -> Section:
    """Return side effects by event and arm, the most severe first, with their periods."""
    by_event: dict[tuple[str, str], list[SideEffect]] = {}
    for effect in story.side_effects:
        if effect.days:
            during = "outside the periods"
            if effect.period is not None:
                during = story.arm_in(effect.period).label
            by_event.setdefault((effect.event, during), []).append(effect)
    if not by_event:
        return Section("harms", "Side effects", (Text(_no_effects(story)),))
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
                (f"period {side_effect.period}: " if side_effect.period else "")
                + f"{how_often(story, [side_effect])}, {severity(side_effect.worst)}"
                for side_effect in effects
            ),
        )
        for (event, during), effects in worst_first
    )
    asked = (
        "The booklet asks once a week: counted are the weeks with an entry."
        if _weekly(story)
        else "Counted are the entries."
    )
    table = Table(
        caption="As recorded; not judged for cause",
        columns=("Side effect", "During", "Recorded", "Worst", "By period"),
        rows=rows,
        widths=(3, 4, 2, 2, 6),
        note=asked,
    )
    return Section("harms", "Side effects", (table,))


def _weekly(story: ReportInput) -> bool:
    return story.protocol.design.period_days >= 7


def how_often(story: ReportInput, effects: Sequence[SideEffect]) -> str:
    """Return in how many weeks a side effect was recorded; entries where periods are shorter."""
    if _weekly(story):
        return counted(sum(side_effect.weeks for side_effect in effects), "week")
    return counted(sum(side_effect.days for side_effect in effects), "time")


def _no_effects(story: ReportInput) -> str:
    if story.effects_recorded:
        return (
            f"None: {counted(story.effects_recorded, 'record')} on side effects, each saying that "
            "there was none."
        )
    return (
        "Nothing is on record on side effects, neither that there were any nor that there were "
        "none."
    )


def covariates_section(story: ReportInput) -> Section | None:
    """Return what goes with the covariates adjusted for, or None without any."""
    amounts = Amounts.of(story.primary).finer
    rows = [
        (
            covariate.title + (f" ({covariate.unit})" if covariate.unit else ""),
            amounts.cell(covariate.estimate),
            amounts.interval_cell(covariate.change.ci_low, covariate.change.ci_high),
            ENGINE_NAMES[engine],
        )
        for engine, changes in story.primary.primary.covariates.items()
        for covariate in changes
    ]
    if not rows:
        return None
    table = Table(
        caption=f"Change in {story.primary.unit} for one unit more, or for yes, all else equal",
        columns=("Covariate", "Change", "Interval", "By"),
        rows=tuple(rows),
        widths=(4, 3, 4, 3),
        note="Declared before the draw as nothing the treatment can change. Not randomised: what "
        "goes together need not be cause and effect.",
    )
    return Section("covariates", "What the scores were adjusted for", (table,))
