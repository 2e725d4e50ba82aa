"""``nof1 report``: of an unsealed trial for person and clinician, or of a pooled analysis."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nof1.cli.app import app, note, say
from nof1.cli.options import CommitmentOption, ReceiptOption, given_kept
from nof1.cli.pages import PaperOption, PaperSize
from nof1.errors import Fault, InputError

if TYPE_CHECKING:
    from nof1.trial.comparing import Comparisons
    from nof1.trial.kept import KeptDigits


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
    sample: Annotated[
        bool,
        typer.Option(
            "--sample", help="Let PyMC answer where the exact engines cannot; takes minutes."
        ),
    ] = False,
    commitment: CommitmentOption = None,
    receipts: ReceiptOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
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
    if source.suffix.lower() == ".json" and not source.is_dir():
        if commitment is not None or receipts:
            what = "a pooled analysis has no commitment and no receipts"
            raise InputError(Fault("--commitment, --receipt", what, "Leave it out."))
        files, compared = report_pooled(source, paper=paper, sampled=nuts or sample), {}
    else:
        kept = given_kept(commitment, receipts)
        files, found = report_trial(source, paper=paper, nuts=nuts, sample=sample, kept=kept)
        compared = found.as_json()
        for one in found.made:
            if one.outcome != "same":
                note(f"{'DIFFERENT' if one.outcome == 'different' else 'Take note'}: {one.said}")
    if as_json:
        about = {"schema": "nof1.report/1", "files": [str(path) for path in files]}
        say(json.dumps({**about, **compared}, ensure_ascii=False))
        return
    for path in files:
        say(str(path))


def report_trial(
    folder: Path,
    *,
    paper: PaperSize = PaperSize.A4,
    nuts: bool = False,
    sample: bool = False,
    kept: KeptDigits | None = None,
) -> tuple[tuple[Path, ...], Comparisons]:
    """Write the reports of an unsealed trial into its results folder.

    Returns
    -------
    tuple of Path
        The files.
    Comparisons
        What was held against what, and against what was kept outside the folder.
    """
    from nof1.calibration.likeness import quote
    from nof1.cli.analyse import say_sampling
    from nof1.files import replace_files
    from nof1.inference.analysis import DEFAULT_ENGINES, ENGINES
    from nof1.inference.full_analysis import results
    from nof1.inference.json_result import analyses_object
    from nof1.reports.clinician.report import clinician_html, clinician_pdf
    from nof1.reports.layout.typesetting import MADE_BY
    from nof1.reports.person.page import person_page
    from nof1.reports.report_input import gather
    from nof1.trial.comparing import WITH_PAPER, compare
    from nof1.trial.folder import open_trial
    from nof1.trial.kept import NOTHING_KEPT
    from nof1.trial.noting import noted_data

    trial = open_trial(folder)
    kept = kept or NOTHING_KEPT
    compare(trial, kept).refuse_difference(trial, of=WITH_PAPER)
    data = noted_data(trial)
    note("Analysing, with every assumption varied ...")
    found = results(
        data,
        trial.protocol.analysis,
        trial.protocol.decision,
        engines=ENGINES if nuts else DEFAULT_ENGINES,
        before_sampling=say_sampling if sample else None,
    )
    story = gather(
        trial,
        analyses=found.analyses,
        descriptions=found.descriptions,
        sensitivity=found.sensitivity,
        diagnostics=found.diagnostics,
        carryover=found.carryover,
        kept=kept,
    )
    note("Writing the reports ...")
    by_outcome = {series.outcome: series for series in data.masked.series}
    quoted = [
        quote(one, data, by_outcome[one.outcome], trial.protocol.analysis, trial.protocol.decision)
        for one in found.analyses
    ]
    record = json.dumps(
        analyses_object(found.analyses, quoted), ensure_ascii=False, allow_nan=False, indent=1
    )
    files = {
        "person.pdf": person_page(story, paper=paper.value),
        "clinician.pdf": clinician_pdf(story, paper=paper.value),
        "clinician.html": clinician_html(story).encode(),
        "analysis.json": f"{record}\n".encode(),
    }
    placed = replace_files(trial.folder / "results", files, mark=MADE_BY.encode())
    return placed, story.compared


def report_pooled(file: Path, *, paper: PaperSize, sampled: bool) -> tuple[Path, ...]:
    """Write the report of a pooled analysis into a folder beside it and return the files.

    Raises
    ------
    InputError
        If the file is no pooled analysis, or the folder cannot be written.
    """
    from nof1.files import replace_files
    from nof1.reports.layout.typesetting import MADE_BY
    from nof1.reports.pooled.report import pooled_html, pooled_pdf, pooled_view
    from nof1.reports.pooled.report_input import pooled_story, read_pooled

    if sampled:
        what = "a pooled analysis has nothing to be sampled: its posterior is exact"
        raise InputError(Fault("--nuts, --sample", what, "Leave it out."))
    view = pooled_view(pooled_story(read_pooled(file)))
    note("Writing the report ...")
    files = {
        "pooled.pdf": pooled_pdf(view, paper=paper.value),
        "pooled.html": pooled_html(view).encode(),
    }
    target = file.with_name(f"{file.stem}-report")
    replace_files(target.resolve(), files, mark=MADE_BY.encode())
    return tuple(target / name for name in files)
