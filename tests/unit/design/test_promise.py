"""A draw with a promise follows from it and from the number, and anybody can repeat it by hand."""

from __future__ import annotations

import hashlib
import json

import pytest

from nof1.design.draw import draw, sequence_from_seed
from nof1.design.promise import Promise, PublicDraw, promise_digits, seed_with
from nof1.design.sets import allocation_set
from nof1.errors import InputError, SealError
from nof1.protocol.files import find_protocol, read_protocol

MAGNESIUM = read_protocol(find_protocol("magnesium-rls"))
FILE = "ab" * 32
MADE = Promise(salt=bytes(range(32)), protocol_file=FILE, participant="P01")


def test_promise_and_seed_are_plain_digests():
    what = f'{{"participant":"P01","protocol_file_digest":"{FILE}","schema":"nof1.promise/1"}}'
    assert MADE.digits == hashlib.sha256(bytes(range(32)) + what.encode()).hexdigest()
    number = '{"public_number":"dice: 4 1 6","schema":"nof1.seed/1"}'
    public = PublicDraw(promise=MADE, number="dice: 4 1 6")
    assert public.seed == hashlib.sha256(bytes(range(32)) + number.encode()).digest()


def test_the_draw_follows_from_both_and_only_the_kits_are_drawn_anew():
    public = PublicDraw(promise=MADE, number="dice: 4 1 6")
    one, again = draw(MAGNESIUM, public=public), draw(MAGNESIUM, public=public)
    assert (one.arms, one.seed, one.salt) == (again.arms, public.seed, MADE.salt)
    assert one.kits != again.kits
    sequence = sequence_from_seed(allocation_set(MAGNESIUM), public.seed)
    assert one.arms == tuple(("placebo", "magnesium")[arm] for arm in sequence)


def test_every_order_can_come_out_whoever_chooses_one_of_the_two():
    orders = set(allocation_set(MAGNESIUM))
    by_number = {
        sequence_from_seed(allocation_set(MAGNESIUM), seed_with(MADE.salt, str(number)))
        for number in range(200)
    }
    by_salt = {
        sequence_from_seed(allocation_set(MAGNESIUM), seed_with(bytes([one]) * 32, "7"))
        for one in range(200)
    }
    assert by_number == by_salt == orders


@pytest.mark.parametrize(
    "other",
    [
        {"salt": bytes(32)},
        {"protocol_file": "cd" * 32},
        {"participant": "P02"},
    ],
)
def test_another_draw_has_other_digits(other):
    parts = {"salt": MADE.salt, "protocol_file": FILE, "participant": "P01"} | other
    assert promise_digits(parts.pop("salt"), **parts) != MADE.digits


def test_a_promise_is_kept_in_a_file_and_hides_itself(tmp_path):
    path = tmp_path / "promise.json"
    path.write_text(MADE.text)
    assert Promise.read(path) == MADE
    assert MADE.salt.hex() not in repr(MADE)
    assert Promise.made(protocol_file=FILE, participant="P01").salt != MADE.salt


@pytest.mark.parametrize("change", [{"salt": "00"}, {"schema": "nof1.seed/1"}, {"more": 1}])
def test_what_is_no_promise_is_refused_without_showing_it(tmp_path, change):
    path = tmp_path / "promise.json"
    path.write_text(json.dumps(json.loads(MADE.text) | change))
    with pytest.raises(SealError, match=r"promise\.json: is no promise of nof1") as caught:
        Promise.read(path)
    assert MADE.salt.hex() not in str(caught.value)
    path.write_text("[" * 100_000)
    with pytest.raises(SealError, match="is no promise"):
        Promise.read(path)


@pytest.mark.parametrize("number", ["", "  ", "two\nlines", "1\x1b[2J", "9" * 201])
def test_a_number_must_be_a_line_that_can_be_printed(number):
    with pytest.raises(InputError, match="--public-number"):
        PublicDraw(promise=MADE, number=number)


def test_one_spelling_of_a_number_counts():
    assert PublicDraw(promise=MADE, number=" Zu\u0308rich 7 ").number == "Z\u00fcrich 7"
