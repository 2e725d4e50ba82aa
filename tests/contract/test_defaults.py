"""A call of the workflow has the options of its command, with the same defaults."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from nof1.cli import commands  # noqa: F401  registers every command
from nof1.cli.analyse import analyse as analyse_command
from nof1.cli.pool import merge as merge_command
from nof1.cli.pool import pool as pool_command
from nof1.cli.report import report as report_command
from nof1.workflow.analyse import analyse
from nof1.workflow.pool import pool
from nof1.workflow.report import report
from nof1.workflow.shards import merge

#: Options whose keywords are called otherwise: what may be said several times is in the plural.
PLURAL = {
    "covariate": "covariates",
    "engine": "engines",
    "moderator": "moderators",
}
#: What only a terminal has.
TERMINAL = {"as_json", "shard", "out"}
#: What only a call has: who is told, and what a file name says otherwise.
CALL = {"tell", "progress", "ask_purpose", "person"}


def defaults(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the default of everything that need not be given."""
    return {
        name: parameter.default
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is not inspect.Parameter.empty
    }


@pytest.mark.parametrize(
    ("command", "call"),
    [
        (analyse_command, analyse),
        (pool_command, pool),
        (merge_command, merge),
        (report_command, report),
    ],
    ids=["analyse", "pool", "merge", "report"],
)
def test_options_and_defaults_are_the_same(
    command: Callable[..., Any], call: Callable[..., Any]
) -> None:
    options = {
        PLURAL.get(name, name): value
        for name, value in defaults(command).items()
        if name not in TERMINAL
    }
    keywords = {name: value for name, value in defaults(call).items() if name not in CALL}
    assert keywords == options
