from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from nof1.errors import TrialError
from nof1.reports.report_input import gather, software_versions
from nof1.trial.folder import open_trial
from nof1.trial.log import append
from support.stories import story
from support.trial_folders import NOW, make_trial, promised, unsealing

ARMS = ["placebo", "magnesium", "magnesium", "placebo"]


@pytest.fixture
def told():
    return story("cannot-tell")


def results_of(told):
    return {
        "analyses": told.analyses,
        "descriptions": told.descriptions,
        "sensitivity": told.sensitivity,
        "diagnostics": told.diagnostics,
        "carryover": told.carryover,
    }


def test_a_sealed_trial_has_nothing_to_report(tmp_path, told):
    trial = make_trial(tmp_path / "trial")
    with pytest.raises(TrialError, match="still sealed"):
        gather(trial, **results_of(told))


def test_the_story_is_gathered_from_the_log(tmp_path, told):
    allocation, commitment = promised(*ARMS)
    folder = make_trial(tmp_path / "trial", commitment=commitment).folder
    day = "2026-02-10"
    append(
        folder,
        [
            ("dose", {"date": day, "taken": 1.0}),
            ("event", {"date": day, "event": "Loose stools", "severity": 2}),
            ("guess", {"period": 1, "guess": "unsure", "certainty": 4}),
            ("unblinding", {"period": 2, "by": "Dr Ono", "reason": "fainted"}),
            ("lock", {"by": "Dr Berg", "reason": ""}),
            unsealing(allocation, commitment),
        ],
        now=NOW + timedelta(days=60),
    )
    trial = open_trial(folder)
    found = gather(trial, **results_of(told))
    assert found.arms == tuple(ARMS)
    assert found.data.arm_of_period == (0, 1, 1, 0)
    assert (found.unsealing.by, found.unsealing.when) == ("Dr Berg", date(2026, 4, 2))
    assert [(one.period, one.by) for one in found.blind.openings] == [(2, "Dr Ono")]
    assert found.corrections == 0
    assert found.log_head == trial.head
    assert found.adherence[0].recorded == 1
    assert found.side_effects[0].worst == 2
    assert found.guesses[0].certainty == 4
    assert found.contacts == ("Dr Ada Berg, +41 44 555 01 02",)
    assert found.analyses == told.analyses


def test_the_versions_begin_with_nof1():
    names = [name for name, _ in software_versions()]
    assert names[:3] == ["nof1", "Python", "numpy"]
    assert all(number[0].isdigit() for _, number in software_versions())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arms": ("placebo",)}, "1 arms for 6 periods"),
        ({"descriptions": ()}, "not of the same outcomes"),
    ],
)
def test_a_story_that_does_not_hang_together_is_refused(told, changes, message):
    with pytest.raises(ValueError, match=message):
        replace(told, **changes)


def test_the_primary_outcome_comes_first(told):
    with pytest.raises(ValueError, match="not the primary"):
        replace(told, analyses=told.analyses[::-1], descriptions=told.descriptions[::-1])
