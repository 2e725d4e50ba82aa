"""Make the example notebook again: its cells are here, its outputs come from running it.

    python examples/make_notebook.py [FILE]

It needs what the development extras bring (nbformat, nbclient, ipykernel).
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
NAME = "ten-people.ipynb"

#: Kind and source of every cell.
CELLS: tuple[tuple[str, str], ...] = (
    (
        "text",
        """# From a DataFrame to a pooled forest plot

Ten invented people rated their legs each night, from 0 to 10, on placebo and on magnesium, a week
at a time in random order. How much does magnesium help each of them, how much on average, and what
may the next person expect?""",
    ),
    (
        "code",
        """import pandas as pd

import nof1

diary = pd.read_csv("ten-people.csv", parse_dates=["date"])
diary.head()""",
    ),
    (
        "text",
        """One call analyses everybody: every engine side by side, and the verdict. What the table
does not say, the call does: the ends of the scale, which direction is better, the smallest
difference that matters, and about how many days the effect takes to fade by half.""",
    ),
    (
        "code",
        """found = nof1.analyse(diary, scale=(0, 10), better="lower", mcid=1, half_life=1)
found""",
    ),
    ("text", "One person shows the scores, and every engine's answer:"),
    ("code", 'found["P03"]'),
    ("text", "The same as a tidy table, a row for every engine:"),
    (
        "code",
        """columns = ["engine", "estimand", "estimate", "ci_low", "ci_high", "p_value", "p_better"]
found["P03"].to_frame()[columns].round(3)""",
    ),
    (
        "text",
        """`pool` takes the analyses as they are. Each person is shrunken towards the average as far
as their own scores leave room, and the next person is foretold.""",
    ),
    (
        "code",
        """pooled = nof1.pool(found, purpose="next")
pooled""",
    ),
    (
        "code",
        'pooled.to_frame("persons")[["person", "naive", "shrunken", "ci_low", "ci_high"]].round(2)',
    ),
    (
        "text",
        """The forest plot of the report, as a matplotlib Figure; `svg()` and `png()` give the bytes
of a file.""",
    ),
    ("code", "pooled.plot()"),
    (
        "text",
        """Everything else can be asked of the draws. They are independent, and what belongs to one
draw belongs together: in which share of them does each person gain the most?""",
    ),
    (
        "code",
        """effects = pooled.to_datatree()["posterior"]["shrunken"]
gains_most = effects == effects.min("person")
gains_most.mean(["chain", "draw"]).to_series().round(2)""",
    ),
)


def notebook() -> nbformat.NotebookNode:
    """Return the notebook without outputs."""
    made = nbformat.v4.new_notebook()
    made.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    new = {"text": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    made.cells = [new[kind](source) for kind, source in CELLS]
    for number, cell in enumerate(made.cells, start=1):
        cell.id = f"cell-{number:02}"
    return made


def run(made: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Run a notebook in this folder; of times and machines nothing is kept."""
    resources = {"metadata": {"path": str(HERE)}}
    NotebookClient(made, timeout=300, kernel_name="python3", resources=resources).execute()
    for cell in made.cells:
        cell.metadata.pop("execution", None)
    made.metadata["language_info"] = {"name": "python"}
    return made


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / NAME
    nbformat.write(run(notebook()), target)
