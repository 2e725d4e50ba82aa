"""What a file was before its form was changed, proven by its hash; nothing else is taken for true.

Mail, editors, spreadsheets and version control change line ends, put a mark before the first byte,
add or take away what cannot be seen. The content is then still there, and the digest in the log, or
the hash of every entry, tells when it has been found again.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from nof1.provenance import canonical_json, sha256_hex
from nof1.trial.chain import NO_PREVIOUS, hash_of, is_entry

#: Files of a trial are far smaller; larger ones are not tried.
LARGEST = 1 << 25

_LINE_END = re.compile(rb"\r\n|\r|\n")
_BLANKS = re.compile(rb"[ \t]+(?=\r|\n|\Z)")
_ENTRY_ENDS = re.compile(rb'"time":"[^"]*"\s*\}\Z')
_BETWEEN = re.compile(r"[\s\ufeff]*")

#: A way to undo a change: what the change was, and how it is undone.
_Undo = tuple[str, Callable[[bytes], bytes]]
_AS_IT_IS: _Undo = ("", lambda data: data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A file as it was.

    Attributes
    ----------
    data : bytes
        Its content, proven.
    damage : str
        What had been changed.
    """

    data: bytes
    damage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredLog:
    """The entries of a log that can be proven.

    Attributes
    ----------
    data : bytes
        These entries in the form nof1 writes; each follows from the one before.
    entries : int
        How many.
    damage : str
        What had been changed in their form; empty when nothing was.
    rest : bytes
        What follows them and is no entry, or does not follow from them.
    torn : bool
        Whether the rest is the beginning of one more entry, or holds nothing at all.
    """

    data: bytes
    entries: int
    damage: str
    rest: bytes
    torn: bool

    @property
    def whole(self) -> str:
        """Return which entries are proven, in words."""
        if self.entries == 1:
            return "entry 1 is whole, proven by its hash"
        return f"entries 1 to {self.entries} are whole, each proven by its hash"

    @property
    def torn_end(self) -> str:
        """Return what its torn end is, in words."""
        after = self.entries + 1
        if self.rest.strip(b"\0"):
            return f"line {after} is cut off after {len(self.rest)} bytes"
        return f"line {after} is {len(self.rest)} zero bytes"


# --- Whole files ---------------------------------------------------------------------------------


def restored(data: bytes, digest: str) -> Restored | None:
    """Return a file whose SHA-256 is `digest`, if only the form of `data` differs from it."""
    if len(data) > LARGEST:
        return None
    for undone in product(_ENCODINGS, _BLANKS_ADDED, _LINE_ENDS, _LAST_LINES):
        mended, damage = data, []
        for what, undo in undone:
            before, mended = mended, undo(mended)
            if mended != before:
                damage.append(what)
        if damage and sha256_hex(mended) == digest:
            return Restored(data=mended, damage=" and ".join(damage))
    return None


def _decoded(data: bytes) -> bytes:
    """Return text that was given a mark, or saved as UTF-16 or Windows-1252, as plain UTF-8."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _recoded(data, encoding)
    return _recoded(data, "utf-8" if _is_utf8(data) else "cp1252")


def _recoded(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeDecodeError:
        return data


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _line_ends(wanted: bytes) -> Callable[[bytes], bytes]:
    return lambda data: _LINE_END.sub(wanted, data)


def _last_line(data: bytes, end: bytes) -> bytes:
    return data.rstrip(b"\r\n") + end


_ENCODINGS: tuple[_Undo, ...] = (
    _AS_IT_IS,
    ("a byte-order mark or another encoding was given to it", _decoded),
)
_BLANKS_ADDED: tuple[_Undo, ...] = (
    _AS_IT_IS,
    ("blanks were added at ends of lines", lambda data: _BLANKS.sub(b"", data)),
)
_LINE_ENDS: tuple[_Undo, ...] = (
    _AS_IT_IS,
    ("its line ends were changed", _line_ends(b"\n")),
    ("its line ends were changed", _line_ends(b"\r\n")),
    # A seal is no text: what looks like the line end of an old Mac was there before.
    ("its line ends were changed", lambda data: data.replace(b"\r\n", b"\n")),
)
_LAST_LINES: tuple[_Undo, ...] = (
    _AS_IT_IS,
    ("the end of its last line was changed", lambda data: _last_line(data, b"\n")),
    ("the end of its last line was changed", lambda data: _last_line(data, b"\r\n")),
    ("the end of its last line was changed", lambda data: _last_line(data, b"")),
)


# --- Logs ----------------------------------------------------------------------------------------


def restored_log(data: bytes) -> RestoredLog:
    """Return the entries of a log that can be proven by their hashes, from the first one on.

    How the text around and inside them is laid out does not matter: the hash is taken over the
    canonical JSON. Where an entry is none, or does not follow from the one before, it stops.
    """
    text, proofs = max(
        ((text, list(_proven(text))) for text in _texts(data)),
        key=lambda candidate: len(candidate[1]),
    )
    lines = [line for line, _ in proofs]
    end = proofs[-1][1] if proofs else 0
    proven = "".join(f"{line}\n" for line in lines).encode()
    rest = text[end:].strip("\ufeff \t\r\n").encode("utf-8", "surrogateescape")
    as_written = proven + rest
    damage = ""
    if data != as_written:
        mended = restored(data, sha256_hex(as_written))
        damage = mended.damage if mended else "its entries were laid out in another way"
    return RestoredLog(
        data=proven,
        entries=len(lines),
        damage=damage,
        rest=rest,
        torn=bool(rest) and _is_beginning(rest),
    )


def _texts(data: bytes) -> Iterator[str]:
    """Yield what the bytes of a log may say: one that was cut within a letter is not UTF-8."""
    if len(data) > LARGEST:
        yield ""
        return
    yield data.decode("utf-8-sig", "surrogateescape")
    if not _is_utf8(data):
        yield _decoded(data).decode("utf-8", "surrogateescape")


def _proven(text: str) -> Iterator[tuple[str, int]]:
    """Yield every proven entry as its canonical line, and where it ends in the text."""
    decoder = json.JSONDecoder(object_pairs_hook=_each_key_once)
    place, previous, number = 0, NO_PREVIOUS, 0
    while True:
        place = _skipped(text, place)
        try:
            record, place = decoder.raw_decode(text, place)
            number += 1
            if not is_entry(record) or (record["seq"], record["previous"]) != (number, previous):
                return
            previous = hash_of(record)
            if record["hash"] != previous:
                return
            yield canonical_json(record), place
        except (ValueError, RecursionError):
            return


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; a key that stands twice was written by somebody else."""
    entries = dict(pairs)
    if len(entries) < len(pairs):
        raise ValueError("a key twice")
    return entries


def _skipped(text: str, place: int) -> int:
    match = _BETWEEN.match(text, place)
    return match.end() if match else place


def _is_beginning(rest: bytes) -> bool:
    """Return whether what is left is one piece of an entry, or bytes that hold nothing."""
    piece = rest.strip(b"\0")
    if not piece:
        return True
    # What ends as an entry does was changed, not cut off.
    one_line = b"\n" not in piece and b"\r" not in piece
    return one_line and piece.startswith(b"{") and not _ENTRY_ENDS.search(piece)
