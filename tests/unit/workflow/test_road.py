"""From a protocol to a pool's file by Python alone: each verb one call, one frozen result."""

import dataclasses
import json
from datetime import date, timedelta

import pyrage
import pytest

from nof1.errors import InputError, SealError, TrialError
from nof1.workflow.check import check
from nof1.workflow.contact import contact
from nof1.workflow.design import design
from nof1.workflow.importing import import_table
from nof1.workflow.lock import lock, open_period, unseal
from nof1.workflow.pages import pack_trial, print_trial
from nof1.workflow.plan import plan
from nof1.workflow.privacy import privacy
from nof1.workflow.promise import promise
from nof1.workflow.protocols import bundled_protocols, check_protocol
from nof1.workflow.share import share
from nof1.workflow.verify import repair, verify
from support.eligible import clear_answers
from support.trial_folders import short_protocol_text

TODAY = date.today()
START = TODAY - timedelta(days=36)
BY = {"by": "Dr Berg", "reason": "end"}


def frozen(result):
    """Return a result after seeing that it cannot be changed, and shows itself when printed."""
    name = dataclasses.fields(result)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(result, name, None)
    assert str(result) == "\n".join(result.lines())
    return result


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with a protocol, a packer's key, and a trial of it that is over."""
    folder = tmp_path_factory.mktemp("road")
    (folder / "protocol.toml").write_text(short_protocol_text(), encoding="utf-8")
    keys = pyrage.x25519.Identity.generate()
    (folder / "key.txt").write_text(f"{keys}\n")
    made = frozen(promise(folder / "protocol.toml", participant="P01", out=folder / "promise.json"))
    designed = design(
        folder / "protocol.toml",
        out=folder / "trial",
        start=START,
        participant="P01",
        packer=str(keys.to_public()),
        answers=clear_answers(folder / "protocol.toml"),
        contact=["Lee"],
        promise=folder / "promise.json",
        public_number="dice: 4 1 6",
    )
    assert frozen(designed).notes[-1].startswith(f"{folder / 'promise.json'} was deleted.")
    assert designed.trial.entries[1].body["promise"] == made.digits
    days = [START + timedelta(days=n) for n in range(35)]
    rows = "".join(f"{day},{n % 7}\n" for n, day in enumerate(days))
    (folder / "diary.csv").write_text(f"date,legs\n{rows}")
    return folder


def test_before_a_trial_every_verb_gives_one_result():
    found = frozen(plan("magnesium-rls"))
    assert found.to_dict()["design"]["n_periods"] == found.protocol.n_periods
    assert json.loads(found.to_json()) == json.loads(json.dumps(found.to_dict()))
    series = frozen(plan("magnesium-rls", series=True, effect=3, between_sd=3, within_sd=4))
    assert {size.cycles for size in series.sizes} >= {series.protocol.design.cycles}
    assert "magnesium-rls" in [one.name for one in frozen(bundled_protocols()).protocols]
    assert frozen(check_protocol("magnesium-rls")).to_dict()["name"] == "magnesium-rls"


def test_a_trial_goes_its_way_to_the_pool(place):
    trial = place / "trial"
    dry = frozen(import_table(trial, place / "diary.csv", dry_run=True))
    assert (dry.entries, dry.counts) == ((), "35 scores")
    assert list(dry.lines())[20] == "... 12 more ..."
    done = frozen(import_table(trial, place / "diary.csv"))
    assert len(done.entries) == 35
    assert import_table(trial, place / "diary.csv").counts == "nothing new (35 already there)"

    checked = frozen(check(trial, receipts=[done.entries[-1].receipt]))
    checked.refuse_difference()
    assert checked.to_dict()["entries"] == checked.check.entries
    with pytest.raises(TrialError, match="Receipt 00000000 is that of no entry"):
        check(trial, receipts=["0" * 8]).refuse_difference()

    assert [path.name for path in frozen(print_trial(trial)).files][-1] == "calendar.ics"
    changed = frozen(contact(trial, "Dr Lee, 555 0100", **BY))
    assert changed.outdated_pages == ("calendar.ics", "clinician.pdf", "participant.pdf")
    packed = frozen(pack_trial(trial, out=place / "packed", identity=place / "key.txt"))
    assert packed.breaks_blind

    opened = frozen(open_period(trial, period=1, identity=place / "key.txt", **BY))
    assert opened.consequences[0].startswith("This was logged.")
    with pytest.raises(TrialError, match="the trial is not locked"):
        unseal(trial, identity=place / "key.txt", **BY)
    frozen(lock(trial, by="Dr Berg", reason="over"))
    unsealed = frozen(unseal(trial, identity=place / "key.txt", **BY))
    assert unsealed.order[0] == (opened.supply.split()[-1], opened.arm)

    verified = frozen(verify(trial, identity=place / "key.txt"))
    assert not verified.different
    assert verified.to_dict()["different"] is False
    assert frozen(repair(trial)).repairs == ()
    assert repair(trial).last_entry().kind == "unseal"

    shared = frozen(share(trial, out=place / "p01.json", ethics="Waiver", outcome="legs", age=54))
    assert "about the person: age band 50-59" in shared.leaves
    found = frozen(privacy(shared.file, k=2, suppress=True, out=place / "safer.jsonl"))
    assert found.to_dict()["suppressed"]["left_out"] == found.suppressed.left_out


def test_a_seal_needs_one_key(place):
    trial = place / "trial"
    with pytest.raises(InputError, match="passphrase: the seal does not open without it"):
        pack_trial(trial, out=place / "none")
    with pytest.raises(InputError, match="there is a --passphrase-file as well"):
        pack_trial(trial, out=place / "none", passphrase_file="a.txt", identity="key.txt")
    with pytest.raises(SealError):
        pack_trial(trial, out=place / "none", ask_passphrase=lambda: "not the key of this seal")
    assert not (place / "none").exists()
