"""A trial's contribution, made from its folder: what leaves, and what does not."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nof1.errors import Fault, InputError
from nof1.pooling.contributing import Given, contribution, solved
from nof1.pooling.contribution import (
    About,
    Contribution,
    Level,
    ProtocolName,
    SharedAdherence,
    SharedBlinding,
    SharedGuesses,
    SharedHarms,
)
from nof1.protocol.protocol import Protocol
from nof1.provenance import canonical_json, sha256_hex
from nof1.trial.data import TrialData
from nof1.trial.folder import Trial
from nof1.trial.log import append
from nof1.trial.observing import UNSURE
from nof1.trial.records import adherence, guesses, side_effects, trial_data

#: Kind of the log entry that says what was shared.
KIND = "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the owner of the data agreed to.

    Attributes
    ----------
    level : {"likelihood", "cycles", "scores"}
        How much.
    about : About
        Coarse facts about the person.
    ethics : str
        Approval or waiver; empty to take the protocol's.
    consent : str
        Who agreed that single scores leave; needed for the level ``scores``.
    """

    level: Level
    about: About
    ethics: str = ""
    consent: str = ""


def family(protocol: Protocol) -> str:
    """Return the digest of what protocols must have alike to be pooled.

    Wording, dates, languages, doctors and the order of periods may differ; arms, doses, outcomes
    and their scales may not.
    """
    alike = {
        "arms": [
            {"id": arm.id, "role": arm.role, "form": arm.form}
            | ({"mg": round(arm.magnesium.elemental_mg, 1)} if arm.magnesium else {})
            for arm in sorted(protocol.arms, key=lambda arm: arm.id)
        ],
        "outcome": [
            {"id": one.id, "scale": one.scale, "low": one.measure.low, "high": one.measure.high}
            | {"better": one.measure.better, "recall_days": one.recall_days}
            for one in [protocol.primary]
        ],
        "times": protocol.regimen.times,
    }
    return sha256_hex(canonical_json(alike))


def share(
    trial: Trial, agreement: Agreement, *, outcome: str | None, now: datetime
) -> Contribution:
    """Return the contribution of an unsealed trial, and log that it was made.

    A trial goes by one random code, drawn when it is first shared and kept in its log, so that
    sharing it twice is seen as one person.

    Parameters
    ----------
    trial : Trial
        As just opened.
    agreement : Agreement
        What the owner agreed to.
    outcome : str or None
        Id; None for the primary outcome.
    now : datetime
        The present, with its time zone.

    Raises
    ------
    InputError
        Without ethics approval or waiver, or without consent to sharing single scores.
    TrialError
        While the allocation is sealed.
    """
    _refuse(trial, agreement)
    data = trial_data(trial)
    series = data.masked.series[0]
    if outcome is not None:
        known = {one.outcome: one for one in data.masked.series}
        if outcome not in known:
            mend = f"Give one of {', '.join(known)}."
            raise InputError(Fault("--outcome", f"there is no outcome {outcome!r}", mend))
        series = known[outcome]
    one = Given(data=data, series=series, plan=trial.protocol.analysis)
    code = next((entry.body["code"] for entry in trial.entries if entry.kind == KIND), None)
    found = contribution(
        one, *solved(one), level=agreement.level, code=code or secrets.token_hex(16)
    ).model_copy(update=_of_the_folder(trial, data, agreement))
    _log(trial, agreement, found, now)
    return found


def _refuse(trial: Trial, agreement: Agreement) -> None:
    faults = []
    if not (trial.protocol.ethics or agreement.ethics):
        faults.append(
            Fault(
                "--ethics",
                "the protocol names neither an ethics approval nor a waiver, and pooling to"
                " publish is research",
                'Give --ethics "TEXT": the approval, or why none is needed.',
            )
        )
    if agreement.level == "scores" and not agreement.consent:
        faults.append(
            Fault(
                "--consent",
                "a series of scores can be recognised by whoever knows a few of them, so it"
                " leaves only by explicit consent",
                "Give --consent NAME, who agreed, or share --level cycles.",
            )
        )
    if faults:
        raise InputError(faults)


def _log(trial: Trial, agreement: Agreement, found: Contribution, now: datetime) -> None:
    body = {
        "code": found.id,
        "level": found.level,
        "outcome": found.outcome.id,
        "digest": sha256_hex(found.text()),
        "ethics": agreement.ethics or trial.protocol.ethics,
        "consent": agreement.consent,
    }
    said = [entry.body for entry in trial.entries if entry.kind == KIND]
    if body not in said:
        append(trial.folder, [(KIND, body)], now=now, head=trial.head)


def _of_the_folder(trial: Trial, data: TrialData, agreement: Agreement) -> dict[str, Any]:
    """Return the fields of a contribution that only a trial folder knows."""
    protocol = trial.protocol
    arms = trial.allocation.arms if trial.allocation else ()
    return {
        "protocol": ProtocolName(
            name=protocol.name, version=protocol.version, digest=trial.protocol_digest
        ),
        "family": family(protocol),
        "about": agreement.about,
        "blinding": _blinding(trial, arms),
        "adherence": _adherence(trial, arms),
        "harms": _harms(trial, data.arms, arms),
    }


def _blinding(trial: Trial, arms: Sequence[str]) -> SharedBlinding:
    told = [(one.guess, arms[one.period - 1]) for one in guesses(trial)]
    return SharedBlinding(
        mode=trial.protocol.blinding.mode,
        masked=trial.protocol.blinding.masked,
        opened_early=sum(entry.kind == "unblinding" for entry in trial.entries),
        guesses=SharedGuesses(
            right=sum(guess == arm for guess, arm in told),
            wrong=sum(guess not in (arm, UNSURE) for guess, arm in told),
            unsure=sum(guess == UNSURE for guess, _ in told),
        ),
    )


def _adherence(trial: Trial, arms: Sequence[str]) -> SharedAdherence:
    by_period = adherence(trial)
    days = sum(one.days for one in by_period)
    taken: dict[str, float | None] = {}
    for arm in dict.fromkeys(arms):
        mine = [one for one in by_period if arms[one.period - 1] == arm and one.taken is not None]
        recorded = sum(one.recorded for one in mine)
        whole = sum(one.recorded * one.taken for one in mine if one.taken is not None)
        taken[arm] = round(whole / recorded, 3) if recorded else None
    return SharedAdherence(
        recorded=round(sum(one.recorded for one in by_period) / days, 3), taken=taken
    )


def _harms(trial: Trial, ids: Sequence[str], arms: Sequence[str]) -> Mapping[str, SharedHarms]:
    found = {}
    for arm in ids:
        mine = [
            one
            for one in side_effects(trial)
            if one.period is not None and arms[one.period - 1] == arm
        ]
        found[arm] = SharedHarms(
            days=sum(one.days for one in mine), worst=max((one.worst for one in mine), default=0)
        )
    return found
