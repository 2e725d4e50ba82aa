"""Counting and numbering arrangements: words in which each letter occurs a given number of times.

Words are numbered in alphabetical order. The number of a word is the count of the words before it,
so counting the ways to complete a beginning is all that numbering needs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

Word = tuple[int, ...]


def multinomial(counts: Sequence[int]) -> int:
    """Return the number of words in which letter ``i`` occurs ``counts[i]`` times."""
    return math.factorial(sum(counts)) // math.prod(map(math.factorial, counts))


def n_arrangements(counts: Word, max_run: int | None) -> int:
    """Return the number of words with these counts and no letter more than `max_run` in a row."""
    return _completions(counts, -1, 0, max_run)


def arrangement(index: int, counts: Word, max_run: int | None) -> Word:
    """Return word number `index`, 0 <= index < `n_arrangements`."""
    left, last, more = counts, -1, 0
    word: list[int] = []
    while any(left):
        for letter, n_left in enumerate(left):
            if n_left:
                state = after(left, last, more, letter, max_run)
                ways = _completions(*state, max_run) if state else 0
                if state and index < ways:
                    word.append(letter)
                    left, last, more = state
                    break
                index -= ways
    return tuple(word)


def arrangement_number(word: Sequence[int], counts: Word, max_run: int | None) -> int | None:
    """Return the number of `word`, or None when a run is too long or the counts do not fit."""
    left, last, more = counts, -1, 0
    index = 0
    for letter in word:
        if letter not in range(len(left)):
            return None
        for earlier in range(letter):
            state = after(left, last, more, earlier, max_run)
            index += _completions(*state, max_run) if state else 0
        state = after(left, last, more, letter, max_run)
        if state is None:
            return None
        left, last, more = state
    return None if any(left) else index


def after(
    left: Word, last: int, more: int, letter: int, max_run: int | None
) -> tuple[Word, int, int] | None:
    """Return the state once `letter` has been added, or None when it cannot be.

    The state is the letters left, the last letter (-1 at the start), and how often it may go on.
    """
    if not left[letter] or (max_run is not None and letter == last and not more):
        return None
    fewer = (*left[:letter], left[letter] - 1, *left[letter + 1 :])
    if max_run is None:
        return fewer, letter, 0
    return fewer, letter, (more if letter == last else max_run) - 1


def _completions(left: Word, last: int, more: int, max_run: int | None) -> int:
    """Return the number of ways to complete a word."""
    if max_run is None:
        return multinomial(left)
    own = left[last] if last >= 0 else 0
    others = left[:last] + left[last + 1 :] if last >= 0 else left
    # The count does not depend on the letters' names: sorting them keeps the table small.
    return _count(own, min(more, own), tuple(sorted(others)), max_run)


@cache
def _count(own: int, more: int, others: Word, max_run: int) -> int:
    """Return the ways to go on when the last letter is left `own` times and may follow `more`."""
    if not own and not any(others):
        return 1
    total = _count(own - 1, more - 1, others, max_run) if more else 0
    for i, n_left in enumerate(others):
        if n_left:
            rest = tuple(sorted((*others[:i], *others[i + 1 :], own)))
            total += _count(n_left - 1, min(max_run, n_left) - 1, rest, max_run)
    return total
