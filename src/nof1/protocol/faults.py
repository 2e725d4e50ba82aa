"""What is wrong with a protocol file, in plain words: pydantic's errors as faults."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic_core import ErrorDetails

from nof1.errors import Fault
from nof1.protocol.table import IDENTIFIER
from nof1.protocol.tables import CARRYOVER, CLOCK_TIME
from nof1.words.numbers import capitalised

_NAMED_PATH = re.compile(r"([a-z_]+(?:\.[a-z0-9_]+)+): (.*)", re.DOTALL)

_FORMS = {
    IDENTIFIER: "Use small letters, digits and hyphens, a letter first, at most 31 in all.",
    CLOCK_TIME: 'Write hours and minutes, for instance "20:00".',
    CARRYOVER: 'Write "estimate", "none" or "fixed:DAYS", for instance "fixed:7".',
}

#: The mend of what says itself how it must be.
UNTOLD = "Write it so."

#: What to write for keys whose absence tells that something was not thought of.
_ADD = {
    "exogenous": "Say why the treatment cannot change it. What it can change (sleep, coffee because"
    " of a bad night) must not be adjusted for: leave that covariate out."
}

#: Keys of the older form of a protocol, and what stands in their place.
_NOW = {
    "units_per_day": "Write units_each_time: how many are taken at each of the times.",
    "spare_units": "Write spare_days: for how many days more than those of the period.",
    "amount": "Write strength: how much one unit holds, for instance one capsule.",
}

_BOUNDS = {
    "greater_than": "above",
    "greater_than_equal": "of at least",
    "less_than": "below",
    "less_than_equal": "of at most",
}


def protocol_faults(source: str, errors: Sequence[ErrorDetails]) -> list[Fault]:
    """Return every fault of a protocol file, each with its dotted path.

    A list of which entries are wrong is also reported as too short, because pydantic counts the
    right ones alone; that is no fault of its own and is left out.

    Parameters
    ----------
    source : str
        Name of the file.
    errors : sequence of ErrorDetails
        What pydantic found.
    """
    wrong_entries = {detail["loc"][:n] for detail in errors for n in range(len(detail["loc"]))}
    return [
        fault
        for detail in errors
        if not (detail["type"] == "too_short" and detail["loc"] in wrong_entries)
        for fault in _faults(source, detail)
    ]


def _faults(source: str, error: ErrorDetails) -> list[Fault]:
    """Return the faults in one pydantic error; checks across tables report several, a line each."""
    path = ".".join(str(step) for step in error["loc"])
    if error["type"] == "value_error":
        return [_own_fault(source, path, line) for line in str(error["ctx"]["error"]).split("\n")]
    what, mend = _in_plain_words(error)
    return [Fault(f"{source}: {path}", what, mend)]


def _own_fault(source: str, path: str, line: str) -> Fault:
    """Return the fault on one line of a check of ours, which may name the path it speaks of."""
    named = _NAMED_PATH.match(line)
    where, what = (named[1], named[2]) if named else (path, line)
    what, _, mend = what.partition("; ")
    place = f"{source}: {where}" if where else source  # no path: the whole
    return Fault(place, what, f"{capitalised(mend)}." if mend else UNTOLD)


def _in_plain_words(error: ErrorDetails) -> tuple[str, str]:
    """Return what is wrong and how to mend it, for the errors pydantic finds by itself."""
    shown, context = _shown(error["input"]), error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "is missing", _ADD.get(str(error["loc"][-1]), "Add it.")
        case "extra_forbidden":
            now = _NOW.get(str(error["loc"][-1]), "Check the spelling or remove it.")
            return "is not a key of a protocol", now
        case "literal_error":
            return f"{shown} is not a choice", f"Write {context['expected']}."
        case "string_type":
            return f"{shown} is not text", "Write it in quotes."
        case "string_too_short":
            return "is empty", _ADD.get(str(error["loc"][-1]), "Write the text.")
        case "string_too_long":
            most = context["max_length"]
            return f"is longer than {most:,} characters", "Shorten it: every page must hold it."
        case "string_pattern_mismatch":
            return f"{shown} has not the right form", _FORMS[context["pattern"]]
        case "int_type" | "int_from_float":
            return f"{shown} is not a whole number", "Write one, without quotes."
        case "float_type" | "finite_number":
            return f"{shown} is not a number", "Write one, without quotes."
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            bound = next(iter(context.values()))
            return f"{shown} is out of range", f"Write a number {_BOUNDS[error['type']]} {bound:g}."
        case "tuple_type":
            return f"{shown} is not a list", "Write it in square brackets."
        case "too_short":
            return "has too few entries", f"Give at least {context['min_length']}."
        case "too_long":
            return "has too many entries", f"Give at most {context['max_length']}."
        case "model_type":
            return f"{shown} is not a table", "Write it as a table."
        case _:
            return f"{shown} will not do", f"{error['msg']}."


def _shown(value: Any) -> str:
    """Return a value as it stands in TOML, cut short."""
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
