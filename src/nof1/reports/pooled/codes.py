"""Codes of persons as a report shows them: short enough for a table, with a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nof1.reports.layout.elements import Table
from nof1.words import pooled_persons as wording

#: Letters of a code that have room in a table.
ROOM = 10
#: Letters that a code keeps at least when it is cut.
LEAST = 4
#: Letters of a code that have room in half of a line.
HALF = 34


def short_codes(codes: Iterable[str]) -> dict[str, str]:
    """Return a short name for every code: itself, its first letters, or its number.

    Where all codes have room they stay; else they are cut to the same number of letters, if that
    tells them apart; else they are numbered in their order.
    """
    short = cut_codes(codes)
    if all(len(code) <= ROOM for code in short.values()):
        return short
    return {code: wording.number(number) for number, code in enumerate(sorted(short), start=1)}


def cut_codes(codes: Iterable[str]) -> dict[str, str]:
    """Return the first letters of every code, or the codes where these do not tell them apart."""
    known = sorted(set(codes))
    if all(len(code) <= ROOM for code in known):
        return {code: code for code in known}
    for n in range(LEAST, ROOM + 1):
        cut = [code[:n].strip(" .-_") for code in known]
        if len(set(cut)) == len(known) and all(cut):
            return dict(zip(known, cut, strict=True))
    return {code: code for code in known}


def key_table(shown: Sequence[str], whole: Mapping[str, str]) -> Table | None:
    """Return which whole code each short one stands for, or None where none was shortened.

    Parameters
    ----------
    shown : sequence of str
        Short codes that the report shows.
    whole : mapping of str to str
        Whole codes by short ones.
    """
    pairs = [(code, whole[code]) for code in sorted(set(shown)) if whole[code] != code]
    if not pairs:
        return None
    rows: list[tuple[str, ...]] = list(pairs)
    if max(len(code) for _, code in pairs) <= HALF:
        half = -(-len(pairs) // 2)
        right = [*pairs[half:], *[("", "")] * (2 * half - len(pairs))]
        rows = [(*a, *b) for a, b in zip(pairs[:half], right, strict=True)]
    n = len(rows[0]) // 2
    return Table(
        caption=wording.KEY_CAPTION,
        columns=n * wording.KEY_COLUMNS,
        rows=tuple(rows),
        widths=n * (2, 6) if n > 1 else (2, 14),
        note=wording.KEY_NOTE,
    )
