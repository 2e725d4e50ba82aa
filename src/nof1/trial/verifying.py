"""Whether seal and allocation are the ones that were promised with the draw."""

from __future__ import annotations

import hmac

from nof1.design.allocation import Allocation
from nof1.design.draw import sequence_from_seed
from nof1.design.promise import promise_digits, seed_with
from nof1.design.sealing import commitment, damage, first_commitment
from nof1.design.sets import allocation_set
from nof1.errors import Fault, SealError
from nof1.files.reading import read_file
from nof1.protocol.protocol import Protocol
from nof1.provenance import sha256_hex
from nof1.trial.folder import PROTOCOL, SCHEDULE, SEALED, Trial
from nof1.trial.restoring import restored


def arm_ids(protocol: Protocol) -> tuple[str, ...]:
    """Return the ids of the arms in the order of their numbers: the comparator is 0."""
    return (protocol.comparator.id, *(arm.id for arm in protocol.actives))


def verify(trial: Trial, allocation: Allocation, *, file: str = SEALED) -> None:
    """Raise SealError unless an allocation is the one promised with the draw.

    `file` is where it was read: the seal, or after the unsealing the log.

    Verified are the salted commitment in the log, the protocol and the schedule it was sealed
    with, the kits of the calendar, that the sequence is one the protocol could give, and that the
    seed gives just this sequence. The message names what differs, and no arm.
    """
    faults = allocation_faults(trial, allocation, file=file)
    if faults:
        raise SealError(faults)


def allocation_faults(trial: Trial, allocation: Allocation, *, file: str) -> list[Fault]:
    """Return how an allocation differs from the one promised; see `verify`."""
    faults: list[Fault] = []
    where = str(trial.folder / file)

    def refuse(what: str) -> None:
        faults.append(Fault(where, what, "Put back the file that was made with this trial."))

    faults += _bound_faults(trial, allocation)
    if allocation.bound is None and trial.seal_digest is not None:
        refuse("it names no protocol and no schedule, as every seal made with such a log does")
    promised = commitment_of(trial, allocation)
    if not hmac.compare_digest(promised, trial.commitment):
        refuse(
            f"its commitment is {promised[:8]}..., but {trial.commitment[:8]}... was logged "
            "with the draw"
        )
    if allocation.kits != tuple(period.kit for period in trial.schedule.periods):
        refuse("its kit codes are not those of schedule.csv")
    ids = arm_ids(trial.protocol)
    sequences = allocation_set(trial.protocol)
    if not set(allocation.arms) <= set(ids):
        refuse("it names arms that are not in the protocol")
    else:
        sequence = tuple(ids.index(arm) for arm in allocation.arms)
        if sequence not in sequences:
            refuse("its sequence is not one this protocol could have given")
        elif sequence != sequence_from_seed(sequences, allocation.seed):
            refuse("its seed does not give its sequence")
    for what in public_draw_faults(trial, allocation):
        refuse(what)
    return faults


def public_draw(trial: Trial) -> tuple[str, str] | None:
    """Return the digits of the promise and the public number the order was drawn with, or None."""
    body = trial.entries[1].body
    if "promise" not in body and "public_number" not in body:
        return None
    return body.get("promise", ""), body.get("public_number", "")


def public_draw_faults(trial: Trial, allocation: Allocation) -> list[str]:
    """Return how an allocation differs from what promise and public number give."""
    public = public_draw(trial)
    if public is None:
        return []
    promise, number = public
    faults = []
    digits = promise_digits(
        allocation.salt,
        protocol_file=trial.bound.protocol_file,
        participant=trial.schedule.participant,
    )
    if not hmac.compare_digest(digits, promise):
        faults.append(
            f"its salt gives the promise {digits[:8]}..., but {promise[:8] or 'no promise'}... was "
            "logged with the draw"
        )
    if seed_with(allocation.salt, number) != allocation.seed:
        faults.append(f"its seed does not follow from the public number {number!r}")
    return faults


def commitment_of(trial: Trial, allocation: Allocation) -> str:
    """Return the commitment an allocation would have been promised by, in the form of its seal."""
    if allocation.bound is None:
        return first_commitment(allocation, protocol_digest=trial.protocol_digest)
    return commitment(allocation)


def _bound_faults(trial: Trial, allocation: Allocation) -> list[Fault]:
    """Return which files at hand are not those the allocation was sealed with."""
    if allocation.bound is None:
        return []
    pairs = (
        (PROTOCOL, trial.bound.protocol_file, allocation.bound.protocol_file),
        (SCHEDULE, trial.bound.schedule_file, allocation.bound.schedule_file),
    )
    return [
        Fault(
            str(trial.folder / name),
            f"is not the file the order was sealed with: its SHA-256 is {shown[:8]}..., but "
            f"{sealed[:8]}... was sealed; log and file were changed after the draw",
            "Put back the unchanged copy of the trial folder.",
        )
        for name, shown, sealed in pairs
        if shown != sealed
    ]


def seal_fault(trial: Trial) -> Fault | None:
    """Return why the seal at hand could never be opened as that of the trial, or None."""
    try:
        sealed = read_file(trial.folder / SEALED)
    except FileNotFoundError:
        return _seal_fault(trial, "the seal is missing")
    except OSError as error:
        return _seal_fault(trial, f"cannot be read: {error.strerror}")
    return _compared(trial, sealed)


def read_sealed(trial: Trial) -> bytes:
    """Return the sealed allocation of a trial folder, still sealed.

    Raises
    ------
    SealError
        If it cannot be read, or is not the one that was made with the trial.
    """
    try:
        sealed = read_file(trial.folder / SEALED)
    except OSError as error:
        raise SealError(_seal_fault(trial, f"cannot be read: {error.strerror}")) from error
    fault = _compared(trial, sealed)
    if fault is not None:
        raise SealError(fault)
    return sealed


def _compared(trial: Trial, sealed: bytes) -> Fault | None:
    """Return how a seal differs from the one logged with the draw, or by its form alone."""
    damaged = damage(sealed, n_periods=len(trial.schedule.periods))
    if trial.seal_digest is None:
        return _seal_fault(trial, damaged) if damaged else None
    digest = sha256_hex(sealed)
    if digest == trial.seal_digest:
        return None
    if form := restored(sealed, trial.seal_digest):
        what = f"{form.damage}; nothing else was, as the SHA-256 in the log proves"
        return _seal_fault(trial, what)
    how = damaged or f"its SHA-256 is {digest[:8]}..."
    return _seal_fault(
        trial,
        f"this is not the seal made with the trial: {how}, but {trial.seal_digest[:8]}... was "
        "logged with the draw",
    )


def _seal_fault(trial: Trial, what: str) -> Fault:
    mend = "Put back the copy you kept"
    if trial.seal_digest is not None:  # what proves a seal
        mend = (
            f"Run `nof1 repair {trial.folder}`, which puts back what it can prove, or put back the "
            "copy you kept"
        )
    return Fault(
        str(trial.folder / SEALED), what, f"{mend}; without it the trial can never be opened."
    )
