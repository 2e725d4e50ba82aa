"""What was compared is said, and what was not; digits are read as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nof1.design.passphrase import Passphrase
from nof1.design.sealing import open_seal
from nof1.errors import InputError, TrialError
from nof1.trial.comparing import WITH_PAPER, compare
from nof1.trial.folder import open_trial
from nof1.trial.kept import NOTHING_KEPT, KeptDigits, spaced
from nof1.trial.verifying import read_sealed
from support.trial_folders import logged, make_trial, promised, unsealing

FIRST_FORM = Path(__file__).parents[2] / "data/first-form-trial"


def by_what(found):
    return {one.what: (one.outcome, one.said) for one in found.made}


@pytest.mark.parametrize(
    "text",
    ["4f9a 21c0 7be3", "4F9A21C07BE3", " 4f9a-21c0-7be3 ", "4f9a21c07be3..."],
)
def test_digits_are_read_as_people_write_them(text):
    kept = KeptDigits.read(text, [text])
    assert (kept.commitment, kept.receipts) == ("4f9a21c07be3", ("4f9a21c07be3",))
    assert spaced("4f9a21c07be3") == "4f9a 21c0 7be3"


@pytest.mark.parametrize("text", ["", "1a2b3c4", "1a2b3c4g", "O0a1b2c3", "a" * 65, "é1a2b3c4"])
def test_what_is_no_such_number_is_refused(text):
    with pytest.raises(InputError) as caught:
        KeptDigits.read(text, [text, "1a2b3c4d"])
    assert [fault.where for fault in caught.value.faults] == ["--commitment", "--receipt"]


def test_without_paper_nothing_is_claimed_of_it(tmp_path):
    found = compare(make_trial(tmp_path / "t"), NOTHING_KEPT)
    said = by_what(found)
    assert said["order"] == (
        "not-compared",
        "The order is sealed: what is in the seal was not compared.",
    )
    assert {said[what][0] for what in WITH_PAPER} == {"not-compared"}
    assert {said[what][0] for what in ("log", "files", "seal")} == {"same"}
    assert found.different == ()
    assert any("who holds the folder could have made" in x for x in found.cannot_show)
    assert not any("paper itself" in one for one in found.cannot_show)


def test_what_no_receipt_covers_is_counted(tmp_path):
    trial = make_trial(tmp_path / "t")
    first = trial.entries[0].hash
    anew = "who holds the folder could have made all of them anew"
    assert any(anew in one for one in compare(trial, KeptDigits(receipts=(first[:8],))).cannot_show)
    assert not any(
        anew in one for one in compare(trial, KeptDigits(receipts=(trial.head,))).cannot_show
    )
    trial = logged(trial, ("dose", {"date": "2026-02-09", "taken": 1}))
    for digits, left in (
        (first[:8], "Whether entries 2 to 4 are as recorded: no receipt covers them."),
        (trial.entries[2].hash, "Whether entry 4 is as recorded: no receipt given covers it."),
    ):
        found = compare(trial, KeptDigits(receipts=(digits,)))
        assert left in found.cannot_show
    found = compare(trial, KeptDigits(receipts=(trial.head,)))
    assert not any("as recorded" in one or "digits compared" in one for one in found.cannot_show)


def test_only_what_is_asked_for_is_refused(tmp_path):
    trial = make_trial(tmp_path / "t")
    (trial.folder / "allocation.age").write_bytes(b"")
    found = compare(trial, KeptDigits(commitment="0" * 12))
    assert [one.what for one in found.different] == ["seal", "commitment"]
    with pytest.raises(TrialError) as caught:
        found.refuse_difference(trial, of=WITH_PAPER)
    (fault,) = caught.value.faults
    assert fault.what.startswith("The commitment on paper is 0000 0000 0000, but c0c0 c0c0 c0c0")
    compare(trial, NOTHING_KEPT).refuse_difference(trial, of=WITH_PAPER)


def test_the_order_is_told_as_logged_or_as_opened(tmp_path):
    allocation, commitment = promised("placebo", "magnesium", "magnesium", "placebo")
    trial = make_trial(tmp_path / "t", commitment=commitment)
    trial = logged(trial, ("lock", {"by": "A", "reason": ""}), unsealing(allocation, commitment))
    outcome, said = by_what(compare(trial, NOTHING_KEPT))["order"]
    assert outcome == "same"
    assert said.startswith("As logged when the seal was opened on 2026-03-01: ")
    outcome, said = by_what(compare(trial, NOTHING_KEPT, opened=allocation))["order"]
    assert (outcome, said.startswith("The seal was opened now: ")) == ("same", True)
    other, _ = promised("magnesium", "placebo", "placebo", "magnesium")
    outcome, said = by_what(compare(trial, NOTHING_KEPT, opened=other))["order"]
    assert (outcome, "another order than the one logged" in said) == ("different", True)


def test_of_a_trial_of_the_first_form_what_could_not_be_compared_is_said():
    trial = open_trial(FIRST_FORM)
    outcome, said = by_what(compare(trial, NOTHING_KEPT))["seal"]
    assert (outcome, "names no SHA-256 of allocation.age" in said) == ("not-compared", True)
    allocation = open_seal(read_sealed(trial), Passphrase("only-for-the-demonstration"))
    outcome, said = by_what(compare(trial, NOTHING_KEPT, opened=allocation))["order"]
    assert "an early version made it; it names the protocol's content and no schedule" in said
    same = trial.protocol.digest == trial.protocol_digest
    assert outcome == ("same" if same else "not-compared")
