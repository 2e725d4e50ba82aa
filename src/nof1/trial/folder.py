"""The trial folder: plain files, made in one step and verified every time they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from nof1.design.allocation import Allocation, Bound
from nof1.design.schedule import Schedule
from nof1.errors import Fault, TrialError, system_fault
from nof1.files.locks import CLAIM, LOCK, clear_claim
from nof1.files.names import clear_leftovers
from nof1.files.reading import read_file, refuse_links
from nof1.files.replacing import StandsError, clear_unfinished, fill_empty, fill_folder
from nof1.protocol.above_limit import override_entry
from nof1.protocol.files import parse_frozen, parse_protocol
from nof1.protocol.protocol import Protocol
from nof1.provenance import sha256_hex, software
from nof1.receipts import Receipt, keep
from nof1.trial.entries import checked
from nof1.trial.fitting import fitted
from nof1.trial.log import LOG, Entry, new_log, read_log
from nof1.trial.restoring import restored
from nof1.trial.schedule_file import read_schedule, write_schedule

#: Kinds of entries that are logged with the draw, at the beginning.
WITH_DRAW = ("protocol", "design", "eligibility")
PROTOCOL = "protocol.toml"
SCHEDULE = "schedule.csv"
SEALED = "allocation.age"
PRINT = "print"
RESULTS = "results"
#: What nof1 reads and writes in a trial folder; a link there would lead out of it.
OWN = (LOG, LOCK, CLAIM, PROTOCOL, SCHEDULE, SEALED, PRINT, RESULTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A trial folder as read from the disk, all its files verified against the log.

    Attributes
    ----------
    folder : Path
        Where it is.
    protocol : Protocol
        What was promised.
    protocol_text : str
        The frozen copy, byte for byte.
    protocol_digest : str
        Digest of the protocol as logged when the allocation was drawn; the commitment covers it.
    schedule : Schedule
        The calendar.
    bound : Bound
        Digests of protocol and schedule, as logged and as found.
    commitment : str
        Salted SHA-256 of the allocation, as logged with the draw.
    seal_digest : str or None
        SHA-256 of the seal as logged with the draw; None in trials begun before it was logged.
    contacts : tuple of str
        Whom to call, a line each, as last changed; empty when nobody is named.
    emergency : str
        The emergency number, as last changed.
    entries : tuple of Entry
        The whole log, in order.
    """

    folder: Path
    protocol: Protocol
    protocol_text: str
    protocol_digest: str
    schedule: Schedule
    bound: Bound
    commitment: str
    seal_digest: str | None
    contacts: tuple[str, ...]
    emergency: str
    entries: tuple[Entry, ...]

    @property
    def head(self) -> str:
        """Return the hash of the last entry: it stands for the whole log."""
        return self.entries[-1].hash

    @property
    def head_at_draw(self) -> str:
        """Return the hash of the last entry logged with the draw: it never changes."""
        first = (entry.kind in WITH_DRAW for entry in self.entries)
        return self.entries[sum(takewhile(bool, first)) - 1].hash

    @property
    def drawn(self) -> datetime:
        """Return when the order was drawn, sealed and logged, UTC."""
        return datetime.fromisoformat(self.entries[1].time)

    @property
    def locked(self) -> bool:
        """Return whether scores can no longer be recorded."""
        return any(entry.kind == "lock" for entry in self.entries)

    @property
    def allocation(self) -> Allocation | None:
        """Return the allocation from the unsealing in the log, or None while it is sealed."""
        for entry in self.entries:
            if entry.kind == "unseal":
                body = entry.body
                return Allocation(
                    arms=tuple(body["arms"]),
                    kits=tuple(body["kits"]),
                    seed=bytes.fromhex(body["seed"]),
                    salt=bytes.fromhex(body["salt"]),
                    bound=_sealed_with(body),
                )
        return None


def _sealed_with(unsealing: Mapping[str, Any]) -> Bound | None:
    """Return the files the seal named when it was opened, if it named any."""
    if "protocol_file_digest" not in unsealing:
        return None
    return Bound(
        protocol_file=unsealing["protocol_file_digest"],
        schedule_file=unsealing["schedule_digest"],
    )


def bound_to(protocol_text: str, schedule: Schedule) -> Bound:
    """Return the digests of the two files a new trial folder will hold."""
    return Bound(
        protocol_file=sha256_hex(protocol_text), schedule_file=sha256_hex(write_schedule(schedule))
    )


def create_trial(
    folder: Path,
    *,
    protocol_text: str,
    schedule: Schedule,
    sealed: bytes,
    details: Mapping[str, Any],
    eligibility: Mapping[str, Any],
    now: datetime,
) -> Trial:
    """Write a new trial folder and return it.

    Everything is written under a hidden name first, and the log comes last: either the whole trial
    is there or nothing.

    Parameters
    ----------
    folder : Path
        Must not exist, or be empty.
    protocol_text : str
        The protocol file, kept as it is.
    schedule : Schedule
        The calendar, without arms.
    sealed : bytes
        The sealed allocation.
    details : mapping
        ``commitment``, ``contact`` (lines), ``emergency`` and ``sealed_for`` of the design entry,
        and of a draw with a promise ``promise`` and ``public_number``;
        the rest of that entry is filled in here.
    eligibility : mapping
        Body of the eligibility entry: ``answers``, ``concerns``, ``clinician``, ``how``.
    now : datetime
        Time of the design, with its time zone.

    Raises
    ------
    TrialError
        If something is in the way, or the folder cannot be written.
    ProtocolError
        If the protocol text is wrong.
    """
    protocol = parse_protocol(protocol_text, source=PROTOCOL)
    bound = bound_to(protocol_text, schedule)
    design = {
        "participant": schedule.participant,
        "start": schedule.start.isoformat(),
        **{name: details[name] for name in ("commitment", "contact", "emergency", "sealed_for")},
        **{name: details[name] for name in ("promise", "public_number") if name in details},
        "schedule_digest": bound.schedule_file,
        "seal_digest": sha256_hex(sealed),
        "software": software(),
    }
    above_limit = override_entry(protocol)
    if above_limit is not None:
        design["limit_override"] = above_limit
    promise = {
        "digest": protocol.digest,
        "file_digest": bound.protocol_file,
        "name": protocol.name,
        "version": protocol.version,
    }
    files = {
        PROTOCOL: protocol_text.encode(),
        SCHEDULE: write_schedule(schedule).encode(),
        SEALED: sealed,
    }
    batch = [("protocol", promise), ("design", design), ("eligibility", dict(eligibility))]
    files[LOG], last = new_log(batch, now=now)  # the last file: with it there is a trial
    made = Receipt(folder, "the trial was made", last.receipt, "do not make it again")
    refuse_taken(folder)
    try:
        if folder.exists():
            fill_empty(folder, files)
        else:
            fill_folder(folder, files)
    except StandsError as error:
        keep(made)
        doing, then = "was written, but the disk did not confirm it", made.sentence
        fault = system_fault(error, folder, doing=doing, then=then)
        raise TrialError(fault) from error
    except OSError as error:
        then = "No trial was made."
        fault = system_fault(error, folder, doing="could not be written", then=then)
        raise TrialError(fault) from error
    except KeyboardInterrupt:
        if (folder / LOG).exists():
            keep(made)
        raise
    keep(made)
    return open_trial(folder)


def open_trial(folder: Path) -> Trial:
    """Return the trial in a folder, its log, protocol and schedule verified.

    What a killed program of this computer left half-written there is removed first.

    Parameters
    ----------
    folder : Path
        The trial folder.

    Raises
    ------
    TrialError
        If it is no trial folder, the log is broken, or a file differs from what was logged; names
        each file that was changed.
    """
    refuse_links(*(folder / name for name in OWN))
    clear_claim(folder)
    for place in (folder, folder / PRINT, folder / RESULTS):
        clear_leftovers(place)
    entries = tuple(checked(read_log(folder), folder / LOG))
    promise, design = entries[0].body, entries[1].body
    faults: list[Fault] = []
    protocol_file = _verified(folder / PROTOCOL, promise["file_digest"], faults)
    schedule_file = _verified(folder / SCHEDULE, design["schedule_digest"], faults)
    if faults:
        raise TrialError(faults)
    text = _text(folder / PROTOCOL, protocol_file)
    protocol = parse_frozen(text, source=str(folder / PROTOCOL))
    schedule = read_schedule(
        _text(folder / SCHEDULE, schedule_file),
        participant=design["participant"],
        start=date.fromisoformat(design["start"]),
        source=str(folder / SCHEDULE),
    )
    fitted(protocol, schedule, entries, folder=folder, log=LOG, calendar=SCHEDULE)
    contacts, emergency = _contacts(entries)
    return Trial(
        folder=folder,
        protocol=protocol,
        protocol_text=text,
        protocol_digest=promise["digest"],
        schedule=schedule,
        bound=Bound(protocol_file=promise["file_digest"], schedule_file=design["schedule_digest"]),
        commitment=design["commitment"],
        seal_digest=design.get("seal_digest"),
        contacts=contacts,
        emergency=emergency,
        entries=entries,
    )


def _contacts(entries: tuple[Entry, ...]) -> tuple[tuple[str, ...], str]:
    """Return whom to call and the emergency number: of the design, or as last changed."""
    body = entries[1].body
    for entry in entries:
        if entry.kind == "contact":
            body = entry.body
    # The first trials had one line, as a text.
    lines = [body["contact"]] if isinstance(body["contact"], str) else body["contact"]
    return tuple(lines), body["emergency"]


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        what = f"byte {error.start} is not UTF-8"
        raise TrialError(Fault(str(path), what, "Put back the copy you kept.")) from error


def _verified(path: Path, digest: str, faults: list[Fault]) -> bytes:
    """Return the bytes of a file; add a fault when they are not those whose digest was logged."""
    try:
        data = read_file(path)
    except FileNotFoundError:
        faults.append(Fault(str(path), "the file is missing", "Put back the copy you kept."))
        return b""
    except OSError as error:
        faults.append(system_fault(error, path, doing="cannot be read"))
        return b""
    except TrialError as error:
        faults += error.faults
        return b""
    if sha256_hex(data) != digest and (mended := restored(data, digest)):
        faults.append(
            Fault(
                str(path),
                f"{mended.damage}; nothing else was, as the SHA-256 in the log proves",
                f"Run `nof1 repair {path.parent}`: it puts the form back.",
            )
        )
    elif sha256_hex(data) != digest:
        faults.append(
            Fault(
                str(path),
                f"the file was changed after the trial was designed: its SHA-256 is "
                f"{sha256_hex(data)[:8]}..., but {digest[:8]}... was logged",
                "Put back the unchanged file; a running trial is never edited.",
            )
        )
    return data


def refuse_taken(folder: Path) -> None:
    """Raise a `TrialError` if a new trial cannot go into `folder`: there is something already."""
    try:
        if folder.is_dir():
            clear_unfinished(folder, LOG)
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        fault = system_fault(error, folder, doing="cannot be read", then="Choose a new folder.")
        raise TrialError(fault) from error
    if taken:
        raise TrialError(
            Fault(str(folder), "there is something there already", "Choose a new folder.")
        )
