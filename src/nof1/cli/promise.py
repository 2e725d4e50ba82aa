"""``nof1 promise``: randomness fixed before somebody else names a number."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, note, say_result
from nof1.cli.options import JsonOption, ProtocolArgument


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
    from nof1.workflow.promise import promise as make_promise

    made = make_promise(protocol, participant=participant, out=out)
    say_result(made, as_json=as_json)
    note(f"Keep {out} secret: with the number, whoever has it knows the order.")
