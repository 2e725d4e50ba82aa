"""Pages and reports are replaced as a whole, or what was there stays."""

from pathlib import Path

import pytest

from nof1.reports.files import replace_folder, write_beside


def test_replaces_everything(tmp_path):
    replace_folder(tmp_path / "print", {"old.pdf": b"1"})
    replace_folder(tmp_path / "print", {"new.pdf": b"2"})
    assert {p.name: p.read_bytes() for p in (tmp_path / "print").iterdir()} == {"new.pdf": b"2"}
    assert [p.name for p in tmp_path.iterdir()] == ["print"]


@pytest.mark.parametrize("broken", [1, 2])
def test_what_was_there_stays_when_it_cannot_be_replaced(tmp_path, monkeypatch, broken):
    replace_folder(tmp_path / "print", {"old.pdf": b"1"})
    rename, calls = Path.rename, []

    def failing(self, target):
        calls.append(target)
        if len(calls) == broken:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="No space"):
        replace_folder(tmp_path / "print", {"new.pdf": b"2"})
    monkeypatch.undo()
    assert {p.name: p.read_bytes() for p in (tmp_path / "print").iterdir()} == {"old.pdf": b"1"}
    assert [p.name for p in tmp_path.iterdir()] == ["print"]


def test_writes_beside_other_files_and_leaves_no_half_one(tmp_path):
    (tmp_path / "mine.txt").write_text("stays")
    write_beside(tmp_path, {"a.pdf": b"1"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.pdf", "mine.txt"]


def test_what_breaks_the_blind_is_for_its_owner_alone(tmp_path):
    write_beside(tmp_path, {"packing-sheet.pdf": b"1"})
    assert (tmp_path / "packing-sheet.pdf").stat().st_mode & 0o077 == 0
