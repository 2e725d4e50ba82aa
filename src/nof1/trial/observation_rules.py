"""What may be observed in a trial: scores, doses, covariates, side effects, guesses that fit it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from nof1.errors import Fault, ScoresError, TrialError
from nof1.protocol.covariates import Covariate
from nof1.protocol.outcome import Outcome
from nof1.protocol.protocol import Protocol
from nof1.scales import score_irls
from nof1.trial.current import Observation
from nof1.trial.folder import Trial

UNSURE = "unsure"
MOST_CERTAIN = 10
WORST_SEVERITY = 3


def whole(value: float) -> float:
    """Return a whole number as an int, so that it is logged as ``18``, not ``18.0``."""
    return int(value) if float(value).is_integer() else value


def outcome_of(protocol: Protocol, outcome_id: str) -> Outcome | None:
    """Return the outcome of a protocol with this id, or None."""
    return next((o for o in protocol.outcomes if o.id == outcome_id), None)


def covariate_of(protocol: Protocol, covariate_id: str) -> Covariate | None:
    """Return the covariate of a protocol with this id, or None."""
    return next((c for c in protocol.covariates if c.id == covariate_id), None)


def covariate_value(covariate: Covariate | None, value: float) -> float | bool:
    """Return a covariate's value as it is logged: true or false when it is yes or no."""
    either = covariate is not None and covariate.kind == "yes-no"
    return bool(value) if either and value in (0, 1) else whole(value)


def score_value(
    outcome: Outcome,
    value: float | None,
    items: Sequence[float | None] = (),
    *,
    prorate: bool = False,
) -> dict[str, Any]:
    """Return the value fields of a score: the number, and the items when they were given.

    Parameters
    ----------
    outcome : Outcome
        What was asked.
    value : float or None
        The score; None when only the items were given.
    items : sequence of int or None
        Answers to the items, None for a missing one; empty when only the score was given.
    prorate : bool
        Allow one missing item.

    Raises
    ------
    ScoresError
        If the items are wrong, give no total, or contradict `value`.
    """
    if not items:
        if value is None:
            raise ScoresError(Fault(outcome.id, "no score was given", "Give the score."))
        return {"value": whole(value)}
    if not outcome.measure.n_items:
        raise ScoresError(Fault(outcome.id, "this score has no items", "Give the score alone."))
    scored = score_irls(items, prorate=prorate)
    if scored.total is None:
        raise ScoresError(_no_total(items, prorate))
    if value is not None and value != scored.total:
        raise ScoresError(
            Fault(
                outcome.id,
                f"the total {value:g} was given, but the items add up to {scored.total:g}",
                "Check the page and give the right ones.",
            )
        )
    fields = {"value": whole(scored.total), "items": list(items)}
    return fields | ({"prorated": True} if scored.prorated else {})


def _no_total(items: Sequence[float | None], prorate: bool) -> Fault:
    missing = [number for number, item in enumerate(items, start=1) if item is None]
    listed = ", ".join(map(str, missing))
    if len(missing) > 1:
        return Fault(
            f"items {listed}",
            f"{len(missing)} items are missing, so there is no total",
            "Leave this score out; it counts as missing.",
        )
    return Fault(
        f"item {listed}",
        "is missing, so there is no total",
        "" if prorate else "Leave this score out, or record it alone with --prorate.",
    )


def faults_of(trial: Trial, observation: Observation, *, today: date) -> list[Fault]:
    """Return everything about an observation that does not fit the trial.

    Parameters
    ----------
    trial : Trial
        Gives scales, dates and side effects.
    observation : Observation
        With key fields alone (a taking back) only the key is looked at.
    today : date
        No day after it can have been observed.
    """
    body, taken_back = observation.body, not observation.value
    if observation.kind == "guess":
        faults = period_faults(trial, body["period"], today=today)
        return faults if taken_back else faults + _guess_faults(trial.protocol, body)
    day = date.fromisoformat(body["date"])
    faults = day_faults(trial, day, today=today)
    match observation.kind:
        case "score" if not taken_back:
            faults += _score_faults(trial.protocol, body)
        case "dose":
            if not faults and trial.schedule.period_on(day) is None:
                what = f"{day} is in no period, so there was no dose"
                faults.append(Fault("date", what, "Leave it out, or check the date."))
            if not taken_back and not 0 <= body["taken"] <= 1:
                faults.append(
                    Fault("dose", f"{body['taken']:g} is off 0 to 1", "Write yes, no or a share.")
                )
        case "covariate":
            faults += _covariate_faults(trial.protocol, body, taken_back=taken_back)
        case "event":
            faults += text_faults({"event": body["event"]})
            if not taken_back and body["severity"] not in range(WORST_SEVERITY + 1):
                faults.append(
                    Fault(
                        body["event"],
                        f"severity {body['severity']:g} is off the scale 0 to {WORST_SEVERITY}",
                        "Write 0 none, 1 mild, 2 moderate or 3 severe.",
                    )
                )
    return faults


def day_faults(trial: Trial, day: date, *, today: date) -> list[Fault]:
    """Return a fault when nothing can have been observed on a day."""
    schedule = trial.schedule
    if day < schedule.start:
        what = f"{day} is before the trial, which began on {schedule.start}"
    elif day > schedule.end:
        what = f"{day} is after the trial, which ended on {schedule.end}"
    elif day > today:
        what = f"{day} is in the future; today is {today}"
    else:
        return []
    return [Fault("date", what, "Check the date.")]


def _score_faults(protocol: Protocol, body: Mapping[str, Any]) -> list[Fault]:
    outcome = outcome_of(protocol, body["outcome"])
    if outcome is None:
        known = ", ".join(o.id for o in protocol.outcomes)
        return [Fault(body["outcome"], "is not an outcome of this trial", f"Write one of {known}.")]
    scale = outcome.measure
    what = scale.fault_of(body["value"])
    if what is None:
        return []
    kind = "a whole number" if scale.step == 1 else "a number"
    return [Fault(outcome.id, what, f"Give {kind} from {scale.low:g} to {scale.high:g}.")]


def _covariate_faults(
    protocol: Protocol, body: Mapping[str, Any], *, taken_back: bool
) -> list[Fault]:
    covariate = covariate_of(protocol, body["covariate"])
    if covariate is None:
        known = ", ".join(c.id for c in protocol.covariates)
        return [
            Fault(
                body["covariate"],
                "is not a covariate of this trial",
                f"Write one of {known}." if known else "Its protocol declares none.",
            )
        ]
    fault = None if taken_back else covariate.fault_of(body["value"])
    return [] if fault is None else [Fault(covariate.id, *fault)]


def _guess_faults(protocol: Protocol, body: Mapping[str, Any]) -> list[Fault]:
    choices = [*(arm.id for arm in protocol.arms), UNSURE]
    faults = []
    if body["guess"] not in choices:
        faults.append(
            Fault(
                "guess", f"{body['guess']!r} is not a choice", f"Write one of {', '.join(choices)}."
            )
        )
    certainty = body["certainty"]
    if certainty is not None and certainty not in range(MOST_CERTAIN + 1):
        faults.append(
            Fault(
                "--certainty",
                f"{certainty:g} is off the scale 0 to {MOST_CERTAIN}",
                f"Write 0 (just a guess) to {MOST_CERTAIN} (fully sure).",
            )
        )
    return faults


def period_faults(trial: Trial, number: int, *, today: date | None = None) -> list[Fault]:
    """Return a fault when there is no period of this number, or it has not begun on a day.

    Without `today` the period need not have begun: in an emergency any kit can be opened.
    """
    periods = trial.schedule.periods
    if not 1 <= number <= len(periods):
        what, mend = f"there is no period {number}", f"Give 1 to {len(periods)}."
    elif today is not None and periods[number - 1].first_day > today:
        first = periods[number - 1].first_day
        what, mend = f"period {number} begins on {first} only", "Check the number."
    else:
        return []
    return [Fault("--period", what, mend)]


def period_of_kit(trial: Trial, code: str) -> int:
    """Return the number of the period of a kit, its code as a person types it.

    Raises
    ------
    TrialError
        If there is no such kit; names the codes that are close, or all of them.
    """
    kits = {period.kit: period.number for period in trial.schedule.periods}
    typed = re.sub(r"[\s-]", "", code).upper()
    if typed in kits:
        return kits[typed]
    close = get_close_matches(typed, kits, n=3, cutoff=0.6)
    mend = f"Is it {' or '.join(close)}?" if close else f"Its kits are {', '.join(kits)}."
    raise TrialError(Fault("--kit", f"there is no kit {code!r} in this trial", mend))


def text_faults(texts: Mapping[str, str]) -> list[Fault]:
    """Return a fault for every text, by its name, that is empty or cannot be printed."""
    return [
        Fault(name, f"{text!r} cannot be printed", "Write it on one line, in plain characters.")
        if text.strip()
        else Fault(name, "is empty", "Write it.")
        for name, text in texts.items()
        if not text.strip() or not text.isprintable()
    ]


def event_name(protocol: Protocol, text: str) -> tuple[str, bool]:
    """Return a side effect as the protocol spells it, and whether the protocol lists it."""
    wanted = text.strip().casefold()
    for listed in protocol.safety.side_effects:
        if listed.casefold() == wanted:
            return listed, True
    return text.strip(), False


def nearest_planned(trial: Trial, outcome_id: str, day: date) -> date | None:
    """Return the planned day nearest to `day`, or None when `day` is planned itself."""
    planned = trial.schedule.scoring[outcome_id]
    return None if day in planned else min(planned, key=lambda other: abs(other - day))
