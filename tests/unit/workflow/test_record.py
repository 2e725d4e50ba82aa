"""Recording from Python: values as Python has them give the entries that typed ones give."""

from datetime import date

import numpy as np
import pytest

from nof1.errors import ScoresError
from nof1.workflow.record import item_answers, record
from support.trial_folders import make_trial

DAY = date(2026, 2, 10)


@pytest.fixture
def folder(tmp_path):
    make_trial(tmp_path / "trial")
    return tmp_path / "trial"


@pytest.mark.parametrize(
    ("given", "body"),
    [
        (("legs", 4), {"outcome": "legs", "date": "2026-02-10", "value": 4}),
        (("legs", 4.0), {"outcome": "legs", "date": "2026-02-10", "value": 4}),
        (("legs", "4"), {"outcome": "legs", "date": "2026-02-10", "value": 4}),
        (("dose", True), {"date": "2026-02-10", "taken": 1}),
        (("dose", False), {"date": "2026-02-10", "taken": 0}),
        (("dose", 0.5), {"date": "2026-02-10", "taken": 0.5}),
        (("dose", "yes"), {"date": "2026-02-10", "taken": 1}),
        (("legs", np.int64(4)), {"outcome": "legs", "date": "2026-02-10", "value": 4}),
        (("dose", np.bool_(True)), {"date": "2026-02-10", "taken": 1}),
    ],
)
@pytest.mark.parametrize("day", [DAY, "2026-02-10"])
def test_values_and_days_of_python_are_those_that_are_typed(folder, given, body, day):
    recorded = record(folder, *given, date=day)
    assert recorded.entry.body == body
    assert recorded.receipt == recorded.entry.hash[:8]
    assert recorded.sentence.startswith("Recorded: ")
    assert recorded.sentence.endswith(f"Receipt {recorded.receipt} (entry {recorded.entry.seq}).")


def test_answers_to_items_are_given_one_by_one_or_as_a_text():
    assert item_answers([3, None, 2]) == item_answers("3,-,2") == [3, None, 2]
    assert item_answers(np.array([3.0, np.nan, 2.0])) == [3, None, 2]
    with pytest.raises(ScoresError, match=r"item 1: '3\.5' is no answer"):
        item_answers([3.5, 2])
    with pytest.raises(ScoresError, match="item 2: 'x' is no answer"):
        item_answers("3,x,2")


def test_a_score_of_items_says_its_band(folder):
    recorded = record(folder, "irls", items=[3, 3, 2, 2, 1, 2, 2, 1, 1, 1], date="2026-02-15")
    assert recorded.entry.body["value"] == 18
    assert "severity band: moderate" in recorded.context
    assert list(recorded.lines()) == [recorded.sentence, f"  ({recorded.context})"]


def test_what_was_not_foreseen_is_noted(folder):
    recorded = record(folder, "event", "Hiccups", severity=1, date=DAY)
    assert len(recorded.notes) == 1
    assert recorded.notes[0].startswith("Take note: 'Hiccups' is not one of the protocol's side")


def test_an_unblinding_says_what_follows_from_it(folder):
    recorded = record(folder, "unblinding", kit="K7QF", by="Dr Berg", reason="fainted")
    assert recorded.sentence.startswith("Recorded: period 1 (kit K7QF) is unblinded. Receipt ")
    assert recorded.notes[0].startswith("Take note: ")


def test_all_that_does_not_belong_is_said_at_once(folder):
    with pytest.raises(ScoresError) as refused:
        record(folder, "dose", True, severity=2, certainty=3, correct=True)
    assert [fault.where for fault in refused.value.faults] == [
        "--certainty", "--severity", "--correct",
    ]  # fmt: skip
