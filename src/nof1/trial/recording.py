"""Recording one score, dose, covariate, event, guess or unblinding, and correcting what was."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nof1.errors import Fault, ScoresError, TrialError
from nof1.protocol.protocol import Protocol
from nof1.scales import irls_band, score_irls
from nof1.trial.current import Observation, standing
from nof1.trial.folder import Trial
from nof1.trial.log import Entry, append
from nof1.trial.observation_rules import faults_of, outcome_of, period_faults, text_faults
from nof1.words.numbers import yes_or_no


def record(
    trial: Trial, observation: Observation, *, now: datetime, correction: str | None = None
) -> Entry:
    """Record one observation, or correct what stands under its key.

    Parameters
    ----------
    trial : Trial
        As just opened.
    observation : Observation
        What was observed; with key fields alone it takes back what stands, as a correction.
    now : datetime
        The present, with its time zone; its date is today.
    correction : str or None
        Why what stands is wrong; None when nothing is corrected.

    Raises
    ------
    ScoresError
        If it does not fit the trial, is on record already, or would need a correction.
    TrialError
        If the trial is locked, or the log cannot be written.
    """
    refuse_locked(trial)
    faults = faults_of(trial, observation, today=now.date())
    if correction is not None:
        faults += text_faults({"--reason": correction})
    if faults:
        raise ScoresError(faults)
    stands = standing(trial.entries).get(observation.key)
    fault = _conflict(trial, observation, stands, correcting=correction is not None)
    if fault is not None:
        raise ScoresError(fault)
    line = line_for(observation, stands, reason=correction or "")
    (entry,) = append(trial.folder, [line], now=now, head=trial.head)
    return entry


def record_unblinding(trial: Trial, *, period: int, by: str, reason: str, now: datetime) -> Entry:
    """Record that the arm of one period became known to somebody, and why.

    The period need not have begun: a child can swallow what is in a bottle that stands ready. The
    same period, person and reason once more is the same opening, for instance of a command that
    was run again: the entry there is, is returned.

    Raises
    ------
    ScoresError
        If there is no such period, or it is not said who and why.
    TrialError
        If the whole allocation is unsealed already.
    """
    if trial.allocation is not None:
        raise TrialError(
            Fault(str(trial.folder), "the trial is unsealed already", "Every arm is known.")
        )
    faults = period_faults(trial, period)
    faults += text_faults({"--by": by, "--reason": reason})
    if faults:
        raise ScoresError(faults)
    body = {"period": period, "by": by.strip(), "reason": reason.strip()}
    if (before := said_before(trial, "unblinding", body)) is not None:
        return before
    (entry,) = append(trial.folder, [("unblinding", body)], now=now, head=trial.head)
    return entry


def said_before(trial: Trial, kind: str, said: Mapping[str, Any]) -> Entry | None:
    """Return the entry of a kind that says the same already, or None.

    A command that was recorded, but stopped before it could say so, is run again by its user: it
    answers with this entry and records nothing twice.
    """
    for entry in trial.entries:
        if entry.kind == kind and said.items() <= entry.body.items():
            return entry
    return None


def refuse_locked(trial: Trial) -> None:
    """Raise TrialError when the trial is locked."""
    for entry in trial.entries:
        if entry.kind == "lock":
            raise TrialError(
                Fault(
                    str(trial.folder),
                    f"the trial was locked on {entry.time[:10]} by {entry.body['by']}",
                    "Nothing more can be recorded.",
                )
            )


def line_for(
    observation: Observation, stands: Observation | None, *, reason: str
) -> tuple[str, Mapping[str, Any]]:
    """Return the kind and body to log: the observation, or a correction of what stands."""
    if stands is None:
        return observation.kind, observation.body
    new = observation.value or None
    return "correction", {
        "of": stands.seq,
        "old": stands.value,
        "new": new,
        "reason": reason.strip(),
    }


def say_value(observation: Observation) -> str:
    """Return the value of an observation as a person writes it."""
    value = observation.value
    match observation.kind:
        case "score":
            return f"{value['value']:g}" + (" (prorated)" if value.get("prorated") else "")
        case "dose":
            taken = value["taken"]
            return yes_or_no(bool(taken)) if taken in (0, 1) else f"{taken:g}"
        case "covariate":
            amount = value["value"]
            return yes_or_no(amount) if isinstance(amount, bool) else f"{amount:g}"
        case "event":
            return f"severity {value['severity']}"
        case _:
            certainty = value["certainty"]
            return f"{value['guess']}" + ("" if certainty is None else f", certainty {certainty}")


def say_context(protocol: Protocol, observation: Observation) -> str:
    """Return what an IRLS-style score means beside its number; empty for everything else.

    The band is context and never a measure of an effect; subscales need their items.
    """
    outcome = outcome_of(protocol, str(observation.body.get("outcome", "")))
    if outcome is None or outcome.scale != "irls" or not observation.value:
        return ""
    parts = [f"severity band: {irls_band(observation.value['value'])}"]
    items = observation.value.get("items")
    if items is not None:
        subscales = score_irls(items, prorate=True).subscales
        parts += [f"{name} {total:g}" for name, total in subscales.items() if total is not None]
    return ", ".join(parts)


def say_about(observation: Observation) -> str:
    """Return what an observation is about, for instance ``irls on 2026-02-08``."""
    body = observation.body
    match observation.kind:
        case "score":
            return f"{body['outcome']} on {body['date']}"
        case "covariate":
            return f"{body['covariate']} on {body['date']}"
        case "dose":
            return f"the dose on {body['date']}"
        case "event":
            return f"{body['event']} on {body['date']}"
        case _:
            return f"the guess for period {body['period']}"


def _conflict(
    trial: Trial, observation: Observation, stands: Observation | None, *, correcting: bool
) -> Fault | None:
    """Return why an observation cannot be logged beside what stands, or None."""
    where = say_about(observation)
    if stands is None:
        if correcting or not observation.value:
            mend = "Record it without --correct." if observation.value else "Check the date."
            return Fault(where, "nothing is recorded there to correct", mend)
        return None
    if observation.repeats(stands):
        return Fault(
            where,
            f"{say_value(stands)} is recorded already (entry {stands.seq})",
            "Nothing was recorded twice.",
        )
    if correcting:
        return None
    return Fault(
        where,
        f"{say_value(stands)} is recorded already (entry {stands.seq})",
        f"To correct it: {correcting_command(trial, observation)}",
    )


def correcting_command(trial: Trial, observation: Observation) -> str:
    """Return the command that corrects what stands to this observation; the reason is left open."""
    body, value = observation.body, observation.value
    words = ["nof1", "record", str(trial.folder)]
    match observation.kind:
        case "score" if "items" in value:
            items = ",".join("-" if item is None else str(item) for item in value["items"])
            words += [body["outcome"], "--items", items]
            words += ["--prorate"] if value.get("prorated") else []
        case "score":
            words += [body["outcome"], f"{value['value']:g}" if value else "-"]
        case "dose":
            words += ["dose", say_value(observation) if value else "-"]
        case "covariate":
            words += ["covariate", body["covariate"], say_value(observation) if value else "-"]
        case "event":
            words += ["event", body["event"], "--severity", str(value["severity"])]
        case _:
            words += ["guess", value["guess"], "--period", str(body["period"])]
            certainty = value["certainty"]
            words += [] if certainty is None else ["--certainty", str(certainty)]
    words += ["--date", body["date"]] if "date" in body else []
    return f'{shlex.join(words)} --correct --reason "..."'
