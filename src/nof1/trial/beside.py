"""Files beside those of a trial that a cloud drive, an editor or a copy left there.

Two computers that record at once into a folder kept alike by a cloud drive end in two logs, one of
them under another name: what only that one holds is in no analysis. So it is looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nof1.errors import Fault, TrialError
from nof1.files.reading import read_file
from nof1.trial.chain import hashes
from nof1.trial.folder import PROTOCOL, SCHEDULE, SEALED, Trial
from nof1.trial.log import LOG
from nof1.trial.restoring import LARGEST, restored_log
from nof1.words.numbers import counted

#: How programs name the file that says that they have another one open.
_OPEN_BEGINS, _OPEN_ENDS = ("~$", ".~", ".#"), (".swp", ".swo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A file that looks like a copy of one of the trial's own.

    Attributes
    ----------
    file : str
        Its name.
    said : str
        What it is, as far as its content tells.
    lacking : int
        Entries it holds that the log lacks.
    """

    file: str
    said: str
    lacking: int


def beside(trial: Trial) -> tuple[Beside, ...]:
    """Return what looks like a copy of a file of the trial, or like its being open elsewhere."""
    return tuple(_beside(trial))


def lacking_fault(trial: Trial) -> Fault | None:
    """Return a fault when a copy of the log holds entries that the log lacks, or None."""
    lacking = [record for record in beside(trial) if record.lacking]
    if not lacking:
        return None
    first = lacking[0]
    return Fault(
        str(trial.folder / first.file),
        first.said.removeprefix(f"{first.file} ").removesuffix("."),
        "Record them again from paper or from that file; then move it out of the folder.",
    )


def _beside(trial: Trial) -> Iterator[Beside]:
    try:
        paths = sorted(trial.folder.iterdir())
    except OSError:
        return
    for path in paths:
        for own in (LOG, PROTOCOL, SCHEDULE, SEALED):
            if _looks_like(path.name, own) and path.is_file() and not path.is_symlink():
                yield _how_it_lies(trial, path, own)


def _looks_like(name: str, own: str) -> bool:
    """Return whether a name is that of a copy of our file: its stem first, its ending later."""
    if name == own:
        return False
    if name == f"~${own[2:]}":  # how Excel marks a long name
        return True
    stem, _, ending = own.partition(".")
    plain = name.lstrip(".~$#").removeprefix("lock.").lower()
    rest = plain.removeprefix(stem)
    return rest != plain and not rest[:1].isalpha() and f".{ending}" in rest


def _how_it_lies(trial: Trial, path: Path, own: str) -> Beside:
    if path.name.startswith(_OPEN_BEGINS) or path.name.endswith(_OPEN_ENDS):
        said = (
            f"{path.name}: {own} is open in another program, or was when that ended; close it "
            "there without saving."
        )
        return Beside(file=path.name, said=said, lacking=0)
    try:
        mine, theirs = read_file(trial.folder / own), read_file(path)
    except (OSError, TrialError):
        said = f"{path.name} looks like a copy of {own}, and cannot be read."
        return Beside(file=path.name, said=said, lacking=0)
    if mine == theirs:
        said = f"{path.name} is a copy of {own}, the same in every byte."
        return Beside(file=path.name, said=said, lacking=0)
    if own != LOG or len(theirs) > LARGEST:
        said = f"{path.name} looks like a copy of {own}, and differs from it."
        return Beside(file=path.name, said=said, lacking=0)
    return _told_log(trial, path.name, theirs)


def _told_log(trial: Trial, name: str, data: bytes) -> Beside:
    """Return what a log under another name holds beside the trial's own."""
    log = restored_log(data)
    if not log.entries:
        said = f"{name} looks like a copy of {LOG}, and holds no entry that can be proven."
        return Beside(file=name, said=said, lacking=0)
    theirs, mine = hashes(log.data), [entry.hash for entry in trial.entries]
    shared = next(
        (n for n, (line, other) in enumerate(zip(theirs, mine, strict=False)) if line != other),
        min(len(theirs), len(mine)),
    )
    lacking = len(theirs) - shared
    if not lacking:
        said = f"{name} is an earlier state of {LOG}: its {shared} entries are the first there."
        return Beside(file=name, said=said, lacking=0)
    said = (
        f"{name} is another log of this trial: it has the first {shared} entries of {LOG}, then "
        f"{counted(lacking, 'entry')} that {LOG} lacks."
        if shared
        else f"{name} is the log of another trial, or of this one begun anew."
    )
    return Beside(file=name, said=said, lacking=lacking if shared else 0)
