"""The end of recording, and the opening of the seal: wholly, or one period in an emergency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nof1.design.passphrase import Passphrase
from nof1.design.sealing import Identity
from nof1.errors import Fault, TrialError
from nof1.reports.terminal.comparisons import comparison_lines
from nof1.trial.blinding import blind_record, told_by_opening, told_note
from nof1.trial.comparing import WITH_PAPER, Comparisons, compare
from nof1.trial.folder import Trial, open_trial
from nof1.trial.kept import KeptDigits
from nof1.trial.locking import lock as lock_trial
from nof1.trial.locking import refuse_opening, unblind_period
from nof1.trial.locking import unseal as unseal_allocation
from nof1.trial.log import Entry
from nof1.trial.verifying import read_sealed
from nof1.words.caution import sentence
from nof1.workflow.clock import present
from nof1.workflow.keys import AskPassphrase, opening_key, tell_memory
from nof1.workflow.notes import Notes
from nof1.workflow.periods import chosen_period, supply_of
from nof1.workflow.progress import Tell, silent
from nof1.workflow.receipts import receipt_said
from nof1.workflow.result import ShownResult


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Locked(ShownResult):
    """A trial to which nothing more can be added.

    Attributes
    ----------
    entry : Entry
        The last one; its hash is the head of the log.
    """

    entry: Entry

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield f"Locked: nothing more can be recorded. {self.receipt}"
        yield f"Head of the log: {self.entry.hash}"

    @property
    def receipt(self) -> str:
        """Return the words to write down."""
        return receipt_said(self.entry)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpenedPeriod(ShownResult):
    """One period, opened in an emergency.

    Attributes
    ----------
    period : int
        Its number.
    supply : str
        Its supply as the label has it.
    arm : str
        Label of its arm.
    consequences : tuple of str
        What the opened arm tells of other periods, in sentences.
    notes : tuple of str
        What opening the seal took.
    """

    period: int
    supply: str
    arm: str
    consequences: tuple[str, ...]
    notes: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield f"Period {self.period} ({self.supply}) is: {self.arm}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Unsealed(ShownResult):
    """A trial whose order is open.

    Attributes
    ----------
    drawn : str
        When the order was drawn and sealed, in words.
    order : tuple of (str, str)
        Kit and label of the arm of every period, in order.
    compared : Comparisons
        What was held against what.
    notes : tuple of str
        What opening the seal took.
    """

    drawn: str
    order: tuple[tuple[str, str], ...]
    compared: Comparisons
    notes: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield "The seal is open; this was logged. What was compared:"
        yield from comparison_lines(self.compared)
        yield f"The order, drawn and sealed on {self.drawn}"
        for number, (kit, arm) in enumerate(self.order, start=1):
            yield f"  period {number}  {kit}  {arm}"


def lock(trial: Path | str, *, by: str, reason: str | None = None) -> Locked:
    """End the recording: nothing more can be recorded or corrected.

    Parameters
    ----------
    trial : path
        The trial folder.
    by : str
        Who locks it.
    reason : str or None
        Why; needed before the last day of the trial is over.

    Raises
    ------
    TrialError
        If it is locked already, ends early without a reason, or its seal is damaged.
    """
    entry = lock_trial(open_trial(Path(trial)), by=by, reason=reason or "", now=present())
    return Locked(entry=entry)


def unseal(
    trial: Path | str,
    *,
    by: str,
    reason: str,
    passphrase: str | None = None,
    passphrase_file: Path | str | None = None,
    identity: Path | str | None = None,
    commitment: str | None = None,
    receipts: Sequence[str] = (),
    ask_passphrase: AskPassphrase | None = None,
    tell: Tell = silent,
) -> Unsealed:
    """Open the locked trial's allocation, log it, and say what it was compared with.

    Parameters
    ----------
    trial : path
        The trial folder.
    by, reason : str
        Who opens it, and why.
    passphrase, passphrase_file, identity : str, path, path
        What opens the seal: a passphrase, the file of one, or the file of an age identity.
    commitment : str or None
        Digits of the commitment, as printed at the foot of a page, to be compared.
    receipts : sequence of str
        Receipts as written down, to be compared.
    ask_passphrase : callable or None
        Is asked for the passphrase when no key was given.
    tell : callable
        Gets every note as it comes up.

    Raises
    ------
    TrialError
        If the trial is not locked, or differs from paper.
    SealError
        If the key does not open the seal, or what it holds is not what was promised.
    """
    from nof1.reports.blinding import drawn_when

    folder, notes, kept = Path(trial), Notes(tell), KeptDigits.read(commitment, list(receipts))
    opened = _comparable(folder, kept)
    refuse_opening(opened, period=None, by=by, reason=reason)
    key = _key(opened, opening_key(passphrase, passphrase_file, identity, ask_passphrase), notes)
    allocation = unseal_allocation(opened, key, by=by, reason=reason, now=present(), tell=notes)
    labels = {arm.id: arm.label for arm in opened.protocol.arms}
    arms = (labels[arm] for arm in allocation.arms)
    return Unsealed(
        drawn=drawn_when(blind_record(opened)),
        order=tuple(zip(allocation.kits, arms, strict=True)),
        compared=compare(open_trial(folder), kept, opened=allocation),
        notes=tuple(notes.texts),
    )


def open_period(
    trial: Path | str,
    *,
    by: str,
    reason: str,
    period: int | None = None,
    kit: str | None = None,
    passphrase: str | None = None,
    passphrase_file: Path | str | None = None,
    identity: Path | str | None = None,
    commitment: str | None = None,
    receipts: Sequence[str] = (),
    ask_passphrase: AskPassphrase | None = None,
    tell: Tell = silent,
) -> OpenedPeriod:
    """Open one period alone, begun or not, in an emergency; it is logged first.

    Parameters
    ----------
    trial, by, reason
        As in `unseal`.
    period, kit : int, str
        Number of the period, or the code of its kit.
    passphrase, passphrase_file, identity, commitment, receipts, ask_passphrase, tell
        As in `unseal`.

    Raises
    ------
    TrialError
        If there is no such period, everything is open already, or the trial differs from paper.
    SealError
        If the key does not open the seal, or what it holds is not what was promised.
    """
    notes, kept = Notes(tell), KeptDigits.read(commitment, list(receipts))
    opened = _comparable(Path(trial), kept)
    number = chosen_period(opened, period, kit)
    if number is None:
        raise TrialError(Fault("--kit", "is needed to open a period", "Add it, or --period."))
    refuse_opening(opened, period=number, by=by, reason=reason)
    key = _key(opened, opening_key(passphrase, passphrase_file, identity, ask_passphrase), notes)
    arm = unblind_period(
        opened, key, period=number, by=by, reason=reason, now=present(), tell=notes
    )
    labels = {arm.id: arm.label for arm in opened.protocol.arms}
    tells = sentence(told_note(told_by_opening(opened.protocol, {number: arm})))
    consequences = [f"This was logged.{tells or ' The other periods stay sealed.'}"]
    before = {entry.body["period"] for entry in opened.entries if entry.kind == "unblinding"}
    if before - {number}:
        consequences.append("Together with what was opened before, it may tell more.")
    return OpenedPeriod(
        period=number,
        supply=supply_of(opened, number),
        arm=labels[arm],
        consequences=tuple(consequences),
        notes=tuple(notes.texts),
    )


def _comparable(folder: Path, kept: KeptDigits) -> Trial:
    """Return a trial as opened, unless it differs from what was kept on paper."""
    opened = open_trial(folder)
    compare(opened, kept).refuse_difference(opened, of=WITH_PAPER)
    return opened


def _key(trial: Trial, key: Passphrase | Identity, notes: Notes) -> Passphrase | Identity:
    """Return a key, after telling what opening the seal with it will take."""
    tell_memory(key, read_sealed(trial), tell=notes)
    return key
