"""The tables of a protocol: arms, design, blinding, plan of analysis, decision, estimand."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from nof1.protocol.doses import EachTime, MagnesiumStrength
from nof1.protocol.population_prior import PopulationPrior
from nof1.protocol.table import FrozenTable, Identifier, Text

CLOCK_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"
CARRYOVER = r"^(estimate|none|fixed:\d+(\.\d+)?)$"

ClockTime = Annotated[str, StringConstraints(pattern=CLOCK_TIME)]
Carryover = Annotated[str, StringConstraints(pattern=CARRYOVER)]
Probability = Annotated[float, Field(gt=0.5, lt=1)]
#: Of a prior, as a share: narrower or wider ones leave what numbers can tell apart.
Width = Annotated[float, Field(ge=1e-4, le=100)]
Likelihood = Literal["gaussian", "bounded", "student-t", "by-arm", "ordinal"]


class Arm(FrozenTable):
    """What is compared.

    Attributes
    ----------
    id : str
        Short name used in data and results.
    role : {"comparator", "active"}
        Exactly one arm is the comparator.
    label : str
        Name for clinician, packer and unsealed reports.
    plain : str
        The same in plain words, for the person's own result; follows "with", for instance
        "magnesium" or "dummy capsules".
    contents : str
        What the packer puts into a kit of this arm; empty when there is nothing to pack.
    card : str
        What the card inside the envelope tells the person to do (`concealed` trials); empty
        otherwise.
    product, form : str
        What it is made of, for the record.
    magnesium : MagnesiumStrength or None
        Magnesium in one unit, when the arm has any. The dose is worked out from it, from the
        units each time and the times of the day; texts name it by ``{dose}`` and the like.
    """

    id: Identifier
    role: Literal["comparator", "active"]
    label: Text
    plain: Text
    contents: str = ""
    card: str = ""
    product: str = ""
    form: str = ""
    magnesium: MagnesiumStrength | None = None


class Regimen(FrozenTable):
    """What the person does every day of every period, whatever the arm.

    Attributes
    ----------
    action : str
        One sentence without an arm, for instance "Take {units} from this period's bottle."
    times : tuple of str
        Clock times, HH:MM, the same in every period.
    units_each_time : tuple of int
        Units (capsules, tablets) taken at each time: one number, or one for each of the times;
        empty when nothing is taken.
    unit_name : str
        What a unit is called.
    pack : str
        What the units of one time are packed in, for instance "sachet"; empty when all lie
        together.
    spare_days : int
        Days for which each kit holds units beyond those of the period.
    missed : str
        What to do when it was forgotten.
    """

    action: Text
    times: tuple[ClockTime, ...] = Field(min_length=1)
    units_each_time: EachTime = ()
    unit_name: Text = "capsule"
    pack: str = ""
    spare_days: int = Field(default=0, ge=0, le=182)
    missed: Text = "Skip it. Do not take double the next day."

    @property
    def counts_nothing(self) -> bool:
        """Return whether nothing is counted: neither units nor packs nor spare days."""
        return not (sum(self.units_each_time) or self.pack or self.spare_days)


class Design(FrozenTable):
    """Periods, cycles and how their order is drawn.

    Attributes
    ----------
    period_days : int
        Days of every period.
    cycles : int
        Groups of periods in which every arm occurs once.
    run_in_days : int
        Days before the first period, on none of the arms.
    washout_days : int
        Days between periods that belong to none.
    allocation : {"pairs", "counterbalanced", "complete", "latin"}
        ``pairs``: the order within each cycle is drawn anew; ``counterbalanced``: pairs, half of
        the cycles in each order; ``complete``: any order with every arm equally often and no run
        longer than `max_run`; ``latin``: every cycle is a row of a Williams square (three arms or
        more).
    max_run : int or None
        Longest run of one arm under ``complete``.
    """

    period_days: int = Field(ge=1, le=182)
    cycles: int = Field(ge=1, le=60)
    run_in_days: int = Field(default=0, ge=0, le=182)
    washout_days: int = Field(default=0, ge=0, le=90)
    allocation: Literal["pairs", "counterbalanced", "complete", "latin"] = "pairs"
    max_run: int | None = Field(default=None, ge=1)

    def days(self, n_arms: int) -> int:
        """Return the days from the first of the run-in to the last of the last period."""
        periods = self.cycles * n_arms
        return (
            self.run_in_days + periods * self.period_days + max(periods - 1, 0) * self.washout_days
        )


class Blinding(FrozenTable):
    """Who is kept from knowing the arm, and how.

    Attributes
    ----------
    mode : {"double-blind", "concealed", "open"}
        ``double-blind``: a packer fills kits and the arms look alike; ``concealed``: the person
        opens one envelope a period, later periods stay hidden; ``open``: nothing is hidden from
        the person.
    masked : tuple of str
        Who does not know the arm before the unsealing.
    packer : str
        Who fills the kits or stuffs the envelopes.
    similarity : str
        How alike the arms are to eye, hand and tongue.
    """

    mode: Literal["double-blind", "concealed", "open"]
    masked: tuple[Literal["person", "clinician", "assessor", "analyst"], ...]
    packer: Text = "pharmacy"
    similarity: str = ""

    @model_validator(mode="after")
    def _masked_fits_mode(self) -> Self:
        if self.mode != "double-blind" and "person" in self.masked:
            raise ValueError(f"in a {self.mode} trial the person learns the arm; take 'person' out")
        if self.mode == "double-blind" and "person" not in self.masked:
            raise ValueError("in a double-blind trial 'person' must be among masked")
        return self


class Priors(FrozenTable):
    """Priors of the Bayesian engines, as fractions of the scale's range where so named.

    Attributes
    ----------
    level_sd, effect_sd, noise_scale, trend_sd : float
        SD of the level, SD of each arm's steady-state effect, scale of the half-t(3) of the
        noise SD, SD of the trend over the whole trial; fractions of the range.
    covariate_sd : float
        SD of the change in score for one SD of a covariate; a fraction of the range.
    period_scale : float
        Scale of the half-normal of the ratio of period SD to noise SD.
    half_life_median_days : float
        Median of the carryover half-life in trials that have any.
    no_carryover_share : float
        Prior share of trials with practically no carryover.
    no_carryover_mean_days : float
        Mean half-life in that share.
    half_life_ratio_log_sd : float
        SD of the log of the half-life of rise over that of fall, where there are two; 0.7 is a
        factor of two either way.
    """

    level_sd: Width = 0.25
    effect_sd: Width = 0.15
    noise_scale: Width = 0.125
    trend_sd: Width = 0.05
    covariate_sd: Width = 0.05
    period_scale: Width = 0.5
    half_life_median_days: float = Field(default=7.0, gt=0, le=365)
    no_carryover_share: float = Field(default=0.3, ge=0, le=1)
    no_carryover_mean_days: float = Field(default=0.4, gt=0, le=365)
    half_life_ratio_log_sd: float = Field(default=0.7, gt=0, le=3)


class AnalysisPlan(FrozenTable):
    """How the scores will be analysed, fixed before the allocation is drawn.

    Attributes
    ----------
    carryover : str
        ``estimate``, ``none`` or ``fixed:DAYS`` (the half-life).
    half_lives : {"one", "two"}
        Whether the effect rises and falls with one half-life, or with one of its own each; two
        only where carryover is estimated.
    trend : {"linear", "none"}
        Drift over the whole trial.
    period_effects : {"random", "none"}
        Shifts of whole periods.
    drop_days : int
        First days of every period whose scores are left out.
    missed_doses : {"treatment-policy", "as-taken"}
        Whether a missed dose changes the exposure.
    randomisation_statistic : {"difference", "studentised"}
        Statistic of the randomisation test; within cycles both are one test.
    likelihood : {"auto", "gaussian", "bounded", "student-t", "by-arm", "ordinal"}
        How a score follows from its expectation: ``gaussian`` alone; or besides, with the verdict
        resting on it, ``bounded`` for scores rounded and cut off at the ends of the scale,
        ``student-t`` for outliers, ``by-arm`` for scores that scatter more on one arm than on
        another, ``ordinal`` for the answers to single items. ``auto`` takes bounded, student-t or
        by-arm where the scores ask for it.
    ci_level : float
        Level of all intervals.
    priors : Priors
        Priors of the Bayesian engines.
    population_prior : PopulationPrior or None
        What earlier persons tell of the effect; shown beside the person's own answer.
    """

    carryover: Carryover = "estimate"
    half_lives: Literal["one", "two"] = "one"
    trend: Literal["linear", "none"] = "linear"
    period_effects: Literal["random", "none"] = "random"
    drop_days: int = Field(default=0, ge=0, le=90)
    missed_doses: Literal["treatment-policy", "as-taken"] = "treatment-policy"
    randomisation_statistic: Literal["difference", "studentised"] = "difference"
    likelihood: Literal["auto"] | Likelihood = "auto"
    ci_level: float = Field(default=0.95, gt=0.5, lt=1)
    priors: Priors = Priors()
    population_prior: PopulationPrior | None = None

    @field_validator("half_lives")
    @classmethod
    def _two_are_estimated(cls, half_lives: str, info: ValidationInfo) -> str:
        carryover = info.data.get("carryover", "estimate")
        if half_lives == "two" and carryover != "estimate":
            raise ValueError(
                f"with carryover {carryover} there are not two half-lives to estimate;"
                ' write "one", or carryover "estimate"'
            )
        return half_lives

    @property
    def fixed_half_life_days(self) -> float | None:
        """Return the half-life the plan fixes, 0 for no carryover, None when it is estimated."""
        if self.carryover == "estimate":
            return None
        return 0.0 if self.carryover == "none" else float(self.carryover.removeprefix("fixed:"))


class Decision(FrozenTable):
    """Probabilities from which a verdict follows.

    Attributes
    ----------
    meaningful, trivial, better, worse : float
        Least posterior probability for: better by the MCID or more; within the MCID of no
        difference; better at all; worse at all.
    """

    meaningful: Probability = 0.8
    trivial: Probability = 0.8
    better: Probability = 0.9
    worse: Probability = 0.9


class IntercurrentEvent(FrozenTable):
    """Something that may happen on the way, and how the estimand treats it (ICH E9(R1))."""

    event: Text
    strategy: Literal[
        "treatment-policy", "hypothetical", "composite", "while-on-treatment", "principal-stratum"
    ]
    handling: Text


class Estimand(FrozenTable):
    """What the trial estimates, in the five attributes of ICH E9(R1)."""

    population: Text
    conditions: Text
    variable: Text
    summary: Text
    intercurrent_events: tuple[IntercurrentEvent, ...] = ()
