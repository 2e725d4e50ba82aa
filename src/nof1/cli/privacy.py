"""``nof1 privacy``: how well persons hide among each other; copies in which they hide better."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, say_result
from nof1.cli.options import JsonOption


@app.command("privacy")
def privacy(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES", help="Contributions: JSON, JSON lines or Parquet."),
    ],
    k: Annotated[int, typer.Option("--k", metavar="N", help="Least number of persons alike.")] = 5,
    suppress: Annotated[
        bool, typer.Option("--suppress", help="Write copies without what singles persons out.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.jsonl", help="Where to write them.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show who could be recognised in contributions, and by what.

    With --suppress, as few facts as can be are left out, until everybody is one of N alike.
    The likelihoods stay as they are.

    \b
    nof1 privacy clinic-a.jsonl p01.json
    nof1 privacy clinic-a.jsonl p01.json --k 11 --suppress --out safer.jsonl
    """
    from nof1.workflow.privacy import privacy as privacy_of

    privacy = privacy_of(files, k=k, suppress=suppress, out=out)
    say_result(privacy, as_json=as_json)
