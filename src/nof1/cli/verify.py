"""``nof1 verify`` and ``repair``: a third person's check, and what hashes prove put back."""

from __future__ import annotations

from typing import Annotated

import typer

from nof1.cli.app import app, note, say, say_result
from nof1.cli.options import (
    CommitmentOption,
    IdentityOption,
    JsonOption,
    PassphraseFileOption,
    ReceiptOption,
    TrialArgument,
)


@app.command("verify")
def verify(
    trial: TrialArgument,
    commitment: CommitmentOption = None,
    receipts: ReceiptOption = None,
    passphrase_file: PassphraseFileOption = None,
    identity: IdentityOption = None,
    as_json: JsonOption = False,
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
    from nof1.workflow.verify import verify as verify_trial

    verified = verify_trial(
        trial,
        commitment=commitment,
        receipts=receipts or (),
        passphrase_file=passphrase_file,
        identity=identity,
        tell=note,
    )
    say_result(verified, as_json=as_json)
    if verified.different:
        note(f"nof1: {trial}: {len(verified.different)} of what was compared is different.")
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
    as_json: JsonOption = False,
) -> None:
    """Put back what mail, editors or a cloud drive changed, where hashes prove it.

    Line ends, byte-order marks, blanks and encodings are put back, and a seal,
    protocol or schedule from a copy beside it; the log proves itself entry by
    entry. What cannot be proven is left as it is and named. The damaged files are
    kept in TRIAL/damaged.

    \b
    nof1 repair trial-p01
    """
    from nof1.workflow.verify import repair as repair_trial

    repaired = repair_trial(trial, cut_torn_end=cut_torn_end)
    say_result(repaired, as_json=as_json)
    last = repaired.last_entry()
    if not as_json:
        done = (
            "The trial opens" if repaired.repairs else "Nothing is damaged that the log can prove"
        )
        say(f"{done}: {last.seq} entries; the last has receipt {last.receipt}.")
