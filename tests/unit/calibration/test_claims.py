from dataclasses import replace

import numpy as np
import pytest

from nof1.calibration import study
from nof1.calibration.claims import claims, place
from nof1.calibration.scenarios import Cell, Situation
from nof1.calibration.self_consistency import Pits, consistency
from nof1.calibration.study import agreement, verdict
from nof1.calibration.table import as_text, from_text
from support.measured import findings, row, uniform


@pytest.fixture(scope="module")
def kept():
    return findings()


def standings(found, **changed) -> list[str]:
    rows = tuple(
        replace(one, **changed.get(one.method, {}))
        if place(one.cell).startswith("weekly, 6 cycles, phi 0.6, shift 0.3, half-life 3 d, no")
        else one
        for one in found.rows
    )
    return [claim.standing for claim in claims(rows, found.consistency)]


def test_all_is_met_where_all_is_kept(kept):
    assert set(standings(kept)) == {"met"}


@pytest.mark.parametrize(
    ("changed", "which"),
    [
        ({"quadrature": {"covered": 880}}, 2),
        ({"randomisation": {"rejected": 75}}, 4),
        ({"paired": {"rejected": 75}}, 5),
        ({"quadrature": {"verdicts": (70, 0, 0, 0, 930)}}, 6),
    ],
)
def test_one_cell_that_breaks_a_claim_is_seen(kept, changed, which):
    found = standings(kept, **changed)
    assert found[which] == "not met"
    assert set(found[:which] + found[which + 1 :]) == {"met"}


def test_a_miss_within_monte_carlo_error_is_called_so(kept):
    assert standings(kept, quadrature={"covered": 925})[2] == "met within Monte Carlo error"


def test_skewed_posteriors_break_both_claims_of_consistency(kept):
    pit = np.random.default_rng(1).beta(1.1, 1.1, (4000, 5))
    skewed = consistency({"weekly": [Pits(pit=pit, informed=np.ones((4000, 4)))]})
    found = [claim.standing for claim in claims(kept.rows, skewed)]
    assert found[:2] == ["not met", "not met"]


def test_a_mean_above_the_limit_is_seen(kept):
    rows = tuple(
        replace(one, verdicts=(30, 0, 0, 0, 970))
        if one.method == "quadrature" and not one.cell.effect
        else one
        for one in kept.rows
    )
    assert [claim.standing for claim in claims(rows, kept.consistency)][6:] == ["met", "not met"]


def test_the_table_comes_back_as_it_was_written(kept):
    text = as_text(kept.rows)
    assert from_text(text) == kept.rows
    assert as_text(from_text(text)) == text


def test_a_quick_run_agrees_with_its_like_and_not_with_another(kept):
    cell = Cell(Situation("weekly", 3, 0.3, 0.0, 0.0), 0)
    alike = replace(kept, rows=(row(cell, "paired", trials=200),), consistency=uniform(2000))
    assert agreement(alike, kept).sound
    off = replace(alike, rows=(row(cell, "paired", trials=200, covered=170),))
    lines = agreement(off, kept)
    assert not lines.sound
    assert "paired, weekly, 3 cycles, phi 0.3, shift 0, half-life 0 d, no effect" in lines.text[1]


def test_every_claim_is_a_line(kept):
    lines = verdict(kept)
    assert len(lines.text) == 8
    assert all(line.startswith("met: ") for line in lines.text)


def test_what_is_written_is_what_is_read(kept, tmp_path, monkeypatch):
    study.write(kept, tmp_path)
    monkeypatch.setattr("nof1.calibration.table.DATA", tmp_path)
    study.read.cache_clear()
    study.table.shipped.cache_clear()
    again = study.read()
    study.read.cache_clear()
    study.table.shipped.cache_clear()
    assert again.rows == kept.rows
    assert again.consistency["all"]["phi"].bins == kept.consistency["all"]["phi"].bins
    assert (again.trials, again.seed, again.software) == (kept.trials, kept.seed, kept.software)
