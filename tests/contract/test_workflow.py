"""What is called from Python has the defaults of the command line."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
import typer
from typer.models import ArgumentInfo, OptionInfo

import nof1.cli.commands  # noqa: F401  registers every command
from nof1.cli.app import app
from nof1.workflow.analyse import analyse
from nof1.workflow.check import check
from nof1.workflow.contact import contact
from nof1.workflow.design import design
from nof1.workflow.importing import import_table
from nof1.workflow.lock import lock, open_period, unseal
from nof1.workflow.pages import pack_trial, print_trial
from nof1.workflow.plan import plan
from nof1.workflow.pool import pool
from nof1.workflow.privacy import privacy
from nof1.workflow.promise import promise
from nof1.workflow.record import record
from nof1.workflow.report import report
from nof1.workflow.shards import merge
from nof1.workflow.share import share
from nof1.workflow.verify import repair, verify

CALLS: dict[str, tuple[Callable[..., Any], ...]] = {
    "plan": (plan,),
    "promise": (promise,),
    "design": (design,),
    "print": (print_trial,),
    "pack": (pack_trial,),
    "record": (record,),
    "import": (import_table,),
    "check": (check,),
    "lock": (lock,),
    "unseal": (unseal, open_period),
    "analyse": (analyse,),
    "report": (report,),
    "pool": (pool,),
    "merge": (merge,),
    "contact": (contact,),
    "verify": (verify,),
    "repair": (repair,),
    "share": (share,),
    "privacy": (privacy,),
}
#: What only a terminal has: to go on without asking, and how the result is printed.
OF_THE_TERMINAL = {"yes", "as_json", "_schema"}
#: What only Python has, and what has another name there.
OF_PYTHON = {
    *("passphrase", "ask_passphrase", "ask_purpose", "asking", "person", "progress", "tell"),
}
OTHER_NAMES = {
    "day": "date",
    "engine": "engines",
    "covariate": "covariates",
    "moderator": "moderators",
}
#: Options with which a command makes another call.
INSTEAD = {unseal: {"period", "kit"}, pool: {"shard", "out"}}


def defaults(command: str) -> dict[str, Any]:
    """Return the default of every option of a command, by the name Python has for it."""
    (info,) = (one for one in app.registered_commands if one.name == command)
    assert info.callback is not None
    return {
        OTHER_NAMES.get(name, name): one.default
        for name, one in inspect.signature(info.callback).parameters.items()
        if name not in OF_THE_TERMINAL
    }


def plain(default: Any) -> Any:
    """Return a default without how it is written: no lines are none, a sheet is its name."""
    assert not isinstance(default, ArgumentInfo | OptionInfo | typer.Typer)
    return None if default == () else getattr(default, "value", default)


@pytest.mark.parametrize("command", CALLS)
def test_a_call_has_the_options_and_defaults_of_its_command(command: str) -> None:
    typed = defaults(command)
    for call in CALLS[command]:
        called = {
            "contact" if name == "contacts" else name: one.default
            for name, one in inspect.signature(call).parameters.items()
            if name not in OF_PYTHON
        }
        assert set(called) == set(typed) - INSTEAD.get(call, set())
        assert {name: plain(one) for name, one in called.items()} == {
            name: plain(typed[name]) for name in called
        }
