"""Tables made elsewhere: the scale of every outcome, as given or guessed from the scores."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nof1.scales import Better, Scale
from nof1.trial.foreign.codes import CODES, outlier, suspects
from nof1.trial.foreign.rows import FaultList, ScoreRow
from nof1.words.caution import Caution

#: Ranges a scale is guessed from; the first that holds all scores is taken.
_USUAL_RANGES = ((0.0, 4.0), (0.0, 10.0), (0.0, 40.0), (0.0, 100.0))

#: Steps a scale is guessed from, the coarsest first.
_USUAL_STEPS = (1.0, 0.5, 0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableScale:
    """The scale of one outcome.

    Attributes
    ----------
    scale : Scale
        Ends, step and direction.
    known : bool
        Whether its ends were given.
    doubt : Caution or None
        What to know first of all of its ends, a sentence; empty when there is nothing.
    """

    scale: Scale
    known: bool
    doubt: Caution | None


def find_scales(
    rows: Iterable[ScoreRow],
    outcomes: Iterable[str],
    *,
    ends: tuple[float, float] | None,
    better: Better | None,
    faults: FaultList,
) -> tuple[dict[str, TableScale], list[Caution]]:
    """Return the scale of every outcome, and what was guessed.

    Parameters
    ----------
    rows : iterable of ScoreRow
        The whole table.
    outcomes : iterable of str
        In the order wanted, the primary first.
    ends : (float, float) or None
        Low and high end of every scale; None to guess them.
    better : {"lower", "higher"} or None
        None for lower.
    faults : FaultList
        Where scores off a given scale are reported, and codes for a missing answer where none is.
    """
    scored: dict[str, list[tuple[int, float]]] = {outcome: [] for outcome in outcomes}
    for row in rows:
        for outcome, score in row.scores:
            if not math.isnan(score):
                scored[outcome].append((row.number, score))
    scales, notes = {}, []
    for outcome, places in scored.items():
        if ends is None:
            _check_codes(outcome, places, faults)
        else:
            _check_ends(outcome, places, ends, faults)
        scores = [score for _, score in places]
        low, high = ends or _guessed_ends(scores)
        scale = Scale(
            name="numeric",
            low=low,
            high=high,
            step=_guessed_step(scores, low),
            better=better or "lower",
        )
        doubt = _doubt(outcome, places, scale) if ends is None else None
        scales[outcome] = TableScale(scale=scale, known=ends is not None, doubt=doubt)
        if ends is None and scores:
            notes.append(
                Caution.of(
                    "scale-guessed",
                    outcome=outcome,
                    low=low,
                    high=high,
                    lowest=min(scores),
                    highest=max(scores),
                )
            )
    if better is None:
        notes.append(Caution.of("lower-guessed"))
    return scales, notes


def _check_codes(outcome: str, places: Sequence[tuple[int, float]], faults: FaultList) -> None:
    """Add a fault for every number that may stand for a missing answer."""
    scores = [score for _, score in places]
    codes = suspects(scores)
    for code in codes:
        rows = [number for number, score in places if score == code]
        others = [score for score in scores if score not in codes]
        faults.add(
            rows[0],
            None,
            f"{outcome} {code:g}{_times(rows)} is far from all other scores, {min(others):g} to "
            f"{max(others):g}",
            f"If it stands for a missing answer, add --missing {code:g}; if it is a score, give "
            "the --scale LOW:HIGH.",
        )


def _check_ends(
    outcome: str,
    places: Sequence[tuple[int, float]],
    ends: tuple[float, float],
    faults: FaultList,
) -> None:
    """Add a fault for every score off the scale; one for all that are the same code."""
    low, high = ends
    off: dict[float, list[int]] = {}
    for number, score in places:
        if low <= score <= high:
            continue
        what = f"{outcome} {score:g} is off the scale {low:g} to {high:g}"
        if score in CODES:
            off.setdefault(score, []).append(number)
        else:
            faults.add(number, None, what, "Correct the score, or give another --scale LOW:HIGH.")
    for code, rows in off.items():
        faults.add(
            rows[0],
            None,
            f"{outcome} {code:g}{_times(rows)} is off the scale {low:g} to {high:g}",
            f"If it stands for a missing answer, add --missing {code:g}; else correct the score, "
            "or give another --scale LOW:HIGH.",
        )


def _times(rows: Sequence[int]) -> str:
    return f" ({len(rows)} times, here first)" if len(rows) > 1 else ""


def _doubt(outcome: str, places: Sequence[tuple[int, float]], scale: Scale) -> Caution | None:
    """Return that one score alone, far from the others, makes an end of the scale, if one does."""
    scores = [score for _, score in places]
    alone = outlier(scores)
    if alone is None:
        return None
    others = [score for score in scores if score != alone]
    if _guessed_ends(others) == (scale.low, scale.high):
        return None
    row = next(number for number, score in places if score == alone)
    return Caution.of(
        "scale-doubted",
        low=scale.low,
        high=scale.high,
        outcome=outcome,
        score=alone,
        row=row,
        others=(min(others), max(others)),
    )


def _guessed_ends(scores: Sequence[float]) -> tuple[float, float]:
    """Return the smallest usual range that holds all scores, else one with round ends."""
    lowest, highest = min(scores, default=0.0), max(scores, default=0.0)
    for low, high in _USUAL_RANGES:
        if low <= lowest and highest <= high:
            return low, high
    # Adding nothing turns -0 into 0.
    return 0.0 - _rounded_up(-lowest), _rounded_up(highest)


def _rounded_up(value: float) -> float:
    """Return the next 1, 2 or 5 times a power of ten; 0 for what is not positive."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * nice for nice in (1, 2, 5, 10) if value <= power * nice)


def _guessed_step(scores: Sequence[float], low: float) -> float:
    """Return the coarsest usual step that all scores keep to; 0 when they keep to none."""
    for step in _USUAL_STEPS:
        counts = [(score - low) / step for score in scores]
        if all(math.isclose(count, round(count), abs_tol=1e-6) for count in counts):
            return step
    return 0.0
