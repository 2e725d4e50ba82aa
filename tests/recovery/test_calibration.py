"""The error rates that ship are those of this code: a small part of them is measured anew."""

from nof1.calibration import truths
from nof1.calibration.scenarios import Cell, Situation, quick_grid
from nof1.calibration.study import StudyPlan, agreement, run
from nof1.protocol.tables import AnalysisPlan


def test_a_few_cells_measured_anew_agree_with_what_ships():
    lines = agreement(run(StudyPlan(cells=quick_grid(), trials=100, data_sets=320, seed=3)))
    assert lines.sound, "\n".join(lines.text)


def test_an_engine_that_leaves_period_shifts_out_does_not_agree(monkeypatch):
    monkeypatch.setattr(truths, "PLAN", AnalysisPlan(period_effects="none"))
    cell = Cell(Situation("daily", 3, 0.3, 0.6, 7.0), 0)
    lines = agreement(run(StudyPlan(cells=(cell,), trials=100, data_sets=32, seed=3)))
    assert any(line.startswith("quadrature, daily, 3 cycles") for line in lines.text), lines.text
