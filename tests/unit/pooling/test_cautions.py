"""What is said of a pooled answer that its own scale rules out."""

from __future__ import annotations

import numpy as np
import pytest

from nof1.pooling.cautions import beyond_the_scale
from nof1.protocol.tables import AnalysisPlan
from nof1.sharing.from_scores import PersonData, comparator_level
from nof1.words.caution import sentences
from support.pooled_fits import fit
from support.shared_persons import diaries


def test_an_average_that_takes_scores_below_the_scale_is_said():
    given = fit()
    effect = given.bayes.mean.mean
    assert effect < 0
    levels = {one.person: -effect - 1.0 for one in given.persons}
    (note,) = sentences(beyond_the_scale(given, levels))
    assert f"{given.n_persons} persons average {-effect - 1.0:.2f}" in note
    assert f"of {effect:+.2f} would take them to -1.00, beyond the scale from 0 to 10" in note
    levels = {one.person: -effect + 1.0 for one in given.persons}
    assert list(beyond_the_scale(given, levels)) == []
    assert list(beyond_the_scale(given, {})) == []


def test_the_level_on_the_comparator_is_the_mean_of_its_scores():
    (data,) = diaries(1)
    one = PersonData(data=data, series=data.masked.series[0], plan=AnalysisPlan())
    on = np.zeros(len(one.series.day), dtype=bool)
    for period, arm in zip(data.masked.periods, data.arm_of_period, strict=True):
        for place, day in enumerate(one.series.day):
            on[place] |= arm == 0 and period.first_day <= day <= period.last_day
    assert comparator_level(one) == pytest.approx(np.nanmean(one.series.score[on]))
