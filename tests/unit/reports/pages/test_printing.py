from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import UTC, date, datetime

import pyrage
import pytest

from nof1.design.sealing import Identity, Recipient, open_seal
from nof1.errors import BlindingError, InputError, SealError
from nof1.files import replacing
from nof1.protocol.files import bundled_protocol
from nof1.reports.pages.printing import pack_pages, print_pages, read_item_wording, refuse_inside
from nof1.trial.starting import Start, start_trial
from nof1.trial.verifying import read_sealed
from support.printed import bundled, printed

MAGNESIUM = printed(bundled("magnesium-rls"))
NAMES = {"participant.pdf", "clinician.pdf", "calendar.ics"}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_pages_are_written_and_the_same_again(tmp_path):
    files = print_pages(MAGNESIUM, tmp_path / "print")
    first = contents(tmp_path / "print")
    assert {path.name for path in files} == set(first) == NAMES
    (tmp_path / "print" / "notes.txt").write_text("of the clinic")
    (tmp_path / "print" / "clinician.pdf").write_text("of an older nof1")
    print_pages(MAGNESIUM, tmp_path / "print")
    assert contents(tmp_path / "print") == first | {"notes.txt": b"of the clinic"}


def test_a_users_own_file_that_is_called_like_a_page_is_not_replaced(tmp_path):
    print_pages(MAGNESIUM, tmp_path / "print")
    (tmp_path / "print" / "calendar.ics").write_text("of the clinic")
    before = contents(tmp_path / "print")
    with pytest.raises(InputError, match=r"calendar\.ics: is no file that nof1 made"):
        print_pages(MAGNESIUM, tmp_path / "print")
    assert contents(tmp_path / "print") == before
    assert [path.name for path in tmp_path.iterdir()] == ["print"]


def test_what_was_printed_stays_when_the_new_pages_cannot_be_made(tmp_path):
    print_pages(MAGNESIUM, tmp_path / "print")
    first = contents(tmp_path / "print")
    with pytest.raises(InputError, match="李"):
        print_pages(replace(MAGNESIUM, contacts=("Dr 李",)), tmp_path / "print")
    assert contents(tmp_path / "print") == first
    assert [path.name for path in tmp_path.iterdir()] == ["print"]


def test_a_place_that_cannot_be_written_is_named_and_what_was_there_stays(tmp_path, monkeypatch):
    print_pages(MAGNESIUM, tmp_path / "print")
    first = contents(tmp_path / "print")
    put, done = replacing.put, []

    def failing(draft, place):
        done.append(place.name)
        if len(done) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        put(draft, place)

    monkeypatch.setattr(replacing, "put", failing)
    with pytest.raises(InputError, match=r"print: could not be written: No space.*Nothing was"):
        print_pages(MAGNESIUM, tmp_path / "print", large=True)
    assert len(done) == 2
    assert contents(tmp_path / "print") == first


def test_metadata_and_names_tell_no_arm(tmp_path):
    files = print_pages(MAGNESIUM, tmp_path / "print")
    for path in files[:2]:
        pdf = path.read_bytes()
        metadata = pdf[pdf.index(b"<x:xmpmeta") : pdf.index(b"</x:xmpmeta>")].lower()
        assert b"p-014" in metadata
        for word in (b"magnesium", b"placebo", b"citrate"):
            assert word not in metadata
            assert word not in path.name.encode()


@pytest.mark.parametrize("inside", ["", "packing", "print/packing", "packing/../deep"])
def test_pages_with_arms_never_land_in_the_trial_folder(tmp_path, inside):
    with pytest.raises(BlindingError, match="trial folder"):
        refuse_inside(tmp_path, tmp_path / inside)


def test_a_link_into_the_trial_folder_is_seen(tmp_path):
    (tmp_path / "trial").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "trial")
    with pytest.raises(BlindingError):
        refuse_inside(tmp_path / "trial", tmp_path / "link" / "packing")
    refuse_inside(tmp_path / "trial", tmp_path / "trial-packing")


def test_item_wording_is_read_a_line_an_item(tmp_path):
    path = tmp_path / "items.txt"
    path.write_text("".join(f"{n}. My own text {n}\n\n" for n in range(1, 11)), "utf-8-sig")
    wording = read_item_wording(MAGNESIUM, path)
    assert wording == tuple(f"My own text {n}" for n in range(1, 11))
    assert len(print_pages(MAGNESIUM, tmp_path / "print", item_wording=wording)) == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"one\ntwo\n", "2 lines of text"),
        (b"\xff\xfe\x00", "byte 0 is not UTF-8"),
        (b"", "0 lines"),
    ],
)
def test_item_wording_that_cannot_be_used_is_refused(tmp_path, text, told):
    path = tmp_path / "items.txt"
    path.write_bytes(text)
    with pytest.raises(InputError, match=told):
        read_item_wording(MAGNESIUM, path)


def test_item_wording_without_a_score_that_has_items_is_refused(tmp_path):
    protocol = bundled("magnesium-rls")
    nightly = protocol.outcomes[1].model_copy(
        update={"role": "primary", "mcid": protocol.primary.mcid}
    )
    trial = printed(protocol.model_copy(update={"outcomes": (nightly,)}))
    with pytest.raises(InputError, match="no score of this trial has items"):
        read_item_wording(trial, tmp_path / "items.txt")


def draw_concealed(folder, secret):
    """Draw a concealed trial into a folder, sealed for a key."""
    return start_trial(
        Start(
            folder=folder,
            participant="P01",
            first_day=date(2027, 1, 4),
            contacts=("Dr Lee",),
        ),
        protocol_text=bundled_protocol("magnesium-rls-open").read_text(encoding="utf-8"),
        key=Recipient(str(secret.to_public())),
        eligibility={"answers": {}, "concerns": [], "clinician": "", "how": "not asked"},
        now=datetime(2026, 12, 1, tzinfo=UTC),
    )


@pytest.fixture(scope="module")
def sealed_trial(tmp_path_factory):
    """A concealed trial in its folder, and the allocation inside its seal."""
    secret = pyrage.x25519.Identity.generate()
    trial = draw_concealed(tmp_path_factory.mktemp("sealed") / "trial", secret)
    return trial, open_seal(read_sealed(trial), Identity(str(secret)))


def test_the_promised_allocation_is_packed_and_the_same_again(sealed_trial, tmp_path):
    trial, allocation = sealed_trial
    before = contents(trial.folder)
    (tmp_path / "mine.txt").write_text("of the packer")
    files = pack_pages(trial, allocation, tmp_path)
    first = contents(tmp_path)
    assert {path.name for path in files} == {
        "packing-sheet.pdf", "labels.pdf", "emergency.pdf", "cards.pdf",
    }  # fmt: skip
    pack_pages(trial, allocation, tmp_path)
    assert contents(tmp_path) == first
    assert first["mine.txt"] == b"of the packer"
    assert contents(trial.folder) == before


def test_cards_of_another_set_go_but_never_a_file_of_the_packer(sealed_trial, tmp_path):
    trial, allocation = sealed_trial
    pack_pages(trial, allocation, tmp_path)
    blinding = trial.protocol.blinding.model_copy(update={"mode": "double-blind"})
    sealed_kits = replace(trial, protocol=trial.protocol.model_copy(update={"blinding": blinding}))
    pack_pages(sealed_kits, allocation, tmp_path)
    assert sorted(contents(tmp_path)) == ["emergency.pdf", "labels.pdf", "packing-sheet.pdf"]
    (tmp_path / "cards.pdf").write_bytes(b"business cards of the packer")
    pack_pages(sealed_kits, allocation, tmp_path)
    assert contents(tmp_path)["cards.pdf"] == b"business cards of the packer"


def test_the_folder_of_the_packer_may_be_a_link(sealed_trial, tmp_path):
    trial, allocation = sealed_trial
    (tmp_path / "place").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "place")
    files = pack_pages(trial, allocation, tmp_path / "link")
    assert {path.name for path in files} == set(contents(tmp_path / "place"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


def test_the_pages_of_another_trial_stay_and_so_does_what_nof1_did_not_make(sealed_trial, tmp_path):
    trial, allocation = sealed_trial
    pack_pages(trial, allocation, tmp_path)
    (tmp_path / "cards.pdf").write_bytes(b"business cards of the packer")
    first = contents(tmp_path)
    secret = pyrage.x25519.Identity.generate()
    other = draw_concealed(tmp_path.parent / f"{tmp_path.name}-other", secret)
    with pytest.raises(InputError) as caught:
        pack_pages(other, open_seal(read_sealed(other), Identity(str(secret))), tmp_path)
    assert [(fault.where, fault.what) for fault in caught.value.faults] == [
        (str(tmp_path / "packing-sheet.pdf"), "is a page of another trial"),
        (str(tmp_path / "labels.pdf"), "is a page of another trial"),
        (str(tmp_path / "emergency.pdf"), "is a page of another trial"),
        (str(tmp_path / "cards.pdf"), "is no page that nof1 made"),
    ]
    assert contents(tmp_path) == first


def test_another_allocation_than_the_promised_is_not_packed(sealed_trial, tmp_path):
    trial, allocation = sealed_trial
    with pytest.raises(SealError, match="commitment"):
        pack_pages(trial, replace(allocation, arms=allocation.arms[::-1]), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_is_packed_into_the_trial_folder(sealed_trial):
    trial, allocation = sealed_trial
    with pytest.raises(BlindingError):
        pack_pages(trial, allocation, trial.folder / "packing")
    assert not (trial.folder / "packing").exists()
