"""The eligibility questions, one after the other: what is said of an answer, and the way back."""

from datetime import date

import pytest

from nof1.protocol.files import bundled_protocol, read_protocol
from nof1.workflow.interview import Interview

QUESTIONS = read_protocol(bundled_protocol("magnesium-rls")).eligibility
TODAY, FIRST_DAY = date(2026, 2, 1), date(2026, 2, 9)


def begun(*levels, clinician=""):
    """Return an interview of the first question of each level."""
    first = (next(one for one in QUESTIONS if one.level == level) for level in levels)
    return Interview(questions=tuple(first), clinician=clinician, today=TODAY, first_day=FIRST_DAY)


def harmless(question):
    return "no" if question.concern == "yes" else "yes"


def test_every_question_is_asked_with_its_number_and_can_be_gone_back_to():
    interview = begun("stop", "clinician", "note")
    one, two, three = interview.questions
    assert interview.text == f"1/3  {one.question}"
    assert interview.back().text == interview.text
    interview = interview.answered(harmless(one))
    assert interview.text == f"2/3  {two.question}"
    assert interview.back().text == f"1/3  {one.question}"
    interview = interview.answered(harmless(two)).answered(harmless(three))
    assert interview.text is None
    assert not interview.screening().refusals


@pytest.mark.parametrize(
    ("level", "needs_clinician", "decision"),
    [
        ("stop", False, "With this answer the trial is refused."),
        ("clinician", True, "Without a clinician who agrees the trial cannot start."),
        ("note", False, ""),
    ],
)
def test_an_answer_that_raises_a_concern_is_told_what_it_leads_to(level, needs_clinician, decision):
    interview = begun(level)
    (question,) = interview.questions
    assert interview.concern(harmless(question)) is None
    concern = interview.concern(question.concern)
    assert (concern.advice, concern.needs_clinician, concern.decision) == (
        question.advice, needs_clinician, decision,
    )  # fmt: skip


def test_an_interview_that_ends_with_an_answer_refuses_by_it():
    interview = begun("stop", "note")
    ended = interview.end(interview.questions[0].concern)
    assert ended.text is None
    assert [fault.where for fault in ended.screening().refusals] == [interview.questions[0].code]


def test_who_agreed_to_an_answer_that_was_taken_back_agrees_to_nothing():
    interview = begun("clinician")
    (question,) = interview.questions
    agreed = interview.answered(question.concern, clinician=" Dr Berg ")
    assert agreed.screening().clinician == "Dr Berg"
    assert not agreed.screening().refusals
    again = agreed.back()
    assert again.agrees == "Dr Berg"
    assert again.answered(harmless(question)).screening().clinician == ""


def test_who_was_named_beforehand_agrees_without_being_asked():
    interview = begun("clinician", clinician="Dr Lee")
    assert interview.agrees == "Dr Lee"
    (question,) = interview.questions
    assert not interview.answered(question.concern).screening().refusals
