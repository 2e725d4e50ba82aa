from nof1.calibration.scenarios import EFFECT, SCORINGS, Cell, Situation, full_grid, quick_grid


def test_the_promised_truths_are_crossed_in_full():
    crossed = {
        cell
        for cell in full_grid()
        if cell.situation.cycles in (3, 6)
        and not cell.situation.missing
        and not cell.situation.rounded
    }
    assert len(crossed) == 2 * 2 * 4 * 3 * 4 * 3
    for name, values in (
        ("phi", {0.0, 0.3, 0.6, 0.8}),
        ("shift", {0.0, 0.3, 0.6}),
        ("half_life", {0.0, 3.0, 7.0, 14.0}),
        ("scores", {"weekly", "daily"}),
    ):
        assert {getattr(cell.situation, name) for cell in crossed} == values


def test_the_sweeps_reach_two_to_eight_cycles_and_a_third_missing():
    cells = full_grid()
    assert {cell.situation.cycles for cell in cells} == {2, 3, 4, 6, 8}
    assert {cell.situation.missing for cell in cells} == {0.0, 0.3}
    assert any(cell.situation.rounded for cell in cells)


def test_every_situation_has_every_effect_and_every_cell_stands_once():
    cells = full_grid()
    assert len(set(cells)) == len(cells)
    situations = {cell.situation for cell in cells}
    assert set(cells) == {Cell(one, effect) for one in situations for effect in EFFECT}


def test_the_quick_cells_are_of_the_full_grid():
    assert set(quick_grid()) < set(full_grid())


def test_no_two_cells_share_their_random_numbers():
    cells = full_grid()
    assert len({cell.key for cell in cells}) == len(cells)
    assert Cell(Situation("weekly", 3, 0.3, 0.0, 0.0), 1).key == (0, 3, 30, 0, 0, 0, 0, 1)


def test_unrounded_scores_keep_the_ends_of_the_scale():
    for scoring in SCORINGS.values():
        assert (scoring.unrounded.low, scoring.unrounded.high) == (
            scoring.scale.low,
            scoring.scale.high,
        )
        assert scoring.unrounded.step < 0.01
