"""The passphrase of a seal: read from a file, in its plain form, and no easy one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from nof1.design.guessable import weakness
from nof1.errors import Fault, SealError
from nof1.protocol.reading import read_text

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: What word processors and phones put in place of the quotes of a keyboard.
_QUOTES = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"'})
_CURLY = str.maketrans({"'": "’", '"': "”"})
#: Unicode categories of spaces, and of characters nobody sees (zero width, soft hyphen, mark).
_SPACE, _UNSEEN = "Zs", "Cf"


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Words that seal and open.

    Attributes
    ----------
    text : str
        As it was given.
    notes : tuple of str
        What its file holds that is no part of it.
    """

    text: str = field(repr=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if not self.plain:
            raise SealError(Fault("passphrase", "it is empty", "Give the passphrase of the seal."))
        if any("\ud800" <= character <= "\udfff" for character in self.text):
            what = "it is no text in the encoding of this terminal"
            raise SealError(Fault("passphrase", what, "Type it again, or give --passphrase-file."))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the passphrase on the only line of a text file.

        Raises
        ------
        SealError
            If there is no such file, or it holds more than one line.
        """
        lines = key_lines(path, "passphrase")
        if len(lines) != 1:
            raise SealError(
                Fault(
                    str(path),
                    f"{len(lines)} lines found",
                    "Write the passphrase on one line and nothing else.",
                )
            )
        data = path.read_bytes()
        matches = {
            "the byte-order mark at its start": data.startswith(_BYTE_ORDER_MARK),
            "the carriage return that ends its line": b"\r" in data,
        }
        notes = [
            f"{path}: {what} is no part of the passphrase" for what in matches if matches[what]
        ]
        return cls(lines[0], notes=tuple(notes))

    @property
    def plain(self) -> str:
        """The form a keyboard types: what a new seal is made with."""
        return plain_form(self.text)

    @property
    def pitfalls(self) -> tuple[str, ...]:
        """What may keep another computer or another hand from giving the same passphrase."""
        changed = [what for what, differs in _differences(self.text).items() if differs]
        if not changed:
            return self.notes
        said = (
            f"the passphrase has {', '.join(changed)}; the seal is made with the plain form, as a "
            "keyboard types it, and nof1 opens it with either"
        )
        return (*self.notes, said)

    def forms(self) -> dict[str, str]:
        """Return every form in which the same words may have been sealed, and what each is.

        The plain form comes first, then the text as it was given.
        """
        plain = self.plain
        near = [
            (plain, "in its plain form"),
            (self.text, "just as given"),
            (unicodedata.normalize("NFC", self.text), "with its accents joined (Unicode NFC)"),
            (unicodedata.normalize("NFD", self.text), "with its accents apart (Unicode NFD)"),
            (unicodedata.normalize("NFD", plain), "plain, with its accents apart (Unicode NFD)"),
            (plain.translate(_CURLY), "with curly quotes"),
            (f"{plain} ", "with a space at its end"),
        ]
        forms: dict[str, str] = {}
        for text, what in near:
            forms.setdefault(text, what)
        return forms


def plain_form(text: str) -> str:
    """Return a passphrase as a keyboard types it.

    Accents are joined to their letters (Unicode NFC), spaces of every kind are the plain space,
    curly quotes are straight, and neither unseen characters nor spaces at the ends are left.
    """
    seen = (character for character in text if unicodedata.category(character) != _UNSEEN)
    spaced = (" " if c == "\t" or unicodedata.category(c) == _SPACE else c for c in seen)
    return unicodedata.normalize("NFC", "".join(spaced).translate(_QUOTES)).strip()


def _differences(text: str) -> dict[str, bool]:
    """Return what may tell a passphrase from its plain form, and whether it does."""
    odd = {c for c in text if c == "\t" or (c != " " and unicodedata.category(c) == _SPACE)}
    return {
        "a space at its end": text != text.rstrip(),
        "a space at its beginning": text != text.lstrip(),
        "a space no keyboard types (non-breaking, wide or a tab)": bool(odd),
        "curly quotes": text != text.translate(_QUOTES),
        "a character nobody sees": any(unicodedata.category(c) == _UNSEEN for c in text),
        "accents written apart from their letters": not unicodedata.is_normalized("NFC", text),
    }


def refuse_guessable(passphrase: Passphrase, *, known: Iterable[str] = ()) -> None:
    """Raise SealError when others could guess a passphrase that is to seal an allocation.

    Parameters
    ----------
    passphrase : Passphrase
        What is to seal; one that is to open is never refused.
    known : iterable of str
        What everybody may know about the trial: its code, protocol, arms, names.
    """
    reason = weakness(passphrase.plain, known=known)
    if reason:
        mend = "Take four or five words that have nothing to do with each other or with the trial."
        raise SealError(Fault("passphrase", reason, mend))


def key_lines(path: Path, what: str) -> list[str]:
    """Return the lines of a key file that hold something."""
    text = read_text(path, mend=f"Give the path of the {what} file.", error=SealError)
    return [line for line in text.splitlines() if line.strip()]
