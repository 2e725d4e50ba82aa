"""Counting sign patterns by meeting in the middle against listing them all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nof1.inference.randomisation import sign_flips
from nof1.inference.randomisation.sign_flips import Flips
from support.naive import naive_sign_flip


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


def subset_means(d):
    """Every subset mean in order, the empty subset left out."""
    members = (np.arange(1, 2 ** len(d))[:, None] >> np.arange(len(d))) & 1
    return np.sort(members @ d / members.sum(axis=1))


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.lists(st.integers(-4, 4), min_size=2, max_size=9),
        st.lists(st.floats(-5, 5).map(lambda x: round(x, 3)), min_size=2, max_size=9),
    ),
    st.sampled_from([4, 32, 4096]),
)
def test_ends_at_every_level_are_subset_means_of_their_rank(differences, listed):
    """However few means may be listed, ties or not."""
    d = np.array(differences, dtype=float)
    means = subset_means(d)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sign_flips, "LISTED", listed)
        for k in range(1, 2 ** (len(d) - 1)):
            low, high = flips(d).interval(2 * k)
            assert low == pytest.approx(means[k - 1], abs=1e-7)
            assert high == pytest.approx(means[-k], abs=1e-7)


@pytest.mark.parametrize("kind", ["any", "sevenths", "whole"])
def test_ends_of_sixteen_cycles_are_exact(kind):
    rng = np.random.default_rng(6)
    d = {
        "any": rng.normal(0.4, 1, 16),
        "sevenths": rng.integers(-20, 30, 16) / 7,
        "whole": rng.integers(-3, 5, 16).astype(float),
    }[kind]
    means = subset_means(d)
    for k in (1, 2, 37, 655, 1638, 8000, 16000, 30000):
        low, high = flips(d).interval(2 * k)
        assert low == pytest.approx(means[k - 1], abs=1e-9)
        assert high == pytest.approx(means[-k], abs=1e-9)


@pytest.mark.parametrize("cycles", [24, 30])
def test_an_end_beyond_listing_is_where_the_count_passes_the_rank(cycles):
    d = np.random.default_rng(7).normal(0.4, 1, cycles)
    found = flips(d)
    allowed = int(0.05 * found.size)
    for end, out in zip(found.interval(allowed), (-1, 1), strict=True):
        assert found.extreme(end) > allowed
        # The next subset mean is nearer than the tolerance can tell, or one step lower.
        assert found.extreme(end + out * 1e-8) <= allowed


def test_forty_cycles_are_counted_exactly():
    d = np.r_[np.ones(26), -np.ones(14)]
    assert flips(d).extreme() / 2**40 == pytest.approx(2 * stats.binom(40, 0.5).cdf(14), rel=1e-12)


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
