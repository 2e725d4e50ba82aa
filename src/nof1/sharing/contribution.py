"""What one person gives to a pool: a likelihood, coarse facts, and nothing else unless agreed.

This is the file other clinics send: JSON, one object for each person and outcome. It has no date,
no free text, no kit code, no seed, no clinic and no name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from nof1.protocol.sizes import no_scale
from nof1.protocol.table import FrozenTable, Identifier
from nof1.protocol.tables import Carryover, Decision
from nof1.scales import Better
from nof1.sharing.forms import (
    AgeBand,
    Code,
    Count,
    Digest,
    Sex,
    Share,
    Software,
    Status,
    StudyDay,
    Unit,
    Version,
)
from nof1.sharing.possible import impossible_counts, impossible_differences, impossible_likelihood
from nof1.sharing.shared_likelihood import SharedLikelihood

SCHEMA: Literal["nof1.contribution/1"] = "nof1.contribution/1"

Level = Literal["coarse", "likelihood", "cycles", "scores"]
LEVELS: tuple[Level, ...] = ("coarse", "likelihood", "cycles", "scores")
#: Levels that hold no cycle differences.
WITHOUT_CYCLES: tuple[Level, ...] = ("coarse", "likelihood")


#: What a level promises and a contribution has not: where the types of columns are taken from the
#: first lines, what comes up only later is null in Parquet.
_LOST = (
    "{0}: none are here, though the level {1} holds them; take the file as it was sent: a Parquet"
    " file made without reading all lines first loses them (DuckDB: read_json(...,"
    " sample_size=-1))"
)


class ProtocolName(FrozenTable):
    """Which protocol was followed; the version is empty where it is more than a number."""

    name: Identifier
    version: Version
    digest: Digest


class SharedOutcome(FrozenTable):
    """What was scored; scales must be alike to be pooled."""

    id: Code
    unit: Unit
    low: float
    high: float
    better: Better
    recall_days: int = Field(ge=1, le=366)
    mcid: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _low_is_below_high(self) -> Self:
        if (why := no_scale(self.low, self.high)) is not None:
            raise ValueError(why)
        return self


class SharedEstimand(FrozenTable):
    """What the likelihood is a likelihood of.

    Attributes
    ----------
    effect : {"steady-state", "as-scheduled"}
        The effect at full exposure, active minus comparator; or the difference between periods as
        scheduled, carryover and all, where a table holds summaries alone.
    carryover, half_lives, trend, period_effects, missed_doses, drop_days
        As in the plan of analysis.
    """

    effect: Literal["steady-state", "as-scheduled"] = "steady-state"
    carryover: Carryover
    half_lives: Literal["one", "two"]
    trend: Literal["linear", "none"]
    period_effects: Literal["random", "none"]
    missed_doses: Literal["treatment-policy", "as-taken"]
    drop_days: Count


class SharedDesign(FrozenTable):
    """How the trial was laid out and how much of it took place.

    Attributes
    ----------
    cycles, cycles_scored : int
        Planned, and with scores on both arms of the first contrast.
    periods, periods_scored : int
        Planned, and with scores.
    period_days, run_in_days, washout_days : int
        Days.
    allocation : {"drawn", "unknown"}
        Whether the order is known to have been drawn at random.
    scores, scores_missing : int
        Analysed, and planned but missing.
    """

    cycles: Count
    cycles_scored: Count
    periods: Count
    periods_scored: Count
    period_days: Count
    run_in_days: Count
    washout_days: Count
    allocation: Literal["drawn", "unknown"]
    scores: Count
    scores_missing: Count


class About(FrozenTable):
    """Coarse facts about the person that its owner chose to share; None where not."""

    age_band: AgeBand | None = None
    sex: Sex | None = None
    magnesium: Status | None = None
    iron: Status | None = None


class CountedGuesses(FrozenTable):
    """How often the person told the arm at the end of a period."""

    right: Count
    wrong: Count
    unsure: Count


class SharedGuesses(CountedGuesses):
    """The same over all periods, and by the true arm where that is told."""

    by_arm: dict[Code, CountedGuesses] | None = None

    @model_validator(mode="after")
    def _arms_add_up(self) -> Self:
        for name in ("right", "wrong", "unsure"):
            parts = [getattr(guesses, name) for guesses in (self.by_arm or {}).values()]
            if self.by_arm is not None and sum(parts) != getattr(self, name):
                raise ValueError(f"by_arm: {sum(parts)} {name} by arm, but {getattr(self, name)}")
        return self


class SharedBlinding(FrozenTable):
    """Who was blind, and how well it held.

    Attributes
    ----------
    mode : str
        ``double-blind``, ``concealed`` or ``open``.
    masked : tuple of str
        Who did not know the arm.
    opened_early : int
        Periods opened in an emergency.
    guesses : SharedGuesses
        Of the person.
    """

    mode: Literal["double-blind", "concealed", "open"]
    masked: tuple[Literal["person", "clinician", "assessor", "analyst"], ...]
    opened_early: Count
    guesses: SharedGuesses


class SharedAdherence(FrozenTable):
    """Doses: share of days with a record, and mean share of the dose taken, by arm."""

    recorded: Share
    taken: dict[Code, Share | None]


class SharedHarms(FrozenTable):
    """Side effects during one arm: records of any severity above 0, and the worst (0 to 3).

    Under the name ``days``, as each record stands under a day; it may speak of a whole week.
    """

    days: Count
    worst: int = Field(ge=0, le=3)


class SharedScores(FrozenTable):
    """All scores of the outcome by study day, and the periods they lie in.

    Attributes
    ----------
    day : tuple of int
        Study days of planned scores.
    score : tuple of float or None
        Points; None where missing.
    periods : tuple of (int, int, int, int)
        First and last study day, cycle and number of the arm of every period.
    """

    day: tuple[StudyDay, ...]
    score: tuple[float | None, ...]
    periods: tuple[tuple[StudyDay, StudyDay, Count, Count], ...]

    @model_validator(mode="after")
    def _one_score_a_day(self) -> Self:
        if len(self.day) != len(self.score):
            raise ValueError(f"{len(self.day)} days have {len(self.score)} scores")
        if any(later <= earlier for earlier, later in pairwise(self.day)):
            raise ValueError("the days must increase")
        return self


class SharedSummary(FrozenTable):
    """An estimate as scheduled, where no cycle differences are known.

    Attributes
    ----------
    estimate, se : float
        Active minus comparator, in points.
    df : float or None
        Degrees of freedom of `se`; None where it is taken as known.
    """

    estimate: float
    se: float = Field(gt=0)
    df: float | None = Field(default=None, gt=0)


class Contribution(FrozenTable):
    """One outcome of one person, as shared.

    Attributes
    ----------
    schema_name : str
        ``nof1.contribution/1``; the key in the file is ``schema``.
    id : str
        A random code, drawn once for a trial and not derived from anything.
    level : {"coarse", "likelihood", "cycles", "scores"}
        What the owner agreed to share.
    protocol : ProtocolName or None
        None for a table made elsewhere.
    family : str or None
        Digest of what must be alike to be pooled: arms, doses, outcomes; None for a table.
    arms : tuple of str
        Ids, the comparator first.
    outcome, estimand, likelihood, design, about, blinding, adherence, harms
        See their types.
    decision : Decision or None
        From which chances a verdict follows, by the protocol; None for a table, and in files of
        earlier versions.
    cycle_differences : mapping of str to tuple of float, or None
        Active minus comparator in points, cycle by cycle, by active arm; from level ``cycles`` on.
    scores : SharedScores or None
        At level ``scores`` only.
    summary : SharedSummary or None
        Of a table of estimates only.
    software : str
        Name and version.
    """

    schema_name: Literal["nof1.contribution/1"] = Field(alias="schema")
    id: Code
    level: Level
    protocol: ProtocolName | None = None
    family: Digest | None = None
    arms: tuple[Code, ...] = Field(min_length=2, max_length=6)
    outcome: SharedOutcome
    estimand: SharedEstimand
    likelihood: SharedLikelihood
    design: SharedDesign
    about: About = About()
    decision: Decision | None = None
    blinding: SharedBlinding | None = None
    adherence: SharedAdherence | None = None
    harms: dict[Code, SharedHarms] | None = None
    cycle_differences: dict[Code, tuple[float, ...]] | None = None
    scores: SharedScores | None = None
    summary: SharedSummary | None = None
    software: Software

    @model_validator(mode="after")
    def _level_is_kept(self) -> Self:
        faults = []
        if len(self.likelihood.means[0]) != len(self.arms) - 1:
            faults.append(
                f"likelihood.means: {len(self.arms)} arms have {len(self.arms) - 1} effects,"
                f" not {len(self.likelihood.means[0])}"
            )
        if (self.level == "coarse") != (self.likelihood.added_noise is not None):
            faults.append("likelihood.added_noise: belongs to the level coarse, and to it alone")
        if self.level in WITHOUT_CYCLES and self.cycle_differences is not None:
            faults.append(f"cycle_differences: are not shared at the level {self.level}")
        if self.level != "scores" and self.scores is not None:
            faults.append(f"scores: are not shared at the level {self.level}")
        if self.level not in WITHOUT_CYCLES and self.cycle_differences is None:
            faults.append(_LOST.format("cycle_differences", self.level))
        if self.level == "scores" and self.scores is None:
            faults.append(_LOST.format("scores", self.level))
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @model_validator(mode="after")
    def _numbers_are_possible(self) -> Self:
        span = self.outcome.high - self.outcome.low
        counted = self.design.scores if self.estimand.effect == "steady-state" else None
        faults = [
            *impossible_likelihood(self.likelihood, span, counted),
            *impossible_differences(self.cycle_differences, span),
            *impossible_counts(vars(self.design)),
        ]
        if faults:
            named = (fault.replace(": ", f": {self.id}: ", 1) for fault in faults)
            raise ValueError("\n".join(named))
        return self

    @model_validator(mode="after")
    def _arms_are_known(self) -> Self:
        by_arm: dict[str, Iterable[str]] = {
            "adherence.taken": self.adherence.taken if self.adherence else (),
            "blinding.guesses.by_arm": (self.blinding and self.blinding.guesses.by_arm) or (),
            "harms": self.harms or (),
            "cycle_differences": self.cycle_differences or (),
        }
        faults = [
            f"{name}: {arm!r} is not one of the arms {', '.join(self.arms)}"
            for name, arms in by_arm.items()
            for arm in arms
            if arm not in self.arms
        ]
        if self.scores and any(
            period[3] not in range(len(self.arms)) for period in self.scores.periods
        ):
            faults.append("scores.periods: the last number of each is that of an arm, from 0")
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def text(self) -> str:
        """Return the contribution as one line of JSON; the same contribution, the same line."""
        fields = self.model_dump(mode="json", by_alias=True)
        return json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a contribution, for other programs."""
    schema = Contribution.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **schema}


def json_schema_text() -> str:
    """Return the JSON Schema as it is published."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
