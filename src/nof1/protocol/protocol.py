"""The protocol: everything promised before randomisation, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator

from nof1.protocol.covariates import Covariate
from nof1.protocol.doses import UPPER_LIMIT_MG
from nof1.protocol.dosing import Dosing, count_faults, dosing_of
from nof1.protocol.limits import LimitOverride, limit_faults
from nof1.protocol.old_form import OldDoses, put_back_nothing
from nof1.protocol.outcome import Outcome
from nof1.protocol.population_prior import PopulationPrior
from nof1.protocol.safety import EligibilityQuestion, Safety
from nof1.protocol.sizes import too_long
from nof1.protocol.table import FrozenTable, Identifier, Text
from nof1.protocol.tables import AnalysisPlan, Arm, Blinding, Decision, Design, Estimand, Regimen
from nof1.provenance import canonical_json, sha256_hex


class Protocol(FrozenTable):
    """One personal trial, as promised.

    Attributes
    ----------
    schema_name : str
        ``nof1.protocol/1``; the key in the file is ``schema``.
    name, version, title, question : str
        Short name; the protocol's own version; title in print; the question in the person's words.
    purpose : {"care", "research", "self"}
        Why the trial is run.
    ethics : str
        Approval or waiver; must be given for research.
    audience : str
        Who it is for.
    rationale : str
        Why this trial, why these arms, with sources.
    jurisdiction : str
        Key of the upper limit for magnesium; empty means the strictest known.
    registration, funding : str
        For the reports; empty is printed as not reported.
    arms, regimen, outcomes, design, blinding, analysis, decision, estimand, eligibility, safety
        See their types.
    covariates : tuple of Covariate
        What the analysis adjusts for; nothing by default.
    """

    schema_name: Literal["nof1.protocol/1"] = Field(alias="schema")
    name: Identifier
    version: Text
    title: Text
    question: Text
    purpose: Literal["care", "research", "self"]
    ethics: str = Field(default="", validate_default=True)
    audience: Text
    rationale: Text
    jurisdiction: str = ""
    registration: str = ""
    funding: str = ""
    limit_override: LimitOverride | None = None
    arms: tuple[Arm, ...] = Field(min_length=2, max_length=6)
    regimen: Regimen
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    design: Design
    blinding: Blinding
    analysis: AnalysisPlan = AnalysisPlan()
    decision: Decision = Decision()
    estimand: Estimand
    eligibility: tuple[EligibilityQuestion, ...] = ()
    safety: Safety
    covariates: tuple[Covariate, ...] = Field(default=(), max_length=4)

    #: What a protocol of the older form, frozen in a trial folder, says of its doses.
    _old: OldDoses | None = PrivateAttr(default=None)

    # The checks across tables are hung on the last field each needs, so that they are made, and
    # their faults shown, even when another part of the file is wrong.

    @field_validator("ethics", mode="after")
    @classmethod
    def _research_is_approved(cls, ethics: str, info: ValidationInfo) -> str:
        if info.data.get("purpose") == "research" and not ethics:
            raise ValueError("research needs an ethics approval or an explicit waiver")
        return ethics

    @field_validator("jurisdiction")
    @classmethod
    def _jurisdiction_is_known(cls, jurisdiction: str) -> str:
        if jurisdiction and jurisdiction not in UPPER_LIMIT_MG:
            raise ValueError(f"{jurisdiction!r} is not one of {', '.join(UPPER_LIMIT_MG)}")
        return jurisdiction

    @field_validator("arms")
    @classmethod
    def _arms_hang_together(cls, arms: tuple[Arm, ...]) -> tuple[Arm, ...]:
        faults = _distinct("arms", "id", [arm.id for arm in arms])
        comparators = sum(arm.role == "comparator" for arm in arms)
        if comparators != 1:
            faults.append(f"exactly one arm must be the comparator, not {comparators}")
        return _or_raise(arms, faults)

    @field_validator("regimen")
    @classmethod
    def _doses_fit(cls, regimen: Regimen, info: ValidationInfo) -> Regimen:
        faults = count_faults(regimen, info.data.get("arms", ()))
        return _or_raise(regimen, faults or limit_faults(regimen, info.data))

    @field_validator("outcomes")
    @classmethod
    def _outcomes_hang_together(cls, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        faults = _distinct("outcomes", "id", [outcome.id for outcome in outcomes])
        primaries = sum(outcome.role == "primary" for outcome in outcomes)
        if primaries != 1:
            faults.append(f"exactly one outcome must be primary, not {primaries}")
        return _or_raise(outcomes, faults)

    @field_validator("design")
    @classmethod
    def _design_fits(cls, design: Design, info: ValidationInfo) -> Design:
        faults = []
        n_arms = len(info.data.get("arms", ()))
        if design.allocation == "counterbalanced" and (design.cycles % 2 or n_arms > 2):
            faults.append(
                "design.allocation: counterbalanced needs two arms and an even number of cycles"
            )
        if design.allocation == "latin" and n_arms == 2:
            faults.append("design.allocation: latin needs three arms or more; write pairs")
        if design.max_run is not None and design.allocation != "complete":
            faults.append(
                "design.max_run: only complete randomisation has a run limit; leave it out"
            )
        days = design.days(n_arms)
        for outcome in info.data.get("outcomes", ()) if n_arms else ():
            why = too_long(days, design.cycles * n_arms, days // outcome.every_days)
            if why is not None:
                faults.append(f"design.cycles: {why}; plan fewer cycles, or shorter ones")
                break
        faults += [
            f"outcomes.{i}.every_days: {outcome.every_days} days is longer"
            f" than a period of {design.period_days}"
            for i, outcome in enumerate(info.data.get("outcomes", ()))
            if outcome.every_days > design.period_days
        ]
        return _or_raise(design, faults)

    @field_validator("blinding")
    @classmethod
    def _blinding_fits(cls, blinding: Blinding, info: ValidationInfo) -> Blinding:
        arms: tuple[Arm, ...] = info.data.get("arms", ())
        regimen = info.data.get("regimen")
        faults = []
        if blinding.mode == "concealed":
            faults += [
                f"arms.{i}.card: a concealed trial needs a card text for every arm"
                for i, arm in enumerate(arms)
                if not arm.card
            ]
        if blinding.mode == "double-blind" and regimen and sum(regimen.units_each_time):
            faults += [
                f"arms.{i}.contents: a double-blind trial needs contents for every arm"
                for i, arm in enumerate(arms)
                if not arm.contents
            ]
        return _or_raise(blinding, faults)

    @field_validator("analysis")
    @classmethod
    def _analysis_fits(cls, analysis: AnalysisPlan, info: ValidationInfo) -> AnalysisPlan:
        design = info.data.get("design")
        faults = []
        if design is not None and analysis.drop_days >= design.period_days:
            faults.append(
                f"analysis.drop_days: {analysis.drop_days} days leave nothing"
                f" of a period of {design.period_days}"
            )
        if analysis.population_prior is not None:
            faults += _prior_faults(analysis.population_prior, info.data)
        return _or_raise(analysis, faults)

    @field_validator("eligibility")
    @classmethod
    def _questions_are_distinct(
        cls, questions: tuple[EligibilityQuestion, ...]
    ) -> tuple[EligibilityQuestion, ...]:
        return _or_raise(questions, _distinct("eligibility", "code", [q.code for q in questions]))

    @field_validator("covariates")
    @classmethod
    def _covariates_are_distinct(
        cls, covariates: tuple[Covariate, ...], info: ValidationInfo
    ) -> tuple[Covariate, ...]:
        faults = _distinct("covariates", "id", [covariate.id for covariate in covariates])
        taken = {arm.id: "an arm" for arm in info.data.get("arms", ())}
        taken |= {outcome.id: "an outcome" for outcome in info.data.get("outcomes", ())}
        safety = info.data.get("safety")
        if safety is not None:
            taken |= {name.casefold(): "a side effect" for name in safety.side_effects}
        faults += [
            f"covariates.{i}.id: {covariate.id!r} is {taken[covariate.id]} already; rename it"
            for i, covariate in enumerate(covariates)
            if covariate.id in taken
        ]
        return _or_raise(covariates, faults)

    @property
    def comparator(self) -> Arm:
        """Return the arm the others are compared with."""
        return next(arm for arm in self.arms if arm.role == "comparator")

    @property
    def actives(self) -> tuple[Arm, ...]:
        """Return the other arms, in the order of the file."""
        return tuple(arm for arm in self.arms if arm.role == "active")

    def dosing(self, arm: Arm) -> Dosing:
        """Return what is taken on an arm: units, times and magnesium."""
        if self._old is not None:
            return self._old.dosing(self.regimen, arm)
        return dosing_of(self.regimen, arm, mode=self.blinding.mode)

    def with_old_doses(self, old: OldDoses) -> Protocol:
        """Return the same protocol with what the older form says of its doses."""
        protocol = self.model_copy()
        protocol._old = old
        return protocol

    @property
    def is_of_magnesium(self) -> bool:
        """Return whether any arm holds magnesium."""
        return any(self.dosing(arm).daily_mg for arm in self.arms)

    def taken(self, arm: Arm) -> str:
        """Return in words what is taken on an arm, and the magnesium in it; empty where nothing."""
        dosing = self.dosing(arm)
        magnesium = dosing.magnesium_line if self.is_of_magnesium else ""
        said = "; ".join(part for part in (dosing.intake_text, magnesium) if part)
        return "nothing is taken" if said.casefold() == arm.label.casefold() else said

    @property
    def primary(self) -> Outcome:
        """Return the primary outcome."""
        return next(outcome for outcome in self.outcomes if outcome.role == "primary")

    @property
    def outcomes_primary_first(self) -> tuple[Outcome, ...]:
        """Return all outcomes, the primary one first."""
        return (self.primary, *(o for o in self.outcomes if o.role != "primary"))

    @property
    def n_periods(self) -> int:
        """Return the number of periods."""
        return self.design.cycles * len(self.arms)

    @property
    def n_days(self) -> int:
        """Return the number of days from the first of the run-in to the last of the last period."""
        return self.design.days(len(self.arms))

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON: the same for every way of writing the file.

        A protocol that says nothing new keeps the digest it had before it could be said.
        """
        content = self.model_dump(mode="json", by_alias=True)
        if self._old is not None:
            self._old.put_back(content)
        elif self.regimen.counts_nothing:
            put_back_nothing(content)
        if self.analysis.population_prior is None:
            del content["analysis"]["population_prior"]
        for outcome in content["outcomes"]:
            if outcome["score_day"] == "own":
                del outcome["score_day"]
        for question in content["eligibility"]:
            if question["wait_days"] is None:
                del question["wait_days"]
        return sha256_hex(canonical_json(content))


def _or_raise[T](value: T, faults: list[str]) -> T:
    """Return `value`, or raise all `faults` as one error, a line each."""
    if faults:
        raise ValueError("\n".join(faults))
    return value


def _distinct(table: str, key: str, values: list[str]) -> list[str]:
    """Return a fault for every value of `key` that stands in `table` more than once."""
    return [
        f"{table}.{i}.{key}: {value!r} stands twice; give each its own"
        for i, value in enumerate(values)
        if value in values[:i]
    ]


def _prior_faults(prior: PopulationPrior, data: Mapping[str, Any]) -> list[str]:
    """Return where a population prior speaks of other arms or of another outcome."""
    where = "analysis.population_prior"
    faults = []
    for role, said, named in (
        ("active", "an active arm", prior.active),
        ("comparator", "the comparator", prior.comparator),
    ):
        known = [arm.id for arm in data.get("arms", ()) if arm.role == role]
        if known and named not in known:
            faults.append(f"{where}.{role}: {named!r} is not {said}; write {' or '.join(known)}")
    primary = next(
        (outcome for outcome in data.get("outcomes", ()) if outcome.role == "primary"), None
    )
    if primary is None:
        return faults
    if prior.outcome != primary.id:
        faults.append(
            f"{where}.outcome: {prior.outcome!r} is not the primary outcome; write {primary.id}"
        )
    elif prior.unit != primary.unit:
        faults.append(
            f"{where}.unit: {prior.unit!r} is not the unit of {primary.id}; give all in"
            f" {primary.unit}"
        )
    span = primary.measure.span
    return faults + [
        f"{where}.means.{i}: {mean:g} is more than the whole scale of {primary.id}, {span:g}"
        f" {primary.unit}; give differences on that scale"
        for i, mean in enumerate(prior.means)
        if abs(mean) > span
    ]
