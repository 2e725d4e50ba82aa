"""English: the words that numbers, lists and times need."""

from __future__ import annotations

AND, TO, NOON = "and", "to", "noon"
MORNING, AFTERNOON = "am", "pm"
UNDER, OVER = "under", "over"
FEWER_THAN_ONE, MORE_THAN_99 = "fewer than 1", "more than 99"
YES, NO = "yes", "no"
#: In other people's tables, in small letters.
WRITTEN_YES, WRITTEN_NO = ("yes", "y", "true"), ("no", "n", "false")
#: Of side effects, from 0 on, to clinicians; the person's own words are in `pages`.
SEVERITIES = ("none", "mild", "moderate", "severe")

LOWER, HIGHER = "lower", "higher"
BETTER, WORSE = "better", "worse"
NO_DIFFERENCE, NO_LIMITS = "no difference", "no limits"
UP_TO, OR_MORE = "up to {end}", "{end} or more"
FROM_TO = "from {low} to {high}"


def plural(name: str) -> str:
    """Return the name of more than one: ``capsules``, ``patches``, ``entries``."""
    if name.endswith(("s", "x", "ch", "sh")):
        return f"{name}es"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}s"


def singular(names: str) -> str:
    """Return the name of one point: ``point`` of ``points``."""
    return names.removesuffix("s")
