"""What is claimed of the shipped defaults, and whether the measured figures bear it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nof1.calibration.scenarios import Cell
from nof1.calibration.self_consistency import LEVELS, Consistency
from nof1.calibration.table import CellResult

#: Standard errors of Monte Carlo that a figure may be off.
ERRORS = 3.0
#: Least p-value of a test of uniformity: ten are made, of which one may fall below 0.01.
LEAST_P = 1e-3
#: Least coverage of the 95 % interval by the largest period shift, in SDs of the noise.
LEAST_COVERAGE = {0.3: 0.93, 0.6: 0.90}
#: Coverage above which precision is lost.
MORE_THAN_ASKED = 0.99
#: Most type I errors, and most false *helps meaningfully* in any cell and on average.
ALPHA, MOST_FALSE, MOST_FALSE_MEAN = 0.05, 0.04, 0.02

Standing = Literal["met", "met within Monte Carlo error", "not met"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredClaim:
    """One claim and its figure.

    Attributes
    ----------
    what, promised, measured : str
        For print.
    standing : {"met", "met within Monte Carlo error", "not met"}
        Within error: the worst cell is off by no more than 3 of its standard errors.
    """

    what: str
    promised: str
    measured: str
    standing: Standing


def claims(rows: Sequence[CellResult], consistency: Consistency) -> tuple[MeasuredClaim, ...]:
    """Return every claim with the figure measured."""
    exact = [row for row in rows if row.method == "quadrature"]
    null = [row for row in exact if row.cell.effect == 0]
    return (
        *_on_consistency(consistency),
        *_on_coverage(exact),
        *_on_errors(rows),
        _worst(
            'False "helps meaningfully" without any effect, worst cell',
            null,
            lambda row: row.said("helps-meaningfully"),
            most=MOST_FALSE,
        ),
        _on_average(null),
    )


def _on_consistency(consistency: Consistency) -> Iterator[MeasuredClaim]:
    every = consistency["all"]
    n = next(iter(every.values())).n
    worst, name, level = max(
        (abs(error), parameter, level)
        for parameter, uniformity in every.items()
        for level, error in zip(LEVELS, uniformity.errors(), strict=True)
    )
    yield MeasuredClaim(
        what=f"Coverage at 50, 80, 90, 95 % over {n:,} truths from the priors, each parameter",
        promised=f"within {ERRORS:g} standard errors",
        measured=f"at most {worst:.1f} ({name}, {100 * level:g} %)",
        standing="met" if worst <= ERRORS else "not met",
    )
    p, name, test = min(
        (p, parameter, test)
        for parameter, uniformity in every.items()
        for test, p in (
            ("Kolmogorov-Smirnov", uniformity.kolmogorov_p),
            ("chi-squared", uniformity.chi_squared_p),
        )
    )
    yield MeasuredClaim(
        what=f"Uniform PIT over {n:,} truths from the priors, each parameter",
        promised=f"least p at least {LEAST_P:g}",
        measured=f"{p:.2g} ({name}, {test})",
        standing="met" if p >= LEAST_P else "not met",
    )


def _on_coverage(exact: Sequence[CellResult]) -> Iterator[MeasuredClaim]:
    shifts = sorted(LEAST_COVERAGE)
    for least, most in zip((-1.0, *shifts), shifts, strict=False):
        yield _worst(
            "Coverage of the 95 % interval for the steady-state effect, worst cell with period "
            + (f"shifts up to {most:g} SD" if least < 0 else f"shifts of {most:g} SD"),
            [row for row in exact if least < row.cell.situation.shift <= most],
            lambda row: row.coverage,
            least=LEAST_COVERAGE[most],
        )


def _on_errors(rows: Sequence[CellResult]) -> Iterator[MeasuredClaim]:
    for method in ("randomisation", "paired"):
        null = [row for row in rows if row.method == method and not row.cell.effect and row.ran]
        limit = ALPHA + ERRORS * (ALPHA * (1.0 - ALPHA) / min(row.ran for row in null)) ** 0.5
        worst = max(null, key=lambda row: row.rejection)
        yield MeasuredClaim(
            what=f"Type I error of {method}, worst cell",
            promised=f"at most {100 * ALPHA:g} % + {ERRORS:g} errors = {100 * limit:.1f} %",
            measured=f"{100 * worst.rejection:.1f} % ({place(worst.cell)})",
            standing="met" if worst.rejection <= limit else "not met",
        )


def _on_average(null: Sequence[CellResult]) -> MeasuredClaim:
    mean = sum(row.said("helps-meaningfully") for row in null) / len(null)
    return MeasuredClaim(
        what='False "helps meaningfully" without any effect, mean over cells',
        promised=f"at most {100 * MOST_FALSE_MEAN:g} %",
        measured=f"{100 * mean:.2f} %",
        standing="met" if mean <= MOST_FALSE_MEAN else "not met",
    )


def _worst(
    what: str,
    rows: Sequence[CellResult],
    figure: Callable[[CellResult], float],
    *,
    least: float | None = None,
    most: float | None = None,
) -> MeasuredClaim:
    """Return the claim that no cell's figure is below `least`, or above `most`."""
    limit, sign = (least, 1.0) if least is not None else (most or 0.0, -1.0)
    worst = min(rows, key=lambda row: sign * figure(row))
    off = sign * (limit - figure(worst))
    beyond = sum(sign * (limit - figure(row)) > 0 for row in rows)
    error = standard_error(figure(worst), worst.ran)
    return MeasuredClaim(
        what=what,
        promised=f"{'at least' if sign > 0 else 'at most'} {100 * limit:g} %",
        measured=(
            f"{100 * figure(worst):.1f} % (± {100 * error:.1f}; {place(worst.cell)}); "
            f"{beyond} of {len(rows)} cells beyond"
        ),
        standing=(
            "met"
            if off <= 0
            else "met within Monte Carlo error"
            if off <= ERRORS * error
            else "not met"
        ),
    )


def standard_error(share: float, n: int) -> float:
    """Return the Monte Carlo standard error of a share of `n`."""
    return float((share * (1.0 - share) / n) ** 0.5)


def place(cell: Cell) -> str:
    """Return where a cell lies, for print."""
    situation = cell.situation
    parts = [
        f"{situation.scores}, {situation.cycles} cycles",
        f"phi {situation.phi:g}",
        f"shift {situation.shift:g}",
        f"half-life {situation.half_life:g} d",
        "no effect" if not cell.effect else f"effect {cell.effect} MCID",
        *([f"{100 * situation.missing:g} % missing"] if situation.missing else []),
        *(["rounded"] if situation.rounded else []),
    ]
    return ", ".join(parts)
