import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from scipy import stats

from nof1.model.exposure import exposure, window_means
from nof1.model.model_input import STRADDLES, model_input
from nof1.model.priors import beta22_from_normal, point_priors
from nof1.model.simulation import Truth, expected_scores, simulate_many, simulate_scores
from nof1.protocol.tables import AnalysisPlan
from support.naive import naive_exposure, naive_half_life_prior_mean
from support.trials import SCALES, reference_trial, regular_periods, simulated_trial, trial

PLAN = AnalysisPlan()


@for_all(
    st.lists(st.floats(0, 1), min_size=1, max_size=40),
    st.sampled_from([0.0, 0.01, 0.5, 3.0, 40.0]),
)
def test_exposure_follows_the_recursion(dose, half_life):
    found = exposure(dose, half_life)
    np.testing.assert_allclose(found, naive_exposure(dose, half_life), atol=1e-12)
    assert found.min() >= 0
    assert found.max() <= 1


def test_exposure_of_several_half_lives_and_arms_at_once():
    dose = np.random.default_rng(1).random((20, 2))
    many = exposure(dose, [0.0, 2.0])
    assert many.shape == (2, 20, 2)
    np.testing.assert_allclose(many[1, :, 1], exposure(dose[:, 1], 2.0))


def test_exposure_refuses_a_negative_half_life():
    with pytest.raises(ValueError, match="not negative"):
        exposure([1.0], -1.0)


def test_window_means_average_the_last_days_and_stop_at_day_one():
    daily = np.arange(1.0, 11.0)[:, None]
    found = window_means(daily, np.array([2, 7, 10]), 7)[:, 0]
    np.testing.assert_allclose(found, [1.5, 4.0, 7.0])
    np.testing.assert_allclose(window_means(daily, np.array([3]), 1)[:, 0], [3.0])


def test_normal_scores_give_the_prior_quantiles():
    z = np.linspace(-6, 0, 25)
    lower = beta22_from_normal(z)
    np.testing.assert_allclose(lower, stats.beta(2, 2).ppf(stats.norm.cdf(z)), rtol=1e-8)
    np.testing.assert_allclose(beta22_from_normal(-z), 1 - lower, rtol=1e-12)


def test_half_life_prior_has_the_promised_median_and_share_without_carryover():
    data = reference_trial("c_irls_daily")
    given = model_input(data, data.masked.series[0], PLAN)
    prior = point_priors(given).half_life
    assert prior.means_days[0] * np.log(2) == pytest.approx(7.0)
    assert prior.shares == (0.7, 0.3)
    mean = sum(m * w for m, w in zip(prior.means_days, prior.shares, strict=True))
    assert mean == pytest.approx(naive_half_life_prior_mean(given), rel=1e-6)


class TestModelInput:
    def test_arrays_of_a_daily_trial(self):
        data = reference_trial("c_irls_daily")
        given = model_input(data, data.masked.series[0], PLAN)
        assert (given.n, given.n_missing, given.n_periods) == (160, 8, 6)
        assert given.dose.sum() == 84
        assert given.lag.max() > 1  # the gaps of the missing days stay
        assert set(given.arm) == {0, 1}
        np.testing.assert_allclose(given.period_share.sum(axis=1), 1.0)

    def test_dropped_days_leave_out_scores_that_look_back_on_them(self):
        truth = Truth(level=5, effects=(0,), half_life_days=0, sigma=1, phi=0)
        data = simulated_trial(
            truth, np.random.default_rng(1), every_days=7, recall_days=7, period_days=28
        )
        given = model_input(data, data.masked.series[0], PLAN.model_copy(update={"drop_days": 7}))
        assert [int(day) for day in given.day[:3]] == [14, 21, 28]
        given = model_input(data, data.masked.series[0], PLAN.model_copy(update={"drop_days": 8}))
        assert [int(day) for day in given.day[:2]] == [21, 28]

    def test_scores_that_look_back_over_a_switch_are_weighted_and_marked(self):
        periods = regular_periods(2, 10)
        data = trial(
            periods,
            (0, 1),
            np.array([7, 14]),
            np.array([1.0, 2.0]),
            scale=SCALES["c_irls_daily"],
            recall_days=7,
        )
        given = model_input(data, data.masked.series[0], PLAN)
        assert given.arm.tolist() == [0, STRADDLES]
        np.testing.assert_allclose(given.period_share, [[1, 0], [3 / 7, 4 / 7]])

    def test_run_in_and_washout_scores_are_left_out(self):
        periods = tuple(
            type(p)(number=p.number, cycle=p.cycle, first_day=f, last_day=f + 4)
            for p, f in zip(regular_periods(2, 5), (4, 12), strict=True)
        )
        day = np.arange(1, 17)
        data = trial(periods, (0, 1), day, day / 2.0, scale=SCALES["c_irls_daily"])
        given = model_input(data, data.masked.series[0], PLAN)
        assert given.day.tolist() == [4, 5, 6, 7, 8, 12, 13, 14, 15, 16]

    def test_as_taken_doses_lower_the_exposure(self):
        data = reference_trial("c_irls_daily")
        masked = data.masked
        missed = type(masked)(
            person=masked.person,
            n_days=masked.n_days,
            periods=masked.periods,
            series=masked.series,
            taken={29: 0.0, 30: 0.5},
        )
        changed = type(data)(
            masked=missed,
            arms=data.arms,
            arm_of_period=data.arm_of_period,
            allocation_set=None,
        )
        plan = PLAN.model_copy(update={"missed_doses": "as-taken"})
        given = model_input(changed, masked.series[0], plan)
        assert given.dose[28:31, 0].tolist() == [0.0, 0.5, 1.0]
        assert model_input(changed, masked.series[0], PLAN).dose[28, 0] == 1.0

    def test_as_scheduled_weights_average_cycles(self):
        data = reference_trial("c_irls_daily")
        given = model_input(data, data.masked.series[0], PLAN)
        weights = given.as_scheduled_weights(1, 0)
        assert weights[given.arm == 1].sum() == pytest.approx(1.0)
        assert weights[given.arm == 0].sum() == pytest.approx(-1.0)
        assert weights @ given.score == pytest.approx(-1.34751594085)

    def test_as_scheduled_weights_without_a_whole_cycle_take_all_periods(self):
        def given(arms):
            data = trial(
                regular_periods(4, 2),
                arms,
                np.arange(1, 9),
                np.array([1.0, 3, 2, 2, 7, 9, 5, 5]),
                scale=SCALES["c_irls_daily"],
            )
            return model_input(data, data.masked.series[0], PLAN)

        one = given((0, 0, 1, 1))
        assert one.as_scheduled_weights(1, 0) @ one.score == pytest.approx(6.5 - 2.0)
        assert not given((0, 0, 0, 0)).as_scheduled_weights(1, 0).any()


class TestSimulation:
    PERIODS = regular_periods(6, 28)
    ARMS = (0, 1, 1, 0, 0, 1)

    def test_expectation_has_level_effect_trend_and_carryover(self):
        truth = Truth(level=10, effects=(-4,), half_life_days=3, sigma=1, phi=0.5, trend=2)
        day = np.arange(1, 169)
        found = expected_scores(self.PERIODS, self.ARMS, day, 1, truth)
        dose = np.repeat(self.ARMS, 28).astype(float)
        time = (day - 84.5) / 168
        np.testing.assert_allclose(found, 10 + 2 * time - 4 * naive_exposure(dose, 3))

    def test_noise_has_the_promised_variance_and_correlation(self):
        truth = Truth(level=0, effects=(0,), half_life_days=0, sigma=2, phi=0.6)
        rng = np.random.default_rng(5)
        day = np.arange(1, 169)
        many = np.array(
            [simulate_scores(self.PERIODS, self.ARMS, day, 1, truth, rng) for _ in range(400)]
        )
        assert many.std() == pytest.approx(2, rel=0.03)
        assert np.corrcoef(many[:, 1:].ravel(), many[:, :-1].ravel())[0, 1] == pytest.approx(
            0.6, abs=0.02
        )

    def test_people_of_one_draw_have_shifts_of_their_own_for_whole_periods(self):
        truth = Truth(level=5, effects=(0,), half_life_days=0, sigma=0, phi=0, period_sd=2)
        day = np.arange(7, 169, 7)
        rng = np.random.default_rng(6)
        scores = simulate_many(self.PERIODS, self.ARMS, day, 7, truth, rng, 2000) - 5
        by_period = scores.reshape(2000, 6, 4)
        np.testing.assert_allclose(np.ptp(by_period, axis=2), 0, atol=1e-12)
        assert by_period.std() == pytest.approx(2, rel=0.03)
        assert abs(np.corrcoef(by_period[:, 0, 0], by_period[:, 1, 0])[0, 1]) < 0.08

    def test_scores_are_rounded_and_kept_on_the_scale(self):
        truth = Truth(level=1, effects=(-3,), half_life_days=1, sigma=2, phi=0.2, period_sd=1)
        scores = simulate_scores(
            self.PERIODS,
            self.ARMS,
            np.arange(1, 169),
            1,
            truth,
            np.random.default_rng(3),
            scale=SCALES["c_irls_daily"],
        )
        assert set(scores) <= set(range(11))
