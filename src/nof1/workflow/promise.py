"""Before the draw: randomness fixed before somebody else names a number."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nof1.design.promise import Promise
from nof1.errors import Fault, InputError
from nof1.files.replacing import replace_files
from nof1.protocol.files import find_protocol, read_protocol
from nof1.provenance import sha256_hex
from nof1.trial.starting import code_faults
from nof1.workflow.result import JsonResult


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Promised(JsonResult):
    """A promise that was made and written.

    Attributes
    ----------
    protocol : str
        As named.
    participant : str
        Code of the person.
    protocol_file_digest : str
        SHA-256 of the protocol file it was made for.
    digits : str
        To be handed over before the number is known.
    file : Path
        To be kept secret: with the number, whoever has it knows the order.
    """

    protocol: str
    participant: str
    protocol_file_digest: str
    digits: str
    file: Path

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield f"The promise for {self.participant} under {self.protocol}:"
        yield f"  {self.digits}"
        yield "Hand over these digits, and have the day noted, before the number is known. Then"
        yield (
            f"  nof1 design {shlex.quote(self.protocol)} --participant {self.participant}"
            f" --promise {shlex.quote(str(self.file))} --public-number TEXT ..."
        )

    def to_dict(self) -> dict[str, str]:
        """Return the promise as the JSON object of ``nof1 promise --json``."""
        return {
            "schema": "nof1.promised/1",
            "participant": self.participant,
            "protocol_file_digest": self.protocol_file_digest,
            "promise": self.digits,
            "file": str(self.file),
        }


def promise(protocol: str, *, participant: str, out: Path | str) -> Promised:
    """Fix the randomness of a draw before a number is named, so that a redraw would show.

    Parameters
    ----------
    protocol : str
        Path of a protocol file, or name of a bundled protocol.
    participant : str
        Code of the person, as it will be for the design.
    out : path
        New file, for `nof1.workflow.design.design`.

    Raises
    ------
    InputError
        If the protocol is wrong, the text is no code, or something is there already.
    """
    path, file = find_protocol(str(protocol)), Path(out)
    read_protocol(path)
    text = path.read_bytes().decode("utf-8-sig")
    faults = code_faults(participant)
    if file.exists() or file.is_symlink():
        what = "there is something already, and it is kept"
        faults.append(Fault(str(file), what, "Choose another name, or move it away."))
    if faults:
        raise InputError(faults)
    made = Promise.made(protocol_file=sha256_hex(text), participant=participant)
    replace_files(file.parent, {file.name: made.text.encode()}, private=True)
    return Promised(
        protocol=str(protocol),
        participant=participant,
        protocol_file_digest=made.protocol_file,
        digits=made.digits,
        file=file,
    )
