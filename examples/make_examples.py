"""Make the example files again, from the invented person of `nof1 demo` and three more.

    python examples/make_examples.py

The sealed allocations differ from run to run, as sealing is random; everything else is the same.
"""

from __future__ import annotations

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from openpyxl import Workbook

from nof1 import demonstration
from nof1.design.sealing import Passphrase
from nof1.model.simulation import Truth, simulate_scores
from nof1.scales import NRS
from nof1.trial.data import MaskedPeriod
from nof1.trial.folder import open_trial
from nof1.trial.locking import unseal

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


if __name__ == "__main__":
    finished_trial()
    running_trial()
    three_people()
    (HERE / "passphrase.txt").write_text(demonstration.PASSPHRASE + "\n", encoding="utf-8")
