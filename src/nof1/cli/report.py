"""``nof1 report``: of an unsealed trial for person and clinician, or of a pooled analysis."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, note, say_result
from nof1.cli.options import (
    CommitmentOption,
    JsonOption,
    PaperOption,
    PaperSize,
    ReceiptOption,
    SampleOption,
)


@app.command("report")
def report(
    source: Annotated[
        Path,
        typer.Argument(metavar="TRIAL|POOLED", help="The trial folder, or a pooled JSON file."),
    ],
    paper: PaperOption = PaperSize.A4,
    nuts: Annotated[
        bool, typer.Option("--nuts", help="Add the sampler's check of the exact posterior.")
    ] = False,
    sample: SampleOption = False,
    commitment: CommitmentOption = None,
    receipts: ReceiptOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the reports of an unsealed trial, or that of a pooled analysis.

    Of a trial: the person's page, the clinician's report and the figures' record. They land in
    TRIAL/results: person.pdf, clinician.pdf, clinician.html and analysis.json. Those of before
    are replaced, what else is there stays.

    The clinician's report says what was compared. The commitment at the foot of a
    printed page and the receipts written down are compared when they are given
    (--commitment, --receipt); nothing is written when they differ.

    Of what `nof1 pool FILES --json > pooled.json` wrote: pooled.pdf and pooled.html, in the
    folder pooled-report beside the file.

    \b
    nof1 report trial-p01
    nof1 report trial-p01 --paper letter --nuts
    nof1 report trial-p01 --commitment "4f9a 21c0 7be3" --receipt 1a2b3c4d
    nof1 report pooled.json
    """
    from nof1.workflow.report import report as write_reports

    comparisons = write_reports(
        source,
        paper=paper.value,
        nuts=nuts,
        sample=sample,
        commitment=commitment,
        receipts=receipts,
        tell=note,
    )
    for caution in comparisons.cautions:
        note(caution)
    say_result(comparisons, as_json=as_json)
