"""What all tests share: no example is hurried, and what was not run is said at the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from support.coverage_lines import coverage_lines

ROOT = Path(__file__).parents[1]

# How long an example takes depends on what else the computer does, and on being measured.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how much of nof1 was run, where pytest-cov measured it (`make test`)."""
    if getattr(config.option, "cov_source", None):
        terminalreporter.ensure_newline()
        for line in coverage_lines(ROOT):
            terminalreporter.write_line(line)
