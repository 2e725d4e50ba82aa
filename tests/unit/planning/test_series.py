"""How many persons a series needs, against the definitions of power written out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from nof1.errors import InputError
from nof1.planning.series import SeriesAssumptions, series_size

CASES = [
    (SeriesAssumptions(effect=3, between_sd=3, within_sd=4), 3),
    (SeriesAssumptions(effect=-0.5, between_sd=0.2, within_sd=1), 2),
    (SeriesAssumptions(effect=1, between_sd=0, within_sd=1.5), 6),
    (SeriesAssumptions(effect=2, between_sd=4, within_sd=0.1), 4),
]


def naive_least(power, least):
    """Try one number after the other."""
    return next(n for n in range(least, 10_000) if power(n) >= 0.8)


def naive_power(effect, variance, n, df):
    critical = stats.t(df).ppf(0.975)
    return stats.nct(df, abs(effect) / (variance / n) ** 0.5).sf(critical)


@pytest.mark.parametrize(("assumed", "cycles"), CASES)
def test_one_number_of_persons_after_the_other(assumed, cycles):
    size = series_size(assumed, cycles)
    within = assumed.difference_sd**2 / cycles
    between = assumed.between_sd**2 + within

    def fixed(n):
        return naive_power(assumed.effect, within, n, n * (cycles - 1))

    def random(n):
        return naive_power(assumed.effect, between, n, n - 1)

    assert size.n_fixed == naive_least(fixed, 1)
    assert size.n_random == naive_least(random, 2)
    assert size.power_fixed == pytest.approx(fixed(size.n_fixed), rel=1e-9)
    assert size.power_random == pytest.approx(random(size.n_random), rel=1e-9)
    if size.n_random > 2:
        assert random(size.n_random_exact) == pytest.approx(0.8, rel=1e-9)
    assert (size.cycles_fixed, size.cycles_random) == (
        cycles * size.n_fixed,
        cycles * size.n_random,
    )


@pytest.mark.parametrize(("assumed", "cycles"), CASES)
def test_standard_errors_are_those_of_naive_and_shrunken_differences(assumed, cycles):
    size = series_size(assumed, cycles)
    assert size.se_naive == pytest.approx((2 * assumed.within_sd**2 / cycles) ** 0.5)
    weight = assumed.between_sd**2 / (assumed.between_sd**2 + size.se_naive**2)
    assert size.se_shrunk == pytest.approx(weight**0.5 * size.se_naive)


def test_simulated_series_reach_the_power():
    assumed, cycles = CASES[0]
    size = series_size(assumed, cycles)
    rng = np.random.default_rng(5)
    own = assumed.effect + assumed.between_sd * rng.standard_normal((20_000, size.n_random))
    # Every cycle has a period on each arm; each period's mean scatters with the SD within.
    noise = assumed.within_sd * rng.standard_normal((20_000, size.n_random, cycles, 2))
    means = own + (noise[..., 0] - noise[..., 1]).mean(axis=2)
    t = means.mean(axis=1) / (means.std(axis=1, ddof=1) / size.n_random**0.5)
    power = (t > stats.t(size.n_random - 1).ppf(0.975)).mean()
    assert power == pytest.approx(size.power_random, abs=4 * (0.16 / 20_000) ** 0.5)


def test_units_do_not_matter():
    points = series_size(SeriesAssumptions(effect=1, between_sd=1, within_sd=2), 3)
    tenths = series_size(SeriesAssumptions(effect=-10, between_sd=10, within_sd=20), 3)
    assert (points.n_fixed, points.n_random) == (tenths.n_fixed, tenths.n_random)
    assert points.n_random_exact == pytest.approx(tenths.n_random_exact)
    assert 10 * points.se_shrunk == pytest.approx(tenths.se_shrunk)


def test_the_sd_of_a_cycle_difference_is_not_that_of_a_period():
    assumed = SeriesAssumptions(effect=1, between_sd=1, within_sd=2)
    assert assumed.difference_sd == pytest.approx(8**0.5)


def test_hardly_any_scatter_still_needs_a_spread_to_test():
    sure = series_size(SeriesAssumptions(effect=1, between_sd=0, within_sd=1e-12), 2)
    assert (sure.n_fixed, sure.n_random, sure.n_random_exact) == (1, 2, 2.0)
    assert (sure.power_fixed, sure.power_random) == (1.0, 1.0)


def test_every_wrong_assumption_is_named_at_once():
    with pytest.raises(InputError) as caught:
        SeriesAssumptions(effect=0, between_sd=-1, within_sd=float("nan"))
    assert [fault.where for fault in caught.value.faults] == ["effect", "between-sd", "within-sd"]


@pytest.mark.parametrize(
    ("effect", "cycles", "message"),
    [(1.0, 1, "1 is too few for a series"), (1e-6, 2, "more than 1,000,000 persons")],
)
def test_what_cannot_be_answered_is_refused(effect, cycles, message):
    assumed = SeriesAssumptions(effect=effect, between_sd=1, within_sd=1)
    with pytest.raises(InputError, match=message):
        series_size(assumed, cycles)
