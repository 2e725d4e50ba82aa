"""The public names of ``import nof1``: types, and calls whose messages name keywords."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

from nof1.errors import Fault, InputError

#: Verbs, each the call of a module of its name.
CALLS = ("analyse", "check", "design", "plan", "pool", "privacy", "record", "report", "share")
#: Types, and the modules they are from.
TYPES = {
    "Analysed": "nof1.workflow.analyses",
    "Analyses": "nof1.workflow.analyses",
    "InputError": "nof1.errors",
    "Nof1Error": "nof1.errors",
    "PoolResult": "nof1.workflow.pool_result",
}

#: Keywords that are called otherwise on the command line, where they may be repeated.
_PLURAL = {"covariate": "covariates", "engine": "engines", "moderator": "moderators",
           "receipt": "receipts"}  # fmt: skip
#: Options without a value, and the keyword each of them is.
_FLAGS = {
    "fill-down": "fill_down=True",
    "daily-mean": "daily_mean=True",
    "sample": "sample=True",
    "decimal-comma": "decimal_comma=True",
    "decimal-point": "decimal_comma=False",
}
#: Words that are values where they follow an option.
_WORDS = (
    "after|auto|before|bounded|by-arm|complete|dmy|estimate|gaussian|higher|linear|lower|mdy|next"
    "|none|normal|off|one|ordinal|own|pairs|random|runs|student-t|these|two|ymd"
)
_PAIR = r"[^\s,;\"'=]+=(?:\"[^\"]*\"|[^\s,;\"]+?)"
_OPTION = re.compile(
    rf"""--(?P<name>[a-z][a-z-]*)
    (?:\ (?:
        (?P<pairs>"[^"=]+=[^"]*"|{_PAIR}(?:,{_PAIR})*)
      | (?P<text>"[^"]*")
      | (?P<ends>(?:\d[\d.]*|LOW):(?:\d[\d.]*|HIGH))
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<word>(?:{_WORDS}|phases:\w+|daily:\w+|fixed:\w+|[A-Z][A-Z]+))
    )(?=[\s.,;:)?]|$))?""",
    re.VERBOSE,
)


def public(name: str) -> Any:
    """Return a public name of ``nof1``.

    Raises
    ------
    AttributeError
        If there is none.
    """
    if name == "design":
        # The package of this name can be called: it takes the name as soon as it is imported.
        return import_module("nof1.design")
    if name in CALLS:
        return verb(name)
    if name in TYPES:
        return getattr(import_module(TYPES[name]), name)
    raise AttributeError(f"module 'nof1' has no attribute {name!r}")


def verb(name: str) -> Callable[..., Any]:
    """Return the call of a verb."""
    return in_python(getattr(import_module(f"nof1.workflow.{name}"), name))


def in_python[**Options, Result](call: Callable[Options, Result]) -> Callable[Options, Result]:
    """Return the call with what is wrong said in the words of Python."""

    @wraps(call)
    def said(*args: Options.args, **options: Options.kwargs) -> Result:
        try:
            return call(*args, **options)
        except InputError as error:
            faults = [
                Fault(as_keywords(fault.where), as_keywords(fault.what), as_keywords(fault.mend))
                for fault in error.faults
            ]
            raise type(error)(faults) from None

    return said


def as_keywords(text: str) -> str:
    """Return a text with options as keywords: ``--period-days 7`` becomes ``period_days=7``."""
    return _OPTION.sub(_keyword, text)


def _keyword(match: re.Match[str]) -> str:
    name = match["name"]
    if name in _FLAGS:
        value = next((f" {match[kind]}" for kind in ("number", "word") if match[kind]), "")
        return _FLAGS[name] + value
    keyword = _PLURAL.get(name, name).replace("-", "_")
    if match["pairs"]:
        pairs = [pair.partition("=") for pair in match["pairs"].strip('"').split(",")]
        return f"{keyword}={{{', '.join(f'"{ours}": "{theirs}"' for ours, _, theirs in pairs)}}}"
    if match["text"]:
        return f"{keyword}={match['text']}"
    if match["ends"]:
        return f"{keyword}=({match['ends'].replace(':', ', ')})"
    if match["number"]:
        return f"{keyword}={match['number']}"
    return f'{keyword}="{match["word"]}"' if match["word"] else keyword
