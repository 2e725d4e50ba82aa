"""English: why a verdict was held back, and why a likelihood was taken; no full stops."""

from __future__ import annotations

from collections.abc import Sequence

from nof1.words.caution import Caution, sentence
from nof1.words.en.verdicts import TITLES
from nof1.words.numbers import listed, percent

# --- Why a verdict was held back -----------------------------------------------------------------


def one_arm(*, arm: str, alone: bool) -> str:
    return f"no score that is analysed speaks of {arm}{' alone' if alone else ''}"


def one_switch(*, comparator: str, active: str) -> str:
    return (
        f"with one switch between {comparator} and {active}, a drift of the scores over time and"
        " a difference between the arms look the same"
    )


def one_cycle(*, arm: str) -> str:
    return (
        f"there was one stretch of time on {arm}, and whatever else was different then"
        " looks the same as a difference between the arms"
    )


def not_computed() -> str:
    return (
        "the likelihood that the scores ask for did not run, and scores taken as plain normal"
        " numbers can hide a difference that matters"
    )


def drift_decides(*, mean: float, other: str) -> str:
    return (
        f"the scores drift by about {mean:+.2g} over the trial, far beyond what the plan"
        " expects, and with room for such a drift the verdict would be another:"
        f" {TITLES[other]}"
    )


def slow_effect(*, days: float) -> str:
    return (
        f"the plan finds a half-life of {days:.2g} days possible, with which a difference that"
        " matters can go unseen in periods like these; a half-life that is known can be fixed"
    )


# --- Why a likelihood was taken ------------------------------------------------------------------


def asked_for() -> str:
    return "it was asked for"


def scores_alike() -> str:
    return "the scores are all alike"


def two_values_only() -> str:
    return "the scores take two values only"


def no_other_likelihood() -> str:
    return "no score asks for another"


def at_the_ends(*, share: float, near: bool) -> str:
    beside = " or next to it" if near else ""
    return f"{percent(share)} of the scores lie at an end of the scale{beside}"


def outlier_explained(*, day: int, sds: float, gain: float) -> str:
    return (
        f"the score of day {day} lies {sds:.1f} SD from what the one before it"
        f" foretells, and heavy tails explain the scores better (log Bayes factor {gain:.1f})"
    )


def scatter_explained(*, scatter: Caution, gain: float) -> str:
    return (
        f"scores scatter unequally, by an SD of {sentence(scatter)}, and an SD for each arm"
        f" explains them better (log Bayes factor {gain:.1f})"
    )


def scatter_by_arm(*, sds: Sequence[tuple[str, float]]) -> str:
    order = sorted(sds, key=lambda item: -item[1])
    return listed([f"{sd:.2g} on {arm}" for arm, sd in order])
