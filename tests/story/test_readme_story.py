"""The README is true: its commands work in its order, and its output is what they print."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from nof1 import demonstration
from support.eligible import clear_answers, write_answers
from support.shell import commands, nof1
from support.terminal import converse

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
#: The README records these days by hand; the diary it imports begins after them.
BY_HAND_UNTIL = "2025-01-21"
PASSPHRASE = "correct horse battery staple"


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "secret.txt").write_text(f"{PASSPHRASE}\n")
    diary = demonstration.write_diary(demonstration.start_demonstration(folder / "other"))
    header, *rows = diary.csv_text.splitlines()
    later = [row for row in rows if row[:10] > BY_HAND_UNTIL]
    (folder / "diary.csv").write_text("\n".join([header, *later]) + "\n")
    (folder / "d.csv").write_text(
        'date,irls,legs\n2025-01-12,44,\n2025-01-13,,"4,5"\n2025-02-30,,3\n'
    )
    done = {}
    for command in commands(README):
        if command == "nof1 import trial-p01 diary.csv":
            done["a mistake"] = nof1("nof1 import trial-p01 d.csv", folder)
        asked = at_a_terminal(command)
        done[command] = nof1(command, folder) if asked is None else typed(command, asked, folder)
        if command.endswith("> answers.toml"):
            write_answers(folder / "answers.toml", folder / "my.toml")
    return folder, done


def at_a_terminal(command):
    """Return the prompts of a command and what the reader types, or None when it asks nothing."""
    words = shlex.split(command, comments=True)
    if "--passphrase-file" in words:
        return None
    if words[1] in ("pack", "unseal"):
        return [("Passphrase: ", PASSPHRASE)]
    if words[1] != "design":
        return None
    answers = clear_answers("magnesium-rls")
    questions = [
        (f"{number}/{len(answers)} ", answer) for number, answer in enumerate(answers.values(), 1)
    ]
    sealing = [("Passphrase: ", PASSPHRASE), ("Once more: ", PASSPHRASE)]
    return [("Go on with this design?", "y"), *questions, *sealing]


def typed(command, replies, folder):
    """Run a command as a reader at a terminal; what it says is one stream there."""
    words = shlex.split(command)
    code, said = converse(words[1:], replies, folder=folder)
    return subprocess.CompletedProcess(words, code, stdout=said.replace("\r\n", "\n"), stderr="")


def test_every_command_works(ran):
    _, done = ran
    assert len(done) > 15
    ends = {command: one.returncode for command, one in done.items()}
    assert ends == {command: 2 if command == "a mistake" else 0 for command in done}


def test_every_line_of_output_shown_is_real(ran):
    _, done = ran
    real = {line for d in done.values() for line in (d.stdout + d.stderr).splitlines()}
    shown = re.findall(r"```text\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(shown) == 5
    lines = [line for block in shown for line in block.splitlines() if line not in ("", "...")]
    assert [line for line in lines if line not in real] == []


def test_pictures_and_documents_exist():
    text = README.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert len(links) >= 6
    assert [link for link in links if not (ROOT / link).is_file()] == []
