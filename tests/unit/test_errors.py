"""Nothing that a terminal acts on reaches it raw; everything that is printed stays."""

from __future__ import annotations

import json

from nof1.cli.app import note, say
from nof1.errors import Fault, visible


def test_what_a_terminal_acts_on_is_shown_and_the_rest_stays():
    assert visible("\x1b[2J\x07\x00\x7f\x9b") == r"\u001b[2J\u0007\u0000\u007f\u009b"
    assert visible("a\u202eb\u2066c\u2028d\ud800e\ufeff\r") == (
        r"a\u202eb\u2066c\u2028d\ud800e\ufeff\u000d"
    )
    plain = "Zoë – 0 %\u00a0µ ½ 日本 \U0001f468\u200d\U0001f469 עברית \u200f\n\tline"
    assert visible(plain) == plain


def test_a_fault_is_one_line_without_controls_and_not_endless():
    assert str(Fault("a\nb", "\x1b[31m is\tred", "Mend.")) == r"a\nb: \u001b[31m is\tred. Mend."
    long = str(Fault("t.csv", f"{'x' * 10_000} is no number", "Write a number."))
    assert len(long) < 3100
    assert long.startswith("t.csv: xxx")
    assert long.endswith("is no number. Write a number.")


def test_what_is_said_and_noted_is_shown(capsys):
    say("one\x1b[2J\ntwo")
    note("three\x9b1m")
    told = capsys.readouterr()
    assert (told.out, told.err) == ("one\\u001b[2J\ntwo\n", "three\\u009b1m\n")


def test_json_says_the_same_after_it(capsys):
    value = {"a\x1b": "\x7f\x9b\u202e\u2028", "b": "ä\n"}
    say(json.dumps(value, ensure_ascii=False))
    assert json.loads(capsys.readouterr().out) == value
