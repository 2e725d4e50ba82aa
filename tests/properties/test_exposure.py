"""What must hold for the exposure of every course of doses."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nof1.model.exposure import exposure
from nof1.model.model_input import model_input
from nof1.protocol.tables import AnalysisPlan
from support.naive import naive_exposure
from support.trials import reference_trial

#: Doses that stay for days as those of periods do, and doses that change daily.
DOSES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0, 1), st.integers(1, 9)), min_size=1
).map(lambda runs: [dose for dose, days in runs for _ in range(days)])
HALF_LIVES = st.sampled_from([0.0, 1e-5, 0.01, 0.5, 3.0, 40.0, 1e6])


@given(DOSES, HALF_LIVES, HALF_LIVES)
def test_rise_and_fall_follow_the_recursion(dose, fall, rise):
    found = exposure(dose, fall, rise)
    np.testing.assert_allclose(found, naive_exposure(dose, fall, rise), rtol=0, atol=1e-12)
    assert found.min() >= 0
    assert found.max() <= 1


@given(DOSES, HALF_LIVES)
def test_equal_half_lives_are_one(dose, half_life):
    np.testing.assert_array_equal(exposure(dose, half_life, half_life), exposure(dose, half_life))


@given(st.lists(DOSES, min_size=2, max_size=3), st.lists(st.tuples(HALF_LIVES, HALF_LIVES)))
def test_each_arm_and_pair_stands_for_itself(doses, pairs):
    n_days = min(map(len, doses))
    dose = np.array([one[:n_days] for one in doses]).T
    fall, rise = np.array(pairs).reshape(-1, 2).T
    found = exposure(dose, fall, rise)
    assert found.shape == (len(pairs), *dose.shape)
    for one, (off, on) in zip(found, pairs, strict=True):
        for arm in range(len(doses)):
            np.testing.assert_array_equal(one[:, arm], exposure(dose[:, arm], off, on))


def test_half_lives_that_are_no_pairs_are_refused():
    with pytest.raises(ValueError, match="no pairs"):
        exposure([1.0], [1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="not negative"):
        exposure([1.0], 1.0, np.inf)


def test_scores_take_the_mean_over_their_window_for_every_pair():
    data = reference_trial("c_irls_weekly", recall_days=7)
    scores = model_input(data, data.masked.series[0], AnalysisPlan())
    fall, rise = np.array([0.0, 3.0, 9.0]), np.array([2.0, 0.0, 30.0])
    found = scores.exposure(fall, rise)
    assert found.shape == (3, scores.n, 1)
    for one, off, on in zip(found, fall, rise, strict=True):
        daily = naive_exposure(scores.dose[:, 0], off, on)
        means = [daily[last - 7 : last].mean() for last in scores.day]
        np.testing.assert_allclose(one[:, 0], means, atol=1e-12)
