"""One call plans one trial or a series: what is asked follows from what is given."""

import pytest

from nof1.errors import InputError
from nof1.workflow.plan import Plan, SeriesPlan, plan

NUMBERS = {"effect": 3.0, "between_sd": 3.0, "within_sd": 4.0}


def test_a_plan_is_of_one_trial_or_of_a_series():
    one = plan("magnesium-rls")
    assert isinstance(one, Plan)
    assert next(one.lines()).endswith("what this design can tell")
    many = plan("magnesium-rls", series=True, **NUMBERS)
    assert isinstance(many, SeriesPlan)
    assert next(many.lines()).endswith("how many persons a series needs")
    assert many.to_dict()["effect"] == 3


def test_all_numbers_that_a_series_lacks_are_named():
    with pytest.raises(InputError) as refused:
        plan("magnesium-rls", series=True, effect=3, between_sd=None, within_sd=None)
    assert [fault.where for fault in refused.value.faults] == ["--between-sd", "--within-sd"]


def test_numbers_without_a_series_are_refused():
    with pytest.raises(InputError, match="--series: the other options plan a series"):
        plan("magnesium-rls", series=False, **NUMBERS)
