"""Standard errors from the variance within persons, pooled over them."""

from __future__ import annotations

import numpy as np
import pytest

from nof1.errors import ScoresError
from nof1.pooling.frequentist.person_estimates import (
    PersonEstimates,
    person_estimates,
    within_variance,
)

DIFFERENCES = {
    "anna": np.array([1.0, 3.0]),
    "ben": np.array([-2.0]),
    "cleo": np.array([0.0, 1.0, 2.0, 5.0]),
}


def test_the_variance_is_pooled_by_degrees_of_freedom():
    found = within_variance(DIFFERENCES)
    assert found.df == 4
    assert found.variance == pytest.approx((2.0 + 3 * np.var([0, 1, 2, 5], ddof=1)) / 4)


def test_it_is_the_residual_variance_of_a_regression_on_persons():
    rows = [(i, d) for i, mine in enumerate(DIFFERENCES.values()) for d in mine]
    x = np.eye(3)[[i for i, _ in rows]]
    y = np.array([d for _, d in rows])
    residual = np.linalg.lstsq(x, y, rcond=None)[1].item()
    assert within_variance(DIFFERENCES).variance == pytest.approx(residual / (7 - 3))


def test_every_person_has_the_mean_and_a_standard_error_even_with_one_cycle():
    found = person_estimates(DIFFERENCES)
    sd = within_variance(DIFFERENCES).variance ** 0.5
    assert found.persons == ("anna", "ben", "cleo")
    assert found.estimate == pytest.approx(np.array([2.0, -2.0, 2.0]))
    assert found.se == pytest.approx(sd / np.sqrt([2, 1, 4]))
    with pytest.raises(ValueError, match="read-only"):
        found.estimate[0] = 0.0


@pytest.mark.parametrize(
    ("differences", "where", "message"),
    [
        ({"anna": [1.0, 2.0]}, [""], "1 person cannot be pooled. Give at least two."),
        ({}, [""], "0 persons cannot be pooled"),
        ({"anna": [], "ben": [1.0, 2.0], "cleo": []}, ["anna", "cleo"], "no cycle with scores"),
        ({"anna": [1.0], "ben": [2.0]}, [""], "nobody has two cycles"),
        ({"anna": [0.3, 0.3, 0.3], "ben": [2.1, 2.1]}, [""], "differences are all equal"),
    ],
)
def test_what_cannot_be_pooled_is_refused(differences, where, message):
    with pytest.raises(ScoresError, match=message) as caught:
        person_estimates({person: np.array(mine) for person, mine in differences.items()})
    assert [fault.where for fault in caught.value.faults] == where


def test_every_person_without_a_usable_estimate_is_named():
    with pytest.raises(ScoresError) as caught:
        PersonEstimates(
            persons=("a", "b", "c", "d"),
            estimate=np.array([1.0, np.nan, 1.0, 1.0]),
            se=np.array([0.0, 1.0, np.inf, 1.0]),
        )
    assert [fault.where for fault in caught.value.faults] == ["a", "b", "c"]
