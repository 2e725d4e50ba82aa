"""Commands of nof1 in processes of their own: what each takes of time and memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One command: wall and processor seconds, and the largest memory of a process in MB."""

    wall: float
    processor: float
    memory: float


def run(*arguments: str, fresh: Path | None = None, program: Sequence[str] = ("-m", "nof1")) -> Run:
    """Run nof1 in a process of its own, with its compiled parts kept in a `fresh` folder or not."""
    caches = {"PYTENSOR_FLAGS": f"base_compiledir={fresh}", "NUMBA_CACHE_DIR": str(fresh)}
    command = [sys.executable, *program, *arguments]
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
