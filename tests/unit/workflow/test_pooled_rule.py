"""The rule of a pool's verdicts: asked for, promised, or by default, in every shape."""

import json
import sys

import pytest

from nof1.cli.main import main
from nof1.errors import InputError
from nof1.protocol.tables import Decision
from nof1.reports.pooled.report_input import read_pooled
from nof1.workflow.pool import pool
from nof1.workflow.question import PoolOptions
from support.shared_persons import contributed

PROMISED = {"meaningful": 0.7, "trivial": 0.75, "better": 0.995, "worse": 0.97}


@pytest.fixture
def shared(tmp_path):
    """Return a file with the contributions of six persons who do better."""
    lines = []
    for place in range(6):
        likelihood = {"means": [[-2.0 - place / 10]], "covariances": [[4.0]], "log_weights": [0.0]}
        lines.append(contributed(f"p{place}", likelihood=likelihood, decision=PROMISED).text())
    (tmp_path / "shared.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "shared.jsonl"


def test_that_of_the_protocols_holds_where_none_is_asked_for(shared):
    verdict = pool(shared, purpose="next", mcid=2.0).fit.verdict
    assert (verdict.rule.model_dump(), verdict.rule_from) == (PROMISED, "protocols")
    assert verdict.these_persons.code == "cannot-tell"


def test_that_of_the_question_goes_before_it(shared):
    verdict = pool(shared, decision={"better": 0.91}, mcid=2.0).fit.verdict
    assert (verdict.rule, verdict.rule_from) == (Decision(better=0.91), "question")
    assert verdict.these_persons.code == "helps-perhaps-too-little"


def test_terminal_json_and_report_have_one_verdict(shared, tmp_path, capsys, monkeypatch):
    def run(*words):
        monkeypatch.setattr(sys, "argv", ["nof1", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        return capsys.readouterr().out

    asked = ("--purpose", "these", "--decision", "better=0.91", "--mcid", "2")
    shown = " ".join(run("pool", shared, *asked).split())
    assert "Verdict on these persons: magnesium helps, perhaps too little to matter." in shown
    assert "Verdict on the next person" not in shown
    assert "better at all 91 %, worse at all 90 %. The question fixed this rule." in shown
    text = run("pool", shared, *asked, "--json")
    told = json.loads(text)["verdict"]
    assert told["these_persons"]["code"] == "helps-perhaps-too-little"
    assert told["rule"] == {"meaningful": 0.8, "trivial": 0.8, "better": 0.91, "worse": 0.9}
    (tmp_path / "pooled.json").write_text(text, encoding="utf-8")
    assert read_pooled(tmp_path / "pooled.json").verdict.model_dump(mode="json") == told


def test_every_chance_that_no_rule_has_is_named():
    with pytest.raises(InputError) as raised:
        PoolOptions(
            decision={"beter": "0.9", "worse": "much", "better": 1.0, "trivial": 0.5}
        ).rule()
    assert [str(fault) for fault in raised.value.faults] == [
        "--decision: a rule has no 'beter'. Write meaningful or trivial or better or worse.",
        "--decision: worse 'much' is no number. Write a chance between 0.5 and 1.",
        "--decision: better 1 is too low or too high. Write a chance between 0.5 and 1.",
        "--decision: trivial 0.5 is too low or too high. Write a chance between 0.5 and 1.",
    ]
