"""Leaving out as few facts as possible, until every person hides among k alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from nof1.sharing.privacy import FACTS, Key

#: Persons alike, by what is known of them: codes in order.
Classes = dict[Key, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """Persons who come to be alike: of each class so many, with all but the target's facts gone."""

    target: Key
    taken: tuple[tuple[Key, int], ...]
    left_out: int
    hidden: int

    @property
    def order(self) -> tuple[float, int, Key]:
        """Return what the best move has least of: facts left out for each person it hides."""
        return (self.left_out / self.hidden, -self.hidden, self.target)


def suppressed(keys: Mapping[str, Key], k: int) -> dict[str, Key]:
    """Return the facts of persons with some left out, so that every class has `k` members.

    A fact left out is like a fact that was never given, and like no other. In rounds, the moves
    that hide most persons for each fact left out are made first: the persons of small classes
    that become alike without some facts are joined, and where they are too few, persons of large
    classes join them, so many that those stay large. It is greedy: seldom could fewer facts be
    left out. The facts of the trial itself stay, so that persons whose trial fewer than `k` have
    only lose all their other facts. The same persons give the same answer, in whatever order.

    Parameters
    ----------
    keys : mapping of str to tuple of str
        By code: a value for each of `KNOWN`, empty where there is none.
    k : int
        Least size of a class.
    """
    trials: dict[str, Classes] = {}
    for code in sorted(keys):
        trials.setdefault(keys[code][-1], {}).setdefault(keys[code], []).append(code)
    for classes in trials.values():
        while _round(classes, k):
            pass
        _empty(classes, k)
    key_of = {code: key for of in trials.values() for key, codes in of.items() for code in codes}
    return {code: key_of[code] for code in keys}


def _round(classes: Classes, k: int) -> bool:
    """Make all moves, the best first, that do not touch one another; return whether any was."""
    touched: set[Key] = set()
    moves = sorted(_moves(classes, k), key=lambda move: move.order)
    for move in moves:
        involved = {move.target, *(key for key, _ in move.taken)}
        if involved & touched:
            continue
        touched |= involved
        for key, n in move.taken:
            _join(classes, key, move.target, n)
    return bool(moves)


def _join(classes: Classes, key: Key, target: Key, n: int) -> None:
    joining, staying = classes[key][:n], classes[key][n:]
    classes[target] = sorted([*classes.get(target, []), *joining])
    if staying:
        classes[key] = staying
    else:
        del classes[key]


def _moves(classes: Classes, k: int) -> Iterator[_Move]:
    """Yield every move that ends in a class of `k` or more."""
    small: dict[Key, list[Key]] = {}
    for key, codes in classes.items():
        if len(codes) < k:
            for target in _poorer(key):
                small.setdefault(target, []).append(key)
    large: dict[Key, list[Key]] = {}
    for key, codes in classes.items():
        if len(codes) >= k:
            for target in _poorer(key):
                if target in small:
                    large.setdefault(target, []).append(key)
    for target, joining in small.items():
        taken = [(key, len(classes[key])) for key in joining if key != target]
        hidden = sum(len(classes[key]) for key in joining)
        joined = hidden if target in joining else hidden + len(classes.get(target, ()))
        lenders = {key: len(classes[key]) for key in large.get(target, ())}
        lent = _lent(target, lenders, k - joined, k) if joined < k else []
        if lent is not None:
            whole = (*taken, *lent)
            left_out = sum(n * _distance(key, target) for key, n in whole)
            yield _Move(target=target, taken=whole, left_out=left_out, hidden=hidden)


def _poorer(key: Key) -> Iterator[Key]:
    """Yield a key with any of its facts left out, and as it is."""
    facts = [("", fact) if fact else ("",) for fact in key[:-1]]
    for left in product(*facts):
        yield (*left, key[-1])


def _distance(key: Key, target: Key) -> int:
    return sum(fact != other for fact, other in zip(key, target, strict=True))


def _lent(
    target: Key, lenders: Mapping[Key, int], lacking: int, k: int
) -> list[tuple[Key, int]] | None:
    """Return how many persons of large classes join a target; None if there are too few."""
    fitting = sorted((_distance(key, target), -n, key) for key, n in lenders.items())
    lent = []
    for _, minus, key in fitting:
        n = min(lacking, -minus - k)
        if n > 0:
            lent.append((key, n))
            lacking -= n
        if not lacking:
            return lent
    whole = min(((far * -minus, key, -minus) for far, minus, key in fitting), default=None)
    return None if whole is None else [(whole[1], whole[2])]


def _empty(classes: Classes, k: int) -> None:
    """Leave out every fact of the persons who are still in small classes."""
    for key in [key for key, codes in classes.items() if len(codes) < k]:
        bare = (*[""] * len(FACTS), key[-1])
        if key != bare:
            _join(classes, key, bare, len(classes[key]))
