"""The rule from chances to a verdict: each threshold with a value that is not the default."""

import numpy as np
import pytest

from nof1.inference.analysis import analyse
from nof1.inference.checks.holding import by_drift, by_slowness
from nof1.inference.result import DriftCheck
from nof1.inference.summaries import Chances, Summary
from nof1.inference.verdict import decide, direction, further_cycles, strictest
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Decision
from support.trials import simulated_trial

#: No threshold is that of a protocol that leaves the rule out, and no two are alike.
RULE = Decision(meaningful=0.7, trivial=0.75, better=0.95, worse=0.97)
#: Below the thresholds of `RULE`, one at a time; all but the last two would do for the default.
JUST = 1e-9


def chances(better=0.5, meaningful=0.0, trivial=0.0):
    return Chances(
        better=better,
        meaningful=meaningful,
        trivial=trivial,
        worse=1 - better,
        meaningfully_worse=1 - meaningful - trivial,
    )


def normal(mean, sd):
    return Summary(mean=mean, sd=sd, ci_low=mean - 2 * sd, ci_high=mean + 2 * sd, level=0.95)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (chances(0.99, meaningful=0.70), "helps-meaningfully"),
        (chances(0.99, meaningful=0.70 - JUST), "helps-perhaps-too-little"),
        (chances(0.50, trivial=0.75), "no-meaningful-difference"),
        (chances(0.50, trivial=0.75 - JUST), "cannot-tell"),
        (chances(0.95), "helps-perhaps-too-little"),
        (chances(0.95 - JUST), "cannot-tell"),
        (chances(0.03 - JUST), "makes-worse"),
        (chances(0.03 + JUST), "cannot-tell"),
    ],
)
def test_every_threshold_is_the_promised_one(found, code):
    assert decide(found, RULE).code == code


@pytest.mark.parametrize(
    ("better", "towards"),
    [(0.95, "better"), (0.95 - JUST, None), (0.03 - JUST, "worse"), (0.03 + JUST, None)],
)
def test_a_direction_is_sure_by_the_promised_thresholds(better, towards):
    assert direction(chances(better), RULE) == towards


def test_the_strictest_of_two_rules_has_the_higher_of_each_threshold():
    other = Decision(meaningful=0.9, trivial=0.6, better=0.99, worse=0.55)
    both = Decision(meaningful=0.9, trivial=0.75, better=0.99, worse=0.97)
    assert strictest([RULE, other]) == strictest([other, RULE]) == both
    assert strictest([RULE]) == RULE


@pytest.mark.parametrize(
    ("mean", "sd", "name"),
    [
        (-5.0, 2.0, "meaningful"),
        (0.0, 2.0, "trivial"),
        (-1.5, 1.5, "better"),
        (1.5, 1.5, "worse"),
    ],
)
def test_a_higher_threshold_takes_more_cycles(mean, sd, name):
    def needed(**rule):
        others = dict.fromkeys(("meaningful", "trivial", "better", "worse"), 1 - 1e-9)
        return further_cycles(
            normal(mean, sd),
            Decision(**(others | rule)),
            prior_sd=50.0,
            n_cycles=3,
            better="lower",
            mcid=3.0,
        )

    assert needed(**{name: 0.9}) < needed(**{name: 0.98})


def test_a_drift_is_judged_by_the_promised_thresholds():
    drift = DriftCheck(prior_sd=0.5, wide_sd=5.0, mean=-5.0, sd=0.5)
    for room, code in (
        (chances(0.99, meaningful=0.70), "helps-meaningfully"),
        (chances(0.50, trivial=0.75), "no-meaningful-difference"),
        (chances(0.95), "helps-perhaps-too-little"),
        (chances(0.03 - JUST), "makes-worse"),
    ):
        assert by_drift(code, drift, room, RULE) is None
        assert (
            by_drift(code, drift, room, Decision(**dict.fromkeys(vars(RULE), 0.9999))) is not None
        )


def test_a_slow_effect_is_judged_by_the_promised_threshold():
    data = simulated_trial(
        Truth(level=5, effects=(0.0,), half_life_days=0, sigma=1, phi=0.3),
        np.random.default_rng(1),
        arm_of_period=(0, 1, 1, 0),
        period_days=7,
    )
    given = model_input(data, data.masked.series[0], AnalysisPlan())
    claim = "no-meaningful-difference"
    assert by_slowness(claim, given, lambda: chances(trivial=0.75), RULE) is None
    assert by_slowness(claim, given, lambda: chances(trivial=0.75 - JUST), RULE) is not None


@pytest.mark.parametrize(
    ("effect", "name", "code"),
    [
        (-2.0, "meaningful", "helps-meaningfully"),
        (0.0, "trivial", "no-meaningful-difference"),
        (-0.8, "better", "helps-perhaps-too-little"),
        (2.0, "worse", "makes-worse"),
    ],
)
def test_an_analysis_judges_by_the_rule_of_its_protocol(effect, name, code):
    truth = Truth(level=5, effects=(effect,), half_life_days=0, sigma=1, phi=0.3)
    data = simulated_trial(
        truth, np.random.default_rng(3), arm_of_period=(0, 1, 1, 0, 0, 1), period_days=21
    )
    plan = AnalysisPlan(carryover="none")

    def verdict(threshold):
        impossible = dict.fromkeys(("meaningful", "trivial", "better", "worse"), 1 - 1e-12)
        rule = Decision(**(impossible | {name: threshold}))
        found = analyse(data, data.masked.series[0], plan, rule, engines=("quadrature",))
        return getattr(found.primary.answer.chances, name), found.primary.verdict.code

    chance, given = verdict(0.51)
    assert given == code
    assert 0.51 < chance < 1 - 1e-12
    assert verdict(chance)[1] == code
    assert verdict((1 + chance) / 2)[1] == "cannot-tell"
