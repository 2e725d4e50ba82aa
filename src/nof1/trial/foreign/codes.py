"""Tables made elsewhere: numbers that stand for a missing answer."""

from __future__ import annotations

from collections.abc import Sequence

#: Numbers by which programs and forms say that there is no answer, and why.
CODES = frozenset(
    float(sign * number)
    for number, signs in (
        *((n, (-1,)) for n in (1, 2, 4, 5, 6, 7, 8)),
        *((n, (-1, 1)) for n in (9, 66, 77, 88, 97, 98, 99)),
        *((n, (-1, 1)) for n in (777, 888, 997, 998, 999, 7777, 8888, 9997, 9998, 9999)),
        *((n, (-1, 1)) for n in (99999, 999999)),
    )
    for sign in signs
)

#: Missing answers are fewer than this share of all.
_MOST_MISSING = 0.5

#: A 9 is a code where answers go to 4 at most, and where it comes more than once.
_HIGHEST_BESIDE_9 = 4.0

#: A positive code is at least so many times the highest other score: 99 is none beside 96.
_TIMES = 2.0

#: Scores from which on one that stands alone is called so.
_LEAST_SCORES = 8

#: The only negative score may be a code where the others span at least so many points.
_LEAST_SPAN = 5.0


def suspects(scores: Sequence[float]) -> list[float]:
    """Return the codes among the scores of one outcome that are far from all other scores.

    A code is far away when it lies further from the nearest other score than those span, or when
    it is the only kind of negative number.
    """
    others = [score for score in scores if score not in CODES]
    if not others:
        return []
    low, high = min(others), max(others)
    span = max(high - low, 1.0)
    suspected = []
    for code in sorted({score for score in scores if score in CODES}):
        if low <= code <= high or list(scores).count(code) >= _MOST_MISSING * len(scores):
            continue
        away = low - code if code < low else code - high
        if code == 9.0:
            far = high <= _HIGHEST_BESIDE_9 and low >= 0 and list(scores).count(code) > 1
        elif code < 0:
            far = low >= 0 and (away > span or span >= _LEAST_SPAN)
        else:
            far = away > span and code >= _TIMES * high
        if far:
            suspected.append(code)
    return suspected


def outlier(scores: Sequence[float]) -> float | None:
    """Return the lowest or highest score if it stands alone, further off than the others span."""
    if len(scores) < _LEAST_SCORES:
        return None
    ordered = sorted(scores)
    for value, beside, others in (
        (ordered[-1], ordered[-2], ordered[:-1]),
        (ordered[0], ordered[1], ordered[1:]),
    ):
        if abs(value - beside) > max(others[-1] - others[0], 1.0):
            return value
    return None
