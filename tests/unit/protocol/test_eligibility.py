import pytest

from nof1.errors import InputError
from nof1.protocol.eligibility import read_answers, screen
from nof1.protocol.safety import EligibilityQuestion
from support.protocol_texts import parsed

QUESTIONS = tuple(
    EligibilityQuestion(
        code=code,
        question=f"Is it {code}?",
        concern=concern,
        level=level,
        advice=advice,
        source="s",
    )
    for code, concern, level, advice in (
        ("kidney", "yes", "stop", "Not for you."),
        ("heart", "yes", "clinician", "Ask."),
        ("stable", "no", "wait", "Wait 4 weeks."),
        ("thyroid", "yes", "spacing", "Keep the hours."),
        ("rare", "yes", "note", "It may not tell."),
    )
)
WELL = {"kidney": "no", "heart": "no", "stable": "yes", "thyroid": "no", "rare": "no"}


def test_who_has_no_concern_may_start():
    screening = screen(QUESTIONS, WELL)
    assert screening.concerns == ()
    assert screening.refusals == ()
    assert dict(screening.answers) == WELL


def test_answers_are_kept_in_the_order_of_the_protocol():
    assert list(screen(QUESTIONS, dict(reversed(WELL.items()))).answers) == list(WELL)


@pytest.mark.parametrize("clinician", ["", "Dr Berg"])
def test_a_stop_refuses_whoever_agrees(clinician):
    (refusal,) = screen(QUESTIONS, WELL | {"kidney": "yes"}, clinician=clinician).refusals
    assert str(refusal) == (
        'kidney: "Is it kidney?" was answered yes. Not for you. This trial must not start.'
    )


@pytest.mark.parametrize("clinician", ["", "Dr Berg"])
def test_a_wait_refuses_until_the_answer_changes(clinician):
    (refusal,) = screen(QUESTIONS, WELL | {"stable": "no"}, clinician=clinician).refusals
    assert refusal.where == "stable"
    assert refusal.what.endswith("was answered no")
    assert refusal.mend == "Wait 4 weeks. Come back then."


def test_a_concern_for_a_clinician_needs_a_named_one():
    answers = WELL | {"heart": "yes"}
    for nobody in ("", "  "):
        (refusal,) = screen(QUESTIONS, answers, clinician=nobody).refusals
        assert refusal.where == "heart"
        assert refusal.mend == "Ask. Name the clinician who agrees, with --clinician NAME."
    agreed = screen(QUESTIONS, answers, clinician=" Dr Berg ")
    assert agreed.refusals == ()
    assert agreed.clinician == "Dr Berg"
    assert [concern.code for concern in agreed.concerns] == ["heart"]


def test_spacing_and_notes_are_kept_and_refuse_nothing():
    screening = screen(QUESTIONS, WELL | {"thyroid": "yes", "rare": "yes"})
    assert screening.refusals == ()
    assert [concern.code for concern in screening.at("spacing")] == ["thyroid"]
    assert [concern.code for concern in screening.at("note")] == ["rare"]
    assert screening.at("stop") == ()


def test_all_refusals_are_given_at_once_in_the_order_of_the_protocol():
    worst = {"kidney": "yes", "heart": "yes", "stable": "no", "thyroid": "yes", "rare": "yes"}
    screening = screen(QUESTIONS, worst)
    assert [refusal.where for refusal in screening.refusals] == ["kidney", "heart", "stable"]
    assert len(screening.concerns) == 5


def test_all_faults_of_the_answers_are_given_at_once():
    with pytest.raises(InputError) as error:
        screen(QUESTIONS, {"kidney": "maybe", "hart": "no", "stable": "yes", "thyroid": "no"})
    assert [(fault.where, fault.what) for fault in error.value.faults] == [
        ("heart", '"Is it heart?" has no answer'),
        ("rare", '"Is it rare?" has no answer'),
        ("kidney", "'maybe' is no answer"),
        ("hart", "is not a question of this protocol"),
    ]


def test_the_default_protocol_lets_a_healthy_adult_start():
    questions = parsed().eligibility
    answers = {q.code: "no" if q.concern == "yes" else "yes" for q in questions}
    assert screen(questions, answers).refusals == ()
    assert screen(questions, answers | {"diagnosis": "no"}).refusals[0].where == "diagnosis"


def test_answers_are_read_from_a_file(tmp_path):
    file = tmp_path / "answers.toml"
    file.write_text('# asked on the phone\nkidney = "no"\nheart = "yes"\n', encoding="utf-8")
    assert read_answers(file) == {"kidney": "no", "heart": "yes"}


def test_all_faults_of_a_file_of_answers_name_it(tmp_path):
    file = tmp_path / "answers.toml"
    file.write_text('kidney = false\nheart = "perhaps"\nage = "no"\n', encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_answers(file)
    assert [str(fault) for fault in error.value.faults] == [
        f'{file}: kidney: False is no answer. Write "yes" or "no", in quotes.',
        f'{file}: heart: \'perhaps\' is no answer. Write "yes" or "no", in quotes.',
    ]


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"kidney: no", "not valid TOML"), (b'kidney = "\xff"', "byte 10 is not UTF-8")],
)
def test_a_file_that_holds_no_answers_is_a_fault(tmp_path, content, what):
    file = tmp_path / "answers.toml"
    file.write_bytes(content)
    with pytest.raises(InputError, match=what):
        read_answers(file)


def test_a_missing_file_of_answers_is_a_fault(tmp_path):
    with pytest.raises(InputError, match=r"none\.toml: cannot be read"):
        read_answers(tmp_path / "none.toml")
