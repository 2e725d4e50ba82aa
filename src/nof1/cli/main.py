"""Running the command line: the one place where errors become messages and exit codes."""

from __future__ import annotations

import os
import sys

# Before NumPy is imported: its matrices here are small, and threads only get in each other's way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import nof1.cli.commands  # noqa: F401  registers every command on `app`
from nof1.cli.app import UnheardError, app, note
from nof1.errors import Fault, InputError, Nof1Error, mendable, system_fault


def main() -> None:
    """Run the command line; a user's mistake ends in one message and exit code 2."""
    from nof1.receipts import receipts

    with receipts() as recorded:
        try:
            app()
        except (Nof1Error, OSError, MemoryError, ImportError) as error:
            said, code = _said(error)
            for line in said:
                note(f"nof1: {line}")
            for receipt in recorded:
                if not receipt.text or receipt.text not in "".join(said):
                    note(f"nof1: {receipt.where}: {receipt}")
            sys.exit(code)


def _said(error: Nof1Error | OSError | MemoryError | ImportError) -> tuple[list[str], int]:
    """Return what to say of an error, a line each, and the exit code."""
    match error:
        case UnheardError():
            return [], error.exit_code
        case InputError():
            return [str(fault) for fault in error.faults], error.exit_code
        case Nof1Error():
            return [str(error)], error.exit_code
        case OSError():
            code = InputError.exit_code if mendable(error) else Nof1Error.exit_code
            return [str(system_fault(error))], code
        case ImportError():
            what = f"a part of nof1's installation cannot be read: {error.name or error}"
            fault = Fault("", what, "Check the disk it is on, or install nof1 again.")
            return [str(fault)], InputError.exit_code
        case _:
            what, mend = "the memory ran out", "Close other programs, or ask for less at once."
            return [str(Fault("", what, mend))], InputError.exit_code
