"""What a design can tell before anybody takes anything: exact, without simulation."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.design.allocation import AllocationSet
from nof1.design.sets import allocation_set
from nof1.inference.fits import NOTABLE_P
from nof1.model.exposure import exposure
from nof1.planning.contrasts import ContrastFacts, contrast_facts
from nof1.protocol.outcome import Outcome
from nof1.protocol.protocol import Protocol
from nof1.words.caution import Caution, sentence, sentences

FloatArray = NDArray[np.float64]
Sequences = NDArray[np.int64]

#: Sets up to this size are gone through in full; of larger ones this many sequences are drawn.
MOST_LISTED, N_DRAWN = 4096, 2000
DROPPED_DAYS = (0, 7, 14)
#: Periods shorter than this many half-lives show too little of the effect.
ENOUGH_HALF_LIVES = 5

CANDIDATE_CYCLES = range(2, 7)
CANDIDATE_PERIOD_DAYS = (28, 35, 42)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleShare:
    """Share of the steady-state effect that the plain difference of period means shows.

    Attributes
    ----------
    outcome : str
        Id of the outcome: its scoring days and recall window count.
    drop_days : int
        First days of every period whose scores are left out.
    mean, worst, best : float
        Over all sequences and, with several actives, all actives; 1 is the whole effect.
    """

    outcome: str
    drop_days: int
    mean: float
    worst: float
    best: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignFacts:
    """What a design can tell.

    Attributes
    ----------
    period_days, cycles, n_periods, n_days : int
        The design; `n_days` counts run-in and washout.
    order : str
        One sentence: how the sequence is drawn.
    n_sequences : int
        Size of the allocation set.
    smallest_p : float
        Smallest two-sided p of the randomisation test of the primary question: of the first
        active against the comparator.
    interval_level : float
        Highest level an interval of that test can have: ``1 - smallest_p``.
    contrasts : tuple of ContrastFacts
        What the test of each pair of arms can reach, that of the primary question first.
    half_life_days : float
        Assumed half-life of the exposure.
    shares : tuple of VisibleShare
        For every outcome, the primary one first, and 0, 7, 14 and the planned number of days
        dropped; without those that would leave no score.
    sampled : bool
        Whether `shares` come from 2,000 sequences drawn from the set, not from all of them.
    warnings : tuple of Caution
        What this design cannot tell.
    """

    period_days: int
    cycles: int
    n_periods: int
    n_days: int
    order: str
    n_sequences: int
    smallest_p: float
    interval_level: float
    contrasts: tuple[ContrastFacts, ...]
    half_life_days: float
    shares: tuple[VisibleShare, ...]
    sampled: bool
    warnings: tuple[Caution, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the facts as JSON can carry them."""
        return asdict(replace(self, warnings=())) | {
            "warnings": list(sentences(self.warnings)),
            "warning_codes": [warning.code for warning in self.warnings],
        }

    def share(self, outcome: str, drop_days: int) -> VisibleShare | None:
        """Return one of `shares`, or None when dropping so many days leaves no score."""
        shares = (s for s in self.shares if (s.outcome, s.drop_days) == (outcome, drop_days))
        return next(shares, None)


def design_facts(protocol: Protocol) -> DesignFacts:
    """Return what the design of a protocol can tell.

    The assumed half-life is the one the plan of analysis fixes, or else the median of its prior.

    Raises
    ------
    ProtocolError
        If the protocol leaves no sequence to draw.
    """
    drawn_from = allocation_set(protocol)
    sequences = _sequences(drawn_from)
    fixed = protocol.analysis.fixed_half_life_days
    half_life = protocol.analysis.priors.half_life_median_days if fixed is None else fixed
    shares = tuple(
        VisibleShare(
            outcome=outcome.id,
            drop_days=drop_days,
            mean=float(spread.mean()),
            worst=float(spread.min()),
            best=float(spread.max()),
        )
        for outcome in protocol.outcomes_primary_first
        for drop_days in sorted({*DROPPED_DAYS, protocol.analysis.drop_days})
        if (days := scoring_days(outcome, protocol.design.period_days, drop_days)).size
        for spread in [
            visible_shares(
                sequences,
                period_days=protocol.design.period_days,
                washout_days=protocol.design.washout_days,
                half_life_days=half_life,
                scored=days,
                recall_days=outcome.recall_days,
            )
        ]
    )
    contrasts = contrast_facts(protocol, drawn_from, sequences)
    facts = DesignFacts(
        period_days=protocol.design.period_days,
        cycles=protocol.design.cycles,
        n_periods=protocol.n_periods,
        n_days=protocol.n_days,
        order=sentence(drawn_from.describe()),
        n_sequences=drawn_from.size,
        smallest_p=contrasts[0].smallest_p,
        interval_level=contrasts[0].interval_level,
        contrasts=contrasts,
        half_life_days=half_life,
        shares=shares,
        sampled=drawn_from.size > MOST_LISTED,
        warnings=(),
    )
    return replace(facts, warnings=tuple(_warnings(protocol, facts)))


def candidates(protocol: Protocol) -> tuple[DesignFacts, ...]:
    """Return the facts of neighbouring designs: 2 to 6 cycles, periods of 4, 5 and 6 weeks.

    The protocol's own period length and number of cycles are among them. Numbers of cycles its
    allocation scheme cannot have are left out.
    """
    own = protocol.design
    lengths = sorted({*CANDIDATE_PERIOD_DAYS, own.period_days})
    counts = sorted({*CANDIDATE_CYCLES, own.cycles})
    return tuple(
        design_facts(protocol.model_copy(update={"design": own.model_copy(update=change)}))
        for period_days in lengths
        for cycles in counts
        for change in [{"period_days": period_days, "cycles": cycles}]
        if own.allocation != "counterbalanced" or cycles % 2 == 0
    )


def scoring_days(outcome: Outcome, period_days: int, drop_days: int) -> Sequences:
    """Return the days of a period, from 1, that scores speak of, less those left out."""
    days_scored = np.arange(outcome.every_days, period_days + 1, outcome.every_days)
    days = days_scored - outcome.days_before
    return days[days > drop_days]


def visible_shares(
    sequences: Sequences,
    *,
    period_days: int,
    washout_days: int,
    half_life_days: float,
    scored: Sequences,
    recall_days: int,
) -> FloatArray:
    """Return the share of the steady-state effect seen in the difference of period means.

    Nothing of any arm is taken before the first period or in a washout. The share
    of active ``k`` is the mean exposure to ``k`` over the recall windows of the scores in its own
    periods less that in the comparator's periods.

    Parameters
    ----------
    sequences : int array, shape (n_sequences, n_periods)
        Arm numbers, 0 for the comparator.
    period_days, washout_days : int
        Days of every period, and between periods.
    half_life_days : float
        Half-life of the rise and fall of the exposure.
    scored : int array, shape (n_scores,)
        Days of a period, from 1, with a score.
    recall_days : int
        Days a score looks back on, its own included.

    Returns
    -------
    array, shape (n_sequences, n_arms - 1)
        One share per sequence and active arm.
    """
    n_periods = sequences.shape[1]
    stretch = period_days + washout_days
    # Exposure is linear in the dose: one period of dose tells what it leaves in all later ones.
    dose = np.zeros(n_periods * stretch)
    dose[:period_days] = 1.0
    summed = np.cumsum(np.concatenate([np.zeros(recall_days), exposure(dose, half_life_days)]))
    last = np.arange(n_periods)[:, None] * stretch + recall_days + scored - 1
    left = (summed[last] - summed[last - recall_days]).mean(axis=1) / recall_days
    lag = np.subtract.outer(np.arange(n_periods), np.arange(n_periods))
    passed_on = np.where(lag >= 0, left[lag], 0.0)
    shares = []
    for active in range(1, int(sequences.max()) + 1):
        on = sequences == active
        seen = on @ passed_on.T
        shares.append(_mean_where(seen, on) - _mean_where(seen, sequences == 0))
    return np.stack(shares, axis=1)


def _mean_where(values: FloatArray, where: NDArray[np.bool_]) -> FloatArray:
    """Return the mean of each row over the columns where `where` holds."""
    return np.asarray((values * where).sum(axis=1) / where.sum(axis=1))


def _sequences(drawn_from: AllocationSet) -> Sequences:
    """Return every sequence of a set, or some drawn from it if it is large."""
    if drawn_from.size <= MOST_LISTED:
        return np.array(list(drawn_from))
    generator = random.Random(0)
    return np.array(
        [drawn_from.sequence(generator.randrange(drawn_from.size)) for _ in range(N_DRAWN)]
    )


def _warnings(protocol: Protocol, facts: DesignFacts) -> Iterator[Caution]:
    """Yield what the design cannot tell."""
    if facts.cycles == 1:
        yield Caution.of("one-cycle-alone")
    yield from _test_warnings(facts.contrasts)
    enough = ENOUGH_HALF_LIVES * facts.half_life_days
    if facts.period_days < enough:
        yield Caution.of(
            "periods-below-half-lives",
            days=facts.period_days,
            half_lives=ENOUGH_HALF_LIVES,
            enough=enough,
        )
    shares = [share for share in facts.shares if share.outcome == protocol.primary.id]
    if shares[-1].mean < 0.5:
        yield Caution.of("little-visible", dropped=shares[-1].drop_days)


def _test_warnings(contrasts: Sequence[ContrastFacts]) -> Iterator[Caution]:
    """Yield what the randomisation test of the primary question cannot reach."""
    primary = contrasts[0]
    best, worst = primary.smallest_p, primary.worst_smallest_p
    pair = (primary.active, primary.comparator) if len(contrasts) > 1 else None
    if best >= NOTABLE_P:
        yield Caution.of("never-significant", pair=pair, bound=NOTABLE_P, best=best, worst=worst)
    elif worst >= NOTABLE_P:
        yield Caution.of("seldom-significant", pair=pair, bound=NOTABLE_P, best=best, worst=worst)
