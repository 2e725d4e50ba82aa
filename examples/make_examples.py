"""Make the example files again, from the invented person of `nof1 demo` and others.

    python examples/make_examples.py

The sealed allocations differ from run to run, as sealing is random; everything else is the same.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from openpyxl import Workbook

from nof1 import demonstration
from nof1.design.passphrase import Passphrase
from nof1.design.schedule import make_schedule
from nof1.design.sets import allocation_set
from nof1.model.simulation import Truth, simulate_scores
from nof1.protocol.files import bundled_protocol, read_protocol
from nof1.protocol.protocol import Protocol
from nof1.scales import NRS
from nof1.sharing.contribution import (
    About,
    CountedGuesses,
    ProtocolName,
    SharedAdherence,
    SharedBlinding,
    SharedGuesses,
    SharedHarms,
)
from nof1.sharing.forms import age_band
from nof1.sharing.from_scores import PersonData, contribution, solved
from nof1.sharing.from_trial import family
from nof1.trial.data import MaskedData, MaskedPeriod, Series, TrialData
from nof1.trial.folder import open_trial
from nof1.trial.locking import unseal
from nof1.trial.records import masked_periods
from nof1.trial.verifying import arm_ids

HERE = Path(__file__).parent
#: The running trial's diary stops here.
SO_FAR = date(2025, 3, 16)
EFFECTS = {"anna": -2.0, "ben": 0.0, "carla": -0.8}


def finished_trial() -> None:
    """Write a trial that has ended and been opened."""
    folder = HERE / "finished-trial"
    shutil.rmtree(folder, ignore_errors=True)
    trial = demonstration.start_demonstration(folder)
    diary = demonstration.write_diary(trial)
    file = HERE / "diary.csv"
    file.write_text(diary.csv_text, encoding="utf-8")
    demonstration.fill_in(folder, file, diary)
    file.unlink()
    trial = open_trial(folder)
    unseal(
        trial,
        Passphrase(demonstration.PASSPHRASE),
        by="Dr A. Example",
        reason="The trial has ended.",
        now=demonstration.unsealing_time(trial),
    )


def running_trial() -> None:
    """Write a sealed trial without scores, and a spreadsheet as its person would fill it."""
    folder = HERE / "running-trial"
    shutil.rmtree(folder, ignore_errors=True)
    trial = demonstration.start_demonstration(folder)
    book = Workbook()
    sheet = book.active
    rows = list(csv.DictReader(demonstration.write_diary(trial).csv_text.splitlines()))
    sheet.append(["Date", "Weekly score", "Legs tonight", "Took it", "Loose stools"])
    for row in rows:
        day = date.fromisoformat(row["date"])
        if day <= SO_FAR:
            numbers = [int(row[name]) if row[name] else None for name in ("irls", "legs")]
            stools = int(row["Loose stools"]) if row["Loose stools"] else None
            sheet.append([day, *numbers, row["dose"] or None, stools])
    sheet.column_dimensions["A"].width = 12
    book.save(HERE / "diary.xlsx")


def three_people() -> None:
    """Write a table of three people's nightly ratings on and off an evening walk."""
    rng = np.random.default_rng(3)
    with (HERE / "three-people.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["person", "date", "period", "cycle", "condition", "legs"])
        for person, effect in EFFECTS.items():
            order = [int(x) for first in (0, 1, 1, 0) for x in (first, 1 - first)]
            periods = [
                MaskedPeriod(
                    number=i + 1, cycle=i // 2 + 1, first_day=14 * i + 1, last_day=14 * i + 14
                )
                for i in range(8)
            ]
            truth = Truth(
                level=6, effects=(effect,), half_life_days=1, sigma=1.3, phi=0.3, period_sd=0.2
            )
            days = np.arange(1, 113)
            scores = simulate_scores(periods, order, days, 1, truth, rng, scale=NRS)
            for day, score in zip(days, scores, strict=True):
                period = periods[(int(day) - 1) // 14]
                when = date(2025, 9, 1) + timedelta(days=int(day) - 1)
                condition = "walk" if order[period.number - 1] else "usual"
                shown = "" if rng.random() < 0.04 else f"{score:g}"
                writer.writerow([person, when, period.number, period.cycle, condition, shown])


def ten_people() -> None:
    """Write a table of ten people's nightly ratings on placebo and on magnesium, a week each.

    Their effects scatter around 1.2 points with an SD of 0.8.
    """
    rng = np.random.default_rng(10)
    with (HERE / "ten-people.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["person", "date", "period", "cycle", "treatment", "score"])
        for number in range(1, 11):
            firsts = rng.permutation([0, 0, 1, 1]).tolist()
            order = [arm for first in firsts for arm in (first, 1 - first)]
            periods = [
                MaskedPeriod(
                    number=i + 1, cycle=i // 2 + 1, first_day=7 * i + 1, last_day=7 * i + 7
                )
                for i in range(8)
            ]
            truth = Truth(
                level=float(rng.normal(6, 0.8)),
                effects=(float(rng.normal(-1.2, 0.8)),),
                half_life_days=0.5,
                sigma=1.2,
                phi=0.25,
                period_sd=0.2,
            )
            days = np.arange(1, 57)
            scores = simulate_scores(periods, order, days, 1, truth, rng, scale=NRS)
            for day, score in zip(days.tolist(), scores.tolist(), strict=True):
                period = periods[(day - 1) // 7]
                when = date(2025, 3, 3) + timedelta(days=day - 1)
                treatment = ("placebo", "magnesium")[order[period.number - 1]]
                shown = "" if rng.random() < 0.05 else f"{score:g}"
                writer.writerow(
                    [f"P{number:02}", when, period.number, period.cycle, treatment, shown]
                )


def contributions() -> None:
    """Write what 24 invented persons of several clinics shared of trials by one protocol.

    Their effects scatter around 4 points with an SD of 2; those with low magnesium gain 3 more.
    """
    protocol = read_protocol(bundled_protocol("magnesium-rls"))
    rng = np.random.default_rng(24)
    drawn_from = allocation_set(protocol)
    ids = arm_ids(protocol)
    lines = []
    for _ in range(24):
        low = rng.random() < 0.4
        sequence = drawn_from.sequence(int(rng.integers(drawn_from.size)))
        effect = rng.normal(-5.5 if low else -2.5, 2.0)
        one = _person(protocol, sequence, float(effect), rng)
        given, solution = solved(one)
        found = contribution(one, given, solution, level="cycles", code=rng.bytes(16).hex())
        lines.append(found.model_copy(update=_facts(protocol, ids, low, rng)).text() + "\n")
    (HERE / "contributions.jsonl").write_text("".join(lines), encoding="utf-8")


def _person(
    protocol: Protocol, sequence: tuple[int, ...], effect: float, rng: np.random.Generator
) -> PersonData:
    """Return one person's weekly scores."""
    schedule = make_schedule(
        protocol,
        start=date(2025, 1, 6),
        participant="simulated",
        kits=tuple(f"K{number}" for number in range(protocol.n_periods)),
    )
    periods, outcome = masked_periods(schedule), protocol.primary
    day = np.array([schedule.study_day(one) for one in schedule.scoring[outcome.id]])
    truth = Truth(
        level=float(rng.uniform(18, 26)),
        effects=(effect,),
        half_life_days=4.0,
        sigma=3.0,
        phi=0.3,
        period_sd=0.8,
    )
    score = simulate_scores(
        periods, sequence, day, outcome.recall_days, truth, rng, scale=outcome.measure
    )
    score[rng.random(len(day)) < 0.07] = np.nan
    series = Series(
        outcome=outcome.id,
        title=outcome.title,
        unit=outcome.unit,
        scale=outcome.measure,
        recall_days=outcome.recall_days,
        mcid=outcome.mcid.value if outcome.mcid else None,
        day=day,
        score=score,
    )
    masked = MaskedData(
        person="simulated", n_days=schedule.n_days, periods=periods, series=(series,), taken={}
    )
    data = TrialData(
        masked=masked,
        arms=arm_ids(protocol),
        arm_of_period=sequence,
        allocation_set=allocation_set(protocol),
    )
    return PersonData(data=data, series=series, plan=protocol.analysis)


def _facts(
    protocol: Protocol, ids: tuple[str, ...], low: bool, rng: np.random.Generator
) -> dict[str, object]:
    """Return what a clinic tells besides: coarse facts, blinding, doses, side effects."""
    right = int(rng.binomial(6, 0.5))
    unsure = int(rng.integers(0, 7 - right))
    return {
        "protocol": ProtocolName(
            name=protocol.name, version=protocol.version, digest=protocol.digest
        ),
        "family": family(protocol, protocol.primary),
        "about": About(
            age_band=age_band(int(rng.integers(35, 80))),
            sex="female" if rng.random() < 0.6 else "male",
            magnesium="low" if low else "normal",
            iron="low" if rng.random() < 0.3 else "normal",
        ),
        "blinding": SharedBlinding(
            mode=protocol.blinding.mode,
            masked=protocol.blinding.masked,
            opened_early=0,
            guesses=guesses(right, 6 - right - unsure, unsure, ids),
        ),
        "adherence": SharedAdherence(
            recorded=round(float(rng.uniform(0.85, 1.0)), 3),
            taken={arm: round(float(rng.uniform(0.88, 1.0)), 3) for arm in ids},
        ),
        "harms": {
            arm: SharedHarms(days=int(rng.poisson(2 + 4 * number)), worst=int(rng.integers(0, 3)))
            for number, arm in enumerate(ids)
        },
    }


def guesses(right: int, wrong: int, unsure: int, ids: Sequence[str]) -> SharedGuesses:
    """Return guesses at the end of six periods, dealt out to the three of either arm."""
    told = ["right"] * right + ["wrong"] * wrong + ["unsure"] * unsure
    dealt = np.random.default_rng([right, wrong]).permutation(told).tolist()
    by_arm = {
        arm: CountedGuesses(**{name: own.count(name) for name in ("right", "wrong", "unsure")})
        for arm, own in zip(ids, (dealt[:3], dealt[3:]), strict=True)
    }
    return SharedGuesses(right=right, wrong=wrong, unsure=unsure, by_arm=by_arm)


if __name__ == "__main__":
    finished_trial()
    running_trial()
    three_people()
    ten_people()
    contributions()
    (HERE / "passphrase.txt").write_text(demonstration.PASSPHRASE + "\n", encoding="utf-8")
