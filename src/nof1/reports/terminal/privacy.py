"""Who could be recognised in contributions, as ``nof1 privacy`` shows it."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.sharing.privacy import Privacy
from nof1.sharing.unicity import Unicity
from nof1.words.numbers import counted, percent

_NAMES = {
    "age_band": "age band",
    "sex": "sex",
    "magnesium": "magnesium status",
    "iron": "iron status",
    "protocol": "protocol (name, version, digest)",
    "trial": "trial (arms, cycles, days, blinding)",
}


def privacy_lines(privacy: Privacy) -> Iterator[str]:
    """Yield the lines of a finding."""
    levels = ", ".join(f"{n} at level {level}" for level, n in privacy.levels.items())
    yield (
        f"{counted(privacy.persons, 'person')} in {counted(privacy.contributions, 'contribution')}"
        f" ({levels}): pseudonymised, not anonymous."
    )
    yield ""
    yield f"Facts that others may know: {', '.join(_NAMES.values())}."
    yield from class_lines(privacy)
    if privacy.in_small:
        yield from _blame_lines(privacy)
    for name, what, unicity in (
        ("Series of scores", "scores with their days", privacy.scores),
        ("Cycle differences", "differences, to a tenth of a point", privacy.cycles),
    ):
        if unicity is not None:
            yield ""
            yield from _unicity_lines(name, what, unicity)


def class_lines(privacy: Privacy) -> Iterator[str]:
    """Yield the sizes of the classes."""
    yield f"  classes of persons alike in all of them  {privacy.classes}"
    yield f"  persons in the smallest class            {privacy.smallest}"
    yield f"  persons in classes smaller than {privacy.k:<8} {privacy.in_small}"
    if privacy.in_small_trials:
        yield (
            f"  of these, in trials of a kind that fewer than {privacy.k} persons had:"
            f" {privacy.in_small_trials}"
        )


def advice_lines(privacy: Privacy, *, suppressed: bool) -> Iterator[str]:
    """Yield what to do next."""
    if privacy.in_small_trials:
        yield (
            f"- Leaving out facts cannot hide {counted(privacy.in_small_trials, 'person')}: "
            "keep them"
            " back until there are more trials of their kind."
        )
    if privacy.in_small > privacy.in_small_trials and not suppressed:
        yield "- Leave out the facts that single persons out: add --suppress --out FILE.jsonl."
    if privacy.scores is not None:
        yield (
            "- Ask for `--level coarse` instead of single scores: leaving out facts does not"
            " hide a series."
        )
    exact = (
        privacy.contributions - privacy.levels.get("coarse", 0) - privacy.levels.get("scores", 0)
    )
    if exact:
        yield (
            f"- Whoever knows the arms and most of a diary can work out the rest of it from"
            f" {counted(exact, 'exact likelihood')}: ask for `--level coarse`."
        )
    yield (
        "- Treat the files as personal data all the same: whoever holds a whole diary can"
        " compute the likelihood and find the person in any of them."
    )


def _blame_lines(privacy: Privacy) -> Iterator[str]:
    """Yield the facts without which fewer persons would stand apart, the worst first."""
    blame = sorted(
        (n, name) for name, n in privacy.in_small_without.items() if n < privacy.in_small
    )
    if not blame:
        yield "  No single fact is to blame for these."
        return
    yield "  To blame: the same number if nobody knew one fact"
    width = max(len(_NAMES[name]) for _, name in blame)
    yield from (f"    without {_NAMES[name]:<{width}}  {n}" for n, name in blame)


def _unicity_lines(name: str, what: str, unicity: Unicity) -> Iterator[str]:
    yield f"{name}: {unicity.series}. Known {what}: how often they fit one series alone"
    for n, share in unicity.found.items():
        yield f"  {n} known  {percent(share, digits=1):>7}"
    yield (
        f"  (of 1: every one; of 2 and 3: {unicity.choices} random choices in each of"
        f" {unicity.looked_at} series, the same every time)"
    )
