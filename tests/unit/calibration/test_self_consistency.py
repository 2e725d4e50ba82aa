import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr

from nof1.calibration.self_consistency import (
    LEVELS,
    PARAMETERS,
    Group,
    as_object,
    consistency,
    from_object,
    measure,
    uniformity,
)
from support.measured import uniform

N = 20_000


def pits(*, sd: float = 1.0, shift: float = 0.0) -> np.ndarray:
    """PITs of a normal posterior for a standard normal truth that is wrong by so much."""
    rng = np.random.default_rng(1)
    truth = rng.standard_normal(N)
    score = truth + rng.standard_normal(N)
    return ndtr((truth - score / 2 - shift) / (0.5**0.5 * sd))


def test_a_right_posterior_passes():
    found = uniformity(pits())
    assert max(map(abs, found.errors())) < 3
    assert min(found.kolmogorov_p, found.chi_squared_p) > 0.001


@pytest.mark.parametrize("wrong", [{"sd": 0.96}, {"sd": 1.04}])
def test_intervals_four_per_cent_off_are_caught(wrong):
    assert max(map(abs, uniformity(pits(**wrong)).errors())) > 3


def test_a_bias_that_coverage_hardly_shows_is_caught_by_the_histogram():
    found = uniformity(pits(shift=0.04))
    assert found.kolmogorov_p < 0.001


def test_the_figures_are_those_of_scipy():
    pit = pits(shift=0.01)
    found = uniformity(pit)
    test = stats.kstest(pit, "uniform")
    assert found.distance == pytest.approx(test.statistic)
    assert found.kolmogorov_p == pytest.approx(test.pvalue, rel=0.02)
    assert found.chi_squared_p == pytest.approx(stats.chisquare(found.bins).pvalue)
    inside = [int(((pit >= (1 - x) / 2) & (pit <= (1 + x) / 2)).sum()) for x in LEVELS]
    assert found.covered == tuple(inside)


def test_groups_are_all_both_kinds_and_the_strata():
    found = uniform(2000)
    assert {"all", "weekly", "daily", "tiny noise", "large shifts"} <= set(found)
    assert set(found["all"]) == set(PARAMETERS)
    assert (found["all"]["phi"].n, found["tiny noise"]["phi"].n) == (2000, 100)


def test_what_is_stored_comes_back():
    found = consistency({"weekly": [measure(Group("weekly", 3), 7)]})
    assert as_object(from_object(as_object(found))) == as_object(found)
    assert from_object(as_object(found))["all"]["effect"].covered == found["all"]["effect"].covered


def test_a_group_is_fixed_by_its_number_and_the_seed():
    one, again, other = (measure(Group("weekly", n), 7).pit for n in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)
    assert ((one >= 0) & (one <= 1)).all()
