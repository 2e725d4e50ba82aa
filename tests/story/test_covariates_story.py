"""Covariates through the command line: in a trial of one's own, and in a stranger's table."""

import csv
import json
import random
from datetime import date, timedelta

from support.declared import declaring_text
from support.eligible import answered

START = date(2025, 1, 6)


def diary(path, *, period_days, periods, order=None):
    """Write a diary whose scores follow the heat, and hold three days without it."""
    chance = random.Random(4)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["date", *(["treatment"] if order else []), "legs", "heat", "late-shift"])
        for day in range(period_days * periods):
            heat = chance.randint(10, 30)
            legs = min(10, max(0, round((heat - 10) / 4 + chance.gauss(2, 0.7))))
            arm = [order[day // period_days]] if order else []
            noted = "" if day in (20, 21, 22) else heat
            rows.writerow(
                [START + timedelta(days=day), *arm, legs, noted, chance.choice(["yes", "no"])]
            )


def test_a_trial_that_declares_covariates(nof1, tmp_path):
    (tmp_path / "my.toml").write_text(declaring_text(), encoding="utf-8")
    (tmp_path / "secret.txt").write_text("a long enough passphrase\n")
    key = ("--passphrase-file", "secret.txt")
    assert nof1("protocols", "check", "my.toml")[0] == 0
    code, _, err = nof1(
        *("design", "my.toml", "--out", "t", "--start", START, "--participant", "P01", *key),
        *("--contact", "Dr Lee", "--emergency", "112", *answered()),
    )
    assert code == 0, err

    code, out, err = nof1("record", "t", "covariate", "heat", "19", "--date", "2025-01-07")
    assert (code, out.partition(". ")[0], err) == (0, "Recorded: heat on 2025-01-07 is 19", "")
    assert nof1("record", "t", "covariate", "late-shift", "yes", "--date", "2025-01-07")[0] == 0
    code, _, err = nof1("record", "t", "covariate", "heat", "--date", "2025-01-07")
    assert (code, "AMOUNT: is needed to record covariate" in err) == (2, True)
    code, _, err = nof1("record", "t", "covariate", "sleep", "8")
    assert (code, "Write one of late-shift, heat." in err) == (2, True)
    code, _, err = nof1("record", "t", "legs", "4", "5")
    assert (code, "AMOUNT: does not belong to legs" in err) == (2, True)

    diary(tmp_path / "diary.csv", period_days=7, periods=5)
    fix = ("--correct", "--reason", "the diary is right")
    code, out, err = nof1("import", "t", "diary.csv", *fix)
    assert code == 0, err
    assert "65 covariate values" in out  # of 67 two were on record
    code, out, _ = nof1("check", "t")
    assert "  heat        32/35 days" in out
    assert "  missing heat: 2025-01-26, 2025-01-27, 2025-01-28" in out
    assert "placebo" not in out.lower()

    assert nof1("lock", "t", "--by", "Dr Lee")[0] == 0
    assert nof1("unseal", "t", "--by", "Dr Lee", "--reason", "end", *key)[0] == 0
    code, out, err = nof1("analyse", "t", "--outcome", "legs", "--engine", "reml", "--json")
    assert code == 0, err
    found = json.loads(out)
    heat = found["engines"]["reml"]["covariates"]["heat"]
    assert (heat["title"], heat["unit"]) == ("Night heat", "°C")
    assert heat["ci_low"] < 0.25 < heat["ci_high"]
    assert heat["ci_low"] > 0
    assert any("Late shift, Night heat; randomisation" in said for said in found["warnings"])
    assert any("Night heat was not recorded for 3 of" in said for said in found["warnings"])
    code, _, err = nof1("analyse", "t", "--covariate", "heat")
    assert (code, "--covariate: is for tables; a trial's protocol says it" in err) == (2, True)


def test_a_table_with_columns_to_adjust_for(nof1, tmp_path):
    diary(tmp_path / "d.csv", period_days=14, periods=6, order="ABBABA")
    words = ("analyse", "d.csv", "--columns", "score=legs", "--scale", "0:10", "--engine", "reml")
    plain = json.loads(nof1(*words, "--json")[1])["engines"]["reml"]
    both = ("--covariate", "heat", "--covariate", "Late_Shift")
    code, out, err = nof1(*words, *both, "--json")
    assert code == 0, err
    found = json.loads(out)
    adjusted = found["engines"]["reml"]
    assert list(adjusted["covariates"]) == ["heat", "late-shift"]
    assert adjusted["se"] < 0.7 * plain["se"]
    assert any("Whoever asks declares that the treatment" in said for said in found["warnings"])
    code, out, _ = nof1(*words, *both)
    assert "Covariates by reml: change in score for one more, all else equal" in out
    code, out, err = nof1(*words, "--covariate", "legs", "--covariate", "rain")
    assert (code, out) == (2, "")
    assert "--covariate legs: this column is the score. Leave it out." in err
    assert "--covariate rain: there is no such column." in err
