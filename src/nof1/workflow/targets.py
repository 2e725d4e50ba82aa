"""Where something is to be written, looked at before any work is done."""

from __future__ import annotations

from pathlib import Path

from nof1.errors import Fault, InputError


def refuse_missing(option: str, folder: Path) -> None:
    """Refuse a folder into which nothing can be written, before any work is done."""
    if not folder.is_dir():
        raise InputError(Fault(option, f"there is no folder {folder}", "Make it first."))
