"""What is wrong is said in the words of Python: options are keywords."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from nof1.errors import Fault, InputError, ScoresError
from nof1.workflow.analyse import analyse
from nof1.workflow.in_python import as_keywords, in_python
from nof1.workflow.pool import pool

SOURCES = Path(__file__).parents[3] / "src" / "nof1"


@pytest.mark.parametrize(
    ("said", "in_words_of_python"),
    [
        ("Say which with --columns score=NAME; they are a, b.",
         'Say which with columns={"score": "NAME"}; they are a, b.'),
        ("--columns date=a,treatment=b.", 'columns={"date": "a", "treatment": "b"}.'),
        ('Write --exclude "P07=took iron".', 'Write exclude={"P07": "took iron"}.'),
        ("--exclude CODE=WHY.", 'exclude={"CODE": "WHY"}.'),
        ("Add --date-order dmy or --date-order mdy.",
         'Add date_order="dmy" or date_order="mdy".'),
        ("Leave out --sheet.", "Leave out sheet."),
        ("Add --timezone with the person's clock.", "Add timezone with the person's clock."),
        ("Add --decimal-comma if all are.", "Add decimal_comma=True if all are."),
        ("Add --decimal-point if it is 6301.", "Add decimal_comma=False if it is 6301."),
        ("Write --scale LOW:HIGH.", "Write scale=(LOW, HIGH)."),
        ("--scale 0:40", "scale=(0, 40)"),
        ("--period-days 7 or --period-days runs", 'period_days=7 or period_days="runs"'),
        ("--half-life 3.5", "half_life=3.5"),
        ('Give --ethics "TEXT": the approval.', 'Give ethics="TEXT": the approval.'),
        ("--moderator", "moderators"),
        ("--mcid", "mcid"),
        ("--run-in blank", 'run_in="blank"'),
        ("`nof1 lock` and `nof1 print`", "`nof1.lock` and `nof1.print_trial`"),
        ("`nof1 share 'a b' --out a.json`.", '`nof1.share("a b", out="a.json")`.'),
        ("`nof1 record TRIAL legs VALUE`", '`nof1.record(TRIAL, "legs", VALUE)`'),
        ("Give all to `nof1 merge --csv FILE`.", "Give all to `nof1 merge --csv FILE`."),
        ("`nof1 pool FILES --json` and --mcid 3", "`nof1 pool FILES --json` and mcid=3"),
        ("`nof1 check Lee's trial`", "`nof1 check Lee's trial`"),
        ("no option - at all -- here", "no option - at all -- here"),
    ],
)  # fmt: skip
def test_options_become_keywords(said: str, in_words_of_python: str) -> None:
    assert as_keywords(said) == in_words_of_python


def test_the_call_is_the_same_and_its_errors_speak_python() -> None:
    @in_python
    def call(data: str, *, half_life: float = 3.0) -> float:
        """Do it."""
        if data:
            raise ScoresError(Fault("--half-life", "0 will not do", "Give --half-life 7."))
        return half_life

    assert call("", half_life=2.0) == 2.0
    assert call.__doc__ == "Do it."
    assert str(inspect.signature(call)) == "(data: 'str', *, half_life: 'float' = 3.0) -> 'float'"
    with pytest.raises(ScoresError) as caught:
        call("x")
    assert [str(one) for one in caught.value.faults] == [
        "half_life: 0 will not do. Give half_life=7."
    ]


def test_every_option_that_reading_names_is_a_keyword() -> None:
    """Options in the messages of what `analyse` and `pool` read are those the calls take."""
    known = {*inspect.signature(analyse).parameters, *inspect.signature(pool).parameters}
    texts = [
        literal
        for folder in ("trial/foreign", "trial/tables", "pooling/tables", "pooling/persons")
        for path in sorted((SOURCES / folder).glob("*.py"))
        for literal in re.findall(r"\"[^\"\n]*--[a-z][^\"\n]*\"", path.read_text())
    ]
    named = {
        name
        for text in texts
        for name in re.findall(r"(?<![\w-])([a-z_]+)(?==)|^\"([a-z_]+)\"$", as_keywords(text))
        for name in name
        if name
    }
    assert len(texts) > 20
    assert all("--" not in as_keywords(text).replace("--decimal-{", "") for text in texts)
    assert {name for name in named if "_" in name} <= known


def test_the_place_of_a_fault_is_the_keyword_with_what_it_was_given() -> None:
    @in_python
    def call() -> None:
        places = ["--comparator plcebo", "--exclude p 9", "--scale 0:4", "--mcid", "d.csv:row 3"]
        raise ScoresError(Fault(place, "is wrong", "") for place in places)

    with pytest.raises(ScoresError) as caught:
        call()
    assert [fault.where for fault in caught.value.faults] == [
        'comparator="plcebo"',
        'exclude="p 9"',
        "scale=(0, 4)",
        "mcid",
        "d.csv:row 3",
    ]


def test_other_errors_pass() -> None:
    @in_python
    def call() -> None:
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        call()
    assert issubclass(ScoresError, InputError)
