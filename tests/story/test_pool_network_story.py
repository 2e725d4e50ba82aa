"""Three arms: each pair has an answer of its own, in little memory."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

OPTIONS = ["--comparator", "A", "--scale", "0:10", "--better", "lower", "--mcid", "1"]
OPTIONS += ["--allocation", "complete"]
EFFECTS = {"A": 0.0, "B": -1.5, "C": -0.5}


def network(path, n, *, seed=1, arms="ABC"):
    """Write the weekly scores of invented persons, three cycles of a fortnight on each arm."""
    rng = np.random.default_rng(seed)
    rows = ["person,day,period,cycle,treatment,score"]
    for number in range(n):
        level = rng.normal(6.0, 1.0)
        effects = {arm: EFFECTS[arm] + (arm != "A") * rng.normal(0.0, 0.7) for arm in arms}
        order = [arm for _ in range(3) for arm in rng.permutation(list(arms))]
        for period, arm in enumerate(order):
            shift = rng.normal(0.0, 0.4)
            for week in (1, 2):
                score = level + effects[arm] + shift + rng.normal(0.0, 0.8)
                score = np.clip(round(score, 1), 0, 10)
                cycle = period // len(arms) + 1
                rows.append(
                    f"p{number:02},{14 * period + 7 * week},{period + 1},{cycle},{arm},{score}"
                )
    path.write_text("\n".join([*rows, ""]))
    return path


#: A process is charged with the memory of the one that started it, so a small one starts nof1.
LAUNCHER = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "nof1", *sys.argv[1:]], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


def run(*words):
    """Return what nof1 printed, and its memory in MB, on one core."""
    done = subprocess.run(
        [sys.executable, "-c", LAUNCHER, *map(str, words)],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return done.stdout, int(done.stderr.split()[-1]) / unit


def test_twelve_persons_of_three_arms_take_little_memory(tmp_path):
    table = network(tmp_path / "twelve.csv", 12, seed=3)
    out, memory = run("pool", table, *OPTIONS, "--json")
    assert memory < 500.0
    fit = json.loads(out)
    found = {(one["active"], one["comparator"]): one for one in fit["contrasts"]}
    assert set(found) == {("C", "A"), ("B", "A"), ("B", "C")}
    for (active, comparator), one in found.items():
        truth = EFFECTS[active] - EFFECTS[comparator]
        assert one["mean"]["mean"] == pytest.approx(truth, abs=3 * one["mean"]["sd"])
        assert one["next_person"]["sd"] > one["mean"]["sd"] > 0
        assert one["these_persons"]["sd"] < one["mean"]["sd"]
        assert len(one["next_person_curve"]["points"]) > 100
    both = [found["B", "A"], found["C", "A"]]
    means = [one["mean"]["mean"] for one in both]
    assert found["B", "C"]["mean"]["mean"] == pytest.approx(means[0] - means[1], abs=1e-6)
    scheduled = fit["bayes"]["as_scheduled"]
    reml = fit["frequentist"]["reml"]
    assert scheduled["mean"] == pytest.approx(reml["estimate"], abs=reml["se"])


def test_every_pair_of_arms_has_a_headline_and_a_forecast(nof1, tmp_path):
    table = network(tmp_path / "five.csv", 5)
    code, out, _ = nof1("pool", table, *OPTIONS)
    assert code == 0
    text = " ".join(out.replace("\N{NO-BREAK SPACE}", " ").split())
    for active, comparator in (("C", "A"), ("B", "A"), ("B", "C")):
        pair = f"{active} against {comparator}"
        assert f"In the persons who had both the average effect of {pair} is" in text
        assert f"In a further person like them the effect of {pair} will lie between" in text
    assert "The next person's effect, pair by pair" in text


def test_only_the_arms_asked_for_are_reported_and_the_others_act(nof1, tmp_path):
    table = network(tmp_path / "five.csv", 5)
    whole = json.loads(nof1("pool", table, *OPTIONS, "--json")[1])
    asked = [*OPTIONS, "--active", "B"]
    fit = json.loads(nof1("pool", table, *asked, "--json")[1])
    assert fit["contrast"] == {"active": "B", "comparator": "A"}
    assert fit["contrasts"] == []
    assert any("Not reported, as --active asks: C." in warning for warning in fit["warnings"])
    pair = next(one for one in whole["contrasts"] if one["active"] == "B")
    assert fit["bayes"]["mean"]["mean"] == pytest.approx(pair["mean"]["mean"], abs=0.01)
    for number in (1, 2):
        code, _, err = nof1(
            "pool", table, *asked, "--shard", f"{number}/2", "--out", tmp_path / f"{number}.jsonl"
        )
        assert code == 0, err
    _, out, _ = nof1("merge", tmp_path / "1.jsonl", tmp_path / "2.jsonl", "--json")
    assert json.loads(out)["contrast"] == fit["contrast"]


def test_persons_of_other_arms_are_joined(nof1, tmp_path):
    whole = network(tmp_path / "three.csv", 3).read_text().splitlines()
    part = network(tmp_path / "two.csv", 3, seed=2, arms="AB").read_text().splitlines()
    both = tmp_path / "both.csv"
    both.write_text("\n".join([*whole, *(f"q{line[1:]}" for line in part[1:]), ""]))
    code, out, err = nof1("pool", both, *OPTIONS[:-1], "none", "--json")
    assert code == 0, err
    fit = json.loads(out)
    assert fit["n_persons"] == 6
    direct = {(one["active"], one["comparator"]): one["n_direct"] for one in fit["contrasts"]}
    assert direct == {("B", "A"): 6, ("C", "A"): 3, ("C", "B"): 3}
