"""The page of measured error rates: what it shows, and that it is of the shipped figures."""

from dataclasses import replace
from pathlib import Path

import pytest

from nof1.calibration.study import read
from nof1.reports.calibration_page import calibration_page, pictures
from support.measured import findings

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def made():
    return findings()


def test_the_page_in_the_repository_is_of_the_shipped_figures():
    assert (DOCS / "calibration.md").read_text(encoding="utf-8") == calibration_page(read())


def test_every_picture_is_there():
    page = (DOCS / "calibration.md").read_text(encoding="utf-8")
    for name in pictures(findings()):
        assert f"(images/{name})" in page
        assert (DOCS / "images" / name).read_text(encoding="utf-8").startswith("<svg")


def test_a_changed_figure_changes_the_page(made):
    first = next(row for row in made.rows if row.method == "quadrature")
    rows = tuple(replace(row, covered=500) if row is first else row for row in made.rows)
    before, after = calibration_page(made), calibration_page(replace(made, rows=rows))
    assert "**not met**" in after
    assert "**not met**" not in before
    assert "50.0 % (± 1.6;" in after


def test_tables_have_as_many_cells_as_heads(made):
    lines = calibration_page(made).splitlines()
    tables = "\n".join(line if line.startswith("|") else "" for line in lines).split("\n\n")
    checked = 0
    for table in tables:
        rows = [line.count(" | ") for line in table.strip().splitlines()]
        if rows:
            assert len(set(rows)) == 1, table
            checked += 1
    assert checked == 10


def test_pictures_are_the_same_bytes_again(made):
    assert pictures(made) == pictures(made)
