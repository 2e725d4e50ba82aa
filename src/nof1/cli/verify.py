"""``nof1 verify`` and ``repair``: a third person's check, and what hashes prove put back."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, note, say
from nof1.cli.options import (
    CommitmentOption,
    ReceiptOption,
    TrialArgument,
    given_kept,
    opening_key,
    present,
    say_memory,
)
from nof1.errors import TrialError


@app.command("verify")
def verify(
    trial: TrialArgument,
    commitment: CommitmentOption = None,
    receipts: ReceiptOption = None,
    passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File with the passphrase of the seal.")
    ] = None,
    identity: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File with the packer's age identity.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
) -> None:
    """Compare a trial folder with itself, with its seal and with paper, for a third person.

    It says what agrees, what was not compared, and what nothing can show. Whoever
    holds the folder can write all of it anew; what was printed or written down
    before cannot be. With a key the seal is opened in memory; no arm is shown and
    nothing is written. Exit code 2 when something differs.

    \b
    nof1 verify trial-p01
    nof1 verify trial-p01 --commitment "4f9a 21c0 7be3" --receipt 1a2b3c4d --receipt 9e8d7c6b
    nof1 verify trial-p01 --commitment 4f9a21c07be3 --identity key.txt
    """
    from nof1.cli.comparison_lines import comparison_lines
    from nof1.design.sealing import open_seal
    from nof1.trial.comparing import compare
    from nof1.trial.folder import open_trial
    from nof1.trial.verifying import read_sealed

    kept = given_kept(commitment, receipts)
    opened = open_trial(trial)
    allocation = None
    if passphrase_file is not None or identity is not None:
        key, sealed = opening_key(passphrase_file, identity), read_sealed(opened)
        say_memory(key, sealed)
        allocation = open_seal(sealed, key, tell=note)
    found = compare(opened, kept, opened=allocation)
    if as_json:
        about = {
            "schema": "nof1.verify/1",
            "person": opened.schedule.participant,
            "entries": len(opened.entries),
            "head": opened.head,
            "different": bool(found.different),
        }
        say(json.dumps({**about, **found.as_json()}, ensure_ascii=False))
    else:
        say(f"Trial of {opened.schedule.participant}: {opened.protocol.title}")
        for line in comparison_lines(found):
            say(line)
    if found.different:
        note(f"nof1: {trial}: {len(found.different)} of what was compared is different.")
        raise typer.Exit(2)


@app.command("repair")
def repair(
    trial: TrialArgument,
    cut_torn_end: Annotated[
        bool,
        typer.Option(
            "--cut-torn-end",
            help="Leave out a last line of the log that was cut off; this is logged.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
) -> None:
    """Put back what mail, editors or a cloud drive changed, where hashes prove it.

    Line ends, byte-order marks, blanks and encodings are put back, and a seal,
    protocol or schedule from a copy beside it; the log proves itself entry by
    entry. What cannot be proven is left as it is and named. The damaged files are
    kept in TRIAL/damaged.

    \b
    nof1 repair trial-p01
    """
    from nof1.trial.folder import open_trial
    from nof1.trial.repairing import repair as repair_trial
    from nof1.trial.verifying import seal_fault

    repairs, faults = repair_trial(trial, cut_torn_end=cut_torn_end, now=present())
    if as_json:
        found = {
            "schema": "nof1.repair/1",
            "repaired": [asdict(one) for one in repairs],
            "left": [asdict(fault) for fault in faults],
        }
        say(json.dumps(found, ensure_ascii=False))
    else:
        for one in repairs:
            say(f"{one.file}: {one.damage}. Put back: {one.proof}.")
            if one.kept is not None:
                say(f"  as it was: {trial / one.kept}")
    if faults:
        raise TrialError(faults)
    opened = open_trial(trial)
    if fault := seal_fault(opened):  # of an early trial, whose log proves no seal
        raise TrialError(fault)
    last = opened.entries[-1]
    if not as_json:
        done = "The trial opens" if repairs else "Nothing is damaged that the log can prove"
        say(f"{done}: {last.seq} entries; the last has receipt {last.receipt}.")
