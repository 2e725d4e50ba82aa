"""Running the command line: the one place where errors become messages and exit codes."""

from __future__ import annotations

import os
import sys

# Before NumPy is imported: its matrices here are small, and threads only get in each other's way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import nof1.cli.commands  # noqa: F401  registers every command on `app`
from nof1.cli.app import app, note
from nof1.errors import InputError, Nof1Error


def main() -> None:
    """Run the command line; a user's mistake ends in one message and exit code 2."""
    try:
        app()
    except InputError as error:
        for fault in error.faults:
            note(f"nof1: {fault}")
        sys.exit(error.exit_code)
    except Nof1Error as error:
        note(f"nof1: {error}")
        sys.exit(error.exit_code)
