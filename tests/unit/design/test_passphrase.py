"""The same words open the seal whatever hand, file or computer they come from."""

from __future__ import annotations

import unicodedata

import pytest

from nof1.design.passphrase import Passphrase, plain_form, refuse_guessable
from nof1.errors import SealError

APART = unicodedata.normalize("NFD", "süße Äpfel im März")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tall amber kettle ", "a space at its end"),
        (" tall amber kettle", "a space at its beginning"),
        ("tall\u00a0amber kettle", "a space no keyboard types"),
        ("tall\tamber kettle", "a space no keyboard types"),
        ("tall ‘amber’ kettle", "curly quotes"),
        ("tall “amber” kettle", "curly quotes"),
        ("tall am\u00adber ket\u200btle", "a character nobody sees"),
        (APART, "accents written apart from their letters"),
    ],
)
def test_what_another_hand_would_not_type_is_pointed_at(text, said):
    passphrase = Passphrase(text)
    (pitfall,) = passphrase.pitfalls
    assert said in pitfall
    assert passphrase.plain in {
        *("tall amber kettle", "tall 'amber' kettle", 'tall "amber" kettle', "süße Äpfel im März")
    }
    assert list(passphrase.forms())[:2] == [passphrase.plain, text]


def test_a_plain_passphrase_has_nothing_to_be_said():
    assert Passphrase("süße Äpfel im März").pitfalls == ()
    assert plain_form("tall amber kettle") == "tall amber kettle"


def test_the_forms_of_a_passphrase_are_those_older_seals_may_have():
    forms = Passphrase("it's März").forms()
    assert forms["it's März"] == "in its plain form"
    assert forms["it’s März"] == "with curly quotes"
    assert forms["it's März "] == "with a space at its end"
    assert "Unicode NFD" in forms[unicodedata.normalize("NFD", "it's März")]


def test_what_the_file_holds_besides_is_said(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_bytes(b"\xef\xbb\xbftall amber kettle\r\n")
    passphrase = Passphrase.read(path)
    assert passphrase.text == "tall amber kettle"
    mark, end = passphrase.pitfalls
    assert mark == f"{path}: the byte-order mark at its start is no part of the passphrase"
    assert end == f"{path}: the carriage return that ends its line is no part of the passphrase"


def test_an_empty_passphrase_is_refused():
    with pytest.raises(SealError, match="it is empty"):
        Passphrase(" \u200b ")


def test_a_passphrase_that_can_be_guessed_does_not_seal():
    with pytest.raises(SealError, match=r"7 characters can be guessed.*four or five words"):
        refuse_guessable(Passphrase("1234567"))
    refuse_guessable(Passphrase("tall amber kettle"))
