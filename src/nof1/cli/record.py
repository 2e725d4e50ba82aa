"""``nof1 record``: one score, dose, covariate, side effect, guess or unblinding."""

from __future__ import annotations

from typing import Annotated

import typer

from nof1.cli.app import app, note, say_lines
from nof1.cli.options import CorrectOption, ReasonOption, TrialArgument


@app.command("record", context_settings={"ignore_unknown_options": True})
def record(
    trial: TrialArgument,
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT", help="An outcome, dose, covariate, event, guess or unblinding."
        ),
    ],
    value: Annotated[
        str | None,
        typer.Argument(
            metavar="VALUE",
            help="Score; yes, no or a share; name of a covariate or side effect; arm;"
            " - takes it back.",
        ),
    ] = None,
    amount: Annotated[
        str | None,
        typer.Argument(metavar="AMOUNT", help="Of a covariate: a number, yes, no or -."),
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="Such as 2026-02-08; else today.")
    ] = None,
    items: Annotated[
        str | None, typer.Option(metavar="LIST", help="Answers to the items, - for a missing one.")
    ] = None,
    prorate: Annotated[bool, typer.Option("--prorate", help="Allow one missing item.")] = False,
    severity: Annotated[
        int | None, typer.Option(help="0 none, 1 mild, 2 moderate, 3 severe.")
    ] = None,
    period: Annotated[int | None, typer.Option(help="Number of the period.")] = None,
    kit: Annotated[
        str | None, typer.Option(metavar="CODE", help="Of an unblinding: instead of --period.")
    ] = None,
    certainty: Annotated[int | None, typer.Option(help="0 just a guess to 10 fully sure.")] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who learned the arm.")] = None,
    correct: CorrectOption = False,
    reason: ReasonOption = None,
) -> None:
    """Record one score, dose, covariate, side effect, guess or unblinding, or correct one.

    \b
    nof1 record trial-p01 irls 18 --date 2026-02-08
    nof1 record trial-p01 irls --items 3,3,2,2,1,2,2,1,1,1
    nof1 record trial-p01 dose yes
    nof1 record trial-p01 covariate late-shift yes
    nof1 record trial-p01 event "Loose stools" --severity 2
    nof1 record trial-p01 guess unsure --period 2 --certainty 3
    nof1 record trial-p01 unblinding --kit J7W4F9 --by "Dr Berg" --reason "fainted"
    nof1 record trial-p01 irls 17 --date 2026-02-08 --correct --reason "misread"
    """
    from nof1.workflow.record import record as record_one

    recorded = record_one(
        trial,
        what,
        value,
        amount,
        date=day,
        items=items,
        prorate=prorate,
        severity=severity,
        period=period,
        kit=kit,
        certainty=certainty,
        by=by,
        correct=correct,
        reason=reason,
    )
    for text in recorded.notes:
        note(text)
    say_lines(recorded.lines())
