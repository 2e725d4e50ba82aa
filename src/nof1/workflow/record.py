"""One score, dose, covariate, side effect, guess or unblinding into the log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nof1.errors import Fault, ScoresError
from nof1.protocol.outcome import Outcome
from nof1.trial.current import Observation
from nof1.trial.folder import Trial, open_trial
from nof1.trial.harms import is_red_flag
from nof1.trial.log import Entry
from nof1.trial.numbers import read_number
from nof1.trial.observation_rules import (
    covariate_of,
    covariate_value,
    event_name,
    nearest_planned,
    outcome_of,
    score_value,
    whole,
)
from nof1.trial.recording import (
    record as record_observation,
)
from nof1.trial.recording import record_unblinding, say_about, say_context, say_value
from nof1.words.numbers import yes_or_no
from nof1.workflow.clock import day_of, present
from nof1.workflow.periods import chosen_period, supply_of
from nof1.workflow.receipts import correction_fault, receipt_said
from nof1.workflow.result import ShownResult

#: Options that only some observations take.
_TAKES: dict[str, tuple[str, ...]] = {
    "score": ("--date", "--items", "--prorate", "--correct", "--reason"),
    "dose": ("--date", "--correct", "--reason"),
    "covariate": ("AMOUNT", "--date", "--correct", "--reason"),
    "event": ("--date", "--severity", "--correct", "--reason"),
    "guess": ("--period", "--certainty", "--correct", "--reason"),
    "unblinding": ("--period", "--kit", "--by", "--reason"),
}
_NEEDS: dict[str, tuple[str, ...]] = {
    "covariate": ("AMOUNT",),
    "event": ("--severity",),
    "guess": ("--period",),
    "unblinding": ("--by", "--reason"),
}
_LIKE_THIS = "Write it like 4 or 4.5."


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Recorded(ShownResult):
    """What was recorded or corrected.

    Attributes
    ----------
    entry : Entry
        As it stands in the log.
    sentence : str
        What was recorded, with its receipt.
    context : str
        What puts a score into words, such as its band of severity; may be empty.
    notes : tuple of str
        What was accepted although it was not foreseen, or what follows from it.
    """

    entry: Entry
    sentence: str
    context: str
    notes: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield self.sentence
        if self.context:
            yield f"  ({self.context})"

    @property
    def receipt(self) -> str:
        """Return the digits to be written down."""
        return self.entry.receipt


def record(
    trial: Path | str,
    what: str,
    value: str | float | bool | None = None,
    amount: str | float | bool | None = None,
    *,
    date: date | str | None = None,
    items: str | Sequence[float | None] | None = None,
    prorate: bool = False,
    severity: int | None = None,
    period: int | None = None,
    kit: str | None = None,
    certainty: int | None = None,
    by: str | None = None,
    correct: bool = False,
    reason: str | None = None,
) -> Recorded:
    """Record one score, dose, covariate, side effect, guess or unblinding, or correct one.

    Parameters
    ----------
    trial : path
        The trial folder.
    what : str
        Id of an outcome, or ``dose``, ``covariate``, ``event``, ``guess`` or ``unblinding``.
    value : str, float, bool or None
        Score; yes, no or a share of a dose; name of a covariate or side effect; guessed arm. ``-``
        takes back what stands.
    amount : str, float, bool or None
        Of a covariate.
    date : date, str or None
        Day; today without it.
    items : sequence of int or None, or str
        Answers to the items of a questionnaire; None, NaN, or ``-`` in a text for a missing one.
    prorate : bool
        Whether one item may be missing.
    severity : int or None
        Of a side effect: 0 none, 1 mild, 2 moderate, 3 severe.
    period : int or None
        Of a guess or an unblinding.
    kit : str or None
        Of an unblinding, instead of `period`.
    certainty : int or None
        Of a guess: 0 just a guess to 10 fully sure.
    by : str or None
        Who learned the arm.
    correct : bool
        Whether what is recorded is corrected; needs `reason`.
    reason : str or None
        Why.

    Raises
    ------
    ScoresError
        If it does not fit the trial or `what`, is on record already, or would need a correction.
    TrialError
        If the trial is locked, or its log cannot be written.
    """
    kind = what if what in _TAKES and what != "score" else "score"
    said = _as_text(value)
    fields: dict[str, Any] = {
        "AMOUNT": _as_text(amount),
        "--date": date,
        "--items": items if items is None or isinstance(items, str) else list(items),
        "--prorate": prorate or None,
        "--severity": severity,
        "--period": period,
        "--kit": kit,
        "--certainty": certainty,
        "--by": by,
        "--correct": correct or None,
        "--reason": reason,
    }
    _refuse_unfit(what, kind, said, fields)
    opened = open_trial(Path(trial))
    if kind == "unblinding":
        return _unblinded(opened, period, kit, by=by or "", reason=reason or "")
    now = present()
    observation = _observation(opened, what, kind, said, fields, now.date())
    entry = record_observation(opened, observation, now=now, correction=reason)
    stands = f"is {say_value(observation)}" if observation.value else "is taken back"
    verb = "Corrected" if correct else "Recorded"
    return Recorded(
        entry=entry,
        sentence=f"{verb}: {say_about(observation)} {stands}. {receipt_said(entry)}",
        context=say_context(opened.protocol, observation),
        notes=_unusual(opened, observation),
    )


def _unblinded(
    trial: Trial, period: int | None, kit: str | None, *, by: str, reason: str
) -> Recorded:
    """Record that the arm of one period became known."""
    from nof1.reports.pages.blinding import opening_tells

    number = chosen_period(trial, period, kit) or 0
    entry = record_unblinding(trial, period=number, by=by, reason=reason, now=present())
    supply = supply_of(trial, number)
    return Recorded(
        entry=entry,
        sentence=f"Recorded: period {number} ({supply}) is unblinded. {receipt_said(entry)}",
        context="",
        notes=(f"Take note: {opening_tells(trial.protocol)}",),
    )


def _as_text(value: str | float | bool | None) -> str | None:
    """Return a value as it is typed, one of numpy like that of Python."""
    plain = value if value is None or not hasattr(value, "item") else value.item()
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    return None if plain is None else str(plain)


def _refuse_unfit(what: str, kind: str, value: str | None, fields: Mapping[str, Any]) -> None:
    """Raise for what does not belong to what is recorded, and for what it needs."""
    present = {option for option, value in fields.items() if value is not None}
    faults = [
        Fault(option, f"does not belong to {what}", "Leave it out.")
        for option in sorted(present - set(_TAKES[kind]))
    ]
    faults += [
        Fault(option, f"is needed to record {what}", "Add it.")
        for option in _NEEDS.get(kind, ())
        if option not in present
    ]
    if kind == "unblinding" and not present & {"--period", "--kit"}:
        faults.append(Fault("--kit", f"is needed to record {what}", "Add it, or --period."))
    if kind == "unblinding" and value is not None:
        faults.append(Fault(what, f"{value!r} does not belong here", "Never write the arm."))
    elif kind != "unblinding" and value is None and "--items" not in present:
        words = "NAME AMOUNT" if kind == "covariate" else "VALUE"
        mend = f"Write `nof1 record TRIAL {what} {words}`."
        faults.append(Fault(what, "no value was given", mend))
    if kind != "unblinding" and ("--correct" in present) != ("--reason" in present):
        faults.append(correction_fault())
    if faults:
        raise ScoresError(faults)


def _observation(
    trial: Trial, what: str, kind: str, value: str | None, fields: Mapping[str, Any], today: date
) -> Observation:
    """Return what was observed."""
    if kind == "guess":
        guess = {"guess": value, "certainty": fields["--certainty"]}
        return Observation(kind=kind, body={"period": fields["--period"], **guess})
    day = day_of("--date", fields["--date"]) if fields["--date"] else today
    on = {"date": day.isoformat()}
    if kind == "dose":
        known = _answers()
        taken = known[value] if value in known else _number(what, value)
        return Observation(kind=kind, body=on if taken is None else on | {"taken": whole(taken)})
    if kind == "covariate":
        return _covariate(trial, value or "", fields["AMOUNT"], on)
    if kind == "event":
        event, _ = event_name(trial.protocol, value or "")
        return Observation(kind=kind, body=on | {"event": event, "severity": fields["--severity"]})
    outcome = _outcome(trial, what)
    body = {"outcome": outcome.id, **on}
    number = _number(what, value)
    if number is None and value is not None:
        return Observation(kind=kind, body=body)
    answers = item_answers(fields["--items"]) if fields["--items"] else []
    scored = score_value(outcome, number, answers, prorate=bool(fields["--prorate"]))
    return Observation(kind=kind, body=body | scored)


def _answers() -> dict[str | None, float]:
    """Return yes and no, as numbers."""
    return {yes_or_no(True): 1.0, yes_or_no(False): 0.0}


def _covariate(trial: Trial, name: str, amount: str, on: Mapping[str, str]) -> Observation:
    """Return what was observed of a covariate."""
    body = {"covariate": name, **on}
    covariate = covariate_of(trial.protocol, name)
    either = covariate is not None and covariate.kind == "yes-no"
    answers = _answers()
    if either and amount in answers:
        number: float | None = answers[amount]
    else:
        number = _number(name, amount, "Write yes or no." if either else _LIKE_THIS)
    if number is None:
        return Observation(kind="covariate", body=body)
    value = covariate_value(covariate, number)
    return Observation(kind="covariate", body=body | {"value": value})


def _outcome(trial: Trial, what: str) -> Outcome:
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


def _unusual(trial: Trial, observation: Observation) -> tuple[str, ...]:
    """Return what was accepted although it was not foreseen."""
    body = observation.body
    if observation.kind == "score":
        day = date.fromisoformat(body["date"])
        planned = nearest_planned(trial, body["outcome"], day)
        if planned is None:
            return ()
        return (
            f"Take note: {body['date']} is not a planned day for {body['outcome']}; "
            f"the nearest is {planned}.",
        )
    if observation.kind != "event":
        return ()
    if is_red_flag(trial.protocol, body["event"]) and body["severity"]:
        sign = "the protocol calls this a sign to stop at once and call"
        return (f"Take note: {sign} {trial.emergency}.",)
    if event_name(trial.protocol, body["event"])[1]:
        return ()
    listed = ", ".join(trial.protocol.safety.side_effects)
    return (f"Take note: {body['event']!r} is not one of the protocol's side effects ({listed}).",)


def _number(what: str, text: str | None, mend: str = _LIKE_THIS) -> float | None:
    """Return the number given; None for nothing, and for ``-``, which takes back a score."""
    if text is None or text == "-":
        return None
    number = read_number(text)
    if number is None:
        raise ScoresError(Fault(what, f"{text!r} is no number", mend))
    return number


def item_answers(answers: str | Sequence[float | None]) -> list[int | None]:
    """Return the answers to items, given one by one or as a text such as ``3,-,2``.

    Raises
    ------
    ScoresError
        With every word that is no answer.
    """
    if not isinstance(answers, str):
        answers = ",".join(map(_item_text, answers))
    words = [word.strip() for word in answers.split(",")]
    faults = [
        Fault(f"item {i}", f"{word!r} is no answer", "Write a whole number, - for a missing one.")
        for i, word in enumerate(words, start=1)
        if word != "-" and not re.fullmatch(r"\d{1,4}", word, re.ASCII)
    ]
    if faults:
        raise ScoresError(faults)
    return [None if word == "-" else int(word) for word in words]


def _item_text(answer: float | None) -> str:
    """Return an answer as it is typed: NaN, by which columns of numbers leave one out, is none."""
    return "-" if answer is None or answer != answer else f"{answer:g}"
