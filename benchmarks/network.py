"""A pool of three arms against one of two arms: processor and memory of whole commands.

    python benchmarks/network.py [PERSONS]

Both tables have weekly scores of as many invented persons, three cycles of a fortnight on each
arm; the command solves every person first. Ratios carry over to other computers.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from processes import Run, run

PERSONS = 12
OPTIONS = ("--comparator", "A", "--scale", "0:10", "--better", "lower", "--mcid", "1")
EFFECTS = {"A": 0.0, "B": -1.5, "C": -0.5}


@dataclass(frozen=True)
class Networks:
    """The whole command on a table of two arms and on one of three, and on half of the persons."""

    persons: int
    two: Run
    three: Run
    half: Run


def table(path: Path, persons: int, arms: str) -> Path:
    """Write the scores of invented persons."""
    rng = np.random.default_rng(1)
    lines = ["person,day,period,cycle,treatment,score"]
    for number in range(persons):
        level, shift = rng.normal(6.0, 1.0), dict.fromkeys(arms, 0.0)
        shift |= {arm: rng.normal(EFFECTS[arm], 0.7) for arm in arms[1:]}
        order = [arm for _ in range(3) for arm in rng.permutation(list(arms))]
        for period, arm in enumerate(order, start=1):
            mean = level + shift[arm] + rng.normal(0.0, 0.4)
            for week in (1, 2):
                score = np.clip(round(mean + rng.normal(0.0, 0.8), 1), 0.0, 10.0)
                day, cycle = 14 * (period - 1) + 7 * week, (period - 1) // len(arms) + 1
                lines.append(f"p{number:03},{day},{period},{cycle},{arm},{score:g}")
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def measure(persons: int = PERSONS) -> Networks:
    """Pool as many persons of two and of three arms, and half as many of three."""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)

        def pooled(persons: int, arms: str) -> Run:
            path = table(at / f"{arms}{persons}.csv", persons, arms)
            return run("pool", str(path), *OPTIONS, "--allocation", "complete", "--json")

        pooled(2, "AB")  # compiles the sources' byte code
        return Networks(
            persons=persons,
            two=pooled(persons, "AB"),
            three=pooled(persons, "ABC"),
            half=pooled(persons // 2, "ABC"),
        )


def lines_of(found: Networks) -> list[str]:
    """Return the figures as a table."""
    rows = (
        (found.persons, "two arms", found.two),
        (found.persons // 2, "three arms", found.half),
        (found.persons, "three arms", found.three),
    )
    return [
        "| persons | arms | CPU s | MB of memory | CPU of two arms |",
        "|---|---|---|---|---|",
        *(
            f"| {persons} | {arms} | {one.processor:.2f} | {one.memory:.0f} |"
            f" {one.processor / found.two.processor:.2f} |"
            for persons, arms, one in rows
        ),
    ]


if __name__ == "__main__":
    print("\n".join(lines_of(measure(*map(int, sys.argv[1:2])))))
