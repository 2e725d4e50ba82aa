"""The figures of results are those of the reports, to the byte."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from matplotlib.figure import Figure

import nof1
from support.diary_frames import OPTIONS, three_people

EXAMPLES = Path(__file__).parents[3] / "examples"


def drawing_of(figure: Figure) -> str:
    """Return the inside of a figure's SVG, which a page shows as it is."""
    return figure.svg().decode().split(">", 1)[1]  # type: ignore[attr-defined]


def test_a_trial_is_drawn_as_in_the_clinicians_report(tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    shutil.copytree(EXAMPLES / "finished-trial", folder)
    nof1.report(folder)
    page = (folder / "results" / "clinician.html").read_text(encoding="utf-8")
    figure = nof1.analyse(folder)[0].plot()
    assert isinstance(figure, Figure)
    assert drawing_of(figure) in page


def test_a_pool_is_drawn_as_in_the_pooled_report(tmp_path: Path) -> None:
    pooled = nof1.pool(EXAMPLES / "contributions.jsonl", purpose="next")
    file = tmp_path / "pooled.json"
    file.write_text(json.dumps(pooled.to_dict()), encoding="utf-8")
    nof1.report(file)
    page = (tmp_path / "pooled-report" / "pooled.html").read_text(encoding="utf-8")
    assert drawing_of(pooled.plot()) in page


def test_several_persons_are_a_forest_and_one_is_not() -> None:
    three = nof1.analyse(three_people(), **OPTIONS)
    labels = [text.get_text() for text in three.plot().axes[0].get_yticklabels()]
    assert labels == ["anna", "ben", "carla"]
    assert len(three["anna"].plot().axes) == 2
    without = nof1.analyse(three_people(), **OPTIONS, engines="paired")
    assert len(without.plot().axes) == 1


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_figure_gives_a_whole_file(form: str) -> None:
    figure = nof1.analyse(three_people(), **OPTIONS).plot()
    data = getattr(figure, form)()
    assert data.startswith(b"<svg" if form == "svg" else b"\x89PNG")
    assert data == getattr(figure, form)()


def test_names_of_any_length_and_signs_leave_room_for_the_effects() -> None:
    names = {"anna": "a" * 200, "ben": r"$\frac$", "carla": "Carla $1 or $2"}
    people = three_people().replace({"person": names})
    people = people.replace({"condition": {"walk": r"walk $\x$ _{"}})
    found = nof1.analyse(people, **OPTIONS)
    figure = found.plot()
    figure.png()
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert labels == [f"{'a' * 14}...{'a' * 14}", names["ben"], names["carla"]]
    assert found[1].plot().svg().startswith(b"<svg")
    assert nof1.pool(found).plot().svg().startswith(b"<svg")
