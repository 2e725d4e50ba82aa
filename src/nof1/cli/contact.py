"""``nof1 contact``: whom the person can call, changed while the trial runs."""

from __future__ import annotations

from typing import Annotated

import typer

from nof1.cli.app import app, say_lines
from nof1.cli.options import ByOption, NeededReasonOption, TrialArgument


@app.command("contact")
def contact(
    trial: TrialArgument,
    by: ByOption,
    reason: NeededReasonOption,
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
    from nof1.workflow.contact import contact as change_contacts

    changed = change_contacts(trial, contact or (), emergency=emergency, by=by, reason=reason)
    say_lines(changed.lines())
