"""Tables of many persons as they come: ordinary crossovers, drop-outs, arms that some never had."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from scipy import stats


def table(path, people, header=("person", "day", "period", "cycle", "treatment", "score")):
    """Write rows of (person, day, period, cycle, treatment, score)."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *people])
    return path


def rows(person, orders, level, days=7, seed=1):
    """Return daily whole scores of somebody whose cycles have these orders of arms."""
    rng, day, period = np.random.default_rng(seed), 0, 0
    for cycle, order in enumerate(orders, start=1):
        for arm in order:
            period += 1
            for _ in range(days):
                day += 1
                score = int(np.clip(np.round(level[arm] + rng.normal(0, 1.2)), 0, 10))
                yield person, day, period, cycle, arm, score


def pooled(nof1, *words):
    code, out, err = nof1("pool", *words, "--json")
    assert code == 0, err
    return json.loads(out)


#: Sixteen invented persons of an ordinary crossover, one whole-number score (0 to 10) a period: on
#: A and on B. Two have the same order and the same scores, as 87 % of such series have.
CROSSOVER = [
    (8, 4), (4, 2), (5, 4), (6, 3), (7, 5), (6, 5), (5, 4), (7, 4),
    (6, 3), (4, 4), (8, 6), (5, 2), (7, 6), (3, 2), (7, 5), (6, 6),
]  # fmt: skip
ORDERS = ("BA", "AB", "AB", "BA", "AB", "BA", "BA", "AB", "BA", "AB", "AB", "BA", "AB", "BA", "AB",
          "BA")  # fmt: skip


@pytest.fixture
def crossover(tmp_path):
    found = []
    for number, (scores, order) in enumerate(zip(CROSSOVER, ORDERS, strict=True), start=1):
        for period, arm in enumerate(order, start=1):
            found.append((f"p{number:02}", 14 * period, period, 1, arm, scores["AB".index(arm)]))
    return table(tmp_path / "crossover.csv", found)


def test_an_ordinary_crossover_in_whole_numbers_is_pooled_whole(nof1, crossover):
    found = pooled(nof1, crossover, "--scale", "0:10", "--mcid", 1, "--recall", 14)
    assert found["n_persons"] == 16
    (note,) = [one for one in found["warnings"] if one.startswith("Equal likelihoods")]
    assert "p05 and p15" in note
    expected = stats.ttest_1samp([b - a for a, b in CROSSOVER], 0.0)
    row = found["frequentist"]["summary_t"]
    assert (row["estimate"], row["df"]) == (pytest.approx(-1.8125), 15)
    assert row["p_value"] == pytest.approx(expected.pvalue)
    interval = expected.confidence_interval(0.95)
    assert [row["ci_low"], row["ci_high"]] == pytest.approx([interval.low, interval.high])
    assert "nobody has two cycles" in found["frequentist"]["reml"]["not_run"]


THREE = {"A": 6.0, "B": 5.0, "C": 4.0}


@pytest.fixture
def three_arms(tmp_path):
    """Three persons on all arms, and p4, who never took C."""
    people = [
        row
        for number in (1, 2, 3)
        for row in rows(f"p{number}", ["ABC", "CAB", "BCA"], THREE, seed=number)
    ]
    people += rows("p4", ["AB", "BA", "AB"], THREE, seed=4)
    return table(tmp_path / "three.csv", people)


def test_who_lacks_an_arm_tells_of_the_others(nof1, three_arms):
    words = (three_arms, "--comparator", "A", "--scale", "0:10", "--mcid", 1)
    found = pooled(nof1, *words)
    assert found["n_persons"] == 4
    pairs = {(one["active"], one["comparator"]): one["n_direct"] for one in found["contrasts"]}
    assert pairs == {("B", "A"): 4, ("C", "A"): 3, ("C", "B"): 3}
    assert found["frequentist"]["reml"]["n_persons"] == 4
    excluded = pooled(nof1, *words, "--exclude", "p4=never took C")
    assert excluded["n_persons"] == 3
    assert excluded["excluded"] == [{"person": "p4", "why": "never took C"}]


@pytest.fixture
def dropout(tmp_path):
    """Three persons on both arms, one who stopped after a week on A."""
    level = {"A": 6.0, "B": 5.0}
    people = [row for n in (1, 2, 3) for row in rows(f"p{n}", ["AB", "BA"], level, seed=n)]
    people += [row for row in rows("p4", ["AB"], level, seed=9) if row[4] == "A"]
    return table(tmp_path / "dropout.csv", people)


@pytest.mark.parametrize("asked", [(), ("--exclude", "p4=stopped")])
def test_who_stopped_before_a_comparison_stops_nobody_else(nof1, dropout, asked):
    found = pooled(nof1, dropout, "--comparator", "A", "--scale", "0:10", *asked)
    assert found["n_persons"] == 3
    why = "stopped" if asked else "on A alone"
    assert found["excluded"] == [{"person": "p4", "why": why}]
    assert not any("Left out" in line for line in found["warnings"])
    code, out, _ = nof1("pool", dropout, "--comparator", "A", "--scale", "0:10", *asked)
    assert code == 0
    assert f"Left out\n  p4: {why}\n" in out


def test_parts_of_a_table_remember_who_was_left_out(nof1, dropout):
    at_once = pooled(nof1, dropout, "--comparator", "A", "--scale", "0:10")
    for number in (1, 2):
        words = ("--comparator", "A", "--scale", "0:10", "--shard", f"{number}/2")
        code, _, err = nof1("pool", dropout, *words, "--out", f"part-{number}.jsonl")
        assert code == 0, err
    code, out, err = nof1("merge", "part-1.jsonl", "part-2.jsonl", "--json")
    assert code == 0, err
    assert json.loads(out)["excluded"] == at_once["excluded"]


def test_scores_of_one_arm_alone_are_no_difference(nof1, dropout, tmp_path):
    """A person with rows on both arms but scores on none in a period that is analysed."""
    lines = dropout.read_text().splitlines()
    bare = [line if not line.startswith("p3") else line.rpartition(",")[0] + "," for line in lines]
    (tmp_path / "bare.csv").write_text("\n".join(bare) + "\n")
    found = pooled(nof1, "bare.csv", "--comparator", "A", "--scale", "0:10")
    assert found["n_persons"] == 2
    assert {one["person"]: one["why"] for one in found["excluded"]} == {
        "p3": "no score for score",
        "p4": "on A alone",
    }


def test_a_report_names_who_was_left_out(nof1, dropout, tmp_path):
    code, out, _ = nof1("pool", dropout, "--comparator", "A", "--scale", "0:10", "--json")
    assert code == 0
    (tmp_path / "pooled.json").write_text(out)
    code, _, err = nof1("report", "pooled.json")
    assert code == 0, err
    page = (tmp_path / "pooled-report" / "pooled.html").read_text()
    assert "on A alone" in page
    assert "Received: 4 persons" in page


@pytest.fixture
def summaries(tmp_path):
    """The same twelve invented persons as differences, as estimates, and as scores by period."""
    rng = np.random.default_rng(1)
    own = {f"p{n:02}": rng.normal(-1.2 + rng.normal(0, 0.6), 1.2, 3).round(2) for n in range(12)}
    differences = [(name, c, d) for name, mine in own.items() for c, d in enumerate(mine, 1)]
    table(tmp_path / "differences.csv", differences, ("person", "cycle", "difference"))
    estimates = [
        (name, mine.mean(), mine.std(ddof=1) / len(mine) ** 0.5, len(mine))
        for name, mine in own.items()
    ]
    table(tmp_path / "estimates.csv", estimates, ("id", "estimate", "se", "n"))
    scores = [
        (name, 2 * cycle + on + 1, ("placebo", "drug")[on], 5 + on * difference)
        for name, mine in own.items()
        for cycle, difference in enumerate(mine)
        for on in (0, 1)
    ]
    table(tmp_path / "scores.csv", scores, ("patient", "period", "treatment", "score"))
    return own


def test_summaries_of_every_form_are_pooled_as_scheduled_and_say_so(nof1, summaries, tmp_path):
    words = ("--scale", "0:10", "--mcid", 1, "--purpose", "next")
    answers = [pooled(nof1, f"{name}.csv", *words) for name in ("differences", "estimates")]
    answers.append(pooled(nof1, "scores.csv", *words))
    expected = stats.ttest_1samp([mine.mean() for mine in summaries.values()], 0.0)
    for found in answers:
        assert (found["n_persons"], found["bayes"]["estimand"]) == (12, "as-scheduled")
        row = found["frequentist"]["summary_t"]
        assert row["p_value"] == pytest.approx(expected.pvalue, rel=1e-6)
        # With equal numbers of cycles REML is the t-test on the means.
        assert found["frequentist"]["reml"]["se"] == pytest.approx(row["se"], rel=1e-6)
        assert found["bayes"]["mean"]["mean"] == pytest.approx(row["estimate"], abs=0.15)
        assert any("no carryover can be modelled" in line for line in found["warnings"])
    first, second, third = (one["bayes"]["mean"] for one in answers)
    assert first == pytest.approx(second, abs=2e-3)
    assert first == pytest.approx(third, abs=2e-3)
    assert "not_run" in answers[1]["frequentist"]["kenward_roger"]
    (tmp_path / "pooled.json").write_text(json.dumps(answers[1]))
    code, _, err = nof1("report", "pooled.json")
    assert code == 0, err
    page = (tmp_path / "pooled-report" / "pooled.html").read_text()
    assert "difference as scheduled" in page
    assert "steady-state" not in page


def test_summaries_have_no_use_for_what_needs_days(nof1, summaries):
    assert len(summaries) == 12
    code, _, err = nof1("pool", "differences.csv", "--scale", "0:10", "--half-life", 3)
    assert (code, err) == (
        2,
        "nof1: --half-life: is for scores by day, and differences.csv holds none. Leave it out.\n",
    )
    code, _, err = nof1("pool", "differences.csv", "--scale", "0:10", "--prior-out", "prior.toml")
    assert code == 2
    assert "the answer is about differences as scheduled" in err


def test_summaries_and_scores_by_day_are_not_of_one_kind(nof1, summaries, dropout):
    assert len(summaries) == 12
    words = ("--scale", "0:10", "--comparator", "A", "--active", "B")
    code, _, err = nof1("pool", dropout, "differences.csv", *words)
    assert code == 2
    assert "the estimand of p" in err


def test_moderators_are_columns_of_the_table(nof1, tmp_path):
    level = {"A": 6.0, "B": 5.0}
    people = [
        (*row, 30 + 5 * number, "f" if number % 2 else "m")
        for number in range(6)
        for row in rows(f"p{number}", ["AB", "BA"], level, seed=number)
    ]
    head = ("person", "day", "period", "cycle", "treatment", "score", "baseline", "sex")
    path = table(tmp_path / "facts.csv", people, head)
    words = (path, "--scale", "0:10", "--mcid", 1, "--moderator", "baseline", "--moderator", "sex")
    found = pooled(nof1, *words, "--planned", "protocol 3.2")
    baseline, sex = found["moderators"]
    assert (baseline["kind"], baseline["n"], baseline["n_unknown"]) == ("continuous", 6, 0)
    assert [(level["level"], level["n"]) for level in sex["levels"]] == [("f", 3), ("m", 3)]
    code, out, _ = nof1("pool", *words)
    assert code == 0
    assert "for one unit of baseline" in out
    assert "persons alike in it differ by (SD)" in out
    code, _, err = nof1("pool", path, "--scale", "0:10", "--moderator", "weight")
    assert code == 2
    assert "--moderator weight: nobody of 6 persons tells it" in err
    (tmp_path / "pooled.json").write_text(json.dumps(found))
    code, _, err = nof1("report", "pooled.json")
    assert code == 0, err
    assert "For one unit of baseline" in (tmp_path / "pooled-report" / "pooled.html").read_text()
