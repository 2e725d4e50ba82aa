"""English: how the order was drawn, and that nothing tells it."""

from __future__ import annotations

from collections.abc import Sequence

from nof1.words.caution import Caution, sentence


def drawn_from_all(*, cycles: int, max_run: int | None) -> str:
    most = "" if max_run is None else f", with at most {max_run} in a row"
    return f"Each arm occurs {cycles} times{most}, in an order drawn from all such orders."


def drawn_from_a_list(*, sequences: int) -> str:
    return f"The order was drawn from a list of {sequences} sequences."


def drawn_without(*, base: Caution, left_out: int) -> str:
    return (
        f"{sentence(base).removesuffix('.')}; the {left_out} orders in which "
        "all cycles are alike are left out, because carryover could not be estimated from them."
    )


def drawn_by_cycle(*, arms: int) -> str:
    if arms == 2:
        return "In each cycle both arms occur once, in an order drawn anew for every cycle."
    return f"In each cycle all {arms} arms occur once, in an order drawn anew for every cycle."


def drawn_in_halves() -> str:
    return (
        "In each cycle both arms occur once; half of the cycles, drawn at random, begin with "
        "one arm and half with the other."
    )


def drawn_by_williams(*, rows: int, cycles: int) -> str:
    balance = (
        "within the cycles every arm follows every other equally often"
        if cycles % rows == 0
        else f"{cycles} cycles do not use all rows equally often, so the arms do not "
        "follow each other equally often"
    )
    return (
        f"Each cycle is a row of a Williams square of {rows} rows, drawn at random "
        f"without repeating a row before all have been used; {balance}."
    )


def drawn_by_day(*, most: int) -> str:
    days = "one day" if most == 1 else f"{most} days"
    return (
        f"Every day had an arm of its own, each arm as often as it occurs here and at most "
        f"{days} in a row, in an order drawn from all such orders."
    )


def drawn_change_points(*, phases: int, least: int) -> str:
    return (
        f"The order of the {phases} phases was fixed and their change points were "
        f"drawn from all that leave at least {least} occasions in every phase."
    )


# --- Of tables from elsewhere --------------------------------------------------------------------


def no_test_as_asked() -> str:
    return "No randomisation test, as --allocation none asks."


def taken_as_pairs() -> str:
    return (
        "Every cycle of the table has every arm once, so the order was taken as drawn "
        "anew in each cycle; --allocation none contradicts."
    )


def draw_not_told() -> str:
    return (
        "Nothing says how the order was drawn: no randomisation test. "
        "--allocation pairs, complete, daily:K or FILE says it."
    )


def list_of_all_arms(*, arms: Sequence[str]) -> str:
    return (
        f"The list of sequences is of all arms; never on {', '.join(arms)}: no randomisation test."
    )


def not_drawn_so(*, arms: Sequence[str], why: str) -> str:
    return f"Never on {', '.join(arms)}, and {why}: no randomisation test."
