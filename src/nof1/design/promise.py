"""A promise: the draw's own randomness, fixed before a number that somebody else names.

Who draws alone could draw again until the order pleases. With a promise the order follows from two
things: randomness that was fixed first, of which the digits of the promise were handed over, and a
number that was named afterwards. After the unsealing anybody can compute both, so that another draw
than the first shows.
"""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nof1.errors import Fault, InputError, SealError
from nof1.protocol.reading import read_text
from nof1.provenance import canonical_json

SALT_BYTES = 32
_LONGEST = 200


class _PromiseFile(BaseModel):
    """The file between promise and draw."""

    model_config = ConfigDict(extra="forbid")
    schema_name: str = Field(alias="schema", pattern="^nof1[.]promise/1$")
    participant: str = Field(min_length=1)
    protocol_file_digest: str = Field(pattern="^[0-9a-f]{64}$")
    salt: str = Field(pattern="^[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is fixed before the number is known; it becomes the salt of the commitment.

    Attributes
    ----------
    salt : bytes
        32 random bytes; whoever knows them and the number knows the order.
    protocol_file : str
        SHA-256 of the protocol file.
    participant : str
        Code of the person.
    """

    salt: bytes = field(repr=False)
    protocol_file: str
    participant: str

    @classmethod
    def made(cls, *, protocol_file: str, participant: str) -> Self:
        """Return a new promise, from the operating system's randomness."""
        salt = os.urandom(SALT_BYTES)
        return cls(salt=salt, protocol_file=protocol_file, participant=participant)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the promise in a file.

        Raises
        ------
        SealError
            If it cannot be read, or holds no promise.
        """
        text = read_text(path, mend="Give the file of `nof1 promise`.", error=SealError)
        try:
            promise_file = _PromiseFile.model_validate_json(text)
        except ValidationError as error:
            # Its values are not shown: one of them is secret.
            places = ", ".join(
                ".".join(map(str, detail["loc"])) or "whole" for detail in error.errors()
            )
            what = f"is no promise of nof1 ({places})"
            raise SealError(Fault(str(path), what, "Give the file of `nof1 promise`.")) from None
        return cls(
            salt=bytes.fromhex(promise_file.salt),
            protocol_file=promise_file.protocol_file_digest,
            participant=promise_file.participant,
        )

    @property
    def text(self) -> str:
        """The content of its file."""
        content = {
            "schema": "nof1.promise/1",
            "participant": self.participant,
            "protocol_file_digest": self.protocol_file,
            "salt": self.salt.hex(),
        }
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    @property
    def digits(self) -> str:
        """What is handed over before the number is known."""
        return promise_digits(
            self.salt, protocol_file=self.protocol_file, participant=self.participant
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDraw:
    """A promise, and the number that was named after it.

    Attributes
    ----------
    promise : Promise
        As made before.
    number : str
        The number, and where it is from; kept in the log.

    Raises
    ------
    InputError
        If the number is empty, longer than 200 characters, or cannot be printed on one line.
    """

    promise: Promise
    number: str

    def __post_init__(self) -> None:
        plain = unicodedata.normalize("NFC", self.number).strip()
        if not plain or not plain.isprintable() or len(plain) > _LONGEST:
            what = f"it is not 1 to {_LONGEST} characters on one line"
            mend = 'Write the number and where it is from: --public-number "lottery 7 March: 3 11".'
            raise InputError(Fault("--public-number", what, mend))
        object.__setattr__(self, "number", plain)

    @property
    def seed(self) -> bytes:
        """The seed that follows from both."""
        return seed_with(self.promise.salt, self.number)


def promise_digits(salt: bytes, *, protocol_file: str, participant: str) -> str:
    """Return SHA-256(salt || canonical JSON of what it is for), 64 hex digits."""
    what = {
        "schema": "nof1.promise/1",
        "protocol_file_digest": protocol_file,
        "participant": participant,
    }
    return hashlib.sha256(salt + canonical_json(what).encode()).hexdigest()


def seed_with(salt: bytes, number: str) -> bytes:
    """Return SHA-256(salt || canonical JSON of the number), the seed of a draw with a promise."""
    what = {"schema": "nof1.seed/1", "public_number": number}
    return hashlib.sha256(salt + canonical_json(what).encode()).digest()
