"""Whether calendar and log are those of the protocol they lie beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from nof1.design.schedule import Schedule, make_schedule
from nof1.errors import Fault, TrialError
from nof1.protocol.protocol import Protocol
from nof1.trial.current import KEY_FIELDS
from nof1.trial.entries import SHOWN
from nof1.trial.log import Entry

_UNCHANGED = "Put back an unchanged copy of the trial folder; a running trial is never edited."


def fitted(
    protocol: Protocol,
    schedule: Schedule,
    entries: Sequence[Entry],
    *,
    folder: Path,
    log: str,
    calendar: str,
) -> None:
    """Raise unless calendar and log fit the protocol, so that nothing behind needs to doubt it.

    The periods must be those that the protocol gives from the first day on; every entry must speak
    of outcomes, covariates, arms, periods and days that there are.

    Raises
    ------
    TrialError
        With the file, the line and what does not fit.
    """
    what = _other_calendar(protocol, schedule)
    if what is not None:
        raise TrialError(Fault(str(folder / calendar), what, _UNCHANGED))
    known = _Known(protocol, schedule)
    faults = [
        Fault(f"{folder / log}:line {seq}", what, _UNCHANGED)
        for seq, kind, body in _observed(entries)
        for what in known.misfits(kind, body)
    ]
    if len(faults) > SHOWN:
        more = f"and {len(faults) - SHOWN} more faults"
        faults[SHOWN:] = [Fault(str(folder / log), more, _UNCHANGED)]
    if faults:
        raise TrialError(faults)


def _other_calendar(protocol: Protocol, schedule: Schedule) -> str | None:
    """Return how a calendar differs from the one that a protocol gives, or None."""
    kits = tuple(period.kit for period in schedule.periods)
    if len(kits) != protocol.n_periods:
        return f"has {len(kits)} periods, which the protocol does not give"
    if len(set(kits)) < len(kits):
        return "gives one kit to two periods"
    try:
        planned = make_schedule(
            protocol, start=schedule.start, participant=schedule.participant, kits=kits
        )
    except OverflowError:
        return f"begins on {schedule.start}, where no trial can"
    for mine, theirs in zip(schedule.periods, planned.periods, strict=True):
        if mine != theirs:
            return (
                f"has period {mine.number} from {mine.first_day} to {mine.last_day} in cycle"
                f" {mine.cycle}; by protocol and first day it lasts from {theirs.first_day} to"
                f" {theirs.last_day} in cycle {theirs.cycle}"
            )
    if list(schedule.scoring) != list(planned.scoring):
        return f"plans scores of {', '.join(schedule.scoring) or 'nothing'}, not of the protocol's"
    return None


def _observed(entries: Sequence[Entry]) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """Yield number, kind and body of what is observed, corrections as the whole they make."""
    recorded: dict[int, tuple[str, Mapping[str, Any]]] = {}
    for entry in entries:
        if entry.kind in KEY_FIELDS:
            recorded[entry.seq] = (
                entry.kind,
                {name: entry.body[name] for name in KEY_FIELDS[entry.kind]},
            )
            yield entry.seq, entry.kind, entry.body
        elif entry.kind == "correction" and entry.body["new"] is not None:
            kind, keys = recorded[entry.body["of"]]
            yield entry.seq, kind, {**keys, **entry.body["new"]}
        elif entry.kind in ("unblinding", "unseal"):
            yield entry.seq, entry.kind, entry.body


class _Known:
    """What entries of a trial may speak of."""

    def __init__(self, protocol: Protocol, schedule: Schedule) -> None:
        self.outcomes = {outcome.id: outcome for outcome in protocol.outcomes}
        self.covariates = {covariate.id: covariate for covariate in protocol.covariates}
        self.arms = [arm.id for arm in protocol.arms]
        self.schedule = schedule

    def misfits(self, kind: str, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield what does not fit in one entry."""
        schedule, n_periods = self.schedule, len(self.schedule.periods)
        if (
            "date" in body
            and not schedule.start <= date.fromisoformat(body["date"]) <= schedule.end
        ):
            yield f"{body['date']} is no day of this trial"
        if "period" in body and body["period"] > n_periods:
            yield f"there is no period {body['period']} in this trial"
        match kind:
            case "score":
                yield from self._score(body)
            case "covariate":
                covariate = self.covariates.get(body["covariate"])
                if covariate is None:
                    yield f"{body['covariate']} is no covariate of this trial"
                elif wrong := covariate.fault_of(body["value"]):
                    yield f"{covariate.id}: {wrong[0]}"
            case "guess" if body["guess"] not in (*self.arms, "unsure"):
                yield f"{body['guess']} is no arm of this trial"
            case "unseal":
                if not len(body["arms"]) == len(body["kits"]) == n_periods:
                    yield f"the unsealing does not name an arm and a kit for {n_periods} periods"
                if ("protocol_file_digest" in body) != ("schedule_digest" in body):
                    yield "the unsealing names protocol or schedule alone, and a seal names both"

    def _score(self, body: Mapping[str, Any]) -> Iterator[str]:
        outcome = self.outcomes.get(body["outcome"])
        if outcome is None:
            yield f"{body['outcome']} is no outcome of this trial"
            return
        scale = outcome.measure
        if (wrong := scale.fault_of(body["value"])) is not None:
            yield f"{outcome.id}: {wrong}"
        items = body.get("items")
        if items is not None and (
            len(items) != scale.n_items
            or any(item is not None and item > scale.item_high for item in items)
        ):
            yield f"{outcome.id}: its items are not those of its scale"
