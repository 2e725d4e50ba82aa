"""What must hold after any fault, whatever the command."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from faults.injecting import STAYING, Fault
from faults.running import KILLED, Outcome, run
from faults.workplace import THEIRS, Command
from nof1.errors import Nof1Error
from nof1.trial.folder import open_trial
from nof1.trial.log import LOG, read_log

_LEFT = re.compile(r"\.nof1-|\.writing$|\.old$|\.[a-z.-]+\.[0-9a-f]{8}$")
_SAID = re.compile(r"all the same, receipt ([0-9a-f]{8})")
_TOLD = re.compile(r"(repaired|written) all the same|written, but the disk did not confirm it")
_STUCK = re.compile(r"No trial was made|did not let these be put back")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T[0-9-]+Z")
#: Pages and reports are the same bytes whenever they are made.
_REPEATED = (".pdf", ".html", ".ics")

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Clean:
    """A command without a fault: what it finds and what it leaves.

    Attributes
    ----------
    before, after : mapping of str to bytes
        Every file by its path.
    outcome : Outcome
        How it ended.
    """

    before: Files
    after: Files
    outcome: Outcome

    @property
    def entries(self) -> int:
        """Return how many entries it adds to the log of a trial that is there."""
        return _count(self.after) - _count(self.before)

    @property
    def repairs(self) -> bool:
        """Return whether it puts a damaged log right."""
        return any(
            _is_log(name) and data != self.after[name] and b"\r" in data
            for name, data in self.before.items()
        )

    @property
    def makes_trial(self) -> bool:
        """Return whether it makes a trial."""
        return not any(map(_is_log, self.before)) and any(map(_is_log, self.after))


def files_in(folder: Path) -> dict[str, bytes]:
    """Return every file in a folder by its path; the empty lock counts for nothing."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def run_clean(command: Command, state: Path, place: Path) -> Clean:
    """Run a command in a copy of a state without a fault."""
    shutil.copytree(state, place)
    before = files_in(place)
    outcome = run(command.words, place)
    assert outcome.code == 0, (command, outcome)
    clean = Clean(before, files_in(place), outcome)
    again = run(command.words, place)
    assert again.code == (2 if command.again else 0), (command, again)
    assert command.again in again.err, (command, again)
    after = files_in(place)
    assert _names(after) == _names(clean.after)
    assert _count(after) == _count(clean.after)
    shutil.rmtree(place)
    return clean


def faults_of(command: Command, clean: Clean, fault: Fault, state: Path, place: Path) -> list[str]:
    """Run a command with a fault and then without, and return what is wrong."""
    shutil.copytree(state, place)
    try:
        outcome = run(command.words, place, fault)
        after = files_in(place)
        wrong = _wrong_at_once(clean, outcome, after, fault)
        wrong += [] if clean.repairs else _wrong_trials(clean, place)
        acted = _acted(clean, after)
        again = run(command.words, place)
        stands = acted or _names(_whole(after)) == _names(clean.after)
        wrong += _wrong_again(command, clean, again, files_in(place), stands=stands)
        wrong += _wrong_trials(clean, place)
    finally:
        shutil.rmtree(place)
    return wrong


def _acted(clean: Clean, after: Files) -> bool:
    """Return whether a command has recorded something, or made a trial."""
    if clean.makes_trial:
        return any(map(_is_log, _whole(after)))
    return _count(after) > _count(clean.before)


def _wrong_at_once(clean: Clean, outcome: Outcome, after: Files, fault: Fault) -> list[str]:
    """Return what is wrong directly after the fault."""
    wrong = []
    if outcome.crash:
        wrong.append(f"traceback: {outcome.crash.strip().splitlines()[-1]}")
    if outcome.code not in (0, 2, KILLED):
        wrong.append(f"wrong exit code: {outcome.code}")
    wrong += _theirs(clean, after)
    acted = _acted(clean, after)
    if outcome.code == 0:
        if _names(_whole(after)) != _names(clean.after) or _count(after) != _count(clean.after):
            wrong.append("lost: it says it is done, but it is not")
    elif outcome.code == 2:
        wrong += _wrong_words(clean, outcome, after, fault, acted=acted)
    elif outcome.code == KILLED:
        wrong += [
            f"half written: {name}"
            for name, data in _whole(after).items()
            if name.endswith(_REPEATED) and data not in _either(clean, name)
        ]
    return wrong


def _either(clean: Clean, name: str) -> tuple[bytes | None, ...]:
    return clean.before.get(name), clean.after.get(name)


def _wrong_words(
    clean: Clean, outcome: Outcome, after: Files, fault: Fault, *, acted: bool
) -> list[str]:
    """Return what a command that failed should have said, or left alone."""
    wrong = []
    lines = [line for line in outcome.err.splitlines() if line.startswith("nof1: ")]
    if not lines and fault.kind != "EPIPE":
        wrong.append("unsaid: it failed without a word")
    if any(len(line) < 30 for line in lines if "stopped" not in line):
        wrong.append(f"unsaid: {lines}")
    said = _SAID.search(outcome.err)
    if acted:
        if said is None:
            wrong.append(f"unsaid: it was recorded, but it says {outcome.err.strip()!r}")
        elif said[1] not in {last["hash"][:8] for last in _last_entries(after)}:
            wrong.append("unsaid: the receipt is not that of the last entry")
        if "othing was" in outcome.err:
            wrong.append(f"unsaid: both, {outcome.err.strip()!r}")
    elif said is not None:
        wrong.append("unsaid: it says that it was recorded, and it was not")
    whole = _whole(after)
    changed = {name for name in whole if whole[name] != clean.before.get(name)}
    changed |= clean.before.keys() - whole.keys()
    changed -= {name for name in changed if Path(name).parent.name == "damaged"}  # copies
    done = _names(whole) == _names(clean.after)
    told = "standard output" in outcome.err or fault.kind in ("interrupt", "EPIPE")
    told = told or _TOLD.search(outcome.err) is not None
    # On a disk that is gone or full nothing can be put back either: then that is said.
    stuck = fault.kind in STAYING and _STUCK.search(outcome.err)
    if changed and not acted and not (done and told) and not stuck:
        wrong.append(f"half done: {sorted(changed)}, and it says {outcome.err.strip()!r}")
    return wrong


def _wrong_again(
    command: Command, clean: Clean, again: Outcome, after: Files, *, stands: bool
) -> list[str]:
    """Return what is wrong after the command was run once more, without a fault."""
    wrong = []
    if again.crash:
        wrong.append(f"traceback when run again: {again.crash.strip().splitlines()[-1]}")
    refused = stands and command.again and again.code == 2 and command.again in again.err
    if again.code != 0 and not refused:
        wrong.append(f"wrong exit code when run again: {again.code}, {again.err.strip()!r}")
    wrong += _theirs(clean, after)
    wrong += [f"left over: {name}" for name in after if _is_left(name)]
    if _names(_whole(after)) != _names(clean.after):
        differ = _names(_whole(after)) ^ _names(clean.after)
        wrong.append(f"lost when run again: {sorted(differ)}")
    if _count(after) != _count(clean.after):
        wrong.append(f"doubled: {_count(after)} entries instead of {_count(clean.after)}")
    wrong += [
        f"half written when run again: {name}"
        for name, data in after.items()
        if name.endswith(_REPEATED) and not clean.makes_trial and data != clean.after.get(name)
    ]
    return wrong


def _wrong_trials(clean: Clean, place: Path) -> list[str]:
    """Return what is wrong with the logs and trials that are there."""
    wrong = []
    for log in place.rglob(LOG):
        if any(map(_is_left, log.relative_to(place).parts)):
            continue
        name = str(log.relative_to(place))
        before = clean.before.get(name, b"").splitlines()  # a damaged one ends them otherwise
        try:
            read_log(log.parent)
            open_trial(log.parent)
        except Nof1Error as error:
            wrong.append(f"lost: {error}")
            continue
        now = log.read_bytes().splitlines()
        if now[: len(before)] != before:
            wrong.append("lost: entries of before are gone")
        if before and len(now) - len(before) not in (0, clean.entries):
            wrong.append(f"half entry: {len(now) - len(before)} entries of {clean.entries}")
    return wrong


def _theirs(clean: Clean, after: Files) -> list[str]:
    return [
        f"touched: {name}"
        for name, data in clean.before.items()
        if name.endswith(THEIRS) and after.get(name) != data
    ]


def _is_left(name: str) -> bool:
    return any(_LEFT.search(part) for part in Path(name).parts)


def _is_log(name: str) -> bool:
    return Path(name).name == LOG


def _whole(files: Files) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if not _is_left(name)}


def _names(files: Files) -> set[str]:
    """Return the names, less the moment that is part of some."""
    return {_MOMENT.sub("", name) for name in files}


def _last_entries(files: Files) -> list[dict[str, str]]:
    return [
        json.loads(data.splitlines()[-1]) for name, data in _whole(files).items() if _is_log(name)
    ]


def _count(files: Files) -> int:
    """Return how many entries there are in logs."""
    return sum(data.count(b"\n") for name, data in _whole(files).items() if _is_log(name))
