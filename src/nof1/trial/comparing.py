"""What was held against what in a trial folder, what agreed, and what nothing can show.

Whoever holds the folder can write all of it anew, the chain included. So every sentence here says
what was compared in this run, and with what: with other files of the folder, with what the seal
names, and with digits that somebody kept on paper.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from nof1.design.allocation import Allocation
from nof1.errors import Fault, TrialError
from nof1.trial.folder import Trial
from nof1.trial.kept import NOTHING_KEPT, SAFE, KeptDigits, spaced
from nof1.trial.log import LOG, Entry
from nof1.trial.verifying import allocation_faults, public_draw, public_draw_faults, seal_fault

Outcome = Literal["same", "different", "not-compared"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One thing held against another.

    Attributes
    ----------
    what : str
        ``log``, ``files``, ``seal``, ``order``, ``public-number``, ``commitment`` or ``receipt``.
    outcome : {"same", "different", "not-compared"}
        How it came out.
    said : str
        Sentences for a reader.
    """

    what: str
    outcome: Outcome
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparisons:
    """Everything that was compared in one run.

    Attributes
    ----------
    made : tuple of Comparison
        In the order of a reader's questions.
    cannot_show : tuple of str
        What these comparisons leave open.
    """

    made: tuple[Comparison, ...]
    cannot_show: tuple[str, ...]

    @property
    def different(self) -> tuple[Comparison, ...]:
        """Return what did not agree."""
        return tuple(comparison for comparison in self.made if comparison.outcome == "different")

    def refuse_difference(self, trial: Trial, *, of: Collection[str]) -> None:
        """Raise a `TrialError` if one of the named comparisons did not agree."""
        faults = [
            Fault(
                str(trial.folder),
                comparison.said.removesuffix("."),
                f"{'Check the digits' if comparison.what in WITH_PAPER else _PUT_BACK}; "
                f"`nof1 verify {trial.folder}` shows all that was compared.",
            )
            for comparison in self.different
            if comparison.what in of
        ]
        if faults:
            raise TrialError(faults)

    def as_json(self) -> dict[str, Any]:
        """Return the comparisons as they stand in JSON results."""
        return {
            "comparisons": [asdict(comparison) for comparison in self.made],
            "cannot_show": list(self.cannot_show),
        }


#: Opening a trial raises otherwise.
_FILES = Comparison(
    what="files",
    outcome="same",
    said="protocol.toml and schedule.csv are the files that the log names.",
)
#: Comparisons with what is in the seal, just opened or as logged when it was.
WITH_SEAL = ("order", "public-number")
#: Comparisons with what was kept outside the folder.
WITH_PAPER = ("commitment", "receipt")
_PUT_BACK = "Put back the unchanged copy of the trial folder"


def compare(trial: Trial, kept: KeptDigits, *, opened: Allocation | None = None) -> Comparisons:
    """Return what agrees in a trial folder, with itself and with paper.

    Parameters
    ----------
    trial : Trial
        As just opened, which has verified the chain and the files against the log.
    kept : KeptDigits
        What was kept outside the folder.
    opened : Allocation or None
        As opened from the seal at hand just now; None when it was not opened.
    """
    receipts = [_receipt(trial, digits) for digits in kept.receipts]
    made = (
        _log(trial),
        _FILES,
        _seal(trial),
        _order(trial, opened),
        *_public(trial, opened or trial.allocation),
        _commitment(trial, kept),
        *(comparison for comparison, _ in receipts),
        *_no_receipt(kept),
    )
    covered = max((seq for _, seq in receipts), default=0)
    return Comparisons(
        made=made, cannot_show=tuple(_open_questions(trial, kept, made, covered=covered))
    )


def _log(trial: Trial) -> Comparison:
    n = len(trial.entries)
    said = f"The {n} entries of the log follow from each other; the last has receipt "
    return Comparison(what="log", outcome="same", said=f"{said}{trial.entries[-1].receipt}.")


def _seal(trial: Trial) -> Comparison:
    fault = seal_fault(trial)
    if fault is not None:
        return Comparison(what="seal", outcome="different", said=f"allocation.age: {fault.what}.")
    if trial.seal_digest is None:
        said = (
            "The log of this trial, begun by an early version, names no SHA-256 of allocation.age; "
            "it has the length of a whole seal."
        )
        return Comparison(what="seal", outcome="not-compared", said=said)
    said = "allocation.age is the seal that the log names."
    return Comparison(what="seal", outcome="same", said=said)


def _order(trial: Trial, opened: Allocation | None) -> Comparison:
    """Compare what is in the seal: as just opened, or as logged when it was."""
    allocation = opened or trial.allocation
    if allocation is None:
        said = "The order is sealed: what is in the seal was not compared."
        return Comparison(what="order", outcome="not-compared", said=said)
    faults = allocation_faults(trial, allocation, file=LOG if opened is None else "allocation.age")
    if opened is not None and trial.allocation is not None:
        logged = trial.allocation
        if (logged.arms, logged.kits, logged.seed, logged.salt) != (
            opened.arms, opened.kits, opened.seed, opened.salt,
        ):  # fmt: skip
            what = "the seal holds another order than the one logged when it was opened"
            faults.append(Fault("allocation.age", what, ""))
    where = "The seal was opened now"
    if opened is None:
        where = f"As logged when the seal was opened on {_unsealing(trial).time[:10]}"
    if faults:
        said = "; ".join(f"{fault.where.rpartition('/')[2]}: {fault.what}" for fault in faults)
        return Comparison(what="order", outcome="different", said=f"{where}: {said}.")
    agree = "its order, kits and seed agree with them and with each other, and give the commitment"
    if allocation.bound is not None:
        said = f"{where}: it names these very files protocol.toml and schedule.csv; {agree}"
        return Comparison(what="order", outcome="same", said=f"{said} in the log.")
    # In its first form the seal names the content of the protocol, and no file.
    said = f"{where}: an early version made it; it names the protocol's content and no schedule"
    if trial.protocol.digest == trial.protocol_digest:
        return Comparison(what="order", outcome="same", said=f"{said}; {agree} in the log.")
    said += ", and this version of nof1 gives the content of protocol.toml another digest."
    return Comparison(what="order", outcome="not-compared", said=said)


def _public(trial: Trial, allocation: Allocation | None) -> Iterator[Comparison]:
    """Compare the order with the promise and the number it was drawn with, if there are any."""
    public = public_draw(trial)
    if public is None:
        return
    digits, number = public
    drawn = f'the protocol, the number "{number}" and the promise {spaced(digits)}'
    if allocation is None:
        said = f"The order is to follow from {drawn}; it is sealed, so this was not compared."
        yield Comparison(what="public-number", outcome="not-compared", said=said)
        return
    faults = public_draw_faults(trial, allocation)
    if faults:
        said = f"The order does not follow from {drawn}: {'; '.join(faults)}."
        yield Comparison(what="public-number", outcome="different", said=said)
        return
    said = f"The order follows from {drawn} alone."
    yield Comparison(what="public-number", outcome="same", said=said)


def _commitment(trial: Trial, kept: KeptDigits) -> Comparison:
    mine, theirs = trial.commitment, kept.commitment
    if theirs is None:
        said = (
            f"The commitment in the log begins {spaced(mine[:12])}. It was not compared with "
            "paper: the digits at the foot of a printed page, given with --commitment, do so."
        )
        return Comparison(what="commitment", outcome="not-compared", said=said)
    n = len(theirs)
    if mine.startswith(theirs):
        said = f"The {n} digits of the commitment on paper, {spaced(theirs)}, are those in the log."
        return Comparison(what="commitment", outcome="same", said=said)
    said = (
        f"The commitment on paper is {spaced(theirs)}, but {spaced(mine[:n])} in the log: the "
        "protocol, the schedule or the order in this folder is not the one that page was printed "
        "for, or the page is of another trial."
    )
    return Comparison(what="commitment", outcome="different", said=said)


def _receipt(trial: Trial, digits: str) -> tuple[Comparison, int]:
    """Compare a receipt; return with it the number of the entry it was given for, or 0."""
    for entry in trial.entries:
        if entry.hash.startswith(digits):
            said = (
                f"Receipt {digits} is that of entry {entry.seq} ({entry.kind}, {entry.time[:10]}): "
                f"entries 1 to {entry.seq} are as they were when it was given."
            )
            return Comparison(what="receipt", outcome="same", said=said), entry.seq
    said = (
        f"Receipt {digits} is that of no entry: the entry it was given for, or one before it, was "
        "changed or cut off, or it is of another trial."
    )
    return Comparison(what="receipt", outcome="different", said=said), 0


def _no_receipt(kept: KeptDigits) -> Iterator[Comparison]:
    if not kept.receipts:
        said = (
            "No receipt was compared: the digits written down when something was recorded, given "
            "with --receipt, do so; the last one says most."
        )
        yield Comparison(what="receipt", outcome="not-compared", said=said)


def _open_questions(
    trial: Trial, kept: KeptDigits, made: tuple[Comparison, ...], *, covered: int
) -> Iterator[str]:
    outcomes = {comparison.what: comparison.outcome for comparison in made}
    # A receipt covers the digests and the commitment of the draw, which come first.
    if outcomes["commitment"] == "not-compared" and covered < 2:
        yield (
            "Whether protocol, schedule and order are those of the draw: who holds the folder "
            "could have made all of them anew, in agreement with each other."
        )
    n = len(trial.entries)
    if not covered:
        yield (
            "Whether an entry was changed or left out, a score or an early opening for instance: "
            "who holds the folder could have written the whole log anew."
        )
    elif covered < n:
        if covered + 1 == n:
            yield f"Whether entry {n} is as recorded: no receipt given covers it."
        else:
            yield f"Whether entries {covered + 1} to {n} are as recorded: no receipt covers them."
    if public_draw(trial) is None:
        yield "Whether the order was drawn once: a draw that was thrown away leaves no trace."
    else:
        yield (
            "Whether these digits of the promise were handed over before the number was known: who "
            "was given them knows. Had they been, another draw than the first would show."
        )
    yield "Whether entries after the last one here were made and cut off again."
    yield (
        "When an entry was made: its time is that of a computer's clock. The day somebody wrote by "
        "hand beside printed digits is what dates them."
    )
    shortest = min(map(len, filter(None, (kept.commitment, *kept.receipts))), default=SAFE)
    if shortest < SAFE:
        yield (
            f"Whether somebody made another log that agrees in the {shortest} digits compared: by "
            "chance it does not happen, but a computer that keeps on trying can find one. "
            f"{SAFE} digits or more rule it out."
        )
    if kept != NOTHING_KEPT:
        yield "Whether the paper itself is the one of those days."


def _unsealing(trial: Trial) -> Entry:
    return next(entry for entry in trial.entries if entry.kind == "unseal")
