"""The same scores under other assumptions, each solved once and only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from nof1.inference.answering import BESIDE, Answer, answer
from nof1.inference.checks.drift import check_drift, with_wide_drift
from nof1.inference.checks.slowness import with_slow_effect
from nof1.inference.exact import quadrature
from nof1.inference.result import DriftCheck, Fit
from nof1.model.model_input import ModelInput


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One person's scores under one set of assumptions.

    Attributes
    ----------
    given : ModelInput
        Scores and plan.
    likelihood : str
        The likelihood the verdict rests on.
    """

    given: ModelInput
    likelihood: str

    @cached_property
    def solution(self) -> quadrature.Solution:
        """Return the exact posterior under the Gaussian likelihood."""
        return quadrature.solve(self.given)

    @cached_property
    def _other(self) -> Answer | None:
        plan = self.given.plan.model_copy(update={"likelihood": self.likelihood})
        given = replace(self.given, plan=plan)
        return answer(given, self.solution.finest, n_draws=BESIDE)

    def values(self, active: int, comparator: int) -> Mapping[str, Any]:
        """Return the figures of one contrast, named as in the contract.

        They are the Gaussian ones where the other likelihood could only be sampled.
        """
        fit = None if self._other is None else self._other.fit(active, comparator)
        if isinstance(fit, Fit):
            return fit.values
        return quadrature.summary(self.solution, active, comparator)


@dataclass(frozen=True, kw_only=True)
class Again:
    """One person's scores under the assumptions that a verdict is tried with.

    Attributes
    ----------
    given : ModelInput
        Scores and plan.
    likelihood : str
        The likelihood the verdict rests on.
    """

    given: ModelInput
    likelihood: str = "gaussian"

    @cached_property
    def wide(self) -> Variant:
        """Return the answers with room for any drift."""
        return Variant(given=with_wide_drift(self.given), likelihood=self.likelihood)

    @cached_property
    def slow(self) -> Variant:
        """Return the answers at the longest plausible half-life."""
        return Variant(given=with_slow_effect(self.given), likelihood=self.likelihood)

    def drift(self, active: int, comparator: int) -> DriftCheck:
        """Return how the drift fits its prior, and where it does not, the contrast with room."""
        found = check_drift(self.given, self.wide.solution.finest)
        if not found.conflict:
            return found
        return replace(found, answer=self.wide.values(active, comparator))
