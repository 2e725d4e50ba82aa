"""Whether an allocation is the one that was promised before the first dose."""

from __future__ import annotations

import hmac

from nof1.design.allocation import Allocation
from nof1.design.draw import sequence_from_seed
from nof1.design.sealing import commitment
from nof1.design.sets import allocation_set
from nof1.errors import Fault, SealError
from nof1.protocol.protocol import Protocol
from nof1.trial.folder import SEALED, Trial


def arm_ids(protocol: Protocol) -> tuple[str, ...]:
    """Return the ids of the arms in the order of their numbers: the comparator is 0."""
    return (protocol.comparator.id, *(arm.id for arm in protocol.actives))


def verify(trial: Trial, allocation: Allocation, *, file: str = SEALED) -> None:
    """Raise SealError unless an allocation is the one promised before the first dose.

    `file` is where it was read: the seal, or after the unsealing the log.

    Verified are the salted commitment in the log, the kits of the calendar, that the sequence is
    one the protocol could give, and that the seed gives just this sequence. The message names what
    differs, and no arm.
    """
    faults: list[Fault] = []
    where = str(trial.folder / file)

    def refuse(what: str) -> None:
        faults.append(Fault(where, what, "Put back the file that was made with this trial."))

    promised = commitment(allocation, protocol_digest=trial.protocol_digest)
    if not hmac.compare_digest(promised, trial.commitment):
        refuse(
            f"its commitment is {promised[:8]}..., but {trial.commitment[:8]}... was logged "
            "before the start"
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
    if faults:
        raise SealError(faults)
