from __future__ import annotations

import math

import pytest

from nof1.words.amounts import Amounts

LOWER = Amounts(unit="points", better="lower", digits=1)
HIGHER = Amounts(unit="hours", better="higher", digits=1)


@pytest.mark.parametrize(
    ("amounts", "value", "said"),
    [
        (LOWER, -4.21, "4.2 points lower (better)"),
        (LOWER, 4.21, "4.2 points higher (worse)"),
        (HIGHER, 4.21, "4.2 hours higher (better)"),
        (HIGHER, -4.21, "4.2 hours lower (worse)"),
        (LOWER, -0.04, "no difference"),
        (LOWER, 0.0, "no difference"),
    ],
)
def test_a_difference_is_said_with_its_direction(amounts, value, said):
    assert amounts.difference(value) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-7.1, -1.2, "from 7.1 to 1.2 lower (better)"),
        (-7.1, 1.2, "from 7.1 lower (better) to 1.2 higher (worse)"),
        (1.2, 7.1, "from 1.2 to 7.1 higher (worse)"),
        (-7.1, -0.01, "from 7.1 lower (better) to no difference"),
        (0.01, 7.1, "from no difference to 7.1 higher (worse)"),
        (-math.inf, math.inf, "no limits"),
    ],
)
def test_an_interval_is_said_with_its_directions(low, high, said):
    assert LOWER.interval(low, high) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-7.1, -1.2, "7.1 to 1.2 lower"),
        (-7.1, 1.2, "7.1 lower to 1.2 higher"),
        (1.2, 7.1, "1.2 to 7.1 higher"),
        (0.0, 7.1, "0.0 to 7.1 higher"),
        (-math.inf, 1.2, "up to 1.2 higher"),
        (-1.2, math.inf, "1.2 lower or more"),
    ],
)
def test_an_interval_in_a_table_has_no_bare_sign(low, high, said):
    assert LOWER.interval_cell(low, high) == said


def test_a_finer_amount_has_one_decimal_more_and_the_least_is_its_last_digit():
    assert LOWER.finer.cell(-4.216) == "4.22 lower"
    assert (LOWER.least, LOWER.finer.least) == ("0.1", "0.01")


def test_a_threshold_of_one_is_singular():
    assert (LOWER.size(3.0), LOWER.size(1.0)) == ("3 points", "1 point")
