"""Outcome scales: what a score is, and how questionnaire items make one.

No wording of a licensed questionnaire is here or anywhere else in nof1: items have numbers and
topics only, and a user with a licence may supply the text in a file of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nof1.errors import Fault, ScoresError

Better = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A way of putting a number on how a person is.

    Attributes
    ----------
    name : str
        ``"irls"``, ``"nrs"`` (0 to 10) or ``"numeric"``.
    low, high : float
        Ends of the scale, in points.
    step : float
        Distance between neighbouring scores; 0 when any number may be given.
    better : {"lower", "higher"}
        Which direction is an improvement.
    n_items : int
        Number of items the score is the sum of; 0 when it is one number.
    item_high : int
        Highest value of an item; the lowest is 0.
    """

    name: str
    low: float
    high: float
    step: float
    better: Better
    n_items: int = 0
    item_high: int = 0

    @property
    def span(self) -> float:
        """Return the distance between the ends, in points."""
        return self.high - self.low

    def fault_of(self, score: float) -> str | None:
        """Return what is wrong with `score` on this scale, or None."""
        if not self.low <= score <= self.high:
            return f"{score:g} is off the scale {self.low:g} to {self.high:g}"
        if self.step:
            steps = (score - self.low) / self.step
            if abs(steps - round(steps)) > 1e-6:  # 0.1 is not exact in binary
                return f"{score:g} is not a whole step of {self.step:g} from {self.low:g}"
        return None


IRLS = Scale(name="irls", low=0, high=40, step=1, better="lower", n_items=10, item_high=4)
NRS = Scale(name="nrs", low=0, high=10, step=1, better="lower")

#: Items (from 1) of the two subscales; item 3 belongs to neither.
IRLS_SUBSCALES = {"symptoms": (1, 2, 4, 6, 7, 8), "impact": (5, 9, 10)}

#: Highest total of each severity band, for context only, never as a measure of an effect.
IRLS_BANDS = ((0, "none"), (10, "mild"), (20, "moderate"), (30, "severe"), (40, "very severe"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemScore:
    """A questionnaire total and where it came from.

    Attributes
    ----------
    total : float or None
        Sum of the items; None when too many are missing.
    prorated : bool
        True when one missing item was replaced by the mean of the others.
    subscales : dict of str to float or None
        Sum per subscale; None unless every item of it was answered.
    """

    total: float | None
    prorated: bool
    subscales: dict[str, float | None]


def score_irls(items: Sequence[float | None], *, prorate: bool = False) -> ItemScore:
    """Return the IRLS-style total of ten items of 0 to 4.

    No rule for missing items has been published. Here a total with a missing item is itself
    missing, unless `prorate` is set and exactly one item is missing; then that item counts as the
    mean of the other nine, rounded to a whole total, and the score is flagged.

    Parameters
    ----------
    items : sequence of number or None, length 10
        Items 1 to 10; None when not answered.
    prorate : bool
        Allow one missing item.

    Raises
    ------
    ScoresError
        If there are not ten items, or one is off 0 to 4.

    Examples
    --------
    >>> score_irls([2, 2, 3, 1, 2, 2, 2, 3, 1, 2]).total
    20.0
    >>> score_irls([2, 2, 3, 1, 2, 2, 2, 3, 1, None]).total is None
    True
    """
    if len(items) != IRLS.n_items:
        raise ScoresError(
            Fault(
                "items", f"{len(items)} items given", f"Give {IRLS.n_items}, - for a missing one."
            )
        )
    faults = [
        Fault(
            f"item {number}",
            f"{value} is off the scale 0 to {IRLS.item_high}",
            "Write 0, 1, 2, 3 or 4.",
        )
        for number, value in enumerate(items, start=1)
        if value is not None and value not in range(IRLS.item_high + 1)
    ]
    if faults:
        raise ScoresError(faults)
    answered = [value for value in items if value is not None]
    missing = IRLS.n_items - len(answered)
    prorated = prorate and missing == 1
    if missing == 0:
        total: float | None = float(sum(answered))
    elif prorated:
        total = float(round(sum(answered) * IRLS.n_items / len(answered)))
    else:
        total = None
    subscales: dict[str, float | None] = {}
    for name, numbers in IRLS_SUBSCALES.items():
        values = [items[number - 1] for number in numbers]
        known = [value for value in values if value is not None]
        subscales[name] = float(sum(known)) if len(known) == len(values) else None
    return ItemScore(total=total, prorated=prorated, subscales=subscales)


def irls_band(total: float) -> str:
    """Return the severity band of an IRLS-style total, from ``none`` to ``very severe``."""
    return next(band for highest, band in IRLS_BANDS if total <= highest)
