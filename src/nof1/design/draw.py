"""Drawing the allocation: uniform, from the operating system's randomness, and repeatable.

The sequence follows from the seed and the protocol alone, so that after the unsealing anyone can
repeat the draw. Salt and kit codes come from randomness of their own.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator

from nof1.design.allocation import Allocation, AllocationSet
from nof1.design.promise import SALT_BYTES, PublicDraw
from nof1.design.sets import allocation_set
from nof1.protocol.protocol import Protocol

#: Returns that many random bytes.
Entropy = Callable[[int], bytes]

SEED_BYTES = 32

#: Characters of a kit code: no vowels (no words), none that look or sound alike (0 O D Q, 1 I L T,
#: 5 S, 2 Z, 8 B, 6 G, U V Y, M N), none that hints at an arm (A B C X Y, P, M, T as initials of
#: placebo, magnesium, treatment).
KIT_LETTERS = "FHJKRW"
KIT_CHARACTERS = KIT_LETTERS + "3479"
KIT_LENGTH = 6
#: Codes of one trial differ in at least this many places, so that one slip of the pen is seen.
KIT_DISTANCE = 2


def draw(
    protocol: Protocol, *, entropy: Entropy = os.urandom, public: PublicDraw | None = None
) -> Allocation:
    """Return an allocation drawn uniformly from the protocol's allocation set.

    Parameters
    ----------
    protocol : Protocol
        Gives the arms and the allocation set.
    entropy : callable
        Returns as many random bytes as asked for: first the seed, then the salt, then the
        randomness of the kit codes, 32 bytes each.
    public : PublicDraw or None
        A promise and a number: seed and salt follow from them, and only the kit codes are random.

    Raises
    ------
    ProtocolError
        If the allocation set is empty.
    """
    if public is None:
        seed, salt = entropy(SEED_BYTES), entropy(SALT_BYTES)
    else:
        seed, salt = public.seed, public.promise.salt
    kit_randomness = entropy(SEED_BYTES)
    ids = [arm.id for arm in (protocol.comparator, *protocol.actives)]
    sequence = sequence_from_seed(allocation_set(protocol), seed)
    return Allocation(
        arms=tuple(ids[arm] for arm in sequence),
        kits=_kit_codes(protocol.n_periods, kit_randomness),
        seed=seed,
        salt=salt,
    )


def sequence_from_seed(sequences: AllocationSet, seed: bytes) -> tuple[int, ...]:
    """Return the sequence a seed gives: the same on every computer and in every version.

    The stream of bytes is SHA-256(seed || counter) for counter = 0, 1, ... as 8 bytes, big end
    first. Numbers of just enough bits are taken from it, big end first, whole bytes each with the
    excess high bits cleared, until one is below the size of the set; that is the number of the
    sequence. Every sequence is exactly equally likely.
    """
    return sequences.sequence(_below(sequences.size, _stream(seed)))


def _stream(seed: bytes) -> Iterator[int]:
    """Yield random bytes without end."""
    counter = 0
    while True:
        yield from hashlib.sha256(seed + counter.to_bytes(8, "big")).digest()
        counter += 1


def _below(size: int, stream: Iterator[int]) -> int:
    """Return a uniform number below `size`."""
    n_bits = (size - 1).bit_length()
    n_bytes = -(-n_bits // 8)
    while True:
        number = int.from_bytes(bytes(next(stream) for _ in range(n_bytes)), "big")
        number &= (1 << n_bits) - 1
        if number < size:
            return number


def _kit_codes(n_codes: int, randomness: bytes) -> tuple[str, ...]:
    """Return codes that start with a letter (no table program reads them as numbers)."""
    stream = _stream(randomness)
    codes: list[str] = []
    while len(codes) < n_codes:
        left = list(KIT_CHARACTERS)
        code = ""
        for place in range(KIT_LENGTH):
            # No character stands twice in a code: no KKK, no 333.
            choices = len(KIT_LETTERS) if place == 0 else len(left)
            code += left.pop(_below(choices, stream))
        if all(_distance(code, other) >= KIT_DISTANCE for other in codes):
            codes.append(code)
    return tuple(codes)


def _distance(code: str, other: str) -> int:
    """Return the number of places in which two codes differ."""
    return sum(a != b for a, b in zip(code, other, strict=True))
