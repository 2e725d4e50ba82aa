"""``nof1 contact``: whom the person can call, changed while the trial runs."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from nof1.cli.app import app, say
from nof1.cli.options import TrialArgument, present, receipt
from nof1.cli.trial import ByOption


@app.command("contact")
def contact(
    trial: TrialArgument,
    by: ByOption,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")],
    contact: Annotated[
        list[str] | None,
        typer.Option(
            metavar='"NAME, PHONE"',
            help="Whom to call from now on (repeatable); replaces all lines.",
        ),
    ] = None,
    emergency: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Emergency number from now on.")
    ] = None,
) -> None:
    """Change whom to call, on pages printed from now on; the change is logged.

    \b
    nof1 contact trial-p01 --contact "Dr Lee, 555 0100" --contact "Night line, 555 0199" \\
      --by "Dr Lee" --reason "new number"
    """
    from nof1.reports.pages import refuse_unprintable
    from nof1.trial.contacts import PRINTED, change_contacts, outdated_pages
    from nof1.trial.folder import open_trial

    opened, lines = open_trial(trial), contact or []
    # Characters the font lacks are a fault of their own; the others are found below.
    given = [*lines, *([] if emergency is None else [emergency])]
    refuse_unprintable("contact", [text for text in given if text.isprintable()])
    entry = change_contacts(opened, lines, emergency=emergency, by=by, reason=reason, now=present())
    changed = open_trial(trial)
    say(f"Whom to call from now on: {'; '.join(changed.contacts)}. {receipt(entry)}")
    say(f"In an emergency: {changed.emergency}.")
    folder = shlex.quote(str(trial))
    outdated = outdated_pages(changed, trial / PRINTED)
    if outdated:
        say(f"Older than this change, in {trial / PRINTED}: {', '.join(outdated)}.")
    if changed.allocation is not None:
        say(f"Reports made before keep the old contact. Make them again: nof1 report {folder}")
        return
    say("Pages and labels already handed out keep the old contact. Print them again:")
    say(f"  nof1 print {folder}")
    say(f"  nof1 pack {folder} --out DIR    (the packer alone: labels, emergency notes)")
