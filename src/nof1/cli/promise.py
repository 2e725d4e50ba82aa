"""``nof1 promise``: randomness fixed before somebody else names a number."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, note, say
from nof1.cli.plan import JsonOption, ProtocolArgument
from nof1.errors import Fault, InputError


@app.command("promise")
def promise(
    protocol: ProtocolArgument,
    participant: Annotated[
        str, typer.Option(metavar="CODE", help="Code of the person, as it will be for the design.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="New file; keep it secret.")],
    as_json: JsonOption = False,
) -> None:
    """Fix the randomness of a draw before a number is named, so that a redraw would show.

    It prints digits. Hand them to whoever names the number (the packer with dice, or
    whoever writes them down before a public lottery) before the number is known. The order
    then follows from FILE and from the number: nobody can choose it, and `nof1 verify` shows
    after the unsealing that it was drawn so. It shows nothing if the digits are handed over later.

    \b
    nof1 promise my.toml --participant P01 --out promise-p01.json
    nof1 design my.toml --participant P01 --promise promise-p01.json \\
      --public-number "packer's dice: 4 1 6 6 2 3" --out trial-p01 --start 2026-03-02
    """
    from nof1.design.promise import Promise
    from nof1.files import replace_files
    from nof1.protocol.files import find_protocol, read_protocol
    from nof1.provenance import sha256_hex
    from nof1.trial.starting import code_faults

    path = find_protocol(protocol)
    read_protocol(path)
    text = path.read_bytes().decode("utf-8-sig")
    faults = code_faults(participant)
    if out.exists() or out.is_symlink():
        what = "there is something already, and it is kept"
        faults.append(Fault(str(out), what, "Choose another name, or move it away."))
    if faults:
        raise InputError(faults)
    made = Promise.made(protocol_file=sha256_hex(text), participant=participant)
    replace_files(out.parent, {out.name: made.text.encode()}, private=True)
    if as_json:
        say(
            json.dumps(
                {
                    "schema": "nof1.promised/1",
                    "participant": participant,
                    "protocol_file_digest": made.protocol_file,
                    "promise": made.digits,
                    "file": str(out),
                }
            )
        )
    else:
        say(f"The promise for {participant} under {protocol}:")
        say(f"  {made.digits}")
        say("Hand over these digits, and have the day noted, before the number is known. Then")
        say(
            f"  nof1 design {shlex.quote(protocol)} --participant {participant}"
            f" --promise {shlex.quote(str(out))} --public-number TEXT ..."
        )
    note(f"Keep {out} secret: with the number, whoever has it knows the order.")
