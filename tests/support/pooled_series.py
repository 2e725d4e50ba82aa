"""Series in the form of published ones, with invented numbers of the same structure.

``gabapentin``: 46 persons, three pairs of periods of a week on each arm, whole scores of 0 to 10 a
day; the last days of many periods have no row, some periods are a day longer, and three persons
have 0 throughout. ``pupils``: twelve children, four weeks on each of two arms in pairs, a mean of
items on each school day, so that no week-end has a row and an absent child has none. ``tea``: nine
persons, every day drawn anew with at most two alike in a row, one score a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

Row = tuple[str, int, int, int, str, float]
HEADER = ("person", "day", "period", "cycle", "treatment", "score")


def gabapentin(seed: int = 46) -> Iterator[Row]:
    """Yield the rows of 46 persons; the effect is -0.6 on average."""
    rng = np.random.default_rng(seed)
    for number in range(46):
        flat = number in (7, 19, 33)
        level, effect = rng.uniform(2.0, 7.0), rng.normal(-0.6, 0.5)
        day = period = 0
        for cycle in (1, 2, 3):
            for arm in rng.permutation(2):
                period += 1
                days = 7 + int(rng.random() < 0.2)
                absent = int(rng.choice([0, 1, 2], p=[0.6, 0.25, 0.15]))
                for later in range(1, days - absent + 1):
                    score = round(level + effect * arm + rng.normal(0.0, 1.2))
                    score = 0 if flat else int(np.clip(score, 0, 10))
                    treatment = ("placebo", "gabapentin")[arm]
                    yield f"g{number + 1:02}", day + later, period, cycle, treatment, score
                day += days


def pupils(seed: int = 12) -> Iterator[Row]:
    """Yield the rows of twelve pupils; the effect is -0.4 on average."""
    rng = np.random.default_rng(seed)
    for number in range(12):
        level, effect = rng.uniform(1.0, 2.2), rng.normal(-0.4, 0.2)
        for cycle in range(1, 5):
            for place, arm in enumerate(rng.permutation(2)):
                period = 2 * (cycle - 1) + place + 1
                for weekday in range(1, 6):
                    if rng.random() < 0.08:
                        continue
                    score = np.clip(level + effect * arm + rng.normal(0.0, 0.35), 0.0, 3.0)
                    day = 7 * (period - 1) + weekday
                    treatment = ("placebo", "stimulant")[arm]
                    yield f"pupil {number + 1}", day, period, cycle, treatment, round(score, 1)


def tea(seed: int = 9) -> Iterator[tuple[str, int, str, int]]:
    """Yield person, day, treatment and score of nine persons; the effect is +0.8 on average."""
    rng = np.random.default_rng(seed)
    for number in range(9):
        level, effect = rng.uniform(4.0, 6.0), rng.normal(0.8, 0.4)
        arms: list[int] = []
        for day in range(1, 29):
            arm = int(rng.integers(2))
            if arms[-2:] == [arm, arm]:
                arm = 1 - arm
            arms.append(arm)
            score = int(np.clip(round(level + effect * arm + rng.normal(0.0, 1.3)), 0, 10))
            yield f"t{number + 1}", day, ("water", "tea")[arm], score


def differences(rows: list[Row], comparator: str) -> dict[str, list[float]]:
    """Return every person's cycle differences, worked out from the rows alone."""
    scores: dict[tuple[str, int, bool], list[float]] = defaultdict(list)
    for person, _, _, cycle, treatment, score in rows:
        scores[person, cycle, treatment != comparator].append(score)
    found: dict[str, list[float]] = defaultdict(list)
    for person, cycle in sorted({(person, cycle) for person, cycle, _ in scores}):
        on, off = scores.get((person, cycle, True)), scores.get((person, cycle, False))
        if on and off:
            found[person].append(float(np.mean(on) - np.mean(off)))
    return dict(found)
