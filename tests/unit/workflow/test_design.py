"""Designing a trial from Python: everything is given, or somebody is asked."""

from datetime import date, timedelta

import pyrage
import pytest

from nof1.errors import InputError, SealError
from nof1.trial.folder import open_trial
from nof1.workflow.design import design
from support.eligible import clear_answers

PROTOCOL = "magnesium-rls"
START = date.today() + timedelta(days=7)


@pytest.fixture(scope="module")
def packer():
    return str(pyrage.x25519.Identity.generate().to_public())


def test_what_is_given_is_drawn_sealed_and_written_without_a_question(tmp_path, packer):
    designed = design(
        PROTOCOL,
        out=tmp_path / "trial",
        start=START,
        participant="P01",
        packer=packer,
        answers=clear_answers(PROTOCOL),
        contact="Dr Berg, 555 0100",
    )
    trial = open_trial(tmp_path / "trial")
    assert designed.trial.head == trial.head
    assert trial.contacts == ("Dr Berg, 555 0100",)
    assert trial.schedule.start == START
    assert designed.notes == ()
    assert trial.entries[2].body["how"] == "Answers given to the call."
    assert designed.to_dict()["schema"] == "nof1.design/1"
    assert designed.to_dict()["sealed_for"] == packer
    assert [line for line in designed.lines() if "--identity FILE" in line]


def test_everything_missing_and_wrong_is_said_at_once_and_nothing_is_written(tmp_path):
    with pytest.raises(InputError) as refused:
        design(PROTOCOL, out=tmp_path / "trial", start="tomorrow", participant="Ann Lee")
    assert [fault.where for fault in refused.value.faults] == [
        "--start", "participant", "--contact", "answers", "passphrase",
    ]  # fmt: skip
    assert not list(tmp_path.iterdir())


def test_two_keys_for_one_seal_are_refused(tmp_path, packer):
    given = {"out": tmp_path / "trial", "start": START, "participant": "P01", "contact": ["Lee"]}
    answers = clear_answers(PROTOCOL)
    with pytest.raises(InputError, match="--packer: there is a passphrase as well"):
        design(PROTOCOL, **given, answers=answers, packer=packer, passphrase="four odd words here")
    with pytest.raises(InputError, match="--passphrase-file: there is a passphrase as well"):
        design(PROTOCOL, **given, answers=answers, passphrase="a", passphrase_file="secret.txt")


def test_a_passphrase_that_others_could_guess_is_refused(tmp_path):
    given = {"out": tmp_path / "trial", "start": START, "participant": "P01", "contact": ["Lee"]}
    with pytest.raises(InputError) as refused:
        design(PROTOCOL, **given, answers=clear_answers(PROTOCOL), passphrase="magnesium")
    assert [fault.where for fault in refused.value.faults] == ["passphrase"]
    assert not (tmp_path / "trial").exists()


def test_an_answer_that_refuses_ends_the_trial_before_it_is_drawn(tmp_path, packer):
    told = []
    answers = clear_answers(PROTOCOL) | {"kidney": "yes"}
    with pytest.raises(InputError) as refused:
        design(
            PROTOCOL,
            out=tmp_path / "trial",
            start=START,
            participant="P01",
            packer=packer,
            answers=answers,
            contact=["Lee"],
            tell=told.append,
        )
    assert [fault.where for fault in refused.value.faults] == ["kidney"]
    assert told == ["The trial was not started; nothing was drawn and nothing was written."]
    assert not (tmp_path / "trial").exists()


class Answering:
    """Answers everything, and keeps what it was asked."""

    def __init__(self, *, go_on=True):
        self.asked = []
        self._go_on = go_on

    def faults(self, *, unanswered, has_key):
        self.asked.append(("faults", unanswered > 0, has_key))
        return []

    def go_on(self, lines):
        self.asked.append(("go on", next(iter(lines))))
        if not self._go_on:
            raise KeyboardInterrupt

    def eligibility(self, interview):
        self.asked.append(("questions", len(interview.questions), interview.clinician))
        for answer in clear_answers(PROTOCOL).values():
            interview = interview.answered(answer)
        return interview

    def passphrase(self, refuse):
        with pytest.raises(SealError):
            refuse("P01")
        refuse("walnut orbit cello fjord")
        self.asked.append(("passphrase",))
        return "walnut orbit cello fjord"


def test_what_is_not_given_is_asked_in_the_order_of_the_command_line(tmp_path):
    asking = Answering()
    designed = design(
        PROTOCOL,
        out=tmp_path / "trial",
        start=str(START),
        participant="P01",
        contact=["Lee"],
        clinician="Dr Berg",
        asking=asking,
    )
    n = len(designed.trial.protocol.eligibility)
    assert asking.asked == [
        ("faults", True, False),
        ("go on", f"{designed.trial.protocol.title}: what this design can tell"),
        ("questions", n, "Dr Berg"),
        ("passphrase",),
    ]
    assert designed.trial.entries[1].body["sealed_for"] == "a passphrase"
    assert designed.notes[-1].startswith("Stretching the passphrase takes")


def test_nothing_is_written_when_the_one_asked_does_not_go_on(tmp_path):
    given = {"out": tmp_path / "trial", "start": START, "participant": "P01", "contact": ["Lee"]}
    with pytest.raises(KeyboardInterrupt):
        design(PROTOCOL, **given, asking=Answering(go_on=False))
    assert not list(tmp_path.iterdir())


def test_a_first_day_that_has_passed_is_noted(tmp_path, packer):
    designed = design(
        PROTOCOL,
        out=tmp_path / "trial",
        start="2025-03-03",
        participant="P01",
        packer=packer,
        answers=clear_answers(PROTOCOL),
        contact=["Lee"],
    )
    assert designed.notes == (
        "Take note: 2025-03-03 is in the past; log, pages and reports say that the order was "
        "drawn after it.",
    )
