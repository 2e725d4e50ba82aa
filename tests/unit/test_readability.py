"""The measure of reading grade, against words and texts counted by hand."""

import pytest

from support.readability import grade, syllables, too_hard

BY_SYLLABLES = {
    1: "legs take takes missed stopped faint noon tea thighs veins twice hours does aches tired 28",
    2: "restless capsule bottles evening table needed changes breathing loosely doses quiet",
    3: "placebo supplement clinician medicine usual energy period various apnoea alcohol suicide",
    4: "dialysis usually diarrhoea variety emergency temperature diagnosis magnesium reliable",
    5: "antibiotic individual university",
}


@pytest.mark.parametrize(
    ("word", "n"), [(word, n) for n, words in BY_SYLLABLES.items() for word in words.split()]
)
def test_syllables(word, n):
    assert syllables(word) == n


def test_the_grade_is_that_of_the_formula():
    # 2 sentences, 11 words, 14 syllables
    text = "Take it at noon. Tick the box when you have taken it.".replace(" have", "")
    assert grade(text) == pytest.approx(0.39 * 11 / 2 + 11.8 * 12 / 11 - 15.59)


def test_a_decimal_point_ends_no_sentence():
    assert grade("Use 2.5 of it now") == pytest.approx(0.39 * 5 + 11.8 - 15.59)


def test_names_without_a_simpler_word_are_left_out():
    assert grade("Take gabapentin now") == grade("Take now") < grade("Take something now")


def test_hard_texts_are_found_and_short_ones_are_judged_together():
    hard = "Antihypertensive pharmacotherapy necessitates individual evaluation."
    assert too_hard(["Go to bed now.", "Loose stools", "Rash", ""]) == []
    assert too_hard(["Go to bed now.", hard]) == [f"grade {grade(hard):.1f}: {hard}"]
    assert "antihypertensive" in too_hard(["Legs", "antihypertensive medication"])[0]
