"""A real Dask cluster on this computer: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nof1.pooling.exact.workplace import Cluster

TESTS = Path(__file__).parents[1]
Process = subprocess.Popen[bytes]
LOCAL = ("--host", "127.0.0.1", "--no-dashboard")


@contextmanager
def cluster(folder: Path, *, workers: int = 2) -> Iterator[tuple[str, list[Process]]]:
    """Give the address of a scheduler, and its workers; all end when they are not needed."""
    told = folder / "scheduler.json"
    running = [_begun(folder, "scheduler", "--port", "0", "--scheduler-file", str(told))]
    try:
        wait_for(told.exists)
        running += [
            _begun(folder, "worker", "--scheduler-file", str(told), "--nthreads", "1", "--no-nanny")
            for _ in range(workers)
        ]
        yield json.loads(told.read_text())["address"], running[1:]
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def _begun(folder: Path, kind: str, *options: str) -> Process:
    path = os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH"))))
    with (folder / f"{kind}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{kind}", *LOCAL, *options],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
        )


def wait_for(condition: Callable[[], object], *, seconds: float = 60.0) -> None:
    """Wait until something is so; fail when it never is."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


class Watched:
    """A cluster whose tasks say that they have begun, and wait until one of them was killed."""

    def __init__(self, stretches: list[Any], client: Any, folder: Path) -> None:
        self._place, self._folder = Cluster(stretches, client), folder

    def stream(self, work: Callable[..., Any], *given: Any) -> Iterator[Any]:
        return self._place.stream(watched, str(self._folder), work, *given)

    def each(self, work: Callable[..., Any], *given: Any) -> list[Any]:
        return list(self.stream(work, *given))


def watched(stretch: Any, folder: str, work: Callable[..., Any], *given: Any) -> Any:
    """Work on a stretch, but only after a worker was killed that had begun."""
    if not (Path(folder) / "killed").exists():
        (Path(folder) / f"begun-{os.getpid()}").touch()
        wait_for((Path(folder) / "killed").exists)
    return work(stretch, *given)


def kill_one_at_work(folder: Path, workers: list[Process]) -> int:
    """Kill a worker in the middle of a task, let the others go on, and return its number."""
    wait_for(lambda: list(folder.glob("begun-*")))
    pid = int(next(folder.glob("begun-*")).name.removeprefix("begun-"))
    victim = next(one for one in workers if one.pid == pid)
    victim.kill()
    victim.wait()
    (folder / "killed").touch()
    return pid
