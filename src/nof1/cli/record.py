"""``nof1 record``: one score, dose, covariate, side effect, guess or unblinding."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nof1.cli.app import app, note, say
from nof1.cli.options import (
    CorrectOption,
    ReasonOption,
    TrialArgument,
    chosen_period,
    correction_fault,
    given_date,
    present,
    receipt,
    supply_of,
)
from nof1.errors import Fault, ScoresError

if TYPE_CHECKING:
    from nof1.protocol.tables import Outcome
    from nof1.trial.current import Observation
    from nof1.trial.folder import Trial

#: Options of `nof1 record` that only some observations take.
_TAKES: dict[str, tuple[str, ...]] = {
    "score": ("--date", "--items", "--prorate", "--correct", "--reason"),
    "dose": ("--date", "--correct", "--reason"),
    "covariate": ("AMOUNT", "--date", "--correct", "--reason"),
    "event": ("--date", "--severity", "--correct", "--reason"),
    "guess": ("--period", "--certainty", "--correct", "--reason"),
    "unblinding": ("--period", "--kit", "--by", "--reason"),
}
_LIKE_THIS = "Write it like 4 or 4.5."
_TRUTHS = {"yes": 1.0, "no": 0.0}


@app.command("record", context_settings={"ignore_unknown_options": True})
def record(
    trial: TrialArgument,
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT", help="An outcome, dose, covariate, event, guess or unblinding."
        ),
    ],
    value: Annotated[
        str | None,
        typer.Argument(
            metavar="VALUE",
            help="Score; yes, no or a share; name of a covariate or side effect; arm;"
            " - takes it back.",
        ),
    ] = None,
    amount: Annotated[
        str | None,
        typer.Argument(metavar="AMOUNT", help="Of a covariate: a number, yes, no or -."),
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="Such as 2026-02-08; else today.")
    ] = None,
    items: Annotated[
        str | None, typer.Option(metavar="LIST", help="Answers to the items, - for a missing one.")
    ] = None,
    prorate: Annotated[bool, typer.Option("--prorate", help="Allow one missing item.")] = False,
    severity: Annotated[
        int | None, typer.Option(help="0 none, 1 mild, 2 moderate, 3 severe.")
    ] = None,
    period: Annotated[int | None, typer.Option(help="Number of the period.")] = None,
    kit: Annotated[
        str | None, typer.Option(metavar="CODE", help="Of an unblinding: instead of --period.")
    ] = None,
    certainty: Annotated[int | None, typer.Option(help="0 just a guess to 10 fully sure.")] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who learned the arm.")] = None,
    correct: CorrectOption = False,
    reason: ReasonOption = None,
) -> None:
    """Record one score, dose, covariate, side effect, guess or unblinding, or correct one.

    \b
    nof1 record trial-p01 irls 18 --date 2026-02-08
    nof1 record trial-p01 irls --items 3,3,2,2,1,2,2,1,1,1
    nof1 record trial-p01 dose yes
    nof1 record trial-p01 covariate late-shift yes
    nof1 record trial-p01 event "Loose stools" --severity 2
    nof1 record trial-p01 guess unsure --period 2 --certainty 3
    nof1 record trial-p01 unblinding --kit J7W4F9 --by "Dr Berg" --reason "fainted"
    nof1 record trial-p01 irls 17 --date 2026-02-08 --correct --reason "misread"
    """
    from nof1.trial.folder import open_trial
    from nof1.trial.recording import record as record_one
    from nof1.trial.recording import record_unblinding, say_about, say_context, say_value

    kind = what if what in _TAKES and what != "score" else "score"
    given = {
        "AMOUNT": amount,
        "--date": day,
        "--items": items,
        "--prorate": prorate or None,
        "--severity": severity,
        "--period": period,
        "--kit": kit,
        "--certainty": certainty,
        "--by": by,
        "--correct": correct or None,
        "--reason": reason,
    }
    _refuse_unfit(what, kind, value, given)
    opened, now = open_trial(trial), present()
    if kind == "unblinding":
        from nof1.reports.pages.blinding import opening_tells

        number = chosen_period(opened, period, kit) or 0
        entry = record_unblinding(opened, period=number, by=by or "", reason=reason or "", now=now)
        supply = supply_of(opened, number)
        say(f"Recorded: period {number} ({supply}) is unblinded. {receipt(entry)}")
        note(f"Take note: {opening_tells(opened.protocol)}")
        return
    observation = _observation(opened, what, kind, value, given, now.date())
    entry = record_one(opened, observation, now=now, correction=reason)
    _note_unusual(opened, observation)
    said = f"is {say_value(observation)}" if observation.value else "is taken back"
    verb = "Corrected" if correct else "Recorded"
    say(f"{verb}: {say_about(observation)} {said}. {receipt(entry)}")
    if context := say_context(opened.protocol, observation):
        say(f"  ({context})")


def _refuse_unfit(what: str, kind: str, value: str | None, given: dict[str, Any]) -> None:
    """Raise for options that do not belong to what is recorded, and for those it needs."""
    present = {option for option, value in given.items() if value is not None}
    faults = [
        Fault(option, f"does not belong to {what}", "Leave it out.")
        for option in sorted(present - set(_TAKES[kind]))
    ]
    needed = {
        "covariate": ("AMOUNT",),
        "event": ("--severity",),
        "guess": ("--period",),
        "unblinding": ("--by", "--reason"),
    }
    faults += [
        Fault(option, f"is needed to record {what}", "Add it.")
        for option in needed.get(kind, ())
        if option not in present
    ]
    if kind == "unblinding" and not present & {"--period", "--kit"}:
        faults.append(Fault("--kit", f"is needed to record {what}", "Add it, or --period."))
    if kind == "unblinding" and value is not None:
        faults.append(Fault(what, f"{value!r} does not belong here", "Never write the arm."))
    elif kind != "unblinding" and value is None and "--items" not in present:
        words = "NAME AMOUNT" if kind == "covariate" else "VALUE"
        faults.append(Fault(what, "no value was given", f"Write nof1 record TRIAL {what} {words}."))
    if kind != "unblinding" and ("--correct" in present) != ("--reason" in present):
        faults.append(correction_fault())
    if faults:
        raise ScoresError(faults)


def _observation(
    trial: Trial, what: str, kind: str, value: str | None, given: dict[str, Any], today: date
) -> Observation:
    """Return what the words of the command say was observed."""
    from nof1.trial.current import Observation
    from nof1.trial.observation_rules import (
        covariate_of,
        covariate_value,
        event_name,
        score_value,
        whole,
    )

    if kind == "guess":
        guess = {"guess": value, "certainty": given["--certainty"]}
        return Observation(kind=kind, body={"period": given["--period"], **guess})
    on = {"date": (given_date("--date", given["--date"]) if given["--date"] else today).isoformat()}
    if kind == "dose":
        taken = _TRUTHS[value] if value in _TRUTHS else _number(what, value)
        return Observation(kind=kind, body=on if taken is None else on | {"taken": whole(taken)})
    if kind == "covariate":
        amount, body = given["AMOUNT"], {"covariate": value, **on}
        covariate = covariate_of(trial.protocol, value or "")
        either = covariate is not None and covariate.kind == "yes-no"
        number = (
            _TRUTHS[amount]
            if either and amount in _TRUTHS
            else _number(value or "", amount, "Write yes or no." if either else _LIKE_THIS)
        )
        if number is None:
            return Observation(kind=kind, body=body)
        return Observation(kind=kind, body=body | {"value": covariate_value(covariate, number)})
    if kind == "event":
        event, _ = event_name(trial.protocol, value or "")
        return Observation(kind=kind, body=on | {"event": event, "severity": given["--severity"]})
    outcome = _outcome(trial, what)
    body = {"outcome": outcome.id, **on}
    number = _number(what, value)
    if number is None and value is not None:
        return Observation(kind=kind, body=body)
    answers = _items(given["--items"]) if given["--items"] else []
    scored = score_value(outcome, number, answers, prorate=bool(given["--prorate"]))
    return Observation(kind=kind, body=body | scored)


def _outcome(trial: Trial, what: str) -> Outcome:
    from nof1.trial.observation_rules import outcome_of

    outcome = outcome_of(trial.protocol, what)
    if outcome is None:
        known = ", ".join(o.id for o in trial.protocol.outcomes)
        raise ScoresError(
            Fault(
                what,
                "is not an outcome of this trial",
                f"Write {known}, dose, covariate, event, guess or unblinding.",
            )
        )
    return outcome


def _note_unusual(trial: Trial, observation: Observation) -> None:
    """Say what was accepted although it was not foreseen."""
    from nof1.trial.harms import is_red_flag
    from nof1.trial.observation_rules import event_name, nearest_planned

    body = observation.body
    if observation.kind == "score":
        planned = nearest_planned(trial, body["outcome"], date.fromisoformat(body["date"]))
        if planned is not None:
            note(
                f"Take note: {body['date']} is not a planned day for {body['outcome']}; "
                f"the nearest is {planned}."
            )
    if observation.kind != "event":
        return
    if is_red_flag(trial.protocol, body["event"]) and body["severity"]:
        note(
            f"Take note: the protocol calls this a sign to stop at once and call {trial.emergency}."
        )
    elif not event_name(trial.protocol, body["event"])[1]:
        listed = ", ".join(trial.protocol.safety.side_effects)
        note(f"Take note: {body['event']!r} is not one of the protocol's side effects ({listed}).")


def _number(what: str, text: str | None, mend: str = _LIKE_THIS) -> float | None:
    """Return the number given; None for nothing, and for ``-``, which takes back a score."""
    from nof1.trial.numbers import read_number

    if text is None or text == "-":
        return None
    number = read_number(text)
    if number is None:
        raise ScoresError(Fault(what, f"{text!r} is no number", mend))
    return number


def _items(text: str) -> list[int | None]:
    """Return the answers in a list such as ``3,-,2``."""
    words = [word.strip() for word in text.split(",")]
    faults = [
        Fault(f"item {i}", f"{word!r} is no answer", "Write a whole number, - for a missing one.")
        for i, word in enumerate(words, start=1)
        if word != "-" and not re.fullmatch(r"\d{1,4}", word, re.ASCII)
    ]
    if faults:
        raise ScoresError(faults)
    return [None if word == "-" else int(word) for word in words]
