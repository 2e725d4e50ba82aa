"""New files, files replaced and new folders: whole and on the disk before they have their names."""

import os
from pathlib import Path

import pytest

from nof1.errors import InputError
from nof1.files.drafts import write_draft
from nof1.files.new_file import write_new
from nof1.files.replacing import new_folder, replace_files


def test_a_new_file_is_whole_or_not_there(tmp_path):
    path = tmp_path / "a.jsonl"

    def lines():
        yield "one"
        raise InputError(())

    with pytest.raises(InputError):
        write_new(path, lines())
    assert list(tmp_path.iterdir()) == []
    write_new(path, ["one", "two"])
    write_new(path, ["one", "two"])
    assert path.read_bytes() == b"one\ntwo\n"
    with pytest.raises(InputError, match="something else already"):
        write_new(path, ["one"])
    assert [one.name for one in tmp_path.iterdir()] == ["a.jsonl"]


def test_a_folder_is_no_name_for_a_new_file(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        write_new(tmp_path, ["one"])


def _filled(path):
    with new_folder(path) as half:
        write_draft(half, b"one").replace(half / "a")


@pytest.mark.parametrize(
    "write",
    [
        lambda folder: write_new(folder / "a", ["one"]),
        lambda folder: replace_files(folder, {"a": b"one", "b": b"two"}),
        lambda folder: replace_files(folder / "made", {"a": b"one"}),
        lambda folder: _filled(folder / "made"),
    ],
    ids=["new file", "files replaced", "files of a new folder", "new folder"],
)
def test_what_is_written_is_forced_to_the_disk_before_and_after_it_has_its_name(
    write, tmp_path, monkeypatch
):
    (tmp_path / "b").write_bytes(b"before")
    done, fsync, replace = [], os.fsync, Path.replace

    def forced(handle):
        done.append("forced")
        fsync(handle)

    def named(path, target):
        done.append("named")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", forced)
    monkeypatch.setattr(Path, "replace", named)
    write(tmp_path)
    assert done[0] == "forced"
    assert "named" in done
    assert done[-1] == "forced"
