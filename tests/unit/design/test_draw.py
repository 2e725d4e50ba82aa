"""The draw: pinned, independent parts, and codes people can read."""

from __future__ import annotations

import hashlib
import itertools

import pytest

from nof1.design.cycled import PairsSet
from nof1.design.draw import KIT_DISTANCE, draw, sequence_from_seed
from nof1.design.sets import ExplicitSet, allocation_set
from nof1.protocol.files import find_protocol, read_protocol

MAGNESIUM = read_protocol(find_protocol("magnesium-rls"))
CONFUSABLE = set("0ODQ1ILT5S2Z8B6GUVYMN")


def entropy_from(*pieces):
    given = iter(pieces)

    def entropy(n_bytes):
        piece = next(given)
        assert len(piece) == n_bytes
        return piece

    return entropy


def counting_entropy():
    numbers = itertools.count()
    return lambda n_bytes: hashlib.sha256(str(next(numbers)).encode()).digest()[:n_bytes]


def test_the_draw_from_a_fixed_seed_never_changes():
    drawn = draw(MAGNESIUM, entropy=entropy_from(bytes(range(32)), b"s" * 32, b"k" * 32))
    assert drawn.arms == ("placebo", "magnesium", "magnesium", "placebo", "placebo", "magnesium")
    assert drawn.kits == ("H93KFW", "HK73JR", "KW3JFH", "RKHJ73", "H3WRJ9", "FK9HJ7")
    assert drawn.seed == bytes(range(32))
    assert drawn.salt == b"s" * 32


def test_anyone_can_repeat_the_draw_from_the_seed_by_hand():
    drawn_from = PairsSet(3, 4)
    seed = bytes(range(32))
    stream = b"".join(hashlib.sha256(seed + i.to_bytes(8, "big")).digest() for i in range(4))
    two_bytes = (int.from_bytes(stream[i : i + 2], "big") for i in range(0, len(stream), 2))
    number = next(n % 2048 for n in two_bytes if n % 2048 < 6**4)
    assert sequence_from_seed(drawn_from, seed) == drawn_from.sequence(number)


def test_a_set_of_one_needs_no_randomness():
    assert sequence_from_seed(ExplicitSet(((0, 1),)), b"") == (0, 1)


def test_the_draw_comes_from_the_set_of_the_protocol_and_names_its_arms():
    entropy = counting_entropy()
    numbers = {"placebo": 0, "magnesium": 1}
    drawn = {
        tuple(numbers[arm] for arm in draw(MAGNESIUM, entropy=entropy).arms) for _ in range(99)
    }
    assert drawn == set(allocation_set(MAGNESIUM))


def test_the_operating_system_gives_a_new_draw_every_time():
    one, other = draw(MAGNESIUM), draw(MAGNESIUM)
    assert one.seed != other.seed
    assert one.salt != other.salt
    assert one.kits != other.kits
    assert len(one.seed) == len(one.salt) == 32


@pytest.mark.parametrize("changed", [0, 1])
def test_kit_codes_know_neither_seed_nor_salt(changed):
    pieces = [b"a" * 32, b"b" * 32, b"c" * 32]
    first = draw(MAGNESIUM, entropy=entropy_from(*pieces))
    pieces[changed] = b"x" * 32
    second = draw(MAGNESIUM, entropy=entropy_from(*pieces))
    assert first.kits == second.kits


def test_kit_codes_can_be_read_aloud_and_told_apart():
    entropy = counting_entropy()
    for _ in range(200):
        kits = draw(MAGNESIUM, entropy=entropy).kits
        for code in kits:
            assert len(code) == len(set(code)) == 6
            assert code[0].isalpha()
            assert not set(code) & CONFUSABLE
            assert not set(code) & set("AEIOU")
            assert not set(code) & set("ABCXYPMT")
        for one, other in itertools.combinations(kits, 2):
            assert sum(a != b for a, b in zip(one, other, strict=True)) >= KIT_DISTANCE


def test_kit_codes_have_no_pattern_by_place_in_the_trial():
    entropy = counting_entropy()
    kits = [draw(MAGNESIUM, entropy=entropy).kits for _ in range(600)]
    for period in range(6):
        firsts = [row[period][0] for row in kits]
        assert {letter: 60 < firsts.count(letter) < 140 for letter in "FHJKRW"} == dict.fromkeys(
            "FHJKRW", True
        )


def test_an_allocation_hides_itself():
    drawn = draw(MAGNESIUM)
    shown = f"{drawn} {drawn!r} {[drawn]}"
    assert "placebo" not in shown
    assert drawn.seed.hex() not in shown
