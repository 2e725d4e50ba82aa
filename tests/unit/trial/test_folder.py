from datetime import UTC, datetime
from pathlib import Path

import pytest

from nof1.errors import ProtocolError, TrialError
from nof1.files import drafts, reading, replacing
from nof1.protocol.files import parse_protocol
from nof1.trial.folder import create_trial, open_trial, refuse_taken
from nof1.trial.log import append
from nof1.trial.schedule_file import read_schedule, write_schedule
from support.trial_folders import KITS, START, make_trial, promised, short_protocol_text, unsealing


def test_a_trial_is_read_back_as_it_was_made(tmp_path):
    made = make_trial(tmp_path / "t")
    read = open_trial(tmp_path / "t")
    assert read == made
    assert read.protocol_text == short_protocol_text()
    assert read.protocol_digest == read.protocol.digest
    assert [entry.kind for entry in read.entries] == ["protocol", "design", "eligibility"]
    assert read.schedule.participant == "P01"
    assert tuple(p.kit for p in read.schedule.periods) == KITS
    assert (read.commitment, read.emergency) == ("c0" * 32, "112")
    assert not read.locked
    assert read.allocation is None
    assert read.head == read.entries[-1].hash


def test_the_schedule_file_says_what_happens_when(tmp_path):
    trial = make_trial(tmp_path / "t")
    lines = (tmp_path / "t" / "schedule.csv").read_text().splitlines()
    assert lines[0] == "period,cycle,first_day,last_day,kit,visit,scoring_irls,scoring_legs"
    assert lines[1] == "run-in,,2026-02-02,2026-02-08,,,2026-02-08,daily"
    assert lines[2] == "1,1,2026-02-09,2026-02-15,K7QF,2026-02-09,2026-02-15,daily"
    assert len(lines) == 6
    text = write_schedule(trial.schedule)
    assert read_schedule(text, participant="P01", start=START) == trial.schedule


@pytest.mark.parametrize("name", ["protocol.toml", "schedule.csv"])
def test_a_changed_file_is_named(tmp_path, name):
    make_trial(tmp_path / "t")
    path = tmp_path / "t" / name
    path.write_bytes(path.read_bytes() + b"# more\n")
    with pytest.raises(TrialError, match=rf"{name}: the file was changed"):
        open_trial(tmp_path / "t")


def test_every_changed_or_missing_file_is_named_at_once(tmp_path):
    make_trial(tmp_path / "t")
    (tmp_path / "t" / "protocol.toml").unlink()
    (tmp_path / "t" / "schedule.csv").write_text("period\n")
    with pytest.raises(TrialError) as caught:
        open_trial(tmp_path / "t")
    assert [fault.where.rpartition("/")[2] for fault in caught.value.faults] == [
        "protocol.toml",
        "schedule.csv",
    ]


@pytest.mark.parametrize("what", ["missing", "empty folder", "file"])
def test_what_is_no_trial_folder_is_said(tmp_path, what):
    path = tmp_path / "t"
    if what == "empty folder":
        path.mkdir()
    elif what == "file":
        path.write_text("hello")
    with pytest.raises(TrialError, match="this is not a trial folder"):
        open_trial(path)


def test_nothing_is_written_over(tmp_path):
    make_trial(tmp_path / "t")
    before = {path: path.read_bytes() for path in (tmp_path / "t").iterdir()}
    with pytest.raises(TrialError, match="something there already"):
        make_trial(tmp_path / "t")
    assert {path: path.read_bytes() for path in (tmp_path / "t").iterdir()} == before


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "t").mkdir()
    assert make_trial(tmp_path / "t").schedule.start == START


@pytest.mark.parametrize("there", [False, True])
def test_a_trial_that_stands_though_the_disk_failed_is_said_to(tmp_path, monkeypatch, there):
    folder = tmp_path / "t"
    if there:
        folder.mkdir()
    sync, last = replacing.sync_folder, folder if there else tmp_path

    def failing(place):
        if place == last and (folder / "log.jsonl").exists():
            monkeypatch.setattr(Path, "replace", refusing)
            monkeypatch.setattr(Path, "unlink", refusing)
            raise OSError(28, "No space left on device")
        sync(place)

    def refusing(*_args, **_named):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(replacing, "sync_folder", failing)
        with pytest.raises(TrialError, match="The trial was made all the same, receipt") as caught:
            make_trial(folder)
        monkeypatch.undo()
    assert open_trial(folder).entries[-1].receipt in str(caught.value)


def test_the_folder_one_is_in_is_filled(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trial = make_trial(Path())
    assert open_trial(tmp_path).entries == trial.entries
    assert {path.name for path in Path().iterdir()} == {
        "allocation.age",
        "log.jsonl",
        "protocol.toml",
        "schedule.csv",
    }


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in (".lock", ".writing", "log.jsonl", "protocol.toml", "print", "results"):
        folder = make_trial(tmp_path / f"t{name}").folder
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(outside)
        with pytest.raises(TrialError, match=rf"{name}: is a symbolic link\. Put the file or fold"):
            open_trial(folder)


def test_nothing_is_left_when_writing_fails(tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drafts.os, "fsync", full)
    with pytest.raises(TrialError, match="No space left on device"):
        make_trial(tmp_path / "t")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_protocol_writes_nothing(tmp_path):
    schedule = make_trial(tmp_path / "good").schedule
    with pytest.raises(ProtocolError):
        create_trial(
            tmp_path / "bad",
            protocol_text="schema = 1",
            schedule=schedule,
            sealed=b"",
            details={},
            eligibility={},
            now=datetime.now(UTC),
        )
    assert [path.name for path in tmp_path.iterdir()] == ["good"]


def test_the_unsealed_allocation_is_read_from_the_log(tmp_path):
    allocation, commitment = promised("placebo", "magnesium", "magnesium", "placebo")
    trial = make_trial(tmp_path / "t", commitment=commitment)
    batch = [("lock", {"by": "A", "reason": ""}), unsealing(allocation, commitment)]
    append(trial.folder, batch, now=datetime.now(UTC))
    trial = open_trial(trial.folder)
    assert trial.locked
    assert trial.allocation == allocation


def test_the_digest_of_the_protocol_is_that_of_its_content(tmp_path):
    trial = make_trial(tmp_path / "t")
    protocol = parse_protocol(short_protocol_text() + "\n# a remark\n", source="p")
    assert trial.entries[0].body["digest"] == protocol.digest


@pytest.mark.parametrize("name", ["log.jsonl", "protocol.toml", "schedule.csv"])
def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch, name):
    trial = make_trial(tmp_path / "t")
    read = reading.os.open

    def refusing(path, *rest):
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied")
        return read(path, *rest)

    monkeypatch.setattr(reading.os, "open", refusing)
    with pytest.raises(TrialError, match=f"{name}: cannot be read: Permission denied"):
        open_trial(trial.folder)


def test_a_place_that_may_not_be_looked_at_is_refused(tmp_path, monkeypatch):
    def refusing(_self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refusing)
    with pytest.raises(TrialError, match="cannot be read: Permission denied"):
        refuse_taken(tmp_path)
