"""Whatever happens to the process that stretches a passphrase, it ends in one sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata

import pyrage
import pytest

from nof1.design import apart, stretching
from nof1.design.allocation import Allocation, Bound
from nof1.design.apart import memory_free_mib, memory_said, opened_by, sealed_by
from nof1.design.passphrase import Passphrase
from nof1.design.sealing import open_seal, sealed_text
from nof1.errors import SealError

WORDS = "tall amber kettle wren"
DRAWN = Allocation(
    arms=("placebo", "magnesium"),
    kits=("F3H4J7", "K9R3W4"),
    seed=b"\x01" * 32,
    salt=b"\x02" * 32,
    bound=Bound(protocol_file="0" * 64, schedule_file="1" * 64),
)
TEXT = sealed_text(DRAWN).encode()


@pytest.fixture
def light(monkeypatch):
    """Seal with little work, so that the tests are quick."""
    monkeypatch.setattr(stretching, "LOG_N", 10)


@pytest.fixture(scope="module")
def sealed():
    return sealed_by(WORDS, TEXT)


def test_the_work_of_a_seal_is_the_same_on_every_computer(sealed):
    assert stretching.log_n(sealed) == stretching.LOG_N == 18
    assert stretching.memory_mib(18) == 256
    assert stretching.memory_mib(20) == 1024


def test_the_age_library_opens_it_and_nobody_else(sealed):
    assert pyrage.passphrase.decrypt(sealed, WORDS) == TEXT
    assert opened_by(["another", WORDS], sealed) == (TEXT, 1)
    assert opened_by(["another"], sealed) is None


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize("length", [0, 1, 65535, 65536, 65537, 131072])
def test_texts_of_every_length_are_sealed_as_age_does(length):
    text = os.urandom(length)
    sealed = stretching.encrypt(text, WORDS)
    assert pyrage.passphrase.decrypt(sealed, WORDS) == text
    packer = pyrage.x25519.Identity.generate().to_public()
    header, headed = sealed.index(b"\n---"), pyrage.encrypt(text, [packer])
    assert len(sealed) - header == len(headed) - headed.index(b"\n---")


@pytest.mark.usefixtures("light")
def test_no_seal_is_like_another():
    one, other = stretching.encrypt(TEXT, WORDS), stretching.encrypt(TEXT, WORDS)
    assert one.splitlines()[1:3] != other.splitlines()[1:3]
    assert b"placebo" not in one


def test_only_a_seal_by_passphrase_has_work():
    packer = pyrage.x25519.Identity.generate().to_public()
    assert stretching.log_n(pyrage.encrypt(TEXT, [packer])) is None
    assert stretching.log_n(b"") is None
    assert stretching.log_n(b"age-encryption.org/v1\n-> scrypt short 18\n") is None


def test_a_passphrase_stands_on_no_command_line(monkeypatch):
    seen = []

    def run(command, **_given):
        seen.extend(command)
        return subprocess.CompletedProcess(command, 0, b'printed by the way\n{"opened": null}', b"")

    monkeypatch.setattr(subprocess, "run", run)
    assert opened_by([WORDS], b"") is None
    assert seen
    assert not any(WORDS in part for part in seen)


@pytest.mark.parametrize(
    ("code", "printed", "said", "sentence"),
    [
        (-9, b"", b"", r"was ended by the system \(signal 9\), most likely for want of memory"),
        (-6, b"", b"memory allocation of 536870912 bytes failed\n", "could not get it"),
        (1, b"", b"Traceback\nImportError: no\x1b[2J age\n", r"exit code 1: ImportError: no\[2J"),
        (0, b"nothing of use", b"", r"ended without an answer \(exit code 0\)"),
        (0, b'{"failed": "memory"}', b"", "which this computer does not have free"),
        (0, b'{"failed": "slow"}', b"", "too long on this computer"),
    ],
)
def test_every_end_of_the_process_is_one_sentence(monkeypatch, code, printed, said, sentence):
    ended = subprocess.CompletedProcess([], code, printed, said)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ended)
    with pytest.raises(SealError, match=f"takes 256 MiB of memory.*{sentence}") as caught:
        sealed_by(WORDS, TEXT)
    assert "--packer" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_process_that_cannot_start_is_said(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(SealError, match="did not start: No such file"):
        sealed_by(WORDS, TEXT)


def test_want_of_memory_is_told_by_the_process_itself():
    script = f"""
import resource
resource.setrlimit(resource.RLIMIT_AS, (2**28, 2**28))
from nof1.design.apart import sealed_by
from nof1.errors import SealError
try:
    sealed_by({WORDS!r}, b"text")
except SealError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    (said,) = run.stdout.splitlines()
    assert "takes 256 MiB of memory, which this computer does not have free" in said
    assert run.stderr == ""


def test_the_memory_is_said_before(monkeypatch, tmp_path):
    info = tmp_path / "meminfo"
    monkeypatch.setattr(apart, "_MEMINFO", info)
    assert memory_said(18) == "Stretching the passphrase takes 256 MiB of memory."
    info.write_text("MemTotal: 900000 kB\nMemAvailable:  819200 kB\n")
    assert memory_free_mib() == 800
    assert memory_said(18).endswith("256 MiB of memory; 800 MiB are free here.")
    assert memory_said(20).endswith("only 800 MiB are free here, so close other programs first.")
    info.write_text("MemAvailable: much\n")
    assert memory_free_mib() is None


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize(
    ("with_", "given", "said"),
    [
        ("kettle wren it's ", "kettle wren it's", "with a space at its end"),
        ("kettle wren it’s", "kettle wren it's", "with curly quotes"),
        (unicodedata.normalize("NFD", "März"), "März", "Unicode NFD"),
        ("kettle\u00a0wren", "kettle\u00a0wren", None),
        ("kettle wren", "kettle\u00a0wren ", None),
    ],
)
def test_near_forms_open_a_seal_and_are_named(with_, given, said):
    told = []
    sealed = stretching.encrypt(TEXT, with_)
    assert open_seal(sealed, Passphrase(given), tell=told.append) == DRAWN
    assert [said in line for line in told] == ([] if said is None else [True])


@pytest.mark.usefixtures("light")
def test_a_weak_passphrase_still_opens_what_it_sealed():
    assert open_seal(stretching.encrypt(TEXT, "12345678"), Passphrase("12345678")) == DRAWN


def test_the_library_is_asked_again_when_the_computer_was_busy(monkeypatch):
    hurried = ["Excessive work parameter for passphrase."]

    def decrypt(_sealed, _passphrase):
        if hurried:
            raise pyrage.DecryptError(hurried.pop())
        return b"opened"

    monkeypatch.setattr(pyrage.passphrase, "decrypt", decrypt)
    assert stretching.decrypt(b"", ["words"]) == (b"opened", 0)
    hurried += ["Excessive work"] * 99
    with pytest.raises(stretching.TooSlowError):
        stretching.decrypt(b"", ["words"])


def test_the_process_answers_in_one_line_of_json():
    request = {"seal": "dGV4dA==", "passphrases": [WORDS]}
    run = subprocess.run(
        [sys.executable, "-P", "-m", "nof1.design.apart"],
        input=json.dumps(request).encode(),
        capture_output=True,
        check=True,
    )
    assert run.stderr == b""
    assert set(json.loads(run.stdout)) == {"sealed"}
