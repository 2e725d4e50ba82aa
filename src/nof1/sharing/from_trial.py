"""A trial's contribution, made from its folder, written and logged."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nof1.errors import Fault, InputError, TrialError
from nof1.files.new_file import write_new
from nof1.model.priors import point_priors
from nof1.protocol.outcome import Outcome
from nof1.protocol.protocol import Protocol
from nof1.protocol.tables import Arm
from nof1.provenance import canonical_json, sha256_hex
from nof1.sharing.coarsening import coarsened
from nof1.sharing.contribution import (
    About,
    Contribution,
    CountedGuesses,
    Level,
    ProtocolName,
    SharedAdherence,
    SharedBlinding,
    SharedGuesses,
    SharedHarms,
)
from nof1.sharing.forms import UNIT, VERSION, Sex, Status, age_band
from nof1.sharing.from_scores import PersonData, contribution, solved
from nof1.trial.data import TrialData
from nof1.trial.folder import Trial
from nof1.trial.log import append, read_log
from nof1.trial.observation_rules import UNSURE, text_faults
from nof1.trial.records import adherence, guesses, side_effects, trial_data

#: Kind of the log entry that says what was shared.
KIND = "share"
_LOGGED = (
    "The log of the trial says by now that it was shared: run the same command again, which makes"
    " the same file and logs nothing twice."
)
#: Years of age that are believed.
AGES = range(121)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the owner of the data agreed to.

    Attributes
    ----------
    level : {"coarse", "likelihood", "cycles", "scores"}
        How much.
    age : int or None
        Years; only the band leaves, and the number is stored nowhere.
    sex, magnesium, iron
        Coarse facts about the person, before the trial; None where they stay.
    ethics : str
        Approval or waiver; empty to take the protocol's.
    consent : str
        Who agreed that single scores leave; needed for the level ``scores``.
    """

    level: Level
    age: int | None = None
    sex: Sex | None = None
    magnesium: Status | None = None
    iron: Status | None = None
    ethics: str = ""
    consent: str = ""

    @property
    def about(self) -> About:
        """Return the facts as they leave."""
        return About(
            age_band=None if self.age is None else age_band(self.age),
            sex=self.sex,
            magnesium=self.magnesium,
            iron=self.iron,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What would leave, and what must stay.

    Attributes
    ----------
    contribution : Contribution
        What would leave.
    key : str
        From which the noise of the level ``coarse`` follows; it is kept in the log.
    """

    contribution: Contribution
    key: str


def family(protocol: Protocol, outcome: Outcome) -> str:
    """Return the digest of what protocols must have alike to be pooled on an outcome.

    Wording, dates, languages, doctors and the order of periods may differ; arms, doses, the
    outcome and its scale may not.
    """
    alike = {
        "arms": [
            {"id": arm.id, "role": arm.role, "form": arm.form.strip().casefold()}
            | _magnesium_of(protocol, arm)
            for arm in sorted(protocol.arms, key=lambda arm: arm.id)
        ],
        "outcome": {
            "id": outcome.id,
            "scale": outcome.scale,
            "low": outcome.measure.low,
            "high": outcome.measure.high,
            "better": outcome.measure.better,
            "recall_days": outcome.recall_days,
        },
        "times": protocol.regimen.times,
    }
    return sha256_hex(canonical_json(alike))


def _magnesium_of(protocol: Protocol, arm: Arm) -> dict[str, float]:
    daily = protocol.dosing(arm).daily_mg
    return {"mg": round(daily, 1)} if daily else {}


def prepare(trial: Trial, agreement: Agreement, *, outcome: str | None) -> Prepared:
    """Return the contribution of an unsealed trial; nothing is written.

    A trial goes by one random code, drawn when it is first shared and kept in its log, so that
    sharing it twice is seen as one person. The noise of the level ``coarse`` follows from a key
    drawn and kept alike: sharing again gives the same numbers, so that nobody can average it away.

    Parameters
    ----------
    trial : Trial
        As just opened.
    agreement : Agreement
        What the owner agreed to.
    outcome : str or None
        Id; None for the primary outcome.

    Raises
    ------
    InputError
        While the allocation is sealed, without ethics approval or waiver, without consent to
        sharing single scores, or for an age or an outcome that cannot be.
    """
    _refuse(trial, agreement, outcome)
    data = trial_data(trial)
    chosen = outcome or trial.protocol.primary.id
    series = next(candidate for candidate in data.masked.series if candidate.outcome == chosen)
    unit = series.unit if re.fullmatch(UNIT, series.unit) else "points"
    person = PersonData(data=data, series=replace(series, unit=unit), plan=trial.protocol.analysis)
    inputs, solution = solved(person)
    coarse, key = agreement.level == "coarse", _drawn(trial, "noise")
    shared = contribution(
        person,
        inputs,
        solution,
        level="likelihood" if coarse else agreement.level,
        code=_drawn(trial, "code"),
    )
    if coarse:
        shared = coarsened(shared, effect_sd=point_priors(inputs).effect_sd, key=key)
    whole = shared.model_copy(update=_of_the_folder(trial, data, agreement, chosen))
    return Prepared(contribution=Contribution.model_validate_json(whole.text()), key=key)


def _drawn(trial: Trial, name: str) -> str:
    """Return what an earlier sharing has drawn, or 128 random bits as text."""
    said = (entry.body.get(name) for entry in trial.entries if entry.kind == KIND)
    return next((value for value in said if value), None) or secrets.token_hex(16)


def share(
    trial: Trial, agreement: Agreement, prepared: Prepared, *, out: Path, now: datetime
) -> None:
    """Write a prepared contribution, and log that it was shared.

    The file is whole on the disk before the log says so, and gets its name right after. Sharing
    again gives the same file and no second entry, so whatever fails is mended by running it again.

    Parameters
    ----------
    trial : Trial
        As when it was prepared.
    agreement : Agreement
        What the owner agreed to.
    prepared : Prepared
        What leaves.
    out : Path
        The file to make; one with this very contribution may be there.
    now : datetime
        The present, with its time zone.

    Raises
    ------
    InputError
        If something else has the name, or file or log cannot be written; it says which of the two
        is there.
    """
    entry = _entry(trial, agreement, prepared)
    unconfirmed: list[TrialError] = []

    def log() -> None:
        try:
            said = any(earlier.kind == KIND and earlier.body == entry for earlier in trial.entries)
            # Also when there is nothing to append: it clears what a killed program left.
            append(trial.folder, [] if said else [(KIND, entry)], now=now, head=trial.head)
        except TrialError as error:
            if not _is_logged(trial, entry):
                raise
            unconfirmed.append(error)

    write_new(out, [prepared.contribution.text()], when_safe=log, message=_LOGGED)
    if unconfirmed:
        there = Fault(str(out), "the file was written all the same", "It is whole.")
        raise TrialError([*unconfirmed[0].faults, there])


def _refuse(trial: Trial, agreement: Agreement, outcome: str | None) -> None:
    faults = []
    if trial.allocation is None:
        mend = "Lock the trial with `nof1 lock` and open it with `nof1 unseal` first."
        faults.append(Fault(str(trial.folder), "the allocation is still sealed", mend))
    known = [promised.id for promised in trial.protocol.outcomes_primary_first]
    if outcome is not None and outcome not in known:
        what = f"there is no outcome {outcome!r}"
        faults.append(Fault("--outcome", what, f"Give one of {', '.join(known)}."))
    if agreement.age is not None and agreement.age not in AGES:
        what = f"{agreement.age} is no age in years"
        faults.append(Fault("--age", what, f"Give {AGES[0]} to {AGES[-1]}."))
    agreed = {"--ethics": agreement.ethics, "--consent": agreement.consent}
    faults += text_faults({name: text for name, text in agreed.items() if text})
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


def _is_logged(trial: Trial, entry: Mapping[str, Any]) -> bool:
    """Whether the log on the disk ends with an entry, whatever appending it has said."""
    with suppress(InputError, OSError):
        last = read_log(trial.folder)[-1]
        return last.kind == KIND and last.body == entry
    return False


def _entry(trial: Trial, agreement: Agreement, prepared: Prepared) -> dict[str, Any]:
    """Return what the log keeps of a sharing."""
    contribution = prepared.contribution
    body = {
        "code": contribution.id,
        "level": contribution.level,
        "outcome": contribution.outcome.id,
        "digest": sha256_hex(contribution.text()),
        "ethics": agreement.ethics.strip() or trial.protocol.ethics,
        "consent": agreement.consent.strip(),
    }
    if contribution.level == "coarse":
        body["noise"] = prepared.key
    return body


def _of_the_folder(
    trial: Trial, data: TrialData, agreement: Agreement, outcome: str
) -> dict[str, Any]:
    """Return the fields of a contribution that only a trial folder knows."""
    protocol = trial.protocol
    arms = tuple(data.arms[arm] for arm in data.arm_of_period)
    version = protocol.version if re.fullmatch(VERSION, protocol.version) else ""
    return {
        "protocol": ProtocolName(name=protocol.name, version=version, digest=trial.protocol_digest),
        "family": family(
            protocol, next(candidate for candidate in protocol.outcomes if candidate.id == outcome)
        ),
        "about": agreement.about,
        "decision": protocol.decision,
        "blinding": _blinding(trial, data.arms, arms),
        "adherence": _adherence(trial, data.arms, arms),
        "harms": _harms(trial, data.arms, arms),
    }


def _blinding(trial: Trial, ids: Sequence[str], arms: Sequence[str]) -> SharedBlinding:
    answers = [(guess.guess, arms[guess.period - 1]) for guess in guesses(trial)]
    return SharedBlinding(
        mode=trial.protocol.blinding.mode,
        masked=trial.protocol.blinding.masked,
        opened_early=len(
            {entry.body["period"] for entry in trial.entries if entry.kind == "unblinding"}
        ),
        guesses=SharedGuesses(
            **_guesses(answers),
            by_arm={
                arm: CountedGuesses(**_guesses([answer for answer in answers if answer[1] == arm]))
                for arm in ids  # in an order that tells nothing of the sequence
            },
        ),
    )


def _guesses(answers: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return how many guesses, each with the true arm, were right, wrong and unsure."""
    return {
        "right": sum(guess == arm for guess, arm in answers),
        "wrong": sum(guess not in (arm, UNSURE) for guess, arm in answers),
        "unsure": sum(guess == UNSURE for guess, _ in answers),
    }


def _adherence(trial: Trial, ids: Sequence[str], arms: Sequence[str]) -> SharedAdherence:
    by_period = adherence(trial)
    days = sum(period.days for period in by_period)
    taken: dict[str, float | None] = {}
    for arm in ids:  # in an order that tells nothing of the sequence
        mine = [
            period
            for period in by_period
            if arms[period.period - 1] == arm and period.taken is not None
        ]
        recorded = sum(period.recorded for period in mine)
        whole = sum(period.recorded * period.taken for period in mine if period.taken is not None)
        taken[arm] = round(whole / recorded, 3) if recorded else None
    return SharedAdherence(
        recorded=round(sum(period.recorded for period in by_period) / days, 3), taken=taken
    )


def _harms(trial: Trial, ids: Sequence[str], arms: Sequence[str]) -> Mapping[str, SharedHarms]:
    harms = {}
    for arm in ids:
        mine = [
            side_effect
            for side_effect in side_effects(trial)
            if side_effect.period is not None and arms[side_effect.period - 1] == arm
        ]
        harms[arm] = SharedHarms(
            days=sum(side_effect.days for side_effect in mine),
            worst=max((side_effect.worst for side_effect in mine), default=0),
        )
    return harms
