"""Writing what was made: all of it, or none."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from nof1.errors import Fault, TrialError


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replace a folder as a whole: what was there stays until all that is new is written.

    Parameters
    ----------
    folder : Path
        Made if there is none; its parent must exist.
    files : mapping of str to bytes
        Contents by file name.
    """
    target = folder.absolute()
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    stale = target.with_name(f"{fresh.name}.old")
    fresh.mkdir()
    try:
        for name, data in files.items():
            (fresh / name).write_bytes(data)
        if target.exists():
            target.rename(stale)
        try:
            fresh.rename(target)
        except OSError:
            if stale.exists():
                stale.rename(target)
            raise
    finally:
        for leftover in (fresh, stale):
            shutil.rmtree(leftover, ignore_errors=True)


def write_beside(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that may hold others; what is new is for its owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = {name: folder / f".{name}.{secrets.token_hex(4)}" for name in files}
    try:
        for name, data in files.items():
            half[name].touch(mode=0o600)
            half[name].write_bytes(data)
        for name, path in half.items():
            path.replace(folder / name)
    finally:
        for path in half.values():
            path.unlink(missing_ok=True)


def unwritten(folder: Path, error: OSError) -> TrialError:
    """Return the error for a folder that could not be written."""
    return TrialError(
        Fault(
            str(folder),
            f"could not be written: {error.strerror or error}",
            "Nothing was written. Choose another place, or make room there.",
        )
    )
