"""A call of the workflow has the options of its command, with the same defaults."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from nof1.cli import commands  # noqa: F401  registers every command

#: The function of every command, and the call that it makes.
PAIRS = {
    "nof1.cli.analyse:analyse": "nof1.workflow.analyse:analyse",
    "nof1.cli.design:design": "nof1.workflow.design:design",
    "nof1.cli.pages:pack": "nof1.workflow.pages:pack_trial",
    "nof1.cli.pages:print_": "nof1.workflow.pages:print_trial",
    "nof1.cli.plan:plan": "nof1.workflow.plan:plan",
    "nof1.cli.pool:merge": "nof1.workflow.shards:merge",
    "nof1.cli.pool:pool": "nof1.workflow.pool:pool",
    "nof1.cli.privacy:privacy": "nof1.workflow.privacy:privacy",
    "nof1.cli.promise:promise": "nof1.workflow.promise:promise",
    "nof1.cli.report:report": "nof1.workflow.report:report",
    "nof1.cli.share:share": "nof1.workflow.share:share",
    "nof1.cli.trial:check": "nof1.workflow.check:check",
    "nof1.cli.trial:import_": "nof1.workflow.importing:import_table",
    "nof1.cli.trial:lock": "nof1.workflow.lock:lock",
    "nof1.cli.verify:repair": "nof1.workflow.verify:repair",
    "nof1.cli.verify:verify": "nof1.workflow.verify:verify",
}
#: Options whose keywords are called otherwise: what may be said several times is in the plural.
PLURAL = {
    "covariate": "covariates",
    "engine": "engines",
    "moderator": "moderators",
}
#: What only a terminal has: how a result is shown, and what is not asked.
TERMINAL = {"as_json", "csv", "yes", "_schema"}
#: Options of one command with which it makes another call.
INSTEAD = {"nof1.cli.pool:pool": {"shard", "out"}}
#: What only a call has: who is told and asked, and what files say otherwise.
CALL = {"tell", "progress", "ask_purpose", "ask_passphrase", "asking", "passphrase", "person"}


def defaults(name: str) -> dict[str, Any]:
    """Return the default of everything that need not be given; nothing is nothing in any form."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return {
        PLURAL.get(parameter.name, parameter.name): (
            None if parameter.default == () else parameter.default
        )
        for parameter in inspect.signature(found).parameters.values()
        if parameter.default is not inspect.Parameter.empty
    }


@pytest.mark.parametrize("command", PAIRS)
def test_options_and_defaults_are_the_same(command: str) -> None:
    others = TERMINAL | INSTEAD.get(command, set())
    options = {name: value for name, value in defaults(command).items() if name not in others}
    keywords = {name: value for name, value in defaults(PAIRS[command]).items() if name not in CALL}
    assert keywords == options
