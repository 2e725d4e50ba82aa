"""What a file was before its form was changed is found again by its hash, and nothing else is."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nof1.provenance import sha256_hex
from nof1.trial.log import new_log
from nof1.trial.restoring import restored, restored_log

TEXT = 'title = "Größe"\ncycles = 3\n\n[dose]\nunits = 2\n'.encode()
NOW = datetime(2026, 2, 1, tzinfo=UTC)
LOG, _ = new_log(
    [("protocol", {"name": "Größe"}), ("score", {"value": 1.5, "note": "a\u2028b"}), ("lock", {})],
    now=NOW,
)
MARK = b"\xef\xbb\xbf"

#: What mail, editors and version control do to a text that was written with plain line ends.
CHANGES = {
    "line ends of Windows": (lambda b: b.replace(b"\n", b"\r\n"), "its line ends were changed"),
    "line ends of old Macs": (lambda b: b.replace(b"\n", b"\r"), "its line ends were changed"),
    "a mark": (lambda b: MARK + b, "a byte-order mark or another encoding was given to it"),
    "UTF-16": (
        lambda b: b.decode().encode("utf-16"),
        "a byte-order mark or another encoding was given to it",
    ),
    "no last line end": (lambda b: b[:-1], "the end of its last line was changed"),
    "one line end more": (lambda b: b + b"\n", "the end of its last line was changed"),
    "blanks": (lambda b: b.replace(b"\n", b"  \n"), "blanks were added at ends of lines"),
    "mark and line ends": (
        lambda b: MARK + b.replace(b"\n", b"\r\n"),
        "a byte-order mark or another encoding was given to it and its line ends were changed",
    ),
}


@pytest.mark.parametrize(("change", "damage"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_of_form_is_undone_and_named(change, damage):
    found = restored(change(TEXT), sha256_hex(TEXT))
    assert found is not None
    assert (found.data, found.damage) == (TEXT, damage)


def test_line_ends_of_windows_in_a_seal_are_undone_though_it_holds_any_byte():
    seal = b"age-encryption.org/v1\n" + bytes(range(256)) + b"\r7\n"
    found = restored(seal.replace(b"\n", b"\r\n"), sha256_hex(seal))
    assert found is not None
    assert (found.data, found.damage) == (seal, "its line ends were changed")


def test_the_encoding_of_windows_is_undone():
    found = restored(TEXT.decode().encode("cp1252"), sha256_hex(TEXT))
    assert found is not None
    assert found.data == TEXT


def test_a_file_written_with_line_ends_of_windows_is_given_them_back():
    windows = TEXT.replace(b"\n", b"\r\n")
    found = restored(TEXT, sha256_hex(windows))
    assert found is not None
    assert found.data == windows


def test_a_binary_file_sent_as_text_is_put_back():
    seal = b"age-encryption.org/v1\n\x00\x9f\n\xff--- x\n"
    found = restored(seal.replace(b"\n", b"\r\n"), sha256_hex(seal))
    assert found is not None
    assert found.data == seal


@pytest.mark.parametrize("change", [b"cycles = 4", b"cycles=3", b"cycles = 3 # more"])
def test_a_change_of_content_is_never_undone(change):
    assert restored(TEXT.replace(b"cycles = 3", change), sha256_hex(TEXT)) is None
    assert restored(b"", sha256_hex(TEXT)) is None


@given(st.binary(max_size=200))
def test_what_is_found_always_has_the_digest(data):
    for digest in (sha256_hex(TEXT), sha256_hex(data + b"\n")):
        found = restored(data, digest)
        assert found is None or sha256_hex(found.data) == digest


@pytest.mark.parametrize(("change", "damage"), CHANGES.values(), ids=CHANGES.keys())
def test_a_log_proves_itself_whatever_its_form(change, damage):
    found = restored_log(change(LOG))
    assert (found.data, found.entries, found.rest, found.torn) == (LOG, 3, b"", False)
    assert found.damage == damage


def test_a_log_laid_out_by_an_editor_proves_itself():
    pretty = "\n".join(json.dumps(json.loads(line), indent=2) for line in LOG.splitlines())
    found = restored_log(pretty.encode())
    assert (found.data, found.damage) == (LOG, "its entries were laid out in another way")


def test_a_whole_log_is_left_as_it_is():
    found = restored_log(LOG)
    assert (found.data, found.damage, found.rest) == (LOG, "", b"")


@given(st.integers(1, len(LOG) - 1))
def test_of_a_log_cut_anywhere_the_whole_entries_are_proven(length):
    found = restored_log(LOG[:length])
    whole = LOG[:length].count(b"\n") + (LOG[length : length + 1] == b"\n")
    assert found.entries == whole
    assert LOG.startswith(found.data)
    assert found.torn == bool(found.rest)


@given(st.integers(0, len(LOG) - 1), st.integers(0, 255))
def test_a_changed_byte_proves_nothing_that_was_not_there(place, byte):
    changed = bytearray(LOG)
    changed[place] = byte
    found = restored_log(bytes(changed))
    assert LOG.startswith(found.data)


def test_what_follows_the_proven_entries_is_told_from_a_torn_end():
    first, second, third = LOG.splitlines(keepends=True)
    changed = second.replace(b"1.5", b"2.5")
    assert restored_log(first + changed + third).torn is False
    assert restored_log(first + changed).torn is False
    assert restored_log(first + second[:20] + third).torn is False
    assert restored_log(first + second[:20]).torn_end == "line 2 is cut off after 20 bytes"
    assert restored_log(LOG + bytes(7)).torn_end == "line 4 is 7 zero bytes"


@pytest.mark.parametrize(
    "data", [b"", b"[" * 100_000, b'{"seq": NaN}', b"\xff\xfe\x00", b"1" * 5000, MARK]
)
def test_what_is_no_log_proves_nothing(data):
    assert restored_log(data).entries == 0
