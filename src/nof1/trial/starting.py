"""Starting a trial: draw, seal, commit, and write the folder, in one step."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from nof1.design.draw import Entropy, draw
from nof1.design.passphrase import Passphrase, refuse_guessable
from nof1.design.promise import Promise, PublicDraw
from nof1.design.schedule import make_schedule
from nof1.design.sealing import Recipient, commitment, seal
from nof1.errors import Fault, TrialError
from nof1.protocol.files import parse_protocol
from nof1.protocol.protocol import Protocol
from nof1.provenance import sha256_hex
from nof1.trial.contacts import EMERGENCY, contact_faults, refuse_nobody
from nof1.trial.folder import PROTOCOL, Trial, bound_to, create_trial

_CODE = re.compile(r"[A-Za-z0-9-]{1,20}")
_DATE_SHAPED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{4}")
_YEARS = range(1990, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Who begins when, where it is kept, and whom to call.

    Attributes
    ----------
    folder : Path
        The trial folder to make.
    participant : str
        Code of the person: 1 to 20 letters, digits and hyphens.
    first_day : date
        Study day 1.
    contacts : tuple of str
        Whom to call with questions, a line each; only a self-directed trial may name nobody.
    emergency : str
        The emergency number, as printed.

    Raises
    ------
    TrialError
        With every fault found.
    """

    folder: Path
    participant: str
    first_day: date
    contacts: tuple[str, ...] = ()
    emergency: str = EMERGENCY

    def __post_init__(self) -> None:
        faults = code_faults(self.participant)
        faults += contact_faults(self.contacts, self.emergency)
        if self.first_day.year not in _YEARS:
            faults.append(
                Fault("start", f"no trial starts in the year {self.first_day.year}", "Check it.")
            )
        if faults:
            raise TrialError(faults)


def code_faults(participant: str) -> list[Fault]:
    """Return why a text is no code of a person."""
    if not _CODE.fullmatch(participant):
        mend = "Use 1 to 20 letters, digits and hyphens, for instance P01; never a name."
        return [Fault("participant", f"{participant!r} is no code", mend)]
    if _DATE_SHAPED.fullmatch(participant):
        mend = "Use a code that tells nothing about the person, for instance P01."
        return [Fault("participant", f"{participant!r} looks like a date of birth", mend)]
    return []


def known_words(start: Start | None, protocol: Protocol | None) -> tuple[str, ...]:
    """Return what whoever wants to guess the passphrase of a trial knows of it."""
    words = [] if start is None else [start.participant, *start.contacts, start.emergency]
    if protocol is not None:
        words += [protocol.name, protocol.title]
        words += [text for arm in protocol.arms for text in (arm.id, arm.label)]
        words += [text for outcome in protocol.outcomes for text in (outcome.id, outcome.title)]
    return tuple(words)


def start_trial(
    start: Start,
    *,
    protocol_text: str,
    key: Passphrase | Recipient,
    eligibility: Mapping[str, Any],
    now: datetime,
    entropy: Entropy = os.urandom,
    public: PublicDraw | None = None,
) -> Trial:
    """Draw the allocation, seal it, and write the trial folder.

    The allocation lives in memory until it is sealed and is written nowhere else.

    Parameters
    ----------
    start : Start
        Who, when and where.
    protocol_text : str
        The protocol file; kept as it is.
    key : Passphrase or Recipient
        What the allocation is sealed with.
    eligibility : mapping
        Body of the eligibility entry: ``answers``, ``concerns``, ``clinician``, ``how``.
    now : datetime
        Time of the design, with its time zone.
    entropy : callable
        Randomness; see `nof1.design.draw.draw`.
    public : PublicDraw or None
        A promise for this person and protocol, and the number that was named after it.

    Raises
    ------
    ProtocolError
        If the protocol is wrong or leaves no sequence to draw.
    SealError
        If the passphrase could be guessed, or this computer cannot seal with it.
    TrialError
        If nobody is named whom the person can call, something is in the folder already, or it
        cannot be made.
    """
    protocol = parse_protocol(protocol_text, source=PROTOCOL)
    refuse_nobody(protocol, start.contacts)
    if isinstance(key, Passphrase):
        refuse_guessable(key, known=known_words(start, protocol))
    if public is not None:
        refuse_other_promise(public.promise, start.participant, protocol_text)
    drawn = draw(protocol, entropy=entropy, public=public)
    schedule = make_schedule(
        protocol, start=start.first_day, participant=start.participant, kits=drawn.kits
    )
    allocation = replace(drawn, bound=bound_to(protocol_text, schedule))
    return create_trial(
        start.folder,
        protocol_text=protocol_text,
        schedule=schedule,
        sealed=seal(allocation, key),
        details={
            "commitment": commitment(allocation),
            "contact": [line.strip() for line in start.contacts],
            "emergency": start.emergency,
            "sealed_for": key.text if isinstance(key, Recipient) else "a passphrase",
            **_publicly(public),
        },
        eligibility=eligibility,
        now=now,
    )


def refuse_other_promise(promise: Promise, participant: str, protocol_text: str) -> None:
    """Raise TrialError unless a promise was made for this person and this very protocol file."""
    faults = []
    mend = "Make a new promise and hand over its digits, before another number is known."
    if promise.participant != participant:
        what = f"it was made for {promise.participant!r}, not for {participant!r}"
        faults.append(Fault("--promise", what, mend))
    if promise.protocol_file != sha256_hex(protocol_text):
        what = "it was made for another protocol file, or the protocol was changed since"
        faults.append(Fault("--promise", what, mend))
    if faults:
        raise TrialError(faults)


def _publicly(public: PublicDraw | None) -> dict[str, str]:
    if public is None:
        return {}
    return {"promise": public.promise.digits, "public_number": public.number}
