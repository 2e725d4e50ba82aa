"""Which coefficients of a population make up each person's effects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.errors import Fault, InputError
from nof1.inference.exact.effect_likelihood import EffectLikelihood
from nof1.pooling.persons.likelihoods import Likelihoods, gathered
from nof1.pooling.persons.members import Member
from nof1.sharing.contribution import About
from nof1.sharing.forms import AGE_BANDS

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Coefficients of a population at most: the lattice grows with every one.
MOST = 5
#: Levels of each coarse fact, the first present being the reference.
LEVELS: dict[str, tuple[str, ...]] = {
    "magnesium": ("normal", "low", "high"),
    "iron": ("normal", "low", "high"),
    "sex": ("female", "male", "other"),
    "age": ("under 60", "60 or older"),
}
_OLDER = AGE_BANDS.index("60-69")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """The arms of a pool as a network.

    Attributes
    ----------
    names : tuple of str
        The reference first; each other arm has a coefficient of its own.
    active, comparator : str
        The main contrast: of those reported, the one that most persons tell of.
    reported : tuple of str
        The arms whose contrasts are reported, in the order of `names`; the others only act.
    """

    names: tuple[str, ...]
    active: str
    comparator: str
    reported: tuple[str, ...]

    def combination(self, active: str, comparator: str) -> FloatArray:
        """Return the coefficients' weights in a contrast, shape (p,)."""
        weights = np.zeros(len(self.names))
        weights[self.names.index(active)] += 1.0
        weights[self.names.index(comparator)] -= 1.0
        return weights[1:]


def arms_of(people: Sequence[Member], active: Collection[str] = ()) -> Arms:
    """Return the network of the persons' arms.

    Parameters
    ----------
    people : sequence of Member
        Who is pooled.
    active : collection of str
        The active arms that are reported; empty for all.

    Raises
    ------
    InputError
        If some arms are connected to others by nobody, or there are too many.
    """
    pairs = Counter(
        (arm, member.arms[0])
        for member in people
        for arm in member.arms[1:]
        if not active or arm in active
    )
    if not pairs:
        what = f"nobody who is left was on {' or '.join(active)}"
        raise InputError(Fault("--active", what, "Name another arm, or leave it out."))
    (main, comparator), _ = max(pairs.items(), key=lambda pair: (pair[1], pair[0]))
    count = Counter(arm for member in people for arm in member.arms)
    others = sorted(set(count) - {comparator}, key=lambda arm: (arm != main, -count[arm], arm))
    names = (comparator, *others)
    reached = {comparator}
    while (
        fresh := {arm for member in people if reached & set(member.arms) for arm in member.arms}
        - reached
    ):
        reached |= fresh
    if lost := sorted(set(names) - reached):
        what = f"nobody's trial connects {', '.join(lost)} with {comparator}"
        raise InputError(Fault("", what, "Pool them apart."))
    if len(names) - 1 > MOST:
        what = f"{len(names)} arms are more than can be pooled at once"
        raise InputError(Fault("", what, f"Pool at most {MOST + 1} arms."))
    shown = tuple(arm for arm in names if not active or arm == comparator or arm in active)
    return Arms(names=names, active=main, comparator=comparator, reported=shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """The persons' likelihoods in groups of persons alike, and who is where.

    Attributes
    ----------
    groups : tuple of Likelihoods
        By arms, and by level of the moderator.
    indices : tuple of int arrays
        Numbers of each group's persons.
    """

    groups: tuple[Likelihoods, ...]
    indices: tuple[IntArray, ...]


def grouped(
    people: Sequence[Member],
    likelihoods: Sequence[EffectLikelihood],
    arms: Arms,
    moderator: FloatArray | None = None,
) -> Grouped:
    """Return the likelihoods of persons alike together, each group with its design.

    Parameters
    ----------
    people, likelihoods
        One for each person.
    arms : Arms
        Of all.
    moderator : array, shape (n, q), or None
        Further regressors of every person, whose coefficients follow those of the arms; with two
        arms only.
    """
    kinds: dict[tuple[tuple[str, ...], tuple[float, ...]], list[int]] = {}
    for index, member in enumerate(people):
        more: tuple[float, ...] = () if moderator is None else tuple(moderator[index].tolist())
        kinds.setdefault((member.arms, more), []).append(index)
    groups, indices = [], []
    for (names, more), rows in kinds.items():
        design = np.array([arms.combination(arm, names[0]) for arm in names[1:]])
        design = np.column_stack([design, np.tile(more, (len(design), 1))])
        groups.append(gathered([likelihoods[row] for row in rows], design))
        indices.append(np.array(rows))
    return Grouped(groups=tuple(groups), indices=tuple(indices))


def level_of(about: About, name: str) -> str | None:
    """Return a person's level of a coarse fact, or None where it was not shared."""
    if name == "age":
        if about.age_band is None:
            return None
        return LEVELS["age"][AGE_BANDS.index(about.age_band) >= _OLDER]
    level: str | None = getattr(about, name)
    return level
