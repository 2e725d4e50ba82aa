"""A whole trial of an invented person whose truth is known: for `nof1 demo`, examples and tests.

Everything is fixed, the draw included, so that everybody sees the same trial. That is the one
thing no real trial does: its allocation comes from the operating system's randomness.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np

from nof1.design.draw import draw
from nof1.design.passphrase import Passphrase
from nof1.model.simulation import Truth, simulate_scores
from nof1.protocol.files import find_protocol
from nof1.trial.current import Observation
from nof1.trial.folder import Trial, open_trial
from nof1.trial.importing.planning import apply_import, plan_import
from nof1.trial.locking import lock
from nof1.trial.recording import record
from nof1.trial.records import masked_data
from nof1.trial.starting import Start, start_trial
from nof1.trial.tables.reading import read_table
from nof1.trial.verifying import arm_ids

PROTOCOL = "magnesium-rls"
PARTICIPANT = "DEMO-01"
START = date(2025, 1, 6)
PASSPHRASE = "only-for-the-demonstration"

#: What is true of the invented person, outcome by outcome: magnesium helps, with carryover.
TRUTH: Mapping[str, Truth] = MappingProxyType(
    {
        "irls": Truth(
            level=24, effects=(-7.5,), half_life_days=3, sigma=2.2, phi=0.3, period_sd=0.6, trend=-1
        ),
        "legs": Truth(
            level=6,
            effects=(-2.2,),
            half_life_days=3,
            sigma=1.3,
            phi=0.35,
            period_sd=0.2,
            trend=-0.2,
        ),
    }
)
#: Shares of evenings without a score, of evenings without a dose, and of evenings with loose
#: stools on the comparator and on magnesium.
MISSED_SCORES, MISSED_DOSES, LOOSE_STOOLS = 0.05, 0.03, (0.02, 0.10)
SEED = 20_250_106


def fixed_entropy(label: str) -> Callable[[int], bytes]:
    """Return a source of bytes that gives the same bytes to everybody."""
    counter = 0

    def read(n: int) -> bytes:
        nonlocal counter
        content = b""
        while len(content) < n:
            counter += 1
            content += hashlib.sha256(f"{label} {counter}".encode()).digest()
        return content[:n]

    return read


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """What the invented person wrote down.

    Attributes
    ----------
    csv_text : str
        A table as `nof1 import` reads it: a row a day, an empty cell where nothing was written.
    guesses : tuple of Observation
        What the person took each period for.
    """

    csv_text: str
    guesses: tuple[Observation, ...]


def start_demonstration(folder: Path) -> Trial:
    """Return the trial just after the draw, written to `folder`."""
    return start_trial(
        Start(
            folder=folder,
            participant=PARTICIPANT,
            first_day=START,
            contacts=("Dr A. Example, 555 0100",),
            emergency="112",
        ),
        protocol_text=find_protocol(PROTOCOL).read_text(encoding="utf-8"),
        key=Passphrase(PASSPHRASE),
        eligibility={
            "answers": None,
            "concerns": [],
            "clinician": "Dr A. Example",
            "how": "demonstration: not asked",
        },
        now=_at(START - timedelta(days=7)),
        entropy=fixed_entropy("nof1 demonstration"),
    )


def write_diary(trial: Trial) -> Diary:
    """Return the diary of the invented person, simulated from `TRUTH`."""
    rng = np.random.default_rng(SEED)
    protocol, schedule, masked = trial.protocol, trial.schedule, masked_data(trial)
    drawn = draw(protocol, entropy=fixed_entropy("nof1 demonstration"))
    arms = [arm_ids(protocol).index(arm) for arm in drawn.arms]
    cells: dict[date, dict[str, str]] = {}
    for series in masked.series:
        scores = simulate_scores(
            masked.periods,
            arms,
            series.day,
            series.recall_days,
            TRUTH[series.outcome],
            rng,
            scale=series.scale,
        )
        for day, score, missed in zip(
            series.day, scores, rng.random(len(scores)) < MISSED_SCORES, strict=True
        ):
            when = schedule.start + timedelta(days=int(day) - 1)
            cells.setdefault(when, {})[series.outcome] = "" if missed else f"{score:g}"
    for period, arm in zip(schedule.periods, arms, strict=True):
        for offset in range((period.last_day - period.first_day).days + 1):
            row = cells.setdefault(period.first_day + timedelta(days=offset), {})
            row["dose"] = "no" if rng.random() < MISSED_DOSES else "yes"
            if rng.random() < LOOSE_STOOLS[arm]:
                row["Loose stools"] = "1"
    guesses = tuple(
        Observation(
            kind="guess",
            body={
                "period": period.number,
                "guess": str(rng.choice([*arm_ids(protocol), "unsure"])),
                "certainty": int(rng.integers(1, 4)),
            },
        )
        for period in schedule.periods
    )
    return Diary(csv_text=_table(cells), guesses=guesses)


def _table(cells: Mapping[date, Mapping[str, str]]) -> str:
    text = io.StringIO()
    columns = ["date", *TRUTH, "dose", "Loose stools"]
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({"date": day.isoformat(), **cells[day]} for day in sorted(cells))
    return text.getvalue()


def fill_in(folder: Path, diary_file: Path, diary: Diary) -> int:
    """Import the diary into the trial, record the guesses, lock it; return how many entries."""
    trial = open_trial(folder)
    after = _at(trial.schedule.end + timedelta(days=1))
    plan = plan_import(trial, read_table(diary_file), today=after.date(), columns={})
    entries = len(apply_import(trial, plan, now=after))
    for guess in diary.guesses:
        record(open_trial(folder), guess, now=after)
    lock(open_trial(folder), by="Dr A. Example", reason="", now=after)
    return entries + len(diary.guesses)


def unsealing_time(trial: Trial) -> datetime:
    """Return the moment at which the demonstration opens the seal."""
    return _at(trial.schedule.end + timedelta(days=2))


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)
