import errno
import json
import os
import random
import re
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from nof1.errors import TrialError
from nof1.files import drafts, locks, names
from nof1.provenance import canonical_json, sha256_hex
from nof1.receipts import receipts
from nof1.trial import log as log_module
from nof1.trial.chain import NO_PREVIOUS
from nof1.trial.log import LOG, append, new_log, read_log

NOW = datetime(2026, 2, 1, 10, 30, 5, 999999, tzinfo=timezone(timedelta(hours=1)))
FORMATS = Path(__file__).parents[3] / "docs" / "file-formats.md"
APPENDING = Path(__file__).parents[2] / "support" / "appending.py"


@pytest.fixture
def folder(tmp_path):
    batch = [("protocol", {"name": "p"}), ("design", {"who": "Zoë"})]
    (tmp_path / LOG).write_bytes(new_log(batch, now=NOW)[0])
    return tmp_path


def lines(folder):
    return (folder / LOG).read_text(encoding="utf-8").splitlines()


def test_each_entry_is_chained_to_the_one_before(folder):
    added = append(folder, [("score", {"value": 18}), ("dose", {"taken": 1})], now=NOW)
    entries = read_log(folder)
    assert entries[2:] == added
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    assert entries[0].previous == NO_PREVIOUS == "0" * 64
    assert [e.previous for e in entries[1:]] == [e.hash for e in entries[:-1]]
    assert entries[0].time == "2026-02-01T09:30:05Z"
    assert entries[2].receipt == entries[2].hash[:8]


def test_the_check_in_the_documentation_needs_no_nof1(folder):
    examples = re.findall(r"```python\n(.*?)```", FORMATS.read_text(encoding="utf-8"), re.DOTALL)
    (check,) = [one for one in examples if "log.jsonl" in one]

    def run():
        return subprocess.run([sys.executable, "-I", "-c", check], cwd=folder, capture_output=True)

    assert run().returncode == 0
    log = folder / LOG
    log.write_text(log.read_text(encoding="utf-8").replace("Zoë", "Zoe"), encoding="utf-8")
    assert b"AssertionError: 2" in run().stderr


def test_an_empty_batch_changes_nothing(folder):
    before = (folder / LOG).read_bytes()
    assert append(folder, [], now=NOW) == ()
    assert (folder / LOG).read_bytes() == before


def test_a_missing_log_is_not_begun_anew(tmp_path):
    with pytest.raises(TrialError, match="not a trial folder"):
        append(tmp_path, [("score", {})], now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_time_without_a_zone_is_a_fault_of_the_program(folder):
    with pytest.raises(ValueError, match="time zone"):
        append(folder, [("score", {})], now=datetime(2026, 2, 1))


def test_nothing_is_appended_when_the_log_went_on_meanwhile(folder):
    head = read_log(folder)[-1].hash
    append(folder, [("score", {"value": 1})], now=NOW, head=head)
    with pytest.raises(TrialError, match="at the same moment"):
        append(folder, [("score", {"value": 2})], now=NOW, head=head)
    assert len(read_log(folder)) == 3


def rehashed(line, **changes):
    record = json.loads(line) | changes
    del record["hash"]
    return canonical_json(record | {"hash": sha256_hex(canonical_json(record))})


TAMPERING = {
    "a value changed": (
        lambda a, b, c: [a, b, c.replace('"value":18', '"value":8')],
        3,
        "its content was changed",
    ),
    "a line taken out": (lambda a, _b, c: [a, c], 2, "is numbered 3, not 2"),
    "a line twice": (lambda a, b, c: [a, b, b, c], 3, "is numbered 2, not 3"),
    "lines swapped": (lambda a, b, c: [b, a, c], 1, "is numbered 2, not 1"),
    "a line forged": (
        lambda a, b, c: [a, rehashed(b, body={"who": "X"}), c],
        3,
        "but the hash of the line before",
    ),
    "not JSON": (lambda a, b, _c: [a, b, "hello"], 3, "is not JSON"),
    "deep JSON": (lambda a, b, _c: [a, b, "[" * 100_000], 3, "is not JSON"),
    "NaN": (
        lambda a, b, c: [a, b, c.replace('"value":18', '"value":NaN')],
        3,
        "is not JSON",
    ),
    "a list": (lambda a, b, _c: [a, b, "[1]"], 3, "does not have the fields"),
    "a field more": (
        lambda a, b, c: [a, b, c.replace('"seq"', '"extra":1,"seq"')],
        3,
        "does not have the fields",
    ),
    "a key twice": (
        lambda a, b, c: [a, b, c.replace('"body":', '"body":{"value":3},"body":')],
        3,
        "not in the form nof1 writes",
    ),
    "a body that is no mapping": (
        lambda a, b, c: [a, b, rehashed(c, body=[1])],
        3,
        "not in the form nof1 writes",
    ),
}


@pytest.mark.parametrize(("change", "line", "what"), TAMPERING.values(), ids=TAMPERING.keys())
def test_a_broken_chain_names_the_line_and_what_differs(folder, change, line, what):
    append(folder, [("score", {"value": 18})], now=NOW)
    (folder / LOG).write_text("\n".join(change(*lines(folder))) + "\n", encoding="utf-8")
    for action in (lambda: read_log(folder), lambda: append(folder, [("x", {})], now=NOW)):
        with pytest.raises(TrialError, match=what) as caught:
            action()
        assert caught.value.faults[0].where.endswith(f"{LOG}:line {line}")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\n\n"),
        lambda data: data[:-1],
        lambda data: b"\xef\xbb\xbf" + data,
    ],
    ids=["line ends", "empty lines", "no last line end", "mark"],
)
def test_a_log_whose_form_alone_was_changed_is_named_so(folder, change):
    (folder / LOG).write_bytes(change((folder / LOG).read_bytes()))
    for action in (lambda: read_log(folder), lambda: append(folder, [("x", {})], now=NOW)):
        with pytest.raises(TrialError, match=r"2 are whole, each proven.*Run `nof1 repair"):
            action()


def test_a_cut_line_and_an_emptied_log_are_seen(folder):
    data = (folder / LOG).read_bytes()
    (folder / LOG).write_bytes(data[:-20])
    what = "line 2 is cut off after [0-9]+ bytes; entry 1 is whole, proven by its hash"
    with pytest.raises(TrialError, match=what):
        read_log(folder)
    (folder / LOG).write_bytes(b"")
    with pytest.raises(TrialError, match="line 1: the log is empty"):
        read_log(folder)


def raising(number):
    def refuse(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    return refuse


STEPS = {
    "lock": (locks, "_opened"),
    "draft": (drafts.os, "open"),
    "fsync": (drafts.os, "fsync"),
    "read back": (drafts, "_compare"),
    "rename": (Path, "replace"),
}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO], ids=os.strerror)
@pytest.mark.parametrize("step", STEPS)
def test_a_failure_before_the_log_is_in_place_records_nothing(folder, monkeypatch, step, number):
    before = (folder / LOG).read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(*STEPS[step], raising(number))
        with pytest.raises(TrialError) as caught, receipts() as kept:
            append(folder, [("score", {"value": 18})], now=NOW)
    (fault,) = caught.value.faults
    assert os.strerror(number) in fault.what
    if step != "draft":  # there the log itself could not be read, let alone written
        assert fault.mend.startswith("Nothing was recorded. ")
    assert kept == []
    assert (folder / LOG).read_bytes() == before
    assert {path.name for path in folder.iterdir()} <= {LOG, ".lock"}
    append(folder, [("score", {"value": 18})], now=NOW)
    assert len(read_log(folder)) == 3


def test_a_failure_afterwards_says_what_was_recorded(folder, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(log_module, "sync_folder", raising(errno.EIO))
        with pytest.raises(TrialError, match="the disk did not confirm it") as caught:
            append(folder, [("score", {"value": 18})], now=NOW)
    entry = read_log(folder)[-1]
    assert f"was recorded all the same, receipt {entry.receipt}; do not record it again" in str(
        caught.value
    )
    with monkeypatch.context() as patched:
        patched.setattr(log_module, "sync_folder", raising(errno.EIO))
        with pytest.raises(TrialError, match="All 2 entries were recorded all the same"):
            append(folder, [("score", {"value": 18}), ("dose", {"taken": 1})], now=NOW)


def test_a_rename_that_happened_though_it_was_said_to_fail_counts(folder, monkeypatch):
    replace = Path.replace

    def both(self, target):
        replace(self, target)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "replace", both)
    with pytest.raises(TrialError, match="This was recorded all the same"):
        append(folder, [("score", {"value": 18})], now=NOW)
    assert len(read_log(folder)) == 3


def test_what_another_program_wrote_over_is_not_acknowledged(folder, monkeypatch):
    other = (folder / LOG).read_bytes()
    monkeypatch.setattr(
        log_module, "sync_folder", lambda folder: (folder / LOG).write_bytes(other) and None
    )
    with pytest.raises(TrialError, match="holds something else than was just written"):
        append(folder, [("score", {"value": 18})], now=NOW)


def test_a_half_written_file_of_a_killed_process_is_cleared(folder):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = folder / f".nof1-{names.this_computer()}-{ended.pid}-{'0' * 16}.new"
    left.write_bytes(b'{"seq":1,"ti')
    append(folder, [("score", {"value": 18})], now=NOW)
    assert len(read_log(folder)) == 3
    assert not left.exists()


def test_the_permissions_of_the_log_are_kept(folder):
    (folder / LOG).chmod(0o640)
    append(folder, [("score", {"value": 18})], now=NOW)
    assert (folder / LOG).stat().st_mode & 0o777 == 0o640


def test_a_disk_that_cannot_keep_them_records_nothing_and_says_so(folder, monkeypatch):
    (folder / LOG).chmod(0o640)
    monkeypatch.setattr(Path, "chmod", raising(errno.EPERM))
    with pytest.raises(TrialError, match=r"cannot keep its permissions \(640\)\. Nothing"):
        append(folder, [("score", {"value": 18})], now=NOW)
    assert len(read_log(folder)) == 2


def start_appending(folder, acknowledged, name, count):
    return subprocess.Popen(
        [sys.executable, str(APPENDING), str(folder), str(acknowledged), name, str(count)]
    )


def test_two_writers_wait_for_each_other(folder, tmp_path_factory):
    acknowledged = tmp_path_factory.mktemp("receipts") / "receipts"
    writers = [start_appending(folder, acknowledged, name, 40) for name in ("a", "b")]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    entries = read_log(folder)[2:]
    assert len(entries) == 160
    for name in ("a", "b"):
        numbers = [e.body["number"] for e in entries if e.body["by"] == name]
        assert numbers == [n for n in range(40) for _ in range(2)]


def test_killing_a_writer_at_any_moment_loses_no_acknowledged_entry(folder, tmp_path_factory):
    acknowledged = tmp_path_factory.mktemp("receipts") / "receipts"
    acknowledged.touch()
    waits = random.Random(2026)
    killed_while_writing = rounds = 0
    while rounds < 20 or (killed_while_writing == 0 and rounds < 200):
        rounds += 1
        before = len(read_log(folder))
        writer = start_appending(folder, acknowledged, f"w{rounds}", 100_000)
        deadline = time.monotonic() + 30
        while len(read_log(folder)) == before and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(waits.uniform(0, 0.05))
        writer.kill()
        writer.wait()
        entries = read_log(folder)
        killed_while_writing += any(names.is_left_over(path) for path in folder.iterdir())
        hashes = {entry.hash for entry in entries}
        receipts = acknowledged.read_text().split("\n")[:-1]
        assert hashes.issuperset(receipts)
        assert len(entries) > before
        assert len(entries) % 2 == 0  # batches of two, after the first two entries
    assert killed_while_writing > 0
