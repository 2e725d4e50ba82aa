"""The same words open from whatever hand, and weak ones do not seal."""

from __future__ import annotations

import shlex

import pytest

from support import shell
from support.eligible import answered
from support.trial_folders import short_protocol_text


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "my.toml").write_text(short_protocol_text(), encoding="utf-8")
    return tmp_path


def design(folder, *more):
    words = (
        *("design", "my.toml", "--out", "t", "--start", "2026-03-02", "--participant", "P01"),
        *("--passphrase-file", "secret.txt", "--contact", "Dr Berg, 1", *more),
        *answered(folder / "my.toml"),
    )
    return shell.nof1(f"nof1 {shlex.join(words)}", folder)


def test_what_a_file_holds_besides_is_said_and_the_plain_words_open(folder):
    (folder / "secret.txt").write_bytes(b"\xef\xbb\xbftall amber\xc2\xa0kettle wren \r\n")
    made = design(folder)
    assert made.returncode == 0, made.stderr
    assert "the byte-order mark at its start is no part of the passphrase" in made.stderr
    assert "a space at its end, a space no keyboard types" in made.stderr
    assert "takes 256 MiB of memory" in made.stderr
    (folder / "typed.txt").write_text("tall amber kettle wren\n")
    for file in ("secret.txt", "typed.txt"):
        seen = shell.nof1(f"nof1 verify t --passphrase-file {file}", folder)
        assert seen.returncode == 0, seen.stderr
        assert "The seal was opened now" in seen.stdout
        assert "takes 256 MiB of memory" in seen.stderr


def test_a_passphrase_that_can_be_guessed_is_refused_with_all_other_faults(folder):
    (folder / "secret.txt").write_text("Berg-P01-2026\n")
    refused = design(folder, "--start", "2026-02-30")
    assert refused.returncode == 2
    assert "it is what is known about the trial, with little else" in refused.stderr
    assert "'2026-02-30' is no date" in refused.stderr
    assert "Berg-P01" not in refused.stderr
    assert not (folder / "t").exists()
