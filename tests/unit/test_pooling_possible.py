"""Contributions with numbers that no trial can give, each refused by name before it is pooled."""

from __future__ import annotations

import json

import numpy as np
import pytest
from pydantic import ValidationError

from nof1.errors import InputError
from nof1.pooling.contribution import Contribution
from nof1.pooling.files import read_contributions
from shared_persons import contributed, diaries, shared

#: A likelihood of two components on the scale 0 to 10, with half-lives.
PLAIN = {
    "means": [[-1.5], [-2.5]],
    "covariances": [[0.4], [2.0]],
    "log_weights": [0.0, -1.0],
    "half_lives": [0.5, 4.0],
    "half_life_prior": {"means_days": [3.0, 0.4], "shares": [0.7, 0.3]},
}
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
