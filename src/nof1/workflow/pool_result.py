"""A finished pool: the answer of many persons, in every shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nof1.pooling.analysis import Question
from nof1.pooling.persons.members import Members
from nof1.pooling.prior import prior_text
from nof1.pooling.result.pooled_fit import PooledFit
from nof1.workflow.datatree import CHAINS, DRAWS, SEED
from nof1.workflow.in_python import as_keywords
from nof1.workflow.result import AnswerResult
from nof1.workflow.tidy import Backend, TidyTable
from nof1.workflow.tidy_results import PooledTable, pooled_table

if TYPE_CHECKING:
    import xarray as xr

    from nof1.figures.drawn_figure import DrawnFigure


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class PoolResult(AnswerResult):
    """The pooled answer.

    Attributes
    ----------
    fit : PooledFit
        All figures.
    question : Question
        What was asked.
    members : Members or None
        Who was pooled; None of more than 2,000 persons, who are let go of.
    written : Path or None
        The file with the prior for the next person, where one was wanted.
    """

    fit: PooledFit
    question: Question
    members: Members | None = None
    written: Path | None = None

    @property
    def prior(self) -> str:
        """Return the prior for the next person, a table to be appended to a protocol.

        Raises
        ------
        InputError
            If no protocol can have it.
        """
        return prior_text(self.fit)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what should be known of the answer, a sentence each, in the words of Python."""
        return tuple(map(as_keywords, self.fit.warnings))

    def to_dict(self) -> dict[str, Any]:
        """Return the object of ``nof1 pool --json``."""
        return self.fit.model_dump(mode="json", by_alias=True)

    def to_json(self) -> str:
        """Return the text of ``nof1 pool --json``."""
        return self.fit.model_dump_json(by_alias=True)

    def to_table(self, table: PooledTable = "persons") -> TidyTable:
        """Return a table of ``nof1 pool --csv``: of ``persons`` or of ``averages``."""
        return pooled_table(self.fit, table)

    def to_frame(self, table: PooledTable = "persons", backend: Backend | None = None) -> Any:
        """Return a DataFrame with a row for every person, or for every average.

        Parameters
        ----------
        table : {"persons", "averages"}
            Of whom or what.
        backend : {"pandas", "polars", "pyarrow"}, optional
            Whose DataFrame; by default the first of them that is installed.
        """
        return self.to_table(table).frame(backend)

    def to_datatree(
        self, *, draws: int = DRAWS, chains: int = CHAINS, seed: int = SEED
    ) -> xr.DataTree:
        """Return independent draws of the population and everybody in it as an ArviZ DataTree.

        Parameters
        ----------
        draws, chains : int
            Draws of every chain, and chains.
        seed : int
            Same seed, same draws.

        Raises
        ------
        InputError
            If the persons were let go of.
        """
        from nof1.workflow.pooled_datatree import pooled_tree

        return pooled_tree(self.fit, self.members, self.question, draws, chains, seed)

    def plot(self) -> DrawnFigure:
        """Return the report's forest: every person, the average and the next person.

        It is a matplotlib Figure whose ``svg()`` and ``png()`` give the bytes of a file.
        """
        from nof1.workflow.pictures import draw_pool

        return draw_pool(self.fit)

    def lines(self) -> Iterator[str]:
        """Yield the lines that a terminal shows."""
        from nof1.reports.terminal.pooled import pool_lines

        yield from pool_lines(self.fit)

    def __repr__(self) -> str:
        """Return who was pooled for what."""
        pair = f"{self.fit.contrast.active} - {self.fit.contrast.comparator}"
        return f"<PoolResult: {self.fit.n_persons} persons, {self.fit.outcome}, {pair}>"

    def __str__(self) -> str:
        """Return what a terminal shows."""
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        from nof1.reports.notebook import pooled_html

        return pooled_html(self.fit, self.plot().notebook_png(), self.warnings)
