"""The measured table: one row for each cell and method, as it ships."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

from nof1.calibration.scenarios import Cell, Situation
from nof1.inference.result import VerdictCode

#: Where the shipped figures lie.
DATA = Path(__file__).parent / "data"
NAME = "operating.csv"

#: The verdicts, in the order of a row's counts.
VERDICTS: tuple[VerdictCode, ...] = get_args(VerdictCode)

_CELL = ("scores", "cycles", "phi", "shift", "half_life", "missing", "rounded", "effect")
_COUNTS = ("trials", "ran", "rejected", "covered")
_MEANS = ("level", "bias", "spread", "width")
COLUMNS = (*_CELL, "method", *_COUNTS, *_MEANS, *VERDICTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResult:
    """What one method did in one cell.

    Attributes
    ----------
    cell : Cell
        The truth and the design.
    method : str
        ``quadrature``, ``randomisation``, ``paired``, ``reml``; ``ar1`` and ``days`` are others';
        ``wider`` is ``quadrature`` under wider priors of the effect.
    trials, ran : int
        Simulated, and of these answered by the method. All else is of those that it answered.
    rejected, covered : int
        Times that a difference was found (p at most 0.05; for `quadrature` no zero in the 95 %
        interval), and that the interval held the truth of what the method estimates.
    level : float or None
        Mean level that the intervals claim; None, as all means, when the method never ran.
    bias, spread : float or None
        Mean and SD of estimate minus truth, in points.
    width : float or None
        Mean width of the intervals that have two ends, in points; None when none has.
    verdicts : tuple of int
        Times of each of `VERDICTS`; empty for methods that give none.
    """

    cell: Cell
    method: str
    trials: int
    ran: int
    rejected: int
    covered: int
    level: float | None
    bias: float | None
    spread: float | None
    width: float | None
    verdicts: tuple[int, ...] = ()

    @property
    def coverage(self) -> float:
        """Return the share of intervals that held the truth."""
        return self.covered / self.ran

    @property
    def rejection(self) -> float:
        """Return the share of trials in which a difference was found: power, or type I error."""
        return self.rejected / self.ran

    def said(self, verdict: str) -> float:
        """Return the share of trials with a verdict."""
        return self.verdicts[VERDICTS.index(verdict)] / self.ran


def as_text(rows: Iterable[CellResult]) -> str:
    """Return the table as CSV, means with four figures."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        situation = row.cell.situation
        writer.writerow(
            [
                situation.scores,
                situation.cycles,
                *(
                    f"{value:g}"
                    for value in (
                        situation.phi,
                        situation.shift,
                        situation.half_life,
                        situation.missing,
                    )
                ),
                int(situation.rounded),
                row.cell.effect,
                row.method,
                *(getattr(row, name) for name in _COUNTS),
                *("" if (v := getattr(row, name)) is None else f"{v:.4g}" for name in _MEANS),
                *(row.verdicts or ("",) * len(VERDICTS)),
            ]
        )
    return file.getvalue()


def from_text(text: str) -> tuple[CellResult, ...]:
    """Return the rows of a table written by `as_text`."""
    return tuple(_row(record) for record in csv.DictReader(io.StringIO(text)))


def _row(record: dict[str, str]) -> CellResult:
    situation = Situation(
        record["scores"],
        int(record["cycles"]),
        float(record["phi"]),
        float(record["shift"]),
        float(record["half_life"]),
        float(record["missing"]),
        record["rounded"] == "1",
    )
    means = {name: float(record[name]) if record[name] else None for name in _MEANS}
    return CellResult(
        cell=Cell(situation, int(record["effect"])),
        method=record["method"],
        **{name: int(record[name]) for name in _COUNTS},
        level=means["level"],
        bias=means["bias"],
        spread=means["spread"],
        width=means["width"],
        verdicts=tuple(int(record[code]) for code in VERDICTS if record[code]),
    )


@cache
def shipped() -> tuple[CellResult, ...]:
    """Return the table that ships with this version."""
    return from_text((DATA / NAME).read_text(encoding="utf-8"))
