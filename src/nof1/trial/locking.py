"""The end of recording, and the opening of the seal, verified against what was promised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from nof1.design.allocation import Allocation
from nof1.design.passphrase import Passphrase
from nof1.design.sealing import Identity, open_seal
from nof1.errors import Fault, TrialError
from nof1.provenance import sha256_hex
from nof1.trial.beside import lacking_fault
from nof1.trial.folder import Trial
from nof1.trial.log import Entry, append
from nof1.trial.observation_rules import period_faults, text_faults
from nof1.trial.recording import record_unblinding, refuse_locked, said_before
from nof1.trial.verifying import read_sealed, seal_fault, verify


def lock(trial: Trial, *, by: str, reason: str, now: datetime) -> Entry:
    """Log that nothing more will be recorded.

    A trial that the same person has locked for the same reason stays as it is: the entry of then is
    returned.

    Parameters
    ----------
    trial : Trial
        As just opened.
    by : str
        Who locks it.
    reason : str
        Why; may be empty when the last day of the trial has passed.
    now : datetime
        The present, with its time zone.

    Raises
    ------
    TrialError
        If it is locked already, or locked early without a reason, its seal is not the one made with
        it (locked so, it could neither be opened nor go on), or a copy of the log holds entries
        that are not in it.
    """
    body = {"by": by.strip(), "reason": reason.strip()}
    if (before := said_before(trial, "lock", body)) is not None:
        return before
    refuse_locked(trial)
    faults = [fault for fault in (seal_fault(trial), lacking_fault(trial)) if fault]
    faults += text_faults({"--by": by} | ({"--reason": reason} if reason else {}))
    if not reason and now.date() <= trial.schedule.end:
        faults.append(
            Fault(
                str(trial.folder),
                f"the trial runs until {trial.schedule.end}",
                "Lock it after that day, or say with --reason why it ends early.",
            )
        )
    if faults:
        raise TrialError(faults)
    (entry,) = append(trial.folder, [("lock", body)], now=now, head=trial.head)
    return entry


def unseal(
    trial: Trial,
    key: Passphrase | Identity,
    *,
    by: str,
    reason: str,
    now: datetime,
    tell: Callable[[str], None] | None = None,
) -> Allocation:
    """Open the seal, verify what it holds, log it and return it.

    Opened once more by the same person for the same reason it is verified again, and not logged
    twice.

    Parameters
    ----------
    trial : Trial
        As just opened; must be locked.
    key : Passphrase or Identity
        What opens the seal.
    by, reason : str
        Who opens it and why.
    now : datetime
        The present, with its time zone.
    tell : callable or None
        See `nof1.design.sealing.open_seal`.

    Raises
    ------
    TrialError
        If the trial is not locked, or unsealed already, or it is not said who and why.
    SealError
        If the key does not open the seal, or what it holds is not what was promised; nothing is
        logged then.
    """
    refuse_opening(trial, period=None, by=by, reason=reason)
    sealed = read_sealed(trial)
    allocation = open_seal(sealed, key, tell=tell)
    verify(trial, allocation)
    body: dict[str, Any] = {
        "by": by.strip(),
        "reason": reason.strip(),
        "commitment": trial.commitment,
        "arms": list(allocation.arms),
        "kits": list(allocation.kits),
        "seed": allocation.seed.hex(),
        "salt": allocation.salt.hex(),
        "seal_digest": sha256_hex(sealed),
    }
    if allocation.bound is not None:
        body["protocol_file_digest"] = allocation.bound.protocol_file
        body["schedule_digest"] = allocation.bound.schedule_file
    if said_before(trial, "unseal", body) is None:
        append(trial.folder, [("unseal", body)], now=now, head=trial.head)
    return allocation


def unblind_period(
    trial: Trial,
    key: Passphrase | Identity,
    *,
    period: int,
    by: str,
    reason: str,
    now: datetime,
    tell: Callable[[str], None] | None = None,
) -> str:
    """Log an emergency unblinding of one period and return the id of its arm.

    The log is written first: nobody learns an arm that is not on record as known.

    Raises
    ------
    TrialError
        If there is no such period, it is not said who and why, the trial is unsealed already, or
        the log cannot be written.
    SealError
        If the key does not open the seal, or what it holds is not what was promised: a wrong arm
        would be worse than none, and the emergency notes on paper remain.
    """
    refuse_opening(trial, period=period, by=by, reason=reason)
    allocation = open_seal(read_sealed(trial), key, tell=tell)
    verify(trial, allocation)
    record_unblinding(trial, period=period, by=by, reason=reason, now=now)
    return allocation.arms[period - 1]


def refuse_opening(trial: Trial, *, period: int | None, by: str, reason: str) -> None:
    """Raise TrialError when the seal must not be opened: asked before the key is.

    Parameters
    ----------
    trial : Trial
        As just opened.
    period : int or None
        The one period to be opened in an emergency, begun or not; None for the whole allocation.
    by, reason : str
        Who opens it and why.
    """
    faults = text_faults({"--by": by, "--reason": reason})
    again = {"by": by.strip(), "reason": reason.strip()}
    if trial.allocation is not None:
        if period is None and said_before(trial, "unseal", again) is not None:
            return
        faults.append(
            Fault(str(trial.folder), "the trial is unsealed already", "Go on with `nof1 analyse`.")
        )
    elif period is not None:
        faults += period_faults(trial, period)
    elif not trial.locked:
        faults.append(
            Fault(
                str(trial.folder),
                "the trial is not locked, so scores could still change",
                f"Run `nof1 lock {trial.folder} --by NAME` first; in an emergency open one period "
                "with --kit or --period.",
            )
        )
    if faults:
        raise TrialError(faults)
