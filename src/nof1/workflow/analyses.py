"""Finished analyses: every engine's answers on the outcomes of persons, in every shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nof1.calibration.likeness import Likeness, as_object, likeness
from nof1.inference.json_result import analyses_object
from nof1.inference.result import Analysis
from nof1.model.model_input import ModelInput, model_input
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.trial.data import Series, TrialData
from nof1.workflow.datatree import CHAINS, DRAWS, SEED, DrawnEngine, analysis_tree, branches
from nof1.workflow.in_python import as_keywords
from nof1.workflow.result import AnswerResult

if TYPE_CHECKING:
    import xarray as xr

    from nof1.figures.drawn_figure import DrawnFigure
    from nof1.trial.foreign.persons import PersonLeftOut
    from nof1.workflow.tidy import Backend, TidyTable


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Analysed(AnswerResult):
    """One outcome of one person: what was analysed, how, and the answers.

    Attributes
    ----------
    analysis : Analysis
        The answers of all engines and the verdict.
    data : TrialData
        The person's trial, with arms.
    series : Series
        The outcome.
    plan : AnalysisPlan
        As promised, or assumed for a table, with what was changed.
    decision : Decision
        The rule of the verdict.
    labels : mapping of str to str
        Names in print of arms by id, where a protocol has them.
    """

    analysis: Analysis
    data: TrialData
    series: Series
    plan: AnalysisPlan
    decision: Decision
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def person(self) -> str:
        """Return the code of the person."""
        return self.analysis.person

    @property
    def outcome(self) -> str:
        """Return the id of the outcome."""
        return self.analysis.outcome

    @property
    def verdict(self) -> str | None:
        """Return the code of the verdict on the primary contrast; None without a posterior."""
        primary = self.analysis.primary
        return primary.verdict.code if primary.answer is not None else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what should be known of the answer, a sentence each, in the words of Python."""
        return tuple(map(as_keywords, self.analysis.warnings))

    @property
    def model_input(self) -> ModelInput:
        """Return what the engines were given."""
        return model_input(self.data, self.series, self.plan)

    @property
    def likeness(self) -> Likeness | None:
        """Return the error rates measured where simulated trials were most like this analysed."""
        return likeness(self.analysis, self.data, self.series, self.plan, self.decision)

    @property
    def names(self) -> dict[str, str]:
        """Return the name in print of every arm by id, the comparator first."""
        return {arm: self.labels.get(arm, arm) for arm in self.data.arms}

    def to_dict(self) -> dict[str, Any]:
        """Return the analysis as an object of the schema ``nof1.analysis/1``."""
        return analyses_dict([self])

    def to_json(self) -> str:
        """Return the same as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)

    def to_frame(self, backend: Backend | None = None) -> Any:
        """Return a DataFrame with a row for every engine and contrast.

        Parameters
        ----------
        backend : {"pandas", "polars", "pyarrow"}, optional
            Whose; by default the first of them that is installed.
        """
        from nof1.workflow.tidy_results import analyses_table

        return analyses_table([self.analysis]).frame(backend)

    def to_datatree(
        self,
        *,
        engine: DrawnEngine | None = None,
        draws: int = DRAWS,
        chains: int = CHAINS,
        seed: int = SEED,
    ) -> xr.DataTree:
        """Return the posterior as an ArviZ DataTree, groups ``posterior`` and ``observed_data``.

        Parameters
        ----------
        engine : {"quadrature", "likelihood"}, optional
            Whose posterior; by default the one the verdict rests on. Draws of ``quadrature`` are
            independent and exact; those of ``likelihood`` are drawn again by their weights.
        draws, chains : int
            Draws of every chain, and chains.
        seed : int
            Same seed, same draws.

        Raises
        ------
        InputError
            If there is no such posterior.
        """
        return analysis_tree(self.model_input, self.analysis, engine, draws, chains, seed)

    def plot(self) -> DrawnFigure:
        """Return the report's figure: scores by arm above the posterior of the effect.

        It is a matplotlib Figure whose ``svg()`` and ``png()`` give the bytes of a file.
        """
        from nof1.workflow.pictures import draw_analysis

        return draw_analysis(self.analysis, self.data, self.series, self.plan, self.names)

    def __repr__(self) -> str:
        """Return who and what was analysed, and the verdict."""
        return f"<Analysed: {self.person}, {self.outcome}, {self.verdict or 'no posterior'}>"

    def __str__(self) -> str:
        """Return what a terminal shows."""
        from nof1.reports.terminal.analysis import analysis_lines

        return "\n".join(analysis_lines(self.analysis))

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        from nof1.reports.notebook import analysis_html

        return analysis_html(self.analysis, self.plot().notebook_png(), self.warnings)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Analyses(AnswerResult):
    """The answers on every outcome of every person that has scores.

    Attributes
    ----------
    each : tuple of Analysed
        At least one; of every person the primary outcome first.
    left_out : tuple of PersonLeftOut
        Persons of a table who have no trial, on request or because they cannot be compared.
    source : str
        What was read: a path, or how a table in memory is called in messages.
    software : str
        Name and version of what computed it.
    """

    each: tuple[Analysed, ...]
    left_out: tuple[PersonLeftOut, ...]
    source: str
    software: str

    def __len__(self) -> int:
        """Return how many analyses there are."""
        return len(self.each)

    def __iter__(self) -> Iterator[Analysed]:
        """Yield the analyses."""
        return iter(self.each)

    def __getitem__(self, which: int | str) -> Analysed:
        """Return an analysis by its number, from 0, or a person's first one by the code."""
        if isinstance(which, int):
            return self.each[which]
        match = next((analysed for analysed in self.each if analysed.person == which), None)
        if match is None:
            known = ", ".join(dict.fromkeys(analysed.person for analysed in self.each))
            raise KeyError(f"there is no person {which!r}; there are {known}")
        return match

    def to_dict(self) -> dict[str, Any]:
        """Return the object of ``nof1 analyse --json``."""
        return analyses_dict(self.each)

    def to_json(self) -> str:
        """Return the text of ``nof1 analyse --json``."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)

    def to_table(self) -> TidyTable:
        """Return the table of ``nof1 analyse --csv``: a row for every engine and contrast."""
        from nof1.workflow.tidy_results import analyses_table

        return analyses_table([analysed.analysis for analysed in self.each])

    def to_frame(self, backend: Backend | None = None) -> Any:
        """Return a DataFrame with a row for every engine and contrast of every analysis.

        Parameters
        ----------
        backend : {"pandas", "polars", "pyarrow"}, optional
            Whose; by default the first of them that is installed.
        """
        return self.to_table().frame(backend)

    def to_datatree(
        self,
        *,
        engine: DrawnEngine | None = None,
        draws: int = DRAWS,
        chains: int = CHAINS,
        seed: int = SEED,
    ) -> xr.DataTree:
        """Return the posterior as an ArviZ DataTree; of several analyses a branch for each.

        Branches are called ``person`` or, with several outcomes, ``person/outcome``. See
        `Analysed.to_datatree`.
        """
        trees = [
            analysed.to_datatree(engine=engine, draws=draws, chains=chains, seed=seed)
            for analysed in self.each
        ]

        return trees[0] if len(trees) == 1 else branches(self.branch_names, trees)

    @property
    def branch_names(self) -> list[str]:
        """Return what each analysis is called in a DataTree of several."""
        several = len({analysed.outcome for analysed in self.each}) > 1
        names: list[str] = []
        for analysed in self.each:
            parts = (analysed.person, analysed.outcome) if several else (analysed.person,)
            name = own = "/".join(part.replace("/", "-") for part in parts)
            again = 1
            while name in names:
                again += 1
                name = f"{own} ({again})"
            names.append(name)
        return names

    def plot(self) -> DrawnFigure:
        """Return the figure of a single analysis; of several, a forest of the persons' effects.

        It is a matplotlib Figure whose ``svg()`` and ``png()`` give the bytes of a file.
        """
        from nof1.workflow.pictures import draw_analyses

        first = self.each[0]
        answered = [
            analysed.analysis
            for analysed in self.each
            if analysed.outcome == first.outcome and analysed.verdict is not None
        ]
        return draw_analyses(answered) if len(answered) > 1 else first.plot()

    def lines(self) -> Iterator[str]:
        """Yield the lines that a terminal shows."""
        for number, analysed in enumerate(self.each):
            if number:
                yield ""
            yield from str(analysed).split("\n")

    def __repr__(self) -> str:
        """Return what was read and how many analyses there are."""
        return f"<Analyses of {self.source}: {len(self.each)}>"

    def __str__(self) -> str:
        """Return what a terminal shows."""
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        from nof1.reports.notebook import analyses_html

        if len(self.each) == 1:
            return self.each[0]._repr_html_()
        analyses = [analysed.analysis for analysed in self.each]
        notes = dict.fromkeys(note for analysed in self.each for note in analysed.warnings)
        return analyses_html(analyses, self.plot().notebook_png(), tuple(notes))


def analyses_dict(analyses: Sequence[Analysed]) -> dict[str, Any]:
    """Return analyses as the object of the contract."""
    alike = [analysed.likeness for analysed in analyses]
    return analyses_object(
        [analysed.analysis for analysed in analyses],
        [None if likeness is None else as_object(likeness) for likeness in alike],
    )
