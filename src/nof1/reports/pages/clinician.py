"""The clinician's pages: a summary on one page, and the calendar of visits and score days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any

from nof1.protocol.above_limit import override_lines
from nof1.protocol.outcome import Outcome
from nof1.reports.pages.blinding import breaking_said, planned_blind, seal_said
from nof1.reports.pages.scales import covariate_said, scale_for_office
from nof1.reports.pages.source import (
    PrintedTrial,
    contact_lines,
    day_text,
    frame,
    medicines_by_rule,
    span_text,
    with_supply,
)
from nof1.trial.kept import spaced
from nof1.words import office as office_words
from nof1.words import pages as words
from nof1.words.numbers import listed, threshold_text, with_unit


def clinician_data(trial: PrintedTrial) -> dict[str, Any]:
    """Return everything the clinician's pages print."""
    protocol = trial.protocol
    supply = words.SUPPLIES[protocol.blinding.mode]
    return {
        **frame(trial, office_words.CLINICIAN),
        "title": protocol.title,
        "facts": _facts(trial),
        "schedule": {
            "title": office_words.SCHEDULE,
            "columns": with_supply(office_words.SCHEDULE_COLUMNS, protocol),
            "rows": list(_schedule_rows(trial)),
            "note": " ".join(
                [office_words.VISIT_NOTE.format(supply=supply), office_words.RECEIPT_NOTE]
            ),
        },
        "outcomes": {
            "title": office_words.OUTCOMES,
            "columns": office_words.OUTCOME_COLUMNS,
            "rows": [
                *(_outcome_row(outcome) for outcome in protocol.outcomes_primary_first),
                *(
                    [
                        office_words.ADJUSTED.format(title=covariate_said(covariate)),
                        office_words.YES_OR_NO if covariate.kind == "yes-no" else "",
                        office_words.EVERY_DAY,
                        office_words.ONE_DAY,
                        "",
                    ]
                    for covariate in protocol.covariates
                ),
            ],
        },
        "estimand": {"title": office_words.ESTIMAND, "parts": _estimand(trial)},
        "taken": {"title": office_words.TAKEN, "lines": list(_taken(trial))},
        "decision": [office_words.DECISION, _decision(trial)],
        "blind": {"title": office_words.BLIND, "lines": _blind(trial)},
        "rules": {"title": office_words.RULES, "lines": _rules(trial)},
        "calendar": _calendar(trial, supply),
    }


def _facts(trial: PrintedTrial) -> list[tuple[str, str | tuple[str, ...]]]:
    protocol = trial.protocol
    values = (
        f"{protocol.name} {protocol.version} ({protocol.digest[:12]})",
        office_words.PURPOSES[protocol.purpose],
        protocol.question,
        contact_lines(trial),
        trial.emergency,
        spaced(trial.commitment),
        spaced(trial.head_at_draw),
    )
    return list(zip(office_words.FACTS, values, strict=True))


def _schedule_rows(trial: PrintedTrial) -> Iterator[list[str]]:
    schedule = trial.schedule
    if schedule.run_in:
        yield [words.RUN_IN, "", span_text(*schedule.run_in), "", "", ""]
    for period in schedule.periods:
        yield [
            str(period.number),
            str(period.cycle),
            span_text(period.first_day, period.last_day),
            day_text(period.first_day),
            period.kit,
            "",
        ]


def _outcome_row(outcome: Outcome) -> list[str]:
    every, recall, mcid = outcome.every_days, outcome.recall_days, outcome.mcid
    primary = outcome.role == "primary"
    one_day, n_days = office_words.ONE_DAY, office_words.N_DAYS
    if outcome.days_before:
        one_day, n_days = office_words.DAY_BEFORE, office_words.N_DAYS_BEFORE
    return [
        office_words.PRIMARY.format(title=outcome.title) if primary else outcome.title,
        scale_for_office(outcome),
        office_words.EVERY_DAY if every == 1 else office_words.EVERY_N_DAYS.format(n=every),
        (one_day if recall == 1 else n_days).format(n=recall),
        with_unit(mcid.value, outcome.unit) if mcid else office_words.NOT_SET,
    ]


def _estimand(trial: PrintedTrial) -> list[tuple[str, str]]:
    estimand = trial.protocol.estimand
    values = (estimand.population, estimand.conditions, estimand.variable, estimand.summary)
    return list(zip(office_words.ESTIMAND_PARTS, values, strict=True))


def _taken(trial: PrintedTrial) -> Iterator[str]:
    """Yield what is taken on each arm, and who answers for a dose above the limit."""
    protocol = trial.protocol
    for arm in protocol.arms:
        yield f"{arm.label}: {protocol.taken(arm) or office_words.TAKEN_NOTHING}."
    yield from override_lines(protocol)


def _decision(trial: PrintedTrial) -> str:
    decision, primary = trial.protocol.decision, trial.protocol.primary
    assert primary.mcid is not None  # the protocol does not load without it
    shares = {name: threshold_text(share) for name, share in decision.model_dump().items()}
    return office_words.DECISION_TEXT.format(
        mcid=with_unit(primary.mcid.value, primary.unit), **shares
    )


def _blind(trial: PrintedTrial) -> list[str]:
    return [planned_blind(trial.protocol), breaking_said(trial.protocol), seal_said(trial)]


def _rules(trial: PrintedTrial) -> list[tuple[str, str]]:
    safety = trial.protocol.safety
    rules = [
        (
            office_words.RULE_RED_FLAGS.format(emergency=trial.emergency),
            "; ".join(safety.red_flags) + ".",
        ),
        *((f"{rule.when}:", rule.do) for rule in safety.stop_rules),
        # The rules speak of "the person named below".
        (words.BOX_CONTACT, "; ".join(contact_lines(trial))),
        (office_words.RULE_MISSED, trial.protocol.regimen.missed),
    ]
    spacing = "; ".join(
        f"{listed(names)}: {rule}" for rule, names in medicines_by_rule(trial).items()
    )
    return [*rules, (office_words.RULE_SPACING, f"{spacing}.")] if spacing else rules


# --- Calendar ------------------------------------------------------------------------------------


def _calendar(trial: PrintedTrial, supply: str) -> dict[str, Any]:
    daily = [outcome.title for outcome in trial.protocol.outcomes if outcome.every_days == 1]
    spaced = [outcome.title for outcome in trial.protocol.outcomes if outcome.every_days > 1]
    return {
        "title": office_words.CALENDAR_TITLE,
        "weekdays": office_words.WEEKDAY_LETTERS,
        "months": list(_months(trial)),
        "visit": office_words.CALENDAR_VISIT.format(supply=supply),
        "score": office_words.CALENDAR_SCORE.format(titles=listed(spaced)) if spaced else None,
        "period": office_words.CALENDAR_PERIOD,
        "outside": office_words.CALENDAR_OUTSIDE,
        "daily": office_words.CALENDAR_DAILY.format(titles=listed(daily)) if daily else None,
    }


def _months(trial: PrintedTrial) -> Iterator[dict[str, Any]]:
    schedule = trial.schedule
    month = schedule.start.replace(day=1)
    while month <= schedule.end:
        first_weekday, n_days = monthrange(month.year, month.month)
        days = [month.replace(day=number) for number in range(1, n_days + 1)]
        yield {
            "name": f"{office_words.MONTHS_LONG[month.month - 1]} {month.year}",
            "skip": first_weekday,
            "days": [_calendar_day(trial, day) for day in days],
        }
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _calendar_day(trial: PrintedTrial, day: date) -> dict[str, Any]:
    schedule = trial.schedule
    period = schedule.period_on(day)
    return {
        "number": day.day,
        "inside": schedule.start <= day <= schedule.end,
        "shade": None if period is None else period.number % 2,
        "visit": day in schedule.visits,
        "score": any(
            day in schedule.scoring[outcome.id]
            for outcome in trial.protocol.outcomes
            if outcome.every_days > 1
        ),
    }
