"""``nof1 import``, ``check``, ``lock`` and ``unseal``: a running trial, to its end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, note, say_lines, say_result
from nof1.cli.asking import asked_passphrase
from nof1.cli.notation import (
    DateOrderOption,
    DecimalOption,
    SheetOption,
    TimezoneOption,
    named_columns,
)
from nof1.cli.options import (
    ByOption,
    CommitmentOption,
    CorrectOption,
    IdentityOption,
    JsonOption,
    NeededReasonOption,
    PassphraseFileOption,
    ReasonOption,
    ReceiptOption,
    TrialArgument,
)


@app.command("import")
def import_(
    trial: TrialArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Table (.csv, .xlsx, .ods).")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would happen; write nothing.")
    ] = False,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OURS=THEIRS,...",
            help="Columns that bear other names in the file (repeatable).",
        ),
    ] = None,
    ignore_others: Annotated[
        bool, typer.Option("--ignore-others", help="Leave columns aside that are not known.")
    ] = False,
    sheet: SheetOption = None,
    date_order: DateOrderOption = None,
    decimal_comma: DecimalOption = None,
    timezone: TimezoneOption = None,
    correct: CorrectOption = False,
    reason: ReasonOption = None,
) -> None:
    """Record many scores, doses, covariates and side effects from a table, all or none.

    The table has a column date or day (day 1 is the first of the trial).
    Beside it are either the columns outcome and value, or a column for each
    outcome, item (irls_1 to irls_10), dose, covariate and side effect.

    \b
    nof1 import trial-p01 diary.csv --dry-run
    nof1 import trial-p01 diary.xlsx --columns irls=RLS_total,date=Datum
    nof1 import trial-p01 diary.csv --date-order dmy --decimal-comma
    nof1 import trial-p01 form.csv --columns "date=Start time" --ignore-others
    nof1 import trial-p01 app.csv --timezone Europe/Berlin
    """
    from nof1.workflow.importing import import_table

    imported = import_table(
        trial,
        file,
        dry_run=dry_run,
        columns=named_columns(columns),
        ignore_others=ignore_others,
        sheet=sheet,
        date_order=date_order,
        decimal_comma=decimal_comma,
        timezone=timezone,
        correct=correct,
        reason=reason,
        tell=note,
    )
    say_lines(imported.lines())


@app.command("check")
def check(
    trial: TrialArgument,
    commitment: CommitmentOption = None,
    receipts: ReceiptOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is missing, doubtful or tampered with, without any arm.

    Who holds the folder can write all of it anew: what was printed or written
    down before can be compared with --commitment and --receipt.

    \b
    nof1 check trial-p01
    nof1 check trial-p01 --receipt 1a2b3c4d
    nof1 check trial-p01 --json
    """
    from nof1.workflow.check import check as check_trial

    checked = check_trial(trial, commitment=commitment, receipts=receipts or ())
    say_result(checked, as_json=as_json)
    checked.refuse_difference()


@app.command("lock")
def lock(trial: TrialArgument, by: ByOption, reason: ReasonOption = None) -> None:
    """End the recording: nothing more can be recorded or corrected.

    \b
    nof1 lock trial-p01 --by "Dr Berg"
    """
    from nof1.workflow.lock import lock as lock_trial

    locked = lock_trial(trial, by=by, reason=reason)
    say_lines(locked.lines())


@app.command("unseal")
def unseal(
    trial: TrialArgument,
    by: ByOption,
    reason: NeededReasonOption,
    period: Annotated[
        int | None, typer.Option(help="In an emergency: open this period alone, begun or not.")
    ] = None,
    kit: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="In an emergency: open the period of this kit alone."),
    ] = None,
    passphrase_file: PassphraseFileOption = None,
    identity: IdentityOption = None,
    commitment: CommitmentOption = None,
    receipts: ReceiptOption = None,
) -> None:
    """Open the locked trial's allocation, and say what it was compared with.

    It is refused when what is in the seal does not agree with log, protocol and
    schedule, or what is in the folder not with paper (--commitment, --receipt).
    In an emergency --kit or --period opens one period, begun or not.

    \b
    nof1 unseal trial-p01 --by "Dr Berg" --reason "end of trial" --passphrase-file secret.txt
    nof1 unseal trial-p01 --by "Dr Berg" --reason "end of trial" --identity key.txt \
      --commitment "4f9a 21c0 7be3"
    nof1 unseal trial-p01 --kit J7W4F9 --by "Dr Berg" --reason "fainted" --identity key.txt
    """
    from nof1.workflow.lock import open_period
    from nof1.workflow.lock import unseal as unseal_trial

    if period is None and kit is None:
        unsealed = unseal_trial(
            trial,
            by=by,
            reason=reason,
            passphrase_file=passphrase_file,
            identity=identity,
            commitment=commitment,
            receipts=receipts or (),
            ask_passphrase=asked_passphrase,
            tell=note,
        )
        say_lines(unsealed.lines())
        return
    opened = open_period(
        trial,
        period=period,
        kit=kit,
        by=by,
        reason=reason,
        passphrase_file=passphrase_file,
        identity=identity,
        commitment=commitment,
        receipts=receipts or (),
        ask_passphrase=asked_passphrase,
        tell=note,
    )
    say_lines(opened.lines())
    for text in opened.consequences:
        note(text)
