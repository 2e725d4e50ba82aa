"""The public names of ``import nof1``: types, and calls whose messages name keywords."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from inspect import Parameter, signature
from typing import Any

from nof1.errors import Fault, InputError

#: Verbs, and the modules of the workflow they are from.
CALLS = {
    **{
        name: name
        for name in ("analyse", "check", "design", "lock", "plan", "pool", "privacy", "record")
    },
    "print_trial": "pages",
    "report": "report",
    "share": "share",
    "unseal": "lock",
}
#: Verbs that have another name where Python has a function of theirs.
_OTHERWISE = {"print": "print_trial"}
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
    "after|auto|before|blank|bounded|by-arm|complete|dmy|estimate|gaussian|higher|linear|lower|mdy|next"
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
#: A command that is to be run, and an option with what it says, as the place of a fault.
_COMMAND = re.compile(r"`nof1 (?P<verb>[a-z]+)(?P<rest>[^`]*)`")
_PLACE = re.compile(r"--(?P<name>[a-z][a-z-]*) (?P<value>[^-].*)", re.DOTALL)
#: What stands for a value that nobody but the reader knows.
_BLANK = re.compile(r"[A-Z]+")


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
    call = in_python(getattr(import_module(f"nof1.workflow.{CALLS[name]}"), name))
    # By this name another process finds it.
    call.__module__ = "nof1"
    return call


def in_python[**Options, Result](call: Callable[Options, Result]) -> Callable[Options, Result]:
    """Return the call with what is wrong said in the words of Python."""

    @wraps(call)
    def said(*args: Options.args, **options: Options.kwargs) -> Result:
        try:
            return call(*args, **options)
        except InputError as error:
            faults = [
                Fault(_as_place(fault.where), as_keywords(fault.what), as_keywords(fault.mend))
                for fault in error.faults
            ]
            raise type(error)(faults) from None

    return said


def as_keywords(text: str) -> str:
    """Return a text with options as keywords and commands as calls.

    A command that Python has no call for stays as it is.

    Examples
    --------
    >>> as_keywords("Add --period-days 7.")
    'Add period_days=7.'
    >>> as_keywords("Run `nof1 lock my-trial --by NAME` first.")
    'Run `nof1.lock("my-trial", by=NAME)` first.'
    >>> as_keywords("See `nof1 verify my-trial --receipt 1f2e3d4c`.")
    'See `nof1 verify my-trial --receipt 1f2e3d4c`.'
    """
    said, end = "", 0
    for command in _COMMAND.finditer(text):
        said += _OPTION.sub(_keyword, text[end : command.start()]) + _call(command)
        end = command.end()
    return said + _OPTION.sub(_keyword, text[end:])


def _as_place(where: str) -> str:
    """Return where a fault is: of an option, the keyword and what it was given."""
    words = as_keywords(where)
    match = _PLACE.fullmatch(where)
    if match is None or "=" in words or match["name"] in _FLAGS:
        return words
    return f'{_word(match["name"])}="{match["value"]}"'


def _call(command: re.Match[str]) -> str:
    """Return a command as the call it is in Python, or as it is where there is none."""
    name = _OTHERWISE.get(command["verb"], command["verb"])
    if name not in CALLS:
        return command[0]
    parameters = signature(verb(name)).parameters
    first = sum(own.kind is not Parameter.KEYWORD_ONLY for own in parameters.values())
    values: list[str] = []
    try:
        words = shlex.split(command["rest"])
    except ValueError:  # a name with a single quote in it
        return command[0]
    while words and not words[0].startswith("--"):
        values.append(_value(words.pop(0)))
    if len(values) > first:
        return command[0]
    while words:
        option, value = words.pop(0), "True"
        if words and not words[0].startswith("--"):
            value = _value(words.pop(0))
        if _word(option[2:]) not in parameters:
            return command[0]
        values.append(f"{_word(option[2:])}={value}")
    return f"`nof1.{name}({', '.join(values)})`" if values else f"`nof1.{name}`"


def _value(word: str) -> str:
    return word if _BLANK.fullmatch(word) else json.dumps(word, ensure_ascii=False)


def _word(option: str) -> str:
    """Return the keyword of an option."""
    return _PLURAL.get(option, option).replace("-", "_")


def _keyword(match: re.Match[str]) -> str:
    name = match["name"]
    if name in _FLAGS:
        value = next((f" {match[kind]}" for kind in ("number", "word") if match[kind]), "")
        return _FLAGS[name] + value
    keyword = _word(name)
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
