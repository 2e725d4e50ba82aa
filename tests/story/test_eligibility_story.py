"""The eligibility questions: asked at a terminal, or answered in a file; never by --yes."""

import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pyrage
import pytest

from nof1.protocol.files import find_protocol, read_protocol
from nof1.trial.folder import open_trial
from support.eligible import answered, clear_answers, write_answers
from support.terminal import converse

ROOT = Path(__file__).parents[2]
RECIPIENT = str(pyrage.x25519.Identity.generate().to_public())
GIVEN = ("--start", "2027-01-04", "--participant", "P01", "--packer", RECIPIENT)
CLEAR = clear_answers("magnesium-rls")
QUESTIONS = read_protocol(find_protocol("magnesium-rls")).eligibility
NUMBER = {question.code: f"{i}/{len(QUESTIONS)} " for i, question in enumerate(QUESTIONS, 1)}
END = "Press Enter to end here; b goes back to this question: "
NAME = "Name of the clinician who agrees"


def nof1(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "nof1", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def design(out, *more, protocol="magnesium-rls"):
    return nof1("design", protocol, "--out", out, *GIVEN, "--contact", "Dr Lee", *more)


def talk(out, replies, *more, yes=True):
    given = ("design", "magnesium-rls", "--out", out, *GIVEN, "--contact", "Dr Lee", *more)
    return converse([*given, *(["--yes"] if yes else [])], replies)


def until(code, reply):
    """Return the replies up to a question: no concern before it."""
    before = QUESTIONS[: [question.code for question in QUESTIONS].index(code)]
    return [*((NUMBER[q.code], CLEAR[q.code]) for q in before), (NUMBER[code], reply)]


def after(code):
    """Return the replies to all questions after one, without a concern."""
    codes = [question.code for question in QUESTIONS]
    return [(NUMBER[one], CLEAR[one]) for one in codes[codes.index(code) + 1 :]]


def test_yes_answers_no_eligibility_question(tmp_path):
    run = design(tmp_path / "t", "--yes")
    assert run.returncode == 2
    assert f"nobody can be asked the {len(QUESTIONS)} eligibility questions" in run.stderr
    assert "--yes does not answer them" in run.stderr
    assert not (tmp_path / "t").exists()
    mend = re.search(r"Run `nof1 (.*) > answers.toml`", run.stderr)
    (tmp_path / "answers.toml").write_text(nof1(*mend[1].split()).stdout)
    unfilled = design(tmp_path / "t", "--yes", "--answers", tmp_path / "answers.toml")
    assert unfilled.returncode == 2
    assert unfilled.stderr.count('\'\' is no answer. Write "yes" or "no", in quotes.') == len(CLEAR)


@pytest.mark.parametrize("name", ["magnesium-rls", "magnesium-topical", "massage-rls"])
def test_the_template_filled_in_starts_a_trial(name, tmp_path):
    text = nof1("protocols", "answers", name).stdout
    questions = read_protocol(find_protocol(name)).eligibility
    for question in questions:
        assert question.question in text
        clear = "no" if question.concern == "yes" else "yes"
        text = text.replace(f'{question.code} = ""', f'{question.code} = "{clear}"')
    assert '""' not in text
    (tmp_path / "answers.toml").write_text(text)
    run = design(tmp_path / "t", "--yes", "--answers", tmp_path / "answers.toml", protocol=name)
    assert run.returncode == 0, run.stderr
    assert open_trial(tmp_path / "t").entries[2].body["answers"] == clear_answers(name)


def test_every_missing_answer_is_named_with_the_other_faults(tmp_path):
    (tmp_path / "some.toml").write_text('kidney = "no"\nkidny-weak = "no"\n')
    run = nof1(
        "design", "magnesium-rls", "--out", tmp_path / "t", *GIVEN, "--yes",
        "--answers", tmp_path / "some.toml",
    )  # fmt: skip
    assert run.returncode == 2
    assert run.stderr.count("has no answer") == len(CLEAR) - 1
    assert "kidny-weak: is not a question of this protocol" in run.stderr
    assert "--contact: a trial for care needs somebody" in run.stderr


def test_a_slip_is_taken_back(tmp_path):
    code, said = talk(
        tmp_path / "t",
        [
            ("Go on", "y"),
            (NUMBER["kidney"], "maybe"),
            ("Please answer y (yes), n (no) or b (back)", ""),
            (NUMBER["kidney"], "n"),
            (NUMBER["kidney-weak"], "b"),
            # A stop that was a slip.
            (NUMBER["kidney"], "y"),
            (END, "b"),
            *until("heart", "y"),
            (NAME, "b"),
            (NUMBER["heart"], "n"),
            *after("heart"),
        ],
        yes=False,
    )  # fmt: skip
    assert code == 0, said
    body = open_trial(tmp_path / "t").entries[2].body
    assert (body["answers"], body["concerns"]) == (CLEAR, [])
    assert (body["clinician"], body["how"]) == ("", "Asked one by one.")


def test_a_stop_is_decided_at_once(tmp_path):
    code, said = talk(tmp_path / "t", [*until("kidney", "y"), (END, "")])
    assert code == 2
    assert "Magnesium can build up in your blood. This trial is not for you." in said
    assert "With this answer the trial is refused." in said
    assert NUMBER["kidney-weak"] not in said
    assert "The trial was not started; nothing was drawn and nothing was written." in said
    assert not (tmp_path / "t").exists()


def test_a_wait_says_until_when(tmp_path):
    day = datetime.now().astimezone().date() + timedelta(days=28)
    soon = ("--start", str(day - timedelta(days=1)))
    code, said = talk(tmp_path / "t", [*until("magnesium-free", "y"), (END, "")], *soon)
    assert code == 2
    assert f"The trial must wait 28 days from then on: if it was so until today, to {day}." in said
    assert f"It may start then (--start {day} or later)." in said
    assert not (tmp_path / "t").exists()


def test_a_wait_that_is_over_by_the_start_passes_and_is_logged(tmp_path):
    today = datetime.now().astimezone().date()
    end = today + timedelta(days=28)
    later = ("--start", str(end))
    answers = write_answers(tmp_path / "answers.toml", **{"magnesium-free": "yes"})
    early = design(tmp_path / "a", "--yes", "--answers", answers, "--start", end - timedelta(1))
    assert early.returncode == 2
    assert f"Or begin the wait today, and give --start {end} or later." in early.stderr
    by_file = design(tmp_path / "b", "--yes", "--answers", answers, *later)
    assert by_file.returncode == 0, by_file.stderr
    said = f"from {end} on the wait is over, if it begins today; logged."
    assert f"Take note (magnesium-free): {said}" in by_file.stderr
    replies = [*until("magnesium-free", "y"), *after("magnesium-free")]
    code, asked = talk(tmp_path / "c", replies, *later)
    assert code == 0, asked
    for name in "bc":
        body = open_trial(tmp_path / name).entries[2].body
        assert body["concerns"] == ["magnesium-free"]
        assert body["waits"] == {"magnesium-free": str(end)}


def test_a_start_in_the_past_is_said_as_far_as_pages_say_it(tmp_path):
    """The run-in has begun and no dose was due: only the booklet speaks of the first day."""
    today = datetime.now().astimezone().date()
    for days, said in (
        (3, f"the booklet says so. Period 1 begins on {today + timedelta(11)}, after the draw."),
        (30, "log, pages and reports say that the order was drawn after it."),
    ):
        start = today - timedelta(days=days)
        run = design(tmp_path / str(days), *answered(), "--start", start)
        assert run.returncode == 0, run.stderr
        assert f"Take note: {start} is in the past; {said}" in run.stderr


def test_a_concern_asks_at_once_who_agrees(tmp_path):
    code, said = talk(tmp_path / "t", [*until("heart", "y"), (NAME, "-"), (END, "")])
    assert code == 2
    assert "Name the clinician who agrees, with --clinician NAME." in said
    code, said = talk(
        tmp_path / "t",
        [*until("heart", "y"), (NAME, "Dr Berg"), *after("heart")],
    )
    assert code == 0, said
    body = open_trial(tmp_path / "t").entries[2].body
    assert (body["clinician"], body["concerns"]) == ("Dr Berg", ["heart"])


def test_the_answers_of_the_documents_start_a_trial(tmp_path):
    """The full example in the documents is one that works, typed as it is."""
    text = (ROOT / "docs" / "file-formats.md").read_text(encoding="utf-8")
    (example,) = [
        block for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "kidney" in block
    ]
    (tmp_path / "answers.toml").write_text(example)
    shutil.copy(find_protocol("magnesium-rls"), tmp_path / "my.toml")
    run = design(
        tmp_path / "t", "--yes", "--answers", tmp_path / "answers.toml", "--clinician", "Dr Lee",
        protocol=tmp_path / "my.toml",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    body = open_trial(tmp_path / "t").entries[2].body
    assert (body["concerns"], body["clinician"]) == (["iron"], "Dr Lee")


def test_the_same_answers_by_file_and_at_the_terminal_are_logged_alike(tmp_path):
    assert design(tmp_path / "a", *answered()).returncode == 0
    code, said = talk(tmp_path / "b", [*until("kidney", "n"), *after("kidney")])
    assert code == 0, said
    bodies = [open_trial(tmp_path / name).entries[2].body for name in "ab"]
    for body in bodies:
        del body["how"]
    assert bodies[0] == bodies[1]
    heart = write_answers(tmp_path / "heart.toml", heart="yes")
    refused = design(tmp_path / "c", "--yes", "--answers", heart)
    assert refused.returncode == 2
    assert "heart:" in refused.stderr
