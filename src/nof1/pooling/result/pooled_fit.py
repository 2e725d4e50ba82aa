"""A pooled analysis as one frozen value: the JSON other programs read, and what a report shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from nof1.inference.summaries import Chance, Level, Summary, in_order
from nof1.pooling.result.averages import Frequentist
from nof1.pooling.result.conduct import BlindingSummary, Conduct, PersonExcluded
from nof1.pooling.result.forms import (
    Curve,
    Heterogeneity,
    JudgedSummary,
    MixtureFigures,
    with_level,
)
from nof1.pooling.result.verdicts import PairVerdict, PooledVerdict
from nof1.protocol.table import FrozenTable
from nof1.scales import Better
from nof1.words.caution import Said

SCHEMA: Literal["nof1.pool/1"] = "nof1.pool/1"

Purpose = Literal["these", "next"]


class ArmPair(FrozenTable):
    """Two arms, the second the comparator."""

    active: str
    comparator: str


class LearntHalfLives(FrozenTable):
    """What all persons together tell of their half-lives.

    Attributes
    ----------
    share_without, share_without_beforehand : float
        Share of persons with practically no carryover: expected now, and by the protocol.
    median_days, median_days_beforehand : float
        Median half-life of the others.
    """

    share_without: float
    share_without_beforehand: float
    median_days: float
    median_days_beforehand: float


class LearntNoise(FrozenTable):
    """What all persons together tell of the noise of a further person's scores.

    Attributes
    ----------
    sd : float
        Median of its SD, in points.
    low, high : float
        Ends of the central interval of it that holds `ci_level`.
    """

    sd: float = Field(gt=0)
    low: float = Field(gt=0)
    high: float = Field(gt=0)


class Scales(FrozenTable):
    """The priors of the population, in points: SD of the mean, scale of the half-normal."""

    mean_sd: float = Field(gt=0)
    between_scale: float = Field(gt=0)


class Without(FrozenTable):
    """The average without the person without whom it moves the most.

    Attributes
    ----------
    person : str
        Code.
    mean : Summary
        The average effect in the population of the others.
    """

    person: str
    mean: Summary


class Robust(FrozenTable):
    """The average on which single persons bear less.

    Attributes
    ----------
    population : {"student-t"}
        Shape of the scatter, of heavy tails.
    mean, heterogeneity
        As in `Bayes`, under it.
    without : Without or None
        Under the population of the main answer; None with too few persons.
    """

    population: Literal["student-t"]
    mean: Summary
    heterogeneity: Heterogeneity
    without: Without | None


class Bayes(FrozenTable):
    """The exact hierarchical posterior.

    Attributes
    ----------
    estimand : {"steady-state", "as-scheduled"}
        The effect at full exposure; or, of tables of summaries, the difference as scheduled.
    mean : Summary
        The average effect in the population.
    heterogeneity : Heterogeneity
        How much persons differ.
    next_person : JudgedSummary
        The true effect of a further person.
    these_persons : Summary
        The average effect in exactly these persons.
    as_scheduled : Summary or None
        The average of these persons' differences as scheduled, which the frequentist rows
        estimate too; None where contributions do not tell of their schedules.
    ci_level : float
        Of all intervals.
    population : {"normal", "student-t"}
        Shape of the scatter.
    prior : Scales
        Of the population.
    error : float
        How far means and SDs moved between the two finest grids, as a share of an SD.
    half_lives : LearntHalfLives or None
        None where the plans fix the half-life, or every person has the protocol's prior.
    noise : LearntNoise or None
        None where every person has the protocol's prior, or contributions do not tell of it.
    robust : Robust or None
        The average under heavy tails, and without one person; None of very many persons, and in
        files of earlier versions.
    next_person_mixture : MixtureFigures
        The distribution of `next_person`.
    heterogeneity_curve, next_person_curve : Curve
        Densities.
    """

    estimand: Literal["steady-state", "as-scheduled"] = "steady-state"
    mean: Summary
    heterogeneity: Heterogeneity
    next_person: JudgedSummary
    these_persons: Summary
    as_scheduled: Summary | None = None
    ci_level: Level
    population: Literal["normal", "student-t"]
    prior: Scales
    error: float
    half_lives: LearntHalfLives | None
    noise: LearntNoise | None = None
    robust: Robust | None = None
    next_person_mixture: MixtureFigures
    heterogeneity_curve: Curve
    next_person_curve: Curve


class PooledSensitivity(FrozenTable):
    """The pooled answer under another prior or population."""

    label: str
    mean: Summary
    heterogeneity: Heterogeneity
    next_person: JudgedSummary


class PairContrast(FrozenTable):
    """A contrast of a network of arms, direct or not.

    Attributes
    ----------
    n_direct : int
        Persons who had both arms.
    mean : Summary
        The average effect in the population.
    next_person : JudgedSummary
        The true effect of a further person.
    these_persons : Summary or None
        The average effect in exactly the persons who had both arms; None where nobody had.
    next_person_curve : Curve or None
        Density of `next_person`.
    verdict : PairVerdict or None
        By the rule of the whole; None in files of earlier versions.
    """

    active: str
    comparator: str
    n_direct: int
    mean: Summary
    next_person: JudgedSummary
    these_persons: Summary | None = None
    next_person_curve: Curve | None = None
    verdict: PairVerdict | None = None


class ModeratorLevel(FrozenTable):
    """How much the effect differs from the reference level, in points."""

    level: str
    n: int
    effect: Summary
    difference: JudgedSummary | None


class Moderator(FrozenTable):
    """A fact that may bear on the effect: a coarse one that was shared, or a column of the tables.

    Attributes
    ----------
    name : str
        A field of `About`, or the name of a column.
    reference : str
        The level the others are compared with.
    levels : tuple of ModeratorLevel
        The reference first, without a difference; of a continuous covariate its mean and an SD
        either way, with the number of persons nearest to each.
    n, n_unknown : int
        Persons of whom it is known, and persons left out here for want of it.
    unknown : tuple of str
        Codes of the latter.
    kind : {"levels", "continuous"}
        Which it is.
    per_unit : Summary or None
        Change of the effect for one unit of a continuous covariate, in points.
    heterogeneity_left : Heterogeneity or None
        How much persons of the same level or value differ; None in files of earlier versions.
    prior_sd : float
        SD of the prior of a difference between levels, or between persons two SDs of a covariate
        apart, which shrinks it towards none, in points.
    planned : str
        Where it was written down beforehand; empty when nowhere.
    exploratory : bool
        Not planned, or fewer than 20 persons.
    """

    name: str
    reference: str
    levels: tuple[ModeratorLevel, ...]
    n: int
    n_unknown: int
    unknown: tuple[str, ...] = ()
    kind: Literal["levels", "continuous"] = "levels"
    per_unit: Summary | None = None
    heterogeneity_left: Heterogeneity | None = None
    prior_sd: float
    planned: str
    exploratory: bool


class Person(FrozenTable):
    """One person: the own answer, and in the light of all others.

    Attributes
    ----------
    person : str
        Code.
    naive, naive_se : float
        Mean and SD of the effect by the own scores alone, every effect that the scale allows
        equally likely beforehand.
    shrunken, sd, ci_low, ci_high : float
        With what the others tell.
    p_better, p_meaningful : float
        Chances of the shrunken effect; None without an MCID.
    cycles : int
        With scores on both arms.
    """

    person: str
    naive: float
    naive_se: float = Field(ge=0)
    shrunken: float
    sd: float = Field(ge=0)
    ci_low: float
    ci_high: float
    p_better: Chance
    p_meaningful: Chance | None
    cycles: int = Field(ge=0)

    @model_validator(mode="after")
    def _ends_are_in_order(self) -> Self:
        return in_order(self, "ci_low", "ci_high")


class ScaleEnds(FrozenTable):
    """Ends of the scale."""

    low: float
    high: float

    @model_validator(mode="after")
    def _low_is_below_high(self) -> Self:
        if not self.low < self.high:
            raise ValueError(f"low {self.low:g} must be below high {self.high:g}")
        return self


class PooledFit(FrozenTable):
    """The answer of many persons' trials; see the parts.

    Attributes
    ----------
    purpose : {"these", "next"} or None
        Whether the question is about exactly these persons, or about persons like them; None when
        nobody said.
    verdict : PooledVerdict or None
        On these persons and on the next one; None in files of earlier versions.
    blinding : BlindingSummary or None
        None where nobody told guesses by arm.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    schema_name: Literal["nof1.pool/1"] = Field(alias="schema")
    outcome: str
    contrast: ArmPair
    unit: str
    better: Better
    mcid: float | None = Field(gt=0)
    scale: ScaleEnds
    recall_days: int = Field(ge=1)
    n_persons: int = Field(ge=2)
    purpose: Purpose | None
    verdict: PooledVerdict | None = None
    bayes: Bayes
    sensitivity: tuple[PooledSensitivity, ...]
    contrasts: tuple[PairContrast, ...] = ()
    moderators: tuple[Moderator, ...] = ()
    frequentist: Frequentist
    persons: tuple[Person, ...]
    #: Written as "told", as it always was.
    conduct: Conduct = Field(validation_alias="told", serialization_alias="told")
    blinding: BlindingSummary | None = None
    excluded: tuple[PersonExcluded, ...] = ()
    warnings: tuple[str, ...]
    warning_codes: tuple[str, ...] = ()
    software: str

    def with_warnings(self, more: Sequence[Said]) -> Self:
        """Return the same with more to know of it."""
        return self.model_copy(
            update={
                "warnings": (*self.warnings, *(warning.text for warning in more)),
                "warning_codes": (*self.warning_codes, *(warning.code for warning in more)),
            }
        )

    @model_validator(mode="after")
    def _every_warning_has_a_code(self) -> Self:
        # Answers written before there were codes have none.
        if self.warning_codes and len(self.warning_codes) != len(self.warnings):
            raise ValueError("warning_codes: there is one for every warning")
        return self

    @model_validator(mode="before")
    @classmethod
    def _intervals_have_one_level(cls, data: Any) -> Any:
        """Give every interval of a file the level that stands there once."""
        bayes = data.get("bayes") if isinstance(data, dict) else None
        if not isinstance(bayes, dict):
            return data
        level = bayes.get("ci_level")
        if not (isinstance(level, float) and 0.0 < level < 1.0):
            level = 0.5  # so that the fault is told once, where it stands
        return {
            name: part if name == "persons" else with_level(part, level)
            for name, part in data.items()
        }

    @model_validator(mode="after")
    def _chances_go_with_an_mcid(self) -> Self:
        chances = [
            self.bayes.next_person.p_meaningful,
            *(row.next_person.p_meaningful for row in self.sensitivity),
            *(contrast.next_person.p_meaningful for contrast in self.contrasts),
            *(person.p_meaningful for person in self.persons),
        ]
        if any((chance is None) != (self.mcid is None) for chance in chances):
            raise ValueError("mcid: chances of a difference that matters need it, and only they do")
        return self
