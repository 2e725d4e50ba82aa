"""How well persons hide among each other in a set of contributions, and where they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from nof1.sharing.contribution import Contribution
from nof1.sharing.unicity import Unicity, unicity

#: Facts that others may know of a person and that a contribution can do without.
FACTS = ("age_band", "sex", "magnesium", "iron", "protocol")
#: With the one that it cannot do without: arms, planned length and blinding of the trial.
KNOWN = (*FACTS, "trial")
#: Least size of a class of persons alike in all these facts.
K = 5
#: Differences are taken as known to so many figures after the point.
DECIMALS = 1

#: What is known of a person: a value for each of `KNOWN`, empty where there is none.
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """The persons of some files, with what others may know of them.

    Attributes
    ----------
    keys : mapping of str to tuple of str
        By code of the person: a value for each of `KNOWN`, empty where there is none.
    levels : mapping of str to int
        Contributions at each level.
    scores, cycles : tuple of tuple of int
        One for each series of scores, or of cycle differences: numbers that stand for its pairs
        of outcome and day with a score, or of outcome, arm and cycle with a difference.
    """

    keys: Mapping[str, Key]
    levels: Mapping[str, int]
    scores: tuple[tuple[int, ...], ...]
    cycles: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """What is found about a crowd. It is pseudonymised at best, never anonymous.

    Attributes
    ----------
    k : int
        Least size of a class that was asked for.
    persons, contributions : int
        Persons are told apart by their codes.
    levels : mapping of str to int
        Contributions at each level.
    classes, smallest : int
        Classes of persons alike in all facts, and the size of the smallest.
    in_small : int
        Persons in classes smaller than `k`.
    in_small_without : mapping of str to int
        The same if nobody knew that fact: the smaller the number, the more it is to blame.
    in_small_trials : int
        Persons whose trial (arms, length, blinding) fewer than `k` have, so that leaving out
        facts cannot hide them.
    scores, cycles : Unicity or None
        How few scores, or cycle differences, tell a series apart; None without any.
    """

    k: int
    persons: int
    contributions: int
    levels: Mapping[str, int]
    classes: int
    smallest: int
    in_small: int
    in_small_without: Mapping[str, int]
    in_small_trials: int
    scores: Unicity | None
    cycles: Unicity | None

    def as_json(self) -> dict[str, Any]:
        """Return the finding as one JSON object."""
        return {"schema": "nof1.privacy/1", "status": "pseudonymised", **asdict(self)}


def facts_of(contribution: Contribution) -> Key:
    """Return what others may know of the person of a contribution."""
    about, protocol, design = contribution.about, contribution.protocol, contribution.design
    blinding = contribution.blinding.mode if contribution.blinding else "blinding unknown"
    return (
        about.age_band or "",
        about.sex or "",
        about.magnesium or "",
        about.iron or "",
        f"{protocol.name} {protocol.version} {protocol.digest}" if protocol else "",
        f"{', '.join(contribution.arms)}; {design.cycles} cycles, {design.periods} periods of"
        f" {design.period_days} days, run-in {design.run_in_days}, washout"
        f" {design.washout_days}; {blinding}",
    )


def without(contribution: Contribution, key: Key) -> Contribution:
    """Return a contribution in which every fact that is empty in `key` is null."""
    kept = dict(zip(KNOWN, key, strict=True))
    about = {name: None for name in ("age_band", "sex", "magnesium", "iron") if not kept[name]}
    changes: dict[str, Any] = {"about": contribution.about.model_copy(update=about)}
    if not kept["protocol"]:
        changes["protocol"] = None
    return contribution.model_copy(update=changes)


def gather(contributions: Iterable[Contribution]) -> Crowd:
    """Return the persons of contributions that are read one by one.

    A person with several contributions, of several outcomes, is known by all of them together;
    of two with one outcome the later counts.
    """
    keys: dict[str, Key] = {}
    levels: Counter[str] = Counter()
    scores: dict[tuple[str, str], tuple[int, ...]] = {}
    cycles: dict[tuple[str, str], tuple[int, ...]] = {}
    numbers: dict[tuple[object, ...], int] = {}
    for contribution in contributions:
        keys[contribution.id] = _joined(keys.get(contribution.id), facts_of(contribution))
        levels[contribution.level] += 1
        place = (contribution.id, contribution.outcome.id)
        if contribution.scores is not None:
            pairs = zip(contribution.scores.day, contribution.scores.score, strict=True)
            known = [(contribution.outcome.id, *pair) for pair in pairs if pair[1] is not None]
            scores[place] = tuple(numbers.setdefault(pair, len(numbers)) for pair in known)
        if contribution.cycle_differences is not None:
            differences = [
                (contribution.outcome.id, arm, cycle, round(difference, DECIMALS))
                for arm, of_arm in contribution.cycle_differences.items()
                for cycle, difference in enumerate(of_arm)
            ]
            cycles[place] = tuple(numbers.setdefault(pair, len(numbers)) for pair in differences)
    return Crowd(
        keys=keys,
        levels=dict(sorted(levels.items())),
        scores=tuple(scores[place] for place in sorted(scores)),
        cycles=tuple(cycles[place] for place in sorted(cycles)),
    )


def _joined(before: Key | None, now: Key) -> Key:
    """Return what is known of a person from two contributions."""
    if before is None or before == now:
        return now
    return tuple(
        " | ".join(sorted({*earlier.split(" | "), *other.split(" | ")} - {""}))
        for earlier, other in zip(before, now, strict=True)
    )


def privacy(crowd: Crowd, *, k: int = K) -> Privacy:
    """Return how well the persons of a crowd hide among each other.

    Two persons are of one class when all facts are alike; a fact that is not given is like no
    fact that is (k-anonymity: Sweeney 2002, International Journal of Uncertainty, Fuzziness and
    Knowledge-Based Systems 10:557).

    Parameters
    ----------
    crowd : Crowd
        At least one person.
    k : int
        Least size of a class.
    """
    classes = Counter(crowd.keys.values())
    return Privacy(
        k=k,
        persons=len(crowd.keys),
        contributions=sum(crowd.levels.values()),
        levels=crowd.levels,
        classes=len(classes),
        smallest=min(classes.values()),
        in_small=_in_small(classes, k),
        in_small_without={
            name: _in_small(_merged(classes, _all_but(i)), k) for i, name in enumerate(KNOWN)
        },
        in_small_trials=_in_small(_merged(classes, lambda key: key[-1:]), k),
        scores=unicity(crowd.scores) if crowd.scores else None,
        cycles=unicity(crowd.cycles) if crowd.cycles else None,
    )


def with_keys(measured: Privacy, keys: Mapping[str, Key]) -> Privacy:
    """Return the finding for other facts of the same persons; their series are as they were."""
    bare = Crowd(keys=keys, levels=measured.levels, scores=(), cycles=())
    return replace(privacy(bare, k=measured.k), scores=measured.scores, cycles=measured.cycles)


def _merged(classes: Mapping[Key, int], part: Callable[[Key], Key]) -> Counter[Key]:
    """Return the sizes of classes of which only a part of the facts is known."""
    merged: Counter[Key] = Counter()
    for key, n in classes.items():
        merged[part(key)] += n
    return merged


def _all_but(i: int) -> Callable[[Key], Key]:
    return lambda key: (*key[:i], *key[i + 1 :])


def _in_small(classes: Mapping[Key, int], k: int) -> int:
    return sum(n for n in classes.values() if n < k)
