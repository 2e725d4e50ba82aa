"""Contributions with numbers that no trial can give, each refused by name before it is pooled."""

from __future__ import annotations

import json

import numpy as np
import pytest
from pydantic import ValidationError

from nof1.errors import InputError
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import NRS
from nof1.sharing.contribution import Contribution
from nof1.sharing.files import read_contributions
from nof1.sharing.from_scores import PersonData, contributions
from nof1.sharing.possible import FEW, FEW_TELL, FINEST, _width
from support.shared_persons import contributed, diaries, shared
from support.trials import regular_periods, trial

#: A likelihood of two components on the scale 0 to 10, with half-lives.
PLAIN = {
    "means": [[-1.5], [-2.5]],
    "covariances": [[0.4], [2.0]],
    "log_weights": [0.0, -1.0],
    "half_lives": [0.5, 4.0],
    "half_life_prior": {"means_days": [3.0, 0.4], "shares": [0.7, 0.3]},
}
#: What its components say of the scores' noise.
NOISE = {"log_sds": [0.5, 0.7], "spreads": [0.2, 0.3], "log_heights": [0.0, -0.2]}
IMPOSSIBLE = {
    "an effect of 500 on 0 to 10": (
        {"means": [[-500.0], [-500.0]]},
        "an effect of -500 is impossible on a scale of 10 points",
    ),
    "an effect of 1000": (
        {"means": [[1000.0], [1000.0]]},
        "an effect of 1000 is impossible on a scale of 10 points",
    ),
    "a variance of nothing": (
        {"covariances": [[1e-300], [1e-300]]},
        "tells an effect to 1e-150 points",
    ),
    "a variance beyond all": ({"covariances": [[1e300], [1.0]]}, "tells an effect to 1e+150"),
    "a component at the end of the world": (
        {"means": [[-1.5], [1e300]]},
        "effects of 1e+300 points",
    ),
    "a weight above the likeliest": (
        {"log_weights": [5.0, 0.0]},
        "log weights from 0 to 5 cannot be",
    ),
    "shares that are no shares": (
        {"half_life_prior": {"means_days": [3.0, 0.4], "shares": [1.0, 1.0]}},
        "its shares do not sum to 1",
    ),
    "half-lives that the prior rules out": (
        {"half_lives": [0.5, 9e4]},
        "half-lives of the components cannot come from it",
    ),
    "scores that scatter beyond their scale": (
        {"noise": NOISE | {"log_sds": [3.0, 0.5]}},
        "no scores on a scale of 10 points scatter with an SD of 20.1",
    ),
    "scores that scatter beyond all, unlikely as it is": (
        {"noise": NOISE | {"log_sds": [0.5, 50.0]}},
        "scatter with an SD of 5.18e+21",
    ),
    "scores without any noise": (
        {"noise": NOISE | {"log_sds": [0.5, -50.0]}},
        "scatter with an SD of 1.93e-22",
    ),
    "a noise of which nothing is known": (
        {"noise": NOISE | {"spreads": [0.2, 40.0]}},
        "a spread of 40 tells nothing",
    ),
    "periods that differ by more than the effect": (
        {"scheduled": [[0.9], [50.0]]},
        "no difference between periods holds 50 times an effect",
    ),
    "a half-life of aeons": ({"half_lives": [0.5, 1e30]}, "1e+30 days is no half-life"),
}


def wrong(**changes):
    with pytest.raises(ValidationError) as caught:
        contributed("anna", **changes)
    return str(caught.value)


@pytest.mark.parametrize(("changes", "said"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_an_impossible_likelihood_is_refused_with_the_person_and_the_mend(changes, said):
    found = wrong(likelihood=PLAIN | changes)
    assert said in found
    assert "anna: " in found
    assert "take it out of the file" in found


def test_the_plain_one_is_taken_and_so_are_light_components_far_out():
    contributed("anna", likelihood=PLAIN)
    contributed("anna", likelihood=PLAIN | {"noise": NOISE, "scheduled": [[1.0], [-0.1]]})
    contributed("anna", likelihood=PLAIN | {"noise": NOISE | {"log_sds": [0.5, 9.0]}})
    far = {"means": [[-1.5], [-60.0]], "log_weights": [0.0, -8.0]}
    contributed("anna", likelihood=PLAIN | far)
    contributed("anna", likelihood=PLAIN | {"means": [[-14.0], [-15.0]]})


@pytest.mark.parametrize("value", [1e308, -10.5])
def test_differences_beyond_the_scale_are_refused(value):
    found = wrong(level="cycles", cycle_differences={"magnesium": [-1.0, value]})
    assert f"cycle_differences.magnesium: anna: a difference of {abs(value):g} is impos" in found
    contributed("anna", level="cycles", cycle_differences={"magnesium": [-10.0, 10.0]})


def test_counts_beyond_belief_and_ends_that_are_no_scale():
    plain = json.loads(contributed().text())
    assert "period_days: anna: 1000000 is beyond belief" in wrong(
        design=plain["design"] | {"period_days": 10**6}
    )
    for low, high in ((0.0, 1e300), (0.0, 1e-300)):
        changes = {"low": low, "high": high, "mcid": None}
        assert "is no scale" in wrong(outcome=plain["outcome"] | changes)


def test_two_effects_are_looked_at_one_by_one():
    several = {
        "arms": ["placebo", "magnesium", "iron"],
        "likelihood": {
            "means": [[-1.0, 900.0]],
            "covariances": [[0.5, 0.1, 0.5]],
            "log_weights": [0.0],
        },
    }
    assert "an effect of -1, 900 is impossible" in wrong(**several)
    several["likelihood"]["means"] = [[-1.0, 2.0]]
    contributed(**several)
    several["likelihood"]["covariances"] = [[0.5, 0.0, 1e-300]]
    assert "positive definite" in wrong(**several) or "1e-150" in wrong(**several)


def test_what_real_diaries_give_is_possible_however_little_they_scatter():
    people = diaries(8)
    for one in people[:3]:
        one.masked.series[0].score.setflags(write=True)
        one.masked.series[0].score[:] = np.round(one.masked.series[0].score.mean())
    assert len(shared(people, level="cycles")) == 8


def test_a_line_that_no_trial_gives_is_named_with_its_file(tmp_path):
    good = contributed("ben", likelihood=PLAIN).text()
    path = tmp_path / "many.jsonl"
    bad = json.loads(good) | {"id": "anna"}
    bad["likelihood"] |= {"means": [[-500.0], [-500.0]]}
    path.write_text(f"{good}\n{json.dumps(bad)}\n")
    with pytest.raises(InputError) as caught:
        list(read_contributions([path]))
    (fault,) = caught.value.faults
    assert str(fault) == (
        f"{path}:line 2: likelihood.means: anna: an effect of -500 is impossible on a scale of 10"
        " points. Ask its sender to share the trial again, or take it out of the file."
    )
    assert isinstance(Contribution.model_validate_json(good), Contribution)


def of_sure_persons(n_cycles, days, *, every=1, plan=None):
    """Return the contribution of somebody whose scores are 0 on one arm and 9 on the other."""
    periods = regular_periods(2 * n_cycles, days)
    day = np.arange(every, 2 * n_cycles * days + 1, every)
    arms = (0, 1) * n_cycles
    score = np.array([9.0 * arms[(one - 1) // days] for one in day])
    person = trial(periods, arms, day, score, scale=NRS, allocation_set=None)
    given = PersonData(data=person, series=person.masked.series[0], plan=plan or AnalysisPlan())
    (found,) = contributions([given], level="cycles")
    return found


NOTHING = AnalysisPlan(carryover="none", trend="none", period_effects="none")


@pytest.mark.parametrize(
    ("n_cycles", "days", "every", "plan"),
    [(2, 1, 1, NOTHING), (4, 1, 1, None), (90, 1, 1, NOTHING), (3, 14, 1, None), (6, 28, 7, None)],
)
def test_even_scores_without_any_scatter_are_not_too_sure(n_cycles, days, every, plan):
    found = of_sure_persons(n_cycles, days, every=every, plan=plan)
    n, span = found.design.scores, 10.0
    share = FEW_TELL if n < FEW else 2.0 * FINEST / np.sqrt(n)
    assert _width(found.likelihood.components) > 1.5 * share * span


@pytest.mark.parametrize(
    ("scores", "claimed", "said"),
    [
        (0, 1e-4, "design.scores: anna: 0 scores tell no effect"),
        (1, 1e-4, "design.scores: anna: 1 scores tell no effect"),
        (4, 0.19**2, "4 scores on a scale of 10 points tell no effect to 0.19 points, nor to less"),
        (56, 0.0007**2, "56 scores on a scale of 10 points tell no effect to 0.0007 points, nor"),
    ],
)
def test_a_likelihood_surer_than_its_scores_is_refused(scores, claimed, said):
    sure = {"means": [[-1.0]], "covariances": [[claimed]], "log_weights": [0.0]}
    assert said in wrong(likelihood=sure, design={"scores": scores})
    if scores > 1:
        contributed(
            "anna", likelihood=sure | {"covariances": [[4 * claimed]]}, design={"scores": scores}
        )
    as_scheduled = json.loads(contributed().text())["estimand"] | {"effect": "as-scheduled"}
    contributed("anna", likelihood=sure, design={"scores": scores}, estimand=as_scheduled)


def test_a_wide_component_of_little_weight_hides_nothing():
    spike = {
        "means": [[-1.0], [-1.0]],
        "covariances": [[0.0007**2], [9.0]],
        "log_weights": [0.0, -12.0],
    }
    assert "56 scores on a scale of 10 points tell no effect to 0.0007" in wrong(likelihood=spike)
    contributed("anna", likelihood=spike | {"log_weights": [0.0, -1.0]})
