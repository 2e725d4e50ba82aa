"""The reports of an unsealed trial, or of a pooled analysis."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from nof1.calibration.likeness import quote
from nof1.errors import Fault, InputError
from nof1.files.replacing import replace_files
from nof1.inference import full_analysis
from nof1.inference.analysis import DEFAULT_ENGINES, ENGINES
from nof1.inference.json_result import analyses_object
from nof1.trial.comparing import WITH_PAPER, Comparisons, compare
from nof1.trial.folder import open_trial
from nof1.trial.kept import KeptDigits
from nof1.trial.noting import noted_data
from nof1.workflow.analyse import say_sampling
from nof1.workflow.progress import Tell, silent
from nof1.workflow.result import ShownResult
from nof1.workflow.sources import each

Paper = Literal["a4", "letter"]
PAPERS: tuple[Paper, ...] = get_args(Paper)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportFiles(ShownResult):
    """The reports that were written.

    Attributes
    ----------
    files : tuple of Path
        In the order in which they are to be looked at.
    compared : Comparisons or None
        What was held against what in the trial folder; None of a pooled analysis.
    """

    files: tuple[Path, ...]
    compared: Comparisons | None

    @property
    def cautions(self) -> tuple[str, ...]:
        """Return what was compared and did not agree, or could not be compared."""
        if self.compared is None:
            return ()
        return tuple(
            f"{'DIFFERENT' if comparison.outcome == 'different' else 'Take note'}: "
            f"{comparison.said}"
            for comparison in self.compared.made
            if comparison.outcome != "same"
        )

    def lines(self) -> Iterator[str]:
        """Yield the names of the files."""
        yield from map(str, self.files)

    def to_dict(self) -> dict[str, Any]:
        """Return the object of ``nof1 report --json``."""
        about = {"schema": "nof1.report/1", "files": list(self.lines())}
        return about if self.compared is None else {**about, **self.compared.as_json()}

    def to_json(self) -> str:
        """Return the text of ``nof1 report --json``."""
        return json.dumps(self.to_dict(), ensure_ascii=False)


def report(
    source: str | Path,
    *,
    paper: Paper = "a4",
    nuts: bool = False,
    sample: bool = False,
    commitment: str | None = None,
    receipts: str | Sequence[str] | None = None,
    tell: Tell = silent,
) -> ReportFiles:
    """Write the reports of an unsealed trial, or that of a pooled analysis.

    Of a trial they go into its folder ``results``; of a pooled analysis into a folder beside the
    file. Those of before are replaced.

    Parameters
    ----------
    source : str or Path
        The trial folder, or a file with what ``nof1 pool --json`` printed.
    paper : {"a4", "letter"}
        Size of the sheets.
    nuts : bool
        Add the sampler's check of the exact posterior.
    sample : bool
        Let PyMC answer where the exact engines cannot; takes minutes.
    commitment : str, optional
        As printed at the foot of a page, to be compared.
    receipts : str or sequence of str, optional
        As written down, to be compared.
    tell : callable
        Told a sentence now and then.

    Raises
    ------
    InputError
        With everything that is wrong; nothing is written then.
    """
    path, noted = Path(source), each(receipts)
    if paper not in PAPERS:
        raise InputError(
            Fault("--paper", f"{paper!r} will not do", f"Write {' or '.join(PAPERS)}.")
        )
    if path.suffix.lower() == ".json" and not path.is_dir():
        if commitment is not None or noted:
            what = "a pooled analysis has no commitment and no receipts"
            raise InputError(Fault("--commitment, --receipt", what, "Leave it out."))
        return _of_pooled(path, paper=paper, sampled=nuts or sample, tell=tell)
    kept = KeptDigits.read(commitment, noted)
    return _of_trial(path, paper=paper, nuts=nuts, sample=sample, kept=kept, tell=tell)


def _of_trial(
    folder: Path, *, paper: Paper, nuts: bool, sample: bool, kept: KeptDigits, tell: Tell
) -> ReportFiles:
    """Write the reports of an unsealed trial into its results folder."""
    from nof1.reports.clinician.report import clinician_html, clinician_pdf
    from nof1.reports.layout.typesetting import MADE_BY
    from nof1.reports.person.page import person_page
    from nof1.reports.report_input import gather

    trial = open_trial(folder)
    compare(trial, kept).refuse_difference(trial, of=WITH_PAPER)
    data = noted_data(trial)
    plan, decision = trial.protocol.analysis, trial.protocol.decision
    tell("Analysing, with every assumption varied ...")
    analysed = full_analysis.results(
        data,
        plan,
        decision,
        engines=ENGINES if nuts else DEFAULT_ENGINES,
        before_sampling=partial(say_sampling, tell) if sample else None,
    )
    report_input = gather(
        trial,
        analyses=analysed.analyses,
        descriptions=analysed.descriptions,
        sensitivity=analysed.sensitivity,
        diagnostics=analysed.diagnostics,
        carryover=analysed.carryover,
        kept=kept,
    )
    tell("Writing the reports ...")
    by_outcome = {series.outcome: series for series in data.masked.series}
    quoted = [
        quote(analysis, data, by_outcome[analysis.outcome], plan, decision)
        for analysis in analysed.analyses
    ]
    record = json.dumps(
        analyses_object(analysed.analyses, quoted), ensure_ascii=False, allow_nan=False, indent=1
    )
    files = {
        "person.pdf": person_page(report_input, paper=paper),
        "clinician.pdf": clinician_pdf(report_input, paper=paper),
        "clinician.html": clinician_html(report_input).encode(),
        "analysis.json": f"{record}\n".encode(),
    }
    placed = replace_files(trial.folder / "results", files, mark=MADE_BY.encode())
    return ReportFiles(files=placed, compared=report_input.compared)


def _of_pooled(file: Path, *, paper: Paper, sampled: bool, tell: Tell) -> ReportFiles:
    """Write the report of a pooled analysis into a folder beside it."""
    from nof1.reports.layout.typesetting import MADE_BY
    from nof1.reports.pooled.report import pooled_html, pooled_pdf, pooled_view
    from nof1.reports.pooled.report_input import pooled_report_input, read_pooled

    if sampled:
        what = "a pooled analysis has nothing to be sampled: its posterior is exact"
        raise InputError(Fault("--nuts, --sample", what, "Leave it out."))
    view = pooled_view(pooled_report_input(read_pooled(file)))
    tell("Writing the report ...")
    files = {
        "pooled.pdf": pooled_pdf(view, paper=paper),
        "pooled.html": pooled_html(view).encode(),
    }
    target = file.with_name(f"{file.stem}-report")
    replace_files(target.resolve(), files, mark=MADE_BY.encode())
    return ReportFiles(files=tuple(target / name for name in files), compared=None)
