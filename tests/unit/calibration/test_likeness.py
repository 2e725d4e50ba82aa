from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from nof1.calibration.likeness import as_object, likeness
from nof1.inference.analysis import analyse
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.words.caution import sentences
from support.fits import at, under_another_likelihood
from support.measured import findings
from support.population_priors import normal_prior
from support.trials import simulated_trial

PLAN, RULE = AnalysisPlan(), Decision()
TRUTH = Truth(level=5, effects=(-1,), half_life_days=1, sigma=1.5, phi=0.3)


@cache
def rows():
    return findings().rows


@cache
def trial(**changed):
    given = {"arm_of_period": (0, 1, 1, 0, 0, 1), "period_days": 28}
    return simulated_trial(TRUTH, np.random.default_rng(1), **(given | changed))


@cache
def analysed(**changed):
    data = trial(**changed)
    return analyse(data, data.masked.series[0], PLAN, RULE, engines=("quadrature",))


def told(*, trial_changed=(), plan=PLAN, rule=RULE, analysis=(), **values):
    """Return the likeness of a daily trial whose posterior means are replaced."""
    data = trial(**dict(trial_changed))
    found = analysed(**dict(trial_changed))
    [contrast] = found.contrasts
    fit = contrast.fit("quadrature")
    usual = {"phi": 0.6, "sigma": 1.5, "sigma_period": 0.45, "half_life": 7.0}
    fit = replace(fit, **{name: at(value) for name, value in (usual | values).items()})
    changed = replace(contrast, engines={"quadrature": fit})
    found = replace(found, contrasts=(changed,), **dict(analysis))
    return likeness(found, data, data.masked.series[0], plan, rule, rows())


def test_earlier_persons_in_the_plan_do_not_make_it_unlike():
    prior = normal_prior(-1.0, 2.0)
    assert sentences(told(plan=AnalysisPlan(population_prior=prior)).cautions) == ()
    (said,) = sentences(told(plan=AnalysisPlan(population_prior=prior, trend="none")).cautions)
    assert "this one differs" in said


def test_a_trial_on_the_grid_is_its_own_nearest():
    found = told()
    one = found.situation
    assert (one.scores, one.cycles, one.phi, one.shift, one.half_life, one.missing) == (
        "daily", 3, 0.6, 0.3, 7.0, 0.0,
    )  # fmt: skip
    assert found.distance == pytest.approx(0)
    assert sentences(found.cautions) == ()
    assert found.trials == 3000
    assert found.coverage == pytest.approx(0.96)
    assert found.helps_meaningfully == {0: 0.01, 1: 0.3, 2: 0.7}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"phi": 0.1}, {"phi": 0.0}),
        ({"phi": 0.93}, {"phi": 0.8}),
        ({"sigma_period": 1.5 * 0.5}, {"shift": 0.6}),
        ({"half_life": 0.3}, {"half_life": 0.0}),
        ({"half_life": 11.0}, {"half_life": 14.0}),
        ({"analysis": {"n_cycles": 5}}, {"cycles": 6}),
        ({"phi": 0.4, "half_life": 8.0, "analysis": {"n_missing": 70}}, {"missing": 0.3}),
    ],
)
def test_the_nearest_situation_follows_the_trial(changed, expected):
    one = told(**changed).situation
    assert {name: getattr(one, name) for name in expected} == expected


def test_weekly_scores_are_held_against_weekly_scores():
    found = told(trial_changed={"every_days": 7, "recall_days": 7}.items())
    assert found.situation.scores == "weekly"


def test_what_lies_outside_the_grid_is_said():
    [far] = sentences(told(half_life=60.0, sigma_period=3.0).cautions)
    assert far == (
        "No simulated trial was close to this one in the size of period shifts and the half-life."
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"trial_changed": {"period_days": 14}.items()}, "28 days, these about 14."),
        ({"trial_changed": {"every_days": 3}.items()}, "weekly, these 3 days apart."),
        ({"plan": AnalysisPlan(trend="none")}, "default plan and rule; this one differs."),
        ({"rule": Decision(meaningful=0.9)}, "default plan and rule; this one differs."),
        ({"sigma": 0.5, "sigma_period": 0.15}, "0.67 SD of a score, here 2:"),
    ],
)
def test_what_else_is_unlike_is_said(changed, said):
    [caution] = sentences(told(**changed).cautions)
    assert said in caution


def test_a_verdict_by_another_likelihood_is_said():
    data, found = trial(), analysed()
    [contrast] = found.contrasts
    other = under_another_likelihood(contrast.fit("quadrature"), "student-t")
    changed = replace(contrast, engines={**contrast.engines, "likelihood": other})
    quoted = likeness(
        replace(found, contrasts=(changed,)), data, data.masked.series[0], PLAN, RULE, rows()
    )
    assert any("took the scores as normal" in caution for caution in sentences(quoted.cautions))


def test_without_a_posterior_nothing_is_quoted():
    data = trial()
    found = analyse(data, data.masked.series[0], PLAN, RULE, engines=("paired",))
    assert likeness(found, data, data.masked.series[0], PLAN, RULE, rows()) is None


def test_json_names_the_nearest_situation_and_its_rates():
    assert as_object(told(phi=0.5)) == {
        "nearest": {
            "scores": "daily", "cycles": 3, "phi": 0.6, "shift": 0.3, "half_life": 7.0,
            "missing": 0.0,
        },
        "distance": pytest.approx(1 / 3),
        "trials": 3000,
        "coverage": pytest.approx(0.96),
        "helps_meaningfully": {"0 mcid": 0.01, "1 mcid": 0.3, "2 mcid": 0.7},
        "cautions": [],
        "caution_codes": [],
    }  # fmt: skip
