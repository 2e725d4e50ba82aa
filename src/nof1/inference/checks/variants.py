"""The same scores under other assumptions, each solved once and only when asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from nof1.inference.answering import BESIDE, Answer, answer
from nof1.inference.checks.drift import check_drift, with_wide_drift
from nof1.inference.checks.slowness import with_slow_effect
from nof1.inference.exact import quadrature
from nof1.inference.fits import PosteriorFit
from nof1.inference.result import DriftCheck
from nof1.model.model_input import ModelInput


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One person's scores under one set of assumptions.

    Attributes
    ----------
    inputs : ModelInput
        Scores and plan.
    likelihood : str
        The likelihood the verdict rests on.
    """

    inputs: ModelInput
    likelihood: str

    @cached_property
    def solution(self) -> quadrature.Solution:
        """Return the exact posterior under the Gaussian likelihood."""
        return quadrature.solve(self.inputs)

    @cached_property
    def _other(self) -> Answer | None:
        plan = self.inputs.plan.model_copy(update={"likelihood": self.likelihood})
        inputs = replace(self.inputs, plan=plan)
        return answer(inputs, self.solution.finest, n_draws=BESIDE)

    def fit(self, active: int, comparator: int) -> PosteriorFit:
        """Return the posterior of one contrast.

        It is the Gaussian one where the other likelihood could only be sampled.
        """
        fit = None if self._other is None else self._other.fit(active, comparator)
        if isinstance(fit, PosteriorFit):
            return fit
        return quadrature.summarise(self.solution, active, comparator)


@dataclass(frozen=True, kw_only=True)
class Again:
    """One person's scores under the assumptions that a verdict is tried with.

    Attributes
    ----------
    inputs : ModelInput
        Scores and plan.
    likelihood : str
        The likelihood the verdict rests on.
    """

    inputs: ModelInput
    likelihood: str = "gaussian"

    @cached_property
    def wide(self) -> Variant:
        """Return the answers with room for any drift."""
        return Variant(inputs=with_wide_drift(self.inputs), likelihood=self.likelihood)

    @cached_property
    def slow(self) -> Variant:
        """Return the answers at the longest plausible half-life."""
        return Variant(inputs=with_slow_effect(self.inputs), likelihood=self.likelihood)

    def drift(self, active: int, comparator: int) -> DriftCheck:
        """Return how the drift fits its prior, and where it does not, the contrast with room."""
        drift = check_drift(self.inputs, self.wide.solution.finest)
        if not drift.conflict:
            return drift
        return replace(drift, answer=self.wide.fit(active, comparator))
