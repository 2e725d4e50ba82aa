import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest

from nof1.design.allocation import Allocation
from nof1.design.draw import draw
from nof1.design.passphrase import Passphrase
from nof1.design.sealing import Identity, Recipient, commitment, seal
from nof1.errors import SealError, TrialError
from nof1.protocol.files import parse_protocol
from nof1.trial.folder import SEALED, open_trial
from nof1.trial.locking import lock, refuse_opening, unblind_period, unseal
from nof1.trial.verifying import verify
from support.trial_folders import bound, make_trial, short_protocol_text

FIRST_FORM = Path(__file__).parents[2] / "data/first-form-trial"
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
DURING = datetime(2026, 2, 20, 12, 0, tzinfo=UTC)
PROTOCOL = parse_protocol(short_protocol_text(), source="p")
KEYS = pyrage.x25519.Identity.generate()
KEY, RECIPIENT = Identity(str(KEYS)), Recipient(str(KEYS.to_public()))
ALLOCATION = bound(draw(PROTOCOL))


def trial_of(folder, *, inside=ALLOCATION, promised=ALLOCATION, kits=ALLOCATION.kits):
    return make_trial(
        folder,
        sealed=seal(inside, RECIPIENT),
        commitment=commitment(promised),
        kits=kits,
    )


def altered(**changes):
    fields = {name: getattr(ALLOCATION, name) for name in ("arms", "kits", "seed", "salt", "bound")}
    return Allocation(**(fields | changes))


@pytest.fixture
def trial(tmp_path):
    return trial_of(tmp_path / "t")


def locked(trial):
    lock(trial, by="Ada", reason="", now=NOW)
    return open_trial(trial.folder)


def test_a_lock_says_who_and_why(trial):
    entry = lock(trial, by=" Ada ", reason="", now=NOW)
    assert (entry.kind, entry.body) == ("lock", {"by": "Ada", "reason": ""})
    trial = open_trial(trial.folder)
    assert trial.locked
    with pytest.raises(TrialError, match="was locked on 2026-03-10 by Ada"):
        lock(trial, by="Bo", reason="", now=NOW)
    with pytest.raises(TrialError, match="was locked on 2026-03-10 by Ada"):
        lock(trial, by="Ada", reason="for another reason", now=NOW)


def test_what_is_run_again_gives_the_receipt_of_then(trial):
    opened = unblind_period(trial, KEY, period=2, by="Ada", reason="fainted", now=DURING)
    once = open_trial(trial.folder)
    assert opened == unblind_period(once, KEY, period=2, by="Ada", reason=" fainted", now=DURING)
    assert open_trial(trial.folder).entries == once.entries
    unblind_period(once, KEY, period=2, by="Bo", reason="fainted", now=DURING)
    more = open_trial(trial.folder)
    assert len(more.entries) == len(once.entries) + 1
    entry = lock(more, by="Ada", reason="", now=NOW)
    ended = open_trial(trial.folder)
    assert lock(ended, by="Ada ", reason="", now=NOW) == entry
    unseal(ended, KEY, by="Ada", reason="end", now=NOW)
    unsealed = open_trial(trial.folder)
    assert unseal(unsealed, KEY, by="Ada", reason="end", now=NOW) == ALLOCATION
    stranger = Identity(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(SealError, match="does not open it"):
        unseal(unsealed, stranger, by="Ada", reason="end", now=NOW)
    assert open_trial(trial.folder).entries == unsealed.entries
    assert len(unsealed.entries) == len(more.entries) + 2


@pytest.mark.parametrize("damaged", ["missing", "empty", "cut", "of another trial"])
def test_a_trial_that_could_never_be_opened_is_not_locked(trial, damaged):
    seal_file = trial.folder / SEALED
    whole = seal_file.read_bytes()
    if damaged == "missing":
        seal_file.unlink()
    else:
        other = {"empty": b"", "cut": whole[:-1], "of another trial": seal(ALLOCATION, RECIPIENT)}
        seal_file.write_bytes(other[damaged])
    with pytest.raises(TrialError, match=r"allocation\.age: .*can never be opened"):
        lock(trial, by="Ada", reason="", now=NOW)
    seal_file.write_bytes(whole)
    assert lock(trial, by="Ada", reason="", now=NOW).kind == "lock"


def test_an_early_lock_needs_a_reason(trial):
    with pytest.raises(TrialError) as caught:
        lock(trial, by="", reason="", now=DURING)
    assert [fault.what for fault in caught.value.faults] == [
        "is empty",
        "the trial runs until 2026-03-08",
    ]
    assert lock(trial, by="Ada", reason="moved away", now=DURING).body["reason"] == "moved away"


def test_the_seal_opens_after_the_lock_and_is_logged(trial):
    allocation = unseal(locked(trial), KEY, by="Ada", reason="end", now=NOW)
    assert allocation == ALLOCATION
    trial = open_trial(trial.folder)
    assert trial.allocation == ALLOCATION
    assert trial.entries[-1].body == {
        "by": "Ada",
        "reason": "end",
        "commitment": trial.commitment,
        "arms": list(ALLOCATION.arms),
        "kits": list(ALLOCATION.kits),
        "seed": ALLOCATION.seed.hex(),
        "salt": ALLOCATION.salt.hex(),
        "seal_digest": trial.seal_digest,
        "protocol_file_digest": trial.bound.protocol_file,
        "schedule_digest": trial.bound.schedule_file,
    }
    with pytest.raises(TrialError, match="unsealed already"):
        unseal(trial, KEY, by="Ada", reason="again", now=NOW)


def test_a_running_trial_stays_sealed(trial):
    with pytest.raises(TrialError, match="not locked"):
        unseal(trial, KEY, by="Ada", reason="curious", now=NOW)
    assert open_trial(trial.folder).entries == trial.entries


def other_order():
    swap = {"placebo": "magnesium", "magnesium": "placebo"}
    return tuple(swap[arm] for arm in ALLOCATION.arms)


BROKEN = {
    "another order": ({"inside": altered(arms=other_order())}, "its commitment is"),
    "another order, promised so": (
        {"inside": altered(arms=other_order()), "promised": altered(arms=other_order())},
        "its seed does not give its sequence",
    ),
    "an order that cannot be drawn": (
        {
            "inside": altered(arms=("placebo",) * 2 + ("magnesium",) * 2),
            "promised": altered(arms=("placebo",) * 2 + ("magnesium",) * 2),
        },
        "not one this protocol could have given",
    ),
    "arms of another protocol": (
        {
            "inside": altered(arms=("rest", "bath", "bath", "rest")),
            "promised": altered(arms=("rest", "bath", "bath", "rest")),
        },
        "names arms that are not in the protocol",
    ),
    "another salt": ({"inside": altered(salt=b"\0" * 32)}, "its commitment is"),
    "other kits": ({"kits": ALLOCATION.kits[::-1]}, "its kit codes are not those of schedule.csv"),
    "another protocol": (
        {"inside": altered(bound=replace(ALLOCATION.bound, protocol_file="0" * 64))},
        r"protocol\.toml: is not the file the order was sealed with",
    ),
    "another schedule": (
        {"inside": altered(bound=replace(ALLOCATION.bound, schedule_file="0" * 64))},
        r"schedule\.csv: is not the file the order was sealed with",
    ),
}


@pytest.mark.parametrize(("parts", "what"), BROKEN.values(), ids=BROKEN.keys())
def test_what_was_not_promised_is_not_unsealed(tmp_path, parts, what):
    trial = locked(trial_of(tmp_path / "t", **parts))
    with pytest.raises(SealError, match=what) as caught:
        unseal(trial, KEY, by="Ada", reason="end", now=NOW)
    assert open_trial(trial.folder).entries == trial.entries
    assert not any(arm in str(caught.value) for arm in ("placebo", "magnesium", "bath"))


def test_the_commitment_covers_the_protocol_as_sealed(tmp_path):
    trial = trial_of(tmp_path / "t")
    verify(trial, ALLOCATION)
    other = commitment(altered(bound=replace(ALLOCATION.bound, protocol_file="0" * 64)))
    with pytest.raises(SealError, match="its commitment is"):
        verify(make_trial(tmp_path / "u", commitment=other, kits=ALLOCATION.kits), ALLOCATION)


def test_another_key_opens_nothing(trial):
    trial = locked(trial)
    stranger = Identity(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(SealError, match="does not open it"):
        unseal(trial, stranger, by="Ada", reason="end", now=NOW)
    (trial.folder / SEALED).write_bytes(b"")
    with pytest.raises(SealError, match=r"allocation\.age: this is not the seal made .* is empty"):
        unseal(trial, KEY, by="Ada", reason="end", now=NOW)
    (trial.folder / SEALED).unlink()
    with pytest.raises(SealError, match=r"allocation\.age: cannot be read"):
        unseal(trial, KEY, by="Ada", reason="end", now=NOW)
    assert open_trial(trial.folder).entries == trial.entries


def test_one_period_opens_in_an_emergency(trial):
    arm = unblind_period(trial, KEY, period=2, by="Ada", reason="fainted", now=DURING)
    assert arm == ALLOCATION.arms[1]
    trial = open_trial(trial.folder)
    assert trial.entries[-1].kind == "unblinding"
    assert trial.entries[-1].body == {"period": 2, "by": "Ada", "reason": "fainted"}
    assert trial.allocation is None


def test_a_kit_that_stands_ready_opens_in_an_emergency(trial):
    """Of a period that has not begun: a child swallowed what was in the bottle."""
    assert trial.schedule.periods[3].first_day > DURING.date()
    arm = unblind_period(trial, KEY, period=4, by="Ada", reason="a child", now=DURING)
    assert arm == ALLOCATION.arms[3]
    assert open_trial(trial.folder).entries[-1].body["period"] == 4


def test_the_seal_of_another_trial_tells_nothing_in_an_emergency(tmp_path):
    trial = trial_of(tmp_path / "t", inside=altered(salt=b"\0" * 32))
    with pytest.raises(SealError, match="its commitment is"):
        unblind_period(trial, KEY, period=2, by="Ada", reason="fainted", now=DURING)
    assert open_trial(trial.folder).entries == trial.entries


def test_the_arm_is_not_told_unless_it_can_be_logged(trial, monkeypatch):
    def full(*_args, **_kwargs):
        raise TrialError([])

    monkeypatch.setattr("nof1.trial.locking.record_unblinding", full)
    with pytest.raises(TrialError):
        unblind_period(trial, KEY, period=2, by="Ada", reason="fainted", now=DURING)


def test_the_key_is_not_asked_for_in_vain(trial):
    with pytest.raises(TrialError) as caught:
        refuse_opening(trial, period=9, by="", reason="")
    assert [fault.where for fault in caught.value.faults] == ["--by", "--reason", "--period"]
    assert open_trial(trial.folder).entries == trial.entries


@pytest.fixture
def first_form(tmp_path):
    """Return a copy of a trial drawn when neither seal nor log named the files."""
    return open_trial(Path(shutil.copytree(FIRST_FORM, tmp_path / "t")))


def test_a_trial_of_the_first_form_still_opens(first_form):
    assert first_form.seal_digest is None
    lock(first_form, by="Ada", reason="moved away", now=NOW)
    key = Passphrase("only-for-the-demonstration")
    unseal(open_trial(first_form.folder), key, by="Ada", reason="end", now=NOW)
    opened = open_trial(first_form.folder)
    assert opened.allocation.bound is None
    assert "protocol_file_digest" not in opened.entries[-1].body
    verify(opened, opened.allocation, file="log.jsonl")


def test_a_cut_seal_of_the_first_form_shows_by_its_length(first_form):
    seal_file = first_form.folder / SEALED
    seal_file.write_bytes(seal_file.read_bytes()[:-1])
    with pytest.raises(TrialError, match="it has 4277 bytes, and a whole one has 4278"):
        lock(first_form, by="Ada", reason="moved away", now=NOW)
