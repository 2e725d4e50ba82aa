"""The share of the effect at full exposure that differences between periods hold."""

from itertools import product

import numpy as np
import pytest

from nof1.model.priors import HalfLifePrior
from nof1.pooling.frequentist.as_scheduled import shares
from support.pool_members import DESIGN, ESTIMAND

#: Mean over all pair-randomised orders of three cycles, by half-life and length of the periods.
KNOWN = {
    14: {0.5: 0.964, 1: 0.893, 3: 0.609, 7: 0.292, 14: 0.120, 28: 0.043},
    28: {0.5: 0.982, 1: 0.946, 3: 0.794, 7: 0.528, 14: 0.274, 28: 0.109},
    42: {0.5: 0.988, 1: 0.964, 3: 0.863, 7: 0.664, 14: 0.410, 28: 0.187},
}


def share(days, half_life, **changes):
    design = DESIGN.model_copy(update={"period_days": days, "cycles": 3} | changes)
    drop = changes.get("drop_days", 0)
    update = {"carryover": f"fixed:{half_life}", "drop_days": drop}
    found = shares([design], ESTIMAND.model_copy(update=update), None)
    assert found.low == found.high == found.least
    return found.low


@pytest.mark.parametrize("days", KNOWN)
def test_known_shares(days):
    for half_life, expected in KNOWN[days].items():
        assert share(days, half_life) == pytest.approx(expected, abs=6e-4)


def test_days_left_out_and_washouts():
    assert share(28, 7, drop_days=7) == pytest.approx(0.706, abs=6e-4)
    assert share(28, 7, washout_days=14) == pytest.approx(0.641, abs=6e-4)


def naive(days, half_life, cycles):
    """Go through every order day by day."""
    kept, found = 2 ** (-1 / half_life), []
    for firsts in product((0, 1), repeat=cycles):
        level, by_cycle = 0.0, []
        for first in firsts:
            means = {}
            for arm in (first, 1 - first):
                total = 0.0
                for _ in range(days):
                    level = kept * level + (1 - kept) * arm
                    total += level
                means[arm] = total / days
            by_cycle.append(means[1] - means[0])
        found.append(np.mean(by_cycle))
    return np.mean(found)


@pytest.mark.parametrize(("days", "half_life", "cycles"), [(7, 2.0, 4), (10, 5.0, 2), (3, 1.0, 1)])
def test_it_is_what_going_through_the_days_gives(days, half_life, cycles):
    found = share(days, half_life, cycles=cycles)
    assert found == pytest.approx(naive(days, half_life, cycles), abs=1e-12)


def test_a_prior_of_the_half_life_is_averaged_over():
    prior = HalfLifePrior(means_days=(3.0, 0.4), shares=(0.7, 0.3))
    estimand = ESTIMAND.model_copy(update={"carryover": "estimate"})
    found = shares([DESIGN], estimand, prior)
    drawn = np.random.default_rng(3)
    mean = np.where(drawn.random(4000) < 0.7, 3.0, 0.4)
    half_lives = np.maximum(drawn.exponential(mean), 0.02)
    grid = np.geomspace(0.02, 60, 60)
    table = [share(28, float(one)) for one in grid]
    assert found.low == pytest.approx(np.interp(half_lives, grid, table).mean(), abs=0.02)
    assert found.least == pytest.approx(share(28, prior.interval(0.9)[1]), abs=1e-9)


def test_lengths_agree_where_the_shares_do():
    def agree(*days, carryover):
        designs = [DESIGN.model_copy(update={"period_days": one}) for one in days]
        return shares(designs, ESTIMAND.model_copy(update={"carryover": carryover}), None).agree

    assert agree(7, 8, carryover="fixed:7")
    assert agree(28, 42, carryover="fixed:0.5")
    assert not agree(28, 42, carryover="fixed:7")
    assert agree(1, 400, carryover="none")
