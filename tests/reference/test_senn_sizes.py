"""Numbers of persons in a series against R (power.t.test, pt with a non-centrality)."""

import pytest

from nof1.planning.series import SeriesAssumptions, series_size
from support.trials import EXPECTED

SENN = EXPECTED["senn2019_sample_size"]
OURS = {
    "k": "cycles",
    "v_fixed": "variance_fixed",
    "v_random": "variance_random",
}


@pytest.mark.parametrize("row", SENN["rows"], ids=lambda row: f"{row['k']} cycles")
def test_every_figure_of_every_row(row):
    inputs = SENN["inputs"]
    assumed = SeriesAssumptions(
        effect=inputs["delta"], between_sd=inputs["psi"], within_sd=inputs["sigma"]
    )
    size = series_size(assumed, row["k"])
    assert (inputs["alpha"], inputs["power"], inputs["sided"]) == (0.05, 0.8, 2)
    assert {name: getattr(size, OURS.get(name, name)) for name in row} == {
        name: pytest.approx(value, rel=SENN.get(f"rtol_{name}", SENN["rtol"]))
        for name, value in row.items()
    }
