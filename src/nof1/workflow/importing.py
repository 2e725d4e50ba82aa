"""Many scores, doses, covariates and side effects from a table into the log, all or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nof1.errors import ScoresError
from nof1.trial.folder import open_trial
from nof1.trial.importing.planning import ImportPlan, apply_import, plan_import
from nof1.trial.log import Entry
from nof1.trial.recording import say_about, say_value
from nof1.trial.tables.reading import read_table
from nof1.words.caution import sentences
from nof1.words.numbers import counted
from nof1.workflow.clock import present
from nof1.workflow.notation import how_written
from nof1.workflow.notes import Notes
from nof1.workflow.progress import Tell, silent
from nof1.workflow.receipts import correction_fault, receipt_said
from nof1.workflow.result import ShownResult

#: Lines of a long list that a dry run shows.
SHOWN_FIRST, SHOWN_LAST = 20, 3
_KINDS = (
    ("score", "score"),
    ("dose", "dose"),
    ("covariate", "covariate value"),
    ("event", "side effect"),
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Imported(ShownResult):
    """What a table brought, or would bring.

    Attributes
    ----------
    dry_run : bool
        Whether nothing was written.
    recorded : tuple of str
        What was not on record yet, a line each, in the order of the table.
    corrected : tuple of str
        What stood otherwise, a line each.
    already : int
        Observations that were on record as they are.
    counts : str
        How many of each kind, in words.
    entries : tuple of Entry
        As they stand in the log; empty for a dry run.
    notes : tuple of str
        What was assumed, and which scores are on days not planned.
    """

    dry_run: bool
    recorded: tuple[str, ...]
    corrected: tuple[str, ...]
    already: int
    counts: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows; of a dry run the first and last of what would happen."""
        if not self.dry_run:
            yield f"Recorded: {self.counts}. {self.receipt}".rstrip()
            return
        yield from _ends([f"record   {text}" for text in self.recorded])
        yield from _ends([f"correct  {text}" for text in self.corrected])
        yield f"Would be recorded: {self.counts}. Nothing was written."

    @property
    def receipt(self) -> str:
        """Return the words to write down; empty when nothing was recorded."""
        return receipt_said(self.entries[-1]) if self.entries else ""


def import_table(
    trial: Path | str,
    file: Path | str,
    *,
    dry_run: bool = False,
    columns: Mapping[str, str] | None = None,
    ignore_others: bool = False,
    sheet: str | None = None,
    date_order: str | None = None,
    decimal_comma: bool | None = None,
    timezone: str | None = None,
    correct: bool = False,
    reason: str | None = None,
    tell: Tell = silent,
) -> Imported:
    """Record many scores, doses, covariates and side effects from a table, all or none.

    Parameters
    ----------
    trial : path
        The trial folder.
    file : path
        Table (.csv, .xlsx, .ods) with a column ``date`` or ``day``, and either the columns
        ``outcome`` and ``value``, or one for each outcome, item, dose, covariate, side effect.
    dry_run : bool
        Whether nothing is written.
    columns : mapping or None
        Names of the table's columns by the names known to the trial, where they differ.
    ignore_others : bool
        Whether columns that are not known are left aside.
    sheet, date_order, decimal_comma, timezone
        How the table is written, see `nof1.workflow.notation.how_written`.
    correct : bool
        Whether what is recorded is corrected; needs `reason`.
    reason : str or None
        Why.
    tell : callable
        Gets every note before anything is written.

    Raises
    ------
    ScoresError
        With every fault of the table.
    BlindingError
        If a column may tell the arm.
    TrialError
        If the trial is locked, or its log cannot be written.
    """
    if correct != (reason is not None):
        raise ScoresError(correction_fault())
    written = how_written(sheet, date_order, decimal_comma, timezone)
    opened, now, notes = open_trial(Path(trial)), present(), Notes(tell)
    plan = plan_import(
        opened,
        read_table(Path(file), written),
        today=now.date(),
        columns=columns or {},
        ignore_others=ignore_others,
        correction=reason,
    )
    for said in sentences(plan.notes):
        notes(said)
    entries = () if dry_run else apply_import(opened, plan, now=now)
    return Imported(dry_run=dry_run, entries=entries, notes=tuple(notes.texts), **_said(plan))


def _ends(lines: Sequence[str]) -> Sequence[str]:
    """Return the first and last lines of a long list, and between them how many are left out."""
    left_out = len(lines) - SHOWN_FIRST - SHOWN_LAST
    if left_out <= 1:
        return lines
    return [*lines[:SHOWN_FIRST], f"... {left_out} more ...", *lines[-SHOWN_LAST:]]


def _said(plan: ImportPlan) -> dict[str, Any]:
    """Return what a plan would bring, in words."""
    return {
        "recorded": tuple(
            f"{say_about(observation)}: {say_value(observation)}" for observation in plan.new
        ),
        "corrected": tuple(
            f"{say_about(new)}: {say_value(old)} -> {say_value(new)}" for old, new in plan.corrected
        ),
        "already": plan.already,
        "counts": _counts(plan),
    }


def _counts(plan: ImportPlan) -> str:
    """Return how many of each kind are in a plan, in words."""
    kinds = [observation.kind for observation in plan.new]
    parts = [counted(kinds.count(kind), name) for kind, name in _KINDS if kind in kinds]
    if plan.corrected:
        parts.append(counted(len(plan.corrected), "correction"))
    said = ", ".join(parts) or "nothing new"
    return said + (f" ({plan.already} already there)" if plan.already else "")
