"""The seal: the allocation in the age format, and the commitment that dates it.

What is sealed is plain JSON text, so that any age tool opens it, in twenty years too. It is padded
to a length that follows from the number of periods alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

import pyrage
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from nof1.design.allocation import Allocation, Bound
from nof1.design.apart import opened_by, sealed_by
from nof1.design.passphrase import Passphrase, key_lines
from nof1.design.stretching import MAGIC
from nof1.errors import Fault, SealError
from nof1.provenance import canonical_json

#: Sealed text is padded to a multiple of this, in bytes.
PAGE_BYTES = 4096
#: More than the longest text about one period, and than all that is not about one.
_PERIOD_BYTES, _FRAME_BYTES = 256, 1024

#: Of the age format: its nonce, and the tag after every chunk of text.
_NONCE_BYTES, _TAG_BYTES, _CHUNK_BYTES = 16, 16, 65536
_PASSPHRASE_STANZA = b"-> scrypt "
_HEADER_END = b"\n--- "
#: A header has about 100 bytes a key. The time the age library takes grows with its square.
_LONGEST_HEADER = 4096


@dataclass(frozen=True, slots=True)
class Recipient:
    """The public age key of whoever packs: it seals and cannot open."""

    text: str

    def __post_init__(self) -> None:
        try:
            pyrage.x25519.Recipient.from_str(self.text)
        except (pyrage.RecipientError, UnicodeEncodeError) as error:
            # Cut short: it may be a secret key given by mistake.
            shown = self.text if len(self.text) < 12 else f"{self.text[:8]}..."
            raise SealError(
                Fault(
                    "recipient",
                    f"{shown!r} is not an age recipient",
                    "Ask the packer for the line that begins with age1 (from age-keygen).",
                )
            ) from error


@dataclass(frozen=True, slots=True)
class Identity:
    """The secret age key that belongs to a `Recipient`: it opens."""

    text: str = field(repr=False)

    def __post_init__(self) -> None:
        try:
            pyrage.x25519.Identity.from_str(self.text)
        except (pyrage.IdentityError, UnicodeEncodeError) as error:
            raise SealError(
                Fault(
                    "identity",
                    "this is not an age identity",
                    "It is one line that begins with AGE-SECRET-KEY-1.",
                )
            ) from error

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the identity in a file as age-keygen writes it; lines with # are remarks.

        Raises
        ------
        SealError
            If there is no such file, or not exactly one identity in it.
        """
        lines = [line for line in key_lines(path, "identity") if not line.startswith("#")]
        if len(lines) != 1:
            raise SealError(
                Fault(
                    str(path),
                    f"{len(lines)} identities found",
                    "Give a file with one line that begins with AGE-SECRET-KEY-1.",
                )
            )
        return cls(lines[0].strip())


Key = Passphrase | Recipient | Identity


class _Envelope(BaseModel):
    """One period of the sealed text, readable without the others."""

    model_config = ConfigDict(extra="forbid")
    period: int
    kit: str
    arm: str


class _Sealed(BaseModel):
    """The sealed text; its first form names the protocol's content and no file."""

    model_config = ConfigDict(extra="forbid")
    schema_name: Literal["nof1.allocation/1", "nof1.allocation/2"] = Field(alias="schema")
    protocol_digest: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    protocol_file_digest: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    schedule_digest: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    sequence: list[str] = Field(min_length=1)
    kits: list[str]
    seed: str = Field(pattern="^[0-9a-f]{64}$")
    salt: str = Field(pattern="^[0-9a-f]{64}$")
    envelopes: list[_Envelope]

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        opened = [(e.period, e.kit, e.arm) for e in self.envelopes]
        periods = range(1, len(self.sequence) + 1)
        if len(self.kits) != len(self.sequence) or len(set(self.kits)) != len(self.kits):
            raise ValueError("there must be one kit code for every period")
        if opened != list(zip(periods, self.kits, self.sequence, strict=True)):
            raise ValueError("the envelopes do not fit the sequence and the kits")
        files = (self.protocol_file_digest, self.schedule_digest)
        of_its_form = (
            self.protocol_digest is not None and files == (None, None)
            if self.schema_name == "nof1.allocation/1"
            else self.protocol_digest is None and None not in files
        )
        if not of_its_form:
            raise ValueError("its digests are not those of its form")
        return self

    @property
    def bound(self) -> Bound | None:
        """Return the files it was sealed with; None in the first form."""
        if self.protocol_file_digest is None or self.schedule_digest is None:
            return None
        return Bound(protocol_file=self.protocol_file_digest, schedule_file=self.schedule_digest)


def commitment(allocation: Allocation) -> str:
    """Return the commitment: SHA-256(salt || canonical JSON of what is promised), 64 hex digits.

    The JSON holds the digests of the protocol file and of the schedule, the sequence of arm ids,
    the kit codes and the seed; see `nof1.provenance.canonical_json`. Without the salt nobody can
    find the sequence by trying.
    """
    return _salted(
        allocation,
        schema="nof1.commitment/2",
        protocol_file_digest=_bound(allocation).protocol_file,
        schedule_digest=_bound(allocation).schedule_file,
    )


def first_commitment(allocation: Allocation, *, protocol_digest: str) -> str:
    """Return the commitment of a trial whose seal names no files: the schedule is no part of it.

    `protocol_digest` is that of the protocol's content.
    """
    return _salted(allocation, schema="nof1.commitment/1", protocol_digest=protocol_digest)


def _salted(allocation: Allocation, **bound: str) -> str:
    promised = {
        **bound,
        "sequence": list(allocation.arms),
        "kits": list(allocation.kits),
        "seed": allocation.seed.hex(),
    }
    return hashlib.sha256(allocation.salt + canonical_json(promised).encode()).hexdigest()


def _bound(allocation: Allocation) -> Bound:
    if allocation.bound is None:
        raise ValueError("the allocation is bound to no protocol and no schedule")
    return allocation.bound


def seal(allocation: Allocation, key: Passphrase | Recipient) -> bytes:
    """Return the sealed allocation, an age file.

    Parameters
    ----------
    allocation : Allocation
        What to seal, bound to its protocol and schedule.
    key : Passphrase or Recipient
        A passphrase seals in its plain form. It is stretched by scrypt, which takes a second and
        the memory of `stretching.LOG_N`.

    Raises
    ------
    SealError
        If this computer cannot stretch the passphrase.
    """
    text = sealed_text(allocation).encode("ascii")
    if isinstance(key, Passphrase):
        return sealed_by(key.plain, text)
    return bytes(pyrage.encrypt(text, [pyrage.x25519.Recipient.from_str(key.text)]))


def sealed_text(allocation: Allocation) -> str:
    """Return the text inside the seal: JSON, padded with spaces and a line's end."""
    arms, kits = list(allocation.arms), list(allocation.kits)
    numbered = enumerate(zip(kits, arms, strict=True), start=1)
    content = {
        "schema": "nof1.allocation/2",
        "protocol_file_digest": _bound(allocation).protocol_file,
        "schedule_digest": _bound(allocation).schedule_file,
        "sequence": arms,
        "kits": kits,
        "seed": allocation.seed.hex(),
        "salt": allocation.salt.hex(),
        "envelopes": [{"period": n, "kit": kit, "arm": arm} for n, (kit, arm) in numbered],
    }
    return json.dumps(content, indent=1).ljust(_padded_length(len(arms)) - 1) + "\n"


def _padded_length(n_periods: int) -> int:
    most = _FRAME_BYTES + _PERIOD_BYTES * n_periods
    return -(-most // PAGE_BYTES) * PAGE_BYTES


def damage(sealed: bytes, *, n_periods: int) -> str | None:
    """Return what is wrong with a seal's form, told without its key, or None.

    The text inside has a length that follows from the number of periods, so an age file that was
    cut short or written over shows.
    """
    if not sealed:
        return "it is empty"
    if not sealed.startswith(MAGIC):
        return "it is no age file"
    mac = sealed.find(b"\n--- ")
    end = sealed.find(b"\n", mac + 1)
    if mac < 0 or end < 0:
        return f"it is cut off after {len(sealed)} bytes"
    length = _padded_length(n_periods)
    whole = end + 1 + _NONCE_BYTES + length + _TAG_BYTES * -(-length // _CHUNK_BYTES)
    if len(sealed) != whole:
        return f"it has {len(sealed)} bytes, and a whole one has {whole}"
    return None


def open_seal(
    sealed: bytes, key: Passphrase | Identity, *, tell: Callable[[str], None] | None = None
) -> Allocation:
    """Return the allocation inside a seal.

    Parameters
    ----------
    sealed : bytes
        The seal.
    key : Passphrase or Identity
        What opens it. Of a passphrase the forms are tried that the same words may have.
    tell : callable or None
        Is told which form opened it, when it was not the passphrase as given.

    Raises
    ------
    SealError
        If the key does not open it, it is not a seal, or what it holds is not an allocation.
    """
    content = _opened(sealed, key, tell)
    return Allocation(
        arms=tuple(content.sequence),
        kits=tuple(content.kits),
        seed=bytes.fromhex(content.seed),
        salt=bytes.fromhex(content.salt),
        bound=content.bound,
    )


def _opened(
    sealed: bytes, key: Passphrase | Identity, tell: Callable[[str], None] | None
) -> _Sealed:
    """Return what a seal holds, checked."""
    text = _decrypted(sealed, key, tell)
    try:
        return _Sealed.model_validate_json(text)
    except ValidationError as error:
        # Only the places are shown: the values would tell the allocation.
        places = ", ".join(
            ".".join(map(str, detail["loc"])) or "whole" for detail in error.errors()
        )
        raise SealError(
            Fault(
                "seal",
                f"what it holds is not an allocation of nof1 ({places})",
                "Take the allocation.age that nof1 design wrote.",
            )
        ) from None


def _decrypted(
    sealed: bytes, key: Passphrase | Identity, tell: Callable[[str], None] | None
) -> bytes:
    """Return the text inside an age file."""
    if not sealed.startswith(MAGIC):
        raise SealError(
            Fault("seal", "this is not an age file", "Take the allocation.age of the trial folder.")
        )
    if _HEADER_END not in sealed[:_LONGEST_HEADER]:
        what = f"its header does not end within {_LONGEST_HEADER:,} bytes: the file was changed"
        raise SealError(Fault("seal", what, "Restore allocation.age from a copy."))
    by_passphrase = sealed[len(MAGIC) :].startswith(_PASSPHRASE_STANZA)
    if by_passphrase and not isinstance(key, Passphrase):
        raise SealError(
            Fault("seal", "it opens with a passphrase", "Give the passphrase, not an identity.")
        )
    if isinstance(key, Passphrase):
        if not by_passphrase:
            raise SealError(
                Fault(
                    "seal", "it opens with the packer's age identity", "Give that identity's file."
                )
            )
        return _by_passphrase(sealed, key, tell)
    try:
        return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(key.text)]))
    except pyrage.DecryptError as error:
        raise _closed("this identity does not open it", "identity") from error


def _by_passphrase(sealed: bytes, key: Passphrase, tell: Callable[[str], None] | None) -> bytes:
    """Return what a passphrase opens in one of its forms, and say in which."""
    forms = key.forms()
    opened = opened_by(list(forms), sealed)
    if opened is None:
        others = [what for form, what in forms.items() if form != key.text]
        tried = f" (nor does it {', or '.join(others)})" if others else ""
        raise _closed(f"this passphrase does not open it{tried}", "passphrase")
    text, number = opened
    opening = list(forms)[number]
    if tell is not None and opening not in (key.text, key.plain):
        tell(f"The seal opened with the passphrase {forms[opening]}: write it so from now on.")
    return text


def _closed(what: str, name: str) -> SealError:
    """Return the error for a key that does not open."""
    mend = f"Check the {name}; if it is right, restore allocation.age from a copy."
    return SealError(Fault("seal", f"{what}, or the file was changed", mend))
