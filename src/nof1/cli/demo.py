"""``nof1 demo``: the whole chain on an invented person, from the protocol to the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, note, say_lines


@app.command("demo")
def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="New folder for everything.")
    ] = Path("nof1-demo"),
) -> None:
    """Run a whole trial of an invented person: design, print, pack, import, unseal, report.

    \b
    nof1 demo
    nof1 demo --out /tmp/nof1-demo
    """
    from nof1.workflow.demo import demo as run_demonstration

    say_lines(run_demonstration(out, tell=note).lines())
