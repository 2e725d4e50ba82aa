"""Researchers pool many persons: files, tables, parts, a cluster, and the prior they leave."""

import csv
import json
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from nof1.sharing.contribution import Contribution
from support.dask_cluster import cluster
from support.shared_persons import ESTIMAND, OUTCOME, contributed
from support.shell import commands
from support.shell import nof1 as shell
from support.trials import REFERENCE

DOCUMENT = Path(__file__).parents[2] / "docs" / "scaling.md"
SERIES = REFERENCE / "d_series40.csv"


def people(n, **changes):
    """Return persons with likelihoods of their own, who share cycle differences."""
    rng = np.random.default_rng(4)
    found = []
    for number in range(n):
        mean, other = rng.normal(-1.5, 1.0, 2).tolist()
        likelihood = {
            "means": [[mean], [mean + 0.3]],
            "covariances": [[0.3], [0.6]],
            "log_weights": [0.0, -0.7],
        }
        found.append(
            contributed(
                f"p{number:02}",
                **{"likelihood": likelihood, "level": "cycles"}
                | {"cycle_differences": {"magnesium": [mean, other]}}
                | changes,
            )
        )
    return found


def lines(path, found):
    path.write_text("".join(one.text() + "\n" for one in found), encoding="utf-8")
    return path


@pytest.fixture
def series(tmp_path):
    """Write the first eight persons of the reference series."""
    with SERIES.open(newline="") as file:
        rows = [row for row in csv.reader(file) if row[0] == "person" or row[0] <= "d08"]
    path = tmp_path / "series.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def pooled(nof1, *words):
    code, out, err = nof1("pool", *words, "--json")
    assert code == 0, err
    return json.loads(out)


def numbers(value):
    if isinstance(value, dict):
        return [number for one in value.values() for number in numbers(one)]
    if isinstance(value, list):
        return [number for one in value for number in numbers(one)]
    return [float(value)] if isinstance(value, int | float) else []


def test_files_of_every_kind_give_the_same_answer(nof1, tmp_path):
    found = people(12)
    for one in found:
        (tmp_path / f"{one.id}.json").write_text(one.text())
    many = lines(tmp_path / "many.jsonl", found)
    with duckdb.connect() as connection:
        table = f"read_json('{many}', sample_size=-1)"
        connection.sql(f"COPY (FROM {table}) TO '{tmp_path}/many.parquet'")
    alone = pooled(nof1, *sorted(tmp_path.glob("p*.json")))
    assert (alone["schema"], alone["n_persons"], alone["mcid"]) == ("nof1.pool/1", 12, 1.0)
    assert pooled(nof1, many) == alone
    assert pooled(nof1, "many.parquet") == alone


def test_a_table_gives_what_its_contributions_give(nof1, series, tmp_path):
    at_once = pooled(nof1, series, "--mcid", 1)
    assert nof1("pool", series, "--mcid", 1, "--shard", "1/1", "--out", "all.jsonl")[0] == 0
    first, *rest = (tmp_path / "all.jsonl").read_text().splitlines()
    assert json.loads(first)["persons"] == len(rest) == 8
    shared = [Contribution.model_validate_json(line) for line in rest]
    in_turn = pooled(nof1, lines(tmp_path / "shared.jsonl", shared[::-1]))
    assert numbers(in_turn) == pytest.approx(numbers(at_once), abs=1e-6)
    assert at_once["warnings"][: len(in_turn["warnings"])] == in_turn["warnings"]
    assert "A was taken as the comparator" in " ".join(at_once["warnings"])


def test_options_of_tables_are_those_of_analyse(nof1, series, tmp_path):
    text = series.read_text().replace("person,day,period,cycle,treatment,score", "who,day,p,c,a,s")
    (tmp_path / "other.csv").write_text(text)
    named = "person=who,period=p,cycle=c,treatment=a,score=s"
    found = pooled(
        nof1, "other.csv", "--columns", named, "--active", "A", "--comparator", "B",
        "--scale", "0:20", "--better", "higher", "--mcid", 2, "--recall", 1, "--half-life", 1,
        "--carryover", "none", "--trend", "none", "--period-effects", "none", "--drop-days", 2,
        "--allocation", "none", "--population", "student-t",
    )  # fmt: skip
    assert found["contrast"] == {"active": "A", "comparator": "B"}
    assert (found["scale"], found["better"], found["mcid"]) == (
        {"low": 0.0, "high": 20.0}, "higher", 2.0,
    )  # fmt: skip
    told = found["told"]
    assert [told[key] for key in ("carryover", "trend", "period_effects", "drop_days")] == [
        "none", "none", "none", 2,
    ]  # fmt: skip
    assert found["bayes"]["population"] == "student-t"


@pytest.mark.parametrize("n", [1, 2, 7])
def test_parts_give_the_answer_of_one_process(nof1, series, tmp_path, n):
    more = lines(tmp_path / "more.jsonl", [])
    mine = pooled(nof1, series, more, "--mcid", 1, "--exclude", "d03=moved away")
    for number in range(n, 0, -1):
        code, out, err = nof1(
            "pool", series, more, "--mcid", 1, "--shard", f"{number}/{n}",
            "--out", f"part-{number}.jsonl",
        )  # fmt: skip
        assert code == 0, err
        assert out.startswith(f"Part {number} of {n}: ")
    code, out, err = nof1(
        "merge", *sorted(tmp_path.glob("part-*.jsonl")), "--json", "--exclude", "d03=moved away"
    )
    assert code == 0, err
    assert json.loads(out) == mine
    assert mine["excluded"] == [{"person": "d03", "why": "moved away"}]


def test_the_documented_road_by_parts(nof1, series, tmp_path):
    words = [line.split()[1:] for line in commands(DOCUMENT) if "--scheduler" not in line]
    assert [one[0] for one in words] == ["pool", "pool", "merge"]
    for command in words:
        code, out, err = nof1(*command)
        assert code == 0, err
    assert out.startswith("8 persons: score, B minus A")
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "part-1.jsonl", "part-2.jsonl", series.name,
    ]  # fmt: skip


def test_a_missing_part_is_named(nof1, series):
    for number in (1, 3):
        words = ("--shard", f"{number}/3", "--out", f"part-{number}.jsonl")
        assert nof1("pool", series, *words)[0] == 0
    code, out, err = nof1("merge", "part-1.jsonl", "part-3.jsonl")
    assert (code, out) == (2, "")
    assert err.startswith("nof1: the pool: part 2 of 3 missing. Make it with `nof1 pool")
    code, _, err = nof1("pool", "part-1.jsonl")
    assert (code, err) == (
        2, "nof1: part-1.jsonl: is part 1 of 3 of a pool. Give all parts to `nof1 merge`.\n",
    )  # fmt: skip


def test_a_cluster_gives_the_answer_of_this_computer(nof1, series, tmp_path):
    (tmp_path / "dask").mkdir()
    here = pooled(nof1, series, "--mcid", 1)
    with cluster(tmp_path / "dask") as (address, _):
        there = pooled(nof1, series, "--mcid", 1, "--scheduler", address)
    assert numbers(there) == pytest.approx(numbers(here), rel=1e-9, abs=1e-9)
    assert there["warnings"] == here["warnings"]


class TestWords:
    @pytest.fixture
    def many(self, tmp_path):
        return lines(tmp_path / "many.jsonl", people(12))

    def test_without_a_terminal_both_answers_are_given_and_that_is_said(self, nof1, many):
        code, out, err = nof1("pool", many)
        assert (code, err) == (0, "")
        assert "In exactly these persons the average effect is" in out
        assert "In a further person like them the effect will lie between" in out
        assert "It was not said whether the question" in out

    @pytest.mark.parametrize(("purpose", "other"), [("these", "further"), ("next", "exactly")])
    def test_the_answer_asked_for_stands_first(self, nof1, many, purpose, other):
        code, out, _ = nof1("pool", many, "--purpose", purpose)
        assert code == 0
        assert out.splitlines()[2].startswith(
            "In exactly" if purpose == "these" else "In a further"
        )
        assert f"In {'a ' if other == 'further' else ''}{other}" not in out
        assert "It was not said" not in out

    def test_at_a_terminal_it_is_asked(self, nof1, many, monkeypatch):
        answers = iter(["perhaps", "NEXT"])
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
        code, out, err = nof1("pool", many, "--json")
        assert code == 0
        assert json.loads(out)["purpose"] == "next"
        assert "Is the question about exactly these persons (these)" in err
        assert "'perhaps' is neither." in err

    def test_every_figure_of_the_answer_is_shown(self, nof1, many):
        found, out = pooled(nof1, many), nof1("pool", many)[1]
        exact, rows = found["bayes"], found["frequentist"]
        for one in (exact["mean"], exact["next_person"], exact["these_persons"]):
            assert f"{one['mean']:+.2f}  95 % interval" in out
            assert f"{one['ci_low']:+.2f} to {one['ci_high']:+.2f}" in out
        assert f"numerical error {exact['error']:.1g} SD" in out
        differ = exact["heterogeneity"]
        assert f"{differ['ci_low']:.2f} to {differ['ci_high']:.2f}  shortest" in out
        assert f"{rows['reml']['estimate']:+.2f}" in out
        assert "As scheduled: mean of cycle differences" in out
        for one in found["persons"][:10]:
            line = next(
                line for line in out.splitlines() if line.startswith(f"    {one['person']}")
            )
            assert f"{one['naive']:+.2f} (SE {one['naive_se']:.2f})" in line
            assert f"-> {one['shrunken']:+.2f}" in line
        assert "    p10" not in out
        assert "and 2 more persons; --json has them all" in out

    def test_moderators_are_shown_with_where_they_were_planned(self, nof1, tmp_path):
        found = [
            one.model_copy(
                update={"about": one.about.model_copy(update={"iron": ("low", "normal")[n % 2]})}
            )
            for n, one in enumerate(people(11))
        ]
        many = lines(tmp_path / "iron.jsonl", [*found, *people(12)[11:]])
        code, out, _ = nof1("pool", many, "--moderator", "iron", "--planned", "SAP 2.3")
        assert code == 0
        heading = "Effect by iron (planned in SAP 2.3, exploratory; not known of 1 person)"
        place = out.splitlines().index(heading)
        normal, low = out.splitlines()[place + 1 : place + 3]
        assert normal.startswith("    normal (5)")
        assert low.startswith("    low (6)")
        assert "against normal" in low
        assert "not planned beforehand" in nof1("pool", many, "--moderator", "iron")[1]

    def test_several_arms_are_shown_pair_by_pair(self, nof1, tmp_path):
        three = [
            one.model_copy(update={"arms": ("placebo", "iron"), "cycle_differences": None})
            for one in people(24)[12:]
        ]
        three = [one.model_copy(update={"level": "likelihood"}) for one in three]
        many = lines(tmp_path / "arms.jsonl", [*people(12), *three])
        code, out, err = nof1("pool", many)
        assert code == 0, err
        assert "All pairs of arms" in out
        assert "0 persons compared them directly" in out

    def test_who_shares_no_cycle_differences_gets_no_frequentist_rows(self, nof1, tmp_path):
        found = [
            one.model_copy(update={"cycle_differences": None, "level": "likelihood"})
            for one in people(5)
        ]
        out = nof1("pool", lines(tmp_path / "few.jsonl", found))[1]
        assert "Did not run: summary t, REML, Paule-Mandel" in out
        assert "0 of 5 persons shared cycle differences" in out

    def test_who_is_left_out_is_shown_with_the_reason(self, nof1, many):
        out = nof1("pool", many, "--exclude", "p03=took iron = for sure")[1]
        assert "Left out\n  p03: took iron = for sure\n" in out
        assert out.startswith("11 persons: legs, magnesium minus placebo (0 to 10 points")


class TestPrior:
    def test_the_prior_goes_into_the_next_protocol(self, nof1, tmp_path):
        irls = {"id": "irls", "high": 40, "mcid": 3, "recall_days": 7}
        many = lines(tmp_path / "many.jsonl", people(12, outcome=OUTCOME | irls))
        code, out, err = nof1("pool", many, "--prior-out", "prior.toml", "--json")
        assert code == 0
        assert "Written: prior.toml. For the next trial: cat prior.toml >> my.toml" in err
        protocol = nof1("protocols", "show", "magnesium-rls")[1]
        text = protocol + (tmp_path / "prior.toml").read_text()
        (tmp_path / "my.toml").write_text(text)
        code, _, err = nof1("protocols", "check", "my.toml")
        assert code == 0, err
        assert json.loads(out)["n_persons"] == 12

    def test_another_file_is_not_written_over(self, nof1, tmp_path):
        many = lines(tmp_path / "many.jsonl", people(3))
        (tmp_path / "my.toml").write_text("precious")
        code, out, err = nof1("pool", many, "--prior-out", "my.toml")
        assert (code, out) == (2, "")
        assert "my.toml: there is something else already" in err
        assert (tmp_path / "my.toml").read_text() == "precious"

    def test_a_table_with_other_names_leaves_no_prior(self, nof1, series, tmp_path):
        code, out, err = nof1("pool", series, "--prior-out", "prior.toml")
        assert (code, out) == (2, "")
        assert "no protocol can have the active 'B'" in err
        assert not (tmp_path / "prior.toml").exists()


class TestBadInput:
    def refused(self, nof1, *words):
        code, out, err = nof1(*words)
        assert (code, out) == (2, ""), err
        assert "Traceback" not in err
        return [line.removeprefix("nof1: ") for line in err.splitlines()]

    def test_options_and_files_all_at_once(self, nof1, tmp_path):
        (tmp_path / "folder").mkdir()
        (tmp_path / "trial").mkdir()
        (tmp_path / "trial" / "protocol.toml").touch()
        many = lines(tmp_path / "many.jsonl", people(3))
        assert self.refused(
            nof1, "pool", many, many, "folder", "trial", "none.csv", "--mcid", -1,
            "--exclude", "p01", "--planned", "SAP", "--prior-out", "nowhere/prior.toml",
            "--shard", "8/7",
        ) == [
            "--exclude: 'p01' is not CODE=WHY. Write \"P07=took iron in period 3\".",
            "--mcid: -1 will not do. Give a number above 0.",
            "--planned: no moderator is asked for. Add --moderator, or leave it out.",
            f"--prior-out: there is no folder {tmp_path}/nowhere. Make it first.",
            f"{many}: is given twice. Give every file once.",
            "folder: is a folder. Give the files in it: folder/*.json.",
            "trial: is a trial folder. Make its contribution first:"
            " `nof1 share trial --out trial.json`.",
            "none.csv: there is no such file. Check the name.",
            "--out: a part needs both --shard and --out. Add it.",
        ]  # fmt: skip

    def test_a_part_takes_no_question(self, nof1, tmp_path):
        many = lines(tmp_path / "many.jsonl", people(3))
        assert self.refused(
            nof1, "pool", many, "--shard", "3/2", "--out", "nowhere/part.txt", "--purpose", "next",
            "--exclude", "p01=ill",
        ) == [
            "--shard: '3/2' is not i/n. Write, for instance, 2/7.",
            f"--out: there is no folder {tmp_path}/nowhere. Make it first.",
            "--out: 'part.txt' does not end in .jsonl. Name it part.jsonl.",
            "--purpose: asks for the answer, which a part is not. Give it to `nof1 merge`.",
            "--exclude: asks for the answer, which a part is not. Give it to `nof1 merge`.",
        ]  # fmt: skip

    def test_options_of_tables_without_a_table(self, nof1, tmp_path):
        many = lines(tmp_path / "many.jsonl", people(3))
        found = self.refused(nof1, "pool", many, "--scale", "0:10", "--drop-days", 2, "--mcid", 1)
        assert found == [
            "--scale: is for tables, and none is given. Leave it out.",
            "--drop-days: is for tables, and none is given. Leave it out.",
        ]

    def test_one_person_and_nobody(self, nof1, tmp_path):
        one = lines(tmp_path / "one.jsonl", people(1))
        assert self.refused(nof1, "pool", one) == [
            "one person cannot be pooled. Give at least two."
        ]
        assert self.refused(nof1, "pool", lines(tmp_path / "none.jsonl", [])) == [
            "there is nobody to pool. Give contributions."
        ]

    def test_persons_of_other_kinds_and_damaged_lines(self, nof1, tmp_path):
        sound, odd, third = people(3)
        odd = odd.model_copy(
            update={
                "estimand": contributed(estimand=ESTIMAND | {"carryover": "none"}).estimand,
                "outcome": contributed(outcome=OUTCOME | {"better": "higher"}).outcome,
            }
        )
        path = lines(tmp_path / "many.jsonl", [sound, odd, third, sound])
        with path.open("a") as file:
            file.write('{"schema":"nof1.contr')
        found = self.refused(nof1, "pool", path)
        assert [line.split(": ")[0] for line in found] == [
            f"{path}:line {number}" for number in (5, 2, 2, 4)
        ]
        assert found[0].endswith("is not JSON. Put back the file as it was sent.")

    def test_an_outcome_that_nobody_has(self, nof1, series, tmp_path):
        many = lines(tmp_path / "many.jsonl", people(3))
        assert self.refused(nof1, "pool", many, "--outcome", "sleep") == [
            "--outcome: no contribution has the outcome 'sleep'. Give one of legs."
        ]
        assert self.refused(nof1, "pool", series, "--outcome", "sleep") == [
            f"--outcome: there is no outcome 'sleep' in {series}. Give one of score."
        ]

    def test_a_broken_table_is_told_before_anything_is_solved(self, nof1, series, tmp_path):
        (tmp_path / "empty.csv").write_text("person,day\n")
        found = self.refused(nof1, "pool", series, "empty.csv")
        assert any("empty.csv" in line for line in found)

    def test_a_code_that_is_not_there(self, nof1, tmp_path):
        many = lines(tmp_path / "many.jsonl", people(3))
        assert self.refused(nof1, "pool", many, "--exclude", "P1=x") == [
            "--exclude: there is no person 'P1'. Check the code."
        ]


def flat_persons():
    """Return a table of four invented persons with one score a period; two score 0 throughout."""
    orders = {"a": "ABBABA", "b": "BABAAB", "c": "ABBAAB", "d": "BABAAB"}
    scores = {"c": [1.39, 2.26, 1.89, 2, 2.9, 1.82], "d": [1.21, 2.52, 0.59, 1.95, 1.7, 1.66]}
    rows = [
        f"{person},{14 * period},{period},{(period + 1) // 2},{arm},{score:g}"
        for person, order in orders.items()
        for period, arm, score in zip(range(1, 7), order, scores.get(person, [0] * 6), strict=True)
    ]
    return "\n".join(["person,day,period,cycle,treatment,score", *rows, ""])


def test_persons_whose_scores_do_not_vary_are_no_surer_than_the_others(nof1, tmp_path):
    table = tmp_path / "flat.csv"
    table.write_text(flat_persons())
    options = ["--comparator", "A", "--scale", "0:10", "--better", "lower", "--mcid", "1"]
    options += ["--allocation", "pairs"]
    found = pooled(nof1, table, *options)
    assert found["n_persons"] == 4
    widths = [one["ci_high"] - one["ci_low"] for one in found["persons"]]
    assert min(widths[:2]) >= 0.95 * min(widths[2:])
    assert found["bayes"]["noise"]["sd"] > 0.2
    _, out, _ = nof1("pool", table, *options)
    assert "Noise of scores as all persons together tell it: an SD of " in out
    assert "noise by the protocol's prior alone" in out


def test_two_outcomes_of_each_person_are_chosen_by_name(nof1, tmp_path):
    sleep = [
        one.model_copy(update={"outcome": one.outcome.model_copy(update={"id": "sleep"})})
        for one in people(3)
    ]
    many = lines(tmp_path / "many.jsonl", [*people(3), *sleep])
    code, _, err = nof1("pool", many)
    assert code == 2
    assert "Choose one outcome with --outcome ID." in err
    assert pooled(nof1, many, "--outcome", "sleep")["outcome"] == "sleep"


def test_through_the_shell(tmp_path):
    many = lines(tmp_path / "many.jsonl", people(30))
    done = shell(f"nof1 pool {many} --purpose next --json", tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["n_persons"] == 30
    assert done.stderr == "Pooling 30 persons ...\n"
    many.write_text("{\n")
    done = shell(f"nof1 pool {many}", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"nof1: {many}:line 1: is not JSON. Put back the file as it was sent.\n"
