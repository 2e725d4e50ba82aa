"""The participant's booklet: an overview, what keeps them safe, and one page a week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from nof1.design.schedule import Period
from nof1.protocol.covariates import Covariate
from nof1.protocol.outcome import Outcome
from nof1.reports.pages.blinding import seal_in_booklet, what_periods_hold
from nof1.reports.pages.scales import covariate_said, scale_ends, scale_said
from nof1.reports.pages.source import (
    PageWeek,
    PrintedTrial,
    contact_lines,
    day_text,
    frame,
    medicines_by_rule,
    short_span_text,
    span_text,
    weeks_of,
)
from nof1.words import pages as words
from nof1.words.numbers import clock_text, listed, plural


def participant_data(
    trial: PrintedTrial, *, item_wording: tuple[str, ...] | None = None
) -> dict[str, Any]:
    """Return everything the booklet prints.

    Parameters
    ----------
    trial : PrintedTrial
        Protocol, schedule, commitment and whom to call.
    item_wording : tuple of str or None
        One text per questionnaire item, supplied by a user who has a licence; printed once, at
        the end.
    """
    return {
        **frame(trial, words.BOOKLET),
        "box": _safety_box(trial),
        "overview": _overview(trial),
        "safety": _safety_page(trial),
        "sheets": list(_sheets(trial, supplied=item_wording is not None)),
        "questions": {"title": words.QUESTIONS_TITLE, "items": item_wording}
        if item_wording
        else None,
    }


def _sheets(trial: PrintedTrial, *, supplied: bool) -> Iterator[dict[str, Any]]:
    for week in weeks_of(trial.schedule):
        yield _week(trial, week, supplied=supplied)
        if week.ends_period and trial.protocol.blinding.mode == "double-blind":
            assert week.period is not None
            yield _period_end(trial, week.period)


# --- Overview and safety -------------------------------------------------------------------------


def _overview(trial: PrintedTrial) -> dict[str, Any]:
    protocol = trial.protocol
    blinded = protocol.blinding.mode == "double-blind"
    # Without kits the card says when.
    action = f"{_when(trial)} {protocol.regimen.action}" if blinded else protocol.regimen.action
    dosing = protocol.dosing(protocol.comparator)
    if blinded and dosing.pack and dosing.units_a_day:
        action = f"{action} {words.STEP_PACKS.format(units=dosing.units_text)}"
    steps = [action, words.STEP_TICK]
    daily = [outcome for outcome in protocol.outcomes if _stands_in_the_table(outcome)]
    if daily:
        steps.append(words.STEP_CIRCLE if _has_rings(daily) else words.STEP_WRITE)
    steps += [_covariate_step(covariate) for covariate in protocol.covariates]
    if len(daily) < len(protocol.outcomes):
        steps.append(words.STEP_WEEK)
    return {
        "title": words.OVERVIEW_TITLE,
        "question": [words.OVERVIEW_QUESTION, protocol.question],
        "when": words.OVERVIEW_WHEN,
        "columns": [*words.OVERVIEW_COLUMNS, words.KIT if blinded else words.ENVELOPE],
        "rows": list(_overview_rows(trial)),
        "day": words.OVERVIEW_DAY,
        "steps": steps,
        "no_kit": _no_kit(trial),
        "keep": {"title": words.KEEP_TITLE, "rules": protocol.safety.keep_the_same},
        "holds": what_periods_hold(protocol),
        "seal": seal_in_booklet(trial),
    }


def _covariate_step(covariate: Covariate) -> str:
    step = words.STEP_YES_NO if covariate.kind == "yes-no" else words.STEP_AMOUNT
    return step.format(name=covariate_said(covariate))


def _no_kit(trial: PrintedTrial) -> str | None:
    sentences = []
    if trial.schedule.run_in:
        sentences.append(words.NO_KIT_IN_RUN_IN.format(supply=_supply(trial)))
    if trial.protocol.design.washout_days:
        sentences.append(words.NO_KIT_IN_BREAK.format(supply=_supply(trial)))
    return " ".join(sentences) or None


def _supply(trial: PrintedTrial) -> str:
    return words.SUPPLIES[trial.protocol.blinding.mode]


def _overview_rows(trial: PrintedTrial) -> Iterator[list[str | None]]:
    schedule = trial.schedule
    if schedule.run_in:
        yield [words.RUN_IN, *_ends(*schedule.run_in), None]
    for before, period in zip((None, *schedule.periods), schedule.periods, strict=False):
        if before is not None and trial.protocol.design.washout_days:
            yield [words.BREAK, *_ends(*_between(before, period)), None]
        name = f"{words.PERIOD} {period.number}"
        yield [name, *_ends(period.first_day, period.last_day), period.kit]


def _ends(first: date, last: date) -> tuple[str, str]:
    return day_text(first), f"{day_text(last)} {last.year}"


def _between(before: Period, after: Period) -> tuple[date, date]:
    one_day = date.resolution
    return before.last_day + one_day, after.first_day - one_day


def _when(trial: PrintedTrial) -> str:
    times = listed([clock_text(time) for time in trial.protocol.regimen.times])
    return words.STEP_AT.format(times=times)


def _safety_box(trial: PrintedTrial) -> dict[str, Any]:
    """Return the compact box of every page: the same words in every period and the run-in."""
    safety = trial.protocol.safety
    lines = [
        [words.BOX_RED_FLAGS.format(emergency=trial.emergency), _flowing(safety.red_flags)],
        [words.BOX_STOP, _flowing(f"{rule.when}: {rule.do}" for rule in safety.stop_rules)],
        [words.BOX_CONTACT, *contact_lines(trial)],
        [words.BOX_MISSED, trial.protocol.regimen.missed],
        [
            words.BOX_SPACING,
            _flowing(
                f"{listed(names)}: {rule}" for rule, names in medicines_by_rule(trial).items()
            ),
        ],
    ]
    return {"title": words.BOX_TITLE, "lines": [line for line in lines if line[1]]}


def _flowing(parts: Iterable[str]) -> str:
    """Return short texts as one run of text, each still to be told apart."""
    return " • ".join(part.rstrip(".") for part in parts)


def _safety_page(trial: PrintedTrial) -> dict[str, Any]:
    protocol = trial.protocol
    safety = protocol.safety
    return {
        "title": words.SAFETY_TITLE,
        "red_flags": {
            "title": words.RED_FLAGS_TITLE,
            "call": words.RED_FLAGS_CALL.format(emergency=trial.emergency),
            "signs": safety.red_flags,
            "show": words.RED_FLAGS_SHOW.format(supply=_supply(trial)),
        },
        "stop": {
            "columns": words.STOP_COLUMNS,
            "rows": [[rule.when, rule.do] for rule in safety.stop_rules],
        },
        "contact": [words.CONTACT_TITLE, *contact_lines(trial)],
        "missed": [words.MISSED_TITLE, protocol.regimen.missed],
        "spacing": {
            "title": words.SPACING_TITLE,
            "columns": words.SPACING_COLUMNS,
            "rows": [[listed(names), rule] for rule, names in medicines_by_rule(trial).items()],
        },
    }


# --- Weeks ---------------------------------------------------------------------------------------


def _week(trial: PrintedTrial, week: PageWeek, *, supplied: bool) -> dict[str, Any]:
    protocol, period = trial.protocol, week.period
    place = words.RUN_IN_WEEK if period is None else words.WEEK
    daily = [outcome for outcome in protocol.outcomes if _stands_in_the_table(outcome)]
    later = [outcome for outcome in protocol.outcomes if not _stands_in_the_table(outcome)]
    return {
        "kind": "week",
        "title": place.format(period=period.number if period else "", week=week.number, of=week.of),
        "dates": short_span_text(week.days[0], week.days[-1]),
        "kit": _kit(trial, period),
        "opening": _opening(trial, week),
        "days": _days(trial, week, daily),
        "covariates": {
            "title": words.COVARIATES_TITLE,
            "days": [words.WEEKDAYS[day.weekday()] for day in week.days],
            "rows": [
                {"name": covariate_said(covariate), "tick": covariate.kind == "yes-no"}
                for covariate in protocol.covariates
            ],
        },
        "scores": [
            _score(outcome, day, supplied=supplied)
            for outcome in later
            for day in trial.schedule.scoring[outcome.id]
            if day in week.days
        ],
        "effects": {
            "title": words.EFFECTS_TITLE,
            "scale": ", ".join(
                words.EFFECTS_SCALE.format(n=n, severity=severity)
                for n, severity in enumerate(words.SEVERITIES)
            ),
            "names": protocol.safety.side_effects,
        },
        "notes": words.NOTES,
        # Where no page ends the period, its last week does.
        "receipt": (
            words.RECEIPT if week.ends_period and protocol.blinding.mode != "double-blind" else None
        ),
    }


def _stands_in_the_table(outcome: Outcome) -> bool:
    """Return whether an outcome is one number, asked more than once a week."""
    return outcome.scale != "irls" and outcome.every_days < 7


def _has_rings(daily: list[Outcome]) -> bool:
    """Return whether there is room for circles in the table: for one rating, not for several."""
    return len(daily) == 1 and daily[0].scale == "nrs"


def _kit(trial: PrintedTrial, period: Period | None) -> list[str] | None:
    if period is None:
        return None
    blinded = trial.protocol.blinding.mode == "double-blind"
    return [words.KIT if blinded else words.ENVELOPE, period.kit]


def _opening(trial: PrintedTrial, week: PageWeek) -> str | None:
    if week.period is None:
        return words.RUN_IN_NOTE.format(supply=_supply(trial))
    if week.number > 1:
        return None
    blinded = trial.protocol.blinding.mode == "double-blind"
    sentence = words.START_KIT if blinded else words.OPEN_ENVELOPE
    return sentence.format(day=day_text(week.days[0]))


def _days(trial: PrintedTrial, week: PageWeek, daily: list[Outcome]) -> dict[str, Any]:
    """Return the table of days: a tick box a dose, then circles, or boxes for several scores."""
    protocol = trial.protocol
    rings = _has_rings(daily)
    asked = [set(trial.schedule.scoring[outcome.id]) for outcome in daily]
    doses = len(protocol.regimen.times) if week.period else 0
    return {
        "questions": [
            [outcome.question or outcome.title, scale_said(outcome)] for outcome in daily
        ],
        "ends": scale_ends(daily[0]) if rings else [],
        "day": words.DAY,
        "done": _done(trial) if doses else None,
        "times": list(protocol.regimen.times) if doses > 1 else [],
        "doses": doses,
        "outcomes": [outcome.title for outcome in daily],
        "rings": rings,
        "rows": [
            {"day": day_text(day), "asked": [day in days for days in asked]} for day in week.days
        ],
    }


def _done(trial: PrintedTrial) -> str:
    protocol = trial.protocol
    if protocol.blinding.mode != "double-blind":
        return words.DID_CARD
    return words.TOOK_IT if protocol.regimen.action.startswith(words.TAKE) else words.DID_IT


def _score(outcome: Outcome, day: date, *, supplied: bool) -> dict[str, Any]:
    """Return one entry of an outcome that is asked once a week or less often, or has items."""
    scale = outcome.measure
    if outcome.scale == "irls":
        kind, hint = "items", words.ITEMS_HINT_SUPPLIED if supplied else words.ITEMS_HINT
    else:
        kind = "rings" if outcome.scale == "nrs" else "number"
        hint = " ".join(part for part in (outcome.question, f"{scale_said(outcome)}.") if part)
    return {
        "kind": kind,
        "title": outcome.title,
        "on": words.SCORE_ON.format(day=day_text(day)),
        "hint": hint,
        "items": scale.n_items,
        "item_high": scale.item_high,
        "total": words.TOTAL.format(range=scale_said(outcome)),
    }


def _period_end(trial: PrintedTrial, period: Period) -> dict[str, Any]:
    """Return the page after a period: the guess, worded alike for every arm, and what is next."""
    protocol, schedule = trial.protocol, trial.schedule
    following = schedule.periods[period.number :]
    if not following:
        then = [words.END_LAST]
    else:
        then = [words.END_NEXT.format(kit=following[0].kit, day=day_text(following[0].first_day))]
        if protocol.design.washout_days:
            rest = span_text(*_between(period, following[0]))
            then.insert(0, words.END_BREAK.format(span=rest))
    counted = protocol.dosing(protocol.comparator).units_a_day
    if counted:
        then.insert(0, words.END_PUT_AWAY.format(kit=period.kit))
    unit = protocol.regimen.pack or protocol.regimen.unit_name
    left = words.END_LEFT.format(units=plural(unit), kit=period.kit)
    return {
        "kind": "end",
        "title": words.END_TITLE.format(period=period.number),
        "kit": [words.KIT, period.kit],
        "dates": span_text(period.first_day, period.last_day),
        "guess": [words.END_GUESS, words.END_GUESS_HINT],
        "choices": [
            *sorted((arm.label for arm in protocol.arms), key=str.casefold),
            words.CANNOT_SAY,
        ],
        "sure": [words.END_SURE, *words.END_SURE_ENDS],
        "why": words.END_WHY,
        "left": left if counted else None,
        "receipt": words.RECEIPT,
        "then": then,
    }
