"""Writing several files of a folder: all of them or none, and nothing of anybody else's."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from nof1.errors import Fault, InputError, system_fault
from nof1.files.drafts import drop, keep_mode, put, sync_folder, write_draft
from nof1.files.names import clear_leftovers, draft_name, forget, is_left_over
from nof1.files.reading import refuse_links

_NOTHING = "Nothing was changed there."


class StandsError(OSError):
    """A new folder got its name, and neither could it be confirmed nor taken back."""


def replace_files(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    earlier: Collection[str] = (),
    private: bool = False,
    mark: bytes = b"",
) -> tuple[Path, ...]:
    """Write files into a folder and return them; what else is there stays.

    All are written beside first and then renamed one by one; when one fails, those of before are
    put back. A folder that is not there yet is made with all of them in one step.

    Parameters
    ----------
    folder : Path
        Made if there is none, and its parents too.
    files : mapping of str to bytes
        Contents by file name.
    earlier : collection of str
        Names that an earlier run of this command may have made: those that are not made again are
        removed once the new files stand.
    private : bool
        Whether what is new is for its owner alone.
    mark : bytes
        What every file of ours holds. A file without it is somebody else's and is not replaced.

    Raises
    ------
    InputError
        If somebody else's file has one of the names.
        If the folder or a file cannot be written; everything is as it was before, but for what the
        message names when the disk fails twice.
    """
    refuse_links(folder)
    _refuse_folders(folder, files)
    _refuse_others(folder, files, mark)
    clear_leftovers(folder.absolute().parent)
    clear_leftovers(folder)
    try:
        if folder.exists():
            _replace(folder, files, private=private)
        else:
            fill_folder(folder, files, private=private)
    except StandsError as error:
        raise InputError(_unwritten(folder, error, _not_back(files))) from error
    except OSError as error:
        raise InputError(_unwritten(folder, error)) from error
    for name in set(earlier) - set(files):
        with suppress(OSError):  # it is only out of date
            (folder / name).unlink()
    return tuple(folder / name for name in files)


def fill_folder(folder: Path, files: Mapping[str, bytes], *, private: bool = False) -> None:
    """Make a folder that is not there yet, with files in it: the whole folder, or nothing.

    Raises
    ------
    OSError
        If it cannot be made; nothing is left.
    """
    with new_folder(folder, private=private) as half:
        for name, data in files.items():
            draft = write_draft(half, data, mode=0o600 if private else 0o666)
            put(draft, half / name)
        sync_folder(half)


@contextmanager
def new_folder(folder: Path, *, private: bool = False) -> Iterator[Path]:
    """Make a folder that is not there yet, or empty: it is filled when all that goes in is written.

    Yields
    ------
    Path
        Where to write meanwhile.

    Raises
    ------
    OSError
        If it cannot be made; nothing is left then, and nothing when what is done inside fails.
    """
    target = folder.absolute()
    there = target.exists()
    target.parent.mkdir(parents=True, exist_ok=True)
    place = target if there else target.parent
    clear_leftovers(place)
    half = place / draft_name()
    try:
        half.mkdir(mode=0o700 if private else 0o777)
        yield half
        if there:
            _move_up(half)
        else:
            _name(half, target)
    finally:
        shutil.rmtree(half, ignore_errors=True)
        forget(half.name)


def _name(half: Path, target: Path) -> None:
    """Give a folder its name; OSError if it cannot be, and then it has the old one.

    `StandsError` if the disk, failing twice, lets it have neither taken back nor confirmed.
    """
    named = False
    try:
        put(half, target)
        named = True
        sync_folder(target.parent)
    except BaseException as error:
        try:
            if not half.exists():
                target.replace(half)
        except OSError:
            if named and isinstance(error, OSError):
                raise StandsError(error.errno, error.strerror, str(target)) from error
        raise


def _move_up(half: Path) -> None:
    """Move what is in a folder into that around it: all of it, or nothing."""
    moved: list[Path] = []
    try:
        for path in sorted(half.iterdir()):
            moved.append(half.parent / path.name)
            path.replace(moved[-1])
        sync_folder(half.parent)
    except BaseException:
        for path in moved:
            with suppress(OSError):
                path.replace(half / path.name)
        raise


def fill_empty(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that is there and empty: all of them, or nothing.

    The last file counts: until it is there, the others are known for unfinished by the draft
    beside them, and `clear_unfinished` removes them.

    Raises
    ------
    OSError
        If one cannot be written; nothing is left. `StandsError` if the last is there all the same.
    """
    half = folder / draft_name()
    placed: list[Path] = []
    stuck: list[Path] = []
    complete = False
    try:
        fill_folder(half, files)
        for name, data in files.items():
            draft = write_draft(folder, data)
            placed.append(folder / name)
            put(draft, folder / name)
        complete = True
        sync_folder(folder)
    except BaseException as error:
        stuck = [path for path in reversed(placed) if not _removed(path)]
        if complete and placed[-1] in stuck and isinstance(error, OSError):
            raise StandsError(error.errno, error.strerror, str(folder)) from error
        if isinstance(error, StandsError):  # that was the draft, not the folder
            raise OSError(error.errno, error.strerror, str(folder)) from error
        raise
    finally:
        if not stuck:  # or it shows the next command what is unfinished
            shutil.rmtree(half, ignore_errors=True)
        forget(half.name)


def _removed(path: Path) -> bool:
    """Remove a file, and return whether it is away."""
    try:
        if path.exists():
            path.unlink()
    except OSError:
        return False
    return True


def clear_unfinished(folder: Path, last: str) -> None:
    """Remove what a killed program left when it filled an empty folder up to the file `last`."""
    with suppress(OSError):
        halves = [path for path in folder.iterdir() if is_left_over(path) and path.is_dir()]
        copies = [path for half in halves for path in half.iterdir()]
        for copy in copies if not (folder / last).exists() else ():
            path = folder / copy.name
            if path.is_file() and path.read_bytes() == copy.read_bytes():
                path.unlink()
    clear_leftovers(folder)


@dataclass(frozen=True, slots=True)
class _Step:
    """One file on its way: its draft, its place, and where the file of before is kept."""

    draft: Path
    place: Path
    before: Path | None


def _replace(folder: Path, files: Mapping[str, bytes], *, private: bool) -> None:
    """Write files into a folder that is there; OSError if one fails, all as it was before."""
    drafts: dict[str, Path] = {}
    kept: list[Path] = []
    done: list[_Step] = []
    try:
        for name, data in files.items():
            drafts[name] = write_draft(folder, data, mode=0o600 if private else 0o666)
            if not private:
                keep_mode(drafts[name], folder / name)
        steps = [_Step(drafts[name], folder / name, _kept(folder / name, kept)) for name in files]
        for step in steps:
            done.append(step)  # before the rename: it may be done though it is said to fail
            put(step.draft, step.place)
        sync_folder(folder)
    except BaseException as error:
        new = [step.place.name for step in reversed(done) if not _undo(step)]
        if new and isinstance(error, OSError):
            raise InputError(_unwritten(folder, error, _not_back(new))) from error
        raise
    finally:
        for draft in (*drafts.values(), *kept):
            drop(draft)


def _kept(place: Path, kept: list[Path]) -> Path | None:
    """Return a second name of the file at a place, under which it outlives being replaced."""
    if not place.exists() or place.is_symlink():
        return None
    before = place.parent / draft_name()
    kept.append(before)
    try:
        os.link(place, before)
    except OSError:  # this disk has no second names
        shutil.copy2(place, before)
    return before


def _undo(step: _Step) -> bool:
    """Put back what was at a place before, and return whether the disk still lets us."""
    try:
        if step.draft.exists():  # it never took its place
            return True
        if step.before is None:
            step.place.unlink(missing_ok=True)
        else:
            step.before.replace(step.place)
    except OSError:
        return False
    return True


def _refuse_folders(folder: Path, files: Mapping[str, bytes]) -> None:
    """Raise an `InputError` if a folder has the name of a file, or a file that of the folder."""
    try:
        if folder.exists() and not folder.is_dir():
            raise InputError(Fault(str(folder), "is a file", "Move it: a folder goes there."))
        faults = [
            Fault(str(folder / name), "is a folder", "Move it: a file goes there.")
            for name in files
            if (folder / name).is_dir() and not (folder / name).is_symlink()
        ]
    except OSError as error:
        raise InputError(_unwritten(folder, error)) from error
    if faults:
        raise InputError(faults)


def _refuse_others(folder: Path, files: Mapping[str, bytes], mark: bytes) -> None:
    """Raise an `InputError` if a file that would be replaced does not hold our mark."""
    places = (folder / name for name in files)
    try:
        faults = [
            Fault(str(place), "is no file that nof1 made", "Move it away, or give it another name.")
            for place in places
            if place.is_file() and not place.is_symlink() and mark not in place.read_bytes()
        ]
    except OSError as error:
        raise InputError(_unwritten(folder, error)) from error
    if faults:
        raise InputError(faults)


def _unwritten(folder: Path, error: OSError, then: str = _NOTHING) -> Fault:
    return system_fault(error, folder, doing="could not be written", then=then)


def _not_back(names: Iterable[str]) -> str:
    return f"The disk did not let these be put back: {', '.join(sorted(names))}."
