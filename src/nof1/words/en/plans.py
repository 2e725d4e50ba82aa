"""English: what a design cannot tell, and in what a trial is unlike the simulated ones."""

from __future__ import annotations

from collections.abc import Sequence

from nof1.words.numbers import listed, p_figure

# --- What a design cannot tell -------------------------------------------------------------------


def one_cycle_alone() -> str:
    return (
        "With one cycle every arm is tried once: its effect cannot be told from any other "
        "difference between the periods."
    )


def periods_below_half_lives(*, days: int, half_lives: int, enough: float) -> str:
    return (
        f"A period of {days} days is shorter than {half_lives} half-lives "
        f"({enough:g} days): the plain difference between periods shows only part of the "
        "effect."
    )


def little_visible(*, dropped: int) -> str:
    left_out = f"Even with the first {dropped} days of every period left out, less"
    return (
        f"{left_out if dropped else 'Less'} than half of the full effect is visible: take "
        "longer periods."
    )


def never_significant(
    *, pair: tuple[str, str] | None, bound: float, best: float, worst: float
) -> str:
    unlucky = f", or {p_figure(worst)} with the least lucky order" if worst > best else ""
    return (
        f"The randomisation test{_of(pair)} cannot reach p below {bound:g}, whatever the "
        f"scores: the smallest possible p is {p_figure(best)}{unlucky}."
    )


def seldom_significant(
    *, pair: tuple[str, str] | None, bound: float, best: float, worst: float
) -> str:
    return (
        f"With some of the orders that can be drawn, the randomisation test{_of(pair)} cannot reach"
        f" p below {bound:g}, whatever the scores: the smallest possible p is {p_figure(best)} to "
        f"{p_figure(worst)}."
    )


def _of(pair: tuple[str, str] | None) -> str:
    return "" if pair is None else f" of {pair[0]} against {pair[1]}"


# --- In what a trial is unlike the simulated ones ------------------------------------------------

_QUANTITIES = {
    "phi": "the correlation of neighbouring scores",
    "shift": "the size of period shifts",
    "half_life": "the half-life",
    "cycles": "the number of cycles",
    "missing": "the share of missing scores",
}


def none_simulated_close(*, quantities: Sequence[str]) -> str:
    named = listed([_QUANTITIES[quantity] for quantity in quantities])
    return f"No simulated trial was close to this one in {named}."


def other_period_length(*, simulated: int, here: float) -> str:
    return f"The simulated periods had {simulated} days, these about {here:.0f}."


def other_spacing(*, simulated: str, here: float) -> str:
    return f"The simulated scores were {simulated}, these {here:g} days apart."


def two_arms_simulated() -> str:
    return "The simulated trials had two arms."


def normal_simulated() -> str:
    return "The simulated analyses took the scores as normal; this verdict does not."


def other_mcid(*, simulated: float, here: float) -> str:
    return (
        f"There the MCID was {simulated:.2g} SD of a score, here "
        f"{here:.2g}: how often a verdict is given "
        "depends on it."
    )


def other_plan() -> str:
    return "The simulated analyses followed the default plan and rule; this one differs."
