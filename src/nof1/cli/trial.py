"""``nof1 import``, ``check``, ``lock`` and ``unseal``: a running trial, to its end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nof1.cli.app import app, note, say
from nof1.cli.notation import (
    DateOrderOption,
    DecimalOption,
    SheetOption,
    TimezoneOption,
    named_columns,
)
from nof1.cli.options import (
    CommitmentOption,
    CorrectOption,
    ReasonOption,
    ReceiptOption,
    TrialArgument,
    chosen_period,
    correction_fault,
    given_kept,
    opening_key,
    present,
    receipt,
    say_memory,
    supply_of,
)
from nof1.errors import ScoresError
from nof1.words.numbers import counted

if TYPE_CHECKING:
    from nof1.trial.importing import ImportPlan

#: Lines of a long list that `nof1 import --dry-run` shows.
SHOWN_FIRST, SHOWN_LAST = 20, 3

_KINDS = (
    ("score", "score"),
    ("dose", "dose"),
    ("covariate", "covariate value"),
    ("event", "side effect"),
)

ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does this.")]


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
    from nof1.trial.folder import open_trial
    from nof1.trial.importing import apply_import, plan_import
    from nof1.trial.tables import read_table
    from nof1.workflow.notation import how_written

    if correct != (reason is not None):
        raise ScoresError(correction_fault())
    renamed = named_columns(columns)
    written = how_written(sheet, date_order, decimal_comma, timezone)
    opened, now = open_trial(trial), present()
    plan = plan_import(
        opened,
        read_table(file, written),
        today=now.date(),
        columns=renamed,
        ignore_others=ignore_others,
        correction=reason,
    )
    for sentence in plan.notes:
        note(sentence)
    if dry_run:
        _say_plan(plan)
        return
    entries = apply_import(opened, plan, now=now)
    say(f"Recorded: {_counts(plan)}." + (f" {receipt(entries[-1])}" if entries else ""))


def _say_plan(plan: ImportPlan) -> None:
    from nof1.trial.recording import say_about, say_value

    recorded = [f"record   {say_about(one)}: {say_value(one)}" for one in plan.new]
    corrected = [
        f"correct  {say_about(new)}: {say_value(old)} -> {say_value(new)}"
        for old, new in plan.corrected
    ]
    for line in (*_ends(recorded), *_ends(corrected)):
        say(line)
    say(f"Would be recorded: {_counts(plan)}. Nothing was written.")


def _ends(lines: list[str]) -> list[str]:
    """Return the first and last lines of a long list, and between them how many are left out."""
    left_out = len(lines) - SHOWN_FIRST - SHOWN_LAST
    if left_out <= 1:
        return lines
    return [*lines[:SHOWN_FIRST], f"... {left_out} more ...", *lines[-SHOWN_LAST:]]


def _counts(plan: ImportPlan) -> str:
    """Return how many of each kind are in a plan, in words."""
    kinds = [observation.kind for observation in plan.new]
    parts = [counted(kinds.count(kind), name) for kind, name in _KINDS if kind in kinds]
    if plan.corrected:
        parts.append(counted(len(plan.corrected), "correction"))
    said = ", ".join(parts) or "nothing new"
    return said + (f" ({plan.already} already there)" if plan.already else "")


@app.command("check")
def check(
    trial: TrialArgument,
    commitment: CommitmentOption = None,
    receipts: ReceiptOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
) -> None:
    """Show what is missing, doubtful or tampered with, without any arm.

    Who holds the folder can write all of it anew: what was printed or written
    down before can be compared with --commitment and --receipt.

    \b
    nof1 check trial-p01
    nof1 check trial-p01 --receipt 1a2b3c4d
    nof1 check trial-p01 --json
    """
    from nof1.cli.check_lines import check_lines
    from nof1.trial.checking import check as check_trial
    from nof1.trial.comparing import WITH_PAPER, WITH_SEAL
    from nof1.trial.folder import open_trial

    kept = given_kept(commitment, receipts)
    opened = open_trial(trial)
    found = check_trial(opened, today=present().date(), kept=kept)
    if as_json:
        say(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        for line in check_lines(opened, found):
            say(line)
    found.compared.refuse_difference(opened, of=(*WITH_SEAL, *WITH_PAPER))


@app.command("lock")
def lock(trial: TrialArgument, by: ByOption, reason: ReasonOption = None) -> None:
    """End the recording: nothing more can be recorded or corrected.

    \b
    nof1 lock trial-p01 --by "Dr Berg"
    """
    from nof1.trial.folder import open_trial
    from nof1.trial.locking import lock as lock_trial

    entry = lock_trial(open_trial(trial), by=by, reason=reason or "", now=present())
    say(f"Locked: nothing more can be recorded. {receipt(entry)}")
    say(f"Head of the log: {entry.hash}")


@app.command("unseal")
def unseal(
    trial: TrialArgument,
    by: ByOption,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")],
    period: Annotated[
        int | None, typer.Option(help="In an emergency: open this period alone, begun or not.")
    ] = None,
    kit: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="In an emergency: open the period of this kit alone."),
    ] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File with the passphrase of the seal.")
    ] = None,
    identity: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File with the packer's age identity.")
    ] = None,
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
    from nof1.cli.comparison_lines import comparison_lines
    from nof1.reports.blinding import drawn_when
    from nof1.trial.blinding import blind_record, told_by_opening, told_in_words
    from nof1.trial.comparing import WITH_PAPER, compare
    from nof1.trial.folder import open_trial
    from nof1.trial.locking import refuse_opening, unblind_period
    from nof1.trial.locking import unseal as unseal_trial
    from nof1.trial.verifying import read_sealed

    kept = given_kept(commitment, receipts)
    opened, now = open_trial(trial), present()
    compare(opened, kept).refuse_difference(opened, of=WITH_PAPER)
    labels = {arm.id: arm.label for arm in opened.protocol.arms}
    period = chosen_period(opened, period, kit)
    refuse_opening(opened, period=period, by=by, reason=reason)
    key = opening_key(passphrase_file, identity)
    say_memory(key, read_sealed(opened))
    if period is not None:
        arm = unblind_period(opened, key, period=period, by=by, reason=reason, now=now, tell=note)
        say(f"Period {period} ({supply_of(opened, period)}) is: {labels[arm]}")
        told = told_in_words(told_by_opening(opened.protocol, {period: arm}))
        note(f"This was logged.{told or ' The other periods stay sealed.'}")
        before = (one.body["period"] for one in opened.entries if one.kind == "unblinding")
        if any(other != period for other in before):
            note("Together with what was opened before, it may tell more.")
        return
    allocation = unseal_trial(opened, key, by=by, reason=reason, now=now, tell=note)
    say("The seal is open; this was logged. What was compared:")
    for line in comparison_lines(compare(open_trial(trial), kept, opened=allocation)):
        say(line)
    say(f"The order, drawn and sealed on {drawn_when(blind_record(opened))}")
    for number, (kit, arm) in enumerate(
        zip(allocation.kits, allocation.arms, strict=True), start=1
    ):
        say(f"  period {number}  {kit}  {labels[arm]}")
