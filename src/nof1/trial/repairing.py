"""Putting back what the hashes prove to be the same, and nothing else.

The log proves itself, entry by entry; then it proves protocol, schedule and seal by their digests.
What was there is kept in the folder ``damaged``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nof1.errors import Fault, TrialError, system_fault
from nof1.files.locks import sole_writer
from nof1.files.reading import read_file, refuse_links
from nof1.files.replacing import replace_files
from nof1.provenance import sha256_hex
from nof1.receipts import Receipt, keep
from nof1.trial.folder import PROTOCOL, SCHEDULE, SEALED
from nof1.trial.log import LOG, Entry, new_log, parse_log
from nof1.trial.restoring import LARGEST, Restored, RestoredLog, restored, restored_log

#: Where the files that were repaired are kept as they were.
DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One file put back as it was.

    Attributes
    ----------
    file : str
        Its name.
    damage : str
        What had been done to it.
    proof : str
        What proves that it is now what it was.
    kept : str or None
        Where the damaged file is kept, below the trial folder; None when there was none.
    """

    file: str
    damage: str
    proof: str
    kept: str | None


def repair(
    folder: Path, *, cut_torn_end: bool, now: datetime
) -> tuple[tuple[Repair, ...], tuple[Fault, ...]]:
    """Put back every file of a trial folder whose content can be proven.

    Parameters
    ----------
    folder : Path
        The trial folder.
    cut_torn_end : bool
        Whether a last line of the log that was cut off may be left out; this is logged.
    now : datetime
        The present, with its time zone.

    Returns
    -------
    tuple of Repair
        What was put back.
    tuple of Fault
        What is damaged and could not be proven; it is as it was.

    Raises
    ------
    TrialError
        If the log cannot be proven, which proves the rest, or nothing can be written; nothing was
        changed then.
    """
    if folder.is_symlink():  # every command takes a link to a trial folder
        folder = folder.resolve()
    refuse_links(*(folder / name for name in (LOG, PROTOCOL, SCHEDULE, SEALED, DAMAGED)))
    log = _read(folder / LOG)
    if log is None:
        what = "there is no such file, so nothing can be proven"
        raise TrialError(Fault(str(folder / LOG), what, "Put back the copy you kept."))
    proven = restored_log(log)
    _refuse_unproven(folder, proven, cut_torn_end=cut_torn_end)
    entries = parse_log(proven.data, where=str(folder / LOG))
    changes = list(_log_changes(log, proven, entries, now))
    faults: list[Fault] = []
    for name, digest in _digests([entry.body for entry in entries[:2]]):
        damaged = _read(folder / name)
        if damaged is not None and sha256_hex(damaged) == digest:
            continue
        restored = _search(folder, damaged, digest)
        if restored is None:
            faults.append(_unproven(folder / name, damaged, digest))
        else:
            proof = f"its SHA-256, {digest[:8]}..., is the one in the log"
            repair = Repair(file=name, damage=restored.damage, proof=proof, kept=None)
            changes.append(_Change(damaged=damaged, data=restored.data, repair=repair))
    return _written(folder, changes), tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A file as it is, None when it is missing, as it was, and what is said of it."""

    damaged: bytes | None
    data: bytes
    repair: Repair

    @property
    def kept(self) -> str | None:
        """Return the name the damaged file is kept under: the same one when it is kept again."""
        if self.damaged is None:
            return None
        return f"{sha256_hex(self.damaged)[:8]}-{self.repair.file}"


def _log_changes(
    log: bytes, proven: RestoredLog, entries: tuple[Entry, ...], now: datetime
) -> Iterator[_Change]:
    """Yield the change of a log that is not as nof1 wrote it; a cut is logged in the same step."""
    if proven.data == log:
        return
    data = proven.data
    damage = [proven.damage] if proven.damage else []
    if proven.rest:
        damage.append(f"{proven.torn_end}; what it held is left out, which is logged")
        body = {"file": LOG, "cut_bytes": len(proven.rest), "digest": sha256_hex(log)}
        data, _ = new_log([("repair", body)], now=now, before=entries)
    proof = f"each of its {proven.entries} entries has its hash, and follows from the one before"
    repair = Repair(file=LOG, damage=" and ".join(damage), proof=proof, kept=None)
    yield _Change(damaged=log, data=data, repair=repair)


def _refuse_unproven(folder: Path, proven: RestoredLog, *, cut_torn_end: bool) -> None:
    """Raise unless the whole log can be proven, or all but an end that may be cut off."""
    n = proven.entries
    if n < 2:
        what = "its first two entries cannot be proven by their hashes, so nothing else can be"
        raise TrialError(Fault(str(folder / LOG), what, "Put back the copy you kept."))
    if not proven.rest or (proven.torn and cut_torn_end):
        return
    if proven.torn:
        what = f"{proven.torn_end}; {proven.whole}"
        mend = "Put back a whole copy; when there is none, add --cut-torn-end to go on without it."
        raise TrialError(Fault(str(folder / LOG), what, mend))
    what = (
        f"entries 1 to {n} are proven by their hashes, but what follows them was changed; nothing "
        "was repaired"
    )
    raise TrialError(Fault(str(folder / LOG), what, "Put back the copy you kept."))


def _digests(first: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the files whose SHA-256 a log holds, with it."""
    promise, design = first
    for name, digest in (
        (PROTOCOL, promise.get("file_digest")),
        (SCHEDULE, design.get("schedule_digest")),
        (SEALED, design.get("seal_digest")),
    ):
        if isinstance(digest, str):
            yield name, digest


def _search(folder: Path, damaged: bytes | None, digest: str) -> Restored | None:
    """Return a file as it was, from what is there or from a copy beside it, and what happened."""
    if damaged is not None and (mended := restored(damaged, digest)):
        return mended
    what = "was missing" if damaged is None else "was changed" if damaged else "was empty"
    for path in sorted(folder.iterdir()):
        copy = b""
        with suppress(OSError):  # a copy that cannot be read is none
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST:
                copy = read_file(path)
        if sha256_hex(copy) == digest:
            return Restored(data=copy, damage=f"it {what}; {path.name} beside it holds it")
    return None


def _unproven(path: Path, damaged: bytes | None, digest: str) -> Fault:
    if damaged is None:
        what = "the file is missing, and no copy of it lies in the folder"
    else:
        what = (
            f"its SHA-256 is {sha256_hex(damaged)[:8]}..., not {digest[:8]}... as logged, and no "
            "change of its form explains that; it was left as it is"
        )
    return Fault(str(path), what, "Put back the copy you kept.")


def _read(path: Path) -> bytes | None:
    try:
        return read_file(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise TrialError(system_fault(error, path, doing="cannot be read")) from error


def _written(folder: Path, changes: list[_Change]) -> tuple[Repair, ...]:
    """Keep the damaged files, then put the others in their place: all of them, or none."""
    if not changes:
        return ()
    kept = {
        change.kept: change.damaged
        for change in changes
        if change.kept and change.damaged is not None
    }
    try:
        with sole_writer(folder) as refuse_lost:
            for change in changes:
                if _read(folder / change.repair.file) != change.damaged:
                    what, mend = "another program wrote it meanwhile", "Run the command again."
                    raise TrialError(Fault(str(folder / change.repair.file), what, mend))
            if kept:
                replace_files(folder / DAMAGED, kept)
            refuse_lost()
            replace_files(folder, {change.repair.file: change.data for change in changes})
    except OSError as error:
        fault = system_fault(error, folder, doing="could not be repaired")
        raise TrialError(fault) from error
    keep(Receipt(folder, "the files were repaired", "", "see with `nof1 check`"))
    return tuple(
        replace(change.repair, kept=f"{DAMAGED}/{change.kept}") if change.kept else change.repair
        for change in changes
    )
