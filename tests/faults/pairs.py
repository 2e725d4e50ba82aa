"""Two recorders of one trial at the same moment, with working file locks and without."""

from __future__ import annotations

import errno
import fcntl
import os
import random
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from faults.running import Outcome, start
from faults.workplace import Workplace
from nof1.errors import Nof1Error
from nof1.trial.log import read_log

SEED = 20250203
_DATES = ("2025-02-17", "2025-02-18")
_REFUSED = "Nothing was recorded by this command"


def _none(*_: object) -> None:
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


def _empty(*_: object) -> None:
    """Give the lock to everybody."""


#: What a disk does when it is asked for a lock; None for what this one does.
LOCKS: dict[str, Callable[..., None] | None] = {
    "working locks": None,
    "no locks": _none,
    "locks that hold nobody": _empty,
}


@dataclass(slots=True)
class Counted:
    """What came of many pairs.

    Attributes
    ----------
    both, one : int
        Pairs of which both recorded, and of which one was refused and said so.
    wrong : list of str
        What must not be.
    """

    both: int
    one: int
    wrong: list[str]

    def __str__(self) -> str:
        """Return it in words."""
        n = self.both + self.one
        return (
            f"{n} pairs: both recorded {self.both}, one refused {self.one}, {len(self.wrong)} wrong"
        )


def record_in_pairs(
    state: Path, place: Path, pairs: int, lock: Callable[..., None] | None
) -> Counted:
    """Let two recorders begin at the same moment, again and again."""
    counted, waits = Counted(0, 0, []), random.Random(SEED)
    for number in range(pairs):
        folder = place / f"pair-{number}"
        shutil.copytree(state, folder)
        delays = (0.0, waits.choice((0.0, 0.0, waits.uniform(0, 0.03))))
        _judge(_pair(folder, lock, delays), folder / "trial", counted)
        shutil.rmtree(folder)
    return counted


def _pair(folder: Path, lock: Callable[..., None] | None, delays: Sequence[float]) -> list[Outcome]:
    waiting, go = os.pipe()
    started = []
    for date, delay in zip(_DATES, delays, strict=True):

        def before(delay: float = delay) -> None:
            os.close(go)
            os.read(waiting, 1)  # until the other one is there too
            time.sleep(delay)
            if lock is not None:
                fcntl.flock = lock

        words = ("record", "trial", "legs", "4", "--date", date)
        started.append(start(words, folder, before=before))
    os.close(waiting)
    os.close(go)
    return [one.outcome() for one in started]


def _judge(outcomes: Sequence[Outcome], trial: Path, counted: Counted) -> None:
    recorded = [one.code == 0 for one in outcomes]
    if all(recorded):
        counted.both += 1
    elif any(recorded):
        counted.one += 1
    else:
        counted.wrong.append(f"neither recorded: {[one.err for one in outcomes]}")
    counted.wrong += [one.crash for one in outcomes if one.crash]
    try:
        entries = read_log(trial)
    except Nof1Error as error:
        counted.wrong.append(f"the log is torn: {error}")
        return
    there = {entry.body["date"] for entry in entries if entry.kind == "score"}
    receipts = " ".join(entry.receipt for entry in entries)
    for outcome, date in zip(outcomes, _DATES, strict=True):
        if outcome.code == 0 and date not in there:
            counted.wrong.append(f"lost: {outcome.out.strip()}")
        if outcome.code == 0 and outcome.out.split("Receipt ")[1][:8] not in receipts:
            counted.wrong.append(f"a receipt of nothing: {outcome.out.strip()}")
        if outcome.code != 0 and (date in there or _REFUSED not in outcome.err):
            counted.wrong.append(f"refused, but: {outcome.err.strip()}")
    left = sorted({path.name for path in trial.iterdir() if path.name.startswith(".")} - {".lock"})
    if left:
        counted.wrong.append(f"left over: {left}")


def all_pairs(pairs: int, tell: Callable[[str], None]) -> dict[str, Counted]:
    """Let two recorders begin together on a disk with each kind of locks; return the counts."""
    warnings.filterwarnings("ignore", category=DeprecationWarning)  # forking is what this is for
    found = {}
    with tempfile.TemporaryDirectory(prefix="nof1-pairs-") as name:
        place = Path(name).resolve()
        state = Workplace(place / "states").state("begun")
        for kind, lock in LOCKS.items() if pairs else ():
            found[kind] = record_in_pairs(state, place, pairs, lock)
            for line in (f"{kind:<24}{found[kind]}", *(f"  {one}" for one in found[kind].wrong)):
                tell(line)
    return found
