"""The whole measurement: what is run, what is said of it, and the files it leaves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from nof1.calibration import operating, self_consistency, table
from nof1.calibration.claims import claims, place
from nof1.calibration.running import in_order
from nof1.calibration.scenarios import SCORINGS, Cell, full_grid, quick_grid
from nof1.calibration.self_consistency import ALIKE, Consistency, Group, consistency
from nof1.calibration.table import CellResult
from nof1.files.replacing import replace_files
from nof1.provenance import software

SUMMARY = "calibration.json"
#: Standard errors by which a quick run may differ from the shipped figures: it compares hundreds.
TOLERANCE = 4.5


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPlan:
    """What is run.

    Attributes
    ----------
    cells : tuple of Cell
        Fixed truths.
    trials : int
        In every cell.
    data_sets : int
        With truths from the priors, of each kind of scores.
    seed : int
        Of everything.
    """

    cells: tuple[Cell, ...]
    trials: int
    data_sets: int
    seed: int


FULL = StudyPlan(cells=full_grid(), trials=400, data_sets=10_240, seed=20_260_101)
QUICK = StudyPlan(cells=quick_grid(), trials=200, data_sets=1024, seed=20_260_102)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was run and found; `software` says by what."""

    rows: tuple[CellResult, ...]
    consistency: Consistency
    trials: int
    seed: int
    software: str


class Lines(NamedTuple):
    """Lines for print, and whether all is as it should be."""

    text: tuple[str, ...]
    sound: bool


#: Shows how far a label's results are: given the label, the results and their number.
Progress = Callable[[str, Iterable[Any], int], Iterator[Any]]


def silent(_label: str, results: Iterable[Any], _n: int) -> Iterator[Any]:
    """Show nothing."""
    yield from results


def run(plan: StudyPlan, processes: int = 1, progress: Progress = silent) -> Findings:
    """Return what a plan finds, the same whatever the number of processes."""
    groups = [
        Group(scores, number)
        for scores in SCORINGS
        for number in range(-(-plan.data_sets // ALIKE))
    ]
    measure = partial(self_consistency.measure, seed=plan.seed)
    pits = list(
        progress("Truths from the priors", in_order(measure, groups, processes), len(groups))
    )
    by_scores = {
        scores: [pit for group, pit in zip(groups, pits, strict=True) if group.scores == scores]
        for scores in SCORINGS
    }
    in_cell = partial(operating.measure, trials=plan.trials, seed=plan.seed)
    cells = progress("Fixed truths", in_order(in_cell, plan.cells, processes), len(plan.cells))
    return Findings(
        rows=tuple(row for rows in cells for row in rows),
        consistency=consistency(by_scores),
        trials=plan.trials,
        seed=plan.seed,
        software=software(),
    )


def verdict(findings: Findings) -> Lines:
    """Return every claim and whether it is met."""
    made = claims(findings.rows, findings.consistency)
    return Lines(
        tuple(
            f"{claim.standing}: {claim.what}: {claim.promised}; found {claim.measured}"
            for claim in made
        ),
        sound=True,
    )


def agreement(findings: Findings, shipped: Findings | None = None) -> Lines:
    """Return where a run differs from the shipped figures by more than chance allows."""
    known = {(row.cell, row.method): row for row in (shipped or read()).rows}
    pairs = [(row, known[row.cell, row.method]) for row in findings.rows]
    off = [
        f"{row.method}, {place(row.cell)}: {what} {mine:.3f}, shipped {theirs:.3f}"
        for row, other in pairs
        for what, mine, theirs, z in _compared(row, other)
        if abs(z) > TOLERANCE
    ]
    off += [
        f"coverage of {name} at {100 * level:g} %: {error:+.1f} standard errors"
        for name, uniformity in findings.consistency["all"].items()
        for level, error in zip(self_consistency.LEVELS, uniformity.errors(), strict=True)
        if abs(error) > TOLERANCE
    ]
    n = findings.consistency["all"]["effect"].n
    said = (
        f"{len(pairs)} rows of the shipped table and {n:,} truths from the priors measured anew: "
        + ("all agree." if not off else f"{len(off)} figures differ by more than chance allows.")
    )
    return Lines((said, *off), sound=not off)


def _compared(row: CellResult, other: CellResult) -> Iterator[tuple[str, float, float, float]]:
    """Yield the name of each share, the two values, and their difference in standard errors."""
    counts: Sequence[tuple[str, int, int]] = [
        ("coverage", row.covered, other.covered),
        ("rejection", row.rejected, other.rejected),
        *zip(table.VERDICTS, row.verdicts, other.verdicts, strict=False),
    ]
    if not (row.ran and other.ran):
        return
    for what, mine, theirs in counts:
        # One more of each outcome keeps the error of a rare event from being 0.
        share = (mine + theirs + 1) / (row.ran + other.ran + 2)
        error = (share * (1 - share) * (1 / row.ran + 1 / other.ran)) ** 0.5
        difference = mine / row.ran - theirs / other.ran
        yield what, mine / row.ran, theirs / other.ran, difference / error


def write(findings: Findings, folder: Path) -> None:
    """Write the two files that ship: both, or neither."""
    summary = {
        "schema": "nof1.calibration/1",
        "software": findings.software,
        "seed": findings.seed,
        "trials": findings.trials,
        "self_consistency": self_consistency.as_object(findings.consistency),
    }
    texts = {
        SUMMARY: json.dumps(summary, indent=1) + "\n",
        table.NAME: table.as_text(findings.rows),
    }
    replace_files(folder, {name: text.encode() for name, text in texts.items()})


@cache
def read() -> Findings:
    """Return the findings that ship with this version."""
    summary: Mapping[str, Any] = json.loads((table.DATA / SUMMARY).read_text(encoding="utf-8"))
    return Findings(
        rows=table.shipped(),
        consistency=self_consistency.from_object(summary["self_consistency"]),
        trials=summary["trials"],
        seed=summary["seed"],
        software=summary["software"],
    )
