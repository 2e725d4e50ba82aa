"""Speed and memory of whole commands, in fresh processes, as ratios within one run.

    python benchmarks/run.py

Prints a table. Ratios carry over to other computers; seconds do not.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

REPEATS = 5
DAILY = Path(__file__).parents[1] / "tests" / "reference" / "data" / "c_irls_daily.csv"


@dataclass(frozen=True)
class Run:
    """One command: wall and processor seconds, and the largest memory of a process in MB."""

    wall: float
    processor: float
    memory: float


def run(*arguments: str, fresh: Path | None = None) -> Run:
    """Run nof1 in a process of its own, with its compiled parts kept in a `fresh` folder or not."""
    caches = {"PYTENSOR_FLAGS": f"base_compiledir={fresh}", "NUMBA_CACHE_DIR": str(fresh)}
    command = [sys.executable, "-m", "nof1", *arguments]
    begin = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | (caches if fresh else {}),
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begin
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{said.decode()}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def median(runs: list[Run]) -> Run:
    """Return the medians of several runs."""
    return Run(
        *(
            statistics.median(values)
            for values in zip(*((r.wall, r.processor, r.memory) for r in runs), strict=True)
        )
    )


def design_and_print(folder: Path) -> Run:
    """From the protocol to every page without an arm: two commands."""
    secret = folder / "secret.txt"
    secret.write_text("a passphrase for the benchmark\n")
    runs = []
    for number in range(REPEATS):
        trial = str(folder / f"trial-{number}")
        made = run(
            *("design", "magnesium-rls", "--out", trial, "--start", "2026-01-05"),
            *("--participant", "P01", "--passphrase-file", str(secret), "--yes"),
        )
        printed = run("print", trial)
        runs.append(
            Run(
                made.wall + printed.wall,
                made.processor + printed.processor,
                max(made.memory, printed.memory),
            )
        )
    return median(runs)


def main() -> None:
    """Measure and print."""
    table = ["analyse", str(DAILY), "--scale", "0:10", "--mcid", "1", "--json"]
    run("--help")  # compiles the sources' byte code, which every user pays for once
    run(*table)
    rows = {
        "nof1 --help": median([run("--help") for _ in range(REPEATS)]),
        "nof1 analyse, 168 scores, all engines but nuts": median(
            [run(*table) for _ in range(REPEATS)]
        ),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name in ("first time on a computer", "again"):
            rows[f"nof1 analyse, 168 scores, nuts alone, {name}"] = run(
                *table, "--engine", "nuts", fresh=Path(folder)
            )
        rows["nof1 design and print, magnesium-rls"] = design_and_print(Path(folder))
    wide = max(map(len, rows))
    print(f"{'':{wide}}  {'wall s':>7}  {'CPU s':>7}  {'MB':>6}")
    for name, one in rows.items():
        print(f"{name:{wide}}  {one.wall:7.2f}  {one.processor:7.2f}  {one.memory:6.0f}")
    exact = rows["nof1 analyse, 168 scores, all engines but nuts"]
    print("\nnuts alone against all the others together")
    for name in ("first time on a computer", "again"):
        sampled = rows[f"nof1 analyse, 168 scores, nuts alone, {name}"]
        wall, processor = sampled.wall / exact.wall, sampled.processor / exact.processor
        print(f"  {name}: {wall:.0f} times the wall, {processor:.0f} times the CPU")


if __name__ == "__main__":
    main()
