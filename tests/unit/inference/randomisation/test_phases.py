"""Phases with drawn change points against R's counts and against moving every point by hand."""

from math import comb

import numpy as np
import pytest

from nof1.design.phases import PhasesSet
from nof1.inference.randomisation import phases, randomisation_test
from nof1.model.model_input import model_input
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import Scale
from nof1.trial.data import MaskedPeriod
from support.naive import naive_phases
from support.trials import EXPECTED, trial

SCALE = Scale(name="numeric", low=0, high=10, step=1, better="lower")
INVENTED = EXPECTED["invented_abab"]
LENGTHS = tuple(INVENTED["phase_lengths"])


def phased(scores, lengths, **plan):
    ends = np.cumsum(lengths)
    periods = tuple(
        MaskedPeriod(number=i + 1, cycle=i // 2 + 1, first_day=int(end - n + 1), last_day=int(end))
        for i, (end, n) in enumerate(zip(ends, lengths, strict=True))
    )
    arms = tuple(i % 2 for i in range(len(lengths)))
    data = trial(periods, arms, np.arange(1, len(scores) + 1), np.array(scores, float), scale=SCALE)
    return model_input(data, data.masked.series[0], AnalysisPlan(**plan))


def drawn_from(n, n_phases, least):
    return PhasesSet(
        phases=tuple(i % 2 for i in range(n_phases)), days=tuple(range(1, n + 1)), least=least
    )


@pytest.mark.parametrize("row", INVENTED["rows"], ids=lambda row: row["least_phase_length"])
def test_invented_phases_as_in_r(row):
    allocation_set = drawn_from(24, 4, row["least_phase_length"])
    fit = randomisation_test.fit(phased(INVENTED["scores"], LENGTHS), 1, 0, allocation_set)
    assert fit.statistic == "mean-of-phase-means"
    assert fit.estimate == pytest.approx(-row["observed"])
    assert fit.allocations == row["assignments"]
    assert fit.p_value == pytest.approx(row["p_two_sided"], rel=1e-8)
    assert fit.p_value * fit.allocations == pytest.approx(row["at_least_observed"])
    assert fit.exact


@pytest.mark.parametrize(
    "row", EXPECTED["onghena1992_abab"]["rows"], ids=lambda row: str(row["p_two_sided"])
)
def test_number_of_assignments_of_onghena(row):
    """The scores of that article are not stored here; the number of assignments is theirs."""
    assert drawn_from(row["scores"], 4, row["least_phase_length"]).size == row["assignments"]


@pytest.mark.parametrize("missing", [(), (4, 13), (6, 7, 8)])
@pytest.mark.parametrize("lengths", [(6, 6, 6, 6), (4, 9, 5, 6), (8, 5, 11), (12, 12)])
@pytest.mark.parametrize("least", [2, 4])
def test_both_statistics_equal_brute_force(lengths, least, missing):
    """Unequal phases, missing scores that stay with their day, two to four phases."""
    rng = np.random.default_rng(sum(lengths) + least)
    scores = rng.integers(2, 9, 24).astype(float)
    scores[list(missing)] = np.nan
    allocation_set = drawn_from(24, len(lengths), least)
    fit = randomisation_test.fit(phased(scores, lengths, ci_level=0.8), 1, 0, allocation_set)
    p, n = naive_phases(scores, lengths, least)
    assert fit.allocations == n == comb(24 - len(lengths) * (least - 1) - 1, len(lengths) - 1)
    assert fit.p_value == pytest.approx(p, abs=1e-12)
    pooled, _ = naive_phases(scores, lengths, least, pooled=True)
    assert fit.pooled_means.p_value == pytest.approx(pooled, abs=1e-12)
    for end, out in ((fit.ci_low, -1), (fit.ci_high, 1)):
        alpha = max(0.2, fit.min_p_value)
        assert naive_phases(scores, lengths, least, effect=end + out * 1e-6)[0] <= alpha + 1e-12
        assert naive_phases(scores, lengths, least, effect=end - out * 1e-6)[0] > alpha


def test_many_change_points_are_sampled_uniformly(monkeypatch):
    rng = np.random.default_rng(3)
    scores = rng.integers(2, 9, 40)
    given, allocation_set = phased(scores, (10, 10, 10, 10)), drawn_from(40, 4, 5)
    exact = randomisation_test.fit(given, 1, 0, allocation_set)
    monkeypatch.setattr(phases, "LISTED", 100)
    sampled = randomisation_test.fit(given, 1, 0, allocation_set)
    assert not sampled.exact
    assert sampled.allocations == exact.allocations
    assert abs(sampled.p_value - exact.p_value) < 4 * sampled.monte_carlo_se
    assert sampled.p_value * (phases.SAMPLED + 1) == pytest.approx(
        round(sampled.p_value * (phases.SAMPLED + 1))
    )


@pytest.mark.parametrize(
    ("scores", "lengths", "least", "plan", "word"),
    [
        (range(24), (3, 7, 7, 7), 4, {}, "change points are none"),
        ([1.0] * 12 + [np.nan] * 6 + [2.0] * 6, (6, 6, 6, 6), 4, {}, "phase has no scores"),
        (range(24), (6, 6, 6, 6), 4, {"drop_days": 2}, "first of a phase"),
        (
            range(24),
            (6, 6, 6, 6),
            4,
            {"randomisation_statistic": "studentised"},
            "no studentised statistic",
        ),
        (range(24), (6, 6, 6, 6), 6, {}, "as extreme"),
    ],
)
def test_what_cannot_be_tested_is_refused(scores, lengths, least, plan, word):
    given = phased(np.minimum(list(scores), 10.0), lengths, **plan)
    assert word in randomisation_test.fit(given, 1, 0, drawn_from(24, 4, least)).why
