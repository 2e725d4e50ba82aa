"""What others would try first is refused, with the reason and without showing it."""

from __future__ import annotations

import pytest

from nof1.design.guessable import weakness

KNOWN = (
    *("P01", "magnesium-rls", "Magnesium for restless legs", "placebo", "Dr Berg, 044 555 01 02"),
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1234567", "7 characters can be guessed by trying them all"),
        ("aaaaaaaaaaaa", "one character over and over"),
        ("abababababab", "made of 2 different characters"),
        ("abcde1abcde1", "the same few characters over and over"),
        ("83529164", "without letters it can be guessed by trying dates and numbers"),
        ("2026-03-02", "without letters it can be guessed by trying dates and numbers"),
        ("02.03.2026 08:15", "without letters it can be guessed by trying dates and numbers"),
        ("sdfghjkl", "a run of neighbouring keys or letters"),
        ("poiuztrewq", "a run of neighbouring keys or letters"),
        ("1qaz2wsx3edc", "a run of neighbouring keys or letters"),
        ("zyxwvutsr9", "a run of neighbouring keys or letters"),
        ("Password123!", "a common password"),
        ("P@ssw0rd2026", "a common password"),
        ("7h3 dr4g0n", "a common password"),
        ("P01-2026-03-02", "what is known about the trial"),
        ("magnesium2026", "what is known about the trial"),
        ("Restless Legs", "what is known about the trial"),
        ("dr.berg-0445550102", "what is known about the trial"),
        ("P01 placebo trial", "what is known about the trial and a common password"),
        ("9f8210733", "figures and a few letters"),
    ],
)
def test_what_is_tried_first_is_refused(text, reason):
    found = weakness(text, known=KNOWN)
    assert found is not None
    assert reason in found
    assert text.casefold() not in found.casefold()


@pytest.mark.parametrize(
    "text",
    [
        "four random words here",
        "tall amber kettle wren",
        "correct horse",
        "only-for-the-demonstration",
        "liberty property",
        "xK9#mQ2$",
        "58204729105837261940",
        "süße Äpfel im März",
        "лошадь скрепка батарея",
        "magnesium kettle wren",
    ],
)
def test_what_nobody_tries_first_is_taken(text):
    assert weakness(text, known=KNOWN) is None


def test_what_is_known_counts_only_where_it_is_known():
    assert weakness("restless legs") is None
