"""Whatever fails ends in one sentence and an exit code, and says what was recorded all the same."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nof1.cli import main
from nof1.cli.main import _said
from nof1.errors import Fault, InputError, Nof1Error
from nof1.trial.log import read_log
from support.trial_folders import make_trial

RECORD = ("record", "trial", "dose", "yes", "--date", "2026-02-16")


@pytest.mark.parametrize(
    ("error", "said", "code"),
    [
        (
            OSError(errno.EACCES, os.strerror(errno.EACCES), "/there/one.json"),
            "/there/one.json: could not be used: Permission denied. Allow it for your account, or "
            "choose another place.",
            2,
        ),
        (
            OSError(errno.EBADF, os.strerror(errno.EBADF)),
            "a file could not be used: Bad file descriptor. Mend that, then run the command again.",
            1,
        ),
        (
            MemoryError(),
            "the memory ran out. Close other programs, or ask for less at once.",
            2,
        ),
        (
            ModuleNotFoundError("No module named 'typst'", name="typst"),
            "a part of nof1's installation cannot be read: typst. Check the disk it is on, or "
            "install nof1 again.",
            2,
        ),
        (InputError(Fault("a", "is b", "Write c.")), "a: is b. Write c.", 2),
        (Nof1Error("this must not be"), "this must not be", 1),
    ],
)
def test_every_error_ends_in_one_sentence_and_a_code(error, said, code):
    assert _said(error) == ([said], code)


def nof1(folder, *words, stdout):
    return subprocess.run(
        [sys.executable, "-m", "nof1", *words],
        cwd=folder,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


def test_who_cannot_print_the_receipt_says_that_it_was_recorded(tmp_path):
    make_trial(tmp_path / "trial")
    with Path("/dev/full").open("w") as full:
        done = nof1(tmp_path, *RECORD, stdout=full)
    receipt = read_log(tmp_path / "trial")[-1].receipt
    assert (done.returncode, done.stderr) == (
        2,
        "nof1: standard output: cannot be written: No space left on device. Make room there, then "
        "run the command again.\n"
        f"nof1: trial/log.jsonl: this was recorded all the same, receipt {receipt}; do not record "
        "it again.\n",
    )


def test_a_reader_that_has_seen_enough_is_told_nothing(tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    done = nof1(tmp_path, "protocols", stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (2, "")


def test_an_error_nobody_caught_is_told_with_its_receipt(tmp_path, monkeypatch, capsys):
    trial = make_trial(tmp_path / "trial")
    monkeypatch.chdir(tmp_path)

    def failing(*_args):
        raise OSError(errno.EIO, os.strerror(errno.EIO), "somewhere")

    monkeypatch.setattr("nof1.workflow.record.say_context", failing)
    monkeypatch.setattr(sys, "argv", ["nof1", *RECORD])
    with pytest.raises(SystemExit) as ended:
        main()
    lines = capsys.readouterr().err.splitlines()
    assert ended.value.code == 2
    assert lines[0].startswith("nof1: somewhere: could not be used: Input/output error. Check")
    assert read_log(trial.folder)[-1].receipt in lines[1]
