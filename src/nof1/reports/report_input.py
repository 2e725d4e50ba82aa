"""Everything a report tells, finished: gathered from the trial and the analyses, nothing fitted."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from nof1.design.schedule import Schedule
from nof1.errors import Fault, TrialError
from nof1.inference.checks.carryover import CarryoverSummary
from nof1.inference.checks.description import Description
from nof1.inference.checks.diagnostics import Diagnostics
from nof1.inference.checks.sensitivity import SensitivityRow
from nof1.inference.result import Analysis
from nof1.protocol.protocol import Protocol
from nof1.protocol.tables import Arm
from nof1.provenance import software
from nof1.trial.blinding import BlindRecord, blind_record
from nof1.trial.comparing import Comparisons, compare
from nof1.trial.current import standing
from nof1.trial.data import TrialData
from nof1.trial.folder import Trial
from nof1.trial.harms import SevereEvent, severe_events
from nof1.trial.kept import NOTHING_KEPT, KeptDigits
from nof1.trial.log import Entry
from nof1.trial.records import (
    Adherence,
    Guess,
    SideEffect,
    adherence,
    guesses,
    side_effects,
    trial_data,
)

#: Packages whose version the figures depend on.
_PACKAGES = ("numpy", "scipy", "statsmodels", "matplotlib", "typst")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Who opened the seal, when and why.

    Attributes
    ----------
    by, reason : str
        As logged.
    when : date
        Day of the log entry, UTC.
    """

    by: str
    reason: str
    when: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInput:
    """One unsealed trial with its finished results.

    Attributes
    ----------
    protocol, schedule
        What was promised, and its calendar.
    arms : tuple of str
        Arm id of every period.
    data : TrialData
        Scores with arms.
    descriptions : tuple of Description
        Scores by day and period, one for each analysis, in the same order.
    analyses : tuple of Analysis
        The primary outcome first.
    sensitivity : tuple of SensitivityRow
        Of the primary outcome's primary contrast.
    diagnostics : Diagnostics or None
        Of the primary outcome; None when there were too few scores to judge.
    carryover : CarryoverSummary
        Of the primary outcome.
    adherence, side_effects, guesses
        By period, as recorded.
    severe : tuple of SevereEvent
        What must be seen first, the worst first.
    effects_recorded : int
        Entries on side effects, those of severity 0 included.
    commitment : str
        As logged with the draw, 64 hex digits.
    compared : Comparisons
        What was held against what when the report was made.
    blind : BlindRecord
        When the order was drawn, what was opened early, how the arms were guessed.
    unsealing : Opening
        Of the whole allocation.
    corrections : int
        Recorded values that were corrected later.
    log_head : str
        Hash of the last entry of the log, 64 hex digits.
    protocol_digest : str
        64 hex digits.
    versions : tuple of (str, str)
        Software and its versions, nof1 first.
    contacts : tuple of str
        Whom to ask, a line each; none when nobody is named.
    """

    protocol: Protocol
    schedule: Schedule
    arms: tuple[str, ...]
    data: TrialData
    descriptions: tuple[Description, ...]
    analyses: tuple[Analysis, ...]
    sensitivity: tuple[SensitivityRow, ...]
    diagnostics: Diagnostics | None
    carryover: CarryoverSummary
    adherence: tuple[Adherence, ...]
    side_effects: tuple[SideEffect, ...]
    guesses: tuple[Guess, ...]
    severe: tuple[SevereEvent, ...]
    effects_recorded: int
    commitment: str
    compared: Comparisons
    blind: BlindRecord
    unsealing: Opening
    corrections: int
    log_head: str
    protocol_digest: str
    versions: tuple[tuple[str, str], ...]
    contacts: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.arms) != len(self.schedule.periods):
            raise ValueError(f"{len(self.arms)} arms for {len(self.schedule.periods)} periods")
        if self.primary.outcome != self.protocol.primary.id:
            raise ValueError(f"the first analysis is of {self.primary.outcome!r}, not the primary")
        if [description.outcome for description in self.descriptions] != [
            analysis.outcome for analysis in self.analyses
        ]:
            raise ValueError("descriptions and analyses are not of the same outcomes")

    @property
    def primary(self) -> Analysis:
        """Return the analysis of the primary outcome."""
        return self.analyses[0]

    def arm(self, arm_id: str) -> Arm:
        """Return an arm of the protocol by its id."""
        return next(arm for arm in self.protocol.arms if arm.id == arm_id)

    @property
    def doses_recorded(self) -> bool:
        """Return whether any dose, taken or not, is on record."""
        return any(adherence.recorded for adherence in self.adherence)

    def arm_in(self, period: int) -> Arm:
        """Return the arm of a period, by its number."""
        return self.arm(self.arms[period - 1])

    @property
    def begun(self) -> tuple[int, ...]:
        """Return the periods that began before the day on which the trial was ended."""
        ended = self.blind.locked
        return tuple(
            period.number
            for period in self.schedule.periods
            if ended is None or period.first_day < ended
        )

    @property
    def silent(self) -> tuple[int, ...]:
        """Return those of which neither a score nor a dose is on record."""
        recorded = {
            period.number
            for description in self.descriptions
            for period in description.periods
            if period.used
        } | {adherence.period for adherence in self.adherence if adherence.recorded}
        return tuple(number for number in self.begun if number not in recorded)

    def n_periods_of(self, arm_id: str) -> int:
        """Return how many of the periods that began were on an arm."""
        return sum(self.arms[number - 1] == arm_id for number in self.begun)


def gather(
    trial: Trial,
    *,
    analyses: Sequence[Analysis],
    descriptions: Sequence[Description],
    sensitivity: Sequence[SensitivityRow],
    diagnostics: Diagnostics | None,
    carryover: CarryoverSummary,
    kept: KeptDigits = NOTHING_KEPT,
) -> ReportInput:
    """Return the story of an unsealed trial.

    Parameters
    ----------
    trial : Trial
        As just opened.
    analyses, descriptions, sensitivity, diagnostics, carryover
        Finished results; see `ReportInput`.
    kept : KeptDigits
        What was kept outside the trial folder, to be compared.

    Raises
    ------
    TrialError
        While the allocation is sealed.
    """
    allocation = trial.allocation
    if allocation is None:
        raise TrialError(
            Fault(
                str(trial.folder),
                "the allocation is still sealed, so there is nothing to report",
                "Lock the trial with `nof1 lock` and open it with `nof1 unseal` first.",
            )
        )
    entries = trial.entries
    return ReportInput(
        protocol=trial.protocol,
        schedule=trial.schedule,
        arms=allocation.arms,
        data=trial_data(trial),
        descriptions=tuple(descriptions),
        analyses=tuple(analyses),
        sensitivity=tuple(sensitivity),
        diagnostics=diagnostics,
        carryover=carryover,
        adherence=adherence(trial),
        side_effects=side_effects(trial),
        guesses=guesses(trial),
        severe=severe_events(trial),
        effects_recorded=sum(
            observation.kind == "event" for observation in standing(entries).values()
        ),
        commitment=trial.commitment,
        compared=compare(trial, kept),
        blind=blind_record(trial),
        unsealing=next(_opening(entry) for entry in entries if entry.kind == "unseal"),
        corrections=sum(entry.kind == "correction" for entry in entries),
        log_head=trial.head,
        protocol_digest=trial.protocol_digest,
        versions=software_versions(),
        contacts=trial.contacts,
    )


def software_versions() -> tuple[tuple[str, str], ...]:
    """Return the software a report was made with, nof1 first."""
    name, number = software().split()
    return (
        (name, number),
        ("Python", platform.python_version()),
        *((package, version(package)) for package in _PACKAGES),
    )


def _opening(entry: Entry) -> Opening:
    return Opening(
        by=entry.body["by"],
        reason=entry.body["reason"],
        when=date.fromisoformat(entry.time[:10]),
    )
