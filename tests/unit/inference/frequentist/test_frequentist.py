"""Randomisation and paired against their definitions."""

from dataclasses import asdict, replace
from math import comb

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from scipy import stats

from nof1.design.cycled import CounterbalancedSet, LatinSet, PairsSet
from nof1.design.sets import CompleteSet, ExplicitSet, VaryingSet
from nof1.inference.fits import NotRun
from nof1.inference.frequentist import paired
from nof1.inference.period_means import cycle_differences, period_means
from nof1.inference.randomisation import inversion, randomisation_test, reallocation
from nof1.model.model_input import model_input
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import Scale
from support.naive import naive_paired, naive_randomisation, naive_sign_flip
from support.trials import regular_periods, trial

SCALE = Scale(name="numeric", low=-100, high=100, step=0.001, better="lower")


def weekly(means, arms, *, level=0.95, n_arms=2):
    """One score a period: its mean."""
    periods = regular_periods(len(arms), 1, n_arms)
    data = trial(
        periods,
        tuple(arms),
        np.arange(1, len(arms) + 1),
        np.array(means, dtype=float),
        scale=SCALE,
        arms=("A", "B", "C", "D")[:n_arms],
    )
    return model_input(data, data.masked.series[0], AnalysisPlan(ci_level=level))


def sequence_of(differences):
    """Return period means and arms whose cycle differences are as given, in mixed orders."""
    means, arms = [], []
    for i, d in enumerate(differences):
        pair = [(0.0, 0), (d, 1)]
        for mean, arm in pair if i % 2 else pair[::-1]:
            means.append(mean + i)
            arms.append(arm)
    return means, arms


@settings(max_examples=60, deadline=None)
@for_all(st.lists(st.integers(-6, 6), min_size=2, max_size=8))
def test_p_value_equals_sign_flips_with_ties(differences):
    means, arms = sequence_of(differences)
    given = weekly(means, arms)
    fit = randomisation_test.fit(given, 1, 0, PairsSet(n_arms=2, cycles=len(differences)))
    assert fit.p_value == pytest.approx(naive_sign_flip(differences), abs=1e-12)
    assert fit.p_value > 0


@settings(max_examples=40, deadline=None)
@for_all(
    st.lists(st.floats(-9, 9).map(lambda x: round(x, 3)), min_size=3, max_size=7, unique=True),
    st.sampled_from([0.6, 0.8, 0.9, 0.95]),
)
def test_interval_is_the_set_of_effects_not_rejected(differences, level):
    means, arms = sequence_of(differences)
    given = weekly(means, arms, level=level)
    values = randomisation_test.fit(given, 1, 0, PairsSet(n_arms=2, cycles=len(differences)))
    alpha = max(1 - level, values.min_p_value)
    gap = 1e-5
    for end, out in ((values.ci_low, -1), (values.ci_high, 1)):
        assert naive_sign_flip(differences, end + out * gap) <= alpha + 1e-12
        assert naive_sign_flip(differences, end - out * gap) > alpha - 1e-12
    assert values.level <= 1 - values.min_p_value + 1e-12


def test_p_value_over_a_set_without_the_alternating_orders():
    """The set really drawn from decides: six of eight sequences, ties and mirrors included."""
    everything = [(a, 1 - a, b, 1 - b, c, 1 - c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    drawn_from = [s for s in everything if s not in ((0, 1) * 3, (1, 0) * 3)]
    observed = (0, 1, 1, 0, 0, 1)
    means = [20.0, 14.0, 15.0, 21.0, 19.0, 17.0]
    fit = randomisation_test.fit(weekly(means, observed), 1, 0, ExplicitSet(tuple(drawn_from)))
    cycles = [0, 0, 1, 1, 2, 2]
    assert fit.p_value == pytest.approx(
        naive_randomisation(means, drawn_from, observed, cycles=cycles), abs=1e-12
    )
    assert fit.min_p_value == pytest.approx(2 / 6)
    for end, out in ((fit.ci_low, -1), (fit.ci_high, 1)):
        inside = naive_randomisation(
            means, drawn_from, observed, cycles=cycles, effect=end - out * 1e-6
        )
        outside = naive_randomisation(
            means, drawn_from, observed, cycles=cycles, effect=end + out * 1e-6
        )
        assert inside > 1 - fit.level >= outside - 1e-12


def test_complete_randomisation_uses_all_periods():
    means, observed = [3.0, 9.0, 8.0, 2.0], (1, 0, 0, 1)
    fit = randomisation_test.fit(weekly(means, observed), 1, 0, CompleteSet(n_arms=2, cycles=2))
    assert fit.estimate == pytest.approx(2.5 - 8.5)
    assert fit.allocations == 6
    assert fit.p_value == pytest.approx(2 / 6)


def test_three_arms_keep_the_third_where_it_was():
    means, arms = [5.0, 1.0, 3.0, 1.5, 5.5, 3.5], (0, 1, 2, 1, 0, 2)
    fit = randomisation_test.fit(weekly(means, arms, n_arms=3), 1, 0, PairsSet(n_arms=3, cycles=2))
    assert fit.estimate == pytest.approx(-4)
    assert fit.p_value == pytest.approx(2 / 4)


def test_large_sets_are_sampled_without_ever_giving_zero():
    rng = np.random.default_rng(1)
    differences = rng.normal(-3, 1, 44)
    means, arms = sequence_of(differences)
    fit = randomisation_test.fit(weekly(means, arms), 1, 0, PairsSet(n_arms=2, cycles=44))
    assert not fit.exact
    assert fit.allocations == 2**44
    assert fit.p_value == fit.min_p_value == 1 / (1 + reallocation.SAMPLED)
    assert fit.ci_low < differences.mean() < fit.ci_high


def test_a_sampled_p_value_is_the_exact_one_within_its_stated_error(monkeypatch):
    """(1 + b) / (1 + B) over a uniform sample that the observed sequence joins."""
    rng = np.random.default_rng(8)
    complete = CompleteSet(n_arms=2, cycles=5)
    arms = complete.sequence(77)
    given = weekly(rng.normal(np.array(arms) * -0.9, 1).tolist(), arms)
    exact = randomisation_test.fit(given, 1, 0, complete)
    monkeypatch.setattr(reallocation, "LISTED", 100)
    monkeypatch.setattr(reallocation, "SAMPLED", 3000)
    sampled = randomisation_test.fit(given, 1, 0, complete)
    assert exact.exact
    assert exact.monte_carlo_se == 0
    assert not sampled.exact
    p = sampled.p_value
    assert p * 3001 == pytest.approx(round(p * 3001), abs=1e-9)
    assert sampled.monte_carlo_se == pytest.approx((p * (1 - p) / 3001) ** 0.5)
    assert abs(p - exact.p_value) < 4 * sampled.monte_carlo_se
    assert sampled.ci_low == pytest.approx(exact.ci_low, abs=0.3)


def test_a_p_value_of_zero_is_refused():
    with pytest.raises(ArithmeticError, match="observed sequence"):
        inversion.share(0, 64)


@pytest.mark.parametrize("missing", [(), (3,), (3, 8, 9)])
@pytest.mark.parametrize("varying", [False, True])
@pytest.mark.parametrize("level", [0.55, 0.8, 0.95])
def test_counting_by_halves_equals_listing(missing, varying, level):
    means, arms = sequence_of(np.random.default_rng(4).normal(-0.5, 1, 9).round(1))
    for period in missing:
        means[period] = np.nan
    given = weekly(means, arms, level=level)
    pairs = PairsSet(n_arms=2, cycles=9)
    allocation_set = VaryingSet(pairs) if varying else pairs
    counted = randomisation_test.fit(given, 1, 0, allocation_set)
    listed = randomisation_test.fit(given, 1, 0, ExplicitSet(tuple(allocation_set)))
    assert asdict(counted) == pytest.approx(asdict(listed), abs=1e-7)


@pytest.mark.parametrize(
    ("allocation_set", "orders"),
    [
        (PairsSet(n_arms=3, cycles=9), 2**9),
        (VaryingSet(PairsSet(n_arms=4, cycles=5)), 2**5),
        (CompleteSet(n_arms=3, cycles=5), comb(10, 5)),
    ],
)
def test_three_arms_in_a_large_set_exchange_two(allocation_set, orders):
    """Sampling the whole set would find hardly an order that leaves the other arms in place."""
    arms = allocation_set.sequence(allocation_set.size // 3)
    rng = np.random.default_rng(2)
    means = [float(rng.normal() - 3 * (arm == 1)) for arm in arms]
    given = weekly(means, arms, n_arms=allocation_set.n_arms)
    fit = randomisation_test.fit(given, 1, 0, allocation_set)
    assert fit.exact
    assert fit.allocations == orders
    assert fit.min_p_value <= fit.p_value < 0.2
    assert fit.ci_low < -3 < fit.ci_high


def test_three_arms_in_a_large_set_by_the_definition():
    allocation_set = PairsSet(n_arms=3, cycles=7)
    arms = allocation_set.sequence(123_456)
    means = [float(5 - arm + (7 * i) % 4) for i, arm in enumerate(arms)]
    fit = randomisation_test.fit(weekly(means, arms, n_arms=3), 1, 0, allocation_set)
    differences = [
        means[3 * c + arms[3 * c : 3 * c + 3].index(1)]
        - means[3 * c + arms[3 * c : 3 * c + 3].index(0)]
        for c in range(7)
    ]
    assert fit.p_value == pytest.approx(naive_sign_flip(differences), abs=1e-12)


def test_a_very_fine_scale_changes_no_p_value():
    means, arms = sequence_of([-3.0, -2.0, -4.0, -1.0, -2.5])
    given = weekly(means, arms)
    tiny = replace(given, score=given.score * 1e-10, low=-1e-8, high=1e-8)
    pairs = PairsSet(n_arms=2, cycles=5)
    fine, coarse = (randomisation_test.fit(one, 1, 0, pairs) for one in (tiny, given))
    assert fine.p_value == coarse.p_value == 2 / 32
    assert fine.level == coarse.level


@pytest.mark.parametrize(
    ("allocation_set", "word"),
    [
        (None, "not drawn at random"),
        (ExplicitSet(((0, 1, 1, 0), (1, 0, 0, 1))), "as extreme"),
        (ExplicitSet(((1, 0, 1, 0),)), "could have given"),
        (ExplicitSet(((0, 1, 1, 0),)), "no other order"),
    ],
)
def test_refused_when_the_order_was_not_randomised(allocation_set, word):
    given = weekly([1, 2, 3, 4], (0, 1, 1, 0))
    found = randomisation_test.fit(given, 1, 0, allocation_set)
    assert isinstance(found, NotRun)
    assert word in found.why


def test_a_missing_period_stays_with_its_place():
    means, arms = [5.0, 1.0, np.nan, 6.0, 2.0, 7.0], (0, 1, 1, 0, 1, 0)
    given = weekly(means, arms)
    assert np.isnan(period_means(given)[2])
    assert cycle_differences(given, 1, 0).tolist() == [-4.0, -5.0]
    fit = randomisation_test.fit(given, 1, 0, PairsSet(n_arms=2, cycles=3))
    assert fit.p_value == pytest.approx(0.5)


def test_paired_is_the_one_sample_t_test():
    given = weekly(*sequence_of([-2.0, -5.0, 1.0, -3.0]))
    fit = paired.fit(given, 1, 0)
    expected = stats.ttest_1samp([-2, -5, 1, -3], 0)
    assert fit.p_value == pytest.approx(expected.pvalue)
    assert (fit.ci_low, fit.ci_high) == pytest.approx(tuple(expected.confidence_interval()))


def test_paired_needs_two_cycles_and_a_spread():
    assert "2 are needed" in paired.fit(weekly([1, 2], (0, 1)), 1, 0).why
    assert "equal" in paired.fit(weekly([1, 2, 1, 2], (0, 1, 0, 1)), 1, 0).why


def scores_of(allocation_set, index, seed, missing=(), effect=-1.0):
    """Return arms and rounded period means of one sequence of a set."""
    arms = allocation_set.sequence(index)
    rng = np.random.default_rng(seed)
    means = (rng.normal(5, 1, len(arms)) + effect * (np.array(arms) == 1)).round(1)
    means[list(missing)] = np.nan
    return arms, means


@pytest.mark.parametrize("missing", [(), (4,), (4, 5)])
@pytest.mark.parametrize(
    ("allocation_set", "by_cycle"),
    [
        (CompleteSet(n_arms=2, cycles=4), False),
        (CompleteSet(n_arms=2, cycles=4, max_run=2), False),
        (VaryingSet(CompleteSet(n_arms=2, cycles=4)), False),
        (CounterbalancedSet(4), True),
        (PairsSet(n_arms=3, cycles=3), True),
        (LatinSet(n_arms=3, cycles=3), True),
        (CompleteSet(n_arms=3, cycles=3), False),
    ],
    ids=repr,
)
def test_any_set_equals_brute_force(allocation_set, by_cycle, missing):
    """Several arms and missing periods included; the interval's ends are where p crosses."""
    arms, means = scores_of(allocation_set, allocation_set.size // 3, 5, missing)
    n_arms = allocation_set.n_arms
    given = weekly(means, arms, n_arms=n_arms, level=0.8)
    sequences = list(allocation_set)
    cycles = given.cycle_of_period if by_cycle else None
    fit = randomisation_test.fit(given, 1, 0, allocation_set)

    def p(effect):
        return naive_randomisation(means, sequences, arms, cycles=cycles, effect=effect)

    assert fit.p_value == pytest.approx(p(0.0), abs=1e-12)
    alpha = max(0.2, fit.min_p_value) + 1e-12
    for end, out in ((fit.ci_low, -1), (fit.ci_high, 1)):
        assert p(end - out * 1e-6) > alpha
        assert p(end + out * 1e-6) <= alpha


def test_forty_cycles_in_little_time():
    rng = np.random.default_rng(1)
    means, arms = sequence_of(rng.normal(-0.4, 1, 40))
    given = weekly(means, arms)
    fit = randomisation_test.fit(given, 1, 0, VaryingSet(PairsSet(n_arms=2, cycles=40)))
    t = paired.fit(given, 1, 0)
    assert fit.exact
    assert fit.allocations == 2**40 - 2
    # With so many cycles the sign-flip test is nearly the t-test.
    assert fit.p_value == pytest.approx(t.p_value, rel=0.15)
    assert fit.ci_low == pytest.approx(t.ci_low, abs=0.02)
    assert fit.ci_high == pytest.approx(t.ci_high, abs=0.02)
    assert fit.level == pytest.approx(0.95, abs=1e-6)


@settings(max_examples=40, deadline=None)
@for_all(st.lists(st.one_of(st.integers(-9, 9), st.none()), min_size=6, max_size=10))
def test_paired_equals_its_formula(scores):
    scores = scores[: len(scores) // 2 * 2]
    means = [np.nan if one is None else float(one) for one in scores]
    arms = [0, 1] * (len(means) // 2)
    given = weekly(means, arms)
    fit = paired.fit(given, 1, 0)
    if isinstance(fit, NotRun):
        differences = cycle_differences(given, 1, 0)
        assert len(differences) < 2 or np.ptp(differences) == 0
        return
    estimate, se, t = naive_paired(means, arms, given.cycle_of_period)
    assert fit.estimate == pytest.approx(estimate)
    assert fit.se == pytest.approx(se)
    assert fit.p_value == pytest.approx(2 * stats.t(fit.df).sf(abs(t)))


def test_many_paired_tests_are_each_the_single_one():
    arms = (0, 1, 1, 0, 0, 1, 1, 0)
    given = weekly([5, 4, 3, 6, np.nan, 4, 2, 6], arms)
    scores = np.random.default_rng(2).normal(5, 1, (6, given.n))
    scores[2] = np.where(given.arm == 1, 3.0, 5.0)
    many = paired.fit_many(scores, given, 1, 0)
    assert many.tests.p_value.shape == (6,)
    assert many.differences.shape == (6, 3)
    for i, one in enumerate(scores):
        single = paired.fit(replace(given, score=one), 1, 0)
        if i == 2:
            assert "equal" in single.why
            tests = many.tests
            assert np.isnan([tests.se[i], tests.p_value[i], tests.ci_low[i]]).all()
        else:
            figures = {name: values[i] for name, values in asdict(many.tests).items()}
            alone = {name: getattr(single, name) for name in figures}
            assert figures == pytest.approx(alone, rel=1e-12)
    assert "2 are needed" in paired.fit_many(scores[:, :2], weekly([1, 2], (0, 1)), 1, 0).why
