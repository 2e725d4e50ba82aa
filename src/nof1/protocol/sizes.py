"""What is beyond any trial of one person: its length, its work, and the ends of its scales."""

from __future__ import annotations

#: Days from the first to the last; the longest that were published lasted a year or two.
LONGEST_DAYS = 2000
#: Scores times periods that are analysed: the exact posterior takes their product in time and
#: memory, and a gigabyte and half a minute here.
MOST_WORK = 80_000
#: Points of the ends of a scale and of a difference on it, and the least range.
MOST_POINTS, LEAST_POINTS = 1e9, 1e-9


def too_long(days: int, periods: int, scores: int) -> str | None:
    """Return why a trial is too long to be one, or to be analysed, or None.

    Parameters
    ----------
    days, periods, scores : int
        Of one outcome of one person.
    """
    if days > LONGEST_DAYS:
        return f"{days:,} days are more than the {LONGEST_DAYS:,} that a trial may last"
    if periods * scores > MOST_WORK:
        return (
            f"{scores:,} scores in {periods:,} periods are more than can be analysed: their"
            f" product may be {MOST_WORK:,}"
        )
    return None


def no_scale(low: float, high: float) -> str | None:
    """Return why two numbers are not the ends of a scale, or None."""
    if not low < high:
        return f"low {low:g} must be below high {high:g}"
    if max(abs(low), abs(high)) > MOST_POINTS or high - low < LEAST_POINTS:
        return f"{low:g} to {high:g} is no scale; write ends within {MOST_POINTS:g}"
    return None
