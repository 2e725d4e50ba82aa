"""Files are written whole or not at all, and nothing of anybody else's is touched."""

import errno
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from nof1.errors import InputError, TrialError, mendable, system_fault
from nof1.files import drafts, locks, names, replacing
from nof1.files.drafts import write_draft
from nof1.files.locks import CLAIM, LOCK, sole_writer
from nof1.files.names import clear_leftovers
from nof1.files.reading import read_file
from nof1.files.replacing import (
    StandsError,
    clear_unfinished,
    fill_empty,
    fill_folder,
    new_folder,
    replace_files,
)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def full(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def ended_process():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def left_over(folder, *, computer=None, process=None):
    computer, process = computer or names.this_computer(), process or ended_process()
    return folder / f".nof1-{computer}-{process}-{'a' * 16}.new"


def test_a_new_folder_that_can_be_neither_confirmed_nor_taken_back_is_said(tmp_path, monkeypatch):
    def gone(_folder):
        monkeypatch.setattr(Path, "replace", full)
        full()

    monkeypatch.setattr(
        replacing, "sync_folder", lambda _: monkeypatch.setattr(replacing, "sync_folder", gone)
    )
    with pytest.raises(InputError, match=r"did not let these be put back: a, b\. Make room"):
        replace_files(tmp_path / "new", {"a": b"1", "b": b"2"})
    assert contents(tmp_path / "new") == {"a": b"1", "b": b"2"}


def test_what_the_disk_does_not_let_be_put_back_is_named(tmp_path, monkeypatch):
    replace_files(tmp_path, {"a": b"1", "b": b"1"})
    put, gone = replacing.put, []

    def failing(draft, place):
        if place.name == "b":
            gone.append(place)
            monkeypatch.setattr(Path, "replace", full)
            full()
        put(draft, place)

    monkeypatch.setattr(replacing, "put", failing)
    with pytest.raises(InputError, match=r"did not let these be put back: a\. Make room") as caught:
        replace_files(tmp_path, {"a": b"2", "b": b"2"})
    assert "Nothing was changed" not in str(caught.value)
    assert gone


def test_an_error_of_the_system_names_path_reason_and_mend():
    error = OSError(errno.ENOSPC, "No space left on device", "/there/log.jsonl")
    assert str(system_fault(error)) == (
        "/there/log.jsonl: could not be used: No space left on device. "
        "Make room there, then run the command again."
    )
    assert str(system_fault(OSError(errno.EIO, "Input/output error"), doing="cannot be read")) == (
        "a file cannot be read: Input/output error. "
        "Check the disk and its connection, and keep a copy of your files elsewhere."
    )
    assert mendable(error)
    assert not mendable(OSError(errno.EBADF, "Bad file descriptor"))


def test_a_draft_is_read_back(tmp_path, monkeypatch):
    draft = write_draft(tmp_path, (part for part in (b"one", b"two")))
    assert draft.read_bytes() == b"onetwo"
    assert names._FORM.fullmatch(draft.name)
    monkeypatch.setattr(drafts.os, "fsync", lambda handle: os.ftruncate(handle, 2))
    with pytest.raises(OSError, match="gave back something else"):
        write_draft(tmp_path, b"three")
    assert list(tmp_path.iterdir()) == [draft]


def test_no_link_is_followed_and_no_pipe_waited_for(tmp_path):
    (tmp_path / "outside").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "outside")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(TrialError, match="is a symbolic link"):
        read_file(tmp_path / "link")
    with pytest.raises(TrialError, match="is no plain file"):
        read_file(tmp_path / "pipe")
    drafts.put(write_draft(tmp_path, b"new"), tmp_path / "link")
    assert (tmp_path / "outside").read_bytes() == b"mine"
    assert (tmp_path / "link").read_bytes() == b"new"


def test_what_others_made_stays(tmp_path):
    pages = tmp_path / "print"
    assert replace_files(pages, {"a.pdf": b"1", "b.pdf": b"1"}) == (
        pages / "a.pdf",
        pages / "b.pdf",
    )
    (pages / "notes.txt").write_bytes(b"mine")
    replace_files(pages, {"a.pdf": b"2"}, earlier=("a.pdf", "b.pdf", "c.pdf"))
    assert contents(pages) == {"a.pdf": b"2", "notes.txt": b"mine"}


def test_a_file_of_somebody_else_under_one_of_the_names_is_not_replaced(tmp_path):
    pages = tmp_path / "pages"
    replace_files(pages, {"a.pdf": b"ours 1", "b.pdf": b"ours 1"}, mark=b"ours")
    replace_files(pages, {"a.pdf": b"ours 2", "b.pdf": b"ours 2"}, mark=b"ours")
    (pages / "b.pdf").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"b\.pdf: is no file that nof1 made\. Move it away"):
        replace_files(pages, {"a.pdf": b"ours 3", "b.pdf": b"ours 3"}, mark=b"ours")
    assert contents(pages) == {"a.pdf": b"ours 2", "b.pdf": b"mine"}
    assert list(tmp_path.iterdir()) == [pages]


@pytest.mark.parametrize("broken", range(1, 4))
def test_when_one_file_fails_all_are_as_before(tmp_path, monkeypatch, broken):
    replace_files(tmp_path / "p", {"a": b"1", "c": b"1"})
    replace, calls = Path.replace, []

    def failing(self, target):
        if Path(target).name in "abc" and self.name.startswith(".nof1"):
            calls.append(target)
            if len(calls) == broken:
                raise OSError(errno.EIO, "Input/output error")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(InputError, match=r"p: could not be written: Input.* Nothing was changed"):
        replace_files(tmp_path / "p", {"a": b"2", "b": b"2", "c": b"2"})
    monkeypatch.undo()
    assert contents(tmp_path / "p") == {"a": b"1", "c": b"1"}


def test_a_folder_is_made_whole_or_not_at_all(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(replacing, "sync_folder", full)
        with pytest.raises(InputError, match="No space left on device"):
            replace_files(tmp_path / "deep" / "new", {"a": b"1"})
    assert list((tmp_path / "deep").iterdir()) == []
    fill_folder(tmp_path / "private", {"a": b"1"}, private=True)
    assert (tmp_path / "private").stat().st_mode & 0o077 == 0
    assert (tmp_path / "private" / "a").stat().st_mode & 0o077 == 0


def test_what_stands_in_the_way_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file: is a file"):
        replace_files(tmp_path / "file", {"a": b"1"})
    (tmp_path / "folder" / "a").mkdir(parents=True)
    with pytest.raises(InputError, match="a: is a folder"):
        replace_files(tmp_path / "folder", {"a": b"1"})
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    with pytest.raises(InputError, match="link: is a symbolic link"):
        replace_files(tmp_path / "link", {"a": b"1"})


def test_drafts_of_ended_programs_are_cleared_and_no_others(tmp_path):
    mine = write_draft(tmp_path, b"in use")
    running = left_over(tmp_path, process=os.getppid())
    elsewhere = left_over(tmp_path, computer="00000000")
    ended, folder = left_over(tmp_path), left_over(tmp_path)
    others = tmp_path / ".nof1-notes.new"
    for path in (running, elsewhere, others, ended):
        path.write_bytes(b"1")
    folder.mkdir()
    (folder / "half").touch()
    clear_leftovers(tmp_path)
    assert {*tmp_path.iterdir()} == {mine, running, elsewhere, others}
    os.utime(elsewhere, (0, 0))
    clear_leftovers(tmp_path)
    assert {*tmp_path.iterdir()} == {mine, running, others}


@pytest.mark.parametrize("there", [False, True])
def test_a_new_folder_is_filled_at_the_end_or_not_at_all(tmp_path, there):
    target = tmp_path / "new"
    if there:
        target.mkdir()

    def fill(folder):
        (folder / "a").write_bytes(b"1")
        (folder / "b").mkdir()
        (folder / "b" / "c").write_bytes(b"1")

    def fail(folder):
        fill(folder)
        assert not (target / "a").exists()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), new_folder(target) as half:
        fail(half)
    assert list(tmp_path.iterdir()) == ([target] if there else [])
    with new_folder(target) as half:
        fill(half)
    assert sorted(path.name for path in target.rglob("*")) == ["a", "b", "c"]


def test_an_empty_folder_is_filled_or_stays_empty(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(replacing, "sync_folder", full)
        with pytest.raises(OSError, match="No space"):
            fill_empty(tmp_path, {"a": b"1", "last": b"2"})
    assert list(tmp_path.iterdir()) == []
    fill_empty(tmp_path, {"a": b"1", "last": b"2"})
    assert {path.name for path in tmp_path.iterdir()} == {"a", "last"}


def test_a_draft_that_stands_is_not_the_folder(tmp_path, monkeypatch):
    def standing(half, target):
        half.replace(target)
        raise StandsError(errno.EIO, "Input/output error", str(target))

    monkeypatch.setattr(replacing, "_name", standing)
    with pytest.raises(OSError, match="Input/output error") as caught:
        fill_empty(tmp_path, {"a": b"1", "last": b"2"})
    assert not isinstance(caught.value, StandsError)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_half_filled_by_a_killed_program_is_emptied(tmp_path):
    half = left_over(tmp_path)
    half.mkdir()
    for name in ("a", "b", "c", "last"):
        (half / name).write_bytes(b"1")
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"of the user")
    clear_unfinished(tmp_path, "last")
    assert contents(tmp_path) == {"b": b"of the user"}
    assert not half.exists()


def no_locks(_handle):
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


LOCKS = {
    "locks": locks._lock,
    "no locks": no_locks,
    "locks that hold nobody": lambda _handle: None,
}


@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS.keys())
def test_a_second_writer_is_refused(tmp_path, monkeypatch, lock):
    monkeypatch.setattr(locks, "_lock", lock)
    monkeypatch.setattr(locks, "PATIENCE", 0.05)
    with sole_writer(tmp_path):
        with pytest.raises(TrialError, match="another program") as caught, sole_writer(tmp_path):
            pass
        assert "Nothing was recorded by this command" in str(caught.value)
    with sole_writer(tmp_path) as refuse_lost:
        refuse_lost()
    assert not (tmp_path / CLAIM).exists()


def test_locks_are_known_to_hold_others_away(tmp_path, monkeypatch):
    for name, holds in zip(LOCKS, (True, False, False), strict=True):
        with monkeypatch.context() as patched, ExitStack() as stack:
            patched.setattr(locks, "_lock", LOCKS[name])
            assert locks._locked(tmp_path / ".lock", stack, 0.0) is holds


def claim(computer, process, token="0" * 32):
    return f"{computer} {process} {token}\n"


def test_a_claim_of_an_ended_program_is_taken_away(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "_lock", no_locks)
    monkeypatch.setattr(locks, "_NAMELESS", 0.05)
    (tmp_path / CLAIM).write_text(claim(names.this_computer(), ended_process()))
    with sole_writer(tmp_path):
        pass
    (tmp_path / CLAIM).write_text("")  # killed before it could write its name
    with sole_writer(tmp_path):
        pass
    (tmp_path / CLAIM).write_text(claim("00000000", 1))
    os.utime(tmp_path / CLAIM, (0, 0))
    with sole_writer(tmp_path):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {".lock"}


@pytest.mark.parametrize(
    ("found", "who"),
    [
        (claim(names.this_computer(), os.getppid()), rf"program \(process {os.getppid()}\)"),
        (claim("00000000", 7), r"another program of another computer \(process 7\)"),
    ],
)
def test_a_claim_of_a_running_program_stays(tmp_path, monkeypatch, found, who):
    monkeypatch.setattr(locks, "_lock", no_locks)
    monkeypatch.setattr(locks, "PATIENCE", 0.05)
    (tmp_path / CLAIM).write_text(found)
    with pytest.raises(TrialError, match=who), sole_writer(tmp_path):
        pass
    assert (tmp_path / CLAIM).read_text() == found


def test_a_writer_whose_claim_was_taken_gives_up(tmp_path):
    with sole_writer(tmp_path) as refuse_lost:
        (tmp_path / CLAIM).write_text(claim("00000000", 7))
        with pytest.raises(TrialError, match="another program began to write there"):
            refuse_lost()
    assert (tmp_path / CLAIM).read_text() == claim("00000000", 7)


def test_a_claim_made_meanwhile_is_put_back(tmp_path):
    live = claim(names.this_computer(), os.getpid(), "1" * 32)
    (tmp_path / CLAIM).write_text(live)
    locks._take_away(tmp_path / CLAIM, claim(names.this_computer(), 1))
    assert contents(tmp_path) == {CLAIM: live.encode()}


@pytest.mark.parametrize("name", [LOCK, CLAIM])
def test_a_folder_where_a_lock_goes_is_named(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(TrialError) as caught, sole_writer(tmp_path):
        pass
    (fault,) = caught.value.faults
    assert (fault.where, fault.mend) == (str(tmp_path / name), "Remove it.")
    (tmp_path / name).rmdir()
    with sole_writer(tmp_path):
        pass


def test_what_takes_the_place_of_a_link_is_not_for_everybody_to_write(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "nowhere")
    replace_files(tmp_path, {"a": b"new", "b": b"new"})
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode
