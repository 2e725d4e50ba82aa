"""``nof1 report``: the person's page and the clinician's report of an unsealed trial."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, note, say
from nof1.cli.given import TrialArgument
from nof1.cli.pages import PaperOption, PaperSize


@app.command("report")
def report(
    trial: TrialArgument,
    paper: PaperOption = PaperSize.A4,
    nuts: Annotated[
        bool, typer.Option("--nuts", help="Add the sampler's check of the exact posterior.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
) -> None:
    """Write the person's page, the clinician's report and the figures' record.

    They land in TRIAL/results, which is replaced as a whole: person.pdf, clinician.pdf,
    clinician.html and analysis.json.

    \b
    nof1 report trial-p01
    nof1 report trial-p01 --paper letter --nuts
    """
    files = report_trial(trial, paper=paper, nuts=nuts)
    if as_json:
        say(json.dumps({"schema": "nof1.report/1", "files": [str(path) for path in files]}))
        return
    for path in files:
        say(str(path))


def report_trial(
    folder: Path, *, paper: PaperSize = PaperSize.A4, nuts: bool = False
) -> tuple[Path, ...]:
    """Write the reports of an unsealed trial into its results folder and return the files."""
    from nof1.calibration.likeness import quote
    from nof1.cli.analyse import say_sampling
    from nof1.inference.analysis import DEFAULT_ENGINES, ENGINES
    from nof1.inference.contract import analyses_object
    from nof1.inference.results import results
    from nof1.reports.clinician import clinician_html, clinician_pdf
    from nof1.reports.files import replace_folder, unwritten
    from nof1.reports.person import person_page
    from nof1.reports.story import gather
    from nof1.trial.folder import open_trial
    from nof1.trial.records import trial_data

    trial = open_trial(folder)
    data = trial_data(trial)
    note("Analysing, with every assumption varied ...")
    found = results(
        data,
        trial.protocol.analysis,
        trial.protocol.decision,
        engines=ENGINES if nuts else DEFAULT_ENGINES,
        before_sampling=say_sampling,
    )
    story = gather(
        trial,
        analyses=found.analyses,
        descriptions=found.descriptions,
        sensitivity=found.sensitivity,
        diagnostics=found.diagnostics,
        carryover=found.carryover,
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
    target = trial.folder / "results"
    try:
        replace_folder(target, files)
    except OSError as error:
        raise unwritten(target, error) from error
    return tuple(target / name for name in files)
