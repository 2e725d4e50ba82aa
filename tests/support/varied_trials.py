"""Trials that differ in what becomes of seal, blind, doses and side effects; all invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyrage

from nof1.demonstration import fixed_entropy
from nof1.design.allocation import Allocation
from nof1.design.sealing import Identity, Recipient, open_seal
from nof1.inference.analysis import analyse
from nof1.inference.checks.carryover import summarise_carryover
from nof1.inference.checks.description import describe
from nof1.model.model_input import model_input
from nof1.protocol.files import bundled_protocol
from nof1.reports.clinician.report import clinician_view
from nof1.reports.pages.calendar import calendar_file
from nof1.reports.pages.clinician import clinician_data
from nof1.reports.pages.packer import cards_data, emergency_data, labels_data, packing_data
from nof1.reports.pages.participant import participant_data
from nof1.reports.person.page import person_view
from nof1.reports.report_input import ReportInput, gather
from nof1.reports.terminal.check import check_lines
from nof1.trial.checking import check
from nof1.trial.folder import Trial, open_trial
from nof1.trial.locking import lock, unseal
from nof1.trial.log import append
from nof1.trial.noting import noted_data
from nof1.trial.recording import record_unblinding
from nof1.trial.starting import Start, start_trial
from nof1.trial.verifying import read_sealed
from support.printed import texts
from support.protocol_texts import rewritten

START = date(2026, 3, 2)
PERIOD_DAYS = 7
Changes = tuple[tuple[str, str], ...]
#: Weeks for periods and three cycles, so that a trial is quickly analysed.
SHORT: Changes = (
    ("period_days = 28", "period_days = 7"),
    ("run_in_days = 14", "run_in_days = 0"),
)
HOURS = """
[[outcomes]]
id = "sleep"
title = "Hours slept"
question = "How long did you sleep?"
scale = "numeric"
low = 0
high = 7
better = "higher"
unit = "hours"
every_days = 7
recall_days = 7

[design]
"""


@dataclass(frozen=True, kw_only=True)
class Case:
    """What happens in one trial; days are counted from its first day, which is 0.

    `opened` holds (period, day, by, reason); `events` (day, name, severity); `guess` gives the
    guess of a period from its number, its true arm and all arms, or None. Nothing is written down
    from `silent_from` on, nor from `locked` on.
    """

    protocol: str = "magnesium-rls"
    changes: Changes = SHORT
    drawn: int = -10
    opened: tuple[tuple[int, int, str, str], ...] = ()
    doses: Callable[[int], float] | None = lambda _: 1.0
    events: tuple[tuple[int, str, int], ...] = ()
    guess: Callable[[int, str, list[str]], str | None] | None = None
    locked: int | None = None
    silent_from: int | None = None
    unsealed: int | None = None
    contacts: tuple[str, ...] = ("Dr Berg, 044 555 01 02",)


def _right(_period: int, arm: str, _arms: list[str]) -> str:
    return arm


def _wrong(_period: int, arm: str, arms: list[str]) -> str:
    return next(one for one in arms if one != arm)


PLAIN = Case()
CASES: dict[str, Case] = {
    "plain": PLAIN,
    "opened": Case(opened=((3, 16, "Dr Ono", "fainted"),)),
    "opened twice": Case(
        opened=((3, 16, "Dr Ono", "fainted"), (5, 33, "Dr Ono", "fainted again")),
    ),
    "stopped early": Case(locked=24, unsealed=50),
    "unsealed early": Case(locked=24, unsealed=26),
    "ended at a switch": Case(locked=21, unsealed=50),
    "nothing for a time": Case(silent_from=28),
    "before the periods": Case(
        changes=(SHORT[0], ("run_in_days = 14", "run_in_days = 7")),
        events=((1, "Drowsy by day", 3),),
    ),
    "drawn late": Case(drawn=12),
    "drawn on the day": Case(drawn=0),
    "three arms": Case(
        protocol="magnesium-dose",
        changes=(*SHORT, ("cycles = 3", "cycles = 2"), ('"latin"', '"pairs"')),
        opened=((2, 10, "Dr Ono", "fell"),),
    ),
    "latin": Case(
        protocol="magnesium-dose",
        changes=(*SHORT, ("cycles = 3", "cycles = 2")),
    ),
    "known to all": Case(
        protocol="magnesium-rls-open",
        changes=(
            ("period_days = 28", "period_days = 7"),
            ('mode = "concealed"', 'mode = "open"'),
            ('masked = ["clinician", "assessor", "analyst"]', "masked = []"),
        ),
    ),
    "by card": Case(protocol="magnesium-rls-open", changes=(SHORT[0],)),
    "concealed": Case(protocol="stretching-rls", changes=()),
    "nobody to call": Case(changes=(*SHORT, ('purpose = "care"', 'purpose = "self"')), contacts=()),
    "no doses": Case(doses=None),
    "half the doses": Case(doses=lambda day: float(day % 2)),
    "side effects": Case(
        events=((2, "Loose stools", 1), (4, "Loose stools", 2), (16, "Loose stools", 1))
    ),
    "no side effects": Case(events=((6, "Loose stools", 0), (13, "Vomiting", 0))),
    "severe": Case(
        events=((2, "Loose stools", 1), (16, "Vomiting", 3), (30, "You find it hard to breathe", 2))
    ),
    "guessed right": Case(guess=_right),
    "guessed wrong": Case(guess=_wrong),
    "never sure": Case(guess=lambda *_: "unsure"),
    "run-in and washout": Case(
        changes=(SHORT[0], ("run_in_days = 14", "run_in_days = 7\nwashout_days = 3")),
        drawn=3,
    ),
    "any order": Case(
        changes=(*SHORT, ('allocation = "pairs"', 'allocation = "complete"')),
        opened=((1, 3, "Dr Ono", "fainted"),),
    ),
    "two cycles": Case(changes=(*SHORT, ("cycles = 3", "cycles = 2"))),
    "clinician knows": Case(
        changes=(*SHORT, ('["person", "clinician", "assessor", "analyst"]', '["person"]')),
    ),
    "hours": Case(changes=(*SHORT, ("\n[design]\n", HOURS))),
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One trial, printed before it began and reported when it had ended."""

    case: Case
    trial: Trial
    allocation: Allocation
    story: ReportInput
    warnings: tuple[str, ...]


@cache
def keys() -> tuple[Recipient, Identity]:
    made = pyrage.x25519.Identity.generate()
    return Recipient(str(made.to_public())), Identity(str(made))


def told(case: Case, folder: Path) -> Told:
    """Return a trial that has gone through everything its case says."""
    text = rewritten(*case.changes, text=bundled_protocol(case.protocol).read_text("utf-8"))
    to_seal, to_open = keys()
    trial = start_trial(
        Start(folder=folder, participant="P01", first_day=START, contacts=case.contacts),
        protocol_text=text,
        key=to_seal,
        eligibility={"answers": {}, "concerns": [], "clinician": "", "how": "asked"},
        now=_at(case.drawn),
        entropy=fixed_entropy("varied"),
    )
    allocation = open_seal(read_sealed(trial), to_open)
    for period, day, by, reason in case.opened:
        record_unblinding(open_trial(folder), period=period, by=by, reason=reason, now=_at(day))
    end = (trial.schedule.end - START).days
    last = end + 1 if case.locked is None else case.locked
    written = last if case.silent_from is None else case.silent_from
    append(folder, _entries(trial, allocation, case, written), now=_at(last))
    lock(
        open_trial(folder), by="Dr Berg", reason="had enough" if case.locked else "", now=_at(last)
    )
    opened = case.unsealed or end + 5
    unseal(open_trial(folder), to_open, by="Dr Berg", reason="end of the trial", now=_at(opened))
    finished = open_trial(folder)
    return _reported(case, finished, allocation)


def _entries(
    trial: Trial, allocation: Allocation, case: Case, last: int
) -> list[tuple[str, dict[str, Any]]]:
    protocol, schedule = trial.protocol, trial.schedule
    entries: list[tuple[str, dict[str, Any]]] = []
    for outcome in protocol.outcomes:
        for number, day in enumerate(schedule.scoring[outcome.id]):
            if (day - START).days < last:
                value = outcome.measure.low + (number * 5) % int(outcome.measure.span)
                body = {"outcome": outcome.id, "date": day.isoformat(), "value": value}
                entries.append(("score", body))
    for period in schedule.periods:
        for n in range((period.last_day - period.first_day).days + 1):
            day = period.first_day + timedelta(days=n)
            if case.doses is not None and (day - START).days < last:
                taken = case.doses((day - START).days)
                entries.append(("dose", {"date": day.isoformat(), "taken": taken}))
        arms = [arm.id for arm in protocol.arms]
        arm = allocation.arms[period.number - 1]
        if case.guess is not None and (guess := case.guess(period.number, arm, arms)):
            body = {"period": period.number, "guess": guess, "certainty": 5}
            entries.append(("guess", body))
    for since, name, severity in case.events:
        date_ = (START + timedelta(days=since)).isoformat()
        entries.append(("event", {"date": date_, "event": name, "severity": severity}))
    return entries


def _reported(case: Case, trial: Trial, allocation: Allocation) -> Told:
    data = noted_data(trial)
    plan, decision = trial.protocol.analysis, trial.protocol.decision
    primary = data.masked.series[0]
    analysis = analyse(data, primary, plan, decision, engines=("paired",))
    story = gather(
        trial,
        analyses=[analysis],
        descriptions=[describe(data, primary, plan)],
        sensitivity=[],
        diagnostics=None,
        carryover=summarise_carryover(model_input(data, primary, plan), analysis.primary),
    )
    return Told(
        case=case,
        trial=trial,
        allocation=allocation,
        story=story,
        warnings=analysis.warnings,
    )


def _at(day: int) -> datetime:
    return datetime(START.year, START.month, START.day, 9, 30, tzinfo=UTC) + timedelta(days=day)


# --- Every page as sentences ---------------------------------------------------------------------


def pages(one: Told) -> dict[str, str]:
    """Return the words of every page of a trial, by page, as its template gets them."""
    trial, allocation = one.trial, one.allocation
    blinded = trial.protocol.blinding.mode == "double-blind"
    made: dict[str, Any] = {
        "booklet": participant_data(trial),
        "clinician's pages": clinician_data(trial),
        "packing sheet": packing_data(trial, allocation),
        "labels": labels_data(trial),
        "emergency notes": emergency_data(trial, allocation),
        "cards": {} if blinded else cards_data(trial, allocation),
        "calendar": calendar_file(trial).decode().replace("\r\n ", "").replace("\\,", ","),
        "person": person_view(one.story),
        "report": clinician_view(one.story),
        "check": list(check_lines(trial, check(trial, today=date(2027, 1, 1)))),
    }
    for name in ("person", "report"):
        if not made[name]["first"]["lines"]:
            del made[name]["first"]  # its head is not printed alone
    return {name: _words(data) for name, data in made.items()}


def _words(data: object) -> str:
    """Return texts a line each, pictures without what only draws."""
    seen = [text for text in texts(data) if "<svg" not in text]
    return "\n".join(seen).replace("\N{NO-BREAK SPACE}", " ")
