"""How few numbers of a series tell it apart from all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

#: How many numbers somebody may know.
KNOWN_NUMBERS = (1, 2, 3)
#: Series looked at, at most, choices of numbers for each of them, and the seed of both.
SERIES, CHOICES, SEED = 1000, 20, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Unicity:
    """The share of series that a few known numbers single out.

    Attributes
    ----------
    series : int
        How many there are.
    looked_at : int
        How many of them were looked at, with `choices` random choices each.
    choices : int
        See above; with one number known every choice is looked at.
    found : mapping of int to float
        By how many numbers are known: the share of choices that fit one series alone, 0 to 1.
    """

    series: int
    looked_at: int
    choices: int
    found: dict[int, float]


def unicity(series: Sequence[Sequence[int]]) -> Unicity:
    """Return how often a few numbers of a series fit no other (de Montjoye 2013, Sci Rep 3:1376).

    A number is one that somebody may know, such as a score and its day. Of two and three, random
    choices are looked at; the same series give the same answer.

    Parameters
    ----------
    series : sequence of sequence of int
        What stands in each, as numbers from 0, each at most once.
    """
    every = [np.array(values, dtype=np.int64) for values in series]
    holders = _Holders(every)
    chance = np.random.default_rng(SEED)
    rows = np.arange(len(every))
    if len(rows) > SERIES:
        rows = np.sort(chance.choice(rows, SERIES, replace=False))
    picked = [every[row] for row in rows if len(every[row])]
    by_number = {}
    for n in KNOWN_NUMBERS:
        if n == 1:
            shares = [
                float((holders.counts[person] == 1).mean()) for person in every if len(person)
            ]
        else:
            shares = [_share_found(person, n, holders, chance) for person in picked]
        by_number[n] = float(np.mean(shares)) if shares else 0.0
    return Unicity(series=len(every), looked_at=len(rows), choices=CHOICES, found=by_number)


class _Holders:
    """The series that hold each number."""

    def __init__(self, every: Sequence[IntArray]) -> None:
        flat = np.concatenate(every)
        owner = np.repeat(np.arange(len(every)), [len(person) for person in every])
        self.counts = np.bincount(flat, minlength=1)
        self._ends = np.concatenate([[0], np.cumsum(self.counts)])
        self._owner = owner[np.argsort(flat, kind="stable")]

    def of(self, number: int) -> IntArray:
        return np.asarray(self._owner[self._ends[number] : self._ends[number + 1]])


def _share_found(person: IntArray, n: int, holders: _Holders, chance: np.random.Generator) -> float:
    """Return the share of random choices of `n` numbers that no other series has."""
    alone = 0
    for _ in range(CHOICES):
        known = chance.choice(person, min(n, len(person)), replace=False)
        left = holders.of(int(known[0]))
        for number in known[1:]:
            left = np.intersect1d(left, holders.of(int(number)), assume_unique=True)
        alone += len(left) == 1
    return alone / CHOICES
