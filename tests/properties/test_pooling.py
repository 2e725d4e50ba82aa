"""What must hold for every series of persons that is pooled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nof1.pooling.frequentist.meta_analysis import meta_analysis, summary_t
from nof1.pooling.frequentist.mixed_model import difference_model
from nof1.pooling.frequentist.person_estimates import PersonEstimates, person_estimates

METHODS = ("reml", "pm", "dl")
TESTS = ("knapp-hartung", "z")


@st.composite
def series(draw, equal=False):
    """Cycle differences of 3 to 15 persons with 2 to 8 cycles, differing much or not at all."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    tau = draw(st.sampled_from([0.0, 0.2, 1.0, 30.0]))
    cycles = draw(st.integers(2, 8))
    return {
        f"P{i}": tau * rng.standard_normal()
        + rng.standard_normal(cycles if equal else rng.integers(1, cycles + 1) + (i < 2))
        for i in range(draw(st.integers(3, 15)))
    }


def numbers(found):
    average = found.average
    return np.array([average.estimate, average.se, average.ci_low, average.ci_high]), np.array(
        [found.tau2, found.tau2_low, found.tau2_high]
    )


@given(series(equal=True), st.sampled_from(METHODS))
@settings(max_examples=50, deadline=None)
def test_with_equal_numbers_of_cycles_every_method_is_the_summary_t(differences, method):
    given_ = person_estimates(differences)
    found, plain = meta_analysis(given_, method), summary_t(given_.estimate)
    assert found.average.df == plain.df
    for field in ("estimate", "se", "ci_low", "ci_high"):
        scale = plain.se
        assert getattr(found.average, field) == pytest.approx(
            getattr(plain, field), abs=1e-9 * scale
        )
    assert found.average.p_value == pytest.approx(plain.p_value, rel=1e-7)


@given(series(equal=True))
@settings(max_examples=50, deadline=None)
def test_with_equal_numbers_of_cycles_the_mixed_model_is_the_summary_t_off_the_edge(differences):
    found = difference_model(differences)
    average, plain = found.average(0), summary_t(person_estimates(differences).estimate)
    assert average.estimate == pytest.approx(plain.estimate, abs=1e-9)
    assert average.df == pytest.approx(plain.df, rel=1e-6)
    # On the edge persons differ by less than their cycles explain: the model takes the larger.
    assert average.se >= plain.se * (1 - 1e-6)
    assert found.boundary or average.se == pytest.approx(plain.se, rel=1e-5)


@given(series(), st.sampled_from(METHODS), st.sampled_from(TESTS))
@settings(max_examples=50, deadline=None)
def test_persons_who_do_not_differ_give_the_fixed_effect_average(differences, method, test):
    given_ = person_estimates(differences)
    found = meta_analysis(given_, method, test)
    assert (found.tau2 == 0) == (found.i2 == 0)
    if found.tau2 == 0:
        weight = 1 / given_.se**2
        assert found.average.estimate == pytest.approx(
            (weight * given_.estimate).sum() / weight.sum()
        )
        if test == "z":
            assert found.average.se == pytest.approx(weight.sum() ** -0.5)
    if method != "reml":
        assert (found.tau2 == 0) == (found.q <= found.q_df)


@given(series(), st.sampled_from(METHODS), st.sampled_from(TESTS), st.sampled_from([1e-3, 10.0]))
@settings(max_examples=50, deadline=None)
def test_units_signs_and_order_change_nothing(differences, method, test, factor):
    given_ = person_estimates(differences)
    turned = PersonEstimates(
        persons=given_.persons[::-1],
        estimate=-factor * given_.estimate[::-1],
        se=factor * given_.se[::-1],
    )
    (one, spread), (other, turned_spread) = (
        numbers(meta_analysis(each, method, test)) for each in (given_, turned)
    )
    assert other[[0, 1, 3, 2]] * [-1, 1, -1, -1] / factor == pytest.approx(one, rel=1e-6, abs=1e-9)
    assert turned_spread / factor**2 == pytest.approx(spread, rel=1e-6, abs=1e-9)


@given(series(), st.sampled_from(METHODS), st.floats(-50, 50))
@settings(max_examples=50, deadline=None)
def test_a_shift_of_everybody_shifts_the_average_alone(differences, method, shift):
    given_ = person_estimates(differences)
    moved = PersonEstimates(persons=given_.persons, estimate=given_.estimate + shift, se=given_.se)
    one, other = meta_analysis(given_, method), meta_analysis(moved, method)
    assert other.average.estimate - shift == pytest.approx(one.average.estimate, abs=1e-7)
    assert other.average.se == pytest.approx(one.average.se, rel=1e-6)
    assert other.tau2 == pytest.approx(one.tau2, rel=1e-6, abs=1e-7)


@given(series(), st.sampled_from([0.5, 0.8, 0.95]))
@settings(max_examples=50, deadline=None)
def test_the_interval_between_persons_holds_the_moment_estimate(differences, level):
    found = meta_analysis(person_estimates(differences), "pm", level=level)
    assert 0 <= found.tau2_low <= found.tau2 <= found.tau2_high
    average = found.average
    assert average.ci_low < average.estimate < average.ci_high
    wider = average.ci_low - found.prediction_low
    assert wider == pytest.approx(found.prediction_high - average.ci_high, abs=1e-9)
    assert wider > 0 if found.tau2 else wider == pytest.approx(0, abs=1e-12)


@given(series())
@settings(max_examples=50, deadline=None)
def test_units_and_names_change_nothing_in_the_mixed_model(differences):
    found = difference_model(differences)
    turned = difference_model({f"{-i}": -1e6 * mine for i, mine in enumerate(differences.values())})
    assert turned.boundary == found.boundary
    one, other = found.average(0), turned.average(0)
    assert other.estimate == pytest.approx(-1e6 * one.estimate, rel=1e-5, abs=0.1)
    assert (other.se, other.df) == (
        pytest.approx(1e6 * one.se, rel=1e-5),
        pytest.approx(one.df, rel=1e-4),
    )
    assert turned.df_satterthwaite == pytest.approx(found.df_satterthwaite, rel=1e-4)
