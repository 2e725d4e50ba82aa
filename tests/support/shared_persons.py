"""Contributions for tests, made by hand or from trials whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nof1.design.allocation import Allocation
from nof1.design.draw import sequence_from_seed
from nof1.design.schedule import make_schedule
from nof1.design.sealing import commitment
from nof1.design.sets import allocation_set
from nof1.model.simulation import Truth, simulate_scores
from nof1.protocol.files import parse_protocol
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import NRS
from nof1.sharing.contribution import Contribution, Level
from nof1.sharing.forms import age_band
from nof1.sharing.from_scores import PersonData, contributions
from nof1.trial.data import TrialData
from nof1.trial.folder import Trial, bound_to, create_trial
from nof1.trial.verifying import arm_ids
from support.trial_folders import KITS, NOW, START, logged, short_protocol_text, unsealing
from support.trials import regular_periods, trial

OUTCOME = {
    "id": "legs", "unit": "points", "low": 0, "high": 10, "better": "lower", "recall_days": 1,
    "mcid": 1,
}  # fmt: skip
ESTIMAND = {
    "carryover": "estimate", "half_lives": "one", "trend": "linear", "period_effects": "random",
    "missed_doses": "treatment-policy", "drop_days": 0,
}  # fmt: skip
DESIGN = {
    "cycles": 2, "cycles_scored": 2, "periods": 4, "periods_scored": 4, "period_days": 14,
    "run_in_days": 0, "washout_days": 0, "allocation": "drawn", "scores": 56, "scores_missing": 0,
}  # fmt: skip


def contributed(code: str = "p1", **changes: Any) -> Contribution:
    """Return a small contribution; `design` and `about` may be given in part."""
    plain: dict[str, Any] = {
        "schema": "nof1.contribution/1",
        "id": code,
        "level": "likelihood",
        "arms": ["placebo", "magnesium"],
        "outcome": OUTCOME,
        "estimand": ESTIMAND,
        "likelihood": {"means": [[-1.0]], "covariances": [[0.5]], "log_weights": [0.0]},
        "design": DESIGN | changes.pop("design", {}),
        "software": "nof1 0.1.0",
    }
    return Contribution.model_validate(plain | changes)


def diaries(
    n: int, *, seed: int = 7, days: int = 14, half_life_days: float = 2.0
) -> list[TrialData]:
    """Return daily scores of so many persons in four periods, of a fortnight each if not told."""
    rng = np.random.default_rng(seed)
    periods, day = regular_periods(4, days), np.arange(1, 4 * days + 1)
    found = []
    for _ in range(n):
        arms = tuple(int(arm) for arm in np.concatenate([rng.permutation(2), rng.permutation(2)]))
        truth = Truth(
            level=rng.uniform(4, 7),
            effects=(rng.normal(-1.5, 0.7),),
            half_life_days=half_life_days,
            sigma=1.4,
            phi=0.3,
            period_sd=0.3,
        )
        score = simulate_scores(periods, arms, day, 1, truth, rng, scale=NRS)
        found.append(trial(periods, arms, day, score, scale=NRS, allocation_set=None))
    return found


def shared(people: list[TrialData], *, level: Level, seed: int = 8) -> list[Contribution]:
    """Return a contribution of each, under a random code, with sex and age band."""
    rng = np.random.default_rng(seed)
    plan = AnalysisPlan()
    given = [PersonData(data=one, series=one.masked.series[0], plan=plan) for one in people]
    return [
        Contribution.model_validate_json(
            one.model_copy(
                update={
                    "id": rng.bytes(16).hex(),
                    "about": one.about.model_copy(
                        update={
                            "sex": str(rng.choice(["female", "male"])),
                            "age_band": age_band(int(rng.integers(25, 80))),
                        }
                    ),
                }
            ).text()
        )
        for one in contributions(given, level=level)
    ]


def unsealed_trial(
    folder: Path,
    *,
    text: str | None = None,
    noted: Sequence[tuple[str, dict[str, Any]]] = (),
    said: str = "x",
) -> Trial:
    """Return an unsealed trial of two cycles of two weeks, with daily and weekly scores.

    Its order is magnesium, placebo, placebo, magnesium; `said` stands wherever somebody may write
    what they like, and `noted` is logged beside the scores.
    """
    text = text or short_protocol_text()
    protocol = parse_protocol(text, source="protocol.toml")
    wanted = (1, 0, 0, 1)
    seeds = (n.to_bytes(32, "big") for n in range(10**9, 10**9 + 1000))
    seed = next(s for s in seeds if sequence_from_seed(allocation_set(protocol), s) == wanted)
    arms = tuple(arm_ids(protocol)[arm] for arm in wanted)
    schedule = make_schedule(protocol, start=START, participant="P-MARKED", kits=KITS)
    drawn = Allocation(
        arms=arms,
        kits=KITS,
        seed=seed,
        salt=bytes(range(100, 132)),
        bound=bound_to(text, schedule),
    )
    promise = commitment(drawn)
    trial = create_trial(
        folder,
        protocol_text=text,
        schedule=schedule,
        sealed=b"sealed",
        details={
            "commitment": promise, "contact": [said], "emergency": said, "sealed_for": said,
        },
        eligibility={"answers": {said: said}, "concerns": [said], "clinician": said, "how": said},
        now=NOW,
    )  # fmt: skip
    rng = np.random.default_rng(5)
    scores = []
    for outcome, days in schedule.scoring.items():
        top = 10 if outcome == "legs" else 40
        for day in days:
            period = schedule.period_on(day)
            on = period is not None and arms[period.number - 1] != "placebo"
            value = int(rng.integers(top // 2, top) - (top // 4) * on)
            body = {"outcome": outcome, "date": day.isoformat(), "value": value}
            scores.append(("score", body))
    return logged(
        trial, *scores, *noted, ("lock", {"by": said, "reason": said}),
        unsealing(drawn, promise),
    )  # fmt: skip
