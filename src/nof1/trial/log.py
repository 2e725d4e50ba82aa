"""The log of a trial: append-only JSON lines, each chained to the one before by its hash.

A batch of entries is written as a whole new file beside the old one, forced to the disk, read back,
and put in its place by one rename. So a killed process, a crash or a full disk leaves either the
old log or the new one, never half an entry; and an error says which. The chain shows any change to
an earlier line; it cannot show lines cut off at the end, which is why receipts and the head of the
chain are printed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from nof1.errors import Fault, TrialError, system_fault
from nof1.files.drafts import drop, keep_mode, put, sync_folder, write_draft
from nof1.files.locks import sole_writer
from nof1.files.names import clear_leftovers
from nof1.files.reading import read_file
from nof1.provenance import canonical_json
from nof1.receipts import Receipt, keep
from nof1.trial.chain import FIELDS, NO_PREVIOUS, hash_of
from nof1.trial.restoring import restored_log

LOG = "log.jsonl"

_RESTORE = "Put back an unchanged copy of the trial folder; the log must never be edited."


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log.

    Attributes
    ----------
    seq : int
        Number of the entry, from 1.
    time : str
        When it was written: UTC, to the second, ISO 8601 with ``Z``.
    kind : str
        What it records, for instance ``score``.
    body : mapping
        What was recorded; JSON values only.
    previous : str
        Hash of the entry before, 64 zeros for the first.
    hash : str
        SHA-256 of the canonical JSON of all the other fields, 64 hex digits.
    """

    seq: int
    time: str
    kind: str
    body: Mapping[str, Any]
    previous: str
    hash: str

    @property
    def receipt(self) -> str:
        """Return the first 8 hex digits of the hash, to be written down by whoever recorded."""
        return self.hash[:8]


def read_log(folder: Path) -> tuple[Entry, ...]:
    """Return every entry of the log in a trial folder, the chain verified.

    Parameters
    ----------
    folder : Path
        The trial folder.

    Raises
    ------
    TrialError
        If there is no log, or the chain is broken; names the line and what differs.
    """
    data = _read_bytes(folder)
    try:
        return parse_log(data, where=str(folder / LOG))
    except TrialError as broken:
        fault = _only_form(folder, data)
        if fault is None:
            raise
        raise TrialError(fault) from broken


def _only_form(folder: Path, data: bytes) -> Fault | None:
    """Return what happened to a broken log when all its entries can be proven, or all but one."""
    log = restored_log(data)
    if not log.entries or log.data == data:
        return None
    where = str(folder / LOG)
    if not log.rest:
        what = f"{log.damage}; {log.whole}"
        return Fault(where, what, f"Run `nof1 repair {folder}`: it puts the form back.")
    if not log.torn:
        return None
    what = f"{log.torn_end}; {log.whole}"
    mend = (
        "Put back a whole copy; when there is none, `nof1 repair "
        f"{folder} --cut-torn-end` goes on after entry {log.entries}."
    )
    return Fault(where, what, mend)


def new_log(
    batch: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    now: datetime,
    before: tuple[Entry, ...] = (),
) -> tuple[bytes, Entry]:
    """Return the bytes of a log that goes on after `before`, and its last entry; see `append`."""
    entries = (*before, *_chain(before, batch, now))
    return _bytes(entries), entries[-1]


def append(
    folder: Path,
    batch: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    now: datetime,
    head: str | None = None,
) -> tuple[Entry, ...]:
    """Append a batch of entries to the log, all or nothing, and return them.

    When this returns, the entries are on the disk. Writers of one folder wait for each other.

    Parameters
    ----------
    folder : Path
        The trial folder.
    batch : sequence of (kind, body)
        What to record, in order.
    now : datetime
        Time of recording, with its time zone.
    head : str or None
        Hash of the last entry the batch was checked against; when another program has written
        since, nothing is appended.

    Raises
    ------
    TrialError
        If the log is missing, broken, cannot be written, or went on after `head`.
    """
    _read_bytes(folder)
    try:
        with sole_writer(folder) as refuse_lost:
            clear_leftovers(folder)
            before = read_log(folder)
            if head is not None and before[-1].hash != head:
                raise TrialError(
                    Fault(
                        str(folder / LOG),
                        "another program recorded something at the same moment",
                        "Nothing was recorded by this command; run it again.",
                    )
                )
            added = _chain(before, batch, now)
            if added:
                _replace(folder, (*before, *added), added, refuse_lost)
    except OSError as error:
        then = "Nothing was recorded."
        fault = system_fault(error, folder / LOG, doing="could not be written", then=then)
        raise TrialError(fault) from error
    return added


def _replace(
    folder: Path,
    entries: Sequence[Entry],
    added: Sequence[Entry],
    refuse_lost: Callable[[], None],
) -> None:
    """Put a whole new log in the place of the old one, on the disk before it counts.

    Raises
    ------
    OSError
        If nothing was recorded.
    TrialError
        If the entries were recorded though something failed afterwards, or are not there though
        nothing failed.
    """
    log, data = folder / LOG, _bytes(entries)
    receipt = Receipt.of_entries(log, len(added), added[-1].receipt)
    draft = write_draft(folder, data)
    try:
        keep_mode(draft, log)
        refuse_lost()
        put(draft, log)
    except BaseException as error:
        drop(draft)
        if not _holds(log, data):  # some disks do what they say has failed
            raise
        keep(receipt)
        if not isinstance(error, OSError):
            raise
        raise _unconfirmed(receipt, error) from error
    keep(receipt)
    try:
        sync_folder(folder)
        there = read_file(log)
    except OSError as error:
        raise _unconfirmed(receipt, error) from error
    if there != data:
        raise TrialError(
            Fault(
                str(log),
                "holds something else than was just written there: another program writes at the "
                "same moment, or the disk fails",
                f"See with `nof1 check {folder}` whether it is there before you record it again.",
            )
        )


def _holds(log: Path, data: bytes) -> bool:
    with suppress(OSError):
        return read_file(log) == data
    return False


def _unconfirmed(receipt: Receipt, error: OSError) -> TrialError:
    """Return the error for entries that are in the log, though the disk did not confirm it."""
    doing = "was written, but the disk did not confirm it"
    fault = system_fault(error, receipt.where, doing=doing)
    return TrialError(replace(fault, mend=f"{receipt.sentence} {fault.mend}"))


def _chain(
    before: tuple[Entry, ...], batch: Sequence[tuple[str, Mapping[str, Any]]], now: datetime
) -> tuple[Entry, ...]:
    """Return the batch as entries that follow `before`."""
    if now.tzinfo is None:
        raise ValueError("the time of recording needs a time zone")
    time = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    previous = before[-1].hash if before else NO_PREVIOUS
    added: list[Entry] = []
    content: dict[str, Any]
    for seq, (kind, body) in enumerate(batch, start=len(before) + 1):
        content = {"seq": seq, "time": time, "kind": kind, "previous": previous}
        content["body"] = json.loads(canonical_json(body))
        previous = hash_of(content)
        added.append(Entry(**content, hash=previous))
    return tuple(added)


def _line(entry: Entry) -> str:
    return canonical_json({field: getattr(entry, field) for field in FIELDS})


def _bytes(entries: Sequence[Entry]) -> bytes:
    return "".join(f"{_line(entry)}\n" for entry in entries).encode()


def _read_bytes(folder: Path) -> bytes:
    log = folder / LOG
    try:
        return read_file(log)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise TrialError(
            Fault(
                str(log),
                "there is no such file, so this is not a trial folder",
                "Give the folder that `nof1 design PROTOCOL --out TRIAL` made.",
            )
        ) from error
    except OSError as error:
        raise TrialError(system_fault(error, log, doing="cannot be read")) from error


def parse_log(data: bytes, *, where: str) -> tuple[Entry, ...]:
    """Return the entries of a log file, or raise for the first line where the chain breaks."""
    if not data.endswith(b"\n"):
        last = data.count(b"\n") + 1
        _broken(where, last, "the line is cut off" if data else "the log is empty")
    entries: list[Entry] = []
    previous = NO_PREVIOUS
    for number, raw in enumerate(data[:-1].split(b"\n"), start=1):
        record = _record(raw, where, number)
        if record["seq"] != number:
            _broken(where, number, f"the entry is numbered {record['seq']}, not {number}")
        if record["previous"] != previous:
            _broken(
                where,
                number,
                f"it follows an entry with hash {_short(record['previous'])}, "
                f"but the hash of the line before is {_short(previous)}",
            )
        previous = hash_of(record)
        if record["hash"] != previous:
            _broken(
                where,
                number,
                f"its content was changed: it has hash {_short(previous)}, "
                f"but {_short(record['hash'])} was recorded",
            )
        entries.append(Entry(**record))
    return tuple(entries)


def _record(raw: bytes, where: str, number: int) -> dict[str, Any]:
    """Return one line as a mapping with the fields of an entry, in exactly nof1's own form."""
    try:
        record = json.loads(raw)
        # Another spelling of the same JSON, a key twice for instance, is a change as well.
        in_form = canonical_json(record).encode() == raw
    except (ValueError, RecursionError):
        _broken(where, number, "the line is not JSON")
    if not isinstance(record, dict) or set(record) != FIELDS:
        _broken(where, number, f"the line does not have the fields {', '.join(sorted(FIELDS))}")
    if not in_form or not isinstance(record["body"], dict) or not isinstance(record["kind"], str):
        _broken(where, number, "the line is not in the form nof1 writes")
    return record


def _broken(where: str, number: int, what: str) -> NoReturn:
    raise TrialError(Fault(f"{where}:line {number}", what, _RESTORE))


def _short(value: object) -> str:
    return f"{str(value)[:8]}..."
