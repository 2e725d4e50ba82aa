"""Pooling very many persons: the wall, the processor and the memory of whole commands.

    python benchmarks/pooling.py [PERSONS]

The contributions are those of solved simulated persons, each shifted and stretched anew so that no
two are alike. They are read as JSON lines and as Parquet; 100,000 persons are pooled by default.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from processes import Run, run
from threads import one_thread

from nof1.model.simulation import Truth, simulate_scores
from nof1.pooling.persons.members import members
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import NRS
from nof1.sharing.files import read_contributions
from nof1.sharing.from_scores import PersonData, contributions
from nof1.trial.data import MaskedData, MaskedPeriod, Series, TrialData

PERSONS, SOLVED = 100_000, 500
#: Periods of a fortnight; two arms in three cycles.
DAYS, ORDER = 14, (0, 1, 1, 0, 0, 1)


@dataclass(frozen=True)
class Pools:
    """One pool in files of two kinds.

    Attributes
    ----------
    persons : int
        In each file.
    megabytes : dict of str to float
        Size of each file, by kind.
    runs : dict of str to Run
        The whole command on it.
    reading : dict of str to Run
        Reading and checking alone.
    """

    persons: int
    megabytes: dict[str, float]
    runs: dict[str, Run]
    reading: dict[str, Run]


def diary(number: int, rng: np.random.Generator) -> TrialData:
    """Return one simulated person's daily scores."""
    periods = tuple(
        MaskedPeriod(
            number=i + 1, cycle=i // 2 + 1, first_day=i * DAYS + 1, last_day=(i + 1) * DAYS
        )
        for i in range(len(ORDER))
    )
    day = np.arange(1, len(ORDER) * DAYS + 1)
    truth = Truth(
        level=5, effects=(rng.normal(-1, 0.7),), half_life_days=rng.exponential(2), sigma=1.3,
        phi=0.3, period_sd=0.3,
    )  # fmt: skip
    series = Series(
        outcome="legs", title="Legs", unit="points", scale=NRS, recall_days=1, mcid=1.0, day=day,
        score=simulate_scores(periods, ORDER, day, 1, truth, rng, scale=NRS),
    )  # fmt: skip
    masked = MaskedData(
        person=f"s{number}", n_days=len(day), periods=periods, series=(series,), taken={}
    )
    return TrialData(
        masked=masked, arms=("placebo", "magnesium"), arm_of_period=ORDER, allocation_set=None
    )


def contributed(persons: int, solved: int = SOLVED) -> Iterator[str]:
    """Yield contributions of so many persons: some are solved, the others are like them."""
    rng = np.random.default_rng(1)
    diaries = [diary(number, rng) for number in range(min(solved, persons))]
    given = [
        PersonData(data=one, series=one.masked.series[0], plan=AnalysisPlan()) for one in diaries
    ]
    found = [json.loads(one.text()) for one in contributions(given, level="cycles")]
    for number in range(persons):
        one = dict(found[number % len(found)])
        shift, factor = rng.normal(0, 0.3), rng.lognormal(0, 0.1)
        likelihood = dict(one["likelihood"])
        likelihood["means"] = [[_short(mean + shift)] for (mean,) in likelihood["means"]]
        likelihood["covariances"] = [[_short(v * factor)] for (v,) in likelihood["covariances"]]
        differences = [_short(value + shift) for value in one["cycle_differences"]["magnesium"]]
        one |= {
            "id": f"p{number:06}",
            "likelihood": likelihood,
            "cycle_differences": {"magnesium": differences},
        }
        yield json.dumps(one, separators=(",", ":"))


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def measure(persons: int = PERSONS) -> Pools:
    """Pool so many persons from files of two kinds, each step in a process of its own."""
    script = [str(Path(__file__).resolve())]
    with tempfile.TemporaryDirectory() as folder:
        run("--write", folder, str(persons), program=script)
        kinds = {
            "JSON lines": Path(folder) / "many.jsonl",
            "Parquet": Path(folder) / "many.parquet",
        }
        return Pools(
            persons=persons,
            megabytes={kind: path.stat().st_size / 1e6 for kind, path in kinds.items()},
            reading={
                kind: run("--read", str(path), program=script) for kind, path in kinds.items()
            },
            runs={kind: run("pool", str(path), "--json") for kind, path in kinds.items()},
        )


def write(folder: Path, persons: int) -> None:
    """Write the contributions of so many persons as JSON lines and as Parquet."""
    lines, table = folder / "many.jsonl", folder / "many.parquet"
    with lines.open("w", encoding="utf-8") as file:
        file.writelines(f"{one}\n" for one in contributed(persons))
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(
            f"COPY (FROM read_json('{lines}', sample_size=-1)) TO '{table}'"
            " (FORMAT parquet, ROW_GROUP_SIZE 2048)"
        )


def lines_of(found: Pools) -> list[str]:
    """Return the figures as a table."""
    return [
        "| from | file MB | step | wall s | CPU s | MB of memory | persons a second |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {kind} | {found.megabytes[kind]:,.0f} | {step} | {one.wall:.1f} |"
            f" {one.processor:.1f} | {one.memory:,.0f} | {found.persons / one.wall:,.0f} |"
            for kind in found.runs
            for step, one in (
                ("reading and checking alone", found.reading[kind]),
                ("`nof1 pool --json`", found.runs[kind]),
            )
        ),
    ]


def main() -> None:
    """Do one step, or print the figures of all."""
    match sys.argv[1:]:
        case ["--write", folder, persons]:
            write(Path(folder), int(persons))
        case ["--read", file]:
            members(read_contributions([Path(file)]), leave_out={})
        case [persons]:
            show(int(persons))
        case _:
            show(PERSONS)


def show(persons: int) -> None:
    """Print the figures for so many persons."""
    print(f"{persons:,} persons")
    print("\n".join(lines_of(measure(persons))))


if __name__ == "__main__":
    one_thread()
    main()
