"""Tables made elsewhere: the scale of every outcome, as given or guessed from the scores."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from nof1.scales import Better, Scale
from nof1.trial.foreign.rows import FaultList, Row

#: Ranges a scale is guessed from; the first that holds all scores is taken.
_USUAL_RANGES = ((0.0, 4.0), (0.0, 10.0), (0.0, 40.0), (0.0, 100.0))

#: Steps a scale is guessed from, the coarsest first.
_USUAL_STEPS = (1.0, 0.5, 0.1)


def find_scales(
    rows: Iterable[Row],
    *,
    ends: tuple[float, float] | None,
    better: Better | None,
    faults: FaultList,
) -> tuple[dict[str, Scale], list[str]]:
    """Return the scale of every outcome, in order of appearance, and what was guessed.

    Parameters
    ----------
    rows : iterable of Row
        The whole table.
    ends : (float, float) or None
        Low and high end of every scale; None to guess them.
    better : {"lower", "higher"} or None
        None for lower.
    faults : FaultList
        Where scores off a given scale are reported.
    """
    points: dict[str, list[float]] = {}
    for row in rows:
        for outcome, score in row.scores:
            known = points.setdefault(outcome, [])
            if math.isnan(score):
                continue
            known.append(score)
            if ends is not None and not ends[0] <= score <= ends[1]:
                faults.add(
                    row.number,
                    None,
                    f"{outcome} {score:g} is off the scale {ends[0]:g} to {ends[1]:g}",
                    "Correct the score, or give another --scale LOW:HIGH.",
                )
    scales, notes = {}, []
    for outcome, scores in points.items():
        low, high = ends or _guessed_ends(scores)
        step = _guessed_step(scores, low)
        scales[outcome] = Scale(
            name="numeric", low=low, high=high, step=step, better=better or "lower"
        )
        if ends is None and scores:
            notes.append(
                f"The scale of {outcome} was taken as {low:g} to {high:g}, as its scores go from "
                f"{min(scores):g} to {max(scores):g}; --scale LOW:HIGH says otherwise."
            )
    if better is None:
        notes.append("Lower scores were taken as better; --better higher says otherwise.")
    return scales, notes


def _guessed_ends(scores: Sequence[float]) -> tuple[float, float]:
    """Return the smallest usual range that holds all scores, else one with round ends."""
    lowest, highest = min(scores, default=0.0), max(scores, default=0.0)
    for low, high in _USUAL_RANGES:
        if low <= lowest and highest <= high:
            return low, high
    return -_rounded_up(-lowest), _rounded_up(highest)


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
