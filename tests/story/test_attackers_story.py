"""Whoever holds the folder writes it anew, chain included: which command finds it, and with what.

Every attack rewrites the digests in the log and the chain, so that the folder agrees with itself as
far as the attacker can make it. What no command can find without paper must be said.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyrage
import pytest

from nof1.design.allocation import Allocation, Bound
from nof1.design.passphrase import Passphrase
from nof1.design.schedule import make_schedule
from nof1.design.sealing import Identity, Recipient, commitment, first_commitment, open_seal, seal
from nof1.provenance import sha256_hex
from nof1.trial.folder import open_trial
from nof1.trial.locking import lock, unseal
from nof1.trial.log import append
from nof1.trial.schedule_file import write_schedule
from nof1.trial.starting import Start, start_trial
from support.chains import rewrite
from support.trial_folders import short_protocol_text

DRAWN = datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
ENDED = datetime(2026, 3, 20, 9, tzinfo=UTC)
SECRET = pyrage.x25519.Identity.generate()


@dataclass(frozen=True)
class Kept:
    """What the clinic has on paper: the foot of a page, and receipts as written down."""

    commitment: str
    receipts: tuple[str, ...]


def draw(folder, key=None):
    """Draw a trial of the short protocol, sealed by the packer's public key unless told."""
    return start_trial(
        Start(
            folder=folder,
            participant="P01",
            first_day=date(2026, 2, 2),
            contacts=("Dr Berg, 044 555 01 02",),
        ),
        protocol_text=short_protocol_text(),
        key=key or Recipient(str(SECRET.to_public())),
        eligibility={"answers": {}, "concerns": [], "clinician": "", "how": "not asked"},
        now=DRAWN,
    )


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    """Make a trial that was drawn, recorded and locked, and what was kept of it on paper."""
    folder = tmp_path_factory.mktemp("ended") / "trial"
    trial = draw(folder)
    receipts = [trial.entries[-1].receipt]
    scores = [
        ("score", {"outcome": outcome, "date": day.isoformat(), "value": (number * 7) % 10})
        for outcome, days in trial.schedule.scoring.items()
        for number, day in enumerate(days)
    ]
    entries = append(folder, scores, now=ENDED - timedelta(days=2))
    receipts.append(entries[-1].receipt)
    receipts.append(lock(open_trial(folder), by="Dr Berg", reason="", now=ENDED).receipt)
    return folder, Kept(trial.commitment[:12], tuple(receipts))


@pytest.fixture
def locked(ended, tmp_path):
    """Return a copy of the locked trial to be attacked before the unsealing, and the paper."""
    (tmp_path / "key.txt").write_text(f"{SECRET}\n")
    folder, kept = ended
    return Path(shutil.copytree(folder, tmp_path / "trial")), kept


@pytest.fixture
def unsealed(locked):
    """Return a copy of the trial to be attacked after the unsealing, and the paper."""
    folder, kept = locked
    unseal(open_trial(folder), Identity(str(SECRET)), by="Dr Berg", reason="end", now=ENDED)
    return folder, replace(kept, receipts=(*kept.receipts, open_trial(folder).entries[-1].receipt))


def paper(kept):
    return ["--commitment", kept.commitment, *(w for r in kept.receipts for w in ("--receipt", r))]


def outcomes(nof1, *words):
    """Return what `nof1 verify` found: outcome by what was compared, and what it cannot show."""
    code, out, _ = nof1("verify", "trial", "--json", *words)
    found = json.loads(out)
    assert code == (2 if found["different"] else 0)
    by_what = {}
    for one in found["comparisons"]:
        by_what.setdefault(one["what"], set()).add(one["outcome"])
    return by_what, " ".join(found["cannot_show"])


# --- The attacks ---------------------------------------------------------------------------------


def edit_thresholds(folder):
    """Lower the probability that the decision rule asks for."""
    path = folder / "protocol.toml"
    text = path.read_text(encoding="utf-8")
    changed = re.sub(r"(?m)^meaningful = [0-9.]+", "meaningful = 0.6", text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    digest = sha256_hex(changed)
    rewrite(folder, lambda lines: lines[0]["body"].update(file_digest=digest))
    return digest


def move_scoring_day(folder):
    """Drop the planned score day of a bad week from the calendar."""
    path = folder / "schedule.csv"
    text = path.read_text(encoding="utf-8")
    changed = text.replace(",2026-02-15,daily", ",,daily")
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    digest = sha256_hex(changed)
    rewrite(folder, lambda lines: lines[1]["body"].update(schedule_digest=digest))
    return digest


def move_periods(folder):
    """Begin every period a day later, so that a bad day at a switch counts for the other arm."""
    trial = open_trial(folder)
    start = trial.schedule.start + timedelta(days=1)
    kits = tuple(period.kit for period in trial.schedule.periods)
    moved = make_schedule(trial.protocol, start=start, participant="P01", kits=kits)
    text = write_schedule(moved)
    (folder / "schedule.csv").write_text(text, encoding="utf-8")
    digest, first = sha256_hex(text), trial.schedule.start.isoformat()

    def move(lines):
        lines[1]["body"].update(start=start.isoformat(), schedule_digest=digest)
        lines[:] = [line for line in lines if line["body"].get("date") != first]

    rewrite(folder, move)
    assert open_trial(folder).schedule.start == start
    return digest


def change_score(folder):
    def change(lines):
        scores = [line for line in lines if line["kind"] == "score"]
        scores[9]["body"]["value"] = 10

    rewrite(folder, change)


def cut_scores(folder):
    """Take the last three scores out, and the lock, and lock again."""

    def cut(lines):
        last = [i for i, line in enumerate(lines) if line["kind"] == "score"][-3:]
        for index in reversed(last):
            del lines[index]

    rewrite(folder, cut)


def promise_anew(folder, allocation):
    """Write commitment, seal and their digests for another allocation, by the packer's public key.

    Nobody needs the secret key to seal; to keep the order, who attacks must know it.
    """
    sealed = seal(allocation, Recipient(str(SECRET.to_public())))
    (folder / "allocation.age").write_bytes(sealed)
    promised = {"commitment": commitment(allocation), "seal_digest": sha256_hex(sealed)}

    def write(lines):
        lines[1]["body"].update(promised)
        for line in lines:
            if line["kind"] == "unseal":
                line["body"].update(
                    promised,
                    protocol_file_digest=allocation.bound.protocol_file,
                    schedule_digest=allocation.bound.schedule_file,
                )

    rewrite(folder, write)


def allocation_of(folder, **bound):
    """Return the allocation of a trial, opened by its key and bound to other files."""
    allocation = open_seal((folder / "allocation.age").read_bytes(), Identity(str(SECRET)))
    return replace(allocation, bound=replace(allocation.bound, **bound))


EDITS = {
    edit_thresholds: "protocol.toml",
    move_scoring_day: "schedule.csv",
    move_periods: "schedule.csv",
}


# --- Edited plan and calendar --------------------------------------------------------------------


@pytest.mark.parametrize(("edit", "file"), EDITS.items(), ids=[edit.__name__ for edit in EDITS])
def test_an_edit_before_the_unsealing_is_found_by_the_seal(nof1, locked, edit, file):
    folder, kept = locked
    edit(folder)
    found, open_questions = outcomes(nof1)
    assert found["order"] == {"not-compared"}
    assert "Whether protocol, schedule and order are those of the draw" in open_questions
    code, out, err = nof1(
        "unseal", "trial", "--by", "A", "--reason", "end", "--identity", "key.txt"
    )
    assert (code, out) == (2, "")
    assert f"{file}: is not the file the order was sealed with" in err
    assert open_trial(folder).allocation is None
    assert outcomes(nof1, "--identity", "key.txt")[0]["order"] == {"different"}
    # What was written down finds it without the key, since digests stand at the log's beginning.
    assert outcomes(nof1, *paper(kept))[0]["receipt"] == {"different"}


@pytest.mark.parametrize(("edit", "file"), EDITS.items(), ids=[edit.__name__ for edit in EDITS])
def test_an_edit_after_the_unsealing_is_found_by_what_the_seal_said(nof1, unsealed, edit, file):
    folder, _ = unsealed
    edit(folder)
    assert outcomes(nof1)[0]["order"] == {"different"}
    for command in ("analyse", "report"):
        code, out, err = nof1(command, "trial")
        assert (code, out) == (2, "")
        assert f"{file}: is not the file the order was sealed with" in err
    assert not (folder / "results").exists()
    code, out, err = nof1("check", "trial")
    assert code == 2
    assert "Scores recorded of those planned" in out
    assert f"{file}: is not the file the order was sealed with" in err
    assert "Put back the unchanged copy of the trial folder" in err


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_with_all_digests_and_the_seal_made_anew_is_found_by_paper_alone(
    nof1, unsealed, edit
):
    folder, kept = unsealed
    digest = edit(folder)
    name = "protocol_file" if edit is edit_thresholds else "schedule_file"
    promise_anew(folder, allocation_of(folder, **{name: digest}))

    found, open_questions = outcomes(nof1, "--identity", "key.txt")
    assert "different" not in set().union(*found.values())
    assert found["commitment"] == {"not-compared"}
    assert "Whether protocol, schedule and order are those of the draw" in open_questions
    _, out, _ = nof1("check", "trial")
    assert "Nothing was compared with paper" in out

    with_page = ("--commitment", kept.commitment)
    assert outcomes(nof1, *with_page)[0]["commitment"] == {"different"}
    assert outcomes(nof1, *paper(kept))[0]["receipt"] == {"different"}
    for command in ("check", "report"):
        code, out, err = nof1(command, "trial", *with_page)
        assert code == 2
        assert "The commitment on paper is" in err
    assert not (folder / "results").exists()


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_whose_seal_could_not_be_made_anew_is_found_by_opening_it(nof1, unsealed, edit):
    folder, kept = unsealed
    sealed = (folder / "allocation.age").read_bytes()
    digest = edit(folder)
    name = "protocol_file" if edit is edit_thresholds else "schedule_file"
    promise_anew(folder, allocation_of(folder, **{name: digest}))
    (folder / "allocation.age").write_bytes(sealed)
    rewrite(folder, lambda lines: lines[1]["body"].update(seal_digest=sha256_hex(sealed)))
    assert outcomes(nof1)[0]["order"] == {"same"}
    assert outcomes(nof1, "--identity", "key.txt")[0]["order"] == {"different"}
    assert outcomes(nof1, "--commitment", kept.commitment)[0]["commitment"] == {"different"}


def test_an_unsealing_written_in_the_form_of_an_early_version_is_found(nof1, unsealed):
    folder, _ = unsealed
    edit_thresholds(folder)
    trial = open_trial(folder)
    early = replace(trial.allocation, bound=None)
    promised = first_commitment(early, protocol_digest=trial.protocol_digest)

    def rewrite_early(lines):
        lines[1]["body"]["commitment"] = lines[-1]["body"]["commitment"] = promised
        for name in ("protocol_file_digest", "schedule_digest"):
            del lines[-1]["body"][name]

    rewrite(folder, rewrite_early)
    assert outcomes(nof1)[0]["order"] == {"different"}
    code, _, err = nof1("report", "trial")
    assert (code, "it names no protocol and no schedule" in err) == (2, True)


def test_a_report_on_an_edit_that_only_paper_finds_says_what_was_not_compared(nof1, unsealed):
    folder, _ = unsealed
    promise_anew(folder, allocation_of(folder, protocol_file=edit_thresholds(folder)))
    code, out, err = nof1("report", "trial", "--json")
    assert code == 0
    assert "It was not compared with paper" in err
    said = json.loads(out)
    assert "who holds the folder could have made all of them anew" in said["cannot_show"][0]
    page = re.sub(r"\s+", " ", (folder / "results/clinician.html").read_text(encoding="utf-8"))
    assert "It was not compared with paper" in page
    assert "who holds the folder could have made all of them anew" in page
    for claim in ("unchanged", "what was promised before the first dose"):
        assert claim not in page


# --- Changed scores ------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", [change_score, cut_scores])
def test_changed_and_missing_scores_are_found_by_a_receipt_alone(nof1, unsealed, attack):
    folder, kept = unsealed
    attack(folder)
    found, open_questions = outcomes(nof1, "--commitment", kept.commitment)
    assert "different" not in set().union(*found.values())
    assert "Whether an entry was changed or left out" in open_questions
    # The receipt of the draw holds: what came before the change is as it was.
    first, *_, last = kept.receipts
    found, open_questions = outcomes(nof1, "--receipt", first)
    assert found["receipt"] == {"same"}
    assert "Whether entries 4 to" in open_questions
    assert outcomes(nof1, "--receipt", last)[0]["receipt"] == {"different"}
    for command in ("check", "report"):
        code, _, err = nof1(command, "trial", "--receipt", last)
        assert (code, f"Receipt {last} is that of no entry" in err) == (2, True)


def test_a_tail_cut_off_after_the_last_receipt_leaves_no_trace_and_that_is_said(nof1, locked):
    folder, kept = locked
    rewrite(folder, lambda lines: lines.__delitem__(-1))
    found, open_questions = outcomes(nof1, "--receipt", kept.receipts[1])
    assert found["receipt"] == {"same"}
    assert "Whether entries after the last one here were made and cut off again" in open_questions
    assert outcomes(nof1, "--receipt", kept.receipts[2])[0]["receipt"] == {"different"}


# --- Seals and commitments -----------------------------------------------------------------------


def another_draw(folder):
    """Seal another order of the same kits by the packer's public key, as if it had been drawn."""
    trial = open_trial(folder)
    other = draw(folder.with_name("other"))
    drawn = open_seal((other.folder / "allocation.age").read_bytes(), Identity(str(SECRET)))
    kits = tuple(period.kit for period in trial.schedule.periods)
    return Allocation(
        arms=drawn.arms, kits=kits, seed=drawn.seed, salt=drawn.salt, bound=trial.bound
    )


def test_a_swapped_seal_is_found_by_the_log(nof1, locked):
    folder, _ = locked
    sealed = seal(another_draw(folder), Recipient(str(SECRET.to_public())))
    (folder / "allocation.age").write_bytes(sealed)
    assert outcomes(nof1)[0]["seal"] == {"different"}
    for words in (
        ("check", "trial"),
        ("unseal", "trial", "--by", "A", "--reason", "b", "--identity", "key.txt"),
        ("verify", "trial", "--identity", "key.txt"),
    ):
        code, out, err = nof1(*words)
        assert (code, out) == (2, "")
        assert "this is not the seal made with the trial" in err


def test_a_swapped_seal_that_the_log_names_is_found_by_the_commitment(nof1, locked):
    folder, kept = locked
    sealed = seal(another_draw(folder), Recipient(str(SECRET.to_public())))
    (folder / "allocation.age").write_bytes(sealed)
    rewrite(folder, lambda lines: lines[1]["body"].update(seal_digest=sha256_hex(sealed)))
    assert outcomes(nof1)[0]["seal"] == {"same"}
    assert outcomes(nof1, "--identity", "key.txt")[0]["order"] == {"different"}
    assert outcomes(nof1, *paper(kept))[0]["receipt"] == {"different"}
    code, _, err = nof1("unseal", "trial", "--by", "A", "--reason", "b", "--identity", "key.txt")
    assert (code, "its commitment is" in err) == (2, True)


def test_a_draw_made_anew_without_the_key_is_found_by_paper_alone(nof1, locked):
    folder, kept = locked
    promise_anew(folder, another_draw(folder))
    found, open_questions = outcomes(nof1, "--identity", "key.txt")
    assert "different" not in set().union(*found.values())
    assert "Whether protocol, schedule and order are those of the draw" in open_questions
    words = ("unseal", "trial", "--by", "A", "--reason", "end", "--identity", "key.txt")
    code, out, err = nof1(*words, "--commitment", kept.commitment)
    assert (code, out) == (2, "")
    assert "The commitment on paper is" in err
    assert open_trial(folder).allocation is None
    code, out, _ = nof1(*words)
    assert code == 0
    assert "It was not compared with paper" in re.sub(r"\s+", " ", out)


def test_an_exchanged_commitment_is_found_by_the_seal_and_by_paper(nof1, locked):
    folder, kept = locked
    rewrite(folder, lambda lines: lines[1]["body"].update(commitment="c0" * 32))
    assert outcomes(nof1, *paper(kept))[0]["commitment"] == {"different"}
    assert outcomes(nof1, "--identity", "key.txt")[0]["order"] == {"different"}


def test_other_arms_written_into_the_unsealing_are_found_at_once(nof1, unsealed):
    folder, _ = unsealed

    def swap(lines):
        arms = lines[-1]["body"]["arms"]
        lines[-1]["body"]["arms"] = arms[::-1] if arms != arms[::-1] else [*arms[1:], arms[0]]

    rewrite(folder, swap)
    assert outcomes(nof1)[0]["order"] == {"different"}
    code, _, err = nof1("report", "trial")
    assert (code, "its commitment is" in err) == (2, True)


def test_a_seal_made_anew_without_its_passphrase_does_not_open_with_it(nof1, tmp_path):
    folder = tmp_path / "trial"
    words = "correct horse battery staple"
    draw(folder, Passphrase(words))
    (tmp_path / "secret.txt").write_text(f"{words}\n")
    allocation = replace(another_draw(folder), bound=Bound(protocol_file="0", schedule_file="0"))
    sealed = seal(allocation, Passphrase("another passphrase of mine"))
    (folder / "allocation.age").write_bytes(sealed)
    rewrite(folder, lambda lines: lines[1]["body"].update(seal_digest=sha256_hex(sealed)))
    code, _, err = nof1("verify", "trial", "--passphrase-file", "secret.txt")
    assert (code, "does not open it" in err) == (2, True)


# --- Nothing was changed -------------------------------------------------------------------------


def test_an_honest_trial_agrees_with_its_paper(nof1, unsealed):
    folder, kept = unsealed
    before = {path: path.read_bytes() for path in folder.iterdir()}
    found, open_questions = outcomes(nof1, *paper(kept), "--identity", "key.txt")
    assert set(found) == {"log", "files", "seal", "order", "commitment", "receipt"}
    assert set().union(*found.values()) == {"same"}
    assert "no receipt" not in open_questions
    assert "agrees in the 8 digits compared" in open_questions
    full = ("--commitment", open_trial(folder).commitment, "--receipt", open_trial(folder).head)
    assert "digits compared" not in outcomes(nof1, *full)[1]
    code, out, _ = nof1("verify", "trial", "--identity", "key.txt")
    assert (code, "lacebo" in out, "agnesium citrate" in out) == (0, False, False)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.usefixtures("locked")
def test_digits_that_are_none_are_refused(nof1):
    code, out, err = nof1("verify", "trial", "--commitment", "Seal", "--receipt", "1a2b")
    assert (code, out) == (2, "")
    assert "--commitment: 'Seal' is not 8 to 64 of the digits" in err
    assert "--receipt: '1a2b' is not 8 to 64 of the digits" in err
