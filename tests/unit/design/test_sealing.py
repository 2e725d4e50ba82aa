"""The seal opens for its key alone, tells nothing by its size, and proves when it was made."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from itertools import product

import pyrage
import pytest

from nof1.design.allocation import Allocation, Bound
from nof1.design.draw import draw
from nof1.design.passphrase import Passphrase
from nof1.design.sealing import (
    Identity,
    Recipient,
    commitment,
    damage,
    first_commitment,
    open_seal,
    seal,
    sealed_text,
)
from nof1.design.sets import allocation_set
from nof1.errors import SealError
from nof1.protocol.files import find_protocol, read_protocol
from nof1.provenance import canonical_json

MAGNESIUM = read_protocol(find_protocol("magnesium-rls"))
BOUND = Bound(protocol_file="ab" * 32, schedule_file="cd" * 32)
SECRET = pyrage.x25519.Identity.generate()
PACKER, IDENTITY = Recipient(str(SECRET.to_public())), Identity(str(SECRET))
DRAWN = Allocation(
    arms=("placebo", "magnesium", "magnesium", "placebo"),
    kits=("F3H4J7", "K9R3W4", "J4F7H9", "W3K7R9"),
    seed=b"\x01" * 32,
    salt=b"\x02" * 32,
    bound=BOUND,
)


@pytest.fixture(scope="module")
def sealed():
    return seal(DRAWN, PACKER)


@pytest.fixture(scope="module")
def by_passphrase():
    return seal(DRAWN, Passphrase("correct horse"))


def test_it_opens_with_the_identity(sealed):
    assert open_seal(sealed, IDENTITY) == DRAWN


def test_it_opens_with_the_passphrase(by_passphrase):
    assert open_seal(by_passphrase, Passphrase("correct horse")) == DRAWN


def test_any_age_tool_opens_it_to_plain_json(sealed):
    content = json.loads(pyrage.decrypt(sealed, [SECRET]))
    assert content["schema"] == "nof1.allocation/2"
    assert content["protocol_file_digest"] == BOUND.protocol_file
    assert content["schedule_digest"] == BOUND.schedule_file
    assert content["sequence"] == list(DRAWN.arms)
    assert content["seed"] == "01" * 32
    assert content["salt"] == "02" * 32
    assert content["envelopes"][1] == {"period": 2, "kit": "K9R3W4", "arm": "magnesium"}


def test_a_wrong_key_does_not_open_it(sealed, by_passphrase):
    stranger = Identity(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(SealError, match="this identity does not open it"):
        open_seal(sealed, stranger)
    with pytest.raises(SealError, match=r"this passphrase does not open it \(nor does it with a"):
        open_seal(by_passphrase, Passphrase("wrong horse"))


def test_a_slow_computer_is_told_from_a_wrong_passphrase(by_passphrase):
    # Other tools set the work by the speed of the computer: 2^30 is what a much faster one asks.
    faster = re.sub(rb"(-> scrypt \S+ )\d+", rb"\g<1>30", by_passphrase)
    with pytest.raises(SealError, match=r"1048576 MiB of memory and, .* too long on this computer"):
        open_seal(faster, Passphrase("a long enough passphrase"))


def test_a_key_of_the_wrong_kind_is_named(sealed, by_passphrase):
    with pytest.raises(SealError, match="opens with a passphrase"):
        open_seal(by_passphrase, IDENTITY)
    with pytest.raises(SealError, match="opens with the packer's age identity"):
        open_seal(sealed, Passphrase("correct horse"))


@pytest.mark.parametrize("place", [30, -4000, -1])
def test_a_changed_byte_is_noticed(sealed, place):
    changed = bytearray(sealed)
    changed[place] ^= 1
    with pytest.raises(SealError):
        open_seal(bytes(changed), IDENTITY)


def test_a_header_without_an_end_is_refused_before_it_is_read(sealed):
    magic, rest = sealed.split(b"\n", 1)
    with pytest.raises(SealError, match="its header does not end within 4,096 bytes"):
        open_seal(magic + b"\n" + b"-> X25519 " * 500 + rest, IDENTITY)


@pytest.mark.parametrize("length", [0, 21, 100, -1])
def test_a_cut_file_is_noticed(sealed, length):
    with pytest.raises(SealError):
        open_seal(sealed[:length], IDENTITY)


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "{}",
        sealed_text(DRAWN).replace("F3H4J7", "F3H4J9", 1),
        sealed_text(DRAWN).replace('"magnesium"', '"placebo"', 1),
        sealed_text(DRAWN).replace("0101", "01", 1),
        sealed_text(DRAWN).replace("allocation/2", "allocation/9"),
        sealed_text(DRAWN).replace("allocation/2", "allocation/1"),
        sealed_text(DRAWN).replace('"schedule_digest"', '"protocol_digest"', 1),
    ],
)
def test_what_is_no_allocation_is_refused_without_showing_it(text):
    with pytest.raises(SealError, match="not an allocation of nof1") as caught:
        open_seal(pyrage.encrypt(text.encode(), [SECRET.to_public()]), IDENTITY)
    assert "magnesium" not in str(caught.value)
    assert "01010101" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_its_length_follows_from_the_number_of_periods_alone():
    def length(*arms):
        kits = tuple(f"{number:06}" for number in range(len(arms)))
        return len(
            sealed_text(
                Allocation(arms=arms, kits=kits, seed=b"\x01" * 32, salt=b"\x02" * 32, bound=BOUND)
            )
        )

    long_id = "x" * 31
    assert length("a", "b", "a", "b") == length(long_id, long_id, "b", long_id) == 4096
    assert length(*["a"] * 360) == length(*[long_id] * 360)
    assert length(*["a"] * 360) % 4096 == 0


def test_sealed_by_a_passphrase_swapped_arms_have_the_same_length(by_passphrase):
    swapped = Allocation(
        arms=("magnesium", "placebo", "placebo", "magnesium"),
        kits=DRAWN.kits,
        seed=b"\x03" * 32,
        salt=DRAWN.salt,
        bound=BOUND,
    )
    other = seal(swapped, Passphrase("correct horse"))
    assert len(other) == len(by_passphrase)


def test_the_same_allocation_is_never_sealed_to_the_same_bytes(sealed):
    again = seal(DRAWN, PACKER)
    assert again != sealed
    assert b"magnesium" not in again
    assert b"F3H4J7" not in again


def test_the_commitment_is_a_plain_salted_digest():
    promised = canonical_json(
        {
            "schema": "nof1.commitment/2",
            "protocol_file_digest": BOUND.protocol_file,
            "schedule_digest": BOUND.schedule_file,
            "sequence": list(DRAWN.arms),
            "kits": list(DRAWN.kits),
            "seed": "01" * 32,
        }
    )
    expected = hashlib.sha256(b"\x02" * 32 + promised.encode()).hexdigest()
    assert commitment(DRAWN) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"arms": ("magnesium", "placebo", "placebo", "magnesium")},
        {"kits": ("F3H4J7", "K9R3W4", "J4F7H9", "W3K7H9")},
        {"seed": b"\x03" * 32},
        {"salt": b"\x03" * 32},
        {"bound": Bound(protocol_file="0" * 64, schedule_file=BOUND.schedule_file)},
        {"bound": Bound(protocol_file=BOUND.protocol_file, schedule_file="0" * 64)},
    ],
)
def test_the_commitment_covers_everything(change):
    assert commitment(replace(DRAWN, **change)) != commitment(DRAWN)


def test_what_is_bound_to_no_files_is_neither_sealed_nor_promised():
    loose = replace(DRAWN, bound=None)
    for use in (commitment, sealed_text):
        with pytest.raises(ValueError, match="bound to no protocol"):
            use(loose)


def test_a_seal_of_the_first_form_opens_and_names_no_files():
    first = json.loads(sealed_text(DRAWN))
    del first["protocol_file_digest"], first["schedule_digest"]
    first |= {"schema": "nof1.allocation/1", "protocol_digest": "ef" * 32}
    opened = open_seal(pyrage.encrypt(json.dumps(first).encode(), [SECRET.to_public()]), IDENTITY)
    assert opened == replace(DRAWN, bound=None)
    promised = {
        "schema": "nof1.commitment/1",
        "protocol_digest": "ef" * 32,
        "sequence": list(DRAWN.arms),
        "kits": list(DRAWN.kits),
        "seed": "01" * 32,
    }
    expected = hashlib.sha256(b"\x02" * 32 + canonical_json(promised).encode()).hexdigest()
    assert first_commitment(opened, protocol_digest="ef" * 32) == expected


@pytest.mark.parametrize("by", ["packer", "passphrase"])
def test_a_damaged_seal_shows_without_its_key(sealed, by_passphrase, by):
    whole = sealed if by == "packer" else by_passphrase
    assert damage(whole, n_periods=4) is None
    assert damage(b"", n_periods=4) == "it is empty"
    assert damage(b"hello", n_periods=4) == "it is no age file"
    assert damage(whole[:60], n_periods=4) == "it is cut off after 60 bytes"
    assert damage(whole[:-1], n_periods=4) == (
        f"it has {len(whole) - 1} bytes, and a whole one has {len(whole)}"
    )


def test_the_commitment_cannot_be_found_by_trying_every_sequence():
    drawn = replace(draw(MAGNESIUM), bound=BOUND)
    public = commitment(drawn)

    def found(salts, seeds):
        """Return the sequences that give the public commitment, all that is public known."""
        tried = product(allocation_set(MAGNESIUM), salts, seeds)
        return [
            sequence
            for sequence, salt, seed in tried
            if commitment(
                Allocation(
                    arms=tuple(("placebo", "magnesium")[arm] for arm in sequence),
                    kits=drawn.kits,
                    seed=seed,
                    salt=salt,
                    bound=BOUND,
                )
            )
            == public
        ]

    public_bytes = [
        b"",
        bytes(32),
        bytes.fromhex(BOUND.protocol_file),
        bytes.fromhex(public),
        *(kit.encode() for kit in drawn.kits),
        "".join(drawn.kits).encode(),
    ]
    small = [number.to_bytes(32, "big") for number in range(300)]
    guesses = public_bytes + small + [hashlib.sha256(text).digest() for text in public_bytes]
    assert found(guesses, guesses[:20]) == []
    assert found(guesses[:20], [drawn.seed]) == []
    truth = tuple(("placebo", "magnesium").index(arm) for arm in drawn.arms)
    assert found([drawn.salt], [drawn.seed]) == [truth]


@pytest.mark.parametrize(
    "text",
    ["", "age1abc", str(SECRET), "pharmacy@example.org"],
    ids=["empty", "short", "secret key", "address"],
)
def test_what_is_no_recipient_is_refused(text):
    with pytest.raises(SealError, match="not an age recipient") as caught:
        Recipient(text)
    assert str(SECRET)[20:] not in str(caught.value)


def test_what_is_no_identity_is_refused():
    with pytest.raises(SealError, match="not an age identity"):
        Identity(str(SECRET.to_public()))


def test_keys_hide_themselves():
    assert "horse" not in repr(Passphrase("correct horse"))
    assert str(SECRET) not in repr(IDENTITY)


def test_keys_are_read_from_files(tmp_path):
    path = tmp_path / "key.txt"
    path.write_text("correct horse\r\n")
    assert Passphrase.read(path) == Passphrase("correct horse")
    path.write_text(f"# created: 2026-01-01\n# public key: {PACKER.text}\n{SECRET}\n")
    assert Identity.read(path) == IDENTITY
    with pytest.raises(SealError, match="3 lines found"):
        Passphrase.read(path)
    path.write_text("# nothing\n")
    with pytest.raises(SealError, match="0 identities found"):
        Identity.read(path)
    with pytest.raises(SealError, match=r"nowhere\.txt: cannot be read"):
        Passphrase.read(tmp_path / "nowhere.txt")
