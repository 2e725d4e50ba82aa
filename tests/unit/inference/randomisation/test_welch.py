"""The studentised randomisation test against SciPy's Welch t on every sequence."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from nof1.design.cycled import CounterbalancedSet, PairsSet
from nof1.design.sets import CompleteSet, ExplicitSet, VaryingSet
from nof1.inference.randomisation import randomisation_test, reallocation
from nof1.model.model_input import model_input
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import Scale
from support.naive import naive_randomisation
from support.trials import regular_periods, trial

SCALE = Scale(name="numeric", low=-100, high=100, step=0.001, better="lower")


def one_score_a_period(means, arms, statistic="studentised", level=0.8):
    data = trial(
        regular_periods(len(arms), 1, 1 + max(arms)),
        tuple(arms),
        np.arange(1, len(arms) + 1),
        np.array(means, dtype=float),
        scale=SCALE,
        arms=("A", "B", "C")[: 1 + max(arms)],
    )
    plan = AnalysisPlan(ci_level=level, randomisation_statistic=statistic)
    return model_input(data, data.masked.series[0], plan)


def simulated(allocation_set, seed):
    """Period means of which those on B scatter three times as much."""
    rng = np.random.default_rng(seed)
    arms = allocation_set.sequence(int(rng.integers(allocation_set.size)))
    on = np.array(arms) == 1
    return arms, 5 - on + rng.standard_normal(len(arms)) * np.where(on, 3.0, 1.0)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "allocation_set",
    [
        CompleteSet(n_arms=2, cycles=4),
        CompleteSet(n_arms=2, cycles=4, max_run=2),
        CompleteSet(n_arms=3, cycles=3),
    ],
    ids=repr,
)
def test_p_value_and_interval_equal_brute_force(allocation_set, seed):
    arms, means = simulated(allocation_set, seed)
    if seed % 2:
        means[3] = np.nan
    given = one_score_a_period(means, arms)
    sequences = list(allocation_set)
    found = randomisation_test.fit(given, 1, 0, allocation_set)
    assert found.statistic == "studentised"

    def p(effect):
        return naive_randomisation(means, sequences, arms, effect=effect, welch=True)

    values = found
    assert values.p_value == pytest.approx(p(0.0), abs=1e-12)
    alpha = max(0.2, values.min_p_value) + 1e-12
    low, high = values.ci_low, values.ci_high
    assert p(low + 1e-5) > alpha
    assert p(high - 1e-5) > alpha
    # The p-value need not fall steadily: nothing farther out may pass again.
    reach = high - low
    assert max(p(low - 1e-5 - x * reach) for x in (0, 0.01, 0.1, 0.5, 2, 10)) <= alpha
    assert max(p(high + 1e-5 + x * reach) for x in (0, 0.01, 0.1, 0.5, 2, 10)) <= alpha
    assert 1 - values.level <= alpha


@pytest.mark.parametrize(
    "allocation_set",
    [PairsSet(2, 6), VaryingSet(PairsSet(2, 6)), CounterbalancedSet(6), PairsSet(3, 4)],
    ids=repr,
)
def test_within_cycles_it_is_the_plain_test(allocation_set):
    arms, means = simulated(allocation_set, 3)
    plain, studentised = (
        randomisation_test.fit(one_score_a_period(means, arms, name), 1, 0, allocation_set)
        for name in ("difference", "studentised")
    )
    assert (plain.statistic, studentised.statistic) == ("difference", "studentised")
    assert replace(plain, statistic="studentised") == studentised


def test_t_grows_with_the_mean_difference_over_all_flips():
    """Why both tests are one: the sum of squares of the differences does not change."""
    d = np.random.default_rng(1).normal(0.5, 1, 8)
    signs = 1 - 2 * ((np.arange(256)[:, None] >> np.arange(8)) & 1)
    means = (signs * d).mean(axis=1)
    t = means / ((signs * d).std(axis=1, ddof=1) / 8**0.5)
    order = np.argsort(np.abs(means))
    assert (np.diff(np.abs(t)[order]) >= -1e-9).all()


def test_a_sample_gives_nearly_the_exact_p_value(monkeypatch):
    complete = CompleteSet(n_arms=2, cycles=5)
    arms, means = simulated(complete, 11)
    given = one_score_a_period(means, arms)
    exact = randomisation_test.fit(given, 1, 0, complete)
    monkeypatch.setattr(reallocation, "LISTED", 100)
    monkeypatch.setattr(reallocation, "SAMPLED", 3000)
    sampled = randomisation_test.fit(given, 1, 0, complete)
    assert abs(sampled.p_value - exact.p_value) < 4 * sampled.monte_carlo_se


@pytest.mark.parametrize(
    ("means", "arms"),
    [([1.0, 2.0, np.nan, 4.0], (0, 1, 1, 0)), ([5.0, 3.0, 3.0, 5.0], (0, 1, 1, 0))],
)
def test_without_a_spread_on_the_arms_there_is_no_such_statistic(means, arms):
    given = one_score_a_period(means, arms)
    listed = ExplicitSet(((0, 1, 1, 0), (1, 0, 0, 1), (0, 0, 1, 1), (1, 1, 0, 0)))
    assert "studentised" in randomisation_test.fit(given, 1, 0, listed).why


def test_it_keeps_its_size_better_where_the_variances_differ():
    """Three of twelve periods on an arm whose scores scatter four times as much, no effect."""
    rng = np.random.default_rng(4)
    sequences = [
        tuple(int(i in treated) for i in range(12)) for treated in combinations(range(12), 3)
    ]
    drawn_from = ExplicitSet(tuple(sequences))
    rejected = {"difference": 0, "studentised": 0}
    n = 400
    for _ in range(n):
        arms = sequences[int(rng.integers(len(sequences)))]
        means = rng.standard_normal(12) * np.where(np.array(arms) == 1, 4.0, 1.0)
        for name in rejected:
            given = one_score_a_period(means, arms, name)
            rejected[name] += randomisation_test.fit(given, 1, 0, drawn_from).p_value <= 0.05
    assert rejected["difference"] / n > 0.15
    assert rejected["studentised"] < 0.6 * rejected["difference"]
