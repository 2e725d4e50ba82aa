"""One call from data to every engine's answers: a folder, a file, or columns in memory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nof1.errors import InputError
from nof1.inference.analysis import DEFAULT_ENGINES
from nof1.workflow.analyse import analyse
from support.foreign_tables import columns_of, daily

EXAMPLES = Path(__file__).parents[3] / "examples"
DATA = Path(__file__).parents[2] / "reference" / "data" / "c_irls_daily.csv"


@pytest.fixture(scope="module")
def columns() -> dict[str, list[object]]:
    """Return a table of one person, four weeks, as a data frame would have it."""
    return columns_of(daily("ABAB", 7, given=False))


def faults_of(data: object, **asked: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        analyse(data, **asked)  # type: ignore[arg-type]
    return [str(fault) for fault in caught.value.faults]


def test_a_file_is_analysed_with_all_that_was_used() -> None:
    found = analyse(DATA, scale=(0, 10), mcid=1)
    (one,) = found
    assert len(found) == 1
    assert found[0] is one
    assert tuple(one.analysis.primary.engines) == DEFAULT_ENGINES
    assert one.analysis.primary.engines["paired"] is one.analysis.primary.fit("paired")
    assert one.model_input.n == one.analysis.n_scores
    assert one.plan.priors.half_life_median_days == 7.0
    assert one.likeness is not None
    said = found.to_dict()
    assert said["schema"] == "nof1.analysis/1"
    assert said["verdict"] == "helps-meaningfully"
    assert said["calibration"]["trials"] == one.likeness.trials
    assert json.loads(found.to_json()) == said
    assert any(line.startswith("Verdict: B helps meaningfully") for line in found.lines())
    assert found.software == said["software"]
    assert found.source == str(DATA)


def test_a_half_life_that_is_said_replaces_what_the_periods_tell(columns: object) -> None:
    (usual,) = analyse(columns, engines="paired")  # type: ignore[arg-type]
    (said,) = analyse(columns, engines="paired", half_life=5)  # type: ignore[arg-type]
    assert usual.plan.priors.half_life_median_days == 1.75
    assert said.plan.priors.half_life_median_days == 5
    assert usual.analysis.person == "data"


def test_a_trial_folder_is_analysed_as_promised_unless_asked_otherwise() -> None:
    found = analyse(EXAMPLES / "finished-trial", engines=("paired", "reml"), trend="none")
    assert [one.analysis.outcome for one in found] == ["irls", "legs"]
    assert "This is not the promised analysis: trend none was asked for instead." in (
        found[0].analysis.warnings
    )
    promised = analyse(EXAMPLES / "finished-trial", engines="paired", outcome="legs")
    assert [one.analysis.outcome for one in promised] == ["legs"]
    assert not any("not the promised" in line for line in promised[0].analysis.warnings)


def test_what_is_for_tables_is_refused_of_a_trial() -> None:
    assert faults_of(EXAMPLES / "finished-trial", scale=(0, 10), covariates="steps") == [
        "--scale: is for tables; a trial's protocol says it already. Leave it out.",
        "--covariate: is for tables; a trial's protocol says it already. Leave it out.",
    ]


def test_who_is_left_out_is_told() -> None:
    path = EXAMPLES / "three-people.csv"
    named = {"score": "legs", "treatment": "condition"}
    everybody = analyse(path, columns=named, engines="paired")
    code = everybody[1].analysis.person
    found = analyse(path, columns=named, engines="paired", exclude={code: "moved away"})
    assert [(one.person, one.why) for one in found.left_out] == [(code, "moved away")]
    assert code not in [one.analysis.person for one in found]
    assert faults_of(path, columns=named, exclude={"nobody": ""}) == [
        "--exclude nobody: there is no such person. Check the code."
    ]


def test_what_is_wrong_is_told_with_its_mend(columns: object) -> None:
    assert faults_of("nowhere.csv") == [
        "nowhere.csv: there is no such file or folder. Give a trial folder or a table."
    ]
    assert faults_of(columns, engines=("paired", "magic")) == [
        "--engine: there is no engine 'magic'. Give one of randomisation, paired, reml,"
        " quadrature, nuts."
    ]
    assert faults_of(columns, outcome=("score", "sleep")) == [
        "--outcome: there is no outcome 'sleep'. Give one of score."
    ]
    (said,) = faults_of(columns, statistic="median")
    assert said.startswith("--statistic: ")
    assert faults_of(columns, likelihood="ordinal") == [
        "likelihood ordinal: no answers to single items were recorded. Record scores with --items,"
        " or choose another --likelihood."
    ]


def test_several_analyses_go_by_way_of_the_progress(columns: dict[str, list[object]]) -> None:
    n = len(columns["score"])
    people = {name: values * 4 for name, values in columns.items()} | {
        "person": [f"P{number}" for number in range(4) for _ in range(n)]
    }
    shown = []

    def progress(things, *, n, label):  # type: ignore[no-untyped-def]
        shown.append((n, label))
        yield from things

    analyse(people, engines="paired", progress=progress)
    analyse(columns, engines="paired", progress=progress)
    assert shown == [(4, "Analysing")]


def test_an_outcome_without_a_score_is_left_out_and_said(columns: dict[str, list[object]]) -> None:
    told: list[str] = []
    empty = columns | {"sleep": [None] * len(columns["score"])}
    found = analyse(empty, columns={"score": "score+sleep"}, engines="paired", tell=told.append)
    assert [one.analysis.outcome for one in found] == ["score"]
    assert told == ["data: no score of sleep was recorded; left out."]
