"""Counting sign patterns by meeting in the middle against listing them all."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from naive import naive_sign_flip
from nof1.inference.sign_flips import Flips


def flips(differences, *, copies=1, left_out=()):
    return Flips(
        differences=np.array(differences, dtype=float),
        copies=copies,
        left_out=tuple(np.array(signs, dtype=float) for signs in left_out),
        tolerance=1e-9,
    )


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(-5, 5), min_size=1, max_size=10),
    st.sampled_from([0.0, 0.5, 1.0, -2.0]),
)
def test_counts_equal_listing_with_ties(differences, effect):
    found = flips(differences)
    assert found.extreme(effect) / found.size == naive_sign_flip(differences, effect)


def test_sixteen_cycles_of_any_scores():
    d = np.random.default_rng(1).normal(0.4, 1, 16)
    assert flips(d).extreme() / 2**16 == naive_sign_flip(d)


def test_thirty_two_cycles_are_counted_exactly():
    """All differences of size 1: the tail of a binomial distribution, known in closed form."""
    d = np.r_[np.ones(22), -np.ones(10)]
    assert flips(d).extreme() / 2**32 == pytest.approx(2 * stats.binom(32, 0.5).cdf(10), rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(-5, 5).map(lambda x: round(x, 2)), min_size=4, max_size=8, unique=True),
    st.integers(1, 3),
)
def test_interval_ends_are_subset_means(differences, k):
    d = np.array(differences)
    low, high = flips(d).interval(2 * k)
    subset_means = sorted(
        np.mean(d[np.array(chosen)])
        for chosen in product([False, True], repeat=len(d))
        if any(chosen)
    )
    assert low == pytest.approx(subset_means[k - 1], abs=1e-6)
    assert high == pytest.approx(subset_means[-k], abs=1e-6)


def test_patterns_the_draw_could_not_give_do_not_count():
    alternating = np.array([1.0, -1.0, 1.0])
    found = flips([-4, -3, -5], left_out=(alternating, -alternating))
    assert found.size == 6
    # Neither the pattern nor its mirror image is extreme here, so nothing changes ...
    assert found.extreme() == 2
    # ... but at the mean difference every pattern is, and two of the eight are missing.
    assert found.extreme(-4.0) == 6
    assert found.always_extreme == 2


def test_cycles_without_scores_double_every_pattern():
    assert flips([-4, -3, -5], copies=4).extreme() == 4 * flips([-4, -3, -5]).extreme()
