"""Whom the person can call, as printed on every page: set by the design, changed by the log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from nof1.errors import Fault, TrialError
from nof1.protocol.protocol import Protocol
from nof1.provenance import canonical_json, sha256_hex
from nof1.trial.entries import LONGEST_CONTACT, MOST_CONTACTS
from nof1.trial.folder import Trial
from nof1.trial.log import Entry, append
from nof1.trial.observation_rules import text_faults

#: Folder of the printed pages, in the trial folder.
PRINTED = "print"
#: What the pages print when no number is given.
EMERGENCY = "your emergency number"

#: Every page that nof1 prints of a trial has this among its properties.
PAGE_MARK = b"nof1-contacts-"
_MARK = re.compile(PAGE_MARK + rb"[0-9a-f]{12}")


def contact_faults(contacts: Sequence[str], emergency: str) -> list[Fault]:
    """Return a fault for every line that cannot be printed on the pages."""
    several = len(contacts) > 1
    printed = {
        f"contact {number}" if several else "contact": line
        for number, line in enumerate(contacts, start=1)
    } | {"emergency": emergency}
    faults = text_faults(printed)
    faults += [
        Fault(
            name,
            f"{len(text)} characters do not fit the pages",
            f"Write {LONGEST_CONTACT} at most.",
        )
        for name, text in printed.items()
        if len(text) > LONGEST_CONTACT
    ]
    faults += [
        Fault(f"contact {number}", f"{line!r} is given already", "Give every line once.")
        for number, line in enumerate(contacts, start=1)
        if line in contacts[: number - 1]
    ]
    if len(contacts) > MOST_CONTACTS:
        mend = f"Give the {MOST_CONTACTS} that matter most."
        faults.append(Fault("contact", f"{len(contacts)} lines do not fit the pages", mend))
    return faults


def refuse_nobody(protocol: Protocol, contacts: Sequence[str]) -> None:
    """Raise a `TrialError` when a trial in care or research names nobody to call."""
    if not contacts and protocol.purpose != "self":
        raise TrialError(
            Fault(
                "--contact",
                f"a trial for {protocol.purpose} needs somebody whom the person can call, "
                "on every page",
                'Add --contact "NAME, PHONE"; repeat it for more lines.',
            )
        )


def change_contacts(
    trial: Trial,
    contacts: Sequence[str],
    *,
    emergency: str | None,
    by: str,
    reason: str,
    now: datetime,
) -> Entry:
    """Log whom to call from now on; pages printed afterwards say so.

    The change that the same person made last for the same reason is not made again: the entry of
    then is returned.

    Parameters
    ----------
    trial : Trial
        As just opened; it may be locked.
    contacts : sequence of str
        All lines from now on; none leaves them as they are.
    emergency : str or None
        The emergency number from now on; None leaves it as it is.
    by, reason : str
        Who changes it and why.
    now : datetime
        The present, with its time zone.

    Raises
    ------
    TrialError
        If a line cannot be printed, nothing would change, or it is not said who and why.
    """
    new = (
        tuple(line.strip() for line in contacts) or trial.contacts,
        trial.emergency if emergency is None else emergency.strip(),
    )
    body = {
        "contact": list(new[0]),
        "emergency": new[1],
        "by": by.strip(),
        "reason": reason.strip(),
    }
    before = next(
        (earlier for earlier in reversed(trial.entries) if earlier.kind == "contact"), None
    )
    if before is not None and before.body == body:
        return before
    faults = contact_faults(*new) + text_faults({"--by": by, "--reason": reason})
    if new == (trial.contacts, trial.emergency):
        faults.append(
            Fault(
                "--contact",
                "nothing would change",
                'Give the new lines with --contact "NAME, PHONE", or a new --emergency NUMBER.',
            )
        )
    if faults:
        raise TrialError(faults)
    (entry,) = append(trial.folder, [("contact", body)], now=now, head=trial.head)
    return entry


def contacts_mark(contacts: Sequence[str], emergency: str) -> str:
    """Return what every printed file says of the contacts it carries, for `outdated_pages`."""
    digest = sha256_hex(canonical_json([list(contacts), emergency]))
    return f"{PAGE_MARK.decode()}{digest[:12]}"


def outdated_pages(trial: Trial, folder: Path) -> tuple[str, ...]:
    """Return the names of files in a folder that were printed with other contacts."""
    present = contacts_mark(trial.contacts, trial.emergency).encode()
    pages = []
    for path in sorted(folder.glob("*")):
        if path.suffix in {".pdf", ".ics"} and path.is_file():
            marks = set(_MARK.findall(path.read_bytes()))
            if marks - {present}:
                pages.append(path.name)
    return tuple(pages)
