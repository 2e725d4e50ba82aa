"""Inject faults into every writing command: ``make faults``.

::

    PYTHONPATH=tests python -m faults --each 160 --pairs 200

Writes nothing but a temporary folder, and the page if one is named; ends with 1 if anything was
wrong.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import random
import re
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from faults.checking import Clean, faults_of, run_clean
from faults.injecting import Fault, kinds_of
from faults.pairs import Counted, all_pairs
from faults.remembering import remember
from faults.running import run_here
from faults.workplace import COMMANDS, Command, Workplace

SEED = 20250203
_BEGIN, _END = "<!-- faults: begin -->", "<!-- faults: end -->"


def chosen(clean: Clean, each: int, seed: str) -> list[Fault]:
    """Return faults of a command: every kind of every class of call, then by chance."""
    calls = list(clean.outcome.calls)
    pairs = [
        (Fault(number, kind), (what, kind))
        for number, what in enumerate(calls, start=1)
        for kind in kinds_of(calls, number)
    ]
    random.Random(seed).shuffle(pairs)
    seen: Counter[tuple[str, str]] = Counter()
    ordered = []
    for fault, what in pairs:
        ordered.append((seen[what], fault))
        seen[what] += 1
    return [fault for _, fault in sorted(ordered, key=lambda one: one[0])[:each]]


def warm(command: Command, state: Path, place: Path) -> None:
    """Run a command once in this very process, so that no child has to load or solve."""
    shutil.copytree(state, place)
    outcome = run_here(command.words, place)
    assert outcome.code == 0, (command, outcome)
    shutil.rmtree(place)
    gc.collect()
    gc.freeze()  # a child then need not copy what it only looks at


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one command: its calls, the faults injected, and what was wrong."""

    name: str
    calls: int
    faults: int
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.name:<22}{self.calls:>6} calls{self.faults:>6} faults{len(self.wrong):>5} wrong"
        )


def inject(
    commands: Sequence[Command], each: int, processes: int, tell: Callable[[str], None]
) -> list[Row]:
    """Inject faults into commands and return what came of it."""
    warnings.filterwarnings("ignore", category=DeprecationWarning)  # forking is what this is for
    remember()
    rows = []
    with tempfile.TemporaryDirectory(prefix="nof1-faults-") as folder:
        place = Path(folder).resolve()
        workplace = Workplace(place / "states")
        # Those that need an analysis come last: with all it takes, a process forks slowly.
        for command in sorted(commands, key=lambda one: one.slow):
            state = workplace.state(command.state)
            warm(command, state, place / "warm")
            clean = run_clean(command, state, place / "clean")
            faults = chosen(clean, each, f"{SEED} {command.name}")
            found = _run_all(command, clean, faults, state, place, processes)
            row = Row(command.name, len(clean.outcome.calls), len(faults), tuple(found))
            rows.append(row)
            for line in (str(row), *(f"  {one}" for one in row.wrong)):
                tell(line)
    return rows


def table(rows: Sequence[Row], pairs: Mapping[str, Counted]) -> str:
    """Return the table of the page docs/robustness.md, with its marks."""
    lines = ["| command | calls | faults | wrong |", "|---|---|---|---|"]
    lines += [f"| {one.name} | {one.calls:,} | {one.faults:,} | {len(one.wrong)} |" for one in rows]
    total, wrong = sum(one.faults for one in rows), sum(len(one.wrong) for one in rows)
    lines += [f"| **all** | | **{total:,}** | **{wrong}** |", ""]
    lines += ["| two recorders at once, on a disk with | both recorded | one was refused | wrong |"]
    lines += ["|---|---|---|---|"]
    lines += [
        f"| {name} | {one.both} | {one.one} | {len(one.wrong)} |" for name, one in pairs.items()
    ]
    return "\n".join((_BEGIN, *lines, _END))


def main() -> int:
    """Run and print a table; return the exit code."""
    parser = argparse.ArgumentParser(prog="faults")
    parser.add_argument("--each", type=int, default=160, help="faults of each command at most")
    parser.add_argument("--pairs", type=int, default=200, help="pairs for each kind of file locks")
    parser.add_argument("--only", action="append", help="names of commands (repeatable)")
    parser.add_argument("--quick", action="store_true", help="the commands that need no analysis")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--page", type=Path, help="page whose tables are written anew")
    asked = parser.parse_args()
    commands = [
        one
        for one in COMMANDS
        if (not asked.only or one.name in asked.only) and not (asked.quick and one.slow)
    ]
    begun = time.monotonic()
    pairs = all_pairs(asked.pairs, _tell)
    rows = inject(commands, asked.each, asked.processes, _tell)
    wrong = sum(len(row.wrong) for row in (*rows, *pairs.values()))
    total, seconds = sum(row.faults for row in rows), time.monotonic() - begun
    _tell(f"{total} faults in {len(rows)} commands, {seconds:.0f} s: {wrong} wrong")
    if asked.page is not None:
        text = asked.page.read_text(encoding="utf-8")
        new = re.sub(f"{_BEGIN}.*?{_END}", lambda _: table(rows, pairs), text, flags=re.DOTALL)
        asked.page.write_text(new, encoding="utf-8")
    return bool(wrong)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _run_all(
    command: Command,
    clean: Clean,
    faults: Sequence[Fault],
    state: Path,
    place: Path,
    processes: int,
) -> list[str]:
    jobs = [
        (command, clean, fault, state, place / f"fault-{number}")
        for number, fault in enumerate(faults)
    ]
    if processes == 1:
        return [line for job in jobs for line in _one(job)]
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        return [line for lines in pool.imap_unordered(_one, jobs, 4) for line in lines]


def _one(job: tuple[Command, Clean, Fault, Path, Path]) -> list[str]:
    command, clean, fault, state, place = job
    call = clean.outcome.calls[fault.number - 1]
    return [
        f"{fault.kind} at call {fault.number} ({call}): {line}"
        for line in faults_of(command, clean, fault, state, place)
    ]


if __name__ == "__main__":
    sys.exit(main())
