"""Tables made elsewhere: which arm is the comparator, and which are compared with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nof1.errors import Fault

#: Names by which a comparator is known without being told.
_COMPARATORS = {
    *("placebo", "control", "none", "off", "baseline", "usual", "comparator", "0", "sham", "dummy"),
    *("pbo", "plc", "usual care", "treatment as usual", "tau", "no treatment", "untreated"),
}

#: What a row says that is on no arm: its days belong to no period.
_NO_ARM = re.compile(r"(wash[-_ ]?out|run[-_ ]?in|lead[-_ ]?in)\b.*|pause|break|no arm")


def is_arm(label: str) -> bool:
    """Return whether a row with this label is on an arm, and not in a washout or the run-in."""
    return label != "" and not _NO_ARM.fullmatch(label.casefold())


def choose_arms(
    labels: Iterable[str], *, active: Sequence[str], comparator: str | None
) -> tuple[tuple[str, ...], list[Fault]]:
    """Return all arms, and what keeps them from being known.

    The comparator comes first, then the active arms wanted, then the others: what a person was on
    goes on acting, wanted or not.

    Parameters
    ----------
    labels : iterable of str
        Treatments in order of appearance; spellings that differ in capitals alone are one.
    active : sequence of str
        The active arms wanted; empty for every arm but the comparator.
    comparator : str or None
        None when it is to be recognised: A where the arms are A and B, or a name such as
        placebo, control or none, or the one arm that is left beside `active`.
    """
    arms: dict[str, str] = {}
    for label in filter(is_arm, labels):
        arms.setdefault(label.casefold(), label)
    shown = ", ".join(arms.values())
    faults = [
        Fault(f"{option} {name}", "no row has this treatment", f"The treatments are {shown}.")
        for option, names in (
            ("--active", active),
            ("--comparator", [comparator] if comparator is not None else []),
        )
        for name in names
        if name.casefold() not in arms
    ]
    if len(arms) < 2:
        what = f"all rows are on {shown}" if arms else "no row has a treatment"
        faults.append(Fault("treatment", what, "A comparison needs two treatments."))
    if faults:
        return (), faults
    wanted = [name.casefold() for name in active]
    base = comparator.casefold() if comparator is not None else _recognised(list(arms), wanted)
    if base is None:
        what = f"nobody can tell which of {shown} is the comparator"
        return (), [Fault("treatment", what, "Say which with --comparator NAME.")]
    if base in wanted:
        what = f"{arms[base]} is the comparator and an active arm"
        return (), [Fault("--active", what, "Name another arm.")]
    return tuple(arms[name] for name in dict.fromkeys((base, *wanted, *arms))), []


def _recognised(names: list[str], active: list[str]) -> str | None:
    """Return the one name that must be the comparator, or None."""
    left = [name for name in names if name not in active]
    if active and len(left) == 1:
        return left[0]
    if set(names) == {"a", "b"}:
        return "a"
    known = [name for name in left if name in _COMPARATORS]
    return known[0] if len(known) == 1 else None
