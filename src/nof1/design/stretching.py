"""Sealing and opening by passphrase: how much work it is, and the age file it makes.

age stretches a passphrase by scrypt, which takes 128 * 8 * N bytes of memory. The age library asks
the clock for N, so that it needs 64 MiB on one day and 1 GiB on another, on the same computer. So a
new seal is written here, with the N that age itself takes by default, from the primitives of the
library `cryptography`; the format is https://c2sp.org/age. The age library opens each such seal
before it is kept, and opens all others. Both happen in a process of its own: see
`nof1.design.apart`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from typing import TYPE_CHECKING

import pyrage

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

#: The default of age: 256 MiB and about a second.
LOG_N = 18
_R = 8
_MIB = 2**20

MAGIC = b"age-encryption.org/v1\n"
_STANZA = re.compile(rb"-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)\n")
_SALT_LABEL = b"age-encryption.org/v1/scrypt"
_FILE_KEY_BYTES = _SALT_BYTES = _NONCE_BYTES = 16
_KEY_BYTES = 32
_CHUNK_BYTES = 64 * 1024

#: How age says that scrypt would take longer than it thinks right; it measures each time anew.
_EXCESSIVE = "Excessive work"
_ATTEMPTS = 5


class TooSlowError(Exception):
    """The age library found this computer too slow at every attempt."""


def log_n(sealed: bytes) -> int | None:
    """Return the logarithm (base 2) of the N of a seal by passphrase; None for any other file."""
    match = _STANZA.match(sealed, len(MAGIC)) if sealed.startswith(MAGIC) else None
    return int(match[1]) if match else None


def memory_mib(log_n: int) -> int:
    """Return the memory that stretching takes, in MiB."""
    return max(1, (128 * _R << log_n) // _MIB)


def encrypt(text: bytes, passphrase: str) -> bytes:
    """Return an age file that a passphrase opens, after having opened it.

    Raises
    ------
    MemoryError
        If the memory for `LOG_N` cannot be had.
    TooSlowError
        If the age library refuses to open it again.
    """
    file_key = os.urandom(_FILE_KEY_BYTES)
    salt = os.urandom(_SALT_BYTES)
    wrapped = _aead(_stretched(passphrase, salt)).encrypt(bytes(12), file_key, None)
    header = MAGIC + b"-> scrypt " + _base64(salt) + b" %d\n" % LOG_N + _base64(wrapped) + b"\n---"
    mac = hmac.digest(_derived(file_key, salt=b"", info=b"header"), header, hashlib.sha256)
    nonce = os.urandom(_NONCE_BYTES)
    key = _derived(file_key, salt=nonce, info=b"payload")
    sealed = header + b" " + _base64(mac) + b"\n" + nonce + _payload(text, key)
    if decrypt(sealed, [passphrase]) != (text, 0):
        raise RuntimeError("the age library does not open the seal to what was sealed")
    return sealed


def decrypt(sealed: bytes, passphrases: list[str]) -> tuple[bytes, int] | None:
    """Return the text of an age file and which passphrase opened it; None if none did.

    Raises
    ------
    TooSlowError
        If the age library finds this computer too slow, whenever it measures.
    """
    for number, passphrase in enumerate(passphrases):
        text = _opened(sealed, passphrase)
        if text is not None:
            return text, number
    return None


def _opened(sealed: bytes, passphrase: str) -> bytes | None:
    """Return the text of an age file, None if the passphrase does not open it.

    The age library refuses work that a busy computer would be long at; it is asked again.
    """
    for _ in range(_ATTEMPTS):
        try:
            return bytes(pyrage.passphrase.decrypt(sealed, passphrase))
        except pyrage.DecryptError as error:
            if _EXCESSIVE not in str(error):
                return None
    raise TooSlowError


def _stretched(passphrase: str, salt: bytes) -> bytes:
    """Return the key that wraps the key of the file."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    scrypt = Scrypt(salt=_SALT_LABEL + salt, length=_KEY_BYTES, n=2**LOG_N, r=_R, p=1)
    return scrypt.derive(passphrase.encode())


def _derived(file_key: bytes, *, salt: bytes, info: bytes) -> bytes:
    """Return a key for one use, by HKDF-SHA-256."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=salt, info=info).derive(file_key)


def _payload(text: bytes, key: bytes) -> bytes:
    """Return a text encrypted in chunks (STREAM): the nonce counts them and marks the last."""
    starts = range(0, max(len(text), 1), _CHUNK_BYTES)
    cipher = _aead(key)
    return b"".join(
        cipher.encrypt(
            number.to_bytes(11, "big") + bytes([number == len(starts) - 1]),
            text[start : start + _CHUNK_BYTES],
            None,
        )
        for number, start in enumerate(starts)
    )


def _aead(key: bytes) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(key)


def _base64(data: bytes) -> bytes:
    """Return base 64 without its padding."""
    return base64.b64encode(data).rstrip(b"=")
