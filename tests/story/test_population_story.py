"""What earlier persons tell, from the table appended to a protocol to the next person's report."""

import csv
import json
import random
from datetime import date

import pytest

from support.eligible import answered
from support.population_priors import PRIOR_TEXT

START = date(2025, 1, 6)
KEY = ("--passphrase-file", "secret.txt")


@pytest.fixture
def protocol(nof1, tmp_path):
    """Write ``nof1 protocols show magnesium-rls > my.toml; cat prior.toml >> my.toml``."""
    code, out, err = nof1("protocols", "show", "magnesium-rls")
    assert code == 0, err
    path = tmp_path / "my.toml"
    path.write_text(out + PRIOR_TEXT, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("a long enough passphrase\n")
    return path


def diary(path):
    """Write 26 weekly scores around 20, and a daily one."""
    chance = random.Random(11)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["day", "irls", "legs"])
        for day in range(1, 183):
            weekly = round(chance.gauss(20, 4)) if day % 7 == 0 else ""
            rows.writerow([day, weekly, chance.randint(3, 8)])


def test_the_next_persons_trial_shows_own_scores_earlier_persons_and_both(nof1, protocol, tmp_path):
    code, _, err = nof1(
        *("design", protocol.name, "--out", "t", "--start", START, "--participant", "P41", *KEY),
        *("--contact", "Dr Lee", "--emergency", "112", *answered()),
    )
    assert code == 0, err
    diary(tmp_path / "diary.csv")
    assert nof1("import", "t", "diary.csv")[0] == 0
    assert nof1("lock", "t", "--by", "Dr Lee")[0] == 0
    assert nof1("unseal", "t", "--by", "Dr Lee", "--reason", "end", *KEY)[0] == 0

    code, out, err = nof1("analyse", "t", "--json")
    assert code == 0, err
    irls, legs = json.loads(out)["analyses"]
    own, both = irls["engines"]["quadrature"], irls["engines"]["population"]
    assert both["own"]["mean"] == own["mean"]
    assert both["prior"]["mean"] == pytest.approx(-3.06)
    assert both["sd"] < min(own["sd"], both["prior"]["sd"])
    assert "population" not in legs["engines"]

    code, out, err = nof1("analyse", "t", "--outcome", "irls")
    lines = out.splitlines()
    place = next(i for i, line in enumerate(lines) if "40 earlier persons" in line)
    block = [line for line in lines[place:] if "95 % interval" in line][:3]
    for line, name, one in zip(
        block,
        ("own scores", "earlier persons", "both (population)"),
        (both["own"], both["prior"], both),
        strict=True,
    ):
        assert line.split("  ")[2] == name
        assert f"{one['mean']:+.2f}" in line
        assert f"{one['ci_low']:+.2f} to {one['ci_high']:+.2f}" in line
    assert "The verdict rests on the own scores" in out

    code, _, err = nof1("report", "t")
    assert code == 0, err
    results = tmp_path / "t" / "results"
    record = json.loads((results / "analysis.json").read_text())["analyses"][0]
    assert record["engines"]["population"] == both
    page = (results / "clinician.html").read_text()
    assert "This person and earlier ones" in page
    assert "sha256 1234abcd" in page

    frozen = tmp_path / "t" / "protocol.toml"
    frozen.write_text(frozen.read_text().replace("-3.1", "-9.1"))
    code, out, err = nof1("analyse", "t")
    assert (code, out) == (2, "")
    assert "protocol.toml" in err


def test_a_prior_of_another_trial_is_refused_before_the_draw(nof1, protocol, tmp_path):
    text = protocol.read_text()
    wrong = text.replace('active = "magnesium"', 'active = "iron"').replace("0.2]", "0.1]")
    protocol.write_text(wrong)
    code, out, err = nof1("protocols", "check", "my.toml")
    assert (code, out) == (2, "")
    assert "analysis.population_prior: the weights sum to 0.9. Make them sum to 1." in err
    protocol.write_text(wrong.replace("0.1]", "0.2]"))
    code, _, err = nof1(
        "design", "my.toml", "--out", "t", "--start", START, "--participant", "P41", *KEY, "--yes"
    )
    assert code == 2
    assert "population_prior.active: 'iron' is not an active arm. Write magnesium." in err
    assert not (tmp_path / "t").exists()
