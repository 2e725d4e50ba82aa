"""Printed pages: those for everyone, and those for the packer alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nof1.reports.pages.printing import pack_pages, print_pages, read_item_wording, refuse_inside
from nof1.trial.contacts import PRINTED
from nof1.trial.folder import open_trial
from nof1.workflow.keys import AskPassphrase, opened_seal, opening_key
from nof1.workflow.notes import Notes
from nof1.workflow.progress import Tell, silent
from nof1.workflow.result import JsonResult

Paper = Literal["a4", "letter"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Printed(JsonResult):
    """Pages without an arm, as written.

    Attributes
    ----------
    files : tuple of Path
        In the order in which they are listed.
    """

    files: tuple[Path, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows: the files."""
        return map(str, self.files)

    def to_dict(self) -> dict[str, Any]:
        """Return the files as the JSON object of ``nof1 print --json``."""
        return {"schema": "nof1.print/1", "files": [str(path) for path in self.files]}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Packed(JsonResult):
    """The packer's pages, as written.

    Attributes
    ----------
    files : tuple of Path
        In the order in which they are listed.
    breaks_blind : bool
        Whether they tell somebody what the trial keeps from them.
    notes : tuple of str
        What opening the seal took.
    """

    files: tuple[Path, ...]
    breaks_blind: bool
    notes: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows: the files."""
        return map(str, self.files)

    def to_dict(self) -> dict[str, Any]:
        """Return the files as the JSON object of ``nof1 pack --json``."""
        return {"schema": "nof1.pack/1", "files": [str(path) for path in self.files]}


def print_trial(
    trial: Path | str,
    *,
    paper: Paper = "a4",
    large: bool = False,
    item_wording: Path | str | None = None,
) -> Printed:
    """Make every page without an arm: booklet, clinician's pages, calendar.

    They land in the folder ``print`` of the trial: those of before are replaced.

    Parameters
    ----------
    trial : path
        The trial folder.
    paper : {"a4", "letter"}
        Size of the sheets.
    large : bool
        Large print, 18 points; the repeated box less.
    item_wording : path or None
        Text of the questionnaire items, a line each, if you have a licence for it.

    Raises
    ------
    InputError
        If a text cannot be printed, or the folder not be written: the pages of before stand then.
    """
    folder = Path(trial)
    opened = open_trial(folder)
    wording = None if item_wording is None else read_item_wording(opened, Path(item_wording))
    files = print_pages(opened, folder / PRINTED, paper=paper, large=large, item_wording=wording)
    return Printed(files=files)


def pack_trial(
    trial: Path | str,
    *,
    out: Path | str,
    passphrase: str | None = None,
    passphrase_file: Path | str | None = None,
    identity: Path | str | None = None,
    paper: Paper = "a4",
    large: bool = False,
    ask_passphrase: AskPassphrase | None = None,
    tell: Tell = silent,
) -> Packed:
    """Make what the packer alone may see: packing sheet, labels, emergency notes, cards.

    It opens the seal, checks it against the commitment, and writes nothing into the trial folder.

    Parameters
    ----------
    trial : path
        The trial folder.
    out : path
        Folder outside the trial folder.
    passphrase, passphrase_file, identity : str, path, path
        What opens the seal: a passphrase, the file of one, or the file of an age identity.
    paper, large
        As in `print_trial`.
    ask_passphrase : callable or None
        Is asked for the passphrase when no key was given.
    tell : callable
        Gets every note as it comes up.

    Raises
    ------
    BlindingError
        If `out` lies in the trial folder.
    SealError
        If the key does not open the seal, or what it holds is not what was promised.
    InputError
        If `out` holds the pages of another trial, or cannot be written.
    """
    opened, notes = open_trial(Path(trial)), Notes(tell)
    refuse_inside(opened.folder, Path(out))
    key = opening_key(passphrase, passphrase_file, identity, ask_passphrase)
    allocation = opened_seal(opened, key, tell=notes)
    files = pack_pages(opened, allocation, Path(out), paper=paper, large=large)
    blinding = opened.protocol.blinding
    return Packed(
        files=files,
        breaks_blind=bool(blinding.masked) or blinding.mode == "concealed",
        notes=tuple(notes.texts),
    )
