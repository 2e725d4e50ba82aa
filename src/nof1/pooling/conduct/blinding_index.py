"""Whether persons could tell the arm: Bang's index by arm, James' index over all.

Guesses are counted as independent of each other, as both indices do; several of one person are
not quite, so that the intervals are somewhat too short.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from nof1.pooling.persons.members import Member
from nof1.pooling.result.conduct import ArmGuesses, BlindingIndex, BlindingSummary
from nof1.sharing.contribution import CountedGuesses
from nof1.words.caution import Caution

FloatArray = NDArray[np.float64]

#: Weight of a wrong guess in James' disagreement; a right one has 0, and it cancels between two.
_WRONG = 0.5
#: Level of the interval above whose low end guesses are right more often than by chance.
LEVEL = 0.95
METHOD = (
    "Bang, Ni and Davis 2004 by arm; James and others 1996 over both arms; normal intervals,"
    " guesses counted as independent"
)


def blinding(people: Sequence[Member], arms: Sequence[str]) -> BlindingSummary | None:
    """Return the guesses of all persons by arm with their indices, or None where nobody told."""
    by_member = [
        by_arm
        for member in people
        if member.blinding
        and (by_arm := member.blinding.guesses.by_arm)
        and any(map(_names_an_arm, by_arm.values()))
    ]
    if not by_member:
        return None
    guesses = {
        arm: ArmGuesses(
            right=sum(counts[arm].right for counts in by_member if arm in counts),
            wrong=sum(counts[arm].wrong for counts in by_member if arm in counts),
            unsure=sum(counts[arm].unsure for counts in by_member if arm in counts),
        )
        for arm in arms
    }
    indices = {arm: bang(answers, len(arms), LEVEL) for arm, answers in guesses.items()}
    return BlindingSummary(
        guesses=guesses,
        n_persons=len(by_member),
        bang={arm: index for arm, index in indices.items() if index is not None},
        james=james(guesses, LEVEL),
        method=METHOD,
    )


def _names_an_arm(guesses: CountedGuesses) -> bool:
    return guesses.right + guesses.wrong + guesses.unsure > 0


def told_apart(
    guesses: tuple[int, int, int], n_arms: int, blinding: BlindingSummary | None
) -> Iterator[Caution]:
    """Yield a caution where most guesses are right, and more than by chance.

    Parameters
    ----------
    guesses : tuple of int
        Right, wrong and unsure, over all arms.
    n_arms : int
        Arms that could be guessed.
    blinding : BlindingSummary or None
        The same by arm, where told.
    """
    right, wrong, unsure = guesses
    decided = right + wrong
    if decided == 0 or right <= decided / 2:
        return
    # Clopper and Pearson's low end: guesses as right as this by chance are one in forty.
    low = float(betaincinv(right, wrong + 1, (1.0 - LEVEL) / 2.0))
    if low <= 1.0 / n_arms:
        return
    indices = blinding.bang if blinding else {}
    yield Caution.of(
        "arms-guessed",
        right=right,
        decided=decided,
        unsure=unsure,
        bang=tuple((arm, index.estimate) for arm, index in indices.items()),
    )


def bang(guesses: ArmGuesses, n_arms: int, level: float = 0.95) -> BlindingIndex | None:
    """Return Bang's index of one arm, from -1 (all wrong) over 0 (as by chance) to 1 (all right).

    ``(right - wrong / (n_arms - 1)) / all``, which for two arms is the published index (Bang, Ni &
    Davis 2004, doi:10.1016/j.cct.2003.10.016); its variance is that of a mean of independent
    guesses. None without a guess.

    Examples
    --------
    >>> bang(ArmGuesses(right=6, wrong=2, unsure=2), n_arms=2).estimate
    0.4
    """
    n = guesses.right + guesses.wrong + guesses.unsure
    if n == 0:
        return None
    each = 1.0 / (n_arms - 1)
    index = (guesses.right - each * guesses.wrong) / n
    square = (guesses.right + each**2 * guesses.wrong) / n
    return _index(index, sqrt(max(square - index**2, 0.0) / n), n, level)


def james(guesses: dict[str, ArmGuesses], level: float = 0.95) -> BlindingIndex | None:
    """Return James' index of two arms: 0 all right, 0.5 as by chance, 1 all unsure.

    ``(1 + u + (1 - u) K) / 2`` with the share ``u`` of "unsure" and ``K`` the chance-corrected
    disagreement of those who guess (James et al. 1996,
    doi:10.1002/(SICI)1097-0258(19960715)15:13<1421::AID-SIM266>3.0.CO;2-H), variance by the delta
    method over the cells. None with other than two arms, or where it is not defined: nobody
    guesses, or all guesses and arms are one.
    """
    if len(guesses) != 2:
        return None
    first, second = guesses.values()
    table = np.array(
        [[first.right, first.wrong, first.unsure], [second.wrong, second.right, second.unsure]],
        dtype=float,
    )
    n = int(table.sum())
    if n == 0 or table[:, 2].sum() == n:
        return None
    share = table / n
    index, slope = _james(share)
    if not np.isfinite(index):
        return None
    variance = (slope**2 * share).sum() - (slope * share).sum() ** 2
    return _index(index, sqrt(max(float(variance), 0.0) / n), n, level)


def _james(share: FloatArray) -> tuple[float, FloatArray]:
    """Return the index of a table of shares, arm by guess, and its slope in every cell.

    With ``g`` the cells of those who guess, ``T`` their sum and ``u = 1 - T``: ``K = D T / E - 1``
    with the disagreement ``D`` seen and ``E`` expected from the margins, both times `_WRONG`.
    """
    cells, unsure = share[:, :2], float(share[:, 2].sum())
    wrong = _WRONG * (1.0 - np.eye(2))
    rows, columns = cells.sum(axis=1), cells.sum(axis=0)
    total, seen = float(cells.sum()), float((wrong * cells).sum())
    expected = float(rows @ wrong @ columns)
    if expected <= 0.0:
        return np.nan, np.zeros_like(share)
    # (1 - u) K = T (D T / E - 1), so that the index is (1 + u - T + D T^2 / E) / 2.
    index = 0.5 * (1.0 + unsure - total + seen * total**2 / expected)
    by_expected = (wrong @ columns)[:, None] + (rows @ wrong)[None, :]
    slope = np.empty_like(share)
    slope[:, 2] = 0.5
    slope[:, :2] = 0.5 * (
        -1.0
        + (wrong * total**2 + 2.0 * seen * total) / expected
        - seen * total**2 / expected**2 * by_expected
    )
    return index, slope


def _index(estimate: float, se: float, n: int, level: float) -> BlindingIndex:
    reach = float(ndtri((1.0 + level) / 2.0)) * se
    return BlindingIndex(
        n=n,
        estimate=estimate,
        se=se,
        ci_low=estimate - reach,
        ci_high=estimate + reach,
        ci_level=level,
    )
