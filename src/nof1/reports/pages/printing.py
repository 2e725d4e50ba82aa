"""Writing the pages: all of them are made before the first is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from nof1.design.allocation import Allocation
from nof1.errors import BlindingError, Fault, InputError
from nof1.files.replacing import replace_files
from nof1.protocol.reading import read_text
from nof1.provenance import canonical_json, sha256_hex
from nof1.reports.layout.typesetting import MADE_BY, Paper, timestamp_of, typeset
from nof1.reports.pages.calendar import calendar_file
from nof1.reports.pages.clinician import clinician_data
from nof1.reports.pages.packer import cards_data, emergency_data, labels_data, packing_data
from nof1.reports.pages.participant import participant_data
from nof1.reports.pages.source import PrintedTrial, stamp
from nof1.scales import IRLS
from nof1.trial.contacts import PAGE_MARK, contacts_mark
from nof1.trial.folder import Trial
from nof1.trial.verifying import verify
from nof1.words import office as office_words
from nof1.words import pages as words

#: The cards of a trial that is not double-blind.
CARDS = "cards.pdf"

#: In every page of the packer: which trial it belongs to.
_TRIAL_MARK = re.compile(rb"nof1-trial-[0-9a-f]{12}")

_NUMBERING = re.compile(r"^\d+[.):]?\s+")


def print_pages(
    trial: PrintedTrial,
    folder: Path,
    *,
    paper: Paper = "a4",
    large: bool = False,
    item_wording: tuple[str, ...] | None = None,
) -> tuple[Path, ...]:
    """Write every page without an arm, and return the files.

    Parameters
    ----------
    trial : PrintedTrial
        What the pages may know: the allocation is no part of it.
    folder : Path
        Gets ``participant.pdf``, ``clinician.pdf`` and ``calendar.ics``, all or none; what else is
        there stays.
    paper : {"a4", "letter"}
        Size of the sheets.
    large : bool
        Large print.
    item_wording : tuple of str or None
        Text of each questionnaire item, supplied by a user who has a licence; see
        `read_item_wording`.

    Raises
    ------
    InputError
        If a text has a character that cannot be printed, or the folder cannot be written: then
        the pages of before stand.
    """
    booklet = participant_data(trial, item_wording=item_wording)
    files = {
        "participant.pdf": _pdf(trial, "participant", booklet, words.BOOKLET, paper, large),
        "clinician.pdf": _pdf(
            trial, "clinician", clinician_data(trial), office_words.CLINICIAN, paper, large
        ),
        "calendar.ics": calendar_file(trial),
    }
    return replace_files(folder, files, mark=MADE_BY.encode())


def pack_pages(
    trial: Trial,
    allocation: Allocation,
    folder: Path,
    *,
    paper: Paper = "a4",
    large: bool = False,
) -> tuple[Path, ...]:
    """Write what the packer alone may see, and return the files.

    Parameters
    ----------
    trial : Trial
        As opened from its folder.
    allocation : Allocation
        As opened from its seal; it must be the one promised.
    folder : Path
        Outside the trial folder. Gets ``packing-sheet.pdf``, ``labels.pdf``, ``emergency.pdf``
        and, unless the trial is double-blind, ``cards.pdf``: all or none. What else is there
        stays, but for cards printed before that no longer belong to the set.
    paper, large
        As in `print_pages`.

    Raises
    ------
    BlindingError
        If `folder` lies in the trial folder.
    SealError
        If the allocation is not the one promised.
    InputError
        If the folder holds the pages of another trial, or cannot be written: then the pages of
        before stand.
    """
    refuse_inside(trial.folder, folder)
    verify(trial, allocation)
    mark = _trial_mark(trial)
    pages = {
        "packing-sheet.pdf": ("packing", packing_data(trial, allocation)),
        "labels.pdf": ("labels", labels_data(trial)),
        "emergency.pdf": ("folded", emergency_data(trial, allocation)),
    }
    if trial.protocol.blinding.mode != "double-blind":
        pages[CARDS] = ("folded", cards_data(trial, allocation))
    _refuse_others(folder, pages, mark)
    files = {
        name: _pdf(trial, template, data, data["title"], paper, large, marks=(mark,))
        for name, (template, data) in pages.items()
    }
    earlier = [CARDS] if _is_printed(folder / CARDS) else []
    # The packer's folder may well be a link of the packer's own.
    replace_files(folder.resolve(), files, earlier=earlier, private=True)
    return tuple(folder / name for name in files)


def _is_printed(path: Path) -> bool:
    """Whether a file is a page of nof1, and not a file of the user's that has its name."""
    return path.is_file() and not path.is_symlink() and PAGE_MARK in path.read_bytes()


def _trial_mark(trial: Trial) -> str:
    """Return what the packer's pages say of the trial they belong to, which tells no arm."""
    kits = [period.kit for period in trial.schedule.periods]
    digest = sha256_hex(canonical_json([trial.schedule.participant, kits]))
    return f"nof1-trial-{digest[:12]}"


def _refuse_others(folder: Path, names: Iterable[str], mark: str) -> None:
    """Raise an `InputError` if pages of another trial, or files of the user's, would be replaced.

    Labels and emergency notes of a trial that runs must not be lost to another one.
    """
    faults = []
    for path in (folder / name for name in names):
        if not path.is_file() or path.is_symlink():
            continue
        marks = set(_TRIAL_MARK.findall(path.read_bytes()))
        if not _is_printed(path):
            what = "is no page that nof1 made"
        elif marks and mark.encode() not in marks:
            what = "is a page of another trial"
        else:
            continue
        faults.append(Fault(str(path), what, "Choose another folder, or move it away."))
    if faults:
        raise InputError(faults)


def refuse_unprintable(where: str, texts: object) -> None:
    """Raise an `InputError` if a text, or one in a mapping or list, cannot be printed.

    Asked before the draw, since a protocol cannot be changed after it.
    """
    data = {"texts": list(_strings(texts))}
    typeset("texts", data, title=where, timestamp=timestamp_of(date(2000, 1, 1)))


def _strings(value: object) -> Iterator[str]:
    """Yield every text in nested mappings and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def refuse_inside(trial_folder: Path, folder: Path) -> None:
    """Raise a `BlindingError` if pages with arms would land in the trial folder."""
    if folder.resolve().is_relative_to(trial_folder.resolve()):
        raise BlindingError(
            Fault(
                str(folder),
                "lies in the trial folder, which everyone may read",
                "Choose a folder outside it that only the packer can read.",
            )
        )


def read_item_wording(trial: PrintedTrial, path: Path) -> tuple[str, ...]:
    """Return the text of each questionnaire item from a user's file, a line each.

    Raises
    ------
    InputError
        If no outcome of the trial has items, the file cannot be read, or the number of lines is
        not that of the items.
    """
    if not any(outcome.scale == "irls" for outcome in trial.protocol.outcomes):
        raise InputError(
            Fault(str(path), "no score of this trial has items", "Leave --item-wording out.")
        )
    text = read_text(path, mend="Give a text file.")
    items = tuple(_NUMBERING.sub("", line.strip()) for line in text.splitlines() if line.strip())
    if len(items) != IRLS.n_items:
        raise InputError(
            Fault(
                str(path),
                f"{len(items)} lines of text",
                f"Write {IRLS.n_items} lines, one for each item, in order.",
            )
        )
    return items


def _pdf(
    trial: PrintedTrial,
    template: str,
    data: Mapping[str, Any],
    name: str,
    paper: Paper,
    large: bool,
    *,
    marks: tuple[str, ...] = (),
) -> bytes:
    title = f"{name}, {words.PARTICIPANT} {trial.schedule.participant}"
    return typeset(
        template,
        data,
        title=title,
        timestamp=stamp(trial),
        paper=paper,
        large=large,
        keywords=(contacts_mark(trial.contacts, trial.emergency), *marks),
    )
